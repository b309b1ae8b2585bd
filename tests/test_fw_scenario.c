/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * `fwsim test`: scenarios with firmware in them (firmware/cli_guest.c), test
 * programs, and how their results are shown.
 */
#include <poll.h>
#include <pty.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "command.h"
#include "support.h"

#define SCENARIOS FWSIM_TEST_SOURCE_DIR "/scenario/"
#define HEAD                                                                   \
    "fwsim-scenario: 1\nname: g\nboard: bbc_microbit\n"                        \
    "load: ${FWSIM_TEST_FIRMWARE_DIR}/cli_guest.elf\n"
#define STEPS HEAD "tests:\n- name: t\n  steps:\n"

#define TEST(c, ...)                                                           \
    command_run(c, (const char *const[]){ command_fwsim(), "test",             \
                                          __VA_ARGS__, NULL }, NULL)

static char folder[] = "/tmp/fwsim-test-XXXXXX";

/* A file of the folder; the path is good until the next but three. */
static const char *file(const char *name, const char *text, int mode)
{
    static char paths[4][64];
    static unsigned next;
    char *path = paths[next++ % 4];
    FILE *out;

    snprintf(path, sizeof(paths[0]), "%s/%s", folder, name);
    out = fopen(path, "w");
    assert_non_null(out);
    assert_true(fputs(text, out) >= 0);
    assert_int_equal(fclose(out), 0);
    assert_int_equal(chmod(path, (mode_t)mode), 0);
    return path;
}

static const char *scenario(const char *text)
{
    return file("x.yaml", text, 0600);
}

static const char *program(const char *name, const char *script)
{
    char text[1024];

    snprintf(text, sizeof(text), "#!/bin/sh\n%s\n", script);
    return file(name, text, 0700);
}

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

/* ------------------------------------------------------------------ */
/* Scenarios                                                            */
/* ------------------------------------------------------------------ */

static void the_scenario_of_the_guest_passes(void **state)
{
    command c;

    (void)state;
    TEST(&c, SCENARIOS "cli_guest.yaml");
    assert_code(&c, 0);
    assert_contains(c.out, "\n20 passed, 0 failed, 1 skipped in ");
    command_free(&c);
}

static void functions_are_called_replaced_and_counted(void **state)
{
    command c;

    (void)state;
    TEST(&c, SCENARIOS "call_guest.yaml");
    assert_code(&c, 0);
    assert_contains(c.out, "\n7 passed, 0 failed, 0 skipped in ");
    command_free(&c);
}

