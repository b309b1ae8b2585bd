/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * `fwsim run` with firmware in it (firmware/cli_guest.c): each way a run can
 * end, with its exit code and what is said about it.
 */
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "command.h"
#include "support.h"

#ifdef FWSIM_WITH_DWARF
#define SOURCE_LINE "cli_guest.c:"
#else
#define SOURCE_LINE "+0x"
#endif

#define GUEST FWSIM_TEST_FIRMWARE_DIR "/cli_guest.elf"

/* The guest obeys @a input; a time limit is always there. */
#define GUEST_RUN(c, input, ...)                                               \
    command_run(c,                                                             \
                (const char *const[]){ command_fwsim(), "run", "--board",      \
                                       "bbc_microbit", "--input", "-",         \
                                       "--timeout", "50ms", __VA_ARGS__,       \
                                       GUEST, NULL },                          \
                input)

static void assert_contains(const char *text, const char *part)
{
    if (!strstr(text, part))
        print_error("\"%s\" is not in:\n%s\n", part, text);
    assert_non_null(strstr(text, part));
}

/* Runs the guest with one option (or two) and checks code and stderr. */
static void ends(const char *input, int code, const char *err,
                 const char *option, const char *value)
{
    command c;

    GUEST_RUN(&c, input, option, value);
    if (c.code != code)
        print_error("exit code %d:\n%s%s\n", c.code, c.out, c.err);
    assert_int_equal(c.code, code);
    assert_contains(c.err, err);
    command_free(&c);
}

/* ------------------------------------------------------------------ */
/* Exit codes                                                           */
/* ------------------------------------------------------------------ */

static void expected_text_ends_the_run_with_0(void **state)
{
    command c;

    (void)state;
    GUEST_RUN(&c, "a", "--expect-text", "heard a");
    assert_int_equal(c.code, 0);
    assert_string_equal(c.out, "ready\nheard a");
    command_free(&c);
}

static void expected_texts_have_to_come_in_order(void **state)
{
    command c;

    (void)state;
    GUEST_RUN(&c, "ad", "--expect-text", "heard a", "--expect-text", "heard d");
    assert_int_equal(c.code, 0);
    command_free(&c);
    GUEST_RUN(&c, "ad", "--expect-text", "heard d", "--expect-text", "heard a");
    assert_int_equal(c.code, 1);
    assert_contains(c.err, "\"heard a\" has not appeared");
    command_free(&c);
}

static void a_text_that_does_not_come_gives_1_and_says_where_it_hangs(
    void **state)
{
    (void)state;
    ends("", 1, SOURCE_LINE, "--expect-text", "PASS");
}

static void a_fail_text_gives_5(void **state)
{
    (void)state;
    ends("a", 5, "\"heard a\" has appeared", "--fail-text", "heard a");
}

static void a_crash_gives_4_and_a_backtrace(void **state)
{
    command c;

    (void)state;
    GUEST_RUN(&c, "c", "--fail-text", "handled");
    assert_int_equal(c.code, 4);
    assert_contains(c.err, "crashed");
    assert_contains(c.err, "crash+0x");
    assert_contains(c.err, "reset_handler");
    assert_contains(c.err, SOURCE_LINE);
    command_free(&c);
}

static void a_fault_can_be_left_to_its_handler(void **state)
{
    command c;

    (void)state;
    GUEST_RUN(&c, "c", "--faults", "deliver", "--expect-text", "handled");
    assert_int_equal(c.code, 0);
    command_free(&c);
}

static void a_breakpoint_gives_4(void **state)
{
    (void)state;
    ends("b", 4, "crashed", "--seed", "1");
}

static void without_semihosting_its_breakpoint_gives_4_and_a_hint(void **state)
{
    (void)state;
    ends("x", 4, "--semihosting", "--seed", "1");
}

static void firmware_that_ends_itself_gives_0_or_8(void **state)
{
    command c;

    (void)state;
    GUEST_RUN(&c, "x", "--semihosting");
    assert_int_equal(c.code, 0);
    command_free(&c);
    GUEST_RUN(&c, "y", "--semihosting");
    assert_int_equal(c.code, 8);
    assert_contains(c.err, "with code 3");
    command_free(&c);
}

static void firmware_that_ends_too_early_gives_1(void **state)
{
    command c;

    (void)state;
    GUEST_RUN(&c, "x", "--semihosting", "--expect-text", "PASS");
    assert_int_equal(c.code, 1);
    command_free(&c);
}

