/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Nordic nRF52: chips without models, for firmware whose
 * peripherals are inferred.
 *
 * The regions outside of the peripheral space are the information blocks, and
 * the ROM table that tells errata apart.
 *
 * Sources:
 *   nrf52832         nRF52832 Product Specification v1.4, chapter 8
 */
#include "boards.h"

#define KB 1024u

/* clang-format off */
static const fwsim_memory nrf52832_memory[] = {
    { "flash",    0x00000000,  512 * KB, FWSIM_MEM_FLASH },
    { "ram",      0x20000000,   64 * KB, FWSIM_MEM_RAM },
    { "ram_code", 0x00800000,   64 * KB, FWSIM_MEM_RAM, .alias_of = "ram" },
    { 0 }
};

static const fwsim_region nrf52832_regions[] = {
    { "apb",       0x40000000, 0x00027000, FWSIM_POLICY_WARN },
    { "gpio",      0x50000000, 0x00001000, FWSIM_POLICY_WARN },
    { "ficr_uicr", 0x10000000, 0x00002000, FWSIM_POLICY_WARN },
    { "rom_table", 0xf0000000, 0x00001000, FWSIM_POLICY_WARN },
    { 0 }
};

/* clang-format on */

const fwsim_soc soc_nrf52832 = {
    .name = "nrf52832",
    .summary = "nRF52832 Product Specification v1.4, chapter 8",
    .cpu = "cortex-m4f",
    .clock_hz = 64000000,
    .irq_lines = 39,
    .prio_bits = 3,
    .boot_addr = 0x00000000,
    .memory = nrf52832_memory,
    .regions = nrf52832_regions,
};

const fwsim_board board_nrf52832 = {
    .name = "nrf52832",
    .summary = "nRF52832: Cortex-M4F, 512 KiB flash, 64 KiB RAM",
    .soc = &soc_nrf52832,
};
