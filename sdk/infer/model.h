/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Register models: the one representation of what is known of registers that
 * nobody has written a model for. Inference makes them, files and bundles
 * carry them, an SVD adds names to them, and one executor (infer.c) answers
 * accesses from them.
 *
 * Plain lists in ascending order: peripherals by base, registers by offset,
 * fields by lsb, sites by pc, state, then offset. Peripherals do not
 * overlap, nor do the registers of one, nor the fields of one. Strings belong to the set.
 */
#ifndef FWSIM_MODEL_H
#define FWSIM_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** What a register is for. */
#define FWSIM__ROLE_MAP(X)                                                     \
    X(UNKNOWN, "unknown")                                                      \
    X(CONTROL, "control")       /* software sets it, hardware obeys */         \
    X(STATUS, "status")         /* hardware sets it */                         \
    X(CONTROL_STATUS, "control-status")                                        \
    X(DATA, "data")             /* in, out, or both */                         \
    X(FLAGS, "flags")           /* status, acknowledged by writing */          \
    X(SET, "set")               /* ones set bits of another register */        \
    X(CLEAR, "clear")           /* ones clear bits of another register */      \
    X(COUNTER, "counter")                                                      \
    X(IDENTITY, "identity")     /* constant of the chip */                     \
    X(ADDRESS, "address")       /* of a buffer or descriptor in memory */      \
    X(COUNT, "count")           /* of the elements of a transfer */

typedef enum fwsim__role {
#define X(name, text) FWSIM__ROLE_##name,
    FWSIM__ROLE_MAP(X)
#undef X
    FWSIM__ROLES
} fwsim__role;

/** What a group of bits does. */
#define FWSIM__FIELD_MAP(X)                                                    \
    X(STORED, "stored")           /* reads as written */                       \
    X(CONST, "const")             /* reads as `value` */                       \
    X(READY_SET, "ready-set")     /* hardware sets it when ready: reads 1 */   \
    X(READY_CLEAR, "ready-clear") /* hardware clears it when ready: reads 0 */ \
    X(SELF_CLEAR, "self-clear")   /* written 1, reads 0 when done */           \
    X(EVENT, "event")             /* set by an event, cleared by software */   \
    X(W1C, "w1c")                 /* an event that a written one clears */     \
    X(W0C, "w0c")                 /* an event that a written zero clears */    \
    X(READ_CLEAR, "read-clear")   /* an event that a read clears */            \
    X(MIRROR, "mirror")           /* shows bits of another register */         \
    X(COUNTER, "counter")         /* counts with time */                       \
    X(DATA_IN, "data-in")         /* input, from a stream */                   \
    X(DATA_OUT, "data-out")       /* output */

typedef enum fwsim__field_kind {
#define X(name, text) FWSIM__FIELD_##name,
    FWSIM__FIELD_MAP(X)
#undef X
    FWSIM__FIELD_KINDS
} fwsim__field_kind;

/** Who says so. Where two disagree, the later one of this list wins. */
#define FWSIM__SOURCE_MAP(X)                                                   \
    X(NONE, "none")                                                            \
    X(SVD, "svd")       /* names, reset values, access; hints for the rest */  \
    X(RULES, "rules")                                                          \
    X(PRIOR, "prior")                                                          \
    X(LOOK, "look-ahead")                                                      \
    X(SERVICE, "service")                                                      \
    X(BUNDLE, "bundle")                                                        \
    X(USER, "user")     /* a file that a person has reviewed */

typedef enum fwsim__source {
#define X(name, text) FWSIM__SOURCE_##name,
    FWSIM__SOURCE_MAP(X)
#undef X
    FWSIM__SOURCES
} fwsim__source;

enum { FWSIM__CONFIDENCE_MAX = 100 }; /* confidence in percent */

typedef struct fwsim__field {
    char *name; /* NULL: none */
    uint8_t lsb, width;
    uint8_t kind;       /* fwsim__field_kind */
    uint8_t source;     /* fwsim__source */
    uint8_t confidence; /* percent */
    uint32_t value;     /* CONST; W1C: bits that read 1; MIRROR: offset of the
                         * other register */
    char *reason;       /* NULL: none */
} fwsim__field;

typedef struct fwsim__register {
    char *name; /* NULL: none */
    uint32_t offset;
    uint8_t width; /* bytes: 1, 2 or 4 */
    uint8_t role;
    uint8_t source;
    uint8_t confidence;
    bool has_reset;
    bool readable, writable; /* as an SVD says; both true otherwise */
    uint32_t reset;
    uint32_t partner; /* SET, CLEAR: offset of the register they change */
    char *stream;     /* input comes from the stream of this name; NULL: none */
    fwsim__field *fields;
    size_t field_count;
    char *reason;
    uint64_t pc; /* first instruction that used it; 0: unknown */
} fwsim__register;

