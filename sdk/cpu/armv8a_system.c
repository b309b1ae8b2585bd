/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * System registers: those the engine keeps, by name; those that are answered
 * here, because the engine has them from the host's clock or does not know the
 * interrupt controller; and the generic timers (DDI 0487 D11).
 */
#include "cpu/armv8a.h"

#define CTL_ENABLE (1u << 0)
#define CTL_IMASK  (1u << 1)
#define CTL_STATUS (1u << 2)

static const uint8_t timer_interrupts[ARMV8A_TIMERS] = {
    [ARMV8A_TIMER_HYP] = 26,
    [ARMV8A_TIMER_VIRTUAL] = 27,
    [ARMV8A_TIMER_SECURE] = 29,
    [ARMV8A_TIMER_PHYSICAL] = 30,
};

/* clang-format off */
const armv8a_register armv8a_system_registers[] = {
    { "sctlr_el1",  FWSIM__A64_SYSTEM(3, 0, 1, 0, 0) },
    { "actlr_el1",  FWSIM__A64_SYSTEM(3, 0, 1, 0, 1) },
    { "cpacr_el1",  SYS_CPACR },
    { "ttbr0_el1",  FWSIM__A64_SYSTEM(3, 0, 2, 0, 0) },
    { "ttbr1_el1",  FWSIM__A64_SYSTEM(3, 0, 2, 0, 1) },
    { "tcr_el1",    FWSIM__A64_SYSTEM(3, 0, 2, 0, 2) },
    { "spsr_el1",   FWSIM__A64_SYSTEM(3, 0, 4, 0, 0) },
    { "elr_el1",    FWSIM__A64_SYSTEM(3, 0, 4, 0, 1) },
    { "afsr0_el1",  FWSIM__A64_SYSTEM(3, 0, 5, 1, 0) },
    { "afsr1_el1",  FWSIM__A64_SYSTEM(3, 0, 5, 1, 1) },
    { "esr_el1",    FWSIM__A64_SYSTEM(3, 0, 5, 2, 0) },
    { "far_el1",    FWSIM__A64_SYSTEM(3, 0, 6, 0, 0) },
    { "par_el1",    FWSIM__A64_SYSTEM(3, 0, 7, 4, 0) },
    { "mair_el1",   FWSIM__A64_SYSTEM(3, 0, 10, 2, 0) },
    { "amair_el1",  FWSIM__A64_SYSTEM(3, 0, 10, 3, 0) },
    { "vbar_el1",   FWSIM__A64_SYSTEM(3, 0, 12, 0, 0) },
    { "contextidr_el1", FWSIM__A64_SYSTEM(3, 0, 13, 0, 1) },
    { "tpidr_el1",  FWSIM__A64_SYSTEM(3, 0, 13, 0, 4) },
    { "csselr_el1", FWSIM__A64_SYSTEM(3, 2, 0, 0, 0) },
    { "mdscr_el1",  FWSIM__A64_SYSTEM(2, 0, 0, 2, 2) },
    { "cntkctl_el1", SYS_CNTKCTL },
    { "tpidr_el0",  FWSIM__A64_SYSTEM(3, 3, 13, 0, 2) },
    { "tpidrro_el0", FWSIM__A64_SYSTEM(3, 3, 13, 0, 3) },
    { "vpidr_el2",  FWSIM__A64_SYSTEM(3, 4, 0, 0, 0) },
    { "vmpidr_el2", FWSIM__A64_SYSTEM(3, 4, 0, 0, 5) },
    { "sctlr_el2",  FWSIM__A64_SYSTEM(3, 4, 1, 0, 0) },
    { "hcr_el2",    SYS_HCR },
    { "mdcr_el2",   FWSIM__A64_SYSTEM(3, 4, 1, 1, 1) },
    { "cptr_el2",   SYS_CPTR_EL2 },
    { "hstr_el2",   FWSIM__A64_SYSTEM(3, 4, 1, 1, 3) },
    { "ttbr0_el2",  FWSIM__A64_SYSTEM(3, 4, 2, 0, 0) },
    { "tcr_el2",    FWSIM__A64_SYSTEM(3, 4, 2, 0, 2) },
    { "vttbr_el2",  FWSIM__A64_SYSTEM(3, 4, 2, 1, 0) },
    { "vtcr_el2",   FWSIM__A64_SYSTEM(3, 4, 2, 1, 2) },
    { "spsr_el2",   FWSIM__A64_SYSTEM(3, 4, 4, 0, 0) },
    { "elr_el2",    FWSIM__A64_SYSTEM(3, 4, 4, 0, 1) },
    { "esr_el2",    FWSIM__A64_SYSTEM(3, 4, 5, 2, 0) },
    { "far_el2",    FWSIM__A64_SYSTEM(3, 4, 6, 0, 0) },
    { "hpfar_el2",  FWSIM__A64_SYSTEM(3, 4, 6, 0, 4) },
    { "mair_el2",   FWSIM__A64_SYSTEM(3, 4, 10, 2, 0) },
    { "vbar_el2",   FWSIM__A64_SYSTEM(3, 4, 12, 0, 0) },
    { "tpidr_el2",  FWSIM__A64_SYSTEM(3, 4, 13, 0, 2) },
    { "cnthctl_el2", FWSIM__A64_SYSTEM(3, 4, 14, 1, 0) },
    { "sctlr_el3",  FWSIM__A64_SYSTEM(3, 6, 1, 0, 0) },
    { "scr_el3",    SYS_SCR },
    { "cptr_el3",   SYS_CPTR_EL3 },
    { "mdcr_el3",   FWSIM__A64_SYSTEM(3, 6, 1, 3, 1) },
    { "ttbr0_el3",  FWSIM__A64_SYSTEM(3, 6, 2, 0, 0) },
    { "tcr_el3",    FWSIM__A64_SYSTEM(3, 6, 2, 0, 2) },
    { "spsr_el3",   FWSIM__A64_SYSTEM(3, 6, 4, 0, 0) },
    { "elr_el3",    FWSIM__A64_SYSTEM(3, 6, 4, 0, 1) },
    { "esr_el3",    FWSIM__A64_SYSTEM(3, 6, 5, 2, 0) },
    { "far_el3",    FWSIM__A64_SYSTEM(3, 6, 6, 0, 0) },
    { "mair_el3",   FWSIM__A64_SYSTEM(3, 6, 10, 2, 0) },
    { "vbar_el3",   FWSIM__A64_SYSTEM(3, 6, 12, 0, 0) },
    { "tpidr_el3",  FWSIM__A64_SYSTEM(3, 6, 13, 0, 2) },
    { .name = NULL }
};
/* clang-format on */

