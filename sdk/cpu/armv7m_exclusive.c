/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The exclusive monitor in the state, for snapshots and fingerprints. The
 * engine has the one that counts, and does not show it (A3.4).
 *
 * Most blocks with an exclusive load have the store, too, and leave the monitor
 * clear. Of the others, the load that comes last is remembered by what it has
 * loaded: before the block, if it is its first instruction; else from its
 * registers behind the block. Where these change, or where a condition decides,
 * the block is left before the instruction.
 */
#include "cpu/armv7m.h"

enum { INSN_MAX = 4 };

static fwsim__arm_reg base_of(const fwsim__thumb_insn *load)
{
    return FWSIM__ARM_R0 + load->base;
}

static fwsim__arm_reg result_of(const fwsim__thumb_insn *load)
{
    return FWSIM__ARM_R0 + (unsigned)load->result;
}

/** Remember a load that the block begins with. */
static void load_first(fwsim__cpu *cpu, const fwsim__thumb_insn *load)
{
    armv7m_exclusive *x = &cpu->st->exclusive;

    x->addr = fwsim__engine_get(cpu->engine, base_of(load)) +
              (uint32_t)load->offset;
    x->size = load->width;
    x->value = 0;
    fwsim_mem_read(cpu->m, x->addr, &x->value, x->size);
}

/** Remember a load whose block has been executed. */
static void loaded(fwsim__cpu *cpu)
{
    armv7m_exclusive *x = &cpu->st->exclusive;
    fwsim__thumb_insn load;

    armv7m_decode(cpu, cpu->load, &load);
    x->addr = fwsim__engine_get(cpu->engine, base_of(&load)) +
              (uint32_t)load.offset;
    x->value = fwsim__engine_get(cpu->engine, result_of(&load));
    x->size = load.width;
    cpu->load = ARMV7M_NO_BREAK;
}

fwsim__exit armv7m_run_engine(fwsim__cpu *cpu, uint32_t pc)
{
    fwsim__exit exit = fwsim__engine_run(cpu->engine, pc);

    if (cpu->load != ARMV7M_NO_BREAK)
        loaded(cpu);
    if (cpu->stacks_written)
        armv7m_align_stacks(cpu);
    return exit;
}

/** Registers that an instruction may write, and what else is in it. */
static uint32_t look(fwsim__cpu *cpu, uint32_t pc, fwsim__thumb_insn *insn)
{
    uint8_t code[INSN_MAX] = { 0 };

    armv7m_decode(cpu, pc, insn);
    fwsim_mem_read(cpu->m, pc, code, insn->size);
    return fwsim__thumb_writes(code, insn->size);
}

/** The exclusive load that leaves the monitor set. */
typedef struct last_load {
    bool there;
    bool changed; /* one of its registers, behind it */
    uint32_t pc;
    fwsim__thumb_insn insn;
} last_load;

static void behind(last_load *load, uint32_t written)
{
    load->changed |= load->there && (written >> load->insn.base & 1 ||
                                     written >> load->insn.result & 1);
}

static last_load change(const fwsim__thumb_insn *insn, uint32_t pc)
{
    return (last_load){ .there = (insn->flags & FWSIM__THUMB_MEM) &&
                                 !insn->store,
                        .changed = insn->base == insn->result,
                        .pc = pc,
                        .insn = *insn };
}

bool armv7m_note_exclusive(fwsim__cpu *cpu, uint32_t pc)
{
    unsigned conditional = armv7m_conditional(cpu);
    bool changes = false;
    last_load load = { 0 };
    fwsim__thumb_insn insn;

    if (cpu->core->v6m)
        return true;
    for (uint32_t at = pc; at < cpu->block_end; at += insn.size) {
        uint32_t written = look(cpu, at, &insn);

        if (!(insn.flags & FWSIM__THUMB_EXCLUSIVE)) {
            behind(&load, written);
        } else if (conditional && at != pc) {
            cpu->look_at = at;
            return false;
        } else if (!conditional || armv7m_condition_holds(cpu)) {
            load = change(&insn, at);
            changes = true;
        }
        conditional = insn.conditional ? insn.conditional
                      : conditional    ? conditional - 1
                                       : 0;
    }
    if (!changes)
        return true;
    if (load.there && load.pc != pc && load.changed) {
        cpu->look_at = load.pc;
        return false;
    }
    cpu->st->exclusive = (armv7m_exclusive){ 0 };
    if (load.there && load.pc == pc) {
        load_first(cpu, &load.insn);
    } else if (load.there) {
        cpu->load = load.pc;
        fwsim__attention(cpu->m);
    }
    return true;
}
