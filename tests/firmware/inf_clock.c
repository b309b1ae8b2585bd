/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A clock tree: an oscillator that becomes ready, a PLL that locks in time, a
 * multiplexer that shows what it has switched to, a divider that is busy. The
 * code that computes the clock reads all of it back.
 */
#include "inf.h"

enum { CCU = 0x40030000 };
#define OSC_CTRL REG(CCU + 0x00)
#define PLL_CTRL REG(CCU + 0x04)
#define PLL_STAT REG(CCU + 0x08)
#define MUX REG(CCU + 0x0c)
#define DIV REG(CCU + 0x10)

enum {
    OSC_ENABLE = BIT(0),
    OSC_READY = BIT(8),
    PLL_POWER = BIT(0),
    PLL_MULT_POS = 8,
    PLL_LOCK = BIT(2),
    PLL_LOST = BIT(5),
    MUX_RC = 0,
    MUX_OSC = 1,
    MUX_PLL = 5,
    MUX_STATUS_POS = 4,
    DIV_BUSY = (int)BIT(31),
    OSC_HZ = 8000000
};

static int pll_lock(unsigned mult)
{
    uint32_t since = ticks;

    PLL_CTRL = mult << PLL_MULT_POS;
    PLL_CTRL |= PLL_POWER;
    while (!(PLL_STAT & PLL_LOCK))
        if (timed_out(since, 4))
            return -1;
    return PLL_STAT & PLL_LOST ? -2 : 0;
}

static void select_clock(unsigned source)
{
    MUX = (MUX & ~7u) | source;
    while ((MUX >> MUX_STATUS_POS & 7) != source)
        ;
}

static uint32_t clock_hz(void)
{
    switch (MUX >> MUX_STATUS_POS & 7) {
    case MUX_RC:
        return 4000000;
    case MUX_OSC:
        return OSC_HZ;
    case MUX_PLL:
        return OSC_HZ * (PLL_CTRL >> PLL_MULT_POS & 0xff) / (DIV & 0xff);
    default:
        return 0;
    }
}

int main(void)
{
    static volatile uint32_t hz;

    ticks_start();
    OSC_CTRL |= OSC_ENABLE;
    while (!(OSC_CTRL & OSC_READY))
        ;
    check(pll_lock(12) == 0);
    DIV = 2;
    while (DIV & DIV_BUSY)
        ;
    select_clock(MUX_OSC);
    check(clock_hz() == OSC_HZ);
    select_clock(MUX_PLL);
    check(clock_hz() == 48000000);
    done();
    for (;;)
        hz = clock_hz() + (hz & 1);
}
