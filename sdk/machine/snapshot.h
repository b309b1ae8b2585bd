/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is in a snapshot: for the files that take, keep and bring it back. */
#ifndef FWSIM_SNAPSHOT_H
#define FWSIM_SNAPSHOT_H

#include "machine/machine.h"

#define FWSIM__NOT_KEPT UINT32_MAX

struct fwsim_snapshot {
    const fwsim_board *board;
    size_t arena_size; /* tells layouts of one board apart: semihosting */
    uint16_t periph_count;
    size_t granule_count;
    struct fwsim__identity *identity;
    uint8_t *arena;
    uint8_t *memory;    /* the granules that are kept, each in FWSIM__GRANULE
                         * bytes */
    uint32_t *place;    /* of each granule in there, or FWSIM__NOT_KEPT */
    fwsim__bytes *rx;   /* one a peripheral */
    const fwsim__substitute *substitute; /* whose state the bytes are */
    uint8_t *inferred;
    size_t inferred_size;
    uint8_t *faults; /* how far they have come: of m->intercept */
    size_t faults_size;
    char *origin; /* what it was taken of, for a file: lines "key value" */
};

/** A snapshot of this machine with nothing in it but room for @a granules
 * that are kept. NULL: no memory */
fwsim_snapshot *fwsim__snapshot_new(const fwsim_machine *m, size_t granules);

/** What a snapshot of this machine is taken of, see fwsim_snapshot.origin.
 * NULL: no memory */
char *fwsim__snapshot_origin(const fwsim_machine *m);

/** Is this the origin of a snapshot of this machine? @a name is for messages.
 * @return 0, FWSIM_ESTATE, FWSIM_EFORMAT, FWSIM_ENOMEM */
int fwsim__snapshot_check_origin(fwsim_machine *m, const char *name,
                                 const char *origin);

/** The same as fwsim_snapshot_load, of bytes. @a name is for messages. */
int fwsim__snapshot_parse(fwsim_machine *m, const char *name,
                          const uint8_t *data, size_t size,
                          fwsim_snapshot **out);

/** Put the right checksum into a file that was changed on purpose. */
void fwsim__snapshot_seal(uint8_t *data, size_t size);

#endif
