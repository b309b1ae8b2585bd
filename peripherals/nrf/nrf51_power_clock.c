/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * nRF51 POWER and CLOCK, which share one address and one interrupt, and the
 * two region registers of the MPU that lie among theirs.
 *
 * Source: nRF51 RM v3.0, chapters 12, 13 and 9; start-up times are the typical
 * ones of nRF51822 PS v3.1, chapter 8.
 * Modelled: starting and stopping the clocks, calibration and its timer,
 * reset reasons, retained registers, wake-up from System OFF by DETECT (the
 * slot has the address with which the GPIO port signals it).
 */
#include "nrf51_common.h"

enum {
    LFCLKSTOP = 0x00c,
    HFCLKSTARTED = 0x100, LFCLKSTARTED = 0x104, DONE = 0x10c, CTTO = 0x110,
    RESETREAS = 0x400, HFCLKRUN = 0x408, HFCLKSTAT = 0x40c, LFCLKRUN = 0x414,
    LFCLKSTAT = 0x418, LFCLKSRCCOPY = 0x41c, RAMSTATUS = 0x428,
    LFCLKSRC = 0x518, RAMON = 0x524, CTIV = 0x538, RAMONB = 0x554
};
enum {
    RESETREAS_RESETPIN = 1u << 0, RESETREAS_DOG = 1u << 1,
    RESETREAS_SREQ = 1u << 2, RESETREAS_OFF = 1u << 16,
    RESETREAS_ALL = 0x7000f
};
enum { HFCLK_RC = 0, HFCLK_XTAL = 1, CLKSTAT_RUNNING = 1u << 16 };
enum { LFCLK_RC = 0, LFCLK_XTAL = 1, LFCLK_SYNTH = 2 };
enum { EVENT_HFCLK, EVENT_LFCLK, EVENT_CALIBRATED, EVENT_TIMEOUT };
enum { PARAM_DETECT = 0 };

#define HFXO_START_NS  FWSIM_US(400)
#define CALIBRATION_NS FWSIM_MS(16)
#define CTIV_UNIT_NS   FWSIM_MS(250)

/* In the order of LFCLKSRC; the last value is reserved. */
static const uint64_t lfclk_start_ns[] = {
    FWSIM_US(390), FWSIM_MS(300), FWSIM_US(100), FWSIM_US(390)
};

typedef struct power_clock {
    uint32_t off; /* System OFF, to the reset that ends it */
} power_clock;

static void after(fwsim_periph *p, unsigned id, uint64_t ns)
{
    fwsim_event_set(p, id, fwsim_ticks_from_ns(p, ns));
}

/* RM 13.1: the core needs HFCLK, so it runs from RC without the crystal. */

static void hfclkstart(fwsim_periph *p, unsigned index, uint32_t written)
{
    bool running = fwsim_reg_get(p, HFCLKSTAT) & HFCLK_XTAL;

    if (!nrf51_task(index, written))
        return;
    fwsim_reg_set(p, HFCLKRUN, 1);
    after(p, EVENT_HFCLK, running ? 0 : HFXO_START_NS);
}

static void hfclkstop(fwsim_periph *p, unsigned index, uint32_t written)
{
    if (!nrf51_task(index, written))
        return;
    fwsim_event_cancel(p, EVENT_HFCLK);
    fwsim_reg_set(p, HFCLKRUN, 0);
    fwsim_reg_set(p, HFCLKSTAT, CLKSTAT_RUNNING | HFCLK_RC);
}

static void lfclkstart(fwsim_periph *p, unsigned index, uint32_t written)
{
    uint32_t source = fwsim_reg_get(p, LFCLKSRC);
    bool running = fwsim_reg_get(p, LFCLKSTAT) & CLKSTAT_RUNNING;

    if (!nrf51_task(index, written))
        return;
    fwsim_reg_set(p, LFCLKRUN, 1);
    fwsim_reg_set(p, LFCLKSRCCOPY, source);
    after(p, EVENT_LFCLK, running ? 0 : lfclk_start_ns[source]);
}

