/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From the tables of the engine to register models, with a reason for each.
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

static bool add_field(fwsim__register *r, unsigned lsb, unsigned width,
                      const kind_of_bits *k)
{
    fwsim__field *field = fwsim__models_field(r, lsb);

    if (!field)
        return false;
    field->width = (uint8_t)width;
    field->kind = (uint8_t)k->kind;
    field->source = FWSIM__SOURCE_LOOK;
    field->confidence = k->confidence;
    return fwsim__models_text(&field->reason, "%s", k->reason);
}

static bool add_fields(fwsim__register *r, const kind_of_bits *k)
{
    for (uint32_t left = k->bits; left;) {
        unsigned lsb = first_bit(left), width = run_length(left);
        uint32_t mask = (uint32_t)((((uint64_t)1 << width) - 1) << lsb);

        if (!add_field(r, lsb, width, k))
            return false;
        left &= ~mask;
    }
    return true;
}

/** Each bit belongs to the first kind that has it. */
static bool put_fields(const fwsim__cell *c, fwsim__role role,
                       fwsim__register *r)
{
    const kind_of_bits kinds[] = {
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
        { FWSIM__FIELD_DATA_IN,
          role == FWSIM__ROLE_DATA && c->reads ? c->stored | c->tested : 0,
          FWSIM__POSSIBLE, "stored, or compared with values" },
        { FWSIM__FIELD_STORED, c->ever_set, FWSIM__POSSIBLE,
          "set by the firmware" },
    };
    uint32_t taken = 0;

    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        kind_of_bits k = kinds[i];

        k.bits &= ~taken;
        taken |= k.bits;
        if (k.bits && !add_fields(r, &k))
            return false;
    }
    return true;
}

/* ------------------------------------------------------------------ */
/* Registers                                                            */
/* ------------------------------------------------------------------ */

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
    return put_fields(c, role, r) &&
           fwsim__models_text(&r->reason, "%s",
                              fwsim__cell_role_reason(f, c));
}

/* ------------------------------------------------------------------ */
/* Sites, interrupts, transfers                                         */
/* ------------------------------------------------------------------ */

static bool put_site(const fwsim__live_site *s, fwsim__periph_model *p)
{
    fwsim__site *site;

    if (!s->mask)
        return true;
    site = fwsim__models_site(p, s->pc, s->state,
                              (uint32_t)(s->addr - p->base));
    if (!site)
        return false;
    if (site->value_count)
        return true;
    site->mask = s->mask;
    site->source = FWSIM__SOURCE_LOOK;
    site->confidence = FWSIM__LIKELY;
    for (unsigned i = 0; i < s->answers; i++)
        if (!fwsim__site_add(site, s->answer[i]))
            return false;
    return fwsim__models_text(&site->reason, "%s",
                              s->answers > 1
                                  ? "each value leads to other code"
                                  : "the register's own value leads nowhere");
}

static bool put_events(const fwsim__infer *f, const fwsim__area *a,
                       fwsim__periph_model *p)
{
    for (unsigned line = 0; line < 128; line++) {
        fwsim__event_model *e;

        if (!(a->lines[line / 64] >> line % 64 & 1))
            continue;
        e = fwsim__models_event(p, line);
        if (!e)
            return false;
        e->source = FWSIM__SOURCE_RULES;
        e->confidence = FWSIM__LIKELY;
        if (!fwsim__models_text(&e->reason,
                                "its handler reads registers of this block "
                                "(raised %" PRIu32 " times)",
                                f->st.line[line].raised))
            return false;
    }
    return true;
}

static bool put_dma(const fwsim__infer *f, const fwsim__channel *ch,
                    fwsim__periph_model *p)
{
    const fwsim__cell *address = &f->cell[ch->address - 1];
    fwsim__dma_model *d;

    if (!ch->count)
        return true;
    d = fwsim__models_dma(p, (uint32_t)(address->addr - p->base));
    if (!d)
        return false;
    d->count = (uint32_t)(f->cell[ch->count - 1].addr - p->base);
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

static bool put_all(const fwsim__infer *f, fwsim__models *models)
{
    for (uint32_t i = 0; i < f->st.cells; i++) {
        const fwsim__cell *c = &f->cell[i];
        fwsim__periph_model *p = periph_of(models, fwsim__area_of(f, c));

        if (!p || !put_register(f, c, p))
            return false;
    }
    for (uint32_t i = 0; i < f->st.sites; i++) {
        const fwsim__live_site *s = &f->site[i];

        if (!put_site(s, periph_of(models,
                                   fwsim__area_of(f, &f->cell[s->cell]))))
            return false;
    }
    for (uint32_t i = 0; i < f->st.areas; i++)
        if (!put_events(f, &f->area[i], periph_of(models, &f->area[i])))
            return false;
    for (uint32_t i = 0; i < f->st.channels; i++) {
        const fwsim__channel *ch = &f->st.channel[i];
        const fwsim__cell *c = &f->cell[ch->address - 1];

        if (!put_dma(f, ch, periph_of(models, fwsim__area_of(f, c))))
            return false;
    }
    return true;
}

fwsim__models *fwsim__infer_export(const fwsim__infer *f)
{
    fwsim__models *models = fwsim__models_new();

    if (models && put_all(f, models) &&
        fwsim__models_text(&models->soc, "%s", f->m->soc->name) &&
        fwsim__models_text(&models->cpu, "%s", f->m->soc->cpu)) {
        fwsim__models_cut(models);
        return models;
    }
    fwsim__models_free(models);
    return NULL;
}
