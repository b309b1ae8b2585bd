/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The column `regions` of a corpus as the map of a board.
 */
#ifndef SCORE_MAP_H
#define SCORE_MAP_H

#include "fwsim.h"

enum { MAP_ROWS = 32 };

typedef struct map {
    fwsim_memory memory[MAP_ROWS + 1];
    fwsim_region regions[MAP_ROWS + 1];
    char names[2 * MAP_ROWS][32];
    size_t memories, region_count;
} map;

/**
 * "name=0x1000+0x200(rwx) ..." or "name=0x1000,0x200 ...": names with "mmio"
 * are peripherals, with "ram" RAM, with "text", "flash" or "rom" flash; others
 * go by their rights. What the core has itself (nvic) is left out.
 */
void map_read(map *m, const char *text);

/** Put the regions of a board before those that do not overlap them. */
void map_add_base(map *m, const fwsim_region *base);

#endif
