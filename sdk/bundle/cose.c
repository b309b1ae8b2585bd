/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The envelope of a document, see cose.h.
 */
#include "bundle/cose.h"

#include <stdlib.h>
#include <string.h>

/* RFC 9052, section 3.1 and table 1; RFC 9053, table 1; RFC 9338, table 1. */
enum {
    TAG_SIGN1 = 18,
    LABEL_ALG = 1,
    LABEL_CONTENT_TYPE = 3,
    LABEL_KEY_ID = 4,
    LABEL_COUNTERSIGNATURE = 11,
    ALG_ES256 = -7
};

/* ------------------------------------------------------------------ */
/* Reading                                                              */
/* ------------------------------------------------------------------ */

/** A protected header. */
typedef struct header {
    fwsim__span bytes;
    fwsim__span key_id, content_type;
    bool es256;
} header;

static bool header_item(fwsim__cbor *c, int64_t key, void *into)
{
    header *h = into;
    int64_t alg;

    switch (key) {
    case LABEL_ALG:
        if (!fwsim__cbor_int(c, &alg))
            return false;
        h->es256 = alg == ALG_ES256;
        return h->es256 || fwsim__cbor_fail(c, c->at, "ES256");
    case LABEL_CONTENT_TYPE:
        return fwsim__cbor_text(c, &h->content_type);
    case LABEL_KEY_ID:
        return fwsim__cbor_bytes(c, &h->key_id);
    default:
        return false;
    }
}

static bool read_protected(fwsim__cbor *c, header *h)
{
    size_t at = c->at;
    fwsim__cbor inner;

    *h = (header){ 0 };
    if (!fwsim__cbor_bytes(c, &h->bytes))
        return false;
    fwsim__cbor_begin(&inner, h->bytes);
    if (!fwsim__cbor_map(&inner, header_item, h) || !fwsim__cbor_end(&inner))
        return fwsim__cbor_fail(c, at, inner.error);
    if (!h->es256 || !h->key_id.size)
        return fwsim__cbor_fail(c, at, "a header with algorithm and key id");
    return true;
}

static bool no_label(fwsim__cbor *c, int64_t key, void *into)
{
    (void)c;
    (void)key;
    (void)into;
    return false;
}

static void add_signature(fwsim__envelope *e, const header *h,
                          fwsim__span signature)
{
    e->signatures[e->signature_count++] =
        (fwsim__signed){ h->bytes, h->key_id, signature };
}

static bool countersignature(fwsim__cbor *c, void *into)
{
    fwsim__envelope *e = into;
    fwsim__span signature;
    size_t at = c->at;
    header h;

    if (e->signature_count == FWSIM__SIGNATURES)
        return fwsim__cbor_fail(c, at, "fewer signatures");
    if (!fwsim__cbor_enter(c, 3) || !read_protected(c, &h) ||
        !fwsim__cbor_map(c, no_label, NULL) ||
        !fwsim__cbor_bytes(c, &signature))
        return false;
    fwsim__cbor_leave(c);
    if (h.content_type.data)
        return fwsim__cbor_fail(c, at, "a header without a content type");
    add_signature(e, &h, signature);
    return true;
}

/** One stands alone, several in an array: an array of arrays. */
static bool unprotected_item(fwsim__cbor *c, int64_t key, void *into)
{
    fwsim__cbor ahead = *c;
    size_t at = c->at, count = ((fwsim__envelope *)into)->signature_count;

    if (key != LABEL_COUNTERSIGNATURE)
        return false;
    if (fwsim__cbor_enter(&ahead, 3) && fwsim__cbor_is_bytes(&ahead))
        return countersignature(c, into);
    if (!fwsim__cbor_array(c, FWSIM__SIGNATURES, countersignature, into))
        return false;
    return ((fwsim__envelope *)into)->signature_count >= count + 2 ||
           fwsim__cbor_fail(c, at, "one signature without an array");
}