_Static_assert(sizeof armv8a_system_registers / sizeof(armv8a_register) <=
                   ARMV8A_SYSTEM_MAX,
               "ARMV8A_SYSTEM_MAX");

uint64_t armv8a_system_get(fwsim__cpu *cpu, uint32_t reg)
{
    return fwsim__engine_system_get(cpu->engine, reg);
}

/* ------------------------------------------------------------------ */
/* Generic timers                                                       */
/* ------------------------------------------------------------------ */

/** Steps of the system counter since the machine was made. */
static uint64_t counter(const fwsim__cpu *cpu)
{
    return fwsim__muldiv(cpu->m->now, cpu->m->soc->counter_hz,
                         cpu->m->clock_hz);
}

static uint64_t count_of(const fwsim__cpu *cpu, unsigned timer)
{
    return counter(cpu) -
           (timer == ARMV8A_TIMER_VIRTUAL ? cpu->st->virtual_offset : 0);
}

static bool condition(const fwsim__cpu *cpu, unsigned timer)
{
    return count_of(cpu, timer) >= cpu->st->timer_value[timer];
}

/** The core tick at which a timer's condition becomes true. */
static uint64_t due(const fwsim__cpu *cpu, unsigned timer)
{
    uint64_t steps = cpu->st->timer_value[timer] - count_of(cpu, timer);
    uint64_t at = counter(cpu) + steps, tick;

    /* Too far away to be counted in ticks. */
    if (at < steps || at > UINT64_MAX / cpu->m->clock_hz)
        return UINT64_MAX;
    tick = fwsim__muldiv(at, cpu->m->clock_hz, cpu->m->soc->counter_hz);
    while (fwsim__muldiv(tick, cpu->m->soc->counter_hz, cpu->m->clock_hz) < at)
        tick++;
    return tick;
}

