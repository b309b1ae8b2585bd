/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Signed bundles: made, read, and refused. Keys are made by the test.
 */
#include "bundle/cose.h"
#include "bundles.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void a_bundle_comes_back_as_it_was_written(void **state)
{
    fwsim_bundle_info info = some_info();
    const fwsim_bundle_info *got;
    fwsim_trust *trust = trust_in_a(NOW);
    fwsim_bundle *bundle;

    (void)state;
    DONE(write_bundle("x.fwb", &info, "a"));
    DONE(fwsim_bundle_open(&bundle, at("x.fwb"), trust));
    got = fwsim_bundle_info_get(bundle);
    assert_string_equal(got->name, "test1");
    assert_int_equal(got->version, 3);
    assert_int_equal(got->created, NOW - DAY);
    assert_int_equal(got->expires, NOW + DAY);
    assert_string_equal(got->target.soc, "TEST1");
    assert_string_equal(got->target.vendor, "ACME");
    assert_null(got->target.cpu);
    assert_int_equal(got->part_count, 1);
    assert_string_equal(got->parts[0].licence, "CC0-1.0");
    assert_int_equal(got->parts[0].size, strlen(bundle_models));
    assert_memory_equal(got->parts[0].data, bundle_models, got->parts[0].size);
    assert_int_equal(got->signer_count, 1);
    assert_true(got->signers[0].counts);
    fwsim_bundle_free(bundle);
    fwsim_trust_free(trust);
}

static void every_changed_byte_is_refused(void **state)
{
    const char *const keys[] = { at("a.pub"), at("b.pub"), NULL };
    fwsim_bundle_info info = some_info();
    fwsim_trust *trust = trust_in(keys, 1, NOW);
    static const uint8_t changes[] = { 0x01, 0x80, 0xff };
    fwsim_bundle *bundle;
    uint8_t *data;
    size_t size;

    (void)state;
    DONE(write_bundle("x.fwb", &info, "a"));
    sign("x.fwb", "b");
    data = slurp(at("x.fwb"), &size);
    for (size_t i = 0; i < size; i++) {
        for (size_t k = 0; k < sizeof changes; k++) {
            data[i] ^= changes[k];
            assert_int_not_equal(
                fwsim_bundle_parse(&bundle, "changed", data, size, trust), 0);
            assert_null(bundle);
            data[i] ^= changes[k];
        }
    }
    for (size_t n = 0; n < size; n++)
        assert_int_not_equal(
            fwsim_bundle_parse(&bundle, "cut", data, n, trust), 0);
    DONE(fwsim_bundle_parse(&bundle, "whole", data, size, trust));
    fwsim_bundle_free(bundle);
    free(data);
    fwsim_trust_free(trust);
}

static void a_key_that_is_not_trusted_does_not_count(void **state)
{
    fwsim_bundle_info info = some_info();
    fwsim_trust *trust = trust_in_a(NOW);

    (void)state;
    DONE(write_bundle("x.fwb", &info, "b"));
    assert_int_equal(open_with(trust, "x.fwb"), FWSIM_EACCES);
    assert_non_null(strstr(last_log, "a key that is not trusted"));
    fwsim_trust_free(trust);
}

static void a_threshold_counts_keys(void **state)
{
    const char *const keys[] = { at("a.pub"), at("b.pub"), at("c.pub"), NULL };
    fwsim_bundle_info info = some_info();
    fwsim_trust *trust = trust_in(keys, 3, NOW);
    fwsim_key *key = open_key("a");

    (void)state;
    DONE(write_bundle("x.fwb", &info, "a"));
    assert_int_equal(open_with(trust, "x.fwb"), FWSIM_EACCES);
    assert_non_null(strstr(last_log, "1 of 3 signatures"));
    assert_int_equal(fwsim_document_sign(at("x.fwb"), at("x.fwb"), key,
                                         keep_log, NULL),
                     FWSIM_EINVAL);
    sign("x.fwb", "b");
    assert_int_equal(open_with(trust, "x.fwb"), FWSIM_EACCES);
    sign("x.fwb", "c");
    DONE(open_with(trust, "x.fwb"));
    fwsim_key_free(key);
    fwsim_trust_free(trust);
}

