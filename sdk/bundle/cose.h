/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The envelope of a document: COSE_Sign1 (RFC 9052, section 4.2) with ES256.
 * Further signatures are countersignatures, version 2 (RFC 9338, section 3.3),
 * so that one can be added to a document that has been signed.
 *
 *     18([ << { 1: -7, 3: content type, 4: key id } >>,
 *          { ? 11: countersignature / [ + countersignature ] },
 *          payload, signature ])
 *
 *     countersignature = [ << { 1: -7, 4: key id } >>, {}, signature ]
 *
 * Nothing else is taken: every byte of an envelope is signed or is a
 * signature, or has one possible value.
 */
#ifndef FWSIM_COSE_H
#define FWSIM_COSE_H

#include "bundle/key.h"

enum { FWSIM__SIGNATURES = 16 }; /* of one document, at most */

/** A signature, as far as the envelope says. */
typedef struct fwsim__signed {
    fwsim__span protected_header;
    fwsim__span key_id;
    fwsim__span signature;
} fwsim__signed;

/** An envelope that was read; points into its bytes. */
typedef struct fwsim__envelope {
    fwsim__span content_type; /* empty: none */
    fwsim__span payload;
    fwsim__signed signatures[FWSIM__SIGNATURES]; /* that of Sign1 first */
    size_t signature_count;
} fwsim__envelope;

/** Take an envelope apart. Nothing is verified yet.
 * @return 0 or FWSIM_EFORMAT, which is told */
int fwsim__envelope_read(fwsim__envelope *out, fwsim__span bytes,
                         const fwsim__teller *t);

/** Does the signature number @a i come from this key?
 * @return 0; FWSIM_EACCES when it does not; FWSIM_ENOMEM; untold */
int fwsim__envelope_verify(const fwsim__envelope *e, size_t i,
                           const fwsim__key *key);

/** Make an envelope. @return 0; FWSIM_EACCES, FWSIM_ENOMEM, told */
int fwsim__envelope_write(fwsim__bytes *out, const char *content_type,
                          fwsim__span payload, fwsim__key *key,
                          const fwsim__teller *t);

/** Add a countersignature: the envelope in @a bytes with one more.
 * @return as above; FWSIM_ENOSPC; FWSIM_EINVAL: the key has signed already */
int fwsim__envelope_countersign(fwsim__bytes *out, fwsim__span bytes,
                                fwsim__key *key, const fwsim__teller *t);

#endif
