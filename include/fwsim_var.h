/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fwsim: variables of the firmware by name.
 *
 *     int64_t count;
 *
 *     fwsim_var_get(m, "g_state.count", &count);
 *     fwsim_var_set(m, "uart.c:queue[2].length", 7);
 *
 * A path names a variable, and goes on into it:
 *
 *     path      = { "*" } [ qualifier ] name { step }
 *     qualifier = file ":" | function ":"      as many as are needed
 *     step      = "." member | "->" member | "[" index "]"
 *
 * "driver.c:count" is the `count` of that file, "tick:count" the static one
 * inside the function `tick`. A file may be given with folders before it. An
 * index is a decimal or hexadecimal number; arrays are checked for their
 * length, pointers are followed as C does. "." goes through a pointer as well.
 *
 * Types and places come from DWARF: build the firmware with -g. Without it, a
 * name of the symbol table is an unsigned integer when it has 1, 2, 4 or 8
 * bytes, and bytes otherwise.
 *
 * All functions are legal in a callback, and see memory as fwsim_mem_read
 * does: a variable at the address of a peripheral is FWSIM_EFAULT. Those that
 * write change ROM and flash as well. They return 0 or
 *
 *   FWSIM_EINVAL   the path cannot be read, or its parts do not fit together
 *                  (a member of an integer); the text has the place
 *   FWSIM_ENOENT   no such variable or member (with the closest name), several
 *                  of them (with a way to name each), or one that the compiler
 *                  has optimised out
 *   FWSIM_EFAULT   there is no memory: a pointer leads nowhere
 *   FWSIM_ERANGE   an index or a value does not fit
 *   FWSIM_ENOTSUP  the firmware, or this build of fwsim, has no DWARF, and the
 *                  path needs it
 *   FWSIM_ENOMEM
 */
#ifndef FWSIM_VAR_H
#define FWSIM_VAR_H

#include "fwsim.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum fwsim_var_kind {
    FWSIM_VAR_BYTES, /**< nothing is known but the size */
    FWSIM_VAR_UINT,  /**< bool and unsigned char, too */
    FWSIM_VAR_INT,
    FWSIM_VAR_FLOAT, /**< of 4 or 8 bytes */
    FWSIM_VAR_ENUM,
    FWSIM_VAR_POINTER,
    FWSIM_VAR_ARRAY,
    FWSIM_VAR_STRUCT /**< union, too */
} fwsim_var_kind;

/** Where a variable is, and what. */
typedef struct fwsim_var {
    uint64_t addr;
    uint64_t size;       /**< bytes; 0 when the program does not say */
    fwsim_var_kind kind;
    unsigned bit_offset; /**< bit-fields: of their first bit, from bit 0 of
                          * the byte at addr */
    unsigned bit_size;   /**< 0: no bit-field */
    uint64_t count;      /**< arrays: elements; 0: unknown */
    bool constant;       /**< in no memory: the compiler has put its value into
                          * the instructions. addr is 0; it can be read */
    char type[64];       /**< as C has it, shortened where it does not fit */
} fwsim_var;

/** Find a variable. */
FWSIM_API int fwsim_var_find(fwsim_machine *m, const char *path,
                             fwsim_var *out);

/**
 * The value of an integer, bool, enum, pointer or bit-field. Unsigned values
 * from 2^63 on come as the negative number with the same bits.
 * @return also FWSIM_EINVAL for a variable of another kind
 */
FWSIM_API int fwsim_var_get(fwsim_machine *m, const char *path,
                            int64_t *value);

/** @return also FWSIM_ERANGE for a value that does not fit (for one of 64 bits
 *          all do); FWSIM_EINVAL for a variable of another kind, or a
 *          constant */
FWSIM_API int fwsim_var_set(fwsim_machine *m, const char *path, int64_t value);

/** The same for float and double; reading takes integers as well. */
FWSIM_API int fwsim_var_get_float(fwsim_machine *m, const char *path,
                                  double *value);
FWSIM_API int fwsim_var_set_float(fwsim_machine *m, const char *path,
                                  double value);

/**
 * Set from a text: a decimal or hexadecimal number, "true", "false", or the
 * name of an enum's constant.
 */
FWSIM_API int fwsim_var_set_text(fwsim_machine *m, const char *path,
                                 const char *text);

/** The first @a size bytes of a variable, of any kind but bit-fields.
 * @return also FWSIM_ERANGE when it has fewer */
FWSIM_API int fwsim_var_read(fwsim_machine *m, const char *path, void *buf,
                             size_t size);
FWSIM_API int fwsim_var_write(fwsim_machine *m, const char *path,
                              const void *buf, size_t size);

/**
 * The value as C would initialise it: "{ .count = 3, .state = RUNNING }".
 * Long arrays end with "...". @a buf is always terminated.
 * @param needed  out: characters of the whole text, without the zero; may be
 *                NULL
 */
FWSIM_API int fwsim_var_format(fwsim_machine *m, const char *path, char *buf,
                               size_t size, size_t *needed);

#ifdef __cplusplus
}
#endif

#endif
