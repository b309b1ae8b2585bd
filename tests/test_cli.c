/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The command line program, as far as no firmware runs: exit codes, messages
 * and lists. What firmware makes of it is in test_fw_cli.c.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "support.h"

static const char *const commands[] = { "run",  "test", "doctor",      "boards",
                                        "cpus", "peripherals", "help" };

enum { COMMANDS = sizeof(commands) / sizeof(*commands) };

#define RUN(c, ...)                                                            \
    command_run(c, (const char *const[]){ command_fwsim(), __VA_ARGS__, NULL },\
                NULL)

/* Runs it and checks the code, and a part of what it says on stderr. */
static void assert_refused(int code, const char *part, const char *const *argv)
{
    command c;

    command_run(&c, argv, NULL);
    if (c.code != code || !strstr(c.err, part))
        print_error("exit code %d, stderr: %s", c.code, c.err);
    assert_int_equal(c.code, code);
    assert_non_null(strstr(c.err, part));
    command_free(&c);
}

#define REFUSED(code, part, ...)                                               \
    assert_refused(code, part,                                                 \
                   (const char *const[]){ command_fwsim(), __VA_ARGS__, NULL })

#define REFUSED_RUN(code, part, ...)                                           \
    REFUSED(code, part, "run", "--board", "bbc_microbit", __VA_ARGS__)

/* A file of this content; its path is valid until the next call. */
static const char *file_with(const char *bytes, size_t size)
{
    static char path[] = FWSIM_TEST_BINARY_DIR "/test_cli.bin";
    FILE *file = fopen(path, "wb");

    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
    return path;
}

/* ------------------------------------------------------------------ */
/* Help                                                                 */
/* ------------------------------------------------------------------ */

static void without_a_command_it_lists_them_and_fails(void **state)
{
    command c;

    (void)state;
    command_run(&c, (const char *const[]){ command_fwsim(), NULL }, NULL);
    assert_int_equal(c.code, 2);
    assert_string_equal(c.out, "");
    for (size_t i = 0; i < COMMANDS; i++)
        assert_non_null(strstr(c.err, commands[i]));
    command_free(&c);
}

static void the_version_is_that_of_the_library(void **state)
{
    command c;

    (void)state;
    RUN(&c, "--version");
    assert_int_equal(c.code, 0);
    assert_string_equal(c.out, "fwsim " FWSIM_VERSION "\n");
    command_free(&c);
}

static void each_command_explains_itself(void **state)
{
    (void)state;
    for (size_t i = 0; i < COMMANDS; i++) {
        command option, help;
        char usage[64];

        snprintf(usage, sizeof(usage), "Usage: fwsim %s", commands[i]);
        RUN(&option, commands[i], "--help");
        RUN(&help, "help", commands[i]);
        assert_int_equal(option.code, 0);
        assert_int_equal(strncmp(option.out, usage, strlen(usage)), 0);
        assert_string_equal(option.out, help.out);
        assert_string_equal(option.err, "");
        command_free(&option);
        command_free(&help);
    }
}

/* "--some-name" of the help as a man page writes it: "\-\-some\-name". */
static void to_roff(const char *option, size_t length, char *roff)
{
    for (; length--; option++) {
        if (*option == '-')
            *roff++ = '\\';
        *roff++ = *option;
    }
    *roff = '\0';
}

static void manual_pages_have_each_option_of_the_help(void **state)
{
    (void)state;
    for (size_t i = 0; i < COMMANDS; i++) {
        command help, man;
        unsigned found = 0;

        RUN(&help, "help", commands[i]);
        RUN(&man, "help", "--man", commands[i]);
        for (char *s = help.out; (s = strstr(s, "--")); s += 2) {
            size_t length = strspn(s, "-abcdefghijklmnopqrstuvwxyz");
            char roff[128];

            assert_true(length < sizeof(roff) / 2);
            to_roff(s, length, roff);
            assert_non_null(strstr(man.out, roff));
            found++;
        }
        assert_true(found > 0);
        command_free(&help);
        command_free(&man);
    }
}

