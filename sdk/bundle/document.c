/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Signed documents, see document.h.
 */
#include "bundle/document.h"
#include "bundle/file.h"
#include "bundle/signing.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

const char *fwsim__content_type(fwsim_key_role role)
{
    static const char *const types[] = {
#define X(name, text) "application/vnd.fwsim." text "+cbor",
        FWSIM_ROLE_KEY_MAP(X)
#undef X
    };

    return types[role];
}

static const char *role_name(fwsim_key_role role)
{
    static const char *const names[] = {
#define X(name, text) text,
        FWSIM_ROLE_KEY_MAP(X)
#undef X
    };

    return names[role];
}

bool fwsim__is_name(fwsim__span name)
{
    if (name.size < 1 || name.size > FWSIM__NAME_MAX || name.data[0] == '.')
        return false;
    for (size_t i = 0; i < name.size; i++) {
        char c = (char)name.data[i];

        if (!(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') &&
            !(c >= '0' && c <= '9') && c != '.' && c != '_' && c != '-')
            return false;
    }
    return true;
}

/* ------------------------------------------------------------------ */
/* Keys                                                                 */
/* ------------------------------------------------------------------ */

void fwsim__ring_free(fwsim__ring *ring)
{
    for (size_t i = 0; i < ring->count; i++)
        fwsim__key_free(ring->keys[i]);
    *ring = (fwsim__ring){ 0 };
}

/** The key of an id; FWSIM__KEYS_MAX: none. */
static size_t ring_find(const fwsim__ring *ring, fwsim__span id)
{
    for (size_t i = 0; i < ring->count; i++) {
        const fwsim__span known = { fwsim__key_id(ring->keys[i]),
                                    FWSIM__SHA256 };

        if (fwsim__span_equal(known, id))
            return i;
    }
    return FWSIM__KEYS_MAX;
}

int fwsim__ring_add(fwsim__ring *ring, fwsim__key *key, size_t *index,
                    const fwsim__teller *t)
{
    const fwsim__span id = { fwsim__key_id(key), FWSIM__SHA256 };
    size_t i = ring_find(ring, id);

    if (i == FWSIM__KEYS_MAX && ring->count == FWSIM__KEYS_MAX) {
        fwsim__key_free(key);
        return fwsim__refuse(t, FWSIM_ENOSPC, "more than %d keys",
                             FWSIM__KEYS_MAX);
    }
    if (i == FWSIM__KEYS_MAX) {
        i = ring->count++;
        ring->keys[i] = key;
    } else {
        fwsim__key_free(key);
    }
    *index = i;
    return 0;
}

/* ------------------------------------------------------------------ */
/* Signatures                                                           */
/* ------------------------------------------------------------------ */

/** The key that made a signature, when it did. */
static int check_signature(const fwsim__envelope *e, size_t i,
                           const fwsim__ring *ring, size_t *key,
                           const fwsim__teller *t)
{
    const fwsim__signed *s = &e->signatures[i];
    char id[2 * FWSIM__SHA256 + 1];
    int err;

    if (s->key_id.size != FWSIM__SHA256)
        return fwsim__refuse(t, FWSIM_EFORMAT, "the id of a key is a SHA-256");
    fwsim__hex(s->key_id.data, FWSIM__SHA256, id);
    *key = ring_find(ring, s->key_id);
    if (*key == FWSIM__KEYS_MAX)
        return fwsim__refuse(t, FWSIM_EACCES,
                             "signed by %s, a key that is not trusted; put its "
                             "public half into the trust store if it should be",
                             id);
    err = fwsim__envelope_verify(e, i, ring->keys[*key]);
    if (err == FWSIM_ENOMEM)
        return fwsim__refuse(t, err, "out of memory");
    if (err)
        return fwsim__refuse(t, err,
                             "the signature of %s is wrong: the document was "
                             "changed or damaged",
                             id);
    return 0;
}

int fwsim__document_verify(fwsim__envelope *e, fwsim__span bytes,
                           fwsim_key_role role, const fwsim__ring *ring,
                           fwsim_signer *signers, const fwsim__teller *t)
{
    const char *type = fwsim__content_type(role);
    const fwsim__span wanted = { (const uint8_t *)type, strlen(type) };
    uint64_t counted = 0; /* a bit a key */
    unsigned count = 0;
    int err = fwsim__envelope_read(e, bytes, t);

    if (err)
        return err;
    if (!fwsim__span_equal(e->content_type, wanted))
        return fwsim__refuse(t, FWSIM_EFORMAT, "this is no %s document",
                             role_name(role));
    for (size_t i = 0; i < e->signature_count; i++) {
        size_t key = 0;
        bool counts;

        err = check_signature(e, i, ring, &key, t);
        if (err)
            return err;
        if (counted >> key & 1)
            return fwsim__refuse(t, FWSIM_EFORMAT, "a key has signed twice");
        counts = ring->role[role] >> key & 1;
        counted |= (uint64_t)1 << key;
        count += counts;
        if (signers) {
            fwsim__hex(e->signatures[i].key_id.data, FWSIM__SHA256,
                       signers[i].key_id);
            signers[i].counts = counts;
        }
    }
    if (count < ring->threshold[role])
        return fwsim__refuse(t, FWSIM_EACCES,
                             "%u of %u signatures that a %s needs", count,
                             ring->threshold[role], role_name(role));
    return 0;
}

/* ------------------------------------------------------------------ */
/* Payloads                                                             */
/* ------------------------------------------------------------------ */

static bool critical_item(fwsim__cbor *c, void *into)
{
    fwsim__head *h = into;

    return fwsim__cbor_text(c, &h->critical[h->critical_count++]);
}

bool fwsim__head_critical(fwsim__cbor *c, size_t offset, void *into)
{
    fwsim__head *h = into;

    (void)offset;
    return fwsim__cbor_array(c, sizeof h->critical / sizeof *h->critical,
                             critical_item, h);
}

static bool known(const fwsim__cbor_key *keys, fwsim__span name)
{
    for (; keys->name; keys++) {
        if (strlen(keys->name) == name.size &&
            !memcmp(keys->name, name.data, name.size))
            return true;
    }
    return false;
}

int fwsim__payload_read(fwsim__span payload, const fwsim__cbor_key *keys,
                        void *into, const fwsim__teller *t)
{
    fwsim__head *h = into;
    fwsim__cbor c;

    fwsim__cbor_begin(&c, payload);
    if (!fwsim__cbor_fields(&c, keys, into, NULL) || !fwsim__cbor_end(&c))
        return fwsim__refuse(t, FWSIM_EFORMAT,
                             "at byte %zu of the payload expected %s",
                             c.error_at, c.error);
    if (h->schema != FWSIM__DOCUMENT_SCHEMA)
        return fwsim__refuse(t, FWSIM_ENOTSUP,
                             "schema %" PRIu64 ", and this fwsim knows %d; "
                             "take a newer fwsim",
                             h->schema, FWSIM__DOCUMENT_SCHEMA);
    for (size_t i = 0; i < h->critical_count; i++) {
        if (!known(keys, h->critical[i]))
            return fwsim__refuse(t, FWSIM_ENOTSUP,
                                 "it needs '%.*s', which this fwsim does not "
                                 "know; take a newer fwsim",
                                 (int)h->critical[i].size,
                                 (const char *)h->critical[i].data);
    }
    if (!fwsim__is_name(h->name))
        return fwsim__refuse(t, FWSIM_EFORMAT,
                             "the name is not 1 to %d letters, digits, '.', "
                             "'_' and '-'",
                             FWSIM__NAME_MAX);
    if (h->version < 1 || h->expires <= h->created)
        return fwsim__refuse(t, FWSIM_EFORMAT,
                             "it has no version, or ends before it is made");
    return 0;
}

int fwsim__head_current(const fwsim__head *head, uint64_t now,
                        const fwsim__teller *t)
{
    if (now < head->expires)
        return 0;
    return fwsim__refuse(t, FWSIM_EACCES,
                         "expired %" PRIu64 " days ago; a newer version is "
                         "needed",
                         (now - head->expires) / 86400);
}

int fwsim__head_check(const char *name, uint64_t version, uint64_t created,
                      uint64_t expires, const fwsim__teller *t)
{
    const char *text = name ? name : "";

    if (!fwsim__is_name((fwsim__span){ (const uint8_t *)text, strlen(text) }))
        return fwsim__refuse(t, FWSIM_EINVAL,
                             "'%.80s' is no name: 1 to %d letters, digits, "
                             "'.', '_' and '-', no dot first",
                             text, FWSIM__NAME_MAX);
    if (version < 1)
        return fwsim__refuse(t, FWSIM_EINVAL, "versions begin with 1");
    if (expires <= created)
        return fwsim__refuse(t, FWSIM_EINVAL,
                             "it would expire before it is created");
    return 0;
}

int fwsim__document_make(fwsim__bytes *out, fwsim_key_role role,
                         fwsim__cbor_writer *payload, fwsim_key *key,
                         const fwsim__teller *t)
{
    const fwsim__span bytes = { payload->out.data, payload->out.size };
    int err = payload->failed
                  ? fwsim__refuse(t, FWSIM_ENOMEM, "out of memory")
                  : fwsim__envelope_write(out, fwsim__content_type(role), bytes,
                                          fwsim__signing_key(key), t);

    free(payload->out.data);
    *payload = (fwsim__cbor_writer){ 0 };
    return err;
}

int fwsim__document_write(const char *path, fwsim_key_role role,
                          fwsim__cbor_writer *payload, fwsim_key *key,
                          const fwsim__teller *t)
{
    fwsim__bytes out = { 0 };
    int err = fwsim__document_make(&out, role, payload, key, t);

    if (!err)
        err = fwsim__file_write(path, (fwsim__span){ out.data, out.size }, t);
    free(out.data);
    return err;
}
