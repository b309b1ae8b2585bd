/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Bits 1:0 of stack pointers are zero whatever is written to them
 * (firmware/cm_sp.c). The text follows from the guest: an SP, or the word
 * 0x100 times its index that stands at the SP. QEMU prints the same, see
 * test_fw_cm_qemu.c.
 *
 * Sources: Armv7-M ARM (DDI 0403E.e) B1.4.1, B5.2.3.
 */
#include "cm.h"
#include "support.h"

/* clang-format off */
#define ALL                                                                    \
    "moved\n"                                                                  \
    "  area + 32\n" "  area + 32\n" "  area + 32\n" "  area + 32\n"            \
    "popped\n"                                                                 \
    "  value 00000800\n" "  value 00000800\n"                                  \
    "  value 00000800\n" "  value 00000800\n"                                  \
    "popped twice\n"                                                           \
    "  area + 40\n" "  area + 40\n" "  area + 40\n" "  area + 40\n"            \
    "at a block\n"                                                             \
    "  value 00000800\n" "  value 00000800\n"                                  \
    "  value 00000800\n" "  value 00000800\n"                                  \
    "added before\n"                                                           \
    "  area + 32\n" "  area + 32\n" "  area + 36\n" "  area + 36\n"            \
    "added four\n"                                                             \
    "  value 00000900\n" "  value 00000900\n"                                  \
    "  value 00000900\n" "  value 00000900\n"                                  \
    "added after\n"                                                            \
    "  area + 32\n" "  area + 32\n" "  area + 32\n" "  area + 32\n"            \
    "subtracted\n"                                                             \
    "  area + 32\n" "  area + 32\n" "  area + 32\n" "  area + 32\n"            \
    "by msp\n"                                                                 \
    "  area + 32\n" "  area + 32\n" "  area + 32\n" "  area + 32\n"            \
    "by msp and pop\n"                                                         \
    "  value 00000800\n" "  value 00000800\n"                                  \
    "  value 00000800\n" "  value 00000800\n"                                  \
    "by psp\n"                                                                 \
    "  area + 32\n" "  area + 32\n" "  area + 32\n" "  area + 32\n"            \
    "read as msp\n"                                                            \
    "  area + 32\n" "  area + 32\n" "  area + 32\n" "  area + 32\n"            \
    "branched\n"                                                               \
    "  area + 32\n" "  area + 32\n" "  area + 32\n" "  area + 32\n"

#define WIDE                                                                   \
    "loaded\n"                                                                 \
    "  area + 32\n" "  area + 32\n" "  area + 32\n" "  area + 32\n"            \
    "loaded and pop\n"                                                         \
    "  value 00000800\n" "  value 00000800\n"                                  \
    "  value 00000800\n" "  value 00000800\n"                                  \
    "written back\n"                                                           \
    "  area + 32\n" "  area + 32\n" "  area + 32\n" "  area + 32\n"            \
    "conditional\n"                                                            \
    "  area + 32\n" "  area + 32\n" "  area + 32\n" "  area + 32\n"            \
    "wide\n"                                                                   \
    "  value 00000040\n" "  value 00000040\n"                                  \
    "  value 00000040\n" "  value 00000040\n"
/* clang-format on */

static void bits_1_and_0_of_stack_pointers_are_zero(void **state)
{
    (void)state;
    cm_expect("cm_sp", "cortex-m0", ALL);
    cm_expect("cm_sp", "cortex-m0plus", ALL);
    cm_expect("cm_sp", "cortex-m3", ALL WIDE);
    cm_expect("cm_sp", "cortex-m4", ALL WIDE);
    cm_expect("cm_sp", "cortex-m4f", ALL WIDE);
    cm_expect("cm_sp", "cortex-m7", ALL WIDE);
    cm_expect("cm_sp", "cortex-m33", ALL WIDE);
}

/* Every instruction at the start of its own block. */
static void stack_pointers_are_the_same_in_steps(void **state)
{
    static const char *const cores[] = {"cortex-m0", "cortex-m3", "cortex-m33"};

    (void)state;
    for (size_t i = 0; i < sizeof cores / sizeof *cores; i++) {
        fwsim_machine *m = cm_machine("cm_sp", cores[i], NULL);
        fwsim_stop stop;

        do
            OK(fwsim_step(m, &stop));
        while (stop.reason == FWSIM_STOP_LIMIT);
        cm_assert_text(cores[i], cm_output(m), i ? ALL WIDE : ALL);
        fwsim_free(m);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bits_1_and_0_of_stack_pointers_are_zero),
        cmocka_unit_test(stack_pointers_are_the_same_in_steps),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
