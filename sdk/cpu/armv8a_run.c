/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Running AArch64: what each way of leaving the engine means, stepping, sleep,
 * and the blocks that need a look before they are executed.
 */
#include "cpu/armv8a.h"

#include <string.h>

/** Numbers the engine gives to exceptions. */
enum {
    INTR_UNDEFINED = 1,
    INTR_SVC = 2,
    INTR_DATA_ABORT = 4,
    INTR_BRK = 7,
    INTR_HVC = 11,
    INTR_SMC = 13
};

/** Registers that let WFI trap, see untrap_wait. */
static const uint32_t wait_controls[] = { SYS_SCR, SYS_HCR, SYS_SCTLR };
#define UNCHANGED UINT64_MAX

#define INSN_HLT_SEMIHOSTING 0xd45e0000u

/* ------------------------------------------------------------------ */
/* Leaving the engine                                                   */
/* ------------------------------------------------------------------ */

static fwsim__cpu_result stop_with(fwsim_stop *stop, fwsim_stop_reason reason,
                                   uint64_t pc)
{
    stop->reason = reason;
    stop->pc = pc;
    return FWSIM__CPU_STOPPED;
}

static fwsim__cpu_result unsupported(fwsim_stop *stop, const char *text,
                                     uint64_t pc)
{
    stop->text = text;
    return stop_with(stop, FWSIM_STOP_UNSUPPORTED, pc);
}

static fwsim__cpu_result semihosting(fwsim__cpu *cpu, fwsim_stop *stop)
{
    uint64_t pc = armv8a_pc(cpu);
    uint64_t result = 0;
    uint64_t op = fwsim__engine_get64(cpu->engine, FWSIM__A64_X0);
    uint64_t param = fwsim__engine_get64(cpu->engine, FWSIM__A64_X0 + 1);

    armv8a_set_pc(cpu, pc + 4);
    cpu->m->now++;
    if (fwsim__semihost_call(cpu->semihost, (uint32_t)op, param, 8, &result,
                             &stop->exit_code))
        return stop_with(stop, FWSIM_STOP_EXIT, pc + 4);
    fwsim__engine_set64(cpu->engine, FWSIM__A64_X0, result);
    return FWSIM__CPU_RAN;
}

/** Is HVC, or SMC, an instruction here (D1.15)? */
static bool is_call(fwsim__cpu *cpu, unsigned ec)
{
    unsigned el = armv8a_el(armv8a_pstate(cpu));
    uint64_t scr = armv8a_system_get(cpu, SYS_SCR);

    if (ec == EC_SMC)
        return cpu->highest_el == 3 && !(scr & SCR_SMD);
    if (cpu->highest_el < 3)
        return cpu->highest_el == 2 && !(armv8a_hcr(cpu) & HCR_HCD);
    return (scr & SCR_HCE) && (el > 1 || (scr & SCR_NS));
}

/** HVC and SMC, which the engine knows without the levels of the board. */
static void call(fwsim__cpu *cpu, uint64_t pc, uint32_t insn)
{
    unsigned ec = insn & 1 ? EC_SMC : EC_HVC;
    uint32_t immediate = insn >> 5 & 0xffff;

    if (ec == EC_SMC && (armv8a_hcr(cpu) & HCR_TSC) &&
        armv8a_el(armv8a_pstate(cpu)) == 1)
        armv8a_synchronous_to(cpu, 2, ec, immediate, pc);
    else if (is_call(cpu, ec))
        armv8a_synchronous(cpu, ec, immediate, pc + 4);
    else
        armv8a_synchronous(cpu, EC_UNKNOWN, 0, pc);
}

static bool is_call_insn(uint32_t insn)
{
    return (insn & 0xffe0001fu) == 0xd4000002u ||
           (insn & 0xffe0001fu) == 0xd4000003u;
}

