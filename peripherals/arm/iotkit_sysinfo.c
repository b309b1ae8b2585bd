/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * IoTKit system information block: what the subsystem is.
 *
 * Source: Arm ECM0601256 (IoTKit), System Information Register Block.
 * Modelled: all of it.
 */
#include "fwsim_periph.h"
#include "cmsdk_id.h"

/* clang-format off */
static const fwsim_reg sysinfo_regs[] = {
    { "SYS_VERSION", 0x0, .reset = 0x00041743 },
    { "SYS_CONFIG",  0x4, .reset = 0x00000031 }, /* one bank of SRAM of 32 KB */
    CMSDK_ID_ROWS(0x58, 0x0b),
    FWSIM_REG_END
};
/* clang-format on */

const fwsim_periph_type iotkit_sysinfo = {
    .name = "iotkit_sysinfo",
    .summary = "IoTKit system information",
    .source = "Arm ECM0601256, System Information Register Block",
    .size = 0x1000,
    .regs = sysinfo_regs,
};
