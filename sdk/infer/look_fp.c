/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Floating point (DDI 0403E, A6): what moves values, so that functions which
 * save registers do not end a look. A register that the run has not loaded is
 * not known; arithmetic is lacking.
 */
#include "infer/look_run.h"

/** The numbers of the registers: doubles count twice. */
static unsigned reg_d(uint32_t insn, bool is_double)
{
    unsigned d = insn >> 22 & 1, vd = insn >> 12 & 15;

    return is_double ? (d << 4 | vd) * 2 : vd << 1 | d;
}

static unsigned reg_n(uint32_t insn)
{
    return (insn >> 16 & 15) << 1 | (insn >> 7 & 1);
}

static unsigned reg_m(uint32_t insn, bool is_double)
{
    unsigned m = insn >> 5 & 1, vm = insn & 15;

    return is_double ? (m << 4 | vm) * 2 : vm << 1 | m;
}

static void put_s(fwsim__look_run *r, unsigned n, uint32_t value)
{
    r->s[n] = value;
    r->s_known |= 1u << n;
}

/** Saving a register whose content is not known does no harm when it goes to
 * the stack, to be loaded back. */
static void transfer(fwsim__look_run *r, unsigned first, unsigned count,
                     uint32_t addr, bool load, bool to_stack)
{
    if (first + count > 32) {
        fwsim__look_end_run(r, FWSIM__LOOK_DEAD);
        return;
    }
    for (unsigned i = first; i < first + count && !r->over; i++, addr += 4) {
        bool known = r->s_known >> i & 1;

        if (load)
            put_s(r, i, fwsim__look_load(r, addr, 4).value);
        else if (known || to_stack)
            fwsim__look_store(r, addr, 4, fwsim__plain(known ? r->s[i] : 0));
        else
            fwsim__look_gap(r);
    }
}

/** VLDR, VSTR, VLDM, VSTM, VPUSH, VPOP (A6.5) */
static void load_store(fwsim__look_run *r, uint32_t insn)
{
    bool is_double = insn >> 8 & 1, load = insn >> 20 & 1;
    bool before = insn >> 24 & 1, up = insn >> 23 & 1;
    bool writeback = insn >> 21 & 1;
    unsigned rn = insn >> 16 & 15, words = insn & 0xff;
    uint32_t base = rn == 15 ? r->regs[15] & ~3u : r->regs[rn];
    uint32_t moved = up ? base + 4 * words : base - 4 * words;
    unsigned first = reg_d(insn, is_double);

    if (before && !writeback) { /* VLDR, VSTR */
        transfer(r, first, is_double ? 2 : 1, moved, load, rn == 13);
        return;
    }
    if (before == up || !words) {
        fwsim__look_gap(r);
        return;
    }
    if (writeback)
        fwsim__look_put(r, rn, moved);
    transfer(r, first, is_double ? words & ~1u : words, before ? moved : base,
             load, rn == 13);
}

/** VMOV between core registers and one or two single registers (A6.6, A6.7) */
static void move_to_core(fwsim__look_run *r, unsigned rt, unsigned n)
{
    if (r->s_known >> n & 1)
        fwsim__look_put(r, rt, r->s[n]);
    else
        fwsim__look_gap(r);
}

static void move_two(fwsim__look_run *r, uint32_t insn)
{
    unsigned rt = insn >> 12 & 15, rt2 = insn >> 16 & 15;
    unsigned m = reg_m(insn, insn >> 8 & 1);

    if (m == 31) {
        fwsim__look_end_run(r, FWSIM__LOOK_DEAD);
    } else if (insn >> 20 & 1) {
        move_to_core(r, rt, m);
        move_to_core(r, rt2, m + 1);
    } else {
        put_s(r, m, r->regs[rt]);
        put_s(r, m + 1, r->regs[rt2]);
    }
}

static void move_one(fwsim__look_run *r, uint32_t insn)
{
    unsigned rt = insn >> 12 & 15, n = reg_n(insn);

    if (insn >> 20 & 1)
        move_to_core(r, rt, n);
    else
        put_s(r, n, r->regs[rt]);
}

/** FPSCR as the run has set it; the flags of comparisons are lacking. */
static void system_register(fwsim__look_run *r, uint32_t insn)
{
    unsigned rt = insn >> 12 & 15;

    if (!(insn >> 20 & 1)) {
        r->fpscr = r->regs[rt];
        r->fpscr_known = true;
    } else if (rt == 15 || !r->fpscr_known) {
        fwsim__look_gap(r);
    } else {
        fwsim__look_put(r, rt, r->fpscr);
    }
}

/** VMOV between registers, of an immediate; VNEG, VABS (A6.4) */
static void data_processing(fwsim__look_run *r, uint32_t insn)
{
    bool is_double = insn >> 8 & 1;
    unsigned d = reg_d(insn, is_double), m = reg_m(insn, is_double);
    uint32_t op = insn & 0xffbf0ed0;

    if (!is_double && (insn & 0xffb00ff0) == 0xeeb00a00) {
        uint32_t imm = (insn >> 12 & 0xf0) | (insn & 15);
        uint32_t exponent = imm & 0x40 ? 0x3e000000 : 0x40000000;

        put_s(r, d, (imm & 0x80) << 24 | exponent | (imm & 0x3f) << 19);
    } else if ((op == 0xeeb00a40 || op == 0xeeb00ac0 || op == 0xeeb10a40) &&
               (r->s_known >> m & 1) &&
               (!is_double || r->s_known >> (m + 1) & 1)) {
        unsigned high = is_double;
        uint32_t v = r->s[m + high];

        if (is_double)
            put_s(r, d, r->s[m]);
        if (op == 0xeeb00ac0)
            v &= 0x7fffffff;
        else if (op == 0xeeb10a40)
            v ^= 0x80000000;
        put_s(r, d + high, v);
    } else {
        fwsim__look_gap(r);
    }
}

void fwsim__look_fp(fwsim__look_run *r, uint32_t insn)
{
    r->control |= 4; /* FPCA: there is a context to save (B1.4.4) */
    if ((insn & 0xfe000000) == 0xec000000 && (insn & 0x01e00000) == 0x00400000)
        move_two(r, insn);
    else if ((insn & 0xfe000000) == 0xec000000 && insn & 0x01a00000)
        load_store(r, insn);
    else if ((insn & 0xff000010) != 0xee000010 &&
             (insn & 0xff000000) == 0xee000000)
        data_processing(r, insn);
    else if ((insn & 0xffe00f7f) == 0xee000a10)
        move_one(r, insn);
    else if ((insn & 0xffef0f10) == 0xeee10a10)
        system_register(r, insn);
    else
        fwsim__look_gap(r);
}
