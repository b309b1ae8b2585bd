/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Running the M profile: what each way of leaving the engine means, stepping,
 * sleep, and the instructions that need a look before they are executed.
 */
#include "cpu/armv7m.h"

#include "cpu/thumb.h"

enum { INSN_MAX = 4 };

#define EXC_RETURN_LOWEST 0xf0000000u

/** Numbers the engine gives to software exceptions. */
enum {
    INTR_SVC = 2,
    INTR_PREFETCH_ABORT = 3,
    INTR_DATA_ABORT = 4,
    INTR_BKPT = 7,
    INTR_EXCEPTION_EXIT = 8,
    INTR_NOCP = 17,
    INTR_INVSTATE = 18,
    INTR_STKOF = 19,
    INTR_UNALIGNED = 22
};

/* ------------------------------------------------------------------ */
/* Running                                                              */
/* ------------------------------------------------------------------ */

uint32_t armv7m_pc(fwsim__cpu *cpu)
{
    return fwsim__engine_get(cpu->engine, FWSIM__ARM_PC);
}

static bool is_thumb_state(fwsim__cpu *cpu)
{
    return fwsim__engine_get(cpu->engine, FWSIM__ARM_XPSR) & XPSR_T;
}

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
    if (!cpu->st->exclusive)
        return;
    cpu->st->exclusive = 0;
    run_scratch(cpu, SCRATCH_CLREX);
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

/** Bytes of an instruction. @return how many there are, at most 4 */
static size_t fetch(fwsim__cpu *cpu, uint32_t pc, uint8_t code[INSN_MAX])
{
    for (size_t n = INSN_MAX; n >= 2; n -= 2)
        if (fwsim_mem_read(cpu->m, pc, code, n) == 0)
            return n;
    return 0;
}

static uint16_t halfword_at(fwsim__cpu *cpu, uint32_t pc)
{
    uint16_t half = 0;

    fwsim_mem_read(cpu->m, pc, &half, sizeof half);
    return half;
}

static fwsim__cpu_result stop_with(fwsim_stop *stop, fwsim_stop_reason reason,
                                   uint32_t pc)
{
    stop->reason = reason;
    stop->pc = pc;
    return FWSIM__CPU_STOPPED;
}

static fwsim__cpu_result unsupported(fwsim_stop *stop, const char *text,
                                     uint32_t pc)
{
    stop->text = text;
    return stop_with(stop, FWSIM_STOP_UNSUPPORTED, pc);
}

/** BKPT: a call of semihosting, DebugMonitor, which comes back to it, or a
 * stop. The others go on behind it. */
static fwsim__cpu_result breakpoint(fwsim__cpu *cpu, fwsim_stop *stop)
{
    uint32_t pc = armv7m_pc(cpu);
    bool semihosting = cpu->semihost && halfword_at(cpu, pc) == 0xbeab;
    uint64_t result = 0;
    fwsim__arm_reg r0 = FWSIM__ARM_R0;

    if (!semihosting && armv7m_debug_event(cpu, DFSR_BKPT))
        return FWSIM__CPU_RAN;
    armv7m_set_pc(cpu, pc + 2, true);
    if (!semihosting)
        return stop_with(stop, FWSIM_STOP_BREAKPOINT, pc);
    cpu->m->now++;
    if (fwsim__semihost_call(cpu->semihost, fwsim__engine_get(cpu->engine, r0),
                             fwsim__engine_get(cpu->engine, r0 + 1), 4,
                             &result, &stop->exit_code))
        return stop_with(stop, FWSIM_STOP_EXIT, pc + 2);
    fwsim__engine_set(cpu->engine, r0, (uint32_t)result);
    return FWSIM__CPU_RAN;
}

/** Supervisor call; it cannot wait: it escalates to HardFault, which is a fault
 * of this instruction (B1.5.11; B1.5.6, ReturnAddress). */
static void supervisor_call(fwsim__cpu *cpu)
{
    uint32_t svc = armv7m_pc(cpu) - 2;

    armv7m_pend(cpu, EXC_SVCALL);
    if (armv7m_next(cpu, false) != EXC_SVCALL &&
        cpu->st->prio[EXC_SVCALL] >= armv7m_execution_priority(cpu)) {
        /* The frame has the next instruction, as that of SVCall would: kernels
         * that mask with PRIMASK look for the SVC before it. */
        armv7m_bit_put(cpu->st->pending, EXC_SVCALL, false);
        armv7m_hardfault(cpu, cpu->core->v6m ? 0 : HFSR_FORCED, svc);
    }
}

static void wait_for_event(fwsim__cpu *cpu)
{
    if (cpu->st->event)
        cpu->st->event = 0;
    else
        cpu->st->sleep = ARMV7M_WFE;
    cpu->m->now++;
}

