/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Silicon Labs EFM32: chips without models, for firmware whose
 * peripherals are inferred.
 *
 * The clock is the highest one. The region info has user data, lock bits and
 * device information.
 *
 * Sources:
 *   efm32gg990f1024  EFM32GG Reference Manual, chapter 5
 *   efm32lg990f256   EFM32LG Reference Manual, chapter 5
 */
#include "boards.h"

#define KB 1024u

/* clang-format off */
static const fwsim_memory efm32gg990f1024_memory[] = {
    { "flash",    0x00000000, 1024 * KB, FWSIM_MEM_FLASH },
    { "ram",      0x20000000,  128 * KB, FWSIM_MEM_RAM },
    { "ram_code", 0x10000000,  128 * KB, FWSIM_MEM_RAM, .alias_of = "ram" },
    { 0 }
};

static const fwsim_region efm32_regions[] = {
    { "peripherals", 0x40000000, 0x00140000, FWSIM_POLICY_WARN },
    { "info",        0x0fe00000, 0x00009000, FWSIM_POLICY_WARN },
    { 0 }
};

static const fwsim_memory efm32lg990f256_memory[] = {
    { "flash",    0x00000000,  256 * KB, FWSIM_MEM_FLASH },
    { "ram",      0x20000000,   32 * KB, FWSIM_MEM_RAM },
    { "ram_code", 0x10000000,   32 * KB, FWSIM_MEM_RAM, .alias_of = "ram" },
    { 0 }
};

/* clang-format on */

const fwsim_soc soc_efm32gg990f1024 = {
    .name = "efm32gg990f1024",
    .summary = "EFM32GG Reference Manual, chapter 5",
    .cpu = "cortex-m3",
    .clock_hz = 48000000,
    .irq_lines = 39,
    .prio_bits = 3,
    .boot_addr = 0x00000000,
    .memory = efm32gg990f1024_memory,
    .regions = efm32_regions,
};

const fwsim_board board_efm32gg990f1024 = {
    .name = "efm32gg990f1024",
    .summary = "EFM32GG990F1024: Cortex-M3, 1 MiB flash, 128 KiB RAM",
    .soc = &soc_efm32gg990f1024,
};

const fwsim_soc soc_efm32lg990f256 = {
    .name = "efm32lg990f256",
    .summary = "EFM32LG Reference Manual, chapter 5",
    .cpu = "cortex-m3",
    .clock_hz = 48000000,
    .irq_lines = 39,
    .prio_bits = 3,
    .boot_addr = 0x00000000,
    .memory = efm32lg990f256_memory,
    .regions = efm32_regions,
};

const fwsim_board board_efm32lg990f256 = {
    .name = "efm32lg990f256",
    .summary = "EFM32LG990F256: Cortex-M3, 256 KiB flash, 32 KiB RAM",
    .soc = &soc_efm32lg990f256,
};
