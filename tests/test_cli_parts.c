/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The parts of the command line program that stand alone: numbers, JSON, and
 * the search for a text. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support.h"

#include "../ports/cli/json.c"
#include "../ports/cli/number.c"
#include "../ports/cli/watch.c"

/* ------------------------------------------------------------------ */
/* Numbers                                                              */
/* ------------------------------------------------------------------ */

static void counts_take_decimal_suffixes(void **state)
{
    static const struct {
        const char *text;
        uint64_t value;
    } rows[] = {
        { "1", 1 },           { "5000", 5000 },       { "20k", 20000 },
        { "1.5M", 1500000 },  { "2G", 2000000000 },   { "0.001k", 1 },
        { "18446744073709551614", UINT64_MAX - 1 },
    };
    uint64_t value;

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        assert_null(cli_parse_count(rows[i].text, &value));
        assert_int_equal(value, rows[i].value);
    }
}

static void times_take_units(void **state)
{
    uint64_t ns;

    (void)state;
    assert_null(cli_parse_time("7ns", &ns));
    assert_int_equal(ns, 7);
    assert_null(cli_parse_time("2.5us", &ns));
    assert_int_equal(ns, 2500);
    assert_null(cli_parse_time("20ms", &ns));
    assert_int_equal(ns, 20000000);
    assert_null(cli_parse_time("1.000000001s", &ns));
    assert_int_equal(ns, 1000000001);
}

static void what_is_no_number_is_refused(void **state)
{
    static const char *const counts[] = {
        "", "0", "0.0004k", "-1", "+1", " 1", "1 ", "1x", "0x10", "1.k", ".5k",
        "1kk", "99999999999999999999", "18446744073709551615G", "nan", "1e3",
    };
    static const char *const times[] = { "", "5", "0s", "5 s", "s", "5m",
                                         "20000000000s" };
    static const char *const uints[] = { "",   "x",   "0x", "-1", "1k",
                                         " 1", "12z", "18446744073709551616" };
    uint64_t value;

    (void)state;
    for (size_t i = 0; i < sizeof(counts) / sizeof(*counts); i++)
        assert_non_null(cli_parse_count(counts[i], &value));
    for (size_t i = 0; i < sizeof(times) / sizeof(*times); i++)
        assert_non_null(cli_parse_time(times[i], &value));
    for (size_t i = 0; i < sizeof(uints) / sizeof(*uints); i++)
        assert_non_null(cli_parse_uint(uints[i], &value));
}

static void addresses_are_decimal_or_hexadecimal(void **state)
{
    uint64_t value;

    (void)state;
    assert_null(cli_parse_uint("0x20001000", &value));
    assert_int_equal(value, 0x20001000);
    assert_null(cli_parse_uint("010", &value));
    assert_int_equal(value, 10);
    assert_null(cli_parse_uint("0XffffFFFFffffFFFF", &value));
    assert_true(value == UINT64_MAX);
}

static void times_for_people_have_three_decimals(void **state)
{
    char buf[48];

    (void)state;
    assert_string_equal(cli_format_time(0, buf, sizeof(buf)), "0.000 us");
    assert_string_equal(cli_format_time(1500, buf, sizeof(buf)), "1.500 us");
    assert_string_equal(cli_format_time(FWSIM_MS(20), buf, sizeof(buf)),
                        "20.000 ms");
    assert_string_equal(cli_format_time(FWSIM_MS(61007), buf, sizeof(buf)),
                        "61.007 s");
}

/* ------------------------------------------------------------------ */
/* JSON                                                                 */
/* ------------------------------------------------------------------ */

static json json_new(char **text, size_t *size)
{
    json j = { .out = open_memstream(text, size) };

    assert_non_null(j.out);
    return j;
}

static void json_groups_nest_with_commas_between(void **state)
{
    char *text;
    size_t size;
    json j = json_new(&text, &size);

    (void)state;
    json_object(&j, NULL);
    json_uint(&j, "n", UINT64_MAX);
    json_array(&j, "empty");
    json_array_end(&j);
    json_array(&j, "list");
    json_int(&j, NULL, -1);
    json_bool(&j, NULL, true);
    json_null(&j, NULL);
    json_array_end(&j);
    json_hex(&j, "address", 0x40002000);
    json_object_end(&j);
    json_end(&j);
    fclose(j.out);
    assert_string_equal(text, "{\n"
                              "  \"n\": 18446744073709551615,\n"
                              "  \"empty\": [],\n"
                              "  \"list\": [\n"
                              "    -1,\n"
                              "    true,\n"
                              "    null\n"
                              "  ],\n"
                              "  \"address\": \"0x40002000\"\n"
                              "}\n");
    free(text);
}

