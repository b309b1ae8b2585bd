/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Silicon Labs EFM32HG309F64 (Happy Gecko).
 *
 * Sources: EFM32HG Reference Manual, chapter 5 (memory and bus system);
 * EFM32HG309 data sheet.
 *
 * The core clock of a machine is fixed. The chip wakes up on HFRCO in its
 * 14 MHz band; 21 MHz is that oscillator in the highest band, where firmware
 * takes it that does not need the 24 MHz of half USHFRCO.
 */
#include "boards.h"
#include "peripherals.h"

enum { LFA_HZ = 32768, LFB_HZ = 32768 }; /* LFRCO or LFXO, undivided */

/* clang-format off */
static const fwsim_memory memory[] = {
    { "flash",     0x00000000, 64 * 1024, FWSIM_MEM_FLASH, .controller = "msc" },
    { "user_data", 0x0fe00000, 1024,      .kind = FWSIM_MEM_FLASH, .controller = "msc" },
    { "lock_bits", 0x0fe04000, 1024,      .kind = FWSIM_MEM_FLASH, .controller = "msc" },
    { "ram",       0x20000000, 8 * 1024,  .kind = FWSIM_MEM_RAM },
    { "ram_code",  0x10000000, 8 * 1024,  .kind = FWSIM_MEM_RAM, .alias_of = "ram" },
    { 0 }
};

static const fwsim_region regions[] = {
    { "peripherals", 0x40000000, 0x00140000, FWSIM_POLICY_WARN },
    { 0 }
};

static const uint32_t msc_params[] = { 0x00000000, 0x0fe04000 };

/* 8 KiB of RAM, 64 KiB of flash; Happy Gecko (77), number 309. */
static const uint32_t devinfo_params[] = {
    8 << 16 | 64, 77 << 16 | 309, 0x00000001, 0x24500000
};

/* Family 5, major 1, minor 1: revision B. */
static const uint32_t romtable_params[] = { 5, 1, 1 };

static const fwsim_slot periph[] = {
    { "devinfo",  &efm32_devinfo,  .base = 0x0fe08000, .param = devinfo_params },
    { "vcmp",     &fwsim_stub,     .base = 0x40000000 },
    { "acmp0",    &fwsim_stub,     .base = 0x40001000 },
    { "adc0",     &fwsim_stub,     .base = 0x40002000 },
    { "idac0",    &fwsim_stub,     .base = 0x40004000 },
    { "gpio",     &efm32_gpio,     .base = 0x40006000, .irq = { 1, 6 } },
    { "i2c0",     &efm32_i2c,      .base = 0x4000a000, .irq = { 5 } },
    { "usart0",   &efm32_usart,    .base = 0x4000c000, .irq = { 17, 18 } },
    { "usart1",   &efm32_usart,    .base = 0x4000c400, .irq = { 8, 9 } },
    { "timer0",   &efm32_timer,    .base = 0x40010000, .irq = { 2 } },
    { "timer1",   &efm32_timer,    .base = 0x40010400, .irq = { 7 } },
    { "timer2",   &efm32_timer,    .base = 0x40010800, .irq = { 20 } },
    { "rtc",      &efm32_rtc,      .base = 0x40080000, .irq = { 12 }, .clock_hz = LFA_HZ },
    { "leuart0",  &efm32_leuart,   .base = 0x40084000, .irq = { 10 }, .clock_hz = LFB_HZ },
    { "pcnt0",    &fwsim_stub,     .base = 0x40086000 },
    { "wdog",     &efm32_wdog,     .base = 0x40088000 },
    { "msc",      &efm32_msc,      .base = 0x400c0000, .irq = { 15 }, .param = msc_params },
    { "dma",      &fwsim_stub,     .base = 0x400c2000 },
    { "usb",      &efm32_usb,      .base = 0x400c4000, .irq = { 19 } },
    { "emu",      &efm32_emu,      .base = 0x400c6000 },
    { "cmu",      &efm32_cmu,      .base = 0x400c8000, .irq = { 13 } },
    { "rmu",      &efm32_rmu,      .base = 0x400ca000 },
    { "prs",      &fwsim_stub,     .base = 0x400cc000 },
    { "aes",      &fwsim_stub,     .base = 0x400e0000 },
    { "usb_core", &efm32_usb_core, .base = 0x40100000, .irq = { 19 } },
    { "mtb",      &fwsim_stub,     .base = 0xf0040000 },
    { "romtable", &efm32_romtable, .base = 0xf00ff000, .param = romtable_params },
    { 0 }
};
/* clang-format on */

const fwsim_soc soc_efm32hg309 = {
    .name = "efm32hg309f64",
    .summary = "Silicon Labs EFM32HG309F64: Cortex-M0+, 64 KiB flash, 8 KiB RAM "
               "(EFM32HG Reference Manual)",
    .cpu = "cortex-m0plus",
    .clock_hz = 21000000,
    .irq_lines = 21,
    .prio_bits = 2,
    .pins = 6 * 16,
    .boot_addr = 0x00000000,
    .memory = memory,
    .regions = regions,
    .periph = periph,
};
