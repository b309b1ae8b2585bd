/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * YAML by tables, from the events of libyaml. libyaml and not libcyaml: its
 * marks give line and column to checks of ours, too, not only to its own.
 */
#include "infer/model_yaml.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifndef FWSIM_WITH_YAML

int fwsim__yaml_parse(const fwsim__text_source *source,
                      int (*root)(fwsim__yaml *y, void *into), void *into)
{
    (void)root;
    (void)into;
    return fwsim__text_fail(source, (fwsim__text_mark){ 0 }, FWSIM_ENOTSUP,
                            "this fwsim was built without libyaml");
}

#else

#include <yaml.h>

enum { SIZE_LIMIT = 64 << 20 };

static const fwsim__text_mark nowhere = { 0 };

struct fwsim__yaml {
    const fwsim__text_source *source;
    const char *data;
    size_t size;
    yaml_parser_t parser;
    yaml_event_t event; /* the next one, when has_event */
    bool has_event;
    char *scalar; /* the last one given away */
};

/* ------------------------------------------------------------------ */
/* Errors                                                               */
/* ------------------------------------------------------------------ */

int fwsim__yaml_fail(fwsim__yaml *y, fwsim__text_mark mark, int code,
                     const char *fmt, ...)
{
    va_list args;

    va_start(args, fmt);
    fwsim__text_log(y->source, mark, FWSIM_LOG_ERROR, fmt, args);
    va_end(args);
    return code;
}

int fwsim__yaml_no_memory(fwsim__yaml *y)
{
    return fwsim__yaml_fail(y, nowhere, FWSIM_ENOMEM, "out of memory");
}

static fwsim__text_mark from_mark(yaml_mark_t m)
{
    return (fwsim__text_mark){ m.line + 1, m.column + 1 };
}

/** Where a byte of the file stands: libyaml does not say it of bytes that it
 * cannot decode. */
static fwsim__text_mark mark_of_byte(const fwsim__yaml *y, size_t offset)
{
    fwsim__text_mark mark = { 1, 1 };

    for (size_t i = 0; i < offset && i < y->size; i++) {
        mark.column++;
        if (y->data[i] == '\n')
            mark = (fwsim__text_mark){ mark.line + 1, 1 };
    }
    return mark;
}

/** What libyaml has against the file. */
static int syntax_error(fwsim__yaml *y)
{
    const yaml_parser_t *p = &y->parser;
    fwsim__text_mark mark = from_mark(p->problem_mark);

    if (p->error == YAML_MEMORY_ERROR)
        return fwsim__yaml_no_memory(y);
    if (p->error == YAML_READER_ERROR)
        mark = mark_of_byte(y, p->problem_offset);
    return fwsim__yaml_fail(y, mark, FWSIM_EFORMAT, "this is no YAML: %s%s%s",
                            p->context ? p->context : "",
                            p->context ? ": " : "",
                            p->problem ? p->problem : "unreadable");
}

/* ------------------------------------------------------------------ */
/* Events                                                               */
/* ------------------------------------------------------------------ */

static void drop(fwsim__yaml *y)
{
    if (y->has_event)
        yaml_event_delete(&y->event);
    y->has_event = false;
}

/** Make sure that there is an event. */
static int peek(fwsim__yaml *y)
{
    if (y->has_event)
        return 0;
    if (!yaml_parser_parse(&y->parser, &y->event))
        return syntax_error(y);
    y->has_event = true;
    return 0;
}

static fwsim__text_mark here(const fwsim__yaml *y)
{
    return from_mark(y->event.start_mark);
}

int fwsim__yaml_mark_next(fwsim__yaml *y, fwsim__text_mark *mark)
{
    int err = peek(y);

    if (!err)
        *mark = here(y);
    return err;
}

static bool is_null(const yaml_event_t *e)
{
    return e->data.scalar.style == YAML_PLAIN_SCALAR_STYLE &&
           e->data.scalar.length == 0;
}

