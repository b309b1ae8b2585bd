/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The files that inference begins with, as one set of models: models.yaml
 * first, then what Fuzzware has learned, then bundles, then an SVD file. Where they disagree
 * the source of a claim decides (model.h), then this order.
 */
#include "infer/export.h"
#include "infer/model_file.h"
#include "infer/model_svd.h"

#ifdef FWSIM_WITH_BUNDLES
#include "bundle/bundle.h"
#endif

#include <stdlib.h>

/** Reads one kind of file into models. */
typedef int (*read_fn)(fwsim__models **out, const fwsim__text_source *source);

static int read_svd(fwsim__models **out, const fwsim__text_source *source)
{
    fwsim__svd *svd;
    int err = fwsim__svd_read(&svd, source);

    *out = NULL;
    if (err)
        return err;
    err = fwsim__models_from_svd(out, svd);
    fwsim__svd_free(svd);
    return err;
}

static int add_file(fwsim__infer *f, const char *path, read_fn read)
{
    const fwsim__text_source source = { .log = f->m->opt.log,
                                        .log_user = f->m->opt.log_user,
                                        .name = path };
    fwsim__models *models = NULL;
    int err;

    if (!path)
        return 0;
    err = read(&models, &source);
    if (!err)
        err = fwsim__models_merge(f->models, models);
    fwsim__models_free(models);
    return err ? fwsim__error(f->m, err, "%s: %s", path, fwsim_strerror(err))
               : 0;
}

#ifdef FWSIM_WITH_BUNDLES

static int add_bundles(fwsim__infer *f, const fwsim_bundle *const *bundles)
{
    int err = 0;

    for (; !err && bundles && *bundles; bundles++) {
        const fwsim__contents *c = &(*bundles)->contents;

        if (c->models)
            err = fwsim__models_merge(f->models, c->models);
        if (!err && c->weights && !f->prior) {
            f->prior = malloc(sizeof *f->prior);
            err = f->prior ? 0 : FWSIM_ENOMEM;
            if (!err)
                *f->prior = *c->weights;
        }
    }
    return err ? fwsim__error(f->m, err, "no memory for models") : 0;
}

#else

static int add_bundles(fwsim__infer *f, const fwsim_bundle *const *bundles)
{
    (void)f;
    (void)bundles; /* there are none without their library */
    return 0;
}

#endif

int fwsim__infer_load(fwsim__infer *f, const fwsim_infer_options *opt)
{
    int err;

    if (!opt->models && !opt->fuzzware && !opt->bundles && !opt->svd)
        return 0;
    f->models = fwsim__models_new();
    if (!f->models)
        return fwsim__error(f->m, FWSIM_ENOMEM, "no memory for models");
    err = add_file(f, opt->models, fwsim__models_read);
    if (!err)
        err = add_file(f, opt->fuzzware, fwsim__fuzzware_read);
    if (!err)
        err = add_bundles(f, opt->bundles);
    if (!err)
        err = add_file(f, opt->svd, read_svd);
    return err ? err : fwsim__infer_import(f, f->models);
}
