/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Scenario files: a tree is held against the grammar. What passes has no other
 * keys, values of the right type, and a node for each key with a fallback; the
 * getters of scenario_values.c rely on it.
 */
#include "scenario.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { SIZE_LIMIT = 1 << 20, ROWS_LIMIT = 64, TESTS_LIMIT = 4096 };

static const scenario_mark nowhere = { 0 };

typedef struct checker {
    scenario *s;
    scenario_error *error;
} checker;

static bool check_value(checker *c, scenario_node *n, const scenario_key *key);

static bool is_nothing(const scenario_node *n)
{
    return n->kind == SCENARIO_SCALAR && n->plain &&
           (!n->size || !strcmp(n->text, "~") || !strcmp(n->text, "null"));
}

/* What is there, for "found ...". */
static const char *found(const scenario_node *n, char *buf, size_t size)
{
    if (n->kind == SCENARIO_LIST)
        return "a list";
    if (n->kind == SCENARIO_MAP)
        return "a map";
    if (is_nothing(n))
        return "nothing";
    snprintf(buf, size, "\"%.60s\"", n->text);
    for (char *p = buf; *p; p++) {
        if ((unsigned char)*p < ' ')
            *p = ' ';
    }
    return buf;
}

static bool unexpected(checker *c, const scenario_node *n, const char *name,
                       const char *expected)
{
    char text[80];

    return scenario_fail(c->s, c->error, n->mark, "%s: expected %s, found %s",
                         name, expected, found(n, text, sizeof(text)));
}

/* "; did you mean "x"?", or all there are when none is near. */
static const char *suggest(const char *name, const char *const *names,
                           char *buf, size_t size)
{
    const char *near = fwsim_closest(name, names);
    size_t n = 0;

    buf[0] = '\0';
    if (near) {
        snprintf(buf, size, "; did you mean \"%s\"?", near);
        return buf;
    }
    for (size_t i = 0; names[i] && n < size; i++)
        n += (size_t)snprintf(buf + n, size - n, "%s%s",
                              i ? ", " : "; there are ", names[i]);
    return buf;
}

/* ------------------------------------------------------------------ */
/* Scalars                                                              */
/* ------------------------------------------------------------------ */

static bool is_hex_bytes(const char *text)
{
    bool any = false;

    for (; *text; text += 2, any = true) {
        text += strspn(text, " ");
        if (!*text)
            break;
        if (!strchr("0123456789abcdefABCDEF", text[0]) || !text[1] ||
            !strchr("0123456789abcdefABCDEF", text[1]))
            return false;
    }
    return any;
}

/* A number, a symbol, or "symbol+4". */
static bool is_address(const char *text)
{
    uint64_t number;
    const char *plus = strchr(text, '+');

    if (*text >= '0' && *text <= '9')
        return !cli_parse_uint(text, &number);
    return *text && (!plus || (plus > text && !cli_parse_uint(plus + 1, &number)));
}

static bool is_range(const char *text)
{
    fwsim_range range;

    return !cli_parse_range(text, &range);
}

/* What YAML itself might read as another number than we do: 010 is an octal
 * one there, and bytes "10" are not ten. */
static bool is_ambiguous(const scenario_node *n, scenario_type type)
{
    size_t digits = strspn(n->text, "0123456789");

    if (!n->plain || digits != n->size)
        return false;
    return type == SCENARIO_BYTES || (n->text[0] == '0' && digits > 1);
}

static bool is_scalar_of(const scenario_node *n, scenario_type type)
{
    uint64_t number;
    int64_t integer;
    double fraction;

    if (type == SCENARIO_TEXT)
        return true;
    if (strlen(n->text) != n->size || !n->size)
        return false;
    if (type != SCENARIO_NAME && type != SCENARIO_FILE &&
        is_ambiguous(n, type))
        return false;
    switch (type) {
    case SCENARIO_TIME:
        return !scenario_parse_time(n->text, &number);
    case SCENARIO_COUNT:
        return !cli_parse_count(n->text, &number);
    case SCENARIO_NUMBER:
        return !cli_parse_uint(n->text, &number);
    case SCENARIO_INTEGER:
        return !scenario_parse_integer(n->text, &integer);
    case SCENARIO_FRACTION:
        return !scenario_parse_fraction(n->text, &fraction);
    case SCENARIO_BOOL:
        return n->plain &&
               (!strcmp(n->text, "true") || !strcmp(n->text, "false"));
    case SCENARIO_ADDRESS:
        return is_address(n->text);
    case SCENARIO_BYTES:
        return is_hex_bytes(n->text);
    case SCENARIO_RANGES:
        return is_range(n->text);
    default:
        return true;
    }
}

