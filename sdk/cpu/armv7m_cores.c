/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The cores of the M profile, and what each is.
 *
 * CPUID: the values of the parts in the field that QEMU shows as well.
 */
#include "cpu/armv7m.h"

#include <string.h>

/* clang-format off */
static const armv7m_core cores[] = {
    { "cortex-m0", FWSIM__ENGINE_CORTEX_M0, 0x410cc200,
      .v6m = true },
    { "cortex-m0plus", FWSIM__ENGINE_CORTEX_M0, 0x410cc601,
      .v6m = true, .vtor = true },
    { "cortex-m3", FWSIM__ENGINE_CORTEX_M3, 0x410fc231,
      .vtor = true, .bitband = true, .mpu_regions = 8 },
    { "cortex-m4", FWSIM__ENGINE_CORTEX_M4, 0x410fc240,
      .vtor = true, .bitband = true, .dsp = true, .mpu_regions = 8 },
    { "cortex-m4f", FWSIM__ENGINE_CORTEX_M4, 0x410fc240,
      .vtor = true, .bitband = true, .dsp = true, .fpu = true,
      .mpu_regions = 8 },
    { "cortex-m7", FWSIM__ENGINE_CORTEX_M7, 0x411fc272,
      .vtor = true, .dsp = true, .fpu = true, .dwt_lock = true,
      .mpu_regions = 8 },
    { "cortex-m33", FWSIM__ENGINE_CORTEX_M33, 0x410fd213,
      .vtor = true, .dsp = true, .fpu = true, .v8m = true,
      .mpu_regions = 16 },
};
/* clang-format on */

const armv7m_core *armv7m_core_find(const char *name)
{
    for (size_t i = 0; i < sizeof cores / sizeof *cores; i++)
        if (strcmp(cores[i].name, name) == 0)
            return &cores[i];
    return NULL;
}
