/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Chips of which nothing is known but the core, for firmware whose chip has no
 * table: fwsim_board_for_image gives them the memories that an image shows.
 * Those here are for a look at the board without an image.
 *
 * Regions are where the Armv7-M and Armv8-M address maps have peripherals (DDI
 * 0403E, B3.1), and places outside where vendors are known to have some. An
 * access elsewhere outside of memory is a bus fault: a wild pointer should not
 * look like a device. A place that is missing here is given on the command
 * line with --mmio.
 *
 * Plain stores program the flash, but for the bytes of the image.
 *
 * The number of interrupts is the most that the core has, but for Cortex-M33:
 * 240 are enough for each chip we know. 16 MHz is the internal oscillator of
 * many chips after reset; SysTick's reference clock is an eighth of it, as on
 * STM32.
 */
#include "boards.h"
#include "peripherals.h"

#define MB (1024u * 1024u)

/* clang-format off */
static const fwsim_memory memory[] = {
    { "flash", 0x00000000, 1 * MB, FWSIM_MEM_FLASH, .controller = "flash_store" },
    { "ram",   0x20000000, 1 * MB, FWSIM_MEM_RAM },
    { 0 }
};

/* Where the image is, says fwsim_board_for_image. */
static const uint32_t no_image[] = { 0, 0 };

static const fwsim_slot periph[] = {
    { "flash_store", &plain_flash, .param = no_image },
    { 0 }
};

static const fwsim_region regions[] = {
    /* Microchip SAM D and R: user row, calibration, serial number. */
    { "sam_nvm_rows",  0x00800000, 0x00010000, FWSIM_POLICY_WARN },
    /* Silicon Labs EFM32: user data, lock bits, device information. */
    { "efm32_info",    0x0fe00000, 0x00010000, FWSIM_POLICY_WARN },
    /* Infineon PSoC 4: supervisory flash. */
    { "psoc4_sflash",  0x0ffff000, 0x00001000, FWSIM_POLICY_WARN },
    /* Nordic nRF51 and nRF52: FICR, UICR. */
    { "nrf_info",      0x10000000, 0x00002000, FWSIM_POLICY_WARN },
    /* Raspberry Pi RP2040: cache and controller of the external flash. */
    { "rp2040_xip",    0x14000000, 0x00100000, FWSIM_POLICY_WARN },
    { "rp2040_ssi",    0x18000000, 0x00001000, FWSIM_POLICY_WARN },
    /* NXP LPC15xx: GPIO, USB, CRC, timers on the AHB. */
    { "lpc15xx_ahb",   0x1c000000, 0x00100000, FWSIM_POLICY_WARN },
    /* ST STM32: system memory, option bytes, flash size, unique number. */
    { "stm32_system",  0x1ff00000, 0x00100000, FWSIM_POLICY_WARN },
    /* NXP LPC17xx: GPIO. */
    { "lpc17xx_gpio",  0x2009c000, 0x00004000, FWSIM_POLICY_WARN },
    { "peripherals",   0x40000000, 0x20000000, FWSIM_POLICY_WARN },
    /* Microchip SAM D and R: ports at the IOBUS. */
    { "sam_iobus",     0x60000000, 0x00000400, FWSIM_POLICY_WARN },
    /* Controllers of external memories (STM32), GPIO (LPC8xx). */
    { "device",        0xa0000000, 0x00100000, FWSIM_POLICY_WARN },
    /* Raspberry Pi RP2040: single-cycle IO. */
    { "rp2040_sio",    0xd0000000, 0x00001000, FWSIM_POLICY_WARN },
    /* ROM tables (EFM32, nRF51), trace buffers. */
    { "vendor_debug",  0xf0000000, 0x00100000, FWSIM_POLICY_WARN },
    /* NXP Kinetis L: GPIO at the single-cycle port. */
    { "io_port",       0xf8000000, 0x00100000, FWSIM_POLICY_WARN },
    { 0 }
};
/* clang-format on */

#define GENERIC                                                                \
    .clock_hz = 16000000, .systick_hz = 2000000, .boot_addr = 0x00000000,      \
    .memory = memory, .regions = regions, .periph = periph, .generic = true

const fwsim_soc soc_generic_cm0 = {
    GENERIC,
    .name = "generic_cm0",
    .summary = "a chip with Cortex-M0 of which nothing else is known",
    .cpu = "cortex-m0",
    .irq_lines = 32,
    .prio_bits = 2,
};

const fwsim_soc soc_generic_cm0plus = {
    GENERIC,
    .name = "generic_cm0plus",
    .summary = "a chip with Cortex-M0+ of which nothing else is known",
    .cpu = "cortex-m0plus",
    .irq_lines = 32,
    .prio_bits = 2,
};

const fwsim_soc soc_generic_cm3 = {
    GENERIC,
    .name = "generic_cm3",
    .summary = "a chip with Cortex-M3 of which nothing else is known",
    .cpu = "cortex-m3",
    .irq_lines = 240,
    .prio_bits = 4,
};

const fwsim_soc soc_generic_cm4 = {
    GENERIC,
    .name = "generic_cm4",
    .summary = "a chip with Cortex-M4F of which nothing else is known",
    .cpu = "cortex-m4f",
    .irq_lines = 240,
    .prio_bits = 4,
};

const fwsim_soc soc_generic_cm7 = {
    GENERIC,
    .name = "generic_cm7",
    .summary = "a chip with Cortex-M7 of which nothing else is known",
    .cpu = "cortex-m7",
    .irq_lines = 240,
    .prio_bits = 4,
};

const fwsim_soc soc_generic_cm33 = {
    GENERIC,
    .name = "generic_cm33",
    .summary = "a chip with Cortex-M33 of which nothing else is known",
    .cpu = "cortex-m33",
    .irq_lines = 240,
    .prio_bits = 4,
};
