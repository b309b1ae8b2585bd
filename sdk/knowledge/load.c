/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Knowledge from a folder: SVD files, and bundles that somebody trusted has
 * signed.
 */
#include "bundle/refusal.h"
#include "infer/model_svd.h"
#include "knowledge/knowledge.h"

#ifdef FWSIM_WITH_BUNDLES
#include "bundle/bundle.h"
#endif

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

enum { PATH_SIZE = 4096, FOLDERS_DEEP = 8 };

typedef struct loader {
    fwsim_knowledge *k;
    const fwsim_trust *trust;
    fwsim__teller teller;
} loader;

static bool has_suffix(const char *name, const char *suffix)
{
    size_t n = strlen(name), s = strlen(suffix);

    return n > s && !strcasecmp(name + n - s, suffix);
}

/** A file that is no good is passed over, unless memory is short. */
static int pass_over(const loader *l, const char *path, int err)
{
    if (err == FWSIM_ENOMEM)
        return err;
    fwsim__tell(&l->teller, FWSIM_LOG_WARN, "%s is left out: %s", path,
                fwsim_strerror(err));
    return 0;
}

static int add_svd(loader *l, const char *path)
{
    const fwsim__text_source source = { .name = path };
    fwsim__models *models = NULL;
    fwsim__svd *svd;
    int err = fwsim__svd_read(&svd, &source);

    if (err == FWSIM_ENOTSUP)
        return fwsim__refuse(&l->teller, err, "this fwsim was built without "
                                              "expat");
    if (err)
        return pass_over(l, path, err);
    err = fwsim__models_from_svd(&models, svd);
    if (!err)
        err = fwsim__know_add(l->k, svd->vendor ? svd->vendor : "",
                              svd->name ? svd->name : path, models);
    fwsim__svd_free(svd);
    return err;
}

#ifdef FWSIM_WITH_BUNDLES

static int add_bundle(loader *l, const char *path)
{
    const fwsim_bundle_info *info;
    fwsim__models *models;
    fwsim_bundle *b;
    int err;

    if (!l->trust)
        return 0;
    err = fwsim_bundle_open(&b, path, l->trust);
    if (err)
        return pass_over(l, path, err);
    info = fwsim_bundle_info_get(b);
    models = b->contents.models;
    b->contents.models = NULL; /* taken over */
    if (models)
        err = fwsim__know_add(
            l->k, info->target.vendor ? info->target.vendor : "",
            info->target.soc ? info->target.soc : info->name, models);
    fwsim_bundle_free(b);
    return err;
}

#else

static int add_bundle(loader *l, const char *path)
{
    (void)l;
    (void)path;
    return 0;
}

#endif

static int add_folder(loader *l, const char *dir, unsigned depth);

static int add_entry(loader *l, const char *dir, const char *name,
                     unsigned depth)
{
    char path[PATH_SIZE];
    struct stat st;

    if (*name == '.' ||
        snprintf(path, sizeof path, "%s/%s", dir, name) >= PATH_SIZE)
        return 0;
    if (has_suffix(name, ".svd"))
        return add_svd(l, path);
    if (has_suffix(name, ".fwb"))
        return add_bundle(l, path);
    if (depth < FOLDERS_DEEP && !stat(path, &st) && S_ISDIR(st.st_mode))
        return add_folder(l, path, depth + 1);
    return 0;
}

/** In the order of names, so that the same folder is the same knowledge. */
static int add_folder(loader *l, const char *dir, unsigned depth)
{
    struct dirent **entries;
    int count = scandir(dir, &entries, NULL, alphasort), err = 0;

    if (count < 0)
        return fwsim__refuse(&l->teller,
                             errno == ENOENT ? FWSIM_ENOENT : FWSIM_EIO,
                             "%s: %s", dir, strerror(errno));
    for (int i = 0; i < count; i++) {
        if (!err)
            err = add_entry(l, dir, entries[i]->d_name, depth);
        free(entries[i]);
    }
    free(entries);
    return err;
}

int fwsim_knowledge_open(fwsim_knowledge **out, const char *dir,
                         const fwsim_trust *trust, fwsim_log_fn log,
                         void *log_user)
{
    loader l = { .trust = trust, .teller = { "knowledge", log, log_user } };
    int err;

    *out = NULL;
    l.k = calloc(1, sizeof *l.k);
    err = l.k ? add_folder(&l, dir, 0) : FWSIM_ENOMEM;
    if (err) {
        fwsim_knowledge_free(l.k);
        return err;
    }
    *out = l.k;
    return 0;
}
