/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Microchip (Atmel) SAM: chips without models, for firmware whose
 * peripherals are inferred.
 *
 * The clock is the highest one. Boot memory is the flash (GPNVM1), at 0 as
 * well. The region nvm_rows has user row, calibration and serial number.
 *
 * Sources:
 *   sam3x8e          Microchip 11057, chapters 7 and 9
 *   sam4e16e         Microchip 11157, chapters 7 and 11
 *   samr21g18a       Microchip 42223, chapters 9 to 11
 */
#include "boards.h"

#define KB 1024u

/* clang-format off */
static const fwsim_memory sam3x8e_memory[] = {
    { "flash",        0x00080000,  512 * KB, FWSIM_MEM_FLASH },
    { "boot",         0x00000000,  512 * KB, FWSIM_MEM_FLASH, .alias_of = "flash" },
    { "sram0",        0x20000000,   64 * KB, FWSIM_MEM_RAM },
    { "sram0_mirror", 0x20070000,   64 * KB, FWSIM_MEM_RAM, .alias_of = "sram0" },
    { "sram1",        0x20080000,   32 * KB, FWSIM_MEM_RAM },
    { 0 }
};

static const fwsim_region sam3x8e_regions[] = {
    { "peripherals", 0x40000000, 0x00100000, FWSIM_POLICY_WARN },
    { "rom",         0x00100000, 0x00010000, FWSIM_POLICY_WARN },
    { 0 }
};

static const fwsim_memory sam4e16e_memory[] = {
    { "flash", 0x00400000, 1024 * KB, FWSIM_MEM_FLASH },
    { "boot",  0x00000000, 1024 * KB, FWSIM_MEM_FLASH, .alias_of = "flash" },
    { "ram",   0x20000000,  128 * KB, FWSIM_MEM_RAM },
    { 0 }
};

static const fwsim_region sam4e16e_regions[] = {
    { "peripherals", 0x40000000, 0x00500000, FWSIM_POLICY_WARN },
    { "rom",         0x00800000, 0x00010000, FWSIM_POLICY_WARN },
    { 0 }
};

static const fwsim_memory samr21g18a_memory[] = {
    { "flash", 0x00000000,  256 * KB, FWSIM_MEM_FLASH },
    { "ram",   0x20000000,   32 * KB, FWSIM_MEM_RAM },
    { 0 }
};

static const fwsim_region samr21g18a_regions[] = {
    { "peripherals", 0x40000000, 0x02006000, FWSIM_POLICY_WARN },
    { "iobus",       0x60000000, 0x00000400, FWSIM_POLICY_WARN },
    { "nvm_rows",    0x00800000, 0x00010000, FWSIM_POLICY_WARN },
    { 0 }
};

/* clang-format on */

const fwsim_soc soc_sam3x8e = {
    .name = "sam3x8e",
    .summary = "Microchip 11057, chapters 7 and 9",
    .cpu = "cortex-m3",
    .clock_hz = 84000000,
    .irq_lines = 45,
    .prio_bits = 4,
    .systick_hz = 10500000,
    .boot_addr = 0x00080000,
    .memory = sam3x8e_memory,
    .regions = sam3x8e_regions,
};

const fwsim_board board_sam3x8e = {
    .name = "sam3x8e",
    .summary = "ATSAM3X8E: Cortex-M3, 512 KiB flash, 96 KiB RAM",
    .soc = &soc_sam3x8e,
};

const fwsim_soc soc_sam4e16e = {
    .name = "sam4e16e",
    .summary = "Microchip 11157, chapters 7 and 11",
    .cpu = "cortex-m4f",
    .clock_hz = 120000000,
    .irq_lines = 47,
    .prio_bits = 4,
    .systick_hz = 15000000,
    .boot_addr = 0x00400000,
    .memory = sam4e16e_memory,
    .regions = sam4e16e_regions,
};

const fwsim_board board_sam4e16e = {
    .name = "sam4e16e",
    .summary = "ATSAM4E16E: Cortex-M4F, 1 MiB flash, 128 KiB RAM",
    .soc = &soc_sam4e16e,
};

const fwsim_soc soc_samr21g18a = {
    .name = "samr21g18a",
    .summary = "Microchip 42223, chapters 9 to 11",
    .cpu = "cortex-m0plus",
    .clock_hz = 48000000,
    .irq_lines = 28,
    .prio_bits = 2,
    .boot_addr = 0x00000000,
    .memory = samr21g18a_memory,
    .regions = samr21g18a_regions,
};

const fwsim_board board_samr21g18a = {
    .name = "samr21g18a",
    .summary = "ATSAMR21G18A: Cortex-M0+, 256 KiB flash, 32 KiB RAM",
    .soc = &soc_samr21g18a,
};
