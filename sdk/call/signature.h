/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Signatures as text: "u32(ptr, u16, f64)".
 */
#ifndef FWSIM_CALL_SIGNATURE_H
#define FWSIM_CALL_SIGNATURE_H

#include "call/callee.h"

/**
 * The signature to use: that of DWARF, or @a text, or both when they agree.
 * @return 0; FWSIM_EINVAL for a text that cannot be read, or does not agree
 *         with DWARF; FWSIM_ENOTSUP for structs by value
 */
int fwsim__signature_of(fwsim_machine *m, const fwsim__callee *callee,
                        const fwsim__abi *abi, const char *text,
                        fwsim__signature *out);

#endif
