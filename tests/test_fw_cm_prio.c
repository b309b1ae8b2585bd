/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Priorities and masks (firmware/cm_prio.c): order, preemption, groups,
 * nesting, tail-chaining. [ ] is a handler that interrupts the thread, ( ) one
 * that interrupts a handler.
 *
 * Sources: Armv7-M ARM (DDI 0403E.e) B1.5.4, B1.5.8, B1.5.9, B3.4; Armv6-M ARM
 * (DDI 0419E) B1.5.4.
 */
#include "cm.h"
#include "support.h"

/* clang-format off */
#define ORDER                                                                  \
    "by priority: [3] [2] [1] [0]\n"                                           \
    "by number: [0] [1] [2] [3]\n"                                             \
    "by both: [1] [3] [0] [2]\n"                                               \
    "1 preempts 2, 3 follows: [2 (1) end] [3]\n"                               \
    "3 preempts 2, 1 follows: [2 (3) end] [1]\n"                               \
    "nobody preempts 2: [2 end] [3] [1]\n"                                     \
    "with system exceptions: [1] [pendsv] [systick] [0] [2]\n"                 \
    "cleared again: [0]\n"                                                     \
    "nmi in spite of PRIMASK: [nmi]\n"                                         \
    "svc: [svc]\n"                                                             \
    "enabled 0000000d\n"                                                       \
    "1 is off: [2]\n"                                                          \
    "pending 00000002\n"                                                       \
    "icsr 00000000\n"                                                          \
    "on: [1]\n"                                                                \
    "pending 00000000\n"                                                       \
    "nested:irq: lr fffffff9\n"

#define NESTED_ARMV6M                                                          \
    "  icsr 00000012\n"                                                        \
    "irq: lr fffffff1\n"                                                       \
    "  icsr 00000011\n"                                                        \
    "back in 2: icsr 00000012\n"                                               \
    "itself pending: icsr 00412012\n"                                          \
    " [2]\n"

#define NESTED_ARMV7M                                                          \
    "  icsr 00000812\n"                                                        \
    "  active 00000004\n"                                                      \
    "  shcsr 00000000\n"                                                       \
    "irq: lr fffffff1\n"                                                       \
    "  icsr 00000011\n"                                                        \
    "  active 00000006\n"                                                      \
    "  shcsr 00000000\n"                                                       \
    "back in 2: icsr 00000812\n"                                               \
    "itself pending: icsr 00412812\n"                                          \
    " [2]\n"

#define CHAINED                                                                \
    "tail-chained: [1] [2] lr fffffff9\n"                                      \
    "\n"                                                                       \
    "same frame 1\n"

#define GROUPS_AND_MASKS                                                       \
    "aircr fa050400\n"                                                         \
    "group of three bits: 1 preempts 2: [2 (1) end] [3]\n"                     \
    "group of two bits: it does not: [2 end] [1] [3]\n"                        \
    "no groups: it does not: [2 end] [1] [3]\n"                                \
    "no groups, still in order: [0] [1] [2 end] [1] [3]\n"                     \
    "aircr fa050700\n"                                                         \
    "regrouped in the handler: [2 not yet (1) end]\n"                          \
    "reprioritized in the handler: [2 not yet (1) again (1) end]\n"            \
    "basepri 80: [0] [1] | 0: [2] [3]\n"                                       \
    "basepri_max does not lower 00000080\n"                                    \
    "basepri_max raises 00000040\n"                                            \
    "basepri_max is not switched off 00000040\n"                               \
    "faultmask: [nmi] |  00000001\n"                                           \
    "off: [0] [1] [2] [3]\n"                                                   \
    "faultmask:in the handler 00000001\n"                                      \
    "\n"                                                                       \
    "behind it 00000000\n"                                                     \
    "stir: [3]\n"
/* clang-format on */

static void interrupts_come_in_order_of_priority_on_armv6m(void **state)
{
    (void)state;
    cm_expect("cm_prio", "cortex-m0", ORDER, NESTED_ARMV6M, CHAINED);
    cm_expect("cm_prio", "cortex-m0plus", ORDER, NESTED_ARMV6M, CHAINED);
}

static void groups_and_masks_hold_interrupts_back_on_armv7m(void **state)
{
    (void)state;
    cm_expect("cm_prio", "cortex-m3", ORDER, NESTED_ARMV7M, CHAINED,
              GROUPS_AND_MASKS);
    cm_expect("cm_prio", "cortex-m4", ORDER, NESTED_ARMV7M, CHAINED,
              GROUPS_AND_MASKS);
    cm_expect("cm_prio", "cortex-m4f", ORDER, NESTED_ARMV7M, CHAINED,
              GROUPS_AND_MASKS);
    cm_expect("cm_prio", "cortex-m7", ORDER, NESTED_ARMV7M, CHAINED,
              GROUPS_AND_MASKS);
    cm_expect("cm_prio", "cortex-m33", ORDER, NESTED_ARMV7M, CHAINED,
              GROUPS_AND_MASKS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(interrupts_come_in_order_of_priority_on_armv6m),
        cmocka_unit_test(groups_and_masks_hold_interrupts_back_on_armv7m),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