/* Steps, and what is said of them. */
static const struct {
    const char *steps;
    const char *message[4];
} bad[] = {
    { "  - send: a\n  - expect: {text: heard b, within: 5 ms}\n",
      { "x.yaml:9:5", "\"heard b\" has not come within 5 ms", "\"heard a\\n\"",
        "reset_handler" } },
    { "  - send: a\n  - expect-silence: 5 ms\n",
      { "x.yaml:9:5", "there is no silence of 5 ms" } },
    { "  - send: c\n  - run: 10 ms\n",
      { "x.yaml:9:5", "run: the firmware has stopped: the core takes a fault",
        "HardFault at crash", "the last events" } },
    { "  - send: c\n  - run: {stop: exit}\n",
      { "x.yaml:9:5", "should have stopped with \"exit\", but it stopped with "
        "\"fault\"", "backtrace" } },
    { "  - run: {stop: fault, for: 1 ms}\n",
      { "x.yaml:8:5", "the firmware has not stopped with \"fault\"" } },
    { "  - run: {until: crash, for: 1 ms}\n",
      { "x.yaml:8:5", "the firmware has not come to \"crash\"" } },
    { "  - run: {stop: exit, until: crash}\n",
      { "x.yaml:8:17", "until and stop exclude each other" } },
    { "  - run: {for: 1 ms, exit-code: 1}\n",
      { "x.yaml:8:33", "exit-code has a meaning with \"stop: exit\" only" } },
    { "  - expect: nothing comes\n  timeout: 20 ms\n",
      { "x.yaml:8:5", "the virtual time of the test is over (timeout)" } },
    /* It spins with interrupts masked. */
    { "  - set-register: {register: primask, value: 1}\n  - run: 1 s\n"
      "  timeout: 20 ms\n",
      { "x.yaml:9:5", "run: the virtual time of the test is over (timeout)",
        "the firmware is in reset_handler" } },
    { "  - run: {until: carsh}\n",
      { "x.yaml:8:18", "no symbol \"carsh\"; did you mean \"crash\"?" } },
    { "  - send: {text: a, uart: uart9}\n",
      { "x.yaml:8:27", "board bbc_microbit has no serial port \"uart9\"; did "
        "you mean \"uart0\"?" } },
    { "  - set-pin: {pin: buton_a, level: low}\n",
      { "x.yaml:8:20", "board bbc_microbit has no pin \"buton_a\"; did you "
        "mean \"button_a\"?" } },
    { "  - expect-pin: {pin: button_a, level: low}\n",
      { "x.yaml:8:5", "expect-pin: ", "button_a" } },
    { "  - set-input: {peripheral: tmp, input: temperature, value: 1}\n",
      { "x.yaml:8:41", "set-input: " } },
    { "  - set-input: {peripheral: temp, input: temperature, value: 9999999}\n",
      { "x.yaml:8:42", "set-input: " } },
    { "  - expect-memory: {at: vectors, u32: 1}\n",
      { "x.yaml:8:5", "memory at vectors is another than expected, from byte 0",
        "expected 01 00 00 00", "found    " } },
    { "  - expect-memory: {at: 0x60000000, u8: 0}\n",
      { "x.yaml:8:25", "expect-memory: " } },
    { "  - play-pin: {pin: pad2, points: [low, high]}\n",
      { "x.yaml:8:35", "play-pin: ", "point" } },
    { "  - play-input: {peripheral: temp, input: temprature, points: 1}\n",
      { "x.yaml:8:", "temprature" } },
    { "  - play-input: {peripheral: temp, input: temperature,\n"
      "      points: [0, {at: 1 ms, value: 3000000000}]}\n",
      { "x.yaml:9:15", "3000000000 does not fit in 32 bits" } },
    { "  - expect-i2c: {controller: twi0, address: 0x19}\n",
      { "x.yaml:8:5", "no script-i2c is before it" } },
    { "  - script-i2c: {controller: twi7, address: 0x19, transfers: {read: \"0a\"}}\n",
      { "x.yaml:8:30", "it has twi0, twi1" } },
    { "  - script-i2c: {controller: twi0, address: 0x80, transfers: {read: \"0a\"}}\n",
      { "x.yaml:8:45", "has more than 7 bits" } },
    { "  - script-i2c: {controller: twi0, address: 0x19, transfers: {write: \"0a\"}}\n"
      "  - expect-i2c: {controller: twi0, address: 0x19, within: 5 ms}\n",
      { "x.yaml:9:5", "step 1 of 1 has not come", "write 0a" } },
    { "  - expect-stack: {most: 4, stack: vectrs}\n",
      { "x.yaml:8:36", "vectrs" } },
    { "  - paint-stack\n  - send: a\n  - expect: heard a\n  - expect-stack: 1\n",
      { "x.yaml:11:5", "expect-stack: " } },
    { "  - set-memory: {at: vectors, u8: 256}\n",
      { "x.yaml:8:35", "0x100 does not fit in 8 bits" } },
    { "  - expect-register: {register: r99, value: 1}\n",
      { "x.yaml:8:33", "the core has no register \"r99\"; did you mean" } },
    { "  - expect-register: {register: r13, value: 1}\n",
      { "x.yaml:8:5", "register r13 should be 0x1, but it is 0x2000" } },
    { "  - expect: {regex: \"[\"}\n", { "x.yaml:8:21", "expect: " } },
    { "  - expect: \"\"\n", { "x.yaml:8:13", "expected text without zero" } },
    { "  - send: {file: nowhere.bin}\n",
      { "x.yaml:8:18", "nowhere.bin: No such file or directory" } },
    { "  - restore: nowhere\n",
      { "x.yaml:8:14", "no step before has taken a snapshot \"nowhere\"" } },
    { "  - feed: a\n", { "x.yaml:8:5", "inference is off" } },
    { "  - call: carsh\n", { "x.yaml:8:11", "crash" } },
    { "  - watch: crash\n  - expect-calls: {function: crash, min: 1}\n",
      { "x.yaml:9:5", "crash should have been called at least 1 times, but it "
        "was 0" } },
    { "  - expect-calls: {function: crash, min: 1}\n",
      { "x.yaml:8:30", "no step before watches or replaces \"crash\"" } },
    { "  - inject: flip:rom\n", { "x.yaml:8:13", "inject: " } },
    { "  - inject: drop:rx:uart0\n  - expect-injected\n",
      { "x.yaml:9:5", "drop:rx:uart0 has happened 0 times, expected 1" } },
    { "  - expect-injected\n", { "x.yaml:8:5", "no step before has injected" } },
    { "  - send: a\n  fails: no such message\n",
      { "x.yaml:6:9", "it passed, but has to fail with \"no such message\"" } },
    { "  - run: {stop: fault, for: 1 ms}\n  fails: no such message\n",
      { "it has to fail with \"no such message\"" } },
#ifdef FWSIM_WITH_DWARF
    { "  - expect-variable: {name: vektors, value: 1}\n",
      { "x.yaml:8:29", "expect-variable: ", "vectors" } },
#endif
};

