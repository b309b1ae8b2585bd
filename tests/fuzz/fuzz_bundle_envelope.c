/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Envelopes: whatever is read has its parts inside the input, and says nothing
 * but what the input says. All CBOR that the reader takes can be passed over.
 */
#include <stdlib.h>

#include "bundle/cose.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void log_nothing(const fwsim_log_entry *entry, void *user)
{
    (void)user;
    if (!entry->text[0])
        abort();
}

static void check_inside(fwsim__span part, fwsim__span whole)
{
    if (part.size && (part.data < whole.data ||
                      part.data + part.size > whole.data + whole.size))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const fwsim__teller t = { "fuzz", log_nothing, NULL };
    const fwsim__span whole = { data, size };
    fwsim__envelope e;
    fwsim__cbor c;
    bool read = !fwsim__envelope_read(&e, whole, &t), passed;

    fwsim__cbor_begin(&c, whole);
    passed = fwsim__cbor_skip(&c) && fwsim__cbor_end(&c);
    if (!read)
        return 0;
    if (!passed || e.signature_count < 1 ||
        e.signature_count > FWSIM__SIGNATURES)
        abort();
    check_inside(e.payload, whole);
    check_inside(e.content_type, whole);
    for (size_t i = 0; i < e.signature_count; i++) {
        check_inside(e.signatures[i].protected_header, whole);
        check_inside(e.signatures[i].key_id, whole);
        check_inside(e.signatures[i].signature, whole);
    }
    return 0;
}
