/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * 32-bit instructions (DDI 0403E, A5.3): the groups, and data processing.
 */
#include "infer/look_run.h"

static unsigned reg(uint32_t insn, unsigned lsb)
{
    return insn >> lsb & 15;
}

static void undefined(fwsim__look_run *r)
{
    fwsim__look_end_run(r, FWSIM__LOOK_DEAD);
}

static uint32_t ror(uint32_t v, unsigned n)
{
    n &= 31;
    return n ? v >> n | v << (32 - n) : v;
}

/* Data processing ------------------------------------------------------ */

/** The common form of A5.3.1 and A5.3.11. */
static void data_processing(fwsim__look_run *r, uint32_t insn,
                            fwsim__operand b, unsigned carry)
{
    static const uint16_t known = 0x6d1f;
    unsigned op = insn >> 21 & 15, rn = reg(insn, 16), rd = reg(insn, 8);
    bool set = insn >> 20 & 1;
    fwsim__operand a = fwsim__look_get(r, rn);

    if (!(known >> op & 1)) {
        undefined(r);
        return;
    }
    if (rn == 15 && (op == FWSIM__ORR || op == FWSIM__ORN))
        a = fwsim__plain(0); /* MOV, MVN */
    if (rd == 15) {
        if (!set || !(0x2111 >> op & 1)) {
            undefined(r);
            return;
        }
        rd = FWSIM__NOWHERE; /* TST, TEQ, CMN, CMP */
    }
    fwsim__look_alu(r, (fwsim__alu)op, rd, a, b, set, carry);
}

static uint32_t expand(uint32_t insn, unsigned *carry)
{
    uint32_t imm12 = (insn & 0xff) | (insn >> 12 & 7) << 8 |
                     (insn >> 26 & 1) << 11;
    uint32_t b = imm12 & 0xff, v;

    if (!(imm12 & 0xc00)) {
        static const uint32_t copies[4] = { 0x1, 0x10001, 0x1000100,
                                            0x1010101 };

        return b * copies[imm12 >> 8];
    }
    v = ror(0x80 | (imm12 & 0x7f), imm12 >> 7);
    *carry = v >> 31;
    return v;
}

static void modified_immediate(fwsim__look_run *r, uint32_t insn)
{
    unsigned carry = fwsim__look_c(r);
    uint32_t imm = expand(insn, &carry);

    data_processing(r, insn, fwsim__plain(imm), carry);
}

/** RRX: C comes in at the top. */
static fwsim__operand rrx(fwsim__look_run *r, fwsim__operand m,
                          unsigned *carry)
{
    uint32_t v = m.value >> 1 | (uint32_t)fwsim__look_c(r) << 31;
    uint32_t sources = fwsim__look_sources(m);

    if (r->flags.kind != FWSIM__FLAGS_PLAIN)
        sources |= r->flags.bits.sources;
    *carry = m.value & 1;
    if (!sources)
        return fwsim__plain(v);
    fwsim__bits_mixed(&r->scratch[0], sources);
    return (fwsim__operand){ v, &r->scratch[0] };
}

static fwsim__operand shifted_register(fwsim__look_run *r, uint32_t insn,
                                       unsigned *carry)
{
    fwsim__operand m = fwsim__look_get(r, reg(insn, 0));
    fwsim__shift type = (fwsim__shift)(insn >> 4 & 3);
    unsigned n = (insn >> 10 & 0x1c) | (insn >> 6 & 3);

    if (!n && type == FWSIM__ROR)
        return rrx(r, m, carry);
    if (!n && type != FWSIM__LSL)
        n = 32;
    return fwsim__look_shift(r, m, type, n, carry);
}

