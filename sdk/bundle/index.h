/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The signed index of a repository: which bundles there are, in which version,
 * and what they hash to.
 */
#ifndef FWSIM_INDEX_H
#define FWSIM_INDEX_H

#include "bundle/document.h"

enum { FWSIM__INDEX_BUNDLES_MAX = 4096, FWSIM__INDEX_SIZE_MAX = 2 << 20 };

/** A bundle of a repository. */
typedef struct fwsim__repo_entry {
    fwsim__span name;
    fwsim__span sha256; /* 32 bytes */
    uint64_t size, version, expires;
} fwsim__repo_entry;

typedef struct fwsim__repo_index {
    fwsim__head head;
    fwsim__repo_entry *entries; /* in order of name */
    size_t count;
    fwsim__bytes file; /* what the spans point into */
} fwsim__repo_index;

/** The order of names in an index: that of their bytes. */
bool fwsim__index_before(fwsim__span a, fwsim__span b);

/**
 * Verify and read an index. It takes the bytes over, also on error.
 * @return as fwsim_bundle_open
 */
int fwsim__index_read(fwsim__repo_index *out, fwsim__bytes *file,
                      const fwsim_trust *trust, const fwsim__teller *t);
/** Read a payload whose signatures were checked into a zeroed index.
 * @return the same; the index is to be freed also then */
int fwsim__index_payload_read(fwsim__repo_index *out, fwsim__span payload,
                              const fwsim__teller *t);
void fwsim__index_free(fwsim__repo_index *index);

/** The entry of a name; NULL after telling the nearest one. */
const fwsim__repo_entry *fwsim__index_find(const fwsim__repo_index *index,
                                            const char *name,
                                            const fwsim__teller *t);

/** Write an index with these entries, in order of name, and sign it. */
int fwsim__index_write(const char *path, const char *name, uint64_t version,
                       uint64_t created, uint64_t expires,
                       const fwsim__repo_entry *entries, size_t count,
                       fwsim_key *key, const fwsim__teller *t);

#endif
