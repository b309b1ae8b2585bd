/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Decoding of A64 instructions as far as fwsim needs it: the address a load or
 * store uses. Source: DDI 0487 C4.1.4.
 */
#ifndef FWSIM_A64_H
#define FWSIM_A64_H

#include <stdbool.h>
#include <stdint.h>

/**
 * @param x     X0 to X30 and the stack pointer
 * @param addr  out: the first byte
 * @return false for what is no load, store or operation on a cache line
 */
bool fwsim__a64_address(uint32_t insn, uint64_t pc, const uint64_t x[32],
                        uint64_t *addr);

#endif
