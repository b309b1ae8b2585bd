/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Saying why something from outside is refused: the thing, and the remedy.
 */
#ifndef FWSIM_REFUSAL_H
#define FWSIM_REFUSAL_H

#include "fwsim.h"

/** Who hears of it, and what it is about. */
typedef struct fwsim__teller {
    const char *what; /* "acme.fwb", before each text; NULL: nothing */
    fwsim_log_fn log; /* NULL for silence */
    void *log_user;
} fwsim__teller;

/** Tell why, at level error. @return @a code */
int fwsim__refuse(const fwsim__teller *t, int code, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/** Tell something else. */
void fwsim__tell(const fwsim__teller *t, fwsim_level level, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

#endif
