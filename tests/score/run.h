/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One deterministic run of an image, and what came of it.
 */
#ifndef SCORE_RUN_H
#define SCORE_RUN_H

#include "corpus.h"
#include "fwsim.h"

enum { TEXT_LONG = 160 };

typedef struct run_options {
    uint64_t limit;     /* instructions */
    uint64_t period;    /* instructions between interrupts; 0: the engine's */
    const char *models; /* NULL: none */
    const char *save;   /* file for what was inferred; NULL: none */
    const char *input;  /* [GROUP=]TEXT that arrives over and over; NULL: none */
    bool frozen;
    bool regions;       /* memories and peripherals as the corpus says */
    bool no_inference;
    bool report;        /* registers and call stack where it went wrong */
    bool explain;       /* what the engine finds goes to stderr */
} run_options;

/** A register that inference answered for. */
typedef struct run_register {
    uint64_t addr;
    unsigned width;
    char role[24];      /* as models have it: "control-status" */
    unsigned confidence; /* percent */
    uint32_t ones, zeros; /* bits it holds to be always 1, 0 when it counts */
    char reason[TEXT_LONG];
} run_register;

typedef struct run_goal {
    unsigned progress[PATHS_MAX]; /* steps done */
    bool reached;
} run_goal;

typedef struct run_result {
    const corpus_image *image;
    char error[TEXT_LONG]; /* fwsim could not run it; else empty */
    run_goal *goals;       /* one for each goal of the image */
    fwsim_stop_reason stop;
    char stop_text[TEXT_LONG];
    char end[TEXT_LONG];   /* where it was at the end */
    char spin[TEXT_LONG];  /* the busiest block of late; empty: none */
    char gate[TEXT_LONG];  /* what must not happen and did; else empty */
    uint64_t instructions;
    uint64_t unknown_reads; /* of registers that nobody models */
    size_t unknown_registers;
    size_t covered, blocks; /* of the corpus' list; blocks is 0 without one */
    /* of the engine */
    uint64_t reads, analyses, reanalyses, interpreted;
    uint64_t late_reads, late_analyses; /* of these, in the last quarter */
    size_t sites, memory_bytes;
    run_register *registers;
    size_t register_count;
    uint64_t fingerprint; /* of the machine at the end */
    double seconds; /* of host time */
} run_result;

/** Run an image. Mistakes are in the result. */
void run_image(const corpus *c, const corpus_image *img,
               const run_options *opt, run_result *r);
void run_free(run_result *r);

/** Goals reached, when nothing happened that must not. */
bool run_goal_passed(const run_result *r, size_t goal);
size_t run_passed(const run_result *r);

#endif
