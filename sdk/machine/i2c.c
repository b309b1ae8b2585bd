/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The I2C bus between a controller and the parts whose slot names it.
 */
#include "machine/machine.h"

static fwsim_periph *part_at(fwsim_periph *controller, uint8_t addr)
{
    fwsim_machine *m = controller->m;

    for (uint16_t i = 0; i < m->periph_count; i++) {
        fwsim_periph *p = &m->periphs[i];

        if (p->bus == controller && p->type->i2c && p->slot->bus_addr == addr)
            return p;
    }
    return NULL;
}

/** The part of the transfer in progress, or NULL. */
static fwsim_periph *addressed(const fwsim_periph *controller)
{
    uint16_t index = controller->link->addressed;

    return index ? &controller->m->periphs[index - 1] : NULL;
}

bool fwsim_i2c_start(fwsim_periph *p, uint8_t addr, bool read)
{
    fwsim_periph *part = part_at(p, addr);

    p->link->addressed = 0;
    if (!part || (part->type->i2c->start && !part->type->i2c->start(part, read)))
        return false;
    p->link->addressed = (uint16_t)(part->index + 1);
    return true;
}

bool fwsim_i2c_write(fwsim_periph *p, uint8_t byte)
{
    fwsim_periph *part = addressed(p);

    return part && part->type->i2c->write && part->type->i2c->write(part, byte);
}

uint8_t fwsim_i2c_read(fwsim_periph *p)
{
    fwsim_periph *part = addressed(p);

    /* Nobody pulls the line down. */
    return part && part->type->i2c->read ? part->type->i2c->read(part) : 0xff;
}

void fwsim_i2c_stop(fwsim_periph *p)
{
    fwsim_periph *part = addressed(p);

    p->link->addressed = 0;
    if (part && part->type->i2c->stop)
        part->type->i2c->stop(part);
}