static void lfclkstop(fwsim_periph *p, unsigned index, uint32_t written)
{
    if (!nrf51_task(index, written))
        return;
    fwsim_event_cancel(p, EVENT_LFCLK);
    fwsim_reg_set(p, LFCLKRUN, 0);
    fwsim_reg_set(p, LFCLKSTAT, 0);
    fwsim_signal(p, LFCLKSTOP);
}

/** RM 13.1: calibrates the RC oscillator against the crystal of HFCLK. */
static void cal(fwsim_periph *p, unsigned index, uint32_t written)
{
    if (!nrf51_task(index, written))
        return;
    if (!(fwsim_reg_get(p, HFCLKSTAT) & HFCLK_XTAL) ||
        fwsim_reg_get(p, LFCLKSTAT) != (CLKSTAT_RUNNING | LFCLK_RC))
        fwsim_guest_error(p, "CAL needs HFCLK from the crystal, LFCLK from RC");
    else
        after(p, EVENT_CALIBRATED, CALIBRATION_NS);
}

static void ctstart(fwsim_periph *p, unsigned index, uint32_t written)
{
    if (nrf51_task(index, written))
        after(p, EVENT_TIMEOUT, CTIV_UNIT_NS * fwsim_reg_get(p, CTIV));
}

static void ctstop(fwsim_periph *p, unsigned index, uint32_t written)
{
    if (nrf51_task(index, written))
        fwsim_event_cancel(p, EVENT_TIMEOUT);
}

static void power_clock_event(fwsim_periph *p, unsigned id)
{
    switch (id) {
    case EVENT_HFCLK:
        fwsim_reg_set(p, HFCLKSTAT, CLKSTAT_RUNNING | HFCLK_XTAL);
        nrf51_event(p, HFCLKSTARTED);
        break;
    case EVENT_LFCLK:
        fwsim_reg_set(p, LFCLKSTAT,
                      CLKSTAT_RUNNING | fwsim_reg_get(p, LFCLKSRCCOPY));
        nrf51_event(p, LFCLKSTARTED);
        break;
    case EVENT_CALIBRATED:
        nrf51_event(p, DONE);
        break;
    case EVENT_TIMEOUT:
        nrf51_event(p, CTTO);
        break;
    }
}

static void lfclksrc_written(fwsim_periph *p, unsigned index, uint32_t written)
{
    (void)index, (void)written;
    if (fwsim_reg_get(p, LFCLKRUN))
        fwsim_guest_error(p, "LFCLKSRC written while LFCLK runs");
}

static uint32_t ramstatus_read(fwsim_periph *p, unsigned index, uint32_t stored)
{
    (void)index, (void)stored;
    return (fwsim_reg_get(p, RAMON) & 3) | (fwsim_reg_get(p, RAMONB) & 3) << 2;
}

static void systemoff_written(fwsim_periph *p, unsigned index, uint32_t written)
{
    power_clock *s = fwsim_state(p);

    if (!nrf51_task(index, written))
        return;
    s->off = 1;
    fwsim_unimpl(p, "System OFF: the core and the peripherals go on");
}

static void power_clock_signal(fwsim_periph *p, uint64_t address)
{
    power_clock *s = fwsim_state(p);

    if (s->off && address == fwsim_periph_slot(p)->param[PARAM_DETECT])
        fwsim_request_reset(p, FWSIM_RESET_SYSTEM);
}

/** RM 12, RESETREAS: reasons add up until the firmware clears them. */
static void power_clock_reset(fwsim_periph *p, fwsim_reset_kind kind)
{
    static const uint32_t reasons[] = {
        [FWSIM_RESET_POWER_ON] = 0,
        [FWSIM_RESET_PIN] = RESETREAS_RESETPIN,
        [FWSIM_RESET_SYSTEM] = RESETREAS_SREQ,
        [FWSIM_RESET_WATCHDOG] = RESETREAS_DOG,
    };
    power_clock *s = fwsim_state(p);
    bool wake_up = s->off && kind == FWSIM_RESET_SYSTEM;

    s->off = 0;
    fwsim_reg_update(p, RESETREAS, 0, wake_up ? RESETREAS_OFF : reasons[kind]);
    fwsim_signal(p, LFCLKSTOP);
}

