/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The exception model of the M profile: priorities, entry, return, faults.
 *
 * Exceptions are taken between runs of the engine, at the start of a block;
 * late arrival is therefore inherent (the choice is made when the entry is),
 * and tail-chaining is an entry that finds the frame already there.
 */
#include "cpu/armv7m.h"

enum {
    PRIO_NONE = 256, /* thread mode without masks */
    FRAME_WORDS = 8,
    FP_FRAME_WORDS = 26,
    FP_REGS = 16
};

#define EXC_RETURN_BASE   0xffffffe1u
#define EXC_RETURN_FTYPE  (1u << 4) /* 1: no FP frame */
#define EXC_RETURN_THREAD (1u << 3)
#define EXC_RETURN_PSP    (1u << 2)

/** r0-r3, r12, lr, pc, xpsr: the frame, from the lowest address (B1.5.6). */
static const fwsim__arm_reg frame_regs[FRAME_WORDS] = {
    FWSIM__ARM_R0,      FWSIM__ARM_R0 + 1, FWSIM__ARM_R0 + 2,
    FWSIM__ARM_R0 + 3,  FWSIM__ARM_R0 + 12, FWSIM__ARM_LR,
    FWSIM__ARM_PC,      FWSIM__ARM_XPSR,
};

/* ------------------------------------------------------------------ */
/* Priorities (B1.5.4)                                                  */
/* ------------------------------------------------------------------ */

static int priority_of(const fwsim__cpu *cpu, unsigned exception)
{
    if (exception == EXC_NMI)
        return -2;
    if (exception == EXC_HARDFAULT)
        return -1;
    return cpu->st->prio[exception];
}

/** The group priority: what counts for preemption. */
static int group_of(const fwsim__cpu *cpu, int prio)
{
    if (prio < 0)
        return prio;
    return prio & ~((2 << cpu->st->prigroup) - 1);
}

static int lowest(int a, int b)
{
    return a < b ? a : b;
}

static int active_priority(const fwsim__cpu *cpu)
{
    int best = PRIO_NONE;

    for (unsigned w = 0; w < EXC_WORDS; w++) {
        uint32_t set = cpu->st->active[w];

        while (set) {
            unsigned n = w * 32 + (unsigned)__builtin_ctz(set);

            best = lowest(best, group_of(cpu, priority_of(cpu, n)));
            set &= set - 1;
        }
    }
    return best;
}

static int execution_priority(fwsim__cpu *cpu, bool ignore_primask)
{
    int best = active_priority(cpu);
    uint32_t basepri;

    if (!ignore_primask && (armv7m_get(cpu, FWSIM__ARM_PRIMASK) & 1))
        best = lowest(best, 0);
    if (cpu->core->v6m)
        return best;
    basepri = armv7m_get(cpu, FWSIM__ARM_BASEPRI) & 0xff;
    if (basepri)
        best = lowest(best, group_of(cpu, (int)basepri));
    if (armv7m_get(cpu, FWSIM__ARM_FAULTMASK) & 1)
        best = lowest(best, -1);
    return best;
}

int armv7m_execution_priority(fwsim__cpu *cpu)
{
    return execution_priority(cpu, false);
}

bool armv7m_limits_ignored(fwsim__cpu *cpu)
{
    return (cpu->st->ccr & CCR_STKOFHFNMIGN) &&
           armv7m_execution_priority(cpu) < 0;
}

bool armv7m_preempts(fwsim__cpu *cpu, unsigned exception)
{
    return group_of(cpu, priority_of(cpu, exception)) <
           armv7m_execution_priority(cpu);
}

unsigned armv7m_highest_pending(const fwsim__cpu *cpu)
{
    const armv7m_state *st = cpu->st;
    unsigned best = 0;
    int best_prio = PRIO_NONE;

    for (unsigned w = 0; w < EXC_WORDS; w++) {
        uint32_t set = st->pending[w] & st->enabled[w];

        while (set) {
            unsigned n = w * 32 + (unsigned)__builtin_ctz(set);

            if (priority_of(cpu, n) < best_prio) {
                best_prio = priority_of(cpu, n);
                best = n;
            }
            set &= set - 1;
        }
    }
    return best;
}

