/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The runner of cmocka groups from outside: tests/cmocka/sample.c ends in every
 * way a test can end.
 */
#include "command.h"
#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FOLDER FWSIM_TEST_BINARY_DIR "/cmocka"
#define SAMPLE FOLDER "/cmocka_sample"

static const char *shell(const char *line)
{
    static char text[8192];
    const char *argv[] = { "/bin/sh", "-c", line, NULL };
    command c;

    command_run(&c, argv, NULL);
    snprintf(text, sizeof text, "%d\n%s%s", c.code, c.out, c.err);
    command_free(&c);
    return text;
}

static void assert_has(const char *text, const char *part)
{
    if (!strstr(text, part))
        fail_msg("no '%s' in: %s", part, text);
}

static void assert_code(const char *text, int code)
{
    if (atoi(text) != code)
        fail_msg("not code %d: %s", code, text);
}

static void the_list_has_every_test_and_runs_none(void **state)
{
    const char *text = shell(SAMPLE " --list");

    (void)state;
    assert_code(text, 0);
    assert_has(text, "\nhears_a_letter\nfails_an_assertion\n");
    assert_null(strstr(text, "RUN"));
    text = shell("FWSIM_TEST_LIST=1 " SAMPLE);
    assert_has(text, "\nfwsim_test: hears_a_letter\nfwsim_test: fails_an");
}

static void a_filter_is_a_name_or_a_pattern(void **state)
{
    const char *text = shell(SAMPLE " --filter 'hears_*'");

    (void)state;
    assert_code(text, 0);
    assert_has(text, "2 test(s) run");
    text = shell("FWSIM_TEST_FILTER=hears_a_letter " SAMPLE);
    assert_code(text, 0);
    assert_has(text, "1 test(s) run");
    text = shell("FWSIM_TEST_FILTER='hears_a_*\nis_skipped\nnone' " SAMPLE);
    assert_code(text, 0);
    assert_has(text, "2 test(s) run");
    text = shell(SAMPLE " --filter hears_a_leter");
    assert_code(text, 2);
    assert_has(text, "no test matches 'hears_a_leter'; did you mean "
                     "'hears_a_letter'?");
}

static void wrong_options_are_named(void **state)
{
    const char *text = shell(SAMPLE " --filtr x");

    (void)state;
    assert_code(text, 2);
    assert_has(text, "unknown option '--filtr'; did you mean --filter?");
    text = shell(SAMPLE " --junit");
    assert_code(text, 2);
    assert_has(text, "--junit needs a value");
    text = shell(SAMPLE " --filter hears_a_letter --junit /nowhere/x.xml");
    assert_code(text, 2);
    assert_has(text, "/nowhere/x.xml: cannot be written: No such file");
}

static void names_that_occur_twice_are_refused(void **state)
{
    const char *text = shell("SAMPLE=twins " SAMPLE);

    (void)state;
    assert_code(text, 2);
    assert_has(text, "two tests are called 'is_fine'");
}

static void the_program_returns_what_ctest_reads(void **state)
{
    (void)state;
    assert_code(shell(SAMPLE " --filter hears_a_letter"), 0);
    assert_code(shell(SAMPLE " --filter fails_an_assertion"), 1);
    assert_code(shell(SAMPLE " --filter is_skipped"), 77);
    assert_code(shell(SAMPLE " --filter is_fine"), 1);
    assert_code(shell(SAMPLE " --filter leaks_a_machine"), 1);
}

static void groups_of_a_program_make_one_report(void **state)
{
    (void)state;
    assert_code(shell("SAMPLE=groups " SAMPLE " --jsonl " FOLDER "/g.jsonl"), 0);
    assert_has(shell("jq -r .suite+.status " FOLDER "/g.jsonl"),
               "0\ncmocka_sample.firstpassed\ncmocka_sample.secondpassed\n");
    /* A test of the second group: that the first has none is no error. */
    assert_code(shell("SAMPLE=groups " SAMPLE " --filter two"), 0);
}

static void a_failure_shows_the_firmware(void **state)
{
    const char *text = shell(SAMPLE " --filter crashes_the_firmware");

    (void)state;
    assert_has(text, "stopped: fault (");
    assert_has(text, "not limit");
    assert_has(text, "[ FIRMWARE ] on bbc_microbit");
    assert_has(text, "HardFault at crash");
    assert_has(text, "cli_guest.c:");
    assert_has(text, "last events:");
    text = shell(SAMPLE " --filter waits_in_vain");
    assert_has(text, "ERROR: fwsim_uart_expect(m, NULL, \"nonsense\"");
    assert_has(text, "came      \"heard B\\n\"");
    /* It has been said. */
    assert_null(strstr(text, "FIRMWARE"));
    /* One without firmware does not. */
    text = shell(SAMPLE " --filter fails_an_assertion");
    assert_null(strstr(text, "FIRMWARE"));
}

static void a_machine_left_behind_is_named(void **state)
{
    (void)state;
    assert_has(shell(SAMPLE " --filter leaks_a_machine"),
               "1 machine was made and not freed");
}