static bool read_envelope(fwsim__cbor *c, fwsim__envelope *e)
{
    fwsim__span signature;
    uint64_t tag;
    header h;

    if (!fwsim__cbor_tag(c, &tag))
        return false;
    if (tag != TAG_SIGN1)
        return fwsim__cbor_fail(c, 0, "COSE_Sign1, tag 18");
    if (!fwsim__cbor_enter(c, 4) || !read_protected(c, &h))
        return false;
    e->content_type = h.content_type;
    add_signature(e, &h, (fwsim__span){ 0 });
    if (!fwsim__cbor_map(c, unprotected_item, e) ||
        !fwsim__cbor_bytes(c, &e->payload) || !fwsim__cbor_bytes(c, &signature))
        return false;
    fwsim__cbor_leave(c);
    e->signatures[0].signature = signature;
    return fwsim__cbor_end(c);
}

int fwsim__envelope_read(fwsim__envelope *out, fwsim__span bytes,
                         const fwsim__teller *t)
{
    fwsim__cbor c;

    *out = (fwsim__envelope){ 0 };
    fwsim__cbor_begin(&c, bytes);
    if (!read_envelope(&c, out))
        return fwsim__refuse(t, FWSIM_EFORMAT,
                             "not a signed document: at byte %zu of its "
                             "envelope expected %s",
                             c.error_at, c.error);
    return 0;
}

/* ------------------------------------------------------------------ */
/* Signatures                                                           */
/* ------------------------------------------------------------------ */

/** Sig_structure (RFC 9052, 4.4). */
static void put_signature1(fwsim__cbor_writer *w, fwsim__span header_bytes,
                           fwsim__span payload)
{
    fwsim__cbor_put_array(w, 4);
    fwsim__cbor_put_text(w, "Signature1");
    fwsim__cbor_put_bytes(w, header_bytes.data, header_bytes.size);
    fwsim__cbor_put_bytes(w, NULL, 0); /* external_aad */
    fwsim__cbor_put_bytes(w, payload.data, payload.size);
}

/** Countersign_structure (RFC 9338, 3.3) over a Sign1. */
static void put_countersign(fwsim__cbor_writer *w, const fwsim__envelope *e,
                            fwsim__span header_bytes)
{
    const fwsim__signed *first = &e->signatures[0];

    fwsim__cbor_put_array(w, 6);
    fwsim__cbor_put_text(w, "CounterSignatureV2");
    fwsim__cbor_put_bytes(w, first->protected_header.data,
                          first->protected_header.size);
    fwsim__cbor_put_bytes(w, header_bytes.data, header_bytes.size);
    fwsim__cbor_put_bytes(w, NULL, 0);
    fwsim__cbor_put_bytes(w, e->payload.data, e->payload.size);
    fwsim__cbor_put_array(w, 1);
    fwsim__cbor_put_bytes(w, first->signature.data, first->signature.size);
}

int fwsim__envelope_verify(const fwsim__envelope *e, size_t i,
                           const fwsim__key *key)
{
    const fwsim__signed *s = &e->signatures[i];
    fwsim__cbor_writer w = { 0 };
    int err = FWSIM_ENOMEM;

    if (i == 0)
        put_signature1(&w, s->protected_header, e->payload);
    else
        put_countersign(&w, e, s->protected_header);
    if (!w.failed)
        err = fwsim__key_verifies(key,
                                  (fwsim__span){ w.out.data, w.out.size },
                                  s->signature)
                  ? 0
                  : FWSIM_EACCES;
    free(w.out.data);
    return err;
}

/* ------------------------------------------------------------------ */
/* Writing                                                              */
/* ------------------------------------------------------------------ */

static void put_header(fwsim__cbor_writer *w, const char *content_type,
                       const fwsim__key *key)
{
    fwsim__cbor_put_map(w, content_type ? 3 : 2);
    fwsim__cbor_put_int(w, LABEL_ALG);
    fwsim__cbor_put_int(w, ALG_ES256);
    if (content_type) {
        fwsim__cbor_put_int(w, LABEL_CONTENT_TYPE);
        fwsim__cbor_put_text(w, content_type);
    }
    fwsim__cbor_put_int(w, LABEL_KEY_ID);
    fwsim__cbor_put_bytes(w, fwsim__key_id(key), FWSIM__SHA256);
}

static fwsim__span span_of(const fwsim__cbor_writer *w)
{
    return (fwsim__span){ w->out.data, w->out.size };
}

static int no_memory(const fwsim__teller *t)
{
    return fwsim__refuse(t, FWSIM_ENOMEM, "out of memory");
}

