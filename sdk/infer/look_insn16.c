/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * 16-bit instructions (DDI 0403E, A5.2).
 */
#include "infer/look_run.h"

static uint32_t field(uint32_t insn, unsigned lsb, unsigned width)
{
    return insn >> lsb & ((1u << width) - 1);
}

/** Outside an IT block, 16-bit instructions set the flags. */
static bool sets(const fwsim__look_run *r)
{
    return !r->conditional;
}

static void shift_to(fwsim__look_run *r, unsigned rd, fwsim__operand a,
                     fwsim__shift type, unsigned n)
{
    unsigned carry = fwsim__look_c(r);
    fwsim__operand o = fwsim__look_shift(r, a, type, n, &carry);

    fwsim__look_set(r, rd, o);
    if (sets(r))
        fwsim__look_set_nzc(r, fwsim__look_get(r, rd), carry);
}

static void shift_immediate(fwsim__look_run *r, uint32_t insn)
{
    fwsim__shift type = (fwsim__shift)field(insn, 11, 2);
    unsigned n = field(insn, 6, 5);

    if (!n && type != FWSIM__LSL)
        n = 32;
    shift_to(r, field(insn, 0, 3), fwsim__look_get(r, field(insn, 3, 3)), type,
             n);
}

static void add_subtract(fwsim__look_run *r, uint32_t insn)
{
    fwsim__operand b = insn & 0x400 ? fwsim__plain(field(insn, 6, 3))
                                    : fwsim__look_get(r, field(insn, 6, 3));

    fwsim__look_alu(r, insn & 0x200 ? FWSIM__SUB : FWSIM__ADD,
                    field(insn, 0, 3), fwsim__look_get(r, field(insn, 3, 3)),
                    b, sets(r), 0);
}

static void immediate(fwsim__look_run *r, uint32_t insn)
{
    unsigned rd = field(insn, 8, 3);
    fwsim__operand imm = fwsim__plain(insn & 0xff);

    switch (field(insn, 11, 2)) {
    case 0: /* MOV */
        fwsim__look_put(r, rd, imm.value);
        if (sets(r))
            fwsim__look_set_nzc(r, imm, fwsim__look_c(r));
        break;
    case 1: /* CMP */
        fwsim__look_alu(r, FWSIM__SUB, FWSIM__NOWHERE, fwsim__look_get(r, rd),
                        imm, true, 0);
        break;
    case 2:
        fwsim__look_alu(r, FWSIM__ADD, rd, fwsim__look_get(r, rd), imm,
                        sets(r), 0);
        break;
    default:
        fwsim__look_alu(r, FWSIM__SUB, rd, fwsim__look_get(r, rd), imm,
                        sets(r), 0);
        break;
    }
}

static void multiply(fwsim__look_run *r, unsigned rd, fwsim__operand a,
                     fwsim__operand b)
{
    fwsim__look_set_mixed(r, rd, a.value * b.value,
                          fwsim__look_sources(a) | fwsim__look_sources(b));
    if (sets(r))
        fwsim__look_set_nzc(r, fwsim__look_get(r, rd), fwsim__look_c(r));
}

/** Shift by a register: when the amount has bits of the value, so has every
 * bit of the result. */
static void shift_register(fwsim__look_run *r, unsigned rd, unsigned rm,
                           fwsim__shift type)
{
    fwsim__operand n = fwsim__look_get(r, rm);
    uint32_t sources = fwsim__look_sources(n);
    fwsim__bits mixed;

    if (sources) {
        fwsim__operand a = fwsim__look_get(r, rd);

        fwsim__bits_mixed(&mixed, sources | fwsim__look_sources(a));
        fwsim__look_set(r, rd, (fwsim__operand){ a.value, &mixed });
    }
    shift_to(r, rd, fwsim__look_get(r, rd), type, n.value & 0xff);
    if (sources && !(r->tainted >> rd & 1))
        fwsim__look_set_mixed(r, rd, r->regs[rd], sources);
}

