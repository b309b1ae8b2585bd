/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Scenario files: what passes the reader has what the getters rely on. */
#include <stdlib.h>
#include <string.h>

#include "../../ports/cli/scenario.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_values(const scenario *s, const scenario_node *map,
                        const scenario_key *keys);

static void read_value(const scenario *s, const scenario_node *map,
                       const scenario_key *k)
{
    const scenario_node *n = scenario_get(map, k->name);
    uint64_t number = 0;
    size_t count;

    if (!n) {
        if (k->need == SCENARIO_REQUIRED || k->fallback)
            abort();
        return;
    }
    switch (k->type) {
    case SCENARIO_BYTES:
        free(scenario_bytes(n, &count));
        break;
    case SCENARIO_FILE:
        free(scenario_path(s, n->text));
        break;
    case SCENARIO_TIME:
        if (scenario_time(map, k->name, 0) == 0)
            abort();
        break;
    case SCENARIO_COUNT:
        if (scenario_count(map, k->name, 0) == 0)
            abort();
        break;
    case SCENARIO_NUMBER:
        if (cli_parse_uint(n->text, &number))
            abort();
        break;
    case SCENARIO_WORD:
        if (scenario_word(map, k->name, k->words, 1000) == 1000)
            abort();
        break;
    case SCENARIO_KEYS:
        read_values(s, n, k->keys);
        break;
    case SCENARIO_TABLE:
        for (const scenario_node *row = n->first; row; row = row->next)
            read_values(s, row, k->keys);
        break;
    case SCENARIO_STEPS:
        for (const scenario_node *step = n->first; step; step = step->next)
            read_values(s, step->first, step->first->verb->keys);
        break;
    default:
        break;
    }
}

static void read_values(const scenario *s, const scenario_node *map,
                        const scenario_key *keys)
{
    if (map->kind != SCENARIO_MAP)
        abort();
    for (; keys->name; keys++)
        read_value(s, map, keys);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    scenario_error error = { 0 };
    scenario *s;

    if (!scenario_read(&s, "fuzz", size ? (const char *)data : "", size,
                       &error)) {
        if (!error.text[0])
            abort();
        return 0;
    }
    if (!s->test_count)
        abort();
    read_values(s, s->root, scenario_grammar);
    scenario_free(s);
    return 0;
}