static void what_fails_is_told_with_its_place(void **state)
{
    unsigned missing = 0;

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
        char text[1024];
        command c;

        snprintf(text, sizeof(text), "%s%s", STEPS, bad[i].steps);
        TEST(&c, scenario(text));
        assert_code(&c, 1);
        for (size_t k = 0; k < 4 && bad[i].message[k]; k++) {
            if (strstr(c.out, bad[i].message[k]))
                continue;
            print_error("%s\"%s\" is not in:\n%s\n", bad[i].steps,
                        bad[i].message[k], c.out);
            missing++;
        }
        command_free(&c);
    }
    assert_int_equal(missing, 0);
}

/* A file whose setup cannot be done has one result. */
static void what_a_machine_cannot_be_made_of_breaks_its_file_only(void **state)
{
    static const struct {
        const char *text, *place, *message;
    } rows[] = {
        { "board: bbc_micro\nload: x.elf\n", "w.yaml:2:8",
          "no board \"bbc_micro\"; did you mean \"bbc_microbit\"?" },
        { "board: bbc_microbit\nload: nowhere.elf\n", "w.yaml:3:7",
          "nowhere.elf" },
        { "board: bbc_microbit\nload: w.yaml\ninfer: {models: no.yaml}\n",
          "w.yaml:4:", "no.yaml" },
        { "board: bbc_microbit\nload: {image: '${FWSIM_TEST_FIRMWARE_DIR}/"
          "cli_guest.elf', base: 4}\n", "w.yaml:3:", "says itself where it "
          "lies" },
        { "board: generic_cortex_m0\nload: w.yaml\nmemory: {ram: [0x20000000+1k]}\n",
          "w.yaml:3:7", "has no vector table" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        char text[512];
        command c;

        snprintf(text, sizeof(text), "fwsim-scenario: 1\n%s"
                 "tests: [{name: t, steps: []}]\n", rows[i].text);
        TEST(&c, file("w.yaml", text, 0600), scenario(STEPS "  - run: 1 ms\n"));
        assert_code(&c, 1);
        assert_contains(c.out, "ERROR w/setup");
        assert_contains(c.out, rows[i].place);
        assert_contains(c.out, rows[i].message);
        assert_contains(c.out, "1 passed, 0 failed, 1 broken, 0 skipped");
        command_free(&c);
    }
}

static void a_file_that_cannot_be_read_gives_3_and_others_are_run(void **state)
{
    command c;

    (void)state;
    TEST(&c, file("bad.yaml", "tests: [", 0600), "/no/such/test",
         scenario(STEPS "  - run: 1 ms\n"));
    assert_code(&c, 3);
    assert_contains(c.err, "bad.yaml:");
    assert_contains(c.err, "/no/such/test: No such file or directory");
    assert_contains(c.out, "1 passed, 0 failed, 0 skipped, 2 files could not "
                           "be read");
    command_free(&c);
}

static void tests_do_not_see_each_other(void **state)
{
    command c;

    (void)state;
    TEST(&c, scenario(HEAD
        "setup:\n- expect: \"ready\\n\"\n- snapshot: s\n"
        "tests:\n"
        "- name: a\n  steps:\n  - set-memory: {at: 0x20000100, u8: 1}\n"
        "  - send: a\n  - run: 10 ms\n  - snapshot: mine\n"
        "  - inject: drop:rx:uart0\n"
        "- name: b\n  steps:\n  - expect-memory: {at: 0x20000100, u8: 0}\n"
        "  - expect-silence: 2 ms\n  - send: b\n"
        "  - run: {stop: breakpoint}\n"
        "- name: c\n  steps:\n  - restore: s\n  - restore: mine\n"));
    assert_code(&c, 1);
    assert_contains(c.out, "2 passed, 0 failed, 1 broken");
    assert_contains(c.out, "no step before has taken a snapshot \"mine\"");
    command_free(&c);
}

/* The child is killed for the processor time that it takes. */
static void a_crash_of_fwsim_is_one_broken_test(void **state)
{
    char line[512];
    command c;

    (void)state;
    snprintf(line, sizeof(line), "ulimit -c 0 && ulimit -t 1 && exec %s test %s",
             command_fwsim(), scenario(HEAD
        "timeout: 100000 s\ntests:\n"
        "- name: before\n  steps: [run: 1 ms]\n"
        "- name: endless\n  steps: [run: 50000 s]\n"
        "- name: behind\n  steps: [run: 1 ms]\n"));
    command_run(&c, (const char *const[]){ "/bin/sh", "-c", line, NULL }, NULL);
    assert_code(&c, 1);
    assert_contains(c.out, "ok    g/before");
    assert_contains(c.out, "ERROR g/endless");
    assert_contains(c.out, "fwsim crashed: signal ");
    assert_contains(c.out, "ok    g/behind");
    command_free(&c);
}

/* ------------------------------------------------------------------ */
/* Test programs                                                        */
/* ------------------------------------------------------------------ */

static void programs_are_judged_by_their_exit_code(void **state)
{
    command c;

    (void)state;
    TEST(&c, program("good", "exit 0"), program("none", "exit 77"));
    assert_code(&c, 0);
    assert_contains(c.out, "ok    good/good");
    assert_contains(c.out, "skip  none/none");
    command_free(&c);
    TEST(&c, program("three", "echo why; exit 3"));
    assert_code(&c, 1);
    assert_contains(c.out, "FAIL  three/three");
    assert_contains(c.out, "ended with exit code 3");
    assert_contains(c.out, "  output:\n    why\n");
    command_free(&c);
}

static void a_program_that_crashes_or_hangs_does_not_stop_the_others(
    void **state)
{
    command c;

    (void)state;
    TEST(&c, "--timeout", "300ms", program("hang", "sleep 100 & sleep 100"),
         program("crash", "echo so far; kill -SEGV $$"),
         program("good", "exit 0"));
    assert_code(&c, 1);
    assert_contains(c.out, "ERROR hang/hang");
    assert_contains(c.out, "did not end within 300.000 ms (--timeout)");
    assert_contains(c.out, "ERROR crash/crash");
    assert_contains(c.out, "crashed: signal 11 (Segmentation fault)");
    assert_contains(c.out, "so far");
    assert_contains(c.out, "1 passed, 0 failed, 2 broken, 0 skipped");
    command_free(&c);
}

static void a_program_that_cannot_be_started_is_broken(void **state)
{
    command c;

    (void)state;
    TEST(&c, file("garbage", "\x7f" "ELF", 0700), file("text", "", 0600));
    assert_code(&c, 3);
    assert_contains(c.out, "ERROR garbage/garbage");
    assert_contains(c.out, "cannot be started: Exec format error");
    assert_contains(c.err, "text: is no scenario, for its name does not end "
                           "with .yaml, and it cannot be executed");
    command_free(&c);
}

static void results_of_programs_are_read_as_tap(void **state)
{
    command c;

    (void)state;
    TEST(&c, program("tap", "printf '1..6\\nok 1 - a\\nnoise\\nnot ok 2 - b\\n"
                            "# t.c:8: error: 1 != 2\\nok 3 c # SKIP no board\\n"
                            "not ok 4 # SKIP d\\nnot ok 5 - e # TODO later\\n"
                            "ok\\n# ok - group\\n'; exit 1"));
    assert_code(&c, 1);
    assert_contains(c.out, "ok    tap/a");
    assert_contains(c.out, "FAIL  tap/b");
    assert_contains(c.out, "  t.c:8\n    t.c:8: error: 1 != 2\n");
    assert_contains(c.out, "skip  tap/c: no board");
    assert_contains(c.out, "skip  tap/d");
    assert_contains(c.out, "ok    tap/e");
    assert_contains(c.out, "ok    tap/6");
    assert_contains(c.out, "3 passed, 1 failed, 2 skipped");
    command_free(&c);
}

static void a_program_that_ends_too_early_is_broken(void **state)
{
    command c;

    (void)state;
    TEST(&c, program("early", "printf '1..3\\nok 1 - a\\n'"),
         program("late", "printf 'ok 1 - a\\n'; exit 5"));
    assert_code(&c, 1);
    assert_contains(c.out, "ended after 1 of 3 tests");
    assert_contains(c.out, "FAIL  late/late");
    assert_contains(c.out, "ended with exit code 5");
    command_free(&c);
}

/* A program that speaks as fwsim_run_tests does. */
#define LISTS(names, script)                                                   \
    "if [ \"$FWSIM_TEST_LIST\" ]; then printf 'fwsim_test: %s\\n' " names       \
    "; exit; fi\nall='" names "'\n"                                            \
    "for t in ${FWSIM_TEST_FILTER:-$all}; do\n" script "\ndone"

static void a_program_is_asked_for_its_tests(void **state)
{
    const char *path = program("lists", LISTS("a b c", "echo ok - $t"));
    command c;

    (void)state;
    TEST(&c, "--list", path);
    assert_code(&c, 0);
    assert_string_equal(c.out, "lists/a\nlists/b\nlists/c\n");
    command_free(&c);
    TEST(&c, "--filter", "lists/[bc]", path);
    assert_code(&c, 0);
    assert_contains(c.out, "ok    lists/b");
    assert_contains(c.out, "ok    lists/c");
    assert_contains(c.out, "2 passed, 0 failed, 0 skipped");
    command_free(&c);
}

static void a_program_goes_on_behind_a_test_that_ends_it(void **state)
{
    command c;

    (void)state;
    TEST(&c, "--timeout", "300ms",
         program("lists",
                 LISTS("a b c d e f", "case $t in b) echo so far; kill -SEGV $$;;"
                                      " d) exit 0;; e) sleep 100;; esac\n"
                                      "echo ok - $t")));
    assert_code(&c, 1);
    assert_contains(c.out, "ok    lists/a");
    assert_contains(c.out, "ERROR lists/b");
    assert_contains(c.out, "crashed: signal 11 (Segmentation fault)\n"
                           "  output:\n    so far\n");
    assert_contains(c.out, "ok    lists/c");
    assert_contains(c.out, "ERROR lists/d");
    assert_contains(c.out, "ended with exit code 0");
    assert_contains(c.out, "ERROR lists/e");
    assert_contains(c.out, "did not end within 300.000 ms (--timeout)");
    /* It had told nothing when it was stopped. */
    assert_contains(c.out, "ERROR lists/f");
    assert_contains(c.out, "was not run: the program hangs");
    assert_contains(c.out, "2 passed, 0 failed, 4 broken, 0 skipped");
    command_free(&c);
}

static void a_list_that_the_program_does_not_keep_to_shows(void **state)
{
    command c;

    (void)state;
    TEST(&c, program("lists", LISTS("a b c", "[ $t = b ] || echo ok - $t")),
         program("skips", LISTS("d e", "exit 77")),
         program("mute", "[ -z \"$FWSIM_TEST_LIST\" ] && echo ok - only"));
    assert_code(&c, 1);
    assert_contains(c.out, "ERROR lists/b");
    assert_contains(c.out, "has told no result");
    assert_contains(c.out, "ok    lists/c");
    assert_contains(c.out, "skip  skips/d");
    assert_contains(c.out, "skip  skips/e");
    assert_contains(c.out, "ok    mute/only");
    command_free(&c);
}

static void lines_of_unity_are_results(void **state)
{
    command c;

    (void)state;
    TEST(&c, program("unity", "echo 'a/t.c:8:rises:PASS'\n"
                              "echo 'a/t.c:12:falls:FAIL: Expected 1 Was 2'\n"
                              "echo 'a/t.c:20:waits:IGNORE: no pump'\n"
                              "echo 'a/t.c:21:note: PASS'\n"
                              "echo; echo '3 Tests 1 Failures 1 Ignored'\n"
                              "exit 1"));
    assert_code(&c, 1);
    assert_contains(c.out, "ok    unity/rises");
    assert_contains(c.out, "FAIL  unity/falls");
    assert_contains(c.out, "  a/t.c:12\n    Expected 1 Was 2\n");
    assert_contains(c.out, "skip  unity/waits: no pump");
    assert_contains(c.out, "1 passed, 1 failed, 1 skipped");
    command_free(&c);
}

static void a_program_of_fwsim_run_tests_has_all_its_results(void **state)
{
    command c;

    (void)state;
    TEST(&c, FWSIM_TEST_BINARY_DIR "/cmocka/cmocka_sample");
    assert_code(&c, 1);
    assert_contains(c.out, "\nERROR cmocka_sample/aborts ");
    assert_contains(c.out, "\n    crashed: signal 6 (Aborted)\n  output:\n"
                           "    before the end\n");
    assert_contains(c.out, "\n    ended with exit code 3\n");
    assert_contains(c.out, "Could not run test: Test setup failed");
    assert_contains(c.out, "\nok    cmocka_sample/hears_it_again ");
    assert_contains(c.out, "\n3 passed, 4 failed, 5 broken, 1 skipped");
    command_free(&c);
    TEST(&c, "--filter", "hears*", FWSIM_TEST_BINARY_DIR "/cmocka/cmocka_sample");
    assert_code(&c, 0);
    assert_contains(c.out, "\n2 passed, 0 failed, 0 skipped");
    command_free(&c);
}

/* What GoogleTest 1.12 writes; examples/other_frameworks has the real one. */
static void googletest_is_asked_and_read(void **state)
{
    const char *path = program(
        "google",
        "case $1$2 in --gtest_list_tests) printf 'Running main()\\nS.\\n  A\\n"
        "  DISABLED_B\\nP/T.  # TypeParam = int\\n  C/0  # GetParam() = 4\\n'\n"
        "exit;; *filter=*) [ $2 = --gtest_filter=P/T.C/0 ] || exit 9;; *)\n"
        "printf '[ RUN      ] S.A\\n[       OK ] S.A (0 ms)\\n';; esac\n"
        "printf '[ RUN      ] P/T.C/0\\nso far\\n/x/t.cc:7: Failure\\n1 is not 2\\n"
        "[  FAILED  ] P/T.C/0, where GetParam() = 4 (1 ms)\\n"
        "[  FAILED  ] P/T.C/0, where GetParam() = 4\\n'\nexit 1");
    command c;

    (void)state;
    TEST(&c, path);
    assert_code(&c, 1);
    assert_contains(c.out, "ok    google/S.A");
    assert_contains(c.out, "FAIL  google/P/T.C/0");
    assert_contains(c.out, "  /x/t.cc:7\n    /x/t.cc:7: Failure\n"
                           "    1 is not 2\n  output:\n    so far\n");
    assert_contains(c.out, "1 passed, 1 failed, 0 skipped");
    command_free(&c);
    TEST(&c, "--filter", "P/*", path);
    assert_contains(c.out, "0 passed, 1 failed, 0 skipped");
    command_free(&c);
}

/* ------------------------------------------------------------------ */
/* Which tests, in which order                                          */
/* ------------------------------------------------------------------ */

/* What comes out without times, which are the host's. */
static char *without_times(const char *text)
{
    char *out = malloc(strlen(text) + 1), *to = out;

    assert_non_null(out);
    while (*text) {
        size_t n = strcspn(text, "\n");
        const char *times = strstr(text, n ? " in " : "\n");
        const char *paren = memchr(text, '(', n);
        size_t keep = paren ? (size_t)(paren - text) : n;

        if (!strncmp(text, "ok ", 3) || !strncmp(text, "FAIL ", 5)) {
            memcpy(to, text, keep);
            to += keep;
        } else {
            if (times && times < text + n && strstr(text, "passed"))
                n = (size_t)(times - text);
            memcpy(to, text, n);
            to += n;
            n = strcspn(text, "\n");
        }
        *to++ = '\n';
        text += n + (text[n] == '\n');
    }
    *to = '\0';
    return out;
}

static void the_output_does_not_depend_on_the_number_of_jobs(void **state)
{
    static const char *const jobs[] = { "1", "7", "7" };
    char *first = NULL;

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        command c;
        char *text;

        TEST(&c, "-j", jobs[i], "--repeat", "3", "--shuffle=5",
             SCENARIOS "cli_guest.yaml",
             scenario(STEPS "  - send: a\n  - expect-silence: 9 ms\n"),
             program("a", "exit 0"), program("b", "exit 1"));
        assert_code(&c, 1);
        assert_contains(c.out, "shuffled with --shuffle=5\n");
        assert_contains(c.out, "63 passed, 6 failed, 3 skipped");
        text = without_times(c.out);
        if (first)
            assert_string_equal(text, first);
        else
            first = strdup(text);
        free(text);
        command_free(&c);
    }
    free(first);
}

