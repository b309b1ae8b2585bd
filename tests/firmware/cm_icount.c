/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How many ticks straight-line code takes. A tick of SysTick may be several
 * instructions, PHASES at most and a divisor of it: the code is measured with
 * so many lengths, one instruction apart, that the sum is exact.
 */
#include "cm.h"

enum { PHASES = 5, RELOAD = 0xffffff };

/* Ten instructions of all sorts, without a branch; one is skipped. */
#define TEN                                                                    \
    "adds r2, r2, #1\n str r2, [sp]\n ldr r3, [sp]\n muls r3, r2\n"            \
    "cmp r2, r2\n it ne\n addne r2, #5\n strd r2, r3, [sp]\n"                  \
    "udiv r3, r2, r2\n nop.w\n"

/* The counter starts anew, and is read at the start of a block. */
#define MEASURE(name, tens, more)                                              \
    __attribute__((naked, noinline)) static uint32_t name(void)                \
    {                                                                          \
        __asm__ volatile("sub sp, #8\n"                                        \
                         "movw r0, #0xe018\n"                                  \
                         "movt r0, #0xe000\n"                                  \
                         "movs r2, #0\n"                                       \
                         "b 1f\n"                                              \
                         "1: str r2, [r0]\n"                                   \
                         ".rept " #tens "\n" TEN ".endr\n"                     \
                         ".rept " #more "\n nop\n .endr\n"                     \
                         "b 2f\n"                                              \
                         "2: ldr r0, [r0]\n"                                   \
                         "add sp, #8\n"                                        \
                         "bx lr\n");                                           \
    }

#define MEASURES(name, tens)                                                   \
    MEASURE(name##_0, tens, 0)                                                 \
    MEASURE(name##_1, tens, 1)                                                 \
    MEASURE(name##_2, tens, 2)                                                 \
    MEASURE(name##_3, tens, 3)                                                 \
    MEASURE(name##_4, tens, 4)                                                 \
    static uint32_t name(void)                                                 \
    {                                                                          \
        return PHASES * RELOAD - name##_0() - name##_1() - name##_2() -        \
               name##_3() - name##_4();                                        \
    }

MEASURES(some, 10)
MEASURES(many, 1010)

void run(void)
{
    SYST_RVR = RELOAD;
    SYST_CVR = 0;
    SYST_CSR = 5;
    line_dec("ticks", many() - some());
}