static void a_report_has_every_way_to_end(void **state)
{
    const char *text;

    (void)state;
    if (atoi(shell("command -v jq xmllint"))) {
        print_message("SKIPPED: there is no jq or xmllint (Debian: jq, "
                      "libxml2-utils)\n");
        skip();
    }
    /* Whoever kills leaves a mark: LeakSanitizer would add its own. */
    text = shell("ASAN_OPTIONS=detect_leaks=0 " SAMPLE " --jsonl=" FOLDER
                 "/all.jsonl --junit " FOLDER " --tap " FOLDER "/all.tap");
    assert_code(text, 1);
    assert_has(shell("jq -r '[.name, .status, (.message // \"\""
                     " | split(\"\\n\")[0])] | join(\"|\")' " FOLDER
                     "/all.jsonl | cut -c1-81"),
               "0\n"
               "hears_a_letter|passed|\n"
               "fails_an_assertion|failed|0x1 != 0x2\n"
               "waits_in_vain|failed|fwsim_uart_expect(m, NULL, \"nonsense\", "
               "FWSIM_MS(5)): did not\n"
               "crashes_the_firmware|failed|stopped: fault (the core takes a "
               "fault exception, at \n"
               "is_skipped|skipped|there is no board on this desk\n"
               "aborts|error|ended by signal 6 (Aborted)\n"
               "exits|error|ended the program with code 3\n"
               "leaks_a_machine|error|1 machine was made and not freed: each "
               "needs its fwsim_free\n"
               "leaves_a_mock_value|failed|");
    assert_has(shell("tail -4 " FOLDER "/all.jsonl | jq -r "
                     "'.name+\"|\"+.status+\"|\"+(.message//\"\")'"),
               "0\n"
               "is_fine|error|the set-up of the test failed\n"
               "teardown_fails|error|the teardown of the test failed\n"
               "has_a_state_of_its_own|passed|\n"
               "hears_it_again|passed|\n");
    assert_has(shell("jq -r 'select(.name==\"fails_an_assertion\")"
                     " | .file+\":\"+(.line|tostring)+\":\"+.output' " FOLDER
                     "/all.jsonl"),
               "cmocka/sample.c:42:an ordinary line\n");
    assert_code(shell("xmllint --noout --schema " FWSIM_TEST_SOURCE_DIR
                      "/junit.xsd " FOLDER "/cmocka_sample.xml"),
                0);
    assert_has(shell("head -2 " FOLDER "/all.tap"), "TAP version 14\n1..13\n");
}

static void a_group_that_does_not_boot_says_why(void **state)
{
    const char *text = shell("SAMPLE=board " SAMPLE " --filter is_fine");

    (void)state;
    assert_code(text, 1);
    assert_has(text, "no board 'bbc_microbits'; did you mean 'bbc_microbit'?");
    text = shell("SAMPLE=image " SAMPLE " --filter is_fine");
    assert_has(text, "/nowhere.elf");
    text = shell("SAMPLE=until " SAMPLE " --filter is_fine --jsonl " FOLDER
                 "/until.jsonl");
    assert_code(text, 1);
    assert_has(text, "\"Ready?\" has not come within 1 s");
    assert_has(text, "  | ready\n");
    assert_has(shell("cat " FOLDER "/until.jsonl"),
               "the set-up of the group failed");
}

static void a_crash_behind_the_tests_is_a_result(void **state)
{
    const char *text = shell("SAMPLE=teardown " SAMPLE
                             " --filter hears_a_letter --jsonl " FOLDER
                             "/down.jsonl");

    (void)state;
    assert_code(text, 1);
    assert_has(shell("jq -r .name+.status " FOLDER "/down.jsonl"),
               "0\nhears_a_letterpassed\n(group teardown)error\n");
}

static void a_boot_is_kept_for_other_processes(void **state)
{
    const char *run = "FWSIM_SNAPSHOT_DIR=" FOLDER "/kept " SAMPLE
                      " --filter 'hears_*'";
    const char *files = "find " FOLDER "/kept -name '*.snapshot' | wc -l";

    (void)state;
    shell("rm -rf " FOLDER "/kept");
    assert_code(shell(run), 0);
    assert_has(shell(files), "0\n1\n");
    /* Read, and not made again. */
    shell("touch -d 2001-01-01 " FOLDER "/kept/*");
    assert_code(shell(run), 0);
    assert_has(shell("find " FOLDER "/kept -name '*.snapshot' -mtime +365 | "
                     "wc -l"),
               "0\n1\n");
    /* One that is damaged is named and made again. */
    shell("for f in " FOLDER "/kept/*; do head -c 100 $f >$f.cut; "
          "mv $f.cut $f; done");
    assert_has(shell(run), "; booting instead\n");
    assert_null(strstr(shell(run), "booting instead"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_list_has_every_test_and_runs_none),
        cmocka_unit_test(a_filter_is_a_name_or_a_pattern),
        cmocka_unit_test(wrong_options_are_named),
        cmocka_unit_test(names_that_occur_twice_are_refused),
        cmocka_unit_test(the_program_returns_what_ctest_reads),
        cmocka_unit_test(groups_of_a_program_make_one_report),
        cmocka_unit_test(a_failure_shows_the_firmware),
        cmocka_unit_test(a_machine_left_behind_is_named),
        cmocka_unit_test(a_report_has_every_way_to_end),
        cmocka_unit_test(a_group_that_does_not_boot_says_why),
        cmocka_unit_test(a_crash_behind_the_tests_is_a_result),
        cmocka_unit_test(a_boot_is_kept_for_other_processes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