unsigned armv7m_next(fwsim__cpu *cpu, bool ignore_primask)
{
    unsigned n = armv7m_highest_pending(cpu);

    if (!n || group_of(cpu, priority_of(cpu, n)) >=
                  execution_priority(cpu, ignore_primask))
        return 0;
    return n;
}

bool armv7m_would_take(fwsim__cpu *cpu, unsigned exception)
{
    /* B1.5.17: what PRIMASK masks wakes the core; it is taken later. */
    return group_of(cpu, priority_of(cpu, exception)) <
           execution_priority(cpu, cpu->st->sleep != ARMV7M_AWAKE);
}

void armv7m_pend(fwsim__cpu *cpu, unsigned exception)
{
    armv7m_state *st = cpu->st;

    if (!armv7m_bit(st->pending, exception)) {
        armv7m_bit_put(st->pending, exception, true);
        if ((st->scr & SCR_SEVONPEND) && exception >= EXC_IRQ0)
            st->event = 1;
    }
    fwsim__attention(cpu->m);
}

/* ------------------------------------------------------------------ */
/* Faults (B1.5.11 - B1.5.15)                                           */
/* ------------------------------------------------------------------ */

static void lock_up(fwsim__cpu *cpu, uint32_t pc)
{
    cpu->st->lockup = 1;
    cpu->st->fault_pc = pc;
    fwsim__attention(cpu->m);
}

void armv7m_hardfault(fwsim__cpu *cpu, uint32_t hfsr, uint32_t pc)
{
    armv7m_state *st = cpu->st;

    st->hfsr |= hfsr;
    st->fault_pc = pc;
    if (armv7m_execution_priority(cpu) <= -1) {
        lock_up(cpu, pc);
        return;
    }
    st->fault = EXC_HARDFAULT;
    armv7m_pend(cpu, EXC_HARDFAULT);
}

void armv7m_fault(fwsim__cpu *cpu, unsigned exception, uint32_t cfsr,
                  uint32_t pc)
{
    armv7m_state *st = cpu->st;

    if (cpu->core->v6m) {
        armv7m_hardfault(cpu, 0, pc);
        return;
    }
    st->cfsr |= cfsr;
    if (!armv7m_bit(st->enabled, exception) ||
        group_of(cpu, priority_of(cpu, exception)) >=
            armv7m_execution_priority(cpu)) {
        armv7m_hardfault(cpu, HFSR_FORCED, pc);
        return;
    }
    st->fault_pc = pc;
    st->fault = (uint8_t)exception;
    armv7m_pend(cpu, exception);
}

/* ------------------------------------------------------------------ */
/* Entry (B1.5.6)                                                       */
/* ------------------------------------------------------------------ */

static armv7m_result push_words(fwsim__cpu *cpu, uint32_t addr,
                                bool privileged, const uint32_t *words,
                                unsigned n)
{
    armv7m_result result = ARMV7M_OK;

    for (unsigned i = 0; i < n && result == ARMV7M_OK; i++)
        result = armv7m_push(cpu, addr + 4 * i, privileged, words[i]);
    return result;
}

static armv7m_result save_fp(fwsim__cpu *cpu, uint32_t addr, bool privileged)
{
    uint32_t words[FP_REGS + 1];

    for (unsigned i = 0; i < FP_REGS; i++)
        words[i] = armv7m_get(cpu, FWSIM__ARM_S0 + i);
    words[FP_REGS] = armv7m_get(cpu, FWSIM__ARM_FPSCR);
    return push_words(cpu, addr, privileged, words, FP_REGS + 1);
}

