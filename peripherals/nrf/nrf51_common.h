/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The peripheral interface that all blocks of the nRF51 share.
 *
 * Source: nRF51 RM v3.0, chapter 10. Event n of a block has its register at
 * 0x100 + 4n and bit n of INTEN; a task runs when a one is written to it.
 */
#ifndef FWSIM_NRF51_COMMON_H
#define FWSIM_NRF51_COMMON_H

#include "fwsim_periph.h"

enum {
    NRF51_EVENTS = 0x100,
    NRF51_INTEN = 0x300,
    NRF51_INTENSET = 0x304,
    NRF51_INTENCLR = 0x308,
    NRF51_POWER = 0xffc,
    NRF51_SIZE = 0x1000,
    NRF51_OWN_EVENTS = 8 /* models number theirs below */
};

/** Number of the event (and of its bit in INTEN) of an EVENTS_ register. */
#define NRF51_EVENT_BIT(offset) (((offset)-NRF51_EVENTS) / 4)

/** RM 10.1.6: the line is active while an enabled event register is set. */
static inline void nrf51_irq_update(fwsim_periph *p)
{
    uint32_t enabled = fwsim_reg_get(p, NRF51_INTEN);
    bool level = false;

    for (unsigned n = 0; n < 32 && !level; n++) {
        if (enabled >> n & 1)
            level = fwsim_reg_get(p, NRF51_EVENTS + 4 * n) & 1;
    }
    fwsim_irq_set(p, 0, level);
}

/** An event happens: register, interrupt line, and PPI. @a offset: EVENTS_ */
static inline void nrf51_event(fwsim_periph *p, uint32_t offset)
{
    fwsim_reg_set(p, offset, 1);
    nrf51_irq_update(p);
    fwsim_signal(p, offset);
}

/** A write to a task runs it when it is a one. */
static inline bool nrf51_task(unsigned index, uint32_t written)
{
    (void)index;
    return written & 1;
}

/** on_write of EVENTS_ and INTEN registers. */
static inline void nrf51_irq_written(fwsim_periph *p, unsigned index,
                                     uint32_t written)
{
    (void)index;
    (void)written;
    nrf51_irq_update(p);
}

/** on_write of POWER: a block that is switched off loses its registers. */
static inline void nrf51_power_written(fwsim_periph *p, unsigned index,
                                       uint32_t written)
{
    const fwsim_periph_type *type = fwsim_periph_slot(p)->type;

    if (nrf51_task(index, written))
        return;
    for (const fwsim_reg *row = type->regs; row->name; row++) {
        uint32_t stride = row->stride ? row->stride : 4;

        for (uint32_t k = 0; !row->alias && (k == 0 || k < row->count); k++)
            fwsim_reg_set(p, row->offset + k * stride, row->reset);
    }
    fwsim_reg_set(p, NRF51_POWER, 0);
    for (unsigned id = 0; id < NRF51_OWN_EVENTS; id++)
        fwsim_event_cancel(p, id);
    if (type->on_reset)
        type->on_reset(p, FWSIM_RESET_SYSTEM);
    nrf51_irq_update(p);
}

/* Rows of a register table. */

#define NRF51_TASK(task, at, handler)                                          \
    { .name = task, .offset = at, .wo = 1, .on_write = handler }

#define NRF51_EVENT(event, at)                                                 \
    { .name = event, .offset = at, .rw = 1, .on_write = nrf51_irq_written }

/** The mask has a bit for each event that can interrupt. */
#define NRF51_INTERRUPTS(mask)                                                 \
    { .name = "INTEN", .offset = NRF51_INTEN, .rw = mask,                      \
      .on_write = nrf51_irq_written },                                         \
    { .name = "INTENSET", .offset = NRF51_INTENSET,                            \
      .alias = FWSIM_ALIAS_SET, .of = NRF51_INTEN },                           \
    { .name = "INTENCLR", .offset = NRF51_INTENCLR,                            \
      .alias = FWSIM_ALIAS_CLEAR, .of = NRF51_INTEN }

#define NRF51_POWER_CONTROL                                                    \
    { .name = "POWER", .offset = NRF51_POWER, .reset = 1, .rw = 1,             \
      .on_write = nrf51_power_written }

#endif
