/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * CMSDK APB dual timer: two down-counters of 16 or 32 bits.
 *
 * Source: Arm DDI 0479, APB dual timers.
 * Modelled: free-running, periodic and one-shot, prescaler, background load,
 * interrupts, integration test of the interrupt lines.
 */
#include "fwsim_periph.h"
#include "cmsdk_down.h"
#include "cmsdk_id.h"

/* Those of the first timer; the second has its own 0x20 further on. */
enum {
    LOAD = 0x00,
    VALUE = 0x04,
    CONTROL = 0x08,
    INTCLR = 0x0c,
    RIS = 0x10,
    MIS = 0x14,
    BGLOAD = 0x18,
    STRIDE = 0x20,
    ITCR = 0xf00,
    ITOP = 0xf04
};
enum { TIMERS = 2, IRQ_COMBINED = TIMERS };

#define CONTROL_ONESHOT  (1u << 0)
#define CONTROL_SIZE32   (1u << 1)
#define CONTROL_INT      (1u << 5)
#define CONTROL_PERIODIC (1u << 6)
#define CONTROL_ENABLE   (1u << 7)
#define CONTROL_ALL      0xefu

typedef struct dual {
    cmsdk_down down[TIMERS];
    /* 16 bits: the upper half of VALUE stands still. */
    uint32_t upper[TIMERS];
} dual;

static uint32_t get(const fwsim_periph *p, unsigned timer, uint32_t reg)
{
    return fwsim_reg_get(p, reg + timer * STRIDE);
}

static uint32_t masked_status(const fwsim_periph *p, unsigned timer)
{
    return get(p, timer, RIS) & !!(get(p, timer, CONTROL) & CONTROL_INT);
}

/* ITCR: in the test mode ITOP drives the lines. */
static void update(fwsim_periph *p)
{
    uint32_t lines = masked_status(p, 0) | masked_status(p, 1) << 1;

    if (fwsim_reg_get(p, ITCR))
        lines = fwsim_reg_get(p, ITOP);
    for (unsigned i = 0; i < TIMERS; i++)
        fwsim_irq_set(p, i, lines >> i & 1);
    fwsim_irq_set(p, IRQ_COMBINED, lines != 0);
}

static uint32_t mask_of(const fwsim_periph *p, unsigned timer)
{
    return get(p, timer, CONTROL) & CONTROL_SIZE32 ? ~0u : 0xffffu;
}

static uint32_t value_read(fwsim_periph *p, unsigned index, uint32_t stored)
{
    dual *s = fwsim_state(p);

    (void)stored;
    return s->upper[index] | cmsdk_down_get(p, &s->down[index]);
}

static void put_value(fwsim_periph *p, unsigned timer, uint32_t value)
{
    dual *s = fwsim_state(p);
    uint32_t mask = mask_of(p, timer);

    s->upper[timer] = value & ~mask;
    cmsdk_down_put(p, &s->down[timer], value & mask);
}

/* CONTROL: what comes after zero. */
static void configure(fwsim_periph *p, unsigned timer)
{
    dual *s = fwsim_state(p);
    uint32_t control = get(p, timer, CONTROL), mask = mask_of(p, timer);
    uint32_t reload = control & CONTROL_PERIODIC ? get(p, timer, LOAD) : ~0u;

    cmsdk_down_configure(p, &s->down[timer], reload & mask,
                         control & CONTROL_ONESHOT);
    cmsdk_down_schedule(p, &s->down[timer], timer);
}

static void dual_event(fwsim_periph *p, unsigned id)
{
    dual *s = fwsim_state(p);

    cmsdk_down_reached(p, &s->down[id], id);
    fwsim_reg_set(p, RIS + id * STRIDE, 1);
    update(p);
}

static void load_written(fwsim_periph *p, unsigned index, uint32_t written)
{
    (void)written;
    fwsim_reg_set(p, BGLOAD + index * STRIDE, get(p, index, LOAD));
    put_value(p, index, get(p, index, LOAD));
    configure(p, index);
}

/* BGLOAD: a LOAD that does not disturb the count. */
static void bgload_written(fwsim_periph *p, unsigned index, uint32_t written)
{
    (void)written;
    fwsim_reg_set(p, LOAD + index * STRIDE, get(p, index, BGLOAD));
    configure(p, index);
}

/* CONTROL, prescale: by 1, 16 or 256; 3 is not defined. */
static void control_written(fwsim_periph *p, unsigned index, uint32_t written)
{
    static const uint32_t prescale[] = { 1, 16, 256, 256 };
    dual *s = fwsim_state(p);
    uint32_t control = get(p, index, CONTROL), value = value_read(p, index, 0);

    (void)written;
    put_value(p, index, value);
    cmsdk_down_run(p, &s->down[index], control & CONTROL_ENABLE,
                   fwsim_clock_hz(p), prescale[control >> 2 & 3]);
    configure(p, index);
    update(p);
}

static void intclr_written(fwsim_periph *p, unsigned index, uint32_t written)
{
    (void)written;
    fwsim_reg_set(p, RIS + index * STRIDE, 0);
    update(p);
}

static uint32_t mis_read(fwsim_periph *p, unsigned index, uint32_t stored)
{
    (void)stored;
    return masked_status(p, index);
}

static void test_written(fwsim_periph *p, unsigned index, uint32_t written)
{
    (void)index;
    (void)written;
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

static void dual_reset(fwsim_periph *p, fwsim_reset_kind kind)
{
    dual *s = fwsim_state(p);

    (void)kind;
    *s = (dual){ 0 };
    for (unsigned i = 0; i < TIMERS; i++) {
        put_value(p, i, ~0u);
        configure(p, i);
    }
    update(p);
}

/* clang-format off */
static const fwsim_reg dual_regs[] = {
    { "TIMERLOAD",    LOAD,    TIMERS, STRIDE, .rw = ~0u, .on_write = load_written },
    { "TIMERVALUE",   VALUE,   TIMERS, STRIDE, .reset = ~0u, .on_read = value_read },
    { "TIMERCONTROL", CONTROL, TIMERS, STRIDE, .reset = CONTROL_INT, .rw = CONTROL_ALL, .on_write = control_written },
    { "TIMERINTCLR",  INTCLR,  TIMERS, STRIDE, .wo = ~0u, .on_write = intclr_written },
    { "TIMERRIS",     RIS,     TIMERS, STRIDE, .reset = 0 },
    { "TIMERMIS",     MIS,     TIMERS, STRIDE, .on_read = mis_read },
    { "TIMERBGLOAD",  BGLOAD,  TIMERS, STRIDE, .rw = ~0u, .on_write = bgload_written },
    { "TIMERITCR",    ITCR,    .rw = 0x1, .on_write = test_written },
    { "TIMERITOP",    ITOP,    .rw = 0x3, .on_read = itop_read, .on_write = test_written },
    CMSDK_ID_ROWS(0x23, 0x1b),
    FWSIM_REG_END
};
/* clang-format on */

static const char *const dual_gaps[] = {
    "a load value of zero gives no interrupt",
    NULL
};

const fwsim_periph_type cmsdk_dualtimer = {
    .name = "cmsdk_dualtimer",
    .summary = "CMSDK APB dual timer",
    .source = "Arm DDI 0479, APB dual timers",
    .gaps = dual_gaps,
    .size = 0x1000,
    .regs = dual_regs,
    .state_size = sizeof(dual),
    .irqs = TIMERS + 1,
    .on_reset = dual_reset,
    .on_event = dual_event,
};
