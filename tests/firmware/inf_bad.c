/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Firmware that does what no driver does; WHAT says which. None of it ends by
 * itself.
 */
#include "inf.h"

enum { BLOCK = 0x40040000, WORDS = 4096, AIRCR_RESET = 0x05fa0004 };
#define AIRCR REG(0xe000ed0c)

static uint32_t random_next(void)
{
    static uint32_t state = 1;

    state ^= state << 13;
    state ^= state >> 17;
    state ^= state << 5;
    return state;
}

/** Reads every register of a large block, and decides by what it finds. */
__attribute__((unused)) static void reads_all(void)
{
    static volatile uint32_t set;

    for (;;)
        for (uint32_t i = 0; i < WORDS; i++)
            if (REG(BLOCK + 4 * i) & BIT(i % 32))
                set++;
}

/** Writes random values to random registers, and reads some. */
__attribute__((unused)) static void writes_random(void)
{
    static volatile uint32_t set;

    for (;;) {
        uint32_t where = random_next() & 0x0ffffffc;

        REG(0x40000000 + where) = random_next();
        if (REG(0x40000000 + (random_next() & 0x0ffffffc)) & 1)
            set++;
    }
}

__attribute__((unused)) static void jumps_astray(void)
{
    ((void (*)(void))(BLOCK + 1))();
}

/** Waits for a handler that can never run. */
__attribute__((unused)) static void masks_interrupts(void)
{
    irq_enable(0);
    __asm__ volatile("cpsid i" ::: "memory");
    while (!(REG(BLOCK) & 1))
        ;
    while (!ticks)
        ;
}

__attribute__((unused)) static void resets(void)
{
    while (!(REG(BLOCK) & 1))
        ;
    AIRCR = AIRCR_RESET;
    for (;;)
        ;
}

__attribute__((unused)) static void sleeps(void)
{
    while (!(REG(BLOCK) & 1))
        ;
    for (;;)
        sleep();
}

/** Waits for a square that leaves 2 when it is divided by 4. */
__attribute__((unused)) static void never_satisfied(void)
{
    uint32_t value;

    do
        value = REG(BLOCK) & 0xffff;
    while ((value * value & 3) != 2);
}

int main(void)
{
    done();
    WHAT();
    failed();
}