/** Something that is no instruction: WFE, the wrong state, or undefined. */
static void invalid_instruction(fwsim__cpu *cpu)
{
    uint32_t pc = armv7m_pc(cpu);
    uint8_t code[INSN_MAX] = { 0 };

    if (!is_thumb_state(cpu)) {
        armv7m_fault(cpu, EXC_USAGEFAULT, CFSR_INVSTATE, pc);
        return;
    }
    /* WFE comes with the PC behind it; WFE.W is f3af 8002. */
    if (halfword_at(cpu, pc - 2) == 0xbf20 ||
        (halfword_at(cpu, pc - 4) == 0xf3af &&
         halfword_at(cpu, pc - 2) == 0x8002)) {
        wait_for_event(cpu);
        return;
    }
    if (fetch(cpu, pc, code) == INSN_MAX && !cpu->core->v6m) {
        fwsim__thumb_insn insn;

        fwsim__thumb_decode(code, sizeof code, &insn);
        if (insn.flags & (FWSIM__THUMB_COPROC | FWSIM__THUMB_FP)) {
            armv7m_fault(cpu, EXC_USAGEFAULT, CFSR_NOCP, pc);
            return;
        }
    }
    armv7m_fault(cpu, EXC_USAGEFAULT, CFSR_UNDEFINSTR, pc);
}

static void fetch_fault(fwsim__cpu *cpu, uint32_t pc)
{
    if (armv7m_nonsecure(cpu, pc))
        armv7m_invalid_transition(cpu, pc);
    else if (!armv7m_mpu_allows(cpu, pc, FWSIM__FETCH,
                                !armv7m_unprivileged(cpu)))
        armv7m_fault(cpu, EXC_MEMMANAGE, CFSR_IACCVIOL, pc);
    else
        armv7m_fault(cpu, EXC_BUSFAULT, CFSR_IBUSERR, pc);
}

/**
 * Faults of the address alone. EXC_RETURN is one only for the instruction that
 * branches to it (B1.5.8): here it comes from a vector or from a frame.
 */
static bool may_begin(fwsim__cpu *cpu)
{
    uint32_t pc = armv7m_pc(cpu);

    if (!is_thumb_state(cpu))
        armv7m_fault(cpu, EXC_USAGEFAULT, CFSR_INVSTATE, pc);
    else if (pc >= EXC_RETURN_LOWEST)
        fetch_fault(cpu, pc);
    else
        return true;
    return false;
}

/** Go on behind an instruction that had no effect. */
static void skip_instruction(fwsim__cpu *cpu, uint32_t pc)
{
    uint32_t psr = armv7m_get(cpu, FWSIM__ARM_XPSR);
    unsigned it = ((psr >> 25) & 3) | ((psr >> 8) & 0xfc);
    fwsim__thumb_insn insn;
    uint8_t code[INSN_MAX];

    fwsim__thumb_decode(code, fetch(cpu, pc, code), &insn);
    /* ITAdvance() of A7.3.2 */
    it = it & 7 ? (it & 0xe0) | (it << 1 & 0x1f) : 0;
    armv7m_set(cpu, FWSIM__ARM_XPSR, (psr & ~XPSR_IT) | (it & 3) << 25 |
                                         (it & 0xfc) << 8);
    armv7m_set_pc(cpu, pc + insn.size, true);
    cpu->m->now++;
}

static void data_fault(fwsim__cpu *cpu, uint32_t pc, uint32_t addr,
                       fwsim__access_kind kind, bool privileged)
{
    if (!armv7m_mpu_allows(cpu, addr, kind, privileged)) {
        cpu->st->mmfar = addr;
        armv7m_fault(cpu, EXC_MEMMANAGE, CFSR_DACCVIOL | CFSR_MMARVALID, pc);
        return;
    }
    if (!cpu->core->v6m)
        cpu->st->bfar = addr;
    /* B3.2.8: handlers with a negative priority may probe the bus. */
    if ((cpu->st->ccr & CCR_BFHFNMIGN) && armv7m_execution_priority(cpu) < 0) {
        cpu->st->cfsr |= CFSR_PRECISERR | CFSR_BFARVALID;
        skip_instruction(cpu, pc);
        return;
    }
    armv7m_fault(cpu, EXC_BUSFAULT, CFSR_PRECISERR | CFSR_BFARVALID, pc);
}

static void memory_fault(fwsim__cpu *cpu, const fwsim__exit *exit)
{
    uint32_t pc = armv7m_pc(cpu);

    if (exit->access == FWSIM__FETCH)
        fetch_fault(cpu, pc);
    else
        data_fault(cpu, pc,
                   armv7m_refused_address(cpu, pc, (uint32_t)exit->addr),
                   exit->access, !armv7m_unprivileged(cpu));
}

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
    skip_instruction(cpu, pc);
}

