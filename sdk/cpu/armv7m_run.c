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
/* Blocks                                                               */
/* ------------------------------------------------------------------ */

unsigned armv7m_scan(void *user, uint64_t pc, unsigned size, unsigned *flags,
                     bool *stable)
{
    fwsim__cpu *cpu = user;
    const fwsim__mem *mem = fwsim__mem_at(cpu->m, pc);
    uint64_t offset;

    *flags = 0;
    *stable = false;
    if (!mem)
        return 0;
    offset = pc - mem->base;
    if (size > mem->size - offset)
        size = (unsigned)(mem->size - offset);
    *stable = mem->desc->kind != FWSIM_MEM_RAM;
    return fwsim__thumb_scan(mem->bytes + offset, size, flags);
}

/** Without FPCA the engine takes zero as FPSCR when it meets an FP instruction.
 * Right is FPDSCR, for a new context, or no change when ASPEN is clear and
 * there are no contexts (A2.5.3, ExecuteFPCheck). */
static bool replaces_fpscr(const armv7m_state *st)
{
    return st->fpdscr || !(st->fpccr & FPCCR_ASPEN);
}

static bool begins_fp_context(const fwsim__cpu *cpu)
{
    return replaces_fpscr(cpu->st) &&
           !(fwsim__engine_get(cpu->engine, FWSIM__ARM_CONTROL) & CONTROL_FPCA);
}

static void begin_fp_context(fwsim__cpu *cpu)
{
    uint32_t control = fwsim__engine_get(cpu->engine, FWSIM__ARM_CONTROL);

    fwsim__engine_set(cpu->engine, FWSIM__ARM_CONTROL, control | CONTROL_FPCA);
    if (cpu->st->fpccr & FPCCR_ASPEN)
        fwsim__engine_set(cpu->engine, FWSIM__ARM_FPSCR, cpu->st->fpdscr);
}

/** Instructions of the block need a look one by one, see execute_one. */
static bool needs_care(const fwsim__cpu *cpu, unsigned flags)
{
    const armv7m_state *st = cpu->st;

    return ((flags & FWSIM__THUMB_FP) && begins_fp_context(cpu)) ||
           ((flags & FWSIM__THUMB_FP) && !(st->cpacr & (1u << 20))) ||
           ((flags & FWSIM__THUMB_DIV) && (st->ccr & CCR_DIV_0_TRP)) ||
           ((flags & FWSIM__THUMB_MEM) && (st->ccr & CCR_UNALIGN_TRP));
}

/** MSR or CPS: FAULTMASK and CONTROL.nPRIV decide about rights. */
static void special_register_written(fwsim__cpu *cpu)
{
    cpu->limits_stale = true;
    if (cpu->protects)
        armv7m_protection_changed(cpu);
}

bool armv7m_flagged(void *user, uint64_t pc, unsigned size, unsigned flags)
{
    fwsim__cpu *cpu = user;

    (void)pc;
    (void)size;
    if (flags & FWSIM__THUMB_SEV)
        cpu->st->event = 1;
    if (flags & FWSIM__THUMB_EXCLUSIVE)
        cpu->st->exclusive = 1;
    if (needs_care(cpu, flags & fwsim__engine_watched(cpu->engine)))
        return false;
    if ((flags & FWSIM__THUMB_FP) && (cpu->st->fpccr & FPCCR_LSPACT))
        armv7m_lazy_save(cpu);
    if (flags & FWSIM__THUMB_MASK)
        special_register_written(cpu);
    /* A mask may fall: look at what pends when this block is done. */
    if ((flags & FWSIM__THUMB_MASK) && armv7m_highest_pending(cpu))
        fwsim__attention(cpu->m);
    return true;
}

void armv7m_update_watch(fwsim__cpu *cpu)
{
    const armv7m_state *st = cpu->st;
    unsigned flags =
        FWSIM__THUMB_SEV | FWSIM__THUMB_EXCLUSIVE | FWSIM__THUMB_MASK;

    if (cpu->core->fpu && (!(st->cpacr & (1u << 20)) || replaces_fpscr(st) ||
                           (st->fpccr & FPCCR_LSPACT)))
        flags |= FWSIM__THUMB_FP;
    if (!cpu->core->v6m && (st->ccr & CCR_DIV_0_TRP))
        flags |= FWSIM__THUMB_DIV;
    if (!cpu->core->v6m && (st->ccr & CCR_UNALIGN_TRP))
        flags |= FWSIM__THUMB_MEM;
    fwsim__engine_watch(cpu->engine, flags);
}

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
        armv7m_bit_put(cpu->st->pending, EXC_SVCALL, false);
        armv7m_set_pc(cpu, svc, true);
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
    if (!armv7m_mpu_allows(cpu, pc, FWSIM__FETCH, !armv7m_unprivileged(cpu)))
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

