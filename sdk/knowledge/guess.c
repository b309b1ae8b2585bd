/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What somebody without register maps makes of a block. It is a guess, and may
 * be made up: only registers that were asked about are looked at, roles that
 * do not fit to what the firmware did are dropped, and so is all of it when
 * too much does not fit.
 */
#include "knowledge/knowledge.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    CREDIT = 40,        /* percent that a guess has at most */
    CONTRADICTIONS = 4, /* one register in so many: all of it is invented */
    LINE = 256
};

static bool say(fwsim__bytes *to, const char *text, int n)
{
    return n > 0 && n < LINE && fwsim__bytes_add(to, text, (size_t)n);
}

/** The block as a summary of its own: no address, no symbols. */
static bool write_question(const fwsim__asked_block *b, fwsim__bytes *to)
{
    char line[LINE];
    bool ok = say(to, line,
                  snprintf(line, LINE, "{ \"fwsim-summary\": 1, \"blocks\": [ "
                           "{ \"block\": 0, \"interrupts\": %" PRIu32
                           ", \"registers\": [", b->interrupts));

    for (size_t i = 0; ok && i < b->count; i++) {
        const fwsim__asked *a = &b->registers[i];

        ok = say(to, line,
                 snprintf(line, LINE, "%s\n{ \"offset\": %" PRIu32
                          ", \"width\": %u, \"reads\": %" PRIu32
                          ", \"writes\": %" PRIu32 ", \"tested\": %" PRIu32
                          ", \"awaits-ones\": %" PRIu32
                          ", \"awaits-zeros\": %" PRIu32
                          ", \"acknowledges\": %" PRIu32 ", \"poll\": %" PRIu32
                          " }", i ? "," : "", a->offset, a->width, a->reads,
                          a->writes, a->tested, a->ones, a->zeros,
                          a->acknowledged, a->poll));
    }
    return ok && fwsim__bytes_add(to, " ] } ] }\n", 10); /* with its zero */
}

/** Letters, digits and '_', the first a letter. */
static bool is_name(const char *text)
{
    size_t n = 0;

    for (; n < FWSIM_GUESS_NAME && text[n]; n++) {
        char c = text[n];
        bool letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');

        if (!letter && (n == 0 || (c != '_' && (c < '0' || c > '9'))))
            return false;
    }
    return n > 0 && n < FWSIM_GUESS_NAME;
}

static const fwsim__asked *asked_at(const fwsim__asked_block *b,
                                    unsigned offset)
{
    for (size_t i = 0; i < b->count; i++) {
        if (b->registers[i].offset == offset)
            return &b->registers[i];
    }
    return NULL;
}

static fwsim__role role_of(const char *name)
{
    for (int role = 0; role < FWSIM__ROLES; role++) {
        if (!strcmp(name, fwsim__role_name((fwsim__role)role)))
            return (fwsim__role)role;
    }
    return FWSIM__ROLE_UNKNOWN;
}

/** Can a register of this role have been used so? */
static bool fits(fwsim__role role, const fwsim__asked *a)
{
    bool waits = a->ones | a->zeros | a->both;

    switch (role) {
    case FWSIM__ROLE_STATUS:
    case FWSIM__ROLE_COUNTER:
    case FWSIM__ROLE_FLAGS:
        return a->reads > 0;
    case FWSIM__ROLE_IDENTITY:
        return a->reads > 0 && !a->writes && !waits;
    case FWSIM__ROLE_CONTROL:
    case FWSIM__ROLE_ADDRESS:
    case FWSIM__ROLE_COUNT:
    case FWSIM__ROLE_SET:
    case FWSIM__ROLE_CLEAR:
        return a->writes > 0 && !waits;
    case FWSIM__ROLE_CONTROL_STATUS:
        return a->reads > 0 && a->writes > 0;
    case FWSIM__ROLE_DATA:
        return !waits;
    default:
        return false;
    }
}

/** @return false: it was made up */
static bool is_plausible(const fwsim__asked_block *b, const fwsim_guess *g)
{
    size_t wrong = 0;

    if (!is_name(g->peripheral) || g->count > FWSIM_GUESS_REGISTERS)
        return false;
    for (size_t i = 0; i < g->count; i++) {
        const fwsim__asked *a = asked_at(b, g->registers[i].offset);

        wrong += !a || !fits(role_of(g->registers[i].role), a);
    }
    return g->count && wrong * CONTRADICTIONS <= g->count;
}

static bool put_guess(const fwsim__asked_block *b, const fwsim_guess *g,
                      fwsim__models *models)
{
    fwsim__periph_model *p = fwsim__models_periph(
        models, (uint64_t)b->block * FWSIM__KNOW_WINDOW);

    if (!p || !fwsim__models_text(&p->name, "%s", g->peripheral))
        return false;
    p->size = FWSIM__KNOW_WINDOW;
    for (size_t i = 0; i < g->count; i++) {
        const fwsim__asked *a = asked_at(b, g->registers[i].offset);
        fwsim__role role = role_of(g->registers[i].role);
        unsigned confidence = g->registers[i].confidence;
        fwsim__register *r;

        if (!a || !fits(role, a) || a->offset + a->width > FWSIM__KNOW_WINDOW ||
            (a->width != 1 && a->width != 2 && a->width != 4))
            continue;
        r = fwsim__models_register(p, a->offset);
        if (!r || (is_name(g->registers[i].name) &&
                   !fwsim__models_text(&r->name, "%s", g->registers[i].name)))
            return false;
        r->width = a->width;
        r->role = (uint8_t)role;
        r->source = FWSIM__SOURCE_PRIOR;
        r->confidence = (uint8_t)(confidence < CREDIT ? confidence : CREDIT);
    }
    return true;
}

int fwsim__know_guess(const fwsim_second_source *second,
                      const fwsim__asked_block *b, fwsim__models *models,
                      fwsim__bytes *words)
{
    fwsim__bytes question = { 0 };
    fwsim_guess g = { .count = 0 };
    char line[LINE];
    bool said, ok = write_question(b, &question);

    said = ok && second->ask((const char *)question.data, &g, second->user);
    free(question.data);
    if (!ok)
        return FWSIM_ENOMEM;
    if (!said)
        return 0;
    if (!is_plausible(b, &g))
        ok = say(words, line,
                 snprintf(line, LINE, "block %" PRIu32 ": what %.60s guesses "
                          "does not fit\n", b->block, second->name));
    else
        ok = put_guess(b, &g, models) &&
             say(words, line,
                 snprintf(line, LINE, "block %" PRIu32 ": %.60s guesses %s, "
                          "%u %%\n", b->block, second->name, g.peripheral,
                          g.confidence < CREDIT ? g.confidence : CREDIT));
    return ok ? 0 : FWSIM_ENOMEM;
}
