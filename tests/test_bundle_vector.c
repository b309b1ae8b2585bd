/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The test vector of docs/model-bundle.md, read from that page: another
 * implementation has made it.
 */
#include "bundles.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PAGE FWSIM_TEST_SOURCE_DIR "/../docs/model-bundle.md"

/** The text of a vector. The caller frees it. */
static char *vector(const char *name)
{
    size_t size;
    char *page = (char *)slurp(PAGE, &size), mark[64], *at_mark, *end;

    page[size] = '\0';
    snprintf(mark, sizeof mark, "<!-- vector %s -->\n\n```\n", name);
    at_mark = strstr(page, mark);
    assert_non_null(at_mark);
    at_mark += strlen(mark);
    end = strstr(at_mark, "```");
    assert_non_null(end);
    *end = '\0';
    memmove(page, at_mark, strlen(at_mark) + 1);
    return page;
}

static size_t unhex(char *text)
{
    uint8_t *out = (uint8_t *)text;
    unsigned byte;
    int used;

    for (const char *s = text; sscanf(s, " %2x%n", &byte, &used) == 1; s += used)
        *out++ = (uint8_t)byte;
    return (size_t)(out - (uint8_t *)text);
}

static fwsim_trust *trust_in_vector(uint64_t now)
{
    const char *const keys[] = { at("vector.pem"), NULL };
    char *pem = vector("public-key");

    spill(at("vector.pem"), pem, strlen(pem));
    free(pem);
    return trust_in(keys, 1, now);
}

static void the_bundle_of_the_page_is_accepted(void **state)
{
    char *hex = vector("bundle"), *id = vector("key-id");
    size_t size = unhex(hex);
    fwsim_trust *trust = trust_in_vector(NOW);
    const fwsim_bundle_info *info;
    fwsim_bundle *bundle;

    (void)state;
    DONE(fwsim_bundle_parse(&bundle, "vector", hex, size, trust));
    info = fwsim_bundle_info_get(bundle);
    assert_string_equal(info->name, "tiny");
    assert_int_equal(info->version, 1);
    assert_int_equal(info->part_count, 1);
    assert_string_equal(info->parts[0].provenance, "vector");
    id[strcspn(id, "\n")] = '\0';
    assert_string_equal(info->signers[0].key_id, id);
    fwsim_bundle_free(bundle);
    fwsim_trust_free(trust);
    free(hex);
    free(id);
}

static void its_signed_bytes_are_those_of_the_page(void **state)
{
    char *hex = vector("bundle"), *to_sign = vector("sig-structure");
    size_t size = unhex(hex), signed_size = unhex(to_sign);

    (void)state;
    /* ["Signature1", protected, h'', payload]: protected header and payload
     * stand in the envelope as they stand here. */
    assert_memory_equal(to_sign, "\x84\x6aSignature1", 12);
    assert_memory_equal(hex, "\xd2\x84", 2);
    for (size_t i = 2; hex[i] != (char)0xa0; i++)
        assert_int_equal(hex[i], to_sign[i + 10]);
    assert_memory_equal(hex + size - 66 - 100, to_sign + signed_size - 100, 100);
    free(hex);
    free(to_sign);
}

static void every_changed_byte_of_it_is_refused(void **state)
{
    char *hex = vector("bundle");
    size_t size = unhex(hex);
    fwsim_trust *trust = trust_in_vector(NOW), *late;
    fwsim_bundle *bundle;

    (void)state;
    for (size_t i = 0; i < size; i++) {
        hex[i] ^= 1;
        assert_int_not_equal(
            fwsim_bundle_parse(&bundle, "changed", hex, size, trust), 0);
        hex[i] ^= 1;
    }
    late = trust_in_vector(NOW + DAY);
    REFUSED(fwsim_bundle_parse(&bundle, "late", hex, size, late), FWSIM_EACCES,
            "expired");
    fwsim_trust_free(trust);
    fwsim_trust_free(late);
    free(hex);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_bundle_of_the_page_is_accepted),
        cmocka_unit_test(its_signed_bytes_are_those_of_the_page),
        cmocka_unit_test(every_changed_byte_of_it_is_refused),
    };

    return cmocka_run_group_tests(tests, bundles_set_up, bundles_tear_down);
}
