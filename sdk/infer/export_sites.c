/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sites of the engine as sites of models. The engine knows an instruction once
 * for every state of the settings around its register; a file should say it
 * once. What most states have in common is for any state, and the others are
 * the exceptions.
 */
#include "infer/export.h"

#include <stdlib.h>
#include <string.h>

typedef const fwsim__live_site *site_ref;

static int compare(uint64_t a, uint64_t b)
{
    return a < b ? -1 : a > b;
}

/** By instruction, register and state; of one state the first comes first. */
static int by_place(const void *a, const void *b)
{
    site_ref x = *(const site_ref *)a, y = *(const site_ref *)b;
    int order = compare(x->pc, y->pc);

    if (!order)
        order = compare(x->addr, y->addr);
    if (!order)
        order = compare(x->state, y->state);
    return order ? order : x < y ? -1 : x > y;
}

static bool same_place(site_ref a, site_ref b)
{
    return a->pc == b->pc && a->addr == b->addr;
}

static bool same_answers(site_ref a, site_ref b)
{
    return a->mask == b->mask &&
           (!a->mask || (a->answers == b->answers &&
                         memcmp(a->answer, b->answer,
                                a->answers * sizeof *a->answer) == 0));
}

/** The site whose answers most of them give; the first of equals. Without
 * settings the state is 0, which in a file stands for any. */
static site_ref common(const site_ref *sites, size_t n)
{
    size_t best = 0, best_votes = 0;

    if (sites[0]->state == 0)
        return sites[0];
    for (size_t i = 0; i < n; i++) {
        size_t votes = 0;

        for (size_t k = i; k < n; k++)
            votes += same_answers(sites[i], sites[k]);
        if (votes > best_votes) {
            best = i;
            best_votes = votes;
        }
    }
    return sites[best];
}

static const char *reason_of(site_ref s)
{
    if (!s->mask)
        return "the register's own value leads on";
    return s->answers > 1 ? "each value leads to other code"
                          : "the register's own value leads nowhere";
}

static bool put(fwsim__models *models, site_ref s, uint32_t state)
{
    const fwsim__periph_model *at = fwsim__models_at(models, s->addr);
    fwsim__periph_model *p = fwsim__models_periph(models, at->base);
    fwsim__site *site = p ? fwsim__models_site(p, s->pc, state,
                                               (uint32_t)(s->addr - p->base))
                          : NULL;

    if (!site)
        return false;
    if (site->value_count)
        return true; /* another way to the instruction has shown it */
    site->mask = s->mask;
    site->source = FWSIM__SOURCE_LOOK;
    site->confidence = FWSIM__LIKELY;
    for (unsigned i = 0; i < s->answers; i++)
        if (!fwsim__site_add(site, s->mask ? s->answer[i] : 0))
            return false;
    return fwsim__models_text(&site->reason, "%s", reason_of(s));
}

static bool put_place(fwsim__models *models, const site_ref *sites, size_t n)
{
    site_ref any = common(sites, n);

    if (any->mask && !put(models, any, 0))
        return false;
    for (size_t i = 0; i < n; i++)
        if (!same_answers(sites[i], any) &&
            !put(models, sites[i], sites[i]->state))
            return false;
    return true;
}

bool fwsim__infer_put_sites(const fwsim__infer *f, fwsim__models *models)
{
    site_ref *sites = calloc(f->st.sites + 1u, sizeof *sites);
    size_t count = 0, n;
    bool ok = sites;

    if (!ok)
        return false;
    for (uint32_t i = 0; i < f->st.sites; i++)
        if (f->site[i].pc)
            sites[count++] = &f->site[i];
    qsort(sites, count, sizeof *sites, by_place);
    for (size_t i = 0; ok && i < count; i += n) {
        for (n = 1; i + n < count && same_place(sites[i], sites[i + n]); n++)
            ;
        ok = put_place(models, &sites[i], n);
    }
    free(sites);
    return ok;
}
