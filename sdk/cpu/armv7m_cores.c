/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The cores of the M profile, and what each is.
 *
 * CPUID: the values of the parts in the field that QEMU shows as well. The
 * other registers: Technical Reference Manuals of the Cortex-M3 (DDI 0337E),
 * M4 (DDI 0439B), M7 (DDI 0489F, with caches of 16 KiB) and M33 (100230).
 */
#include "cpu/armv7m.h"

#include <string.h>

/* clang-format off */
static const armv7m_id m3_id = {
    .features = {
        0x00000030, 0x00000200, 0x00100000, 0, /* PFR0, PFR1, DFR0, AFR0 */
        0x00000030, 0, 0, 0,                   /* MMFR0 to MMFR3 */
        0x01141110, 0x02111000, 0x21112231, 0x01111110, 0x01310102,
    },
};

static const armv7m_id m4_id = {
    .features = {
        0x00000030, 0x00000200, 0x00100000, 0,
        0x00100030, 0, 0x01000000, 0,
        0x01101110, 0x02112000, 0x21232231, 0x01111131, 0x01310132,
    },
    .fp = { 0x10110021, 0x11000011, 0 },
};

static const armv7m_id m7_id = {
    .features = {
        0x00000030, 0x00000200, 0x00100000, 0,
        0x00100030, 0, 0x01000000, 0,
        0x01101110, 0x02112000, 0x20232231, 0x01111131, 0x01310132, 0,
        0x09000003, 0x8303c003,                /* CLIDR, CTR */
    },
    .fp = { 0x10110221, 0x12000011, 0x00000040 },
    .caches = { 0xf00fe019, 0xf01fe009 },
};

static const armv7m_id m33_id = {
    .features = {
        0x00000030, 0x00000210, 0x00200000, 0,
        0x00101f40, 0, 0x01000000, 0,
        0x01101110, 0x02212000, 0x20232232, 0x01111131, 0x01310132, 0,
        0, 0x8000c000,
    },
    .fp = { 0x10110021, 0x11000011, 0x00000040 },
};

static const armv7m_core cores[] = {
    { "cortex-m0", FWSIM__ENGINE_CORTEX_M0, 0x410cc200,
      .v6m = true },
    { "cortex-m0plus", FWSIM__ENGINE_CORTEX_M0, 0x410cc601,
      .v6m = true, .vtor = true },
    { "cortex-m3", FWSIM__ENGINE_CORTEX_M3, 0x410fc231,
      .vtor = true, .bitband = true, .mpu_regions = 8,
      .actlr = 0x00000007, .id = &m3_id },
    { "cortex-m4", FWSIM__ENGINE_CORTEX_M4, 0x410fc240,
      .vtor = true, .bitband = true, .dsp = true, .mpu_regions = 8,
      .actlr = 0x00000007, .id = &m4_id },
    { "cortex-m4f", FWSIM__ENGINE_CORTEX_M4, 0x410fc240,
      .vtor = true, .bitband = true, .dsp = true, .fpu = true,
      .mpu_regions = 8, .actlr = 0x00000307, .id = &m4_id },
    { "cortex-m7", FWSIM__ENGINE_CORTEX_M7, 0x411fc272,
      .vtor = true, .dsp = true, .fpu = true, .dwt_lock = true,
      .mpu_regions = 8, .actlr = 0x1ffffc04, .id = &m7_id },
    { "cortex-m33", FWSIM__ENGINE_CORTEX_M33, 0x410fd213,
      .vtor = true, .dsp = true, .fpu = true, .v8m = true,
      .mpu_regions = 16, .actlr = 0x20001605, .id = &m33_id },
};
/* clang-format on */

const armv7m_core *armv7m_core_find(const char *name)
{
    for (size_t i = 0; i < sizeof cores / sizeof *cores; i++)
        if (strcmp(cores[i].name, name) == 0)
            return &cores[i];
    return NULL;
}
