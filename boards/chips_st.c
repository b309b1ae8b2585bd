/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * STMicroelectronics STM32: chips without models, for firmware whose
 * peripherals are inferred.
 *
 * The clock is the highest one. The reference clock of SysTick is an eighth of
 * it. The flash is at 0 as well, as BOOT0 selects. System memory holds option
 * bytes, the size of the flash and the unique number. The data EEPROM of
 * STM32L1 is written by plain stores once it is unlocked, and erased to 0: RAM
 * is nearest to it.
 *
 * Sources:
 *   stm32f103rb      ST RM0008, DS5319
 *   stm32f303vc      ST RM0316, DS9118
 *   stm32f429zi      ST RM0090, DS9405
 *   stm32f469ni      ST RM0386, DS11189
 *   stm32l152rc      ST RM0038, DS8890
 *   stm32l152re      ST RM0038, DS10002
 *   stm32l431rc      ST RM0394, DS11453
 *   stm32l475vg      ST RM0351, DS10969
 */
#include "boards.h"

#define KB 1024u

/* clang-format off */
static const fwsim_memory stm32f103rb_memory[] = {
    { "flash", 0x08000000,  128 * KB, FWSIM_MEM_FLASH },
    { "ram",   0x20000000,   20 * KB, FWSIM_MEM_RAM },
    { "boot",  0x00000000,  128 * KB, FWSIM_MEM_FLASH, .alias_of = "flash" },
    { 0 }
};

static const fwsim_region stm32f103rb_regions[] = {
    { "peripherals",   0x40000000, 0x00024000, FWSIM_POLICY_WARN },
    { "system_memory", 0x1ffff000, 0x00001000, FWSIM_POLICY_WARN },
    { 0 }
};

static const fwsim_memory stm32f303vc_memory[] = {
    { "flash", 0x08000000,  256 * KB, FWSIM_MEM_FLASH },
    { "ram",   0x20000000,   40 * KB, FWSIM_MEM_RAM },
    { "ccm",   0x10000000,    8 * KB, FWSIM_MEM_RAM },
    { "boot",  0x00000000,  256 * KB, FWSIM_MEM_FLASH, .alias_of = "flash" },
    { 0 }
};

static const fwsim_region stm32f303vc_regions[] = {
    { "apb_ahb1",      0x40000000, 0x00025000, FWSIM_POLICY_WARN },
    { "ahb2",          0x48000000, 0x00002000, FWSIM_POLICY_WARN },
    { "ahb3",          0x50000000, 0x00001000, FWSIM_POLICY_WARN },
    { "system_memory", 0x1fffd800, 0x00002800, FWSIM_POLICY_WARN },
    { 0 }
};

static const fwsim_memory stm32f429zi_memory[] = {
    { "flash", 0x08000000, 2048 * KB, FWSIM_MEM_FLASH },
    { "ram",   0x20000000,  192 * KB, FWSIM_MEM_RAM },
    { "ccm",   0x10000000,   64 * KB, FWSIM_MEM_RAM },
    { "boot",  0x00000000, 2048 * KB, FWSIM_MEM_FLASH, .alias_of = "flash" },
    { 0 }
};

static const fwsim_region f4_regions[] = {
    { "apb_ahb1",      0x40000000, 0x00080000, FWSIM_POLICY_WARN },
    { "ahb2",          0x50000000, 0x00061000, FWSIM_POLICY_WARN },
    { "fmc",           0xa0000000, 0x00002000, FWSIM_POLICY_WARN },
    { "system_memory", 0x1fff0000, 0x00010000, FWSIM_POLICY_WARN },
    { "option_bank2",  0x1ffec000, 0x00001000, FWSIM_POLICY_WARN },
    { 0 }
};

static const fwsim_memory stm32f469ni_memory[] = {
    { "flash", 0x08000000, 2048 * KB, FWSIM_MEM_FLASH },
    { "ram",   0x20000000,  320 * KB, FWSIM_MEM_RAM },
    { "ccm",   0x10000000,   64 * KB, FWSIM_MEM_RAM },
    { "boot",  0x00000000, 2048 * KB, FWSIM_MEM_FLASH, .alias_of = "flash" },
    { 0 }
};

