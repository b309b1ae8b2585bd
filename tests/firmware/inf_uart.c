/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A UART that is polled, with ready bits and errors in one status word. An
 * error takes the device down and up again, and is told to the caller.
 */
#include "inf.h"

enum { UART = 0x40064000 };
#define DATA REG(UART + 0x00)
#define CTRL REG(UART + 0x04)
#define BAUD REG(UART + 0x08)
#define STATUS REG(UART + 0x10)

enum {
    CTRL_ENABLE = BIT(0),
    CTRL_RX = BIT(4),
    CTRL_TX = BIT(5),
    RX_READY = BIT(0),
    RX_OVERRUN = BIT(1),
    RX_PARITY = BIT(2),
    RX_FRAME = BIT(3),
    RX_BREAK = BIT(4),
    TX_EMPTY = BIT(7),
    TX_DONE = BIT(8),
    ERRORS = RX_OVERRUN | RX_PARITY | RX_FRAME | RX_BREAK
};

static void uart_init(void)
{
    CTRL = 0;
    BAUD = 139;
    CTRL = CTRL_ENABLE;
    CTRL |= CTRL_RX | CTRL_TX;
}

static void uart_put(uint8_t c)
{
    while (!(STATUS & TX_EMPTY))
        ;
    DATA = c;
}

static int uart_get(uint32_t patience)
{
    uint32_t since = ticks;

    for (;;) {
        uint32_t status = STATUS;

        if (status & ERRORS) {
            STATUS = ERRORS;
            uart_init();
            return -1;
        }
        if (status & RX_READY)
            return DATA & 0xff;
        if (timed_out(since, patience))
            return -2;
    }
}

int main(void)
{
    int c;

    ticks_start();
    uart_init();
    for (const char *s = "ready\r\n"; *s; s++)
        uart_put((uint8_t)*s);
    while (!(STATUS & TX_DONE))
        ;
    for (int i = 0; i < 8; i++)
        check(uart_get(5) >= 0);
    done();
    for (;;) {
        c = uart_get(5);
        if (c >= 0)
            uart_put((uint8_t)c);
    }
}
