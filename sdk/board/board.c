/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Boards by name, and the check of a board's tables before a machine is made
 * of them.
 */
#include "board/board.h"

#include <inttypes.h>
#include <string.h>

#include "fwsim_periph.h"
#include "machine/machine.h"

const fwsim_board *fwsim_board_find(const char *name)
{
    for (const fwsim_board *const *b = fwsim_boards; name && *b; b++)
        if (strcmp((*b)->name, name) == 0)
            return *b;
    return NULL;
}

/* ------------------------------------------------------------------ */
/* Walking the tables                                                   */
/* ------------------------------------------------------------------ */

/** A board that is being checked. */
typedef struct check {
    fwsim_machine *m; /* keeps the text of the error */
    const fwsim_board *board;
    const fwsim_soc *soc;
} check;

static size_t slot_count(const fwsim_slot *slots)
{
    size_t n = 0;

    while (slots && slots[n].name)
        n++;
    return n;
}

/** The i-th slot of chip and board together; NULL at the end. */
static const fwsim_slot *slot_at(const check *c, size_t i)
{
    size_t chip = slot_count(c->soc->periph);

    if (i < chip)
        return &c->soc->periph[i];
    return i - chip < slot_count(c->board->parts) ? &c->board->parts[i - chip]
                                                  : NULL;
}

static const fwsim_slot *slot_by_name(const check *c, const char *name)
{
    const fwsim_slot *slot;

    for (size_t i = 0; (slot = slot_at(c, i)); i++)
        if (strcmp(slot->name, name) == 0)
            return slot;
    return NULL;
}

static const fwsim_memory *memory_by_name(const check *c, const char *name)
{
    for (const fwsim_memory *mem = c->soc->memory; mem->size; mem++)
        if (strcmp(mem->name, name) == 0)
            return mem;
    return NULL;
}

/* Names beyond these are not suggested. */
enum { NAMES = 256 };

static const char *closest_slot(const check *c, const char *name)
{
    const char *names[NAMES + 1] = { NULL };
    const fwsim_slot *slot;

    for (size_t i = 0; i < NAMES && (slot = slot_at(c, i)); i++)
        names[i] = slot->name;
    return fwsim_closest(name, names);
}

static const char *closest_memory(const check *c, const char *name)
{
    const char *names[NAMES + 1] = { NULL };

    for (size_t i = 0; i < NAMES && c->soc->memory[i].size; i++)
        names[i] = c->soc->memory[i].name;
    return fwsim_closest(name, names);
}

static const char *closest_core(const char *name)
{
    const char *names[NAMES + 1] = { NULL };

    for (size_t i = 0; i < NAMES && fwsim_cpus[i].name; i++)
        names[i] = fwsim_cpus[i].name;
    return fwsim_closest(name, names);
}

/* ------------------------------------------------------------------ */
/* Texts                                                                */
/* ------------------------------------------------------------------ */

/** A name that means nothing. @a near may be NULL. */
static int dangling(const check *c, const char *who, const char *what,
                    const char *name, const char *near)
{
    return fwsim__error(c->m, FWSIM_EBOARD, "%s: %s '%s' does not exist%s%s%s",
                        who, what, name, near ? "; did you mean '" : "",
                        near ? near : "", near ? "'?" : "");
}

/** A row of a table that takes up addresses. */
typedef struct range {
    const char *name;
    uint64_t base, size;
} range;

static range slot_range(const fwsim_slot *s)
{
    return (range){ s->name, s->base, s->type->size };
}

static range memory_range(const fwsim_memory *mem)
{
    return (range){ mem->name, mem->base, mem->size };
}

static int check_apart(const check *c, range a, range b)
{
    if (a.base - b.base >= b.size && b.base - a.base >= a.size)
        return 0;
    return fwsim__error(c->m, FWSIM_EBOARD,
                        "%s 0x%08" PRIx64 "+0x%" PRIx64
                        " overlaps %s 0x%08" PRIx64 "+0x%" PRIx64,
                        a.name, a.base, a.size, b.name, b.base, b.size);
}

