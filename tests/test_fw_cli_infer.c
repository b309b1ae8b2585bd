/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * `fwsim infer`, and `fwsim run` from the file that it writes, with firmware
 * of a chip that does not exist (firmware/inf_cli_uart.c). What is expected is
 * what that source says of its registers.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "command.h"
#include "support.h"

#define GUEST FWSIM_TEST_FIRMWARE_DIR "/inf_cli_uart.elf"
#define LED_GUEST FWSIM_TEST_FIRMWARE_DIR "/inf_cli_led.elf"
#define BOARD "--board", "generic_cortex_m3"

#define FWSIM(c, ...)                                                          \
    command_run(c, (const char *const[]){ command_fwsim(), __VA_ARGS__, NULL },\
                NULL)

static char folder[] = "/tmp/fwsim-infer-XXXXXX";
static char models[64], other[64];

static void assert_contains(const char *text, const char *part)
{
    if (!strstr(text, part))
        print_error("\"%s\" is not in:\n%s\n", part, text);
    assert_non_null(strstr(text, part));
}

static void assert_code(const command *c, int code)
{
    if (c->code != code)
        print_error("exit code %d:\n%s%s\n", c->code, c->out, c->err);
    assert_int_equal(c->code, code);
}

static void write_file(const char *path, const char *text)
{
    FILE *f = fopen(path, "w");

    assert_non_null(f);
    assert_true(fputs(text, f) >= 0);
    assert_int_equal(fclose(f), 0);
}

static char *read_file(const char *path)
{
    FILE *f = fopen(path, "r");
    char *text = calloc(1, 1 << 16);

    assert_non_null(f);
    assert_non_null(text);
    assert_true(fread(text, 1, (1 << 16) - 1, f) > 0);
    fclose(f);
    return text;
}

/** Write what the guest shows to `models`. */
static void infer(void)
{
    command c;

    FWSIM(&c, "infer", BOARD, "-o", models, GUEST);
    assert_code(&c, 0);
    command_free(&c);
}

/** A command with one wrong option ends with a code and a message. */
static void fails(int code, const char *err, const char *option,
                  const char *value)
{
    command c;

    FWSIM(&c, "infer", BOARD, "--limit", "100k", option, value, GUEST);
    assert_code(&c, code);
    assert_contains(c.err, err);
    command_free(&c);
}

/* ------------------------------------------------------------------ */
/* fwsim infer                                                          */
/* ------------------------------------------------------------------ */

static void the_summary_says_what_was_found_and_where_it_ended(void **state)
{
    command c;

    (void)state;
    FWSIM(&c, "infer", BOARD, GUEST);
    assert_code(&c, 0);
    assert_string_equal(c.out, "");
    assert_contains(c.err, "ended at reached_the_end");
    assert_contains(c.err, "registers   4: ");
    assert_contains(c.err, "interrupt   38");
    assert_contains(c.err, "0x40004404 looks like a receiver");
    command_free(&c);
}

static void the_file_has_the_registers_with_reasons(void **state)
{
    char *text;

    (void)state;
    infer();
    text = read_file(models);
    assert_contains(text, "base: 0x40004400");
    assert_contains(text, "{ bits: 7, kind: ready-set");
    assert_contains(text, "{ bits: 17, kind: ready-set");
    assert_contains(text, "the firmware waits until it is 1");
    assert_contains(text, "line: 38");
    free(text);
}

static void the_same_command_writes_the_same_file(void **state)
{
    char *first, *second;

    (void)state;
    infer();
    first = read_file(models);
    infer();
    second = read_file(models);
    assert_string_equal(first, second);
    free(first);
    free(second);
}

static void a_dash_writes_to_standard_output_and_nothing_else(void **state)
{
    command c;
    char *text;

    (void)state;
    infer();
    text = read_file(models);
    FWSIM(&c, "infer", BOARD, "-o", "-", GUEST);
    assert_code(&c, 0);
    assert_string_equal(c.out, text);
    command_free(&c);
    free(text);
}

static void json_has_all_registers(void **state)
{
    command c;

    (void)state;
    FWSIM(&c, "infer", BOARD, "--json", GUEST);
    assert_code(&c, 0);
    assert_contains(c.out, "\"inference\": {");
    assert_contains(c.out, "\"address\": \"0x40021000\"");
    assert_contains(c.out, "\"ones\": \"0x00020000\"");
    assert_contains(c.out, "\"name\": \"0x40004404\"");
    command_free(&c);
}

