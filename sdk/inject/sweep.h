/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A pattern with ranges, and reading the words in them. */
#ifndef FWSIM_INJECT_SWEEP_H
#define FWSIM_INJECT_SWEEP_H

#include "inject/inject.h"

typedef enum fwsim__inject_word {
    FWSIM__WORD_BAD,
    FWSIM__WORD_NUMBER,
    FWSIM__WORD_TIME, /* it has a unit, and the value is in ns */
    FWSIM__WORD_PLACE /* a symbol, with an offset or without */
} fwsim__inject_word;

/** A word of a range. */
fwsim__inject_word fwsim__inject_value(fwsim_machine *m, const char *text,
                                       uint64_t *value);

#endif
