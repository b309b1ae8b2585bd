/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The memories of a chip, see board_part.h. The tables are the schema.
 */
#include "bundle/board_part.h"
#include "infer/model_yaml.h"

#include <stdlib.h>

#ifndef FWSIM_WITH_YAML

int fwsim__board_part_read(fwsim__board_part **out,
                           const fwsim__text_source *source)
{
    (void)out;
    return fwsim__yaml_parse(source, NULL, NULL);
}

#else

static const char *const kind_words[] = { "ram", "rom", "flash", NULL };

static void *next_row(fwsim__yaml *y, void *rows, size_t size, size_t *count,
                      int *err)
{
    fwsim__text_mark mark;

    *err = fwsim__yaml_mark_next(y, &mark);
    if (!*err && *count == FWSIM__BOARD_PART_ROWS)
        *err = fwsim__yaml_fail(y, mark, FWSIM_EFORMAT,
                                "expected %d rows at most",
                                FWSIM__BOARD_PART_ROWS);
    return *err ? NULL : (char *)rows + (*count)++ * size;
}

#define NUMBER(type, member)                                                   \
    .read = fwsim__yaml_number, FWSIM__YAML_MEMBER(type, member),              \
    .max = UINT64_MAX, .required = true
#define TEXT(type, member)                                                     \
    .read = fwsim__yaml_text, FWSIM__YAML_MEMBER(type, member), .required = true

static int read_memory(fwsim__yaml *y, void *into)
{
    static const fwsim__yaml_key keys[] = {
        { "name", TEXT(fwsim_memory, name) },
        { "kind", .read = fwsim__yaml_word,
          FWSIM__YAML_MEMBER(fwsim_memory, kind), .words = kind_words,
          .required = true },
        { "base", NUMBER(fwsim_memory, base) },
        { "size", NUMBER(fwsim_memory, size) },
        { 0 }
    };
    fwsim__board_part *part = into;
    fwsim__text_mark marks[FWSIM__YAML_KEYS];
    int err;
    void *row = next_row(y, part->memory, sizeof *part->memory,
                         &part->memory_count, &err);

    return err ? err : fwsim__yaml_map(y, "a memory", keys, row, marks, false);
}

static int read_region(fwsim__yaml *y, void *into)
{
    static const fwsim__yaml_key keys[] = {
        { "name", TEXT(fwsim_region, name) },
        { "base", NUMBER(fwsim_region, base) },
        { "size", NUMBER(fwsim_region, size) },
        { 0 }
    };
    fwsim__board_part *part = into;
    fwsim__text_mark marks[FWSIM__YAML_KEYS];
    int err;
    void *row = next_row(y, part->regions, sizeof *part->regions,
                         &part->region_count, &err);

    return err ? err : fwsim__yaml_map(y, "a region", keys, row, marks, false);
}

static int read_memories(fwsim__yaml *y, const fwsim__yaml_key *key, void *into)
{
    (void)key;
    return fwsim__yaml_list(y, "memories", read_memory, into);
}

static int read_regions(fwsim__yaml *y, const fwsim__yaml_key *key, void *into)
{
    (void)key;
    return fwsim__yaml_list(y, "regions", read_region, into);
}

static int read_version(fwsim__yaml *y, const fwsim__yaml_key *key, void *into)
{
    fwsim__text_mark mark;
    uint64_t version;
    int err = fwsim__yaml_mark_next(y, &mark);

    (void)into;
    if (!err)
        err = fwsim__yaml_value(y, key->max, &version);
    if (!err && version != FWSIM__BOARD_PART_VERSION)
        err = fwsim__yaml_fail(y, mark, FWSIM_ENOTSUP,
                               "expected version %d of the format",
                               FWSIM__BOARD_PART_VERSION);
    return err;
}

static int read_board(fwsim__yaml *y, void *into)
{
    static const fwsim__yaml_key keys[] = {
        { "fwsim-board", read_version, .max = UINT32_MAX, .required = true },
        { "memory", read_memories, .required = true },
        { "regions", read_regions },
        { 0 }
    };
    fwsim__text_mark marks[FWSIM__YAML_KEYS];

    return fwsim__yaml_map(y, "a board", keys, into, marks, false);
}

int fwsim__board_part_read(fwsim__board_part **out,
                           const fwsim__text_source *source)
{
    const fwsim__text_mark nowhere = { 0 };
    fwsim__board_part *part;
    int err;

    if (*out)
        return fwsim__text_fail(source, nowhere, FWSIM_EFORMAT,
                                "a bundle has one board");
    part = *out = calloc(1, sizeof *part);
    if (!part)
        return FWSIM_ENOMEM;
    err = fwsim__yaml_parse(source, read_board, part);
    for (size_t i = 0; !err && i < part->memory_count; i++) {
        if (!part->memory[i].size)
            err = fwsim__text_fail(source, nowhere, FWSIM_EFORMAT,
                                   "the memory %s has no size",
                                   part->memory[i].name);
    }
    for (size_t i = 0; !err && i < part->region_count; i++) {
        if (!part->regions[i].size)
            err = fwsim__text_fail(source, nowhere, FWSIM_EFORMAT,
                                   "the region %s has no size",
                                   part->regions[i].name);
    }
    part->map.memory = part->memory_count ? part->memory : NULL;
    part->map.regions = part->region_count ? part->regions : NULL;
    return err;
}

#endif

void fwsim__board_part_free(fwsim__board_part *part)
{
    if (!part)
        return;
    for (size_t i = 0; i < part->memory_count; i++)
        free((char *)part->memory[i].name);
    for (size_t i = 0; i < part->region_count; i++)
        free((char *)part->regions[i].name);
    free(part);
}