static void groff_has_no_complaint_about_a_manual_page(void **state)
{
    (void)state;
    if (system("command -v groff >/dev/null") != 0) {
        print_message("SKIPPED: groff is absent (Debian: groff-base)\n");
        skip();
    }
    for (size_t i = 0; i < COMMANDS; i++) {
        char line[512];
        command c;

        snprintf(line, sizeof(line),
                 "'%s' help --man %s | groff -ww -man -Tascii >/dev/null",
                 command_fwsim(), commands[i]);
        command_run(&c, (const char *const[]){ "/bin/sh", "-c", line, NULL },
                    NULL);
        assert_int_equal(c.code, 0);
        assert_string_equal(c.err, "");
        command_free(&c);
    }
}

static void manual_pages_are_written_to_a_folder(void **state)
{
    static const char path[] = FWSIM_TEST_BINARY_DIR "/fwsim-boards.1";

    (void)state;
    unlink(path);
    REFUSED(0, "", "help", "--man-dir", FWSIM_TEST_BINARY_DIR);
    assert_int_equal(access(path, R_OK), 0);
    REFUSED(3, "/nowhere/fwsim.1", "help", "--man-dir", "/nowhere");
}

/* ------------------------------------------------------------------ */
/* Wrong command lines                                                  */
/* ------------------------------------------------------------------ */

static void a_misspelled_name_is_told_the_nearest_one(void **state)
{
    (void)state;
    REFUSED(2, "did you mean \"run\"?", "rum");
    REFUSED(2, "did you mean \"run\"?", "help", "rnu");
    REFUSED(2, "did you mean \"--version\"?", "--verison");
    REFUSED(2, "did you mean \"bbc_microbit\"?", "boards", "bbc_mircobit");
    REFUSED(2, "did you mean \"bbc_microbit\"?", "run", "-b", "bbc_microbt",
            "x");
    REFUSED(2, "did you mean \"nrf51_uart\"?", "peripherals", "nrf51_urat");
    REFUSED_RUN(2, "did you mean \"--timeout\"?", "--timout=1s", "x");
    REFUSED_RUN(2, "did you mean \"uart0\"?", "--uart", "uart1", "x");
    REFUSED_RUN(2, "did you mean \"ignore\"?", "--policy", "ingore", "x");
}

static void a_name_that_is_like_nothing_is_told_where_to_look(void **state)
{
    (void)state;
    REFUSED(2, "\"fwsim --help\"", "zzzzzzzz");
    REFUSED(2, "\"fwsim boards\"", "boards", "zzzzzzzz");
    REFUSED(2, "--help lists them", "run", "--zzzzzzzz");
    REFUSED(2, "-z", "run", "-z");
}

static void a_number_that_is_none_is_refused(void **state)
{
    (void)state;
    REFUSED_RUN(2, "must be more than 0", "--limit", "0", "x");
    REFUSED_RUN(2, "is not a range", "--ram", "0x20000000", "x");
    REFUSED_RUN(2, "is not a range", "--flash", "0x20000000+", "x");
    REFUSED_RUN(2, "is not a range", "--rom", "0x20000000+0", "x");
    REFUSED_RUN(2, "is too large", "--mmio", "0x20000000+9999999M", "x");
    REFUSED_RUN(2, "must be more than 0", "--timeout", "0ms", "x");
    REFUSED_RUN(2, "is not a count", "--limit", "many", "x");
    REFUSED_RUN(2, "needs a unit", "--timeout", "100", "x");
    REFUSED_RUN(2, "is too large", "--limit", "18446744073709551615G", "x");
    REFUSED_RUN(2, "is not a number", "--base", "flash", "x");
    REFUSED_RUN(2, "is not a number", "--seed", "-1", "x");
    REFUSED_RUN(2, "is not a number", "x@0xzz");
}

