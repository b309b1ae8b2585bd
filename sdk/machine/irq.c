/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Interrupt lines and signals: how one peripheral reaches the core, and how
 * peripherals reach each other.
 */
#include "machine/machine.h"

#include <assert.h>

enum { DEPTH_MAX = 16 };

/** Does another output that is high share the line? */
static bool line_level(const fwsim_machine *m, int line)
{
    for (uint16_t i = 0; i < m->periph_count; i++) {
        const fwsim_periph *p = &m->periphs[i];

        for (unsigned k = 0; p->link->irq_levels >> k; k++)
            if ((p->link->irq_levels >> k & 1) && p->slot->irq[k] == line)
                return true;
    }
    return false;
}

void fwsim__line_rise(fwsim_machine *m, int line)
{
    uint64_t delay = 0;

    if (m->intercept && !m->intercept->rise(m->intercept_user, line, &delay))
        return;
    if (delay)
        fwsim__event_set(m, FWSIM__OWNER_LINE, (uint16_t)line, m->now + delay);
    else
        m->cpu_ops->irq(m->cpu, (unsigned)line, true);
}

void fwsim__line_late(fwsim_machine *m, int line)
{
    m->cpu_ops->irq(m->cpu, (unsigned)line, true);
    /* It was a pulse, or is none at all. */
    if (!line_level(m, line))
        m->cpu_ops->irq(m->cpu, (unsigned)line, false);
}

void fwsim_irq_set(fwsim_periph *p, unsigned output, bool level)
{
    fwsim_machine *m = p->m;
    bool others;
    int line;

    assert(output < p->type->irqs && output < FWSIM_SLOT_IRQS);
    if ((p->link->irq_levels >> output & 1) == level)
        return;
    line = p->slot->irq[output];
    p->link->irq_levels &= ~(1u << output);
    others = line != FWSIM_NO_IRQ && m->cpu && line_level(m, line);
    p->link->irq_levels |= (uint32_t)level << output;
    if (line == FWSIM_NO_IRQ || !m->cpu)
        return;
    if (level && !others)
        fwsim__line_rise(m, line);
    else
        m->cpu_ops->irq(m->cpu, (unsigned)line, level || others);
}

void fwsim_signal(fwsim_periph *p, uint32_t offset)
{
    fwsim_machine *m = p->m;
    uint64_t address = p->slot->base + offset;

    /* Firmware can route an event to the task that causes it. */
    if (m->depth >= DEPTH_MAX) {
        fwsim_guest_error(p, "events cause each other without end");
        return;
    }
    m->depth++;
    for (uint16_t i = 0; i < m->periph_count; i++)
        if (m->periphs[i].type->on_signal)
            m->periphs[i].type->on_signal(&m->periphs[i], address);
    m->depth--;
}
