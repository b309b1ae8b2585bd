/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Bundles in a build without libcbor and mbedTLS: each function says so.
 */
#include "bundle/refusal.h"
#include "fwsim_repo.h"

static int absent(const char *what, fwsim_log_fn log, void *log_user)
{
    const fwsim__teller t = { what, log, log_user };

    return fwsim__refuse(&t, FWSIM_ENOTSUP,
                         "this fwsim was built without libcbor and mbedTLS");
}

int fwsim_key_generate(const char *private_path, const char *public_path,
                       char *id, fwsim_log_fn log, void *log_user)
{
    (void)public_path;
    (void)id;
    return absent(private_path, log, log_user);
}

int fwsim_key_open(fwsim_key **out, const char *path, const char *passphrase,
                   fwsim_log_fn log, void *log_user)
{
    (void)passphrase;
    *out = NULL;
    return absent(path, log, log_user);
}

const char *fwsim_key_id(const fwsim_key *key)
{
    (void)key;
    return "";
}

void fwsim_key_free(fwsim_key *key)
{
    (void)key;
}

int fwsim_trust_open(fwsim_trust **out, const fwsim_trust_options *opt)
{
    *out = NULL;
    return absent(opt->dir, opt->log, opt->log_user);
}

void fwsim_trust_free(fwsim_trust *trust)
{
    (void)trust;
}

uint64_t fwsim_trust_root_version(const fwsim_trust *trust)
{
    (void)trust;
    return 0;
}

int fwsim_trust_rotate(fwsim_trust *trust, const char *path)
{
    (void)trust;
    return absent(path, NULL, NULL);
}

const char *fwsim_part_kind_name(fwsim_part_kind kind)
{
    (void)kind;
    return "?";
}

int fwsim_bundle_open(fwsim_bundle **out, const char *path,
                      const fwsim_trust *trust)
{
    (void)trust;
    *out = NULL;
    return absent(path, NULL, NULL);
}

int fwsim_bundle_parse(fwsim_bundle **out, const char *name, const void *data,
                       size_t size, const fwsim_trust *trust)
{
    (void)data;
    (void)size;
    (void)trust;
    *out = NULL;
    return absent(name, NULL, NULL);
}

const fwsim_bundle_info *fwsim_bundle_info_get(const fwsim_bundle *bundle)
{
    (void)bundle;
    return NULL;
}

const fwsim_map *fwsim_bundle_map(const fwsim_bundle *bundle)
{
    (void)bundle;
    return NULL;
}

int fwsim_bundle_remember(const fwsim_bundle *bundle, fwsim_trust *trust)
{
    (void)bundle;
    (void)trust;
    return FWSIM_ENOTSUP;
}

void fwsim_bundle_free(fwsim_bundle *bundle)
{
    (void)bundle;
}

int fwsim_bundle_write(const char *path, const fwsim_bundle_info *info,
                       fwsim_key *key, fwsim_log_fn log, void *log_user)
{
    (void)info;
    (void)key;
    return absent(path, log, log_user);
}

int fwsim_document_sign(const char *path, const char *to, fwsim_key *key,
                        fwsim_log_fn log, void *log_user)
{
    (void)to;
    (void)key;
    return absent(path, log, log_user);
}

int fwsim_root_write(const char *path, const fwsim_root *root, fwsim_key *key,
                     fwsim_log_fn log, void *log_user)
{
    (void)root;
    (void)key;
    return absent(path, log, log_user);
}

int fwsim_fetch(const char *url, const char *body, size_t limit, char **out,
                size_t *size, const fwsim_fetch_options *opt)
{
    (void)body;
    (void)limit;
    *out = NULL;
    *size = 0;
    return absent(url, opt->log, opt->log_user);
}

int fwsim_repo_find(fwsim_locked **out, const char *url, const char *name,
                    fwsim_trust *trust, const fwsim_repo_options *opt)
{
    (void)name;
    (void)trust;
    *out = NULL;
    return absent(url, opt->fetch.log, opt->fetch.log_user);
}

void fwsim_locked_free(fwsim_locked *locked)
{
    (void)locked;
}

int fwsim_repo_open(fwsim_bundle **out, const fwsim_locked *locked,
                    fwsim_trust *trust, const fwsim_repo_options *opt)
{
    (void)trust;
    *out = NULL;
    return absent(locked->name, opt->fetch.log, opt->fetch.log_user);
}

bool fwsim_repo_cached(const fwsim_locked *locked, const fwsim_repo_options *opt)
{
    (void)locked;
    (void)opt;
    return false;
}

int fwsim_lock_open(fwsim_lock **out, const char *path, fwsim_log_fn log,
                    void *log_user)
{
    *out = NULL;
    return absent(path, log, log_user);
}

void fwsim_lock_free(fwsim_lock *lock)
{
    (void)lock;
}

const fwsim_locked *fwsim_lock_get(const fwsim_lock *lock, size_t index)
{
    (void)lock;
    (void)index;
    return NULL;
}

int fwsim_lock_put(fwsim_lock *lock, const fwsim_locked *row)
{
    (void)lock;
    (void)row;
    return FWSIM_ENOTSUP;
}

int fwsim_lock_remove(fwsim_lock *lock, const char *name)
{
    (void)lock;
    (void)name;
    return FWSIM_ENOTSUP;
}

int fwsim_lock_save(const fwsim_lock *lock, fwsim_log_fn log, void *log_user)
{
    (void)lock;
    return absent(NULL, log, log_user);
}

int fwsim_repo_publish(const char *dir, const fwsim_publication *publication,
                       fwsim_key *key, fwsim_trust *trust, fwsim_log_fn log,
                       void *log_user)
{
    (void)publication;
    (void)key;
    (void)trust;
    return absent(dir, log, log_user);
}
