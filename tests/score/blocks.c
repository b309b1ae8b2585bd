/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "blocks.h"

#include <stdlib.h>
#include <string.h>

#include "tsv.h"

static block *slot(const blocks *b, uint64_t pc)
{
    size_t i = (size_t)(pc * 0x9e3779b97f4a7c15u >> 20) & (b->capacity - 1);

    while (b->table[i].size && b->table[i].pc != pc)
        i = (i + 1) & (b->capacity - 1);
    return &b->table[i];
}

static bool grow(blocks *b)
{
    blocks larger = *b;

    larger.capacity = b->capacity ? 2 * b->capacity : 1024;
    larger.table = calloc(larger.capacity, sizeof *larger.table);
    if (!larger.table)
        return false;
    for (size_t i = 0; i < b->capacity; i++)
        if (b->table[i].size)
            *slot(&larger, b->table[i].pc) = b->table[i];
    free(b->table);
    *b = larger;
    return true;
}

/* The first watched address that is not below @a addr. */
static size_t lower_bound(const blocks *b, uint64_t addr)
{
    size_t low = 0, high = b->watched_count;

    while (low < high) {
        size_t middle = (low + high) / 2;

        if (b->watched[middle] < addr)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

const block *blocks_enter(blocks *b, uint64_t pc, unsigned size)
{
    block *entry;

    if (4 * b->used >= 3 * b->capacity && !grow(b)) {
        b->no_memory = true;
        return NULL;
    }
    entry = slot(b, pc);
    if (entry->size < size) { /* new, or it was cut short before */
        b->used += !entry->size;
        entry->pc = pc;
        entry->size = size;
        entry->first = lower_bound(b, pc);
        entry->last = lower_bound(b, pc + size);
    }
    entry->count++;
    entry->recent++;
    return entry;
}

void blocks_mark(blocks *b)
{
    for (size_t i = 0; i < b->capacity; i++)
        b->table[i].recent = 0;
}

const block *blocks_busiest(const blocks *b)
{
    const block *busiest = NULL;

    for (size_t i = 0; i < b->capacity; i++) {
        const block *e = &b->table[i];

        if (e->recent && (!busiest || e->recent > busiest->recent ||
                          (e->recent == busiest->recent &&
                           e->pc < busiest->pc)))
            busiest = e;
    }
    return busiest;
}

/* ------------------------------------------------------------------ */
/* Coverage                                                             */
/* ------------------------------------------------------------------ */

static int by_value(const void *a, const void *b)
{
    const uint64_t *x = a, *y = b;

    return *x < *y ? -1 : *x > *y;
}

/* Addresses in ascending order, each once. */
static size_t read_addresses(char *text, uint64_t *list)
{
    size_t count = 0, n = 0;

    for (char *line = strtok(text, "\r\n"); line; line = strtok(NULL, "\r\n"))
        list[count++] = strtoull(line, NULL, 16) & ~(uint64_t)1;
    qsort(list, count, sizeof *list, by_value);
    for (size_t i = 0; i < count; i++)
        if (!n || list[n - 1] != list[i])
            list[n++] = list[i];
    return n;
}

bool blocks_covered(const blocks *b, const char *path, size_t *covered,
                    size_t *all)
{
    char *text = tsv_read_file(path);
    uint64_t *list = text ? malloc(strlen(text) * sizeof *list + 8) : NULL;
    char *seen = text ? calloc(strlen(text) + 1, 1) : NULL;
    blocks wanted;

    *covered = *all = 0;
    if (list && seen) {
        wanted = (blocks){ .watched = list,
                           .watched_count = read_addresses(text, list) };
        *all = wanted.watched_count;
        for (size_t i = 0; i < b->capacity; i++) {
            const block *e = &b->table[i];
            size_t at = e->size ? lower_bound(&wanted, e->pc) : *all;

            for (; at < *all && list[at] < e->pc + e->size; at++) {
                *covered += !seen[at];
                seen[at] = 1;
            }
        }
    }
    free(seen);
    free(list);
    free(text);
    return *all > 0;
}

void blocks_free(blocks *b)
{
    free(b->table);
    *b = (blocks){ 0 };
}
