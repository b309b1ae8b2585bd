/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `fwsim faults`: what its files share. */
#ifndef FWSIM_CLI_FAULTS_H
#define FWSIM_CLI_FAULTS_H

#include "run.h"

/* A case whose moment did not come is no outcome of fwsim. */
enum { FAULTS_NOT_HIT = FWSIM_SWEEP_OUTCOMES, FAULTS_MARKS };

/** The cases of one pattern. */
typedef struct faults_sweep {
    const char *pattern;
    fwsim_sweep *sweep;
    uint8_t *marks; /* an outcome or FAULTS_NOT_HIT, for each case run */
    size_t done;
    size_t count[FAULTS_MARKS];
} faults_sweep;

/** All of it. */
typedef struct faults_run {
    fwsim_machine *m;
    const run_options *opt;
    run_result *result;
    fwsim_snapshot *boot;
    fwsim_sweep_options how;
    char *reference; /* the output without a fault */
    uint64_t reference_ns;
    faults_sweep *sweeps;
    size_t sweep_count;
    faults_sweep *current;
    size_t cases, done; /* of all sweeps */
} faults_run;

/** "ok", also of FAULTS_NOT_HIT. */
const char *faults_word(int mark);
/** Has the firmware taken it badly? */
bool faults_is_bad(int mark);

/* faults_report.c */
void faults_progress(const faults_run *f);
void faults_progress_end(void);
void faults_report_text(const faults_run *f);
void faults_report_json(const faults_run *f);
/** The story of one case. */
void faults_story(faults_run *f, const fwsim_sweep_case *c);

#endif