/** FPCCR says whether each fault could have been taken, for the lazy save. */
static uint32_t fp_readiness(fwsim__cpu *cpu)
{
    armv7m_state *st = cpu->st;
    int now = armv7m_execution_priority(cpu);
    uint32_t ready = 0;

    if (now > -1)
        ready |= FPCCR_HFRDY;
    if (armv7m_bit(st->enabled, EXC_BUSFAULT) &&
        priority_of(cpu, EXC_BUSFAULT) < now)
        ready |= FPCCR_BFRDY;
    if (armv7m_bit(st->enabled, EXC_MEMMANAGE) &&
        priority_of(cpu, EXC_MEMMANAGE) < now)
        ready |= FPCCR_MMRDY;
    if ((st->debug.demcr & DEMCR_MONEN) && priority_of(cpu, EXC_DEBUGMON) < now)
        ready |= FPCCR_MONRDY;
    if (cpu->core->v8m && armv7m_bit(st->enabled, EXC_USAGEFAULT) &&
        priority_of(cpu, EXC_USAGEFAULT) < now)
        ready |= FPCCR_UFRDY;
    return ready;
}

/** The FP part of a new frame: saved now, or later when FP is used (B1.5.7). */
static armv7m_result stack_fp(fwsim__cpu *cpu, uint32_t addr, bool thread,
                              bool npriv)
{
    armv7m_state *st = cpu->st;

    if (!(st->fpccr & FPCCR_LSPEN)) {
        armv7m_result result = save_fp(cpu, addr, !(thread && npriv));

        armv7m_set(cpu, FWSIM__ARM_FPSCR, st->fpdscr);
        return result;
    }
    st->fpcar = addr;
    st->fpccr &= FPCCR_ASPEN | FPCCR_LSPEN | FPCCR_LSPENS | FPCCR_S;
    st->fpccr |= FPCCR_LSPACT | fp_readiness(cpu) |
                 (thread ? FPCCR_THREAD : 0) | (npriv ? FPCCR_USER : 0);
    return ARMV7M_OK;
}

void armv7m_lazy_save(fwsim__cpu *cpu)
{
    armv7m_state *st = cpu->st;

    st->fpccr &= ~FPCCR_LSPACT;
    save_fp(cpu, st->fpcar, !(st->fpccr & FPCCR_USER));
    armv7m_set(cpu, FWSIM__ARM_FPSCR, st->fpdscr);
    armv7m_update_watch(cpu);
}

/**
 * Write the frame of the interrupted code.
 * @return EXC_RETURN for the handler's LR
 */
static uint32_t push_frame(fwsim__cpu *cpu, armv7m_result *result)
{
    armv7m_state *st = cpu->st;
    uint32_t control = armv7m_get(cpu, FWSIM__ARM_CONTROL);
    bool thread = st->exception == 0;
    bool psp = thread && (control & CONTROL_SPSEL);
    bool fp = cpu->core->fpu && (control & CONTROL_FPCA);
    uint32_t sp = fwsim__engine_get(cpu->engine, FWSIM__ARM_SP);
    unsigned words = fp ? FP_FRAME_WORDS : FRAME_WORDS;
    bool align = fp || (st->ccr & CCR_STKALIGN);
    uint32_t frame = sp - 4 * words;
    uint32_t values[FRAME_WORDS];

    if (align)
        frame &= ~7u;
    fwsim__engine_get_many(cpu->engine, frame_regs, values, FRAME_WORDS);
    values[7] = armv7m_get(cpu, FWSIM__ARM_XPSR) & ~XPSR_ALIGN;
    if (sp - 4 * words != frame)
        values[7] |= XPSR_ALIGN;
    armv7m_limits_read(cpu);
    *result = frame < st->limits[psp] && !armv7m_limits_ignored(cpu)
                  ? ARMV7M_OVERFLOW
                  : ARMV7M_OK;
    if (*result != ARMV7M_OK)
        frame = st->limits[psp];
    fwsim__engine_set(cpu->engine, FWSIM__ARM_SP, frame);
    if (*result == ARMV7M_OK)
        *result = push_words(cpu, frame, !(thread && (control & CONTROL_NPRIV)),
                             values, FRAME_WORDS);
    if (*result == ARMV7M_OK && fp)
        *result = stack_fp(cpu, frame + 4 * FRAME_WORDS, thread,
                           control & CONTROL_NPRIV);
    return EXC_RETURN_BASE | (fp ? 0 : EXC_RETURN_FTYPE) |
           (thread ? EXC_RETURN_THREAD : 0) | (psp ? EXC_RETURN_PSP : 0);
}