/** PKHBT, PKHTB */
static void pack(fwsim__look_run *r, uint32_t insn)
{
    unsigned carry = 0, rd = reg(insn, 8);
    bool top = insn >> 5 & 1;
    fwsim__operand n = fwsim__look_get(r, reg(insn, 16));
    fwsim__operand m = shifted_register(r, insn, &carry);
    fwsim__operand high = top ? n : m, low = top ? m : n;
    fwsim__bits bits;
    fwsim__operand o = { (high.value & 0xffff0000) | (low.value & 0xffff),
                         NULL };

    if (high.bits || low.bits) {
        fwsim__bits_insert(&bits, high, low, 0, 16);
        o.bits = &bits;
    }
    fwsim__look_set(r, rd, o);
}

static void data_register(fwsim__look_run *r, uint32_t insn)
{
    unsigned carry = fwsim__look_c(r);
    fwsim__operand m;

    if ((insn >> 21 & 15) == 6) {
        pack(r, insn);
        return;
    }
    m = shifted_register(r, insn, &carry);
    data_processing(r, insn, m, carry);
}

/* Plain binary immediates (A5.3.3) -------------------------------------- */

static uint32_t saturated(int64_t v, int64_t low, int64_t high)
{
    return (uint32_t)(v < low ? low : v > high ? high : v);
}

/** SSAT, USAT; the Q flag stays. */
static void saturate(fwsim__look_run *r, uint32_t insn)
{
    bool is_unsigned = insn >> 23 & 1;
    unsigned bits = insn & 31, n = (insn >> 10 & 0x1c) | (insn >> 6 & 3);
    fwsim__shift type = insn >> 21 & 1 ? FWSIM__ASR : FWSIM__LSL;
    unsigned carry = 0;
    fwsim__operand o = fwsim__look_get(r, reg(insn, 16));
    int64_t v;

    if (type == FWSIM__ASR && !n) { /* SSAT16, USAT16 */
        fwsim__look_gap(r);
        return;
    }
    o = fwsim__look_shift(r, o, type, n, &carry);
    v = (int32_t)o.value;
    o.value = is_unsigned ? saturated(v, 0, ((int64_t)1 << bits) - 1)
                          : saturated(v, -((int64_t)1 << bits),
                                      ((int64_t)1 << bits) - 1);
    fwsim__look_set_mixed(r, reg(insn, 8), o.value, fwsim__look_sources(o));
}

static void extract(fwsim__look_run *r, uint32_t insn, fwsim__shift back)
{
    unsigned lsb = (insn >> 10 & 0x1c) | (insn >> 6 & 3);
    unsigned width = (insn & 31) + 1, carry = 0;
    fwsim__operand o = fwsim__look_get(r, reg(insn, 16));

    if (lsb + width > 32) {
        undefined(r);
        return;
    }
    o = fwsim__look_shift(r, o, FWSIM__LSL, 32 - lsb - width, &carry);
    o = fwsim__look_shift(r, o, back, 32 - width, &carry);
    fwsim__look_set(r, reg(insn, 8), o);
}

/** BFI, and BFC when the source is register 15. */
static void insert(fwsim__look_run *r, uint32_t insn)
{
    unsigned lsb = (insn >> 10 & 0x1c) | (insn >> 6 & 3), msb = insn & 31;
    unsigned rn = reg(insn, 16), rd = reg(insn, 8);
    fwsim__operand from = rn == 15 ? fwsim__plain(0) : fwsim__look_get(r, rn);
    fwsim__operand to = fwsim__look_get(r, rd);
    uint32_t field;

    if (msb < lsb) {
        undefined(r);
        return;
    }
    field = UINT32_MAX >> (31 - (msb - lsb)) << lsb;
    if (from.bits || to.bits) {
        fwsim__bits_insert(&r->scratch[0], to, from, lsb, msb - lsb + 1);
        to.bits = &r->scratch[0];
    }
    to.value = (to.value & ~field) | (from.value << lsb & field);
    fwsim__look_set(r, rd, to);
}

/** ADDW, SUBW, ADR */
static void wide_sum(fwsim__look_run *r, uint32_t insn, fwsim__alu op)
{
    uint32_t imm = (insn & 0xff) | (insn >> 12 & 7) << 8 |
                   (insn >> 26 & 1) << 11;
    unsigned rn = reg(insn, 16);
    fwsim__operand a = rn == 15 ? fwsim__plain(r->regs[15] & ~3u)
                                : fwsim__look_get(r, rn);

    fwsim__look_alu(r, op, reg(insn, 8), a, fwsim__plain(imm), false, 0);
}

