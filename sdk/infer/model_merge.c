/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Merging what several sources know. Where two claim something of the same
 * bits, the later source wins (FWSIM__SOURCE_MAP), then the more confident one,
 * then the one that was there; what the winner does not know comes from the
 * other. Places are compared by address, so that the two sets may have cut the
 * address space into different peripherals.
 */
#include "fwsim.h"
#include "infer/model.h"

#include <stdlib.h>
#include <string.h>

/* ------------------------------------------------------------------ */
/* Claims                                                               */
/* ------------------------------------------------------------------ */

static unsigned strength(uint8_t source, uint8_t confidence)
{
    return 1u + source * (FWSIM__CONFIDENCE_MAX + 1u) + confidence;
}

static unsigned field_strength(const fwsim__field *f)
{
    return strength(f->source, f->confidence);
}

/** Who does not know the role claims nothing. */
static unsigned register_strength(const fwsim__register *r)
{
    return r->role == FWSIM__ROLE_UNKNOWN
               ? 0
               : strength(r->source, r->confidence);
}

/** Take a text when it is better than none, or than the one there. */
static bool take_text(char **text, const char *other, bool wins)
{
    if (!other || (*text && !wins))
        return true;
    return fwsim__models_text(text, "%s", other);
}

/** Take a text, or its absence. */
static bool replace_text(char **text, const char *other)
{
    if (other)
        return fwsim__models_text(text, "%s", other);
    free(*text);
    *text = NULL;
    return true;
}

/* ------------------------------------------------------------------ */
/* Fields                                                               */
/* ------------------------------------------------------------------ */

static bool fields_meet(const fwsim__field *a, const fwsim__field *b)
{
    return a->lsb < b->lsb + b->width && b->lsb < a->lsb + a->width;
}

static bool same_bits(const fwsim__field *a, const fwsim__field *b)
{
    return a->lsb == b->lsb && a->width == b->width;
}

/** Is there a field of other bits that is not weaker? */
static bool field_is_beaten(const fwsim__register *r, const fwsim__field *f)
{
    for (size_t i = 0; i < r->field_count; i++)
        if (fields_meet(&r->fields[i], f) && !same_bits(&r->fields[i], f) &&
            field_strength(&r->fields[i]) >= field_strength(f))
            return true;
    return false;
}

/** Remove the fields of other bits that are in the way. */
static void clear_bits(fwsim__register *r, const fwsim__field *f)
{
    size_t kept = 0;

    for (size_t i = 0; i < r->field_count; i++) {
        if (fields_meet(&r->fields[i], f) && !same_bits(&r->fields[i], f))
            fwsim__field_clear(&r->fields[i]);
        else
            r->fields[kept++] = r->fields[i];
    }
    r->field_count = kept;
}

static bool merge_field(fwsim__register *r, const fwsim__field *from)
{
    fwsim__field *f;
    bool fresh, wins;

    if (from->lsb + from->width > r->width * 8 || field_is_beaten(r, from))
        return true;
    clear_bits(r, from);
    f = fwsim__models_field(r, from->lsb);
    if (!f)
        return false;
    fresh = f->width == 0;
    wins = fresh || field_strength(from) > field_strength(f);
    f->width = from->width;
    if (wins) {
        f->kind = from->kind;
        f->value = from->value;
        f->source = from->source;
        f->confidence = from->confidence;
        if (!replace_text(&f->reason, from->reason))
            return false;
    }
    return take_text(&f->name, from->name, wins);
}

/* ------------------------------------------------------------------ */
/* Registers                                                            */
/* ------------------------------------------------------------------ */

static unsigned bytes(const fwsim__register *r)
{
    return r->width ? r->width : 4;
}

/** Bytes free from an offset on, up to the next register or the end. */
static uint32_t room_at(const fwsim__periph_model *p, uint32_t offset)
{
    size_t next = fwsim__models_registers_from(p, offset + 1);
    uint32_t end = next < p->register_count ? p->registers[next].offset
                                            : p->size;

    return end - offset;
}

/** Does a register that begins elsewhere have the byte at an offset? */
static bool is_inside(const fwsim__periph_model *p, uint32_t offset)
{
    size_t next = fwsim__models_registers_from(p, offset);
    const fwsim__register *r;

    if (next == 0)
        return false;
    r = &p->registers[next - 1];
    return offset - r->offset < bytes(r);
}

