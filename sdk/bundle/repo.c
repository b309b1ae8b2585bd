/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Using a repository: its index, root documents that follow ours, and bundles
 * by their hash.
 */
#include "bundle/cache.h"
#include "bundle/fetch.h"
#include "bundle/file.h"
#include "bundle/index.h"
#include "bundle/seen.h"
#include "bundle/trust.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { URL_MAX = 1400, ROOTS_AHEAD = 64 };

static fwsim__teller teller_of(const fwsim_repo_options *opt, const char *what)
{
    return (fwsim__teller){ what, opt->fetch.log, opt->fetch.log_user };
}

/** A place in a repository. */
static int place(char *out, const char *url, const char *path,
                 const fwsim__teller *t)
{
    size_t length = strlen(url);
    int n = snprintf(out, URL_MAX, "%s%s%s", url,
                     length && url[length - 1] == '/' ? "" : "/", path);

    return n < URL_MAX ? 0 : fwsim__refuse(t, FWSIM_EINVAL, "the URL is too "
                                           "long");
}

static int check_options(const fwsim_repo_options *opt)
{
    const fwsim__teller t = teller_of(opt, NULL);

    return opt->cache ? 0 : fwsim__refuse(&t, FWSIM_EINVAL,
                                          "fwsim_repo_options.cache is not "
                                          "given");
}

/* ------------------------------------------------------------------ */
/* Root documents                                                       */
/* ------------------------------------------------------------------ */

/** Take a root document over by way of a file, as a user would. */
static int rotate(fwsim_trust *trust, const fwsim__bytes *body,
                  const fwsim_repo_options *opt)
{
    char path[FWSIM__CACHE_PATH] = "";
    const fwsim__teller t = teller_of(opt, path);
    int err = fwsim__make_folder(opt->cache, &t);

    snprintf(path, sizeof path, "%s/root.%ld", opt->cache, (long)getpid());
    if (!err)
        err = fwsim__file_write(path, (fwsim__span){ body->data, body->size },
                                &t);
    if (!err)
        err = fwsim_trust_rotate(trust, path);
    unlink(path);
    return err;
}

/** Follow the roots that came after ours, one by one (TUF, 5.3). */
static int update_root(const char *url, fwsim_trust *trust,
                       const fwsim_repo_options *opt)
{
    int err = 0;

    for (int i = 0; !err && trust->root_version && i < ROOTS_AHEAD; i++) {
        char path[48], full[URL_MAX];
        const fwsim__teller t = teller_of(opt, full);
        fwsim__response response = { 0 };
        fwsim__request request = { .url = full, .limit = FWSIM__ROOT_SIZE_MAX };

        snprintf(path, sizeof path, "root/%" PRIu64 ".fwb",
                 trust->root_version + 1);
        err = place(full, url, path, &t);
        if (!err)
            err = fwsim__fetch(&response, &request, &opt->fetch);
        if (!err && response.status == 404)
            return 0;
        if (!err)
            err = rotate(trust, &response.body, opt);
        free(response.body.data);
    }
    return err;
}

/* ------------------------------------------------------------------ */
/* The index                                                            */
/* ------------------------------------------------------------------ */

/**
 * The index of the server, or that of the cache when it is the same.
 * @param etag   out: of a new one
 * @param fresh  out: it is a new one
 */
static int fetch_index(fwsim__bytes *out, const char *full,
                       const fwsim_repo_options *opt, char *etag, bool *fresh)
{
    const fwsim__teller t = teller_of(opt, full);
    fwsim__bytes kept = { 0 }, kept_etag = { 0 };
    fwsim__response response = { 0 };
    fwsim__request request = { .url = full, .limit = FWSIM__INDEX_SIZE_MAX };
    int err = fwsim__cache_get_index(&kept, &kept_etag, opt->cache, full, &t);

    *out = (fwsim__bytes){ 0 };
    *fresh = false;
    if (!err)
        request.etag = (const char *)kept_etag.data;
    err = fwsim__fetch(&response, &request, &opt->fetch);
    if (!err && response.status == 404)
        err = fwsim__refuse(&t, FWSIM_ENOENT, "there is no repository here "
                                              "(404)");
    if (!err && response.status == 304) {
        *out = kept;
        kept = (fwsim__bytes){ 0 };
    } else if (!err) {
        *out = response.body;
        *fresh = true;
        response.body = (fwsim__bytes){ 0 };
        memcpy(etag, response.etag, sizeof response.etag);
    }
    free(kept.data);
    free(kept_etag.data);
    free(response.body.data);
    return err;
}

