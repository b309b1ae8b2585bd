/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which core an image is for.
 */
#ifndef FWSIM_CORE_H
#define FWSIM_CORE_H

#include "image/arm_attributes.h"
#include "image/survey.h"

typedef struct fwsim__core {
    const char *cpu;  /* name of fwsim_cpus; NULL: none */
    char reason[384]; /* a sentence */
} fwsim__core;

/** Decide by build attributes, instructions, registers and symbols. */
void fwsim__core_find(const fwsim_image *img,
                      const fwsim__arm_attributes *attributes,
                      const fwsim__survey *survey, fwsim__core *out);

/** Can core @a have run what is for core @a want? Names of fwsim_cpus. */
bool fwsim__core_runs(const char *have, const char *want);

#endif
