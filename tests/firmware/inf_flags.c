/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Flags that come and go, round after round: one that a written one clears, one
 * that a written zero clears, one that its own reading clears, one that the
 * hardware clears when it is done.
 */
#include "inf.h"

enum { COPROC = 0x40051000 };
#define START REG(COPROC + 0x00)
#define FLAGS_W1C REG(COPROC + 0x04)
#define FLAGS_W0C REG(COPROC + 0x08)
#define FLAGS_RC REG(COPROC + 0x0c)
#define RESULT REG(COPROC + 0x10)

enum { GO = BIT(0), DONE = BIT(3), OVERFLOW = BIT(1), VALID = BIT(6) };

static uint32_t round_of(uint32_t x)
{
    uint32_t since = ticks;

    START = x << 8 | GO;
    while (START & GO)
        check(!timed_out(since, 4));
    while (!(FLAGS_W1C & DONE))
        check(!timed_out(since, 4));
    FLAGS_W1C = DONE;
    while (!(FLAGS_W0C & DONE))
        check(!timed_out(since, 4));
    FLAGS_W0C = ~(uint32_t)DONE;
    while (!(FLAGS_RC & VALID))
        check(!timed_out(since, 4));
    return RESULT;
}

int main(void)
{
    static volatile uint32_t sum;

    ticks_start();
    FLAGS_W1C = DONE;
    while (FLAGS_W1C & DONE)
        ;
    for (uint32_t i = 0; i < 6; i++)
        sum += round_of(i);
    done();
    for (;;)
        sum += round_of(7);
}
