/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fwsim_identify: what its files share. */
#ifndef IDENTIFY_H
#define IDENTIFY_H

#include "corpus.h"
#include "knowledge/knowledge.h"

#include <stdio.h>

/** How a block was asked about. */
enum { WITH_ADDRESSES, WITHOUT, LEFT_OUT, WAYS };

/** A block of registers that a firmware has used, and that the SVD of its chip
 * knows. */
typedef struct block_result {
    const char *image, *vendor;
    uint64_t base;
    char truth[64];     /* the peripheral */
    unsigned used;      /* registers that the file has, too */
    unsigned rank[WAYS]; /* of the first right candidate, from 1; 0: none */
    bool known[WAYS];   /* somebody in the knowledge has such registers */
    char first[WAYS][96]; /* the first candidate, with its reason */
} block_result;

typedef struct results {
    block_result *list;
    size_t count, room;
    size_t images, unknown_blocks, small_blocks;
} results;

/* truth.c ------------------------------------------------------------ */

/** Registers of a chip by address. */
typedef struct truth {
    fwsim__models *models;
    char *name;
} truth;

/** Read an SVD. @return false after a message */
bool truth_open(truth *t, const char *path);
void truth_free(truth *t);

/** What stands at a block: registers of it that the file has; the peripheral
 * with most of them. */
unsigned truth_at(const truth *t, const fwsim__asked_block *b, char *name,
                  size_t size);

/** Has a layout the registers of this name that the firmware has used? */
bool truth_agrees(const truth *t, const fwsim__asked_block *b,
                  const fwsim_knowledge *k, uint32_t layout);

/* page.c ------------------------------------------------------------- */

void page_print(FILE *out, const results *r, const fwsim_knowledge_stats *s,
                unsigned least);

#endif
