/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Renesas RA: chips without models, for firmware whose
 * peripherals are inferred.
 *
 * The clock is the highest one.
 *
 * Sources:
 *   r7fa4w1ad        Renesas RA4W1 User's Manual, chapter 4
 */
#include "boards.h"

#define KB 1024u

/* clang-format off */
static const fwsim_memory r7fa4w1ad_memory[] = {
    { "flash",          0x00000000,  512 * KB, FWSIM_MEM_FLASH },
    { "option_setting", 0x01010000,    4 * KB, FWSIM_MEM_FLASH },
    { "ram",            0x20000000,   96 * KB, FWSIM_MEM_RAM },
    { 0 }
};

static const fwsim_region r7fa4w1ad_regions[] = {
    { "peripherals", 0x40000000, 0x00800000, FWSIM_POLICY_WARN },
    { 0 }
};

/* clang-format on */

const fwsim_soc soc_r7fa4w1ad = {
    .name = "r7fa4w1ad",
    .summary = "Renesas RA4W1 User's Manual, chapter 4",
    .cpu = "cortex-m4f",
    .clock_hz = 48000000,
    .irq_lines = 32,
    .prio_bits = 4,
    .boot_addr = 0x00000000,
    .memory = r7fa4w1ad_memory,
    .regions = r7fa4w1ad_regions,
};

const fwsim_board board_r7fa4w1ad = {
    .name = "r7fa4w1ad",
    .summary = "R7FA4W1AD: Cortex-M4F, 512 KiB flash, 96 KiB RAM",
    .soc = &soc_r7fa4w1ad,
};
