/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Blocks and instructions that need a look before they are executed: traps of
 * CCR, unprivileged accesses of privileged code, CONTROL while FPCA is hidden,
 * Security instructions, ISB in an IT block, floating point, what makes stack
 * pointers of other registers.
 *
 * The scan of a block tells what is in it. Instructions that need a look are
 * checked at the start of their block. Where that cannot be, for what they use
 * is made in the block, or where the look finds something, the block is left
 * before the instruction, which so gets to the start of one (armv7m_run.c).
 */
#include "cpu/armv7m.h"

enum { INSN_MAX = 4 };

#define FPSCR_RMODE (3u << 22)

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
    if (cpu->m->substitute)
        cpu->m->substitute->code(cpu->m->substitute_user, pc, size);
    return fwsim__thumb_scan(mem->bytes + offset, size, flags);
}

void armv7m_decode(fwsim__cpu *cpu, uint32_t pc, fwsim__thumb_insn *insn)
{
    uint8_t code[INSN_MAX];
    size_t avail = INSN_MAX;

    while (avail && fwsim_mem_read(cpu->m, pc, code, avail))
        avail -= 2;
    fwsim__thumb_decode(code, avail, insn);
}

unsigned armv7m_conditional(fwsim__cpu *cpu)
{
    uint32_t psr = fwsim__engine_get(cpu->engine, FWSIM__ARM_XPSR);
    unsigned mask = (psr >> 25 & 3) | (psr >> 8 & 0xc);

    return mask ? 4 - (unsigned)__builtin_ctz(mask) : 0;
}

bool armv7m_condition_holds(fwsim__cpu *cpu)
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

/* ------------------------------------------------------------------ */
/* Floating point                                                       */
/* ------------------------------------------------------------------ */

/** The next FP instruction begins a context, for which the engine takes zero as
 * FPSCR instead of FPDSCR (A2.5.3, ExecuteFPCheck). */
static bool begins_fp_context(const fwsim__cpu *cpu)
{
    return cpu->st->fpdscr && !cpu->hides_fpca &&
           !(fwsim__engine_get(cpu->engine, FWSIM__ARM_CONTROL) & CONTROL_FPCA);
}

static bool fp_is_off(const fwsim__cpu *cpu)
{
    return !(cpu->st->cpacr & (1u << 20));
}

/**
 * VCVT from fixed point rounds to nearest (A7.7, VCVT), and in the engine as
 * FPSCR says, which may get its value with the FP context.
 */
static bool rounds_wrong(const fwsim__cpu *cpu, const fwsim__thumb_insn *insn)
{
    uint32_t fpscr;

    if (!cpu->core->fpu || !(insn->flags & FWSIM__THUMB_OURS) ||
        insn->ours != FWSIM__THUMB_FIXED)
        return false;
    fpscr = (cpu->st->fpccr & FPCCR_LSPACT) || begins_fp_context(cpu)
                ? cpu->st->fpdscr
                : fwsim__engine_get(cpu->engine, FWSIM__ARM_FPSCR);
    return fpscr & FPSCR_RMODE;
}

/**
 * With FPCCR.ASPEN clear there are no FP contexts, and CONTROL.FPCA is what
 * firmware has written (B1.4.4). The engine sets it at each FP instruction, and
 * clears FPSCR when it was not set. It sees FPCA set then, all the time, and
 * firmware sees what is kept here.
 */
void armv7m_hide_fpca(fwsim__cpu *cpu)
{
    bool hide = cpu->core->fpu && !(cpu->st->fpccr & FPCCR_ASPEN);
    uint32_t control;

    if (hide == cpu->hides_fpca)
        return;
    control = armv7m_get(cpu, FWSIM__ARM_CONTROL);
    cpu->hides_fpca = hide;
    armv7m_set(cpu, FWSIM__ARM_CONTROL, control);
    armv7m_update_watch(cpu);
}

/* ------------------------------------------------------------------ */
/* The look                                                             */
/* ------------------------------------------------------------------ */

