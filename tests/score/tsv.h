/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tables of tab-separated values with a header line.
 */
#ifndef SCORE_TSV_H
#define SCORE_TSV_H

#include <stdbool.h>
#include <stddef.h>

typedef struct tsv {
    char *text;   /* the file, cut into cells */
    char **cells; /* rows * columns; the header is row 0 */
    size_t rows, columns;
} tsv;

/** @return false after a message on stderr */
bool tsv_read(tsv *t, const char *path);
void tsv_free(tsv *t);

/** A cell by the name of its column, "" when there is none. Rows count from 1. */
const char *tsv_get(const tsv *t, size_t row, const char *column);

/** The whole file and a zero byte behind it, or NULL with errno set. */
char *tsv_read_file(const char *path);

#endif