static fwsim__cpu_result interrupted(fwsim__cpu *cpu, unsigned number,
                                     fwsim_stop *stop)
{
    uint32_t pc = armv7m_pc(cpu);

    switch (number) {
    case INTR_SVC:
        supervisor_call(cpu);
        break;
    case INTR_BKPT:
        return breakpoint(cpu, stop);
    case INTR_PREFETCH_ABORT:
        fetch_fault(cpu, pc);
        break;
    case INTR_DATA_ABORT:
    case INTR_UNALIGNED:
        armv7m_fault(cpu, EXC_USAGEFAULT, CFSR_UNALIGNED, pc);
        break;
    case INTR_NOCP:
        armv7m_fault(cpu, EXC_USAGEFAULT, CFSR_NOCP, pc);
        break;
    case INTR_STKOF:
        armv7m_fault(cpu, EXC_USAGEFAULT, CFSR_STKOF, pc);
        break;
    case INTR_INVSTATE:
        armv7m_fault(cpu, EXC_USAGEFAULT, CFSR_INVSTATE, pc);
        break;
    default:
        armv7m_fault(cpu, EXC_USAGEFAULT, CFSR_UNDEFINSTR, pc);
        break;
    }
    return FWSIM__CPU_RAN;
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

static fwsim__cpu_result handle(fwsim__cpu *cpu, const fwsim__exit *exit,
                                fwsim_stop *stop);

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
        data_fault(cpu, pc, addr, insn->store ? FWSIM__WRITE : FWSIM__READ,
                   false);
    else if (insn->result < 0)
        return unsupported(stop, "a branch to Non-secure state (BXNS, BLXNS), "
                                 "which is not simulated", pc);
    else
        test_target(cpu, insn, pc);
    return FWSIM__CPU_RAN;
}

/** Execute the instruction at the PC, whatever it is, and nothing else. */
static fwsim__cpu_result execute_one(fwsim__cpu *cpu, fwsim_stop *stop)
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
    exit = fwsim__engine_run(cpu->engine, pc);
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
    return handle(cpu, &exit, stop);
}

/** The next instruction behind the PC, in its block, that needs a look.
 * @return false when there is none */
static bool next_look(fwsim__cpu *cpu, uint32_t *at)
{
    fwsim__thumb_insn insn;

    armv7m_decode(cpu, *at, &insn);
    for (*at += insn.size; *at < cpu->block_end; *at += insn.size) {
        armv7m_decode(cpu, *at, &insn);
        if (armv7m_needs_look(cpu, &insn))
            return true;
    }
    return false;
}

/** The block at the PC was not begun: it goes up to the next instruction that
 * needs a look, where another block begins; or by one instruction. */
static fwsim__cpu_result at_flagged(fwsim__cpu *cpu, fwsim_stop *stop)
{
    uint32_t pc = armv7m_pc(cpu), at = pc;
    unsigned watched = fwsim__engine_watched(cpu->engine);
    fwsim__thumb_insn first;
    fwsim__exit exit;

    armv7m_decode(cpu, pc, &first);
    if (cpu->steps || (first.flags & FWSIM__THUMB_CONTROL) ||
        !armv7m_passes(cpu, &first, pc) || !next_look(cpu, &at))
        return execute_one(cpu, stop);
    if (armv7m_set_breaks(cpu, at))
        return FWSIM__CPU_FAILED;
    fwsim__engine_watch(cpu->engine, watched & FWSIM__THUMB_NO_CARE);
    exit = fwsim__engine_run(cpu->engine, pc);
    armv7m_update_watch(cpu);
    if (armv7m_set_breaks(cpu, ARMV7M_NO_BREAK))
        return FWSIM__CPU_FAILED;
    return handle(cpu, &exit, stop);
}

/** The page was refused for some of its bytes, and this instruction may have
 * those it wants. */
static bool may_have_its_part(fwsim__cpu *cpu)
{
    return cpu->refused_part && !cpu->checked &&
           armv7m_instruction_allowed(cpu, armv7m_pc(cpu));
}

static fwsim__cpu_result execute_checked(fwsim__cpu *cpu, fwsim_stop *stop)
{
    fwsim__cpu_result result;
    armv7m_touch touch;

    armv7m_touched(cpu, armv7m_pc(cpu), &touch);
    if (!armv7m_condition_holds(cpu))
        touch.bytes = 0;
    cpu->checked = true;
    result = execute_one(cpu, stop);
    cpu->checked = false;
    fwsim__engine_pages_changed(cpu->engine);
    if (result == FWSIM__CPU_RAN && !cpu->st->fault)
        armv7m_watch(cpu, &touch);
    return result;
}

