/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The floating-point extension (firmware/cm_fp.c): off at reset, frames, lazy
 * stacking.
 *
 * Source: Armv7-M ARM (DDI 0403E.e) B1.5.6, B1.5.7, A2.5.3.
 */
#include "cm.h"
#include "support.h"

/* clang-format off */
#define TEXT                                                                   \
    "cpacr 00000000\n"                                                         \
    "fpccr c0000000\n"                                                         \
    "off: cfsr 00080000\n"                                                     \
    "  same instruction again 0000eef7\n"                                      \
    "cpacr 00f00000\n"                                                         \
    "control 00000004\n"                                                       \
    "no fp in use: fffffff9\n"                                                 \
    "lazy, not used: ffffffe9\n"                                               \
    "  control before 00000004\n"                                              \
    "  control behind 00000004\n"                                              \
    "  lspact in the handler 00000001\n"                                       \
    "  thread in the handler 00000008\n"                                       \
    "  lspact behind 00000000\n"                                               \
    "  alignment 00000000\n"                                                   \
    "  frame s0 aaaaaaaa\n"                                                    \
    "  s0 3f800000\n"                                                          \
    "  s15 40000000\n"                                                         \
    "  fpscr 03000000\n"                                                       \
    "lazy, used: ffffffe9\n"                                                   \
    "  control before 00000004\n"                                              \
    "  control behind 00000004\n"                                              \
    "  lspact in the handler 00000001\n"                                       \
    "  thread in the handler 00000008\n"                                       \
    "  lspact behind 00000000\n"                                               \
    "  alignment 00000000\n"                                                   \
    "  frame s0 3f800000\n"                                                    \
    "  frame s15 40000000\n"                                                   \
    "  fpscr in the handler 02000000\n"                                        \
    "  s0 3f800000\n"                                                          \
    "  s15 40000000\n"                                                         \
    "  fpscr 03000000\n"                                                       \
    "process stack: ffffffed\n"                                                \
    "  control before 00000006\n"                                              \
    "  control behind 00000006\n"                                              \
    "  lspact in the handler 00000001\n"                                       \
    "  thread in the handler 00000008\n"                                       \
    "  lspact behind 00000000\n"                                               \
    "  alignment 00000000\n"                                                   \
    "  frame s0 3f800000\n"                                                    \
    "  frame s15 40000000\n"                                                   \
    "  fpscr in the handler 02000000\n"                                        \
    "  s0 3f800000\n"                                                          \
    "  s15 40000000\n"                                                         \
    "  fpscr 03000000\n"                                                       \
    "outer: lr ffffffe9\n"                                                     \
    "  control 00000000\n"                                                     \
    "  control 00000004\n"                                                     \
    "inner: lr ffffffe1\n"                                                     \
    "  s0 77777777\n"                                                          \
    "thread: s0 12121212\n"                                                    \
    "  control 00000004\n"                                                     \
    "passive: lr ffffffe9\n"                                                   \
    "  lspact 00000001\n"                                                      \
    "late user: lr fffffff1\n"                                                 \
    "  lspact 00000000\n"                                                      \
    "  lspact 00000000\n"                                                      \
    "thread: s0 13131313\n"                                                    \
    "  s15 14141414\n"                                                         \
    "not lazy, not used: ffffffe9\n"                                           \
    "  control before 00000004\n"                                              \
    "  control behind 00000004\n"                                              \
    "  lspact in the handler 00000000\n"                                       \
    "  thread in the handler 00000000\n"                                       \
    "  lspact behind 00000000\n"                                               \
    "  alignment 00000000\n"                                                   \
    "  frame s0 aaaaaaaa\n"                                                    \
    "  s0 aaaaaaaa\n"                                                          \
    "  s15 40000000\n"                                                         \
    "  fpscr 03000000\n"                                                       \
    "not lazy, used: ffffffe9\n"                                               \
    "  control before 00000004\n"                                              \
    "  control behind 00000004\n"                                              \
    "  lspact in the handler 00000000\n"                                       \
    "  thread in the handler 00000000\n"                                       \
    "  lspact behind 00000000\n"                                               \
    "  alignment 00000000\n"                                                   \
    "  frame s0 aaaaaaaa\n"                                                    \
    "  frame s15 40000000\n"                                                   \
    "  fpscr in the handler 02000000\n"                                        \
    "  s0 aaaaaaaa\n"                                                          \
    "  s15 40000000\n"                                                         \
    "  fpscr 03000000\n"                                                       \
    "without ASPEN: lr fffffff9\n"
/* clang-format on */

static void fp_frames_are_stacked_at_once_or_lazily(void **state)
{
    (void)state;
    cm_expect("cm_fp", "cortex-m4f", TEXT);
    cm_expect("cm_fp", "cortex-m7", TEXT);
    cm_expect("cm_fp", "cortex-m33", TEXT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fp_frames_are_stacked_at_once_or_lazily),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