static void plain_immediate(fwsim__look_run *r, uint32_t insn)
{
    unsigned rd = reg(insn, 8);
    uint32_t imm16 = (insn & 0xff) | (insn >> 12 & 7) << 8 |
                     (insn >> 26 & 1) << 11 | (insn >> 16 & 15) << 12;

    switch (insn >> 20 & 31) {
    case 0x00:
        wide_sum(r, insn, FWSIM__ADD);
        break;
    case 0x0a:
        wide_sum(r, insn, FWSIM__SUB);
        break;
    case 0x04: /* MOVW */
        fwsim__look_put(r, rd, imm16);
        break;
    case 0x0c: { /* MOVT */
        fwsim__operand o = fwsim__look_get(r, rd);

        if (o.bits)
            fwsim__bits_insert(&r->reg_bits[rd], o, fwsim__plain(imm16), 16,
                               16);
        o.value = (o.value & 0xffff) | imm16 << 16;
        fwsim__look_set(r, rd, o);
        break;
    }
    case 0x10:
    case 0x12:
    case 0x18:
    case 0x1a:
        saturate(r, insn);
        break;
    case 0x14:
        extract(r, insn, FWSIM__ASR);
        break;
    case 0x1c:
        extract(r, insn, FWSIM__LSR);
        break;
    case 0x16:
        insert(r, insn);
        break;
    default:
        undefined(r);
        break;
    }
}

/* Registers (A5.3.12 to A5.3.15) ---------------------------------------- */

static void shift_by_register(fwsim__look_run *r, uint32_t insn)
{
    unsigned rd = reg(insn, 8), carry = fwsim__look_c(r);
    fwsim__operand a = fwsim__look_get(r, reg(insn, 16));
    fwsim__operand n = fwsim__look_get(r, reg(insn, 0)), o;
    fwsim__bits mixed;

    if (n.bits) {
        fwsim__bits_mixed(&mixed, n.bits->sources | fwsim__look_sources(a));
        a.bits = &mixed;
    }
    o = fwsim__look_shift(r, a, (fwsim__shift)(insn >> 21 & 3),
                          n.value & 0xff, &carry);
    if (n.bits && !o.bits)
        o.bits = &mixed;
    fwsim__look_set(r, rd, o);
    if (insn >> 20 & 1)
        fwsim__look_set_nzc(r, fwsim__look_get(r, rd), carry);
}

/** SXTB and its like; with a register to add: SXTAB and its like. */
static void extend(fwsim__look_run *r, uint32_t insn)
{
    unsigned op = insn >> 20 & 7, rn = reg(insn, 16), carry = 0;
    unsigned n = op < 2 ? 16 : 24;
    fwsim__operand o = fwsim__look_get(r, reg(insn, 0));

    if (op == 2 || op == 3 || op > 5) { /* SXTB16, UXTB16 */
        fwsim__look_gap(r);
        return;
    }
    o = fwsim__look_shift(r, o, FWSIM__ROR, 8 * (insn >> 4 & 3), &carry);
    if (op & 1) {
        o = fwsim__look_low(r, o, 32 - n);
    } else {
        o = fwsim__look_shift(r, o, FWSIM__LSL, n, &carry);
        o = fwsim__look_shift(r, o, FWSIM__ASR, n, &carry);
    }
    if (rn == 15)
        fwsim__look_set(r, reg(insn, 8), o);
    else
        fwsim__look_alu(r, FWSIM__ADD, reg(insn, 8), fwsim__look_get(r, rn), o,
                        false, 0);
}

