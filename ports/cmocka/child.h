/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A child of this process that runs tests: its output, its marks, its end. */
#ifndef FWSIM_CMOCKA_CHILD_H
#define FWSIM_CMOCKA_CHILD_H

#include <sys/types.h>

#include "runner.h"

typedef struct fwsim__child {
    pid_t pid;
    int out, err, marks; /* ends to read from; -1: closed */
} fwsim__child;

/** Hears of what a child does, in order. */
typedef struct fwsim__child_events {
    void (*text)(const char *bytes, size_t size, void *user);
    void (*mark)(const fwsim__mark *mark, void *user);
    void *user;
} fwsim__child_events;

/** Start cases of a group in a child. @return 0, or -1: errno says why */
int fwsim__child_start(fwsim__child *child, const fwsim__group *group);

/**
 * Hear a child to its end. What it writes goes to our standard output and
 * error, too.
 * @return its status, as waitpid has it; -1: errno says why
 */
int fwsim__child_hear(fwsim__child *child, const fwsim__child_events *events);

#endif
