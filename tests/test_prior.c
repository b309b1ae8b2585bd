/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of the prior, from a file. */
#include "infer/prior.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { DATA_ROW = 2 };

static int read_text(const char *text, fwsim__prior *out, unsigned *line)
{
    const char *path = "test_prior.txt";
    FILE *file = fopen(path, "w");
    int err;

    assert_non_null(file);
    fputs(text, file);
    fclose(file);
    err = fwsim__prior_read(out, path, line);
    remove(path);
    return err;
}

static void rows_of_a_file_are_weights(void **state)
{
    const char *text = "# weights\n\n"
                       "data 64 0 -3 0 0 0 0 0 0 0 0 0 0 "
                       "0 0 0 0 0 0 0 0 0 0 0 7 # all\n";
    fwsim__prior p;
    unsigned line;

    (void)state;
    assert_int_equal(read_text(text, &p, &line), 0);
    assert_int_equal(p.role[DATA_ROW][0], 64);
    assert_int_equal(p.role[DATA_ROW][2], -3);
    assert_int_equal(p.role[DATA_ROW][FWSIM__PRIOR_FEATURES - 1], 7);
    assert_int_equal(p.role[0][0], 0);
    assert_int_equal(fwsim__prior_role(&p, 1), FWSIM__ROLE_DATA);
}

static void a_row_too_short_too_long_or_unknown_is_refused(void **state)
{
    static const char *const bad[] = {
        "#\ndata 1 2 3\n",
        "#\ndata 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 "
        "24 25 26\n",
        "#\nflags 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 "
        "24 25\n",
        "#\ndata 99999 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 "
        "23 24 25\n",
        "#\ndata x\n",
    };
    fwsim__prior p;
    unsigned line;

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_int_equal(read_text(bad[i], &p, &line), FWSIM_EFORMAT);
        assert_int_equal(line, 2);
    }
}

static void a_missing_file_is_not_found(void **state)
{
    fwsim__prior p;
    unsigned line;

    (void)state;
    assert_int_equal(fwsim__prior_read(&p, "no/such/file", &line),
                     FWSIM_ENOENT);
}

static void a_register_that_is_changed_and_written_back_is_control(void **state)
{
    (void)state;
    /* always, read, written, written back */
    assert_int_equal(fwsim__prior_role(&fwsim__prior_weights,
                                       1u << 0 | 1u << 1 | 1u << 2 | 1u << 5),
                     FWSIM__ROLE_CONTROL);
}

static void a_register_that_is_only_read_and_tested_is_status(void **state)
{
    (void)state;
    /* always, read, only read, tested, tested what software has not set */
    assert_int_equal(fwsim__prior_role(&fwsim__prior_weights,
                                       1u << 0 | 1u << 1 | 1u << 3 | 1u << 6 |
                                           1u << 7),
                     FWSIM__ROLE_STATUS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_of_a_file_are_weights),
        cmocka_unit_test(a_row_too_short_too_long_or_unknown_is_refused),
        cmocka_unit_test(a_missing_file_is_not_found),
        cmocka_unit_test(a_register_that_is_changed_and_written_back_is_control),
        cmocka_unit_test(a_register_that_is_only_read_and_tested_is_status),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