static uint32_t reversed_bits(uint32_t v)
{
    v = (v >> 1 & 0x55555555) | (v & 0x55555555) << 1;
    v = (v >> 2 & 0x33333333) | (v & 0x33333333) << 2;
    v = (v >> 4 & 0x0f0f0f0f) | (v & 0x0f0f0f0f) << 4;
    return __builtin_bswap32(v);
}

static void permute(fwsim__look_run *r, unsigned rd, fwsim__operand m,
                    uint32_t value, unsigned flip)
{
    uint8_t order[32];
    fwsim__operand o = { value, NULL };

    if (m.bits) {
        for (unsigned i = 0; i < 32; i++)
            order[i] = (uint8_t)(i ^ flip);
        fwsim__bits_permute(&r->scratch[0], m, order);
        o.bits = &r->scratch[0];
    }
    fwsim__look_set(r, rd, o);
}

/** REV, REV16, RBIT, REVSH, CLZ (A5.3.15); saturating sums are lacking. */
static void one_register(fwsim__look_run *r, uint32_t insn)
{
    unsigned op = (insn >> 18 & 0xc) | (insn >> 4 & 3), rd = reg(insn, 8);
    fwsim__operand m = fwsim__look_get(r, reg(insn, 0));
    uint32_t v = m.value;
    uint32_t halves = (v & 0x00ff00ff) << 8 | (v >> 8 & 0x00ff00ff);
    unsigned carry = 0;

    switch (op) {
    case 4: /* REV */
        permute(r, rd, m, __builtin_bswap32(v), 0x18);
        break;
    case 5: /* REV16 */
        permute(r, rd, m, halves, 0x08);
        break;
    case 6: /* RBIT */
        permute(r, rd, m, reversed_bits(v), 0x1f);
        break;
    case 7: /* REVSH */
        permute(r, rd, m, halves, 0x08);
        m = fwsim__look_shift(r, fwsim__look_get(r, rd), FWSIM__LSL, 16,
                              &carry);
        fwsim__look_set(r, rd,
                        fwsim__look_shift(r, m, FWSIM__ASR, 16, &carry));
        break;
    case 12: /* CLZ */
        fwsim__look_set_mixed(r, rd, v ? (uint32_t)__builtin_clz(v) : 32,
                              fwsim__look_sources(m));
        break;
    default:
        fwsim__look_gap(r);
        break;
    }
}

static bool is_select(uint32_t insn)
{
    return (insn & 0x00f000f0) == 0x00a00080;
}

static void register_group(fwsim__look_run *r, uint32_t insn)
{
    if ((insn & 0xf000) != 0xf000)
        undefined(r);
    else if (!(insn & 0x00800000) && !(insn & 0xf0))
        shift_by_register(r, insn);
    else if (!(insn & 0x00800000) && insn & 0x80)
        extend(r, insn);
    else if ((insn & 0x00c00080) == 0x00800080 && !is_select(insn))
        one_register(r, insn);
    else
        fwsim__look_dsp_sum(r, insn);
}

/** MUL, MLA, MLS (A5.3.16) */
static void multiply(fwsim__look_run *r, uint32_t insn)
{
    unsigned op = insn >> 20 & 7, op2 = insn >> 4 & 3, ra = reg(insn, 12);
    fwsim__operand n = fwsim__look_get(r, reg(insn, 16));
    fwsim__operand m = fwsim__look_get(r, reg(insn, 0));
    fwsim__operand a = ra == 15 ? fwsim__plain(0) : fwsim__look_get(r, ra);
    uint32_t product = n.value * m.value;

    if (op) {
        fwsim__look_dsp_multiply(r, insn);
        return;
    }
    if (op2 > 1) {
        undefined(r);
        return;
    }
    fwsim__look_set_mixed(r, reg(insn, 8),
                          op2 ? a.value - product : a.value + product,
                          fwsim__look_sources(n) | fwsim__look_sources(m) |
                              fwsim__look_sources(a));
}

static uint32_t divided(uint32_t n, uint32_t m, bool is_signed)
{
    if (!m)
        return 0;
    if (!is_signed)
        return n / m;
    return (uint32_t)((int64_t)(int32_t)n / (int32_t)m);
}

