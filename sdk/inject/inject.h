/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Fault injection: what its files share. It hangs on the machine as the one
 * who may change what goes between its parts (fwsim__intercept); machine/ and
 * cpu/ do not know its name.
 */
#ifndef FWSIM_INJECT_INTERNAL_H
#define FWSIM_INJECT_INTERNAL_H

#include "fwsim_inject.h"
#include "machine/machine.h"

/** How far a fault has come: what a snapshot keeps of it. Plain data. */
typedef struct fwsim__inject_progress {
    uint64_t seen;   /* of what it counts */
    uint64_t visits; /* of its address */
    uint64_t hits;
    uint64_t first_ns, first_instruction, first_pc;
    uint32_t begun; /* its moment has come */
    uint32_t reserved;
} fwsim__inject_progress;

typedef struct fwsim__armed {
    int id;
    uint64_t key; /* hash of its text */
    fwsim_inject_fault fault;
    fwsim_periph *periph;   /* SLOT */
    const fwsim__mem *mem;  /* ADDRESS in memory: its owner */
    int hook;               /* of its moment in code; 0: none */
    struct fwsim__injector *injector;
    fwsim__inject_progress progress;
} fwsim__armed;

typedef struct fwsim__injector {
    fwsim_machine *m;
    fwsim__armed **list; /* each in its place, for hooks point to it */
    size_t count, capacity;
    int last_id;
} fwsim__injector;

typedef struct fwsim__inject_row {
    const char *name, *args, *text;
} fwsim__inject_row;
extern const fwsim__inject_row fwsim__inject_rows[FWSIM_INJECT_KINDS];

/** The injector of a machine; NULL: nothing was ever armed. */
fwsim__injector *fwsim__injector_of(const fwsim_machine *m);

/* place.c ------------------------------------------------------------ */

/** Find what a fault names, and check that it fits. @return 0 or an error */
int fwsim__inject_place(fwsim_machine *m, fwsim__armed *a);

/* moment.c ----------------------------------------------------------- */

/** As in fwsim__intercept. */
uint64_t fwsim__inject_next(void *user, bool asleep);
void fwsim__inject_between(void *user);
/** The code hook of a fault. */
void fwsim__inject_visited(fwsim_machine *m, uint64_t pc, void *user);
/** Something happens that a fault counts. @return true: it is hit */
bool fwsim__inject_counts(fwsim__armed *a);

/* act.c -------------------------------------------------------------- */

/** The moment of a fault has come. */
void fwsim__inject_begin(fwsim__armed *a);
/** A clock is right again. */
void fwsim__inject_undrift(const fwsim__armed *a);
/** Keep when a fault happened first, and count. */
void fwsim__inject_hit(fwsim__armed *a);
/** Put the stuck bits of a memory where they belong. */
void fwsim__inject_stored(void *user, const fwsim__mem *mem, uint64_t offset,
                          uint64_t size);

#endif