static fwsim__cpu_result interrupted(fwsim__cpu *cpu, unsigned number,
                                     fwsim_stop *stop)
{
    uint64_t pc = armv8a_pc(cpu);
    uint32_t insn = 0, before = 0;

    armv8a_fetch(cpu, pc, &insn);
    armv8a_fetch(cpu, pc - 4, &before);
    switch (number) {
    case INTR_SVC:
        armv8a_synchronous(cpu, EC_SVC, before >> 5 & 0xffff, pc);
        break;
    case INTR_HVC:
    case INTR_SMC:
        call(cpu, pc - 4, before);
        break;
    case INTR_BRK:
        armv8a_synchronous(cpu, EC_BRK, insn >> 5 & 0xffff, pc);
        break;
    case INTR_DATA_ABORT:
        /* Exclusive and ordered accesses: the address is in Rn. */
        cpu->fault_code = FSC_ALIGNMENT;
        armv8a_abort(cpu,
                     fwsim__engine_get64(cpu->engine,
                                         FWSIM__A64_X0 + (insn >> 5 & 31)),
                     insn >> 22 & 1 ? FWSIM__READ : FWSIM__WRITE);
        break;
    default:
        if (cpu->semihost && insn == INSN_HLT_SEMIHOSTING)
            return semihosting(cpu, stop);
        /* One that the engine's own levels refuse. */
        if (is_call_insn(insn) && armv8a_el(armv8a_pstate(cpu)))
            call(cpu, pc, insn);
        else
            armv8a_undefined(cpu, insn);
        break;
    }
    return FWSIM__CPU_RAN;
}

static fwsim__cpu_result handle(fwsim__cpu *cpu, const fwsim__exit *exit,
                                fwsim_stop *stop)
{
    armv8a_state *st = cpu->st;
    uint32_t insn = 0;

    /* The block did not get to its end. */
    if (exit->kind == FWSIM__EXIT_FAULT || exit->kind == FWSIM__EXIT_INTERRUPT ||
        exit->kind == FWSIM__EXIT_INVALID)
        if (exit->access != FWSIM__FETCH)
            st->returned = st->waiting = 0;
    if (armv8a_at_call_end(cpu))
        return stop_with(stop, FWSIM_STOP_RETURN, armv8a_pc(cpu));
    switch (exit->kind) {
    case FWSIM__EXIT_DEADLINE:
    case FWSIM__EXIT_FLAGGED:
    case FWSIM__EXIT_BREAK:
        return FWSIM__CPU_RAN;
    case FWSIM__EXIT_HALT:
        st->sleep = ARMV8A_WFI;
        return FWSIM__CPU_RAN;
    case FWSIM__EXIT_INTERRUPT:
        return interrupted(cpu, exit->number, stop);
    case FWSIM__EXIT_FAULT:
        armv8a_abort(cpu, exit->addr, exit->access);
        return FWSIM__CPU_RAN;
    case FWSIM__EXIT_INVALID:
        armv8a_fetch(cpu, armv8a_pc(cpu), &insn);
        armv8a_undefined(cpu, insn);
        return FWSIM__CPU_RAN;
    case FWSIM__EXIT_FAILED:
        break;
    }
    return FWSIM__CPU_FAILED;
}

/* ------------------------------------------------------------------ */
/* Running                                                              */
/* ------------------------------------------------------------------ */

int armv8a_set_breaks(fwsim__cpu *cpu, uint64_t extra)
{
    const fwsim__hooks *hooks = &cpu->m->hooks[FWSIM__HOOK_CODE];
    size_t n = 0;

    for (size_t i = 0; i < hooks->count; i++)
        if (hooks->list[i].addr != cpu->skip_break)
            cpu->breaks[n++] = hooks->list[i].addr;
    if (extra != ARMV8A_NO_BREAK)
        cpu->breaks[n++] = extra;
    return fwsim__engine_breaks_set(cpu->engine, cpu->breaks, n);
}

/**
 * The engine ends a run at an address as if WFI stood there, and lets that trap
 * where WFI does. The bits that say so are out of reach of the level that they
 * trap, so taking them away for one run is not seen.
 */
static void untrap_wait(fwsim__cpu *cpu, uint64_t saved[3])
{
    unsigned el = armv8a_el(armv8a_pstate(cpu));
    uint64_t now[3];

    for (unsigned n = 0; n < 3; n++)
        now[n] = saved[n] = armv8a_system_get(cpu, wait_controls[n]);
    if (el < 3)
        now[0] &= ~(uint64_t)SCR_TWI;
    if (el < 2)
        now[1] &= ~(uint64_t)HCR_TWI;
    if (el < 1)
        now[2] |= SCTLR_NTWI;
    for (unsigned n = 0; n < 3; n++)
        if (now[n] != saved[n])
            fwsim__engine_system_set(cpu->engine, wait_controls[n], now[n]);
        else
            saved[n] = UNCHANGED;
}

static void trap_wait_again(fwsim__cpu *cpu, const uint64_t saved[3])
{
    for (unsigned n = 0; n < 3; n++)
        if (saved[n] != UNCHANGED)
            fwsim__engine_system_set(cpu->engine, wait_controls[n], saved[n]);
}

/** Run from the PC, no further than to an address of the same block, and hold
 * nothing on the way. */