/** Flags of what needs a look in the current state. */
static unsigned care_of(const fwsim__cpu *cpu)
{
    unsigned care =
        FWSIM__THUMB_UNPRIV | FWSIM__THUMB_OURS | FWSIM__THUMB_SP;

    if (cpu->core->v6m)
        return FWSIM__THUMB_SP;
    if (cpu->st->ccr & CCR_DIV_0_TRP)
        care |= FWSIM__THUMB_DIV;
    if (cpu->st->ccr & CCR_UNALIGN_TRP)
        care |= FWSIM__THUMB_MEM;
    if (cpu->hides_fpca)
        care |= FWSIM__THUMB_CONTROL;
    return care;
}

bool armv7m_needs_look(const fwsim__cpu *cpu, const fwsim__thumb_insn *insn)
{
    return insn->flags & care_of(cpu);
}

uint32_t armv7m_trap_of(fwsim__cpu *cpu, const fwsim__thumb_insn *insn,
                        uint32_t pc)
{
    unsigned care = insn->flags & care_of(cpu);
    fwsim__arm_reg names[15];
    uint32_t regs[15];

    if ((insn->flags & FWSIM__THUMB_FP) && fp_is_off(cpu))
        return CFSR_NOCP;
    if (!(care & (FWSIM__THUMB_DIV | FWSIM__THUMB_MEM)))
        return 0;
    for (unsigned i = 0; i < 15; i++)
        names[i] = FWSIM__ARM_R0 + i;
    fwsim__engine_get_many(cpu->engine, names, regs, 15);
    if ((care & FWSIM__THUMB_DIV) && regs[insn->divisor] == 0)
        return CFSR_DIVBYZERO;
    if ((care & FWSIM__THUMB_MEM) &&
        fwsim__thumb_address(insn, pc, regs) % insn->width)
        return CFSR_UNALIGNED;
    return 0;
}

bool armv7m_passes(fwsim__cpu *cpu, const fwsim__thumb_insn *insn, uint32_t pc)
{
    uint32_t forbidden;

    if (!(insn->flags & (care_of(cpu) | FWSIM__THUMB_FP)) ||
        !armv7m_condition_holds(cpu))
        return true;
    if (armv7m_trap_of(cpu, insn, pc))
        return false;
    if (insn->flags & FWSIM__THUMB_UNPRIV)
        return !armv7m_forbidden(cpu, pc, false, &forbidden);
    if (!(insn->flags & FWSIM__THUMB_OURS))
        return true;
    if (insn->ours == FWSIM__THUMB_ISB)
        return !armv7m_conditional(cpu);
    return insn->ours == FWSIM__THUMB_FIXED || !cpu->core->v8m ||
           armv7m_stays_secure(cpu, insn);
}

/** It needs something before and after it, whatever registers have. */
static bool is_wrapped(const fwsim__cpu *cpu, const fwsim__thumb_insn *insn)
{
    return (insn->flags & care_of(cpu) & FWSIM__THUMB_CONTROL) ||
           rounds_wrong(cpu, insn);
}

bool armv7m_is_alone(const fwsim__cpu *cpu, const fwsim__thumb_insn *insn)
{
    return (insn->flags & FWSIM__THUMB_SP) || is_wrapped(cpu, insn);
}

/* ------------------------------------------------------------------ */
/* Blocks                                                               */
/* ------------------------------------------------------------------ */

/** MSR or CPS: FAULTMASK and CONTROL.nPRIV decide about rights. */
static void special_register_written(fwsim__cpu *cpu)
{
    cpu->limits_stale = true;
    if (cpu->protects)
        armv7m_protection_changed(cpu);
}

/** @return what it was */
static uint32_t change_rmode(fwsim__cpu *cpu, uint32_t rmode)
{
    uint32_t fpscr = fwsim__engine_get(cpu->engine, FWSIM__ARM_FPSCR);

    fwsim__engine_set(cpu->engine, FWSIM__ARM_FPSCR,
                      (fpscr & ~FPSCR_RMODE) | rmode);
    return fpscr & FPSCR_RMODE;
}

