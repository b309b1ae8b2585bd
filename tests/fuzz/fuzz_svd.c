/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * SVD files, the models made of them, and the file made of those: it can be
 * read.
 */
#include <stdlib.h>
#include <string.h>

#include "infer/model_file.h"
#include "infer/model_svd.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

typedef struct text {
    char *s;
    size_t n, room;
} text;

static void put(const char *s, size_t n, void *user)
{
    text *t = user;

    if (t->room - t->n < n) {
        t->room = (t->room + n) * 2;
        t->s = realloc(t->s, t->room);
        if (!t->s)
            abort();
    }
    memcpy(t->s + t->n, s, n);
    t->n += n;
}

static void check_file(const fwsim__models *models)
{
    fwsim__models *back;
    text t = { 0 };

    fwsim__models_write(models, &(fwsim__models_sink){ put, &t, NULL, NULL });
    switch (fwsim__models_read(&back, &(fwsim__text_source){
        "fuzz", t.s, t.n, NULL, NULL })) {
    case 0:
    case FWSIM_ENOTSUP:
        break;
    default:
        abort();
    }
    fwsim__models_free(back);
    free(t.s);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fwsim__models *models;
    fwsim__svd *svd;

    if (fwsim__svd_read(&svd, &(fwsim__text_source){
            "fuzz", size ? (const char *)data : "", size, NULL, NULL }))
        return 0;
    fwsim__svd_at(svd, 0x40000004, NULL, NULL);
    if (fwsim__models_from_svd(&models, svd) == 0)
        check_file(models);
    fwsim__models_free(models);
    fwsim__svd_free(svd);
    return 0;
}