static void update_timer(fwsim__cpu *cpu, unsigned timer)
{
    uint32_t control = cpu->st->timer_control[timer];
    bool met = (control & CTL_ENABLE) && condition(cpu, timer);

    gicv2_line(&cpu->st->gic, timer_interrupts[timer],
               met && !(control & CTL_IMASK));
    if ((control & CTL_ENABLE) && !met && due(cpu, timer) != UINT64_MAX)
        fwsim__event_set(cpu->m, FWSIM__OWNER_CPU, timer, due(cpu, timer));
    else
        fwsim__event_cancel(cpu->m, FWSIM__OWNER_CPU, timer);
    fwsim__attention(cpu->m);
}

void armv8a_timer_event(fwsim__cpu *cpu, unsigned timer)
{
    update_timer(cpu, timer);
}

/** TVAL, CTL and CVAL are op2 0, 1 and 2 of each timer (D11.2.4). */
static void access_timer(fwsim__cpu *cpu, unsigned timer, unsigned op2,
                         bool write, uint64_t *value)
{
    armv8a_state *st = cpu->st;
    uint32_t control = st->timer_control[timer];

    if (!write) {
        if (op2 == 0)
            *value = (uint32_t)(st->timer_value[timer] - count_of(cpu, timer));
        else if (op2 == 1)
            *value = control | ((control & CTL_ENABLE) && condition(cpu, timer)
                                    ? CTL_STATUS
                                    : 0);
        else
            *value = st->timer_value[timer];
        return;
    }
    if (op2 == 0)
        st->timer_value[timer] =
            count_of(cpu, timer) + (uint64_t)(int64_t)(int32_t)*value;
    else if (op2 == 1)
        st->timer_control[timer] = *value & (CTL_ENABLE | CTL_IMASK);
    else
        st->timer_value[timer] = *value;
    update_timer(cpu, timer);
}

/** Is the timer register open to EL0? CNTKCTL_EL1, D13.8.16. */
static bool open_to_user(fwsim__cpu *cpu, unsigned crm, unsigned op2)
{
    uint64_t kctl = armv8a_system_get(cpu, SYS_CNTKCTL);

    switch (crm) {
    case 0:
        return op2 == 0 ? (kctl & 3) != 0 : kctl >> (op2 - 1) & 1;
    case 2:
        return kctl >> 9 & 1;
    default:
        return kctl >> 8 & 1;
    }
}

static bool user_timer(fwsim__cpu *cpu, unsigned crm, unsigned op2, bool write,
                       uint64_t *value)
{
    unsigned el = armv8a_el(armv8a_pstate(cpu));

    if (el == 0 && !open_to_user(cpu, crm, op2))
        return false;
    if (crm == 2 || crm == 3) {
        access_timer(cpu, crm == 2 ? ARMV8A_TIMER_PHYSICAL
                                   : ARMV8A_TIMER_VIRTUAL,
                     op2, write, value);
        return true;
    }
    if (op2 == 0) {
        if (!write)
            *value = cpu->st->frequency;
        else if (el == cpu->highest_el)
            cpu->st->frequency = *value;
        return !write || el == cpu->highest_el;
    }
    if (write)
        return false;
    *value = op2 == 1 ? counter(cpu) : count_of(cpu, ARMV8A_TIMER_VIRTUAL);
    return true;
}

static bool timer_register(fwsim__cpu *cpu, uint32_t reg, bool write,
                           uint64_t *value)
{
    unsigned op1 = reg >> 11 & 7, crm = reg >> 3 & 15, op2 = reg & 7;

    if (op1 == 3 && (crm == 0 || crm == 2 || crm == 3) && op2 <= 2)
        return user_timer(cpu, crm, op2, write, value);
    if (op1 == 4 && crm == 2 && op2 <= 2) {
        access_timer(cpu, ARMV8A_TIMER_HYP, op2, write, value);
        return true;
    }
    if (op1 == 7 && crm == 2 && op2 <= 2) {
        access_timer(cpu, ARMV8A_TIMER_SECURE, op2, write, value);
        return true;
    }
    if (op1 == 4 && crm == 0 && op2 == 3) {
        if (write) {
            cpu->st->virtual_offset = *value;
            update_timer(cpu, ARMV8A_TIMER_VIRTUAL);
        } else {
            *value = cpu->st->virtual_offset;
        }
        return true;
    }
    return false;
}

/* ------------------------------------------------------------------ */
/* What is answered here                                                */
/* ------------------------------------------------------------------ */

