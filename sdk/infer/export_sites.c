/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sites of the engine as sites of models. The engine knows an instruction once
 * for every state of the settings around its register; a file should say it
 * once. What most states have in common is for any state, and the others are
 * the exceptions.
 *
 * What was learned of a register came in the course of the run; from a file it
 * holds from the start on. An instruction that went on with other bits before
 * gets a site that keeps them.
 */
#include "infer/export.h"

#include <stdlib.h>
#include <string.h>

/** A site as the file will have it. */
typedef struct told {
    const fwsim__live_site *live;
    uint32_t kept, mask;
    uint32_t values[FWSIM__ANSWERS];
    uint8_t value_count;
} told;

/** Bits that the register gives otherwise by now. What the firmware does not
 * test it may write back, and settings are what the answers of others hang on. */
static uint32_t kept_bits(const fwsim__infer *f, const fwsim__live_site *s)
{
    const fwsim__cell *c = &f->cell[s->cell];

    return ~s->mask & ((c->ones & ~s->said) | (c->zeros & s->said));
}

/** Bits of the one answer that the register gives by itself by now. */
static uint32_t told_bits(const fwsim__infer *f, const fwsim__live_site *s)
{
    const fwsim__cell *c = &f->cell[s->cell];

    if (s->answers > 1)
        return 0;
    return s->mask & ((c->ones & s->answer[0]) | (c->zeros & ~s->answer[0]));
}

/** @param kept  bits that the instruction has to see as they were */
static told tell(const fwsim__infer *f, const fwsim__live_site *s,
                 uint32_t kept)
{
    uint32_t mask = s->mask & ~told_bits(f, s);
    told t = { .live = s, .kept = kept, .mask = mask | kept,
               .value_count = 1 };

    if (mask)
        t.value_count = s->answers;
    for (unsigned i = 0; i < t.value_count; i++)
        t.values[i] = (s->answer[i] & mask) | (s->said & kept);
    return t;
}

static int compare(uint64_t a, uint64_t b)
{
    return a < b ? -1 : a > b;
}

/** By instruction, register and state; of one state the first comes first. */
static int by_place(const void *a, const void *b)
{
    const fwsim__live_site *x = ((const told *)a)->live;
    const fwsim__live_site *y = ((const told *)b)->live;
    int order = compare(x->pc, y->pc);

    if (!order)
        order = compare(x->addr, y->addr);
    if (!order)
        order = compare(x->state, y->state);
    return order ? order : x < y ? -1 : x > y;
}

static bool same_place(const told *a, const told *b)
{
    return a->live->pc == b->live->pc && a->live->addr == b->live->addr;
}

/** Several ways may lead to an instruction. The first that had to decide
 * something speaks for all; bits are kept as they were on all of them. */
static size_t join_ways(const fwsim__infer *f, told *sites, size_t count)
{
    size_t joined = 0;

    for (size_t i = 0, n; i < count; i += n) {
        const fwsim__live_site *speaker = sites[i].live;
        uint32_t kept = sites[i].kept;

        for (n = 1; i + n < count && same_place(&sites[i], &sites[i + n]) &&
                    sites[i].live->state == sites[i + n].live->state; n++) {
            kept &= sites[i + n].kept;
            if (!speaker->mask)
                speaker = sites[i + n].live;
        }
        sites[joined++] = tell(f, speaker, kept & ~speaker->mask);
    }
    return joined;
}

static bool same_answers(const told *a, const told *b)
{
    return a->mask == b->mask && a->value_count == b->value_count &&
           memcmp(a->values, b->values,
                  a->value_count * sizeof *a->values) == 0;
}

/** The site whose answers most of them give; the first of equals. Without
 * settings the state is 0, which in a file stands for any. */
static const told *common(const told *sites, size_t n)
{
    size_t best = 0, best_votes = 0;

    if (sites[0].live->state == 0)
        return &sites[0];
    for (size_t i = 0; i < n; i++) {
        size_t votes = 0;

        for (size_t k = i; k < n; k++)
            votes += same_answers(&sites[i], &sites[k]);
        if (votes > best_votes) {
            best = i;
            best_votes = votes;
        }
    }
    return &sites[best];
}

static const char *reason_of(const told *t)
{
    if (!t->mask)
        return "the register's own value leads on";
    if (t->value_count > 1)
        return "each value leads to other code";
    return t->kept
               ? "the firmware goes on before the hardware is ready"
               : "the register's own value leads nowhere";
}

static bool put(fwsim__models *models, const told *t, uint32_t state)
{
    const fwsim__periph_model *at = fwsim__models_at(models, t->live->addr);
    fwsim__periph_model *p = fwsim__models_periph(models, at->base);
    fwsim__site *site =
        p ? fwsim__models_site(p, t->live->pc, state,
                               (uint32_t)(t->live->addr - p->base))
          : NULL;

    if (!site)
        return false;
    site->mask = t->mask;
    site->source = FWSIM__SOURCE_LOOK;
    site->confidence = FWSIM__LIKELY;
    for (unsigned i = 0; i < t->value_count; i++)
        if (!fwsim__site_add(site, t->values[i]))
            return false;
    return fwsim__models_text(&site->reason, "%s", reason_of(t));
}

static bool put_place(fwsim__models *models, const told *sites, size_t n)
{
    const told *any = common(sites, n);

    if (any->mask && !put(models, any, 0))
        return false;
    for (size_t i = 0; i < n; i++)
        if (!same_answers(&sites[i], any) &&
            !put(models, &sites[i], sites[i].live->state))
            return false;
    return true;
}

bool fwsim__infer_put_sites(const fwsim__infer *f, fwsim__models *models)
{
    told *sites = calloc(f->st.sites + 1u, sizeof *sites);
    size_t count = 0, n;
    bool ok = sites;

    if (!ok)
        return false;
    for (uint32_t i = 0; i < f->st.sites; i++)
        if (f->site[i].pc)
            sites[count++] = (told){ .live = &f->site[i],
                                     .kept = kept_bits(f, &f->site[i]) };
    qsort(sites, count, sizeof *sites, by_place);
    count = join_ways(f, sites, count);
    for (size_t i = 0; ok && i < count; i += n) {
        for (n = 1; i + n < count && same_place(&sites[i], &sites[i + n]); n++)
            ;
        ok = put_place(models, &sites[i], n);
    }
    free(sites);
    return ok;
}
