/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The system control space (firmware/cm_sys.c): reset values, implemented bits,
 * VTOR, exclusive accesses across exceptions, bit-banding.
 *
 * Sources: Armv7-M ARM (DDI 0403E.e) B3.2 to B3.4, A3.4, A3.7; Armv6-M ARM
 * (DDI 0419E) B3.2 to B3.4; CPUID of the parts in the field.
 */
#include "cm.h"
#include "support.h"

/* clang-format off */
#define V6M_REGISTERS                                                          \
    "icsr 00000000\n"                                                          \
    "aircr fa050000\n"                                                         \
    "scr 00000000\n"                                                           \
    "ccr 00000208\n"                                                           \
    "scr 00000016\n"                                                           \
    "shpr2 c0000000\n"                                                         \
    "shpr3 c0c00000\n"                                                         \
    "syst_csr 00000006\n"                                                      \
    "syst_rvr 00123456\n"                                                      \
    "ipr0 c0c0c0c0\n"                                                          \
    "iser0 ffffffff\n"                                                         \
    "iser0 ffff0000\n"                                                         \
    "exception 0000000e\n"                                                     \
    "exception 0000000f\n"                                                     \
    "exception 00000002\n"

#define V6M_VTOR                                                               \
    "vtor is back 1\n"                                                         \
    "from the moved table\n"                                                   \
    "irq\n"                                                                    \
    "irq\n"

#define V7M_RESET                                                              \
    "icsr 00000800\n"                                                          \
    "aircr fa050000\n"                                                         \
    "scr 00000000\n"

#define V7M_REGISTERS(mpu_type)                                                \
    "scr 00000016\n"                                                           \
    "shpr2 ff000000\n"                                                         \
    "shpr3 ffff00ff\n"                                                         \
    "syst_csr 00000006\n"                                                      \
    "syst_rvr 00123456\n"                                                      \
    "ipr0 ffffffff\n"                                                          \
    "iser0 ffffffff\n"                                                         \
    "iser0 ffff0000\n"                                                         \
    "mpu_type " mpu_type "\n"                                                  \
    "shcsr 00070000\n"

#define V7M_REST                                                               \
    "shpr2 by bytes 40000000\n"                                                \
    "  byte 00000040\n"                                                        \
    "ipr1 by bytes 00006000\n"                                                 \
    "exception 0000000e\n"                                                     \
    "exception 0000000f\n"                                                     \
    "exception 00000002\n"                                                     \
    "vtor is back 1\n"                                                         \
    "from the moved table\n"                                                   \
    "irq\n"                                                                    \
    "irq\n"                                                                    \
    "strex failed 0\n"                                                         \
    "again 1\n"                                                                \
    "after clrex 1\n"                                                          \
    "exception 0000000b\n"                                                     \
    "after an exception 1\n"                                                   \
    "exception 0000000e\n"                                                     \
    "after pendsv 1\n"                                                         \
    "word 1\n"

#define BITBAND                                                                \
    "bits set 80000201\n"                                                      \
    "bit cleared 00000201\n"                                                   \
    "bit 9 1\n"                                                                \
    "bit 10 0\n"                                                               \
    "by a byte 00100201\n"                                                     \
    "  read 1\n"
/* clang-format on */

static void registers_are_those_of_armv6m(void **state)
{
    (void)state;
    cm_expect("cm_sys", "cortex-m0", "cpuid 410cc200\n" V6M_REGISTERS);
    cm_expect("cm_sys", "cortex-m0plus", "cpuid 410cc601\n" V6M_REGISTERS,
              V6M_VTOR);
}

static void registers_exclusives_and_bitband_are_those_of_armv7m(void **state)
{
    (void)state;
    cm_expect("cm_sys", "cortex-m3",
              "cpuid 410fc231\n" V7M_RESET "ccr 00000200\n"
              V7M_REGISTERS("00000800") "shpr1 00ffffff\n"
              "ccr 0000031b\n" V7M_REST,
              BITBAND);
    cm_expect("cm_sys", "cortex-m4",
              "cpuid 410fc240\n" V7M_RESET "ccr 00000200\n"
              V7M_REGISTERS("00000800") "shpr1 00ffffff\n"
              "ccr 0000031b\n" V7M_REST,
              BITBAND);
    cm_expect("cm_sys", "cortex-m4f",
              "cpuid 410fc240\n" V7M_RESET "ccr 00000200\n"
              V7M_REGISTERS("00000800") "shpr1 00ffffff\n"
              "ccr 0000031b\n" V7M_REST,
              BITBAND);
}

static void without_bitband_on_m7_and_m33(void **state)
{
    (void)state;
    cm_expect("cm_sys", "cortex-m7",
              "cpuid 411fc272\n" V7M_RESET "ccr 00040200\n"
              V7M_REGISTERS("00000800") "shpr1 00ffffff\n"
              "ccr 0004031b\n" V7M_REST);
    cm_expect("cm_sys", "cortex-m33",
              "cpuid 410fd213\n" V7M_RESET "ccr 00000201\n"
              V7M_REGISTERS("00001000") "shpr1 ffffffff\n"
              "ccr 0000031b\n" V7M_REST);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(registers_are_those_of_armv6m),
        cmocka_unit_test(registers_exclusives_and_bitband_are_those_of_armv7m),
        cmocka_unit_test(without_bitband_on_m7_and_m33),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
