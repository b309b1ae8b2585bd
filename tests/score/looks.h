/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The time that each look-ahead takes. A program that has looks.c is linked
 * with --wrap=fwsim__look.
 */
#ifndef SCORE_LOOKS_H
#define SCORE_LOOKS_H

#include <stddef.h>
#include <stdint.h>

/** Looks so far. */
size_t looks_count(void);
/** The time of the p-th of 1000 in order of length, in nanoseconds. */
uint64_t looks_ns(unsigned per_mille);

#endif
