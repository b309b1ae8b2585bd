/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * models.yaml: what is read is written so that it reads as the same, and can
 * be merged with itself without a change.
 */
#include <stdlib.h>
#include <string.h>

#include "infer/model_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

typedef struct text {
    char *s;
    size_t n;
} text;

static void put(const char *s, size_t n, void *user)
{
    text *t = user;

    t->s = realloc(t->s, t->n + n + 1);
    if (!t->s)
        abort();
    memcpy(t->s + t->n, s, n);
    t->s[t->n += n] = 0;
}

static text written(const fwsim__models *models)
{
    text t = { 0 };

    fwsim__models_write(models, &(fwsim__models_sink){ put, &t, NULL, NULL });
    return t;
}

static void log_nothing(const fwsim_log_entry *entry, void *user)
{
    (void)user;
    if (!entry->text[0])
        abort();
}

static fwsim__models *parse(const void *data, size_t size)
{
    fwsim__models *models;

    fwsim__models_read(&models, &(fwsim__text_source){
        "fuzz", size ? data : "", size, log_nothing, NULL });
    return models;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fwsim__models *models = parse(data, size), *back;
    text first, second;

    if (!models)
        return 0;
    first = written(models);
    back = parse(first.s, first.n);
    if (!back)
        abort();
    if (fwsim__models_merge(back, models))
        abort();
    second = written(back);
    if (strcmp(first.s, second.s) != 0)
        abort();
    free(first.s);
    free(second.s);
    fwsim__models_free(models);
    fwsim__models_free(back);
    return 0;
}
