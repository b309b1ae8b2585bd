/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The inference engine as a run uses it: switched on before, asked after.
 */
#ifndef SCORE_ENGINE_H
#define SCORE_ENGINE_H

#include "run.h"

/** @return 0 or an error code */
int engine_start(fwsim_machine *m, const run_options *opt,
                 const corpus_image *img);

/** Reads and analyses so far. */
void engine_count(fwsim_machine *m, uint64_t *reads, uint64_t *analyses);

/** Fill in what the result says of the engine. @return false without memory */
bool engine_ask(fwsim_machine *m, run_result *r);

#endif
