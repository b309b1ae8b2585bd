/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Pins: what drives each of them, and the level that comes of it.
 *
 * The chip drives a pin by its GPIO port or, instead of it, by a peripheral
 * that was multiplexed to the pin. From outside come the host (fwsim_pin_set)
 * and the parts on the board. Strong drivers win over pulls, and these over
 * weak pulls; of two strong ones that disagree the outer one wins, as a button
 * to ground does, and the log says so once a pin.
 */
#include "machine/machine.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DEPTH_MAX = 16 };

enum { STRONG = 3 };

static const uint8_t strength[] = {
    [FWSIM_PIN_FLOAT] = 0,
    [FWSIM_PIN_LOW] = STRONG,  [FWSIM_PIN_HIGH] = STRONG,
    [FWSIM_PIN_PULL_DOWN] = 2, [FWSIM_PIN_PULL_UP] = 2,
    [FWSIM_PIN_WEAK_DOWN] = 1, [FWSIM_PIN_WEAK_UP] = 1,
};

const char *fwsim__pin_name(const fwsim_machine *m, unsigned pin, char *buf,
                            size_t size)
{
    const fwsim_pin_name *names = m->board->pins;

    for (size_t i = 0; names && names[i].name; i++)
        if (names[i].pin == pin)
            return names[i].name;
    snprintf(buf, size, "pin%u", pin);
    return buf;
}

/** Two strong drivers short-circuit the pin. */
static void report_conflict(fwsim_machine *m, fwsim__pin *pin)
{
    char buf[16];

    if (pin->conflict)
        return;
    pin->conflict = 1;
    fwsim__log(m, FWSIM_LOG_WARN, FWSIM_TOPIC_GENERAL,
               fwsim__pin_name(m, (unsigned)(pin - m->pins), buf, sizeof buf),
               "driven high and low at once; the outer driver wins");
}

static uint8_t resolve(fwsim_machine *m, fwsim__pin *pin)
{
    const uint8_t chip = pin->override ? pin->override : pin->port;
    const uint8_t drivers[] = { pin->host, pin->part, chip };
    uint8_t winner = FWSIM_PIN_FLOAT;

    /* The strongest, of equals the outermost. */
    for (size_t i = 0; i < sizeof drivers; i++) {
        if (strength[winner] == STRONG && strength[drivers[i]] == STRONG &&
            drivers[i] != winner)
            report_conflict(m, pin);
        if (strength[drivers[i]] > strength[winner])
            winner = drivers[i];
    }
    return winner == FWSIM_PIN_HIGH || winner == FWSIM_PIN_PULL_UP ||
           winner == FWSIM_PIN_WEAK_UP;
}

/** Call everybody, until one of them changes the pin again. */
static void tell(fwsim_machine *m, unsigned pin, bool level)
{
    const fwsim__hooks *hooks = &m->hooks[FWSIM__HOOK_PIN];

    fwsim__spi_pin(m, pin);
    for (uint16_t i = 0; i < m->periph_count; i++)
        if (m->periphs[i].type->on_pin && m->pins[pin].level == level)
            m->periphs[i].type->on_pin(&m->periphs[i], pin, level);
    for (size_t i = 0; i < hooks->count && m->pins[pin].level == level; i++) {
        fwsim__hook hook = hooks->list[i];

        ((fwsim_pin_fn)hook.fn)(m, pin, level, hook.user);
    }
}

/** A driver of the pin has changed. */
static void settle(fwsim_machine *m, unsigned index)
{
    fwsim__pin *pin = &m->pins[index];
    uint8_t level = resolve(m, pin);
    char buf[16];

    if (level == pin->level)
        return;
    pin->level = level;
    if (m->depth >= DEPTH_MAX) {
        fwsim__log(m, FWSIM_LOG_WARN, FWSIM_TOPIC_GUEST_ERROR,
                   fwsim__pin_name(m, index, buf, sizeof buf),
                   "changes of pins cause each other without end");
        return;
    }
    m->depth++;
    tell(m, index, level);
    m->depth--;
}

void fwsim__pins_reset(fwsim_machine *m)
{
    for (unsigned i = 0; i < m->soc->pins; i++)
        m->pins[i].port = m->pins[i].override = FWSIM_PIN_FLOAT;
    for (unsigned i = 0; i < m->soc->pins; i++)
        settle(m, i);
    /* A level that was low before does not change by floating. */
    fwsim__spi_settle(m);
}

