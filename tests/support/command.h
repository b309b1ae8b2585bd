/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Runs a program and keeps what it writes. */
#ifndef FWSIM_TEST_COMMAND_H
#define FWSIM_TEST_COMMAND_H

#include <stdbool.h>

typedef struct command {
    int code;   /* exit code; 128 + number when a signal ended it */
    char *out;  /* standard output, */
    char *err;  /* standard error: a zero byte follows the last one */
} command;

/**
 * Run to the end; fails the test when that is impossible. Free with
 * command_free.
 *
 * @param argv   path of the program first, NULL last
 * @param input  standard input; NULL: empty
 */
void command_run(command *c, const char *const *argv, const char *input);
void command_free(command *c);

/** Path of the fwsim program of this build. */
const char *command_fwsim(void);
/** Is it there? Says so when it is not. */
bool command_have_fwsim(void);

#endif
