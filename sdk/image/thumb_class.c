/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "image/thumb_class.h"

/* Bits @a high to @a low of @a value. */
static uint32_t bits(uint32_t value, unsigned high, unsigned low)
{
    return value >> low & ((1u << (high - low + 1)) - 1);
}

static uint32_t sign_extend(uint32_t value, unsigned width)
{
    uint32_t sign = 1u << (width - 1);

    return (value ^ sign) - sign;
}

static void jump(fwsim__thumb_class *c, uint32_t pc, uint32_t offset)
{
    c->jumps = true;
    c->target = pc + 4 + offset;
}

/* ------------------------------------------------------------------ */
/* 16 bit (DDI 0403E, A5.2)                                             */
/* ------------------------------------------------------------------ */

/* Special data instructions and branch and exchange (A5.2.3). */
static void exchange(fwsim__thumb_class *c, uint16_t op)
{
    if ((op & 0xff80) == 0x4700) {
        c->ends = true; /* BX */
        if ((op & 7) == 4)
            c->needs = FWSIM__NEEDS_V8M; /* BXNS */
    } else if ((op & 0xff80) == 0x4780) {
        if ((op & 7) == 4)
            c->needs = FWSIM__NEEDS_V8M; /* BLXNS */
    } else if ((op & 0xfd87) == 0x4487) {
        c->ends = true; /* ADD or MOV to the PC */
    }
}

/* Miscellaneous 16-bit instructions (A5.2.5). */
static void miscellaneous(fwsim__thumb_class *c, uint32_t pc, uint16_t op)
{
    if ((op & 0xf500) == 0xb100) { /* CBZ, CBNZ */
        c->needs = FWSIM__NEEDS_V8M_BASE;
        jump(c, pc, bits(op, 9, 9) << 6 | bits(op, 7, 3) << 1);
    } else if ((op & 0xff00) == 0xbd00) {
        c->ends = true; /* POP with the PC */
    } else if ((op & 0xff00) == 0xbf00 && (op & 0xf)) {
        c->needs = FWSIM__NEEDS_V7M; /* IT */
    } else if ((op & 0xffe9) == 0xb661) {
        c->needs = FWSIM__NEEDS_V7M; /* CPS with FAULTMASK */
    }
}

static fwsim__thumb_class classify_short(uint32_t pc, uint16_t op)
{
    fwsim__thumb_class c = { .size = 2 };

    if ((op & 0xfc00) == 0x4400) {
        exchange(&c, op);
    } else if ((op & 0xf000) == 0xb000) {
        miscellaneous(&c, pc, op);
    } else if ((op & 0xff00) == 0xde00) {
        c.ends = c.undefined = true; /* UDF */
    } else if ((op & 0xf000) == 0xd000 && (op & 0xff00) != 0xdf00) {
        jump(&c, pc, sign_extend(op & 0xff, 8) << 1);
    } else if ((op & 0xf800) == 0xe000) {
        c.ends = true;
        jump(&c, pc, sign_extend(op & 0x7ff, 11) << 1);
    }
    return c;
}

/* ------------------------------------------------------------------ */
/* 32 bit (DDI 0403E, A5.3)                                             */
/* ------------------------------------------------------------------ */

/* Branches and miscellaneous control (A5.3.4). */
static void control(fwsim__thumb_class *c, uint32_t pc, uint16_t a, uint16_t b)
{
    uint32_t s = bits(a, 10, 10), j1 = bits(b, 13, 13), j2 = bits(b, 11, 11);
    uint32_t wide = s << 24 | (~(j1 ^ s) & 1) << 23 | (~(j2 ^ s) & 1) << 22 |
                    bits(a, 9, 0) << 12 | bits(b, 10, 0) << 1;

    if ((b & 0xd000) == 0xd000) { /* BL */
        jump(c, pc, sign_extend(wide, 25));
    } else if ((b & 0xd000) == 0x9000) { /* B */
        c->needs = FWSIM__NEEDS_V8M_BASE;
        c->ends = true;
        jump(c, pc, sign_extend(wide, 25));
    } else if ((b & 0xd000) == 0x8000 && bits(a, 9, 7) != 7) { /* B<c> */
        c->needs = FWSIM__NEEDS_V7M;
        jump(c, pc, sign_extend(s << 20 | j2 << 19 | j1 << 18 |
                                bits(a, 5, 0) << 12 | bits(b, 10, 0) << 1,
                                21));
    } else if ((a & 0xfff0) == 0xf7f0 && (b & 0xf000) == 0xa000) {
        c->ends = c->undefined = true; /* UDF */
    } else if (bits(a, 9, 4) == 0x3b && bits(b, 7, 4) == 2) {
        c->needs = FWSIM__NEEDS_V8M_BASE; /* CLREX */
    } else if (bits(a, 9, 4) == 0x3a) {
        c->needs = FWSIM__NEEDS_V7M; /* wide hints */
    } /* else MSR, MRS, DSB, DMB, ISB: Armv6-M */
}

/* Data processing, plain binary immediate (A5.3.3). */
static unsigned immediate(uint16_t a, uint16_t b)
{
    uint32_t op = bits(a, 8, 4);
    bool no_shift = (b & 0x70c0) == 0;

    if (!bits(a, 9, 9))
        return FWSIM__NEEDS_V7M;
    if (op == 0x04 || op == 0x0c)
        return FWSIM__NEEDS_V8M_BASE; /* MOVW, MOVT */
    if ((op == 0x12 || op == 0x1a) && no_shift)
        return FWSIM__NEEDS_V7M | FWSIM__NEEDS_DSP; /* SSAT16, USAT16 */
    return FWSIM__NEEDS_V7M;
}

