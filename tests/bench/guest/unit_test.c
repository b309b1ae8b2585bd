/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A unit test as people have them: the firmware boots (it clears and fills its
 * RAM), then works for a millisecond of its clock of 25 MHz on 10 KiB.
 */
#include "guest.h"
#include "unit_test.h"

enum { RAM_WORDS = 96 * 1024 / 4 };

static uint32_t heap[RAM_WORDS];
static uint32_t words[UNIT_WORDS] __attribute__((aligned(4096)));
volatile uint32_t result;

/** Boot is over: here a test begins. */
__attribute__((noinline)) void ready(void)
{
    __asm__ volatile("");
}

void bench(void)
{
    for (uint32_t i = 0; i < RAM_WORDS; i++)
        ((volatile uint32_t *)heap)[i] = i;
    ready();
    result = unit_work(words, 1);
    print_hex(result);
}
