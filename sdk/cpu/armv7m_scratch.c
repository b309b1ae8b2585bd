/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the engine gives no other access to than by instructions: the exclusive
 * monitor and the stack limits. They are executed in a page of their own.
 */
#include "cpu/armv7m.h"

#include <string.h>

/**
 * Run code outside of the machine's time.
 * @param pc  where; until the engine comes back
 */
static void run_untimed(fwsim__cpu *cpu, uint32_t pc)
{
    fwsim_machine *m = cpu->m;
    uint64_t now = m->now, deadline = m->deadline;
    size_t block_hooks = m->hooks[FWSIM__HOOK_BLOCK].count;
    uint8_t *edges = m->edges.map;

    m->deadline = UINT64_MAX;
    m->hooks[FWSIM__HOOK_BLOCK].count = 0;
    m->edges.map = NULL;
    fwsim__engine_run(cpu->engine, pc);
    m->hooks[FWSIM__HOOK_BLOCK].count = block_hooks;
    m->edges.map = edges;
    m->now = now;
    m->deadline = deadline;
}

/** Run a piece of the scratch page, whatever the state the core is in: in an
 * IT block it would depend on the condition. */
static void run_scratch(fwsim__cpu *cpu, uint32_t piece)
{
    uint32_t pc = armv7m_pc(cpu);
    uint32_t psr = armv7m_get(cpu, FWSIM__ARM_XPSR);

    if (psr & XPSR_IT)
        armv7m_set(cpu, FWSIM__ARM_XPSR, psr & ~XPSR_IT);
    cpu->in_scratch = true;
    run_untimed(cpu, ARMV7M_SCRATCH + piece);
    cpu->in_scratch = false;
    if (psr & XPSR_IT)
        armv7m_set(cpu, FWSIM__ARM_XPSR, psr);
    armv7m_set_pc(cpu, pc, psr & XPSR_T);
}

/** The engine gives no access to its monitor: execute CLREX (B1.5.6). */
void armv7m_clear_exclusive(fwsim__cpu *cpu)
{
    cpu->load = ARMV7M_NO_BREAK;
    if (!cpu->st->exclusive.size)
        return;
    cpu->st->exclusive = (armv7m_exclusive){ 0 };
    run_scratch(cpu, SCRATCH_CLREX);
}

/** Load the value of the state once more, from a memory that has it for that
 * time. Monitors of devices are not restored: a load has side effects there. */
static void load_exclusive(fwsim__cpu *cpu, const armv7m_exclusive *x)
{
    static const fwsim__arm_reg names[2] = { FWSIM__ARM_R0, FWSIM__ARM_R0 + 1 };
    fwsim__mem *mem = fwsim__mem_at(cpu->m, x->addr);
    uint32_t saved[2], now;
    uint8_t *bytes;

    if (!mem || x->addr + (uint64_t)x->size > mem->base + mem->size)
        return;
    bytes = mem->bytes + (x->addr - mem->base);
    memcpy(&now, bytes, x->size);
    memcpy(bytes, &x->value, x->size);
    fwsim__engine_get_many(cpu->engine, names, saved, 2);
    fwsim__engine_set(cpu->engine, names[0], x->addr);
    run_scratch(cpu, x->size == 4   ? SCRATCH_LDREX
                     : x->size == 2 ? SCRATCH_LDREXH
                                    : SCRATCH_LDREXB);
    fwsim__engine_set_many(cpu->engine, names, saved, 2);
    memcpy(bytes, &now, x->size);
    /* The page was given whatever its rights are. */
    cpu->forget_pages = true;
}

void armv7m_restore_exclusive(fwsim__cpu *cpu)
{
    cpu->load = ARMV7M_NO_BREAK;
    if (cpu->core->v6m)
        return;
    run_scratch(cpu, SCRATCH_CLREX);
    if (cpu->st->exclusive.size)
        load_exclusive(cpu, &cpu->st->exclusive);
}

/** Nor to its stack limits: execute MRS and MSR, which need privilege, outside
 * of an IT block, with the limits in r0 and r1. */
static void access_limits(fwsim__cpu *cpu, uint32_t piece)
{
    static const fwsim__arm_reg names[2] = { FWSIM__ARM_R0, FWSIM__ARM_R0 + 1 };
    fwsim__engine *e = cpu->engine;
    bool unprivileged = armv7m_unprivileged(cpu);
    uint32_t psr = armv7m_get(cpu, FWSIM__ARM_XPSR);
    uint32_t saved[2];

    fwsim__engine_get_many(e, names, saved, 2);
    fwsim__engine_set_many(e, names, cpu->st->limits, 2);
    armv7m_set(cpu, FWSIM__ARM_XPSR, psr & ~XPSR_IT);
    if (unprivileged)
        fwsim__engine_set(e, FWSIM__ARM_IPSR, EXC_RESET);
    run_scratch(cpu, piece);
    fwsim__engine_get_many(e, names, cpu->st->limits, 2);
    if (unprivileged)
        fwsim__engine_set(e, FWSIM__ARM_IPSR, 0);
    armv7m_set(cpu, FWSIM__ARM_XPSR, psr);
    fwsim__engine_set_many(e, names, saved, 2);
}

void armv7m_limits_read(fwsim__cpu *cpu)
{
    if (cpu->core->v8m && cpu->limits_stale)
        access_limits(cpu, SCRATCH_READ_LIMITS);
    cpu->limits_stale = false;
}

void armv7m_limits_write(fwsim__cpu *cpu)
{
    if (cpu->core->v8m)
        access_limits(cpu, SCRATCH_WRITE_LIMITS);
    cpu->limits_stale = false;
}
