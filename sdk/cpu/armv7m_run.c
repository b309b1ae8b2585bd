/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Running the M profile: exceptions before instructions, sleep, the run loop,
 * stepping.
 */
#include "cpu/armv7m.h"

uint32_t armv7m_pc(fwsim__cpu *cpu)
{
    return fwsim__engine_get(cpu->engine, FWSIM__ARM_PC);
}

/**
 * Faults of the address alone. EXC_RETURN is one only for the instruction that
 * branches to it (B1.5.8): here it comes from a vector or from a frame.
 */
static bool may_begin(fwsim__cpu *cpu)
{
    uint32_t pc = armv7m_pc(cpu);

    if (!armv7m_is_thumb(cpu))
        armv7m_fault(cpu, EXC_USAGEFAULT, CFSR_INVSTATE, pc);
    else if (pc >= ARMV7M_EXC_RETURNS)
        armv7m_fetch_fault(cpu, pc);
    else
        return true;
    return false;
}

/** The core goes on when something wakes it (B1.5.17, B1.5.19). */
static bool awake(fwsim__cpu *cpu)
{
    armv7m_state *st = cpu->st;

    if (st->sleep == ARMV7M_WFE && st->event) {
        st->event = 0;
        st->sleep = ARMV7M_AWAKE;
    }
    if (st->sleep && armv7m_next(cpu, true))
        st->sleep = ARMV7M_AWAKE;
    return !st->sleep;
}

/**
 * What comes before an instruction: lockup, a fault to report, an exception
 * to take, sleep.
 * @param took  out: an exception was taken
 */
static fwsim__cpu_result before(fwsim__cpu *cpu, fwsim_stop *stop, bool *took)
{
    armv7m_state *st = cpu->st;
    unsigned next;

    *took = false;
    if (cpu->forget_pages) {
        cpu->forget_pages = false;
        fwsim__engine_pages_changed(cpu->engine);
    }
    if (st->vectreset)
        armv7m_reset_core(cpu);
    armv7m_hide_fpca(cpu);
    if (st->lockup) {
        armv7m_stop_fault(cpu, stop);
        return armv7m_stop_with(stop, FWSIM_STOP_LOCKUP, armv7m_pc(cpu));
    }
    if (st->fault && !cpu->m->opt.deliver_faults) {
        armv7m_stop_fault(cpu, stop);
        st->fault = 0;
        return armv7m_stop_with(stop, FWSIM_STOP_FAULT, armv7m_pc(cpu));
    }
    st->fault = 0;
    if (!awake(cpu))
        return FWSIM__CPU_ASLEEP;
    next = armv7m_next(cpu, false);
    if (next && armv7m_bit(st->targets_ns, next))
        return armv7m_unsupported(stop,
                                  "an interrupt that targets Non-secure state "
                                  "(NVIC_ITNS), which is not simulated",
                                  armv7m_pc(cpu));
    if (next) {
        cpu->protects |= armv7m_unprivileged(cpu);
        armv7m_enter(cpu, next);
        cpu->forget_pages |= cpu->protects;
        armv7m_update_watch(cpu);
        *took = true;
    }
    return FWSIM__CPU_RAN;
}

fwsim__cpu_result armv7m_run(fwsim__cpu *cpu, fwsim_stop *stop)
{
    fwsim_machine *m = cpu->m;
    fwsim__cpu_result result = FWSIM__CPU_RAN;
    bool took;

    /* A loop of its own, as most exits of the engine are the core's business
     * alone. Attention clears the deadline and ends it. */
    while (result == FWSIM__CPU_RAN && m->now < m->deadline) {
        fwsim__exit exit;

        result = before(cpu, stop, &took);
        if (result != FWSIM__CPU_RAN || took)
            continue;
        if (!may_begin(cpu))
            continue;
        if (cpu->skip_break != ARMV7M_NO_BREAK || armv7m_monitor_steps(cpu)) {
            result = armv7m_execute_monitored(cpu, stop);
            continue;
        }
        exit = armv7m_run_engine(cpu, armv7m_pc(cpu));
        if (exit.kind == FWSIM__EXIT_BREAK)
            result = armv7m_at_break(cpu, stop);
        else if (exit.kind == FWSIM__EXIT_FLAGGED)
            result = armv7m_at_flagged(cpu, stop);
        else
            result = armv7m_handle(cpu, &exit, stop);
    }
    return result;
}

fwsim__cpu_result armv7m_step(fwsim__cpu *cpu, fwsim_stop *stop)
{
    bool took;
    fwsim__cpu_result result = before(cpu, stop, &took);

    if (result != FWSIM__CPU_RAN || took || !may_begin(cpu))
        return result;
    if (cpu->skip_break == ARMV7M_NO_BREAK &&
        fwsim__hooks_code(cpu->m, armv7m_pc(cpu)) && fwsim__leaves(cpu->m)) {
        cpu->skip_break = armv7m_pc(cpu);
        return FWSIM__CPU_RAN;
    }
    if (cpu->m->st->power_lost)
        return FWSIM__CPU_RAN;
    return armv7m_execute_monitored(cpu, stop);
}
