/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Boards that are made at run time: what is known of a chip, or nothing, plus
 * what an image shows of its memories, plus what a user says.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "board/found.h"

enum { NAME = 16 }; /* bytes of the name of a memory found */

/** The board and its tables: one block. Names found are in `names`. */
typedef struct made {
    fwsim_board board; /* first: the user's handle */
    fwsim_soc soc;
    fwsim_memory *memory;
    fwsim_region *regions;
    size_t memory_count, region_count;
    char *names; /* where the next one goes */
    fwsim_slot store[2];  /* a generic board: who programs its flash */
    uint32_t image[2];    /* its parameters */
} made;

/* ------------------------------------------------------------------ */
/* Tables                                                               */
/* ------------------------------------------------------------------ */

static size_t count_memories(const fwsim_memory *mem)
{
    size_t n = 0;

    while (mem && mem[n].size)
        n++;
    return n;
}

static size_t count_regions(const fwsim_region *r)
{
    size_t n = 0;

    while (r && r[n].size)
        n++;
    return n;
}

static bool has_kind(const fwsim_memory *mem, bool ram)
{
    for (; mem && mem->size; mem++)
        if ((mem->kind == FWSIM_MEM_RAM) == ram)
            return true;
    return false;
}

static const char *copy_name(made *b, const char *name)
{
    char *copy = b->names;

    if (!name)
        return NULL;
    b->names += strlen(name) + 1;
    return strcpy(copy, name);
}

static void add_memory(made *b, fwsim_memory mem)
{
    b->memory[b->memory_count++] = mem;
}

static void add_given_memories(made *b, const fwsim_memory *mem)
{
    for (; mem && mem->size; mem++) {
        fwsim_memory copy = *mem;

        copy.name = copy_name(b, mem->name);
        copy.controller = copy_name(b, mem->controller);
        copy.alias_of = copy_name(b, mem->alias_of);
        if (mem->kind == FWSIM_MEM_FLASH && !mem->controller)
            copy.controller = b->store[0].name;
        add_memory(b, copy);
    }
}

static void add_regions(made *b, const fwsim_region *r, bool copy)
{
    for (; r && r->size; r++) {
        b->regions[b->region_count] = *r;
        if (copy)
            b->regions[b->region_count].name = copy_name(b, r->name);
        b->region_count++;
    }
}

/** "flash", "flash2", "ram", ...: the n-th of a kind, beginning with 1. */
static const char *found_name(made *b, bool ram, unsigned n)
{
    char name[NAME];

    snprintf(name, sizeof name, n > 1 ? "%s%u" : "%s", ram ? "ram" : "flash",
             n);
    return copy_name(b, name);
}

static void add_found(made *b, const fwsim__found *list, size_t count,
                      const fwsim_memory *given)
{
    const char *controller = b->store[0].name;
    unsigned seen[2] = { 0 };

    for (size_t i = 0; i < count; i++) {
        bool ram = list[i].ram;

        if (has_kind(given, ram))
            continue;
        add_memory(b, (fwsim_memory){
            .name = found_name(b, ram, ++seen[ram]),
            .base = list[i].start,
            .size = list[i].end - list[i].start,
            .kind = ram ? FWSIM_MEM_RAM : FWSIM_MEM_FLASH,
            .controller = ram ? NULL : controller });
    }
}

/*
 * Many chips show the memory they boot from at 0 as well, where a core looks
 * for its vectors after reset.
 */
static void add_alias(made *b)
{
    const fwsim_memory *boot = NULL;
    uint64_t room = UINT64_MAX;

    for (size_t i = 0; i < b->memory_count; i++) {
        const fwsim_memory *mem = &b->memory[i];

        if (b->soc.boot_addr - mem->base < mem->size && !mem->alias_of)
            boot = mem;
        if (mem->base < room)
            room = mem->base;
    }
    if (boot && room)
        add_memory(b, (fwsim_memory){
            .name = "boot", .base = 0,
            .size = boot->size < room ? boot->size : room,
            .kind = boot->kind == FWSIM_MEM_RAM ? FWSIM_MEM_RAM : FWSIM_MEM_ROM,
            .alias_of = boot->name });
}

/* ------------------------------------------------------------------ */
/* Boards                                                               */
/* ------------------------------------------------------------------ */

/** Room for the names of what a user gives. */
static size_t name_bytes(const fwsim_map *map)
{
    size_t bytes = 0;

    for (const fwsim_memory *m = map->memory; m && m->size; m++)
        bytes += (m->name ? strlen(m->name) + 1 : 0) +
                 (m->controller ? strlen(m->controller) + 1 : 0) +
                 (m->alias_of ? strlen(m->alias_of) + 1 : 0);
    for (const fwsim_region *r = map->regions; r && r->size; r++)
        bytes += r->name ? strlen(r->name) + 1 : 0;
    return bytes;
}

