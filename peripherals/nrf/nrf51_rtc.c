/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * nRF51 RTC: a counter of 24 bits that runs with the low frequency clock.
 *
 * Source: nRF51 RM v3.0, chapter 19.
 * Modelled: prescaler, tick, overflow, compare, and which of the events are
 * enabled. It counts only while LFCLK runs: the slot has the addresses with
 * which the clock block signals that LFCLK has started and that it stops.
 * Not modelled: the LFCLK cycle that tasks take to become effective.
 */
#include "nrf51_common.h"

enum {
    TICK = 0x100, OVRFLW = 0x104, COMPARE = 0x140, EVTEN = 0x340,
    COUNTER = 0x504, PRESCALER = 0x508, CC = 0x540
};
enum {
    CHANNELS = 4, COUNTER_MASK = 0xffffff, NEARLY_OVERFLOW = 0xfffff0,
    EVENTS_MASK = 0xf0003
};
enum { PARAM_CHANNELS, PARAM_LFCLK_STARTED, PARAM_LFCLK_STOPS };

typedef struct rtc {
    fwsim_counter counter;
    uint32_t started;
    uint32_t lfclk; /* runs */
} rtc;

static uint32_t param(fwsim_periph *p, unsigned which)
{
    return fwsim_periph_slot(p)->param[which];
}

/** RM 19.1.6: what neither EVTEN nor INTEN asks for does not happen. */
static bool wanted(fwsim_periph *p, uint32_t event)
{
    uint32_t enabled =
        fwsim_reg_get(p, EVTEN) | fwsim_reg_get(p, NRF51_INTEN);

    return enabled >> NRF51_EVENT_BIT(event) & 1;
}

static void raise_event(fwsim_periph *p, uint32_t event)
{
    if (!wanted(p, event))
        return;
    fwsim_reg_set(p, event, 1);
    nrf51_irq_update(p);
    if (fwsim_reg_get(p, EVTEN) >> NRF51_EVENT_BIT(event) & 1)
        fwsim_signal(p, event);
}

static uint32_t count_of(fwsim_periph *p)
{
    rtc *r = fwsim_state(p);

    return (uint32_t)fwsim_counter_get(p, &r->counter) & COUNTER_MASK;
}

/** Set the event of the next step at which something wanted happens. */
static void schedule(fwsim_periph *p)
{
    rtc *r = fwsim_state(p);
    uint64_t value = fwsim_counter_get(p, &r->counter);
    uint32_t next = (uint32_t)value + 1;
    uint32_t nearest = UINT32_MAX;

    if (wanted(p, TICK))
        nearest = 0;
    if (wanted(p, OVRFLW) && (-next & COUNTER_MASK) < nearest)
        nearest = -next & COUNTER_MASK;
    for (unsigned n = 0; n < param(p, PARAM_CHANNELS); n++) {
        uint32_t steps = (fwsim_reg_get(p, CC + 4 * n) - next) & COUNTER_MASK;

        if (wanted(p, COMPARE + 4 * n) && steps < nearest)
            nearest = steps;
    }
    if (nearest == UINT32_MAX)
        fwsim_event_cancel(p, 0);
    else
        fwsim_event_set(
            p, 0, fwsim_counter_until(p, &r->counter, value + nearest + 1));
}

static void update(fwsim_periph *p)
{
    rtc *r = fwsim_state(p);

    if (r->started && r->lfclk)
        fwsim_counter_start(p, &r->counter, fwsim_clock_hz(p),
                            fwsim_reg_get(p, PRESCALER) + 1);
    else
        fwsim_counter_stop(p, &r->counter);
    schedule(p);
}

/** The counter has made a step. */
static void rtc_event(fwsim_periph *p, unsigned id)
{
    uint32_t count = count_of(p);

    (void)id;
    schedule(p);
    raise_event(p, TICK);
    if (count == 0)
        raise_event(p, OVRFLW);
    for (unsigned n = 0; n < param(p, PARAM_CHANNELS); n++)
        if (fwsim_reg_get(p, CC + 4 * n) == count)
            raise_event(p, COMPARE + 4 * n);
}

static void rtc_signal(fwsim_periph *p, uint64_t address)
{
    rtc *r = fwsim_state(p);

    if (address == param(p, PARAM_LFCLK_STARTED))
        r->lfclk = 1;
    else if (address == param(p, PARAM_LFCLK_STOPS))
        r->lfclk = 0;
    else
        return;
    update(p);
}

