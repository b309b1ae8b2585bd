/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A program of fwsim_run_tests with a test for each way a test can end, for
 * test_fw_cmocka.c. SAMPLE in the environment makes it another program.
 */
#include <fwsim_cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIRMWARE FWSIM_TEST_FIRMWARE_DIR "/cli_guest.elf"

static fwsim_machine *say(void **state, const char *text)
{
    fwsim_machine *m = fwsim_cmocka_machine(state);

    assert_fwsim_ok(m, fwsim_uart_send(m, NULL, text, strlen(text)));
    return m;
}

/* Twice the same: what one has done the other does not see. */
static void hears_a_letter(void **state)
{
    fwsim_machine *m = say(state, "A");

    assert_true(fwsim_time_ns(m) < FWSIM_MS(10));
    assert_string_equal(fwsim_uart_output(m, NULL, NULL), "");
    assert_fwsim_ok(m, fwsim_uart_expect(m, NULL, "heard A\n", FWSIM_MS(5)));
    assert_string_equal(fwsim_uart_output(m, NULL, NULL), "heard A\n");
}

static void hears_it_again(void **state)
{
    hears_a_letter(state);
}

static void fails_an_assertion(void **state)
{
    (void)state;
    puts("an ordinary line");
    assert_int_equal(1, 2);
}

static void waits_in_vain(void **state)
{
    fwsim_machine *m = say(state, "B");

    assert_fwsim_ok(m, fwsim_uart_expect(m, NULL, "nonsense", FWSIM_MS(5)));
}

static void crashes_the_firmware(void **state)
{
    fwsim_machine *m = say(state, "c");

    assert_fwsim_ok(m, fwsim_run(m, &(fwsim_limit){ .time_ns = FWSIM_MS(5) },
                                 NULL));
    assert_fwsim_stopped(m, FWSIM_STOP_LIMIT);
}

static void is_skipped(void **state)
{
    (void)state;
    print_message("there is no board on this desk\n");
    skip();
}

static void aborts(void **state)
{
    (void)state;
    puts("before the end");
    abort();
}

static void exits(void **state)
{
    (void)state;
    exit(3);
}

static void leaks_a_machine(void **state)
{
    fwsim_machine *m;

    (void)state;
    assert_int_equal(fwsim_new(&m, fwsim_board_find("bbc_microbit"), NULL), 0);
}

static void leaves_a_mock_value(void **state)
{
    (void)state;
    will_return(leaves_a_mock_value, 1);
}

static int no_set_up(void **state)
{
    (void)state;
    return -1;
}

static int no_teardown(void **state)
{
    (void)state;
    return -1;
}

static void is_fine(void **state)
{
    (void)state;
}

static int own_set_up(void **state)
{
    static int own = 42;

    *state = &own;
    return 0;
}

static void has_a_state_of_its_own(void **state)
{
    assert_int_equal(*(int *)*state, 42);
}

static int boot(void **state)
{
    return fwsim_cmocka_boot(state, &(fwsim_boot){ .board = "bbc_microbit",
                                                   .image = FIRMWARE,
                                                   .until = "ready\n" });
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(hears_a_letter),
    cmocka_unit_test(fails_an_assertion),
    cmocka_unit_test(waits_in_vain),
    cmocka_unit_test(crashes_the_firmware),
    cmocka_unit_test(is_skipped),
    cmocka_unit_test(aborts),
    cmocka_unit_test(exits),
    cmocka_unit_test(leaks_a_machine),
    cmocka_unit_test(leaves_a_mock_value),
    cmocka_unit_test_setup(is_fine, no_set_up),
    { "teardown_fails", is_fine, NULL, no_teardown, NULL },
    cmocka_unit_test_setup(has_a_state_of_its_own, own_set_up),
    cmocka_unit_test(hears_it_again),
};

/* ------------------------------------------------------------------ */
/* Other programs                                                       */
/* ------------------------------------------------------------------ */

static int two_of_one_name(int argc, char **argv)
{
    const struct CMUnitTest twins[] = { cmocka_unit_test(is_fine),
                                        cmocka_unit_test(is_fine) };

    return fwsim_run_tests(argc, argv, twins, NULL, NULL);
}

static char initial[] = "initial";

static void has_an_initial_state(void **state)
{
    assert_string_equal(*state, "initial");
}

static int two_groups(int argc, char **argv)
{
    const struct CMUnitTest first[] = {
        { "one", has_an_initial_state, NULL, NULL, initial }
    };
    const struct CMUnitTest second[] = { { "two", is_fine, NULL, NULL, NULL } };

    fwsim_run_tests(argc, argv, first, NULL, NULL);
    return fwsim_run_tests(argc, argv, second, NULL, NULL);
}

static int bad_boot(void **state)
{
    const char *what = getenv("SAMPLE");

    return fwsim_cmocka_boot(
        state, &(fwsim_boot){
                   .board = strcmp(what, "board") ? NULL : "bbc_microbits",
                   .image = strcmp(what, "image") ? FIRMWARE : "/nowhere.elf",
                   .until = strcmp(what, "until") ? NULL : "Ready?" });
}

static int group_teardown_crashes(void **state)
{
    fwsim_cmocka_shutdown(state);
    abort();
}

int main(int argc, char **argv)
{
    const char *sample = getenv("SAMPLE");

    if (!sample)
        return fwsim_run_tests(argc, argv, tests, boot, fwsim_cmocka_shutdown);
    if (!strcmp(sample, "twins"))
        return two_of_one_name(argc, argv);
    if (!strcmp(sample, "groups"))
        return two_groups(argc, argv);
    if (!strcmp(sample, "teardown"))
        return fwsim_run_tests(argc, argv, tests, boot, group_teardown_crashes);
    return fwsim_run_tests(argc, argv, tests, bad_boot, fwsim_cmocka_shutdown);
}
