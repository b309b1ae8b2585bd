/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Transfers without the core: a channel that is polled until its count is 0, a
 * circular one with interrupts at half and at the end, and a controller that
 * finds its descriptor in RAM, as on TI's Tiva and Microchip's SAM.
 */
#include "inf.h"

enum { DMA = 0x40026000, UART = 0x40011000, UDMA = 0x400ff000, LINE = 4 };
#define STATUS REG(DMA + 0x00)
#define CLEAR REG(DMA + 0x04)
#define CH_CTL(n) REG(DMA + 0x08 + 20 * (n))
#define CH_COUNT(n) REG(DMA + 0x0c + 20 * (n))
#define CH_PERIPH(n) REG(DMA + 0x10 + 20 * (n))
#define CH_MEMORY(n) REG(DMA + 0x14 + 20 * (n))
#define UART_DATA (UART + 0x24)
#define TABLE REG(UDMA + 0x08)
#define ENASET REG(UDMA + 0x28)

enum {
    ENABLE = BIT(0),
    END_IRQ = BIT(1),
    HALF_IRQ = BIT(2),
    CIRCULAR = BIT(5),
    INCREMENT = BIT(7),
    END = BIT(1),
    HALF = BIT(2),
    SIZE = 16
};
#define FLAGS(n, bits) ((uint32_t)(bits) << 4 * (n))

typedef struct descriptor {
    const volatile void *source_end;
    volatile void *destination_end;
    uint32_t control, reserved;
} descriptor;

uint8_t polled[SIZE], circular[SIZE], described[SIZE];
static descriptor table[32] __attribute__((aligned(1024)));
static volatile unsigned halves, ends;

void irq4(void)
{
    if (STATUS & FLAGS(1, HALF)) {
        CLEAR = FLAGS(1, HALF);
        halves++;
    }
    if (STATUS & FLAGS(1, END)) {
        CLEAR = FLAGS(1, END);
        ends++;
    }
}

static void start(unsigned n, uint8_t *to, uint32_t options)
{
    CH_CTL(n) = 0;
    CH_PERIPH(n) = UART_DATA;
    CH_MEMORY(n) = (uint32_t)(uintptr_t)to;
    CH_COUNT(n) = SIZE;
    CH_CTL(n) = INCREMENT | options;
    CH_CTL(n) |= ENABLE;
}

int main(void)
{
    ticks_start();
    start(0, polled, 0);
    while (CH_COUNT(0))
        ;
    check(STATUS & FLAGS(0, END));
    CLEAR = FLAGS(0, END);
    irq_enable(LINE);
    start(1, circular, CIRCULAR | END_IRQ | HALF_IRQ);
    while (halves < 3 || ends < 3)
        sleep();
    table[7] = (descriptor){ (void *)UART_DATA, described + SIZE - 1,
                             (SIZE - 1) << 4 | 1, 0 };
    TABLE = (uint32_t)(uintptr_t)table;
    ENASET = BIT(7);
    while (ENASET & BIT(7))
        ;
    done();
    for (;;)
        sleep();
}
