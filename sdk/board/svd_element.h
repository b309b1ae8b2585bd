/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What elements of an SVD file say. What is no sense is a warning and counts
 * as not said.
 */
#ifndef FWSIM_SVD_ELEMENT_H
#define FWSIM_SVD_ELEMENT_H

#include "board/svd.h"
#include "board/svd_xml.h"

typedef struct fwsim__svd_reader {
    const fwsim__text_source *source;
    fwsim__svd *svd;
    fwsim__svd_block *arena;
    unsigned long steps, names; /* so far; both have limits */
    int err; /* the first, and then nothing more is read */
} fwsim__svd_reader;

enum { FWSIM__SVD_CHAIN = 8 };

/** An element and those it derives from. */
typedef struct fwsim__svd_chain {
    const fwsim__svd_node *link[FWSIM__SVD_CHAIN];
    size_t count;
} fwsim__svd_chain;

/** How often an element stands there, how far apart, and its indices. */
typedef struct fwsim__svd_repeat {
    uint64_t count, step;
    bool repeated;
    const char *list; /* what is left of "A,B,C"; NULL: none */
    char letter;      /* of the first one; 0: numbers */
    uint64_t first;   /* number of the first one */
} fwsim__svd_repeat;

/** Something is left out. */
void fwsim__svd_warn(fwsim__svd_reader *r, const fwsim__svd_node *n,
                     const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
void fwsim__svd_fail(fwsim__svd_reader *r, const fwsim__svd_node *n, int code,
                     const char *what);

const fwsim__svd_node *fwsim__svd_child(const fwsim__svd_node *n,
                                        fwsim__svd_tag tag);
const char *fwsim__svd_text_of(const fwsim__svd_node *n, fwsim__svd_tag tag);
/** Where the elements inside an element stand; NULL: it has none. */
const fwsim__svd_node *fwsim__svd_inside(const fwsim__svd_node *n);
/** A child of @a parent by kind and the first @a n letters of its name. */
const fwsim__svd_node *fwsim__svd_find(fwsim__svd_reader *r,
                                       const fwsim__svd_node *parent,
                                       fwsim__svd_tag tag, const char *name,
                                       size_t n);

fwsim__svd_chain fwsim__svd_chain_of(fwsim__svd_reader *r,
                                     const fwsim__svd_node *n);
/** What the first element of a chain says that says it. */
const fwsim__svd_node *fwsim__svd_say(const fwsim__svd_chain *c,
                                      fwsim__svd_tag tag);
const char *fwsim__svd_say_text(const fwsim__svd_chain *c, fwsim__svd_tag tag);
/** @return false when the element is there but no number up to @a max;
 * @a value stays when it is not there */
bool fwsim__svd_number(fwsim__svd_reader *r, const fwsim__svd_chain *c,
                       fwsim__svd_tag tag, uint64_t max, uint64_t *value);
/** What a word means; a list of them ends with a zero row. */
typedef struct fwsim__svd_word_row {
    const char *word;
    uint8_t value;
} fwsim__svd_word_row;

/** @a value stays when nothing is said. */
void fwsim__svd_word(fwsim__svd_reader *r, const fwsim__svd_chain *c,
                     fwsim__svd_tag tag, const fwsim__svd_word_row *words,
                     uint8_t *value);

/** @return false: dim makes no sense */
bool fwsim__svd_repeats(fwsim__svd_reader *r, const fwsim__svd_chain *c,
                        fwsim__svd_repeat *x);
/** The name of the next one, with its index for "%s" or "[%s]". */
const char *fwsim__svd_next_name(fwsim__svd_reader *r, const fwsim__svd_node *n,
                                 const char *prefix, const char *name,
                                 fwsim__svd_repeat *x, uint64_t i);

#endif