static void what_is_missing_is_named(void **state)
{
    (void)state;
    REFUSED(2, "--board", "run", "x");
    REFUSED_RUN(2, "image", "--limit", "1");
    REFUSED_RUN(2, "--timeout needs a value", "x", "--timeout");
    REFUSED_RUN(2, "the text is empty", "--expect-text", "", "x");
    REFUSED_RUN(2, "--input", "--input-after", "a", "x");
    REFUSED_RUN(2, "--semihosting", "--args", "a", "x");
}

static void what_does_not_go_together_is_refused(void **state)
{
    (void)state;
    REFUSED_RUN(2, "takes no value", "--json=yes", "x");
    REFUSED_RUN(2, "no terminal", "--interactive", "x");
    REFUSED_RUN(2, "exclude each other", "--interactive", "--json", "x");
    REFUSED(2, "is the second", "boards", "a", "b");
    REFUSED(2, "cpus takes no name", "cpus", "cortex-m0");
}

/* ------------------------------------------------------------------ */
/* Wrong files                                                          */
/* ------------------------------------------------------------------ */

static void a_missing_image_is_named(void **state)
{
    (void)state;
    REFUSED_RUN(3, "no-such-file.elf", "no-such-file.elf");
    REFUSED_RUN(3, "-odd-name", "--", "-odd-name");
}

static void an_empty_image_is_refused(void **state)
{
    (void)state;
    REFUSED_RUN(3, "test_cli.bin", file_with("", 0));
}

static void a_damaged_image_is_refused(void **state)
{
    static const char bad_sum[] = ":020000040000FB\n:00000001FF\n";
    static const char cut_off[] = "\x7f" "ELF\1\1\1";

    (void)state;
    REFUSED_RUN(3, "test_cli.bin", file_with(bad_sum, sizeof(bad_sum) - 1));
    REFUSED_RUN(3, "test_cli.bin", file_with(cut_off, sizeof(cut_off) - 1));
}

static void an_image_outside_the_memories_is_refused(void **state)
{
    char at[512];

    (void)state;
    snprintf(at, sizeof(at), "%s@0x90000000", file_with("firmware", 8));
    REFUSED_RUN(3, "0x90000000", at);
}

static void an_address_for_a_format_that_has_its_own_is_refused(void **state)
{
    static const char hex[] = ":0400000001020304F2\n:00000001FF\n";
    char at[512];

    (void)state;
    snprintf(at, sizeof(at), "%s@0x100", file_with(hex, sizeof(hex) - 1));
    REFUSED_RUN(2, "Intel HEX", at);
}

static void a_missing_input_is_named(void **state)
{
    char raw[64] = { 0 };

    (void)state;
    REFUSED_RUN(3, "no-such-input", "--input", "no-such-input",
                file_with(raw, sizeof(raw)));
}

/* ------------------------------------------------------------------ */
/* Lists                                                                */
/* ------------------------------------------------------------------ */

/* Some program that reads JSON strictly; NULL: there is none. */
static const char *json_reader(void)
{
    if (system("python3 -c 'import json' 2>/dev/null") == 0)
        return "python3 -m json.tool >/dev/null";
    if (system("jq --version >/dev/null 2>&1") == 0)
        return "jq . >/dev/null";
    return NULL;
}

static void assert_json(const char *document)
{
    const char *reader = json_reader();
    command c;

    if (!reader) {
        print_message("SKIPPED: neither python3 nor jq can read the JSON\n");
        skip();
    }
    command_run(&c, (const char *const[]){ "/bin/sh", "-c", reader, NULL },
                document);
    if (c.code != 0)
        print_error("%s\n%s", c.err, document);
    assert_int_equal(c.code, 0);
    command_free(&c);
}

