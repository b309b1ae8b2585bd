/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The DSP extension (DDI 0403E, A5.3.13 to A5.3.17): what compilers and C
 * libraries use of it. Provenance is not followed through it.
 */
#include "infer/look_run.h"

static unsigned reg(uint32_t insn, unsigned lsb)
{
    return insn >> lsb & 15;
}

static uint32_t sources_of(fwsim__operand a, fwsim__operand b)
{
    return fwsim__look_sources(a) | fwsim__look_sources(b);
}

/* Parallel sums --------------------------------------------------------- */

typedef enum kind { SIGNED, SATURATING, HALVING } kind;

static int32_t element(uint32_t v, unsigned at, unsigned width, bool is_signed)
{
    uint32_t e = v >> at & ((1u << width) - 1);

    return is_signed ? (int32_t)(e << (32 - width)) >> (32 - width)
                     : (int32_t)e;
}

static int32_t clamped(int32_t v, unsigned width, bool is_signed)
{
    int32_t high = (1 << (is_signed ? width - 1 : width)) - 1;
    int32_t low = is_signed ? -high - 1 : 0;

    return v < low ? low : v > high ? high : v;
}

/** A sum or difference of two elements; @a ge: its GE bit. */
static int32_t combine(int32_t a, int32_t b, bool subtract, unsigned width,
                       bool is_signed, unsigned how, bool *ge)
{
    int32_t v = subtract ? a - b : a + b;

    *ge = is_signed || subtract ? v >= 0 : v >= 1 << width;
    if (how == SATURATING)
        return clamped(v, width, is_signed);
    return how == HALVING ? v >> 1 : v;
}

/** {S,Q,SH,U,UQ,UH}{ADD16,ASX,SAX,SUB16,ADD8,SUB8} */
static void parallel(fwsim__look_run *r, uint32_t insn)
{
    unsigned op = insn >> 20 & 7, how = insn >> 4 & 3;
    bool is_signed = !(insn >> 6 & 1), cross = op == 2 || op == 6;
    unsigned width = op & 3 ? 16 : 8;
    fwsim__operand n = fwsim__look_get(r, reg(insn, 16));
    fwsim__operand m = fwsim__look_get(r, reg(insn, 0));
    uint32_t b = cross ? m.value >> 16 | m.value << 16 : m.value;
    uint32_t v = 0, ge = 0;

    if (how == 3 || op == 3 || op == 7) {
        fwsim__look_end_run(r, FWSIM__LOOK_DEAD);
        return;
    }
    for (unsigned at = 0; at < 32; at += width) {
        /* ASX adds above and subtracts below, SAX the other way round. */
        bool subtract = cross ? (op == 2) == !at : op >= 4;
        uint32_t mask = ((1u << width) - 1) << at;
        bool bit;
        int32_t e = combine(element(n.value, at, width, is_signed),
                            element(b, at, width, is_signed), subtract, width,
                            is_signed, how, &bit);

        v |= (uint32_t)e << at & mask;
        ge |= bit ? (width == 8 ? 1u : 3u) << at / 8 : 0;
    }
    if (how == SIGNED)
        r->apsr = (r->apsr & ~0x000f0000u) | ge << 16;
    fwsim__look_set_mixed(r, reg(insn, 8), v, sources_of(n, m));
}

static void select(fwsim__look_run *r, uint32_t insn)
{
    fwsim__operand n = fwsim__look_get(r, reg(insn, 16));
    fwsim__operand m = fwsim__look_get(r, reg(insn, 0));
    uint32_t mask = 0;

    for (unsigned i = 0; i < 4; i++)
        mask |= r->apsr >> (16 + i) & 1 ? 0xffu << 8 * i : 0;
    fwsim__look_set_mixed(r, reg(insn, 8),
                          (n.value & mask) | (m.value & ~mask),
                          sources_of(n, m));
}

void fwsim__look_dsp_sum(fwsim__look_run *r, uint32_t insn)
{
    if ((insn & 0x00800080) == 0x00800000)
        parallel(r, insn);
    else if ((insn & 0x00f000f0) == 0x00a00080)
        select(r, insn);
    else /* saturating sums set Q, which is not kept */
        fwsim__look_gap(r);
}

/* Multiplication --------------------------------------------------------- */

static int32_t half(uint32_t v, bool top)
{
    return (int16_t)(top ? v >> 16 : v);
}

/** SMULBB, SMLABB and their like; Q of an overflow is not kept. */
void fwsim__look_dsp_multiply(fwsim__look_run *r, uint32_t insn)
{
    unsigned op = insn >> 20 & 7, ra = reg(insn, 12);
    fwsim__operand n = fwsim__look_get(r, reg(insn, 16));
    fwsim__operand m = fwsim__look_get(r, reg(insn, 0));
    fwsim__operand a = ra == 15 ? fwsim__plain(0) : fwsim__look_get(r, ra);
    bool m_top = insn >> 4 & 1, n_top = insn >> 5 & 1;
    uint32_t v;

    if (op == 1) { /* SMULxy, SMLAxy */
        v = (uint32_t)(half(n.value, n_top) * half(m.value, m_top));
    } else if (op == 3 && !n_top) { /* SMULWx, SMLAWx */
        v = (uint32_t)((int64_t)(int32_t)n.value * half(m.value, m_top) >> 16);
    } else if (op == 5 && !n_top) { /* SMMUL, SMMLA, rounded or not */
        int64_t p = (int64_t)(int32_t)n.value * (int32_t)m.value;

        v = (uint32_t)((uint64_t)(p + (m_top ? 0x80000000 : 0) +
                                  ((int64_t)(int32_t)a.value *
                                   ((int64_t)1 << 32))) >> 32);
        a.value = 0;
    } else {
        fwsim__look_gap(r);
        return;
    }
    fwsim__look_set_mixed(r, reg(insn, 8), v + a.value,
                          sources_of(n, m) | fwsim__look_sources(a));
}
