/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Fetching: requests with limits, redirects inside a host, retries with a
 * back-off, and going on where a connection broke.
 */
#ifndef FWSIM_FETCH_H
#define FWSIM_FETCH_H

#include "bundle/http.h"
#include "bundle/refusal.h"
#include "fwsim_repo.h"

/** What to ask for. */
typedef struct fwsim__request {
    const char *url;
    const char *body; /* POST as JSON; NULL: GET */
    const char *etag; /* what we have; NULL or "": nothing */
    size_t limit;
} fwsim__request;

typedef struct fwsim__response {
    unsigned status; /* 200, 304 or 404 */
    fwsim__bytes body;
    char etag[FWSIM__HTTP_FIELD_MAX];
} fwsim__response;

/**
 * @param out  out: the body is the caller's to free; empty after an error
 * @return 0; as fwsim_fetch, but 404 is a response
 */
int fwsim__fetch(fwsim__response *out, const fwsim__request *request,
                 const fwsim_fetch_options *opt);

#endif
