/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reads of a register, as a driver makes them: a status that is waited for,
 * and three that are used. The command line says which; 0: words of RAM.
 */
#include "guest.h"

enum { ROUNDS = 3000000 };

static volatile uint32_t words[3];

void bench(void)
{
    unsigned addr = argument();
    volatile uint32_t *reg = addr ? &REG(addr) : words;
    uint32_t sum = 0;

    for (unsigned i = 0; i < ROUNDS; i++) {
        while (reg[0] & 0x80000000u)
            ;
        sum += reg[0] & 1;
        sum ^= reg[1];
        sum += reg[2] >> 1 & 7;
        reg[1] = sum;
    }
    print_hex(sum);
}
