/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the guest computes, and the host to compare: see guest/unit_test.c. */
#ifndef BENCH_UNIT_TEST_H
#define BENCH_UNIT_TEST_H

#include <stdint.h>

/* 10 KiB that are written to, and some 25000 instructions on a Cortex-M4. */
enum { UNIT_WORDS = 2560 };

static inline uint32_t unit_work(uint32_t *words, uint32_t seed)
{
    uint32_t sum = 0;

    for (uint32_t i = 0; i < UNIT_WORDS; i++) {
        seed = seed * 1664525u + 1013904223u;
        words[i] = seed;
    }
    for (uint32_t i = 0; i < UNIT_WORDS; i++)
        sum = (sum ^ words[i]) * 16777619u;
    return sum;
}

#endif
