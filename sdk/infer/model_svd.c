/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * SVD tables as register models. Models must not overlap; vendors' files do.
 */
#include "infer/model_svd.h"

#include <stdlib.h>

enum {
    SURE = 50 /* percent: files have errors */
};

typedef const fwsim__svd_periph *periph_ref;

/** By address, and as in the file. */
static int by_base(const void *a, const void *b)
{
    periph_ref x = *(const periph_ref *)a, y = *(const periph_ref *)b;

    if (x->base != y->base)
        return x->base < y->base ? -1 : 1;
    return x < y ? -1 : x > y;
}

/** End of its last register: some address blocks are beyond all reason. */
static uint32_t registers_end(const fwsim__svd *svd, periph_ref p)
{
    uint32_t end = 0;

    for (size_t i = p->reg; i < p->reg + p->reg_count; i++)
        if (svd->registers[i].offset + svd->registers[i].width > end)
            end = svd->registers[i].offset + svd->registers[i].width;
    return end;
}

static uint32_t size_of(const fwsim__svd *svd, periph_ref p, uint64_t next)
{
    uint64_t size = p->size;

    if (p->base + size > UINT64_C(1) << 32)
        size = registers_end(svd, p);
    return (uint32_t)(next - p->base < size ? next - p->base : size);
}

/* ------------------------------------------------------------------ */
/* Fields                                                               */
/* ------------------------------------------------------------------ */

/** What the file is explicit about. @return false: nothing */
static bool kind_of(const fwsim__svd_field *f, fwsim__field_kind *kind)
{
    if (f->write == FWSIM__SVD_ONE_CLEARS)
        *kind = FWSIM__FIELD_W1C;
    else if (f->write == FWSIM__SVD_ZERO_CLEARS)
        *kind = FWSIM__FIELD_W0C;
    else if (f->read_action == FWSIM__SVD_READ_CLEARS)
        *kind = FWSIM__FIELD_READ_CLEAR;
    else
        return false;
    return true;
}

static bool add_field(fwsim__register *r, const fwsim__svd_field *from)
{
    fwsim__field_kind kind = FWSIM__FIELD_STORED;
    fwsim__field *f;
    unsigned end = 0; /* of the field before */

    if (r->field_count)
        end = r->fields[r->field_count - 1].lsb +
              r->fields[r->field_count - 1].width;
    if (from->lsb < end)
        return true;
    f = fwsim__models_field(r, from->lsb);
    if (!f)
        return false;
    f->width = from->width;
    f->confidence = kind_of(from, &kind) ? SURE : 0;
    f->kind = (uint8_t)kind;
    f->source = FWSIM__SOURCE_SVD;
    return fwsim__models_text(&f->name, "%s", from->name);
}

/* ------------------------------------------------------------------ */
/* Registers                                                            */
/* ------------------------------------------------------------------ */

static bool overlaps(const fwsim__periph_model *p,
                     const fwsim__svd_register *from)
{
    size_t next = fwsim__models_registers_from(p, from->offset);
    const fwsim__register *r = p->registers;

    if (next < p->register_count &&
        r[next].offset < from->offset + from->width)
        return true;
    return next > 0 && from->offset < r[next - 1].offset + r[next - 1].width;
}

/** The role that fields and rights leave open for the register. */
static fwsim__role role_of(const fwsim__register *r)
{
    for (size_t i = 0; i < r->field_count; i++)
        if (r->fields[i].confidence)
            return FWSIM__ROLE_FLAGS;
    return r->writable ? FWSIM__ROLE_UNKNOWN : FWSIM__ROLE_STATUS;
}

static bool add_register(fwsim__periph_model *p, const fwsim__svd *svd,
                         const fwsim__svd_register *from)
{
    fwsim__register *r;

    /* A peripheral may have been cut short; no bus of ours is 64 bits wide. */
    if (from->width > 4 || from->offset + from->width > p->size ||
        overlaps(p, from))
        return true;
    r = fwsim__models_register(p, from->offset);
    if (!r)
        return false;
    r->width = from->width;
    r->has_reset = from->has_reset;
    r->reset = (uint32_t)from->reset;
    r->readable = from->access != FWSIM__SVD_WRITE_ONLY;
    r->writable = from->access != FWSIM__SVD_READ_ONLY;
    for (size_t i = from->field; i < from->field + from->field_count; i++)
        if (!add_field(r, &svd->fields[i]))
            return false;
    r->role = (uint8_t)role_of(r);
    r->source = FWSIM__SOURCE_SVD;
    r->confidence = r->role == FWSIM__ROLE_UNKNOWN ? 0 : SURE;
    return fwsim__models_text(&r->name, "%s", from->name);
}

/* ------------------------------------------------------------------ */
/* Peripherals                                                          */
/* ------------------------------------------------------------------ */

static bool add_periph(fwsim__models *models, const fwsim__svd *svd,
                       periph_ref from, uint32_t size)
{
    fwsim__periph_model *p = fwsim__models_periph(models, from->base);

    if (!p || (!p->name && !fwsim__models_text(&p->name, "%s", from->name)))
        return false;
    if (p->size < size)
        p->size = size;
    for (size_t i = from->reg; i < from->reg + from->reg_count; i++)
        if (!add_register(p, svd, &svd->registers[i]))
            return false;
    for (size_t i = from->irq; i < from->irq + from->irq_count; i++) {
        fwsim__event_model *e =
            fwsim__models_event(p, svd->interrupts[i].line);

        if (!e || !fwsim__models_text(&e->reason, "%s",
                                      svd->interrupts[i].name))
            return false;
        e->source = FWSIM__SOURCE_SVD;
        e->confidence = SURE;
    }
    return true;
}

static bool add_periphs(fwsim__models *models, const fwsim__svd *svd,
                        periph_ref *sorted)
{
    for (size_t i = 0; i < svd->periph_count; i++)
        sorted[i] = &svd->periphs[i];
    qsort(sorted, svd->periph_count, sizeof *sorted, by_base);
    for (size_t i = 0; i < svd->periph_count; i++) {
        uint64_t next = UINT64_MAX;
        uint32_t size;

        for (size_t k = i + 1; k < svd->periph_count && next == UINT64_MAX; k++)
            if (sorted[k]->base != sorted[i]->base)
                next = sorted[k]->base;
        size = size_of(svd, sorted[i], next);
        if (size && !add_periph(models, svd, sorted[i], size))
            return false;
    }
    return true;
}

int fwsim__models_from_svd(fwsim__models **out, const fwsim__svd *svd)
{
    fwsim__models *models = fwsim__models_new();
    periph_ref *sorted = calloc(svd->periph_count + 1, sizeof *sorted);
    bool ok = models && sorted && add_periphs(models, svd, sorted) &&
              (!svd->name || fwsim__models_text(&models->soc, "%s",
                                                svd->name)) &&
              (!svd->cpu || fwsim__models_text(&models->cpu, "%s", svd->cpu)) &&
              fwsim__models_text(&models->provenance, "SVD");

    free(sorted);
    if (!ok) {
        fwsim__models_free(models);
        models = NULL;
    }
    *out = models;
    return ok ? 0 : FWSIM_ENOMEM;
}
