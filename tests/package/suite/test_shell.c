/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <fwsim_cmocka.h>

static int boot(void **state)
{
    return fwsim_cmocka_boot(state, &(fwsim_boot){
                                        .board = FWSIM_TEST_BOARD,
                                        .image = FWSIM_TEST_FIRMWARE,
                                        .until = "> ",
                                        .timeout_ns = FWSIM_MS(10) });
}

static void type(fwsim_machine *m, const char *key)
{
    assert_fwsim_ok(m, fwsim_uart_send(m, NULL, key, 1));
    assert_fwsim_ok(m, fwsim_uart_expect(m, NULL, "> ", FWSIM_MS(10)));
}

static void n_counts(void **state)
{
    fwsim_machine *m = fwsim_cmocka_machine(state);

    type(m, "n");
    type(m, "n");
    assert_string_equal(fwsim_uart_output(m, NULL, NULL), "1\n> 2\n> ");
}

static void each_test_counts_from_one(void **state)
{
    fwsim_machine *m = fwsim_cmocka_machine(state);

    type(m, "n");
    assert_string_equal(fwsim_uart_output(m, NULL, NULL), "1\n> ");
}

static void other_keys_are_unknown(void **state)
{
    fwsim_machine *m = fwsim_cmocka_machine(state);

    type(m, "x");
    assert_string_equal(fwsim_uart_output(m, NULL, NULL), "unknown\n> ");
}

static void needs_a_board_on_the_desk(void **state)
{
    (void)state;
    print_message("there is none\n");
    skip();
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(n_counts),
        cmocka_unit_test(each_test_counts_from_one),
        cmocka_unit_test(other_keys_are_unknown),
        cmocka_unit_test(needs_a_board_on_the_desk),
        /* A name that is hard to carry through CMake and the shell. */
        { "a;b [\"c\"] $d * \\e", n_counts, NULL, NULL, NULL },
    };

    return fwsim_run_tests(argc, argv, tests, boot, fwsim_cmocka_shutdown);
}
