/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Scenario files: YAML as a tree, from the events of libyaml. A file is bounded
 * in size and depth, and aliases are refused, so that a small file cannot
 * become a large tree.
 */
#include "scenario.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

static const scenario_mark nowhere = { 0 };

bool scenario_fail(const scenario *s, scenario_error *error,
                   scenario_mark mark, const char *fmt, ...)
{
    va_list args;
    int n = mark.line ? snprintf(error->text, sizeof(error->text),
                                 "%s:%zu:%zu: ", s->path, mark.line,
                                 mark.column)
                      : snprintf(error->text, sizeof(error->text), "%s: ",
                                 s->path);

    error->code = CLI_INPUT;
    if (n < 0 || (size_t)n >= sizeof(error->text))
        return false;
    va_start(args, fmt);
    vsnprintf(error->text + n, sizeof(error->text) - (size_t)n, fmt, args);
    va_end(args);
    return false;
}

static bool no_memory(const scenario *s, scenario_error *error)
{
    scenario_fail(s, error, nowhere, "out of memory");
    error->code = CLI_INTERNAL;
    return false;
}

scenario_node *scenario_node_new(scenario *s, scenario_kind kind,
                                 scenario_mark mark, const char *text,
                                 size_t size, scenario_error *error)
{
    scenario_node *node = calloc(1, sizeof(*node));

    if (node && kind == SCENARIO_SCALAR)
        node->text = malloc(size + 1);
    if (!node || (kind == SCENARIO_SCALAR && !node->text)) {
        free(node);
        no_memory(s, error);
        return NULL;
    }
    node->kind = kind;
    node->mark = mark;
    if (node->text) {
        memcpy(node->text, text, size);
        node->text[size] = '\0';
        node->size = size;
    }
    node->made = s->made;
    s->made = node;
    return node;
}

void scenario_node_add(scenario_node *parent, scenario_node *child)
{
    if (parent->last)
        parent->last->next = child;
    else
        parent->first = child;
    parent->last = child;
    parent->count++;
}

#ifndef FWSIM_WITH_YAML

bool scenario_parse(scenario *s, const char *data, size_t size,
                    scenario_error *error)
{
    (void)data;
    (void)size;
    return scenario_fail(s, error, nowhere,
                         "this fwsim was built without libyaml");
}

#else

#include <yaml.h>

enum { DEPTH_LIMIT = 32, KEYS_LIMIT = 256 };

/* A list or map that is being read, and the key of its next member. */
typedef struct level {
    scenario_node *node;
    char *key;
    scenario_mark key_mark;
} level;

typedef struct builder {
    scenario *s;
    scenario_error *error;
    yaml_parser_t parser;
    level levels[DEPTH_LIMIT];
    size_t depth;
    size_t documents;
} builder;

static scenario_mark from_mark(yaml_mark_t m)
{
    return (scenario_mark){ m.line + 1, m.column + 1 };
}

static bool syntax_error(builder *b)
{
    const yaml_parser_t *p = &b->parser;
    scenario_mark mark = from_mark(p->problem_mark);

    if (p->error == YAML_MEMORY_ERROR)
        return no_memory(b->s, b->error);
    if (p->error == YAML_READER_ERROR) /* libyaml has the place in bytes */
        return scenario_fail(b->s, b->error, nowhere,
                             "this is no YAML: %s at byte %zu", p->problem,
                             p->problem_offset);
    return scenario_fail(b->s, b->error, mark, "this is no YAML: %s%s%s",
                         p->context ? p->context : "",
                         p->context ? ": " : "",
                         p->problem ? p->problem : "unreadable");
}

/* A scalar where a map wants its next key. */
static bool take_key(builder *b, level *l, const yaml_event_t *e)
{
    scenario_mark mark = from_mark(e->start_mark);
    const char *text = (const char *)e->data.scalar.value;

    if (!*text || strlen(text) != e->data.scalar.length)
        return scenario_fail(b->s, b->error, mark, "expected a key");
    if (l->node->count == KEYS_LIMIT)
        return scenario_fail(b->s, b->error, mark, "a map with more than %d "
                             "keys", (int)KEYS_LIMIT);
    for (const scenario_node *n = l->node->first; n; n = n->next) {
        if (!strcmp(n->key, text))
            return scenario_fail(b->s, b->error, mark, "\"%.60s\" is here "
                                 "twice, first in line %zu", text,
                                 n->key_mark.line);
    }
    l->key = malloc(e->data.scalar.length + 1);
    if (!l->key)
        return no_memory(b->s, b->error);
    memcpy(l->key, text, e->data.scalar.length + 1);
    l->key_mark = mark;
    return true;
}

