/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Instructions that the core looks at before the engine executes them
 * (firmware/cm_care.c). The texts are those of QEMU 7.2, but for the two lines
 * of test_fw_cm_qemu.c that it loses a register in.
 *
 * Sources: Armv7-M ARM (DDI 0403E.e) B1.4.4, B3.2.8, B3.5.4, A4.6.
 */
#include "cm.h"
#include "support.h"

/* clang-format off */
/* A division that traps is left out by the handler: r0 stays. */
#define DIVISIONS                                                              \
    "trap 0\n"                                                                 \
    "divisions\n"                                                              \
    "  10 / 2, / 3: 36\n"                                                      \
    "  10 / 0, / 3: 34\n"                                                      \
    "  10 / 2, / 0: 1\n"                                                       \
    "  10 / 0, / 0: 1\n"                                                       \
    "conditional divisions\n"                                                  \
    "  10 / 2, / 3: 4\n"                                                       \
    "  10 / 0, / 3: 4\n"                                                       \
    "  10 / 2, / 0: 1\n"                                                       \
    "  10 / 0, / 0: 1\n"                                                       \
    "a loop 7491976\n"                                                         \
    "trap 1\n"                                                                 \
    "divisions\n"                                                              \
    "  10 / 2, / 3: 36\n"                                                      \
    "  exception 6\n"                                                          \
    "  cfsr 02000000\n"                                                        \
    "  at 00000000\n"                                                          \
    "  10 / 0, / 3: 37\n"                                                      \
    "  exception 6\n"                                                          \
    "  cfsr 02000000\n"                                                        \
    "  at 0000000a\n"                                                          \
    "  10 / 2, / 0: 106\n"                                                     \
    "  exception 6\n"                                                          \
    "  cfsr 02000000\n"                                                        \
    "  at 00000000\n"                                                          \
    "  exception 6\n"                                                          \
    "  cfsr 02000000\n"                                                        \
    "  at 0000000a\n"                                                          \
    "  10 / 0, / 0: 111\n"                                                     \
    "conditional divisions\n"                                                  \
    "  10 / 2, / 3: 4\n"                                                       \
    "  10 / 0, / 3: 4\n"                                                       \
    "  exception 6\n"                                                          \
    "  cfsr 02000000\n"                                                        \
    "  at 00000008\n"                                                          \
    "  10 / 2, / 0: 11\n"                                                      \
    "  exception 6\n"                                                          \
    "  cfsr 02000000\n"                                                        \
    "  at 00000008\n"                                                          \
    "  10 / 0, / 0: 11\n"                                                      \
    "a loop 7491976\n"

#define UNALIGNED                                                              \
    "unaligned trap 0\n"                                                       \
    "  aligned 00000403\n"                                                     \
    "  from 1 00001204\n"                                                      \
    "  from 2, to 1 00001312\n"                                                \
    "  word 4b5c1111\n"                                                        \
    "unaligned trap 1\n"                                                       \
    "  aligned 00000403\n"                                                     \
    "  exception 6\n"                                                          \
    "  cfsr 01000000\n"                                                        \
    "  at 00000000\n"                                                          \
    "  exception 6\n"                                                          \
    "  cfsr 01000000\n"                                                        \
    "  at 00000006\n"                                                          \
    "  from 1 00000000\n"                                                      \
    "  exception 6\n"                                                          \
    "  cfsr 01000000\n"                                                        \
    "  at 00000000\n"                                                          \
    "  exception 6\n"                                                          \
    "  cfsr 01000000\n"                                                        \
    "  at 0000000a\n"                                                          \
    "  from 2, to 1 00001312\n"                                                \
    "  word 59581200\n"