/** What is there, for "found ...". */
static const char *found(const fwsim__yaml *y, char *text, size_t size)
{
    const yaml_event_t *e = &y->event;
    size_t n;

    switch (e->type) {
    case YAML_SEQUENCE_START_EVENT:
        return "a list";
    case YAML_MAPPING_START_EVENT:
        return "a map";
    case YAML_ALIAS_EVENT:
        return "an alias";
    case YAML_SCALAR_EVENT:
        if (is_null(e))
            return "nothing";
        snprintf(text, size, "'%.40s'", (const char *)e->data.scalar.value);
        n = strlen(text);
        for (size_t i = 0; i < n; i++)
            if ((unsigned char)text[i] < ' ')
                text[i] = ' ';
        return text;
    default:
        return "the end";
    }
}

static int unexpected(fwsim__yaml *y, const char *expected)
{
    char text[64];

    return fwsim__yaml_fail(y, here(y), FWSIM_EFORMAT,
                            "expected %s, found %s", expected,
                            found(y, text, sizeof text));
}

/** Take an event of a type. */
static int take(fwsim__yaml *y, yaml_event_type_t type, const char *expected)
{
    int err = peek(y);

    if (err)
        return err;
    if (y->event.type != type)
        return unexpected(y, expected);
    drop(y);
    return 0;
}

/** Is an event of this type next? It is taken then. */
static int take_if(fwsim__yaml *y, yaml_event_type_t type, bool *taken)
{
    int err = peek(y);

    if (err)
        return err;
    *taken = y->event.type == type;
    if (*taken)
        drop(y);
    return 0;
}

/** Pass over a value of any kind. */
static int skip(fwsim__yaml *y)
{
    size_t depth = 0;
    int err;

    do {
        if ((err = peek(y)))
            return err;
        switch (y->event.type) {
        case YAML_SEQUENCE_START_EVENT:
        case YAML_MAPPING_START_EVENT:
            depth++;
            break;
        case YAML_SEQUENCE_END_EVENT:
        case YAML_MAPPING_END_EVENT:
            depth--;
            break;
        default:
            break;
        }
        drop(y);
    } while (depth);
    return 0;
}

int fwsim__yaml_nothing(fwsim__yaml *y, bool *nothing)
{
    int err = peek(y);
    const yaml_event_t *e = &y->event;

    if (err)
        return err;
    *nothing = e->type == YAML_SCALAR_EVENT &&
               e->data.scalar.style == YAML_PLAIN_SCALAR_STYLE &&
               (is_null(e) || strcmp((char *)e->data.scalar.value, "~") == 0 ||
                strcmp((char *)e->data.scalar.value, "null") == 0);
    if (*nothing)
        drop(y);
    return 0;
}

/* ------------------------------------------------------------------ */
/* Scalars                                                              */
/* ------------------------------------------------------------------ */

int fwsim__yaml_scalar(fwsim__yaml *y, const char *expected, const char **text)
{
    int err = peek(y);
    yaml_event_t *e = &y->event;

    if (err)
        return err;
    if (e->type != YAML_SCALAR_EVENT || is_null(e) ||
        strlen((const char *)e->data.scalar.value) != e->data.scalar.length)
        return unexpected(y, expected);
    free(y->scalar);
    y->scalar = malloc(e->data.scalar.length + 1);
    if (!y->scalar)
        return fwsim__yaml_no_memory(y);
    memcpy(y->scalar, e->data.scalar.value, e->data.scalar.length + 1);
    *text = y->scalar;
    drop(y);
    return 0;
}

/** Decimal, or hexadecimal with 0x; no sign, no leading zero: YAML would read
 * such a number as an octal one. */
static bool parse_number(const char *text, uint64_t *value)
{
    bool hex = text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
    const char *digits = hex ? text + 2 : text;
    size_t n = strspn(digits, hex ? "0123456789abcdefABCDEF" : "0123456789");

    if (n == 0 || digits[n] || (!hex && digits[0] == '0' && n > 1))
        return false;
    errno = 0;
    *value = strtoull(digits, NULL, hex ? 16 : 10);
    return errno == 0;
}

int fwsim__yaml_value(fwsim__yaml *y, uint64_t max, uint64_t *value)
{
    char expected[64];
    int err = peek(y);
    const yaml_event_t *e = &y->event;

    if (err)
        return err;
    snprintf(expected, sizeof expected,
             max > 255 ? "a number up to 0x%" PRIx64 : "a number up to %" PRIu64,
             max);
    if (e->type != YAML_SCALAR_EVENT ||
        e->data.scalar.style != YAML_PLAIN_SCALAR_STYLE ||
        !parse_number((const char *)e->data.scalar.value, value) ||
        *value > max)
        return unexpected(y, expected);
    drop(y);
    return 0;
}

