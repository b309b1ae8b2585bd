/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Results for people, for the documentation, and for programs.
 */
#ifndef SCORE_REPORT_H
#define SCORE_REPORT_H

#include "bits.h"
#include "roles.h"
#include "run.h"

#include <stdio.h>

/** Sums over the images of a group, or all. */
typedef struct totals {
    size_t images, images_passed, rows, rows_passed, skipped;
    size_t gates; /* images in which happened what must not */
} totals;

/** The same corpus at another interrupt period. */
typedef struct sweep_row {
    uint64_t period;
    totals unit;
} sweep_row;

typedef struct score {
    const corpus *corpus;
    const run_options *opt;
    const run_result *results;
    size_t count;
    const roles *roles; /* NULL: no truth */
    const bits_result *bits; /* NULL: no SVD files, or nothing claimed */
    const sweep_row *sweep;
    size_t sweep_count;
} score;

/** @param group  NULL: all */
totals report_totals(const run_result *results, size_t count,
                     const char *group);

/** One image, as soon as it has run. */
void report_image(FILE *out, const run_result *r, bool verbose);
void report_text(FILE *out, const score *s);
void report_markdown(FILE *out, const score *s);
/** A line of JSON an image. */
void report_json(FILE *out, const score *s);

/** Why a row failed, in a few words; "" when it passed. @return @a buf */
char *report_reason(const run_result *r, size_t goal, char *buf, size_t size);

/** The row fails because the one before it does: a later milestone. */
bool report_follows(const run_result *r, size_t goal);

/** No result before the @a index-th is of its group. */
bool report_new_group(const run_result *results, size_t index);

#endif
