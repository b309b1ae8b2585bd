/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What all expectations share: begin, run until it has come, report.
 */
#ifndef FWSIM_EXPECT_EXPECT_H
#define FWSIM_EXPECT_EXPECT_H

#include "machine/machine.h"

/**
 * An expectation begins: not inside a callback, with a journal.
 * @return 0, FWSIM_EBUSY, FWSIM_ENOMEM
 */
int fwsim__expect_begin(fwsim_machine *m, const char *function);

/** What an expectation waits for. */
typedef struct fwsim__wait {
    fwsim__hook_kind kind;
    fwsim__hook hook;  /* its function sets `met` or `broken` and calls
                        * fwsim_request_stop; none: somebody else does */
    uint64_t timeout_ns; /* 0: do not run */
    bool met;          /* it has come */
    bool broken;       /* it cannot come any more */
    uint64_t began_ns; /* out */
    fwsim_stop stop;   /* out: NONE when there was no run */
} fwsim__wait;

/**
 * Run until it is met or broken, the time is up, or the run ends.
 * @return 0 in all these cases; FWSIM_ENOMEM, FWSIM_ECPU
 */
int fwsim__expect_run(fwsim_machine *m, fwsim__wait *w);

/** Why an expectation failed. */
typedef struct fwsim__failed {
    const char *wanted; /* "uart0: the line \"x\" has not come in 5 ms" */
    const char *came;   /* what came instead, in a line */
    /** The same at length: lines, each ended by a newline; NULL: `came`. */
    const char *details;
    const fwsim__wait *wait;
    int code; /* 0: FWSIM_ETIMEDOUT */
} fwsim__failed;

/** Write error text and report. @return the code */
int fwsim__expect_failed(fwsim_machine *m, const fwsim__failed *f);

/** Append text; false without memory. */
bool fwsim__print(fwsim__bytes *to, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/** "50 ms", "1.5 s", "20 us", "7 ns". @return @a buf */
char *fwsim__duration(uint64_t ns, char *buf, size_t size);

#endif