static void data_processing(fwsim__look_run *r, uint32_t insn)
{
    unsigned rd = field(insn, 0, 3), rm = field(insn, 3, 3);
    fwsim__operand a = fwsim__look_get(r, rd), b = fwsim__look_get(r, rm);
    unsigned c = fwsim__look_c(r);

    switch (field(insn, 6, 4)) {
    case 0:
        fwsim__look_alu(r, FWSIM__AND, rd, a, b, sets(r), c);
        break;
    case 1:
        fwsim__look_alu(r, FWSIM__EOR, rd, a, b, sets(r), c);
        break;
    case 2:
        shift_register(r, rd, rm, FWSIM__LSL);
        break;
    case 3:
        shift_register(r, rd, rm, FWSIM__LSR);
        break;
    case 4:
        shift_register(r, rd, rm, FWSIM__ASR);
        break;
    case 5:
        fwsim__look_alu(r, FWSIM__ADC, rd, a, b, sets(r), 0);
        break;
    case 6:
        fwsim__look_alu(r, FWSIM__SBC, rd, a, b, sets(r), 0);
        break;
    case 7:
        shift_register(r, rd, rm, FWSIM__ROR);
        break;
    case 8: /* TST */
        fwsim__look_alu(r, FWSIM__AND, FWSIM__NOWHERE, a, b, true, c);
        break;
    case 9: /* RSB from 0 */
        fwsim__look_alu(r, FWSIM__RSB, rd, b, fwsim__plain(0), sets(r), 0);
        break;
    case 10: /* CMP */
        fwsim__look_alu(r, FWSIM__SUB, FWSIM__NOWHERE, a, b, true, 0);
        break;
    case 11: /* CMN */
        fwsim__look_alu(r, FWSIM__ADD, FWSIM__NOWHERE, a, b, true, 0);
        break;
    case 12:
        fwsim__look_alu(r, FWSIM__ORR, rd, a, b, sets(r), c);
        break;
    case 13:
        multiply(r, rd, a, b);
        break;
    case 14:
        fwsim__look_alu(r, FWSIM__BIC, rd, a, b, sets(r), c);
        break;
    default: /* MVN */
        fwsim__look_alu(r, FWSIM__ORN, rd, fwsim__plain(0), b, sets(r), c);
        break;
    }
}

/** High registers and BX, BLX (A5.2.3). */
static void special(fwsim__look_run *r, uint32_t insn)
{
    unsigned rd = field(insn, 0, 3) | (insn >> 4 & 8), rm = field(insn, 3, 4);
    fwsim__operand a = fwsim__look_get(r, rd), b = fwsim__look_get(r, rm);

    switch (field(insn, 8, 2)) {
    case 0:
        if (rd == 15)
            fwsim__look_jump(r, (a.value + b.value) & ~1u);
        else
            fwsim__look_alu(r, FWSIM__ADD, rd, a, b, false, 0);
        break;
    case 1:
        fwsim__look_alu(r, FWSIM__SUB, FWSIM__NOWHERE, a, b, true, 0);
        break;
    case 2:
        if (rd != 15) {
            fwsim__look_set(r, rd, b);
        } else {
            b.value |= 1; /* not interworking */
            fwsim__look_interwork(r, b);
        }
        break;
    default:
        if (insn & 0x80)
            fwsim__look_call(r, b);
        else if (rm == 14)
            fwsim__look_return(r, b);
        else
            fwsim__look_interwork(r, b);
        break;
    }
}

static void access(fwsim__look_run *r, unsigned rt, fwsim__operand addr,
                   unsigned width, bool load, bool is_signed)
{
    r->out->addressed |= fwsim__look_sources(addr);
    if (load)
        fwsim__look_load_to(r, rt, addr, width, is_signed);
    else
        fwsim__look_store(r, addr.value, width, fwsim__look_get(r, rt));
}

static void access_register(fwsim__look_run *r, uint32_t insn)
{
    static const struct {
        uint8_t width;
        bool load, is_signed;
    } kinds[8] = {
        { 4, false, false }, { 2, false, false }, { 1, false, false },
        { 1, true, true },   { 4, true, false },  { 2, true, false },
        { 1, true, false },  { 2, true, true },
    };
    unsigned k = field(insn, 9, 3);
    fwsim__operand a = fwsim__look_get(r, field(insn, 3, 3));
    fwsim__operand b = fwsim__look_get(r, field(insn, 6, 3));
    fwsim__operand addr = { a.value + b.value, NULL };

    if (a.bits || b.bits) {
        fwsim__bits_add(&r->scratch[2], a, b);
        addr.bits = &r->scratch[2];
    }
    access(r, field(insn, 0, 3), addr, kinds[k].width, kinds[k].load,
           kinds[k].is_signed);
}

static void access_immediate(fwsim__look_run *r, uint32_t insn)
{
    static const uint8_t widths[3] = { 4, 1, 2 };
    unsigned width = widths[field(insn, 12, 4) - 6];
    fwsim__operand addr = fwsim__look_get(r, field(insn, 3, 3));

    addr.value += field(insn, 6, 5) * width;
    access(r, field(insn, 0, 3), addr, width, insn >> 11 & 1, false);
}

