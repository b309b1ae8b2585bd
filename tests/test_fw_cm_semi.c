/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Semihosting from firmware (firmware/cm_semi.c), on each kind of core.
 *
 * Source: Arm "Semihosting for AArch32 and AArch64", release 2.0.
 */
#include "cm.h"
#include "support.h"

static const char *const cores[] = {"cortex-m0", "cortex-m3", "cortex-m4f",
                                    "cortex-m33"};
enum { CORES = sizeof cores / sizeof *cores };

static void firmware_uses_console_files_and_command_line(void **state)
{
    const fwsim_options opt = {.semihosting_args = "guest -v",
                               .semihosting_dir = FWSIM_TEST_BINARY_DIR};

    (void)state;
    for (size_t i = 0; i < CORES; i++) {
        fwsim_machine *m = cm_machine("cm_semi", cores[i], &opt);
        fwsim_stop stop;

        OK(fwsim_run(m, &(fwsim_limit){.time_ns = FWSIM_S(1)}, &stop));
        cm_assert_text(cores[i], cm_output(m),
                       "command line 0\nguest -v\n*\nopened 1\nnot written 0\n"
                       "length 21\nseek 0\nnot read 0\nby the guest\nclose 0\n"
                       "outside refused 1\nclock 1\ntime 1\n");
        assert_int_equal(stop.reason, FWSIM_STOP_EXIT);
        assert_int_equal(stop.exit_code, 0);
        fwsim_free(m);
    }
}

static void sys_exit_with_an_error_is_not_0(void **state)
{
    const fwsim_options opt = {.semihosting_args = "fail"};

    (void)state;
    for (size_t i = 0; i < CORES; i++) {
        fwsim_machine *m = cm_machine("cm_semi", cores[i], &opt);
        fwsim_stop stop;

        OK(fwsim_run(m, &(fwsim_limit){.time_ns = FWSIM_S(1)}, &stop));
        assert_int_equal(stop.reason, FWSIM_STOP_EXIT);
        assert_int_equal(stop.exit_code, 1);
        fwsim_free(m);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(firmware_uses_console_files_and_command_line),
        cmocka_unit_test(sys_exit_with_an_error_is_not_0),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
