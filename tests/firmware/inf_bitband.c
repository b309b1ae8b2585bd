/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Bits of registers by their bit-band addresses: set, cleared and waited for
 * as words of their own; and the same registers as a whole.
 */
#include "inf.h"

enum { PWR = 0x40007000, RTC = 0x40002800 };
#define BITBAND(addr, bit)                                                     \
    REG(0x42000000 + ((addr) - 0x40000000) * 32 + 4 * (bit))
#define PWR_CR (PWR + 0x00)
#define PWR_SR (PWR + 0x04)
#define RTC_CR (RTC + 0x00)
#define RTC_SR (RTC + 0x04)

enum { BACKUP = 8, READY = 3, SYNCED = 5, SHADOW = 12, OFF = 4 };

int main(void)
{
    BITBAND(PWR_CR, BACKUP) = 1;
    check(REG(PWR_CR) & BIT(BACKUP));
    while (!BITBAND(PWR_SR, READY))
        ;
    BITBAND(RTC_CR, SHADOW) = 1;
    BITBAND(RTC_SR, SYNCED) = 0;
    while (!(REG(RTC_SR) & BIT(SYNCED)))
        ;
    BITBAND(RTC_CR, OFF) = 1;
    while (BITBAND(RTC_CR, OFF))
        ;
    check(BITBAND(RTC_CR, SHADOW));
    BITBAND(RTC_CR, SHADOW) = 0;
    check(!(REG(RTC_CR) & BIT(SHADOW)));
    done();
    for (;;)
        while (!BITBAND(PWR_SR, READY))
            ;
}