static void an_expired_bundle_is_refused(void **state)
{
    fwsim_bundle_info info = some_info();
    fwsim_trust *before = trust_in_a(info.expires - 1);
    fwsim_trust *after = trust_in_a(info.expires);

    (void)state;
    DONE(write_bundle("x.fwb", &info, "a"));
    DONE(open_with(before, "x.fwb"));
    assert_int_equal(open_with(after, "x.fwb"), FWSIM_EACCES);
    assert_non_null(strstr(last_log, "expired"));
    fwsim_trust_free(before);
    fwsim_trust_free(after);
}

static void an_older_version_is_refused_after_a_newer_one(void **state)
{
    fwsim_bundle_info info = some_info();
    fwsim_trust *trust = trust_in_a(NOW);
    fwsim_bundle *bundle;

    (void)state;
    DONE(write_bundle("3.fwb", &info, "a"));
    info.version = 2;
    DONE(write_bundle("2.fwb", &info, "a"));
    DONE(open_with(trust, "2.fwb"));
    DONE(fwsim_bundle_open(&bundle, at("3.fwb"), trust));
    DONE(fwsim_bundle_remember(bundle, trust));
    fwsim_bundle_free(bundle);
    assert_int_equal(open_with(trust, "2.fwb"), FWSIM_EACCES);
    assert_non_null(strstr(last_log, "version 3 was seen"));
    DONE(open_with(trust, "3.fwb"));
    unlink(at("seen"));
    fwsim_trust_free(trust);
}

static void what_a_reader_would_refuse_is_not_written(void **state)
{
    const fwsim_part damaged = { .kind = FWSIM_PART_MODELS,
                                 .licence = "CC0-1.0",
                                 .provenance = "test",
                                 .data = "fwsim-models: one",
                                 .size = 17 };
    fwsim_bundle_info info = some_info();

    (void)state;
    info.name = "../up";
    assert_int_equal(write_bundle("y.fwb", &info, "a"), FWSIM_EINVAL);
    info.name = "test1";
    info.parts = &damaged;
    assert_int_equal(write_bundle("y.fwb", &info, "a"), FWSIM_EINVAL);
    assert_non_null(strstr(last_log, "part 1 (models):1:15"));
    info.part_count = 0;
    assert_int_equal(write_bundle("y.fwb", &info, "a"), FWSIM_EINVAL);
    assert_int_equal(access(at("y.fwb"), F_OK), -1);
}

/** A root document in the trust store, for the keys of the test. */
static void write_root(const char *name, uint64_t version, const char *root_key,
                       const char *bundle_key, const char *revoked,
                       const char *signer)
{
    const char *const roots[] = { root_key, NULL };
    const char *const bundles[] = { bundle_key, NULL };
    const char *const gone[] = { revoked, NULL };
    const fwsim_root root = {
        .name = "acme",
        .version = version,
        .created = NOW - DAY,
        .expires = NOW + 100 * DAY,
        .roles = { [FWSIM_KEY_ROLE_ROOT] = { roots, 1 },
                   [FWSIM_KEY_ROLE_INDEX] = { bundles, 1 },
                   [FWSIM_KEY_ROLE_BUNDLE] = { bundles, 1 } },
        .revoked = gone,
    };
    fwsim_key *key = open_key(signer);

    DONE(fwsim_root_write(at(name), &root, key, keep_log, NULL));
    fwsim_key_free(key);
}

static int open_store(fwsim_trust **out, const char *dir)
{
    const fwsim_trust_options opt = { .dir = at(dir),
                                      .now = NOW,
                                      .log = keep_log };

    return fwsim_trust_open(out, &opt);
}