static void announce(fwsim__cpu *cpu, unsigned exception, bool entry,
                     uint32_t pc)
{
    cpu->m->exception_taken |= entry;
    if (cpu->m->hooks[FWSIM__HOOK_EXCEPTION].count)
        fwsim__hooks_exception(cpu->m,
                               &(fwsim_exception){ exception, entry, pc });
}

static void set_fpca(fwsim__cpu *cpu, bool value)
{
    uint32_t control = armv7m_get(cpu, FWSIM__ARM_CONTROL);

    armv7m_set(cpu, FWSIM__ARM_CONTROL,
               value ? control | CONTROL_FPCA : control & ~CONTROL_FPCA);
}

/** The vector cannot be read: HardFault on the same frame, and the exception
 * stays pending (B1.5.10). */
static void vector_failed(fwsim__cpu *cpu, unsigned exception, uint32_t lr)
{
    uint32_t pc = fwsim__engine_get(cpu->engine, FWSIM__ARM_PC);

    cpu->st->chain_lr = lr;
    if (exception > EXC_HARDFAULT)
        armv7m_hardfault(cpu, HFSR_VECTTBL, pc);
    else
        lock_up(cpu, pc);
}

/** Go to the handler; the frame is in place (also: tail-chaining). */
static void start_handler(fwsim__cpu *cpu, unsigned exception, uint32_t lr)
{
    armv7m_state *st = cpu->st;
    uint32_t vector = 0;

    if (!armv7m_mem_read(cpu, st->vtor + 4 * exception, &vector)) {
        vector_failed(cpu, exception, lr);
        return;
    }
    armv7m_set_mode(cpu, exception, false);
    if (cpu->core->fpu)
        set_fpca(cpu, false);
    armv7m_bit_put(st->pending, exception, false);
    armv7m_bit_put(st->active, exception, true);
    st->event = 1;
    fwsim__engine_set(cpu->engine, FWSIM__ARM_XPSR, exception);
    fwsim__engine_set(cpu->engine, FWSIM__ARM_LR, lr);
    armv7m_clear_exclusive(cpu);
    fwsim__engine_set(cpu->engine, FWSIM__ARM_PC, vector);
}

void armv7m_enter(fwsim__cpu *cpu, unsigned exception)
{
    static const struct {
        unsigned exception;
        uint32_t cfsr;
    } derived[] = {
        [ARMV7M_NOTHING_THERE] = { EXC_BUSFAULT, CFSR_STKERR },
        [ARMV7M_PROTECTED] = { EXC_MEMMANAGE, CFSR_MSTKERR },
        [ARMV7M_OVERFLOW] = { EXC_USAGEFAULT, CFSR_STKOF },
    };
    armv7m_state *st = cpu->st;
    uint32_t pc = fwsim__engine_get(cpu->engine, FWSIM__ARM_PC);
    uint32_t lr = st->chain_lr;
    armv7m_result stacked = ARMV7M_OK;

    if (!lr)
        lr = push_frame(cpu, &stacked);
    st->chain_lr = 0;
    /* A derived fault arrives late (B1.5.10): the more urgent of the two is
     * taken on this frame, and the other stays pending. It escalates where it
     * could not have preempted the interrupted code. HardFault and NMI go on. */
    if (stacked != ARMV7M_OK && exception > EXC_HARDFAULT) {
        st->chain_lr = lr;
        armv7m_fault(cpu, derived[stacked].exception, derived[stacked].cfsr,
                     pc);
        return;
    }
    if (stacked != ARMV7M_OK && !cpu->core->v6m)
        st->cfsr |= derived[stacked].cfsr;
    announce(cpu, exception, true, pc);
    start_handler(cpu, exception, lr);
}

