/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Replaced and watched functions: the list, and what is under way.
 */
#ifndef FWSIM_CALL_MOCK_H
#define FWSIM_CALL_MOCK_H

#include "call/signature.h"
#include "fwsim_mock.h"

enum {
    FWSIM__UNDER_WAY = 64,  /* calls that are waited for */
    FWSIM__RETURN_SITES = 32, /* of one function, at a time */
    FWSIM__MOCK_DEPTH = 64  /* callbacks inside callbacks */
};

typedef struct fwsim__mock {
    int id; /* of its code hook */
    char name[96];
    uint64_t addr;
    bool spy, constant;
    uint64_t value; /* constant */
    fwsim_mock_fn fn;
    void *user;
    fwsim_mock_options opt;
    fwsim__abi abi;
    fwsim__signature signature;
    uint64_t calls;
    fwsim_invocation *kept;
    size_t kept_count, kept_max;
    int return_hook[FWSIM__RETURN_SITES]; /* ids; 0: none */
    uint64_t return_site[FWSIM__RETURN_SITES];
    unsigned next_site;
} fwsim__mock;

/** A call whose return is waited for: no pointers, as those who wait may have
 * left by longjmp. */
typedef struct fwsim__waiting {
    int mock;
    bool original; /* by fwsim_mock_original */
    uint64_t addr, sp;
    fwsim_invocation call; /* spies */
    size_t kept;           /* its place + 1; 0: it is not kept */
} fwsim__waiting;

typedef struct fwsim__mocks {
    fwsim_machine *m;
    fwsim__mock **list;
    size_t count, capacity;
    fwsim__waiting waiting[FWSIM__UNDER_WAY]; /* the latest last */
    unsigned waiting_count;
    unsigned depth;
    struct fwsim__frame *frame; /* of the callback; to be compared only */
} fwsim__mocks;

/** mock.c: those of a machine; NULL: none yet. */
fwsim__mocks *fwsim__mocks_of(const fwsim_machine *m);
fwsim__mock *fwsim__mock_of(const fwsim_machine *m, int id);

/** mock_run.c: the machine's stand-in, with a fwsim__mocks as user. */
extern const fwsim__standin fwsim__mocks_standin;

/** The code hook of functions and of the places they return to. */
void fwsim__mock_hook(fwsim_machine *m, uint64_t pc, void *user);

#endif