/* clang-format off */
static const fwsim_reg power_clock_regs[] = {
    NRF51_TASK("TASKS_HFCLKSTART", 0x000, hfclkstart),
    NRF51_TASK("TASKS_HFCLKSTOP",  0x004, hfclkstop),
    NRF51_TASK("TASKS_LFCLKSTART", 0x008, lfclkstart),
    NRF51_TASK("TASKS_LFCLKSTOP",  LFCLKSTOP, lfclkstop),
    NRF51_TASK("TASKS_CAL",        0x010, cal),
    NRF51_TASK("TASKS_CTSTART",    0x014, ctstart),
    NRF51_TASK("TASKS_CTSTOP",     0x018, ctstop),
    NRF51_TASK("TASKS_CONSTLAT",   0x078, NULL),
    NRF51_TASK("TASKS_LOWPWR",     0x07c, NULL),
    NRF51_EVENT("EVENTS_HFCLKSTARTED", HFCLKSTARTED),
    NRF51_EVENT("EVENTS_LFCLKSTARTED", LFCLKSTARTED),
    NRF51_EVENT("EVENTS_POFWARN",      0x108),
    NRF51_EVENT("EVENTS_DONE",         DONE),
    NRF51_EVENT("EVENTS_CTTO",         CTTO),
    NRF51_INTERRUPTS(0x1f),
    { "RESETREAS",    RESETREAS,    .w1c = RESETREAS_ALL, .retained = true },
    { "HFCLKRUN",     HFCLKRUN },
    { "HFCLKSTAT",    HFCLKSTAT,    .reset = CLKSTAT_RUNNING },
    { "LFCLKRUN",     LFCLKRUN },
    { "LFCLKSTAT",    LFCLKSTAT },
    { "LFCLKSRCCOPY", LFCLKSRCCOPY },
    { "RAMSTATUS",    RAMSTATUS,    .on_read = ramstatus_read },
    { "SYSTEMOFF",    0x500,        .wo = 0x1, .on_write = systemoff_written },
    { "POFCON",       0x510,        .rw = 0x7 },
    { "LFCLKSRC",     LFCLKSRC,     .rw = 0x3, .on_write = lfclksrc_written },
    { "GPREGRET",     0x51c,        .rw = 0xff, .retained = true },
    { "RAMON",        RAMON,        .rw = 0x30003, .reset = 0x3, .retained = true },
    { "PERR0",        0x528,        .unimpl = ~0u },
    { "RLENR0",       0x52c,        .unimpl = ~0u },
    { "CTIV",         CTIV,         .rw = 0x7f },
    { "RESET",        0x544,        .rw = 0x1, .retained = true },
    { "XTALFREQ",     0x550,        .rw = 0xff, .reset = ~0u },
    { "RAMONB",       RAMONB,       .rw = 0x30003, .reset = 0x3, .retained = true },
    { "DCDCEN",       0x578,        .rw = 0x1, .retained = true },
    FWSIM_REG_END
};
/* clang-format on */

static const char *const power_clock_params[] = { "detect", NULL };
static const char *const power_clock_gaps[] = {
    "System OFF: core and peripherals go on; a later DETECT resets the chip",
    "POFWARN: the supply is always good",
    "RAM that is switched off keeps its content",
    "MPU: PERR0 and RLENR0 are stored without effect",
    "DCDCFORCE",
    NULL
};

const fwsim_periph_type nrf51_power_clock = {
    .name = "nrf51_power_clock",
    .summary = "clock start-up, power and reset reasons",
    .source = "nRF51 RM v3.0, chapters 12 and 13",
    .gaps = power_clock_gaps,
    .size = 0x600,
    .regs = power_clock_regs,
    .state_size = sizeof(power_clock),
    .irqs = 1,
    .params = power_clock_params,
    .on_reset = power_clock_reset,
    .on_event = power_clock_event,
    .on_signal = power_clock_signal,
};