static int check_wrap(const check *c, range r)
{
    if (r.size <= UINT64_MAX - r.base)
        return 0;
    return fwsim__error(c->m, FWSIM_EBOARD,
                        "%s 0x%08" PRIx64 "+0x%" PRIx64
                        " ends beyond the address space",
                        r.name, r.base, r.size);
}

static int twice(const check *c, const char *what, const char *name)
{
    return fwsim__error(c->m, FWSIM_EBOARD, "two %s have the name '%s'", what,
                        name);
}

/* ------------------------------------------------------------------ */
/* Memories and regions                                                 */
/* ------------------------------------------------------------------ */

static int check_alias(const check *c, const fwsim_memory *mem)
{
    const fwsim_memory *of;

    if (!mem->alias_of)
        return 0;
    of = memory_by_name(c, mem->alias_of);
    if (!of)
        return dangling(c, mem->name, "memory", mem->alias_of,
                        closest_memory(c, mem->alias_of));
    if (of->alias_of)
        return fwsim__error(c->m, FWSIM_EBOARD, "%s: alias of the alias %s",
                            mem->name, of->name);
    if (mem->size > of->size)
        return fwsim__error(c->m, FWSIM_EBOARD,
                            "%s: 0x%" PRIx64 " bytes, but %s has only 0x%" PRIx64,
                            mem->name, mem->size, of->name, of->size);
    return 0;
}

static int check_memory(const check *c, const fwsim_memory *mem)
{
    int err;

    if (!mem->name)
        return fwsim__error(c->m, FWSIM_EBOARD,
                            "the memory at 0x%08" PRIx64 " has no name",
                            mem->base);
    if (mem->base % 1024 || mem->size % 1024)
        return fwsim__error(c->m, FWSIM_EBOARD,
                            "%s 0x%08" PRIx64 "+0x%" PRIx64
                            " is not in multiples of 1024 bytes",
                            mem->name, mem->base, mem->size);
    err = check_wrap(c, memory_range(mem));
    for (const fwsim_memory *o = c->soc->memory; o != mem && !err; o++)
        err = strcmp(o->name, mem->name) == 0
                  ? twice(c, "memories", mem->name)
                  : check_apart(c, memory_range(mem), memory_range(o));
    return err;
}

/** Names of other rows, when all rows are known to have one. */
static int check_memory_names(const check *c, const fwsim_memory *mem)
{
    if (mem->controller && !slot_by_name(c, mem->controller))
        return dangling(c, mem->name, "controller", mem->controller,
                        closest_slot(c, mem->controller));
    return check_alias(c, mem);
}

static int check_memories(const check *c)
{
    int err = 0;

    for (const fwsim_memory *m = c->soc->memory; m && m->size && !err; m++)
        err = check_memory(c, m);
    for (const fwsim_memory *m = c->soc->memory; m && m->size && !err; m++)
        err = check_memory_names(c, m);
    return err;
}

static int check_regions(const check *c)
{
    int err = 0;

    for (const fwsim_region *r = c->soc->regions; r && r->size && !err; r++) {
        range a = { r->name, r->base, r->size };

        if (!r->name)
            return fwsim__error(c->m, FWSIM_EBOARD,
                                "the region at 0x%08" PRIx64 " has no name",
                                r->base);
        err = check_wrap(c, a);
        for (const fwsim_region *o = c->soc->regions; o != r && !err; o++)
            err = check_apart(c, a, (range){ o->name, o->base, o->size });
    }
    return err;
}

/* ------------------------------------------------------------------ */
/* Slots                                                                */
/* ------------------------------------------------------------------ */