void armv7m_before_insn(fwsim__cpu *cpu, const fwsim__thumb_insn *insn)
{
    uint32_t control;

    if (insn->flags & FWSIM__THUMB_MASK)
        special_register_written(cpu);
    if (insn->flags & FWSIM__THUMB_CONTROL) {
        control = armv7m_get(cpu, FWSIM__ARM_CONTROL);
        fwsim__engine_set(cpu->engine, FWSIM__ARM_CONTROL, control);
    }
    if (!(insn->flags & FWSIM__THUMB_FP))
        return;
    if (cpu->st->fpccr & FPCCR_LSPACT)
        armv7m_lazy_save(cpu);
    if (begins_fp_context(cpu)) {
        control = fwsim__engine_get(cpu->engine, FWSIM__ARM_CONTROL);
        fwsim__engine_set(cpu->engine, FWSIM__ARM_CONTROL,
                          control | CONTROL_FPCA);
        fwsim__engine_set(cpu->engine, FWSIM__ARM_FPSCR, cpu->st->fpdscr);
    }
    cpu->rmode = 0;
    if (rounds_wrong(cpu, insn))
        cpu->rmode = change_rmode(cpu, 0);
}

static void align(fwsim__cpu *cpu, fwsim__arm_reg stack)
{
    uint32_t sp = fwsim__engine_get(cpu->engine, stack);

    if (sp & 3)
        fwsim__engine_set(cpu->engine, stack, sp & ~3u);
}

void armv7m_align_stacks(fwsim__cpu *cpu)
{
    cpu->stacks_written = false;
    if (armv7m_unprivileged(cpu))
        return;
    align(cpu, FWSIM__ARM_SP);
    align(cpu, FWSIM__ARM_MSP);
    align(cpu, FWSIM__ARM_PSP);
}

void armv7m_after_insn(fwsim__cpu *cpu, const fwsim__thumb_insn *insn)
{
    if (insn->flags & FWSIM__THUMB_SP)
        align(cpu, FWSIM__ARM_SP);
    if (insn->flags & FWSIM__THUMB_STACKS)
        armv7m_align_stacks(cpu);
    if (insn->flags & FWSIM__THUMB_CONTROL)
        armv7m_set(cpu, FWSIM__ARM_CONTROL,
                   fwsim__engine_get(cpu->engine, FWSIM__ARM_CONTROL));
    if ((insn->flags & FWSIM__THUMB_FP) && cpu->rmode)
        change_rmode(cpu, cpu->rmode);
}

/** The SP stays a multiple of 4: the registers that it is made of are. */
static bool sp_stays(fwsim__cpu *cpu, uint32_t pc, unsigned flags)
{
    enum { REGS = 15 };
    fwsim__arm_reg names[REGS];
    uint32_t values[REGS], need, low = 0;
    const fwsim__mem *mem;
    size_t n = 0;

    if (flags & FWSIM__THUMB_FRAME)
        return !(fwsim__engine_get(cpu->engine, FWSIM__ARM_R0 + 7) & 3);
    mem = fwsim__mem_at(cpu->m, pc);
    if (!mem)
        return false;
    need = fwsim__thumb_sp(mem->bytes + (pc - mem->base), cpu->block_end - pc);
    for (unsigned i = 0; i < REGS; i++)
        if (need >> i & 1)
            names[n++] = FWSIM__ARM_R0 + i;
    fwsim__engine_get_many(cpu->engine, names, values, n);
    while (n--)
        low |= values[n];
    return !(low & 3);
}

/**
 * Everything that needs a look can have it at the start, and passes. Behind the
 * first instruction these are divisors and addresses, in registers that do not
 * change before, IT state and FPSCR; a condition of an IT block is not known
 * yet, and left out.
 */
