/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The trust store: a folder with public keys, or with a root document that
 * says which keys count.
 */
#include "bundle/trust.h"
#include "bundle/file.h"
#include "bundle/seen.h"
#include "bundle/signing.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

enum { PATH_SIZE = 4096 };

fwsim__teller fwsim__trust_teller(const fwsim_trust *trust, const char *what)
{
    return (fwsim__teller){ what, trust->log, trust->log_user };
}

/* ------------------------------------------------------------------ */
/* Keys                                                                 */
/* ------------------------------------------------------------------ */

/** A key of the user counts for everything. */
static int add_key(fwsim_trust *trust, const char *path)
{
    const fwsim__teller t = fwsim__trust_teller(trust, path);
    fwsim__key *key;
    size_t index = 0;
    int err = fwsim__public_key_open(&key, path, &t);

    if (!err)
        err = fwsim__ring_add(&trust->ring, key, &index, &t);
    for (size_t i = 0; !err && i < FWSIM_KEY_ROLES; i++)
        trust->ring.role[i] |= (uint64_t)1 << index;
    return err;
}

static int is_pem(const struct dirent *entry)
{
    size_t length = strlen(entry->d_name);

    return length > 4 && !strcmp(entry->d_name + length - 4, ".pem");
}

static int add_folder(fwsim_trust *trust)
{
    const fwsim__teller t = fwsim__trust_teller(trust, trust->dir);
    struct dirent **entries;
    char path[PATH_SIZE];
    int count = scandir(trust->dir, &entries, is_pem, alphasort), err = 0;

    if (count < 0)
        return fwsim__refuse(&t, errno == ENOENT ? FWSIM_ENOENT : FWSIM_EIO,
                             "the trust store cannot be read: %s",
                             strerror(errno));
    for (int i = 0; i < count; i++) {
        snprintf(path, sizeof path, "%s/%s", trust->dir, entries[i]->d_name);
        if (!err)
            err = add_key(trust, path);
        free(entries[i]);
    }
    free(entries);
    return err;
}

/* ------------------------------------------------------------------ */
/* The root document                                                    */
/* ------------------------------------------------------------------ */

static void root_path(const fwsim_trust *trust, char *path)
{
    snprintf(path, PATH_SIZE, "%s/root.fwb", trust->dir);
}

static void take_root(fwsim_trust *trust, const fwsim__root *root)
{
    fwsim__ring_free(&trust->ring);
    trust->ring = root->ring;
    trust->root_version = root->head.version;
    trust->root_expires = root->head.expires;
    memcpy(trust->root_name, root->head.name.data, root->head.name.size);
    trust->root_name[root->head.name.size] = '\0';
}

static int open_root(fwsim_trust *trust, const char *path)
{
    const fwsim__teller t = fwsim__trust_teller(trust, path);
    fwsim__bytes bytes;
    fwsim__root root = { 0 };
    int err = fwsim__file_read(&bytes, path, FWSIM__ROOT_SIZE_MAX, &t);

    if (!err)
        err = fwsim__root_read(&root, (fwsim__span){ bytes.data, bytes.size },
                               NULL, &t);
    if (!err)
        err = fwsim__seen_check(trust->seen, FWSIM_KEY_ROLE_ROOT, &root.head,
                                &t);
    if (!err)
        take_root(trust, &root);
    else
        fwsim__ring_free(&root.ring);
    free(bytes.data);
    return err;
}

int fwsim__trust_current(const fwsim_trust *trust, const fwsim__teller *t)
{
    if (!trust->root_version || trust->now < trust->root_expires)
        return 0;
    return fwsim__refuse(t, FWSIM_EACCES,
                         "the root document %s expired %" PRIu64 " days ago; "
                         "its next version is needed",
                         trust->root_name,
                         (trust->now - trust->root_expires) / 86400);
}

uint64_t fwsim_trust_root_version(const fwsim_trust *trust)
{
    return trust->root_version;
}

/** Is it the root that follows ours? */
static int check_next(const fwsim_trust *trust, const fwsim__head *head,
                      const fwsim__teller *t)
{
    const fwsim__span ours = { (const uint8_t *)trust->root_name,
                               strlen(trust->root_name) };

    if (!fwsim__span_equal(head->name, ours))
        return fwsim__refuse(t, FWSIM_EACCES, "this is the root of %.*s, not "
                             "of %s", (int)head->name.size,
                             (const char *)head->name.data, trust->root_name);
    if (head->version != trust->root_version + 1)
        return fwsim__refuse(t, FWSIM_EACCES,
                             "version %" PRIu64 "; after %" PRIu64
                             " comes the next one, and none is left out",
                             head->version, trust->root_version);
    return 0; /* it may have expired, when others follow it */
}

