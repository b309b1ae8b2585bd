/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * HTTPS for tests: a CA on the spot, a server that says what the test wants,
 * and a client that sends what no honest one would.
 */
#ifndef FWSIM_TEST_HTTPS_H
#define FWSIM_TEST_HTTPS_H

#include <stdbool.h>
#include <stddef.h>

/** Make ca.pem, and server.pem with server.key for localhost and 127.0.0.1, in
 * a folder. Skips the test when there is no openssl. */
void https_make_ca(const char *folder);

/* ------------------------------------------------------------------ */
/* A server                                                             */
/* ------------------------------------------------------------------ */

/** What is sent back, to the byte. */
typedef struct https_reply {
    char *data; /* freed by the server */
    size_t size;
    unsigned delay_ms; /* before it */
} https_reply;

/** Called in a thread of the server. @param request  head and body, with a zero
 * byte behind them */
typedef void (*https_fn)(const char *request, size_t size, https_reply *reply,
                         void *user);

typedef struct https_server https_server;

/** Serve on loopback, one connection after the other. */
https_server *https_serve(const char *folder, https_fn fn, void *user);
unsigned https_port(const https_server *s);
/** Requests so far. */
unsigned https_requests(const https_server *s);
void https_stop(https_server *s);

/** A reply with a head for a body. */
void https_say(https_reply *reply, const char *status, const char *type,
               const void *body, size_t size);

/** The body of a request. */
const char *https_body(const char *request);

/* ------------------------------------------------------------------ */
/* A client                                                             */
/* ------------------------------------------------------------------ */

typedef struct https_client https_client;

/** Connect to loopback. Nothing is verified. */
https_client *https_connect(unsigned port);
bool https_send(https_client *c, const void *data, size_t size);
/** All that comes until the end of the connection or the time; with a zero
 * byte. Free it. */
char *https_receive(https_client *c, unsigned ms, size_t *size);
void https_close(https_client *c);

/** Send a text, and return all that comes back. Free it. */
char *https_exchange(unsigned port, const char *text);

#endif
