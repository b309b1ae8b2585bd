/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which layouts a block of registers may have.
 *
 * Each layout that has a register where the firmware used one is scored. A hit
 * is worth the more the fewer registers the layout has, since a full one is hit
 * by chance; an access where it has none, or that it does not allow, counts
 * against it; bits that were tested should be fields. Then the chips are
 * compared: one that explains many blocks is believed more in each. Scores are
 * whole numbers, so that every host says the same.
 */
#include "knowledge/knowledge.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* In 1/16 of a nat. */
enum {
    MISS = -56,        /* a register that the layout does not have */
    FORBIDDEN = -48,   /* a write to what is read-only, or the reverse */
    READ_ONLY = 12,    /* waited for and never written, and it is read-only */
    BIT_FIELD = 10,    /* a tested bit that is a field */
    BIT_PART = -3,     /* or a part of a wider one */
    BIT_NONE = -24,    /* or of none, where there are fields */
    SAME_CHIP = 40,    /* of the chip that explains most */
    SAME_PLACE = 160   /* at the very address */
};

/** 16 * ln(words of a window / n), for a layout of n registers. */
static int32_t worth_of_hit(uint32_t n)
{
    static const uint8_t table[] = { 89, 78, 67, 55, 44, 33, 22, 11, 4 };
    unsigned log2 = 0;

    while (log2 < 8 && n > 1u << log2)
        log2++;
    return table[log2];
}

static int32_t worth_of_bits(const fwsim__asked *a,
                             const fwsim__know_register *r, fwsim__match *m)
{
    uint32_t bits = a->tested | a->ones | a->zeros | a->both | a->acknowledged;
    int32_t score = 0;

    if (__builtin_popcount(bits) > 8)
        return 0; /* compared as a whole */
    for (; bits; bits &= bits - 1) {
        uint32_t bit = bits & -bits;

        m->tested++;
        m->named += (r->single & bit) != 0;
        if (r->single & bit)
            score += BIT_FIELD;
        else if (r->multi & bit)
            score += BIT_PART;
        else if (r->single | r->multi)
            score += BIT_NONE;
    }
    return score;
}

static int32_t worth_of_register(const fwsim__asked *a,
                                 const fwsim__know_register *r,
                                 fwsim__match *m)
{
    int32_t score = worth_of_bits(a, r, m);

    if ((a->writes && !r->model->writable) || (a->reads && !r->model->readable))
        score += FORBIDDEN;
    if ((a->ones | a->zeros) && !a->writes && !r->model->writable)
        score += READ_ONLY;
    return score;
}

/** The register of a layout that has an offset; NULL: none. */
static const fwsim__know_register *register_at(const fwsim_knowledge *k,
                                               const fwsim__know_layout *l,
                                               uint32_t offset)
{
    const fwsim__know_register *r = &k->registers[l->reg];
    uint32_t low = 0, high = l->reg_count;

    while (low < high) { /* the last one at or below the offset */
        uint32_t middle = (low + high) / 2;

        if (r[middle].offset <= offset)
            low = middle + 1;
        else
            high = middle;
    }
    return low && offset < r[low - 1].offset + r[low - 1].model->width
               ? &r[low - 1]
               : NULL;
}

static fwsim__match score_layout(const fwsim_knowledge *k, uint32_t layout,
                                 const fwsim__asked_block *b)
{
    const fwsim__know_layout *l = &k->layouts[layout];
    fwsim__match m = { .layout = layout, .place = l->place - 1 };

    for (size_t i = 0; i < b->count; i++) {
        const fwsim__asked *a = &b->registers[i];
        const fwsim__know_register *r = register_at(k, l, a->offset);

        if (!r) {
            m.score += MISS;
            continue;
        }
        m.hits++;
        m.score += worth_of_hit(l->reg_count) + worth_of_register(a, r, &m);
    }
    return m;
}

/* ------------------------------------------------------------------ */
/* One block                                                            */
/* ------------------------------------------------------------------ */

/** Keep a match if it is among the best. Of equals the first one stays. */
static void insert(fwsim__matches *to, const fwsim__match *m)
{
    size_t i = to->count;

    if (i == FWSIM__MATCHES_MAX && to->list[i - 1].score >= m->score)
        return;
    if (i == FWSIM__MATCHES_MAX)
        i--;
    else
        to->count++;
    for (; i > 0 && to->list[i - 1].score < m->score; i--)
        to->list[i] = to->list[i - 1];
    to->list[i] = *m;
}

/** @param hits  a counter a layout, all 0; so it is left */
static void match_block(const fwsim_knowledge *k, const fwsim__asked_block *b,
                        uint16_t *hits, fwsim__matches *out)
{
    uint16_t most = 0;

    *out = (fwsim__matches){ 0 };
    for (size_t i = 0; i < b->count; i++) {
        const fwsim__know_posting *p = &k->posting[b->registers[i].offset];

        for (size_t n = 0; n < p->count; n++) {
            if (++hits[p->layout[n]] > most)
                most = hits[p->layout[n]];
        }
    }
    for (size_t i = 0; i < b->count; i++) {
        const fwsim__know_posting *p = &k->posting[b->registers[i].offset];

        for (size_t n = 0; n < p->count; n++) {
            uint32_t layout = p->layout[n];

            if (hits[layout] * 2 >= most && hits[layout]) {
                fwsim__match m = score_layout(k, layout, b);

                insert(out, &m);
            }
            hits[layout] = 0;
        }
    }
}

/* ------------------------------------------------------------------ */
/* All blocks                                                           */
/* ------------------------------------------------------------------ */

