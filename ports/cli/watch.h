/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds a text in a stream of bytes, one byte at a time. */
#ifndef FWSIM_CLI_WATCH_H
#define FWSIM_CLI_WATCH_H

#include <stdbool.h>
#include <stddef.h>

typedef struct watch {
    const char *text;
    size_t length;
    size_t *border;  /* of each prefix: the longest end that is a beginning */
    size_t matched;  /* bytes of the text that the stream ends with */
    bool seen;
} watch;

/** @a text must outlive the watch and not be empty. @return false: no memory */
bool watch_init(watch *w, const char *text);
void watch_free(watch *w);

/** The next byte. @return true when it completes the text for the first time */
bool watch_byte(watch *w, char byte);

#endif