static void memory_fault(fwsim__cpu *cpu, const fwsim__exit *exit)
{
    uint32_t pc = armv7m_pc(cpu);
    uint32_t addr;

    if (exit->access == FWSIM__FETCH) {
        fetch_fault(cpu, pc);
        return;
    }
    addr = armv7m_refused_address(cpu, pc, (uint32_t)exit->addr);
    if (!armv7m_mpu_allows(cpu, addr, exit->access,
                           !armv7m_unprivileged(cpu))) {
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

/** Whether an instruction of an IT block is executed (A7.3). */
static bool condition_holds(fwsim__cpu *cpu)
{
    uint32_t psr = fwsim__engine_get(cpu->engine, FWSIM__ARM_XPSR);
    unsigned it = ((psr >> 25) & 3) | ((psr >> 8) & 0xfc);
    bool n = psr >> 31 & 1, z = psr >> 30 & 1, c = psr >> 29 & 1,
         v = psr >> 28 & 1;
    const bool table[] = { z, c, n, v, c && !z, n == v, n == v && !z, true };

    if (!(it & 0xf))
        return true;
    return table[it >> 5] != (((it >> 4) & 1) && it >> 5 != 7);
}

/** Check what the engine does not: traps of CCR, and the FPU being off.
 * @return CFSR bits of the fault, or 0 */
static uint32_t trap_of(fwsim__cpu *cpu, const fwsim__thumb_insn *insn,
                        uint32_t pc)
{
    const armv7m_state *st = cpu->st;
    uint32_t regs[15];
    fwsim__arm_reg names[15];

    if (!condition_holds(cpu))
        return 0;
    if ((insn->flags & FWSIM__THUMB_FP) && !(st->cpacr & (1u << 20)))
        return CFSR_NOCP;
    for (unsigned i = 0; i < 15; i++)
        names[i] = FWSIM__ARM_R0 + i;
    fwsim__engine_get_many(cpu->engine, names, regs, 15);
    if ((insn->flags & FWSIM__THUMB_DIV) && (st->ccr & CCR_DIV_0_TRP) &&
        regs[insn->divisor] == 0)
        return CFSR_DIVBYZERO;
    if ((insn->flags & FWSIM__THUMB_MEM) && (st->ccr & CCR_UNALIGN_TRP) &&
        fwsim__thumb_address(insn, pc, regs) % insn->width)
        return CFSR_UNALIGNED;
    return 0;
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

/** Execute the instruction at the PC, whatever it is, and nothing else. */
static fwsim__cpu_result execute_one(fwsim__cpu *cpu, fwsim_stop *stop)
{
    fwsim_machine *m = cpu->m;
    uint32_t pc = armv7m_pc(cpu);
    uint8_t code[INSN_MAX];
    fwsim__thumb_insn insn = { .size = 2 };
    size_t avail = fetch(cpu, pc, code);
    unsigned watched = fwsim__engine_watched(cpu->engine);
    uint64_t deadline = m->deadline, until = m->until;
    fwsim__exit exit;

    if (avail)
        fwsim__thumb_decode(code, avail, &insn);
    if (needs_care(cpu, insn.flags & watched)) {
        uint32_t cfsr = trap_of(cpu, &insn, pc);

        if (cfsr) {
            armv7m_fault(cpu, EXC_USAGEFAULT, cfsr, pc);
            return FWSIM__CPU_RAN;
        }
    }
    if (insn.flags & FWSIM__THUMB_MASK)
        special_register_written(cpu);
    /* Not beyond the instruction: a break behind it, and no second block. */
    cpu->skip_break = pc;
    if (armv7m_set_breaks(cpu, pc + insn.size))
        return FWSIM__CPU_FAILED;
    fwsim__engine_watch(cpu->engine, watched & (FWSIM__THUMB_SEV |
                                                FWSIM__THUMB_EXCLUSIVE));
    if ((insn.flags & FWSIM__THUMB_FP) && (cpu->st->fpccr & FPCCR_LSPACT))
        armv7m_lazy_save(cpu);
    if ((insn.flags & FWSIM__THUMB_FP) && begins_fp_context(cpu))
        begin_fp_context(cpu);
    m->until = m->deadline = m->now + 1;
    exit = fwsim__engine_run(cpu->engine, pc);
    /* The instruction may have set an event, or asked for attention. */
    m->until = until;
    if (m->deadline)
        m->deadline = deadline < fwsim__event_next(m) ? deadline
                                                      : fwsim__event_next(m);
    cpu->skip_break = ARMV7M_NO_BREAK;
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
    if (!condition_holds(cpu))
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
            result = execute_one(cpu, stop);
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

