/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where the procedure call standards put arguments and results.
 *
 * Source: Procedure Call Standard for the Arm Architecture (IHI 0042), 6.4 and
 * 6.5, with and without the VFP variant (7.1); for AArch64 (IHI 0055), 6.8.
 */
#ifndef FWSIM_CALL_ABI_H
#define FWSIM_CALL_ABI_H

#include "fwsim_call.h"
#include "machine/machine.h"

typedef struct fwsim__abi {
    bool a64;
    bool hard_float; /* 32 bit: the VFP variant */
} fwsim__abi;

/** Where a value is. */
typedef struct fwsim__abi_place {
    enum { FWSIM__ABI_CORE, FWSIM__ABI_FP, FWSIM__ABI_STACK } kind;
    unsigned reg;   /* CORE, FP (32 bit: S registers): the first one */
    uint64_t stack; /* STACK: offset from SP at the function's entry */
    unsigned size;  /* bytes: 4 or 8 */
} fwsim__abi_place;

/** Goes over arguments from left to right; zeroed to begin, with `abi`. */
typedef struct fwsim__abi_cursor {
    fwsim__abi abi;
    unsigned core;    /* next general register: NCRN, NGRN */
    uint32_t fp_used; /* S registers, or V registers, that are allocated */
    bool fp_full;     /* an argument did not fit: the rest goes to the stack */
    uint64_t stack;   /* next offset: NSAA */
} fwsim__abi_cursor;

/** The core of a machine, and how it passes floats.
 * @param img  NULL: unknown */
fwsim__abi fwsim__abi_of(const fwsim_machine *m, const fwsim_image *img,
                         fwsim_float_abi asked);

/** Bytes of a type, pointers as wide as the core's: 4 or 8; VOID: 0. */
unsigned fwsim__abi_size(const fwsim__abi *abi, fwsim_type type);

fwsim__abi_place fwsim__abi_next(fwsim__abi_cursor *c, fwsim_type type);
fwsim__abi_place fwsim__abi_result(const fwsim__abi *abi, fwsim_type type);

/** Write or read a value as bits. @param sp  SP at the function's entry
 * @return 0; FWSIM_EFAULT where the stack is no memory; FWSIM_ENOENT for a FP
 *         register that the core lacks */
int fwsim__abi_put(fwsim_machine *m, const fwsim__abi *abi,
                   const fwsim__abi_place *p, uint64_t sp, uint64_t bits);
int fwsim__abi_get(fwsim_machine *m, const fwsim__abi *abi,
                   const fwsim__abi_place *p, uint64_t sp, uint64_t *bits);

/** A float or double as its bits, and back. */
uint64_t fwsim__abi_bits(fwsim_type type, double number);
double fwsim__abi_number(fwsim_type type, uint64_t bits);

/** Are the two passed alike? */
bool fwsim__abi_alike(const fwsim__abi *abi, fwsim_type a, fwsim_type b);
/** "a 32-bit integer" */
const char *fwsim__abi_type_text(fwsim_type type);
/** A value of a type that is @a width bytes wide in C, 0: unknown; with its
 * sign in all bits. */
uint64_t fwsim__abi_extend(fwsim_type type, unsigned width, uint64_t value);

static inline bool fwsim__type_is_float(fwsim_type type)
{
    return type == FWSIM_TYPE_F32 || type == FWSIM_TYPE_F64;
}

#endif
