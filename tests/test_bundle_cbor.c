/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Deterministic CBOR: the examples of RFC 8949, appendix A, as far as they are
 * in the subset that signed documents use, and all that is refused.
 */
#include "bundle/cbor.h"
#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROOM = 4096 };

static size_t unhex(const char *text, uint8_t *out)
{
    size_t n = 0;

    for (; text[2 * n]; n++) {
        unsigned byte;

        assert_true(n < ROOM);
        assert_int_equal(sscanf(text + 2 * n, "%2x", &byte), 1);
        out[n] = (uint8_t)byte;
    }
    return n;
}

static fwsim__cbor reader(const char *hex)
{
    static uint8_t bytes[ROOM];
    fwsim__cbor c;

    fwsim__cbor_begin(&c, (fwsim__span){ bytes, unhex(hex, bytes) });
    return c;
}

static void assert_written(fwsim__cbor_writer *w, const char *hex)
{
    uint8_t bytes[ROOM];
    size_t size = unhex(hex, bytes);

    assert_false(w->failed);
    assert_int_equal(w->out.size, size);
    assert_memory_equal(w->out.data, bytes, size);
    free(w->out.data);
}

/** Refused when it is passed over, for this reason. */
static void assert_refused(const char *hex, const char *expected)
{
    fwsim__cbor c = reader(hex);
    bool ok = fwsim__cbor_skip(&c) && fwsim__cbor_end(&c);

    if (ok || !strstr(c.error, expected))
        fail_msg("%s: %s", hex, ok ? "it was taken" : c.error);
}

static void assert_taken(const char *hex)
{
    fwsim__cbor c = reader(hex);

    if (!fwsim__cbor_skip(&c) || !fwsim__cbor_end(&c))
        fail_msg("%s: at %zu expected %s", hex, c.error_at, c.error);
}

/* RFC 8949, appendix A, table 6. */
static const struct {
    uint64_t value;
    const char *hex;
} numbers[] = {
    { 0, "00" },
    { 1, "01" },
    { 10, "0a" },
    { 23, "17" },
    { 24, "1818" },
    { 25, "1819" },
    { 100, "1864" },
    { 1000, "1903e8" },
    { 1000000, "1a000f4240" },
    { 1000000000000, "1b000000e8d4a51000" },
    { UINT64_MAX, "1bffffffffffffffff" },
};

static void unsigned_numbers_are_those_of_rfc_8949(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        fwsim__cbor c = reader(numbers[i].hex);
        fwsim__cbor_writer w = { 0 };
        uint64_t got = ~numbers[i].value;

        assert_true(fwsim__cbor_uint(&c, &got) && fwsim__cbor_end(&c));
        assert_true(got == numbers[i].value);
        fwsim__cbor_put_uint(&w, got);
        assert_written(&w, numbers[i].hex);
    }
}

static void negative_numbers_are_those_of_rfc_8949(void **state)
{
    static const struct {
        int64_t value;
        const char *hex;
    } rows[] = { { -1, "20" },          { -10, "29" },
                 { -100, "3863" },      { -1000, "3903e7" },
                 { INT64_MIN, "3b7fffffffffffffff" } };
    fwsim__cbor c;
    int64_t got;

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        fwsim__cbor_writer w = { 0 };

        c = reader(rows[i].hex);
        assert_true(fwsim__cbor_int(&c, &got) && fwsim__cbor_end(&c));
        assert_true(got == rows[i].value);
        fwsim__cbor_put_int(&w, got);
        assert_written(&w, rows[i].hex);
    }
    /* -18446744073709551616 of the table fits no int64_t. */
    c = reader("3bffffffffffffffff");
    assert_false(fwsim__cbor_int(&c, &got));
    assert_taken("3bffffffffffffffff");
}

static void strings_are_those_of_rfc_8949(void **state)
{
    static const struct {
        const char *text, *hex;
    } texts[] = { { "", "60" },
                  { "a", "6161" },
                  { "IETF", "6449455446" },
                  { "\"\\", "62225c" },
                  { "\xc3\xbc", "62c3bc" },
                  { "\xe6\xb0\xb4", "63e6b0b4" },
                  { "\xf0\x90\x85\x91", "64f0908591" } };
    fwsim__cbor_writer w = { 0 };
    fwsim__span span;
    fwsim__cbor c;

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        c = reader(texts[i].hex);
        assert_true(fwsim__cbor_text(&c, &span) && fwsim__cbor_end(&c));
        assert_int_equal(span.size, strlen(texts[i].text));
        assert_memory_equal(span.data, texts[i].text, span.size);
        fwsim__cbor_put_text(&w, texts[i].text);
        assert_written(&w, texts[i].hex);
        w = (fwsim__cbor_writer){ 0 };
    }
    c = reader("4401020304");
    assert_true(fwsim__cbor_is_bytes(&c));
    assert_true(fwsim__cbor_bytes(&c, &span) && fwsim__cbor_end(&c));
    assert_int_equal(span.size, 4);
    assert_int_equal(span.data[3], 4);
    fwsim__cbor_put_bytes(&w, span.data, span.size);
    assert_written(&w, "4401020304");
    assert_taken("40");
}

