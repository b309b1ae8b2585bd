/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Does the stack pointer stay a multiple of 4? Bits 1:0 of it are RES0
 * (DDI 0403E B1.4.1), which the engine does not know. What most code adds to it
 * are multiples of 4; the rest comes from other registers, of which the values
 * at the start of the block tell, or from what only the instruction shows.
 *
 * A value is described by the registers that have to be multiples of 4 at the
 * start of the block for it to be one. Sections are those of the v7-M ARM.
 */
#include "cpu/thumb.h"

enum { SP = 13 };

#define UNKNOWN FWSIM__THUMB_SP_UNKNOWN

/** What an instruction makes of registers that are multiples of 4. */
typedef struct result {
    bool known; /* it writes one register, and nothing else */
    unsigned to;
    uint32_t of; /* registers */
} result;

static uint32_t reg(uint32_t code, unsigned low, unsigned bits)
{
    return 1u << (code >> low & ((1u << bits) - 1));
}

static uint32_t constant(uint32_t value)
{
    return value & 3 ? UNKNOWN : 0;
}

/** @a of shifted left by a constant */
static uint32_t shifted(uint32_t of, unsigned by)
{
    return by >= 2 ? 0 : of;
}

/** A5.2.1 to A5.2.3, and ADD of SP */
static result made16(uint32_t code)
{
    unsigned low = code & 7, high = code >> 8 & 7;
    unsigned any = low | (code >> 4 & 8);

    switch (code >> 9) {
    case 0x00: /* LSL */
    case 0x01:
    case 0x02:
    case 0x03:
        return (result){ true, low, shifted(reg(code, 3, 3), code >> 6 & 31) };
    case 0x0c: /* ADD, SUB of a register */
    case 0x0d:
        return (result){ true, low, reg(code, 3, 3) | reg(code, 6, 3) };
    case 0x0e: /* ADD, SUB of 3 bits */
    case 0x0f:
        return (result){ true, low, reg(code, 3, 3) | constant(code >> 6 & 7) };
    default:
        break;
    }
    switch (code >> 11) {
    case 0x04: /* MOV of 8 bits */
        return (result){ true, high, constant(code & 0xff) };
    case 0x06: /* ADD, SUB of 8 bits */
    case 0x07:
        return (result){ true, high, 1u << high | constant(code & 0xff) };
    case 0x15: /* ADD of SP */
        return (result){ true, high, 0 };
    default:
        break;
    }
    if ((code & 0xff00) == 0x4600) /* MOV */
        return (result){ true, any, reg(code, 3, 4) };
    if ((code & 0xff00) == 0x4400) /* ADD */
        return (result){ true, any, reg(code, 3, 4) | 1u << any };
    return (result){ 0 };
}

/** A5.3.1: modified immediate */
static uint32_t made_of_constant(uint32_t code, uint32_t n)
{
    uint32_t imm12 = (code & 0xff) | (code >> 4 & 0x700) | (code >> 15 & 0x800);
    uint32_t value = fwsim__thumb_expand(imm12);

    switch (code >> 21 & 15) {
    case 0: /* AND */
        return value & 3 ? n : 0;
    case 1: /* BIC */
        return (value & 3) == 3 ? 0 : n;
    case 2: /* ORR; MOV */
        return (n == UNKNOWN ? 0 : n) | constant(value);
    case 8:  /* ADD */
    case 13: /* SUB */
        return n | constant(value);
    default:
        return UNKNOWN;
    }
}

/** A5.3.3: plain immediate; bits 1:0 of the constant are where they are */
static uint32_t made_of_plain(uint32_t code, unsigned to, uint32_t n)
{
    switch (code >> 20 & 31) {
    case 0x00: /* ADD */
    case 0x0a: /* SUB */
        return n | constant(code);
    case 0x04: /* MOV */
        return constant(code);
    case 0x0c: /* MOVT */
        return 1u << to;
    default:
        return UNKNOWN;
    }
}

/** A5.3.11: shifted register */
static uint32_t made_of_register(uint32_t code, uint32_t n)
{
    unsigned by = (code >> 6 & 3) | (code >> 10 & 0x1c);
    uint32_t m = code & 0x30 ? UNKNOWN : shifted(reg(code, 0, 4), by);

    switch (code >> 21 & 15) {
    case 1: /* BIC */
        return n;
    case 2: /* ORR; MOV */
        return (n == UNKNOWN ? 0 : n) | m;
    case 8:  /* ADD */
    case 13: /* SUB */
        return n | m;
    default:
        return UNKNOWN;
    }
}

static result made32(uint32_t code)
{
    unsigned to = code >> 8 & 15;
    uint32_t n = reg(code, 16, 4);

    if ((code & 0xfa008000) == 0xf0000000)
        return (result){ true, to, made_of_constant(code, n) };
    if ((code & 0xfa008000) == 0xf2000000)
        return (result){ true, to, made_of_plain(code, to, n) };
    if ((code & 0xfe000000) == 0xea000000)
        return (result){ true, to, made_of_register(code, n) };
    return (result){ 0 };
}

/** LDR of SP, or a base that is written back (A5.3.7 to A5.3.10). */
static bool accesses_move_sp(uint32_t code)
{
    bool back = (code & 0x00800900) == 0x00000900;

    if (code >> 25 != 0x7c)
        return false;
    return (code & 0x0070f000) == 0x0050d000 ||
           (back && (code >> 16 & 15) == SP && (code & 3));
}

static uint32_t bits_of(const uint8_t *code, size_t size)
{
    uint32_t bits = code[0] | (uint32_t)code[1] << 8;

    return size == 2 ? bits : bits << 16 | code[2] | (uint32_t)code[3] << 8;
}

/** The registers of a list, as they were at the start. */
static uint32_t at_start(uint32_t registers, const uint32_t of[16])
{
    uint32_t all = registers & UNKNOWN;

    for (uint32_t left = registers & ~UNKNOWN; left; left &= left - 1)
        all |= of[__builtin_ctz(left)];
    return all;
}

/** @return as fwsim__thumb_sp, of one instruction */
static uint32_t step(uint32_t bits, uint32_t written, bool maybe,
                     uint32_t of[16])
{
    result r = bits > 0xffff ? made32(bits) : made16(bits);
    uint32_t from = at_start(r.of, of);

    if (r.known && r.to == SP)
        return from;
    if (r.known) {
        of[r.to] = maybe ? of[r.to] | from : from;
        return 0;
    }
    for (uint32_t left = written & 0x5fff; left; left &= left - 1)
        of[__builtin_ctz(left)] = UNKNOWN;
    return bits > 0xffff && accesses_move_sp(bits) ? UNKNOWN : 0;
}

uint32_t fwsim__thumb_sp(const uint8_t *code, size_t size)
{
    uint32_t of[16], bits, need = 0;
    bool maybe = false; /* behind an IT */

    for (unsigned i = 0; i < 16; i++)
        of[i] = i == SP ? 0 : 1u << i;
    for (size_t at = 0, n; at + 2 <= size; at += n) {
        n = code[at + 1] >= 0xe8 ? 4 : 2; /* A5.1 */
        if (at + n > size)
            break;
        bits = bits_of(code + at, n);
        maybe |= (bits & 0xffffff00) == 0xbf00 && (bits & 15);
        need |= step(bits, fwsim__thumb_writes(code + at, n), maybe, of);
    }
    return need;
}
