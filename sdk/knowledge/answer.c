/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Answers: what the blocks of a summary may be, as a signed bundle, which names
 * the summary by its hash: it answers no other question. The
 * registers of block N lie at N * FWSIM__KNOW_WINDOW there: the one who asked
 * knows where that is.
 */
#include "bundle/refusal.h"
#include "knowledge/knowledge.h"

#ifndef FWSIM_WITH_BUNDLES

int fwsim_knowledge_answer(const fwsim_knowledge *k, const char *summary,
                           size_t size, const fwsim_second_source *second,
                           fwsim_key *key, uint64_t now, char **out,
                           size_t *out_size, fwsim_log_fn log, void *log_user)
{
    const fwsim__teller t = { "answer", log, log_user };

    (void)k;
    (void)summary;
    (void)size;
    (void)second;
    (void)key;
    (void)now;
    *out = NULL;
    *out_size = 0;
    return fwsim__refuse(&t, FWSIM_ENOTSUP,
                         "this fwsim was built without libcbor and mbedTLS");
}

#else

#include "bundle/bundle.h"
#include "bundle/cache.h"
#include "infer/model_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    LIKELY = 50, /* percent: less is no name that one would want to read */
    DAY = 86400
};

/** An answer while it is made. */
typedef struct answer {
    const fwsim_knowledge *k;
    const fwsim_second_source *second; /* NULL: none */
    fwsim__summary summary;
    fwsim__matches *matches;
    fwsim__bytes words, yaml;
    fwsim__models *models;
    char question[FWSIM__HASH_TEXT]; /* SHA-256 of the summary */
    bool failed; /* without memory */
} answer;

static void add_text(const char *text, size_t n, void *user)
{
    answer *a = user;

    if (!a->failed && !fwsim__bytes_add(&a->yaml, text, n))
        a->failed = true;
}

static void put_words(answer *a, const fwsim_identified *id)
{
    char line[512];

    for (size_t i = 0; i < id->count && !a->failed; i++) {
        const fwsim_candidate *c = &id->candidates[i];
        int n = snprintf(line, sizeof line, "block %u: %s %s %s, %u %%: %s\n",
                         id->block, c->vendor, c->chip, c->peripheral,
                         c->confidence, c->reason);

        if (n >= (int)sizeof line)
            n = (int)sizeof line - 1;
        if (!fwsim__bytes_add(&a->words, line, (size_t)n))
            a->failed = true;
    }
}

static bool copy_fields(const fwsim__register *from, fwsim__register *to)
{
    for (size_t i = 0; i < from->field_count; i++) {
        fwsim__field *f = fwsim__models_field(to, from->fields[i].lsb);

        if (!f || (from->fields[i].name &&
                   !fwsim__models_text(&f->name, "%s", from->fields[i].name)))
            return false;
        f->width = from->fields[i].width;
        f->source = FWSIM__SOURCE_SVD;
    }
    return true;
}

/** The name of a peripheral; without its number when its chip has several that
 * look the same. */
static bool name_periph(const fwsim_knowledge *k, const fwsim__match *m,
                        const fwsim__periph_model *periph, char **name)
{
    const fwsim__know_place *p = &k->places[m->place];
    const char *text = periph->name ? periph->name : "?";
    size_t length = strlen(text);
    unsigned like = 0;

    for (uint32_t at = k->layouts[m->layout].place; at;
         at = k->places[at - 1].next)
        like += k->places[at - 1].chip == p->chip;
    while (like > 1 && length > 1 && text[length - 1] >= '0' &&
           text[length - 1] <= '9')
        length--;
    return fwsim__models_text(name, "%.*s", (int)length, text);
}

/** A register with its name; that of another peripheral in the window has the
 * peripheral's before it. */
static bool put_register(const fwsim__register *r, const char *before,
                         unsigned confidence, fwsim__register *to)
{
    if (r->name && !fwsim__models_text(&to->name, "%s%s%s", before ? before : "",
                                       before ? "_" : "", r->name))
        return false;
    to->width = r->width;
    to->readable = r->readable;
    to->writable = r->writable;
    to->role = r->role;
    to->source = FWSIM__SOURCE_SVD;
    to->confidence =
        r->role == FWSIM__ROLE_UNKNOWN ? 0 : (uint8_t)confidence;
    return copy_fields(r, to);
}

static bool is_asked(const fwsim__asked_block *b, uint32_t offset,
                     unsigned width)
{
    for (size_t i = 0; i < b->count; i++) {
        if (b->registers[i].offset >= offset &&
            b->registers[i].offset < offset + width)
            return true;
    }
    return false;
}

/** Registers of the place that the block seems to be, as far as they were
 * used. */
