/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Look-ahead: what the firmware would do with the value of a read.
 *
 * From the reading instruction on, a Thumb interpreter of our own runs on a
 * private copy of the core registers and a copy-on-write view of memory. Each
 * bit carries its provenance: a bit of the value that was read (plain or
 * inverted), a constant, or mixed. At a branch on such bits they are solved
 * for the other outcome, which gives the next value to try. The machine after
 * a look is the machine before it.
 *
 * Nothing here knows registers, sites or history: the engine (infer.c) asks
 * and chooses.
 */
#ifndef FWSIM_LOOK_H
#define FWSIM_LOOK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Memory the firmware sees. */
typedef struct fwsim__look_memory {
    uint32_t base, size;
    const uint8_t *bytes;
    bool writable;
} fwsim__look_memory;

/** Where a look takes place. Callbacks have no side effects. */
typedef struct fwsim__look_world {
    const fwsim__look_memory *memory;
    size_t memory_count;
    /** What a device would answer now. @return false: a bus fault */
    bool (*peek)(void *user, uint32_t addr, unsigned width, uint32_t *value);
    /** Does the register carry data, as far as is known, and no settings? May
     * be NULL: none does. */
    bool (*data)(void *user, uint32_t addr);
    /** Has the instruction at @a pc been the start of a block that ran? */
    bool (*seen)(void *user, uint32_t pc);
    /** How often has the block at @a pc been what made a path worth taking?
     * May be NULL: never. */
    unsigned (*taken)(void *user, uint32_t pc);
    void *user;
    uint32_t input, input_size; /* RAM that holds what came from outside */
    bool v6m; /* Armv6-M: less is aligned, less is an instruction */
} fwsim__look_world;

/** A read to look ahead from. */
typedef struct fwsim__look_read {
    uint32_t regs[16]; /* before the instruction; regs[15] is its address */
    uint32_t xpsr;     /* flags, IT state, exception number */
    bool masked;       /* PRIMASK is set, or the like: no interrupt comes */
    uint32_t addr;
    unsigned width;    /* bytes: 1, 2 or 4 */
    uint32_t base;     /* the value to try first */
    uint32_t fixed;    /* bits of it that may not change */
    uint32_t block, block_size; /* address range of the peripheral */
    unsigned max_paths;        /* at most FWSIM__LOOK_PATHS */
    unsigned max_instructions; /* a path */
    unsigned budget;           /* instructions in all */
} fwsim__look_read;

enum { FWSIM__LOOK_PATHS = 64 };

/** How a path ends. */
typedef enum fwsim__look_end {
    FWSIM__LOOK_LIMIT,  /* max_instructions: it goes on */
    FWSIM__LOOK_EXIT,   /* an exception handler returns */
    FWSIM__LOOK_IDLE,   /* WFI or WFE, or `b .` with interrupts on */
    FWSIM__LOOK_SPIN,   /* the same read again, and nothing has changed */
    FWSIM__LOOK_WAIT,   /* a loop that polls RAM */
    FWSIM__LOOK_DEAD,   /* an endless loop, a breakpoint, a fault, a reset */
    FWSIM__LOOK_WILD,   /* an address or a branch to nowhere */
    FWSIM__LOOK_GAP     /* an instruction that the interpreter lacks */
} fwsim__look_end;

/** What happens when the read gives one value. */
typedef struct fwsim__look_path {
    uint32_t value;
    fwsim__look_end end;
    uint32_t end_pc;
    uint32_t read_pc;     /* instruction of the last read of the register */
    unsigned instructions;
    uint32_t tested;      /* bits of the value that decided a branch */
    unsigned new_blocks;  /* branch targets that have not run before */
    uint32_t rare_pc;     /* of the blocks that the path of base does not have,
                           * the one that was taken least; 0: none */
    unsigned rare_taken;
    uint32_t route;       /* hash of the decisions on the way */
    unsigned reads, writes; /* of devices, other than the read itself */
    unsigned own_writes;  /* of these, writes to the same peripheral */
    unsigned own_data;    /* accesses to its registers that carry data */
    unsigned own_settings; /* writes to its registers that do not */
    bool own_before_return; /* touches the peripheral again before it returns */
    bool returned;        /* left the function that reads */
    uint32_t result;      /* r0 when it did */
    unsigned polls;       /* further reads of the same register */
    unsigned failures;    /* returns with a negative errno */
    bool input;           /* what came from outside was read from RAM */
} fwsim__look_path;

/** What was found. */
typedef struct fwsim__look_result {
    fwsim__look_path path[FWSIM__LOOK_PATHS]; /* the first is that of base */
    unsigned paths;
    bool complete;        /* no value that was found remained untried */
    uint32_t tested;      /* bits that decided a branch, on any path */
    uint32_t stored;      /* bits that reached memory or an argument as data */
    uint32_t written_back; /* bits written to the same register: read-modify-
                            * write */
    uint32_t cleared_back; /* bits tested here and written as ones to the same
                            * register: acknowledged */
    uint32_t addressed;   /* bits that became part of an address */
    bool compared;        /* compared as a whole with values, not bit by bit */
    unsigned instructions; /* interpreted in all */
    uint32_t gap_pc;      /* GAP: the instruction; 0: none */
} fwsim__look_result;

/** Look ahead. Bounded by the request; allocates nothing. */
void fwsim__look(const fwsim__look_world *world, const fwsim__look_read *read,
                 fwsim__look_result *out);

#endif
