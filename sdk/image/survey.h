/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the code of an image uses: instructions, and registers of the system
 * control space, which not every core has.
 */
#ifndef FWSIM_SURVEY_H
#define FWSIM_SURVEY_H

#include "image/thumb_class.h"
#include "image/vectors.h"

/** Registers of the core that the code accesses; one bit each. */
enum {
    FWSIM__USES_VTOR = 1 << 0,
    FWSIM__USES_CPACR = 1 << 1,
    FWSIM__USES_CACHE = 1 << 2, /* cache maintenance: Cortex-M7 */
    FWSIM__USES_SAU = 1 << 3,   /* Armv8-M */
    FWSIM__USES_FAULTS = 1 << 4 /* CFSR and its like: not in Armv6-M */
};

typedef struct fwsim__survey {
    size_t instructions; /* seen */
    unsigned needs;      /* FWSIM__NEEDS_x */
    unsigned uses;       /* FWSIM__USES_x */
} fwsim__survey;

/**
 * Follow the code from the vectors and the functions that have symbols.
 * @return 0 or FWSIM_ENOMEM
 */
int fwsim__survey_run(const fwsim_image *img, const fwsim__vectors *vectors,
                      fwsim__survey *out);

#endif
