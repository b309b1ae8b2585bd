/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Keys in files: made, opened, and used to sign documents.
 */
#include "bundle/signing.h"
#include "bundle/cose.h"
#include "bundle/file.h"

#include <mbedtls/platform_util.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { KEY_FILE_MAX = 16 << 10 };

struct fwsim_key {
    fwsim__key *key;
    char id[FWSIM_KEY_ID_TEXT];
};

fwsim__key *fwsim__signing_key(fwsim_key *key)
{
    return key->key;
}

static void wipe(fwsim__bytes *b)
{
    if (b->data)
        mbedtls_platform_zeroize(b->data, b->capacity);
    free(b->data);
}

int fwsim__public_key_open(fwsim__key **out, const char *path,
                           const fwsim__teller *t)
{
    fwsim__teller here = { path, t->log, t->log_user };
    fwsim__bytes bytes;
    int err = fwsim__file_read(&bytes, path, KEY_FILE_MAX, &here);

    *out = NULL;
    if (!err)
        err = fwsim__key_public(out, (fwsim__span){ bytes.data, bytes.size },
                                &here);
    free(bytes.data);
    return err;
}

int fwsim_key_open(fwsim_key **out, const char *path, const char *passphrase,
                   fwsim_log_fn log, void *log_user)
{
    const fwsim__teller t = { path, log, log_user };
    fwsim_key *key = calloc(1, sizeof *key);
    fwsim__bytes bytes = { 0 };
    int err = key ? fwsim__file_read(&bytes, path, KEY_FILE_MAX, &t)
                  : FWSIM_ENOMEM;

    *out = NULL;
    if (!err)
        err = fwsim__key_private(&key->key,
                                 (fwsim__span){ bytes.data, bytes.size },
                                 passphrase, &t);
    wipe(&bytes);
    if (err) {
        fwsim_key_free(key);
        return err;
    }
    fwsim__hex(fwsim__key_id(key->key), FWSIM__SHA256, key->id);
    *out = key;
    return 0;
}

const char *fwsim_key_id(const fwsim_key *key)
{
    return key->id;
}

void fwsim_key_free(fwsim_key *key)
{
    if (!key)
        return;
    fwsim__key_free(key->key);
    free(key);
}

static int write_half(const fwsim__key *key, bool private_half,
                      const char *path, fwsim_log_fn log, void *log_user)
{
    const fwsim__teller t = { path, log, log_user };
    char pem[1024];
    size_t size = fwsim__key_pem(key, private_half, pem, sizeof pem);
    int err = size ? fwsim__file_create(
                         path, private_half ? 0600 : 0644,
                         (fwsim__span){ (const uint8_t *)pem, size }, &t)
                   : FWSIM_ENOMEM;

    mbedtls_platform_zeroize(pem, sizeof pem);
    return err;
}

int fwsim_key_generate(const char *private_path, const char *public_path,
                       char *id, fwsim_log_fn log, void *log_user)
{
    const fwsim__teller t = { private_path, log, log_user };
    fwsim__key *key;
    int err = fwsim__key_new(&key, &t);

    if (err)
        return err;
    err = write_half(key, true, private_path, log, log_user);
    if (!err) {
        err = write_half(key, false, public_path, log, log_user);
        if (err)
            remove(private_path);
    }
    if (!err && id)
        fwsim__hex(fwsim__key_id(key), FWSIM__SHA256, id);
    fwsim__key_free(key);
    return err;
}

int fwsim_document_sign(const char *path, const char *to, fwsim_key *key,
                        fwsim_log_fn log, void *log_user)
{
    const fwsim__teller from = { path, log, log_user };
    const fwsim__teller into = { to, log, log_user };
    fwsim__bytes bytes, out = { 0 };
    int err = fwsim__file_read(&bytes, path, FWSIM_BUNDLE_SIZE_MAX, &from);

    if (!err)
        err = fwsim__envelope_countersign(
            &out, (fwsim__span){ bytes.data, bytes.size }, key->key, &from);
    if (!err)
        err = fwsim__file_write(to, (fwsim__span){ out.data, out.size }, &into);
    free(bytes.data);
    free(out.data);
    return err;
}
