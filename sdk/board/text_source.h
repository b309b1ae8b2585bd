/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Texts that people write and fwsim reads: from a file or from memory, with
 * errors that name the place.
 */
#ifndef FWSIM_TEXT_SOURCE_H
#define FWSIM_TEXT_SOURCE_H

#include <stdarg.h>

#include "fwsim.h"

typedef struct fwsim__text_source {
    const char *name; /* of the file, also in messages */
    const char *data; /* NULL: the file is read */
    size_t size;
    fwsim_log_fn log; /* NULL for silence */
    void *log_user;
} fwsim__text_source;

/** A place in a text, from 1; line 0: nowhere. */
typedef struct fwsim__text_mark {
    size_t line, column;
} fwsim__text_mark;

/**
 * The bytes of a source.
 *
 * @param limit  size of a file that is refused
 * @param loaded out: to free after use; NULL when nothing was loaded
 * @return 0; FWSIM_ENOENT, FWSIM_EIO, FWSIM_EFORMAT (too large), FWSIM_ENOMEM,
 *         which the log has been told
 */
int fwsim__text_load(const fwsim__text_source *source, size_t limit,
                     const char **data, size_t *size, char **loaded);

/** Tell the log what is wrong. @return @a code */
int fwsim__text_fail(const fwsim__text_source *source, fwsim__text_mark mark,
                     int code, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

/** Tell the log: name:line:column: text. */
void fwsim__text_log(const fwsim__text_source *source, fwsim__text_mark mark,
                     fwsim_level level, const char *fmt, va_list args);

#endif