static void arrays_maps_and_tags_are_those_of_rfc_8949(void **state)
{
    fwsim__cbor_writer w = { 0 };

    (void)state;
    assert_taken("80");
    assert_taken("83010203");
    assert_taken("8301820203820405");
    assert_taken("98190102030405060708090a0b0c0d0e0f101112131415161718181819");
    assert_taken("a0");
    assert_taken("a201020304");
    assert_taken("a26161016162820203");
    assert_taken("826161a161626163");
    assert_taken("a56161614161626142616361436164614461656145");
    assert_taken("c074323031332d30332d32315432303a30343a30305a");
    assert_taken("c11a514b67b0");
    assert_taken("d74401020304");
    assert_taken("d818456449455446");
    assert_taken("d82076687474703a2f2f7777772e6578616d706c652e636f6d");
    fwsim__cbor_put_array(&w, 25);
    fwsim__cbor_put_map(&w, 2);
    fwsim__cbor_put_tag(&w, 18);
    fwsim__cbor_put_tag(&w, 24);
    assert_written(&w, "9819a2d2d818");
}

static void what_is_not_in_the_subset_is_refused(void **state)
{
    /* RFC 8949, appendix A: floats, simple values, indefinite lengths. */
    static const char *const others[] = {
        "f90000", "f93c00", "fa47c35000", "fb3ff199999999999a", "f97c00",
        "f97e00", "f4", "f5", "f6", "f7", "f0", "f8ff", "fb7e37e43c8800759c",
        "9fff", "9f018202039f0405ffff", "bf61610161629f0203ffff",
        "7f657374726561646d696e67ff", "5f42010243030405ff", "ff",
    };

    (void)state;
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        assert_refused(others[i], "");
    assert_refused("f5", "deterministic profile");
    assert_refused("9fff", "deterministic profile");
}

static void a_number_in_a_longer_form_is_refused(void **state)
{
    static const char *const longer[] = {
        "1800", "1817", "190000", "1900ff", "1a00000000", "1a0000ffff",
        "1b0000000000000000", "1b00000000ffffffff", /* numbers */
        "3800", "3900ff", "3a0000ffff",             /* negative ones */
        "5800", "580161", "59000161", "7800", "780161", "7a0000000161",
        "9800", "980100", "99000100", "b800", "b8010000", /* lengths */
        "d80000", "d81700", "d9001200", "da0000001200",   /* tags */
    };

    (void)state;
    for (size_t i = 0; i < sizeof longer / sizeof *longer; i++)
        assert_refused(longer[i], "the shortest form");
}

static void keys_of_a_map_ascend_each_once(void **state)
{
    (void)state;
    assert_taken("a30100200061610a");
    assert_refused("a201000100", "ascending order");     /* twice */
    assert_refused("a202000100", "ascending order");     /* backwards */
    assert_refused("a2616200616100", "ascending order"); /* as texts */
    assert_refused("a262616100616200", "ascending order"); /* longer first */
    assert_refused("a2616100616100", "ascending order");
    assert_refused("a220000100", "ascending order"); /* -1 stands after 1 */
}

static void reserved_forms_and_ends_are_refused(void **state)
{
    static const char *const damaged[] = {
        "",   "18", "1c", "1d", "1e", "1f", "19ff", "3c", "41", "5b",
        "5bffffffffffffffff", "61", "7bffffffffffffffff", "81", "8201", "a1",
        "a101", "c0", "d8", "dc", "df", "9b00000000ffffffff",
        "9bffffffffffffffff", "bbffffffffffffffff", "fc", "f818",
    };

    (void)state;
    for (size_t i = 0; i < sizeof damaged / sizeof *damaged; i++)
        assert_refused(damaged[i], "");
    assert_refused("0000", "the end of the data");
    assert_refused("8000", "the end of the data");
}

static void only_utf_8_without_zero_bytes_is_text(void **state)
{
    static const char *const wrong[] = {
        "6100",         /* zero */
        "6180", "61ff", /* no first byte */
        "62c080",       /* too long a form of zero */
        "62c1bf",       /* of DEL */
        "63e08080", "64f0808080",
        "63eda080", "63edbfbf", /* surrogates */
        "64f4908080",           /* above 10ffff */
        "61c3", "62e6b0", "63f09085", "62c361", "65f888808080",
    };

    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_refused(wrong[i], "UTF-8");
    assert_taken("64f48fbfbf");
    assert_taken("63ed9fbf");
}