static fwsim__cpu_result run_to(fwsim__cpu *cpu, uint64_t end,
                                fwsim_stop *stop)
{
    fwsim_machine *m = cpu->m;
    uint64_t pc = armv8a_pc(cpu), deadline = m->deadline, until = m->until;
    unsigned watched = armv8a_hold_nothing(cpu);
    uint64_t waits[3];
    fwsim__exit exit;

    cpu->skip_break = pc;
    if (armv8a_set_breaks(cpu, end))
        return FWSIM__CPU_FAILED;
    m->until = m->deadline = m->now + 1;
    untrap_wait(cpu, waits);
    exit = fwsim__engine_run(cpu->engine, pc);
    trap_wait_again(cpu, waits);
    m->until = until;
    fwsim__engine_watch(cpu->engine, watched);
    /* The instruction may have set an event, or asked for attention. */
    if (m->deadline)
        m->deadline = deadline < fwsim__event_next(m) ? deadline
                                                      : fwsim__event_next(m);
    cpu->skip_break = ARMV8A_NO_BREAK;
    if (armv8a_set_breaks(cpu, ARMV8A_NO_BREAK))
        return FWSIM__CPU_FAILED;
    return handle(cpu, &exit, stop);
}

/** The instruction at the PC is held. */
static fwsim__cpu_result at_held(fwsim__cpu *cpu, fwsim_stop *stop)
{
    uint64_t pc = armv8a_pc(cpu);
    fwsim__cpu_result result;
    uint32_t insn;

    if (!armv8a_fetch(cpu, pc, &insn) || !armv8a_held(cpu, insn)) {
        cpu->as_user = armv8a_is_as_user(cpu, insn);
        result = run_to(cpu, pc + 4, stop);
        cpu->as_user = false;
        return result;
    }
    return FWSIM__CPU_RAN;
}

/** The block at the PC has something that is not simply executed. */
static fwsim__cpu_result at_flagged(fwsim__cpu *cpu, fwsim_stop *stop)
{
    uint64_t pc = armv8a_pc(cpu);

    if (cpu->aarch32) {
        cpu->aarch32 = false;
        return unsupported(stop, "a return to AArch32, which is not simulated",
                           pc);
    }
    if (pc & 3) {
        armv8a_pc_misaligned(cpu);
        return FWSIM__CPU_RAN;
    }
    return cpu->held == pc ? at_held(cpu, stop)
                           : run_to(cpu, cpu->held, stop);
}

/** Execute the instruction at the PC, whatever it is, and nothing else. */
static fwsim__cpu_result execute_one(fwsim__cpu *cpu, fwsim_stop *stop)
{
    uint64_t pc = armv8a_pc(cpu);
    fwsim__cpu_result result;

    if ((pc & 3) || armv8a_holds(cpu, pc, 4))
        return at_flagged(cpu, stop);
    result = run_to(cpu, pc + 4, stop);
    return cpu->aarch32 ? at_flagged(cpu, stop) : result;
}

/** Call the hooks of the instruction at the PC, then execute it. */
static fwsim__cpu_result at_break(fwsim__cpu *cpu, fwsim_stop *stop)
{
    uint64_t pc = armv8a_pc(cpu);

    if (!fwsim__hooks_code(cpu->m, pc) || armv8a_pc(cpu) != pc ||
        cpu->m->st->power_lost)
        return FWSIM__CPU_RAN;
    /* The hook is not called again when the run goes on from here. */
    if (fwsim__leaves(cpu->m)) {
        cpu->skip_break = pc;
        return FWSIM__CPU_RAN;
    }
    return execute_one(cpu, stop);
}

/** An ERET is done: an illegal one shows now (D1.11.3). */
static void after_return(fwsim__cpu *cpu)
{
    uint64_t pc = armv8a_pc(cpu);

    cpu->st->returned = 0;
    cpu->watch_stale = true;
    /* B2.9.2: the local monitor is clear, which the engine knows. */
    memset(&cpu->st->exclusive, 0, sizeof cpu->st->exclusive);
    cpu->monitor_lost = false;
    if (cpu->m->hooks[FWSIM__HOOK_EXCEPTION].count) {
        fwsim_exception e = { .entry = false, .pc = pc };

        fwsim__hooks_exception(cpu->m, &e);
    }
    if (armv8a_pstate(cpu) & PSTATE_IL)
        armv8a_synchronous(cpu, EC_ILLEGAL, 0, pc);
}

