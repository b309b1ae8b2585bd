/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A TLS connection to a server, by mbedTLS 2.28 or 3.x: TLS 1.2 or better,
 * host name and chain verified. Times are of the host: a network has no other.
 */
#ifndef FWSIM_TLS_H
#define FWSIM_TLS_H

#include "bundle/http.h"
#include "bundle/refusal.h"

/** Whom to connect to, and how. */
typedef struct fwsim__tls_options {
    const char *host, *port;
    const char *ca;    /* PEM file; NULL: the system's */
    const char *pin;   /* SHA-256 of the server's public key in hex: it stands
                        * in for the chain; NULL: none */
    const char *proxy; /* "http://host:port"; NULL: none */
    unsigned connect_ms;
    int64_t deadline_ms; /* of fwsim__clock_ms */
} fwsim__tls_options;

typedef struct fwsim__tls fwsim__tls;

/** Milliseconds of a clock that never goes back. */
int64_t fwsim__clock_ms(void);

/**
 * @return 0; FWSIM_EIO when nobody answers, FWSIM_ETIMEDOUT, FWSIM_EACCES when
 *         the server is not who it should be, FWSIM_ENOENT for the CA file,
 *         FWSIM_EINVAL, FWSIM_ENOMEM, all told
 */
int fwsim__tls_open(fwsim__tls **out, const fwsim__tls_options *opt,
                    const fwsim__teller *t);
void fwsim__tls_close(fwsim__tls *tls);

/** All of it. @return 0; FWSIM_EIO, FWSIM_ETIMEDOUT, told */
int fwsim__tls_write(fwsim__tls *tls, const void *data, size_t size,
                     const fwsim__teller *t);

/** Some of it. @a got is 0 at the end. Returns as above. */
int fwsim__tls_read(fwsim__tls *tls, void *buf, size_t size, size_t *got,
                    const fwsim__teller *t);

#endif
