/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A learned prior, beside the rules: which role a register has of which they
 * are unsure. A linear model over yes-or-no features, in whole numbers, so
 * that every host comes to the same result. docs/inference-prior.md says how
 * good it is, and why it is off unless somebody asks for it.
 */
#ifndef FWSIM_PRIOR_H
#define FWSIM_PRIOR_H

#include "infer/infer.h"

enum {
    FWSIM__PRIOR_ROLES = 4, /* control, status, data, control and status */
    FWSIM__PRIOR_FEATURES = 25
};

/** Weights, in 1/64 of a nat. */
typedef struct fwsim__prior {
    int16_t role[FWSIM__PRIOR_ROLES][FWSIM__PRIOR_FEATURES];
} fwsim__prior;

/** prior_weights.c: what tests/prior has learned. */
extern const fwsim__prior fwsim__prior_weights;

/** Roles in the order of the table. */
extern const fwsim__role fwsim__prior_roles[FWSIM__PRIOR_ROLES];

/** Each feature is a bit. */
uint32_t fwsim__prior_features(const fwsim__infer *f, const fwsim__cell *c);

/** The most likely role. */
fwsim__role fwsim__prior_role(const fwsim__prior *p, uint32_t features);

/**
 * Read a table from a file: lines of the name of a role and its
 * weights; `#` begins a comment. Rows that are missing are 0.
 * @return 0; FWSIM_ENOENT, FWSIM_EIO; FWSIM_EFORMAT with @a line
 */
int fwsim__prior_read(fwsim__prior *out, const char *path, unsigned *line);

/** The same from memory. @return 0; FWSIM_EFORMAT with @a line; FWSIM_ENOMEM */
int fwsim__prior_parse(fwsim__prior *out, const char *text, size_t size,
                       unsigned *line);

#endif
