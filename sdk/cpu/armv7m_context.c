/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The context of the M profile around a call of the host: what a function that
 * is called, and any exception in it, leaves as it was.
 */
#include "cpu/armv7m.h"

#include <string.h>

_Static_assert(sizeof(armv7m_state) <= FWSIM__CONTEXT_MAX, "a context fits");

void armv7m_context_save(fwsim__cpu *cpu, void *context)
{
    cpu->m->cpu_ops->sync_out(cpu);
    memcpy(context, cpu->st, sizeof *cpu->st);
}

/** Faults that the function has caused pend no longer. */
static void drop_faults(armv7m_state *st, const armv7m_state *saved)
{
    for (unsigned n = EXC_HARDFAULT; n < EXC_SVCALL; n++)
        armv7m_bit_put(st->pending, n, armv7m_bit(saved->pending, n));
    st->fault = saved->fault;
    st->fault_pc = saved->fault_pc;
    st->lockup = saved->lockup;
    st->cfsr = saved->cfsr;
    st->hfsr = saved->hfsr;
    st->mmfar = saved->mmfar;
    st->bfar = saved->bfar;
}

void armv7m_context_restore(fwsim__cpu *cpu, const void *context, bool awake)
{
    const armv7m_state *saved = context;
    armv7m_state *st = cpu->st;

    memcpy(st->regs, saved->regs, sizeof st->regs);
    memcpy(st->active, saved->active, sizeof st->active);
    memcpy(st->limits, saved->limits, sizeof st->limits);
    st->exception = saved->exception;
    drop_faults(st, saved);
    /* A lazy save that was due is due again, or has been done. */
    st->fpccr = (st->fpccr & ~FPCCR_LSPACT) | (saved->fpccr & FPCCR_LSPACT);
    st->fpcar = saved->fpcar;
    st->sleep = awake ? ARMV7M_AWAKE : saved->sleep;
    st->vectreset = saved->vectreset;
    st->chain_lr = saved->chain_lr;
    memset(&st->exclusive, 0, sizeof st->exclusive);
    cpu->m->cpu_ops->sync_in(cpu);
    fwsim__attention(cpu->m);
}

void armv7m_wake(fwsim__cpu *cpu)
{
    cpu->st->sleep = ARMV7M_AWAKE;
}

bool armv7m_asleep(const fwsim__cpu *cpu)
{
    return cpu->st->sleep != ARMV7M_AWAKE;
}

void armv7m_pass_hooks(fwsim__cpu *cpu)
{
    cpu->skip_break = armv7m_pc(cpu);
}

bool armv7m_is_exception_return(uint64_t link)
{
    return link >= ARMV7M_EXC_RETURNS && link <= UINT32_MAX;
}

void armv7m_return_to(fwsim__cpu *cpu, uint64_t link)
{
    if (armv7m_is_exception_return(link) && cpu->st->exception) {
        armv7m_return(cpu, (uint32_t)link);
        cpu->forget_pages |= cpu->protects;
    } else {
        armv7m_set_pc(cpu, (uint32_t)link, link & 1);
    }
    cpu->skip_break = ARMV7M_NO_BREAK;
    fwsim__attention(cpu->m);
}

bool armv7m_at_call_end(fwsim__cpu *cpu)
{
    return cpu->m->run.calling && armv7m_pc(cpu) == ARMV7M_CALL_END;
}
