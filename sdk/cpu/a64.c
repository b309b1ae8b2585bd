/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Loads and stores of A64, by the classes of DDI 0487 C4.1.4. */
#include "cpu/a64.h"

static uint64_t sign_extend(uint64_t value, unsigned bits)
{
    uint64_t sign = 1ull << (bits - 1);

    return ((value & ((sign << 1) - 1)) ^ sign) - sign;
}

/** log2 of the bytes of a single register access. */
static unsigned scale_of(uint32_t insn)
{
    unsigned size = insn >> 30;

    /* Vector registers: opc<1> makes it 16 bytes. */
    return (insn >> 26 & 1) && (insn >> 23 & 1) ? 4 : size;
}

/** LDP and STP: the offset is scaled by the size of a register. */
static unsigned pair_scale(uint32_t insn)
{
    unsigned opc = insn >> 30;

    return insn >> 26 & 1 ? 2 + opc : 2 + (opc >> 1);
}

static uint64_t register_offset(uint32_t insn, const uint64_t x[32])
{
    unsigned rm = insn >> 16 & 31, option = insn >> 13 & 7;
    uint64_t offset = rm == 31 ? 0 : x[rm];

    if (option == 2)
        offset = (uint32_t)offset;
    else if (option == 6)
        offset = sign_extend(offset, 32);
    return offset << (insn >> 12 & 1 ? scale_of(insn) : 0);
}

static uint64_t single(uint32_t insn, uint64_t base, const uint64_t x[32])
{
    if (insn >> 24 & 1)
        return base + ((uint64_t)(insn >> 10 & 0xfff) << scale_of(insn));
    if ((insn >> 21 & 1) && (insn >> 10 & 3) == 2)
        return base + register_offset(insn, x);
    if (insn >> 21 & 1) /* atomic operations */
        return base;
    /* The post-index form uses the base alone. */
    return (insn >> 10 & 3) == 1 ? base
                                 : base + sign_extend(insn >> 12 & 0x1ff, 9);
}

static uint64_t pair(uint32_t insn, uint64_t base)
{
    bool post = (insn >> 23 & 3) == 1;

    return post ? base
                : base + (sign_extend(insn >> 15 & 0x7f, 7)
                          << pair_scale(insn));
}

bool fwsim__a64_address(uint32_t insn, uint64_t pc, const uint64_t x[32],
                        uint64_t *addr)
{
    uint64_t base = x[insn >> 5 & 31];

    /* SYS with CRn 7: DC and IC, on the address in Rt. */
    if ((insn & 0xfff8f000u) == 0xd5087000u) {
        *addr = (insn & 31) == 31 ? 0 : x[insn & 31];
        return true;
    }
    if ((insn >> 25 & 5) != 4)
        return false;
    switch (insn >> 28 & 3) {
    case 0: /* exclusive and ordered; vector structures */
        *addr = base;
        return true;
    case 1: /* literal */
        *addr = insn >> 24 & 1
                    ? base + sign_extend(insn >> 12 & 0x1ff, 9)
                    : pc + (sign_extend(insn >> 5 & 0x7ffff, 19) << 2);
        return true;
    case 2:
        *addr = pair(insn, base);
        return true;
    default:
        *addr = single(insn, base, x);
        return true;
    }
}

/* ------------------------------------------------------------------ */
/* Classes of accesses                                                  */
/* ------------------------------------------------------------------ */

enum { STRUCTURES_OR_ORDERED, LITERAL, PAIR, SINGLE };

static unsigned group_of(uint32_t insn)
{
    return insn >> 28 & 3;
}

static bool is_vector(uint32_t insn)
{
    return insn >> 26 & 1;
}

/** PRFM, in its three forms; PRFUM is like the unscaled one. */
static bool is_prefetch(uint32_t insn)
{
    if (group_of(insn) == LITERAL)
        return insn >> 30 == 3 && !is_vector(insn);
    return group_of(insn) == SINGLE && (insn & 0xc4c00000u) == 0xc0800000u;
}

bool fwsim__a64_is_fp(uint32_t insn)
{
    /* C4.1: bits 27 and 26 are set in what uses the vector registers. */
    return (insn >> 26 & 3) == 3 ||
           (insn & 0xffdfffc0u) == 0xd51b4400u; /* FPCR, FPSR */
}

bool fwsim__a64_is_access(uint32_t insn)
{
    return (insn >> 25 & 5) == 4 && !is_prefetch(insn);
}

/** Exclusive and ordered accesses. */
static bool is_ordered(uint32_t insn)
{
    return (insn & 0x3f000000u) == 0x08000000u;
}

bool fwsim__a64_is_exclusive(uint32_t insn)
{
    return is_ordered(insn) && !(insn >> 23 & 1);
}

bool fwsim__a64_is_unprivileged(uint32_t insn)
{
    return (insn & 0x3f200c00u) == 0x38000800u && !is_prefetch(insn);
}

bool fwsim__a64_is_store(uint32_t insn)
{
    switch (group_of(insn)) {
    case LITERAL:
        return false;
    case SINGLE:
        return is_vector(insn) ? !(insn >> 22 & 1) : !(insn >> 22 & 3);
    default:
        return !(insn >> 22 & 1);
    }
}

static bool has_base(uint32_t insn)
{
    return group_of(insn) != LITERAL || (insn >> 24 & 1);
}

