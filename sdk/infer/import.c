/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From register models to the tables of the engine. What a model says of bits
 * is not inferred any more; a register with a model is looked at only where it
 * leads nowhere.
 */
#include "infer/export.h"

/* Until it is looked at: so many times as long as for a register that nobody
 * knows; and as after so many looks that have found nothing. */
enum { KNOWN_PATIENCE = 256, KNOWN_LOOKS = 8 };

static uint32_t field_mask(const fwsim__field *field)
{
    return (uint32_t)((((uint64_t)1 << field->width) - 1) << field->lsb);
}

static void take_field(fwsim__cell *c, const fwsim__field *field)
{
    uint32_t bits = field_mask(field);

    switch ((fwsim__field_kind)field->kind) {
    case FWSIM__FIELD_STORED:
        c->written_back |= bits;
        break;
    case FWSIM__FIELD_CONST:
        c->ones |= field->value << field->lsb & bits;
        c->zeros |= ~(field->value << field->lsb) & bits;
        break;
    case FWSIM__FIELD_READY_SET:
        c->ones |= bits;
        break;
    case FWSIM__FIELD_READY_CLEAR:
    case FWSIM__FIELD_SELF_CLEAR:
        c->zeros |= bits;
        break;
    case FWSIM__FIELD_W1C:
        c->flags |= bits;
        c->ones |= field->value << field->lsb & bits;
        return;
    case FWSIM__FIELD_DATA_IN:
        c->after_wait = true;
        c->stored |= bits;
        return;
    case FWSIM__FIELD_COUNTER:
        c->counting = true;
        return;
    case FWSIM__FIELD_EVENT:
        c->contested |= bits;
        return;
    default:
        return;
    }
    /* What was inferred once may be seen to be otherwise. */
    if (field->source > FWSIM__SOURCE_LOOK)
        c->fixed |= bits;
}

/** Fields of an SVD say what they are where it is explicit about them. */
static bool is_claim(const fwsim__field *field)
{
    return field->source != FWSIM__SOURCE_SVD || field->confidence;
}

void fwsim__infer_hint(const fwsim__infer *f, fwsim__cell *c)
{
    const fwsim__register *r = fwsim__infer_named(f, c->addr);

    if (!r)
        return;
    if (r->has_reset)
        c->reset = c->written = r->reset;
    c->elusive = !r->readable || !r->writable;
    for (size_t i = 0; i < r->field_count; i++)
        if (is_claim(&r->fields[i]))
            take_field(c, &r->fields[i]);
}

/** fwsim__infer_hint serves every new cell. */
static fwsim__cell *take_register(fwsim__infer *f, const fwsim__periph_model *p,
                                  const fwsim__register *r)
{
    fwsim__cell *c = fwsim__cell_at(f, p->base + r->offset, r->width);

    if (c) {
        c->known = true;
        c->next_look *= KNOWN_PATIENCE;
    }
    return c;
}

/** Its handler reads registers of the peripheral. */
static void take_lines(fwsim__infer *f, const fwsim__periph_model *p,
                       const fwsim__cell *c)
{
    for (size_t i = 0; i < p->event_count; i++) {
        unsigned line = p->events[i].line;

        if (line < 128 && p->events[i].source != FWSIM__SOURCE_SVD)
            fwsim__area_of(f, c)->lines[line / 64] |= (uint64_t)1 << line % 64;
    }
}

static bool take_channel(fwsim__infer *f, const fwsim__periph_model *p,
                         const fwsim__dma_model *d)
{
    const fwsim__cell *address = fwsim__cell_at(f, p->base + d->address, 4);
    uint32_t index = address ? (uint32_t)(address - f->cell) + 1 : 0;
    const fwsim__cell *count = fwsim__cell_at(f, p->base + d->count, 4);
    const fwsim__cell *control =
        d->start_bits ? fwsim__cell_find(f, p->base + d->control) : NULL;

    if (!address || !count)
        return false;
    if (f->st.channels == FWSIM__CHANNELS_MAX)
        return true;
    f->st.channel[f->st.channels++] =
        (fwsim__channel){ .address = index,
                          .count = (uint32_t)(count - f->cell) + 1,
                          .control = control
                                         ? (uint32_t)(control - f->cell) + 1
                                         : 0,
                          .start = d->start_bits,
                          .to_memory = d->to_memory,
                          .element = d->element,
                          .known = true };
    return true;
}

static bool take_periph(fwsim__infer *f, const fwsim__periph_model *p)
{
    for (size_t i = 0; i < p->register_count; i++) {
        const fwsim__cell *c;

        if (p->registers[i].source == FWSIM__SOURCE_SVD)
            continue;
        c = take_register(f, p, &p->registers[i]);
        if (!c)
            return false;
        take_lines(f, p, c);
    }
    for (size_t i = 0; i < p->dma_count; i++)
        if (!take_channel(f, p, &p->dmas[i]))
            return false;
    return true;
}

int fwsim__infer_import(fwsim__infer *f, const fwsim__models *models)
{
    for (size_t i = 0; i < models->periph_count; i++)
        if (!take_periph(f, &models->periphs[i]))
            return fwsim__error(f->m, FWSIM_ENOMEM, "no memory for models");
    return 0;
}

/** The site of the models for a read: under these settings, or any. */
static const fwsim__site *find_site(const fwsim__periph_model *p,
                                    const fwsim__live_site *live)
{
    const fwsim__site *any = NULL;

    for (size_t i = 0; i < p->site_count && p->sites[i].pc <= live->pc; i++) {
        const fwsim__site *s = &p->sites[i];

        if (s->pc != live->pc || p->base + s->offset != live->addr)
            continue;
        if (s->state == live->state)
            return s;
        if (s->state == 0)
            any = s;
    }
    return any;
}

void fwsim__infer_recall(fwsim__infer *f, fwsim__live_site *s)
{
    const fwsim__periph_model *p = fwsim__models_at(f->models, s->addr);
    const fwsim__site *site;
    fwsim__core_view view;

    /* What a file says of the register holds until it leads nowhere for long. */
    s->patience *= KNOWN_PATIENCE;
    s->looks = KNOWN_LOOKS;
    if (!p || !p->site_count || !f->insight->view(f->m->cpu, &view))
        return;
    s->pc = view.regs[15];
    site = find_site(p, s);
    if (!site)
        return;
    s->mask = site->mask;
    s->answers = 0;
    for (size_t i = 0; i < site->value_count && i < FWSIM__ANSWERS; i++)
        s->answer[s->answers++] = site->values[i] & site->mask;
}
