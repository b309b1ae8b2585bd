/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reading bundles. docs/model-bundle.md has the format.
 */
#include "bundle/bundle.h"
#include "bundle/file.h"
#include "bundle/seen.h"
#include "bundle/trust.h"

#include <stdlib.h>
#include <string.h>

/** A part while it is read. */
typedef struct part_text {
    fwsim__span kind, licence, provenance, data;
} part_text;

/** A payload while it is read. */
typedef struct bundle_text {
    fwsim__head head;
    fwsim__span soc, vendor, device, cpu;
    part_text parts[FWSIM_BUNDLE_PARTS_MAX];
    size_t part_count;
} bundle_text;

/* ------------------------------------------------------------------ */
/* The payload                                                          */
/* ------------------------------------------------------------------ */

static bool part_item(fwsim__cbor *c, void *into)
{
    static const fwsim__cbor_key keys[] = {
        { "data", fwsim__cbor_text_member, offsetof(part_text, data), true },
        { "kind", fwsim__cbor_text_member, offsetof(part_text, kind), true },
        { "licence", fwsim__cbor_text_member, offsetof(part_text, licence),
          true },
        { "provenance", fwsim__cbor_text_member,
          offsetof(part_text, provenance), true },
        { 0 }
    };
    bundle_text *b = into;

    return fwsim__cbor_fields(c, keys, &b->parts[b->part_count++], NULL);
}

static bool read_parts(fwsim__cbor *c, size_t offset, void *into)
{
    (void)offset;
    return fwsim__cbor_array(c, FWSIM_BUNDLE_PARTS_MAX, part_item, into);
}