bool fwsim__a64_is_on_stack(uint32_t insn)
{
    return fwsim__a64_is_access(insn) && has_base(insn) &&
           (insn >> 5 & 31) == 31;
}

/** log2 of the bytes of an element of vector structures. */
static unsigned element_scale(uint32_t insn)
{
    unsigned size = insn >> 10 & 3, opcode = insn >> 14 & 3;

    if (!(insn >> 24 & 1) || opcode == 3) /* multiple; one to all lanes */
        return size;
    return opcode == 2 && size == 1 ? 3 : opcode;
}

unsigned fwsim__a64_alignment(uint32_t insn)
{
    switch (group_of(insn)) {
    case LITERAL: /* instructions are aligned, and so are 4 bytes from them */
        return insn >> 30 == 0 || (insn >> 30 == 2 && !is_vector(insn))
                   ? 4
                   : is_vector(insn) && insn >> 30 == 2 ? 16 : 8;
    case PAIR: /* B2.5.2: each register by itself */
        return 1u << pair_scale(insn);
    case SINGLE:
        return 1u << scale_of(insn);
    default:
        return 1u << (is_ordered(insn) ? insn >> 30 : element_scale(insn));
    }
}

/* ------------------------------------------------------------------ */
/* Registers                                                            */
/* ------------------------------------------------------------------ */

/** A register by its number, where 31 is the zero register. */
static uint32_t general(unsigned n)
{
    return n == 31 ? 0 : 1u << n;
}

static bool has_writeback(uint32_t insn)
{
    switch (group_of(insn)) {
    case STRUCTURES_OR_ORDERED:
        return is_vector(insn) && (insn >> 23 & 1);
    case PAIR:
        return insn >> 23 & 1;
    case SINGLE:
        return !(insn >> 24 & 1) && !(insn >> 21 & 1) && (insn >> 10 & 1);
    default:
        return false;
    }
}

static uint32_t written_by_access(uint32_t insn)
{
    uint32_t set = has_writeback(insn) ? 1u << (insn >> 5 & 31) : 0;

    if (is_vector(insn))
        return set;
    set |= general(insn & 31);
    if (group_of(insn) == PAIR || group_of(insn) == STRUCTURES_OR_ORDERED)
        set |= general(insn >> 10 & 31);
    if (group_of(insn) == STRUCTURES_OR_ORDERED || group_of(insn) == SINGLE)
        set |= general(insn >> 16 & 31); /* the status; atomics: none */
    return set;
}

/** ADD, SUB (immediate and extended register), AND, ORR, EOR (immediate):
 * without flags, number 31 is the stack pointer. */
static bool may_write_sp(uint32_t insn)
{
    bool sets_flags = insn >> 29 & 1;

    if ((insn & 0x1f000000u) == 0x11000000u ||
        (insn & 0x1fe00000u) == 0x0b200000u)
        return !sets_flags;
    return (insn & 0x1f800000u) == 0x12000000u && (insn >> 29 & 3) != 3;
}

uint32_t fwsim__a64_written(uint32_t insn)
{
    unsigned rd = insn & 31;

    if ((insn >> 25 & 5) == 4)
        return written_by_access(insn);
    if ((insn >> 26 & 7) == 5) /* branches with link, and MRS */
        return general(30) | general(rd);
    return rd == 31 && may_write_sp(insn) ? 1u << FWSIM__A64_SP_BIT
                                          : general(rd);
}

uint32_t fwsim__a64_address_registers(uint32_t insn)
{
    uint32_t set = has_base(insn) ? 1u << (insn >> 5 & 31) : 0;

    if (group_of(insn) == SINGLE && !(insn >> 24 & 1) && (insn >> 21 & 1) &&
        (insn >> 10 & 3) == 2)
        set |= general(insn >> 16 & 31);
    return set;
}

/** The 64-bit immediate of a logical instruction has its low four bits clear
 * (DecodeBitMasks, J1.3). */
static bool mask_aligns(uint32_t insn)
{
    unsigned ones = (insn >> 10 & 63) + 1, rotate = insn >> 16 & 63;
    uint64_t mask = ~0ull >> (64 - ones);

    if (!(insn >> 22 & 1) || ones == 64)
        return false;
    if (rotate)
        mask = mask >> rotate | mask << (64 - rotate);
    return (mask & 15) == 0;
}

/** What a writeback adds to the base. @return false: not a constant */
static bool writeback_of(uint32_t insn, uint64_t *step)
{
    if (group_of(insn) == STRUCTURES_OR_ORDERED)
        return false;
    *step = group_of(insn) == PAIR
                ? sign_extend(insn >> 15 & 0x7f, 7) << pair_scale(insn)
                : sign_extend(insn >> 12 & 0x1ff, 9);
    return true;
}

bool fwsim__a64_may_misalign_sp(uint32_t insn)
{
    uint64_t step;

    if ((insn & 0xfffff0ffu) == 0xd50040bfu) /* MSR SPSel */
        return true;
    if (!(fwsim__a64_written(insn) >> FWSIM__A64_SP_BIT))
        return false;
    if ((insn >> 25 & 5) == 4)
        return !writeback_of(insn, &step) || step % 16;
    if ((insn & 0x1f000000u) == 0x11000000u && (insn >> 5 & 31) == 31)
        return !(insn >> 22 & 1) && (insn >> 10 & 15);
    return (insn & 0x7f800000u) != 0x12000000u || !mask_aligns(insn);
}
