/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The I2C bus between a controller and the parts whose slot names it, that sit
 * on the pins the firmware has given it, or that are the host's.
 */
#include "machine/machine.h"

#include <string.h>

int fwsim__part_pin(const fwsim_periph *part, const char *name)
{
    const char *const *names = part->type->pins;

    for (unsigned i = 0; names && names[i]; i++)
        if (strcmp(names[i], name) == 0)
            return part->slot->pin[i];
    return -1;
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
            fwsim__part_pin(p, "scl") == (int)scl &&
            fwsim__part_pin(p, "sda") == (int)sda)
            return p;
    }
    return NULL;
}

/** The part of the transfer in progress, or NULL. */
static fwsim_periph *addressed(const fwsim_periph *controller)
{
    uint16_t index = controller->link->addressed;

    return index && !(index & FWSIM__OF_HOST) ? &controller->m->periphs[index - 1]
                                       : NULL;
}

/** The same when it is the host's; one that was detached is none. */
static fwsim__host_part *addressed_host(const fwsim_periph *controller)
{
    uint16_t index = controller->link->addressed;
    fwsim_machine *m = controller->m;
    fwsim__host_part *host;

    if (!(index & FWSIM__OF_HOST) || (index & ~FWSIM__OF_HOST) >= (int)m->part_count)
        return NULL;
    host = &m->parts[index & ~FWSIM__OF_HOST];
    return host->controller == controller && host->bus == FWSIM__BUS_I2C
               ? host
               : NULL;
}

static void tell(fwsim_periph *p, fwsim__note_kind kind, uint8_t value, bool ok)
{
    fwsim__note_tell(p->m, &(fwsim__note){ .kind = kind,
                                           .periph = p,
                                           .value = value,
                                           .ok = ok });
}

static bool intercepted(fwsim_periph *p, bool is_start)
{
    const fwsim_machine *m = p->m;

    return m->intercept && !m->intercept->i2c(m->intercept_user, p, is_start);
}

static bool start_host(fwsim_periph *p, fwsim__host_part *host, bool read)
{
    uint16_t number = (uint16_t)(FWSIM__OF_HOST | (host - p->m->parts));

    if (host->i2c->start && !host->i2c->start(p->m, read, host->user))
        return false;
    p->link->addressed = number;
    return true;
}

static bool start_part(fwsim_periph *p, fwsim_periph *part, bool read)
{
    if (!part || (part->type->i2c->start && !part->type->i2c->start(part, read)))
        return false;
    p->link->addressed = (uint16_t)(part->index + 1);
    return true;
}

static bool start(fwsim_periph *p, fwsim_periph *part, uint8_t addr, bool read)
{
    const fwsim__host_part place = { .bus = FWSIM__BUS_I2C,
                                     .controller = p,
                                     .addr = addr,
                                     .cs = -1 };
    fwsim__host_part *host = fwsim__part_find(p->m, &place);
    bool ack;

    p->link->addressed = 0;
    ack = !intercepted(p, true) && (host ? start_host(p, host, read)
                                         : start_part(p, part, read));
    tell(p, FWSIM__NOTE_I2C_START, (uint8_t)(addr << 1 | read), ack);
    return ack;
}

bool fwsim_i2c_start(fwsim_periph *p, uint8_t addr, bool read)
{
    return start(p, part_on_bus(p, addr), addr, read);
}

bool fwsim_i2c_start_on(fwsim_periph *p, unsigned scl, unsigned sda,
                        uint8_t addr, bool read)
{
    return start(p, part_on_pins(p->m, scl, sda, addr), addr, read);
}

bool fwsim_i2c_write(fwsim_periph *p, uint8_t byte)
{
    fwsim_periph *part = addressed(p);
    fwsim__host_part *host = addressed_host(p);
    bool ack = false;

    if (intercepted(p, false))
        ; /* nobody hears it */
    else if (host)
        ack = !host->i2c->write || host->i2c->write(p->m, byte, host->user);
    else if (part && part->type->i2c->write)
        ack = part->type->i2c->write(part, byte);
    tell(p, FWSIM__NOTE_I2C_WRITE, byte, ack);
    return ack;
}

uint8_t fwsim_i2c_read(fwsim_periph *p)
{
    fwsim_periph *part = addressed(p);
    fwsim__host_part *host = addressed_host(p);
    uint8_t byte = 0xff; /* nobody pulls the line down */

    if (host && host->i2c->read)
        byte = host->i2c->read(p->m, host->user);
    else if (part && part->type->i2c->read)
        byte = part->type->i2c->read(part);
    tell(p, FWSIM__NOTE_I2C_READ, byte, true);
    return byte;
}

void fwsim_i2c_stop(fwsim_periph *p)
{
    fwsim_periph *part = addressed(p);
    fwsim__host_part *host = addressed_host(p);

    p->link->addressed = 0;
    if (host && host->i2c->stop)
        host->i2c->stop(p->m, host->user);
    else if (part && part->type->i2c->stop)
        part->type->i2c->stop(part);
    tell(p, FWSIM__NOTE_I2C_STOP, 0, true);
}