static void access_sp(fwsim__look_run *r, uint32_t insn)
{
    fwsim__operand addr = fwsim__look_get(r, 13);

    addr.value += (insn & 0xff) * 4;
    access(r, field(insn, 8, 3), addr, 4, insn >> 11 & 1, false);
}

static void push(fwsim__look_run *r, uint32_t insn)
{
    uint32_t list = (insn & 0xff) | (insn & 0x100) << 6;
    uint32_t sp = r->regs[13] - 4 * (uint32_t)__builtin_popcount(list);

    fwsim__look_put(r, 13, sp);
    fwsim__look_list(r, sp, list, false);
}

static void pop(fwsim__look_run *r, uint32_t insn)
{
    uint32_t list = (insn & 0xff) | (insn & 0x100) << 7;
    uint32_t sp = r->regs[13];

    fwsim__look_put(r, 13, sp + 4 * (uint32_t)__builtin_popcount(list));
    fwsim__look_list(r, sp, list, true);
}

static void compare_branch(fwsim__look_run *r, uint32_t insn)
{
    fwsim__operand o = fwsim__look_get(r, field(insn, 0, 3));
    uint32_t offset = (insn >> 3 & 0x1f) << 1 | (insn >> 9 & 1) << 6;
    bool nonzero = insn >> 11 & 1;

    if (o.bits)
        fwsim__look_decide_zero(r, o.bits);
    fwsim__look_branch(r, (o.value != 0) == nonzero, r->regs[15] + offset);
}

static void extend(fwsim__look_run *r, uint32_t insn)
{
    unsigned op = field(insn, 6, 2), n = op & 1 ? 24 : 16, carry = 0;
    fwsim__operand o = fwsim__look_get(r, field(insn, 3, 3));

    if (op & 2) {
        o = fwsim__look_low(r, o, 32 - n);
    } else {
        o = fwsim__look_shift(r, o, FWSIM__LSL, n, &carry);
        o = fwsim__look_shift(r, o, FWSIM__ASR, n, &carry);
    }
    fwsim__look_set(r, field(insn, 0, 3), o);
}

/* The bit that each bit of the result was. */
#define BYTES(a, b, c, d)                                                      \
    a, a + 1, a + 2, a + 3, a + 4, a + 5, a + 6, a + 7,                        \
    b, b + 1, b + 2, b + 3, b + 4, b + 5, b + 6, b + 7,                        \
    c, c + 1, c + 2, c + 3, c + 4, c + 5, c + 6, c + 7,                        \
    d, d + 1, d + 2, d + 3, d + 4, d + 5, d + 6, d + 7

static void reverse(fwsim__look_run *r, uint32_t insn)
{
    static const uint8_t orders[4][32] = {
        { BYTES(24, 16, 8, 0) },
        { BYTES(8, 0, 24, 16) },
        { 0 },
        { BYTES(8, 0, 0, 0) } /* REVSH, before its sign is extended */
    };
    fwsim__operand o = fwsim__look_get(r, field(insn, 3, 3));
    unsigned op = field(insn, 6, 2), carry = 0;
    uint32_t v = o.value;

    if (op == 2) {
        fwsim__look_end_run(r, FWSIM__LOOK_DEAD);
        return;
    }
    if (op == 0)
        o.value = __builtin_bswap32(v);
    else
        o.value = (v & 0x00ff00ff) << 8 | (v >> 8 & 0x00ff00ff);
    if (o.bits) {
        fwsim__bits_permute(&r->scratch[1], o, orders[op]);
        o.bits = &r->scratch[1];
    }
    if (op == 3) {
        o = fwsim__look_shift(r, o, FWSIM__LSL, 16, &carry);
        o = fwsim__look_shift(r, o, FWSIM__ASR, 16, &carry);
    }
    fwsim__look_set(r, field(insn, 0, 3), o);
}

static void hint(fwsim__look_run *r, uint32_t insn)
{
    if (insn & 0xf) {
        if (r->world->v6m)
            fwsim__look_end_run(r, FWSIM__LOOK_DEAD);
        r->it = insn & 0xff;
        return;
    }
    /* WFE and WFI; NOP, YIELD, SEV and those to come do nothing. */
    if (field(insn, 4, 4) == 2 || field(insn, 4, 4) == 3)
        fwsim__look_end_run(r, FWSIM__LOOK_IDLE);
}

static void change_state(fwsim__look_run *r, uint32_t insn)
{
    uint32_t value = insn >> 4 & 1;

    if (!fwsim__look_privileged(r))
        return;
    if (insn & 2)
        r->primask = value;
    if (insn & 1)
        r->faultmask = value;
}

