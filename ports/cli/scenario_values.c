/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Scenario files: the values of a tree that was held against the grammar. */
#include "scenario.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

const scenario_node *scenario_get(const scenario_node *map, const char *key)
{
    for (const scenario_node *n = map->first; n; n = n->next) {
        if (n->key && !strcmp(n->key, key))
            return n;
    }
    return NULL;
}

const char *scenario_text(const scenario_node *map, const char *key)
{
    const scenario_node *n = scenario_get(map, key);

    return n ? n->text : NULL;
}

uint64_t scenario_number(const scenario_node *map, const char *key,
                         uint64_t absent)
{
    const char *text = scenario_text(map, key);
    uint64_t value = absent;

    if (text)
        cli_parse_uint(text, &value);
    return value;
}

const char *scenario_parse_integer(const char *text, int64_t *value)
{
    bool negative = *text == '-';
    uint64_t number;
    const char *wrong = cli_parse_uint(text + negative, &number);

    if (wrong)
        return wrong;
    if (number > (uint64_t)INT64_MAX)
        return "is too large";
    *value = negative ? -(int64_t)number : (int64_t)number;
    return NULL;
}

const char *scenario_parse_time(const char *text, uint64_t *ns)
{
    size_t n = strcspn(text, " ");
    char joined[64];

    snprintf(joined, sizeof(joined), "%.*s%s", (int)n, text,
             text + n + (text[n] == ' '));
    return cli_parse_time(joined, ns);
}

int64_t scenario_integer(const scenario_node *map, const char *key,
                         int64_t absent)
{
    const char *text = scenario_text(map, key);
    int64_t value = absent;

    if (text)
        scenario_parse_integer(text, &value);
    return value;
}

uint64_t scenario_time(const scenario_node *map, const char *key,
                       uint64_t absent)
{
    const char *text = scenario_text(map, key);
    uint64_t value = absent;

    if (text)
        scenario_parse_time(text, &value);
    return value;
}

uint64_t scenario_count(const scenario_node *map, const char *key,
                        uint64_t absent)
{
    const char *text = scenario_text(map, key);
    uint64_t value = absent;

    if (text)
        cli_parse_count(text, &value);
    return value;
}

bool scenario_bool(const scenario_node *map, const char *key, bool absent)
{
    const char *text = scenario_text(map, key);

    return text ? !strcmp(text, "true") : absent;
}

size_t scenario_word(const scenario_node *map, const char *key,
                     const char *const *words, size_t absent)
{
    const char *text = scenario_text(map, key);

    for (size_t i = 0; text && words[i]; i++) {
        if (!strcmp(words[i], text))
            return i;
    }
    return absent;
}

static uint8_t *bytes_of_list(const scenario_node *list, size_t *size)
{
    uint8_t *bytes = malloc(list->count + 1);

    *size = 0;
    for (const scenario_node *n = list->first; n && bytes; n = n->next) {
        uint64_t value = 0;

        cli_parse_uint(n->text, &value);
        bytes[(*size)++] = (uint8_t)value;
    }
    return bytes;
}

static unsigned digit(char c)
{
    return isdigit((unsigned char)c)
               ? (unsigned)(c - '0')
               : (unsigned)(tolower((unsigned char)c) - 'a' + 10);
}

uint8_t *scenario_bytes(const scenario_node *value, size_t *size)
{
    uint8_t *bytes;
    const char *p;

    if (value->kind == SCENARIO_LIST)
        return bytes_of_list(value, size);
    bytes = malloc(value->size / 2 + 1);
    *size = 0;
    p = value->text + strspn(value->text, " ");
    for (; *p && bytes; p += strspn(p, " ")) {
        bytes[(*size)++] = (uint8_t)(digit(p[0]) << 4 | digit(p[1]));
        p += 2;
    }
    return bytes;
}

char *scenario_path(const scenario *s, const char *file)
{
    const char *slash = strrchr(s->path, '/');
    size_t folder = slash && *file != '/' ? (size_t)(slash - s->path) + 1 : 0;
    char *path = malloc(folder + strlen(file) + 1);

    if (path) {
        memcpy(path, s->path, folder);
        strcpy(path + folder, file);
    }
    return path;
}
