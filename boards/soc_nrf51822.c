/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * nRF51822-QFAA: Cortex-M0, 16 MHz, 256 KB of flash, 16 KB of RAM.
 *
 * Source: nRF51 RM v3.0, chapter 5 (memory map), table of instances in
 * chapter 10, and table of fixed channels in chapter 16.
 */
#include "boards.h"
#include "peripherals.h"

/* End points that connect peripherals, as address = block + register. */
enum {
    POWER_CLOCK = 0x40000000,
    LFCLKSTARTED = POWER_CLOCK + 0x104,
    LFCLKSTOP = POWER_CLOCK + 0x00c,

    RADIO = 0x40001000,
    RADIO_TXEN = RADIO + 0x000,
    RADIO_RXEN = RADIO + 0x004,
    RADIO_DISABLE = RADIO + 0x010,
    RADIO_READY = RADIO + 0x100,
    RADIO_ADDRESS = RADIO + 0x104,
    RADIO_END = RADIO + 0x10c,
    RADIO_BCMATCH = RADIO + 0x128,

    TIMER0 = 0x40008000,
    TIMER0_START = TIMER0 + 0x000,
    TIMER0_CLEAR = TIMER0 + 0x00c,
    TIMER0_CAPTURE1 = TIMER0 + 0x044,
    TIMER0_CAPTURE2 = TIMER0 + 0x048,
    TIMER0_COMPARE0 = TIMER0 + 0x140,
    TIMER0_COMPARE1 = TIMER0 + 0x144,

    RTC0 = 0x4000b000,
    RTC0_COMPARE0 = RTC0 + 0x140,

    CCM_AAR = 0x4000f000,
    AAR_START = CCM_AAR + 0x000,
    CCM_KSGEN = CCM_AAR + 0x000,
    CCM_CRYPT = CCM_AAR + 0x004,

    GPIO = 0x50000000,
    GPIO_DETECT = GPIO + 0x000 /* a signal without a register */
};

/* clang-format off */
static const fwsim_memory memories[] = {
    { "flash", 0x00000000, 256 * 1024, FWSIM_MEM_FLASH, .controller = "nvmc" },
    { "uicr",  0x10001000,       1024, FWSIM_MEM_FLASH, .controller = "nvmc" },
    { "ram",   0x20000000,  16 * 1024, FWSIM_MEM_RAM },
    { 0 }
};

static const fwsim_region regions[] = {
    { "apb", 0x40000000, 0x20000, FWSIM_POLICY_WARN },
    { "ahb", 0x50000000, 0x01000, FWSIM_POLICY_WARN },
    /* Start-up code looks here for revisions that need workarounds; zeros
     * are none of them. */
    { "rom table", 0xf0000000, 0x1000, FWSIM_POLICY_IGNORE },
    { 0 }
};

static const uint32_t detect[] = { GPIO_DETECT };
static const uint32_t timer0[] = { 32 };
static const uint32_t timer1_2[] = { 16 };
static const uint32_t rtc0[] = { 3, LFCLKSTARTED, LFCLKSTOP };
static const uint32_t rtc1[] = { 4, LFCLKSTARTED, LFCLKSTOP };

/* Event and task of the fixed channels 20 to 31. */
static const uint32_t ppi_fixed[] = {
    TIMER0_COMPARE0, RADIO_TXEN,
    TIMER0_COMPARE0, RADIO_RXEN,
    TIMER0_COMPARE1, RADIO_DISABLE,
    RADIO_BCMATCH,   AAR_START,
    RADIO_READY,     CCM_KSGEN,
    RADIO_ADDRESS,   CCM_CRYPT,
    RADIO_ADDRESS,   TIMER0_CAPTURE1,
    RADIO_END,       TIMER0_CAPTURE2,
    RTC0_COMPARE0,   RADIO_TXEN,
    RTC0_COMPARE0,   RADIO_RXEN,
    RTC0_COMPARE0,   TIMER0_CLEAR,
    RTC0_COMPARE0,   TIMER0_START,
};

static const fwsim_slot peripherals[] = {
    { "ficr",        &nrf51_ficr,        0x10000000 },
    { "power_clock", &nrf51_power_clock, POWER_CLOCK, .irq = { 0 }, .param = detect },
    { "mpu",         &nrf51_mpu,         POWER_CLOCK + 0x600 },
    { "radio",       &nrf51_radio,       RADIO,       .irq = { 1 } },
    { "uart0",       &nrf51_uart,        0x40002000,  .irq = { 2 } },
    { "twi0",        &nrf51_spi_twi,     0x40003000,  .irq = { 3 }, .also = "spi0" },
    { "twi1",        &nrf51_spi_twi,     0x40004000,  .irq = { 4 }, .also = "spi1" },
    { "gpiote",      &nrf51_gpiote,      0x40006000,  .irq = { 6 }, .param = detect },
    { "adc",         &nrf51_adc,         0x40007000,  .irq = { 7 } },
    { "timer0",      &nrf51_timer,       TIMER0,      .irq = { 8 }, .param = timer0 },
    { "timer1",      &nrf51_timer,       0x40009000,  .irq = { 9 }, .param = timer1_2 },
    { "timer2",      &nrf51_timer,       0x4000a000,  .irq = { 10 }, .param = timer1_2 },
    { "rtc0",        &nrf51_rtc,         RTC0,        .irq = { 11 }, .clock_hz = 32768, .param = rtc0 },
    { "temp",        &nrf51_temp,        0x4000c000,  .irq = { 12 } },
    { "rng",         &nrf51_rng,         0x4000d000,  .irq = { 13 } },
    { "ecb",         &fwsim_stub,        0x4000e000 },
    { "ccm_aar",     &fwsim_stub,        CCM_AAR },
    { "wdt",         &nrf51_wdt,         0x40010000,  .irq = { 16 } },
    { "rtc1",        &nrf51_rtc,         0x40011000,  .irq = { 17 }, .clock_hz = 32768, .param = rtc1 },
    { "qdec",        &fwsim_stub,        0x40012000 },
    { "lpcomp",      &fwsim_stub,        0x40013000 },
    /* SWI0 to SWI5, lines 20 to 25, have no registers. */
    { "nvmc",        &nrf51_nvmc,        0x4001e000 },
    { "ppi",         &nrf51_ppi,         0x4001f000,  .param = ppi_fixed },
    { "gpio",        &nrf51_gpio,        GPIO },
    { 0 }
};
/* clang-format on */

const fwsim_soc soc_nrf51822 = {
    .name = "nrf51822",
    .summary = "Nordic nRF51822-QFAA (nRF51 Series Reference Manual v3.0)",
    .cpu = "cortex-m0",
    .clock_hz = 16000000,
    .irq_lines = 32,
    .prio_bits = 2,
    .pins = 32,
    .boot_addr = 0x00000000,
    .memory = memories,
    .regions = regions,
    .periph = peripherals,
};
