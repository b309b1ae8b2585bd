/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * nRF51 watchdog timer.
 *
 * Source: nRF51 RM v3.0, chapter 20.
 */
#include "nrf51_common.h"

enum {
    START = 0x000, TIMEOUT = 0x100, RUNSTATUS = 0x400, REQSTATUS = 0x404,
    CRV = 0x504, RREN = 0x508, CONFIG = 0x50c, RR = 0x600
};
enum { CHANNELS = 8, CONFIG_SLEEP = 1u << 0, CONFIG_HALT = 1u << 3 };
enum { EVENT_TIMEOUT, EVENT_RESET };

#define RELOAD_KEY 0x6e524635u

/** What the configuration was at START: it cannot change after that. */
typedef struct wdt {
    uint32_t crv, rren, config, reserved;
} wdt;

/** Time of a number of periods of the 32.768 kHz clock. */
static uint64_t periods(fwsim_periph *p, uint64_t n)
{
    return fwsim_ticks_from_ns(p, n * 1953125 / 64);
}

static void reload(fwsim_periph *p)
{
    fwsim_reg_set(p, REQSTATUS, fwsim_reg_get(p, RREN));
    /* RM 20.1: timeout [s] = (CRV + 1) / 32768. */
    fwsim_event_set(p, EVENT_TIMEOUT,
                    periods(p, fwsim_reg_get(p, CRV) + 1ull));
}

static void start_written(fwsim_periph *p, unsigned index, uint32_t written)
{
    wdt *s = fwsim_state(p);

    if (!nrf51_task(index, written) || fwsim_reg_get(p, RUNSTATUS))
        return;
    s->crv = fwsim_reg_get(p, CRV);
    s->rren = fwsim_reg_get(p, RREN);
    s->config = fwsim_reg_get(p, CONFIG);
    fwsim_reg_set(p, RUNSTATUS, 1);
    reload(p);
    if (!(s->config & CONFIG_SLEEP))
        fwsim_unimpl(p, "the watchdog runs on while the CPU sleeps");
}

static void config_written(fwsim_periph *p, unsigned index, uint32_t written)
{
    const wdt *s = fwsim_state(p);

    (void)index, (void)written;
    if (!fwsim_reg_get(p, RUNSTATUS)) {
        fwsim_reg_set(p, REQSTATUS, fwsim_reg_get(p, RREN));
        return;
    }
    fwsim_guest_error(p, "the watchdog runs, its configuration is locked");
    fwsim_reg_set(p, CRV, s->crv);
    fwsim_reg_set(p, RREN, s->rren);
    fwsim_reg_set(p, CONFIG, s->config);
}

static void rr_written(fwsim_periph *p, unsigned index, uint32_t written)
{
    if (written != RELOAD_KEY || !fwsim_reg_get(p, RUNSTATUS))
        return;
    /* RM 20.1.1: the counter restarts when every enabled reload register has
     * had its request. */
    if (!(fwsim_reg_get(p, REQSTATUS) >> index & 1))
        return;
    fwsim_reg_update(p, REQSTATUS, 1u << index, 0);
    if (!fwsim_reg_get(p, REQSTATUS))
        reload(p);
}

static void wdt_event(fwsim_periph *p, unsigned id)
{
    if (id == EVENT_RESET) {
        fwsim_request_reset(p, FWSIM_RESET_WATCHDOG);
        return;
    }
    /* RM 20.1: with the interrupt enabled the reset waits two periods more;
     * nothing can prevent it any more. */
    fwsim_event_set(p, EVENT_RESET,
                    fwsim_reg_get(p, NRF51_INTEN) ? periods(p, 2) : 0);
    nrf51_event(p, TIMEOUT);
}

/* clang-format off */
static const fwsim_reg wdt_regs[] = {
    NRF51_TASK("TASKS_START", START, start_written),
    NRF51_EVENT("EVENTS_TIMEOUT", TIMEOUT),
    NRF51_INTERRUPTS(1u << NRF51_EVENT_BIT(TIMEOUT)),
    { "RUNSTATUS", RUNSTATUS, .reset = 0 },
    { "REQSTATUS", REQSTATUS, .reset = 1 },
    { "CRV", CRV, .reset = 0xffffffff, .rw = 0xffffffff,
      .on_write = config_written },
    { "RREN", RREN, .reset = 1, .rw = 0xff, .on_write = config_written },
    { "CONFIG", CONFIG, .reset = CONFIG_SLEEP, .rw = CONFIG_SLEEP | CONFIG_HALT,
      .on_write = config_written },
    { "RR", RR, .count = CHANNELS, .wo = 0xffffffff, .on_write = rr_written },
    NRF51_POWER_CONTROL,
    FWSIM_REG_END
};
/* clang-format on */

static const char *const wdt_gaps[] = {
    "CONFIG.SLEEP = 0: the watchdog does not pause while the CPU sleeps",
    "CONFIG.HALT: no debugger halts the CPU",
    NULL
};

const fwsim_periph_type nrf51_wdt = {
    .name = "nrf51_wdt",
    .summary = "watchdog with eight reload request registers",
    .source = "nRF51 Series Reference Manual v3.0, chapter 20",
    .gaps = wdt_gaps,
    .size = NRF51_SIZE,
    .regs = wdt_regs,
    .state_size = sizeof(wdt),
    .irqs = 1,
    .on_event = wdt_event,
};
