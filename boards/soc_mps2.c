/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * FPGA images of the MPS2 board that are a Cortex-M core with the Cortex-M
 * System Design Kit: AN385 (Cortex-M3), AN386 (Cortex-M4), AN500 (Cortex-M7).
 * 25 MHz, 4 MB of ZBT SSRAM each for code and data, 16 MB of PSRAM.
 *
 * Source: Arm DAI 0385, DAI 0386 and DAI 0500, memory map and interrupts; the
 * reference clock of SysTick is 1 MHz. What tells the images apart for
 * firmware, the SCC, is in the tables of the boards.
 */
#include "boards.h"
#include "peripherals.h"

#define MB (1024u * 1024u)

/* clang-format off */
static const fwsim_memory memories[] = {
    { "ssram1",         0x00000000,  4 * MB,    FWSIM_MEM_RAM },
    { "ssram1 mirror",  0x00400000,  4 * MB,    FWSIM_MEM_RAM, .alias_of = "ssram1" },
    { "block ram",      0x01000000, 16 * 1024,  FWSIM_MEM_RAM },
    { "block mirror 1", 0x01004000, 16 * 1024,  FWSIM_MEM_RAM, .alias_of = "block ram" },
    { "block mirror 2", 0x01008000, 16 * 1024,  FWSIM_MEM_RAM, .alias_of = "block ram" },
    { "block mirror 3", 0x0100c000, 16 * 1024,  FWSIM_MEM_RAM, .alias_of = "block ram" },
    { "ssram23",        0x20000000,  4 * MB,    FWSIM_MEM_RAM },
    { "ssram23 mirror", 0x20400000,  4 * MB,    FWSIM_MEM_RAM, .alias_of = "ssram23" },
    { "psram",          0x21000000, 16 * MB,    FWSIM_MEM_RAM },
    { 0 }
};

static const fwsim_memory memories_cm7[] = {
    { "ssram1",         0x00000000,  4 * MB,    FWSIM_MEM_RAM },
    { "ssram1 mirror",  0x00400000,  4 * MB,    FWSIM_MEM_RAM, .alias_of = "ssram1" },
    { "ssram23",        0x20000000,  4 * MB,    FWSIM_MEM_RAM },
    { "ssram23 mirror", 0x20400000,  4 * MB,    FWSIM_MEM_RAM, .alias_of = "ssram23" },
    { "psram",          0x60000000, 16 * MB,    FWSIM_MEM_RAM },
    { 0 }
};

#define PERIPHERAL_REGIONS                                       \
    { "cmsdk apb", 0x40000000, 0x10000,  FWSIM_POLICY_WARN },    \
    { "cmsdk ahb", 0x40010000, 0x10000,  FWSIM_POLICY_WARN },    \
    { "fpga apb",  0x40020000, 0x10000,  FWSIM_POLICY_WARN },    \
    { "vga",       0x41000000, 0x200000, FWSIM_POLICY_WARN }

static const fwsim_region regions[] = {
    PERIPHERAL_REGIONS,
    { "ethernet",  0x40200000, 0x100000, FWSIM_POLICY_WARN },
    { 0 }
};

static const fwsim_region regions_cm7[] = {
    PERIPHERAL_REGIONS,
    { "ethernet",  0xa0000000, 0x100000, FWSIM_POLICY_WARN },
    { 0 }
};

/* Of a UART: TX, RX, TX overrun, RX overrun, combined. The overruns of the
 * first three share line 12. */
#define UART_IRQS(rx) { (rx) + 1, (rx), 12, 12, FWSIM_NO_IRQ }
#define UART_IRQS_NO_OVERRUN(rx) \
    { (rx) + 1, (rx), FWSIM_NO_IRQ, FWSIM_NO_IRQ, FWSIM_NO_IRQ }

static const fwsim_slot peripherals[] = {
    { "timer0",    &cmsdk_timer,     0x40000000, .irq = { 8 } },
    { "timer1",    &cmsdk_timer,     0x40001000, .irq = { 9 } },
    { "dualtimer", &cmsdk_dualtimer, 0x40002000, .irq = { FWSIM_NO_IRQ, FWSIM_NO_IRQ, 10 } },
    { "uart0",     &cmsdk_uart,      0x40004000, .irq = UART_IRQS(0) },
    { "uart1",     &cmsdk_uart,      0x40005000, .irq = UART_IRQS(2) },
    { "uart2",     &cmsdk_uart,      0x40006000, .irq = UART_IRQS(4) },
    { "uart3",     &cmsdk_uart,      0x40007000, .irq = UART_IRQS_NO_OVERRUN(18) },
    { "watchdog",  &cmsdk_watchdog,  0x40008000, .irq = { FWSIM_NMI } },
    { "uart4",     &cmsdk_uart,      0x40009000, .irq = UART_IRQS_NO_OVERRUN(20) },
    { "gpio0",     &cmsdk_gpio,      0x40010000, .irq = { 6 },  .first_pin = 0 },
    { "gpio1",     &cmsdk_gpio,      0x40011000, .irq = { 7 },  .first_pin = 16 },
    { "gpio2",     &cmsdk_gpio,      0x40012000, .irq = { 16 }, .first_pin = 32 },
    { "gpio3",     &cmsdk_gpio,      0x40013000, .irq = { 17 }, .first_pin = 48 },
    { "sysctrl",   &cmsdk_sysctrl,   0x4001f000 },
    { "spi0",      &fwsim_stub,      0x40020000 },
    { "spi1",      &fwsim_stub,      0x40021000 }, /* display */
    { "i2c0",      &fwsim_stub,      0x40022000 }, /* touch screen */
    { "i2c1",      &fwsim_stub,      0x40023000 }, /* audio */
    { "i2s",       &fwsim_stub,      0x40024000 },
    { "spi2",      &fwsim_stub,      0x40025000 }, /* shields */
    { "spi3",      &fwsim_stub,      0x40026000 },
    { "spi4",      &fwsim_stub,      0x40027000 },
    { "fpgaio",    &mps2_fpgaio,     0x40028000, .first_pin = 64 },
    { "i2c2",      &fwsim_stub,      0x40029000 }, /* shields */
    { "i2c3",      &fwsim_stub,      0x4002a000 },
    { 0 }
};
/* clang-format on */

#define MPS2_SOC                                                               \
    .clock_hz = 25000000, .irq_lines = 32, .prio_bits = 3,                     \
    .systick_hz = 1000000, .pins = 68, .boot_addr = 0x00000000,                \
    .periph = peripherals

const fwsim_soc soc_mps2_cm3 = {
    MPS2_SOC,
    .name = "mps2_cm3",
    .summary = "CMSDK with Cortex-M3 in the FPGA of an MPS2 (Arm DAI 0385)",
    .cpu = "cortex-m3",
    .memory = memories,
    .regions = regions,
};

const fwsim_soc soc_mps2_cm4 = {
    MPS2_SOC,
    .name = "mps2_cm4",
    .summary = "CMSDK with Cortex-M4 in the FPGA of an MPS2 (Arm DAI 0386)",
    .cpu = "cortex-m4f",
    .memory = memories,
    .regions = regions,
};

const fwsim_soc soc_mps2_cm7 = {
    MPS2_SOC,
    .name = "mps2_cm7",
    .summary = "CMSDK with Cortex-M7 in the FPGA of an MPS2 (Arm DAI 0500)",
    .cpu = "cortex-m7",
    .memory = memories_cm7,
    .regions = regions_cm7,
};
