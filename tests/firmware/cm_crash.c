/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A crash in a function of an interrupt handler; the call stack goes through
 * the exception frame. */
#include "cm.h"

static volatile uint32_t sink;

__attribute__((noinline)) static void crash(uint32_t address)
{
    sink = REG(address); /* the crash */
    sink++;
}

__attribute__((noinline)) static void handle_data(uint32_t address)
{
    crash(address + 16);
    sink++;
}

static void irq(uint32_t *frame, uint32_t lr)
{
    (void)frame;
    (void)lr;
    handle_data(0x9f000000);
    sink++;
}

__attribute__((noinline)) static void work(void)
{
    NVIC_ISPR(0) = 1;
    barrier();
    sink++;
}

void run(void)
{
    on[IRQ0] = irq;
    NVIC_ISER(0) = 1;
    work();
    sink++;
}
