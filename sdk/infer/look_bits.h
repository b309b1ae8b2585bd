/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where the bits of a word come from, when some come from the value that was
 * read (x):
 *
 *     word = (part + rest) & modulus
 *
 * `part` has bits of x in the places of `mask`, plain or inverted, and zeros
 * elsewhere; `rest` is constant. As long as `rest` has no bits in `mask`
 * nothing is carried, and the word is exact: each of its bits is a bit of x or
 * a constant. Otherwise it is still a sum that can be solved. A word that is
 * neither is mixed: mask is 0, and only `sources` is known.
 */
#ifndef FWSIM_LOOK_BITS_H
#define FWSIM_LOOK_BITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct fwsim__bits {
    uint32_t mask;     /* places that hold bits of x; 0: mixed */
    uint32_t inverted; /* of these, places that hold them inverted */
    uint32_t part;
    uint32_t rest;
    uint32_t modulus;  /* 2^n - 1 */
    uint32_t sources;  /* bits of x in it; 0: none, it is a constant */
    uint8_t from[32];  /* for each place of mask: the bit of x */
} fwsim__bits;

/** A word and its provenance. NULL: a constant. */
typedef struct fwsim__operand {
    uint32_t value;
    const fwsim__bits *bits;
} fwsim__operand;

typedef enum fwsim__shift {
    FWSIM__LSL,
    FWSIM__LSR,
    FWSIM__ASR,
    FWSIM__ROR
} fwsim__shift;

static inline fwsim__operand fwsim__plain(uint32_t value)
{
    return (fwsim__operand){ value, NULL };
}

/** Each bit is a bit of x or a constant. */
static inline bool fwsim__bits_exact(const fwsim__bits *b)
{
    return b->mask && !(b->rest & b->mask) && b->modulus == UINT32_MAX;
}

/** x itself, in the places of @a mask. */
void fwsim__bits_identity(fwsim__bits *out, uint32_t x, uint32_t mask);
void fwsim__bits_mixed(fwsim__bits *out, uint32_t sources);

/*
 * What an operation makes of its operands, at least one of which is not
 * constant. `out` may be the bits of an operand.
 */
void fwsim__bits_and(fwsim__bits *out, fwsim__operand a, fwsim__operand b);
void fwsim__bits_or(fwsim__bits *out, fwsim__operand a, fwsim__operand b);
void fwsim__bits_xor(fwsim__bits *out, fwsim__operand a, fwsim__operand b);
void fwsim__bits_add(fwsim__bits *out, fwsim__operand a, fwsim__operand b);
void fwsim__bits_sub(fwsim__bits *out, fwsim__operand a, fwsim__operand b);
void fwsim__bits_not(fwsim__bits *out, fwsim__operand a);
/** @param n  0 to 31 */
void fwsim__bits_shift(fwsim__bits *out, fwsim__operand a, fwsim__shift type,
                       unsigned n);
/** Bit i of the result is bit order[i] of the operand. */
void fwsim__bits_permute(fwsim__bits *out, fwsim__operand a,
                         const uint8_t order[32]);
/** @a a with @a n bits of @a b from its bit 0 on at place @a at. */
void fwsim__bits_insert(fwsim__bits *out, fwsim__operand a, fwsim__operand b,
                        unsigned at, unsigned n);

/** The word when x has another value. Not for mixed ones. */
uint32_t fwsim__bits_evaluate(const fwsim__bits *b, uint32_t x);

/** Change the sources in @a x so that the word becomes @a word.
 * @return false when no x does that */
bool fwsim__bits_solve(const fwsim__bits *b, uint32_t word, uint32_t *x);

#endif
