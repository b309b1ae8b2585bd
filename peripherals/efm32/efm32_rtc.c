/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * EFM32 real time counter: 24 bits with two compare registers.
 *
 * Source: EFM32HG Reference Manual, chapter 19 (RTC).
 * Modelled: counter, both compares, wrap at COMP0, interrupts.
 * Not modelled: see rtc_gaps.
 */
#include "efm32_common.h"

enum {
    CTRL = 0x00,
    CNT = 0x04,
    COMP0 = 0x08,
    COMP1 = 0x0c,
    IF = 0x10,
    IFS = 0x14,
    IFC = 0x18,
    IEN = 0x1c,
    FREEZE = 0x20,
    SYNCBUSY = 0x24
};

#define CTRL_EN       (1u << 0)
#define CTRL_COMP0TOP (1u << 2)
#define CTRL_ALL      0x7u

#define IF_OF    (1u << 0)
#define IF_COMP0 (1u << 1)
#define IF_COMP1 (1u << 2)
#define IF_ALL   0x7u

#define CNT_MASK 0xffffffu

/* Also the numbers of their flags in IF. */
enum { EVENT_WRAP, EVENT_COMP0, EVENT_COMP1 };

typedef struct rtc_state {
    fwsim_counter counter; /* steps since the reset of the counter */
    uint64_t wrapped;      /* steps at the last wrap: CNT was 0 */
    uint64_t period;       /* steps from there to the next one */
} rtc_state;

static void update_irq(fwsim_periph *p)
{
    fwsim_irq_set(p, 0, fwsim_reg_get(p, IF) & fwsim_reg_get(p, IEN));
}

static uint32_t count(fwsim_periph *p)
{
    const rtc_state *s = fwsim_state(p);

    return (uint32_t)(fwsim_counter_get(p, &s->counter) - s->wrapped);
}

/* The last value before the wrap. When COMP0 becomes less than CNT, the
 * counter goes on to the end. */
static uint32_t top(fwsim_periph *p)
{
    uint32_t comp0 = fwsim_reg_get(p, COMP0);

    if ((fwsim_reg_get(p, CTRL) & CTRL_COMP0TOP) && comp0 >= count(p))
        return comp0;
    return CNT_MASK;
}

static void plan(fwsim_periph *p, unsigned event, uint64_t value)
{
    const rtc_state *s = fwsim_state(p);

    fwsim_event_set(p, event, fwsim_counter_until(p, &s->counter,
                                                  s->wrapped + value));
}

/* @param from  values below have had their match */
static void plan_all(fwsim_periph *p, uint32_t from)
{
    rtc_state *s = fwsim_state(p);

    for (unsigned event = EVENT_WRAP; event <= EVENT_COMP1; event++)
        fwsim_event_cancel(p, event);
    if (!(fwsim_reg_get(p, CTRL) & CTRL_EN))
        return;
    s->period = top(p) + 1ull;
    plan(p, EVENT_WRAP, s->period);
    for (unsigned i = 0; i < 2; i++) {
        uint32_t comp = fwsim_reg_get(p, COMP0 + 4 * i);

        if (comp >= from && comp < s->period)
            plan(p, EVENT_COMP0 + i, comp);
    }
}

static void rtc_event(fwsim_periph *p, unsigned id)
{
    rtc_state *s = fwsim_state(p);

    if (id == EVENT_WRAP) {
        s->wrapped += s->period;
        plan_all(p, 0);
    }
    fwsim_reg_update(p, IF, 0, 1u << id);
    update_irq(p);
}

/* RTC_CTRL, EN: the counter is reset while the RTC is disabled. */
static void ctrl_written(fwsim_periph *p, unsigned index, uint32_t written)
{
    rtc_state *s = fwsim_state(p);

    (void)index;
    (void)written;
    if (!(fwsim_reg_get(p, CTRL) & CTRL_EN))
        *s = (rtc_state){ 0 };
    else if (!s->counter.running)
        fwsim_counter_start(p, &s->counter, fwsim_clock_hz(p), 1);
    plan_all(p, count(p) + 1);
}

static void comp_written(fwsim_periph *p, unsigned index, uint32_t written)
{
    (void)index;
    (void)written;
    plan_all(p, count(p) + 1);
}

static uint32_t cnt_read(fwsim_periph *p, unsigned index, uint32_t stored)
{
    (void)index;
    (void)stored;
    return count(p) & CNT_MASK;
}

static void cnt_written(fwsim_periph *p, unsigned index, uint32_t written)
{
    rtc_state *s = fwsim_state(p);

    (void)index;
    fwsim_counter_put(p, &s->counter, written & CNT_MASK);
    s->wrapped = 0;
    plan_all(p, count(p) + 1);
}

EFM32_INTERRUPT_WRITES(IF_ALL, update_irq)

static void rtc_reset(fwsim_periph *p, fwsim_reset_kind kind)
{
    rtc_state *s = fwsim_state(p);

    (void)kind;
    *s = (rtc_state){ 0 };
    update_irq(p);
}

/* clang-format off */
static const fwsim_reg rtc_regs[] = {
    { "CTRL",     CTRL,     .rw = CTRL_ALL, .on_write = ctrl_written },
    { "CNT",      CNT,      .rw = CNT_MASK, .on_read = cnt_read, .on_write = cnt_written },
    { "COMP0",    COMP0,    .rw = CNT_MASK, .on_write = comp_written },
    { "COMP1",    COMP1,    .rw = CNT_MASK, .on_write = comp_written },
    { "IF",       IF,       .reset = 0x0 },
    { "IFS",      IFS,      .wo = IF_ALL, .on_write = ifs_written },
    { "IFC",      IFC,      .wo = IF_ALL, .on_write = ifc_written },
    { "IEN",      IEN,      .rw = IF_ALL, .on_write = ien_written },
    { "FREEZE",   FREEZE,   .rw = 0x1, .unimpl = 0x1 },
    { "SYNCBUSY", SYNCBUSY, .reset = 0x0 },
    FWSIM_REG_END
};
/* clang-format on */

static const char *const rtc_gaps[] = {
    "the clock is that of the slot: CMU_LFCLKSEL, CMU_LFAPRESC0 and "
    "CMU_LFACLKEN0 have no effect",
    "SYNCBUSY is always 0 and FREEZE has no effect: writes take effect at once",
    "PRS outputs",
    NULL
};

const fwsim_periph_type efm32_rtc = {
    .name = "efm32_rtc",
    .summary = "EFM32 real time counter",
    .source = "EFM32HG Reference Manual, chapter 19",
    .gaps = rtc_gaps,
    .size = 0x400,
    .regs = rtc_regs,
    .state_size = sizeof(rtc_state),
    .irqs = 1,
    .on_reset = rtc_reset,
    .on_event = rtc_event,
};
