/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reports of results, read back by programs that are not ours: xmllint, jq and
 * prove.
 */
#include "alloc_failure.h"
#include "command.h"
#include "report.h"
#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FOLDER FWSIM_TEST_BINARY_DIR "/report"
#define SCHEMA FWSIM_TEST_SOURCE_DIR "/junit.xsd"

/* Everything a message may hold: markup, a control character, an end of
 * CDATA, bytes that are no UTF-8, a character that XML lacks. */
#define HOSTILE "a<b & \"c\" ]]> \x1b[31m \xff\xc0\x80 \xef\xbf\xbe \xf0\x9f\x98\x80"

static const fwsim__property board = { "board", "mps2_an385 <1>" };

static const fwsim__result samples[] = {
    { .suite = "uart", .name = "echoes", .time_ns = 41234 },
    { .suite = "uart", .name = "fails", .time_ns = 1500000000,
      .file = "test_uart.c", .line = 12, .status = FWSIM__FAILED,
      .message = HOSTILE "\nsecond line", .output = "out\0put\r\n" HOSTILE,
      .output_size = sizeof "out\0put\r\n" HOSTILE - 1, .properties = &board,
      .property_count = 1 },
    { .suite = "spi", .name = "skips # \\ this", .status = FWSIM__SKIPPED,
      .message = "no flash" },
    { .suite = "uart", .name = "breaks", .status = FWSIM__ERROR,
      .message = "ended by signal 11" },
};
enum { SAMPLES = sizeof samples / sizeof samples[0] };

static int setup(void **state)
{
    static fwsim__results results;

    results = (fwsim__results){ 0 };
    for (size_t i = 0; i < SAMPLES; i++)
        if (fwsim__results_add(&results, &samples[i]))
            return -1;
    *state = &results;
    mkdir(FOLDER, 0777);
    return 0;
}

static int teardown(void **state)
{
    fwsim__results_clear(*state);
    return 0;
}

static void need(const char *program, const char *package)
{
    const char *argv[] = { "/usr/bin/env", "which", program, NULL };
    command c;
    int code;

    command_run(&c, argv, NULL);
    code = c.code;
    command_free(&c);
    if (code) {
        print_message("SKIPPED: there is no %s (Debian: %s)\n", program,
                      package);
        skip();
    }
}

static void save(fwsim__report_format format, const fwsim__results *results,
                 const char *path)
{
    char error[256] = "";

    if (fwsim__report_save(format, results, path, error, sizeof error))
        fail_msg("%s", error);
}

/** Run a program that must succeed. Free the result with command_free. */
static command run(const char *const *argv)
{
    command c;

    command_run(&c, argv, NULL);
    if (c.code)
        fail_msg("%s: code %d: %s%s", argv[1], c.code, c.out, c.err);
    return c;
}

static int validate(const char *path)
{
    const char *argv[] = { "/usr/bin/env", "xmllint", "--noout", "--schema",
                           SCHEMA, path, NULL };
    command c;
    int code;

    command_run(&c, argv, NULL);
    code = c.code;
    if (code)
        print_message("%s", c.err);
    command_free(&c);
    return code;
}

/** What an XPath expression of a file gives is this text. */
static void assert_xpath(const char *path, const char *expression,
                         const char *expected)
{
    const char *argv[] = { "/usr/bin/env", "xmllint", "--xpath", expression,
                           path, NULL };
    command c = run(argv);
    size_t size = strlen(c.out);

    if (size && c.out[size - 1] == '\n')
        c.out[size - 1] = '\0';
    assert_string_equal(c.out, expected);
    command_free(&c);
}

static void junit_is_valid_against_the_schema(void **state)
{
    const char *path = FOLDER "/valid.xml";
    const fwsim__results none = { 0 };

    need("xmllint", "libxml2-utils");
    save(FWSIM__REPORT_JUNIT, *state, path);
    assert_int_equal(validate(path), 0);
    save(FWSIM__REPORT_JUNIT, &none, path);
    assert_int_equal(validate(path), 0);
}

static void the_schema_refuses_what_is_not_junit(void **state)
{
    static const char *const wrong[] = {
        "<testsuites/>",
        "<testsuites tests='1' failures='0' errors='0' time='1'/>",
        ("<testsuites tests='0' failures='0' errors='0' time='0.000000'>"
         "<testcase name='a' classname='b' time='0.000000'/></testsuites>"),
    };
    const char *path = FOLDER "/wrong.xml";

    (void)state;
    need("xmllint", "libxml2-utils");
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        FILE *f = fopen(path, "w");

        assert_non_null(f);
        fputs(wrong[i], f);
        fclose(f);
        assert_int_not_equal(validate(path), 0);
    }
}

static void junit_counts_and_keeps_any_text(void **state)
{
    const char *path = FOLDER "/text.xml";
    /* What XML cannot hold is shown by its picture or U+FFFD. */
    const char *shown = "a<b & \"c\" ]]> \u241b[31m \ufffd\ufffd\ufffd \ufffd "
                        "\U0001f600";
    char text[256];

    need("xmllint", "libxml2-utils");
    save(FWSIM__REPORT_JUNIT, *state, path);
    assert_xpath(path, "string(/testsuites/@tests)", "4");
    assert_xpath(path, "string(/testsuites/@failures)", "1");
    assert_xpath(path, "string(/testsuites/@errors)", "1");
    assert_xpath(path, "string(/testsuites/@time)", "1.500041");
    assert_xpath(path, "count(/testsuites/testsuite)", "2");
    assert_xpath(path, "string(//testsuite[@name='uart']/@tests)", "3");
    assert_xpath(path, "string(//testsuite[@name='spi']/@skipped)", "1");
    assert_xpath(path, "string(//testcase[@name='echoes']/@time)", "0.000041");
    assert_xpath(path, "string(//testcase[@name='fails']/@file)",
                 "test_uart.c");
    assert_xpath(path, "string(//testcase[@name='fails']/@line)", "12");
    assert_xpath(path, "string(//testcase/failure/@message)", shown);
    snprintf(text, sizeof text, "%s\nsecond line", shown);
    assert_xpath(path, "string(//testcase/failure)", text);
    /* A line end is one character to a reader of XML. */
    snprintf(text, sizeof text, "out\u2400put\n%s", shown);
    assert_xpath(path, "string(//testcase[@name='fails']/system-out)", text);
    assert_xpath(path, "string(//property[@name='fails.board']/@value)",
                 "mps2_an385 <1>");
    assert_xpath(path, "string(//skipped/@message)", "no flash");
}