/** One instruction that needs other values than its register gives. */
typedef struct fwsim__site {
    uint64_t pc;
    uint32_t offset;   /* of the register read */
    uint32_t state;    /* settings of the peripheral, hashed; 0: any */
    uint32_t mask;     /* bits of the register that the values decide */
    uint8_t source, confidence;
    uint32_t *values;  /* given in turn */
    size_t value_count; /* at least 1 */
    char *reason;
} fwsim__site;

/** What makes an interrupt line fire. */
typedef struct fwsim__event_model {
    unsigned line;       /* of the NVIC */
    uint32_t status;     /* offset of the register whose bits show it */
    uint32_t status_bits; /* 0: unknown */
    uint32_t enable;     /* offset of the register that enables it */
    uint32_t enable_bits; /* 0: unknown */
    uint8_t source, confidence;
    char *reason;
} fwsim__event_model;

/** A channel that moves data without the core. */
typedef struct fwsim__dma_model {
    uint32_t address;  /* offset of the register with the buffer's address */
    uint32_t count;    /* offset of the register with the number of elements */
    uint32_t control;  /* offset of the register that starts it */
    uint32_t start_bits; /* 0: not known */
    uint8_t element;   /* bytes; 0: as the control register says, else 1 */
    bool to_memory;    /* from the stream into the buffer */
    uint8_t source, confidence;
    char *stream;
    char *reason;
} fwsim__dma_model;

typedef struct fwsim__periph_model {
    char *name; /* NULL: none */
    uint64_t base;
    uint32_t size;
    fwsim__register *registers;
    size_t register_count;
    fwsim__site *sites;
    size_t site_count;
    fwsim__event_model *events; /* in order of line */
    size_t event_count;
    fwsim__dma_model *dmas; /* in order of address */
    size_t dma_count;
} fwsim__periph_model;

/** Models of a chip, or of what one firmware uses of it. */
typedef struct fwsim__models {
    char *soc;        /* chip or board; NULL: unknown */
    char *cpu;
    char *licence;    /* SPDX; NULL: unknown */
    char *provenance; /* where they come from, for people */
    fwsim__periph_model *periphs;
    size_t periph_count;
} fwsim__models;

/** A new empty set, or NULL without memory. */
fwsim__models *fwsim__models_new(void);
void fwsim__models_free(fwsim__models *models);

/**
 * Find, or add at its place. What is added is zeroed but for its key (and
 * readable, writable). The pointer is good until the next addition of the same
 * kind. NULL without memory.
 */
fwsim__periph_model *fwsim__models_periph(fwsim__models *models, uint64_t base);
fwsim__register *fwsim__models_register(fwsim__periph_model *p,
                                        uint32_t offset);
fwsim__field *fwsim__models_field(fwsim__register *r, unsigned lsb);
fwsim__site *fwsim__models_site(fwsim__periph_model *p, uint64_t pc,
                                uint32_t state, uint32_t offset);
fwsim__event_model *fwsim__models_event(fwsim__periph_model *p, unsigned line);
fwsim__dma_model *fwsim__models_dma(fwsim__periph_model *p, uint32_t address);

/** Add a value to those a site gives in turn. @return false without memory */
bool fwsim__site_add(fwsim__site *site, uint32_t value);

/** Let each register end where the next one begins, or its peripheral ends:
 * accesses of several widths to the same bytes leave registers that overlap. */
void fwsim__models_cut(fwsim__models *models);

/** Find only: the peripheral that contains an address; the register whose
 * first byte is at an offset. NULL: none. */
const fwsim__periph_model *fwsim__models_at(const fwsim__models *models,
                                            uint64_t addr);
const fwsim__register *fwsim__models_register_at(const fwsim__periph_model *p,
                                                 uint32_t offset);

/**
 * Add what another set knows. Where both claim something of the same bits, the
 * later source wins, then the higher confidence, then @a into; what the winner
 * does not know comes from the other. A set read from a file is the better
 * @a into: it wins over a guess that is as good.
 *
 * @return 0; FWSIM_ENOMEM: @a into has a part of it
 */
int fwsim__models_merge(fwsim__models *into, const fwsim__models *from);

/** Free what an item holds, and zero it. It stays in its list. */
void fwsim__periph_clear(fwsim__periph_model *p);
void fwsim__register_clear(fwsim__register *r);
void fwsim__field_clear(fwsim__field *f);
void fwsim__site_clear(fwsim__site *site);
void fwsim__event_clear(fwsim__event_model *e);
void fwsim__dma_clear(fwsim__dma_model *d);

/** The index of the first item at or above an address or offset; the length
 * of the list: there is none. */
size_t fwsim__models_periphs_from(const fwsim__models *models, uint64_t addr);
size_t fwsim__models_registers_from(const fwsim__periph_model *p,
                                    uint32_t offset);

/** Replace a string by a copy (printf format). @return false without memory */
bool fwsim__models_text(char **text, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

const char *fwsim__role_name(fwsim__role role);
const char *fwsim__field_kind_name(fwsim__field_kind kind);
const char *fwsim__source_name(fwsim__source source);

#endif
