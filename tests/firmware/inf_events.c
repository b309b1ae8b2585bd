/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Events that are waited for until they read 1, and acknowledged by writing
 * ones; before that a register is modified in which hardware shows "ready"
 * only later. A file has to say both of an event, and that the first
 * modification saw no "ready": what the settings are depends on it.
 */
#include "inf.h"

enum { BUS = 0x40068000 };
#define CTL REG(BUS + 0x00)
#define EVENTS REG(BUS + 0x04)
#define DATA REG(BUS + 0x0c)
#define MODE REG(BUS + 0x10)

enum {
    POWER = BIT(0),
    START = BIT(1),
    FAST = BIT(2),
    READY = BIT(16),
    STARTED = BIT(0),
    ADDRESSED = BIT(1),
    SENT = BIT(4),
    REFUSED = BIT(7)
};

static void wait_for(uint32_t event)
{
    uint32_t since = ticks;

    while (!(EVENTS & event))
        check(!timed_out(since, 4));
    EVENTS = event;
}

static bool send(uint8_t address, uint8_t byte)
{
    CTL |= START;
    wait_for(STARTED);
    DATA = address;
    wait_for(ADDRESSED);
    if (EVENTS & REFUSED)
        return false;
    DATA = byte;
    wait_for(SENT);
    return true;
}

int main(void)
{
    ticks_start();
    CTL |= POWER;
    CTL |= FAST;
    MODE = 5;
    while (!(CTL & READY))
        ;
    CTL &= ~(uint32_t)FAST;
    check(send(0x50, 0x01));
    check(send(0x52, 0x02));
    done();
    for (;;)
        check(send(0x50, 0x03));
}
