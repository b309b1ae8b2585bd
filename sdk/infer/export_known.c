/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What of the files that inference began with goes into the file that it ends
 * with: all that was claimed of registers, and the names, reset values and
 * rights of an SVD for registers that the firmware has used.
 */
#include "infer/export.h"

/** Has the run shown the register? */
static bool is_used(const fwsim__infer *f, uint64_t addr)
{
    const fwsim__cell *c = fwsim__cell_find(f, addr);

    return c && (c->reads || c->writes);
}

/** Has the run come to the instruction? It has begun with what the file says,
 * and knows better; but not better than a person. */
static bool is_visited(const fwsim__infer *f, uint64_t addr,
                       const fwsim__site *site)
{
    if (site->source > FWSIM__SOURCE_SERVICE)
        return false;
    for (uint32_t i = 0; i < f->st.sites; i++)
        if (f->site[i].pc == site->pc && f->site[i].addr == addr)
            return true;
    return false;
}

/** Names of fields are given to what is known of them (export.c). */
static void keep_fields(fwsim__register *r)
{
    size_t kept = 0;

    for (size_t i = 0; i < r->field_count; i++) {
        fwsim__field *field = &r->fields[i];

        if (field->source == FWSIM__SOURCE_SVD && !field->confidence)
            fwsim__field_clear(field);
        else
            r->fields[kept++] = *field;
    }
    r->field_count = kept;
}

static void keep_registers(const fwsim__infer *f, fwsim__periph_model *p)
{
    size_t kept = 0;

    for (size_t i = 0; i < p->register_count; i++) {
        fwsim__register *r = &p->registers[i];

        keep_fields(r);
        if (r->source == FWSIM__SOURCE_SVD && !is_used(f, p->base + r->offset))
            fwsim__register_clear(r);
        else
            p->registers[kept++] = *r;
    }
    p->register_count = kept;
}

static void keep_sites(const fwsim__infer *f, fwsim__periph_model *p)
{
    size_t kept = 0;

    for (size_t i = 0; i < p->site_count; i++) {
        if (is_visited(f, p->base + p->sites[i].offset, &p->sites[i]))
            fwsim__site_clear(&p->sites[i]);
        else
            p->sites[kept++] = p->sites[i];
    }
    p->site_count = kept;
}

static void keep_events(fwsim__periph_model *p)
{
    size_t kept = 0;

    for (size_t i = 0; i < p->event_count; i++) {
        if (p->events[i].source == FWSIM__SOURCE_SVD)
            fwsim__event_clear(&p->events[i]);
        else
            p->events[kept++] = p->events[i];
    }
    p->event_count = kept;
}

static void keep(const fwsim__infer *f, fwsim__models *models)
{
    size_t kept = 0;

    for (size_t i = 0; i < models->periph_count; i++) {
        fwsim__periph_model *p = &models->periphs[i];

        keep_registers(f, p);
        keep_sites(f, p);
        keep_events(p);
        if (p->register_count || p->site_count || p->event_count ||
            p->dma_count)
            models->periphs[kept++] = *p;
        else
            fwsim__periph_clear(p);
    }
    models->periph_count = kept;
}

fwsim__models *fwsim__infer_known(const fwsim__infer *f)
{
    fwsim__models *models = fwsim__models_new();

    if (!models || !f->models)
        return models;
    if (fwsim__models_merge(models, f->models)) {
        fwsim__models_free(models);
        return NULL;
    }
    keep(f, models);
    return models;
}
