/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Loads and stores: those of several words (DDI 0403E, A5.3.5), dual and
 * exclusive ones and table branches (A5.3.6), and single ones (A5.3.7 to
 * A5.3.10).
 */
#include "infer/look_run.h"

static void put_loaded(fwsim__look_run *r, unsigned rt, fwsim__operand o)
{
    if (rt == 15)
        fwsim__look_interwork(r, o);
    else
        fwsim__look_set(r, rt, o);
}

void fwsim__look_load_to(fwsim__look_run *r, unsigned rt, fwsim__operand addr,
                         unsigned width, bool is_signed)
{
    uint32_t sources = fwsim__look_sources(addr);
    fwsim__operand o;
    unsigned carry = 0;

    r->out->addressed |= sources;
    o = fwsim__look_load(r, addr.value, width);
    if (r->over)
        return;
    if (is_signed) {
        unsigned n = 32 - 8 * width;

        o = fwsim__look_shift(r, o, FWSIM__LSL, n, &carry);
        o = fwsim__look_shift(r, o, FWSIM__ASR, n, &carry);
    }
    if (sources) {
        /* An element of a table: all that is known is its index. */
        fwsim__bits_mixed(&r->scratch[0], sources | fwsim__look_sources(o));
        o.bits = &r->scratch[0];
    }
    put_loaded(r, rt, o);
}

/** Several words must be aligned (A3.2.1). */
static bool misaligned(fwsim__look_run *r, uint32_t addr)
{
    if (!(addr & 3))
        return false;
    fwsim__look_end_run(r, FWSIM__LOOK_DEAD);
    return true;
}

void fwsim__look_list(fwsim__look_run *r, uint32_t addr, uint32_t list,
                      bool load)
{
    if (misaligned(r, addr))
        return;
    for (; list && !r->over; list &= list - 1, addr += 4) {
        unsigned n = (unsigned)__builtin_ctz(list);

        if (!load) {
            fwsim__look_store(r, addr, 4, fwsim__look_get(r, n));
        } else {
            fwsim__operand o = fwsim__look_load(r, addr, 4);

            if (r->over)
                return;
            if (n == 15)
                fwsim__look_return(r, o);
            else
                fwsim__look_set(r, n, o);
        }
    }
}

void fwsim__look_multiple(fwsim__look_run *r, uint32_t insn)
{
    unsigned rn = insn >> 16 & 15, op = insn >> 23 & 3;
    bool load = insn >> 20 & 1, writeback = insn >> 21 & 1;
    uint32_t list = insn & 0xffff, base = r->regs[rn];
    uint32_t size = 4 * (uint32_t)__builtin_popcount(list);
    uint32_t start = op == 1 ? base : base - size;
    uint32_t end = op == 1 ? base + size : base - size;

    if (op == 0 || op == 3 || !list) {
        fwsim__look_end_run(r, FWSIM__LOOK_DEAD);
        return;
    }
    r->out->addressed |= fwsim__look_sources(fwsim__look_get(r, rn));
    /* Stores see the base as it was; a load of the PC wants it changed. */
    if (load && writeback)
        fwsim__look_put(r, rn, end);
    fwsim__look_list(r, start, list, load);
    if (!load && writeback)
        fwsim__look_put(r, rn, end);
}

/* Dual, exclusive, table branch ---------------------------------------- */

static void table_branch(fwsim__look_run *r, uint32_t insn)
{
    unsigned rn = insn >> 16 & 15, rm = insn & 15;
    bool halves = insn >> 4 & 1;
    fwsim__operand index = fwsim__look_get(r, rm), entry;

    if (index.bits)
        fwsim__look_enumerate(r, index.bits);
    entry = fwsim__look_load(r, r->regs[rn] + (index.value << halves),
                             halves ? 2 : 1);
    if (!r->over)
        fwsim__look_jump(r, r->regs[15] + 2 * entry.value);
}

/** Exclusive stores succeed: nobody else is here. One whose result overwrites
 * what it stores is UNPREDICTABLE (A7.7.167), and undefined on fwsim's core. */
static void exclusive(fwsim__look_run *r, uint32_t addr, unsigned width,
                      unsigned rt, unsigned rd, bool load)
{
    if (addr & (width - 1) || (!load && rd == rt)) {
        fwsim__look_end_run(r, FWSIM__LOOK_DEAD);
        return;
    }
    if (load) {
        fwsim__look_load_to(r, rt, fwsim__plain(addr), width, false);
        return;
    }
    fwsim__look_store(r, addr, width, fwsim__look_get(r, rt));
    if (rd != 15)
        fwsim__look_put(r, rd, 0);
}

/** 1110 1000 110x: LDREXB and its like, TBB, TBH, and those of Armv8-M. */
static void exclusive_or_table(fwsim__look_run *r, uint32_t insn)
{
    unsigned op = insn >> 4 & 15, rt = insn >> 12 & 15, rd = insn & 15;
    uint32_t addr = r->regs[insn >> 16 & 15];
    bool load = insn >> 20 & 1;

    if (op < 2 && load)
        table_branch(r, insn);
    else if ((op & 3) == 3 || op < 4)
        fwsim__look_gap(r);
    else if (op < 8 || op >= 12) /* LDREXB, LDREXH; LDAEX: the same, ordered */
        exclusive(r, addr, 1u << (op & 3), rt, rd, load);
    else /* LDAB, LDAH, LDA, STLB, STLH, STL */
        exclusive(r, addr, 1u << (op & 3), rt, 15, load);
}

