/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A corpus: images, what each has to reach, and what it must not. Read from
 * firmware.tsv and tests.tsv of a folder; its README.md explains the columns.
 */
#ifndef SCORE_CORPUS_H
#define SCORE_CORPUS_H

#include "tsv.h"

#include <stdint.h>

enum { PATHS_MAX = 4, STEPS_MAX = 16, TEXT_SHORT = 48 };

/** Addresses to execute in this order; others may come between. */
typedef struct corpus_path {
    uint64_t step[STEPS_MAX];
    unsigned steps;
} corpus_path;

/** What a row asks for: one of the paths. */
typedef struct corpus_goal {
    char name[TEXT_SHORT];
    corpus_path path[PATHS_MAX];
    unsigned paths;
} corpus_goal;

/** A function that must not be entered. */
typedef struct corpus_trap {
    char name[TEXT_SHORT];
    uint64_t addr;
} corpus_trap;

typedef struct corpus_image {
    const char *file;    /* below the folder */
    char group[TEXT_SHORT]; /* its folder: "unit" */
    const char *mcu, *cpu, *regions;
    const char *board;   /* generic board; NULL: skipped */
    const char *skip;    /* why it is skipped */
    bool stop_at_goals;  /* what comes after the goals does not count */
    corpus_goal *goals;
    size_t goal_count;
    corpus_trap *traps;
    size_t trap_count;
} corpus_image;

typedef struct corpus {
    char *folder;
    tsv firmware, tests;
    corpus_image *images;
    size_t image_count;
} corpus;

/** @return false after a message on stderr */
bool corpus_read(corpus *c, const char *folder);
void corpus_free(corpus *c);

#endif
