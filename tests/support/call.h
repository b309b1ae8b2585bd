/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The guest call_guest.c, and the cores it runs on.
 */
#ifndef FWSIM_TEST_CALL_H
#define FWSIM_TEST_CALL_H

#include "support.h"

/** "m0", "m4f", "a64"; ends with NULL. Without a compiler for AArch64, or with
 * an engine that has none, that one is left out, with a message. */
const char *const *call_cores(void);

/** A machine with the guest loaded, which has not run yet. */
fwsim_machine *call_loaded(const char *core, const fwsim_options *opt);

/** The same, in main_loop. */
fwsim_machine *call_booted(const char *core, const fwsim_options *opt);

#endif
