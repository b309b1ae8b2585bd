/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sleep and SysTick, with the test device as the source of interrupts. Times
 * are core ticks; an instruction is one, and sleep jumps.
 */
#include "cm.h"

static unsigned calls;
static uint32_t at[8];

static void irq(uint32_t *frame, uint32_t lr)
{
    unsigned n = READ_SPECIAL("ipsr") - IRQ0;

    (void)frame;
    (void)lr;
    at[calls++ & 7] = TESTDEV_NOW;
    TESTDEV_LOWER = 1u << n;
}

static void tick(uint32_t *frame, uint32_t lr)
{
    (void)frame;
    (void)lr;
    at[calls++ & 7] = TESTDEV_NOW;
}

static void called(const char *title)
{
    line_dec(title, calls);
    calls = 0;
}

/* How long, in thousands of ticks: code around costs less than one. */
static uint32_t since(uint32_t start)
{
    return (TESTDEV_NOW - start) / 1000;
}

static void wfi(void)
{
    uint32_t start = TESTDEV_NOW;

    TESTDEV_AFTER(0) = 5000;
    __asm__ volatile("wfi");
    line_dec("wfi slept", since(start));
    called("  handler calls");

    __asm__ volatile("cpsid i");
    start = TESTDEV_NOW;
    TESTDEV_AFTER(0) = 3000;
    __asm__ volatile("wfi");
    line_dec("wfi with primask slept", since(start));
    called("  handler calls");
    __asm__ volatile("cpsie i\n isb");
    called("  when unmasked");

    /* Pending already: no sleep at all. */
    __asm__ volatile("cpsid i");
    NVIC_ISPR(0) = 1;
    start = TESTDEV_NOW;
    __asm__ volatile("wfi");
    line_dec("wfi with one pending slept", since(start));
    __asm__ volatile("cpsie i\n isb");
    called("  handler calls");

    /* Not enabled: wakes nobody. */
    NVIC_ICER(0) = 2;
    start = TESTDEV_NOW;
    TESTDEV_AFTER(1) = 2000;
    TESTDEV_AFTER(0) = 7000;
    __asm__ volatile("wfi");
    line_dec("wfi woken by the enabled one after", since(start));
    called("  handler calls");
    TESTDEV_LOWER = 2;
    NVIC_ICPR(0) = 2;
    NVIC_ISER(0) = 2;
}

#if !V6M
/* What BASEPRI masks does not wake (B1.5.19). */
static void wfi_basepri(void)
{
    uint32_t start = TESTDEV_NOW;

    set_priority(IRQ0 + 0, 0x40);
    set_priority(IRQ0 + 1, 0x80);
    WRITE_SPECIAL("basepri", 0x80);
    TESTDEV_AFTER(1) = 2000;
    TESTDEV_AFTER(0) = 6000;
    __asm__ volatile("wfi");
    line_dec("wfi with basepri slept", since(start));
    called("  handler calls");
    WRITE_SPECIAL("basepri", 0);
    called("  when unmasked");
}
#endif

static void wfe(void)
{
    uint32_t start;

    __asm__ volatile("sev\n wfe"); /* clears what was before */
    start = TESTDEV_NOW;
    TESTDEV_AFTER(0) = 4000;
    __asm__ volatile("sev\n wfe");
    line_dec("wfe after sev slept", since(start));
    __asm__ volatile("wfe");
    line_dec("second wfe slept", since(start));
    called("  handler calls");
    /* The return from the handler has set the event register. */
    start = TESTDEV_NOW;
    TESTDEV_AFTER(0) = 4000;
    __asm__ volatile("wfe");
    line_dec("wfe after a handler slept", since(start));
    __asm__ volatile("wfe");
    line_dec("the next slept", since(start));
    called("  handler calls");

    /* SEVONPEND: a pending interrupt that is not enabled wakes WFE. */
    __asm__ volatile("sev\n wfe");
    NVIC_ICER(0) = 2;
    SCR = 1u << 4;
    start = TESTDEV_NOW;
    TESTDEV_AFTER(1) = 2000;
    TESTDEV_AFTER(0) = 9000;
    __asm__ volatile("wfe");
    line_dec("wfe with sevonpend slept", since(start));
    called("  handler calls");
    SCR = 0;
    __asm__ volatile("wfi");
    called("  later");
    TESTDEV_LOWER = 2;
    NVIC_ICPR(0) = 2;
    NVIC_ISER(0) = 2;
}

static void end_of_sleep(uint32_t *frame, uint32_t lr)
{
    irq(frame, lr);
    if (calls == 3)
        SCR = 0;
    else
        TESTDEV_AFTER(0) = 1000;
}

