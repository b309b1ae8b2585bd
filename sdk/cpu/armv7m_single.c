/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Instructions that are executed by themselves: they need a look, have hooks,
 * touch a page that is given in part, or are followed by DebugMonitor.
 */
#include "cpu/armv7m.h"

#include <string.h>

/** TT and its like: the engine knows nothing of our SAU and MPU. */
static void test_target(fwsim__cpu *cpu, const fwsim__thumb_insn *insn,
                        uint32_t pc)
{
    fwsim__arm_reg operand = FWSIM__ARM_R0 + insn->operand;
    fwsim__arm_reg result = FWSIM__ARM_R0 + (unsigned)insn->result;
    bool privileged = !insn->unprivileged && !armv7m_unprivileged(cpu);

    fwsim__engine_set(cpu->engine, result,
                      armv7m_target(cpu,
                                    fwsim__engine_get(cpu->engine, operand),
                                    privileged, insn->alternate));
    armv7m_skip_instruction(cpu, pc);
}

int armv7m_set_breaks(fwsim__cpu *cpu, uint64_t extra)
{
    const fwsim__hooks *hooks = &cpu->m->hooks[FWSIM__HOOK_CODE];
    size_t n = 0;

    for (size_t i = 0; i < hooks->count; i++)
        if (hooks->list[i].addr != cpu->skip_break)
            cpu->breaks[n++] = hooks->list[i].addr;
    if (extra != ARMV7M_NO_BREAK)
        cpu->breaks[n++] = extra;
    return fwsim__engine_breaks_set(cpu->engine, cpu->breaks, n);
}

/** What happens in place of an instruction that does not pass. */
static fwsim__cpu_result instead_of(fwsim__cpu *cpu,
                                    const fwsim__thumb_insn *insn, uint32_t pc,
                                    fwsim_stop *stop)
{
    uint32_t trap = armv7m_trap_of(cpu, insn, pc);
    uint32_t addr;

    if (trap)
        armv7m_fault(cpu, EXC_USAGEFAULT, trap, pc);
    else if ((insn->flags & FWSIM__THUMB_UNPRIV) &&
             armv7m_forbidden(cpu, pc, false, &addr))
        armv7m_data_fault(cpu, pc, addr,
                          insn->store ? FWSIM__WRITE : FWSIM__READ, false);
    else if (insn->ours == FWSIM__THUMB_ISB)
        armv7m_skip_instruction(cpu, pc);
    else if (insn->ours == FWSIM__THUMB_NONSECURE)
        return armv7m_unsupported(stop,
                                  "a branch to Non-secure state (BXNS, "
                                  "BLXNS), which is not simulated", pc);
    else
        test_target(cpu, insn, pc);
    return FWSIM__CPU_RAN;
}

/** Execute the instruction at the PC, whatever it is, and nothing else. */
static fwsim__cpu_result execute(fwsim__cpu *cpu, fwsim_stop *stop)
{
    fwsim_machine *m = cpu->m;
    uint32_t pc = armv7m_pc(cpu);
    unsigned watched = fwsim__engine_watched(cpu->engine);
    uint64_t deadline = m->deadline, until = m->until;
    fwsim__thumb_insn insn;
    fwsim__exit exit;

    armv7m_decode(cpu, pc, &insn);
    if (!armv7m_passes(cpu, &insn, pc))
        return instead_of(cpu, &insn, pc, stop);
    /* Not beyond the instruction: a break behind it, and no second block. */
    cpu->skip_break = pc;
    if (armv7m_set_breaks(cpu, pc + insn.size))
        return FWSIM__CPU_FAILED;
    fwsim__engine_watch(cpu->engine, watched & (FWSIM__THUMB_SEV |
                                                FWSIM__THUMB_EXCLUSIVE));
    armv7m_before_insn(cpu, &insn);
    m->until = m->deadline = m->now + 1;
    exit = armv7m_run_engine(cpu, pc);
    /* The instruction may have set an event, or asked for attention. */
    m->until = until;
    if (m->deadline)
        m->deadline = deadline < fwsim__event_next(m) ? deadline
                                                      : fwsim__event_next(m);
    armv7m_after_insn(cpu, &insn);
    cpu->skip_break = ARMV7M_NO_BREAK;
    armv7m_update_watch(cpu);
    if (armv7m_set_breaks(cpu, ARMV7M_NO_BREAK))
        return FWSIM__CPU_FAILED;
    return armv7m_handle(cpu, &exit, stop);
}

/** The next instruction behind the PC, in its block, that needs a look.
 * @return false when there is none */
static bool next_look(fwsim__cpu *cpu, uint32_t *at)
{
    fwsim__thumb_insn insn;

    armv7m_decode(cpu, *at, &insn);
    for (*at += insn.size; *at < cpu->block_end; *at += insn.size) {
        armv7m_decode(cpu, *at, &insn);
        if (*at == cpu->look_at || armv7m_needs_look(cpu, &insn))
            return true;
    }
    return false;
}

