/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Arm semihosting: the firmware asks its debugger for console, files, time
 * and exit. The same calls on all architectures; the core finds the operation
 * and the parameter in its registers.
 *
 * Source: Arm "Semihosting for AArch32 and AArch64", release 2.0.
 */
#ifndef FWSIM_SEMIHOST_H
#define FWSIM_SEMIHOST_H

#include "fwsim.h"
#include "fwsim_periph.h"

/** Files that firmware has opened, and the console: host side. */
typedef struct fwsim__semihost fwsim__semihost;

/** The firmware's console: a serial line of a slot named "semihosting". */
extern const fwsim_periph_type fwsim__semihost_console;

/** @param m made with opt.semihosting. @return NULL when out of memory */
fwsim__semihost *fwsim__semihost_new(fwsim_machine *m);
/** Closes what the firmware left open. NULL is legal. */
void fwsim__semihost_free(fwsim__semihost *s);

/**
 * Serve a call.
 *
 * @param op      operation number
 * @param param   parameter: value or address of a block, as the operation says
 * @param word    bytes of a field of a parameter block: 4, or 8 on AArch64
 * @param result  out: what the firmware gets in r0 or x0
 * @param exit_code out: when the firmware ends itself
 * @return true when the firmware ends itself (SYS_EXIT, SYS_EXIT_EXTENDED)
 */
bool fwsim__semihost_call(fwsim__semihost *s, uint32_t op, uint64_t param,
                          unsigned word, uint64_t *result, int *exit_code);

#endif
