/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the guests share: semihosting, and the two devices of the MPS2 boards
 * that they use.
 */
#ifndef BENCH_GUEST_H
#define BENCH_GUEST_H

#include <stdint.h>

#define REG(addr) (*(volatile uint32_t *)(addr))

/* CMSDK UART 0: Arm DDI 0479, section 4.3. */
#define UART_DATA    REG(0x40004000)
#define UART_STATE   REG(0x40004004)
#define UART_CTRL    REG(0x40004008)
#define UART_BAUDDIV REG(0x40004010)
enum { UART_TX_FULL = 1 };                      /* STATE */
enum { UART_TX_ENABLE = 1, UART_TEST = 1 << 6 }; /* CTRL */
enum { UART_FASTEST = 16 };                     /* BAUDDIV */

/* SysTick: Armv7-M ARM, B3.3. */
#define SYST_CSR REG(0xe000e010)
#define SYST_RVR REG(0xe000e014)
#define SYST_CVR REG(0xe000e018)
enum { SYST_ENABLE = 1, SYST_TICKINT = 2, SYST_CORE_CLOCK = 4 };

/** What the guest is for. Its return ends the run. */
void bench(void);

/** Print on the console of semihosting. */
void print(const char *text);
void print_hex(uint32_t value);

/** The number at the end of the command line of semihosting; 0: none. */
unsigned argument(void);

/** Called for each SysTick interrupt. */
void tick(void);

/** @param mode  0, or UART_TEST: a bit takes one clock */
static inline void uart_open(uint32_t mode)
{
    UART_BAUDDIV = UART_FASTEST;
    UART_CTRL = UART_TX_ENABLE | mode;
}

static inline void uart_put(char c)
{
    while (UART_STATE & UART_TX_FULL)
        ;
    UART_DATA = (uint8_t)c;
}

/** Wait until the last bytes have left: the one being sent, and the one in the
 * buffer. No register says so; an iteration takes more than one clock. */
static inline void uart_drain(void)
{
    for (volatile unsigned clocks = 2 * 10 * UART_FASTEST; clocks; clocks--)
        ;
}

#endif