static void an_unmodelled_register_gives_6_where_the_user_says_so(void **state)
{
    (void)state;
    ends("u", 6, "4001b000", "--policy", "fail");
}

static void unmodelled_registers_are_summed_up(void **state)
{
    command c;

    (void)state;
    GUEST_RUN(&c, "uuu", "--expect-text", "nobody\nnobody\nnobody");
    assert_int_equal(c.code, 0);
    assert_contains(c.err, "registers that nobody models");
    assert_contains(c.err, "0x4001b000  3 reads, 0 writes");
    command_free(&c);
    GUEST_RUN(&c, "u", "--policy", "ignore", "--expect-text", "nobody");
    assert_int_equal(c.code, 0);
    assert_null(strstr(c.err, "0x4001b000"));
    command_free(&c);
}

static void limits_are_no_failures(void **state)
{
    (void)state;
    ends("", 0, "--timeout", "--seed", "1");
    ends("", 0, "--limit", "--limit", "1k");
}

static void sleep_for_good_is_noticed_where_time_has_no_limit(void **state)
{
    command c;

    (void)state;
    command_run(&c,
                (const char *const[]){ command_fwsim(), "run", "-b",
                                       "bbc_microbit", "--input", "-", GUEST,
                                       NULL },
                "z");
    assert_int_equal(c.code, 0);
    assert_contains(c.err, "asleep");
    command_free(&c);
}

static void a_reset_ends_the_run_where_the_user_says_so(void **state)
{
    command c;

    (void)state;
    GUEST_RUN(&c, "r", "--stop-at-reset");
    assert_int_equal(c.code, 0);
    assert_string_equal(c.out, "ready\n");
    command_free(&c);
    GUEST_RUN(&c, "r", "--expect-text", "ready\nready");
    assert_int_equal(c.code, 0);
    command_free(&c);
}

/* ------------------------------------------------------------------ */
/* Input and output                                                     */
/* ------------------------------------------------------------------ */

static void input_waits_for_the_text_that_the_user_names(void **state)
{
    command c;

    (void)state;
    GUEST_RUN(&c, "a", "--input-after", "never", "--fail-text", "heard");
    assert_int_equal(c.code, 0);
    command_free(&c);
    GUEST_RUN(&c, "a", "--input-after", "ready\n", "--expect-text", "heard a");
    assert_int_equal(c.code, 0);
    command_free(&c);
}

static void the_console_of_semihosting_is_shown_too(void **state)
{
    command c;

    (void)state;
    GUEST_RUN(&c, "h", "--semihosting", "--expect-text", "by semihosting");
    assert_int_equal(c.code, 0);
    assert_contains(c.out, "ready\nby semihosting");
    command_free(&c);
}

static void the_same_command_gives_the_same_fingerprint(void **state)
{
    static const char *const inputs[] = { "ade", "ade", "adf" };
    char found[3][17];

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        command c;
        const char *at;

        GUEST_RUN(&c, inputs[i], "--fingerprint");
        at = strstr(c.err, "fingerprint ");
        assert_non_null(at);
        memcpy(found[i], at + strlen("fingerprint "), 16);
        found[i][16] = '\0';
        assert_int_equal(strspn(found[i], "0123456789abcdef"), 16);
        command_free(&c);
    }
    assert_string_equal(found[0], found[1]);
    assert_string_not_equal(found[0], found[2]);
}

/* What jq makes of an expression over the document. */
static void assert_json_holds(const char *document, const char *condition)
{
    command c;

    if (system("jq --version >/dev/null 2>&1") != 0) {
        print_message("SKIPPED: no jq to read the JSON with\n");
        skip();
    }
    command_run(&c,
                (const char *const[]){ "/usr/bin/env", "jq", "-e", condition,
                                       NULL },
                document);
    if (c.code != 0)
        print_error("%s\n%s\n%s", condition, c.err, document);
    assert_int_equal(c.code, 0);
    command_free(&c);
}

