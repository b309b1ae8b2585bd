/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Signed documents: what roots, indexes and bundles have in common. The
 * signatures are checked before a byte of the payload is looked at.
 */
#ifndef FWSIM_DOCUMENT_H
#define FWSIM_DOCUMENT_H

#include "bundle/cose.h"
#include "fwsim_bundle.h"

enum {
    FWSIM__DOCUMENT_SCHEMA = 1,
    FWSIM__NAME_MAX = 64, /* bytes of a name */
    FWSIM__KEYS_MAX = 64  /* keys in a trust store or a root document */
};

/** What every payload has. */
typedef struct fwsim__head {
    uint64_t schema, version, created, expires;
    fwsim__span name;
    fwsim__span critical[16]; /* keys that the reader must know */
    uint64_t critical_count;
} fwsim__head;

/* The first rows of the table of a payload whose structure begins with its
 * head. Text keys ascend by length first. */
#define FWSIM__HEAD_KEYS                                                       \
    { "name", fwsim__cbor_text_member, offsetof(fwsim__head, name), true },    \
    { "schema", fwsim__cbor_uint_member, offsetof(fwsim__head, schema), true },\
    { "created", fwsim__cbor_uint_member, offsetof(fwsim__head, created),      \
      true },                                                                  \
    { "expires", fwsim__cbor_uint_member, offsetof(fwsim__head, expires),      \
      true },                                                                  \
    { "version", fwsim__cbor_uint_member, offsetof(fwsim__head, version),      \
      true },                                                                  \
    { "critical", fwsim__head_critical, 0, false }

bool fwsim__head_critical(fwsim__cbor *c, size_t offset, void *into);

/** The content type of the documents of a role. */
const char *fwsim__content_type(fwsim_key_role role);

/** Is it a name: 1 to 64 letters, digits, '.', '_', '-', no dot first? */
bool fwsim__is_name(fwsim__span name);

/** Keys that somebody trusts for some role. */
typedef struct fwsim__ring {
    fwsim__key *keys[FWSIM__KEYS_MAX];
    size_t count;
    /* A bit a key: it may sign documents of the role. */
    uint64_t role[FWSIM_KEY_ROLES];
    unsigned threshold[FWSIM_KEY_ROLES];
} fwsim__ring;

void fwsim__ring_free(fwsim__ring *ring);

/** Add a key, which the ring takes over, also on error; one that is there
 * already is found. @a index  out: its place. @return 0; FWSIM_ENOSPC, told */
int fwsim__ring_add(fwsim__ring *ring, fwsim__key *key, size_t *index,
                    const fwsim__teller *t);

/**
 * Check the signatures of a document of a role. Every one must be right and by
 * a key that is known; as many as the threshold says must be of the role.
 *
 * @param signers  out: FWSIM__SIGNATURES of them; may be NULL
 * @return 0; FWSIM_EFORMAT; FWSIM_EACCES
 */
int fwsim__document_verify(fwsim__envelope *e, fwsim__span bytes,
                           fwsim_key_role role, const fwsim__ring *ring,
                           fwsim_signer *signers, const fwsim__teller *t);

/**
 * Read a payload that was verified.
 *
 * @param keys  its table, which begins with FWSIM__HEAD_KEYS
 * @param into  its structure, which begins with a fwsim__head
 * @return 0; FWSIM_EFORMAT; FWSIM_ENOTSUP for another schema or a critical key
 *         that is not in the table
 */
int fwsim__payload_read(fwsim__span payload, const fwsim__cbor_key *keys,
                        void *into, const fwsim__teller *t);

/** Has it expired? @return 0; FWSIM_EACCES, told */
int fwsim__head_current(const fwsim__head *head, uint64_t now,
                        const fwsim__teller *t);

/** Does a head make sense, for writers? @return 0; FWSIM_EINVAL, told */
int fwsim__head_check(const char *name, uint64_t version, uint64_t created,
                      uint64_t expires, const fwsim__teller *t);

/** Sign a payload. Frees it. @return 0; as fwsim__envelope_write */
int fwsim__document_make(fwsim__bytes *out, fwsim_key_role role,
                         fwsim__cbor_writer *payload, fwsim_key *key,
                         const fwsim__teller *t);

/** The same into a file. */
int fwsim__document_write(const char *path, fwsim_key_role role,
                          fwsim__cbor_writer *payload, fwsim_key *key,
                          const fwsim__teller *t);

#endif
