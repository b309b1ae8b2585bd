/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tsv.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

char *tsv_read_file(const char *path)
{
    FILE *in = fopen(path, "rb");
    size_t size = 0, capacity = 1 << 16;
    char *text = in ? malloc(capacity) : NULL;

    while (text) {
        size += fread(text + size, 1, capacity - size - 1, in);
        if (feof(in) || ferror(in))
            break;
        char *grown = realloc(text, capacity *= 2);
        if (!grown)
            free(text);
        text = grown;
    }
    if (in)
        fclose(in);
    if (text)
        text[size] = '\0';
    return text;
}

static size_t count(const char *text, char what, char end)
{
    size_t n = 0;

    for (; *text && *text != end; text++)
        n += *text == what;
    return n;
}

/* Cells that a line lacks stay empty; those beyond the header are dropped. */
static void cut(tsv *t)
{
    char *at = t->text;

    for (size_t row = 0; row < t->rows; row++) {
        char *line = at;

        at += strcspn(at, "\n");
        if (*at)
            *at++ = '\0';
        for (size_t c = 0; c < t->columns; c++) {
            t->cells[row * t->columns + c] = line;
            line += strcspn(line, "\t\r");
            if (*line)
                *line++ = '\0';
        }
    }
}

bool tsv_read(tsv *t, const char *path)
{
    *t = (tsv){ .text = tsv_read_file(path) };
    if (t->text) {
        t->rows = count(t->text, '\n', '\0');
        t->columns = count(t->text, '\t', '\n') + 1;
        t->cells = calloc(t->rows * t->columns + 1, sizeof *t->cells);
    }
    if (!t->cells) {
        fprintf(stderr, "fwsim_score: %s: %s\n", path, strerror(errno));
        tsv_free(t);
        return false;
    }
    cut(t);
    return true;
}

void tsv_free(tsv *t)
{
    free(t->cells);
    free(t->text);
    *t = (tsv){ 0 };
}

const char *tsv_get(const tsv *t, size_t row, const char *column)
{
    for (size_t c = 0; c < t->columns; c++)
        if (strcmp(t->cells[c], column) == 0)
            return t->cells[row * t->columns + c];
    return "";
}