/** Store a number in a member of 1, 2, 4 or 8 bytes. */
static void store(void *into, const fwsim__yaml_key *key, uint64_t value)
{
    char *member = (char *)into + key->offset;

    switch (key->size) {
    case sizeof(uint8_t):
        memcpy(member, &(uint8_t){ (uint8_t)value }, key->size);
        break;
    case sizeof(uint32_t):
        memcpy(member, &(uint32_t){ (uint32_t)value }, key->size);
        break;
    default:
        memcpy(member, &value, sizeof value);
    }
}

int fwsim__yaml_number(fwsim__yaml *y, const fwsim__yaml_key *key, void *into)
{
    uint64_t value = 0;
    int err = fwsim__yaml_value(y, key->max, &value);

    if (!err)
        store(into, key, value);
    return err;
}

/** "; did you mean 'x'?", or all there are when they are few. */
static void suggest(char *text, size_t size, const char *word,
                    const char *const *words)
{
    const char *closest = fwsim_closest(word, words);
    size_t n = 0;

    if (closest) {
        snprintf(text, size, "; did you mean '%s'?", closest);
        return;
    }
    for (size_t i = 0; words[i] && n < size; i++)
        n += (size_t)snprintf(text + n, size - n, "%s%s",
                              i ? ", " : "; there are ", words[i]);
}

int fwsim__yaml_choice(fwsim__yaml *y, const char *name,
                       const char *const *words, size_t *index)
{
    char hint[300], what[64];
    const char *word;
    fwsim__text_mark mark;
    int err = fwsim__yaml_mark_next(y, &mark);

    snprintf(what, sizeof what, "a word for '%s'", name);
    if (!err)
        err = fwsim__yaml_scalar(y, what, &word);
    if (err)
        return err;
    for (*index = 0; words[*index]; ++*index)
        if (strcmp(words[*index], word) == 0)
            return 0;
    suggest(hint, sizeof hint, word, words);
    return fwsim__yaml_fail(y, mark, FWSIM_EFORMAT,
                            "expected %s, found '%.40s'%s", what, word, hint);
}

int fwsim__yaml_word(fwsim__yaml *y, const fwsim__yaml_key *key, void *into)
{
    size_t index;
    int err = fwsim__yaml_choice(y, key->name, key->words, &index);

    if (!err)
        store(into, key, index);
    return err;
}

int fwsim__yaml_text(fwsim__yaml *y, const fwsim__yaml_key *key, void *into)
{
    const char *text = NULL;
    char *copy = NULL;
    int err = fwsim__yaml_scalar(y, "a text without zero bytes", &text);

    if (err)
        return err;
    if (!fwsim__models_text(&copy, "%s", text))
        return fwsim__yaml_no_memory(y);
    memcpy((char *)into + key->offset, &copy, sizeof copy);
    return 0;
}

/* ------------------------------------------------------------------ */
/* Maps and lists                                                       */
/* ------------------------------------------------------------------ */

static int unknown_key(fwsim__yaml *y, fwsim__text_mark mark, const char *what,
                       const fwsim__yaml_key *keys, const char *name)
{
    const char *names[FWSIM__YAML_KEYS + 1] = { NULL };
    char hint[300];

    for (size_t i = 0; keys[i].name; i++)
        names[i] = keys[i].name;
    suggest(hint, sizeof hint, name, names);
    return fwsim__yaml_fail(y, mark, FWSIM_EFORMAT,
                            "%s has no key '%.40s'%s", what, name, hint);
}

/** Read a key and its value. */
static int read_pair(fwsim__yaml *y, const char *what,
                     const fwsim__yaml_key *keys, void *into,
                     fwsim__text_mark *marks, bool others)
{
    fwsim__text_mark mark;
    const char *name;
    size_t k = 0;
    int err = fwsim__yaml_mark_next(y, &mark);

    if (!err)
        err = fwsim__yaml_scalar(y, "a key", &name);
    if (err)
        return err;
    while (keys[k].name && strcmp(keys[k].name, name) != 0)
        k++;
    if (!keys[k].name)
        return others ? skip(y) : unknown_key(y, mark, what, keys, name);
    if (marks[k].line)
        return fwsim__yaml_fail(y, mark, FWSIM_EFORMAT,
                                "'%s' is here twice, first in line %zu", name,
                                marks[k].line);
    err = fwsim__yaml_mark_next(y, &marks[k]);
    return err ? err : keys[k].read(y, &keys[k], into);
}

