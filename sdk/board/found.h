/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Memories that an image shows, for boards of no certain chip.
 */
#ifndef FWSIM_FOUND_H
#define FWSIM_FOUND_H

#include "fwsim.h"

/** Size of the flash of the vector table, and of the RAM of the stack. */
enum { FWSIM__FOUND_MAIN = 1 << 20 };

typedef struct fwsim__found {
    uint64_t start, end; /* multiples of 1024 */
    bool ram;            /* or flash */
} fwsim__found;

/**
 * The memories that an image shows: in ascending order, apart from each other,
 * each as large as it may be (see fwsim_board_for_image).
 *
 * @param list  out: room for d->flash_count + d->ram_count
 * @return how many
 */
size_t fwsim__found_memories(const fwsim_diagnosis *d, fwsim__found *list);

#endif
