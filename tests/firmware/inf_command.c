/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Commands that arrive in a buffer which a transfer fills. Whoever hands out
 * the bytes must not give them to the identity that is compared first, nor to
 * the fields of a clock's status, or the command is cut short. The command is
 * obeyed with an address out of it, and that is the end: the register that says
 * how the bytes were received must not be bent to prevent it.
 */
#include "inf.h"

enum { INFO = 0x50001000, CLOCK = 0x40021000, DMA = 0x40026000,
       UART = 0x40011000, LINE = 4 };
#define PART REG(INFO + 0x1c)
#define CLOCK_CTL REG(CLOCK + 0x00)
#define CLOCK_STATUS REG(CLOCK + 0x0c)
#define DMA_FLAGS REG(DMA + 0x00)
#define DMA_CLEAR REG(DMA + 0x04)
#define CH_CTL REG(DMA + 0x08)
#define CH_COUNT REG(DMA + 0x0c)
#define CH_PERIPH REG(DMA + 0x10)
#define CH_MEMORY REG(DMA + 0x14)
#define UART_CTL REG(UART + 0x00)
#define UART_ERRORS REG(UART + 0x08)
#define UART_DATA (UART + 0x24)

enum {
    ENABLE = BIT(0),
    END_IRQ = BIT(1),
    INCREMENT = BIT(7),
    END = BIT(1),
    PARITY = BIT(6),
    FRAMING = BIT(7),
    SOURCE_LSB = 10
};

uint8_t command[8];
static volatile unsigned clock_mhz, lost, unknown;

static bool is_poke(const uint8_t *c)
{
    return c[0] == 'P' && c[1] == 'O' && c[2] == 'K' && c[3] == 'E';
}

static void obey(const uint8_t *c)
{
    uint32_t address = c[4] | (uint32_t)c[5] << 8 | (uint32_t)c[6] << 16 |
                       (uint32_t)c[7] << 24;

    if (!is_poke(c)) {
        unknown++;
        return;
    }
    done();
    REG(address) = 0;
}

void irq4(void)
{
    if (!(DMA_FLAGS & END))
        return;
    DMA_CLEAR = END;
    if (UART_ERRORS & (PARITY | FRAMING))
        lost++;
    else
        obey(command);
}

static unsigned mhz_of_part(void)
{
    switch (PART >> 24) {
    case 0x21:
        return 48;
    case 0x22:
        return 64;
    default:
        return 32;
    }
}

static void clock_start(void)
{
    CLOCK_CTL = ENABLE;
    while (!(CLOCK_STATUS & BIT(0)))
        ;
    switch (CLOCK_STATUS >> SOURCE_LSB & 7) {
    case 2:
        clock_mhz /= 2;
        break;
    case 4:
        clock_mhz /= 4;
        break;
    default:
        break;
    }
}

int main(void)
{
    clock_mhz = mhz_of_part();
    clock_start();
    UART_CTL = 3;
    irq_enable(LINE);
    CH_CTL = 0;
    CH_PERIPH = UART_DATA;
    CH_MEMORY = (uint32_t)(uintptr_t)command;
    CH_COUNT = sizeof command;
    CH_CTL = INCREMENT | END_IRQ;
    CH_CTL |= ENABLE;
    for (;;)
        sleep();
}