static int check_irqs(const check *c, const fwsim_slot *slot)
{
    if (slot->type->irqs > FWSIM_SLOT_IRQS)
        return fwsim__error(c->m, FWSIM_EBOARD,
                            "%s: %s has %u interrupt outputs, %d at most",
                            slot->name, slot->type->name, slot->type->irqs,
                            FWSIM_SLOT_IRQS);
    for (unsigned i = 0; c->soc->cpu && i < slot->type->irqs; i++)
        if (slot->irq[i] != FWSIM_NO_IRQ && slot->irq[i] != FWSIM_NMI &&
            (slot->irq[i] < 0 || slot->irq[i] >= c->soc->irq_lines))
            return fwsim__error(c->m, FWSIM_EBOARD,
                                "%s: interrupt line %d, but %s has %u",
                                slot->name, slot->irq[i], c->soc->name,
                                c->soc->irq_lines);
    return 0;
}

static int check_pins(const check *c, const fwsim_slot *slot)
{
    const char *const *names = slot->type->pins;

    if (slot->first_pin && slot->first_pin >= c->soc->pins)
        return fwsim__error(c->m, FWSIM_EBOARD,
                            "%s: first pin %u, but %s has %u", slot->name,
                            slot->first_pin, c->soc->name, c->soc->pins);
    for (unsigned i = 0; names && names[i]; i++) {
        if (i >= FWSIM_SLOT_PINS)
            return fwsim__error(c->m, FWSIM_EBOARD,
                                "%s: %s has more than %d pins", slot->name,
                                slot->type->name, FWSIM_SLOT_PINS);
        if (slot->pin[i] >= c->soc->pins)
            return fwsim__error(c->m, FWSIM_EBOARD,
                                "%s: %s is at pin %u, but %s has %u",
                                slot->name, names[i], slot->pin[i],
                                c->soc->name, c->soc->pins);
    }
    return 0;
}

/** The type has the pins of an I2C bus. */
static bool has_i2c_pins(const fwsim_periph_type *type)
{
    unsigned found = 0;

    for (unsigned i = 0; type->pins && type->pins[i]; i++)
        found += strcmp(type->pins[i], "scl") == 0 ||
                 strcmp(type->pins[i], "sda") == 0;
    return found == 2;
}

static int check_bus(const check *c, const fwsim_slot *slot)
{
    if (!slot->bus) {
        if (slot->type->i2c && !has_i2c_pins(slot->type))
            return fwsim__error(c->m, FWSIM_EBOARD,
                                "%s: %s needs a bus to hang on", slot->name,
                                slot->type->name);
        return 0;
    }
    if (!slot_by_name(c, slot->bus))
        return dangling(c, slot->name, "bus", slot->bus,
                        closest_slot(c, slot->bus));
    return 0;
}

static int check_slot(const check *c, const fwsim_slot *slot)
{
    int err;

    if (!slot->type)
        return fwsim__error(c->m, FWSIM_EBOARD, "%s has no type", slot->name);
    if (slot->type->params && slot->type->params[0] && !slot->param)
        return fwsim__error(c->m, FWSIM_EBOARD,
                            "%s: %s needs parameters, first '%s'", slot->name,
                            slot->type->name, slot->type->params[0]);
    if ((err = check_irqs(c, slot)) || (err = check_pins(c, slot)) ||
        (err = check_bus(c, slot)))
        return err;
    return check_wrap(c, slot_range(slot));
}

/** No address of @a slot, or of its alias, is one of @a r. */
static int check_slot_apart(const check *c, const fwsim_slot *slot, range r)
{
    int err = check_apart(c, slot_range(slot), r);

    if (err || !slot->alias)
        return err;
    return check_apart(c, (range){ slot->name, slot->alias, slot->type->size },
                       r);
}

