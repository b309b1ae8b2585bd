/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Finding the vector table of a Cortex-M image.
 */
#ifndef FWSIM_VECTORS_H
#define FWSIM_VECTORS_H

#include "image/image.h"

typedef struct fwsim__vectors {
    bool found;
    uint64_t addr;
    /** Add it to an address of the image for the one it runs at: 0 but for a
     * raw binary whose address nobody gave. */
    uint64_t slide;
    const char *name; /* section or symbol it was found by; NULL: by its
                       * contents */
    uint32_t sp, reset;
    bool pair;        /* these two words are all there is */
    size_t count;     /* words, first two included */
    size_t irqs;      /* external interrupts with a handler of their own */
    int score;
} fwsim__vectors;

fwsim__vectors fwsim__vectors_find(const fwsim_image *img);

/** Word @a index of the table; 0 behind the end of the image. */
uint32_t fwsim__vectors_word(const fwsim_image *img, const fwsim__vectors *v,
                             size_t index);

/** Is a word of the table a handler: odd, and inside the image, or in RAM,
 * where start-up code may copy it? */
bool fwsim__vectors_is_handler(const fwsim_image *img,
                               const fwsim__vectors *v, uint32_t word);

/** May a stack end at @a sp? Not where the image has its code, and neither
 * among the peripherals nor in the system region of the address map. */
bool fwsim__is_stack(const fwsim_image *img, uint64_t slide, uint32_t sp);

#endif
