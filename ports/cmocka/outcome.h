/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What cmocka prints about a test, read. */
#ifndef FWSIM_CMOCKA_OUTCOME_H
#define FWSIM_CMOCKA_OUTCOME_H

#include <stdbool.h>
#include <stddef.h>

typedef struct fwsim__outcome {
    bool failed, skipped; /* cmocka says so */
    char file[512];       /* of the assertion; "" when unknown */
    unsigned line;
    char message[4096];   /* lines of the message; "" without any */
} fwsim__outcome;

/** Read what cmocka has printed behind a test. @a text ends with a zero byte */
void fwsim__outcome_read(fwsim__outcome *outcome, const char *text);

/** Copy the last line of a text that is not empty. */
void fwsim__last_line(char *line, size_t size, const char *text);
/** Copy the rest of the first line that begins with a mark; or "". */
void fwsim__marked_line(char *line, size_t size, const char *text,
                        const char *mark);

/* Marks of lines that are printed at once, and not behind the test. */
#define FWSIM__MARK_FAIL "ERROR: " /* fail_msg, assert_fwsim_x */
#define FWSIM__MARK_LEAK "[   LEAK   ] "

#endif
