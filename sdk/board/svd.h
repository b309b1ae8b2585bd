/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * CMSIS-SVD: a vendor's description of the registers of a chip, as tables.
 *
 * What the file derives, inherits and repeats (derivedFrom, properties of
 * outer elements, dim) is worked out. Files have errors and gaps: what makes
 * no sense is left out with a warning, and the rest is a hint, not the truth.
 *
 * Source: CMSIS-SVD schema 1.3.10, Open-CMSIS-Pack.
 */
#ifndef FWSIM_SVD_H
#define FWSIM_SVD_H

#include "board/text_source.h"

typedef enum fwsim__svd_access {
    FWSIM__SVD_READ_WRITE, /* also when the file does not say */
    FWSIM__SVD_READ_ONLY,
    FWSIM__SVD_WRITE_ONLY
} fwsim__svd_access;

/** modifiedWriteValues: what a write does that is no plain store. */
typedef enum fwsim__svd_write {
    FWSIM__SVD_WRITE_STORES, /* "modify", also when the file does not say */
    FWSIM__SVD_ONE_CLEARS,
    FWSIM__SVD_ONE_SETS,
    FWSIM__SVD_ONE_TOGGLES,
    FWSIM__SVD_ZERO_CLEARS,
    FWSIM__SVD_ZERO_SETS,
    FWSIM__SVD_ZERO_TOGGLES,
    FWSIM__SVD_WRITE_CLEARS,
    FWSIM__SVD_WRITE_SETS
} fwsim__svd_write;

/** readAction: what a read does. */
typedef enum fwsim__svd_read_action {
    FWSIM__SVD_READ_NOTHING, /* also when the file does not say */
    FWSIM__SVD_READ_CLEARS,
    FWSIM__SVD_READ_SETS,
    FWSIM__SVD_READ_MODIFIES,
    FWSIM__SVD_READ_MODIFIES_OTHERS
} fwsim__svd_read_action;

typedef struct fwsim__svd_field {
    const char *name;
    const char *description; /* NULL: none */
    uint32_t order;          /* of fields of one lsb: as in the file */
    uint8_t lsb, width;      /* bits */
    uint8_t access, write, read_action;
} fwsim__svd_field;

typedef struct fwsim__svd_register {
    const char *name;        /* "CLUSTER.REGISTER" in a cluster */
    const char *description; /* NULL: none */
    uint32_t order;          /* of registers at one offset: as in the file */
    uint32_t offset;
    uint8_t width; /* bytes: 1, 2, 4 or 8 */
    uint8_t access, write, read_action;
    bool has_reset;
    uint64_t reset, reset_mask; /* bits outside the mask are not known */
    size_t field, field_count;  /* in `fields`, in order of lsb */
} fwsim__svd_register;

typedef struct fwsim__svd_interrupt {
    const char *name;
    unsigned line;
} fwsim__svd_interrupt;

typedef struct fwsim__svd_periph {
    const char *name;
    const char *group;       /* NULL: none */
    const char *description; /* NULL: none */
    const char *derived_from; /* name of a peripheral; NULL: none */
    uint64_t base;
    uint32_t size; /* to the end of the last address block or register */
    size_t reg, reg_count;     /* in `registers`, in order of offset */
    size_t irq, irq_count;     /* in `interrupts` */
} fwsim__svd_periph;

typedef struct fwsim__svd {
    const char *vendor, *name, *cpu; /* NULL: not said */
    unsigned nvic_prio_bits;         /* 0: not said */
    unsigned address_unit_bits;      /* 8 */
    fwsim__svd_periph *periphs; /* as in the file; alternates overlap */
    size_t periph_count;
    fwsim__svd_register *registers; /* alternates overlap */
    size_t register_count;
    fwsim__svd_field *fields;
    size_t field_count;
    fwsim__svd_interrupt *interrupts;
    size_t interrupt_count;
    void *strings;
} fwsim__svd;

/**
 * Read an SVD file.
 *
 * @param out  out: the tables; free with fwsim__svd_free; NULL after an error
 * @return 0; FWSIM_ENOENT, FWSIM_EIO for the file; FWSIM_EFORMAT when it is no
 *         XML, no SVD, or larger than any chip; FWSIM_ENOTSUP without expat;
 *         FWSIM_ENOMEM
 */
int fwsim__svd_read(fwsim__svd **out, const fwsim__text_source *source);
void fwsim__svd_free(fwsim__svd *svd);

/**
 * The next register whose bytes contain an address: alternates come one after
 * the other.
 *
 * @param after  the one before; NULL for the first
 * @return NULL: no more
 */
const fwsim__svd_register *fwsim__svd_at(const fwsim__svd *svd, uint64_t addr,
                                         const fwsim__svd_register *after,
                                         const fwsim__svd_periph **periph);

/** Who sets a field, as far as the file says. */
typedef enum fwsim__svd_driver {
    FWSIM__SVD_UNSAID, /* many files call all fields read-write */
    FWSIM__SVD_HARDWARE,
    FWSIM__SVD_SOFTWARE
} fwsim__svd_driver;

fwsim__svd_driver fwsim__svd_driven_by(const fwsim__svd_field *f);

#endif
