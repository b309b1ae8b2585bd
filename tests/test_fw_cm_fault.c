/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Faults (firmware/cm_fault.c): exception, status, address and stacked PC,
 * counted from the faulting instruction. First with all but HardFault disabled.
 *
 * Sources: Armv7-M ARM (DDI 0403E.e) B1.5.11 to B1.5.15, B3.2.15 to B3.2.19;
 * Armv6-M ARM (DDI 0419E) B1.5.
 */
#include "cm.h"
#include "support.h"

/* clang-format off */
#define ARMV6M                                                                 \
    "udf(): exception 3, pc + 00000000\n"                                      \
    "load(): exception 3, pc + 00000000\n"                                     \
    "load_byte(): exception 3, pc + 00000000\n"                                \
    "store(): exception 3, pc + 00000000\n"                                    \
    "store_half(): exception 3, pc + 00000000\n"                               \
    "load_many(): exception 3, pc + 00000000\n"                                \
    "store_many(): exception 3, pc + 00000000\n"                               \
    "odd_load_many(): exception 3, pc + 00000000\n"                            \
    "invstate(): exception 3, pc + 00000000\n"                                 \
    "jump(0x9f000000): exception 3, pc + 00000000\n"                           \
    "load_odd(): exception 3, pc + 00000000\n"                                 \
    "svc_masked(): exception 3, pc + 00000002\n"                               \
    "udf(): nmi in the fault handler fffffff1\n"                               \
    "  vectactive 00000002\n"                                                  \
    "exception 3, pc + 00000000\n"

#define ESCALATED                                                              \
    "udf(): exception 3, pc + 00000000\n"                                      \
    "  cfsr 00010000\n"                                                        \
    "  hfsr 40000000\n"                                                        \
    "load(): exception 3, pc + 00000000\n"                                     \
    "  cfsr 00008200\n"                                                        \
    "  hfsr 40000000\n"                                                        \
    "  bfar 9f000004\n"                                                        \
    "load_byte(): exception 3, pc + 00000000\n"                                \
    "  cfsr 00008200\n"                                                        \
    "  hfsr 40000000\n"                                                        \
    "  bfar 9f000003\n"                                                        \
    "store(): exception 3, pc + 00000000\n"                                    \
    "  cfsr 00008200\n"                                                        \
    "  hfsr 40000000\n"                                                        \
    "  bfar 9f000008\n"                                                        \
    "store_half(): exception 3, pc + 00000000\n"                               \
    "  cfsr 00008200\n"                                                        \
    "  hfsr 40000000\n"                                                        \
    "  bfar 9f00000a\n"                                                        \
    "load_many(): exception 3, pc + 00000000\n"                                \
    "  cfsr 00008200\n"                                                        \
    "  hfsr 40000000\n"                                                        \
    "  bfar 9f000000\n"                                                        \
    "store_many(): exception 3, pc + 00000000\n"                               \
    "  cfsr 00008200\n"                                                        \
    "  hfsr 40000000\n"                                                        \
    "  bfar 9f000000\n"                                                        \
    "invstate(): exception 3, pc + 00000000\n"                                 \
    "  cfsr 00020000\n"                                                        \
    "  hfsr 40000000\n"                                                        \
    "jump(0x9f000000): exception 3, pc + 00000000\n"                           \
    "  cfsr 00000100\n"                                                        \
    "  hfsr 40000000\n"                                                        \
    "load_odd(): no fault\n"                                                   \
    "svc_masked(): exception 3, pc + 00000002\n"                               \
    "  cfsr 00000000\n"                                                        \
    "  hfsr 40000000\n"                                                        \
    "udf(): nmi in the fault handler fffffff1\n"                               \
    "  vectactive 00000002\n"                                                  \
    "exception 3, pc + 00000000\n"                                             \
    "  cfsr 00010000\n"                                                        \
    "  hfsr 40000000\n"                                                        \
    "udf_wide(): exception 3, pc + 00000000\n"                                 \
    "  cfsr 00010000\n"                                                        \
    "  hfsr 40000000\n"                                                        \
    "load_dual(): exception 3, pc + 00000000\n"                                \
    "  cfsr 00008200\n"                                                        \
    "  hfsr 40000000\n"                                                        \
    "  bfar 9f000010\n"                                                        \
    "store_dual(): exception 3, pc + 00000000\n"                               \
    "  cfsr 00008200\n"                                                        \
    "  hfsr 40000000\n"                                                        \
    "  bfar 9efffff0\n"                                                        \
    "load_indexed(): exception 3, pc + 00000000\n"                             \
    "  cfsr 00008200\n"                                                        \
    "  hfsr 40000000\n"                                                        \
    "  bfar 9f000010\n"                                                        \
    "load_in_it(): exception 3, pc + 00000000\n"                               \
    "  cfsr 00008200\n"                                                        \
    "  hfsr 40000000\n"                                                        \
    "  bfar 9f000000\n"                                                        \
    "skipped_in_it(): no fault\n"                                              \
    "load_half_odd(): no fault\n"                                              \
    "coprocessor(): exception 3, pc + 00000000\n"                              \
    "  cfsr 00080000\n"                                                        \
    "  hfsr 40000000\n"                                                        \
    "jump(0x40008000): exception 3, pc + 00000000\n"                           \
    "  cfsr 00000001\n"                                                        \
    "  hfsr 40000000\n"                                                        \
    "jump(0xe0001000): exception 3, pc + 00000000\n"                           \
    "  cfsr 00000001\n"                                                        \
    "  hfsr 40000000\n"                                                        \
    "divide(): no fault\n"                                                     \
    "on_process_stack(): exception 3, pc + 00000000\n"                         \
    "  cfsr 00008200\n"                                                        \
    "  hfsr 40000000\n"                                                        \
    "  bfar 9f000004\n"                                                        \
    "  on the process stack\n"