static void json_lines_keep_every_byte_that_is_text(void **state)
{
    const char *path = FOLDER "/results.jsonl";
    const char *argv[] = {
        "/usr/bin/env", "jq", "-r", "-s",
        "(length | tostring), (.[0].time_ns | tostring), .[1].message,"
        " (.[1].output | explode | .[3] | tostring), .[1].properties.board,"
        " (.[2] | has(\"output\") | tostring), .[3].status",
        path, NULL
    };
    command c;

    need("jq", "jq");
    save(FWSIM__REPORT_JSONL, *state, path);
    c = run(argv);
    assert_string_equal(c.out, "4\n41234\n"
                               "a<b & \"c\" ]]> \x1b[31m \ufffd\ufffd\ufffd "
                               "\xef\xbf\xbe \U0001f600\nsecond line\n"
                               "0\nmps2_an385 <1>\nfalse\nerror\n");
    command_free(&c);
}

static void tap_is_counted_by_prove(void **state)
{
    const char *path = FOLDER "/results.tap";
    const char *argv[] = { "/usr/bin/env", "prove", "-e", "cat", path, NULL };
    char line[16] = "";
    command c;
    FILE *f;

    need("prove", "perl");
    save(FWSIM__REPORT_TAP, *state, path);
    /* prove knows version 13, which has all that we use. */
    f = fopen(path, "r+");
    assert_non_null(f);
    assert_non_null(fgets(line, sizeof line, f));
    assert_string_equal(line, "TAP version 14\n");
    rewind(f);
    fputs("TAP version 13\n", f);
    fclose(f);
    command_run(&c, argv, NULL);
    assert_int_not_equal(c.code, 0);
    assert_non_null(strstr(c.out, "Tests: 4 Failed: 2"));
    assert_non_null(strstr(c.out, "Failed tests:  2, 4"));
    assert_non_null(strstr(c.out, "1 skipped"));
    assert_null(strstr(c.out, "Parse errors"));
    command_free(&c);
}

static void a_line_of_tap_escapes_what_has_a_meaning(void **state)
{
    char *text = NULL;
    size_t size;
    FILE *f = open_memstream(&text, &size);

    (void)state;
    assert_non_null(f);
    fwsim__report_tap_point(&samples[2], 3, f);
    fclose(f);
    assert_string_equal(text, "ok 3 - spi.skips \\# \\\\ this # SKIP no flash\n"
                              "  ---\n  duration_ms: 0.000000\n  ...\n");
    free(text);
}

static void a_file_is_there_whole_or_not_at_all(void **state)
{
    const fwsim__results *results = *state;
    char error[256] = "";

    assert_int_equal(fwsim__report_save(FWSIM__REPORT_TAP, results,
                                        FOLDER "/nowhere/a.tap", error,
                                        sizeof error),
                     FWSIM_EIO);
    assert_non_null(strstr(error, FOLDER "/nowhere/a.tap: cannot be written"));
    assert_int_equal(fwsim__report_save(FWSIM__REPORT_TAP, results, "/dev/full",
                                        error, sizeof error),
                     FWSIM_EIO);
    assert_non_null(strstr(error, "/dev/full: cannot be written: No space"));
    /* A folder is in the way: what was written beside it is gone again. */
    assert_int_equal(fwsim__report_save(FWSIM__REPORT_TAP, results, FOLDER,
                                        error, sizeof error),
                     FWSIM_EIO);
    assert_int_equal(access(FOLDER, F_OK), 0);
}

static void no_allocation_is_taken_for_granted(void **state)
{
    (void)state;
    for (unsigned long n = 1;; n++) {
        fwsim__results results = { 0 };
        char error[256] = "";
        bool refused;
        int err;

        alloc_fail_at(n);
        err = fwsim__results_add(&results, &samples[1]);
        assert_int_equal(results.count, err ? 0 : 1);
        if (!err)
            err = fwsim__report_save(FWSIM__REPORT_JSONL, &results,
                                     FOLDER "/memory.jsonl", error,
                                     sizeof error);
        refused = alloc_has_failed();
        alloc_fail_at(0);
        fwsim__results_clear(&results);
        if (!refused) {
            assert_int_equal(err, 0);
            assert_true(n > 5);
            return;
        }
        assert_int_equal(err, FWSIM_ENOMEM);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(junit_is_valid_against_the_schema,
                                        setup, teardown),
        cmocka_unit_test(the_schema_refuses_what_is_not_junit),
        cmocka_unit_test_setup_teardown(junit_counts_and_keeps_any_text, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(json_lines_keep_every_byte_that_is_text,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(tap_is_counted_by_prove, setup,
                                        teardown),
        cmocka_unit_test(a_line_of_tap_escapes_what_has_a_meaning),
        cmocka_unit_test_setup_teardown(a_file_is_there_whole_or_not_at_all,
                                        setup, teardown),
        cmocka_unit_test(no_allocation_is_taken_for_granted),
    };

    mkdir(FOLDER, 0777);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