/* ------------------------------------------------------------------ */
/* From the host                                                        */
/* ------------------------------------------------------------------ */

/** "pin17"; -1 when it is no such name. */
static long numbered(const char *name)
{
    char *end;
    long n;

    if (strncmp(name, "pin", 3) != 0 || name[3] < '0' || name[3] > '9')
        return -1;
    n = strtol(name + 3, &end, 10);
    return *end ? -1 : n;
}

enum { NAMES_MAX = 512 }; /* of which one may have been meant */

static int no_pin(fwsim_machine *m, const char *name)
{
    const fwsim_pin_name *pins = m->board->pins;
    const char *names[NAMES_MAX + 1], *near;
    size_t n = 0;

    for (; pins && pins[n].name && n < NAMES_MAX; n++)
        names[n] = pins[n].name;
    names[n] = NULL;
    near = fwsim_closest(name, names);
    return fwsim__error(m, FWSIM_ENOENT, "%s: no such pin on %s%s%s%s", name,
                        m->board->name, near ? "; did you mean " : "",
                        near ? near : "", near ? "?" : "");
}

int fwsim_pin_find(fwsim_machine *m, const char *name)
{
    const fwsim_pin_name *names = m->board->pins;
    long n = numbered(name);

    for (size_t i = 0; names && names[i].name; i++)
        if (strcmp(names[i].name, name) == 0)
            return names[i].pin;
    if (n >= 0 && n < m->soc->pins)
        return (int)n;
    return no_pin(m, name);
}

void fwsim__pin_put(fwsim_machine *m, unsigned pin, fwsim_drive drive)
{
    m->pins[pin].host = (uint8_t)drive;
    settle(m, pin);
}

int fwsim_pin_set(fwsim_machine *m, const char *pin, fwsim_drive drive)
{
    int index = fwsim_pin_find(m, pin);

    if (index < 0)
        return index;
    if ((unsigned)drive > FWSIM_PIN_WEAK_UP)
        return fwsim__error(m, FWSIM_EINVAL, "%s: %d is no fwsim_drive", pin,
                            (int)drive);
    fwsim__pin_put(m, (unsigned)index, drive);
    return 0;
}

int fwsim_pin_get(fwsim_machine *m, const char *pin)
{
    int index = fwsim_pin_find(m, pin);

    return index < 0 ? index : m->pins[index].level;
}

int fwsim_on_pin(fwsim_machine *m, fwsim_pin_fn fn, void *user)
{
    int id = fwsim__hook_add(
        m, FWSIM__HOOK_PIN,
        &(fwsim__hook){ .fn = (void (*)(void))fn, .user = user });

    return id < 0 ? id : 0;
}

/* ------------------------------------------------------------------ */
/* For models                                                           */
/* ------------------------------------------------------------------ */

bool fwsim_pin_level(const fwsim_periph *p, unsigned pin)
{
    return pin < p->m->soc->pins && p->m->pins[pin].level;
}

void fwsim_pin_override(fwsim_periph *p, unsigned pin, fwsim_drive drive)
{
    if (pin >= p->m->soc->pins)
        return;
    p->m->pins[pin].override = (uint8_t)drive;
    settle(p->m, pin);
}

void fwsim_port_drive(fwsim_periph *p, unsigned bit, fwsim_drive drive)
{
    unsigned pin = p->slot->first_pin + bit;

    /* The chip may bring out fewer pins than the port has bits. */
    if (pin >= p->m->soc->pins)
        return;
    p->m->pins[pin].port = (uint8_t)drive;
    settle(p->m, pin);
}

bool fwsim_port_level(const fwsim_periph *p, unsigned bit)
{
    return fwsim_pin_level(p, p->slot->first_pin + bit);
}

void fwsim_part_drive(fwsim_periph *p, unsigned index, fwsim_drive drive)
{
    unsigned pin;

    assert(index < FWSIM_SLOT_PINS);
    pin = p->slot->pin[index];
    assert(pin < p->m->soc->pins);
    p->m->pins[pin].part = (uint8_t)drive;
    settle(p->m, pin);
}

bool fwsim_part_level(const fwsim_periph *p, unsigned index)
{
    assert(index < FWSIM_SLOT_PINS);
    return fwsim_pin_level(p, p->slot->pin[index]);
}
