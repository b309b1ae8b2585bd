/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Root documents: which keys count, for what, and how many are needed. After
 * TUF's root role (https://theupdateframework.github.io/specification, 5.3).
 */
#include "bundle/file.h"
#include "bundle/signing.h"
#include "bundle/trust.h"

#include <stdlib.h>
#include <string.h>

/** A role while it is read: numbers of keys in the list of the document. */
typedef struct role_text {
    uint64_t keys; /* a bit a key */
    uint64_t threshold;
} role_text;

/** A payload while it is read. */
typedef struct root_text {
    fwsim__head head;
    fwsim__span keys[FWSIM__KEYS_MAX];
    size_t key_count;
    role_text roles[FWSIM_KEY_ROLES];
    uint64_t revoked; /* a bit a key */
} root_text;

static bool key_item(fwsim__cbor *c, void *into)
{
    root_text *r = into;

    return fwsim__cbor_bytes(c, &r->keys[r->key_count++]);
}

static bool read_keys(fwsim__cbor *c, size_t offset, void *into)
{
    (void)offset;
    return fwsim__cbor_array(c, FWSIM__KEYS_MAX, key_item, into);
}

static bool number_item(fwsim__cbor *c, void *into)
{
    size_t at = c->at;
    uint64_t n;

    if (!fwsim__cbor_uint(c, &n))
        return false;
    if (n >= FWSIM__KEYS_MAX)
        return fwsim__cbor_fail(c, at, "the number of a key");
    *(uint64_t *)into |= (uint64_t)1 << n;
    return true;
}

static bool read_numbers(fwsim__cbor *c, size_t offset, void *into)
{
    return fwsim__cbor_array(c, FWSIM__KEYS_MAX, number_item,
                             (char *)into + offset);
}

static bool read_role(fwsim__cbor *c, size_t offset, void *into)
{
    static const fwsim__cbor_key keys[] = {
        { "keys", read_numbers, offsetof(role_text, keys), true },
        { "threshold", fwsim__cbor_uint_member, offsetof(role_text, threshold),
          true },
        { 0 }
    };

    return fwsim__cbor_fields(c, keys, (char *)into + offset, NULL);
}