static bool check_word(checker *c, const scenario_node *n,
                       const scenario_key *key)
{
    char hint[400];

    for (const char *const *w = key->words; *w; w++) {
        if (!strcmp(*w, n->text))
            return true;
    }
    return scenario_fail(c->s, c->error, n->mark,
                         "%s: there is no \"%.60s\"%s", key->name, n->text,
                         suggest(n->text, key->words, hint, sizeof(hint)));
}

static bool check_scalar(checker *c, const scenario_node *n,
                         const scenario_key *key)
{
    char name[128];

    if (n->kind != SCENARIO_SCALAR || is_nothing(n) ||
        !is_scalar_of(n, key->type))
        return unexpected(c, n, key->name, scenario_type_text(key->type));
    if (key->type == SCENARIO_FILE &&
        scenario_path_wrong(n->text, name, sizeof(name)))
        return scenario_fail(c->s, c->error, n->mark, "%s: the environment "
                             "has no variable \"%s\"", key->name, name);
    return key->type == SCENARIO_WORD ? check_word(c, n, key) : true;
}

/* A list of scalars, or one of them. */
static bool check_list(checker *c, const scenario_node *n,
                       const scenario_key *key)
{
    uint64_t byte;

    if (n->kind != SCENARIO_LIST)
        return check_scalar(c, n, key);
    for (const scenario_node *i = n->first; i; i = i->next) {
        bool ok = i->kind == SCENARIO_SCALAR && !is_nothing(i);

        if (ok && key->type == SCENARIO_BYTES)
            ok = !cli_parse_uint(i->text, &byte) && byte <= 0xff;
        else if (ok)
            ok = is_scalar_of(i, key->type);
        if (!ok)
            return unexpected(c, i, key->name, scenario_type_text(key->type));
    }
    return true;
}

/* ------------------------------------------------------------------ */
/* Maps                                                                 */
/* ------------------------------------------------------------------ */

static bool unknown_key(checker *c, const scenario_node *n, const char *what,
                        const scenario_key *keys)
{
    const char *names[ROWS_LIMIT + 1] = { NULL };
    char hint[400];

    for (size_t i = 0; keys[i].name && i < ROWS_LIMIT; i++)
        names[i] = keys[i].name;
    return scenario_fail(c->s, c->error, n->key_mark,
                         "%s has no key \"%.60s\"%s", what, n->key,
                         suggest(n->key, names, hint, sizeof(hint)));
}

static void list_keys(const scenario_key *keys, scenario_need need, char *buf,
                      size_t size)
{
    size_t n = 0;

    buf[0] = '\0';
    for (; keys->name && n < size; keys++) {
        if (keys->need == need)
            n += (size_t)snprintf(buf + n, size - n, "%s\"%s\"", n ? ", " : "",
                                  keys->name);
    }
}

/* Is there what has to be there? */
static bool check_needs(checker *c, const scenario_node *map, const char *what,
                        const scenario_key *keys)
{
    size_t ones = 0, somes = 0;
    bool want_one = false, want_some = false;
    char list[300];

    for (const scenario_key *k = keys; k->name; k++) {
        const scenario_node *n = scenario_get(map, k->name);

        if (!n && k->need == SCENARIO_REQUIRED)
            return scenario_fail(c->s, c->error, map->mark,
                                 "%s needs the key \"%s\"", what, k->name);
        want_one |= k->need == SCENARIO_ONE;
        want_some |= k->need == SCENARIO_SOME;
        ones += n && k->need == SCENARIO_ONE;
        somes += n && k->need == SCENARIO_SOME;
    }
    list_keys(keys, want_one ? SCENARIO_ONE : SCENARIO_SOME, list,
              sizeof(list));
    if (want_one && ones != 1)
        return scenario_fail(c->s, c->error, map->mark, "%s needs %s one of "
                             "the keys %s", what, ones ? "only" : "exactly",
                             list);
    if (want_some && !somes)
        return scenario_fail(c->s, c->error, map->mark,
                             "%s needs one of the keys %s", what, list);
    return true;
}