/**
 * A copy of @a base with empty tables that have room for its own rows, those
 * of @a map, @a found memories and an alias. NULL without memory.
 */
static made *board_new(const fwsim_board *base, const fwsim_map *map,
                       size_t found_count)
{
    size_t memories = count_memories(base->soc->memory) +
                      count_memories(map->memory) + found_count + 2;
    size_t regions = count_regions(base->soc->regions) +
                     count_regions(map->regions) + 1;
    size_t size = sizeof(made) + memories * sizeof(fwsim_memory) +
                  regions * sizeof(fwsim_region) + found_count * NAME +
                  name_bytes(map);
    made *b = calloc(1, size);

    if (!b)
        return NULL;
    b->board = *base;
    b->soc = *base->soc;
    b->memory = (fwsim_memory *)(b + 1);
    b->regions = (fwsim_region *)(b->memory + memories);
    b->names = (char *)(b->regions + regions);
    b->board.soc = &b->soc;
    b->soc.memory = b->memory;
    b->soc.regions = b->regions;
    return b;
}

/** Where the core looks for its vectors. @return false: nobody knows */
static bool find_vectors(const fwsim_diagnosis *d, const fwsim_map *map,
                         uint64_t *addr)
{
    *addr = map->has_vector_table ? map->vector_table
            : d                   ? d->vector_table
                                  : 0;
    return map->has_vector_table || (d && d->has_vectors);
}

/* The only slot of a generic board programs its flash, and has to know where
 * the image is: from the first to the last byte around the vector table. */
static void add_store(made *b, const fwsim_slot *store,
                      const fwsim_diagnosis *d)
{
    for (size_t i = 0; d && i < d->flash_count; i++) {
        const fwsim_range *r = &d->flash[i];

        if (r->addr + r->size <= b->soc.boot_addr ||
            r->addr >= b->soc.boot_addr + FWSIM__FOUND_MAIN)
            continue;
        if (!b->image[1])
            b->image[0] = (uint32_t)r->addr;
        b->image[1] = (uint32_t)(r->addr + r->size);
    }
    b->store[0] = *store;
    b->store[0].param = b->image;
    b->soc.periph = b->store;
}

static int make_generic(made **out, const fwsim_board *base,
                        const fwsim_diagnosis *d, const fwsim_map *map)
{
    size_t count = d ? d->flash_count + d->ram_count : 0;
    uint64_t vectors;
    fwsim__found *list;
    made *b;

    if (!find_vectors(d, map, &vectors))
        return FWSIM_ENOENT;
    list = calloc(count + 1, sizeof *list);
    b = board_new(base, map, count);
    if (!list || !b) {
        free(list);
        free(b);
        return FWSIM_ENOMEM;
    }
    b->soc.boot_addr = vectors;
    add_store(b, base->soc->periph, d);
    add_given_memories(b, map->memory);
    if (d)
        add_found(b, list, fwsim__found_memories(d, list), map->memory);
    add_alias(b);
    if (count_regions(map->regions))
        add_regions(b, map->regions, true);
    else
        add_regions(b, base->soc->regions, false);
    free(list);
    *out = b;
    return 0;
}

static int make_known(made **out, const fwsim_board *base, const fwsim_map *map)
{
    made *b = board_new(base, map, 0);

    if (!b)
        return FWSIM_ENOMEM;
    for (const fwsim_memory *m = base->soc->memory; m && m->size; m++)
        add_memory(b, *m);
    add_given_memories(b, map->memory);
    add_regions(b, base->soc->regions, false);
    add_regions(b, map->regions, true);
    if (map->has_vector_table)
        b->soc.boot_addr = map->vector_table;
    *out = b;
    return 0;
}

int fwsim_board_for_image(fwsim_board **out, const fwsim_board *base,
                          const fwsim_image *img, const fwsim_map *map)
{
    static const fwsim_map nothing = { 0 };
    fwsim_diagnosis *d = NULL;
    made *b = NULL;
    int err = 0;

    if (!out)
        return FWSIM_EINVAL;
    *out = NULL;
    if (!base || !base->soc)
        return FWSIM_EINVAL;
    if (!map)
        map = &nothing;
    if (base->soc->generic && img)
        err = fwsim_diagnose(&d, img);
    if (!err)
        err = base->soc->generic ? make_generic(&b, base, d, map)
                                 : make_known(&b, base, map);
    fwsim_diagnosis_free(d);
    if (!err)
        *out = &b->board;
    return err;
}

void fwsim_board_free(fwsim_board *board)
{
    free(board); /* the first member of its block */
}
