/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Registers that set and clear what a third one shows: an interrupt mask
 * (IER, IDR, IMR), and a port (set, clear, toggle, value). What is shown is
 * never written. The handler serves what is pending and not masked.
 */
#include "inf.h"

enum { DEVICE = 0x4000e600, PORT = 0x41008000, LINE = 2 };
#define IER REG(DEVICE + 0x10)
#define IDR REG(DEVICE + 0x14)
#define IMR REG(DEVICE + 0x18)
#define ISR REG(DEVICE + 0x1c)
#define ICR REG(DEVICE + 0x20)
#define OUT REG(PORT + 0x10)
#define OUTCLR REG(PORT + 0x14)
#define OUTSET REG(PORT + 0x18)
#define OUTTGL REG(PORT + 0x1c)

enum { MATCH = BIT(2), CAPTURE = BIT(5), LED = BIT(13), ENABLE = BIT(4) };

static volatile unsigned matches, captures;

void irq2(void)
{
    uint32_t pending = ISR & IMR;

    if (pending & MATCH) {
        ICR = MATCH;
        matches++;
    }
    if (pending & CAPTURE) {
        ICR = CAPTURE;
        captures++;
    }
}

int main(void)
{
    OUTSET = LED | ENABLE;
    check((OUT & (LED | ENABLE)) == (LED | ENABLE));
    OUTCLR = LED;
    check((OUT & (LED | ENABLE)) == ENABLE);
    irq_enable(LINE);
    IER = MATCH | CAPTURE;
    while (matches < 3 || captures < 3)
        sleep();
    IDR = CAPTURE;
    check((IMR & (MATCH | CAPTURE)) == MATCH);
    done();
    for (;;) {
        OUTTGL = LED;
        sleep();
    }
}
