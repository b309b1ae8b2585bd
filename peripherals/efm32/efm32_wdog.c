/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * EFM32 watchdog.
 *
 * Source: EFM32HG Reference Manual, chapter 12 (WDOG).
 * Modelled: time-out and clear, all periods and clocks, the lock of CTRL, the
 * time until CTRL and CMD have reached the clock domain of the counter.
 * Not modelled: see wdog_gaps.
 */
#include "fwsim_periph.h"

enum { CTRL = 0x00, CMD = 0x04, SYNCBUSY = 0x08 };

#define CTRL_EN      (1u << 0)
#define CTRL_LOCK    (1u << 4)
#define CTRL_ALL     0x3f7fu
#define CTRL_RESET   0x0f00u
#define CMD_CLEAR    (1u << 0)

#define SYNCBUSY_CTRL (1u << 0)
#define SYNCBUSY_CMD  (1u << 1)

enum { EVENT_TIMEOUT, EVENT_CTRL_SYNCED, EVENT_CMD_SYNCED };

/* WDOG_CTRL, CLKSEL: ULFRCO, LFRCO, LFXO. */
static const uint32_t clocks_hz[4] = { 1000, 32768, 32768, 1000 };

/* Chapter 5, low energy peripherals: a write reaches the low-frequency domain
 * within three of its clock cycles. */
enum { SYNC_CYCLES = 3 };

typedef struct wdog_state {
    uint32_t ctrl; /* in force: the last one that the lock let through */
} wdog_state;

static uint64_t ticks(fwsim_periph *p, uint32_t cycles)
{
    const wdog_state *s = fwsim_state(p);
    uint32_t hz = clocks_hz[s->ctrl >> 12 & 3];

    return fwsim_ticks_from_ns(p, cycles * FWSIM_S(1) / hz);
}

/* WDOG_CTRL, PERSEL: 2^(3 + PERSEL) + 1 cycles. */
static void restart(fwsim_periph *p)
{
    const wdog_state *s = fwsim_state(p);

    if (s->ctrl & CTRL_EN)
        fwsim_event_set(p, EVENT_TIMEOUT,
                        ticks(p, (8u << (s->ctrl >> 8 & 15)) + 1));
    else
        fwsim_event_cancel(p, EVENT_TIMEOUT);
}

static void ctrl_written(fwsim_periph *p, unsigned index, uint32_t written)
{
    wdog_state *s = fwsim_state(p);

    (void)index;
    (void)written;
    if (s->ctrl & CTRL_LOCK) {
        fwsim_guest_error(p, "CTRL is locked until the next reset");
        fwsim_reg_set(p, CTRL, s->ctrl);
        return;
    }
    s->ctrl = fwsim_reg_get(p, CTRL);
    fwsim_reg_update(p, SYNCBUSY, 0, SYNCBUSY_CTRL);
    fwsim_event_set(p, EVENT_CTRL_SYNCED, ticks(p, SYNC_CYCLES));
    restart(p);
}

/* A clear that comes while one is on its way adds nothing to it. */
static void cmd_written(fwsim_periph *p, unsigned index, uint32_t written)
{
    (void)index;
    if (!(written & CMD_CLEAR) || (fwsim_reg_get(p, SYNCBUSY) & SYNCBUSY_CMD))
        return;
    fwsim_reg_update(p, SYNCBUSY, 0, SYNCBUSY_CMD);
    fwsim_event_set(p, EVENT_CMD_SYNCED, ticks(p, SYNC_CYCLES));
}

static void wdog_event(fwsim_periph *p, unsigned id)
{
    switch (id) {
    case EVENT_TIMEOUT:
        fwsim_request_reset(p, FWSIM_RESET_WATCHDOG);
        break;
    case EVENT_CTRL_SYNCED:
        fwsim_reg_update(p, SYNCBUSY, SYNCBUSY_CTRL, 0);
        break;
    default:
        fwsim_reg_update(p, SYNCBUSY, SYNCBUSY_CMD, 0);
        restart(p);
        break;
    }
}

static void wdog_reset(fwsim_periph *p, fwsim_reset_kind kind)
{
    wdog_state *s = fwsim_state(p);

    (void)kind;
    s->ctrl = CTRL_RESET;
}

/* clang-format off */
static const fwsim_reg wdog_regs[] = {
    { "CTRL",     CTRL,     .reset = CTRL_RESET, .rw = CTRL_ALL, .on_write = ctrl_written },
    { "CMD",      CMD,      .wo = CMD_CLEAR, .on_write = cmd_written },
    { "SYNCBUSY", SYNCBUSY, .reset = 0x0 },
    FWSIM_REG_END
};
/* clang-format on */

static const char *const wdog_gaps[] = {
    "energy modes: it runs while the core sleeps, whatever EM2RUN and EM3RUN say",
    "EM4BLOCK and SWOSCBLOCK",
    "the clocks run whether the CMU has them enabled or not",
    NULL
};

const fwsim_periph_type efm32_wdog = {
    .name = "efm32_wdog",
    .summary = "EFM32 watchdog",
    .source = "EFM32HG Reference Manual, chapter 12",
    .gaps = wdog_gaps,
    .size = 0x400,
    .regs = wdog_regs,
    .state_size = sizeof(wdog_state),
    .on_reset = wdog_reset,
    .on_event = wdog_event,
};
