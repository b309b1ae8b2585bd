/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Host time: of runs, and of each look-ahead.
 */
#ifndef SCORE_CLOCK_H
#define SCORE_CLOCK_H

#include <stddef.h>
#include <stdint.h>

/** Nanoseconds from some moment on. */
uint64_t clock_ns(void);

/** Looks so far, and the time of the p-th of 1000 in order of length. */
size_t clock_looks(void);
uint64_t clock_look_ns(unsigned per_mille);

#endif