/** What a chip has for a block: its best layout. */
static void best_of_chips(const fwsim_knowledge *k, const fwsim__matches *m,
                          int32_t *best)
{
    int32_t least = m->list[m->count - 1].score + MISS;

    for (size_t i = 0; i < k->chip_count; i++)
        best[i] = least;
    for (size_t i = 0; i < m->count; i++) {
        uint32_t at = k->layouts[m->list[i].layout].place;

        for (; at; at = k->places[at - 1].next) {
            int32_t *chip = &best[k->places[at - 1].chip];

            if (m->list[i].score > *chip)
                *chip = m->list[i].score;
        }
    }
}

/** The chip that explains most; of equals the first one. */
static size_t likely_chip(const fwsim_knowledge *k, const fwsim__matches *m,
                          size_t count, int64_t *total, int32_t *best)
{
    size_t chip = 0;

    for (size_t i = 0; i < count; i++) {
        if (!m[i].count)
            continue;
        best_of_chips(k, &m[i], best);
        for (size_t c = 0; c < k->chip_count; c++)
            total[c] += best[c];
    }
    for (size_t c = 1; c < k->chip_count; c++) {
        if (total[c] > total[chip])
            chip = c;
    }
    return chip;
}

/** Prefer places of the likely chip, and those at the address itself. */
static void prefer(const fwsim_knowledge *k, const fwsim__asked_block *b,
                   size_t chip, fwsim__matches *m)
{
    fwsim__matches sorted = { 0 };

    for (size_t i = 0; i < m->count; i++) {
        fwsim__match *x = &m->list[i];
        uint32_t at = k->layouts[x->layout].place;
        int32_t most = 0;

        for (; at; at = k->places[at - 1].next) {
            const fwsim__know_place *p = &k->places[at - 1];
            int32_t extra = (p->chip == chip ? SAME_CHIP : 0) +
                            (b->has_base && p->base == b->base ? SAME_PLACE
                                                               : 0);

            if (extra > most) {
                most = extra;
                x->place = at - 1;
            }
        }
        x->score += most;
        insert(&sorted, x);
    }
    *m = sorted;
}

int fwsim__know_match(const fwsim_knowledge *k, const fwsim__summary *s,
                      fwsim__matches *out)
{
    uint16_t *hits = calloc(k->layout_count + 1, sizeof *hits);
    int64_t *total = calloc(k->chip_count + 1, sizeof *total);
    int32_t *best = calloc(k->chip_count + 1, sizeof *best);
    int err = hits && total && best ? 0 : FWSIM_ENOMEM;
    size_t chip;

    for (size_t i = 0; !err && i < s->count; i++)
        match_block(k, &s->blocks[i], hits, &out[i]);
    if (!err && k->chip_count) {
        chip = likely_chip(k, out, s->count, total, best);
        for (size_t i = 0; i < s->count; i++)
            prefer(k, &s->blocks[i], chip, &out[i]);
    }
    free(hits);
    free(total);
    free(best);
    return err;
}

/* ------------------------------------------------------------------ */
/* In words                                                             */
/* ------------------------------------------------------------------ */

/** e^(-d / 16) in 1/65536, for d >= 0. */
static uint32_t weight(int32_t d)
{
    uint32_t w = 65536;

    for (; d >= 16 && w; d -= 16)
        w = (uint32_t)((uint64_t)w * 24109 >> 16); /* e^-1 */
    for (; d > 0 && w; d--)
        w = (uint32_t)((uint64_t)w * 61565 >> 16); /* e^(-1/16) */
    return w;
}

static void describe_one(const fwsim_knowledge *k,
                         const fwsim__asked_block *block, const fwsim__match *m,
                         uint64_t sum, int32_t top, fwsim_candidate *out)
{
    const fwsim__know_place *p = &k->places[m->place];
    uint32_t chips = k->layouts[m->layout].places;

    *out = (fwsim_candidate){
        .vendor = k->chips[p->chip].vendor,
        .chip = k->chips[p->chip].name,
        .peripheral = p->periph->name ? p->periph->name : "?",
        .confidence = (unsigned)(100 * (uint64_t)weight(top - m->score) / sum),
    };
    if (m->score <= 0)
        out->confidence /= 4; /* the best of what does not fit */
    snprintf(out->reason, sizeof out->reason,
             "%u of %zu registers are there, %u of %u tested bits are fields; "
             "in %u %s",
             m->hits, block->count, m->named, m->tested, chips,
             chips == 1 ? "place" : "places");
}

void fwsim__know_describe(const fwsim_knowledge *k,
                          const fwsim__asked_block *block,
                          const fwsim__matches *matches, fwsim_identified *out)
{
    uint64_t sum = 0;

    *out = (fwsim_identified){ .block = block->block };
    for (size_t i = 0; i < matches->count; i++)
        sum += weight(matches->list[0].score - matches->list[i].score);
    for (; out->count < matches->count && out->count < FWSIM_CANDIDATES_MAX;
         out->count++)
        describe_one(k, block, &matches->list[out->count], sum,
                     matches->list[0].score, &out->candidates[out->count]);
}

int fwsim_knowledge_match(const fwsim_knowledge *k, const char *summary,
                          size_t size, fwsim_identified *out, size_t *count,
                          fwsim_log_fn log, void *log_user)
{
    fwsim__matches *matches = NULL;
    fwsim__summary s;
    int err = fwsim__summary_read(&s, summary, size, log, log_user);

    *count = 0;
    if (!err) {
        matches = calloc(s.count + 1, sizeof *matches);
        err = matches ? fwsim__know_match(k, &s, matches) : FWSIM_ENOMEM;
    }
    for (; !err && *count < s.count; ++*count)
        fwsim__know_describe(k, &s.blocks[*count], &matches[*count],
                             &out[*count]);
    free(matches);
    fwsim__summary_free(&s);
    return err;
}
