/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Bits that inference holds to be driven by hardware beside what vendors' SVD
 * files say of their fields.
 */
#ifndef SCORE_BITS_H
#define SCORE_BITS_H

#include "run.h"

typedef struct bits {
    size_t claimed;  /* bits; the same bit of two images counts once */
    size_t found;    /* of these, bits of a field of the SVD */
    size_t hardware; /* of these, the file says that hardware sets them */
    size_t software; /* the file says that only software does */
    size_t unsaid;   /* neither; most files call all fields read-write */
    size_t polarity_known, polarity_right;
} bits;

/** A bit that speaks against a claim. */
typedef struct bits_miss {
    char text[TEXT_LONG];
} bits_miss;

enum { MISSES_MAX = 64 };

typedef struct bits_result {
    bits sum;
    bits_miss misses[MISSES_MAX];
    size_t miss_count;
} bits_result;

/**
 * Compare with the SVD files of a folder.
 * @return false when there is none, or without memory (after a message)
 */
bool bits_compare(bits_result *out, const char *folder,
                  const run_result *results, size_t count);

/** The SVD file that describes a chip, NULL: none; and who makes it. */
const char *bits_file_of(const char *mcu);
const char *bits_vendor_of(const char *mcu);

/** What the words of a field say: 1: set means ready, -1: set means busy, or a
 * start or reset that hardware clears, 0: nothing. @a read_only: software cannot
 * start anything by it. */
int bits_polarity(const char *name, const char *description, bool read_only);

#endif