/** Call the hooks of the instruction at the PC, then execute it. */
static fwsim__cpu_result at_break(fwsim__cpu *cpu, fwsim_stop *stop)
{
    uint32_t pc = armv7m_pc(cpu);

    /* The run ends before the instruction: its hooks belong to the next. */
    if (cpu->m->now >= cpu->m->deadline || !fwsim__hooks_code(cpu->m, pc))
        return FWSIM__CPU_RAN;
    if (armv7m_pc(cpu) != pc)
        return FWSIM__CPU_RAN;
    /* The hook is not called again when the run goes on from here. */
    if (cpu->m->stop_requested) {
        cpu->skip_break = pc;
        return FWSIM__CPU_RAN;
    }
    return execute_one(cpu, stop);
}

static fwsim__cpu_result handle(fwsim__cpu *cpu, const fwsim__exit *exit,
                                fwsim_stop *stop)
{
    uint32_t pc = armv7m_pc(cpu);

    if (pc >= EXC_RETURN_LOWEST && (exit->kind == FWSIM__EXIT_FAULT ||
                                    exit->kind == FWSIM__EXIT_INTERRUPT)) {
        if (cpu->st->exception)
            armv7m_return(cpu, pc | is_thumb_state(cpu));
        else
            fetch_fault(cpu, pc);
        cpu->forget_pages |= cpu->protects;
        return FWSIM__CPU_RAN;
    }
    switch (exit->kind) {
    case FWSIM__EXIT_DEADLINE:
    case FWSIM__EXIT_FLAGGED:
    case FWSIM__EXIT_BREAK:
        return FWSIM__CPU_RAN;
    case FWSIM__EXIT_HALT:
        cpu->st->sleep = ARMV7M_WFI;
        return FWSIM__CPU_RAN;
    case FWSIM__EXIT_INTERRUPT:
        return interrupted(cpu, exit->number, stop);
    case FWSIM__EXIT_FAULT:
        if (may_have_its_part(cpu))
            return execute_checked(cpu, stop);
        memory_fault(cpu, exit);
        return FWSIM__CPU_RAN;
    case FWSIM__EXIT_INVALID:
        invalid_instruction(cpu);
        return FWSIM__CPU_RAN;
    case FWSIM__EXIT_FAILED:
        break;
    }
    return FWSIM__CPU_FAILED;
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
    armv7m_hide_fpca(cpu);
    if (st->lockup) {
        armv7m_stop_fault(cpu, stop);
        return stop_with(stop, FWSIM_STOP_LOCKUP, armv7m_pc(cpu));
    }
    if (st->fault && !cpu->m->opt.deliver_faults) {
        armv7m_stop_fault(cpu, stop);
        st->fault = 0;
        return stop_with(stop, FWSIM_STOP_FAULT, armv7m_pc(cpu));
    }
    st->fault = 0;
    if (!awake(cpu))
        return FWSIM__CPU_ASLEEP;
    next = armv7m_next(cpu, false);
    if (next && armv7m_bit(st->targets_ns, next))
        return unsupported(stop, "an interrupt that targets Non-secure state "
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

/** MON_STEP: DebugMonitor after one instruction (C1.4.3). */
static fwsim__cpu_result execute_monitored(fwsim__cpu *cpu, fwsim_stop *stop)
{
    bool steps = armv7m_monitor_steps(cpu);
    fwsim__cpu_result result = execute_one(cpu, stop);

    if (steps && result == FWSIM__CPU_RAN)
        armv7m_debug_event(cpu, DFSR_HALTED);
    return result;
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
            result = execute_monitored(cpu, stop);
            continue;
        }
        exit = fwsim__engine_run(cpu->engine, armv7m_pc(cpu));
        if (exit.kind == FWSIM__EXIT_BREAK)
            result = at_break(cpu, stop);
        else if (exit.kind == FWSIM__EXIT_FLAGGED)
            result = at_flagged(cpu, stop);
        else
            result = handle(cpu, &exit, stop);
    }
    return result;
}

fwsim__cpu_result armv7m_step(fwsim__cpu *cpu, fwsim_stop *stop)
{
    bool took;
    fwsim__cpu_result result = before(cpu, stop, &took);

    if (result != FWSIM__CPU_RAN || took || !may_begin(cpu))
        return result;
    if (cpu->skip_break == ARMV7M_NO_BREAK && fwsim__hooks_code(cpu->m, armv7m_pc(cpu)) &&
        cpu->m->stop_requested) {
        cpu->skip_break = armv7m_pc(cpu);
        return FWSIM__CPU_RAN;
    }
    return execute_monitored(cpu, stop);
}