#define UNPRIVILEGED                                                           \
    "no mpu\n"                                                                 \
    "privileged\n"                                                             \
    "  no fault\n"                                                             \
    "ldrt\n"                                                                   \
    "  no fault\n"                                                             \
    "ldrsbt\n"                                                                 \
    "  no fault\n"                                                             \
    "strt\n"                                                                   \
    "  no fault\n"                                                             \
    "strht\n"                                                                  \
    "  no fault\n"                                                             \
    "privileged only\n"                                                        \
    "privileged\n"                                                             \
    "  no fault\n"                                                             \
    "ldrt\n"                                                                   \
    "  exception 4\n"                                                          \
    "  cfsr 00000082\n"                                                        \
    "  address 0\n"                                                            \
    "  at 00000000\n"                                                          \
    "ldrsbt\n"                                                                 \
    "  exception 4\n"                                                          \
    "  cfsr 00000082\n"                                                        \
    "  address 4\n"                                                            \
    "  at 00000000\n"                                                          \
    "strt\n"                                                                   \
    "  exception 4\n"                                                          \
    "  cfsr 00000082\n"                                                        \
    "  address 0\n"                                                            \
    "  at 00000000\n"                                                          \
    "strht\n"                                                                  \
    "  exception 4\n"                                                          \
    "  cfsr 00000082\n"                                                        \
    "  address 2\n"                                                            \
    "  at 00000000\n"                                                          \
    "for all\n"                                                                \
    "privileged\n"                                                             \
    "  no fault\n"                                                             \
    "ldrt\n"                                                                   \
    "  no fault\n"                                                             \
    "ldrsbt\n"                                                                 \
    "  no fault\n"                                                             \
    "strt\n"                                                                   \
    "  no fault\n"                                                             \
    "strht\n"                                                                  \
    "  no fault\n"

#define READ_ONLY                                                              \
    "users may read\n"                                                         \
    "privileged\n"                                                             \
    "  no fault\n"                                                             \
    "ldrt\n"                                                                   \
    "  no fault\n"                                                             \
    "ldrsbt\n"                                                                 \
    "  no fault\n"                                                             \
    "strt\n"                                                                   \
    "  exception 4\n"                                                          \
    "  cfsr 00000082\n"                                                        \
    "  address 0\n"                                                            \
    "  at 00000000\n"                                                          \
    "strht\n"                                                                  \
    "  exception 4\n"                                                          \
    "  cfsr 00000082\n"                                                        \
    "  address 2\n"                                                            \
    "  at 00000000\n"

#define SYSTEM                                                                 \
    "the system\n"                                                             \
    "  faults 0\n"                                                             \
    "  exception 5\n"                                                          \
    "  cfsr 00008200\n"                                                        \
    "  at 00000000\n"                                                          \
    "  faults 1\n"

#define CONTEXTS                                                               \
    "without contexts\n"                                                       \
    "  control 00000000\n"                                                     \
    "  lr fffffff9\n"                                                          \
    "  control 00000000\n"                                                     \
    "after use\n"                                                              \
    "  control 00000000\n"                                                     \
    "  lr fffffff9\n"                                                          \
    "  control 00000000\n"                                                     \
    "fpca set\n"                                                               \
    "  control 00000004\n"                                                     \
    "  lr ffffffe9\n"                                                          \
    "  control 00000004\n"                                                     \
    "fpca clear\n"                                                             \
    "  control 00000000\n"                                                     \
    "  lr fffffff9\n"                                                          \
    "  control 00000000\n"                                                     \
    "with contexts\n"                                                          \
    "  control 00000000\n"                                                     \
    "  lr fffffff9\n"                                                          \
    "  control 00000000\n"                                                     \
    "after use\n"                                                              \
    "  control 00000004\n"                                                     \
    "  lr ffffffe9\n"                                                          \
    "  control 00000004\n"
/* clang-format on */

static void each_place_of_a_block_is_looked_at(void **state)
{
    (void)state;
    cm_expect("cm_care", "cortex-m3", DIVISIONS, UNALIGNED, UNPRIVILEGED,
              READ_ONLY, SYSTEM);
    cm_expect("cm_care", "cortex-m4f", DIVISIONS, UNALIGNED, UNPRIVILEGED,
              READ_ONLY, SYSTEM, CONTEXTS);
    cm_expect("cm_care", "cortex-m7", DIVISIONS, UNALIGNED, UNPRIVILEGED,
              READ_ONLY, SYSTEM, CONTEXTS);
    cm_expect("cm_care", "cortex-m33", DIVISIONS, UNALIGNED, UNPRIVILEGED,
              SYSTEM, CONTEXTS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_place_of_a_block_is_looked_at),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
