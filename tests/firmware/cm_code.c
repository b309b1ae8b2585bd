/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Code that is hard to run in pieces: interrupts at every place of IT blocks
 * and multiple loads and stores; code in RAM, and code that is changed; known
 * numbers of instructions.
 */
#include "cm.h"

static unsigned interrupts;

static void clobber(uint32_t *frame, uint32_t lr)
{
    (void)frame;
    (void)lr;
    TESTDEV_LOWER = 1;
    interrupts++;
    __asm__ volatile("movs r0, #0\n adds r0, r0, #0\n"
                     "movs r1, #1\n movs r2, #2\n movs r3, #3" ::
                         : "r0", "r1", "r2", "r3", "cc");
}

/* The same result whenever the interrupt comes. */
__attribute__((naked, noinline)) static uint32_t
sequence(uint32_t start __attribute__((unused)))
{
    __asm__ volatile("push {r4-r7, lr}\n"
                     "movs r1, #10\n"
                     "1: movs r2, #1\n"
                     "movs r3, #2\n"
                     "movs r4, #3\n"
                     "movs r5, #4\n"
                     "push {r2-r5}\n"
                     "mov r6, sp\n"
                     "ldmia r6!, {r2, r3, r4, r5}\n"
                     "adds r0, r0, r2\n"
                     "lsls r0, r0, #1\n"
                     "adds r0, r0, r5\n"
                     "cmp r3, #2\n"
#if !V6M
                     "itete eq\n"
                     "addeq r0, r0, #3\n"
                     "addne r0, r0, #100\n"
                     "eoreq r0, r0, r1\n"
                     "movne r0, #0\n"
                     "cmp r4, #2\n"
                     "ittee hi\n"
                     "addhi r0, r0, #7\n"
                     "strdhi r0, r1, [sp]\n"
                     "movls r0, #1\n"
                     "movls r1, #1\n"
                     "ldrd r0, r1, [sp]\n"
#endif
                     "pop {r2-r5}\n"
                     "subs r1, r1, #1\n"
                     "bne 1b\n"
                     "pop {r4-r7, pc}\n");
}

static void torture(void)
{
    uint32_t expected = sequence(1);
    unsigned wrong = 0, rounds = 120;

    for (unsigned delay = 0; delay < rounds; delay++) {
        TESTDEV_AFTER(0) = delay;
        if (sequence(1) != expected)
            wrong++;
    }
    __asm__ volatile("isb");
    line_dec("wrong results", wrong);
    line_dec("interrupts", interrupts == rounds);
}

/* movs r0, #n; bx lr; and data beside them */
static volatile uint16_t function[4] __attribute__((aligned(4)));

static uint32_t call(volatile void *code)
{
    return ((uint32_t(*)(void))((uint32_t)code | 1))();
}

static void changed_code(void)
{
    unsigned wrong = 0;

    function[1] = 0x4770;
    for (unsigned i = 0; i < 50; i++) {
        function[0] = (uint16_t)(0x2000 | i);
        barrier();
        wrong += call(function) != i;
        function[3]++;
        wrong += call(function) != i;
    }
    line_dec("wrong results of changed code", wrong);
}

/* It writes into its own block, behind itself: adds r0, #1 becomes #7. */
static uint16_t own[8] __attribute__((aligned(4)));

static void own_code(void)
{
    static const uint16_t code[] = {
        0xa101, /* adr r1, own + 8 */
        0x4a02, /* ldr r2, own + 12 */
        0x800a, /* strh r2, [r1] */
        0xe7ff, /* b own + 8 */
        0x3001, /* adds r0, #1, to be overwritten */
        0x4770, /* bx lr */
        0x3007, /* adds r0, #7 */
        0x0000,
    };

    for (unsigned i = 0; i < 8; i++)
        own[i] = code[i];
    barrier();
    line_dec("own code gives",
             ((uint32_t(*)(uint32_t))((uint32_t)own | 1))(10));
}

/* Between two readings of the clock are 100 instructions of one, or of two,
 * halfwords, the load itself and two branches. */
#define COUNT(name, code)                                                      \
    __attribute__((naked, noinline)) static uint32_t name(                     \
        volatile uint32_t *clock __attribute__((unused)))                      \
    {                                                                          \
        __asm__ volatile("ldr r1, [r0]\n"                                      \
                         "b 1f\n"                                              \
                         "1: .rept 100\n" code "\n.endr\n"                     \
                         "b 2f\n"                                              \
                         "2: ldr r0, [r0]\n"                                   \
                         "subs r0, r0, r1\n"                                   \
                         "bx lr\n");                                           \
    }

COUNT(count_narrow, "adds r2, r2, #1")
COUNT(count_wide, "dmb")

enum { COUNT_NARROW_SIZE = 2 * 106 };

static uint32_t count_in_ram(volatile uint32_t *clock)
{
    static uint16_t copy[COUNT_NARROW_SIZE / 2] __attribute__((aligned(4)));
    const uint16_t *code = (const uint16_t *)((uint32_t)count_narrow & ~1u);

    for (unsigned i = 0; i < COUNT_NARROW_SIZE / 2; i++)
        copy[i] = code[i];
    barrier();
    return ((uint32_t(*)(volatile uint32_t *))((uint32_t)copy | 1))(clock);
}

static void counting(void)
{
    volatile uint32_t *clock = &TESTDEV_NOW;

    line_dec("narrow instructions", count_narrow(clock));
    line_dec("wide instructions", count_wide(clock));
    line_dec("in ram", count_in_ram(clock));
    line_dec("in ram", count_in_ram(clock));
}

void run(void)
{
    on[IRQ0] = clobber;
    NVIC_ISER(0) = 1;
    torture();
    changed_code();
    own_code();
    counting();
}
