/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From the tables of the engine to register models, with a reason for each;
 * what files have said goes along (export_known.c).
 */
#include "infer/export.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static unsigned first_bit(uint32_t bits)
{
    return (unsigned)__builtin_ctz(bits);
}

/** Length of the run of ones that begins at the lowest bit of @a bits. */
static unsigned run_length(uint32_t bits)
{
    uint32_t gap = ~(bits >> first_bit(bits));

    return gap ? first_bit(gap) : 32 - first_bit(bits);
}

/* ------------------------------------------------------------------ */
/* Fields                                                               */
/* ------------------------------------------------------------------ */

/** A kind of bits of a register, and why they are thought to be it. */
typedef struct kind_of_bits {
    fwsim__field_kind kind;
    uint32_t bits;
    uint8_t confidence;
    const char *reason;
} kind_of_bits;

/** The field of a file that has a bit; NULL: none. */
static const fwsim__field *field_at(const fwsim__register *r, unsigned bit)
{
    for (size_t i = 0; r && i < r->field_count; i++)
        if (bit - r->fields[i].lsb < r->fields[i].width)
            return &r->fields[i];
    return NULL;
}

/** Bits from @a lsb on that a file does not tell apart; at most @a width. */
static unsigned uniform(const fwsim__register *r, unsigned lsb, unsigned width)
{
    const fwsim__field *field = field_at(r, lsb);
    unsigned n = 1;

    while (n < width && field_at(r, lsb + n) == field)
        n++;
    return n;
}

/** "TXE", or "SWS[1]" for a part of a field. */
static bool name_field(fwsim__field *field, const fwsim__field *named)
{
    unsigned first;

    if (!named || !named->name)
        return true;
    if (field->lsb == named->lsb && field->width == named->width)
        return fwsim__models_text(&field->name, "%s", named->name);
    first = field->lsb - named->lsb;
    if (field->width == 1)
        return fwsim__models_text(&field->name, "%s[%u]", named->name, first);
    return fwsim__models_text(&field->name, "%s[%u:%u]", named->name,
                              first + field->width - 1, first);
}

/** @param ones  bits of the register that read 1 by themselves */
static bool add_field(fwsim__register *r, unsigned lsb, unsigned width,
                      const kind_of_bits *k, uint32_t ones,
                      const fwsim__register *named)
{
    fwsim__field *field = fwsim__models_field(r, lsb);

    if (!field)
        return false;
    field->width = (uint8_t)width;
    field->kind = (uint8_t)k->kind;
    field->source = FWSIM__SOURCE_LOOK;
    field->confidence = k->confidence;
    if (k->kind == FWSIM__FIELD_W1C)
        field->value = ones >> lsb & UINT32_MAX >> (32 - width);
    return name_field(field, field_at(named, lsb)) &&
           fwsim__models_text(&field->reason, "%s", k->reason);
}

static bool add_fields(fwsim__register *r, const kind_of_bits *k,
                       uint32_t ones, const fwsim__register *named)
{
    for (uint32_t left = k->bits; left;) {
        unsigned lsb = first_bit(left);
        unsigned width = uniform(named, lsb, run_length(left));
        uint32_t mask = (uint32_t)((((uint64_t)1 << width) - 1) << lsb);

        if (!add_field(r, lsb, width, k, ones, named))
            return false;
        left &= ~mask;
    }
    return true;
}

/** The settings in a register that firmware modifies: bits that it has set, or
 * else all that it keeps. */
static uint32_t modified_bits(const fwsim__cell *c)
{
    if (!c->written_back)
        return 0;
    return c->ever_set ? c->ever_set : c->written_back;
}

/** Each bit belongs to the first kind that has it. */
static bool put_fields(const fwsim__cell *c, fwsim__role role,
                       fwsim__register *r, const fwsim__register *named)
{
    const bool data = role == FWSIM__ROLE_DATA;
    const uint32_t all =
        c->width >= 4 ? UINT32_MAX : (1u << 8 * c->width) - 1;
    const kind_of_bits kinds[] = {
        { FWSIM__FIELD_W1C, c->flags & c->ones, FWSIM__CERTAIN,
          "waited for until it is 1, then written as one" },
        { FWSIM__FIELD_W1C, c->flags, FWSIM__CERTAIN,
          "tested, then written as one" },
        { FWSIM__FIELD_SELF_CLEAR, c->zeros & c->ever_set, FWSIM__CERTAIN,
          "set by the firmware, which then waits until it is 0" },
        { FWSIM__FIELD_READY_SET, c->ones, FWSIM__CERTAIN,
          "the firmware waits until it is 1" },
        { FWSIM__FIELD_READY_CLEAR, c->zeros, FWSIM__CERTAIN,
          "the firmware waits until it is 0" },
        { FWSIM__FIELD_EVENT, c->contested, FWSIM__LIKELY,
          "the firmware waits for 1 in one place and for 0 in another" },
        { FWSIM__FIELD_COUNTER, c->counting ? all : 0, FWSIM__LIKELY,
          "no constant leads out of the wait" },
        { FWSIM__FIELD_DATA_IN,
          data && c->reads && fwsim__cell_is_data(c) ? c->stored | c->tested
                                                     : 0,
          FWSIM__POSSIBLE, "stored, or compared with values" },
        { FWSIM__FIELD_DATA_OUT, data ? c->ever_set : 0, FWSIM__POSSIBLE,
          "written by the firmware" },
        { FWSIM__FIELD_STORED, modified_bits(c), FWSIM__LIKELY,
          "in a register that is read, modified and written back" },
        { FWSIM__FIELD_STORED,
          role == FWSIM__ROLE_CONTROL ? c->ever_set : 0, FWSIM__POSSIBLE,
          "set by the firmware" },
    };
    uint32_t taken = 0;

    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        kind_of_bits k = kinds[i];

        k.bits &= all & ~taken;
        taken |= k.bits;
        if (k.bits && !add_fields(r, &k, c->ones, named))
            return false;
    }
    return true;
}

