/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Texts that people write and fwsim reads: loading, and errors with a place.
 */
#include "board/text_source.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const fwsim__text_mark nowhere = { 0 };

void fwsim__text_log(const fwsim__text_source *source, fwsim__text_mark mark,
                     fwsim_level level, const char *fmt, va_list args)
{
    char what[400], text[1024];

    if (!source->log)
        return;
    vsnprintf(what, sizeof what, fmt, args);
    if (mark.line)
        snprintf(text, sizeof text, "%.500s:%zu:%zu: %s", source->name,
                 mark.line, mark.column, what);
    else
        snprintf(text, sizeof text, "%.500s: %s", source->name, what);
    source->log(&(fwsim_log_entry){ .level = level, .origin = "file",
                                    .text = text },
                source->log_user);
}

int fwsim__text_fail(const fwsim__text_source *source, fwsim__text_mark mark,
                     int code, const char *fmt, ...)
{
    va_list args;

    va_start(args, fmt);
    fwsim__text_log(source, mark, FWSIM_LOG_ERROR, fmt, args);
    va_end(args);
    return code;
}

/** Read what is left of a file. */
static int read_all(const fwsim__text_source *source, FILE *f, size_t limit,
                    char **data, size_t *size)
{
    size_t capacity = 0, n;

    do {
        if (*size == capacity) {
            char *more;

            if (capacity >= limit)
                return fwsim__text_fail(source, nowhere, FWSIM_EFORMAT,
                                        "larger than %zu bytes", limit);
            capacity = capacity ? capacity * 2 : 1 << 16;
            more = realloc(*data, capacity);
            if (!more)
                return fwsim__text_fail(source, nowhere, FWSIM_ENOMEM,
                                        "out of memory");
            *data = more;
        }
        n = fread(*data + *size, 1, capacity - *size, f);
        *size += n;
    } while (n);
    return ferror(f) ? fwsim__text_fail(source, nowhere, FWSIM_EIO, "%s",
                                        strerror(errno))
                     : 0;
}

int fwsim__text_load(const fwsim__text_source *source, size_t limit,
                     const char **data, size_t *size, char **loaded)
{
    FILE *f;
    int err;

    *loaded = NULL;
    *data = source->data;
    *size = source->size;
    if (source->data)
        return 0;
    f = fopen(source->name, "rb");
    if (!f)
        return fwsim__text_fail(source, nowhere,
                                errno == ENOENT ? FWSIM_ENOENT : FWSIM_EIO,
                                "%s", strerror(errno));
    *size = 0;
    err = read_all(source, f, limit, loaded, size);
    fclose(f);
    if (err) {
        free(*loaded);
        *loaded = NULL;
    }
    *data = *loaded;
    return err;
}
