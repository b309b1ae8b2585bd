/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A named window without registers, for a peripheral that has no model yet.
 *
 * Every access follows the policy of the region around it and is reported
 * under the name of the slot. The size is that of the smallest window of the
 * families we know; the rest of a larger block follows the region, too.
 */
#include "fwsim_periph.h"

static const char *const stub_gaps[] = {
    "everything: reads give 0, writes vanish",
    NULL
};

const fwsim_periph_type fwsim_stub = {
    .name = "fwsim_stub",
    .summary = "a named window without a model; accesses are reported",
    .source = "none",
    .gaps = stub_gaps,
    .size = 0x400,
};
