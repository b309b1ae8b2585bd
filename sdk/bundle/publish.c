/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Making a repository: a folder that any HTTPS server can serve.
 *
 *     index.fwb              the signed index
 *     bundles/HASH.fwb       bundles, by their SHA-256
 *     root/VERSION.fwb       root documents
 */
#include "bundle/bundle.h"
#include "bundle/cache.h"
#include "bundle/file.h"
#include "bundle/index.h"
#include "bundle/trust.h"
#include "fwsim_repo.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/** An index that grows, and the bundles it points into. */
typedef struct edition {
    fwsim__repo_entry entries[FWSIM__INDEX_BUNDLES_MAX];
    size_t count;
    fwsim__repo_index before; /* zeroed: there is none */
    fwsim_bundle **opened;
    uint8_t (*hashes)[FWSIM__SHA256];
    size_t opened_count;
} edition;

static int put_entry(edition *ed, const fwsim__repo_entry *e,
                     const fwsim__teller *t)
{
    size_t i = 0;

    while (i < ed->count && fwsim__index_before(ed->entries[i].name, e->name))
        i++;
    if (i < ed->count && fwsim__span_equal(ed->entries[i].name, e->name)) {
        if (e->version <= ed->entries[i].version &&
            !fwsim__span_equal(e->sha256, ed->entries[i].sha256))
            return fwsim__refuse(t, FWSIM_EACCES,
                                 "version %" PRIu64 ", and the repository has "
                                 "version %" PRIu64 "; a new one must be newer",
                                 e->version, ed->entries[i].version);
        ed->entries[i] = *e;
        return 0;
    }
    if (ed->count == FWSIM__INDEX_BUNDLES_MAX)
        return fwsim__refuse(t, FWSIM_ENOSPC, "an index has %d bundles at most",
                             FWSIM__INDEX_BUNDLES_MAX);
    memmove(ed->entries + i + 1, ed->entries + i,
            (ed->count - i) * sizeof *ed->entries);
    ed->entries[i] = *e;
    ed->count++;
    return 0;
}

/* ------------------------------------------------------------------ */
/* Files                                                                */
/* ------------------------------------------------------------------ */

static int copy_file(const char *from, const char *dir, const char *folder,
                     const char *name, size_t limit, const fwsim__teller *t)
{
    char path[FWSIM__CACHE_PATH];
    const fwsim__teller here = { from, t->log, t->log_user };
    const fwsim__teller there = { path, t->log, t->log_user };
    fwsim__bytes bytes;
    int err = fwsim__file_read(&bytes, from, limit, &here);

    snprintf(path, sizeof path, "%s/%s", dir, folder);
    if (!err)
        err = fwsim__make_folder(path, &there);
    snprintf(path, sizeof path, "%s/%s/%s.fwb", dir, folder, name);
    if (!err)
        err = fwsim__file_write(path, (fwsim__span){ bytes.data, bytes.size },
                                &there);
    free(bytes.data);
    return err;
}

static int add_bundle(edition *ed, const char *path, const char *dir,
                      const fwsim_trust *trust, const fwsim__teller *t)
{
    const fwsim__teller here = { path, t->log, t->log_user };
    const fwsim_bundle_info *info;
    fwsim_bundle *bundle;
    uint8_t *hash = ed->hashes[ed->opened_count];
    fwsim__repo_entry e;
    int err = fwsim_bundle_open(&bundle, path, trust);

    if (err)
        return err;
    ed->opened[ed->opened_count++] = bundle;
    info = fwsim_bundle_info_get(bundle);
    for (size_t i = 0; i < FWSIM__SHA256; i++)
        sscanf(info->sha256 + 2 * i, "%2" SCNx8, &hash[i]);
    e = (fwsim__repo_entry){
        .name = { (const uint8_t *)info->name, strlen(info->name) },
        .sha256 = { hash, FWSIM__SHA256 },
        .size = info->size,
        .version = info->version,
        .expires = info->expires,
    };
    err = put_entry(ed, &e, &here);
    return err ? err : copy_file(path, dir, "bundles", info->sha256,
                                 FWSIM_BUNDLE_SIZE_MAX, t);
}

