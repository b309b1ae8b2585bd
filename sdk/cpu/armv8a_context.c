/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The context of AArch64 around a call of the host: what a function that is
 * called, and any exception in it, leaves as it was.
 */
#include "cpu/armv8a.h"

#include <string.h>

_Static_assert(sizeof(armv8a_state) <= FWSIM__CONTEXT_MAX, "a context fits");

void armv8a_context_save(fwsim__cpu *cpu, void *context)
{
    cpu->m->cpu_ops->sync_out(cpu);
    memcpy(context, cpu->st, sizeof *cpu->st);
}

/** Registers that an exception changes; the others are settings. */
static bool is_of_exceptions(const char *name)
{
    return strncmp(name, "spsr_", 5) == 0 || strncmp(name, "elr_", 4) == 0 ||
           strncmp(name, "esr_", 4) == 0 || strncmp(name, "far_", 4) == 0;
}

void armv8a_context_restore(fwsim__cpu *cpu, const void *context, bool awake)
{
    const armv8a_register *r = armv8a_system_registers;
    const armv8a_state *saved = context;
    armv8a_state *st = cpu->st;

    for (unsigned i = 0; r[i].name; i++)
        st->system[i] = is_of_exceptions(r[i].name)
                            ? saved->system[i]
                            : armv8a_system_get(cpu, r[i].reg);
    memcpy(st->regs, saved->regs, sizeof st->regs);
    memcpy(st->vectors, saved->vectors, sizeof st->vectors);
    memcpy(st->gic.active, saved->gic.active, sizeof st->gic.active);
    memcpy(st->gic.running, saved->gic.running, sizeof st->gic.running);
    st->fault = saved->fault;
    st->fault_pc = saved->fault_pc;
    st->fault_address = saved->fault_address;
    st->fault_esr = saved->fault_esr;
    st->fault_from = saved->fault_from;
    st->fault_to = saved->fault_to;
    st->vector = saved->vector;
    st->lockup = saved->lockup;
    st->sleep = awake ? ARMV8A_AWAKE : saved->sleep;
    st->waiting = awake ? 0 : saved->waiting;
    st->returned = saved->returned;
    memset(&st->exclusive, 0, sizeof st->exclusive);
    cpu->m->cpu_ops->sync_in(cpu);
    fwsim__attention(cpu->m);
}

void armv8a_wake(fwsim__cpu *cpu)
{
    cpu->st->sleep = ARMV8A_AWAKE;
    cpu->st->waiting = 0;
}

bool armv8a_asleep(const fwsim__cpu *cpu)
{
    return cpu->st->sleep != ARMV8A_AWAKE || cpu->st->waiting;
}

void armv8a_pass_hooks(fwsim__cpu *cpu)
{
    cpu->skip_break = armv8a_pc(cpu);
}

bool armv8a_is_exception_return(uint64_t link)
{
    (void)link;
    return false;
}

void armv8a_return_to(fwsim__cpu *cpu, uint64_t link)
{
    armv8a_set_pc(cpu, link);
    cpu->skip_break = ARMV8A_NO_BREAK;
    fwsim__attention(cpu->m);
}

bool armv8a_at_call_end(fwsim__cpu *cpu)
{
    return cpu->m->run.calling && armv8a_pc(cpu) == ARMV8A_CALL_END;
}