static bool add_fallbacks(checker *c, scenario_node *map,
                          const scenario_key *keys)
{
    for (const scenario_key *k = keys; k->name; k++) {
        scenario_node *n;

        if (!k->fallback || scenario_get(map, k->name))
            continue;
        n = scenario_node_new(c->s, SCENARIO_SCALAR, map->mark, k->fallback,
                              strlen(k->fallback), c->error);
        if (n)
            n->key = strdup(k->name);
        if (!n || !n->key) {
            c->error->code = CLI_INTERNAL;
            return n ? scenario_fail(c->s, c->error, nowhere, "out of memory")
                     : false;
        }
        scenario_node_add(map, n);
    }
    return true;
}

static bool check_map(checker *c, scenario_node *map, const char *what,
                      const scenario_key *keys)
{
    for (scenario_node *n = map->first; n; n = n->next) {
        const scenario_key *k = keys;

        while (k->name && strcmp(k->name, n->key) != 0)
            k++;
        if (!k->name)
            return unknown_key(c, n, what, keys);
        if (!check_value(c, n, k))
            return false;
    }
    return check_needs(c, map, what, keys) && add_fallbacks(c, map, keys);
}

static const scenario_key *main_key(const scenario_key *keys)
{
    while (keys->name && !keys->main)
        keys++;
    return keys->name ? keys : NULL;
}

/* A value in place of a map becomes the value of the main key of one; nothing
 * becomes an empty map. The node stays the same. */
static bool make_map(checker *c, scenario_node *n, const char *what,
                     const scenario_key *keys)
{
    const scenario_key *key = main_key(keys);
    scenario_node *value;

    if (n->kind == SCENARIO_MAP)
        return true;
    if (!is_nothing(n)) {
        if (!key)
            return unexpected(c, n, what, "a map");
        value = scenario_node_new(c->s, SCENARIO_SCALAR, n->mark, "", 0,
                                  c->error);
        if (!value)
            return false;
        free(value->text);
        value->kind = n->kind;
        value->plain = n->plain;
        value->text = n->text;
        value->size = n->size;
        value->count = n->count;
        value->first = n->first;
        value->last = n->last;
        value->key_mark = n->mark;
        value->key = strdup(key->name);
        n->text = NULL;
        n->count = 0;
        n->first = n->last = NULL;
        if (!value->key) {
            scenario_fail(c->s, c->error, nowhere, "out of memory");
            c->error->code = CLI_INTERNAL;
            return false;
        }
        scenario_node_add(n, value);
    }
    n->kind = SCENARIO_MAP;
    return true;
}

static bool check_table(checker *c, scenario_node *n, const scenario_key *key)
{
    if (n->kind != SCENARIO_LIST) {
        scenario_node *row = scenario_node_new(c->s, n->kind, n->mark,
                                               n->text ? n->text : "", n->size,
                                               c->error);

        if (!row)
            return false;
        row->plain = n->plain;
        row->first = n->first;
        row->last = n->last;
        row->count = n->count;
        n->kind = SCENARIO_LIST;
        n->first = n->last = NULL;
        n->count = 0;
        scenario_node_add(n, row);
    }
    if (!n->first)
        return scenario_fail(c->s, c->error, n->mark, "%s: the list is empty",
                             key->name);
    for (scenario_node *row = n->first; row; row = row->next) {
        if (!make_map(c, row, key->name, key->keys) ||
            !check_map(c, row, key->name, key->keys))
            return false;
    }
    return true;
}

