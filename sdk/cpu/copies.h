/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What blocks of RAM held when they were translated: a hash table by address.
 */
#ifndef FWSIM_COPIES_H
#define FWSIM_COPIES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** What a block of instructions holds. */
typedef struct fwsim__block {
    uint64_t pc;
    uint32_t size;  /* bytes */
    uint16_t count; /* instructions */
    uint32_t flags; /* as the architecture defines them */
} fwsim__block;

/** A block and its bytes; free where bytes is NULL. */
typedef struct fwsim__copy {
    fwsim__block block;
    uint8_t *bytes;
} fwsim__copy;

/** Zeroed: empty. */
typedef struct fwsim__copies {
    fwsim__copy *table;
    size_t size, used;
} fwsim__copies;

/** The copy of the block at @a pc, or NULL. */
fwsim__copy *fwsim__copies_find(const fwsim__copies *c, uint64_t pc);

/**
 * Keep the bytes of a block, in the place of those kept before.
 * @return NULL when out of memory
 */
fwsim__copy *fwsim__copies_put(fwsim__copies *c, const fwsim__block *block,
                               const uint8_t *bytes);

void fwsim__copies_free(fwsim__copies *c);

#endif
