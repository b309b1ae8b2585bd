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
