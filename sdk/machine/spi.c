/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The SPI bus between a controller and the parts whose slot names it, that sit
 * on the pins the firmware has given it, or that are the host's.
 *
 * A part with a pin "cs" is selected while something drives that pin low; one
 * without is always selected.
 */
#include "machine/machine.h"

/** A part of either kind. */
typedef struct target {
    fwsim_periph *part;
    fwsim__host_part *host;
} target;

static int cs_pin(const target *t)
{
    return t->host ? t->host->cs : fwsim__part_pin(t->part, "cs");
}

static bool is_low(const fwsim_machine *m, int pin)
{
    const fwsim__pin *p = &m->pins[pin];

    return !p->level && (p->host || p->part || p->port || p->override);
}

/** Tell a part when its chip select has changed. @return selected */
static bool settle(fwsim_machine *m, const target *t)
{
    int pin = cs_pin(t);
    bool selected = pin < 0 || is_low(m, pin);
    const fwsim_periph *bus = t->host ? t->host->controller : t->part->bus;
    uint8_t *was = t->host ? &t->host->selected : &t->part->link->selected;

    if (*was == selected)
        return selected;
    *was = selected;
    if (pin >= 0)
        fwsim__note_tell(m, &(fwsim__note){ .kind = FWSIM__NOTE_SPI_SELECT,
                                            .periph = bus,
                                            .addr = (uint64_t)pin,
                                            .ok = selected });
    if (t->host) {
        if (t->host->spi->select)
            t->host->spi->select(m, selected, t->host->user);
    } else if (t->part->type->spi->select) {
        t->part->type->spi->select(t->part, selected);
    }
    return selected;
}

/** The @a i-th part on any SPI bus; false: it is none. */
static bool part_at(fwsim_machine *m, size_t i, target *t)
{
    *t = (target){ NULL, NULL };
    if (i < m->part_count) {
        t->host = &m->parts[i];
        return t->host->controller && t->host->bus == FWSIM__BUS_SPI;
    }
    t->part = &m->periphs[i - m->part_count];
    return t->part->type->spi != NULL;
}

void fwsim__spi_settle(fwsim_machine *m)
{
    target t;

    for (size_t i = 0; i < m->part_count + m->periph_count; i++)
        if (part_at(m, i, &t))
            settle(m, &t);
}

void fwsim__spi_pin(fwsim_machine *m, unsigned pin)
{
    target t;

    for (size_t i = 0; i < m->part_count + m->periph_count; i++)
        if (part_at(m, i, &t) && cs_pin(&t) == (int)pin)
            settle(m, &t);
}

static uint8_t exchange(fwsim_machine *m, const target *t, uint8_t out)
{
    if (!t->host)
        return t->part->type->spi->transfer
                   ? t->part->type->spi->transfer(t->part, out)
                   : 0xff;
    return t->host->spi->transfer
               ? t->host->spi->transfer(m, out, t->host->user)
               : 0xff;
}

/** Pins of a bus; without them, parts that name the controller are on it. */
typedef struct bus_pins {
    unsigned sck, mosi, miso;
} bus_pins;

static bool pin_fits(const fwsim_periph *part, const char *name, unsigned pin)
{
    int has = fwsim__part_pin(part, name);

    return has < 0 || (unsigned)has == pin;
}

static bool is_on(const fwsim_periph *p, const bus_pins *pins, const target *t)
{
    if (t->host)
        return t->host->controller == p;
    if (t->part->bus || !pins)
        return t->part->bus == p;
    return fwsim__part_pin(t->part, "sck") == (int)pins->sck &&
           pin_fits(t->part, "mosi", pins->mosi) &&
           pin_fits(t->part, "miso", pins->miso);
}

static bool transfer(fwsim_periph *p, const bus_pins *pins, uint8_t out,
                     uint8_t *in)
{
    fwsim_machine *m = p->m;
    bool any = false;
    target t;

    *in = 0xff;
    for (size_t i = 0; i < m->part_count + m->periph_count; i++) {
        uint8_t byte;

        if (!part_at(m, i, &t) || !is_on(p, pins, &t) || !settle(m, &t))
            continue;
        byte = exchange(m, &t, out);
        if (any)
            fwsim_guest_error(p, "more than one part is selected");
        else
            *in = byte;
        any = true;
    }
    fwsim__note_tell(m, &(fwsim__note){ .kind = FWSIM__NOTE_SPI_BYTE,
                                        .periph = p,
                                        .value = (uint32_t)out << 8 | *in,
                                        .ok = any });
    return any;
}

bool fwsim_spi_transfer(fwsim_periph *p, uint8_t out, uint8_t *in)
{
    return transfer(p, NULL, out, in);
}

bool fwsim_spi_transfer_on(fwsim_periph *p, unsigned sck, unsigned mosi,
                           unsigned miso, uint8_t out, uint8_t *in)
{
    return transfer(p, &(bus_pins){ sck, mosi, miso }, out, in);
}
