/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Decoding of A64 instructions as far as fwsim needs it: the address a load or
 * store uses and how it has to be aligned, and which registers may change.
 * Source: DDI 0487 C4.1.
 */
#ifndef FWSIM_A64_H
#define FWSIM_A64_H

#include <stdbool.h>
#include <stdint.h>

enum { FWSIM__A64_SP_BIT = 31 }; /* in a set of registers */

/**
 * @param x     X0 to X30 and the stack pointer
 * @param addr  out: the first byte
 * @return false for what is no load, store or operation on a cache line
 */
bool fwsim__a64_address(uint32_t insn, uint64_t pc, const uint64_t x[32],
                        uint64_t *addr);

/** It needs the FP and SIMD registers. */
bool fwsim__a64_is_fp(uint32_t insn);
/** A load or a store; prefetches and operations on cache lines are none. */
bool fwsim__a64_is_access(uint32_t insn);
/** LDXR and STXR, in all their forms. */
bool fwsim__a64_is_exclusive(uint32_t insn);
/** LDTR, STTR and their like. */
bool fwsim__a64_is_unprivileged(uint32_t insn);
bool fwsim__a64_is_store(uint32_t insn);
/** The stack pointer is the base of an access. */
bool fwsim__a64_is_on_stack(uint32_t insn);
/** Bytes that SCTLR.A wants the address of an access to be a multiple of. */
unsigned fwsim__a64_alignment(uint32_t insn);

/** Registers that may change, X0 to X30 and SP by bit; perhaps too many. */
uint32_t fwsim__a64_written(uint32_t insn);
/** Registers that an access takes its address from, by bit. */
uint32_t fwsim__a64_address_registers(uint32_t insn);
/** May a stack pointer that is a multiple of 16 be none afterwards? */
bool fwsim__a64_may_misalign_sp(uint32_t insn);

#endif
