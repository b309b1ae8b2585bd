/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The arithmetic and logic unit: results, flags, and where their bits come
 * from. Plain operands take the short way.
 */
#include "infer/look_run.h"

/* Shifts (A2.2.1) ------------------------------------------------------ */

static uint32_t shifted(uint32_t v, fwsim__shift type, unsigned n,
                        unsigned *carry)
{
    uint32_t sign = v >> 31 ? UINT32_MAX : 0;

    if (!n)
        return v;
    if (type == FWSIM__ROR) {
        n &= 31;
        v = n ? v >> n | v << (32 - n) : v;
        *carry = v >> 31;
        return v;
    }
    if (n > 32 || (n == 32 && type == FWSIM__ASR)) {
        *carry = type == FWSIM__ASR ? sign & 1 : 0;
        return type == FWSIM__ASR ? sign : 0;
    }
    if (n == 32) {
        *carry = type == FWSIM__LSL ? v & 1 : v >> 31;
        return 0;
    }
    *carry = (type == FWSIM__LSL ? v >> (32 - n) : v >> (n - 1)) & 1;
    if (type == FWSIM__LSL)
        return v << n;
    return type == FWSIM__LSR ? v >> n : v >> n | (sign & ~(UINT32_MAX >> n));
}

/** The bit that a shift moves into C, as place in the operand; -1: none. */
static int carry_place(fwsim__shift type, unsigned n)
{
    if (type == FWSIM__ROR)
        return (int)((n - 1) & 31);
    if (n > 32)
        return type == FWSIM__ASR ? 31 : -1;
    return (int)(type == FWSIM__LSL ? 32 - n : n - 1);
}

static void shift_bits(fwsim__look_run *r, fwsim__operand a, fwsim__shift type,
                       unsigned n)
{
    fwsim__bits *out = &r->scratch[0];
    int place = carry_place(type, n);

    r->carry_pc = r->pc;
    r->carry_from = -1;
    if (place >= 0 && fwsim__bits_exact(a.bits) && a.bits->mask >> place & 1)
        r->carry_from = a.bits->from[place] +
                        (a.bits->inverted >> place & 1 ? 32 : 0);
    if (type == FWSIM__ROR)
        n &= 31;
    if (n < 32) {
        fwsim__bits_shift(out, a, type, n);
    } else if (type == FWSIM__ASR) {
        fwsim__bits_shift(out, a, type, 31);
    } else {
        fwsim__bits_mixed(out, 0);
    }
}

fwsim__operand fwsim__look_shift(fwsim__look_run *r, fwsim__operand a,
                                 fwsim__shift type, unsigned n,
                                 unsigned *carry)
{
    fwsim__operand o = a;

    if (!n)
        return a;
    o.value = shifted(a.value, type, n, carry);
    if (a.bits) {
        shift_bits(r, a, type, n);
        o.bits = r->scratch[0].sources ? &r->scratch[0] : NULL;
    }
    return o;
}

fwsim__operand fwsim__look_low(fwsim__look_run *r, fwsim__operand a,
                               unsigned n)
{
    fwsim__operand mask = fwsim__plain((1u << n) - 1);
    fwsim__operand o = { a.value & mask.value, NULL };

    if (a.bits) {
        fwsim__bits_and(&r->scratch[0], a, mask);
        o.bits = r->scratch[0].sources ? &r->scratch[0] : NULL;
    }
    return o;
}

/* Provenance ----------------------------------------------------------- */

static bool is_logic(fwsim__alu op)
{
    return op < FWSIM__ADD;
}

static void logic_bits(fwsim__bits *out, fwsim__alu op, fwsim__operand a,
                       fwsim__operand b)
{
    fwsim__bits inverse;

    if (op == FWSIM__BIC || op == FWSIM__ORN) {
        if (b.bits) {
            fwsim__bits_not(&inverse, b);
            b.bits = &inverse;
        }
        b.value = ~b.value;
    }
    if (op == FWSIM__AND || op == FWSIM__BIC)
        fwsim__bits_and(out, a, b);
    else if (op == FWSIM__EOR)
        fwsim__bits_xor(out, a, b);
    else
        fwsim__bits_or(out, a, b);
}

static void sum_bits(fwsim__bits *out, fwsim__alu op, fwsim__operand a,
                     fwsim__operand b)
{
    if (op == FWSIM__ADD)
        fwsim__bits_add(out, a, b);
    else if (op == FWSIM__SUB)
        fwsim__bits_sub(out, a, b);
    else
        fwsim__bits_sub(out, b, a);
}

/** The flags of a sum or difference with one plain operand can be solved
 * exactly; of others, N and Z of the result can. */
static void sum_flags(fwsim__look_run *r, fwsim__alu op, fwsim__operand a,
                      fwsim__operand b, const fwsim__bits *result)
{
    fwsim__look_flags *f = &r->flags;

    f->carry = -1;
    if (a.bits && b.bits) {
        f->kind = FWSIM__FLAGS_RESULT;
        f->bits = *result;
        f->other = 0;
    } else {
        f->bits = a.bits ? *a.bits : *b.bits;
        f->other = a.bits ? b.value : a.value;
        if (op == FWSIM__ADD)
            f->kind = FWSIM__FLAGS_ADD;
        else
            f->kind = (op == FWSIM__SUB) == (a.bits != NULL)
                          ? FWSIM__FLAGS_SUB : FWSIM__FLAGS_RSB;
    }
    if (!f->bits.mask)
        f->kind = f->bits.sources ? FWSIM__FLAGS_MIXED : FWSIM__FLAGS_PLAIN;
}