static void dual(fwsim__look_run *r, uint32_t insn)
{
    unsigned rn = insn >> 16 & 15, rt = insn >> 12 & 15, rt2 = insn >> 8 & 15;
    bool index = insn >> 24 & 1, up = insn >> 23 & 1;
    bool writeback = insn >> 21 & 1, load = insn >> 20 & 1;
    uint32_t base = rn == 15 ? r->regs[15] & ~3u : r->regs[rn];
    uint32_t moved = up ? base + (insn & 0xff) * 4 : base - (insn & 0xff) * 4;
    uint32_t addr = index ? moved : base;

    r->out->addressed |= fwsim__look_sources(fwsim__look_get(r, rn));
    if (misaligned(r, addr))
        return;
    if (load) {
        fwsim__look_load_to(r, rt, fwsim__plain(addr), 4, false);
        fwsim__look_load_to(r, rt2, fwsim__plain(addr + 4), 4, false);
    } else {
        fwsim__look_store(r, addr, 4, fwsim__look_get(r, rt));
        fwsim__look_store(r, addr + 4, 4, fwsim__look_get(r, rt2));
    }
    if (writeback)
        fwsim__look_put(r, rn, moved);
}

void fwsim__look_dual(fwsim__look_run *r, uint32_t insn)
{
    unsigned rn = insn >> 16 & 15, op = insn >> 20 & 31;

    if (insn == 0xe97fe97f) /* SG does nothing here */
        return;
    if (op == 4 || op == 5) /* LDREX, STREX */
        exclusive(r, r->regs[rn] + (insn & 0xff) * 4, 4, insn >> 12 & 15,
                  insn >> 8 & 15, op & 1);
    else if (op == 12 || op == 13)
        exclusive_or_table(r, insn);
    else if ((op & 0x12) == 0) /* TT and others of Armv8-M */
        fwsim__look_gap(r);
    else
        dual(r, insn);
}

/* Single ---------------------------------------------------------------- */

/** Where a single access goes. @return false: not an instruction */
static bool single_address(fwsim__look_run *r, uint32_t insn,
                           fwsim__operand *addr, uint32_t *moved,
                           bool *writeback)
{
    unsigned rn = insn >> 16 & 15;
    uint32_t imm = insn & 0xff;

    *addr = fwsim__look_get(r, rn);
    *writeback = false;
    if (rn == 15) {
        uint32_t pc = r->regs[15] & ~3u;

        imm = insn & 0xfff;
        *addr = fwsim__plain(insn >> 23 & 1 ? pc + imm : pc - imm);
        return insn >> 20 & 1;
    }
    if (insn >> 23 & 1) {
        addr->value += insn & 0xfff;
        return true;
    }
    if (insn & 0x800) {
        *moved = insn & 0x200 ? addr->value + imm : addr->value - imm;
        *writeback = insn >> 8 & 1;
        if (insn & 0x400)
            addr->value = *moved;
        return insn & 0x500;
    }
    if (!(insn & 0x7c0)) {
        fwsim__operand m = fwsim__look_get(r, insn & 15);
        unsigned carry = 0;

        m = fwsim__look_shift(r, m, FWSIM__LSL, insn >> 4 & 3, &carry);
        if (addr->bits || m.bits) {
            fwsim__bits_add(&r->scratch[2], *addr, m);
            addr->bits = &r->scratch[2];
        }
        addr->value += m.value;
        return true;
    }
    return false;
}

/** LDR PC from a table: the index says where to go, so that what is loaded
 * is a choice and no longer a value. */
static void choose_target(fwsim__look_run *r, uint32_t insn,
                          fwsim__operand *addr)
{
    fwsim__operand index = fwsim__look_get(r, insn & 15);

    if (!index.bits)
        return;
    fwsim__look_enumerate(r, index.bits);
    addr->bits = NULL;
}

void fwsim__look_single(fwsim__look_run *r, uint32_t insn)
{
    unsigned rn = insn >> 16 & 15, rt = insn >> 12 & 15;
    unsigned width = 1u << (insn >> 21 & 3);
    bool load = insn >> 20 & 1, is_signed = insn >> 24 & 1, writeback;
    fwsim__operand addr, old = fwsim__look_get(r, rt);
    uint32_t moved = 0;

    if (width > 4 || (is_signed && (!load || width == 4)) ||
        !single_address(r, insn, &addr, &moved, &writeback)) {
        fwsim__look_end_run(r, FWSIM__LOOK_DEAD);
        return;
    }
    if (load && rt == 15 && width < 4)
        return; /* PLD, PLI and hints */
    if (load && rt == 15 && addr.bits == &r->scratch[2])
        choose_target(r, insn, &addr);
    r->out->addressed |= fwsim__look_sources(addr);
    /* A loaded PC may return to a caller, who wants the base moved. */
    if (writeback)
        fwsim__look_put(r, rn, moved);
    if (load)
        fwsim__look_load_to(r, rt, addr, width, is_signed);
    else
        fwsim__look_store(r, addr.value, width, old);
}