static void a_file_that_is_begun_with_is_kept(void **state)
{
    char *before, *after;
    command c;

    (void)state;
    write_file(other,
               "fwsim-models: 1\nperipherals:\n  - base: 0x40004400\n"
               "    name: uart\n    size: 0x400\n    registers:\n"
               "      - offset: 0x1c\n        name: SPARE\n"
               "        role: control\n");
    FWSIM(&c, "infer", BOARD, "--models", other, "-o", models, GUEST);
    assert_code(&c, 0);
    command_free(&c);
    before = read_file(models);
    assert_contains(before, "name: SPARE");
    assert_contains(before, "# uart+0x00 at 0x40004400");
    FWSIM(&c, "infer", BOARD, "--models", models, "-o", models, GUEST);
    assert_code(&c, 0);
    command_free(&c);
    after = read_file(models);
    assert_contains(after, "name: SPARE");
    assert_contains(after, "{ bits: 17, kind: ready-set");
    free(before);
    free(after);
}

#ifdef FWSIM_WITH_SVD
static void an_svd_gives_names_and_reset_values(void **state)
{
    command c;

    (void)state;
    write_file(other,
               "<device><name>FAKE</name><peripherals><peripheral>"
               "<name>UART9</name><baseAddress>0x40004400</baseAddress>"
               "<addressBlock><offset>0</offset><size>0x100</size>"
               "<usage>registers</usage></addressBlock><registers>"
               "<register><name>STAT</name><addressOffset>0</addressOffset>"
               "<size>32</size><resetValue>0x20</resetValue>"
               "<fields><field><name>TXE</name><bitOffset>7</bitOffset>"
               "<bitWidth>1</bitWidth></field></fields></register>"
               "<register><name>UNUSED</name><addressOffset>0x20"
               "</addressOffset><size>32</size></register>"
               "</registers></peripheral></peripherals></device>");
    FWSIM(&c, "infer", BOARD, "--svd", other, "-o", "-", GUEST);
    assert_code(&c, 0);
    assert_contains(c.out, "soc: FAKE");
    assert_contains(c.out, "UART9.STAT at 0x40004400");
    assert_contains(c.out, "reset: 0x20");
    assert_contains(c.out, "{ bits: 7, name: TXE, kind: ready-set");
    assert_contains(c.out, "size: 0x100\n");
    assert_null(strstr(c.out, "UNUSED"));
    command_free(&c);
}
#endif

/* ------------------------------------------------------------------ */
/* fwsim run                                                            */
/* ------------------------------------------------------------------ */

static void run_infer_gets_as_far(void **state)
{
    command c;

    (void)state;
    FWSIM(&c, "run", BOARD, "--infer", "--limit", "300k", "--json", GUEST);
    assert_code(&c, 0);
    assert_contains(c.out, "\"function\": \"reached_the_end\"");
    command_free(&c);
}

static void without_inference_the_guest_waits_for_its_clock(void **state)
{
    command c;

    (void)state;
    FWSIM(&c, "run", BOARD, "--limit", "300k", "--json", GUEST);
    assert_code(&c, 0);
    assert_null(strstr(c.out, "\"function\": \"reached_the_end\""));
    command_free(&c);
}

/** The line of the fingerprint. */
static const char *fingerprint(const command *c)
{
    const char *line = strstr(c->err, "fingerprint ");

    assert_non_null(line);
    return line;
}

static void a_frozen_run_gets_as_far_and_always_the_same(void **state)
{
    command first, second;

    (void)state;
    infer();
    FWSIM(&first, "run", BOARD, "--models", models, "--frozen", "--limit",
          "300k", "--fingerprint", "--json", GUEST);
    assert_code(&first, 0);
    assert_contains(first.out, "\"function\": \"reached_the_end\"");
    command_free(&first);
    FWSIM(&first, "run", BOARD, "--models", models, "--frozen", "--limit",
          "300k", "--fingerprint", GUEST);
    FWSIM(&second, "run", BOARD, "--models", models, "--frozen", "--limit",
          "300k", "--fingerprint", GUEST);
    assert_string_equal(fingerprint(&first), fingerprint(&second));
    command_free(&first);
    command_free(&second);
}

static void frozen_stops_at_a_register_that_nobody_knows(void **state)
{
    command c;

    (void)state;
    infer();
    FWSIM(&c, "run", BOARD, "--models", models, "--frozen", "--limit", "300k",
          LED_GUEST);
    assert_code(&c, 9);
    assert_contains(c.err, "0x40010c0c");
    assert_contains(c.err, "reached_the_end");
#ifdef FWSIM_WITH_DWARF
    assert_contains(c.err, "inf_cli_uart.c:");
#endif
    assert_contains(c.err, "fwsim infer --board generic_cortex_m3 --models");
    command_free(&c);
}