static void shuffling_changes_the_order_and_says_its_seed(void **state)
{
    command a, b;

    (void)state;
    TEST(&a, "--shuffle=1", SCENARIOS "cli_guest.yaml");
    TEST(&b, "--shuffle", SCENARIOS "cli_guest.yaml");
    assert_code(&a, 0);
    assert_code(&b, 0);
    assert_contains(b.out, "shuffled with --shuffle=");
    command_free(&b);
    TEST(&b, "--shuffle=2", SCENARIOS "cli_guest.yaml");
    assert_string_not_equal(strchr(a.out, '\n'), strchr(b.out, '\n'));
    command_free(&a);
    command_free(&b);
}

static void filters_choose_by_name_or_group(void **state)
{
    command c;

    (void)state;
    TEST(&c, "--list", "--filter", "it ends*", "-f", "*/a snap*",
         SCENARIOS "cli_guest.yaml", program("other", "exit 1"));
    assert_code(&c, 0);
    assert_string_equal(c.out, "cli_guest/it ends itself with code 3\n"
                               "cli_guest/a snapshot is a way back\n");
    command_free(&c);
    TEST(&c, "--filter", "it ends*", SCENARIOS "cli_guest.yaml");
    assert_code(&c, 0);
    assert_contains(c.out, "1 passed, 0 failed, 0 skipped");
    command_free(&c);
    TEST(&c, "--filter", "nothing", SCENARIOS "cli_guest.yaml");
    assert_code(&c, 2);
    assert_contains(c.err, "no test matches");
    command_free(&c);
}

