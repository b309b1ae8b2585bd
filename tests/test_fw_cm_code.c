/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Code that is hard to run in pieces (firmware/cm_code.c): interrupts anywhere
 * in IT blocks and multiple loads, changed code in RAM, counts of instructions.
 */
#include "cm.h"
#include "support.h"

/* clang-format off */
#define TEXT                                                                   \
    "wrong results 0\n"                                                        \
    "interrupts 1\n"                                                           \
    "wrong results of changed code 0\n"                                        \
    "own code gives 17\n"                                                      \
    "narrow instructions 103\n"                                                \
    "wide instructions 103\n"                                                  \
    "in ram 103\n"                                                             \
    "in ram 103\n"
/* clang-format on */

static void
interrupts_changed_code_and_ram_do_not_change_results_and_counts(void **state)
{
    (void)state;
    cm_expect("cm_code", "cortex-m0", TEXT);
    cm_expect("cm_code", "cortex-m3", TEXT);
    cm_expect("cm_code", "cortex-m4f", TEXT);
    cm_expect("cm_code", "cortex-m33", TEXT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            interrupts_changed_code_and_ram_do_not_change_results_and_counts),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
