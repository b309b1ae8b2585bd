/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Writing bundles. Keys are in the order of deterministic CBOR: the shorter
 * one first.
 */
#include "bundle/bundle.h"
#include "bundle/document.h"
#include "bundle/file.h"
#include "bundle/parts.h"

#include <stdlib.h>

static void put_optional(fwsim__cbor_writer *w, const char *key,
                         const char *value)
{
    if (!value)
        return;
    fwsim__cbor_put_text(w, key);
    fwsim__cbor_put_text(w, value);
}

static void put_target(fwsim__cbor_writer *w, const fwsim_bundle_target *t)
{
    fwsim__cbor_put_map(w, (size_t)!!t->cpu + !!t->soc + !!t->device +
                               !!t->vendor);
    put_optional(w, "cpu", t->cpu);
    put_optional(w, "soc", t->soc);
    put_optional(w, "device", t->device);
    put_optional(w, "vendor", t->vendor);
}

static void put_part(fwsim__cbor_writer *w, const fwsim_part *part)
{
    fwsim__cbor_put_map(w, 4);
    fwsim__cbor_put_text(w, "data");
    fwsim__cbor_put_text_n(w, part->data, part->size);
    fwsim__cbor_put_text(w, "kind");
    fwsim__cbor_put_text(w, fwsim_part_kind_name(part->kind));
    fwsim__cbor_put_text(w, "licence");
    fwsim__cbor_put_text(w, part->licence);
    fwsim__cbor_put_text(w, "provenance");
    fwsim__cbor_put_text(w, part->provenance);
}

static void put_bundle(fwsim__cbor_writer *w, const fwsim_bundle_info *info)
{
    fwsim__cbor_put_map(w, 7);
    fwsim__cbor_put_text(w, "for");
    put_target(w, &info->target);
    fwsim__cbor_put_text(w, "name");
    fwsim__cbor_put_text(w, info->name);
    fwsim__cbor_put_text(w, "parts");
    fwsim__cbor_put_array(w, info->part_count);
    for (size_t i = 0; i < info->part_count; i++)
        put_part(w, &info->parts[i]);
    fwsim__cbor_put_text(w, "schema");
    fwsim__cbor_put_uint(w, FWSIM__DOCUMENT_SCHEMA);
    fwsim__cbor_put_text(w, "created");
    fwsim__cbor_put_uint(w, info->created);
    fwsim__cbor_put_text(w, "expires");
    fwsim__cbor_put_uint(w, info->expires);
    fwsim__cbor_put_text(w, "version");
    fwsim__cbor_put_uint(w, info->version);
}

static int check_parts(const fwsim_bundle_info *info, const fwsim__teller *t)
{
    fwsim__contents contents = { 0 };
    int err;

    if (!info->part_count || info->part_count > FWSIM_BUNDLE_PARTS_MAX)
        return fwsim__refuse(t, FWSIM_EINVAL, "a bundle has 1 to %d parts",
                             FWSIM_BUNDLE_PARTS_MAX);
    for (size_t i = 0; i < info->part_count; i++) {
        const fwsim_part *part = &info->parts[i];

        if ((unsigned)part->kind >= FWSIM_PART_KINDS)
            return fwsim__refuse(t, FWSIM_EINVAL, "part %zu has no kind", i + 1);
        if (!part->licence || !part->provenance)
            return fwsim__refuse(t, FWSIM_EINVAL,
                                 "part %zu lacks its licence (SPDX) or its "
                                 "provenance",
                                 i + 1);
    }
    err = fwsim__contents_read(&contents, info, t);
    fwsim__contents_free(&contents);
    return err == FWSIM_EFORMAT || err == FWSIM_ENOTSUP ? FWSIM_EINVAL : err;
}

/** UTF-8 and the like are what the reader says it is. */
static int check_reading(const fwsim__cbor_writer *w, const fwsim__teller *t)
{
    fwsim__cbor c;

    if (w->failed)
        return fwsim__refuse(t, FWSIM_ENOMEM, "out of memory");
    fwsim__cbor_begin(&c, (fwsim__span){ w->out.data, w->out.size });
    if (!fwsim__cbor_skip(&c) || !fwsim__cbor_end(&c))
        return fwsim__refuse(t, FWSIM_EINVAL,
                             "a text in it cannot be read back: expected %s",
                             c.error);
    return w->out.size > FWSIM_BUNDLE_SIZE_MAX - 4096
               ? fwsim__refuse(t, FWSIM_EINVAL,
                               "it would be larger than %d bytes",
                               FWSIM_BUNDLE_SIZE_MAX)
               : 0;
}

/** The payload of a bundle that a reader would take. The caller frees it. */
static int make_payload(fwsim__cbor_writer *w, const fwsim_bundle_info *info,
                        const fwsim__teller *t)
{
    int err = fwsim__head_check(info->name, info->version, info->created,
                                info->expires, t);

    if (!err)
        err = check_parts(info, t);
    if (err)
        return err;
    put_bundle(w, info);
    return check_reading(w, t);
}

int fwsim__bundle_make(fwsim__bytes *out, const fwsim_bundle_info *info,
                       fwsim_key *key, const fwsim__teller *t)
{
    fwsim__cbor_writer w = { 0 };
    int err = make_payload(&w, info, t);

    *out = (fwsim__bytes){ 0 };
    if (!err)
        return fwsim__document_make(out, FWSIM_KEY_ROLE_BUNDLE, &w, key, t);
    free(w.out.data);
    return err;
}

int fwsim_bundle_write(const char *path, const fwsim_bundle_info *info,
                       fwsim_key *key, fwsim_log_fn log, void *log_user)
{
    const fwsim__teller t = { path, log, log_user };
    fwsim__bytes bytes;
    int err = fwsim__bundle_make(&bytes, info, key, &t);

    if (!err)
        err = fwsim__file_write(path, (fwsim__span){ bytes.data, bytes.size },
                                &t);
    free(bytes.data);
    return err;
}