static bool read_target(fwsim__cbor *c, size_t offset, void *into)
{
#define TARGET(name)                                                           \
    { #name, fwsim__cbor_text_member, offsetof(bundle_text, name), false }
    static const fwsim__cbor_key keys[] = { TARGET(cpu), TARGET(soc),
                                            TARGET(device), TARGET(vendor),
                                            { 0 } };
#undef TARGET

    (void)offset;
    return fwsim__cbor_fields(c, keys, into, NULL);
}

static const fwsim__cbor_key bundle_keys[] = {
    FWSIM__HEAD_KEYS,
    { "for", read_target, 0, true },
    { "parts", read_parts, 0, true },
    { 0 }
};

/* ------------------------------------------------------------------ */
/* The handle                                                           */
/* ------------------------------------------------------------------ */

/** Copy a text behind the others, with a zero byte. NULL for none. */
static const char *keep(char **at, fwsim__span text)
{
    char *copy = *at;

    if (!text.data)
        return NULL;
    memcpy(copy, text.data, text.size);
    copy[text.size] = '\0';
    *at += text.size + 1;
    return copy;
}

/** Bytes that the texts need: they are all in the payload, a head before each
 * has room for the zero byte. */
static int keep_all(fwsim_bundle *b, const bundle_text *t, size_t payload_size)
{
    char *at = b->texts = malloc(payload_size + 1);

    if (!at)
        return FWSIM_ENOMEM;
    b->info.name = keep(&at, t->head.name);
    b->info.version = t->head.version;
    b->info.created = t->head.created;
    b->info.expires = t->head.expires;
    b->info.target = (fwsim_bundle_target){
        .soc = keep(&at, t->soc),
        .vendor = keep(&at, t->vendor),
        .device = keep(&at, t->device),
        .cpu = keep(&at, t->cpu),
    };
    for (size_t i = 0; i < t->part_count; i++) {
        b->parts[i].licence = keep(&at, t->parts[i].licence);
        b->parts[i].provenance = keep(&at, t->parts[i].provenance);
        b->parts[i].data = t->parts[i].data.data;
        b->parts[i].size = t->parts[i].data.size;
    }
    b->info.parts = b->parts;
    b->info.part_count = t->part_count;
    return 0;
}

static int find_kinds(fwsim_bundle *b, const bundle_text *t,
                      const fwsim__teller *teller)
{
    for (size_t i = 0; i < t->part_count; i++) {
        const fwsim__span kind = t->parts[i].kind;

        b->parts[i].kind = fwsim__part_kind(kind);
        if (b->parts[i].kind == FWSIM_PART_KINDS)
            return fwsim__refuse(teller, FWSIM_ENOTSUP,
                                 "part %zu is of the kind '%.*s', which this "
                                 "fwsim does not know; take a newer fwsim",
                                 i + 1, (int)kind.size,
                                 (const char *)kind.data);
    }
    return 0;
}

int fwsim__bundle_payload_read(fwsim_bundle *b, fwsim__span payload,
                               const fwsim_trust *trust,
                               const fwsim__teller *teller)
{
    bundle_text *t = calloc(1, sizeof *t);
    int err = t ? fwsim__payload_read(payload, bundle_keys, t, teller)
                : FWSIM_ENOMEM;

    if (!err)
        err = fwsim__head_current(&t->head, trust->now, teller);
    if (!err)
        err = fwsim__seen_check(trust->seen, FWSIM_KEY_ROLE_BUNDLE, &t->head,
                                teller);
    if (!err)
        err = find_kinds(b, t, teller);
    if (!err)
        err = keep_all(b, t, payload.size);
    if (!err)
        err = fwsim__contents_read(&b->contents, &b->info, teller);
    free(t);
    return err;
}

/** Fill a handle from its bytes. */
static int fill(fwsim_bundle *b, size_t size, const fwsim_trust *trust,
                const fwsim__teller *teller)
{
    const fwsim__span bytes = { b->bytes, size };
    uint8_t hash[FWSIM__SHA256];
    fwsim__envelope e;
    int err = fwsim__trust_current(trust, teller);

    if (!err)
        err = fwsim__document_verify(&e, bytes, FWSIM_KEY_ROLE_BUNDLE,
                                     &trust->ring, b->signers, teller);
    if (err)
        return err;
    b->info.signers = b->signers;
    b->info.signer_count = e.signature_count;
    b->info.size = size;
    if (!fwsim__sha256(bytes, hash))
        return FWSIM_ENOMEM;
    fwsim__hex(hash, sizeof hash, b->info.sha256);
    return fwsim__bundle_payload_read(b, e.payload, trust, teller);
}

/** Make a handle of bytes, which it takes over, also on error. */
static int take(fwsim_bundle **out, const char *name, uint8_t *bytes,
                size_t size, const fwsim_trust *trust)
{
    const fwsim__teller t = fwsim__trust_teller(trust, name);
    fwsim_bundle *b = calloc(1, sizeof *b);
    int err;

    *out = NULL;
    if (!b) {
        free(bytes);
        return fwsim__refuse(&t, FWSIM_ENOMEM, "out of memory");
    }
    b->bytes = bytes;
    err = fill(b, size, trust, &t);
    if (err) {
        fwsim_bundle_free(b);
        return err == FWSIM_ENOMEM
                   ? fwsim__refuse(&t, FWSIM_ENOMEM, "out of memory")
                   : err;
    }
    *out = b;
    return 0;
}

int fwsim_bundle_open(fwsim_bundle **out, const char *path,
                      const fwsim_trust *trust)
{
    const fwsim__teller t = fwsim__trust_teller(trust, path);
    fwsim__bytes bytes;
    int err = fwsim__file_read(&bytes, path, FWSIM_BUNDLE_SIZE_MAX, &t);

    *out = NULL;
    return err ? err : take(out, path, bytes.data, bytes.size, trust);
}

int fwsim_bundle_parse(fwsim_bundle **out, const char *name, const void *data,
                       size_t size, const fwsim_trust *trust)
{
    const fwsim__teller t = fwsim__trust_teller(trust, name);
    uint8_t *copy;

    *out = NULL;
    if (size > FWSIM_BUNDLE_SIZE_MAX)
        return fwsim__refuse(&t, FWSIM_ENOSPC, "larger than %d bytes",
                             FWSIM_BUNDLE_SIZE_MAX);
    copy = malloc(size + 1);
    if (!copy)
        return fwsim__refuse(&t, FWSIM_ENOMEM, "out of memory");
    if (size)
        memcpy(copy, data, size);
    return take(out, name, copy, size, trust);
}

const fwsim_bundle_info *fwsim_bundle_info_get(const fwsim_bundle *bundle)
{
    return &bundle->info;
}

const fwsim_map *fwsim_bundle_map(const fwsim_bundle *bundle)
{
    return bundle->contents.board ? &bundle->contents.board->map : NULL;
}

int fwsim_bundle_remember(const fwsim_bundle *bundle, fwsim_trust *trust)
{
    const fwsim__teller t = fwsim__trust_teller(trust, bundle->info.name);
    const fwsim__span name = { (const uint8_t *)bundle->info.name,
                               strlen(bundle->info.name) };

    return fwsim__seen_put(trust->seen, FWSIM_KEY_ROLE_BUNDLE, name,
                           bundle->info.version, &t);
}

void fwsim_bundle_free(fwsim_bundle *bundle)
{
    if (!bundle)
        return;
    fwsim__contents_free(&bundle->contents);
    free(bundle->texts);
    free(bundle->bytes);
    free(bundle);
}