static void sleep_on_exit(void)
{
    uint32_t start = TESTDEV_NOW;

    on[IRQ0] = end_of_sleep;
    SCR = 1u << 1;
    TESTDEV_AFTER(0) = 1000;
    __asm__ volatile("wfi");
    line_dec("sleeponexit slept", since(start));
    called("  handler calls");
    on[IRQ0] = irq;
}

/* A line that stays high comes again at once; a pulse that comes during the
 * handler comes once more. */
static unsigned rounds;

static void level(uint32_t *frame, uint32_t lr)
{
    (void)frame;
    (void)lr;
    if (++rounds == 3)
        TESTDEV_LOWER = 1;
}

static void levels(void)
{
    on[IRQ0] = level;
    TESTDEV_AFTER(0) = 10;
    __asm__ volatile("wfi");
    line_dec("level came", rounds);
    on[IRQ0] = irq;
    line("pending", NVIC_ISPR(0));
}

static void systick(void)
{
    uint32_t csr;

    on[SYSTICK] = tick;
    SYST_RVR = 999;
    SYST_CVR = 0;
    SYST_CSR = 7;
    for (unsigned i = 0; i < 4; i++)
        __asm__ volatile("wfi");
    line_dec("period", at[1] - at[0]);
    line_dec("period", at[2] - at[1]);
    line_dec("period", at[3] - at[2]);
    called("  calls");
    csr = SYST_CSR;
    line("csr", csr);
    line("csr read again", SYST_CSR);
    SYST_CSR = 5;
    TESTDEV_AFTER(0) = 2500;
    __asm__ volatile("wfi");
    called("without TICKINT");
    line("csr", SYST_CSR);
    TESTDEV_AFTER(0) = 2500;
    __asm__ volatile("wfi");
    calls = 0;
    SYST_CVR = 77;
    line("csr after a write to cvr", SYST_CSR);
    SYST_CSR = 4;
    SYST_CVR = 0;
    line("cvr", SYST_CVR);
    /* It loads RELOAD one tick after it is switched on. */
    SYST_RVR = 0xffffff;
    SYST_CSR = 5;
    TESTDEV_AFTER(0) = 1000;
    __asm__ volatile("wfi");
    csr = 0xffffff - SYST_CVR;
    line_dec("counted", csr / 100);
    calls = 0;
    /* A new reload value counts from the next zero on. */
    SYST_CSR = 0;
    SYST_RVR = 499;
    SYST_CVR = 0;
    SYST_CSR = 7;
    __asm__ volatile("wfi");
    SYST_RVR = 1999;
    __asm__ volatile("wfi");
    __asm__ volatile("wfi");
    SYST_CSR = 0;
    line_dec("old period", at[1] - at[0]);
    line_dec("new period", at[2] - at[1]);
    calls = 0;
    /* RELOAD 0 stops it at the next zero. */
    SYST_RVR = 100;
    SYST_CVR = 0;
    SYST_CSR = 7;
    __asm__ volatile("wfi");
    SYST_RVR = 0;
    __asm__ volatile("wfi");
    TESTDEV_AFTER(0) = 5000;
    __asm__ volatile("wfi");
    called("calls until reload 0");
    SYST_CSR = 0;
}

static void late(uint32_t *frame, uint32_t lr)
{
    (void)frame;
    (void)lr;
    put(READ_SPECIAL("ipsr") == IRQ0 ? " 0" : " 1");
    TESTDEV_LOWER = 3;
}

/* Both at one tick: the one with the higher priority, then the other. */
static void late_arrival(void)
{
    on[IRQ0] = on[IRQ0 + 1] = late;
    set_priority(IRQ0, 0x80);
    set_priority(IRQ0 + 1, 0x40);
    put("at one tick:");
    TESTDEV_AFTER(0) = 100;
    TESTDEV_AFTER(1) = 100;
    __asm__ volatile("wfi");
    put("\n");
    set_priority(IRQ0, 0);
    set_priority(IRQ0 + 1, 0);
    on[IRQ0] = on[IRQ0 + 1] = irq;
}

void run(void)
{
    on[IRQ0] = on[IRQ0 + 1] = irq;
    NVIC_ISER(0) = 3;
    wfi();
#if !V6M
    wfi_basepri();
#endif
    wfe();
    sleep_on_exit();
    levels();
    late_arrival();
    systick();
    /* Nothing is left that could wake it. */
    put("good night\n");
    __asm__ volatile("wfi");
}