static void result_flags(fwsim__look_run *r, const fwsim__bits *result)
{
    fwsim__look_flags *f = &r->flags;

    f->carry = r->carry_pc == r->pc ? r->carry_from : -1;
    f->bits = *result;
    f->other = 0;
    if (result->mask || f->carry >= 0)
        f->kind = FWSIM__FLAGS_RESULT;
    else
        f->kind = result->sources ? FWSIM__FLAGS_MIXED : FWSIM__FLAGS_PLAIN;
}

/** The result is in place, what is left is where it comes from. */
static void trace(fwsim__look_run *r, fwsim__alu op, unsigned rd,
                  fwsim__operand a, fwsim__operand b, uint32_t value, bool set)
{
    fwsim__bits *out = &r->scratch[1];
    bool flags_too = op == FWSIM__ADC || op == FWSIM__SBC;

    fwsim__bits_mixed(out, 0);
    if (flags_too) {
        uint32_t flags = 0;

        if (r->flags.kind != FWSIM__FLAGS_PLAIN)
            flags = r->flags.bits.sources;
        fwsim__bits_mixed(out, fwsim__look_sources(a) |
                                   fwsim__look_sources(b) | flags);
    } else if (a.bits || b.bits) {
        if (is_logic(op))
            logic_bits(out, op, a, b);
        else
            sum_bits(out, op, a, b);
    }
    if (set) {
        if (is_logic(op) || flags_too)
            result_flags(r, out);
        else
            sum_flags(r, op, a, b, out);
    }
    if (rd != FWSIM__NOWHERE)
        fwsim__look_set(r, rd, (fwsim__operand){ value, out });
}

/* Operations ----------------------------------------------------------- */

/** AddWithCarry (A2.2.1). @return the sum; @a nzcv: C and V of it */
static uint32_t add(uint32_t a, uint32_t b, unsigned carry, unsigned *nzcv)
{
    uint64_t sum = (uint64_t)a + b + carry;
    uint32_t v = (uint32_t)sum;

    *nzcv = (unsigned)(sum >> 32) << 1 | (~(a ^ b) & (a ^ v)) >> 31;
    return v;
}

void fwsim__look_alu(fwsim__look_run *r, fwsim__alu op, unsigned rd,
                     fwsim__operand a, fwsim__operand b, bool set,
                     unsigned carry)
{
    unsigned nzcv = carry << 1 | (r->nzcv & FWSIM__V);
    bool tainted_carry = false;
    uint32_t v;

    switch (op) {
    case FWSIM__AND:
        v = a.value & b.value;
        break;
    case FWSIM__BIC:
        v = a.value & ~b.value;
        break;
    case FWSIM__ORR:
        v = a.value | b.value;
        break;
    case FWSIM__ORN:
        v = a.value | ~b.value;
        break;
    case FWSIM__EOR:
        v = a.value ^ b.value;
        break;
    case FWSIM__ADD:
        v = add(a.value, b.value, 0, &nzcv);
        break;
    case FWSIM__ADC:
        v = add(a.value, b.value, fwsim__look_c(r), &nzcv);
        tainted_carry = r->flags.kind != FWSIM__FLAGS_PLAIN;
        break;
    case FWSIM__SBC:
        v = add(a.value, ~b.value, fwsim__look_c(r), &nzcv);
        tainted_carry = r->flags.kind != FWSIM__FLAGS_PLAIN;
        break;
    case FWSIM__SUB:
        v = add(a.value, ~b.value, 1, &nzcv);
        break;
    case FWSIM__RSB:
    default:
        v = add(b.value, ~a.value, 1, &nzcv);
        break;
    }
    if (set)
        r->nzcv = (uint8_t)(nzcv | (v >> 31) << 3 | (unsigned)(v == 0) << 2);
    if (a.bits || b.bits || tainted_carry ||
        (set && r->carry_pc == r->pc)) {
        trace(r, op, rd, a, b, v, set);
        return;
    }
    if (set)
        r->flags.kind = FWSIM__FLAGS_PLAIN;
    if (rd != FWSIM__NOWHERE)
        fwsim__look_put(r, rd, v);
}

void fwsim__look_set_nzc(fwsim__look_run *r, fwsim__operand result,
                         unsigned carry)
{
    fwsim__bits none;
    uint32_t v = result.value;

    r->nzcv = (uint8_t)((v >> 31) << 3 | (unsigned)(v == 0) << 2 | carry << 1 |
                        (r->nzcv & FWSIM__V));
    if (result.bits) {
        result_flags(r, result.bits);
    } else if (r->carry_pc == r->pc && r->carry_from >= 0) {
        fwsim__bits_mixed(&none, 0);
        result_flags(r, &none);
    } else {
        r->flags.kind = FWSIM__FLAGS_PLAIN;
    }
}