/** The core goes on when something wakes it (D1.16). */
static bool awake(fwsim__cpu *cpu)
{
    armv8a_state *st = cpu->st;

    if (st->waiting) {
        st->waiting = 0;
        st->sleep = ARMV8A_WFE;
    }
    if (st->sleep == ARMV8A_WFE && st->event) {
        st->event = 0;
        st->sleep = ARMV8A_AWAKE;
    }
    if (st->sleep && armv8a_asserted(cpu))
        st->sleep = ARMV8A_AWAKE;
    return !st->sleep;
}

static void report_fault(const fwsim__cpu *cpu, fwsim_stop *stop)
{
    stop->fault.pc = cpu->st->fault_pc;
    stop->fault.esr = cpu->st->fault_esr;
    stop->fault.far = cpu->st->fault_address;
    stop->fault.el = cpu->st->fault_to;
}

/** IC IVAU may name code by an address where it may not be executed. */
static void drop_stale_code(fwsim__cpu *cpu)
{
    bool data = !armv8a_code(cpu, cpu->stale_code, 4);

    if (cpu->stale_all) {
        fwsim__engine_all_code_changed(cpu->engine);
    } else {
        cpu->maintains = data;
        fwsim__engine_code_changed(cpu->engine, cpu->stale_code, 64);
        cpu->maintains = false;
        if (data) /* the engine takes it for executable now */
            fwsim__engine_pages_changed(cpu->engine);
    }
    cpu->stale_all = false;
    cpu->stale_code = ARMV8A_NO_BREAK;
}

/**
 * What comes before an instruction: lockup, a fault to report, the end of a
 * block that returned or waits, sleep, an interrupt.
 * @param took  out: an exception was taken
 */
static fwsim__cpu_result before(fwsim__cpu *cpu, fwsim_stop *stop, bool *took)
{
    armv8a_state *st = cpu->st;
    armv8a_kind kind;
    unsigned target;

    *took = false;
    if (cpu->stale_all || cpu->stale_code != ARMV8A_NO_BREAK)
        drop_stale_code(cpu);
    if (st->returned)
        after_return(cpu);
    if (st->lockup) {
        report_fault(cpu, stop);
        return stop_with(stop, FWSIM_STOP_LOCKUP, armv8a_pc(cpu));
    }
    if (st->fault && !cpu->m->opt.deliver_faults) {
        st->fault = 0;
        report_fault(cpu, stop);
        return stop_with(stop, FWSIM_STOP_FAULT, armv8a_pc(cpu));
    }
    st->fault = 0;
    if (armv8a_system_get(cpu, SYS_HCR) & HCR_VM)
        return unsupported(stop, "HCR_EL2.VM: stage 2 of translation is not "
                                 "simulated", armv8a_pc(cpu));
    if (cpu->watch_stale)
        armv8a_update_watch(cpu);
    if (!awake(cpu))
        return FWSIM__CPU_ASLEEP;
    if (armv8a_asserted(cpu) && armv8a_interrupt(cpu, &kind, &target)) {
        armv8a_take(cpu, target, kind, armv8a_pc(cpu));
        *took = true;
    }
    if (cpu->watch_stale)
        armv8a_update_watch(cpu);
    return FWSIM__CPU_RAN;
}

fwsim__cpu_result armv8a_run(fwsim__cpu *cpu, fwsim_stop *stop)
{
    fwsim_machine *m = cpu->m;
    fwsim__cpu_result result = FWSIM__CPU_RAN;
    bool took;

    while (result == FWSIM__CPU_RAN && m->now < m->deadline) {
        fwsim__exit exit;

        result = before(cpu, stop, &took);
        if (result != FWSIM__CPU_RAN || took)
            continue;
        if (cpu->skip_break != ARMV8A_NO_BREAK) {
            result = execute_one(cpu, stop);
            continue;
        }
        exit = fwsim__engine_run(cpu->engine, armv8a_pc(cpu));
        if (exit.kind == FWSIM__EXIT_BREAK)
            result = at_break(cpu, stop);
        else if (exit.kind == FWSIM__EXIT_FLAGGED)
            result = at_flagged(cpu, stop);
        else
            result = handle(cpu, &exit, stop);
    }
    return result;
}

fwsim__cpu_result armv8a_step(fwsim__cpu *cpu, fwsim_stop *stop)
{
    bool took;
    fwsim__cpu_result result = before(cpu, stop, &took);
    uint64_t pc = armv8a_pc(cpu);

    if (result != FWSIM__CPU_RAN || took)
        return result;
    if (cpu->skip_break == ARMV8A_NO_BREAK && fwsim__hooks_code(cpu->m, pc) &&
        fwsim__leaves(cpu->m)) {
        cpu->skip_break = pc;
        return FWSIM__CPU_RAN;
    }
    return execute_one(cpu, stop);
}