static void fail_fast_ends_with_the_first_failure(void **state)
{
    command c;

    (void)state;
    TEST(&c, "--fail-fast", "-j1", "--repeat", "5", program("bad", "exit 1"));
    assert_code(&c, 1);
    assert_contains(c.out, "0 passed, 1 failed, 0 skipped");
    assert_contains(c.out, "(ended by --fail-fast)");
    command_free(&c);
}

static void the_command_line_is_checked(void **state)
{
    static const char *const rows[][2] = {
        { "--jobs=0", "--jobs: \"0\" must be more than 0" },
        { "--jobs=99999", "at most 1024" },
        { "--repeat=x", "--repeat: \"x\" is not a count" },
        { "--shuffle=x", "--shuffle: \"x\" is not a number" },
        { "--timeout=5", "--timeout: \"5\" needs a unit" },
        { "--fitler=x", "did you mean \"--filter\"?" },
        { "--tap", "which tests?" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        command c;

        TEST(&c, rows[i][0]);
        assert_code(&c, 2);
        assert_contains(c.err, rows[i][1]);
        command_free(&c);
    }
}

/* ------------------------------------------------------------------ */
/* Reports                                                              */
/* ------------------------------------------------------------------ */

static void results_can_be_had_as_tap_junit_and_json(void **state)
{
    char junit[64], jsonl[64];
    command c;

    (void)state;
    snprintf(junit, sizeof(junit), "%s/r.xml", folder);
    snprintf(jsonl, sizeof(jsonl), "%s/r.jsonl", folder);
    TEST(&c, "--tap", "--junit", junit, "--jsonl", jsonl,
         scenario(HEAD "tests:\n- name: a\n  steps: [run: 1 ms]\n"
                  "- name: b\n  steps: [expect: {text: x, within: 1 ms}]\n"
                  "- name: c\n  skip: why\n  steps: []\n"),
         file("bad.yaml", "[", 0600));
    assert_code(&c, 3);
    assert_contains(c.out, "TAP version 14\nnot ok 1 - bad.file");
    assert_contains(c.out, "\nok 2 - g.a");
    assert_contains(c.out, "\nnot ok 3 - g.b");
    assert_contains(c.out, "\nok 4 - g.c # SKIP why");
    assert_contains(c.out, "\n1..4\n# 1 passed, 1 failed, 1 skipped");
    command_free(&c);
    command_run(&c, (const char *const[]){ "/bin/cat", junit, NULL }, NULL);
    assert_contains(c.out, "<testsuites tests=\"4\" failures=\"1\" "
                           "errors=\"1\"");
    assert_contains(c.out, "x.yaml\" line=\"9\"");
    command_free(&c);
    command_run(&c, (const char *const[]){ "/bin/cat", jsonl, NULL }, NULL);
    assert_contains(c.out, "{\"status\":\"failed\",\"suite\":\"g\","
                           "\"name\":\"b\"");
    command_free(&c);
}

static void a_report_that_cannot_be_written_gives_7(void **state)
{
    command c;

    (void)state;
    TEST(&c, "--junit", "/no/such/folder/r.xml", program("good", "exit 0"));
    assert_code(&c, 7);
    assert_contains(c.err, "/no/such/folder/r.xml");
    command_free(&c);
}

/* ------------------------------------------------------------------ */
/* On a terminal                                                        */
/* ------------------------------------------------------------------ */

/* What it writes to a terminal. */
static int on_terminal(const char *const *argv, char *text, size_t size)
{
    int fd, status;
    size_t n = 0;
    ssize_t got;
    pid_t pid;

    fflush(NULL);
    pid = forkpty(&fd, NULL, NULL, NULL);
    assert_true(pid >= 0);
    if (pid == 0) {
        setenv("TERM", "xterm", 1);
        unsetenv("NO_COLOR");
        execv(argv[0], (char *const *)argv);
        _exit(127);
    }
    while (n < size - 1 && (got = read(fd, text + n, size - 1 - n)) > 0)
        n += (size_t)got;
    text[n] = '\0';
    close(fd);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    return status;
}

static void progress_is_for_terminals_and_gone_at_the_end(void **state)
{
    static char text[65536];
    const char *bad_program = program("bad", "exit 1");
    command c;
    const char *end;

    (void)state;
    assert_int_equal(on_terminal((const char *const[]){
        command_fwsim(), "test", program("good", "exit 0"), bad_program, NULL },
        text, sizeof(text)), 1 << 8);
    assert_contains(text, "\033[32mok   \033[0m good/good");
    assert_contains(text, "\033[31mFAIL \033[0m bad/bad");
    assert_contains(text, "of 2 files");
    end = strstr(text, "1 passed, 1 failed, 0 skipped in");
    assert_non_null(end);
    assert_memory_equal(end - 4, "\r\033[K", 4);
    TEST(&c, bad_program);
    assert_null(strchr(c.out, '\033'));
    assert_null(strchr(c.out, '\r'));
    assert_null(strstr(c.out, "files"));
    command_free(&c);
}

static int make_folder(void **state)
{
    (void)state;
    return mkdtemp(folder) ? setenv("FWSIM_TEST_FIRMWARE_DIR",
                                    FWSIM_TEST_FIRMWARE_DIR, 1) : -1;
}

static int remove_folder(void **state)
{
    char line[64];

    (void)state;
    snprintf(line, sizeof(line), "rm -r %s", folder);
    return system(line);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_scenario_of_the_guest_passes),
        cmocka_unit_test(functions_are_called_replaced_and_counted),
        cmocka_unit_test(what_fails_is_told_with_its_place),
        cmocka_unit_test(what_a_machine_cannot_be_made_of_breaks_its_file_only),
        cmocka_unit_test(a_file_that_cannot_be_read_gives_3_and_others_are_run),
        cmocka_unit_test(tests_do_not_see_each_other),
        cmocka_unit_test(a_crash_of_fwsim_is_one_broken_test),
        cmocka_unit_test(programs_are_judged_by_their_exit_code),
        cmocka_unit_test(
            a_program_that_crashes_or_hangs_does_not_stop_the_others),
        cmocka_unit_test(a_program_that_cannot_be_started_is_broken),
        cmocka_unit_test(results_of_programs_are_read_as_tap),
        cmocka_unit_test(a_program_that_ends_too_early_is_broken),
        cmocka_unit_test(a_program_is_asked_for_its_tests),
        cmocka_unit_test(a_program_goes_on_behind_a_test_that_ends_it),
        cmocka_unit_test(a_list_that_the_program_does_not_keep_to_shows),
        cmocka_unit_test(a_program_of_fwsim_run_tests_has_all_its_results),
        cmocka_unit_test(lines_of_unity_are_results),
        cmocka_unit_test(googletest_is_asked_and_read),
        cmocka_unit_test(the_output_does_not_depend_on_the_number_of_jobs),
        cmocka_unit_test(shuffling_changes_the_order_and_says_its_seed),
        cmocka_unit_test(filters_choose_by_name_or_group),
        cmocka_unit_test(fail_fast_ends_with_the_first_failure),
        cmocka_unit_test(the_command_line_is_checked),
        cmocka_unit_test(results_can_be_had_as_tap_junit_and_json),
        cmocka_unit_test(a_report_that_cannot_be_written_gives_7),
        cmocka_unit_test(progress_is_for_terminals_and_gone_at_the_end),
    };

    if (!command_have_fwsim())
        return 77;
#ifndef FWSIM_WITH_YAML
    printf("SKIPPED: built without libyaml\n");
    return 77;
#endif
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
