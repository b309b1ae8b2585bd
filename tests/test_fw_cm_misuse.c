/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Misuse of the core (firmware/cm_misuse.c), which ends in the fault that the
 * manual names. QEMU agrees with every line, see test_fw_cm_qemu.c.
 *
 * Sources: Armv7-M ARM (DDI 0403E.e): jumps A2.3.1, B1.4.2 (EPSR.T), B3.1
 * (what is not executed); returns B1.5.8; stacks B1.5.10, B1.5.14; vectors
 * B1.5.3; priorities B1.5.4, B3.2.10; Armv8-M ARM (DDI 0553) B3.22; Armv6-M ARM
 * (DDI 0419E) B1.5.
 */
#include "cm.h"
#include "support.h"

/* clang-format off */
#define JUMPS_V6M                                                              \
    "bx_even\n"                                                                \
    "  exception 3, lr fffffff9\n"                                             \
    "  pc - target 00000000\n"                                                 \
    "  xpsr 00000000\n"                                                        \
    "blx_even\n"                                                               \
    "  exception 3, lr fffffff9\n"                                             \
    "  pc - target 00000000\n"                                                 \
    "  xpsr 00000000\n"                                                        \
    "pop_even\n"                                                               \
    "  exception 3, lr fffffff9\n"                                             \
    "  pc - target 00000000\n"                                                 \
    "  xpsr 00000000\n"                                                        \
    "mov_pc_even\n"                                                            \
    "bx_odd\n"                                                                 \
    "  exception 3, lr fffffff9\n"                                             \
    "  pc - target 00000000\n"                                                 \
    "  xpsr 01000000\n"                                                        \
    "bx_odd\n"                                                                 \
    "  exception 3, lr fffffff9\n"                                             \
    "  pc - target 00000000\n"                                                 \
    "  xpsr 01000000\n"

#define REGISTERS_V6M                                                          \
    "read-only registers that changed 0\n"                                     \
    "vectactive 00000000\n"                                                    \
    "bits of an interrupt's priority c0c0c0c0\n"                               \
    "bits of shpr2 c0000000\n"

#define JUMPS                                                                  \
    "bx_even\n"                                                                \
    "  exception 6, lr fffffff9\n"                                             \
    "  cfsr 00020000\n"                                                        \
    "  shcsr 00000008\n"                                                       \
    "  pc - target 00000000\n"                                                 \
    "  xpsr 00000000\n"                                                        \
    "blx_even\n"                                                               \
    "  exception 6, lr fffffff9\n"                                             \
    "  cfsr 00020000\n"                                                        \
    "  shcsr 00000008\n"                                                       \
    "  pc - target 00000000\n"                                                 \
    "  xpsr 00000000\n"                                                        \
    "pop_even\n"                                                               \
    "  exception 6, lr fffffff9\n"                                             \
    "  cfsr 00020000\n"                                                        \
    "  shcsr 00000008\n"                                                       \
    "  pc - target 00000000\n"                                                 \
    "  xpsr 00000000\n"                                                        \
    "mov_pc_even\n"                                                            \
    "ldr_even\n"                                                               \
    "  exception 6, lr fffffff9\n"                                             \
    "  cfsr 00020000\n"                                                        \
    "  shcsr 00000008\n"                                                       \
    "  pc - target 00000000\n"                                                 \
    "  xpsr 00000000\n"                                                        \
    "ldm_even\n"                                                               \
    "  exception 6, lr fffffff9\n"                                             \
    "  cfsr 00020000\n"                                                        \
    "  shcsr 00000008\n"                                                       \
    "  pc - target 00000000\n"                                                 \
    "  xpsr 00000000\n"                                                        \
    "bx_odd\n"                                                                 \
    "  exception 4, lr fffffff9\n"                                             \
    "  cfsr 00000001\n"                                                        \
    "  shcsr 00000001\n"                                                       \
    "  pc - target 00000000\n"                                                 \
    "  xpsr 01000000\n"                                                        \
    "pop_odd\n"                                                                \
    "  exception 4, lr fffffff9\n"                                             \
    "  cfsr 00000001\n"                                                        \
    "  shcsr 00000001\n"                                                       \
    "  pc - target 00000000\n"                                                 \
    "  xpsr 01000000\n"                                                        \
    "bx_odd\n"                                                                 \
    "  exception 6, lr fffffff9\n"                                             \
    "  cfsr 00010000\n"                                                        \
    "  shcsr 00000008\n"                                                       \
    "  pc - target 00000000\n"                                                 \
    "  xpsr 01000000\n"                                                        \
    "bx_odd\n"                                                                 \
    "  exception 5, lr fffffff9\n"                                             \
    "  cfsr 00000100\n"                                                        \
    "  shcsr 00000002\n"                                                       \
    "  pc - target 00000000\n"                                                 \
    "  xpsr 01000000\n"

