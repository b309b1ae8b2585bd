/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Knowledge of register maps, inside sdk/knowledge/.
 *
 * Inference sees registers in windows of FWSIM__KNOW_WINDOW bytes and asks
 * what each one is. So chips are cut into the same windows. A *layout* is what
 * a window looks like; chips of a family share most of them, and each is kept
 * once. A *place* is where a chip has it. A window may have registers of
 * several peripherals: then it is called by the one that was used most.
 */
#ifndef FWSIM_KNOWLEDGE_INSIDE_H
#define FWSIM_KNOWLEDGE_INSIDE_H

#include "fwsim_knowledge.h"
#include "infer/model.h"
#include "machine/machine.h"

enum {
    FWSIM__KNOW_WINDOW = 0x400,  /* bytes; as FWSIM__AREA_SIZE */
    FWSIM__SUMMARY_REGISTERS = 256 /* of a block: one a word */
};

typedef struct fwsim__know_register {
    const fwsim__register *model; /* names, rights, fields */
    uint32_t single, multi;       /* bits of fields of one bit; of wider ones */
    uint16_t offset;              /* in the window */
} fwsim__know_register;

typedef struct fwsim__know_layout {
    uint64_t hash;
    uint32_t reg, reg_count; /* in `registers` */
    uint32_t place;          /* + 1: the first one; see next */
    uint32_t places;
} fwsim__know_layout;

typedef struct fwsim__know_place {
    uint32_t chip, layout;
    uint64_t base; /* of the window */
    uint32_t next; /* + 1: of the same layout; 0: none */
} fwsim__know_place;

typedef struct fwsim__know_chip {
    char *vendor, *name;
    fwsim__models *models; /* that all the rest points into */
    uint32_t places;       /* windows with registers */
} fwsim__know_chip;

/** Layouts that have a register at an offset. */
typedef struct fwsim__know_posting {
    uint32_t *layout;
    size_t count, room;
} fwsim__know_posting;

struct fwsim_knowledge {
    fwsim__know_chip *chips;
    fwsim__know_register *registers;
    fwsim__know_layout *layouts;
    fwsim__know_place *places;
    size_t chip_count, chip_room, register_count, register_room;
    size_t layout_count, layout_room, place_count, place_room;
    fwsim__know_posting posting[FWSIM__KNOW_WINDOW];
    uint32_t *index; /* of layouts by hash: + 1, open-addressed */
    size_t index_size;
};

/** Add a chip. Takes the models over, also on error. Strings are copied.
 * @return 0; FWSIM_ENOMEM */
int fwsim__know_add(fwsim_knowledge *k, const char *vendor, const char *name,
                    fwsim__models *models);

/* ------------------------------------------------------------------ */
/* Summaries                                                            */
/* ------------------------------------------------------------------ */

/** A register of a summary. */
typedef struct fwsim__asked {
    uint32_t offset, reads, writes;
    uint32_t tested, ones, zeros, both, acknowledged, poll, handled;
    uint8_t width;
} fwsim__asked;

typedef struct fwsim__asked_block {
    uint32_t block, interrupts;
    bool has_base;
    uint64_t base;
    fwsim__asked registers[FWSIM__SUMMARY_REGISTERS];
    size_t count;
} fwsim__asked_block;

typedef struct fwsim__summary {
    fwsim__asked_block *blocks;
    size_t count;
} fwsim__summary;

/** Read a summary. @return as fwsim_knowledge_match; to be freed also then */
int fwsim__summary_read(fwsim__summary *out, const char *text, size_t size,
                        fwsim_log_fn log, void *log_user);
void fwsim__summary_free(fwsim__summary *s);

/* ------------------------------------------------------------------ */
/* Matching                                                             */
/* ------------------------------------------------------------------ */

enum { FWSIM__MATCHES_MAX = 128 };

/** A layout that a block may have. */
typedef struct fwsim__match {
    uint32_t layout, place;
    int32_t score;                 /* 1/16 of a nat */
    uint16_t hits, tested, named;  /* registers; tested bits; known ones */
} fwsim__match;

typedef struct fwsim__matches {
    fwsim__match list[FWSIM__MATCHES_MAX]; /* best first */
    size_t count;
} fwsim__matches;

/** What each block of a summary may be. @param out  one a block
 * @return 0; FWSIM_ENOMEM */
int fwsim__know_match(const fwsim_knowledge *k, const fwsim__summary *s,
                      fwsim__matches *out);

/** The register of a chip at an address; @a periph  out: whose it is. Only for
 * addresses where a place of the chip has one. */
const fwsim__register *fwsim__know_register_at(
    const fwsim_knowledge *k, uint32_t chip, uint64_t addr,
    const fwsim__periph_model **periph);

/** The peripheral at a place that a block has used most. */
const fwsim__periph_model *fwsim__know_periph(const fwsim_knowledge *k,
                                              const fwsim__know_place *place,
                                              const fwsim__asked_block *b);

/* ------------------------------------------------------------------ */
/* Guesses                                                              */
/* ------------------------------------------------------------------ */

/** Ask a second source about a block. What of its guess does not contradict
 * the block is added to @a models, where @a b has its window, as a guess; and a
 * line about it to @a words. @return 0; FWSIM_ENOMEM */
int fwsim__know_guess(const fwsim_second_source *second,
                      const fwsim__asked_block *b, fwsim__models *models,
                      fwsim__bytes *words);

/** In words, for users. */
void fwsim__know_describe(const fwsim_knowledge *k,
                          const fwsim__asked_block *block,
                          const fwsim__matches *matches, fwsim_identified *out);

#endif