/** Give what was written away, or free it. */
static int give(fwsim__bytes *out, fwsim__cbor_writer *w, int err,
                const fwsim__teller *t)
{
    if (!err && w->failed)
        err = no_memory(t);
    if (err) {
        free(w->out.data);
        w->out = (fwsim__bytes){ 0 };
    }
    *out = w->out;
    return err;
}

int fwsim__envelope_write(fwsim__bytes *out, const char *content_type,
                          fwsim__span payload, fwsim__key *key,
                          const fwsim__teller *t)
{
    fwsim__cbor_writer head = { 0 }, signs = { 0 }, w = { 0 };
    uint8_t signature[FWSIM__SIGNATURE];
    int err;

    put_header(&head, content_type, key);
    put_signature1(&signs, span_of(&head), payload);
    err = head.failed || signs.failed
              ? no_memory(t)
              : fwsim__key_sign(key, span_of(&signs), signature, t);
    if (!err) {
        fwsim__cbor_put_tag(&w, TAG_SIGN1);
        fwsim__cbor_put_array(&w, 4);
        fwsim__cbor_put_bytes(&w, head.out.data, head.out.size);
        fwsim__cbor_put_map(&w, 0);
        fwsim__cbor_put_bytes(&w, payload.data, payload.size);
        fwsim__cbor_put_bytes(&w, signature, sizeof signature);
    }
    free(head.out.data);
    free(signs.out.data);
    return give(out, &w, err, t);
}

static void put_one(fwsim__cbor_writer *w, fwsim__span header_bytes,
                    fwsim__span signature)
{
    fwsim__cbor_put_array(w, 3);
    fwsim__cbor_put_bytes(w, header_bytes.data, header_bytes.size);
    fwsim__cbor_put_map(w, 0);
    fwsim__cbor_put_bytes(w, signature.data, signature.size);
}

/** The envelope again, with one more signature. */
static void put_countersigned(fwsim__cbor_writer *w, const fwsim__envelope *e,
                              fwsim__span header_bytes, fwsim__span signature)
{
    const fwsim__signed *first = &e->signatures[0];

    fwsim__cbor_put_tag(w, TAG_SIGN1);
    fwsim__cbor_put_array(w, 4);
    fwsim__cbor_put_bytes(w, first->protected_header.data,
                          first->protected_header.size);
    fwsim__cbor_put_map(w, 1);
    fwsim__cbor_put_int(w, LABEL_COUNTERSIGNATURE);
    if (e->signature_count > 1)
        fwsim__cbor_put_array(w, e->signature_count);
    for (size_t i = 1; i < e->signature_count; i++)
        put_one(w, e->signatures[i].protected_header,
                e->signatures[i].signature);
    put_one(w, header_bytes, signature);
    fwsim__cbor_put_bytes(w, e->payload.data, e->payload.size);
    fwsim__cbor_put_bytes(w, first->signature.data, first->signature.size);
}

int fwsim__envelope_countersign(fwsim__bytes *out, fwsim__span bytes,
                                fwsim__key *key, const fwsim__teller *t)
{
    fwsim__cbor_writer head = { 0 }, signs = { 0 }, w = { 0 };
    uint8_t signature[FWSIM__SIGNATURE];
    fwsim__span id = { fwsim__key_id(key), FWSIM__SHA256 };
    fwsim__envelope e;
    int err = fwsim__envelope_read(&e, bytes, t);

    *out = (fwsim__bytes){ 0 };
    if (err)
        return err;
    for (size_t i = 0; i < e.signature_count; i++) {
        if (fwsim__span_equal(e.signatures[i].key_id, id))
            return fwsim__refuse(t, FWSIM_EINVAL,
                                 "this key has signed it already");
    }
    if (e.signature_count == FWSIM__SIGNATURES)
        return fwsim__refuse(t, FWSIM_ENOSPC, "it has %d signatures already",
                             FWSIM__SIGNATURES);
    put_header(&head, NULL, key);
    put_countersign(&signs, &e, span_of(&head));
    err = head.failed || signs.failed
              ? no_memory(t)
              : fwsim__key_sign(key, span_of(&signs), signature, t);
    if (!err)
        put_countersigned(&w, &e, span_of(&head),
                          (fwsim__span){ signature, sizeof signature });
    free(head.out.data);
    free(signs.out.data);
    return give(out, &w, err, t);
}