/** Two slots: names, addresses, places on a bus. */
static int check_pair(const check *c, const fwsim_slot *a, const fwsim_slot *b)
{
    if (strcmp(a->name, b->name) == 0 ||
        (b->also && strcmp(a->name, b->also) == 0))
        return twice(c, "slots", a->name);
    if (a->also && (strcmp(a->also, b->name) == 0 ||
                    (b->also && strcmp(a->also, b->also) == 0)))
        return twice(c, "slots", a->also);
    if (a->bus && b->bus && strcmp(a->bus, b->bus) == 0 &&
        a->bus_addr == b->bus_addr)
        return fwsim__error(c->m, FWSIM_EBOARD,
                            "%s and %s both have address 0x%02" PRIx32 " on %s",
                            a->name, b->name, a->bus_addr, a->bus);
    if (a->type->size && b->type->size)
        return check_slot_apart(c, a, slot_range(b));
    return 0;
}

static int check_slots(const check *c)
{
    const fwsim_slot *slot;
    int err = 0;

    for (size_t i = 0; !err && (slot = slot_at(c, i)); i++) {
        err = check_slot(c, slot);
        for (size_t k = 0; k < i && !err; k++)
            err = check_pair(c, slot, slot_at(c, k));
        for (const fwsim_memory *mem = c->soc->memory;
             mem && mem->size && slot->type && slot->type->size && !err; mem++)
            err = check_slot_apart(c, slot, memory_range(mem));
    }
    return err;
}

/* ------------------------------------------------------------------ */
/* The board                                                            */
/* ------------------------------------------------------------------ */

static int check_core(const check *c)
{
    const fwsim_soc *soc = c->soc;
    const fwsim_cpu_info *info;

    if (!soc->clock_hz)
        return fwsim__error(c->m, FWSIM_EBOARD, "%s has no clock", soc->name);
    if (!soc->cpu)
        return 0;
    if (!fwsim__cpu_find(soc->cpu, &info))
        return dangling(c, soc->name, "core", soc->cpu, closest_core(soc->cpu));
    if (soc->prio_bits > 8)
        return fwsim__error(c->m, FWSIM_EBOARD,
                            "%s: %u priority bits, 8 at most", soc->name,
                            soc->prio_bits);
    for (const fwsim_memory *mem = soc->memory; mem && mem->size; mem++)
        if (soc->boot_addr - mem->base < mem->size)
            return 0;
    return fwsim__error(c->m, FWSIM_EBOARD,
                        "%s boots from 0x%08" PRIx64 ", which is no memory",
                        soc->name, soc->boot_addr);
}

static int check_pin_names(const check *c)
{
    const fwsim_pin_name *names = c->board->pins;

    for (size_t i = 0; names && names[i].name; i++) {
        if (names[i].pin >= c->soc->pins)
            return fwsim__error(c->m, FWSIM_EBOARD,
                                "%s is pin %u, but %s has %u", names[i].name,
                                names[i].pin, c->soc->name, c->soc->pins);
        for (size_t k = 0; k < i; k++)
            if (strcmp(names[i].name, names[k].name) == 0)
                return twice(c, "pins", names[i].name);
    }
    return 0;
}

static int check_console(const check *c)
{
    const char *name = c->board->console;
    const fwsim_slot *slot = name ? slot_by_name(c, name) : NULL;

    if (name && !slot)
        return dangling(c, c->board->name, "console", name,
                        closest_slot(c, name));
    if (slot && !slot->type->uart)
        return fwsim__error(c->m, FWSIM_EBOARD,
                            "%s: the console %s (%s) is no UART",
                            c->board->name, name, slot->type->name);
    return 0;
}

int fwsim__board_check(fwsim_machine *m, const fwsim_board *b)
{
    const check c = { .m = m, .board = b, .soc = b->soc };
    int err;

    if (!b->name || !b->soc || !b->soc->name)
        return fwsim__error(m, FWSIM_EBOARD,
                            "a board and its chip need a name");
    if ((err = check_core(&c)) || (err = check_memories(&c)) ||
        (err = check_regions(&c)) || (err = check_slots(&c)) ||
        (err = check_pin_names(&c)))
        return err;
    return check_console(&c);
}
