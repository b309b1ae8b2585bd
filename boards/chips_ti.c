/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Texas Instruments CC: chips without models, for firmware whose
 * peripherals are inferred.
 *
 * The ROM, at 0, starts what the customer configuration area at the end of
 * flash names; here it is the start of flash, or what --vectors says.
 *
 * Sources:
 *   cc2538           TI SWRU319, chapters 3 and 8
 */
#include "boards.h"

#define KB 1024u

/* clang-format off */
static const fwsim_memory cc2538_memory[] = {
    { "flash", 0x00200000,  512 * KB, FWSIM_MEM_FLASH },
    { "ram",   0x20000000,   32 * KB, FWSIM_MEM_RAM },
    { 0 }
};

static const fwsim_region cc2538_regions[] = {
    { "peripherals", 0x40000000, 0x00100000, FWSIM_POLICY_WARN },
    { "rom",         0x00000000, 0x00020000, FWSIM_POLICY_WARN },
    { 0 }
};

/* clang-format on */

const fwsim_soc soc_cc2538 = {
    .name = "cc2538",
    .summary = "TI SWRU319, chapters 3 and 8",
    .cpu = "cortex-m3",
    .clock_hz = 32000000,
    .irq_lines = 148,
    .prio_bits = 3,
    .boot_addr = 0x00200000,
    .memory = cc2538_memory,
    .regions = cc2538_regions,
};

const fwsim_board board_cc2538 = {
    .name = "cc2538",
    .summary = "CC2538SF53: Cortex-M3, 512 KiB flash, 32 KiB RAM",
    .soc = &soc_cc2538,
};