static void start(fwsim_periph *p, unsigned index, uint32_t written)
{
    rtc *r = fwsim_state(p);

    if (nrf51_task(index, written))
        r->started = 1;
    update(p);
}

static void stop(fwsim_periph *p, unsigned index, uint32_t written)
{
    rtc *r = fwsim_state(p);

    if (nrf51_task(index, written))
        r->started = 0;
    update(p);
}

static void put(fwsim_periph *p, uint32_t value)
{
    rtc *r = fwsim_state(p);

    fwsim_counter_put(p, &r->counter, value);
    schedule(p);
}

static void clear(fwsim_periph *p, unsigned index, uint32_t written)
{
    if (nrf51_task(index, written))
        put(p, 0);
}

static void trigovrflw(fwsim_periph *p, unsigned index, uint32_t written)
{
    if (nrf51_task(index, written))
        put(p, NEARLY_OVERFLOW);
}

static uint32_t counter_read(fwsim_periph *p, unsigned index, uint32_t stored)
{
    (void)index, (void)stored;
    return count_of(p);
}

static void enables_written(fwsim_periph *p, unsigned index, uint32_t written)
{
    nrf51_irq_written(p, index, written);
    schedule(p);
}

static void prescaler_written(fwsim_periph *p, unsigned index, uint32_t written)
{
    rtc *r = fwsim_state(p);

    (void)index, (void)written;
    /* RM 19.1.2 */
    if (r->started)
        fwsim_guest_error(p, "PRESCALER written while the counter runs");
    update(p);
}

static void cc_written(fwsim_periph *p, unsigned index, uint32_t written)
{
    (void)written;
    if (index >= param(p, PARAM_CHANNELS))
        fwsim_guest_error(p, "CC[%u]: this RTC does not have it", index);
    schedule(p);
}

static void rtc_reset(fwsim_periph *p, fwsim_reset_kind kind)
{
    rtc *r = fwsim_state(p);

    (void)kind;
    r->started = 0;
    r->counter = (fwsim_counter){ 0 };
}

/* clang-format off */
static const fwsim_reg rtc_regs[] = {
    NRF51_TASK("TASKS_START",      0x000, start),
    NRF51_TASK("TASKS_STOP",       0x004, stop),
    NRF51_TASK("TASKS_CLEAR",      0x008, clear),
    NRF51_TASK("TASKS_TRIGOVRFLW", 0x00c, trigovrflw),
    NRF51_EVENT("EVENTS_TICK",     TICK),
    NRF51_EVENT("EVENTS_OVRFLW",   OVRFLW),
    { "EVENTS_COMPARE", COMPARE, CHANNELS, .rw = 1, .on_write = nrf51_irq_written },
    { "INTEN",     NRF51_INTEN,    .rw = EVENTS_MASK, .on_write = enables_written },
    { "INTENSET",  NRF51_INTENSET, .alias = FWSIM_ALIAS_SET,   .of = NRF51_INTEN },
    { "INTENCLR",  NRF51_INTENCLR, .alias = FWSIM_ALIAS_CLEAR, .of = NRF51_INTEN },
    { "EVTEN",     EVTEN,          .rw = EVENTS_MASK, .on_write = enables_written },
    { "EVTENSET",  0x344,          .alias = FWSIM_ALIAS_SET,   .of = EVTEN },
    { "EVTENCLR",  0x348,          .alias = FWSIM_ALIAS_CLEAR, .of = EVTEN },
    { "COUNTER",   COUNTER,   .on_read = counter_read },
    { "PRESCALER", PRESCALER, .rw = 0xfff, .on_write = prescaler_written },
    { "CC",        CC, CHANNELS, .rw = COUNTER_MASK, .on_write = cc_written },
    NRF51_POWER_CONTROL,
    FWSIM_REG_END
};
/* clang-format on */

static const char *const rtc_params[] = {
    "channels", "lfclk_started", "lfclk_stops", NULL
};
static const char *const rtc_gaps[] = {
    "tasks act at once, not after a cycle of LFCLK",
    "an LFCLK that only the watchdog keeps running",
    NULL
};

const fwsim_periph_type nrf51_rtc = {
    .name = "nrf51_rtc",
    .summary = "real time counter on the low frequency clock",
    .source = "nRF51 RM v3.0, chapter 19",
    .gaps = rtc_gaps,
    .size = NRF51_SIZE,
    .regs = rtc_regs,
    .state_size = sizeof(rtc),
    .irqs = 1,
    .params = rtc_params,
    .on_reset = rtc_reset,
    .on_event = rtc_event,
    .on_signal = rtc_signal,
};
