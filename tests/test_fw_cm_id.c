/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a core says of itself (firmware/cm_id.c), and who may use STIR.
 *
 * Sources: Technical Reference Manuals of the Cortex-M3 (DDI 0337E 3.2), M4
 * (DDI 0439B 4.2), M7 (DDI 0489F 3.2) and M33 (100230 B2); Armv7-M ARM (DDI
 * 0403E.e) B3.2.8, B3.2.26. All but the caches, ACTLR and the M4's features is
 * as QEMU 7.2 has it: test_fw_cm_qemu.c.
 */
#include "cm.h"
#include "support.h"

/* clang-format off */
#define SOFTWARE_INTERRUPTS                                                    \
    "stir 19\n"                                                                \
    "stir of a user:\n"                                                        \
    "  fault 00008200\n"                                                       \
    "  at e000ef00\n"                                                          \
    "  taken 0\n"                                                              \
    "stir allowed:\n"                                                          \
    "  taken 20\n"                                                             \
    "cfsr is not:\n"                                                           \
    "  fault 00008200\n"                                                       \
    "  at e000ed28\n"                                                          \
    "  taken 0\n"                                                              \
    "nor is vtor:\n"                                                           \
    "  fault 00008200\n"                                                       \
    "  at e000ed08\n"                                                          \
    "  taken 0\n"                                                              \
    "not any more:\n"                                                          \
    "  fault 00008200\n"                                                       \
    "  at e000ef00\n"                                                          \
    "  taken 0\n"
/* clang-format on */

static void features_are_those_of_cortex_m3(void **state)
{
    (void)state;
    cm_expect("cm_id", "cortex-m3",
              "cpuid 410fc231\n"
              "id_pfr0 00000030\n"
              "id_pfr1 00000200\n"
              "id_dfr0 00100000\n"
              "id_afr0 00000000\n"
              "id_mmfr0 00000030\n"
              "id_mmfr1 00000000\n"
              "id_mmfr2 00000000\n"
              "id_mmfr3 00000000\n"
              "id_isar0 01141110\n"
              "id_isar1 02111000\n"
              "id_isar2 21112231\n"
              "id_isar3 01111110\n"
              "id_isar4 01310102\n"
              "id_isar5 00000000\n"
              "clidr 00000000\n"
              "ctr 00000000\n"
              "ccsidr data 00000000\n"
              "ccsidr code 00000000\n"
              "mvfr0 00000000\n"
              "mvfr1 00000000\n"
              "mvfr2 00000000\n"
              "actlr 00000007\n"
              "fpccr 00000000\n"
              "fpdscr 00000000\n"
              "fpcar 00000000\n"
              "shcsr 00070000\n"
              "ccr caches 00000000\n",
              SOFTWARE_INTERRUPTS);
}

static void features_are_those_of_cortex_m4f(void **state)
{
    (void)state;
    cm_expect("cm_id", "cortex-m4f",
              "cpuid 410fc240\n"
              "id_pfr0 00000030\n"
              "id_pfr1 00000200\n"
              "id_dfr0 00100000\n"
              "id_afr0 00000000\n"
              "id_mmfr0 00100030\n"
              "id_mmfr1 00000000\n"
              "id_mmfr2 01000000\n"
              "id_mmfr3 00000000\n"
              "id_isar0 01101110\n"
              "id_isar1 02112000\n"
              "id_isar2 21232231\n"
              "id_isar3 01111131\n"
              "id_isar4 01310132\n"
              "id_isar5 00000000\n"
              "clidr 00000000\n"
              "ctr 00000000\n"
              "ccsidr data 00000000\n"
              "ccsidr code 00000000\n"
              "mvfr0 10110021\n"
              "mvfr1 11000011\n"
              "mvfr2 00000000\n"
              "actlr 00000307\n"
              "fpccr c0000000\n"
              "fpdscr 07c00000\n"
              "fpcar fffffff8\n"
              "shcsr 00070000\n"
              "ccr caches 00000000\n",
              SOFTWARE_INTERRUPTS);
}

static void features_are_those_of_cortex_m7_which_has_caches(void **state)
{
    (void)state;
    cm_expect("cm_id", "cortex-m7",
              "cpuid 411fc272\n"
              "id_pfr0 00000030\n"
              "id_pfr1 00000200\n"
              "id_dfr0 00100000\n"
              "id_afr0 00000000\n"
              "id_mmfr0 00100030\n"
              "id_mmfr1 00000000\n"
              "id_mmfr2 01000000\n"
              "id_mmfr3 00000000\n"
              "id_isar0 01101110\n"
              "id_isar1 02112000\n"
              "id_isar2 20232231\n"
              "id_isar3 01111131\n"
              "id_isar4 01310132\n"
              "id_isar5 00000000\n"
              "clidr 09000003\n"
              "ctr 8303c003\n"
              "ccsidr data f00fe019\n"
              "ccsidr code f01fe009\n"
              "mvfr0 10110221\n"
              "mvfr1 12000011\n"
              "mvfr2 00000040\n"
              "actlr 1ffffc04\n"
              "fpccr c0000000\n"
              "fpdscr 07c00000\n"
              "fpcar fffffff8\n"
              "shcsr 00070000\n"
              "ccr caches 00030000\n",
              SOFTWARE_INTERRUPTS);
}

static void features_are_those_of_cortex_m33(void **state)
{
    (void)state;
    cm_expect("cm_id", "cortex-m33",
              "cpuid 410fd213\n"
              "id_pfr0 00000030\n"
              "id_pfr1 00000210\n"
              "id_dfr0 00200000\n"
              "id_afr0 00000000\n"
              "id_mmfr0 00101f40\n"
              "id_mmfr1 00000000\n"
              "id_mmfr2 01000000\n"
              "id_mmfr3 00000000\n"
              "id_isar0 01101110\n"
              "id_isar1 02212000\n"
              "id_isar2 20232232\n"
              "id_isar3 01111131\n"
              "id_isar4 01310132\n"
              "id_isar5 00000000\n"
              "clidr 00000000\n"
              "ctr 8000c000\n"
              "ccsidr data 00000000\n"
              "ccsidr code 00000000\n"
              "mvfr0 10110021\n"
              "mvfr1 11000011\n"
              "mvfr2 00000040\n"
              "actlr 20001605\n"
              "fpccr c0000004\n"
              "fpdscr 07c00000\n"
              "fpcar fffffff8\n"
              "shcsr 000f0000\n"
              "ccr caches 00000000\n",
              SOFTWARE_INTERRUPTS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(features_are_those_of_cortex_m3),
        cmocka_unit_test(features_are_those_of_cortex_m4f),
        cmocka_unit_test(features_are_those_of_cortex_m7_which_has_caches),
        cmocka_unit_test(features_are_those_of_cortex_m33),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