/** The block at the PC was not begun: it goes up to the next instruction that
 * needs a look, where another block begins; or by one instruction. */
fwsim__cpu_result armv7m_at_flagged(fwsim__cpu *cpu, fwsim_stop *stop)
{
    uint32_t pc = armv7m_pc(cpu), at = pc;
    unsigned watched = fwsim__engine_watched(cpu->engine);
    fwsim__thumb_insn first;
    fwsim__exit exit;

    armv7m_decode(cpu, pc, &first);
    if (cpu->steps || armv7m_is_alone(cpu, &first) ||
        !armv7m_passes(cpu, &first, pc) || !next_look(cpu, &at))
        return execute(cpu, stop);
    if (armv7m_set_breaks(cpu, at))
        return FWSIM__CPU_FAILED;
    fwsim__engine_watch(cpu->engine, watched & FWSIM__THUMB_NO_CARE);
    exit = armv7m_run_engine(cpu, pc);
    armv7m_update_watch(cpu);
    if (armv7m_set_breaks(cpu, ARMV7M_NO_BREAK))
        return FWSIM__CPU_FAILED;
    return armv7m_handle(cpu, &exit, stop);
}

bool armv7m_may_have_part(fwsim__cpu *cpu)
{
    return cpu->refused_part && !cpu->checked &&
           armv7m_instruction_allowed(cpu, armv7m_pc(cpu));
}

/** Somebody may intercept the access. @return false: a bus error, delivered */
static bool bus_answers(fwsim__cpu *cpu, const armv7m_touch *touch)
{
    fwsim_machine *m = cpu->m;

    if (!m->intercept || !touch->bytes ||
        !fwsim__mem_at(m, touch->addr) ||
        m->intercept->memory(m->intercept_user, touch->addr, touch->bytes,
                             touch->store))
        return true;
    armv7m_data_fault(cpu, touch->pc, touch->addr,
                      touch->store ? FWSIM__WRITE : FWSIM__READ,
                      !armv7m_unprivileged(cpu));
    return false;
}

fwsim__cpu_result armv7m_execute_checked(fwsim__cpu *cpu, fwsim_stop *stop)
{
    fwsim__cpu_result result;
    armv7m_touch touch;

    armv7m_touched(cpu, armv7m_pc(cpu), &touch);
    if (!armv7m_condition_holds(cpu))
        touch.bytes = 0;
    if (!bus_answers(cpu, &touch))
        return FWSIM__CPU_RAN;
    cpu->checked = true;
    result = execute(cpu, stop);
    cpu->checked = false;
    if (touch.store)
        armv7m_stored(cpu, touch.addr, touch.bytes);
    fwsim__engine_pages_changed(cpu->engine);
    if (result == FWSIM__CPU_RAN && !cpu->st->fault)
        armv7m_watch(cpu, &touch);
    return result;
}

fwsim__cpu_result armv7m_execute_unlimited(fwsim__cpu *cpu, fwsim_stop *stop)
{
    uint32_t limits[2];
    fwsim__cpu_result result;

    armv7m_limits_read(cpu);
    memcpy(limits, cpu->st->limits, sizeof limits);
    memset(cpu->st->limits, 0, sizeof limits);
    armv7m_limits_write(cpu);
    result = execute(cpu, stop);
    memcpy(cpu->st->limits, limits, sizeof limits);
    armv7m_limits_write(cpu);
    return result;
}

/** Call the hooks of the instruction at the PC, then execute it. */
fwsim__cpu_result armv7m_at_break(fwsim__cpu *cpu, fwsim_stop *stop)
{
    uint32_t pc = armv7m_pc(cpu);

    /* The run ends before the instruction: its hooks belong to the next. */
    if (cpu->m->now >= cpu->m->deadline || !fwsim__hooks_code(cpu->m, pc))
        return FWSIM__CPU_RAN;
    if (armv7m_pc(cpu) != pc || cpu->m->st->power_lost)
        return FWSIM__CPU_RAN;
    /* The hook is not called again when the run goes on from here. */
    if (fwsim__leaves(cpu->m)) {
        cpu->skip_break = pc;
        return FWSIM__CPU_RAN;
    }
    return execute(cpu, stop);
}

/** MON_STEP: DebugMonitor after one instruction (C1.4.3). */
fwsim__cpu_result armv7m_execute_monitored(fwsim__cpu *cpu, fwsim_stop *stop)
{
    bool steps = armv7m_monitor_steps(cpu);
    fwsim__cpu_result result = execute(cpu, stop);

    if (steps && result == FWSIM__CPU_RAN)
        armv7m_debug_event(cpu, DFSR_HALTED);
    return result;
}
