/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Nuvoton NUC: chips without models, for firmware whose
 * peripherals are inferred.
 *
 * The clock is the highest one. Loader ROM and user configuration are a
 * region.
 *
 * Sources:
 *   nuc123           NUC123 Technical Reference Manual, chapter 6
 */
#include "boards.h"

#define KB 1024u

/* clang-format off */
static const fwsim_memory nuc123_memory[] = {
    { "flash", 0x00000000,   68 * KB, FWSIM_MEM_FLASH },
    { "ram",   0x20000000,   20 * KB, FWSIM_MEM_RAM },
    { 0 }
};

static const fwsim_region nuc123_regions[] = {
    { "apb",          0x40000000, 0x00200000, FWSIM_POLICY_WARN },
    { "ahb",          0x50000000, 0x00010000, FWSIM_POLICY_WARN },
    { "ldrom_config", 0x00100000, 0x00300000, FWSIM_POLICY_WARN },
    { 0 }
};

/* clang-format on */

const fwsim_soc soc_nuc123 = {
    .name = "nuc123",
    .summary = "NUC123 Technical Reference Manual, chapter 6",
    .cpu = "cortex-m0",
    .clock_hz = 72000000,
    .irq_lines = 32,
    .prio_bits = 2,
    .boot_addr = 0x00000000,
    .memory = nuc123_memory,
    .regions = nuc123_regions,
};

const fwsim_board board_nuc123 = {
    .name = "nuc123",
    .summary = "NUC123: Cortex-M0, 68 KiB flash, 20 KiB RAM",
    .soc = &soc_nuc123,
};
