/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which layouts a block of registers may have.
 *
 * Each layout that has a register where the firmware used one is scored: by how
 * much likelier is what was seen than in a window of which nothing is known? A
 * hit is worth the more the fewer registers the layout has, since a full one is
 * hit by chance; an access where it has none, or that it does not allow, counts
 * against it; bits that were tested should be fields. Then chips are compared
 * by all blocks together, and those that explain less are believed less in
 * each. A chip may have used any of its windows, or the one at the address.
 * Scores are whole numbers, so that every host says the same.
 */
#include "knowledge/knowledge.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* In 1/16 of a nat. Files have errors: one thing in a hundred is otherwise than
 * they say, the rest is less sure. */
enum {
    ALL_WORDS = 89,    /* ln(words of a window) */
    MISS = -74,        /* a register that the layout does not have: 1 in 100 */
    FORBIDDEN = -64,   /* a write to what is read-only, or the reverse */
    INSIDE = -48,      /* an access that begins inside of a register */
    TOO_WIDE = -32,    /* or goes beyond its end */
    NARROW = -12,      /* a part of it alone */
    READ_ONLY = 12,    /* waited for and never written, and it is read-only */
    BIT_FIELD = 10,    /* a tested bit that is a field */
    BIT_PART = -3,     /* or a part of a wider one */
    BIT_NONE = -24,    /* or of none, where there are fields */
    CHIP_LOSES = -160, /* most that one block says against a chip */
    OTHER_CHIP = -96,  /* a block of none but the likely chips, at least */
    OTHER_PLACE = -64, /* a block that is not where its address says */
    FEW_PLACES = 32    /* windows: a map with fewer is not complete */
};

/** 16 * ln(n), for n >= 1. */
static int32_t ln16(uint32_t n)
{
    /* 16 * ln(1 + i / 16) */
    static const uint8_t part[] = { 0, 1, 2, 3, 4, 4, 5, 6,
                                    6, 7, 8, 8, 9, 10, 10, 11 };
    unsigned log2 = 31 - (unsigned)__builtin_clz(n);

    return (int32_t)(log2 * 1109 / 100) +
           part[(uint64_t)n * 16 >> log2 & 15];
}

/** ln(words of a window / n), for a layout of n registers. */
static int32_t worth_of_hit(uint32_t n)
{
    return n < 240 ? ALL_WORDS - ln16(n) : 1;
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

    if (a->offset != r->offset)
        score += INSIDE;
    else if (a->width > r->model->width)
        score += TOO_WIDE;
    else if (a->width < r->model->width)
        score += NARROW;
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

/** What a place says for a layout of that score. */
static int32_t at_place(const fwsim_knowledge *k, const fwsim__know_place *p,
                        const fwsim__asked_block *b, int32_t score)
{
    uint32_t places = k->chips[p->chip].places;

    if (b->has_base && p->base == b->base)
        return score;
    return score -
           ln16(places < FEW_PLACES ? FEW_PLACES : places) +
           (b->has_base ? OTHER_PLACE : 0);
}

/** The places of a layout, chip by chip. @param at  in and out: the first place
 * of a chip + 1, of the next one; @param best  out: its best place
 * @return what they say together */
static int32_t at_chip(const fwsim_knowledge *k, const fwsim__asked_block *b,
                       int32_t score, uint32_t *at, uint32_t *best)
{
    uint32_t chip = k->places[*at - 1].chip, count = 0;
    int32_t most = INT32_MIN;

    for (; *at && k->places[*at - 1].chip == chip;
         *at = k->places[*at - 1].next) {
        int32_t here = at_place(k, &k->places[*at - 1], b, score);

        count++;
        if (here >= most) { /* the one that the file has first */
            most = here;
            *best = *at - 1;
        }
    }
    return b->has_base ? most : most + ln16(count);
}

/** How well each chip explains a block, added to its total. */
static void add_evidence(const fwsim_knowledge *k, const fwsim__asked_block *b,
                         const fwsim__matches *m, int32_t *best, int64_t *total)
{
    int32_t most = INT32_MIN;

    for (size_t c = 0; c < k->chip_count; c++)
        best[c] = INT32_MIN;
    for (size_t i = 0; i < m->count; i++) {
        uint32_t at = k->layouts[m->list[i].layout].place, place = 0;

        while (at) {
            int32_t here = at_chip(k, b, m->list[i].score, &at, &place);
            uint32_t chip = k->places[place].chip;

            if (here > best[chip])
                best[chip] = here;
            if (here > most)
                most = here;
        }
    }
    for (size_t c = 0; c < k->chip_count; c++)
        total[c] += best[c] < most + CHIP_LOSES ? most + CHIP_LOSES : best[c];
}

/** Each layout with its best chip, and all in order. */
static void prefer(const fwsim_knowledge *k, const fwsim__asked_block *b,
                   const int32_t *believed, fwsim__matches *m)
{
    fwsim__matches sorted = { 0 };

    for (size_t i = 0; i < m->count; i++) {
        fwsim__match x = m->list[i];
        uint32_t at = k->layouts[x.layout].place, place = 0;

        x.score = INT32_MIN;
        while (at) {
            int32_t here = at_chip(k, b, m->list[i].score, &at, &place) +
                           believed[k->places[place].chip];

            if (here >= x.score) { /* of equals the chip that was read first */
                x.score = here;
                x.place = place;
            }
        }
        insert(&sorted, &x);
    }
    *m = sorted;
}

/** How far each chip is behind the one that explains most. */
static void compare_chips(const fwsim_knowledge *k, const int64_t *total,
                          int32_t *believed)
{
    int64_t most = total[0];

    for (size_t c = 1; c < k->chip_count; c++) {
        if (total[c] > most)
            most = total[c];
    }
    for (size_t c = 0; c < k->chip_count; c++)
        believed[c] = total[c] - most < OTHER_CHIP
                          ? OTHER_CHIP : (int32_t)(total[c] - most);
}

int fwsim__know_match(const fwsim_knowledge *k, const fwsim__summary *s,
                      fwsim__matches *out)
{
    uint16_t *hits = calloc(k->layout_count + 1, sizeof *hits);
    int64_t *total = calloc(k->chip_count + 1, sizeof *total);
    int32_t *believed = calloc(k->chip_count + 1, sizeof *believed);
    int err = hits && total && believed ? 0 : FWSIM_ENOMEM;

    for (size_t i = 0; !err && i < s->count; i++) {
        match_block(k, &s->blocks[i], hits, &out[i]);
        if (out[i].count)
            add_evidence(k, &s->blocks[i], &out[i], believed, total);
    }
    if (!err) {
        compare_chips(k, total, believed);
        for (size_t i = 0; i < s->count; i++)
            prefer(k, &s->blocks[i], believed, &out[i]);
    }
    free(hits);
    free(total);
    free(believed);
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
    const fwsim__periph_model *periph = fwsim__know_periph(k, p, block);
    uint32_t chips = k->layouts[m->layout].places;

    *out = (fwsim_candidate){
        .vendor = k->chips[p->chip].vendor,
        .chip = k->chips[p->chip].name,
        .peripheral = periph->name ? periph->name : "?",
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
