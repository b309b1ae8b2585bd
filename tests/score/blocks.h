/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a run executes: each basic block with how often, and who waits for an
 * address in it. One look into a hash table a block.
 */
#ifndef SCORE_BLOCKS_H
#define SCORE_BLOCKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct block {
    uint64_t pc;
    unsigned size;   /* bytes; 0: a free entry */
    uint64_t count;  /* in the whole run */
    uint64_t recent; /* since blocks_mark */
    size_t first, last; /* watched addresses inside: [first, last) */
} block;

typedef struct blocks {
    block *table; /* open-addressed by pc */
    size_t capacity, used;
    const uint64_t *watched; /* ascending; the caller's */
    size_t watched_count;
    bool no_memory;
} blocks;

/** Execute a block. @return its entry, good until the next call; NULL without
 * memory */
const block *blocks_enter(blocks *b, uint64_t pc, unsigned size);

/** What is recent begins here. */
void blocks_mark(blocks *b);

/** The block that ran most of late; NULL: none did. */
const block *blocks_busiest(const blocks *b);

/** How many of the addresses in the file, one a line, lie in a block that ran.
 * @return false when there is no such file */
bool blocks_covered(const blocks *b, const char *path, size_t *covered,
                    size_t *all);

void blocks_free(blocks *b);

#endif
