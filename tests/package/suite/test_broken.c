/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <fwsim_cmocka.h>

#include <stdlib.h>

static void aborts(void **state)
{
    (void)state;
    abort();
}

static void fails(void **state)
{
    (void)state;
    assert_true(0);
}

static void passes(void **state)
{
    (void)state;
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(aborts),
        cmocka_unit_test(fails),
        cmocka_unit_test(passes),
    };

    return fwsim_run_tests(argc, argv, tests, NULL, NULL);
}