/* ------------------------------------------------------------------ */
/* Steps                                                                */
/* ------------------------------------------------------------------ */

static bool unknown_verb(checker *c, const scenario_node *n)
{
    const char *names[ROWS_LIMIT + 1] = { NULL };
    char hint[400];

    for (size_t i = 0; scenario_verbs[i].name && i < ROWS_LIMIT; i++)
        names[i] = scenario_verbs[i].name;
    return scenario_fail(c->s, c->error, n->key_mark,
                         "there is no verb \"%.60s\"%s", n->key,
                         suggest(n->key, names, hint, sizeof(hint)));
}

/* A verb alone is one without anything to say: "- snapshot". */
static bool open_step(checker *c, scenario_node *step)
{
    scenario_node *args;

    if (step->kind != SCENARIO_SCALAR || is_nothing(step) ||
        strlen(step->text) != step->size)
        return true;
    args = scenario_node_new(c->s, SCENARIO_SCALAR, step->mark, "", 0,
                             c->error);
    if (!args)
        return false;
    args->plain = true;
    args->key = step->text;
    args->key_mark = step->mark;
    step->text = NULL;
    step->kind = SCENARIO_MAP;
    scenario_node_add(step, args);
    return true;
}

static bool check_step(checker *c, scenario_node *step)
{
    const scenario_verb *v = scenario_verbs;
    scenario_node *args;
    char text[80];

    if (!open_step(c, step))
        return false;
    args = step->first;
    if (step->kind != SCENARIO_MAP || step->count != 1)
        return scenario_fail(c->s, c->error, step->mark,
                             "expected a step such as \"run: 10 ms\", found %s",
                             step->kind == SCENARIO_MAP
                                 ? "a map without just one verb"
                                 : found(step, text, sizeof(text)));
    while (v->name && strcmp(v->name, args->key) != 0)
        v++;
    if (!v->name)
        return unknown_verb(c, args);
    args->verb = v;
    return make_map(c, args, v->name, v->keys) &&
           check_map(c, args, v->name, v->keys);
}

static bool check_steps(checker *c, scenario_node *n, const scenario_key *key)
{
    if (n->kind != SCENARIO_LIST)
        return unexpected(c, n, key->name, scenario_type_text(key->type));
    for (scenario_node *step = n->first; step; step = step->next) {
        if (!check_step(c, step))
            return false;
    }
    return true;
}

static bool is_argument(const scenario_node *n)
{
    int64_t integer;
    double fraction;

    if (n->kind != SCENARIO_SCALAR || is_nothing(n) ||
        strlen(n->text) != n->size || is_ambiguous(n, SCENARIO_ADDRESS))
        return false;
    return !scenario_parse_integer(n->text, &integer) ||
           !scenario_parse_fraction(n->text, &fraction) ||
           (n->text[0] != '-' && is_address(n->text));
}

/* Arguments of a function. */
static bool check_args(checker *c, scenario_node *n, const scenario_key *key)
{
    if (n->kind != SCENARIO_LIST)
        return unexpected(c, n, key->name, scenario_type_text(key->type));
    for (scenario_node *i = n->first; i; i = i->next) {
        bool ok = i->kind == SCENARIO_MAP
                      ? check_map(c, i, "an argument", scenario_argument_keys)
                      : is_argument(i);

        if (!ok)
            return i->kind == SCENARIO_MAP
                       ? false
                       : unexpected(c, i, key->name,
                                    scenario_type_text(key->type));
    }
    return true;
}

static bool check_value(checker *c, scenario_node *n, const scenario_key *key)
{
    switch (key->type) {
    case SCENARIO_ARGS:
        return check_args(c, n, key);
    case SCENARIO_BYTES:
    case SCENARIO_RANGES:
        return check_list(c, n, key);
    case SCENARIO_KEYS:
        return make_map(c, n, key->name, key->keys) &&
               check_map(c, n, key->name, key->keys);
    case SCENARIO_TABLE:
        return check_table(c, n, key);
    case SCENARIO_STEPS:
        return check_steps(c, n, key);
    default:
        return check_scalar(c, n, key);
    }
}