/** The claim of the stronger, and what it does not know of the weaker. */
static bool merge_register(fwsim__register *r, const fwsim__register *from,
                           uint32_t room)
{
    bool wins = register_strength(from) > register_strength(r);

    if (wins) {
        r->role = from->role;
        r->partner = from->partner;
        r->source = from->source;
        r->confidence = from->confidence;
        if (!replace_text(&r->reason, from->reason))
            return false;
    }
    if (!r->width || (wins && bytes(from) <= room))
        r->width = (uint8_t)bytes(from);
    if (from->has_reset && (wins || !r->has_reset)) {
        r->has_reset = true;
        r->reset = from->reset;
    }
    if (r->width < 4)
        r->reset &= (1u << r->width * 8) - 1;
    r->readable = r->readable && from->readable;
    r->writable = r->writable && from->writable;
    if (from->pc && (wins || !r->pc))
        r->pc = from->pc;
    for (size_t i = 0; i < from->field_count; i++)
        if (!merge_field(r, &from->fields[i]))
            return false;
    return take_text(&r->name, from->name, wins) &&
           take_text(&r->stream, from->stream, wins);
}

/** Fields that a narrower register no longer has. */
static void cut_fields(fwsim__register *r)
{
    while (r->field_count &&
           r->fields[r->field_count - 1].lsb +
                   r->fields[r->field_count - 1].width > r->width * 8)
        fwsim__field_clear(&r->fields[--r->field_count]);
}

static bool add_register(fwsim__periph_model *p, uint32_t offset,
                         const fwsim__register *from)
{
    uint32_t room = room_at(p, offset);
    const fwsim__register *found = fwsim__models_register_at(p, offset);
    fwsim__register *r;

    if (is_inside(p, offset) || (!found && bytes(from) > room))
        return true;
    r = fwsim__models_register(p, offset);
    if (!r)
        return false;
    if (!found) {
        /* Nobody claims anything yet, also not that there is a reset value. */
        r->source = from->source;
        r->confidence = from->confidence;
        if (!take_text(&r->reason, from->reason, true))
            return false;
    }
    if (!merge_register(r, from, room))
        return false;
    cut_fields(r);
    return true;
}

/* ------------------------------------------------------------------ */
/* Sites, interrupts, channels                                          */
/* ------------------------------------------------------------------ */

static bool add_site(fwsim__periph_model *p, uint32_t shift,
                     const fwsim__site *from)
{
    fwsim__site *site = fwsim__models_site(p, from->pc, from->state,
                                           from->offset + shift);

    if (!site)
        return false;
    if (site->value_count && strength(from->source, from->confidence) <=
                                 strength(site->source, site->confidence))
        return true;
    site->mask = from->mask;
    site->source = from->source;
    site->confidence = from->confidence;
    site->value_count = 0;
    free(site->values);
    site->values = NULL;
    for (size_t i = 0; i < from->value_count; i++)
        if (!fwsim__site_add(site, from->values[i]))
            return false;
    return replace_text(&site->reason, from->reason);
}

static bool add_event(fwsim__periph_model *p, uint32_t shift,
                      const fwsim__event_model *from)
{
    size_t before = p->event_count;
    fwsim__event_model *e = fwsim__models_event(p, from->line);
    char *reason;

    if (!e)
        return false;
    if (p->event_count == before && strength(from->source, from->confidence) <=
                                        strength(e->source, e->confidence))
        return true;
    reason = e->reason;
    *e = *from;
    e->reason = reason;
    e->status = e->status || e->status_bits ? from->status + shift : 0;
    e->enable = e->enable || e->enable_bits ? from->enable + shift : 0;
    return replace_text(&e->reason, from->reason);
}

static bool add_dma(fwsim__periph_model *p, uint32_t shift,
                    const fwsim__dma_model *from)
{
    size_t before = p->dma_count;
    fwsim__dma_model *d = fwsim__models_dma(p, from->address + shift);
    char *reason, *stream;

    if (!d)
        return false;
    if (p->dma_count == before && strength(from->source, from->confidence) <=
                                      strength(d->source, d->confidence))
        return true;
    reason = d->reason;
    stream = d->stream;
    *d = *from;
    d->reason = reason;
    d->stream = stream;
    d->address += shift;
    d->count += shift;
    d->control = d->control || d->start_bits ? from->control + shift : 0;
    return replace_text(&d->reason, from->reason) &&
           take_text(&d->stream, from->stream, true);
}

