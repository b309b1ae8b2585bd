/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A timer: a delay that watches the counter, an update that is polled, and an
 * update interrupt that keeps the time.
 */
#include "inf.h"

enum { TIMER = 0x40000800, LINE = 6 };
#define CR REG16(TIMER + 0x00)
#define DIER REG16(TIMER + 0x0c)
#define SR REG16(TIMER + 0x10)
#define EGR REG16(TIMER + 0x14)
#define CNT REG16(TIMER + 0x24)
#define PSC REG16(TIMER + 0x28)
#define ARR REG16(TIMER + 0x2c)

enum { ENABLE = BIT(0), UPDATE = BIT(0) };

static volatile uint32_t seconds;

void irq6(void)
{
    if (SR & UPDATE && DIER & UPDATE) {
        SR = (uint16_t)~UPDATE;
        seconds++;
    }
}

static void delay(uint16_t us)
{
    uint16_t from = CNT;

    while ((uint16_t)(CNT - from) < us)
        ;
}

int main(void)
{
    PSC = 15;
    ARR = 0xffff;
    EGR = UPDATE;
    while (!(SR & UPDATE))
        ;
    SR = (uint16_t)~UPDATE;
    CR |= ENABLE;
    delay(10);
    irq_enable(LINE);
    DIER |= UPDATE;
    while (seconds < 5)
        ;
    done();
    for (;;)
        delay(20);
}