/** Root documents lie under their version. */
static int add_root(const char *path, const char *dir, const fwsim__teller *t)
{
    const fwsim__teller here = { path, t->log, t->log_user };
    fwsim__root root = { 0 };
    fwsim__bytes bytes;
    char name[24];
    int err = fwsim__file_read(&bytes, path, FWSIM__ROOT_SIZE_MAX, &here);

    if (!err)
        err = fwsim__root_read(&root, (fwsim__span){ bytes.data, bytes.size },
                               NULL, &here);
    free(bytes.data);
    if (err)
        return err;
    snprintf(name, sizeof name, "%" PRIu64, root.head.version);
    fwsim__ring_free(&root.ring);
    return copy_file(path, dir, "root", name, FWSIM__ROOT_SIZE_MAX, t);
}

/** What is published already. It may have expired: that is why there is to be
 * a next one. */
static int read_before(edition *ed, const char *path, const fwsim_trust *trust,
                       const fwsim__teller *t)
{
    fwsim_trust then = *trust;
    fwsim__bytes bytes;
    int err;

    then.now = 0;
    if (access(path, F_OK))
        return 0;
    err = fwsim__file_read(&bytes, path, FWSIM__INDEX_SIZE_MAX, t);
    if (!err)
        err = fwsim__index_read(&ed->before, &bytes, &then, t);
    for (size_t i = 0; !err && i < ed->before.count; i++)
        ed->entries[ed->count++] = ed->before.entries[i];
    return err;
}

/* ------------------------------------------------------------------ */
/* Publishing                                                           */
/* ------------------------------------------------------------------ */

static void edition_free(edition *ed)
{
    if (!ed)
        return;
    for (size_t i = 0; i < ed->opened_count; i++)
        fwsim_bundle_free(ed->opened[i]);
    free(ed->opened);
    free(ed->hashes);
    fwsim__index_free(&ed->before);
    free(ed);
}

static edition *edition_new(const char *const *bundles)
{
    edition *ed = calloc(1, sizeof *ed);
    size_t n = 0;

    while (bundles && bundles[n])
        n++;
    if (ed) {
        ed->opened = calloc(n + 1, sizeof *ed->opened);
        ed->hashes = calloc(n + 1, sizeof *ed->hashes);
    }
    if (ed && ed->opened && ed->hashes)
        return ed;
    edition_free(ed);
    return NULL;
}

static int publish(edition *ed, const char *dir, const fwsim_publication *p,
                   fwsim_key *key, const fwsim_trust *trust,
                   const fwsim__teller *t)
{
    char path[FWSIM__CACHE_PATH];
    const fwsim__teller here = { path, t->log, t->log_user };
    int err;

    snprintf(path, sizeof path, "%s/index.fwb", dir);
    err = read_before(ed, path, trust, &here);
    for (const char *const *b = p->bundles; !err && b && *b; b++)
        err = add_bundle(ed, *b, dir, trust, t);
    if (!err && p->root)
        err = add_root(p->root, dir, t);
    return err ? err
               : fwsim__index_write(path, p->name, ed->before.head.version + 1,
                                    p->created, p->expires, ed->entries,
                                    ed->count, key, &here);
}

int fwsim_repo_publish(const char *dir, const fwsim_publication *publication,
                       fwsim_key *key, fwsim_trust *trust, fwsim_log_fn log,
                       void *log_user)
{
    const fwsim__teller t = { dir, log, log_user };
    int err = fwsim__make_folder(dir, &t);
    edition *ed;

    if (err)
        return err;
    ed = edition_new(publication->bundles);
    err = ed ? publish(ed, dir, publication, key, trust, &t)
             : fwsim__refuse(&t, FWSIM_ENOMEM, "out of memory");
    edition_free(ed);
    return err;
}