/* ------------------------------------------------------------------ */
/* Registers                                                            */
/* ------------------------------------------------------------------ */

const fwsim__register *fwsim__infer_named(const fwsim__infer *f, uint64_t addr)
{
    const fwsim__periph_model *p = f->models ? fwsim__models_at(f->models, addr)
                                             : NULL;

    return p ? fwsim__models_register_at(p, (uint32_t)(addr - p->base)) : NULL;
}

static bool put_register(const fwsim__infer *f, const fwsim__cell *c,
                         fwsim__periph_model *p)
{
    fwsim__register *r =
        fwsim__models_register(p, (uint32_t)(c->addr - p->base));
    fwsim__role role = fwsim__cell_role(f, c);

    if (!r)
        return false;
    r->width = c->width;
    r->role = (uint8_t)role;
    r->source = FWSIM__SOURCE_LOOK;
    r->confidence = fwsim__cell_confidence(f, c);
    r->pc = c->pc;
    return put_fields(c, role, r, fwsim__infer_named(f, c->addr)) &&
           fwsim__models_text(&r->reason, "%s",
                              fwsim__cell_role_reason(f, c));
}

/* ------------------------------------------------------------------ */
/* Transfers                                                            */
/* ------------------------------------------------------------------ */

static bool put_dma(const fwsim__infer *f, const fwsim__channel *ch,
                    fwsim__periph_model *p)
{
    const fwsim__cell *address = &f->cell[ch->address - 1];
    fwsim__dma_model *d;

    if (!p || !ch->count)
        return p;
    d = fwsim__models_dma(p, (uint32_t)(address->addr - p->base));
    if (!d)
        return false;
    d->count = (uint32_t)(f->cell[ch->count - 1].addr - p->base);
    if (ch->control) {
        d->control = (uint32_t)(f->cell[ch->control - 1].addr - p->base);
        d->start_bits = ch->start;
    }
    d->element = ch->element;
    d->to_memory = ch->to_memory;
    d->source = FWSIM__SOURCE_RULES;
    d->confidence = FWSIM__LIKELY;
    return fwsim__models_text(&d->reason,
                              "an address in RAM (0x%08" PRIx64
                              "), with a small number close to it",
                              ch->buffer);
}

/* ------------------------------------------------------------------ */
/* All                                                                  */
/* ------------------------------------------------------------------ */

static fwsim__periph_model *periph_of(fwsim__models *models,
                                      const fwsim__area *a)
{
    fwsim__periph_model *p = fwsim__models_periph(models, a->base);

    if (p)
        p->size = FWSIM__AREA_SIZE;
    return p;
}

static bool put_registers(const fwsim__infer *f, fwsim__models *models)
{
    for (uint32_t i = 0; i < f->st.cells; i++) {
        const fwsim__cell *c = &f->cell[i];
        fwsim__periph_model *p;

        /* One that only a file knows is in export_known.c. */
        if (!c->reads && !c->writes)
            continue;
        p = periph_of(models, fwsim__area_of(f, c));
        if (!p || !put_register(f, c, p))
            return false;
    }
    return true;
}

static bool put_rest(const fwsim__infer *f, fwsim__models *models)
{
    for (uint32_t i = 0; i < f->st.areas; i++) {
        const fwsim__area *a = &f->area[i];

        if ((a->lines[0] | a->lines[1]) &&
            !fwsim__infer_put_events(f, a, periph_of(models, a)))
            return false;
    }
    for (uint32_t i = 0; i < f->st.channels; i++) {
        const fwsim__channel *ch = &f->st.channel[i];
        const fwsim__cell *c = &f->cell[ch->address - 1];

        if (!put_dma(f, ch, periph_of(models, fwsim__area_of(f, c))))
            return false;
    }
    return true;
}

/** What this run has shown. */
static bool put_all(const fwsim__infer *f, fwsim__models *models)
{
    return put_registers(f, models) && fwsim__infer_put_sites(f, models) &&
           put_rest(f, models) &&
           fwsim__models_text(&models->soc, "%s", f->m->soc->name) &&
           fwsim__models_text(&models->cpu, "%s", f->m->soc->cpu);
}

/** A peripheral that a file knows is as large as the file says, unless the run
 * has shown more of it. */
static void fit(fwsim__models *seen, const fwsim__models *known)
{
    for (size_t i = 0; i < seen->periph_count; i++) {
        fwsim__periph_model *p = &seen->periphs[i];
        const fwsim__periph_model *k = fwsim__models_at(known, p->base);
        const fwsim__register *last =
            p->register_count ? &p->registers[p->register_count - 1] : NULL;

        if (k && k->base == p->base && last &&
            last->offset + last->width <= k->size)
            p->size = k->size;
    }
}

fwsim__models *fwsim__infer_export(const fwsim__infer *f)
{
    fwsim__models *models = fwsim__infer_known(f);
    fwsim__models *seen = fwsim__models_new();
    bool ok = models && seen && put_all(f, seen);

    if (ok) {
        fit(seen, models);
        ok = fwsim__models_merge(models, seen) == 0;
    }
    fwsim__models_free(seen);
    if (ok)
        return models;
    fwsim__models_free(models);
    return NULL;
}