/* ------------------------------------------------------------------ */
/* The whole                                                            */
/* ------------------------------------------------------------------ */

static bool read_tests(checker *c)
{
    const scenario_node *list = scenario_get(c->s->root, "tests");

    if (list->count > TESTS_LIMIT)
        return scenario_fail(c->s, c->error, list->mark, "more than %d tests",
                             (int)TESTS_LIMIT);
    c->s->tests = calloc(list->count, sizeof(*c->s->tests));
    if (!c->s->tests) {
        scenario_fail(c->s, c->error, nowhere, "out of memory");
        c->error->code = CLI_INTERNAL;
        return false;
    }
    for (const scenario_node *n = list->first; n; n = n->next) {
        scenario_test *t = &c->s->tests[c->s->test_count++];
        const scenario_node *name = scenario_get(n, "name");

        *t = (scenario_test){
            .name = name->text,
            .mark = name->mark,
            .skip = scenario_text(n, "skip"),
            .fails = scenario_text(n, "fails"),
            .timeout_ns = scenario_time(n, "timeout", 0),
            .steps = scenario_get(n, "steps"),
        };
        for (const scenario_test *u = c->s->tests; u != t; u++) {
            if (!strcmp(u->name, t->name))
                return scenario_fail(c->s, c->error, t->mark, "a second test "
                                     "with the name \"%.60s\", the first one "
                                     "is in line %zu", t->name, u->mark.line);
        }
    }
    return true;
}

static bool check_file(checker *c)
{
    scenario_node *root = c->s->root;
    const scenario_node *version;
    char text[80];

    if (root->kind != SCENARIO_MAP)
        return scenario_fail(c->s, c->error, root->mark, "expected a scenario "
                             "that begins with \"fwsim-scenario: 1\", found %s",
                             found(root, text, sizeof(text)));
    version = scenario_get(root, "fwsim-scenario");
    if (version && (version->kind != SCENARIO_SCALAR ||
                    strcmp(version->text, "1") != 0))
        return scenario_fail(c->s, c->error, version->mark, "fwsim-scenario: "
                             "this fwsim reads version 1, found %s",
                             found(version, text, sizeof(text)));
    return check_map(c, root, "a scenario", scenario_grammar) && read_tests(c);
}

/* At most one byte more than the limit. */
static bool read_file(checker *c, char **data, size_t *size)
{
    FILE *in = fopen(c->s->path, "rb");
    bool failed;

    *data = in ? malloc(SIZE_LIMIT + 1) : NULL;
    if (*data)
        *size = fread(*data, 1, SIZE_LIMIT + 1, in);
    failed = !*data || ferror(in);
    if (failed)
        scenario_fail(c->s, c->error, nowhere, "cannot be read: %s",
                      strerror(errno));
    if (in)
        fclose(in);
    return !failed;
}

static bool read_whole(checker *c, const char *data, size_t size)
{
    char *own = NULL;
    bool ok = data || read_file(c, &own, &size);

    if (ok && size > SIZE_LIMIT)
        ok = scenario_fail(c->s, c->error, nowhere,
                           "is larger than 1 MiB: that is no scenario");
    ok = ok && scenario_parse(c->s, own ? own : data, size, c->error) &&
         check_file(c);
    free(own);
    return ok;
}

bool scenario_read(scenario **out, const char *path, const char *data,
                   size_t size, scenario_error *error)
{
    scenario *s = calloc(1, sizeof(*s));

    *out = NULL;
    if (s)
        s->path = strdup(path);
    if (!s || !s->path) {
        free(s);
        error->code = CLI_INTERNAL;
        snprintf(error->text, sizeof(error->text), "out of memory");
        return false;
    }
    if (!read_whole(&(checker){ s, error }, data, size)) {
        scenario_free(s);
        return false;
    }
    *out = s;
    return true;
}

void scenario_free(scenario *s)
{
    if (!s)
        return;
    for (scenario_node *n = s->made, *before; n; n = before) {
        before = n->made;
        free(n->text);
        free(n->key);
        free(n);
    }
    free(s->tests);
    free(s->path);
    free(s);
}
