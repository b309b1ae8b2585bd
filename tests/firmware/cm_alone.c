/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What runs in fwsim only, because QEMU ends itself or has no such thing: one
 * case each, chosen by the test, which writes `scenario` before the start.
 */
#include "cm.h"

/* Start-up code leaves it alone. */
volatile uint32_t scenario __attribute__((section(".noinit")));

/* First byte behind the RAM of the test board. */
#define RAM_END ((uint32_t)(V8M ? 0x38040000 : 0x20040000))

static void report(uint32_t *frame, uint32_t lr)
{
    (void)lr;
    line("exception", READ_SPECIAL("ipsr"));
    line("  pc", frame[F_PC]);
#if !V6M
    line("  cfsr", CFSR);
    line("  hfsr", HFSR);
    line("  bfar", BFAR);
#endif
    finish(0);
}

static void udf(uint32_t *frame, uint32_t lr)
{
    (void)frame;
    (void)lr;
    line("udf in exception", READ_SPECIAL("ipsr"));
    __asm__ volatile(".global last_instruction\n"
                     "last_instruction: udf #3");
}

static void svc(uint32_t *frame, uint32_t lr)
{
    (void)frame;
    (void)lr;
    __asm__ volatile("svc 0");
}

static void udf_in_hardfault(void)
{
    on[HARDFAULT] = udf;
    __asm__ volatile("udf #1");
}

static void udf_in_nmi(void)
{
    on[NMI] = udf;
    ICSR = 1u << 31;
    barrier();
}

static void svc_in_hardfault(void)
{
    on[HARDFAULT] = svc;
    __asm__ volatile("udf #1");
}

static void breakpoint(void)
{
    put("before");
    __asm__ volatile("bkpt 1");
    put(" behind\n");
}

static void stack_overflow(void)
{
    on[HARDFAULT] = report;
    __asm__ volatile("mov sp, %0\n push {r0, r1}" ::"r"(RAM_END - 0x40000));
}

#if !V6M
static void vectors_nowhere(void)
{
    VTOR = 0x9f000000;
    barrier();
    NVIC_ISER(0) = 1;
    NVIC_ISPR(0) = 1;
    barrier();
}

/* Vectors of interrupts 16 and up are behind the end of the RAM. */
static void vectors_at_the_end(void)
{
    uint32_t *table = (uint32_t *)(RAM_END - 128);

    for (unsigned i = 0; i < 32; i++)
        table[i] = ((const uint32_t *)VTOR)[i];
    on[HARDFAULT] = report;
    VTOR = (uint32_t)table;
    NVIC_ISER(0) = 1u << 20;
    NVIC_ISPR(0) = 1u << 20;
    barrier();
}

static void udf_with_faultmask(void)
{
    __asm__ volatile("cpsid f\n udf #1");
}

/* CCR.BFHFNMIGN: the access has no effect, and the code goes on. */
static void probe(void)
{
    uint32_t count = 0;

    CCR |= 1u << 8;
    __asm__ volatile("cpsid f\n"
                     "ldr r1, =0x9f000000\n"
                     "cmp r1, r1\n"
                     "itttt eq\n"
                     "addeq %0, #1\n"
                     "ldreq r2, [r1, #16]\n"
                     "addeq %0, #1\n"
                     "streq r2, [r1]\n"
                     "adds %0, #1\n"
                     "cpsie f\n"
                     : "+l"(count)
                     :
                     : "r1", "r2", "cc", "memory");
    line_dec("steps", count);
    line("cfsr", CFSR);
    line("bfar", BFAR);
    finish(0);
}

#define ACROSS(name, code)                                                     \
    static void name(void)                                                     \
    {                                                                          \
        on[HARDFAULT] = report;                                                \
        __asm__ volatile("mov r0, %0\n nop\n" code ::"r"(RAM_END - 8)          \
                         : "r0", "r1", "r2", "r3", "r4", "memory");            \
    }

ACROSS(load_many_across, "ldmia r0!, {r1, r2, r3, r4}")
ACROSS(store_many_across, "stmia r0!, {r1, r2, r3, r4}")
ACROSS(load_dual_across, "ldrd r1, r2, [r0, #4]")
ACROSS(load_word_across, "ldr r1, [r0, #6]")
#endif

void run(void)
{
    static void (*const scenarios[])(void) = {
        udf_in_hardfault, udf_in_nmi, svc_in_hardfault, breakpoint,
        stack_overflow,
#if !V6M
        vectors_nowhere, vectors_at_the_end, udf_with_faultmask, probe,
        load_many_across, store_many_across, load_dual_across,
        load_word_across,
#endif
    };

    scenarios[scenario]();
}
