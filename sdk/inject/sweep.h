/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A pattern with ranges, and reading the words in them. */
#ifndef FWSIM_INJECT_SWEEP_H
#define FWSIM_INJECT_SWEEP_H

#include "inject/inject.h"

/** A word of a range: an address, a number, or a time.
 * @param is_time  out: it has a unit, and the value is in ns
 * @return false: it is none of them */
bool fwsim__inject_value(fwsim_machine *m, const char *text, uint64_t *value,
                         bool *is_time);

#endif
