/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * nRF51 TIMER.
 *
 * Source: nRF51 RM v3.0, chapter 18.
 * Modelled: timer and counter mode, prescaler, widths, capture and compare,
 * shortcuts. The slot says how wide the instance can be.
 */
#include "nrf51_common.h"

enum {
    COMPARE = 0x140, SHORTS = 0x200, MODE = 0x504, BITMODE = 0x508,
    PRESCALER = 0x510, CC = 0x540
};
enum { CHANNELS = 4, SHORTS_STOP = 8, PRESCALER_MAX = 9 };

typedef struct timer {
    fwsim_counter counter; /* stands still in counter mode */
    uint32_t on;
} timer;

static unsigned bits_of(fwsim_periph *p)
{
    static const uint8_t widths[] = { 16, 8, 24, 32 };

    return widths[fwsim_reg_get(p, BITMODE)];
}

static uint32_t mask_of(fwsim_periph *p)
{
    unsigned bits = bits_of(p), most = fwsim_periph_slot(p)->param[0];

    return UINT32_MAX >> (32 - (bits < most ? bits : most));
}

static uint32_t count_of(fwsim_periph *p)
{
    timer *t = fwsim_state(p);

    return (uint32_t)fwsim_counter_get(p, &t->counter) & mask_of(p);
}

/** Set the event of the next step that makes a compare match. */
static void schedule(fwsim_periph *p)
{
    timer *t = fwsim_state(p);
    uint64_t value = fwsim_counter_get(p, &t->counter);
    uint32_t mask = mask_of(p), nearest = mask;

    for (unsigned n = 0; n < CHANNELS; n++) {
        uint32_t cc = fwsim_reg_get(p, CC + 4 * n);
        uint32_t steps = (cc - (uint32_t)value - 1) & mask;

        if (steps < nearest)
            nearest = steps;
    }
    fwsim_event_set(p, 0,
                    fwsim_counter_until(p, &t->counter, value + nearest + 1));
}

static void update(fwsim_periph *p)
{
    timer *t = fwsim_state(p);

    if (t->on && !fwsim_reg_get(p, MODE))
        fwsim_counter_start(p, &t->counter, fwsim_clock_hz(p),
                            1u << fwsim_reg_get(p, PRESCALER));
    else
        fwsim_counter_stop(p, &t->counter);
    schedule(p);
}

/** The counter has made a step. */
static void compare(fwsim_periph *p)
{
    timer *t = fwsim_state(p);
    uint32_t count = count_of(p), matches = 0, shorts;

    for (unsigned n = 0; n < CHANNELS; n++)
        if ((fwsim_reg_get(p, CC + 4 * n) & mask_of(p)) == count)
            matches |= 1u << n;
    shorts = fwsim_reg_get(p, SHORTS);
    if (shorts & matches)
        fwsim_counter_put(p, &t->counter, 0);
    if (shorts >> SHORTS_STOP & matches)
        t->on = 0;
    update(p);
    for (unsigned n = 0; n < CHANNELS; n++)
        if (matches >> n & 1)
            nrf51_event(p, COMPARE + 4 * n);
}

static void timer_event(fwsim_periph *p, unsigned id)
{
    (void)id;
    compare(p);
}

static void start(fwsim_periph *p, unsigned index, uint32_t written)
{
    timer *t = fwsim_state(p);

    if (nrf51_task(index, written))
        t->on = 1;
    update(p);
}

static void stop(fwsim_periph *p, unsigned index, uint32_t written)
{
    timer *t = fwsim_state(p);

    if (nrf51_task(index, written))
        t->on = 0;
    update(p);
}

static void count(fwsim_periph *p, unsigned index, uint32_t written)
{
    timer *t = fwsim_state(p);

    /* RM 18.1: the task has no effect in timer mode. */
    if (!nrf51_task(index, written) || !t->on || !fwsim_reg_get(p, MODE))
        return;
    fwsim_counter_put(p, &t->counter,
                      fwsim_counter_get(p, &t->counter) + 1);
    compare(p);
}

static void clear(fwsim_periph *p, unsigned index, uint32_t written)
{
    timer *t = fwsim_state(p);

    if (nrf51_task(index, written))
        fwsim_counter_put(p, &t->counter, 0);
    schedule(p);
}

static void capture(fwsim_periph *p, unsigned index, uint32_t written)
{
    if (written & 1)
        fwsim_reg_set(p, CC + 4 * index, count_of(p));
    schedule(p);
}

static void cc_written(fwsim_periph *p, unsigned index, uint32_t written)
{
    (void)index, (void)written;
    schedule(p);
}

/** RM 18.1: MODE, BITMODE and PRESCALER are for a timer that is stopped. */
static void setup_written(fwsim_periph *p, unsigned index, uint32_t written)
{
    timer *t = fwsim_state(p);

    (void)index, (void)written;
    if (t->on)
        fwsim_guest_error(p, "set up while it runs");
    if (bits_of(p) > fwsim_periph_slot(p)->param[0])
        fwsim_guest_error(p, "%u bits: this timer does not have them",
                          bits_of(p));
    if (fwsim_reg_get(p, PRESCALER) > PRESCALER_MAX)
        fwsim_guest_error(p, "PRESCALER above %d", PRESCALER_MAX);
    update(p);
}

static void timer_reset(fwsim_periph *p, fwsim_reset_kind kind)
{
    (void)kind;
    *(timer *)fwsim_state(p) = (timer){ .on = 0 };
}

/* clang-format off */
static const fwsim_reg timer_regs[] = {
    NRF51_TASK("TASKS_START",    0x000, start),
    NRF51_TASK("TASKS_STOP",     0x004, stop),
    NRF51_TASK("TASKS_COUNT",    0x008, count),
    NRF51_TASK("TASKS_CLEAR",    0x00c, clear),
    NRF51_TASK("TASKS_SHUTDOWN", 0x010, stop),
    { "TASKS_CAPTURE", 0x040, CHANNELS, .wo = 1, .on_write = capture },
    { "EVENTS_COMPARE", COMPARE, CHANNELS, .rw = 1, .on_write = nrf51_irq_written },
    { "SHORTS",    SHORTS,    .rw = 0xf0f },
    NRF51_INTERRUPTS(0xf0000),
    { "MODE",      MODE,      .rw = 0x1, .on_write = setup_written },
    { "BITMODE",   BITMODE,   .rw = 0x3, .on_write = setup_written },
    { "PRESCALER", PRESCALER, .rw = 0xf, .reset = 4, .on_write = setup_written },
    { "CC",        CC, CHANNELS, .rw = ~0u, .on_write = cc_written },
    /* nRF51822 PAN v3, 73: keeps HFCLK requested; it always runs here. */
    { "PAN73",     0xc0c,     .rw = 0x1 },
    NRF51_POWER_CONTROL,
    FWSIM_REG_END
};
/* clang-format on */

static const char *const timer_params[] = { "bits", NULL };

const fwsim_periph_type nrf51_timer = {
    .name = "nrf51_timer",
    .summary = "timer and counter with four capture/compare channels",
    .source = "nRF51 RM v3.0, chapter 18",
    .size = NRF51_SIZE,
    .regs = timer_regs,
    .state_size = sizeof(timer),
    .irqs = 1,
    .params = timer_params,
    .on_reset = timer_reset,
    .on_event = timer_event,
};
