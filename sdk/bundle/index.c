/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The signed index of a repository, see index.h.
 */
#include "bundle/index.h"
#include "bundle/seen.h"
#include "bundle/trust.h"

#include <stdlib.h>
#include <string.h>

bool fwsim__index_before(fwsim__span a, fwsim__span b)
{
    size_t common = a.size < b.size ? a.size : b.size;
    int order = memcmp(a.data, b.data, common);

    return order < 0 || (!order && a.size < b.size);
}

static bool entry_item(fwsim__cbor *c, void *into)
{
    static const fwsim__cbor_key keys[] = {
        { "name", fwsim__cbor_text_member, offsetof(fwsim__repo_entry, name),
          true },
        { "size", fwsim__cbor_uint_member, offsetof(fwsim__repo_entry, size),
          true },
        { "sha256", fwsim__cbor_bytes_member,
          offsetof(fwsim__repo_entry, sha256), true },
        { "expires", fwsim__cbor_uint_member,
          offsetof(fwsim__repo_entry, expires), true },
        { "version", fwsim__cbor_uint_member,
          offsetof(fwsim__repo_entry, version), true },
        { 0 }
    };
    fwsim__repo_index *index = into;
    fwsim__repo_entry *e = &index->entries[index->count];
    size_t at = c->at;

    if (!fwsim__cbor_fields(c, keys, e, NULL))
        return false;
    if (!fwsim__is_name(e->name) || e->sha256.size != FWSIM__SHA256)
        return fwsim__cbor_fail(c, at, "a name and a SHA-256");
    if (index->count && !fwsim__index_before(e[-1].name, e->name))
        return fwsim__cbor_fail(c, at, "names in ascending order, each once");
    index->count++;
    return true;
}

static bool read_entries(fwsim__cbor *c, size_t offset, void *into)
{
    (void)offset;
    return fwsim__cbor_array(c, FWSIM__INDEX_BUNDLES_MAX, entry_item, into);
}

static const fwsim__cbor_key index_keys[] = {
    FWSIM__HEAD_KEYS,
    { "bundles", read_entries, 0, true },
    { 0 }
};

int fwsim__index_payload_read(fwsim__repo_index *out, fwsim__span payload,
                              const fwsim__teller *t)
{
    out->entries = calloc(FWSIM__INDEX_BUNDLES_MAX, sizeof *out->entries);
    return out->entries ? fwsim__payload_read(payload, index_keys, out, t)
                        : fwsim__refuse(t, FWSIM_ENOMEM, "out of memory");
}

static int read_verified(fwsim__repo_index *out, const fwsim_trust *trust,
                         const fwsim__teller *t)
{
    const fwsim__span bytes = { out->file.data, out->file.size };
    fwsim__envelope e;
    int err = fwsim__trust_current(trust, t);

    if (!err)
        err = fwsim__document_verify(&e, bytes, FWSIM_KEY_ROLE_INDEX,
                                     &trust->ring, NULL, t);
    if (!err)
        err = fwsim__index_payload_read(out, e.payload, t);
    if (!err)
        err = fwsim__head_current(&out->head, trust->now, t);
    if (!err)
        err = fwsim__seen_check(trust->seen, FWSIM_KEY_ROLE_INDEX, &out->head,
                                t);
    return err;
}

int fwsim__index_read(fwsim__repo_index *out, fwsim__bytes *file,
                      const fwsim_trust *trust, const fwsim__teller *t)
{
    int err;

    *out = (fwsim__repo_index){ .file = *file };
    *file = (fwsim__bytes){ 0 };
    err = read_verified(out, trust, t);
    if (err)
        fwsim__index_free(out);
    return err;
}

void fwsim__index_free(fwsim__repo_index *index)
{
    free(index->entries);
    free(index->file.data);
    *index = (fwsim__repo_index){ 0 };
}

static void tell_nearest(const fwsim__repo_index *index, const char *name,
                         const fwsim__teller *t)
{
    char(*names)[FWSIM__NAME_MAX + 1] = calloc(index->count + 1, sizeof *names);
    const char **list = calloc(index->count + 1, sizeof *list);
    const char *nearest = NULL;

    for (size_t i = 0; names && list && i < index->count; i++) {
        memcpy(names[i], index->entries[i].name.data,
               index->entries[i].name.size);
        list[i] = names[i];
    }
    if (names && list)
        nearest = fwsim_closest(name, list);
    fwsim__refuse(t, FWSIM_ENOENT, "no bundle '%s' there%s%s%s", name,
                  nearest ? "; did you mean '" : "", nearest ? nearest : "",
                  nearest ? "'?" : "");
    free(names);
    free(list);
}

const fwsim__repo_entry *fwsim__index_find(const fwsim__repo_index *index,
                                            const char *name,
                                            const fwsim__teller *t)
{
    const fwsim__span wanted = { (const uint8_t *)name, strlen(name) };

    for (size_t i = 0; i < index->count; i++) {
        if (fwsim__span_equal(index->entries[i].name, wanted))
            return &index->entries[i];
    }
    tell_nearest(index, name, t);
    return NULL;
}

static void put_entry(fwsim__cbor_writer *w, const fwsim__repo_entry *e)
{
    fwsim__cbor_put_map(w, 5);
    fwsim__cbor_put_text(w, "name");
    fwsim__cbor_put_text_n(w, e->name.data, e->name.size);
    fwsim__cbor_put_text(w, "size");
    fwsim__cbor_put_uint(w, e->size);
    fwsim__cbor_put_text(w, "sha256");
    fwsim__cbor_put_bytes(w, e->sha256.data, e->sha256.size);
    fwsim__cbor_put_text(w, "expires");
    fwsim__cbor_put_uint(w, e->expires);
    fwsim__cbor_put_text(w, "version");
    fwsim__cbor_put_uint(w, e->version);
}

int fwsim__index_write(const char *path, const char *name, uint64_t version,
                       uint64_t created, uint64_t expires,
                       const fwsim__repo_entry *entries, size_t count,
                       fwsim_key *key, const fwsim__teller *t)
{
    fwsim__cbor_writer w = { 0 };
    int err = fwsim__head_check(name, version, created, expires, t);

    if (err)
        return err;
    fwsim__cbor_put_map(&w, 6);
    fwsim__cbor_put_text(&w, "name");
    fwsim__cbor_put_text(&w, name);
    fwsim__cbor_put_text(&w, "schema");
    fwsim__cbor_put_uint(&w, FWSIM__DOCUMENT_SCHEMA);
    fwsim__cbor_put_text(&w, "bundles");
    fwsim__cbor_put_array(&w, count);
    for (size_t i = 0; i < count; i++)
        put_entry(&w, &entries[i]);
    fwsim__cbor_put_text(&w, "created");
    fwsim__cbor_put_uint(&w, created);
    fwsim__cbor_put_text(&w, "expires");
    fwsim__cbor_put_uint(&w, expires);
    fwsim__cbor_put_text(&w, "version");
    fwsim__cbor_put_uint(&w, version);
    return fwsim__document_write(path, FWSIM_KEY_ROLE_INDEX, &w, key, t);
}
