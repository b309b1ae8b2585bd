/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Taking over what somebody who knows register maps says of the registers of a
 * run: names, and roles where inference is unsure. It is checked against what
 * the firmware did, and changes what is saved, not how accesses are answered.
 */
#include "infer/infer.h"

#ifdef FWSIM_WITH_BUNDLES
#include "bundle/bundle.h"
#endif

#include <string.h>

#ifndef FWSIM_WITH_BUNDLES

int fwsim_infer_advise(fwsim_machine *m, const fwsim_bundle *answer,
                       unsigned below, size_t *taken)
{
    (void)answer;
    (void)below;
    if (taken)
        *taken = 0;
    return fwsim__error(m, FWSIM_ENOTSUP,
                        "this fwsim was built without libcbor and mbedTLS");
}

#else

enum { CONTRADICTIONS = 4 }; /* one register in so many: another block */

/** A block of the answer, and the area it is about. */
typedef struct advice {
    fwsim__infer *f;
    const fwsim__periph_model *said;
    const fwsim__area *area;
    fwsim__models *taken;
    unsigned below;
    size_t count;
} advice;

/** The register of the area that the answer speaks of; NULL: the firmware does
 * not use it, or it lies in another one. */
static const fwsim__cell *used_cell(const advice *a, const fwsim__register *r)
{
    const fwsim__cell *c =
        r->offset < FWSIM__AREA_SIZE
            ? fwsim__cell_find(a->f, a->area->base + r->offset)
            : NULL;

    return c && (c->reads || c->writes) ? c : NULL;
}

/** Did the firmware do what the register does not allow? */
static bool contradicts(const fwsim__register *r, const fwsim__cell *c)
{
    return (!r->readable && c->reads) || (!r->writable && c->writes);
}

/** Is it another kind of block than the answer says? */
static bool is_another(const advice *a)
{
    size_t used = 0, wrong = 0;

    for (size_t i = 0; i < a->said->register_count; i++) {
        const fwsim__cell *c = used_cell(a, &a->said->registers[i]);

        used += c != NULL;
        wrong += c && contradicts(&a->said->registers[i], c);
    }
    return !used || wrong * CONTRADICTIONS > used;
}

/** Names come from outside and go into files: plain characters only. */
static bool is_plain(const char *name)
{
    size_t length = name ? strlen(name) : 0;

    for (size_t i = 0; i < length; i++) {
        if (name[i] <= ' ' || name[i] > '~' || name[i] == '"' ||
            name[i] == '\\')
            return false;
    }
    return length > 0 && length <= 64;
}

static bool take_fields(const fwsim__register *from, fwsim__register *to)
{
    for (size_t i = 0; i < from->field_count; i++) {
        const fwsim__field *said = &from->fields[i];
        fwsim__field *f;

        if (!is_plain(said->name) || said->lsb + said->width > 8u * to->width)
            continue;
        f = fwsim__models_field(to, said->lsb);
        if (!f || !fwsim__models_text(&f->name, "%s", said->name))
            return false;
        f->width = said->width;
        f->source = FWSIM__SOURCE_SVD; /* a name, and no claim */
    }
    return true;
}

/** The peripheral that takes it: one that a file has there, else the area. */
static fwsim__periph_model *periph_for(const advice *a)
{
    const fwsim__periph_model *known =
        a->f->models ? fwsim__models_at(a->f->models, a->area->base) : NULL;
    fwsim__periph_model *p =
        fwsim__models_periph(a->taken, known ? known->base : a->area->base);

    if (p && !p->size)
        p->size = known ? known->size : FWSIM__AREA_SIZE;
    if (p && !p->name && is_plain(a->said->name) &&
        !fwsim__models_text(&p->name, "%s", a->said->name))
        return NULL;
    return p;
}