/* ------------------------------------------------------------------ */
/* Mistakes                                                             */
/* ------------------------------------------------------------------ */

static void a_board_that_is_not_there_gives_2(void **state)
{
    command c;

    (void)state;
    FWSIM(&c, "infer", "--board", "generic_cortex_m9", GUEST);
    assert_code(&c, 2);
    assert_contains(c.err, "did you mean");
    command_free(&c);
}

static void damaged_models_give_3_and_the_place(void **state)
{
    char place[128];

    (void)state;
    write_file(other, "fwsim-models: 1\nperipherals:\n  - base: nowhere\n");
    snprintf(place, sizeof place, "%s:3:11:", other);
    fails(3, place, "--models", other);
}

static void files_that_are_not_there_give_3(void **state)
{
    (void)state;
    fails(3, "/nowhere", "--models", "/nowhere");
    fails(3, "/nowhere", "--svd", "/nowhere");
    fails(3, "/nowhere", "--import-fuzzware", "/nowhere");
    fails(3, "/nowhere", "--input", "0x40004404=/nowhere");
}

static void output_that_cannot_be_written_gives_7_before_the_run(void **state)
{
    command c;

    (void)state;
    fails(7, "/nowhere/models.yaml", "-o", "/nowhere/models.yaml");
    fails(7, "is a folder", "-o", folder);
    FWSIM(&c, "infer", BOARD, "-o", "/nowhere/models.yaml", GUEST);
    assert_code(&c, 7);
    assert_null(strstr(c.err, "analyses"));
    command_free(&c);
}

static void a_stream_that_is_no_address_gives_2(void **state)
{
    (void)state;
    fails(2, "no stream \"uart1\"", "--input", "uart1=/dev/null");
    fails(2, "names no file", "--input", "0x40004404=");
}

static void a_stream_that_no_register_takes_is_told(void **state)
{
    (void)state;
    fails(0, "no register 0x40009999", "--input", "0x40009999=/dev/null");
}

static void a_stream_without_inference_gives_2(void **state)
{
    command c;

    (void)state;
    FWSIM(&c, "run", BOARD, "--limit", "1k", "--input", "0x40004404=/dev/null",
          GUEST);
    assert_code(&c, 2);
    assert_contains(c.err, "--infer");
    command_free(&c);
}

static void json_and_models_do_not_share_standard_output(void **state)
{
    command c;

    (void)state;
    FWSIM(&c, "infer", BOARD, "--json", "-o", "-", GUEST);
    assert_code(&c, 2);
    command_free(&c);
}

static int begin(void **state)
{
    (void)state;
    if (!mkdtemp(folder))
        return -1;
    snprintf(models, sizeof models, "%s/models.yaml", folder);
    snprintf(other, sizeof other, "%s/other", folder);
    return 0;
}

static int end(void **state)
{
    (void)state;
    unlink(models);
    unlink(other);
    return rmdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_summary_says_what_was_found_and_where_it_ended),
        cmocka_unit_test(the_file_has_the_registers_with_reasons),
        cmocka_unit_test(the_same_command_writes_the_same_file),
        cmocka_unit_test(a_dash_writes_to_standard_output_and_nothing_else),
        cmocka_unit_test(json_has_all_registers),
        cmocka_unit_test(a_file_that_is_begun_with_is_kept),
#ifdef FWSIM_WITH_SVD
        cmocka_unit_test(an_svd_gives_names_and_reset_values),
#endif
        cmocka_unit_test(run_infer_gets_as_far),
        cmocka_unit_test(without_inference_the_guest_waits_for_its_clock),
        cmocka_unit_test(a_frozen_run_gets_as_far_and_always_the_same),
        cmocka_unit_test(frozen_stops_at_a_register_that_nobody_knows),
        cmocka_unit_test(a_board_that_is_not_there_gives_2),
        cmocka_unit_test(damaged_models_give_3_and_the_place),
        cmocka_unit_test(files_that_are_not_there_give_3),
        cmocka_unit_test(output_that_cannot_be_written_gives_7_before_the_run),
        cmocka_unit_test(a_stream_that_is_no_address_gives_2),
        cmocka_unit_test(a_stream_that_no_register_takes_is_told),
        cmocka_unit_test(a_stream_without_inference_gives_2),
        cmocka_unit_test(json_and_models_do_not_share_standard_output),
    };

    if (!command_have_fwsim() || access(GUEST, R_OK) != 0) {
        print_message("skipped: no fwsim program, or no compiler for guests\n");
        return 77;
    }
#ifndef FWSIM_WITH_YAML
    print_message("skipped: a build without YAML reads no models\n");
    return 77;
#endif
    return cmocka_run_group_tests(tests, begin, end);
}
