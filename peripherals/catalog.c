/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The catalogue of peripheral models. A row here is enough to be listed by
 * `fwsim peripherals` and covered by the conformance test.
 */
#include "peripherals.h"

const fwsim_periph_type *const fwsim_periph_types[] = {
    &fwsim_stub,
    NULL
};
