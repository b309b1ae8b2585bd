/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Keys of bundles: P-256 in PEM files, ECDSA with SHA-256, by mbedTLS 2.28 or
 * 3.x. A key is known by its id, the SHA-256 of its SubjectPublicKeyInfo in
 * DER. Private keys are never logged, and are wiped when freed.
 */
#ifndef FWSIM_KEY_H
#define FWSIM_KEY_H

#include "bundle/cbor.h"
#include "bundle/refusal.h"

enum {
    FWSIM__SHA256 = 32,    /* bytes of a hash, and of a key id */
    FWSIM__SIGNATURE = 64, /* r and s, big-endian (RFC 9053, section 2.1) */
    FWSIM__SPKI = 91       /* bytes of a public key in DER */
};

typedef struct fwsim__key fwsim__key;

/** @return false when mbedTLS fails */
bool fwsim__sha256(fwsim__span data, uint8_t hash[FWSIM__SHA256]);

/** "0123...": @a text has room for 2 * size + 1. */
void fwsim__hex(const uint8_t *data, size_t size, char *text);

/**
 * A public key from PEM or DER, or a private one.
 * @param passphrase  of an encrypted private key; NULL: none
 * @return 0; FWSIM_EFORMAT, FWSIM_EACCES (passphrase), FWSIM_ENOTSUP (another
 *         kind of key), FWSIM_ENOMEM, all told
 */
int fwsim__key_public(fwsim__key **out, fwsim__span bytes,
                      const fwsim__teller *t);
int fwsim__key_private(fwsim__key **out, fwsim__span bytes,
                       const char *passphrase, const fwsim__teller *t);

/** A new private key from the randomness of the operating system. */
int fwsim__key_new(fwsim__key **out, const fwsim__teller *t);
void fwsim__key_free(fwsim__key *key);

const uint8_t *fwsim__key_id(const fwsim__key *key);
/** Its public half in DER. */
fwsim__span fwsim__key_spki(const fwsim__key *key);

/** PEM, with a zero byte behind it. @return bytes; 0: @a buf is too small */
size_t fwsim__key_pem(const fwsim__key *key, bool private_half, char *buf,
                      size_t size);

int fwsim__key_sign(fwsim__key *key, fwsim__span data,
                    uint8_t signature[FWSIM__SIGNATURE],
                    const fwsim__teller *t);
bool fwsim__key_verifies(const fwsim__key *key, fwsim__span data,
                         fwsim__span signature);

#endif
