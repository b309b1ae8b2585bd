/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whom to believe: the keys of a trust store, or of its root document.
 */
#ifndef FWSIM_TRUST_H
#define FWSIM_TRUST_H

#include "bundle/document.h"

enum { FWSIM__ROOT_SIZE_MAX = 256 << 10 };

struct fwsim_trust {
    fwsim__ring ring;
    uint64_t root_version; /* 0: no root document */
    uint64_t root_expires;
    char root_name[FWSIM__NAME_MAX + 1];
    uint64_t now;
    char *dir;  /* NULL: none */
    char *seen; /* NULL: none */
    fwsim_log_fn log;
    void *log_user;
};

/** What it says to those who hear its log. */
fwsim__teller fwsim__trust_teller(const fwsim_trust *trust, const char *what);

/** May anything be believed now? Under a root document that has expired
 * nothing is. @return 0; FWSIM_EACCES, told */
int fwsim__trust_current(const fwsim_trust *trust, const fwsim__teller *t);

/* root.c ------------------------------------------------------------- */

/** What a root document says. */
typedef struct fwsim__root {
    fwsim__head head;
    fwsim__ring ring;
} fwsim__root;

/**
 * Read a root document: it must be signed as it demands itself, and by the
 * root keys of @a before (NULL: none).
 * @return as fwsim_bundle_open; the ring is the caller's to free
 */
int fwsim__root_read(fwsim__root *out, fwsim__span bytes,
                     const fwsim__ring *before, const fwsim__teller *t);

/** The payload of one, without a look at its signatures. Returns the same. */
int fwsim__root_payload_read(fwsim__root *out, fwsim__span payload,
                             const fwsim__teller *t);

#endif