/** A verified index is worth keeping. */
static int keep_index(const fwsim__repo_index *index, const char *full,
                      const char *etag, bool fresh, const fwsim_trust *trust,
                      const fwsim_repo_options *opt)
{
    const fwsim__teller t = teller_of(opt, full);
    int err = fwsim__seen_put(trust->seen, FWSIM_KEY_ROLE_INDEX,
                              index->head.name, index->head.version, &t);

    if (!err && fresh)
        err = fwsim__cache_put_index(
            opt->cache, full,
            (fwsim__span){ index->file.data, index->file.size }, etag, &t);
    return err;
}

static int open_index(fwsim__repo_index *out, const char *url, fwsim_trust *trust,
                      const fwsim_repo_options *opt)
{
    char full[URL_MAX] = "", etag[FWSIM__HTTP_FIELD_MAX] = "";
    const fwsim__teller t = teller_of(opt, full);
    fwsim__bytes bytes = { 0 }, unused = { 0 };
    bool fresh = false;
    int err = place(full, url, "index.fwb", &t);

    *out = (fwsim__repo_index){ 0 };
    if (err)
        return err;
    if (opt->offline) {
        err = fwsim__cache_get_index(&bytes, &unused, opt->cache, full, &t);
        free(unused.data);
        if (err == FWSIM_ENOENT)
            fwsim__refuse(&t, err, "not in the cache, and nothing is fetched "
                                   "offline");
    } else {
        err = update_root(url, trust, opt);
        if (!err)
            err = fetch_index(&bytes, full, opt, etag, &fresh);
    }
    if (!err)
        err = fwsim__index_read(out, &bytes, trust, &t);
    if (!err && !opt->offline)
        err = keep_index(out, full, etag, fresh, trust, opt);
    if (err)
        fwsim__index_free(out);
    free(bytes.data);
    return err;
}

/** A row of its own, in one allocation. */
static fwsim_locked *make_locked(const fwsim__repo_entry *e, const char *url)
{
    size_t name = e->name.size + 1, hash = FWSIM__HASH_TEXT;
    fwsim_locked *row = malloc(sizeof *row + name + hash + strlen(url) + 1);
    char *at = (char *)(row + 1);

    if (!row)
        return NULL;
    memcpy(at, e->name.data, e->name.size);
    at[e->name.size] = '\0';
    fwsim__hex(e->sha256.data, e->sha256.size, at + name);
    strcpy(at + name + hash, url);
    *row = (fwsim_locked){ at, e->version, at + name, at + name + hash };
    return row;
}

int fwsim_repo_find(fwsim_locked **out, const char *url, const char *name,
                    fwsim_trust *trust, const fwsim_repo_options *opt)
{
    const fwsim__teller t = teller_of(opt, url);
    const fwsim__repo_entry *entry;
    fwsim__repo_index index = { 0 };
    int err = check_options(opt);

    *out = NULL;
    if (!err)
        err = open_index(&index, url, trust, opt);
    if (err)
        return err;
    entry = fwsim__index_find(&index, name, &t);
    if (!entry) {
        err = FWSIM_ENOENT;
    } else {
        *out = make_locked(entry, url);
        err = *out ? 0 : fwsim__refuse(&t, FWSIM_ENOMEM, "out of memory");
    }
    fwsim__index_free(&index);
    return err;
}

void fwsim_locked_free(fwsim_locked *locked)
{
    free(locked);
}

