/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Payloads of bundles, indexes and roots, as a key holder could make them: the
 * first byte says which, the rest is the payload.
 */
#include <stdlib.h>

#include "bundle/bundle.h"
#include "bundle/document.h"
#include "bundle/index.h"
#include "bundle/trust.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void log_nothing(const fwsim_log_entry *entry, void *user)
{
    (void)user;
    if (!entry->text[0])
        abort();
}

static void read_bundle(fwsim__span payload, const fwsim__teller *t)
{
    const fwsim_trust trust = { .now = 1, .log = log_nothing };
    fwsim_bundle *b = calloc(1, sizeof *b);

    if (!b)
        abort();
    fwsim__bundle_payload_read(b, payload, &trust, t);
    fwsim_bundle_free(b);
}

static void read_index(fwsim__span payload, const fwsim__teller *t)
{
    fwsim__repo_index index = { 0 };

    if (!fwsim__index_payload_read(&index, payload, t) && index.count)
        fwsim__index_find(&index, "name", t);
    fwsim__index_free(&index);
}

static void read_root(fwsim__span payload, const fwsim__teller *t)
{
    fwsim__root root = { 0 };

    fwsim__root_payload_read(&root, payload, t);
    fwsim__ring_free(&root.ring);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const fwsim__teller t = { "fuzz", log_nothing, NULL };
    fwsim__span payload;

    if (!size)
        return 0;
    payload = (fwsim__span){ data + 1, size - 1 };
    switch (data[0]) {
    case 'b':
        read_bundle(payload, &t);
        break;
    case 'i':
        read_index(payload, &t);
        break;
    case 'r':
        read_root(payload, &t);
        break;
    default:
        break;
    }
    return 0;
}
