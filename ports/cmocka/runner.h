/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the files of the runner share. cmocka keeps its state in globals and
 * runs one group at a time; so does this.
 */
#ifndef FWSIM_CMOCKA_RUNNER_H
#define FWSIM_CMOCKA_RUNNER_H

#include <stdbool.h>

#include "fwsim_cmocka.h"
#include "report.h"

enum { FWSIM__REPORTS = 3 };

/** What is asked of this process (request.c). */
typedef struct fwsim__request {
    bool list, protocol;
    const char *filter;                 /* NULL: all */
    const char *report[FWSIM__REPORTS]; /* by fwsim__report_format */
} fwsim__request;

/** @return 0; 1: help was given; -1: a message was */
int fwsim__request_read(fwsim__request *request, int argc, char *const *argv);

/** The name of a program without its folders. */
const char *fwsim__program_name(char *const *argv);

/** A test of the user, and what becomes of it. */
typedef struct fwsim__case {
    const struct CMUnitTest *test;
    void *state;
    uint64_t began_ns;
    bool passed, skipped;
} fwsim__case;

/** A group that is about to run. */
typedef struct fwsim__group {
    const char *name;  /* as cmocka shows it */
    const char *suite; /* as reports show it */
    fwsim__case *cases;
    size_t count;
    CMFixtureFunction setup, teardown;
} fwsim__group;

/** What a child says to the process that watches it. */
typedef struct fwsim__mark {
    enum {
        FWSIM__MARK_START,    /* before the set-up of a case */
        FWSIM__MARK_END,      /* behind its teardown */
        FWSIM__MARK_SET_UP,   /* the set-up of the group has succeeded */
        FWSIM__MARK_TEAR_DOWN,/* its teardown begins */
        FWSIM__MARK_DONE      /* cmocka has returned */
    } kind;
    unsigned failures; /* DONE: what cmocka has counted */
    uint64_t time_ns;
    bool passed, skipped;
} fwsim__mark;

/**
 * Run cases by cmocka, in this process.
 * @param mark_fd  socket that answers each fwsim__mark by a byte; -1: nobody
 *                 listens
 * @return number of failures
 */
unsigned fwsim__group_run(const fwsim__group *group, int mark_fd);

/**
 * Run cases in children of this process, so many as it takes, and add a
 * result for each.
 * @return 0, or -1 after a message
 */
int fwsim__group_watch(const fwsim__group *group, fwsim__results *results);

/* The machines of this process (machines.c). */

/** A test begins. */
void fwsim__machines_begin(void);
/** Number of machines made since then that are still there. */
size_t fwsim__machines_left(void);
/** What there is to say of it has been printed. */
void fwsim__machine_reported(const fwsim_machine *m);
/** Report on each other machine that has run since then, to stderr. */
void fwsim__machines_report(void);

/** Report on one machine, to stderr (firmware.c). */
void fwsim__firmware_report(fwsim_machine *m);

/** Is this a state of fwsim_cmocka_boot? */
bool fwsim__is_booted(const void *state);

/** The host's clock. */
uint64_t fwsim__host_ns(void);

#endif