/* ------------------------------------------------------------------ */
/* Bundles                                                              */
/* ------------------------------------------------------------------ */

/** Fetch a bundle by its hash into the cache. */
static int fetch_bundle(fwsim__bytes *out, const fwsim_locked *row,
                        const fwsim_repo_options *opt)
{
    char path[96], full[URL_MAX] = "", is[FWSIM__HASH_TEXT];
    const fwsim__teller t = teller_of(opt, full);
    fwsim__response response = { 0 };
    fwsim__request request = { .url = full, .limit = FWSIM_BUNDLE_SIZE_MAX };
    int err;

    snprintf(path, sizeof path, "bundles/%s.fwb", row->sha256);
    err = place(full, row->url, path, &t);
    if (!err)
        err = fwsim__fetch(&response, &request, &opt->fetch);
    if (!err && response.status == 404)
        err = fwsim__refuse(&t, FWSIM_ENOENT, "the repository does not have it "
                                              "(404)");
    if (!err && (!fwsim__hash_text((fwsim__span){ response.body.data,
                                                  response.body.size }, is) ||
                 strcmp(is, row->sha256)))
        err = fwsim__refuse(&t, FWSIM_EACCES,
                            "these are not the bytes of %s %" PRIu64
                            ": their SHA-256 is another one",
                            row->name, row->version);
    if (!err)
        err = fwsim__cache_put(opt->cache, row->sha256,
                               (fwsim__span){ response.body.data,
                                              response.body.size }, &t);
    if (err) {
        free(response.body.data);
        response.body = (fwsim__bytes){ 0 };
    }
    *out = response.body;
    return err;
}

static int load_bundle(fwsim__bytes *out, const fwsim_locked *row,
                       const fwsim_repo_options *opt)
{
    const fwsim__teller t = teller_of(opt, row->name);
    int err = fwsim__cache_get(out, opt->cache, row->sha256, &t);

    if (err != FWSIM_ENOENT)
        return err;
    if (opt->offline)
        return fwsim__refuse(&t, FWSIM_ENOENT,
                             "version %" PRIu64 " is not in the cache, and "
                             "nothing is fetched offline",
                             row->version);
    return fetch_bundle(out, row, opt);
}

int fwsim_repo_open(fwsim_bundle **out, const fwsim_locked *locked,
                    fwsim_trust *trust, const fwsim_repo_options *opt)
{
    const fwsim__teller t = teller_of(opt, locked->name);
    const fwsim_bundle_info *info;
    fwsim__bytes bytes = { 0 };
    int err = check_options(opt);

    *out = NULL;
    if (!err && !fwsim__is_hash(locked->sha256))
        err = fwsim__refuse(&t, FWSIM_EINVAL, "'%.80s' is no SHA-256",
                            locked->sha256);
    if (!err)
        err = load_bundle(&bytes, locked, opt);
    if (!err)
        err = fwsim_bundle_parse(out, locked->name, bytes.data, bytes.size,
                                 trust);
    free(bytes.data);
    if (err)
        return err;
    info = fwsim_bundle_info_get(*out);
    if (strcmp(info->name, locked->name) || info->version != locked->version)
        err = fwsim__refuse(&t, FWSIM_EACCES,
                            "the bundle calls itself %s %" PRIu64
                            ", not %s %" PRIu64,
                            info->name, info->version, locked->name,
                            locked->version);
    else
        err = fwsim_bundle_remember(*out, trust);
    if (err) {
        fwsim_bundle_free(*out);
        *out = NULL;
    }
    return err;
}

bool fwsim_repo_cached(const fwsim_locked *locked, const fwsim_repo_options *opt)
{
    const fwsim__teller t = teller_of(opt, locked->name);
    fwsim__bytes bytes = { 0 };
    bool there = opt->cache && fwsim__is_hash(locked->sha256) &&
                 !fwsim__cache_get(&bytes, opt->cache, locked->sha256, &t);

    free(bytes.data);
    return there;
}
