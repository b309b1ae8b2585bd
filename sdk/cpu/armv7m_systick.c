/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SysTick (B3.3): a counter whose value is computed when it is asked for. */
#include "cpu/armv7m_regs.h"

enum { EVENT_SYSTICK = 0 };

#define SYSTICK_ENABLE    (1u << 0)
#define SYSTICK_TICKINT   (1u << 1)
#define SYSTICK_CLKSOURCE (1u << 2)
#define SYSTICK_COUNTFLAG (1u << 16)
#define SYSTICK_MAX       0xffffffu

/** Core ticks a step of the counter: 1, or those of the reference clock. */
static uint64_t systick_scale(const fwsim__cpu *cpu)
{
    const fwsim_soc *soc = cpu->m->soc;

    if ((cpu->st->systick.ctrl & SYSTICK_CLKSOURCE) || !soc->systick_hz)
        return 1;
    return soc->clock_hz / soc->systick_hz ? soc->clock_hz / soc->systick_hz
                                           : 1;
}

static uint32_t systick_value(const fwsim__cpu *cpu)
{
    const armv7m_systick *s = &cpu->st->systick;
    uint64_t steps;

    if (!(s->ctrl & SYSTICK_ENABLE))
        return s->start_value;
    steps = (cpu->m->now - s->start) / systick_scale(cpu);
    if (steps <= s->start_value)
        return s->start_value - (uint32_t)steps;
    if (!s->reload)
        return 0;
    steps = (steps - s->start_value - 1) % ((uint64_t)s->reload + 1);
    return s->reload - (uint32_t)steps;
}

/** Set the event for the next time the counter counts down to zero. */
static void systick_schedule(fwsim__cpu *cpu)
{
    armv7m_systick *s = &cpu->st->systick;
    uint64_t steps = s->start_value;

    fwsim__event_cancel(cpu->m, FWSIM__OWNER_CPU, EVENT_SYSTICK);
    if (!(s->ctrl & SYSTICK_ENABLE) || (!s->reload && !steps))
        return;
    if (!steps)
        steps = (uint64_t)s->reload + 1;
    fwsim__event_set(cpu->m, FWSIM__OWNER_CPU, EVENT_SYSTICK,
                     s->start + steps * systick_scale(cpu));
}

/** Go on from the current value, after something that decides about it. */
static void systick_rebase(fwsim__cpu *cpu, uint32_t value)
{
    cpu->st->systick.start_value = value;
    cpu->st->systick.start = cpu->m->now;
}

void armv7m_systick_event(fwsim__cpu *cpu)
{
    armv7m_systick *s = &cpu->st->systick;

    s->start += s->start_value ? (uint64_t)s->start_value * systick_scale(cpu)
                               : ((uint64_t)s->reload + 1) * systick_scale(cpu);
    s->start_value = 0;
    s->ctrl |= SYSTICK_COUNTFLAG;
    if (s->ctrl & SYSTICK_TICKINT)
        armv7m_pend(cpu, EXC_SYSTICK);
    systick_schedule(cpu);
}

static uint32_t systick_ctrl_read(fwsim__cpu *cpu, unsigned index)
{
    uint32_t value = cpu->st->systick.ctrl;

    (void)index;
    cpu->st->systick.ctrl &= ~SYSTICK_COUNTFLAG;
    return value;
}

static void systick_ctrl_write(fwsim__cpu *cpu, unsigned index, uint32_t value,
                               uint32_t lanes)
{
    armv7m_systick *s = &cpu->st->systick;
    uint32_t writable = SYSTICK_ENABLE | SYSTICK_TICKINT | SYSTICK_CLKSOURCE;

    (void)index;
    systick_rebase(cpu, systick_value(cpu));
    s->ctrl = armv7m_merge(s->ctrl, value, lanes & writable);
    if (!cpu->m->soc->systick_hz)
        s->ctrl |= SYSTICK_CLKSOURCE;
    systick_schedule(cpu);
}

static void systick_reload_write(fwsim__cpu *cpu, unsigned index,
                                 uint32_t value, uint32_t lanes)
{
    (void)index;
    systick_rebase(cpu, systick_value(cpu));
    cpu->st->systick.reload =
        armv7m_merge(cpu->st->systick.reload, value, lanes) & SYSTICK_MAX;
    systick_schedule(cpu);
}

static uint32_t systick_value_read(fwsim__cpu *cpu, unsigned index)
{
    (void)index;
    return systick_value(cpu);
}

/** Any write clears the counter and COUNTFLAG, and pends nothing. */
static void systick_value_write(fwsim__cpu *cpu, unsigned index, uint32_t value,
                                uint32_t lanes)
{
    (void)index;
    (void)value;
    (void)lanes;
    systick_rebase(cpu, 0);
    cpu->st->systick.ctrl &= ~SYSTICK_COUNTFLAG;
    systick_schedule(cpu);
}

/** NOREF when there is no reference clock; TENMS of the one there is. */
static uint32_t systick_calib_read(fwsim__cpu *cpu, unsigned index)
{
    uint32_t hz = cpu->m->soc->systick_hz;

    (void)index;
    return hz ? (hz / 100 - 1) & SYSTICK_MAX : 1u << 31;
}

void armv7m_systick_reset(fwsim__cpu *cpu)
{
    fwsim__event_cancel(cpu->m, FWSIM__OWNER_CPU, EVENT_SYSTICK);
    if (!cpu->m->soc->systick_hz)
        cpu->st->systick.ctrl = SYSTICK_CLKSOURCE;
}

/* clang-format off */
const armv7m_reg armv7m_systick_regs[] = {
    { 0x0e010, 1,   ALL,  systick_ctrl_read,    systick_ctrl_write },
    { 0x0e014, 1,   ALL,  .write = systick_reload_write,
                          FIELD(systick.reload) },
    { 0x0e018, 1,   ALL,  systick_value_read,   systick_value_write },
    { 0x0e01c, 1,   ALL,  systick_calib_read },
    { 0 }
};
/* clang-format on */
