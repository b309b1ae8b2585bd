/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Stack limits of Armv8-M (firmware/cm_limit.c): the instruction that would
 * move SP below one does not happen, and an exception frame that does not fit
 * is not written.
 *
 * Source: Armv8-M ARM (DDI 0553B.y) B3.8, D1.2.142, D1.2.268.
 */
#include "cm.h"
#include "support.h"

/* clang-format off */
#define EXPECTED                                                               \
    "msplim 00000000\n"                                                        \
    "psplim 38000100\n"                                                        \
    "msplim 00000000\n"                                                        \
    "push(0x48): no fault\n"                                                   \
    "push(0x20): no fault\n"                                                   \
    "push_wide(0x44): no fault\n"                                              \
    "push_wide(0x20): exception 6, pc + 00000000\n"                            \
    "  lr fffffffd\n"                                                          \
    "  cfsr 00100000\n"                                                        \
    "  psp stack + 00000040\n"                                                 \
    "subtract(ROOM): no fault\n"                                               \
    "subtract_more(ROOM): exception 6, pc + 00000000\n"                        \
    "  lr fffffffd\n"                                                          \
    "  cfsr 00100000\n"                                                        \
    "  psp stack + 00000068\n"                                                 \
    "move(ROOM): exception 6, pc + 00000000\n"                                 \
    "  lr fffffffd\n"                                                          \
    "  cfsr 00100000\n"                                                        \
    "  psp stack + 00000068\n"                                                 \
    "store_below(ROOM): no fault\n"                                            \
    "store_indexed(ROOM): exception 6, pc + 00000000\n"                        \
    "  lr fffffffd\n"                                                          \
    "  cfsr 00100000\n"                                                        \
    "  psp stack + 00000068\n"                                                 \
    "svc(0x20): svc: lr fffffffd\n"                                            \
    "no fault\n"                                                               \
    "svc(0x1c): no room: lr fffffffd\n"                                        \
    "  cfsr 00100000\n"                                                        \
    "  psp stack + 00000040\n"                                                 \
    "  below 00000000\n"                                                       \
    "svc: lr fffffffd\n"                                                       \
    "svc(0x00): no room: lr fffffffd\n"                                        \
    "  cfsr 00100000\n"                                                        \
    "  psp stack + 00000040\n"                                                 \
    "  below 00000000\n"                                                       \
    "svc: lr fffffffd\n"
/* clang-format on */

static void stacks_end_at_their_limits(void **state)
{
    (void)state;
    cm_expect("cm_limit", "cortex-m33", EXPECTED);
}

static void limits_are_part_of_a_snapshot(void **state)
{
    fwsim_machine *m = cm_machine("cm_limit", "cortex-m33", NULL);
    fwsim_snapshot *s;
    fwsim_stop stop;

    (void)state;
    for (bool ends = false; !ends;) {
        OK(fwsim_run(m, &(fwsim_limit){.instructions = 50}, &stop));
        ends = stop.reason != FWSIM_STOP_LIMIT;
        OK(fwsim_snapshot_take(m, &s));
        OK(fwsim_reset(m, FWSIM_RESET_POWER_ON));
        OK(fwsim_snapshot_restore(m, s));
        fwsim_snapshot_free(s);
    }
    assert_int_equal(stop.reason, FWSIM_STOP_EXIT);
    cm_assert_text("cm_limit in pieces", cm_output(m), EXPECTED);
    fwsim_free(m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stacks_end_at_their_limits),
        cmocka_unit_test(limits_are_part_of_a_snapshot),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
