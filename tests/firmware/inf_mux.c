/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A clock switch whose status field follows the select field, back and forth,
 * as when firmware changes its speed: no value of the status is right for good.
 */
#include "inf.h"

enum { CLK = 0x4001a000 };
#define SELECT REG(CLK + 0x20)
#define STATUS REG(CLK + 0x24)

enum { SLOW = 1, FAST = 2, CRYSTAL = 4 }; /* one bit each, as on RP2040 */

static void change(uint32_t source)
{
    uint32_t since = ticks;

    SELECT = source;
    while ((STATUS & 7) != source)
        check(!timed_out(since, 4));
}

static uint32_t clock_khz(void)
{
    switch (STATUS & 7) {
    case SLOW:
        return 32;
    case FAST:
        return 48000;
    case CRYSTAL:
        return 12000;
    default:
        failed();
    }
}

int main(void)
{
    ticks_start();
    change(CRYSTAL);
    check(clock_khz() == 12000);
    change(FAST);
    check(clock_khz() == 48000);
    change(SLOW);
    check(clock_khz() == 32);
    change(FAST);
    check(clock_khz() == 48000);
    done();
    for (;;) {
        change(SLOW);
        change(FAST);
        check(clock_khz() == 48000);
    }
}