/* RFC 8259, section 7. */
static void json_strings_escape_what_must_be(void **state)
{
    char *text;
    size_t size;
    json j = json_new(&text, &size);

    (void)state;
    json_bytes(&j, NULL, "a\"\\/\b\f\n\r\t\x01\0\x7f" "z", 13);
    fclose(j.out);
    assert_string_equal(text, "\"a\\\"\\\\/\\b\\f\\n\\r\\t\\u0001\\u0000"
                              "\\u007fz\"");
    free(text);
}

/* Unicode 15, table 3-7. */
static void json_strings_keep_utf8_and_replace_what_is_none(void **state)
{
    static const struct {
        const char *bytes, *expected;
    } rows[] = {
        { "\xc3\xa9", "\"\xc3\xa9\"" },                 /* U+00E9 */
        { "\xe2\x96\x88", "\"\xe2\x96\x88\"" },         /* U+2588 */
        { "\xf0\x9f\x98\x80", "\"\xf0\x9f\x98\x80\"" }, /* U+1F600 */
        { "\x80", "\"\\ufffd\"" },                      /* lone continuation */
        { "\xc0\xaf", "\"\\ufffd\\ufffd\"" },           /* overlong */
        { "\xe0\x80\x80", "\"\\ufffd\\ufffd\\ufffd\"" },
        { "\xed\xa0\x80", "\"\\ufffd\\ufffd\\ufffd\"" }, /* surrogate */
        { "\xf4\x90\x80\x80", "\"\\ufffd\\ufffd\\ufffd\\ufffd\"" },
        { "\xc3", "\"\\ufffd\"" },                      /* cut off */
        { "\xe2\x96", "\"\\ufffd\\ufffd\"" },
        { "\xc3(", "\"\\ufffd(\"" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        char *text;
        size_t size;
        json j = json_new(&text, &size);

        json_string(&j, NULL, rows[i].bytes);
        fclose(j.out);
        assert_string_equal(text, rows[i].expected);
        free(text);
    }
}

/* ------------------------------------------------------------------ */
/* Search                                                               */
/* ------------------------------------------------------------------ */

/* Where the text ends in the stream: bytes fed, 0 when it is not in it. */
static size_t fed_until_seen(const char *text, const char *stream)
{
    watch w;
    size_t end = 0;

    assert_true(watch_init(&w, text));
    for (size_t i = 0; stream[i] && !end; i++) {
        if (watch_byte(&w, stream[i]))
            end = i + 1;
    }
    watch_free(&w);
    return end;
}

static void a_text_is_found_where_strstr_finds_it(void **state)
{
    static const char *const texts[] = { "a",   "ab",   "aab",  "abab",
                                         "aaa", "abcab", "bba", "abaabab" };
    unsigned random = 1;

    (void)state;
    for (unsigned round = 0; round < 2000; round++) {
        const char *text = texts[round % (sizeof(texts) / sizeof(*texts))];
        char stream[41];
        const char *at;

        for (size_t i = 0; i < sizeof(stream) - 1; i++) {
            random = random * 1103515245u + 12345u;
            stream[i] = (char)('a' + (random >> 16) % 3);
        }
        stream[sizeof(stream) - 1] = '\0';
        at = strstr(stream, text);
        assert_int_equal(fed_until_seen(text, stream),
                         at ? (size_t)(at - stream) + strlen(text) : 0);
    }
}

static void a_text_is_reported_once(void **state)
{
    watch w;

    (void)state;
    assert_true(watch_init(&w, "x"));
    assert_true(watch_byte(&w, 'x'));
    assert_false(watch_byte(&w, 'x'));
    assert_true(w.seen);
    watch_free(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_take_decimal_suffixes),
        cmocka_unit_test(times_take_units),
        cmocka_unit_test(what_is_no_number_is_refused),
        cmocka_unit_test(addresses_are_decimal_or_hexadecimal),
        cmocka_unit_test(times_for_people_have_three_decimals),
        cmocka_unit_test(json_groups_nest_with_commas_between),
        cmocka_unit_test(json_strings_escape_what_must_be),
        cmocka_unit_test(json_strings_keep_utf8_and_replace_what_is_none),
        cmocka_unit_test(a_text_is_found_where_strstr_finds_it),
        cmocka_unit_test(a_text_is_reported_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
