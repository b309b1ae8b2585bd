/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the targets that run random code share: a machine made from the head of
 * the input, run in one call, then once more in pieces that the input chooses,
 * with hooks and snapshots. Both must end in the same state.
 */
#ifndef FWSIM_FUZZ_RUN_MACHINE_H
#define FWSIM_FUZZ_RUN_MACHINE_H

#include "fwsim_periph.h"

/** Interrupt lines of the device that pulses them. */
enum { FUZZ_LINES = 4 };

/** Pulses line n some ticks after that number was written to AFTER[n], at
 * offset 4 * n. */
extern const fwsim_periph_type fuzz_pulses;

/** One kind of machine to run the input on. */
typedef struct fuzz_target {
    const fwsim_board *const *boards; /* ends with NULL */
    uint64_t pulses;                  /* address of fuzz_pulses */
    /** Put code into the memories, and get the core ready to run it. */
    void (*load)(fwsim_machine *m, const uint8_t *code, size_t size);
    /** Runs that execute something here are not compared. */
    uint64_t unpredictable, unpredictable_size;
    bool infer; /* registers without a model are inferred */
} fuzz_target;

/** Run an input. Aborts when a run in pieces differs from one in one call. */
void fuzz_run(const fuzz_target *target, const uint8_t *data, size_t size);

#endif