/* Load and store multiple, dual, exclusive, table branch (A5.3.5, A5.3.6). */
static void load_store(fwsim__thumb_class *c, uint16_t a, uint16_t b)
{
    c->needs = FWSIM__NEEDS_V7M;
    if (!bits(a, 6, 6)) {
        /* LDM with the PC. */
        c->ends = bits(a, 4, 4) && bits(b, 15, 15);
    } else if (a == 0xe97f && b == 0xe97f) {
        c->needs = FWSIM__NEEDS_V8M; /* SG */
    } else if ((a & 0xfff0) == 0xe840) {
        /* STREX; with 15 as second register TT */
        c->needs = bits(b, 15, 12) == 15 && (b & 0x3f) == 0
                       ? FWSIM__NEEDS_V8M : FWSIM__NEEDS_V8M_BASE;
    } else if ((a & 0xfff0) == 0xe850) {
        c->needs = FWSIM__NEEDS_V8M_BASE; /* LDREX */
    } else if ((a & 0xffe0) == 0xe8c0) {
        uint32_t op = bits(b, 7, 4);
        if (op == 4 || op == 5)
            c->needs = FWSIM__NEEDS_V8M_BASE; /* LDREXB and its like */
        else if (op >= 8)
            c->needs = FWSIM__NEEDS_V8M; /* LDA, STL and their like */
        else
            c->ends = op < 2; /* TBB, TBH */
    }
}

/* Data processing, register (A5.3.12 to A5.3.15). */
static unsigned registers(uint16_t a, uint16_t b)
{
    uint32_t op1 = bits(a, 7, 4), op2 = bits(b, 7, 4);
    bool dsp = false;

    if (bits(b, 15, 12) != 15)
        return FWSIM__NEEDS_V7M;
    if (op1 < 8 && op2 >= 8) /* extend: with an addition or of 16 bits */
        dsp = bits(a, 3, 0) != 15 || op1 == 2 || op1 == 3;
    else if (op1 >= 8 && op2 < 8)
        dsp = true; /* parallel addition and subtraction */
    else if (op1 == 8 || op1 == 10)
        dsp = true; /* QADD and its like, SEL */
    return FWSIM__NEEDS_V7M | (dsp ? FWSIM__NEEDS_DSP : 0);
}

/* Multiplication and division (A5.3.16, A5.3.17). */
static unsigned multiply(uint16_t a, uint16_t b)
{
    uint32_t op1 = bits(a, 6, 4), op2 = bits(b, 7, 4);

    if (!bits(a, 7, 7))
        return FWSIM__NEEDS_V7M | (op1 ? FWSIM__NEEDS_DSP : 0);
    if ((op1 == 1 || op1 == 3) && op2 == 15)
        return FWSIM__NEEDS_V8M_BASE; /* SDIV, UDIV */
    return FWSIM__NEEDS_V7M | (op2 ? FWSIM__NEEDS_DSP : 0);
}

/* Coprocessors (A5.3.18); 10 and 11 are floating point (A6.4). */
static unsigned coprocessor(uint16_t a, uint16_t b)
{
    uint32_t number = bits(b, 11, 8);
    bool arithmetic = (a & 0xff00) == 0xee00 && !(b & 0x10);

    if (number != 10 && number != 11)
        return FWSIM__NEEDS_V7M;
    if ((a & 0xff00) == 0xfe00)
        return FWSIM__NEEDS_FP | FWSIM__NEEDS_FPV5 |
               (number == 11 ? FWSIM__NEEDS_DOUBLE : 0);
    return FWSIM__NEEDS_FP |
           (arithmetic && number == 11 ? FWSIM__NEEDS_DOUBLE : 0);
}

/* Loads and stores of one register (A5.3.7 to A5.3.10). */
static bool loads_pc(uint16_t a, uint16_t b)
{
    return (a & 0xff70) == 0xf850 && bits(b, 15, 12) == 15;
}

static fwsim__thumb_class classify_long(uint32_t pc, uint16_t a, uint16_t b)
{
    fwsim__thumb_class c = { .size = 4, .needs = FWSIM__NEEDS_V7M };

    if ((a & 0xec00) == 0xec00) {
        c.needs = (uint8_t)coprocessor(a, b);
    } else if ((a & 0xf800) == 0xf000) {
        if (b & 0x8000) {
            c.needs = 0;
            control(&c, pc, a, b);
        } else {
            c.needs = (uint8_t)immediate(a, b);
        }
    } else if ((a & 0xfe00) == 0xe800) {
        load_store(&c, a, b);
    } else if ((a & 0xfe00) == 0xea00) {
        if (bits(a, 8, 5) == 6)
            c.needs |= FWSIM__NEEDS_DSP; /* PKH */
    } else if ((a & 0xff00) == 0xfa00) {
        c.needs = (uint8_t)registers(a, b);
    } else if ((a & 0xff00) == 0xfb00) {
        c.needs = (uint8_t)multiply(a, b);
    } else {
        c.ends = loads_pc(a, b);
    }
    return c;
}

fwsim__thumb_class fwsim__thumb_classify(uint32_t pc, uint16_t first,
                                         uint16_t second)
{
    return first < 0xe800 ? classify_short(pc, first)
                          : classify_long(pc, first, second);
}