static void lists_are_valid_json_on_demand(void **state)
{
    static const char *const lists[][4] = {
        { "boards", "--json" },      { "boards", "--json", "bbc_microbit" },
        { "cpus", "--json" },        { "peripherals", "--json" },
        { "peripherals", "--json", "nrf51_uart" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(lists) / sizeof(*lists); i++) {
        command c;

        RUN(&c, lists[i][0], lists[i][1], lists[i][2]);
        assert_int_equal(c.code, 0);
        assert_string_equal(c.err, "");
        assert_json(c.out);
        command_free(&c);
    }
}

static void a_run_that_cannot_begin_gives_valid_json(void **state)
{
    command c;

    (void)state;
    RUN(&c, "run", "-b", "bbc_microbit", "--json", "no\"such\nfile\xff");
    assert_int_equal(c.code, 3);
    assert_non_null(strstr(c.out, "\"exit_code\": 3"));
    assert_non_null(strstr(c.out, "\"outcome\": \"input\""));
    assert_json(c.out);
    command_free(&c);
}

static void boards_says_what_is_where(void **state)
{
    command c;

    (void)state;
    RUN(&c, "boards", "bbc_microbit");
    assert_int_equal(c.code, 0);
    /* nRF51822 Product Specification, table 20: UART0 at 0x40002000, ID 2. */
    assert_non_null(strstr(c.out, "0x40002000  uart0"));
    assert_non_null(strstr(c.out, "cortex-m0"));
    assert_non_null(strstr(c.out, "256 KiB  flash"));
    command_free(&c);
}

static void peripherals_says_what_is_not_modelled(void **state)
{
    command c;

    (void)state;
    RUN(&c, "peripherals", "nrf51_uart");
    assert_int_equal(c.code, 0);
    assert_non_null(strstr(c.out, "Not modelled:"));
    /* nRF51 Series Reference Manual, 29.10: TXD at 0x51c. */
    assert_non_null(strstr(c.out, "0x51c   TXD"));
    command_free(&c);
}

static void output_that_cannot_be_written_is_an_error(void **state)
{
    char line[512];
    command c;

    (void)state;
    if (access("/dev/full", W_OK) != 0)
        skip();
    snprintf(line, sizeof(line), "exec '%s' boards >/dev/full",
             command_fwsim());
    command_run(&c, (const char *const[]){ "/bin/sh", "-c", line, NULL },
                NULL);
    assert_int_equal(c.code, 7);
    assert_non_null(strstr(c.err, "standard output"));
    command_free(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_a_command_it_lists_them_and_fails),
        cmocka_unit_test(the_version_is_that_of_the_library),
        cmocka_unit_test(each_command_explains_itself),
        cmocka_unit_test(manual_pages_have_each_option_of_the_help),
        cmocka_unit_test(groff_has_no_complaint_about_a_manual_page),
        cmocka_unit_test(manual_pages_are_written_to_a_folder),
        cmocka_unit_test(a_misspelled_name_is_told_the_nearest_one),
        cmocka_unit_test(a_name_that_is_like_nothing_is_told_where_to_look),
        cmocka_unit_test(a_number_that_is_none_is_refused),
        cmocka_unit_test(what_is_missing_is_named),
        cmocka_unit_test(what_does_not_go_together_is_refused),
        cmocka_unit_test(a_missing_image_is_named),
        cmocka_unit_test(an_empty_image_is_refused),
        cmocka_unit_test(a_damaged_image_is_refused),
        cmocka_unit_test(an_image_outside_the_memories_is_refused),
        cmocka_unit_test(
            an_address_for_a_format_that_has_its_own_is_refused),
        cmocka_unit_test(a_missing_input_is_named),
        cmocka_unit_test(lists_are_valid_json_on_demand),
        cmocka_unit_test(a_run_that_cannot_begin_gives_valid_json),
        cmocka_unit_test(boards_says_what_is_where),
        cmocka_unit_test(peripherals_says_what_is_not_modelled),
        cmocka_unit_test(output_that_cannot_be_written_is_an_error),
    };

    if (!command_have_fwsim())
        return 77;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