#define RETURNS                                                                \
    "return with fffffff1\n"                                                   \
    "  exception 6, lr fffffff1\n"                                             \
    "  cfsr 00040000\n"                                                        \
    "  shcsr 00000008\n"                                                       \
    "return with fffffff5\n"                                                   \
    "  exception 6, lr fffffff5\n"                                             \
    "  cfsr 00040000\n"                                                        \
    "  shcsr 00000008\n"

#define RETURNS_V7M                                                            \
    "return with fffffff0\n"                                                   \
    "  exception 6, lr fffffff0\n"                                             \
    "  cfsr 00040000\n"                                                        \
    "  shcsr 00000008\n"                                                       \
    "return with fffffff2\n"                                                   \
    "  exception 6, lr fffffff2\n"                                             \
    "  cfsr 00040000\n"                                                        \
    "  shcsr 00000008\n"                                                       \
    "return with fffffff3\n"                                                   \
    "  exception 6, lr fffffff3\n"                                             \
    "  cfsr 00040000\n"                                                        \
    "  shcsr 00000008\n"                                                       \
    "return with fffffff4\n"                                                   \
    "  exception 6, lr fffffff4\n"                                             \
    "  cfsr 00040000\n"                                                        \
    "  shcsr 00000008\n"                                                       \
    "return with fffffff6\n"                                                   \
    "  exception 6, lr fffffff6\n"                                             \
    "  cfsr 00040000\n"                                                        \
    "  shcsr 00000008\n"                                                       \
    "return with fffffff7\n"                                                   \
    "  exception 6, lr fffffff7\n"                                             \
    "  cfsr 00040000\n"                                                        \
    "  shcsr 00000008\n"                                                       \
    "return with fffffff8\n"                                                   \
    "  exception 6, lr fffffff8\n"                                             \
    "  cfsr 00040000\n"                                                        \
    "  shcsr 00000008\n"                                                       \
    "return with fffffffa\n"                                                   \
    "  exception 6, lr fffffffa\n"                                             \
    "  cfsr 00040000\n"                                                        \
    "  shcsr 00000008\n"                                                       \
    "return with fffffffb\n"                                                   \
    "  exception 6, lr fffffffb\n"                                             \
    "  cfsr 00040000\n"                                                        \
    "  shcsr 00000008\n"                                                       \
    "return with fffffffc\n"                                                   \
    "  exception 6, lr fffffffc\n"                                             \
    "  cfsr 00040000\n"                                                        \
    "  shcsr 00000008\n"                                                       \
    "return with fffffffe\n"                                                   \
    "  exception 6, lr fffffffe\n"                                             \
    "  cfsr 00040000\n"                                                        \
    "  shcsr 00000008\n"                                                       \
    "return with ffffffff\n"                                                   \
    "  exception 6, lr ffffffff\n"                                             \
    "  cfsr 00040000\n"                                                        \
    "  shcsr 00000008\n"

#define FRAMES_STACKS_VECTORS                                                  \
    "to thread mode, from a nested handler\n"                                  \
    "  exception 6, lr fffffff9\n"                                             \
    "  cfsr 00040000\n"                                                        \
    "  shcsr 00000408\n"                                                       \
    "thread mode's exception number for a handler\n"                           \
    "  exception 6, lr fffffff1\n"                                             \
    "  cfsr 00040000\n"                                                        \
    "  shcsr 00000408\n"                                                       \
    "a PC where nothing is\n"                                                  \
    "  exception 5, lr fffffff9\n"                                             \
    "  cfsr 00000100\n"                                                        \
    "  shcsr 00000002\n"                                                       \
    "  pc - target 00000000\n"                                                 \
    "  xpsr 01000000\n"                                                        \
    "a PC in memory that is not executed\n"                                    \
    "  exception 4, lr fffffff9\n"                                             \
    "  cfsr 00000001\n"                                                        \
    "  shcsr 00000001\n"                                                       \
    "  pc - target 00000000\n"                                                 \
    "  xpsr 01000000\n"                                                        \
    "a PC that looks like EXC_RETURN\n"                                        \
    "  exception 4, lr fffffff9\n"                                             \
    "  cfsr 00000001\n"                                                        \
    "  shcsr 00000001\n"                                                       \
    "  pc - target 00000000\n"                                                 \
    "  xpsr 01000000\n"                                                        \
    "IT state that no IT instruction made\n"                                   \
    "  executed 15\n"                                                          \
    "  executed 8\n"                                                           \
    "the frame is gone at the return\n"                                        \
    "  exception 5, lr fffffffd\n"                                             \
    "  cfsr 00000800\n"                                                        \
    "  shcsr 00000002\n"                                                       \
    "the frame has no place\n"                                                 \
    "  exception 5, lr fffffffd\n"                                             \
    "  cfsr 00001000\n"                                                        \
    "  shcsr 00008002\n"                                                       \
    "and its fault is less urgent than the call\n"                             \
    "  exception 5, lr fffffffd\n"                                             \
    "  cfsr 00001000\n"                                                        \
    "  shcsr 00000002\n"                                                       \
    "a vector to an even address\n"                                            \
    "  exception 6, lr fffffff1\n"                                             \
    "  cfsr 00020000\n"                                                        \
    "  shcsr 00000408\n"                                                       \
    "  pc - target 00000000\n"                                                 \
    "  xpsr 0000000e\n"                                                        \
    "a vector to nothing\n"                                                    \
    "  exception 5, lr fffffff1\n"                                             \
    "  cfsr 00000100\n"                                                        \
    "  shcsr 00000402\n"                                                       \
    "  pc - target 00000000\n"                                                 \
    "  xpsr 0100000e\n"                                                        \
    "a vector to memory that is not executed\n"                                \
    "  exception 4, lr fffffff1\n"                                             \
    "  cfsr 00000001\n"                                                        \
    "  shcsr 00000401\n"                                                       \
    "  pc - target 00000000\n"                                                 \
    "  xpsr 0100000e\n"                                                        \
    "a vector that looks like EXC_RETURN\n"                                    \
    "  exception 4, lr fffffff1\n"                                             \
    "  cfsr 00000001\n"                                                        \
    "  shcsr 00000401\n"                                                       \
    "  pc - target 00000000\n"                                                 \
    "  xpsr 0100000e\n"

