/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Transfers without the core: what the files that recognise them share.
 */
#ifndef FWSIM_DMA_H
#define FWSIM_DMA_H

#include "infer/infer.h"

enum {
    FWSIM__DMA_COUNT_MAX = 0xffff,
    FWSIM__DMA_START = 1 /* bit of the control register in all layouts */
};

/** A transfer, as registers or a descriptor in memory ask for it. Addresses of
 * registers, and 0, stand for a peripheral. */
typedef struct fwsim__transfer {
    uint64_t from, to; /* lowest addresses */
    uint32_t size;     /* bytes */
} fwsim__transfer;

/** Are all these bytes of one RAM? */
bool fwsim__dma_is_ram(const fwsim__infer *f, uint64_t addr, uint32_t size);
uint32_t fwsim__dma_word(const fwsim__infer *f, uint64_t addr);
void fwsim__dma_set_word(fwsim__infer *f, uint64_t addr, uint32_t value);

/** Move the bytes: memory to memory is copied, a peripheral gives what waits
 * in the stream of the register @a source. */
void fwsim__dma_move(fwsim__infer *f, const fwsim__transfer *t,
                     uint64_t source);

/* dma_layout.c ------------------------------------------------------- */

/** What is known of a channel in registers once its layout is. */
typedef struct fwsim__dma_shape {
    uint32_t count;  /* cell + 1 */
    uint32_t control; /* cell + 1 of the register that starts it; 0: unknown */
    uint32_t unit;   /* bytes an element of the count */
    uint64_t peer;   /* the address at the other end; 0: a peripheral */
    bool to_memory;
    bool keeps;      /* the count reads as written when all is done */
    bool repeats;    /* and begins again */
    bool off;        /* programmed, but not switched on */
} fwsim__dma_shape;

/** Recognise the registers around one that holds an address in RAM. */
bool fwsim__dma_layout(const fwsim__infer *f, const fwsim__cell *address,
                       fwsim__dma_shape *shape);

/* dma_memory.c ------------------------------------------------------- */

/** Firmware has written to a register: does it start a transfer that is
 * described in memory? */
void fwsim__dma_memory_written(fwsim__infer *f, const fwsim__cell *c);
/** Those transfers are done now. */
void fwsim__dma_memory_complete(fwsim__infer *f);

#endif
