/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Fuzzware's mmio_models: the file that is made of them can be read.
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

    t->s = realloc(t->s, t->n + n);
    if (!t->s)
        abort();
    memcpy(t->s + t->n, s, n);
    t->n += n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fwsim__models *models, *back;
    text t = { 0 };

    if (fwsim__fuzzware_read(&models, &(fwsim__text_source){
            "fuzz", size ? (const char *)data : "", size, NULL, NULL }))
        return 0;
    fwsim__models_write(models, &(fwsim__models_sink){ put, &t, NULL, NULL });
    if (fwsim__models_read(&back, &(fwsim__text_source){ "fuzz", t.s, t.n, NULL,
                                                        NULL }))
        abort();
    free(t.s);
    fwsim__models_free(back);
    fwsim__models_free(models);
    return 0;
}
