/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Random but valid instruction sequences, for guests that run each from a known
 * state and print what it leaves: seq_cm.c and seq_a64.c in tests/firmware.
 *
 * A seed stands for one sequence, whatever stands around it. Instructions are
 * drawn from tables of forms (t32_forms.c, a64_forms.c): the encoding as the
 * manual draws it, with a letter for each field that is not any bits.
 *
 *   0 1   as they are                .     any bit
 *   d t   register that is written   e g   another one
 *   n m a register that is read      s f   register whose value is stored
 *   p q   A64: as n and d, never 31
 *   z v   T32, floating point: size; top bit of a register of that size
 *   i u   offset of an access, its sign (1: up)
 *
 * Memory is an area of AREA bytes, at SP when the sequence begins. Some
 * registers, the bases, point into it. Only writeback changes them, and never
 * where it may be skipped, so that it is known here where each access goes.
 */
#ifndef FWSIM_TEST_SEQUENCE_H
#define FWSIM_TEST_SEQUENCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { AREA = 512 };

/* What a core has, beside Armv6-M or Armv8.0-A. */
enum {
    V7M = 1 << 0,
    DSP = 1 << 1,
    FP = 1 << 2,   /* single precision */
    FPV5 = 1 << 3, /* VSEL, VRINTx, VMAXNM, directed VCVT */
    FPDP = 1 << 4, /* double precision */
    V8M = 1 << 5,
    NO_IT = 1 << 8 /* of a form: not inside an IT block */
};

/** One for each encoding, or for some that differ in bits of no importance. */
typedef struct form {
    const char *bits; /* 16 or 32, most significant first */
    unsigned needs;
    /** Makes an encoding that any bits would not give. NULL: all are valid. */
    uint32_t (*legal)(uint32_t word);
} form;

typedef enum addressing { OFFSET, NEGATIVE, PRE, POST, INDEXED } addressing;

/** A load or store. */
typedef struct access_form {
    const char *bits; /* without n: relative to SP */
    unsigned bytes;   /* moved */
    unsigned scale;   /* of the offset, a power of 2 */
    unsigned align;   /* the address is a multiple of it */
    addressing mode;
    unsigned needs;
} access_form;

typedef struct generator {
    uint64_t random;
    unsigned features;
    const struct isa *isa;
    uint8_t *code;
    size_t size;        /* bytes of code */
    uint32_t bases;     /* registers that point into the area */
    int offset[32];     /* where to */
    bool conditional;   /* what is emitted now may be skipped */
    bool in_it;         /* it stands in an IT block */
    bool wide;          /* z of the current form */
    unsigned last;      /* the register written that was chosen last */
    uint32_t given;     /* letters whose value is given, bit 0: a */
    uint32_t value[26]; /* of those */
} generator;

/** What the two instruction sets do not share. */
typedef struct isa {
    /** Value of a field. */
    uint32_t (*field)(generator *g, char letter, unsigned width);
    /** Emits an instruction that puts a small constant into a register. */
    void (*constant)(generator *g, unsigned reg, unsigned value);
    bool a64; /* words of 32 bits; short offsets are in two's complement */
    unsigned sp;
} isa;

/* sequence.c */
uint32_t random_below(generator *g, uint32_t limit);
bool one_in(generator *g, uint32_t n);
/** A number of one of the bits of a mask that is not 0. */
unsigned random_bit(generator *g, uint32_t mask);
/** Values that are worth a try: of an integer, of a float, of a double. */
uint64_t random_integer(generator *g);
uint32_t random_single(generator *g);
uint64_t random_double(generator *g);

/** Emit an instruction of 16 or 32 bits. */
void emit(generator *g, size_t bits, uint32_t word);
/** Give a letter a value for the next fill. */
void give(generator *g, char letter, uint32_t value);
uint32_t fill(generator *g, const char *bits);
/** Emit one of the forms. */
void emit_form(generator *g, const form *forms, size_t count);
/** Emit one of the accesses; sometimes nothing. */
void emit_access(generator *g, const access_form *forms, size_t count);

/* The tables. */
extern const form t32_forms[], t32_fp_forms[], a64_forms[], a64_fp_forms[];
extern const access_form t32_accesses[], a64_accesses[];
extern const size_t t32_form_count, t32_fp_form_count, t32_access_count;
extern const size_t a64_form_count, a64_fp_form_count, a64_access_count;

/** The state before a sequence; the code follows. Guests know it as well. */
typedef struct t32_entry {
    uint32_t size; /* bytes to the next entry */
    uint32_t seed;
    uint32_t bases; /* add the address of the area to these registers */
    uint32_t apsr, fpscr;
    uint32_t r[14]; /* r0 to r12, lr */
    uint32_t s[32];
} t32_entry;

typedef struct a64_entry {
    uint32_t size, seed, bases, nzcv, fpcr, fpsr;
    uint64_t x[31];
    uint64_t v[64];
} a64_entry;

/** Longest sequence with its entry, bytes. */
enum { ENTRY_MAX = 2048 };

/** Write the entry and the sequence of a seed. @return its size */
size_t t32_sequence(uint8_t *out, unsigned features, uint32_t seed);
size_t a64_sequence(uint8_t *out, unsigned features, uint32_t seed);

#endif