/** Long multiplication and division (A5.3.17). */
static void multiply_long(fwsim__look_run *r, uint32_t insn)
{
    unsigned op = insn >> 20 & 7, op2 = insn >> 4 & 15;
    unsigned low = reg(insn, 12), high = reg(insn, 8);
    fwsim__operand n = fwsim__look_get(r, reg(insn, 16));
    fwsim__operand m = fwsim__look_get(r, reg(insn, 0));
    uint32_t sources = fwsim__look_sources(n) | fwsim__look_sources(m);
    bool is_signed = op == 0 || op == 1 || op == 4;
    uint64_t v = is_signed ? (uint64_t)((int64_t)(int32_t)n.value *
                                        (int32_t)m.value)
                           : (uint64_t)n.value * m.value;

    if ((op == 1 || op == 3) && op2 == 15) { /* SDIV, UDIV */
        fwsim__look_set_mixed(r, high, divided(n.value, m.value, op == 1),
                              sources);
        return;
    }
    if (op == 6 && op2 == 6) { /* UMAAL */
        v += (uint64_t)r->regs[low] + r->regs[high];
    } else if ((op == 4 || op == 6) && op2 == 0) { /* SMLAL, UMLAL */
        v += (uint64_t)r->regs[high] << 32 | r->regs[low];
    } else if ((op != 0 && op != 2) || op2 != 0) {
        fwsim__look_gap(r);
        return;
    }
    if (op >= 4)
        sources |= fwsim__look_sources(fwsim__look_get(r, low)) |
                   fwsim__look_sources(fwsim__look_get(r, high));
    fwsim__look_set_mixed(r, low, (uint32_t)v, sources);
    fwsim__look_set_mixed(r, high, (uint32_t)(v >> 32), sources);
}

/* The groups (A5.3) ------------------------------------------------------ */

static void coprocessor(fwsim__look_run *r, uint32_t insn)
{
    unsigned number = insn >> 8 & 15;

    if (number == 10 || number == 11)
        fwsim__look_fp(r, insn);
    else
        fwsim__look_gap(r);
}

static void group_3(fwsim__look_run *r, uint32_t insn)
{
    unsigned op = insn >> 20 & 0x7f;

    if (op & 0x40)
        coprocessor(r, insn);
    else if (!(op & 0x20))
        fwsim__look_single(r, insn);
    else if (!(op & 0x10))
        register_group(r, insn);
    else if (!(op & 0x08))
        multiply(r, insn);
    else
        multiply_long(r, insn);
}

static void group_1(fwsim__look_run *r, uint32_t insn)
{
    if (insn >> 26 & 1)
        coprocessor(r, insn);
    else if (insn >> 25 & 1)
        data_register(r, insn);
    else if (insn >> 22 & 1)
        fwsim__look_dual(r, insn);
    else
        fwsim__look_multiple(r, insn);
}

/** Armv6-M has BL, MSR, MRS and barriers, and no other (A5.3 of DDI 0419). */
static bool exists(const fwsim__look_run *r, uint32_t insn)
{
    if (!r->world->v6m)
        return true;
    if ((insn & 0xf800d000) == 0xf000d000)
        return true;
    return (insn & 0xf800d000) == 0xf0008000 &&
           ((insn >> 20 & 0x7e) == 0x38 || (insn >> 20 & 0x7e) == 0x3e ||
            (insn >> 20 & 0x7f) == 0x3b);
}

void fwsim__look_insn32(fwsim__look_run *r, uint32_t insn)
{
    if (!exists(r, insn)) {
        undefined(r);
        return;
    }
    switch (insn >> 27 & 3) {
    case 1:
        group_1(r, insn);
        break;
    case 2:
        if (insn & 0x8000)
            fwsim__look_control(r, insn);
        else if (insn >> 25 & 1)
            plain_immediate(r, insn);
        else
            modified_immediate(r, insn);
        break;
    default:
        group_3(r, insn);
        break;
    }
}
