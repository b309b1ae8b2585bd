/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Registers that say what a device is: a driver looks at vendor, part and
 * revision before it does anything else, and gives up when they are others.
 */
#include "inf.h"

enum { CHIP = 0x40048000, BLOCK = 0x40090000, ETH = 0x400a0000 };
#define CHIP_ID REG(CHIP + 0x24)
#define PERIPH_ID(n) REG(BLOCK + 0xfe0 + 4 * (n))
#define VERSION REG16(ETH + 0x20)

static int part_of(uint32_t id)
{
    switch (id >> 12 & 0xffff) {
    case 0x2c11:
        return 1;
    case 0x2c15:
        return 2;
    case 0x3c40:
        return 3;
    default:
        return 0;
    }
}

static bool is_ours(void)
{
    static const uint8_t expected[4] = { 0x11, 0x18, 0x34, 0x00 };

    for (unsigned i = 0; i < 4; i++)
        if ((uint8_t)PERIPH_ID(i) != expected[i])
            return false;
    return true;
}

int main(void)
{
    check((CHIP_ID & 0xfff) == 0x477);
    check(part_of(CHIP_ID) != 0);
    check(is_ours());
    check(VERSION >= 0x0102);
    done();
    for (;;)
        sleep();
}