int fwsim__yaml_map(fwsim__yaml *y, const char *what,
                    const fwsim__yaml_key *keys, void *into,
                    fwsim__text_mark *marks, bool others)
{
    fwsim__text_mark start;
    char expected[64];
    bool end = false;
    int err = fwsim__yaml_mark_next(y, &start);

    memset(marks, 0, FWSIM__YAML_KEYS * sizeof *marks);
    snprintf(expected, sizeof expected, "a map for %s", what);
    if (!err)
        err = take(y, YAML_MAPPING_START_EVENT, expected);
    while (!err && !(err = take_if(y, YAML_MAPPING_END_EVENT, &end)) && !end)
        err = read_pair(y, what, keys, into, marks, others);
    for (size_t i = 0; !err && keys[i].name; i++)
        if (keys[i].required && !marks[i].line)
            err = fwsim__yaml_fail(y, start, FWSIM_EFORMAT,
                                   "%s needs the key '%s'", what,
                                   keys[i].name);
    return err;
}

int fwsim__yaml_list(fwsim__yaml *y, const char *what,
                     int (*item)(fwsim__yaml *y, void *into), void *into)
{
    char expected[64];
    bool end = false;
    int err;

    snprintf(expected, sizeof expected, "a list of %s", what);
    err = take(y, YAML_SEQUENCE_START_EVENT, expected);
    while (!err && !(err = take_if(y, YAML_SEQUENCE_END_EVENT, &end)) && !end)
        err = item(y, into);
    return err;
}

int fwsim__yaml_named(fwsim__yaml *y, const char *what,
                      int (*item)(fwsim__yaml *y, void *into), void *into)
{
    char expected[64];
    const char *name;
    bool end = false;
    int err;

    snprintf(expected, sizeof expected, "a map of %s", what);
    err = take(y, YAML_MAPPING_START_EVENT, expected);
    while (!err && !(err = take_if(y, YAML_MAPPING_END_EVENT, &end)) && !end) {
        err = fwsim__yaml_scalar(y, "a key", &name);
        if (!err)
            err = item(y, into);
    }
    return err;
}

/* ------------------------------------------------------------------ */
/* Files                                                                */
/* ------------------------------------------------------------------ */

/** The one document of the stream. */
static int parse_stream(fwsim__yaml *y, int (*root)(fwsim__yaml *y, void *into),
                        void *into)
{
    bool empty = false;
    int err = take(y, YAML_STREAM_START_EVENT, "a file");

    if (!err)
        err = take_if(y, YAML_STREAM_END_EVENT, &empty);
    if (!err && empty)
        return fwsim__yaml_fail(y, nowhere, FWSIM_EFORMAT,
                                "the file is empty");
    if (!err)
        err = take(y, YAML_DOCUMENT_START_EVENT, "a document");
    if (!err)
        err = root(y, into);
    if (!err)
        err = take(y, YAML_DOCUMENT_END_EVENT, "the end of the document");
    return err ? err : take(y, YAML_STREAM_END_EVENT, "one document");
}

static int parse(fwsim__yaml *y, int (*root)(fwsim__yaml *y, void *into),
                 void *into)
{
    int err;

    if (!yaml_parser_initialize(&y->parser))
        return fwsim__yaml_no_memory(y);
    yaml_parser_set_input_string(&y->parser, (const unsigned char *)y->data,
                                 y->size);
    err = parse_stream(y, root, into);
    drop(y);
    free(y->scalar);
    yaml_parser_delete(&y->parser);
    return err;
}

int fwsim__yaml_parse(const fwsim__text_source *source,
                      int (*root)(fwsim__yaml *y, void *into), void *into)
{
    fwsim__yaml y = { .source = source };
    char *loaded;
    int err = fwsim__text_load(source, SIZE_LIMIT, &y.data, &y.size, &loaded);

    if (!err)
        err = parse(&y, root, into);
    free(loaded);
    return err;
}

#endif
