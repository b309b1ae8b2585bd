/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Exception entry and return (firmware/cm_entry.c): frames, stacks, modes,
 * flags.
 *
 * Sources: Armv7-M ARM (DDI 0403E.e) B1.5.6 to B1.5.8 and B1.4.2; Armv6-M ARM
 * (DDI 0419E) B1.5. test_fw_cm_qemu.c holds the same text against QEMU.
 */
#include "cm.h"
#include "support.h"

/* clang-format off */
#define COMMON                                                                 \
    "reset: control 00000000\n"                                                \
    "  primask 00000000\n"                                                     \
    "  ipsr 00000000\n"                                                        \
    "svc from thread: fffffff9\n"                                              \
    "  ipsr 0000000b\n"                                                        \
    "  control 00000000\n"                                                     \
    "  r0 0000000a\n"                                                          \
    "  r1 0000000b\n"                                                          \
    "  r2 0000000c\n"                                                          \
    "  r3 0000000d\n"                                                          \
    "  r12 12345678\n"                                                         \
    "  lr cafe0001\n"                                                          \
    "  pc is behind the svc 1\n"                                               \
    "  xpsr 01000000\n"                                                        \
    "  frame alignment 00000000\n"                                             \
    "  values are back 1\n"                                                    \
    "odd stack: align bit 00000200\n"                                          \
    "  frame alignment 00000000\n"                                             \
    "  sp moved by 0\n"                                                        \
    "svc from process stack: fffffffd\n"                                       \
    "  ipsr 0000000b\n"                                                        \
    "  control 00000000\n"                                                     \
    "  frame on it 1\n"                                                        \
    "  msp near 1\n"                                                           \
    "  psp is back 1\n"                                                        \
    "pendsv returns with fffffff9\n"                                           \
    "svc from pendsv: fffffff1\n"                                              \
    "  ipsr 0000000b\n"                                                        \
    "  control 00000000\n"                                                     \
    "  xpsr 0100000e\n"                                                        \
    "flags 1-2 80000000\n"                                                     \
    "flags 2-2 60000000\n"                                                     \
    "flags 80000000-1 30000000\n"

#define ARMV7M                                                                 \
    "svc from unprivileged code: fffffff9\n"                                   \
    "  ipsr 0000000b\n"                                                        \
    "  control 00000001\n"                                                     \
    "  control behind it 00000001\n"                                           \
    "  primask 00000000\n"                                                     \
    "  ipsr 00000000\n"                                                        \
    "  control in the handler 00000001\n"                                      \
    "  raised 00000000\n"                                                      \
    "  primask when privileged 00000001\n"                                     \
    "svc first 110 it 04000400\n"                                              \
    "svc second 101 it 00001400\n"                                             \
    "svc third 100 it 00001800\n"                                              \
    "svc last 101 it 00000000\n"                                               \
    "svc skipped 000 it 00000000\n"                                            \
    "r0 from the handler 99\n"                                                 \
    "apsr from the handler f0000000\n"

#define DSP                                                                    \
    "flags GE 000a0000\n"                                                      \
    "  in the frame 000a0000\n"
/* clang-format on */

static void frames_stacks_and_flags_are_as_in_armv6m(void **state)
{
    (void)state;
    cm_expect("cm_entry", "cortex-m0", COMMON);
    cm_expect("cm_entry", "cortex-m0plus", COMMON);
}

static void unprivileged_code_and_it_blocks_survive_exceptions(void **state)
{
    (void)state;
    cm_expect("cm_entry", "cortex-m3", COMMON, ARMV7M);
}

static void the_ge_flags_survive_exceptions_too(void **state)
{
    (void)state;
    cm_expect("cm_entry", "cortex-m4", COMMON, ARMV7M, DSP);
    cm_expect("cm_entry", "cortex-m4f", COMMON, ARMV7M, DSP);
    cm_expect("cm_entry", "cortex-m7", COMMON, ARMV7M, DSP);
    cm_expect("cm_entry", "cortex-m33", COMMON, ARMV7M, DSP);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(frames_stacks_and_flags_are_as_in_armv6m),
        cmocka_unit_test(unprivileged_code_and_it_blocks_survive_exceptions),
        cmocka_unit_test(the_ge_flags_survive_exceptions_too),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
