/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * CMSDK APB watchdog: the first time-out is an interrupt, a second one that
 * finds it pending resets the chip.
 *
 * Source: Arm DDI 0479, APB watchdog.
 * Modelled: counting, interrupt, reset, lock, integration test.
 */
#include "fwsim_periph.h"
#include "cmsdk_down.h"
#include "cmsdk_id.h"

enum {
    LOAD = 0x000,
    VALUE = 0x004,
    CTRL = 0x008,
    INTCLR = 0x00c,
    RIS = 0x010,
    MIS = 0x014,
    LOCK = 0xc00,
    ITCR = 0xf00,
    ITOP = 0xf04
};

#define CTRL_INTEN (1u << 0)
#define CTRL_RESEN (1u << 1)
#define ITOP_RES   (1u << 0)
#define ITOP_INT   (1u << 1)
#define LOCK_KEY   0x1acce551u

typedef struct watchdog {
    cmsdk_down down;
    /* Registers as the lock has let them through. */
    uint32_t load, ctrl, itcr, itop;
} watchdog;

static bool interrupt(const fwsim_periph *p, const watchdog *s)
{
    return (s->ctrl & CTRL_INTEN) && fwsim_reg_get(p, RIS);
}

static void update(fwsim_periph *p)
{
    const watchdog *s = fwsim_state(p);

    fwsim_irq_set(p, 0, s->itcr ? (s->itop & ITOP_INT) != 0 : interrupt(p, s));
    if (s->itcr && (s->itop & ITOP_RES))
        fwsim_request_reset(p, FWSIM_RESET_WATCHDOG);
}

static void restart(fwsim_periph *p)
{
    watchdog *s = fwsim_state(p);

    s->down.reload = s->load;
    cmsdk_down_put(p, &s->down, s->load);
    cmsdk_down_schedule(p, &s->down, 0);
}

static void watchdog_event(fwsim_periph *p, unsigned id)
{
    watchdog *s = fwsim_state(p);

    cmsdk_down_reached(p, &s->down, id);
    if (fwsim_reg_get(p, RIS) && (s->ctrl & CTRL_RESEN))
        fwsim_request_reset(p, FWSIM_RESET_WATCHDOG);
    fwsim_reg_set(p, RIS, 1);
    update(p);
}

/* LOCK: while it is locked, writes to the other registers have no effect. */
static bool refused(fwsim_periph *p)
{
    const watchdog *s = fwsim_state(p);

    if (!fwsim_reg_get(p, LOCK))
        return false;
    fwsim_guest_error(p, "locked: write 0x%08x to WDOGLOCK first", LOCK_KEY);
    fwsim_reg_set(p, LOAD, s->load);
    fwsim_reg_set(p, CTRL, s->ctrl);
    fwsim_reg_set(p, ITCR, s->itcr);
    fwsim_reg_set(p, ITOP, s->itop);
    return true;
}

static void load_written(fwsim_periph *p, unsigned index, uint32_t written)
{
    watchdog *s = fwsim_state(p);

    (void)index;
    (void)written;
    if (refused(p))
        return;
    s->load = fwsim_reg_get(p, LOAD);
    restart(p);
}

static uint32_t value_read(fwsim_periph *p, unsigned index, uint32_t stored)
{
    const watchdog *s = fwsim_state(p);

    (void)index;
    (void)stored;
    return cmsdk_down_get(p, &s->down);
}

/* CTRL, INTEN: runs the counter, and reloads it when it was off. */
static void ctrl_written(fwsim_periph *p, unsigned index, uint32_t written)
{
    watchdog *s = fwsim_state(p);
    uint32_t before = s->ctrl;

    (void)index;
    (void)written;
    if (refused(p))
        return;
    s->ctrl = fwsim_reg_get(p, CTRL);
    cmsdk_down_run(p, &s->down, s->ctrl & CTRL_INTEN, fwsim_clock_hz(p), 1);
    if (s->ctrl & ~before & CTRL_INTEN)
        restart(p);
    cmsdk_down_schedule(p, &s->down, 0);
    update(p);
}

static void intclr_written(fwsim_periph *p, unsigned index, uint32_t written)
{
    (void)index;
    (void)written;
    if (refused(p))
        return;
    fwsim_reg_set(p, RIS, 0);
    restart(p);
    update(p);
}

static uint32_t mis_read(fwsim_periph *p, unsigned index, uint32_t stored)
{
    (void)index;
    (void)stored;
    return interrupt(p, fwsim_state(p));
}

static void lock_written(fwsim_periph *p, unsigned index, uint32_t written)
{
    (void)index;
    fwsim_reg_set(p, LOCK, written != LOCK_KEY);
}

static void test_written(fwsim_periph *p, unsigned index, uint32_t written)
{
    watchdog *s = fwsim_state(p);

    (void)index;
    (void)written;
    if (refused(p))
        return;
    s->itcr = fwsim_reg_get(p, ITCR);
    s->itop = fwsim_reg_get(p, ITOP);
    update(p);
}

/* ITOP can be written only. */
static uint32_t itop_read(fwsim_periph *p, unsigned index, uint32_t stored)
{
    (void)p;
    (void)index;
    (void)stored;
    return 0;
}

static void watchdog_reset(fwsim_periph *p, fwsim_reset_kind kind)
{
    watchdog *s = fwsim_state(p);

    (void)kind;
    *s = (watchdog){ .load = ~0u };
    restart(p);
    update(p);
}

/* clang-format off */
static const fwsim_reg watchdog_regs[] = {
    { "WDOGLOAD",    LOAD,   .reset = ~0u, .rw = ~0u, .on_write = load_written },
    { "WDOGVALUE",   VALUE,  .reset = ~0u, .on_read = value_read },
    { "WDOGCONTROL", CTRL,   .rw = CTRL_INTEN | CTRL_RESEN, .on_write = ctrl_written },
    { "WDOGINTCLR",  INTCLR, .wo = ~0u, .on_write = intclr_written },
    { "WDOGRIS",     RIS,    .reset = 0 },
    { "WDOGMIS",     MIS,    .on_read = mis_read },
    { "WDOGLOCK",    LOCK,   .wo = ~0u, .on_write = lock_written },
    { "WDOGITCR",    ITCR,   .rw = 0x1, .on_write = test_written },
    { "WDOGITOP",    ITOP,   .rw = ITOP_RES | ITOP_INT, .on_read = itop_read, .on_write = test_written },
    CMSDK_ID_ROWS(0x24, 0x1b),
    FWSIM_REG_END
};
/* clang-format on */

static const char *const watchdog_gaps[] = {
    "a load value of zero gives no interrupt",
    "it is reset with the chip; WDOGRESn is no reset of its own",
    NULL
};

const fwsim_periph_type cmsdk_watchdog = {
    .name = "cmsdk_watchdog",
    .summary = "CMSDK APB watchdog",
    .source = "Arm DDI 0479, APB watchdog",
    .gaps = watchdog_gaps,
    .size = 0x1000,
    .regs = watchdog_regs,
    .state_size = sizeof(watchdog),
    .irqs = 1,
    .on_reset = watchdog_reset,
    .on_event = watchdog_event,
};