static bool put_registers(answer *a, const fwsim__asked_block *b,
                          const fwsim__match *m, unsigned confidence)
{
    const fwsim__know_layout *l = &a->k->layouts[m->layout];
    const fwsim__know_place *place = &a->k->places[m->place];
    const fwsim__periph_model *main = fwsim__know_periph(a->k, place, b), *other;
    fwsim__periph_model *p = fwsim__models_periph(
        a->models, (uint64_t)b->block * FWSIM__KNOW_WINDOW);

    if (!p || !name_periph(a->k, m, main, &p->name))
        return false;
    p->size = FWSIM__KNOW_WINDOW;
    for (uint32_t i = 0; i < l->reg_count; i++) {
        uint32_t offset = a->k->registers[l->reg + i].offset;
        const fwsim__register *r = fwsim__know_register_at(
            a->k, place->chip, place->base + offset, &other);
        fwsim__register *to;

        if (!r || !is_asked(b, offset, r->width) ||
            offset + r->width > FWSIM__KNOW_WINDOW)
            continue;
        to = fwsim__models_register(p, offset);
        if (!to || !put_register(r, other == main ? NULL : other->name,
                                 confidence, to))
            return false;
    }
    return true;
}

/** Ask the second source. */
static void guess(answer *a, const fwsim__asked_block *b)
{
    fwsim__bytes said = { 0 };
    int err = fwsim__know_guess(a->second, b, a->models, &said);

    if (err || (said.size && !fwsim__bytes_add(&a->words, said.data, said.size)))
        a->failed = true;
    free(said.data);
}

static void put_block(answer *a, size_t i)
{
    const fwsim__asked_block *b = &a->summary.blocks[i];
    fwsim_identified id;

    fwsim__know_describe(a->k, b, &a->matches[i], &id);
    put_words(a, &id);
    if (a->second && !a->failed &&
        (!id.count || id.candidates[0].confidence < a->second->below))
        guess(a, b);
    if (!id.count || id.candidates[0].confidence < LIKELY || a->failed)
        return;
    if (!put_registers(a, b, &a->matches[i].list[0],
                       id.candidates[0].confidence))
        a->failed = true;
}

static int make(answer *a, fwsim_key *key, uint64_t now, fwsim__bytes *out,
                const fwsim__teller *t)
{
    const fwsim__models_sink sink = { .put = add_text, .put_user = a };
    fwsim_part parts[] = {
        { FWSIM_PART_CANDIDATES, "CC0-1.0", "register maps of the service",
          NULL, 0 },
        { FWSIM_PART_MODELS, "CC0-1.0", "register maps of the service", NULL,
          0 },
    };
    fwsim_bundle_info info = { .name = "answer",
                               .version = 1,
                               .created = now,
                               .expires = now + DAY,
                               .target = { .device = a->question },
                               .parts = parts,
                               .part_count = 2 };

    for (size_t i = 0; i < a->summary.count; i++)
        put_block(a, i);
    fwsim__models_cut(a->models);
    fwsim__models_write(a->models, &sink);
    if (a->failed || !fwsim__bytes_add(&a->words, "", 0))
        return fwsim__refuse(t, FWSIM_ENOMEM, "out of memory");
    parts[0].data = a->words.data;
    parts[0].size = a->words.size;
    parts[1].data = a->yaml.data;
    parts[1].size = a->yaml.size;
    return fwsim__bundle_make(out, &info, key, t);
}

int fwsim_knowledge_answer(const fwsim_knowledge *k, const char *summary,
                           size_t size, const fwsim_second_source *second,
                           fwsim_key *key, uint64_t now, char **out,
                           size_t *out_size, fwsim_log_fn log, void *log_user)
{
    const fwsim__span bytes_of = { (const uint8_t *)summary, size };
    const fwsim__teller t = { "answer", log, log_user };
    fwsim__bytes bytes = { 0 };
    answer a = { .k = k, .second = second };
    int err = fwsim__summary_read(&a.summary, summary, size, log, log_user);

    *out = NULL;
    *out_size = 0;
    if (!err) {
        a.matches = calloc(a.summary.count + 1, sizeof *a.matches);
        a.models = fwsim__models_new();
        err = a.matches && a.models && fwsim__hash_text(bytes_of, a.question)
                  ? fwsim__know_match(k, &a.summary, a.matches)
                  : FWSIM_ENOMEM;
    }
    if (!err)
        err = make(&a, key, now, &bytes, &t);
    fwsim__summary_free(&a.summary);
    fwsim__models_free(a.models);
    free(a.matches);
    free(a.words.data);
    free(a.yaml.data);
    if (err)
        return err;
    *out = (char *)bytes.data;
    *out_size = bytes.size;
    return 0;
}

#endif
