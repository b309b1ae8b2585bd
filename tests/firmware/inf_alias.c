/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Every register three times more, at aliases that toggle, set and clear its
 * bits, as on RP2040: resets that are released and then done, an oscillator,
 * and settings that are changed by the aliases and read at their own address.
 */
#include "inf.h"

enum { RESETS = 0x4000c000, XOSC = 0x40024000, PADS = 0x4001c000 };
enum { TOGGLE = 0x1000, SET = 0x2000, CLEAR = 0x3000 };
#define RESET RESETS
#define RESET_DONE REG(RESETS + 8)
#define XOSC_CTRL XOSC
#define XOSC_STATUS REG(XOSC + 4)
#define PAD (PADS + 4)

enum { UART0 = BIT(22), PADS_BANK = BIT(8), STABLE = (int)BIT(31),
       PULL_UP = BIT(3), INPUT = BIT(6) };

static void release(uint32_t blocks)
{
    REG(RESET + SET) = blocks;
    REG(RESET + CLEAR) = blocks;
    while (~RESET_DONE & blocks)
        ;
}

int main(void)
{
    REG(XOSC_CTRL) = 0xaa0;
    REG(XOSC_CTRL + SET) = 0xfab000;
    while (!(XOSC_STATUS & STABLE))
        ;
    release(PADS_BANK);
    release(UART0 | PADS_BANK);
    check(!(REG(RESET) & UART0));
    REG(PAD + SET) = PULL_UP | INPUT;
    check((REG(PAD) & (PULL_UP | INPUT)) == (PULL_UP | INPUT));
    REG(PAD + CLEAR) = PULL_UP;
    check((REG(PAD) & (PULL_UP | INPUT)) == INPUT);
    done();
    for (;;)
        REG(PAD + TOGGLE) = INPUT;
}