/* Give a new node its place. */
static void place(builder *b, scenario_node *node)
{
    level *l = b->depth ? &b->levels[b->depth - 1] : NULL;

    if (!l) {
        b->s->root = node;
        return;
    }
    node->key = l->key;
    node->key_mark = l->key_mark;
    l->key = NULL;
    scenario_node_add(l->node, node);
}

static bool open_level(builder *b, scenario_kind kind, scenario_mark mark)
{
    scenario_node *node;

    if (b->depth == DEPTH_LIMIT)
        return scenario_fail(b->s, b->error, mark, "nested deeper than %d "
                             "levels", (int)DEPTH_LIMIT);
    node = scenario_node_new(b->s, kind, mark, NULL, 0, b->error);
    if (!node)
        return false;
    place(b, node);
    b->levels[b->depth++] = (level){ .node = node };
    return true;
}

static bool add_scalar(builder *b, const yaml_event_t *e)
{
    level *l = b->depth ? &b->levels[b->depth - 1] : NULL;
    scenario_node *node;

    if (l && l->node->kind == SCENARIO_MAP && !l->key)
        return take_key(b, l, e);
    node = scenario_node_new(b->s, SCENARIO_SCALAR, from_mark(e->start_mark),
                             (const char *)e->data.scalar.value,
                             e->data.scalar.length, b->error);
    if (!node)
        return false;
    node->plain = e->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
    place(b, node);
    return true;
}

static const char *tag_of(const yaml_event_t *e)
{
    switch (e->type) {
    case YAML_SCALAR_EVENT:
        return (const char *)e->data.scalar.tag;
    case YAML_SEQUENCE_START_EVENT:
        return (const char *)e->data.sequence_start.tag;
    case YAML_MAPPING_START_EVENT:
        return (const char *)e->data.mapping_start.tag;
    default:
        return NULL;
    }
}

static bool take_event(builder *b, const yaml_event_t *e)
{
    const level *l = b->depth ? &b->levels[b->depth - 1] : NULL;
    scenario_mark mark = from_mark(e->start_mark);

    if (tag_of(e))
        return scenario_fail(b->s, b->error, mark, "tags are not supported: "
                             "\"%.60s\"", tag_of(e));
    if (l && l->node->kind == SCENARIO_MAP && !l->key &&
        (e->type == YAML_SEQUENCE_START_EVENT ||
         e->type == YAML_MAPPING_START_EVENT))
        return scenario_fail(b->s, b->error, mark, "expected a key");
    switch (e->type) {
    case YAML_DOCUMENT_START_EVENT:
        if (b->documents++)
            return scenario_fail(b->s, b->error, mark,
                                 "expected one document, found a second one");
        return true;
    case YAML_ALIAS_EVENT:
        return scenario_fail(b->s, b->error, mark, "aliases are not "
                             "supported: \"*%.60s\"",
                             (const char *)e->data.alias.anchor);
    case YAML_SCALAR_EVENT:
        return add_scalar(b, e);
    case YAML_SEQUENCE_START_EVENT:
        return open_level(b, SCENARIO_LIST, mark);
    case YAML_MAPPING_START_EVENT:
        return open_level(b, SCENARIO_MAP, mark);
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
        b->depth--;
        return true;
    default:
        return true;
    }
}

static bool take_events(builder *b)
{
    yaml_event_t event;
    bool ok, end;

    do {
        if (!yaml_parser_parse(&b->parser, &event))
            return syntax_error(b);
        end = event.type == YAML_STREAM_END_EVENT;
        ok = take_event(b, &event);
        yaml_event_delete(&event);
    } while (ok && !end);
    if (ok && !b->s->root)
        return scenario_fail(b->s, b->error, nowhere, "the file is empty");
    return ok;
}

bool scenario_parse(scenario *s, const char *data, size_t size,
                    scenario_error *error)
{
    builder b = { .s = s, .error = error };
    bool ok;

    if (!yaml_parser_initialize(&b.parser))
        return no_memory(s, error);
    yaml_parser_set_input_string(&b.parser, (const unsigned char *)data, size);
    ok = take_events(&b);
    for (size_t i = 0; i < DEPTH_LIMIT; i++)
        free(b.levels[i].key);
    yaml_parser_delete(&b.parser);
    return ok;
}

#endif
