/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The meter boots once; each test begins behind "meter ready". */
#include <fwsim_cmocka.h>

static int boot(void **state)
{
    return fwsim_cmocka_boot(state, &(fwsim_boot){
                                        .board = FWSIM_TEST_BOARD,
                                        .image = FWSIM_TEST_FIRMWARE,
                                        .until = "meter ready\n" });
}

static void answers(fwsim_machine *m, const char *command, size_t size,
                    const char *answer)
{
    assert_fwsim_ok(m, fwsim_uart_send(m, NULL, command, size));
    assert_fwsim_ok(m, fwsim_uart_expect(m, NULL, answer, FWSIM_MS(10)));
}

static void pulses_are_counted(void **state)
{
    fwsim_machine *m = fwsim_cmocka_machine(state);

    answers(m, "v", 1, "0\n");
    answers(m, "pppppppppppp", 12, "");
    answers(m, "v", 1, "12\n");
}

static void unknown_commands_are_told(void **state)
{
    answers(fwsim_cmocka_machine(state), "x", 1, "?\n");
}

static void a_name_is_imported(void **state)
{
    fwsim_machine *m = fwsim_cmocka_machine(state);

    assert_fwsim_ok(m, fwsim_uart_send(m, NULL, "i", 1));
    if (fwsim_uart_expect(m, NULL, "?", FWSIM_MS(10)) == 0)
        skip(); /* built without it */
    answers(m, "MTR1\5water", 10, "renamed\n");
    answers(m, "n", 1, "water\n");
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pulses_are_counted),
        cmocka_unit_test(unknown_commands_are_told),
        cmocka_unit_test(a_name_is_imported),
    };

    return fwsim_run_tests(argc, argv, tests, boot, fwsim_cmocka_shutdown);
}