#define ARMV7M                                                                 \
    "shcsr 00070000\n"                                                         \
    "udf(): exception 6, pc + 00000000\n"                                      \
    "  cfsr 00010000\n"                                                        \
    "load(): exception 5, pc + 00000000\n"                                     \
    "  cfsr 00008200\n"                                                        \
    "  bfar 9f000004\n"                                                        \
    "load_byte(): exception 5, pc + 00000000\n"                                \
    "  cfsr 00008200\n"                                                        \
    "  bfar 9f000003\n"                                                        \
    "store(): exception 5, pc + 00000000\n"                                    \
    "  cfsr 00008200\n"                                                        \
    "  bfar 9f000008\n"                                                        \
    "store_half(): exception 5, pc + 00000000\n"                               \
    "  cfsr 00008200\n"                                                        \
    "  bfar 9f00000a\n"                                                        \
    "load_many(): exception 5, pc + 00000000\n"                                \
    "  cfsr 00008200\n"                                                        \
    "  bfar 9f000000\n"                                                        \
    "store_many(): exception 5, pc + 00000000\n"                               \
    "  cfsr 00008200\n"                                                        \
    "  bfar 9f000000\n"                                                        \
    "invstate(): exception 6, pc + 00000000\n"                                 \
    "  cfsr 00020000\n"                                                        \
    "jump(0x9f000000): exception 5, pc + 00000000\n"                           \
    "  cfsr 00000100\n"                                                        \
    "load_odd(): no fault\n"                                                   \
    "udf_wide(): exception 6, pc + 00000000\n"                                 \
    "  cfsr 00010000\n"                                                        \
    "load_dual(): exception 5, pc + 00000000\n"                                \
    "  cfsr 00008200\n"                                                        \
    "  bfar 9f000010\n"                                                        \
    "store_dual(): exception 5, pc + 00000000\n"                               \
    "  cfsr 00008200\n"                                                        \
    "  bfar 9efffff0\n"                                                        \
    "load_indexed(): exception 5, pc + 00000000\n"                             \
    "  cfsr 00008200\n"                                                        \
    "  bfar 9f000010\n"                                                        \
    "load_in_it(): exception 5, pc + 00000000\n"                               \
    "  cfsr 00008200\n"                                                        \
    "  bfar 9f000000\n"                                                        \
    "skipped_in_it(): no fault\n"                                              \
    "load_half_odd(): no fault\n"                                              \
    "coprocessor(): exception 6, pc + 00000000\n"                              \
    "  cfsr 00080000\n"                                                        \
    "jump(0x40008000): exception 4, pc + 00000000\n"                           \
    "  cfsr 00000001\n"                                                        \
    "jump(0xe0001000): exception 4, pc + 00000000\n"                           \
    "  cfsr 00000001\n"                                                        \
    "divide(): no fault\n"                                                     \
    "on_process_stack(): exception 5, pc + 00000000\n"                         \
    "  cfsr 00008200\n"                                                        \
    "  bfar 9f000004\n"                                                        \
    "  on the process stack\n"                                                 \
    "load_odd(): exception 6, pc + 00000000\n"                                 \
    "  cfsr 01000000\n"                                                        \
    "load_half_odd(): exception 6, pc + 00000000\n"                            \
    "  cfsr 01000000\n"                                                        \
    "store_odd(): exception 6, pc + 00000000\n"                                \
    "  cfsr 01000000\n"                                                        \
    "load_odd(): no fault\n"                                                   \
    "divide(): exception 6, pc + 00000000\n"                                   \
    "  cfsr 02000000\n"                                                        \
    "divide_signed(): exception 6, pc + 00000000\n"                            \
    "  cfsr 02000000\n"                                                        \
    "divide_well(): no fault\n"                                                \
    "divide_skipped(): no fault\n"                                             \
    "divide(): no fault\n"                                                     \
    "svc_basepri(): exception 3, pc + 00000002\n"                              \
    "  cfsr 00000000\n"                                                        \
    "  hfsr 40000000\n"                                                        \
    "plain_svc(): exception 5, pc + 00000000\n"                                \
    "  cfsr 00008200\n"                                                        \
    "  bfar 9f000004\n"                                                        \
    "plain_svc(): exception 3, pc + 00000000\n"                                \
    "  cfsr 00008200\n"                                                        \
    "  hfsr 40000000\n"                                                        \
    "  bfar 9f000004\n"                                                        \
    "svc(): lr fffffff5\n"                                                     \
    "exception 6, pc + 00000002\n"                                             \
    "  cfsr 00040000\n"                                                        \
    "svc(): exception 6, pc + 00000002\n"                                      \
    "  cfsr 00040000\n"                                                        \
    "svc(): exception 6, pc + 00000002\n"                                      \
    "  cfsr 00020000\n"                                                        \
    "stacking: lr fffffffd\n"                                                  \
    "  cfsr 00001000\n"                                                        \
    "  shcsr 00008002\n"                                                       \
    "svc: lr fffffffd\n"                                                       \
    "read_scb(): exception 5, pc + 00000000\n"                                 \
    "  cfsr 00008200\n"                                                        \
    "  bfar e000ed08\n"                                                        \
    "write_nvic(): exception 5, pc + 00000000\n"                               \
    "  cfsr 00008200\n"                                                        \
    "  bfar e000e100\n"                                                        \
    "iser 00000000\n"
/* clang-format on */

static void every_fault_is_a_hardfault_on_armv6m(void **state)
{
    (void)state;
    cm_expect("cm_fault", "cortex-m0", ARMV6M);
    cm_expect("cm_fault", "cortex-m0plus", ARMV6M);
}

static void faults_tell_what_where_and_why_on_armv7m(void **state)
{
    (void)state;
    cm_expect("cm_fault", "cortex-m3", ESCALATED, ARMV7M);
    cm_expect("cm_fault", "cortex-m4", ESCALATED, ARMV7M);
    cm_expect("cm_fault", "cortex-m4f", ESCALATED, ARMV7M);
    cm_expect("cm_fault", "cortex-m7", ESCALATED, ARMV7M);
    cm_expect("cm_fault", "cortex-m33", ESCALATED, ARMV7M);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_fault_is_a_hardfault_on_armv6m),
        cmocka_unit_test(faults_tell_what_where_and_why_on_armv7m),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
