/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What was fetched, in a folder:
 *
 *     objects/HH/HASH        bundles, by their SHA-256
 *     index/HASH             the index of a repository, by the hash of its URL;
 *                            before it a line "SHA-256 ETAG"
 *
 * Files appear whole, by renaming, so that several processes can share a
 * cache. Each is hashed when it is read; a damaged one is removed.
 */
#ifndef FWSIM_CACHE_H
#define FWSIM_CACHE_H

#include "bundle/cbor.h"
#include "bundle/refusal.h"

enum { FWSIM__CACHE_PATH = 4096, FWSIM__HASH_TEXT = 65 };

/** Is it a SHA-256 in lower-case hex? */
bool fwsim__is_hash(const char *text);

/** The SHA-256 of bytes in hex. @return false when mbedTLS fails */
bool fwsim__hash_text(fwsim__span bytes, char hash[FWSIM__HASH_TEXT]);

/**
 * A bundle by its hash. The caller frees @a out->data.
 * @return 0; FWSIM_ENOENT when it is not there, or was damaged (told as a
 *         warning); FWSIM_EIO, FWSIM_ENOMEM, told
 */
int fwsim__cache_get(fwsim__bytes *out, const char *cache, const char *hash,
                     const fwsim__teller *t);
/** @return 0; FWSIM_EIO, FWSIM_ENOMEM, told */
int fwsim__cache_put(const char *cache, const char *hash, fwsim__span bytes,
                     const fwsim__teller *t);

/** The index of a repository that was fetched last, with its ETag ("": none).
 * Both are freed by the caller. @return 0; FWSIM_ENOENT, untold; as above */
int fwsim__cache_get_index(fwsim__bytes *out, fwsim__bytes *etag,
                           const char *cache, const char *url,
                           const fwsim__teller *t);
int fwsim__cache_put_index(const char *cache, const char *url,
                           fwsim__span bytes, const char *etag,
                           const fwsim__teller *t);

/** Make a folder and those above it. @return 0; FWSIM_EIO, told */
int fwsim__make_folder(const char *path, const fwsim__teller *t);

#endif