static void breakpoint(fwsim__look_run *r, uint32_t insn)
{
    /* BKPT 0xAB calls the host (semihosting), and comes back. */
    fwsim__look_end_run(r, (insn & 0xff) == 0xab ? FWSIM__LOOK_LIMIT
                                                 : FWSIM__LOOK_DEAD);
}

/** A5.2.5 */
static void miscellaneous(fwsim__look_run *r, uint32_t insn)
{
    uint32_t imm = (insn & 0x7f) * 4;

    switch (field(insn, 8, 4)) {
    case 0x0:
        fwsim__look_alu(r, insn & 0x80 ? FWSIM__SUB : FWSIM__ADD, 13,
                        fwsim__look_get(r, 13), fwsim__plain(imm), false, 0);
        break;
    case 0x1:
    case 0x3:
    case 0x9:
    case 0xb:
        compare_branch(r, insn);
        break;
    case 0x2:
        extend(r, insn);
        break;
    case 0x4:
    case 0x5:
        push(r, insn);
        break;
    case 0x6:
        if ((insn & 0xffe8) == 0xb660)
            change_state(r, insn);
        else
            fwsim__look_end_run(r, FWSIM__LOOK_DEAD);
        break;
    case 0xa:
        reverse(r, insn);
        break;
    case 0xc:
    case 0xd:
        pop(r, insn);
        break;
    case 0xe:
        breakpoint(r, insn);
        break;
    case 0xf:
        hint(r, insn);
        break;
    default: /* undefined */
        fwsim__look_end_run(r, FWSIM__LOOK_DEAD);
        break;
    }
}

static void multiple(fwsim__look_run *r, uint32_t insn)
{
    unsigned rn = field(insn, 8, 3);
    uint32_t list = insn & 0xff, addr = r->regs[rn];
    uint32_t end = addr + 4 * (uint32_t)__builtin_popcount(list);
    bool load = insn >> 11 & 1;

    r->out->addressed |= fwsim__look_sources(fwsim__look_get(r, rn));
    fwsim__look_list(r, addr, list, load);
    if (!load || !(list >> rn & 1))
        fwsim__look_put(r, rn, end);
}

static void conditional_branch(fwsim__look_run *r, uint32_t insn)
{
    unsigned cond = field(insn, 8, 4);
    uint32_t offset = (uint32_t)((int32_t)(insn << 24) >> 23);

    if (cond == 14) { /* UDF */
        fwsim__look_end_run(r, FWSIM__LOOK_DEAD);
        return;
    }
    if (cond == 15) { /* SVC: the kernel goes on */
        fwsim__look_end_run(r, FWSIM__LOOK_LIMIT);
        return;
    }
    if (r->flags.kind != FWSIM__FLAGS_PLAIN)
        fwsim__look_decide(r, cond);
    fwsim__look_branch(r, fwsim__look_passed(r->nzcv, cond),
                       r->regs[15] + offset);
}

void fwsim__look_insn16(fwsim__look_run *r, uint32_t insn)
{
    switch (insn >> 11) {
    case 0:
    case 1:
    case 2:
        shift_immediate(r, insn);
        break;
    case 3:
        add_subtract(r, insn);
        break;
    case 4:
    case 5:
    case 6:
    case 7:
        immediate(r, insn);
        break;
    case 8:
        if (insn & 0x400)
            special(r, insn);
        else
            data_processing(r, insn);
        break;
    case 9: /* LDR (literal) */
        fwsim__look_load_to(r, field(insn, 8, 3),
                            fwsim__plain((r->regs[15] & ~3u) +
                                         (insn & 0xff) * 4),
                            4, false);
        break;
    case 10:
    case 11:
        access_register(r, insn);
        break;
    case 12:
    case 13:
    case 14:
    case 15:
    case 16:
    case 17:
        access_immediate(r, insn);
        break;
    case 18:
    case 19:
        access_sp(r, insn);
        break;
    case 20: /* ADR */
        fwsim__look_put(r, field(insn, 8, 3),
                        (r->regs[15] & ~3u) + (insn & 0xff) * 4);
        break;
    case 21: /* ADD (SP plus immediate) */
        fwsim__look_put(r, field(insn, 8, 3), r->regs[13] + (insn & 0xff) * 4);
        break;
    case 22:
    case 23:
        miscellaneous(r, insn);
        break;
    case 24:
    case 25:
        multiple(r, insn);
        break;
    case 26:
    case 27:
        conditional_branch(r, insn);
        break;
    default: /* B */
        fwsim__look_jump(r, r->regs[15] +
                                (uint32_t)((int32_t)(insn << 21) >> 20));
        break;
    }
}
