/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Scenario files: the values of a tree that was held against the grammar. */
#include "scenario.h"

#include <ctype.h>
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

const char *scenario_parse_fraction(const char *text, double *value)
{
    static const char what[] = "is not a number such as 0.5";
    bool negative = *text == '-';
    size_t digits = strspn(text += negative, "0123456789");
    double weight = 0.1;

    if (!digits || digits > 15)
        return what;
    *value = 0;
    for (size_t i = 0; i < digits; i++)
        *value = *value * 10 + (text[i] - '0');
    text += digits;
    if (*text == '.' && isdigit((unsigned char)text[1])) {
        for (text++; isdigit((unsigned char)*text); text++, weight /= 10)
            *value += (*text - '0') * weight;
    }
    if (negative)
        *value = -*value;
    return *text ? what : NULL;
}

double scenario_fraction(const scenario_node *map, const char *key,
                         double absent)
{
    const char *text = scenario_text(map, key);
    double value = absent;

    if (text)
        scenario_parse_fraction(text, &value);
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

/* "${NAME}" at the beginning of a text. @return its length; 0: there is none */
static size_t variable(const char *text, char *name, size_t size)
{
    size_t n;

    if (text[0] != '$' || text[1] != '{')
        return 0;
    n = strcspn(text + 2, "}");
    if (!n || n >= size || !text[2 + n])
        return 0;
    memcpy(name, text + 2, n);
    name[n] = '\0';
    return n + 3;
}

const char *scenario_path_wrong(const char *file, char *name, size_t size)
{
    for (const char *p = strchr(file, '$'); p; p = strchr(p + 1, '$')) {
        if (variable(p, name, size) && !getenv(name))
            return name;
    }
    return NULL;
}

/* Add to a text that grows. @return false: out of memory */
static bool append(char **text, const char *more, size_t size)
{
    size_t n = *text ? strlen(*text) : 0;
    char *grown = realloc(*text, n + size + 1);

    if (!grown)
        return false;
    memcpy(grown + n, more, size);
    grown[n + size] = '\0';
    *text = grown;
    return true;
}

char *scenario_path(const scenario *s, const char *file)
{
    const char *slash = strrchr(s->path, '/');
    bool from_folder = slash && *file != '/' && strncmp(file, "${", 2) != 0;
    char *path = NULL;
    bool ok = append(&path, s->path,
                     from_folder ? (size_t)(slash - s->path) + 1 : 0);
    char name[128];

    while (ok && *file) {
        size_t n = variable(file, name, sizeof(name));
        const char *value = n ? getenv(name) : NULL;

        ok = value ? append(&path, value, strlen(value))
                   : append(&path, file, n ? n : (n = 1));
        file += n;
    }
    if (!ok) {
        free(path);
        path = NULL;
    }
    return path;
}
