/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Variables of the firmware: what the files var*.c share.
 */
#ifndef FWSIM_CALL_VAR_H
#define FWSIM_CALL_VAR_H

#include "fwsim_var.h"
#include "image/debug.h"
#include "machine/machine.h"

/** What a path, or a part of it, leads to. */
typedef struct fwsim__lvalue {
    uint64_t addr;
    uint64_t size;
    fwsim__type type;    /* kind UNKNOWN: nothing but the size is known */
    fwsim__die declared; /* whose type it is, for the name */
    bool is_declared;    /* there is one */
    unsigned bit_offset, bit_size;
    bool constant;
    uint64_t value; /* constant */
} fwsim__lvalue;

/** var_path.c: follow a path. @return as fwsim_var_find */
int fwsim__var_resolve(fwsim_machine *m, const char *path, fwsim__lvalue *out);

/** var_name.c: the variable that a path begins with.
 * @param name, length  with its qualifiers
 * @param typed  the path goes on, and needs a type */
int fwsim__var_named(fwsim_machine *m, const char *name, size_t length,
                     bool typed, fwsim__lvalue *out);

/** var.c: the value of an integer of up to 8 bytes or a bit-field, with its
 * sign. @return 0; FWSIM_EFAULT */
int fwsim__var_load(fwsim_machine *m, const char *path,
                    const fwsim__lvalue *v, uint64_t *value);

bool fwsim__var_is_integer(const fwsim__lvalue *v);

#endif