/* ------------------------------------------------------------------ */
/* Peripherals                                                          */
/* ------------------------------------------------------------------ */

/** First address that is free from @a addr on, and last byte before the next
 * peripheral, up to the end of @a from. */
static void free_range(const fwsim__models *models,
                       const fwsim__periph_model *from, uint64_t addr,
                       uint64_t *first, uint64_t *last)
{
    size_t next = fwsim__models_periphs_from(models, addr);
    const fwsim__periph_model *p;

    *first = from->base;
    *last = from->base + (from->size - 1);
    if (next < models->periph_count && models->periphs[next].base <= *last)
        *last = models->periphs[next].base - 1;
    if (next == 0)
        return;
    p = &models->periphs[next - 1];
    if (p->size && p->base + (p->size - 1) >= *first)
        *first = p->base + (p->size - 1) + 1;
}

/** The peripheral around an address, or a new one in what is free there. */
static fwsim__periph_model *home_of(fwsim__models *models,
                                    const fwsim__periph_model *from,
                                    uint64_t addr)
{
    const fwsim__periph_model *found = fwsim__models_at(models, addr);
    fwsim__periph_model *p;
    uint64_t first, last;

    if (found)
        return fwsim__models_periph(models, found->base);
    free_range(models, from, addr, &first, &last);
    p = fwsim__models_periph(models, first);
    if (p)
        p->size = (uint32_t)(last - first + 1);
    return p;
}

/** Make a peripheral at the same base as large, as far as there is room. */
static void grow(fwsim__models *models, const fwsim__periph_model *from)
{
    size_t i = fwsim__models_periphs_from(models, from->base);
    uint64_t room = UINT64_MAX;

    if (i == models->periph_count || models->periphs[i].base != from->base)
        return;
    if (i + 1 < models->periph_count)
        room = models->periphs[i + 1].base - from->base;
    if (from->size > models->periphs[i].size)
        models->periphs[i].size = from->size < room ? from->size
                                                    : (uint32_t)room;
}

/** A peripheral for an offset of another, and how far offsets are from there.
 */
static fwsim__periph_model *home(fwsim__models *models,
                                 const fwsim__periph_model *from,
                                 uint32_t offset, uint32_t *shift)
{
    fwsim__periph_model *p = home_of(models, from, from->base + offset);

    if (p)
        *shift = (uint32_t)(from->base - p->base);
    return p;
}

static bool merge_registers(fwsim__models *models,
                            const fwsim__periph_model *from)
{
    fwsim__periph_model *p;
    uint32_t shift;

    for (size_t i = 0; i < from->register_count; i++) {
        const fwsim__register *r = &from->registers[i];

        p = home(models, from, r->offset, &shift);
        if (!p || !add_register(p, r->offset + shift, r))
            return false;
    }
    for (size_t i = 0; i < from->site_count; i++) {
        p = home(models, from, from->sites[i].offset, &shift);
        if (!p || !add_site(p, shift, &from->sites[i]))
            return false;
    }
    return true;
}

static bool merge_periph(fwsim__models *models, const fwsim__periph_model *from)
{
    fwsim__periph_model *p;
    uint32_t shift;

    grow(models, from);
    if (!merge_registers(models, from))
        return false;
    p = home(models, from, 0, &shift);
    if (!p || (!shift && !take_text(&p->name, from->name, false)))
        return false;
    for (size_t i = 0; i < from->event_count; i++)
        if (!add_event(p, shift, &from->events[i]))
            return false;
    for (size_t i = 0; i < from->dma_count; i++)
        if (!add_dma(p, shift, &from->dmas[i]))
            return false;
    return true;
}

int fwsim__models_merge(fwsim__models *into, const fwsim__models *from)
{
    if (!take_text(&into->soc, from->soc, false) ||
        !take_text(&into->cpu, from->cpu, false) ||
        !take_text(&into->licence, from->licence, false) ||
        !take_text(&into->provenance, from->provenance, false))
        return FWSIM_ENOMEM;
    for (size_t i = 0; i < from->periph_count; i++)
        if (from->periphs[i].size && !merge_periph(into, &from->periphs[i]))
            return FWSIM_ENOMEM;
    return 0;
}
