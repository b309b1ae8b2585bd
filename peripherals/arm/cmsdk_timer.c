/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * CMSDK APB timer: 32 bits, down, with reload.
 *
 * Source: Arm DDI 0479, APB timer.
 * Modelled: counting, reload, interrupt.
 * Not modelled: see timer_gaps.
 */
#include "fwsim_periph.h"
#include "cmsdk_down.h"
#include "cmsdk_id.h"

enum { CTRL = 0x00, VALUE = 0x04, RELOAD = 0x08, INTSTATUS = 0x0c };

#define CTRL_ENABLE   (1u << 0)
#define CTRL_EXTERNAL (3u << 1)
#define CTRL_INT      (1u << 3)

static void update(fwsim_periph *p)
{
    fwsim_irq_set(p, 0, fwsim_reg_get(p, INTSTATUS));
}

/* INTSTATUS is set only while CTRL has the interrupt enabled, and keeps its
 * value when that ends. */
static void timer_event(fwsim_periph *p, unsigned id)
{
    cmsdk_down_reached(p, fwsim_state(p), id);
    if (fwsim_reg_get(p, CTRL) & CTRL_INT)
        fwsim_reg_set(p, INTSTATUS, 1);
    update(p);
}

static void ctrl_written(fwsim_periph *p, unsigned index, uint32_t written)
{
    cmsdk_down *d = fwsim_state(p);

    (void)index;
    (void)written;
    cmsdk_down_run(p, d, fwsim_reg_get(p, CTRL) & CTRL_ENABLE,
                   fwsim_clock_hz(p), 1);
    cmsdk_down_schedule(p, d, 0);
}

static uint32_t value_read(fwsim_periph *p, unsigned index, uint32_t stored)
{
    (void)index;
    (void)stored;
    return cmsdk_down_get(p, fwsim_state(p));
}

static void value_written(fwsim_periph *p, unsigned index, uint32_t written)
{
    cmsdk_down *d = fwsim_state(p);

    (void)index;
    cmsdk_down_put(p, d, written);
    cmsdk_down_schedule(p, d, 0);
}

/* A write to RELOAD sets the current value as well. */
static void reload_written(fwsim_periph *p, unsigned index, uint32_t written)
{
    cmsdk_down *d = fwsim_state(p);

    d->reload = fwsim_reg_get(p, RELOAD);
    value_written(p, index, d->reload);
    (void)written;
}

static void intclear_written(fwsim_periph *p, unsigned index, uint32_t written)
{
    (void)index;
    (void)written;
    update(p);
}

static void timer_reset(fwsim_periph *p, fwsim_reset_kind kind)
{
    cmsdk_down *d = fwsim_state(p);

    (void)kind;
    *d = (cmsdk_down){ 0 };
    update(p);
}

/* clang-format off */
static const fwsim_reg timer_regs[] = {
    { "CTRL",      CTRL,      .rw = 0xf, .unimpl = CTRL_EXTERNAL, .on_write = ctrl_written },
    { "VALUE",     VALUE,     .wo = ~0u, .on_read = value_read, .on_write = value_written },
    { "RELOAD",    RELOAD,    .rw = ~0u, .on_write = reload_written },
    { "INTSTATUS", INTSTATUS, .w1c = 1, .on_write = intclear_written },
    CMSDK_ID_ROWS(0x22, 0x1b),
    FWSIM_REG_END
};
/* clang-format on */

static const char *const timer_gaps[] = {
    "EXTIN, as enable or as clock",
    NULL
};

const fwsim_periph_type cmsdk_timer = {
    .name = "cmsdk_timer",
    .summary = "CMSDK APB timer",
    .source = "Arm DDI 0479, APB timer",
    .gaps = timer_gaps,
    .size = 0x1000,
    .regs = timer_regs,
    .state_size = sizeof(cmsdk_down),
    .irqs = 1,
    .on_reset = timer_reset,
    .on_event = timer_event,
};
