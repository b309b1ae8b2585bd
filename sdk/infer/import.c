/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From register models to the tables of the engine. What a model says of bits
 * is not inferred any more; a register with a model is looked at only where it
 * leads nowhere.
 */
#include "infer/export.h"

static uint32_t field_mask(const fwsim__field *field)
{
    return (uint32_t)((((uint64_t)1 << field->width) - 1) << field->lsb);
}

static void take_field(fwsim__cell *c, const fwsim__field *field)
{
    uint32_t bits = field_mask(field);

    switch ((fwsim__field_kind)field->kind) {
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
        return;
    case FWSIM__FIELD_DATA_IN:
        c->after_wait = true;
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
    c->fixed |= bits;
}

static bool take_register(fwsim__infer *f, const fwsim__periph_model *p,
                          const fwsim__register *r)
{
    fwsim__cell *c = fwsim__cell_at(f, p->base + r->offset, r->width);

    if (!c)
        return false;
    c->known = r->source != FWSIM__SOURCE_SVD;
    if (r->has_reset)
        c->reset = c->written = r->reset;
    for (size_t i = 0; i < r->field_count; i++)
        take_field(c, &r->fields[i]);
    return true;
}

int fwsim__infer_import(fwsim__infer *f, const fwsim__models *models)
{
    for (size_t i = 0; i < models->periph_count; i++) {
        const fwsim__periph_model *p = &models->periphs[i];

        for (size_t k = 0; k < p->register_count; k++)
            if (!take_register(f, p, &p->registers[k]))
                return FWSIM_ENOMEM;
    }
    return 0;
}

/** The site of the models for an instruction: under these settings, or any. */
static const fwsim__site *find_site(const fwsim__periph_model *p, uint64_t pc,
                                    uint32_t state)
{
    const fwsim__site *any = NULL;

    for (size_t i = 0; i < p->site_count && p->sites[i].pc <= pc; i++) {
        const fwsim__site *s = &p->sites[i];

        if (s->pc == pc && s->state == state)
            return s;
        if (s->pc == pc && s->state == 0)
            any = s;
    }
    return any;
}

void fwsim__infer_recall(fwsim__infer *f, fwsim__live_site *s)
{
    const fwsim__periph_model *p = fwsim__models_at(f->models, s->addr);
    const fwsim__site *site;
    fwsim__core_view view;

    if (!p || !p->site_count || !f->insight->view(f->m->cpu, &view))
        return;
    s->pc = view.regs[15];
    site = find_site(p, s->pc, s->state);
    if (!site)
        return;
    s->mask = site->mask;
    s->answers = 0;
    for (size_t i = 0; i < site->value_count && i < FWSIM__ANSWERS; i++)
        s->answer[s->answers++] = site->values[i] & site->mask;
}
