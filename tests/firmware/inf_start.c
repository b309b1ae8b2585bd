/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Start-up code, vector table and system tick of the guests of inference.
 */
#include "inf.h"

#define SYST_CSR REG(0xe000e010)
#define SYST_RVR REG(0xe000e014)
#define SYST_CVR REG(0xe000e018)
#define NVIC_ISER REG(0xe000e100)

enum { TICK = 1600 };

extern uint32_t __stack_top, __data_load, __data_start, __data_end,
    __bss_start, __bss_end;

volatile uint32_t ticks;

__attribute__((noinline)) void done(void)
{
    __asm__ volatile("" ::: "memory");
}

__attribute__((noinline)) void failed(void)
{
    __asm__ volatile("cpsid i" ::: "memory");
    for (;;)
        ;
}

void check(bool ok)
{
    if (!ok)
        failed();
}

void ticks_start(void)
{
    SYST_RVR = TICK - 1;
    SYST_CVR = 0;
    SYST_CSR = 7;
}

bool timed_out(uint32_t since, uint32_t after)
{
    return ticks - since > after;
}

void irq_enable(unsigned line)
{
    NVIC_ISER = BIT(line);
}

static void systick(void)
{
    ticks++;
}

void unexpected(void)
{
    for (;;)
        ;
}

void reset_handler(void)
{
    uint32_t *from = &__data_load;

    for (uint32_t *to = &__data_start; to < &__data_end;)
        *to++ = *from++;
    for (uint32_t *to = &__bss_start; to < &__bss_end;)
        *to++ = 0;
    main();
    for (;;)
        ;
}

#define OPTIONAL __attribute__((weak, alias("unexpected")))

OPTIONAL void irq0(void);
OPTIONAL void irq1(void);
OPTIONAL void irq2(void);
OPTIONAL void irq3(void);
OPTIONAL void irq4(void);
OPTIONAL void irq5(void);
OPTIONAL void irq6(void);
OPTIONAL void irq7(void);
OPTIONAL void pendsv(void);

__attribute__((section(".vectors"), used)) static void *const vectors[48] = {
    [0] = &__stack_top,
    [1] = (void *)reset_handler,
    [2 ... 13] = (void *)unexpected,
    [14] = (void *)pendsv,
    [15] = (void *)systick,
    [16] = (void *)irq0,
    [17] = (void *)irq1,
    [18] = (void *)irq2,
    [19] = (void *)irq3,
    [20] = (void *)irq4,
    [21] = (void *)irq5,
    [22] = (void *)irq6,
    [23] = (void *)irq7,
    [24 ... 47] = (void *)unexpected,
};