static void a_root_document_rotates_and_revokes(void **state)
{
    fwsim_bundle_info info = some_info();
    fwsim_trust *trust;
    char a[160], b[160], c[160];

    (void)state;
    strcpy(a, at("a.pub"));
    strcpy(b, at("b.pub"));
    strcpy(c, at("c.pub"));
    mkdir(at("store"), 0755);
    write_root("store/root.fwb", 1, a, b, NULL, "a");
    DONE(open_store(&trust, "store"));
    assert_int_equal(fwsim_trust_root_version(trust), 1);

    DONE(write_bundle("by_b.fwb", &info, "b"));
    DONE(write_bundle("by_a.fwb", &info, "a"));
    DONE(open_with(trust, "by_b.fwb"));
    assert_int_equal(open_with(trust, "by_a.fwb"), FWSIM_EACCES);

    /* The next root must be signed by the old root key, too. */
    write_root("2.fwb", 2, c, c, b, "c");
    assert_int_equal(fwsim_trust_rotate(trust, at("2.fwb")), FWSIM_EACCES);
    assert_non_null(strstr(last_log, "root keys of the root before it"));
    /* Nor may one be left out. */
    write_root("3.fwb", 3, c, c, b, "c");
    sign("3.fwb", "a");
    assert_int_equal(fwsim_trust_rotate(trust, at("3.fwb")), FWSIM_EACCES);
    assert_non_null(strstr(last_log, "comes the next one"));
    sign("2.fwb", "a");
    DONE(fwsim_trust_rotate(trust, at("2.fwb")));
    assert_int_equal(fwsim_trust_root_version(trust), 2);

    /* b is revoked: its signature is known, and does not count. */
    assert_int_equal(open_with(trust, "by_b.fwb"), FWSIM_EACCES);
    assert_non_null(strstr(last_log, "0 of 1 signatures"));
    sign("by_b.fwb", "c");
    DONE(open_with(trust, "by_b.fwb"));
    fwsim_trust_free(trust);

    DONE(open_store(&trust, "store"));
    assert_int_equal(fwsim_trust_root_version(trust), 2);
    fwsim_trust_free(trust);
}

/* ------------------------------------------------------------------ */
/* RFC 9052, appendix C.2.1, and its key of appendix C.7.1              */
/* ------------------------------------------------------------------ */

static size_t unhex(const char *text, uint8_t *out)
{
    size_t n = 0;

    for (; text[2 * n]; n++) {
        unsigned byte;

        assert_int_equal(sscanf(text + 2 * n, "%2x", &byte), 1);
        out[n] = (uint8_t)byte;
    }
    return n;
}

static void the_example_of_rfc_9052_verifies(void **state)
{
    /* SubjectPublicKeyInfo of an EC key on P-256 (RFC 5480), then x and y. */
    static const char spki[] =
        "3059301306072a8648ce3d020106082a8648ce3d03010703420004"
        "bac5b11cad8f99f9c72b05cf4b9e26d244dc189f745228255a219a86d6a09eff"
        "20138bf82dc1b6d562be0fa54ab7804a3a64b6d72ccfed6b6fb6ed28bbfc117e";
    static const char sig_structure[] =
        "846a5369676e61747572653143a101264054"
        "546869732069732074686520636f6e74656e742e";
    static const char signature[] =
        "8eb33e4ca31d1c465ab05aac34cc6b23d58fef5c083106c4d25a91aef0b0117e"
        "2af9a291aa32e14ab834dc56ed2a223444547e01f11d3b0916e5a4c345cacb36";
    const fwsim__teller t = { "RFC 9052", keep_log, NULL };
    uint8_t key_bytes[128], data[128], sig[64];
    size_t key_size = unhex(spki, key_bytes), size = unhex(sig_structure, data);
    fwsim__key *key;

    (void)state;
    assert_int_equal(unhex(signature, sig), sizeof sig);
    DONE(fwsim__key_public(&key, (fwsim__span){ key_bytes, key_size }, &t));
    assert_true(fwsim__key_verifies(key, (fwsim__span){ data, size },
                                    (fwsim__span){ sig, sizeof sig }));
    data[size - 1] ^= 1;
    assert_false(fwsim__key_verifies(key, (fwsim__span){ data, size },
                                     (fwsim__span){ sig, sizeof sig }));
    fwsim__key_free(key);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_bundle_comes_back_as_it_was_written),
        cmocka_unit_test(every_changed_byte_is_refused),
        cmocka_unit_test(a_key_that_is_not_trusted_does_not_count),
        cmocka_unit_test(a_threshold_counts_keys),
        cmocka_unit_test(an_expired_bundle_is_refused),
        cmocka_unit_test(an_older_version_is_refused_after_a_newer_one),
        cmocka_unit_test(what_a_reader_would_refuse_is_not_written),
        cmocka_unit_test(a_root_document_rotates_and_revokes),
        cmocka_unit_test(the_example_of_rfc_9052_verifies),
    };

    return cmocka_run_group_tests(tests, bundles_set_up, bundles_tear_down);
}
