/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tests of the shell through its serial line. The board boots once; each test
 * begins at the prompt.
 */
#include <stdlib.h>
#include <string.h>

#include <fwsim_cmocka.h>

#define OK(call) assert_fwsim_ok(m, call)

static int boot(void **state)
{
    return fwsim_cmocka_boot(state, &(fwsim_boot){ .board = "mps2_an385",
                                                   .image = SHELL_ELF,
                                                   .until = "> " });
}

static void type(fwsim_machine *m, const char *line)
{
    OK(fwsim_uart_send(m, NULL, line, strlen(line)));
    OK(fwsim_uart_send(m, NULL, "\r", 1));
}

static void help_lists_the_commands(void **state)
{
    fwsim_machine *m = fwsim_cmocka_machine(state);

    type(m, "help");
    OK(fwsim_uart_expect_line(m, NULL, "help, echo, led, blink, uptime",
                              FWSIM_MS(20)));
    OK(fwsim_uart_expect_prompt(m, NULL, "> ", FWSIM_MS(20)));
}

static void an_unknown_command_is_named(void **state)
{
    fwsim_machine *m = fwsim_cmocka_machine(state);

    type(m, "hlep me");
    OK(fwsim_uart_expect_line(m, NULL, "unknown command: hlep me",
                              FWSIM_MS(20)));
}

static void backspace_takes_a_character_back(void **state)
{
    fwsim_machine *m = fwsim_cmocka_machine(state);

    type(m, "echo ax\bb");
    OK(fwsim_uart_expect_bytes(m, NULL, "echo ax\b \bb\r\nab\r\n> ", 19,
                               FWSIM_MS(20)));
    OK(fwsim_uart_expect_silence(m, NULL, FWSIM_MS(100)));
}

static void a_long_line_is_cut(void **state)
{
    fwsim_machine *m = fwsim_cmocka_machine(state);

    type(m, "echo 345678901234567890123456789012345678901234567890");
    OK(fwsim_uart_expect_line(m, NULL, "3456789012345678901234567890123456",
                              FWSIM_MS(50)));
}

static void uptime_counts_milliseconds(void **state)
{
    fwsim_machine *m = fwsim_cmocka_machine(state);
    fwsim_match match;
    char *end;
    long before, after;

    type(m, "uptime");
    OK(fwsim_uart_expect_regex(m, NULL, "^up for ([0-9]+) ms$", FWSIM_MS(20),
                               &match));
    before = strtol(match.group[1], &end, 10);
    OK(fwsim_exception_expect(m, 15, 1000, 1000, FWSIM_S(1)));
    type(m, "uptime");
    OK(fwsim_uart_expect_regex(m, NULL, "^up for ([0-9]+) ms$", FWSIM_MS(20),
                               &match));
    after = strtol(match.group[1], &end, 10);
    /* And the time that typing and printing takes at 115200 baud. */
    assert_in_range(after - before, 1000, 1005);
}

static void the_led_is_switched(void **state)
{
    fwsim_machine *m = fwsim_cmocka_machine(state);

    type(m, "led on");
    OK(fwsim_pin_expect(m, "led0", true, FWSIM_MS(20)));
    OK(fwsim_pin_expect_held(m, "led0", true, FWSIM_S(2)));
    type(m, "led off");
    OK(fwsim_pin_expect(m, "led0", false, FWSIM_MS(20)));
}

static void the_led_blinks_at_the_rate_that_was_asked_for(void **state)
{
    fwsim_machine *m = fwsim_cmocka_machine(state);

    type(m, "blink 5");
    OK(fwsim_uart_expect_prompt(m, NULL, "> ", FWSIM_MS(20)));
    OK(fwsim_pin_expect_rate(m, "led0", 5.0, 0.01, FWSIM_S(2)));
    OK(fwsim_pin_expect_duty(m, "led0", 0.5, 0.01, FWSIM_S(2)));
    type(m, "blink 1000");
    OK(fwsim_uart_expect_line(m, NULL, "blink 1 ... 100 (Hz)", FWSIM_MS(20)));
}

static void the_stack_is_deep_enough(void **state)
{
    fwsim_machine *m = fwsim_cmocka_machine(state);
    fwsim_range stack;

    OK(fwsim_stack_find(m, NULL, &stack));
    OK(fwsim_stack_paint(m, &stack));
    type(m, "echo 12345678901234567890");
    type(m, "uptime");
    OK(fwsim_uart_expect_regex(m, NULL, "^up for", FWSIM_MS(50), NULL));
    OK(fwsim_stack_expect(m, &stack, 512));
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(help_lists_the_commands),
        cmocka_unit_test(an_unknown_command_is_named),
        cmocka_unit_test(backspace_takes_a_character_back),
        cmocka_unit_test(a_long_line_is_cut),
        cmocka_unit_test(uptime_counts_milliseconds),
        cmocka_unit_test(the_led_is_switched),
        cmocka_unit_test(the_led_blinks_at_the_rate_that_was_asked_for),
        cmocka_unit_test(the_stack_is_deep_enough),
    };

    return fwsim_run_tests(argc, argv, tests, boot, fwsim_cmocka_shutdown);
}