/* ------------------------------------------------------------------ */
/* Return (B1.5.8)                                                      */
/* ------------------------------------------------------------------ */

/** Whether EXC_RETURN fits the state the core is in. */
static bool return_is_legal(const fwsim__cpu *cpu, uint32_t value)
{
    const armv7m_state *st = cpu->st;
    unsigned others = 0;

    /* Armv8-M adds S, DCRS and ES; a core that stays in one security state
     * takes either encoding for its own (B3.22 of the Armv8-M ARM). */
    if (cpu->core->v8m)
        value |= 0x61;
    if ((value & 0xffffffe3u) != EXC_RETURN_BASE)
        return false;
    if (!cpu->core->fpu && !(value & EXC_RETURN_FTYPE))
        return false;
    if ((value & EXC_RETURN_PSP) && !(value & EXC_RETURN_THREAD))
        return false;
    if (!armv7m_bit(st->active, st->exception))
        return false;
    for (unsigned w = 0; w < EXC_WORDS; w++)
        others += (unsigned)__builtin_popcount(st->active[w]);
    if (value & EXC_RETURN_THREAD)
        return others == 1 || (st->ccr & CCR_NONBASETHRDENA);
    return others > 1;
}

static void deactivate(fwsim__cpu *cpu)
{
    armv7m_state *st = cpu->st;
    unsigned n = st->exception;

    armv7m_bit_put(st->active, n, false);
    if (!cpu->core->v6m && n != EXC_NMI)
        armv7m_set(cpu, FWSIM__ARM_FAULTMASK, 0);
    /* A line that is still high pends again (B3.4.1). */
    if (n >= EXC_IRQ0 && armv7m_bit(st->level, n))
        armv7m_bit_put(st->pending, n, true);
    st->event = 1;
}

static armv7m_result pop_words(fwsim__cpu *cpu, uint32_t addr,
                               bool privileged, uint32_t *words, unsigned n)
{
    armv7m_result result = ARMV7M_OK;

    for (unsigned i = 0; i < n && result == ARMV7M_OK; i++)
        result = armv7m_pop(cpu, addr + 4 * i, privileged, &words[i]);
    return result;
}

static armv7m_result restore_fp(fwsim__cpu *cpu, uint32_t addr,
                                bool privileged)
{
    uint32_t words[FP_REGS + 1];
    armv7m_result result;

    if (cpu->st->fpccr & FPCCR_LSPACT) {
        cpu->st->fpccr &= ~FPCCR_LSPACT;
        return ARMV7M_OK;
    }
    result = pop_words(cpu, addr, privileged, words, FP_REGS + 1);
    for (unsigned i = 0; i < FP_REGS && result == ARMV7M_OK; i++)
        armv7m_set(cpu, FWSIM__ARM_S0 + i, words[i]);
    if (result == ARMV7M_OK)
        armv7m_set(cpu, FWSIM__ARM_FPSCR, words[FP_REGS]);
    return result;
}

/** An exception return that failed: the fault is tail-chained onto the frame
 * that could not be used (B1.5.8, ExceptionReturn pseudocode). */
static void return_failed(fwsim__cpu *cpu, unsigned exception, uint32_t cfsr,
                          uint32_t exc_return)
{
    cpu->st->chain_lr = exc_return;
    armv7m_fault(cpu, exception, cfsr,
                 fwsim__engine_get(cpu->engine, FWSIM__ARM_PC));
}