#define URGENT_VECTORS_V7M                                                     \
    "and as urgent as its fault\n"                                             \
    "a vector to an even address\n"                                            \
    "  exception 3, lr fffffff1\n"                                             \
    "  cfsr 00020000\n"                                                        \
    "  hfsr 40000000\n"                                                        \
    "  shcsr 00000400\n"                                                       \
    "  pc - target 00000000\n"                                                 \
    "  xpsr 0000000e\n"                                                        \
    "a vector to nothing\n"                                                    \
    "  exception 3, lr fffffff1\n"                                             \
    "  cfsr 00000100\n"                                                        \
    "  hfsr 40000000\n"                                                        \
    "  shcsr 00000400\n"                                                       \
    "  pc - target 00000000\n"                                                 \
    "  xpsr 0100000e\n"

#define URGENT_VECTORS_V8M                                                     \
    "and as urgent as its fault\n"                                             \
    "a vector to an even address\n"                                            \
    "  exception 3, lr fffffff1\n"                                             \
    "  cfsr 00020000\n"                                                        \
    "  hfsr 40000000\n"                                                        \
    "  shcsr 00000404\n"                                                       \
    "  pc - target 00000000\n"                                                 \
    "  xpsr 0000000e\n"                                                        \
    "a vector to nothing\n"                                                    \
    "  exception 3, lr fffffff1\n"                                             \
    "  cfsr 00000100\n"                                                        \
    "  hfsr 40000000\n"                                                        \
    "  shcsr 00000404\n"                                                       \
    "  pc - target 00000000\n"                                                 \
    "  xpsr 0100000e\n"

#define REGISTERS                                                              \
    "read-only registers that changed 0\n"                                     \
    "vectactive 00000000\n"                                                    \
    "bits of an interrupt's priority ffffffff\n"                               \
    "bits of shpr2 ff000000\n"                                                 \
    "basepri of bits that are not there 00000000\n"                            \
    "primask of them 00000000\n"

#define STORMS_AND_CHANGES                                                     \
    "pendsv that pends itself 1000\n"                                          \
    "nmi that pends itself 1000\n"                                             \
    "systick without a pause 1\n"                                              \
    "wrong results of code that a handler changed 0\n"                         \
    "a loop that a handler changed 93\n"
/* clang-format on */

static void misuse_is_a_hardfault_on_armv6m(void **state)
{
    (void)state;
    cm_expect("cm_misuse", "cortex-m0", JUMPS_V6M, REGISTERS_V6M,
              STORMS_AND_CHANGES);
    cm_expect("cm_misuse", "cortex-m0plus", JUMPS_V6M, REGISTERS_V6M,
              STORMS_AND_CHANGES);
}

static void misuse_is_the_fault_that_the_manual_names(void **state)
{
    static const char *const cores[] = { "cortex-m3", "cortex-m4", "cortex-m4f",
                                         "cortex-m7" };

    (void)state;
    for (size_t i = 0; i < sizeof cores / sizeof *cores; i++)
        cm_expect("cm_misuse", cores[i], JUMPS, RETURNS, RETURNS_V7M,
                  FRAMES_STACKS_VECTORS, URGENT_VECTORS_V7M, REGISTERS,
                  STORMS_AND_CHANGES);
    cm_expect("cm_misuse", "cortex-m33", JUMPS, RETURNS, FRAMES_STACKS_VECTORS,
              URGENT_VECTORS_V8M, REGISTERS, STORMS_AND_CHANGES);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(misuse_is_a_hardfault_on_armv6m),
        cmocka_unit_test(misuse_is_the_fault_that_the_manual_names),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