static void the_json_document_tells_of_a_crash(void **state)
{
    command c;

    (void)state;
    GUEST_RUN(&c, "nc", "--json");
    assert_int_equal(c.code, 4);
    assert_json_holds(c.out, ".outcome == \"crash\" and .exit_code == 4");
    assert_json_holds(c.out, ".stop.reason == \"fault\"");
    assert_json_holds(c.out, ".fault.exception == 3");
    assert_json_holds(c.out, ".registers.sp | startswith(\"0x2000\")");
    assert_json_holds(c.out, ".backtrace[0].function == \"crash\"");
#ifdef FWSIM_WITH_DWARF
    assert_json_holds(c.out, ".backtrace[0].file | contains(\"cli_guest.c\")");
#endif
    assert_json_holds(c.out, ".consoles[0].text == "
                             "\"ready\\nnot UTF-8: \\ufffd\\ufffd\\n\"");
    command_free(&c);
}

static void the_json_document_has_the_code_of_the_firmware(void **state)
{
    command c;

    (void)state;
    GUEST_RUN(&c, "uy", "--json", "--semihosting", "--expect-text", "nobody",
              "--expect-text", "PASS");
    assert_int_equal(c.code, 8);
    assert_json_holds(c.out, ".stop.firmware_exit_code == 3");
    assert_json_holds(c.out, "[.expected[].seen] == [true, false]");
    assert_json_holds(c.out, ".unmodelled[0].address == \"0x4001b000\"");
    assert_json_holds(c.out, ".instructions > 100 and .time_ns > 100");
    command_free(&c);
}

/* ------------------------------------------------------------------ */
/* On a terminal                                                        */
/* ------------------------------------------------------------------ */

typedef struct terminal {
    int fd;
    pid_t pid;
    char text[8192]; /* everything that came */
    size_t size;
} terminal;

static void terminal_start(terminal *t)
{
    memset(t, 0, sizeof(*t));
    t->pid = forkpty(&t->fd, NULL, NULL, NULL);
    assert_true(t->pid >= 0);
    if (t->pid == 0) {
        execl(command_fwsim(), "fwsim", "run", "-b", "bbc_microbit", GUEST,
              (char *)NULL);
        _exit(127);
    }
}

static void terminal_await(terminal *t, const char *text)
{
    struct pollfd in = { .fd = t->fd, .events = POLLIN };

    while (!strstr(t->text, text)) {
        ssize_t n;

        if (poll(&in, 1, 20000) <= 0)
            fail_msg("\"%s\" did not come: %s", text, t->text);
        n = read(t->fd, t->text + t->size, sizeof(t->text) - 1 - t->size);
        if (n <= 0)
            fail_msg("\"%s\" did not come: %s", text, t->text);
        t->size += (size_t)n;
    }
}

static void terminal_type(const terminal *t, const char *keys)
{
    assert_int_equal(write(t->fd, keys, strlen(keys)), strlen(keys));
}

static tcflag_t terminal_mode(const terminal *t)
{
    struct termios mode;

    assert_int_equal(tcgetattr(t->fd, &mode), 0);
    return mode.c_lflag & (ICANON | ECHO | ISIG);
}

static int terminal_end(terminal *t)
{
    int status;

    assert_int_equal(waitpid(t->pid, &status, 0), t->pid);
    close(t->fd);
    return status;
}

static void on_a_terminal_keys_go_to_the_firmware(void **state)
{
    terminal t;
    int status;

    (void)state;
    terminal_start(&t);
    terminal_await(&t, "Ctrl-]");
    terminal_await(&t, "ready");
    assert_int_equal(terminal_mode(&t), 0);
    terminal_type(&t, "k");
    terminal_await(&t, "heard k");
    terminal_type(&t, "\003"); /* Ctrl-C is a byte like any other */
    terminal_await(&t, "heard \003");
    terminal_type(&t, "\035");
    terminal_await(&t, "virtual time");
    assert_int_equal(terminal_mode(&t), ICANON | ECHO | ISIG);
    status = terminal_end(&t);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
}

static void a_signal_gives_the_terminal_back(void **state)
{
    terminal t;
    int status;

    (void)state;
    terminal_start(&t);
    terminal_await(&t, "ready");
    kill(t.pid, SIGTERM);
    terminal_await(&t, "virtual time");
    assert_int_equal(terminal_mode(&t), ICANON | ECHO | ISIG);
    status = terminal_end(&t);
    assert_true(WIFSIGNALED(status));
    assert_int_equal(WTERMSIG(status), SIGTERM);
}

static void a_terminal_that_goes_away_ends_the_run(void **state)
{
    terminal t;
    int status;

    (void)state;
    terminal_start(&t);
    terminal_await(&t, "ready");
    close(t.fd);
    assert_int_equal(waitpid(t.pid, &status, 0), t.pid);
}

