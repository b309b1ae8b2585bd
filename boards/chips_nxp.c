/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * NXP LPC and Kinetis: chips without models, for firmware whose
 * peripherals are inferred.
 *
 * The clock is the highest one. The EEPROM of LPC1549 is a region: nobody
 * models its controller.
 *
 * Sources:
 *   lpc1549          NXP UM10736, chapter 2
 *   lpc1768          NXP UM10360, chapter 2
 *   mk64fn1m0        NXP K64P144M120SF5RM, chapters 3 and 4
 */
#include "boards.h"

#define KB 1024u

/* clang-format off */
static const fwsim_memory lpc1549_memory[] = {
    { "flash", 0x00000000,  256 * KB, FWSIM_MEM_FLASH },
    { "ram",   0x02000000,   36 * KB, FWSIM_MEM_RAM },
    { 0 }
};

static const fwsim_region lpc1549_regions[] = {
    { "apb",    0x40000000, 0x00100000, FWSIM_POLICY_WARN },
    { "ahb",    0x1c000000, 0x00028000, FWSIM_POLICY_WARN },
    { "rom",    0x03000000, 0x00008000, FWSIM_POLICY_WARN },
    { "eeprom", 0x03200000, 0x00001000, FWSIM_POLICY_WARN },
    { 0 }
};

static const fwsim_memory lpc1768_memory[] = {
    { "flash",   0x00000000,  512 * KB, FWSIM_MEM_FLASH },
    { "ram",     0x10000000,   32 * KB, FWSIM_MEM_RAM },
    { "ahb_ram", 0x2007c000,   32 * KB, FWSIM_MEM_RAM },
    { 0 }
};

static const fwsim_region lpc1768_regions[] = {
    { "apb",  0x40000000, 0x00100000, FWSIM_POLICY_WARN },
    { "ahb",  0x50000000, 0x00200000, FWSIM_POLICY_WARN },
    { "gpio", 0x2009c000, 0x00004000, FWSIM_POLICY_WARN },
    { "rom",  0x1fff0000, 0x00002000, FWSIM_POLICY_WARN },
    { 0 }
};

static const fwsim_memory mk64fn1m0_memory[] = {
    { "flash", 0x00000000, 1024 * KB, FWSIM_MEM_FLASH },
    { "ram",   0x1fff0000,  256 * KB, FWSIM_MEM_RAM },
    { 0 }
};

static const fwsim_region mk64fn1m0_regions[] = {
    { "peripherals", 0x40000000, 0x00100000, FWSIM_POLICY_WARN },
    { 0 }
};

/* clang-format on */

const fwsim_soc soc_lpc1549 = {
    .name = "lpc1549",
    .summary = "NXP UM10736, chapter 2",
    .cpu = "cortex-m3",
    .clock_hz = 72000000,
    .irq_lines = 47,
    .prio_bits = 3,
    .boot_addr = 0x00000000,
    .memory = lpc1549_memory,
    .regions = lpc1549_regions,
};

const fwsim_board board_lpc1549 = {
    .name = "lpc1549",
    .summary = "LPC1549: Cortex-M3, 256 KiB flash, 36 KiB RAM",
    .soc = &soc_lpc1549,
};

const fwsim_soc soc_lpc1768 = {
    .name = "lpc1768",
    .summary = "NXP UM10360, chapter 2",
    .cpu = "cortex-m3",
    .clock_hz = 100000000,
    .irq_lines = 35,
    .prio_bits = 5,
    .boot_addr = 0x00000000,
    .memory = lpc1768_memory,
    .regions = lpc1768_regions,
};

const fwsim_board board_lpc1768 = {
    .name = "lpc1768",
    .summary = "LPC1768: Cortex-M3, 512 KiB flash, 64 KiB RAM",
    .soc = &soc_lpc1768,
};

const fwsim_soc soc_mk64fn1m0 = {
    .name = "mk64fn1m0",
    .summary = "NXP K64P144M120SF5RM, chapters 3 and 4",
    .cpu = "cortex-m4f",
    .clock_hz = 120000000,
    .irq_lines = 86,
    .prio_bits = 4,
    .boot_addr = 0x00000000,
    .memory = mk64fn1m0_memory,
    .regions = mk64fn1m0_regions,
};

const fwsim_board board_mk64fn1m0 = {
    .name = "mk64fn1m0",
    .summary = "MK64FN1M0: Cortex-M4F, 1 MiB flash, 256 KiB RAM",
    .soc = &soc_mk64fn1m0,
};