static bool read_roles(fwsim__cbor *c, size_t offset, void *into)
{
    static const fwsim__cbor_key keys[] = {
#define X(name, text)                                                          \
    { text, read_role, FWSIM_KEY_ROLE_##name * sizeof(role_text), true },
        FWSIM_ROLE_KEY_MAP(X)
#undef X
        { 0 }
    };

    return fwsim__cbor_fields(c, keys, (char *)into + offset, NULL);
}

static const fwsim__cbor_key root_keys[] = {
    FWSIM__HEAD_KEYS,
    { "keys", read_keys, 0, true },
    { "roles", read_roles, offsetof(root_text, roles), true },
    { "revoked", read_numbers, offsetof(root_text, revoked), true },
    { 0 }
};

/** The keys of the document as a ring. */
static int make_ring(const root_text *r, fwsim__ring *ring,
                     const fwsim__teller *t)
{
    size_t index;

    for (size_t i = 0; i < r->key_count; i++) {
        fwsim__key *key;
        int err = fwsim__key_public(&key, r->keys[i], t);

        if (err)
            return err;
        if (!fwsim__span_equal(fwsim__key_spki(key), r->keys[i])) {
            fwsim__key_free(key);
            return fwsim__refuse(t, FWSIM_EFORMAT,
                                 "a key is not in the DER form of its id");
        }
        err = fwsim__ring_add(ring, key, &index, t);
        if (err)
            return err;
        if (index != i)
            return fwsim__refuse(t, FWSIM_EFORMAT, "a key stands twice");
    }
    for (size_t i = 0; i < FWSIM_KEY_ROLES; i++) {
        uint64_t able = r->roles[i].keys & ~r->revoked;

        if ((r->roles[i].keys | r->revoked) >> (r->key_count - 1) > 1)
            return fwsim__refuse(t, FWSIM_EFORMAT, "a role has an unknown key");
        if (r->roles[i].threshold < 1 ||
            r->roles[i].threshold > (uint64_t)__builtin_popcountll(able))
            return fwsim__refuse(t, FWSIM_EFORMAT,
                                 "a role needs at least one signature and at "
                                 "most as many as it has keys");
        ring->role[i] = able;
        ring->threshold[i] = (unsigned)r->roles[i].threshold;
    }
    return 0;
}

/** The payload is read before its own signatures are checked: they are by keys
 * that stand in it. Those of the root before it were checked by then, or the
 * document came from the user's own trust store. */
int fwsim__root_payload_read(fwsim__root *out, fwsim__span payload,
                             const fwsim__teller *t)
{
    root_text *r = calloc(1, sizeof *r);
    int err = r ? fwsim__payload_read(payload, root_keys, r, t)
                : FWSIM_ENOMEM;

    if (!err && !r->key_count)
        err = fwsim__refuse(t, FWSIM_EFORMAT, "it has no keys");
    if (!err)
        err = make_ring(r, &out->ring, t);
    if (!err)
        out->head = r->head;
    free(r);
    return err;
}

/** Signatures by keys that only the other of two roots knows do not count
 * against a document: look at those of one ring. */
static int enough_of(const fwsim__envelope *e, const fwsim__ring *ring,
                     const char *whose, const fwsim__teller *t)
{
    unsigned count = 0;

    for (size_t k = 0; k < ring->count; k++) {
        const fwsim__span id = { fwsim__key_id(ring->keys[k]), FWSIM__SHA256 };

        for (size_t i = 0; i < e->signature_count; i++) {
            int err = FWSIM_EACCES;

            if ((ring->role[FWSIM_KEY_ROLE_ROOT] >> k & 1) &&
                fwsim__span_equal(e->signatures[i].key_id, id))
                err = fwsim__envelope_verify(e, i, ring->keys[k]);
            if (err == FWSIM_ENOMEM)
                return fwsim__refuse(t, err, "out of memory");
            if (!err) {
                count++;
                break;
            }
        }
    }
    if (count >= ring->threshold[FWSIM_KEY_ROLE_ROOT])
        return 0;
    return fwsim__refuse(t, FWSIM_EACCES,
                         "%u of %u signatures by root keys of %s", count,
                         ring->threshold[FWSIM_KEY_ROLE_ROOT], whose);
}

int fwsim__root_read(fwsim__root *out, fwsim__span bytes,
                     const fwsim__ring *before, const fwsim__teller *t)
{
    const char *type = fwsim__content_type(FWSIM_KEY_ROLE_ROOT);
    const fwsim__span wanted = { (const uint8_t *)type, strlen(type) };
    fwsim__envelope e;
    int err;

    *out = (fwsim__root){ 0 };
    err = fwsim__envelope_read(&e, bytes, t);
    if (!err && !fwsim__span_equal(e.content_type, wanted))
        err = fwsim__refuse(t, FWSIM_EFORMAT, "this is no root document");
    if (!err && before)
        err = enough_of(&e, before, "the root before it", t);
    if (!err)
        err = fwsim__root_payload_read(out, e.payload, t);
    if (!err)
        err = enough_of(&e, &out->ring, "its own", t);
    if (err)
        fwsim__ring_free(&out->ring);
    return err;
}

/* ------------------------------------------------------------------ */
/* Writing                                                              */
/* ------------------------------------------------------------------ */

/** Open keys and note them. */
static int gather(fwsim__ring *ring, const char *const *paths, uint64_t *bits,
                  const fwsim__teller *t)
{
    *bits = 0;
    for (; paths && *paths; paths++) {
        fwsim__key *key;
        size_t index;
        int err = fwsim__public_key_open(&key, *paths, t);

        if (!err)
            err = fwsim__ring_add(ring, key, &index, t);
        if (err)
            return err;
        *bits |= (uint64_t)1 << index;
    }
    return 0;
}

static void put_numbers(fwsim__cbor_writer *w, uint64_t bits)
{
    fwsim__cbor_put_array(w, (size_t)__builtin_popcountll(bits));
    for (unsigned i = 0; i < FWSIM__KEYS_MAX; i++) {
        if (bits >> i & 1)
            fwsim__cbor_put_uint(w, i);
    }
}

static void put_role(fwsim__cbor_writer *w, const char *name,
                     const fwsim__ring *ring, fwsim_key_role role)
{
    fwsim__cbor_put_text(w, name);
    fwsim__cbor_put_map(w, 2);
    fwsim__cbor_put_text(w, "keys");
    put_numbers(w, ring->role[role]);
    fwsim__cbor_put_text(w, "threshold");
    fwsim__cbor_put_uint(w, ring->threshold[role]);
}

static void put_root(fwsim__cbor_writer *w, const fwsim_root *root,
                     const fwsim__ring *ring, uint64_t revoked)
{
    fwsim__cbor_put_map(w, 8);
    fwsim__cbor_put_text(w, "keys");
    fwsim__cbor_put_array(w, ring->count);
    for (size_t i = 0; i < ring->count; i++) {
        fwsim__span spki = fwsim__key_spki(ring->keys[i]);

        fwsim__cbor_put_bytes(w, spki.data, spki.size);
    }
    fwsim__cbor_put_text(w, "name");
    fwsim__cbor_put_text(w, root->name);
    fwsim__cbor_put_text(w, "roles");
    fwsim__cbor_put_map(w, FWSIM_KEY_ROLES);
    put_role(w, "root", ring, FWSIM_KEY_ROLE_ROOT);
    put_role(w, "index", ring, FWSIM_KEY_ROLE_INDEX);
    put_role(w, "bundle", ring, FWSIM_KEY_ROLE_BUNDLE);
    fwsim__cbor_put_text(w, "schema");
    fwsim__cbor_put_uint(w, FWSIM__DOCUMENT_SCHEMA);
    fwsim__cbor_put_text(w, "created");
    fwsim__cbor_put_uint(w, root->created);
    fwsim__cbor_put_text(w, "expires");
    fwsim__cbor_put_uint(w, root->expires);
    fwsim__cbor_put_text(w, "revoked");
    put_numbers(w, revoked);
    fwsim__cbor_put_text(w, "version");
    fwsim__cbor_put_uint(w, root->version);
}

static int check_roles(const fwsim__ring *ring, uint64_t revoked,
                       const fwsim__teller *t)
{
    for (size_t i = 0; i < FWSIM_KEY_ROLES; i++) {
        unsigned keys =
            (unsigned)__builtin_popcountll(ring->role[i] & ~revoked);

        if (ring->threshold[i] < 1 || ring->threshold[i] > keys)
            return fwsim__refuse(t, FWSIM_EINVAL,
                                 "the threshold of a role is %u, and it has %u "
                                 "keys that are not revoked",
                                 ring->threshold[i], keys);
    }
    return 0;
}

int fwsim_root_write(const char *path, const fwsim_root *root, fwsim_key *key,
                     fwsim_log_fn log, void *log_user)
{
    const fwsim__teller t = { path, log, log_user };
    fwsim__cbor_writer w = { 0 };
    fwsim__ring ring = { 0 };
    uint64_t revoked = 0;
    int err = fwsim__head_check(root->name, root->version, root->created,
                                root->expires, &t);

    for (size_t i = 0; !err && i < FWSIM_KEY_ROLES; i++) {
        err = gather(&ring, root->roles[i].keys, &ring.role[i], &t);
        ring.threshold[i] = root->roles[i].threshold;
    }
    if (!err)
        err = gather(&ring, root->revoked, &revoked, &t);
    if (!err)
        err = check_roles(&ring, revoked, &t);
    if (!err) {
        put_root(&w, root, &ring, revoked);
        err = fwsim__document_write(path, FWSIM_KEY_ROLE_ROOT, &w, key, &t);
    }
    fwsim__ring_free(&ring);
    return err;
}