static bool block_passes(fwsim__cpu *cpu, uint32_t pc, unsigned flags)
{
    unsigned care = care_of(cpu);
    unsigned conditional;
    uint32_t first = pc;
    fwsim__thumb_insn insn;

    if (flags & (care << FWSIM__THUMB_BEHIND))
        return false;
    if ((flags & care & FWSIM__THUMB_SP) && !sp_stays(cpu, pc, flags))
        return false;
    if (!(flags & care & ~(unsigned)FWSIM__THUMB_SP))
        return true;
    armv7m_decode(cpu, pc, &insn);
    if (!armv7m_passes(cpu, &insn, pc))
        return false;
    conditional = armv7m_conditional(cpu);
    for (; pc < cpu->block_end; pc += insn.size) {
        armv7m_decode(cpu, pc, &insn);
        if (is_wrapped(cpu, &insn) ||
            (conditional && (insn.flags & FWSIM__THUMB_OURS) &&
             insn.ours == FWSIM__THUMB_ISB))
            return false;
        if (pc != first && (insn.flags & care) &&
            armv7m_trap_of(cpu, &insn, pc))
            return false;
        conditional = insn.conditional ? insn.conditional
                      : conditional    ? conditional - 1
                                       : 0;
    }
    return true;
}

/** The block takes room on the stack: is there some? Threads of an RTOS have
 * stacks of their own, of which nothing is known. */
static void look_at_stack(fwsim__cpu *cpu, uint32_t pc, unsigned size)
{
    static const fwsim__arm_reg regs[] = { FWSIM__ARM_SP, FWSIM__ARM_CONTROL,
                                           FWSIM__ARM_IPSR };
    const fwsim__mem *mem = fwsim__mem_at(cpu->m, pc);
    uint32_t values[3], taken;
    uint64_t offset;

    if (!mem)
        return;
    offset = pc - mem->base;
    if (size > mem->size - offset)
        size = (unsigned)(mem->size - offset);
    taken = fwsim__thumb_stack(mem->bytes + offset, size);
    fwsim__engine_get_many(cpu->engine, regs, values, 3);
    if ((values[1] & CONTROL_SPSEL) && !values[2])
        return;
    if (values[0] < taken ||
        values[0] - taken < cpu->m->guard.stack_limit) {
        cpu->m->guard.overflowed = true;
        fwsim_request_stop(cpu->m);
    }
}

bool armv7m_flagged(void *user, uint64_t pc, unsigned size, unsigned flags)
{
    fwsim__cpu *cpu = user;
    bool fp = flags & FWSIM__THUMB_FP & fwsim__engine_watched(cpu->engine);

    cpu->steps = fp && (fp_is_off(cpu) || begins_fp_context(cpu));
    cpu->block_end = (uint32_t)pc + size;
    cpu->look_at = ARMV7M_NO_BREAK;
    if (cpu->steps ||
        !block_passes(cpu, (uint32_t)pc,
                      flags & (fwsim__engine_watched(cpu->engine) |
                               FWSIM__THUMB_FRAME)))
        return false;
    if ((flags & FWSIM__THUMB_EXCLUSIVE) &&
        !armv7m_note_exclusive(cpu, (uint32_t)pc))
        return false;
    if ((flags & FWSIM__THUMB_STACK) && cpu->m->guard.stack_limit)
        look_at_stack(cpu, (uint32_t)pc, size);
    if (flags & FWSIM__THUMB_SEV)
        cpu->st->event = 1;
    if (fp && (cpu->st->fpccr & FPCCR_LSPACT))
        armv7m_lazy_save(cpu);
    if (flags & FWSIM__THUMB_MASK)
        special_register_written(cpu);
    /* It ends the block: the engine comes back before the next. */
    if (flags & FWSIM__THUMB_STACKS) {
        cpu->stacks_written = true;
        fwsim__attention(cpu->m);
    }
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

    if (cpu->core->fpu &&
        (fp_is_off(cpu) || st->fpdscr || (st->fpccr & FPCCR_LSPACT)))
        flags |= FWSIM__THUMB_FP;
    flags |= care_of(cpu) | care_of(cpu) << FWSIM__THUMB_BEHIND;
    if (cpu->m->guard.stack_limit)
        flags |= FWSIM__THUMB_STACK;
    fwsim__engine_watch(cpu->engine, flags);
}
