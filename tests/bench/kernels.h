/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The work that is timed: the same C, compiled with the same options, in the
 * guests and for the host.
 */
#ifndef BENCH_KERNELS_H
#define BENCH_KERNELS_H

#include <stdint.h>

/** Each returns a sum of its results, the same on every machine. */
uint32_t kernel_integer(unsigned rounds);
uint32_t kernel_fpu(unsigned rounds);
uint32_t kernel_memory(unsigned rounds);

/* About a thousand million instructions of a Cortex-M4. */
enum { INTEGER_ROUNDS = 5200, FPU_ROUNDS = 110000, MEMORY_ROUNDS = 20000 };

#endif