/** Levels the board does not have are hidden (D13.2.64). */
static uint64_t pfr0(fwsim__cpu *cpu)
{
    uint64_t value = armv8a_system_get(cpu, SYS_PFR0);

    if (cpu->highest_el < 3)
        value &= ~0xf000ull;
    if (cpu->highest_el < 2)
        value &= ~0x0f00ull;
    return value;
}

/** Bits of HCR_EL2 that are kept here: the engine has an EL3, where HCD is
 * reserved, and would take virtual interrupts by itself. */
static uint64_t kept_bits(const fwsim__cpu *cpu)
{
    return HCR_VI | HCR_VF | (cpu->highest_el == 2 ? HCR_HCD : 0);
}

static void hypervisor_configuration(fwsim__cpu *cpu, bool write,
                                     uint64_t *value)
{
    if (write) {
        cpu->st->hcr = *value & kept_bits(cpu);
        fwsim__engine_system_set(cpu->engine, SYS_HCR,
                                 *value & ~kept_bits(cpu));
    } else {
        *value = armv8a_system_get(cpu, SYS_HCR) | cpu->st->hcr;
    }
}

/** Registers that decide on interrupts and on traps: the run loop looks. */
static bool needs_attention(uint32_t reg)
{
    return reg == SYS_DAIF || reg == SYS_CPACR || reg == SYS_HCR ||
           reg == SYS_SCR || reg == SYS_CPTR_EL2 || reg == SYS_CPTR_EL3 ||
           reg == SYS_MDCR_EL2 || reg == SYS_MDCR_EL3 || reg == SYS_CNTHCTL ||
           (reg & SYS_ANY_LEVEL) == SYS_SCTLR;
}

/** IC: the run loop drops the code that is named, see before(). */
static void instruction_cache(fwsim__cpu *cpu, uint32_t reg, uint64_t addr)
{
    uint64_t line = addr & ~63ull;

    if (reg == SYS_IC_IALLU || reg == SYS_IC_IALLUIS)
        cpu->stale_all |= armv8a_el(armv8a_pstate(cpu)) > 0;
    else if (reg != SYS_IC_IVAU)
        return;
    else if (cpu->stale_code == ARMV8A_NO_BREAK || cpu->stale_code == line)
        cpu->stale_code = line;
    else /* the second line in a block */
        cpu->stale_all = true;
    fwsim__attention(cpu->m);
}

bool armv8a_system(void *user, uint32_t reg, bool write, uint64_t *value)
{
    fwsim__cpu *cpu = user;
    unsigned op0 = reg >> 14 & 3, op1 = reg >> 11 & 7, crn = reg >> 7 & 15;
    unsigned el = armv8a_el(armv8a_pstate(cpu));

    if (op0 == 1) {
        instruction_cache(cpu, reg, *value);
        return false;
    }
    if (write && needs_attention(reg)) {
        cpu->watch_stale = true;
        fwsim__attention(cpu->m);
    }
    /* Too low a level, or one the board does not have: undefined. */
    if (op0 == 3 && (op1 == 4 || op1 == 6 || op1 == 7) &&
        (op1 == 4 ? el < 2 : el < 3))
        return false;
    if (armv8a_is_pmu(reg))
        return armv8a_pmu(cpu, reg, write, value);
    if (op0 == 3 && crn == 14)
        return timer_register(cpu, reg, write, value);
    if (reg == SYS_HCR) {
        hypervisor_configuration(cpu, write, value);
        return true;
    }
    if (write || el == 0)
        return false;
    if (reg == SYS_ISR) {
        *value = armv8a_pending(cpu);
        return true;
    }
    if (reg == SYS_PFR0) {
        *value = pfr0(cpu);
        return true;
    }
    return false;
}

void armv8a_system_reset(fwsim__cpu *cpu)
{
    const armv8a_register *r = armv8a_system_registers;

    for (unsigned i = 0; r[i].name; i++)
        fwsim__engine_system_set(cpu->engine, r[i].reg, cpu->system_reset[i]);
    /* Higher levels that are not there leave the lower ones alone. */
    if (cpu->highest_el < 3)
        fwsim__engine_system_set(cpu->engine, SYS_SCR,
                                 SCR_NS | SCR_HCE | SCR_RW | 0x30);
    if (cpu->highest_el < 2)
        fwsim__engine_system_set(cpu->engine, SYS_HCR, HCR_RW);
    cpu->st->frequency = cpu->m->soc->counter_hz;
    gicv2_reset(&cpu->st->gic, cpu->m->soc->irq_lines);
}
