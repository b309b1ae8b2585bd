/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * SPI, both ways at once: what is sent, a word is received for. A memory chip
 * is asked for its status until it is ready, and read.
 */
#include "inf.h"

enum { SPI = 0x40013800, CS = 0x48000400 };
#define CTRL REG(SPI + 0x00)
#define FRAME REG(SPI + 0x04)
#define STATUS REG(SPI + 0x08)
#define TX REG(SPI + 0x0c)
#define RX REG(SPI + 0x10)
#define CS_OUT REG(CS + 0x00)

enum {
    ENABLE = BIT(0),
    MASTER = BIT(1),
    TX_EMPTY = BIT(8),
    RX_FULL = BIT(9),
    UNDERRUN = BIT(10),
    BUSY = BIT(12),
    READ_STATUS = 0x05,
    READ = 0x03,
    CHIP_BUSY = BIT(0)
};

static uint8_t transfer(uint8_t out)
{
    uint32_t since = ticks;

    while (!(STATUS & TX_EMPTY))
        check(!timed_out(since, 3));
    TX = out;
    while (!(STATUS & RX_FULL))
        check(!timed_out(since, 3));
    return (uint8_t)RX;
}

static void select(bool yes)
{
    while (STATUS & BUSY)
        ;
    CS_OUT = yes ? 0 : BIT(4);
}

static uint8_t chip_status(void)
{
    uint8_t status;

    select(true);
    transfer(READ_STATUS);
    status = transfer(0xff);
    select(false);
    return status;
}

static void read_chip(uint8_t *to, unsigned count)
{
    while (chip_status() & CHIP_BUSY)
        ;
    select(true);
    transfer(READ);
    for (int i = 0; i < 3; i++)
        transfer(0);
    while (count--)
        *to++ = transfer(0xff);
    select(false);
}

int main(void)
{
    uint8_t page[16];

    ticks_start();
    FRAME = 7;
    CTRL = MASTER;
    CTRL |= ENABLE;
    read_chip(page, sizeof page);
    check(!(STATUS & UNDERRUN));
    done();
    for (;;)
        read_chip(page, sizeof page);
}
