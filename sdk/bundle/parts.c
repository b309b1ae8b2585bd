/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is in the parts of a bundle, see parts.h.
 */
#include "bundle/parts.h"
#include "infer/model_file.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const kind_names[] = {
#define X(name, text) text,
    FWSIM_PART_MAP(X)
#undef X
};

const char *fwsim_part_kind_name(fwsim_part_kind kind)
{
    return (unsigned)kind < FWSIM_PART_KINDS ? kind_names[kind] : "?";
}

fwsim_part_kind fwsim__part_kind(fwsim__span name)
{
    unsigned kind = 0;

    while (kind < FWSIM_PART_KINDS &&
           (strlen(kind_names[kind]) != name.size ||
            memcmp(kind_names[kind], name.data, name.size)))
        kind++;
    return (fwsim_part_kind)kind;
}

/* ------------------------------------------------------------------ */
/* Models                                                               */
/* ------------------------------------------------------------------ */

/** Claims of a bundle are claims of the bundle, whatever they were where it
 * was made; names of an SVD stay hints. */
static uint8_t claimed(uint8_t source)
{
    return source == FWSIM__SOURCE_SVD || source == FWSIM__SOURCE_NONE
               ? source
               : FWSIM__SOURCE_BUNDLE;
}

static void claim_periph(fwsim__periph_model *p)
{
    for (size_t i = 0; i < p->register_count; i++) {
        fwsim__register *r = &p->registers[i];

        r->source = claimed(r->source);
        for (size_t k = 0; k < r->field_count; k++)
            r->fields[k].source = claimed(r->fields[k].source);
    }
    for (size_t i = 0; i < p->site_count; i++)
        p->sites[i].source = claimed(p->sites[i].source);
    for (size_t i = 0; i < p->event_count; i++)
        p->events[i].source = claimed(p->events[i].source);
    for (size_t i = 0; i < p->dma_count; i++)
        p->dmas[i].source = claimed(p->dmas[i].source);
}

/** What a part of names may say: nothing that answers an access. */
static int names_only(const fwsim__models *models,
                      const fwsim__text_source *source)
{
    const fwsim__text_mark nowhere = { 0 };

    for (size_t i = 0; i < models->periph_count; i++) {
        const fwsim__periph_model *p = &models->periphs[i];

        for (size_t k = 0; k < p->register_count; k++) {
            if (p->registers[k].source != FWSIM__SOURCE_SVD)
                return fwsim__text_fail(source, nowhere, FWSIM_EFORMAT,
                                        "a part of names has claims whose "
                                        "source is not svd");
        }
        if (p->site_count || p->event_count || p->dma_count)
            return fwsim__text_fail(source, nowhere, FWSIM_EFORMAT,
                                    "a part of names has more than registers");
    }
    return 0;
}

static bool note_origin(fwsim__models *models, const fwsim_bundle_info *info,
                        const fwsim_part *part)
{
    return fwsim__models_text(&models->licence, "%s", part->licence) &&
           fwsim__models_text(&models->provenance,
                              "bundle %s %" PRIu64 ", sha256 %s: %s",
                              info->name, info->version, info->sha256,
                              part->provenance);
}

static int read_models(fwsim__contents *out, const fwsim_bundle_info *info,
                       const fwsim_part *part, const fwsim__text_source *source)
{
    fwsim__models *models;
    int err = fwsim__models_read(&models, source);

    if (!err && part->kind == FWSIM_PART_NAMES)
        err = names_only(models, source);
    if (!err && !note_origin(models, info, part))
        err = FWSIM_ENOMEM;
    for (size_t i = 0; !err && i < models->periph_count; i++)
        claim_periph(&models->periphs[i]);
    if (!err && !out->models) {
        out->models = models;
        return 0;
    }
    if (!err)
        err = fwsim__models_merge(out->models, models);
    fwsim__models_free(models);
    return err;
}

/* ------------------------------------------------------------------ */
/* All parts                                                            */
/* ------------------------------------------------------------------ */

static int read_weights(fwsim__contents *out, const fwsim_part *part,
                        const fwsim__text_source *source)
{
    fwsim__text_mark mark = { 0 };
    unsigned line = 0;
    int err;

    if (out->weights)
        return fwsim__text_fail(source, mark, FWSIM_EFORMAT,
                                "a bundle has one part of weights");
    out->weights = malloc(sizeof *out->weights);
    if (!out->weights)
        return FWSIM_ENOMEM;
    err = fwsim__prior_parse(out->weights, part->data, part->size, &line);
    mark = (fwsim__text_mark){ line, 1 };
    return err == FWSIM_EFORMAT
               ? fwsim__text_fail(source, mark, err,
                                  "expected the name of a role and %d weights",
                                  FWSIM__PRIOR_FEATURES)
               : err;
}

static int read_part(fwsim__contents *out, const fwsim_bundle_info *info,
                     const fwsim_part *part, const fwsim__text_source *source)
{
    switch (part->kind) {
    case FWSIM_PART_MODELS:
    case FWSIM_PART_NAMES:
        return read_models(out, info, part, source);
    case FWSIM_PART_WEIGHTS:
        return read_weights(out, part, source);
    case FWSIM_PART_CANDIDATES:
        return 0; /* for people */
    default:
        return fwsim__board_part_read(&out->board, source);
    }
}

int fwsim__contents_read(fwsim__contents *out, const fwsim_bundle_info *info,
                         const fwsim__teller *t)
{
    char name[400];

    for (size_t i = 0; i < info->part_count; i++) {
        const fwsim_part *part = &info->parts[i];
        const fwsim__text_source source = { .name = name,
                                            .data = part->data,
                                            .size = part->size,
                                            .log = t->log,
                                            .log_user = t->log_user };
        int err;

        snprintf(name, sizeof name, "%.240s, part %zu (%s)",
                 t->what ? t->what : info->name, i + 1,
                 fwsim_part_kind_name(part->kind));
        err = read_part(out, info, part, &source);
        if (err)
            return err;
    }
    return 0;
}

void fwsim__contents_free(fwsim__contents *c)
{
    fwsim__models_free(c->models);
    free(c->weights);
    fwsim__board_part_free(c->board);
    *c = (fwsim__contents){ 0 };
}