static bool take_register(advice *a, const fwsim__register *r,
                          const fwsim__cell *c)
{
    bool decides = fwsim__cell_confidence(a->f, c) < a->below &&
                   r->role != FWSIM__ROLE_UNKNOWN;
    bool guess = r->source == FWSIM__SOURCE_PRIOR;
    fwsim__periph_model *p;
    fwsim__register *to;
    uint32_t offset;

    /* A name that was guessed is marked as such, with its role, or not taken. */
    if (!decides && (guess || !is_plain(r->name)))
        return true;
    p = periph_for(a);
    if (!p)
        return false;
    offset = (uint32_t)(c->addr - p->base);
    if (offset + c->width > p->size)
        return true;
    to = fwsim__models_register(p, offset);
    if (!to)
        return false;
    to->width = c->width;
    to->source = FWSIM__SOURCE_SVD;
    if (is_plain(r->name) && !fwsim__models_text(&to->name, "%s", r->name))
        return false;
    if (decides) {
        to->role = r->role;
        to->source = FWSIM__SOURCE_SERVICE;
        to->confidence = r->confidence;
        if (!fwsim__models_text(&to->reason, "%s",
                                guess ? "a guess, by a chat endpoint that the "
                                        "service has asked"
                                      : "the service says so"))
            return false;
    }
    a->count++;
    return take_fields(r, to);
}

static bool take_block(advice *a)
{
    for (size_t i = 0; i < a->said->register_count; i++) {
        const fwsim__register *r = &a->said->registers[i];
        const fwsim__cell *c = used_cell(a, r);

        if (c && !contradicts(r, c) && !take_register(a, r, c))
            return false;
    }
    return true;
}

/** All blocks of an answer. @return false without memory */
static bool take_all(advice *a, const fwsim__models *said)
{
    for (size_t i = 0; said && i < said->periph_count; i++) {
        uint64_t block = said->periphs[i].base / FWSIM__AREA_SIZE;

        a->said = &said->periphs[i];
        if (said->periphs[i].base % FWSIM__AREA_SIZE ||
            block >= a->f->st.areas) {
            fwsim__log(a->f->m, FWSIM_LOG_WARN, FWSIM_TOPIC_GENERAL, "infer",
                       "the answer speaks of a block that nobody asked about");
            continue;
        }
        a->area = &a->f->area[block];
        if (is_another(a))
            fwsim__log(a->f->m, FWSIM_LOG_WARN, FWSIM_TOPIC_GENERAL, "infer",
                       "the answer for the registers at 0x%08llx does not fit "
                       "to what the firmware did; it is left out",
                       (unsigned long long)a->area->base);
        else if (!take_block(a))
            return false;
    }
    return true;
}

/** @a taken is added to what is known. */
static int keep(fwsim__infer *f, fwsim__models *taken, const char *origin)
{
    if (!f->models)
        f->models = fwsim__models_new();
    if (!f->models ||
        !fwsim__models_text(&taken->provenance, "names by %s", origin))
        return FWSIM_ENOMEM;
    return fwsim__models_merge(f->models, taken);
}

int fwsim_infer_advise(fwsim_machine *m, const fwsim_bundle *answer,
                       unsigned below, size_t *taken)
{
    fwsim__infer *f = fwsim__infer_of(m);
    advice a = { .f = f, .below = below };
    const fwsim__models *said = answer->contents.models;
    int err = 0;

    if (taken)
        *taken = 0;
    if (!f)
        return fwsim__error(m, FWSIM_EINVAL, "inference is off");
    if (m->running)
        return fwsim__error(m, FWSIM_EBUSY, "advice inside a callback");
    a.taken = fwsim__models_new();
    if (!a.taken || !take_all(&a, said))
        err = FWSIM_ENOMEM;
    else if (a.count)
        err = keep(f, a.taken, said->provenance ? said->provenance : "a bundle");
    fwsim__models_free(a.taken);
    if (err)
        return fwsim__error(m, err, "no memory for advice");
    if (taken)
        *taken = a.count;
    return 0;
}

#endif
