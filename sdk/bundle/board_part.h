/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The memories of a chip as a text in YAML, in a bundle.
 */
#ifndef FWSIM_BOARD_PART_H
#define FWSIM_BOARD_PART_H

#include "board/text_source.h"
#include "fwsim.h"

enum {
    FWSIM__BOARD_PART_VERSION = 1,
    FWSIM__BOARD_PART_ROWS = 32 /* memories; regions */
};

typedef struct fwsim__board_part {
    fwsim_map map; /* of the tables below */
    fwsim_memory memory[FWSIM__BOARD_PART_ROWS + 1];
    fwsim_region regions[FWSIM__BOARD_PART_ROWS + 1];
    size_t memory_count, region_count;
} fwsim__board_part;

/** Read one. @a out is NULL before; a second one is refused.
 * @return 0; FWSIM_EFORMAT, FWSIM_ENOTSUP, FWSIM_ENOMEM, told */
int fwsim__board_part_read(fwsim__board_part **out,
                           const fwsim__text_source *source);
void fwsim__board_part_free(fwsim__board_part *part);

#endif
