/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * FPGA image AN505 of the MPS2 board: an IoTKit subsystem with Cortex-M33 at
 * 20 MHz, and the peripherals of the board around it.
 *
 * Source: Arm DAI 0505, memory map and interrupts; Arm ECM0601256 (IoTKit).
 *
 * The core starts secure, from the secure alias of SSRAM1, and stays so: with
 * the SAU off it may use both addresses of everything. Rows stand at the
 * secure address, 0x10000000 above the non-secure one. The controllers that
 * divide the two worlds are named windows only.
 */
#include "boards.h"
#include "peripherals.h"

#define KB 1024u
#define MB (1024u * KB)

/* clang-format off */
static const fwsim_memory memories[] = {
    { "ssram1",           0x10000000,  4 * MB, FWSIM_MEM_RAM },
    { "ssram1 mirror",    0x10400000,  4 * MB, FWSIM_MEM_RAM, .alias_of = "ssram1" },
    { "ssram1 ns",        0x00000000,  4 * MB, FWSIM_MEM_RAM, .alias_of = "ssram1" },
    { "ssram1 ns mirror", 0x00400000,  4 * MB, FWSIM_MEM_RAM, .alias_of = "ssram1" },
    { "sram",             0x30000000, 32 * KB, FWSIM_MEM_RAM },
    { "sram ns",          0x20000000, 32 * KB, FWSIM_MEM_RAM, .alias_of = "sram" },
    { "ssram2",           0x38000000,  2 * MB, FWSIM_MEM_RAM },
    { "ssram2 ns",        0x28000000,  2 * MB, FWSIM_MEM_RAM, .alias_of = "ssram2" },
    { "ssram3",           0x38200000,  2 * MB, FWSIM_MEM_RAM },
    { "ssram3 ns",        0x28200000,  2 * MB, FWSIM_MEM_RAM, .alias_of = "ssram3" },
    { "psram",            0x80000000, 16 * MB, FWSIM_MEM_RAM },
    { 0 }
};

static const fwsim_region regions[] = {
    { "apb ns",         0x40000000, 0x100000, FWSIM_POLICY_WARN },
    { "expansion ns",   0x40100000, 0x300000, FWSIM_POLICY_WARN },
    { "vga ns",         0x41000000, 0x140000, FWSIM_POLICY_WARN },
    { "ethernet ns",    0x42000000, 0x100000, FWSIM_POLICY_WARN },
    { "apb",            0x50000000, 0x100000, FWSIM_POLICY_WARN },
    { "expansion",      0x50100000, 0x300000, FWSIM_POLICY_WARN },
    { "vga",            0x51000000, 0x140000, FWSIM_POLICY_WARN },
    { "ethernet",       0x52000000, 0x100000, FWSIM_POLICY_WARN },
    { "mpc",            0x58007000, 0x3000,   FWSIM_POLICY_WARN },
    { 0 }
};

#define BOTH(secure) (secure), .alias = (secure) - 0x10000000

/* Of a UART: TX, RX, TX overrun, RX overrun, combined. */
#define UART_IRQS(n) { 33 + 2 * (n), 32 + 2 * (n), 47, 47, 42 + (n) }

static const fwsim_slot peripherals[] = {
    { "timer0",        &cmsdk_timer,     BOTH(0x50000000), .irq = { 3 } },
    { "timer1",        &cmsdk_timer,     BOTH(0x50001000), .irq = { 4 } },
    { "dualtimer",     &cmsdk_dualtimer, BOTH(0x50002000), .irq = { FWSIM_NO_IRQ, FWSIM_NO_IRQ, 5 } },
    { "sysinfo",       &iotkit_sysinfo,  BOTH(0x50020000) },
    { "sysctrl",       &iotkit_sysctrl,  0x50021000 },
    { "s32k_watchdog", &cmsdk_watchdog,  0x5002e000, .irq = { FWSIM_NMI }, .clock_hz = 32000 },
    { "s32k_timer",    &cmsdk_timer,     BOTH(0x5002f000), .irq = { 2 }, .clock_hz = 32000 },
    { "spctrl",        &fwsim_stub,      0x50080000 }, /* secure privilege control, PPCs */
    { "nspctrl",       &fwsim_stub,      0x40080000 }, /* non-secure privilege control */
    { "watchdog",      &cmsdk_watchdog,  0x50081000, .irq = { FWSIM_NMI } },
    { "ns_watchdog",   &cmsdk_watchdog,  0x40081000, .irq = { 1 } },
    { "sram_mpc",      &fwsim_stub,      0x50083000 },
    { "gpio0",         &cmsdk_gpio,      BOTH(0x50100000), .irq = { 68 }, .first_pin = 0 },
    { "gpio1",         &cmsdk_gpio,      BOTH(0x50101000), .irq = { 69 }, .first_pin = 16 },
    { "gpio2",         &cmsdk_gpio,      BOTH(0x50102000), .irq = { 70 }, .first_pin = 32 },
    { "gpio3",         &cmsdk_gpio,      BOTH(0x50103000), .irq = { 71 }, .first_pin = 48 },
    { "dma0",          &fwsim_stub,      BOTH(0x50110000) },
    { "dma1",          &fwsim_stub,      BOTH(0x50111000) },
    { "dma2",          &fwsim_stub,      BOTH(0x50112000) },
    { "dma3",          &fwsim_stub,      BOTH(0x50113000) },
    { "uart0",         &cmsdk_uart,      BOTH(0x50200000), .irq = UART_IRQS(0) },
    { "uart1",         &cmsdk_uart,      BOTH(0x50201000), .irq = UART_IRQS(1) },
    { "uart2",         &cmsdk_uart,      BOTH(0x50202000), .irq = UART_IRQS(2) },
    { "uart3",         &cmsdk_uart,      BOTH(0x50203000), .irq = UART_IRQS(3) },
    { "uart4",         &cmsdk_uart,      BOTH(0x50204000), .irq = UART_IRQS(4) },
    { "spi0",          &fwsim_stub,      BOTH(0x50205000) },
    { "spi1",          &fwsim_stub,      BOTH(0x50206000) },
    { "i2c0",          &fwsim_stub,      BOTH(0x50207000) },
    { "i2c1",          &fwsim_stub,      BOTH(0x50208000) },
    { "spi2",          &fwsim_stub,      BOTH(0x50209000) },
    { "spi3",          &fwsim_stub,      BOTH(0x5020a000) },
    { "spi4",          &fwsim_stub,      BOTH(0x5020b000) },
    { "i2c2",          &fwsim_stub,      BOTH(0x5020c000) },
    { "i2c3",          &fwsim_stub,      BOTH(0x5020d000) },
    { "i2s",           &fwsim_stub,      BOTH(0x50301000) },
    { "fpgaio",        &mps2_fpgaio,     BOTH(0x50302000), .first_pin = 64 },
    { "ssram1_mpc",    &fwsim_stub,      0x58007000 },
    { "ssram2_mpc",    &fwsim_stub,      0x58008000 },
    { "ssram3_mpc",    &fwsim_stub,      0x58009000 },
    { 0 }
};
/* clang-format on */

const fwsim_soc soc_mps2_iotkit = {
    .name = "mps2_iotkit",
    .summary = "IoTKit with Cortex-M33 in the FPGA of an MPS2 (Arm DAI 0505)",
    .cpu = "cortex-m33",
    .clock_hz = 20000000,
    .irq_lines = 124,
    .prio_bits = 3,
    .pins = 68,
    .boot_addr = 0x10000000,
    .memory = memories,
    .regions = regions,
    .periph = peripherals,
};