static const fwsim_memory stm32l152rc_memory[] = {
    { "flash",  0x08000000,  256 * KB, FWSIM_MEM_FLASH },
    { "ram",    0x20000000,   32 * KB, FWSIM_MEM_RAM },
    { "eeprom", 0x08080000,    8 * KB, FWSIM_MEM_RAM },
    { "boot",   0x00000000,  256 * KB, FWSIM_MEM_FLASH, .alias_of = "flash" },
    { 0 }
};

static const fwsim_region l1_regions[] = {
    { "apb_ahb",       0x40000000, 0x00027000, FWSIM_POLICY_WARN },
    { "aes",           0x50060000, 0x00000400, FWSIM_POLICY_WARN },
    { "system_memory", 0x1ff00000, 0x00081000, FWSIM_POLICY_WARN },
    { 0 }
};

static const fwsim_memory stm32l152re_memory[] = {
    { "flash",  0x08000000,  512 * KB, FWSIM_MEM_FLASH },
    { "ram",    0x20000000,   80 * KB, FWSIM_MEM_RAM },
    { "eeprom", 0x08080000,   16 * KB, FWSIM_MEM_RAM },
    { "boot",   0x00000000,  512 * KB, FWSIM_MEM_FLASH, .alias_of = "flash" },
    { 0 }
};

static const fwsim_memory stm32l431rc_memory[] = {
    { "flash",      0x08000000,  256 * KB, FWSIM_MEM_FLASH },
    { "sram1",      0x20000000,   48 * KB, FWSIM_MEM_RAM },
    { "sram2",      0x10000000,   16 * KB, FWSIM_MEM_RAM },
    { "sram2_high", 0x2000c000,   16 * KB, FWSIM_MEM_RAM, .alias_of = "sram2" },
    { "boot",       0x00000000,  256 * KB, FWSIM_MEM_FLASH, .alias_of = "flash" },
    { 0 }
};

static const fwsim_region l4_regions[] = {
    { "apb_ahb1",         0x40000000, 0x00025000, FWSIM_POLICY_WARN },
    { "gpio",             0x48000000, 0x00002000, FWSIM_POLICY_WARN },
    { "ahb2",             0x50000000, 0x00061000, FWSIM_POLICY_WARN },
    { "external_control", 0xa0000000, 0x00002000, FWSIM_POLICY_WARN },
    { "system_memory",    0x1fff0000, 0x00010000, FWSIM_POLICY_WARN },
    { 0 }
};

static const fwsim_memory stm32l475vg_memory[] = {
    { "flash", 0x08000000, 1024 * KB, FWSIM_MEM_FLASH },
    { "sram1", 0x20000000,   96 * KB, FWSIM_MEM_RAM },
    { "sram2", 0x10000000,   32 * KB, FWSIM_MEM_RAM },
    { "boot",  0x00000000, 1024 * KB, FWSIM_MEM_FLASH, .alias_of = "flash" },
    { 0 }
};

/* clang-format on */

const fwsim_soc soc_stm32f103rb = {
    .name = "stm32f103rb",
    .summary = "ST RM0008, DS5319",
    .cpu = "cortex-m3",
    .clock_hz = 72000000,
    .irq_lines = 43,
    .prio_bits = 4,
    .systick_hz = 9000000,
    .boot_addr = 0x08000000,
    .memory = stm32f103rb_memory,
    .regions = stm32f103rb_regions,
};

const fwsim_board board_stm32f103rb = {
    .name = "stm32f103rb",
    .summary = "STM32F103RB: Cortex-M3, 128 KiB flash, 20 KiB RAM",
    .soc = &soc_stm32f103rb,
};

const fwsim_soc soc_stm32f303vc = {
    .name = "stm32f303vc",
    .summary = "ST RM0316, DS9118",
    .cpu = "cortex-m4f",
    .clock_hz = 72000000,
    .irq_lines = 82,
    .prio_bits = 4,
    .systick_hz = 9000000,
    .boot_addr = 0x08000000,
    .memory = stm32f303vc_memory,
    .regions = stm32f303vc_regions,
};

