/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The guests of inference (firmware/inf_*.c) on generic boards: nothing is
 * known of their chips but the core.
 */
#ifndef FWSIM_TEST_INFER_H
#define FWSIM_TEST_INFER_H

#include "support.h"

/** A guest. */
typedef struct infer_guest {
    const char *name;  /* inf_NAME.c */
    const char *board; /* generic_x */
    bool interrupts;   /* does not get done without */
    const char *gap;   /* what inference lacks that it needs; NULL: nothing */
} infer_guest;

/** All but the bad ones; ends with a row without a name. */
extern const infer_guest infer_guests[];

/** How each was built: "0", "s", "2"; ends with NULL. */
extern const char *const infer_levels[];

/** Is it left out of a test for its gap? Says so. */
bool infer_left_out(const infer_guest *g);

/** A guest that runs. The address is given to hooks: it may not move. */
typedef struct infer_run {
    fwsim_machine *m;
    fwsim_board *board;
    uint64_t done_at; /* instructions when `done` was called first; 0: never */
    bool failed;      /* `failed` was called */
    char where[160];  /* by whom */
} infer_run;

/**
 * Start a guest with inference.
 *
 * @param image  "inf_clock_o2"
 * @param opt    of inference; NULL: defaults
 */
void infer_start(infer_run *r, const char *image, const char *board,
                 const fwsim_infer_options *opt);
void infer_start_guest(infer_run *r, const infer_guest *g, const char *level,
                       const fwsim_infer_options *opt);
void infer_end(infer_run *r);

/** Run so many instructions, or a second of virtual time; less when the guest
 * fails, or is done for the first time. */
fwsim_stop_reason infer_go(infer_run *r, uint64_t instructions);

/** Run until the guest is done; tells when it is not. */
bool infer_gets_done(infer_run *r, const char *what);

#endif
