/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reading YAML by tables: a table says which keys a map has and which member
 * of a structure each sets. What does not fit is an error with line and
 * column, what was expected, and what was found.
 *
 * Functions return 0, or a negative error code that has been told to the log.
 */
#ifndef FWSIM_MODEL_YAML_H
#define FWSIM_MODEL_YAML_H

#include "infer/model_file.h"

typedef struct fwsim__yaml fwsim__yaml;

enum { FWSIM__YAML_KEYS = 16 }; /* of a map, at most */

/** A key of a map. A table ends with a zero row. */
typedef struct fwsim__yaml_key {
    const char *name;
    /** Reads the value. @param into  the structure of the map */
    int (*read)(fwsim__yaml *y, const struct fwsim__yaml_key *key, void *into);
    size_t offset, size; /* of the member: FWSIM__YAML_MEMBER */
    uint64_t max;        /* of a number */
    const char *const *words; /* of a word, in order of their numbers */
    bool required;
} fwsim__yaml_key;

#define FWSIM__YAML_MEMBER(type, member)                                       \
    .offset = offsetof(type, member), .size = sizeof(((type *)0)->member)

/** Parse a source of one document whose root `root` reads into @a into. */
int fwsim__yaml_parse(const fwsim__text_source *source,
                      int (*root)(fwsim__yaml *y, void *into), void *into);

/**
 * Read a map.
 *
 * @param what   for messages: "a register"
 * @param marks  out: where each value stands, FWSIM__YAML_KEYS of them; a key
 *               that is not there has line 0
 * @param others true: other keys are passed over
 */
int fwsim__yaml_map(fwsim__yaml *y, const char *what,
                    const fwsim__yaml_key *keys, void *into,
                    fwsim__text_mark *marks, bool others);

/** Read a list: call @a item for each. */
int fwsim__yaml_list(fwsim__yaml *y, const char *what,
                     int (*item)(fwsim__yaml *y, void *into), void *into);

/** Read a map whose keys are free: call @a item for each value. */
int fwsim__yaml_named(fwsim__yaml *y, const char *what,
                      int (*item)(fwsim__yaml *y, void *into), void *into);

/* For fwsim__yaml_key.read. */
int fwsim__yaml_number(fwsim__yaml *y, const fwsim__yaml_key *key, void *into);
int fwsim__yaml_word(fwsim__yaml *y, const fwsim__yaml_key *key, void *into);
int fwsim__yaml_text(fwsim__yaml *y, const fwsim__yaml_key *key, void *into);

/** Read a number up to @a max. */
int fwsim__yaml_value(fwsim__yaml *y, uint64_t max, uint64_t *value);

/** Read a scalar as it is written, good until the next call.
 * @param expected  for messages: "bits such as 3 or 4-7" */
int fwsim__yaml_scalar(fwsim__yaml *y, const char *expected, const char **text);

/** Read one of some words. @param name  of the key, for messages */
int fwsim__yaml_choice(fwsim__yaml *y, const char *name,
                       const char *const *words, size_t *index);

/** Is there nothing, or null? It is passed over then. */
int fwsim__yaml_nothing(fwsim__yaml *y, bool *nothing);

/** Where the next thing stands. */
int fwsim__yaml_mark_next(fwsim__yaml *y, fwsim__text_mark *mark);

/** Tell the log what is wrong at a place. @return @a code */
int fwsim__yaml_fail(fwsim__yaml *y, fwsim__text_mark mark, int code,
                     const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

/** Out of memory. */
int fwsim__yaml_no_memory(fwsim__yaml *y);

#endif