static void an_interrupt_shows_where_the_firmware_hangs(void **state)
{
    command c;
    char line[1024];

    (void)state;
    snprintf(line, sizeof(line),
             "'%s' run -b bbc_microbit '%s' </dev/null & sleep 1; "
             "kill -TERM $!; wait $!",
             command_fwsim(), GUEST);
    command_run(&c, (const char *const[]){ "/bin/sh", "-c", line, NULL }, NULL);
    assert_int_equal(c.code, 128 + SIGTERM);
    assert_contains(c.err, "interrupted by signal 15");
    assert_contains(c.err, "reset_handler");
    command_free(&c);
}

/* ------------------------------------------------------------------ */
/* Boards of no certain chip                                            */
/* ------------------------------------------------------------------ */

static void run_generic(command *c, const char *option, const char *value)
{
    command_run(c, (const char *const[]){ command_fwsim(), "run", "--board",
                                          "generic_cortex_m0", "--limit",
                                          "100k", option, value, GUEST, NULL },
                NULL);
}

static void firmware_runs_on_a_generic_board(void **state)
{
    command c;

    (void)state;
    run_generic(&c, "--policy", "warn");
    assert_int_equal(c.code, 0);
    /* The UART of the nRF51, of which a generic board knows nothing. */
    assert_contains(c.err, "0x40002");
    command_free(&c);
}

static void memories_on_the_command_line_take_the_place_of_guesses(void **state)
{
    command c;

    (void)state;
    run_generic(&c, "--ram", "0x20000000+16k");
    assert_int_equal(c.code, 0);
    command_free(&c);
    run_generic(&c, "--ram", "0x30000000+16k");
    assert_int_equal(c.code, 4);
    command_free(&c);
    run_generic(&c, "--ram", "0x20000000+1000");
    assert_int_equal(c.code, 3);
    assert_contains(c.err, "--ram 1 0x20000000+0x3e8");
    command_free(&c);
    run_generic(&c, "--flash", "0x08000000+16k");
    assert_int_equal(c.code, 3);
    command_free(&c);
    run_generic(&c, "--mmio", "0x50000000+64k");
    assert_int_equal(c.code, 4);
    command_free(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(expected_text_ends_the_run_with_0),
        cmocka_unit_test(expected_texts_have_to_come_in_order),
        cmocka_unit_test(
            a_text_that_does_not_come_gives_1_and_says_where_it_hangs),
        cmocka_unit_test(a_fail_text_gives_5),
        cmocka_unit_test(a_crash_gives_4_and_a_backtrace),
        cmocka_unit_test(a_fault_can_be_left_to_its_handler),
        cmocka_unit_test(a_breakpoint_gives_4),
        cmocka_unit_test(without_semihosting_its_breakpoint_gives_4_and_a_hint),
        cmocka_unit_test(firmware_that_ends_itself_gives_0_or_8),
        cmocka_unit_test(firmware_that_ends_too_early_gives_1),
        cmocka_unit_test(an_unmodelled_register_gives_6_where_the_user_says_so),
        cmocka_unit_test(unmodelled_registers_are_summed_up),
        cmocka_unit_test(limits_are_no_failures),
        cmocka_unit_test(sleep_for_good_is_noticed_where_time_has_no_limit),
        cmocka_unit_test(a_reset_ends_the_run_where_the_user_says_so),
        cmocka_unit_test(input_waits_for_the_text_that_the_user_names),
        cmocka_unit_test(the_console_of_semihosting_is_shown_too),
        cmocka_unit_test(the_same_command_gives_the_same_fingerprint),
        cmocka_unit_test(the_json_document_tells_of_a_crash),
        cmocka_unit_test(the_json_document_has_the_code_of_the_firmware),
        cmocka_unit_test(on_a_terminal_keys_go_to_the_firmware),
        cmocka_unit_test(a_signal_gives_the_terminal_back),
        cmocka_unit_test(a_terminal_that_goes_away_ends_the_run),
        cmocka_unit_test(an_interrupt_shows_where_the_firmware_hangs),
        cmocka_unit_test(firmware_runs_on_a_generic_board),
        cmocka_unit_test(memories_on_the_command_line_take_the_place_of_guesses),
    };

    if (!command_have_fwsim())
        return 77;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
