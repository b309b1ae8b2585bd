/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * nRF51 random number generator. The numbers come from the machine's seed.
 *
 * Source: nRF51 RM v3.0, chapter 21; times a byte takes from the nRF51822 PS
 * v3.1, RNG specifications.
 */
#include "nrf51_common.h"

enum {
    START = 0x000, STOP = 0x004, VALRDY = 0x100, SHORTS = 0x200,
    CONFIG = 0x504, VALUE = 0x508
};
enum { VALRDY_STOP = 1u << 0, DERCEN = 1u << 0 };
enum { RAW_NS = 63000, UNIFORM_NS = 677000 };
enum { EVENT_VALUE };

static void next_value(fwsim_periph *p)
{
    bool corrected = fwsim_reg_get(p, CONFIG) & DERCEN;

    fwsim_event_set(p, EVENT_VALUE,
                    fwsim_ticks_from_ns(p, corrected ? UNIFORM_NS : RAW_NS));
}

static void start_written(fwsim_periph *p, unsigned index, uint32_t written)
{
    if (nrf51_task(index, written))
        next_value(p);
}

static void stop_written(fwsim_periph *p, unsigned index, uint32_t written)
{
    if (nrf51_task(index, written))
        fwsim_event_cancel(p, EVENT_VALUE);
}

static void rng_event(fwsim_periph *p, unsigned id)
{
    (void)id;
    /* RM 21.1: one number follows the other until STOP. */
    if (!(fwsim_reg_get(p, SHORTS) & VALRDY_STOP))
        next_value(p);
    fwsim_reg_set(p, VALUE, fwsim_random(p) & 0xff);
    nrf51_event(p, VALRDY);
}

/* clang-format off */
static const fwsim_reg rng_regs[] = {
    NRF51_TASK("TASKS_START", START, start_written),
    NRF51_TASK("TASKS_STOP", STOP, stop_written),
    NRF51_EVENT("EVENTS_VALRDY", VALRDY),
    { "SHORTS", SHORTS, .rw = VALRDY_STOP },
    NRF51_INTERRUPTS(1u << NRF51_EVENT_BIT(VALRDY)),
    { "CONFIG", CONFIG, .rw = DERCEN },
    { "VALUE", VALUE, .reset = 0 },
    NRF51_POWER_CONTROL,
    FWSIM_REG_END
};
/* clang-format on */

static const char *const rng_gaps[] = {
    "bias correction takes its typical time, always; raw numbers have no bias",
    NULL
};

const fwsim_periph_type nrf51_rng = {
    .name = "nrf51_rng",
    .summary = "random number generator, from the machine's seed",
    .source = "nRF51 Series Reference Manual v3.0, chapter 21",
    .gaps = rng_gaps,
    .size = NRF51_SIZE,
    .regs = rng_regs,
    .irqs = 1,
    .on_event = rng_event,
};
