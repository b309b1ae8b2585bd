/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A boot loader that opens only to whoever sends its password. Nothing sends
 * it: the comparisons say which character would go on.
 */
#include "inf.h"

enum { UART = 0x4000a000 };
#define STATUS REG(UART + 0x14)
#define DATA REG8(UART + 0x24)

enum { RECEIVED = BIT(5) };

static uint8_t get(void)
{
    while (!(STATUS & RECEIVED))
        ;
    return DATA;
}

int main(void)
{
    static const char password[] = "Ope.n7!";
    unsigned i = 0;

    while (password[i])
        i = get() == (uint8_t)password[i] ? i + 1 : 0;
    done();
    for (;;)
        get();
}