static void depth_has_a_limit(void **state)
{
    char hex[2 * FWSIM__CBOR_DEPTH + 8] = "";

    (void)state;
    for (int i = 0; i < FWSIM__CBOR_DEPTH; i++)
        strcat(hex, i % 2 ? "81" : "c6");
    strcat(hex, "00");
    assert_taken(hex);
    memmove(hex + 2, hex, strlen(hex) + 1);
    memcpy(hex, "81", 2);
    assert_refused(hex, "less depth");
}

static void items_have_a_limit(void **state)
{
    /* Two arrays, neither of which is too long: 82 9a000fffff 00... 9a... */
    enum { EACH = FWSIM__CBOR_ITEMS - 1 };
    static const uint8_t head[] = { 0x9a, EACH >> 24, EACH >> 16 & 0xff,
                                    EACH >> 8 & 0xff, EACH & 0xff };
    size_t size = 1 + 2 * (sizeof head + EACH);
    uint8_t *data = calloc(1, size);
    fwsim__cbor c;

    (void)state;
    assert_non_null(data);
    data[0] = 0x82;
    memcpy(data + 1, head, sizeof head);
    memcpy(data + 1 + sizeof head + EACH, head, sizeof head);
    fwsim__cbor_begin(&c, (fwsim__span){ data, size });
    assert_false(fwsim__cbor_skip(&c));
    assert_string_equal(c.error, "fewer items");
    fwsim__cbor_begin(&c, (fwsim__span){ data + 1, sizeof head + EACH });
    assert_true(fwsim__cbor_skip(&c) && fwsim__cbor_end(&c));
    free(data);
}

static bool count_item(fwsim__cbor *c, void *into)
{
    ++*(size_t *)into;
    return fwsim__cbor_skip(c);
}

static void an_array_is_not_longer_than_the_reader_has_room_for(void **state)
{
    fwsim__cbor c = reader("83010203");
    size_t count = 0;

    (void)state;
    assert_true(fwsim__cbor_array(&c, 3, count_item, &count));
    assert_int_equal(count, 3);
    c = reader("83010203");
    count = 0;
    assert_false(fwsim__cbor_array(&c, 2, count_item, &count));
    assert_int_equal(count, 0);
}

struct fields {
    uint64_t a, b;
};

static const fwsim__cbor_key field_keys[] = {
    { "a", fwsim__cbor_uint_member, offsetof(struct fields, a), true },
    { "b", fwsim__cbor_uint_member, offsetof(struct fields, b), false },
    { 0 }
};

static void fields_are_required_optional_or_passed_over(void **state)
{
    struct fields f = { 0 };
    uint32_t seen;
    fwsim__cbor c = reader("a2616101616302");

    (void)state;
    assert_true(fwsim__cbor_fields(&c, field_keys, &f, &seen));
    assert_true(fwsim__cbor_end(&c));
    assert_int_equal(f.a, 1);
    assert_int_equal(seen, 1);
    c = reader("a1616201");
    assert_false(fwsim__cbor_fields(&c, field_keys, &f, &seen));
    assert_string_equal(c.error, "a");
    /* What is passed over must be in order, too. */
    c = reader("a3616101616202616102");
    assert_false(fwsim__cbor_fields(&c, field_keys, &f, NULL));
    c = reader("a26161016163f5");
    assert_false(fwsim__cbor_fields(&c, field_keys, &f, NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(unsigned_numbers_are_those_of_rfc_8949),
        cmocka_unit_test(negative_numbers_are_those_of_rfc_8949),
        cmocka_unit_test(strings_are_those_of_rfc_8949),
        cmocka_unit_test(arrays_maps_and_tags_are_those_of_rfc_8949),
        cmocka_unit_test(what_is_not_in_the_subset_is_refused),
        cmocka_unit_test(a_number_in_a_longer_form_is_refused),
        cmocka_unit_test(keys_of_a_map_ascend_each_once),
        cmocka_unit_test(reserved_forms_and_ends_are_refused),
        cmocka_unit_test(only_utf_8_without_zero_bytes_is_text),
        cmocka_unit_test(depth_has_a_limit),
        cmocka_unit_test(items_have_a_limit),
        cmocka_unit_test(an_array_is_not_longer_than_the_reader_has_room_for),
        cmocka_unit_test(fields_are_required_optional_or_passed_over),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
