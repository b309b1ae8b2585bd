/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The AFL++ target: what its files share. */
#ifndef FWSIM_AFLPP_H
#define FWSIM_AFLPP_H

#include "fwsim_fuzz.h"

enum { AFLPP_MAP_SIZE = 1 << 16 };

/** The map of afl-fuzz; NULL: there is none. */
extern uint8_t *aflpp_map;

/** What fwsim_fuzz_one has found in this run. */
typedef struct aflpp_run {
    fwsim_verdict verdict;
    bool finding;
    bool too_long; /* the input was not run */
} aflpp_run;
extern aflpp_run aflpp_last;

/** Tell the story of findings on standard error. */
extern bool aflpp_tells;

#endif
