/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Host time.
 */
#ifndef SCORE_CLOCK_H
#define SCORE_CLOCK_H

#include <stdint.h>

/** Nanoseconds from some moment on. */
uint64_t clock_ns(void);
/** The same of what this thread has used of the processor. */
uint64_t clock_own_ns(void);

#endif
