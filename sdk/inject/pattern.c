/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Patterns: texts of faults with ranges in braces. A case is a number whose
 * digits, one a range, choose the values; nothing is expanded before.
 */
#include "inject/sweep.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { RANGES_MAX = 8, WORD_MAX = 96 };

/** A piece of the pattern: text, then the values of a range. */
typedef struct range {
    const char *text; /* before it */
    size_t length;
    const char *list; /* words, separated by commas; NULL: numbers */
    uint64_t from, step;
    uint64_t count;   /* of values */
    fwsim__inject_word word;
    bool is_signed, is_hex; /* as they were written */
} range;

struct fwsim_sweep {
    char *pattern;
    range range[RANGES_MAX + 1]; /* the last one has text only */
    size_t ranges;
    size_t cases, moments;
};

/* ------------------------------------------------------------------ */
/* Reading                                                              */
/* ------------------------------------------------------------------ */

static int bad(fwsim_machine *m, const char *at, const char *what)
{
    return fwsim__error(m, FWSIM_EINVAL, "at \"%.60s\": %s", at, what);
}

/** A word of the pattern as a string. @return false: it is too long */
static bool copy_word(char *to, const char *from, const char *end)
{
    size_t n = (size_t)(end - from);

    if (n >= WORD_MAX)
        return false;
    memcpy(to, from, n);
    to[n] = '\0';
    return true;
}

static int read_value(fwsim_machine *m, const char *from, const char *end,
                      uint64_t *value, fwsim__inject_word *word)
{
    char text[WORD_MAX];

    *word = FWSIM__WORD_BAD;
    if (copy_word(text, from, end))
        *word = fwsim__inject_value(m, text, value);
    if (*word)
        return 0;
    return bad(m, from, "a number, a time or a symbol is expected");
}

/** "-5" for ranges of parts per million: two's complement. */
static int read_end(fwsim_machine *m, range *r, const char *from,
                    const char *end, uint64_t *value, fwsim__inject_word *word)
{
    bool negative = from < end && *from == '-';
    int err = read_value(m, from + negative, end, value, word);

    r->is_signed |= negative;
    if (negative)
        *value = 0 - *value;
    return err;
}

/** FROM..TO or FROM..TO/STEP between braces. */
static int read_numbers(fwsim_machine *m, range *r, const char *from,
                        const char *dots, const char *end)
{
    const char *slash = memchr(dots, '/', (size_t)(end - dots));
    fwsim__inject_word last, step = FWSIM__WORD_BAD;
    uint64_t to = 0;
    int err = read_end(m, r, from, dots, &r->from, &r->word);

    r->step = 1;
    r->is_hex = from[0] == '0' && from[1] == 'x';
    if (!err)
        err = read_end(m, r, dots + 2, slash ? slash : end, &to, &last);
    if (!err && slash)
        err = read_value(m, slash + 1, end, &r->step, &step);
    if (err)
        return err;
    if (r->word != last ||
        (slash && (r->word == FWSIM__WORD_TIME) != (step == FWSIM__WORD_TIME)))
        return bad(m, from, "both ends and the step are of one kind: numbers, "
                            "times, or symbols");
    if (!r->step)
        return bad(m, slash, "a step of 0");
    if (r->is_signed ? (int64_t)to < (int64_t)r->from : to < r->from)
        return bad(m, from, "the range ends before it begins");
    if (r->word == FWSIM__WORD_TIME && !slash)
        return bad(m, from, "a range of times has a step: {1ms..2ms/10us}");
    r->count = (to - r->from) / r->step;
    if (r->count >= FWSIM_SWEEP_CASES_MAX)
        return fwsim__error(m, FWSIM_ERANGE, "at \"%.60s\": too many values",
                            from);
    r->count++;
    return 0;
}

static int read_range(fwsim_machine *m, range *r, const char *from,
                      const char *end)
{
    if (from == end)
        return bad(m, from - 1, "an empty range");
    for (const char *at = from; at + 1 < end; at++)
        if (at[0] == '.' && at[1] == '.')
            return read_numbers(m, r, from, at, end);
    r->list = from;
    r->count = 1;
    for (const char *at = from; at < end; at++)
        r->count += *at == ',';
    return 0;
}

/** Is a place of the pattern behind the "@" or "#" of the fault? */
static bool is_moment(const char *pattern, const char *place)
{
    size_t n = strcspn(pattern, "@#");

    return pattern + n < place;
}

static int read_pattern(fwsim_machine *m, fwsim_sweep *s)
{
    const char *at = s->pattern;

    s->cases = s->moments = 1;
    for (;;) {
        range *r = &s->range[s->ranges];
        const char *open = at + strcspn(at, "{}");
        const char *end = *open == '{' ? strchr(open, '}') : NULL;
        int err;

        r->text = at;
        r->length = (size_t)(open - at);
        if (!*open)
            return 0;
        if (!end)
            return bad(m, open, "a brace without the other one");
        if (s->ranges == RANGES_MAX)
            return bad(m, open, "too many ranges");
        err = read_range(m, r, open + 1, end);
        if (err)
            return err;
        if (r->count > FWSIM_SWEEP_CASES_MAX / s->cases)
            return fwsim__error(m, FWSIM_ERANGE,
                                "\"%.100s\" has more than %d cases",
                                s->pattern, FWSIM_SWEEP_CASES_MAX);
        s->cases *= r->count;
        if (is_moment(s->pattern, open))
            s->moments *= r->count;
        s->ranges++;
        at = end + 1;
    }
}

