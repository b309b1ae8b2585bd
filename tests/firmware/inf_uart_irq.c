/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A UART with an interrupt: flags that are acknowledged by ones, and registers
 * that set and clear the enable bits, as in Microchip's SERCOM. Lines are sent
 * and received by the handler; main sleeps.
 */
#include "inf.h"

enum { UART = 0x42001800, LINE = 3 };
#define CTRLA REG(UART + 0x00)
#define CTRLB REG(UART + 0x04)
#define BAUD REG16(UART + 0x0c)
#define INTENCLR REG8(UART + 0x14)
#define INTENSET REG8(UART + 0x16)
#define INTFLAG REG8(UART + 0x18)
#define SYNCBUSY REG(UART + 0x1c)
#define DATA REG16(UART + 0x28)

enum {
    SWRST = BIT(0),
    ENABLE = BIT(1),
    RXEN = BIT(17),
    TXEN = BIT(16),
    DRE = BIT(0),
    TXC = BIT(1),
    RXC = BIT(2),
    ERROR = BIT(7)
};

static const char *volatile next;
static volatile unsigned received;
static volatile uint8_t line[16];

void irq3(void)
{
    uint8_t flags = INTFLAG & INTENSET;

    if (flags & ERROR)
        INTFLAG = ERROR;
    if (flags & RXC) {
        line[received % sizeof line] = (uint8_t)DATA;
        received++;
    }
    if (flags & DRE) {
        if (next && *next)
            DATA = (uint8_t)*next++;
        else
            INTENCLR = DRE;
    }
}

static void synchronise(uint32_t bits)
{
    while (SYNCBUSY & bits)
        ;
}

static void uart_open(void)
{
    CTRLA = SWRST;
    synchronise(SWRST);
    CTRLB = RXEN | TXEN;
    synchronise(BIT(2));
    BAUD = 63019;
    CTRLA |= ENABLE;
    synchronise(ENABLE);
    irq_enable(LINE);
    INTENSET = RXC | ERROR;
}

static void uart_print(const char *text)
{
    next = text;
    INTENSET = DRE;
    while (*next)
        sleep();
}

int main(void)
{
    uart_open();
    uart_print("hello\r\n");
    while (received < 4)
        sleep();
    done();
    for (;;)
        uart_print("again\r\n");
}