static armv7m_result pop_frame(fwsim__cpu *cpu, uint32_t frame,
                               uint32_t exc_return,
                               uint32_t values[FRAME_WORDS])
{
    bool privileged =
        !(exc_return & EXC_RETURN_THREAD) ||
        !(fwsim__engine_get(cpu->engine, FWSIM__ARM_CONTROL) & CONTROL_NPRIV);
    armv7m_result result =
        pop_words(cpu, frame, privileged, values, FRAME_WORDS);

    if (result == ARMV7M_OK && !(exc_return & EXC_RETURN_FTYPE))
        result = restore_fp(cpu, frame + 4 * FRAME_WORDS, privileged);
    return result;
}

static void resume(fwsim__cpu *cpu, uint32_t exc_return, uint32_t frame,
                   const uint32_t values[FRAME_WORDS])
{
    armv7m_state *st = cpu->st;
    bool fp = !(exc_return & EXC_RETURN_FTYPE);
    bool thread = exc_return & EXC_RETURN_THREAD;
    uint32_t psr = values[7];
    uint32_t sp = frame + 4 * (fp ? FP_FRAME_WORDS : FRAME_WORDS);

    /* ICI: what was interrupted in the middle is begun again (B1.5.10); nothing
     * is, here, so the frame was made by hand. */
    if (!(psr & XPSR_IT_MASK))
        psr &= ~XPSR_IT;
    if ((psr & XPSR_ALIGN) && (fp || (st->ccr & CCR_STKALIGN)))
        sp |= 4;
    if (cpu->core->fpu)
        set_fpca(cpu, fp);
    armv7m_set_mode(cpu, psr & XPSR_EXCEPTION,
                    thread && (exc_return & EXC_RETURN_PSP));
    armv7m_set(cpu, FWSIM__ARM_XPSR, psr & ~XPSR_ALIGN);
    fwsim__engine_set_many(cpu->engine, frame_regs, values, 6);
    fwsim__engine_set(cpu->engine, FWSIM__ARM_SP, sp);
    armv7m_set_pc(cpu, values[6], psr & XPSR_T);
}

/** Take a pending exception on the frame that is there (B1.5.9). */
static bool tail_chain(fwsim__cpu *cpu, uint32_t exc_return)
{
    unsigned next = armv7m_next(cpu, false);

    if (!next || next == EXC_HARDFAULT)
        return false;
    announce(cpu, next, true, exc_return);
    start_handler(cpu, next, exc_return);
    return true;
}

void armv7m_return(fwsim__cpu *cpu, uint32_t exc_return)
{
    armv7m_state *st = cpu->st;
    unsigned from = st->exception;
    bool thread = exc_return & EXC_RETURN_THREAD;
    bool legal = return_is_legal(cpu, exc_return);
    uint32_t values[FRAME_WORDS];
    uint32_t frame;
    armv7m_result popped;

    deactivate(cpu);
    armv7m_clear_exclusive(cpu);
    if (!legal) {
        return_failed(cpu, EXC_USAGEFAULT, CFSR_INVPC, exc_return);
        return;
    }
    if (tail_chain(cpu, exc_return))
        return;
    frame = fwsim__engine_get(cpu->engine, exc_return & EXC_RETURN_PSP
                                               ? FWSIM__ARM_PSP
                                               : FWSIM__ARM_SP);
    popped = pop_frame(cpu, frame, exc_return, values);
    if (popped != ARMV7M_OK) {
        bool bus = popped == ARMV7M_NOTHING_THERE;

        return_failed(cpu, bus ? EXC_BUSFAULT : EXC_MEMMANAGE,
                      bus ? CFSR_UNSTKERR : CFSR_MUNSTKERR, exc_return);
        return;
    }
    if (thread != ((values[7] & XPSR_EXCEPTION) == 0)) {
        return_failed(cpu, EXC_USAGEFAULT, CFSR_INVPC, exc_return);
        return;
    }
    resume(cpu, exc_return, frame, values);
    announce(cpu, from, false, values[6] & ~1u);
    if (thread && (st->scr & SCR_SLEEPONEXIT))
        st->sleep = ARMV7M_WFI;
}