/** No text of a case is longer. */
static size_t longest(const fwsim_sweep *s)
{
    enum { NUMBER_MAX = 27 }; /* "pc:", a sign, 20 digits, "ns" */
    size_t length = s->range[s->ranges].length;

    for (size_t i = 0; i < s->ranges; i++) {
        const char *word = s->range[i].list;
        size_t most = word ? 0 : NUMBER_MAX;

        for (uint64_t k = 0; word && k < s->range[i].count; k++) {
            size_t n = strcspn(word, ",}");

            most = n > most ? n : most;
            word += n + 1;
        }
        length += s->range[i].length + most;
    }
    return length;
}

/** Both ends of the sweep have to be faults of the machine. */
static int check_ends(fwsim_machine *m, const fwsim_sweep *s)
{
    const size_t ends[] = { 0, s->cases - 1 };
    char text[FWSIM_INJECT_TEXT_MAX];

    for (size_t i = 0; i < 2; i++) {
        int id;

        fwsim_sweep_text(s, ends[i], text, sizeof text);
        id = fwsim_inject_text(m, text);
        if (id < 0)
            return id;
        fwsim_inject_remove(m, id);
    }
    return 0;
}

int fwsim_sweep_new(fwsim_sweep **out, fwsim_machine *m, const char *pattern)
{
    fwsim_sweep *s = calloc(1, sizeof *s);
    size_t size = strlen(pattern) + 1;
    int err;

    *out = NULL;
    if (s)
        s->pattern = malloc(size);
    if (!s || !s->pattern) {
        free(s);
        return fwsim__error(m, FWSIM_ENOMEM, "no memory for a sweep");
    }
    memcpy(s->pattern, pattern, size);
    err = read_pattern(m, s);
    if (!err && longest(s) >= FWSIM_INJECT_TEXT_MAX)
        err = fwsim__error(m, FWSIM_ERANGE,
                           "\"%.100s\": its cases may be longer than %d "
                           "characters", pattern, FWSIM_INJECT_TEXT_MAX - 1);
    if (!err)
        err = check_ends(m, s);
    if (err)
        fwsim_sweep_free(s);
    else
        *out = s;
    return err;
}

void fwsim_sweep_free(fwsim_sweep *s)
{
    if (s)
        free(s->pattern);
    free(s);
}

size_t fwsim_sweep_cases(const fwsim_sweep *s)
{
    return s->cases;
}

size_t fwsim_sweep_moments(const fwsim_sweep *s)
{
    return s->moments;
}

/* ------------------------------------------------------------------ */
/* Cases                                                                */
/* ------------------------------------------------------------------ */

typedef struct writer {
    char *buf;
    size_t size, at;
} writer;

static void put(writer *w, const char *text, size_t n)
{
    size_t room = w->size - 1 - w->at;

    if (n > room)
        n = room;
    memcpy(w->buf + w->at, text, n);
    w->at += n;
    w->buf[w->at] = '\0';
}

static void put_word(writer *w, const range *r, uint64_t digit)
{
    const char *at = r->list;

    while (digit--)
        at = strchr(at, ',') + 1;
    put(w, at, strcspn(at, ",}"));
}

static void put_value(writer *w, const range *r, uint64_t digit)
{
    uint64_t value = r->from + digit * r->step;
    char text[32];
    int n;

    /* An address is a moment only behind a word that says so. */
    if (r->word == FWSIM__WORD_PLACE && w->at && w->buf[w->at - 1] == '@')
        put(w, "pc:", 3);
    if (r->is_signed)
        n = snprintf(text, sizeof text, "%" PRId64, (int64_t)value);
    else if (r->word == FWSIM__WORD_TIME)
        n = snprintf(text, sizeof text, "%" PRIu64 "ns", value);
    else if (r->word == FWSIM__WORD_PLACE || r->is_hex)
        n = snprintf(text, sizeof text, "0x%" PRIx64, value);
    else
        n = snprintf(text, sizeof text, "%" PRIu64, value);
    put(w, text, (size_t)n);
}

char *fwsim_sweep_text(const fwsim_sweep *s, size_t index, char *buf,
                       size_t size)
{
    writer w = { buf, size, 0 };
    uint64_t rest = s->cases;

    buf[0] = '\0';
    for (size_t i = 0; i < s->ranges; i++) {
        const range *r = &s->range[i];
        uint64_t digit;

        rest /= r->count;
        digit = index / rest % r->count;
        put(&w, r->text, r->length);
        if (r->list)
            put_word(&w, r, digit);
        else
            put_value(&w, r, digit);
    }
    put(&w, s->range[s->ranges].text, s->range[s->ranges].length);
    return buf;
}
