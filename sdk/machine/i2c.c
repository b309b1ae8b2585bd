/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The I2C bus between a controller and the parts whose slot names it, or that
 * sit on the pins the firmware has given it.
 */
#include "machine/machine.h"

#include <string.h>

static bool has_pin(const fwsim_periph *part, const char *name, unsigned pin)
{
    const char *const *names = part->type->pins;

    for (unsigned i = 0; names && names[i]; i++)
        if (strcmp(names[i], name) == 0)
            return part->slot->pin[i] == pin;
    return false;
}

/** The part at an address of the bus of @a controller. */
static fwsim_periph *part_on_bus(fwsim_periph *controller, uint8_t addr)
{
    fwsim_machine *m = controller->m;

    for (uint16_t i = 0; i < m->periph_count; i++) {
        fwsim_periph *p = &m->periphs[i];

        if (p->bus == controller && p->type->i2c && p->slot->bus_addr == addr)
            return p;
    }
    return NULL;
}

/** The part at an address of the bus on two pins. */
static fwsim_periph *part_on_pins(fwsim_machine *m, unsigned scl, unsigned sda,
                                  uint8_t addr)
{
    for (uint16_t i = 0; i < m->periph_count; i++) {
        fwsim_periph *p = &m->periphs[i];

        if (!p->bus && p->type->i2c && p->slot->bus_addr == addr &&
            has_pin(p, "scl", scl) && has_pin(p, "sda", sda))
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

static bool start(fwsim_periph *p, fwsim_periph *part, bool read)
{
    p->link->addressed = 0;
    if (!part || (part->type->i2c->start && !part->type->i2c->start(part, read)))
        return false;
    p->link->addressed = (uint16_t)(part->index + 1);
    return true;
}

bool fwsim_i2c_start(fwsim_periph *p, uint8_t addr, bool read)
{
    return start(p, part_on_bus(p, addr), read);
}

bool fwsim_i2c_start_on(fwsim_periph *p, unsigned scl, unsigned sda,
                        uint8_t addr, bool read)
{
    return start(p, part_on_pins(p->m, scl, sda, addr), read);
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
