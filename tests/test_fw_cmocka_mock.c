/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cmocka's queues inside replaced functions, from outside: tests/cmocka/mocks.c
 * has tests that must fail in the middle of a callback.
 */
#include "command.h"
#include "support.h"

#include <stdio.h>
#include <string.h>

static void failures_in_callbacks_end_their_test_only(void **state)
{
    static const char *const parts[] = {
        "14 test(s) run",
        "PASSED  ] 6 test(s)",
        "FAILED  ] 8 test(s)",
        "FAILED  ] fails_as_another_value_comes",
        "FAILED  ] fails_as_nothing_is_queued",
        "FAILED  ] fails_as_the_parameter_is_another",
        "FAILED  ] fails_as_the_list_is_broken",
        "FAILED  ] fails_as_the_function_is_not_there",
        "FAILED  ] fails_behind_the_original",
        "FAILED  ] fails_with_a_fault_armed",
        "FAILED  ] fails_as_the_length_is_negative",
        "the 4294967295 bytes from there are not all memory",
        "hal_read has no parameter rge; it has reg value",
        "\"reg, value=\" is no list",
        "did you mean hal_read?",
    };
    const char *const argv[] = { FWSIM_TEST_BINARY_DIR "/cmocka/cmocka_mocks",
                                 NULL };
    char both[16384];
    command c;

    (void)state;
    command_run(&c, argv, NULL);
    snprintf(both, sizeof both, "%s%s", c.out, c.err);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (!strstr(both, parts[i]))
            fail_msg("no '%s' in:\n%s", parts[i], both);
    assert_int_equal(c.code, 8); /* cmocka's: tests that failed */
    assert_null(strstr(both, "Sanitizer"));
    command_free(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(failures_in_callbacks_end_their_test_only),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