/** Put a root document into the folder, unless another process has put a later
 * one there. */
static int keep_newest(const fwsim_trust *trust, const fwsim__root *root,
                       const fwsim__bytes *bytes)
{
    char path[PATH_SIZE] = "";
    const fwsim__teller t = fwsim__trust_teller(trust, path);
    fwsim__root there = { 0 };
    fwsim__bytes old;
    int err;

    root_path(trust, path);
    err = fwsim__file_read(&old, path, FWSIM__ROOT_SIZE_MAX, &t);
    if (!err)
        err = fwsim__root_read(&there, (fwsim__span){ old.data, old.size },
                               NULL, &t);
    if (!err && there.head.version < root->head.version)
        err = fwsim__file_write(
            path, (fwsim__span){ bytes->data, bytes->size }, &t);
    fwsim__ring_free(&there.ring);
    free(old.data);
    return err;
}

/** The same, one process after the other. */
static int keep_root(const fwsim_trust *trust, const fwsim__root *root,
                     const fwsim__bytes *bytes)
{
    const fwsim__teller t = fwsim__trust_teller(trust, trust->dir);
    int fd = open(trust->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int err = fd < 0 || flock(fd, LOCK_EX)
                  ? fwsim__refuse(&t, FWSIM_EIO, "%s", strerror(errno))
                  : keep_newest(trust, root, bytes);

    if (fd >= 0)
        close(fd);
    return err;
}

int fwsim_trust_rotate(fwsim_trust *trust, const char *path)
{
    const fwsim__teller t = fwsim__trust_teller(trust, path);
    fwsim__root root = { 0 };
    fwsim__bytes bytes;
    int err;

    if (!trust->root_version)
        return fwsim__refuse(&t, FWSIM_EACCES,
                             "the trust store has no root document to replace; "
                             "put the first one there as root.fwb");
    err = fwsim__file_read(&bytes, path, FWSIM__ROOT_SIZE_MAX, &t);
    if (!err)
        err = fwsim__root_read(&root, (fwsim__span){ bytes.data, bytes.size },
                               &trust->ring, &t);
    if (!err)
        err = check_next(trust, &root.head, &t);
    if (!err)
        err = keep_root(trust, &root, &bytes);
    if (!err)
        err = fwsim__seen_put(trust->seen, FWSIM_KEY_ROLE_ROOT, root.head.name,
                              root.head.version, &t);
    if (!err)
        take_root(trust, &root);
    else
        fwsim__ring_free(&root.ring);
    free(bytes.data);
    return err;
}

/* ------------------------------------------------------------------ */
/* Opening                                                              */
/* ------------------------------------------------------------------ */

static bool copy(char **out, const char *text)
{
    *out = text ? strdup(text) : NULL;
    return *out || !text;
}

static int fill(fwsim_trust *trust, const fwsim_trust_options *opt)
{
    char path[PATH_SIZE];
    int err = 0;

    for (size_t i = 0; i < FWSIM_KEY_ROLES; i++)
        trust->ring.threshold[i] = opt->threshold ? opt->threshold : 1;
    if (trust->dir) {
        root_path(trust, path);
        if (!access(path, F_OK)) {
            const fwsim__teller t = fwsim__trust_teller(trust, path);

            if (opt->keys && *opt->keys)
                fwsim__tell(&t, FWSIM_LOG_WARN,
                            "this root document alone says which keys count: "
                            "%s is not looked at", *opt->keys);
            return open_root(trust, path);
        }
        err = add_folder(trust);
    }
    for (const char *const *key = opt->keys; !err && key && *key; key++)
        err = add_key(trust, *key);
    return err;
}

int fwsim_trust_open(fwsim_trust **out, const fwsim_trust_options *opt)
{
    const fwsim__teller t = { NULL, opt->log, opt->log_user };
    fwsim_trust *trust;
    int err;

    *out = NULL;
    if (!opt->now)
        return fwsim__refuse(&t, FWSIM_EINVAL,
                             "fwsim_trust_options.now is not given");
    trust = calloc(1, sizeof *trust);
    if (!trust || !copy(&trust->dir, opt->dir) ||
        !copy(&trust->seen, opt->seen)) {
        fwsim_trust_free(trust);
        return fwsim__refuse(&t, FWSIM_ENOMEM, "out of memory");
    }
    trust->now = opt->now;
    trust->log = opt->log;
    trust->log_user = opt->log_user;
    err = fill(trust, opt);
    if (err) {
        fwsim_trust_free(trust);
        return err;
    }
    *out = trust;
    return 0;
}

void fwsim_trust_free(fwsim_trust *trust)
{
    if (!trust)
        return;
    fwsim__ring_free(&trust->ring);
    free(trust->dir);
    free(trust->seen);
    free(trust);
}
