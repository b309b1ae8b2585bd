/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The idle loop of a kernel without a tick: interrupts are masked while it looks
 * for work, and while it sleeps. One that comes wakes the core all the same, and
 * is handled when the mask is off.
 */
#include "inf.h"

enum { PINS = 0x40028000, LINE = 6 };
#define DIRECTION REG(PINS + 0x00)
#define EDGE REG(PINS + 0x10)
#define PENDING REG(PINS + 0x14)

enum { BUTTON = BIT(3), PRESSES = 4 };

static volatile unsigned events;

void irq6(void)
{
    if (PENDING & BUTTON) {
        PENDING = BUTTON;
        events++;
    }
}

static unsigned events_take(void)
{
    unsigned taken = 0;

    while (!taken) {
        __asm__ volatile("cpsid i" ::: "memory");
        if (!events)
            sleep();
        __asm__ volatile("cpsie i\n isb\n cpsid i" ::: "memory");
        taken = events;
        events = 0;
        __asm__ volatile("cpsie i" ::: "memory");
    }
    return taken;
}

int main(void)
{
    DIRECTION = 0;
    EDGE = BUTTON;
    irq_enable(LINE);
    for (unsigned pressed = 0; pressed < PRESSES;)
        pressed += events_take();
    done();
    for (;;)
        events_take();
}
