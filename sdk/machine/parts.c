/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Parts of the host on the buses of a machine: a list of places. A place that
 * was left stays free, so that its number means the same part as long as it
 * is there.
 */
#include "machine/machine.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool is_controller(const fwsim_periph *p, fwsim__bus bus)
{
    return bus == FWSIM__BUS_I2C ? p->type->i2c_bus : p->type->spi_bus;
}

static int no_controller(fwsim_machine *m, const char *name, fwsim__bus bus)
{
    const char *kind = bus == FWSIM__BUS_I2C ? "I2C" : "SPI";
    char others[200] = "";
    size_t n = 0;

    for (uint16_t i = 0; i < m->periph_count && n < sizeof others; i++)
        if (is_controller(&m->periphs[i], bus))
            n += (size_t)snprintf(others + n, sizeof others - n, "%s%s",
                                  n ? ", " : "", m->periphs[i].slot->name);
    return fwsim__error(m, FWSIM_ENOENT, "%s: no such %s controller on %s; %s%s",
                        name, kind, m->board->name, n ? "it has " : "it has none",
                        others);
}

int fwsim__part_place(fwsim_machine *m, fwsim__bus bus, const char *controller,
                      const char *cs, uint8_t addr, fwsim__host_part *out)
{
    fwsim_periph *p = fwsim__periph_find(m, controller);
    int pin = -1;

    if (!p || !is_controller(p, bus))
        return no_controller(m, controller, bus);
    if (cs)
        pin = fwsim_pin_find(m, cs);
    if (cs && pin < 0)
        return pin;
    if (addr > 0x7f)
        return fwsim__error(m, FWSIM_ERANGE,
                            "%s: 0x%02x is no address of 7 bits; is the "
                            "direction part of it?", controller, addr);
    *out = (fwsim__host_part){ .bus = bus,
                               .controller = p,
                               .addr = addr,
                               .cs = (int16_t)pin };
    return 0;
}

fwsim__host_part *fwsim__part_find(fwsim_machine *m,
                                   const fwsim__host_part *place)
{
    for (size_t i = 0; i < m->part_count; i++) {
        fwsim__host_part *h = &m->parts[i];

        if (h->controller == place->controller && h->bus == place->bus &&
            h->addr == place->addr && h->cs == place->cs)
            return h;
    }
    return NULL;
}

static fwsim__host_part *free_place(fwsim_machine *m)
{
    fwsim__host_part *parts;

    for (size_t i = 0; i < m->part_count; i++)
        if (!m->parts[i].controller)
            return &m->parts[i];
    if (m->part_count == FWSIM__HOST_PARTS_MAX)
        return NULL;
    parts = realloc(m->parts, (m->part_count + 1) * sizeof *parts);
    if (!parts)
        return NULL;
    m->parts = parts;
    return &m->parts[m->part_count++];
}

int fwsim__part_attach(fwsim_machine *m, const fwsim__host_part *part)
{
    fwsim__host_part *place;

    if (m->running)
        return fwsim__error(m, FWSIM_EBUSY, "a part is attached in a callback");
    if (fwsim__part_find(m, part))
        return fwsim__error(m, FWSIM_EINVAL,
                            "%s: a part is attached at this place already",
                            part->controller->slot->name);
    place = free_place(m);
    if (!place)
        return fwsim__error(m, FWSIM_ENOMEM, "no memory for a part on %s",
                            part->controller->slot->name);
    *place = *part;
    fwsim__spi_settle(m);
    return 0;
}

int fwsim__part_detach(fwsim_machine *m, const fwsim__host_part *place)
{
    fwsim__host_part *part = fwsim__part_find(m, place);

    if (m->running)
        return fwsim__error(m, FWSIM_EBUSY, "a part is detached in a callback");
    if (!part)
        return fwsim__error(m, FWSIM_ENOENT,
                            "%s: no part is attached at this place",
                            place->controller->slot->name);
    if (part->detached)
        part->detached(part->user);
    *part = (fwsim__host_part){ .controller = NULL };
    return 0;
}

int fwsim_i2c_attach(fwsim_machine *m, const char *controller, uint8_t addr,
                     const fwsim_i2c_device *device, void *user)
{
    fwsim__host_part part;
    int err =
        fwsim__part_place(m, FWSIM__BUS_I2C, controller, NULL, addr, &part);

    part.i2c = device;
    part.user = user;
    return err ? err : fwsim__part_attach(m, &part);
}

int fwsim_i2c_detach(fwsim_machine *m, const char *controller, uint8_t addr)
{
    fwsim__host_part place;
    int err =
        fwsim__part_place(m, FWSIM__BUS_I2C, controller, NULL, addr, &place);

    return err ? err : fwsim__part_detach(m, &place);
}

int fwsim_spi_attach(fwsim_machine *m, const char *controller, const char *cs,
                     const fwsim_spi_device *device, void *user)
{
    fwsim__host_part part;
    int err = fwsim__part_place(m, FWSIM__BUS_SPI, controller, cs, 0, &part);

    part.spi = device;
    part.user = user;
    return err ? err : fwsim__part_attach(m, &part);
}

int fwsim_spi_detach(fwsim_machine *m, const char *controller, const char *cs)
{
    fwsim__host_part place;
    int err = fwsim__part_place(m, FWSIM__BUS_SPI, controller, cs, 0, &place);

    return err ? err : fwsim__part_detach(m, &place);
}
