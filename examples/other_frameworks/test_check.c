/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Check: each test runs in a child of this process, so what it does to the
 * machine the others do not see. Booting once is all there is to do.
 */
#include <stdio.h>
#include <stdlib.h>

#include <check.h>
#include <fwsim.h>

static fwsim_machine *m;

static void boot(void)
{
    ck_assert_int_eq(fwsim_new(&m, fwsim_board_find("mps2_an386"), NULL), 0);
    ck_assert_int_eq(fwsim_load(m, PUMP_ELF, NULL), 0);
    ck_assert_int_eq(fwsim_uart_expect(m, NULL, "pump 1.0\n", FWSIM_MS(10)), 0);
    fwsim_uart_clear(m, NULL);
}

static void shut_down(void)
{
    fwsim_free(m);
}

/** Press keys, one after the answer to the other. */
static const char *press(const char *keys)
{
    for (; *keys; keys++) {
        fwsim_uart_send(m, NULL, keys, 1);
        if (fwsim_uart_expect(m, NULL, "\n", FWSIM_MS(10)))
            ck_abort_msg("%s", fwsim_errmsg(m));
    }
    return fwsim_uart_output(m, NULL, NULL);
}

START_TEST(rises_and_falls)
{
    ck_assert_str_eq(press("++-"), "level 1\nlevel 2\nlevel 1\n");
}
END_TEST

START_TEST(begins_at_zero)
{
    ck_assert_str_eq(press("-"), "level 0\n");
}
END_TEST

static const struct {
    const char *keys;
    int lit;
} lamp[] = { { "++", 0 }, { "+++", 1 }, { "++++--", 0 } };

START_TEST(lamp_is_lit_from_three_on)
{
    press(lamp[_i].keys);
    ck_assert_int_eq(fwsim_pin_get(m, "led0"), lamp[_i].lit);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("pump");
    TCase *levels = tcase_create("levels"), *lamps = tcase_create("lamps");
    SRunner *runner;
    int failed;

    tcase_add_unchecked_fixture(levels, boot, shut_down);
    tcase_add_test(levels, rises_and_falls);
    tcase_add_test(levels, begins_at_zero);
    tcase_add_unchecked_fixture(lamps, boot, shut_down);
    tcase_add_loop_test(lamps, lamp_is_lit_from_three_on, 0,
                        sizeof lamp / sizeof lamp[0]);
    suite_add_tcase(suite, levels);
    suite_add_tcase(suite, lamps);
    runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV); /* CK_VERBOSITY, CK_RUN_CASE, ... */
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
