/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What each way of leaving the engine means: faults, calls, breakpoints, WFE,
 * a PC that is EXC_RETURN.
 */
#include "cpu/armv7m.h"

enum { INSN_MAX = 4 };

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

bool armv7m_is_thumb(fwsim__cpu *cpu)
{
    return fwsim__engine_get(cpu->engine, FWSIM__ARM_XPSR) & XPSR_T;
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

fwsim__cpu_result armv7m_stop_with(fwsim_stop *stop, fwsim_stop_reason reason,
                                   uint32_t pc)
{
    stop->reason = reason;
    stop->pc = pc;
    return FWSIM__CPU_STOPPED;
}

fwsim__cpu_result armv7m_unsupported(fwsim_stop *stop, const char *text,
                                     uint32_t pc)
{
    stop->text = text;
    return armv7m_stop_with(stop, FWSIM_STOP_UNSUPPORTED, pc);
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
        return armv7m_stop_with(stop, FWSIM_STOP_BREAKPOINT, pc);
    cpu->m->now++;
    if (fwsim__semihost_call(cpu->semihost, fwsim__engine_get(cpu->engine, r0),
                             fwsim__engine_get(cpu->engine, r0 + 1), 4,
                             &result, &stop->exit_code))
        return armv7m_stop_with(stop, FWSIM_STOP_EXIT, pc + 2);
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

    if (!armv7m_is_thumb(cpu)) {
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

void armv7m_fetch_fault(fwsim__cpu *cpu, uint32_t pc)
{
    if (armv7m_nonsecure(cpu, pc))
        armv7m_invalid_transition(cpu, pc);
    else if (!armv7m_mpu_allows(cpu, pc, FWSIM__FETCH,
                                !armv7m_unprivileged(cpu)))
        armv7m_fault(cpu, EXC_MEMMANAGE, CFSR_IACCVIOL, pc);
    else
        armv7m_fault(cpu, EXC_BUSFAULT, CFSR_IBUSERR, pc);
}

/** Go on behind an instruction that had no effect. */
void armv7m_skip_instruction(fwsim__cpu *cpu, uint32_t pc)
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

void armv7m_data_fault(fwsim__cpu *cpu, uint32_t pc, uint32_t addr,
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
        armv7m_skip_instruction(cpu, pc);
        return;
    }
    armv7m_fault(cpu, EXC_BUSFAULT, CFSR_PRECISERR | CFSR_BFARVALID, pc);
}

static void memory_fault(fwsim__cpu *cpu, const fwsim__exit *exit)
{
    uint32_t pc = armv7m_pc(cpu);

    if (exit->access == FWSIM__FETCH)
        armv7m_fetch_fault(cpu, pc);
    else
        armv7m_data_fault(cpu, pc,
                   armv7m_refused_address(cpu, pc, (uint32_t)exit->addr),
                   exit->access, !armv7m_unprivileged(cpu));
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
        armv7m_fetch_fault(cpu, pc);
        break;
    case INTR_DATA_ABORT:
    case INTR_UNALIGNED:
        armv7m_fault(cpu, EXC_USAGEFAULT, CFSR_UNALIGNED, pc);
        break;
    case INTR_NOCP:
        armv7m_fault(cpu, EXC_USAGEFAULT, CFSR_NOCP, pc);
        break;
    case INTR_STKOF:
        if (armv7m_limits_ignored(cpu))
            return armv7m_execute_unlimited(cpu, stop);
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

/** LDR, or LDM with the PC in its list. @param second  its second halfword */
static bool loads_pc(fwsim__cpu *cpu, uint32_t second,
                     const fwsim__thumb_insn *insn)
{
    uint16_t code = halfword_at(cpu, second);
    bool list = insn->flags & FWSIM__THUMB_MEM && insn->aligned;

    return (insn->flags & FWSIM__THUMB_MEM) && !insn->store &&
           (list ? code & 0x8000 : insn->width == 4 && code >> 12 == 15);
}

/**
 * The block has ended in a branch that never returns from an exception: MOV,
 * ADD or BLX (B1.5.8). BX, POP, LDM and LDR do.
 */
static bool branch_stays(fwsim__cpu *cpu)
{
    uint32_t at = (uint32_t)fwsim__engine_block(cpu->engine);
    uint32_t end = at + fwsim__engine_page_size(cpu->engine);

    while (at < end) {
        uint16_t code = halfword_at(cpu, at);
        fwsim__thumb_insn insn;

        if ((code & 0xfd87) == 0x4487 || (code & 0xff87) == 0x4780)
            return true;
        if ((code & 0xff87) == 0x4700 || (code & 0xff00) == 0xbd00)
            return false;
        armv7m_decode(cpu, at, &insn);
        at += insn.size;
        if (insn.size == 4 && loads_pc(cpu, at - 2, &insn))
            return false;
    }
    return false;
}

fwsim__cpu_result armv7m_handle(fwsim__cpu *cpu, const fwsim__exit *exit,
                                fwsim_stop *stop)
{
    uint32_t pc = armv7m_pc(cpu);

    if (armv7m_at_call_end(cpu))
        return armv7m_stop_with(stop, FWSIM_STOP_RETURN, pc);
    if (pc >= ARMV7M_EXC_RETURNS && (exit->kind == FWSIM__EXIT_FAULT ||
                                    exit->kind == FWSIM__EXIT_INTERRUPT)) {
        if (cpu->st->exception && !branch_stays(cpu))
            armv7m_return(cpu, pc | armv7m_is_thumb(cpu));
        else
            armv7m_fetch_fault(cpu, pc);
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
        if (armv7m_may_have_part(cpu))
            return armv7m_execute_checked(cpu, stop);
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