const fwsim_board board_stm32f303vc = {
    .name = "stm32f303vc",
    .summary = "STM32F303VC: Cortex-M4F, 256 KiB flash, 40 + 8 KiB RAM",
    .soc = &soc_stm32f303vc,
};

const fwsim_soc soc_stm32f429zi = {
    .name = "stm32f429zi",
    .summary = "ST RM0090, DS9405",
    .cpu = "cortex-m4f",
    .clock_hz = 180000000,
    .irq_lines = 91,
    .prio_bits = 4,
    .systick_hz = 22500000,
    .boot_addr = 0x08000000,
    .memory = stm32f429zi_memory,
    .regions = f4_regions,
};

const fwsim_board board_stm32f429zi = {
    .name = "stm32f429zi",
    .summary = "STM32F429ZI: Cortex-M4F, 2 MiB flash, 192 + 64 KiB RAM",
    .soc = &soc_stm32f429zi,
};

const fwsim_soc soc_stm32f469ni = {
    .name = "stm32f469ni",
    .summary = "ST RM0386, DS11189",
    .cpu = "cortex-m4f",
    .clock_hz = 180000000,
    .irq_lines = 93,
    .prio_bits = 4,
    .systick_hz = 22500000,
    .boot_addr = 0x08000000,
    .memory = stm32f469ni_memory,
    .regions = f4_regions,
};

const fwsim_board board_stm32f469ni = {
    .name = "stm32f469ni",
    .summary = "STM32F469NI: Cortex-M4F, 2 MiB flash, 320 + 64 KiB RAM",
    .soc = &soc_stm32f469ni,
};

const fwsim_soc soc_stm32l152rc = {
    .name = "stm32l152rc",
    .summary = "ST RM0038, DS8890",
    .cpu = "cortex-m3",
    .clock_hz = 32000000,
    .irq_lines = 57,
    .prio_bits = 4,
    .systick_hz = 4000000,
    .boot_addr = 0x08000000,
    .memory = stm32l152rc_memory,
    .regions = l1_regions,
};

const fwsim_board board_stm32l152rc = {
    .name = "stm32l152rc",
    .summary = "STM32L152RC: Cortex-M3, 256 KiB flash, 32 KiB RAM",
    .soc = &soc_stm32l152rc,
};

const fwsim_soc soc_stm32l152re = {
    .name = "stm32l152re",
    .summary = "ST RM0038, DS10002",
    .cpu = "cortex-m3",
    .clock_hz = 32000000,
    .irq_lines = 57,
    .prio_bits = 4,
    .systick_hz = 4000000,
    .boot_addr = 0x08000000,
    .memory = stm32l152re_memory,
    .regions = l1_regions,
};

const fwsim_board board_stm32l152re = {
    .name = "stm32l152re",
    .summary = "STM32L152RE: Cortex-M3, 512 KiB flash, 80 KiB RAM",
    .soc = &soc_stm32l152re,
};

const fwsim_soc soc_stm32l431rc = {
    .name = "stm32l431rc",
    .summary = "ST RM0394, DS11453",
    .cpu = "cortex-m4f",
    .clock_hz = 80000000,
    .irq_lines = 83,
    .prio_bits = 4,
    .systick_hz = 10000000,
    .boot_addr = 0x08000000,
    .memory = stm32l431rc_memory,
    .regions = l4_regions,
};

const fwsim_board board_stm32l431rc = {
    .name = "stm32l431rc",
    .summary = "STM32L431RC: Cortex-M4F, 256 KiB flash, 64 KiB RAM",
    .soc = &soc_stm32l431rc,
};

const fwsim_soc soc_stm32l475vg = {
    .name = "stm32l475vg",
    .summary = "ST RM0351, DS10969",
    .cpu = "cortex-m4f",
    .clock_hz = 80000000,
    .irq_lines = 82,
    .prio_bits = 4,
    .systick_hz = 10000000,
    .boot_addr = 0x08000000,
    .memory = stm32l475vg_memory,
    .regions = l4_regions,
};

const fwsim_board board_stm32l475vg = {
    .name = "stm32l475vg",
    .summary = "STM32L475VG: Cortex-M4F, 1 MiB flash, 96 + 32 KiB RAM",
    .soc = &soc_stm32l475vg,
};
