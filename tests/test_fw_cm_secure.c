/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A Cortex-M33 that stays in Secure state (firmware/cm_secure.c), and the ways
 * out of it, which are refused by name. Bits 31:23 of TT are left out. There is
 * no IDAU: where it matters the lines differ from QEMU's, see test_fw_cm_qemu.c.
 *
 * Source: Armv8-M ARM (DDI 0553B.y) B8, B9, C2.4, D1.2.
 */
#include <string.h>

#include "cm.h"
#include "support.h"

/* clang-format off */
#define REGION(n)                                                              \
    "region " n "\n"                                                           \
    "  rbar ffffffe0\n"                                                        \
    "  rlar ffffffe2\n"

#define REGISTERS                                                              \
    "sau_type 00000008\n"                                                      \
    "sau_ctrl 00000000\n"                                                      \
    REGION("0") REGION("1") REGION("2") REGION("3")                            \
    REGION("4") REGION("5") REGION("6") REGION("7")                            \
    "sfsr 00000000\n"                                                          \
    "itns 00000006\n"

#define TARGETS                                                                \
    "no mpu\n"                                                                 \
    "  tt 004c0000\n"                                                          \
    "  ttt 004c0000\n"                                                         \
    "in a region\n"                                                            \
    "  tt 00450005\n"                                                          \
    "  ttt 00450005\n"                                                         \
    "behind it\n"                                                              \
    "  tt 004c0000\n"                                                          \
    "  ttt 00400000\n"                                                         \
    "in two\n"                                                                 \
    "  tt 00400000\n"                                                          \
    "  ttt 00400000\n"                                                         \
    "privileged\n"                                                             \
    "  tt 004d0006\n"                                                          \
    "  ttt 00410006\n"                                                         \
    "the other state\n"                                                        \
    "  tta 004c0000\n"                                                         \
    "  ttat 004c0000\n"                                                        \
    "gate 00000007\n"                                                          \
    "a branch to non-secure code\n"                                            \
    "  transition: exception 3\n"                                              \
    "  transition: sfsr 00000010\n"                                            \
    "  transition: hfsr 40000000\n"                                            \
    "  transition: exception 7\n"                                              \
    "  transition: sfsr 00000010\n"                                            \
    "  transition: hfsr 00000000\n"                                            \
    "behind the region\n"                                                      \
    "non-secure tt 003e0000\n"                                                 \
    "behind it 004c0000\n"                                                     \
    "callable 004e0000\n"                                                      \
    "sau off 004c0000\n"
/* clang-format on */

static void secure_code_sees_its_own_state(void **state)
{
    (void)state;
    cm_expect("cm_secure", "cortex-m33", REGISTERS, TARGETS);
}

/* Run a few halfwords in RAM. */
static void run_code(fwsim_machine *m, const uint16_t *code, size_t bytes,
                     fwsim_stop *stop)
{
    OK(fwsim_mem_write(m, 0x38000000, code, bytes));
    OK(fwsim_cpu_write(m, "pc", 0x38000000));
    OK(fwsim_run(m, &(fwsim_limit){.instructions = 1000}, stop));
}

static void branches_to_nonsecure_state_are_refused_by_name(void **state)
{
    static const uint16_t branches[] = {0x4704 /* BXNS r0 */,
                                        0x4784 /* BLXNS r0 */};

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        const uint16_t code[] = {0xbf00, branches[i]};
        fwsim_machine *m = new_machine(cm_board("cortex-m33"), NULL);
        fwsim_stop stop;

        OK(fwsim_cpu_write(m, "r0", 0x38001000));
        run_code(m, code, sizeof code, &stop);
        assert_int_equal(stop.reason, FWSIM_STOP_UNSUPPORTED);
        assert_non_null(strstr(stop.text, "BXNS"));
        assert_int_equal(stop.pc, 0x38000002);
        fwsim_free(m);
    }
}

static void interrupts_of_nonsecure_state_are_refused_by_name(void **state)
{
    static const uint16_t code[] = {0x6001 /* STR r1, [r0] */, 0x6019,
                                    0x6011 /* STR r1, [r2] */, 0xe7fe};
    fwsim_machine *m = new_machine(cm_board("cortex-m33"), NULL);
    fwsim_stop stop;

    (void)state;
    OK(fwsim_cpu_write(m, "r0", 0xe000e100)); /* NVIC_ISER0 */
    OK(fwsim_cpu_write(m, "r1", 2));
    OK(fwsim_cpu_write(m, "r3", 0xe000e380)); /* NVIC_ITNS0 */
    OK(fwsim_cpu_write(m, "r2", 0xe000e200)); /* NVIC_ISPR0 */
    run_code(m, code, sizeof code, &stop);
    assert_int_equal(stop.reason, FWSIM_STOP_UNSUPPORTED);
    assert_non_null(strstr(stop.text, "NVIC_ITNS"));
    fwsim_free(m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(secure_code_sees_its_own_state),
        cmocka_unit_test(branches_to_nonsecure_state_are_refused_by_name),
        cmocka_unit_test(interrupts_of_nonsecure_state_are_refused_by_name),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
