/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fwsim-modeld: a small HTTPS server with a repository of bundles, which
 * answers what blocks of registers may be. What its files share.
 *
 * A connection serves one request. Workers take connections from a queue; each
 * has its own TLS state and its own copy of the signing key, so they share
 * nothing but what is read-only, the counters and the buckets of the rate
 * limit, which have locks.
 */
#ifndef FWSIM_MODELD_H
#define FWSIM_MODELD_H

#include "fwsim.h"

#include <netinet/in.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

enum {
    MODELD_HEAD_MAX = 8192,  /* bytes of a request's head */
    MODELD_PATH_MAX = 256,
    MODELD_TOKEN_MAX = 512,
    MODELD_ADDRESS = INET6_ADDRSTRLEN,
    MODELD_WORKERS_MAX = 64
};

/** The command line. */
typedef struct modeld_options {
    const char *host, *port;
    const char *certificate, *private_key; /* of the server, PEM */
    const char *repository; /* folder; NULL: none is served */
    const char *knowledge;  /* folder; NULL: questions are not answered */
    const char *sign_key;   /* signs answers */
    const char *trust;      /* for bundles of the knowledge; NULL: none */
    const char *token;      /* NULL: anybody may ask */
    const char *log;        /* file of the access log; NULL: stderr */
    const char *chat_url, *chat_model, *chat_token, *chat_ca; /* NULL: none */
    unsigned workers, rate, timeout_ms;
    size_t body_max;
} modeld_options;

/** What all workers read. */
typedef struct modeld {
    modeld_options opt;
    fwsim_knowledge *knowledge; /* NULL: none */
    int listener;
} modeld;

/* ------------------------------------------------------------------ */
/* request.c                                                            */
/* ------------------------------------------------------------------ */

/** The head of a request. */
typedef struct modeld_request {
    enum { MODELD_GET, MODELD_HEAD, MODELD_POST, MODELD_OTHER } method;
    char path[MODELD_PATH_MAX]; /* without the query */
    char token[MODELD_TOKEN_MAX + 1]; /* bearer; "": none */
    char if_none_match[128], if_range[128];
    bool is_old; /* HTTP/1.0 */
    bool has_host, has_length, chunked, expects, has_range;
    uint64_t length, range_first;
} modeld_request;

/**
 * Read a head up to its empty line. Strict: what is odd is refused.
 * @return 0, or the status to answer with
 */
unsigned modeld_request_read(modeld_request *out, const char *text, size_t size);

/** Where the head ends, behind its empty line; 0: not yet. */
size_t modeld_head_end(const char *text, size_t size);

/* ------------------------------------------------------------------ */
/* routes.c                                                             */
/* ------------------------------------------------------------------ */

/** An answer. */
typedef struct modeld_response {
    unsigned status;
    const char *type; /* of the body; static */
    char *body;       /* freed by the one who sends it; may be NULL */
    size_t size;
    char etag[80];         /* with quotes; "": none */
    uint64_t first, total; /* of a 206: what of it the body is */
    const char *route;     /* for the metrics; static */
    const char *allow;     /* of a 405: methods; static */
} modeld_response;

/** What a worker has of its own. */
typedef struct modeld_worker {
    const modeld *server;
    fwsim_key *key; /* NULL: none */
} modeld_worker;

/** Serve a request. @param body  with a zero byte behind it */
void modeld_route(modeld_worker *w, const modeld_request *request,
                  const char *body, size_t size, modeld_response *out);

/** Does a route want a body, and may this one ask? Before the body is read.
 * @return 0, or the status to answer with */
unsigned modeld_admit(const modeld *server, const modeld_request *request);

/** The methods of a path, for 405. */
const char *modeld_methods(const modeld_request *request);

/** A text as an answer. */
void modeld_say(modeld_response *out, unsigned status, const char *text);

/* files.c */
void modeld_file(const modeld *server, const modeld_request *request,
                 modeld_response *out);

/* ------------------------------------------------------------------ */
/* chat.c                                                               */
/* ------------------------------------------------------------------ */

/** Can this build ask a chat endpoint? */
bool modeld_chat_there(void);

/** The chat endpoint for one question, which ends within half of its time.
 * NULL: there is none, or another question is using it. */
const fwsim_second_source *modeld_chat_begin(const modeld *server);
void modeld_chat_end(const fwsim_second_source *chat);

/** Read the answer of an endpoint, strictly. @return false: it is not as it
 * should be */
bool modeld_chat_read(const char *text, size_t size, fwsim_guess *out);

/* ------------------------------------------------------------------ */
/* limit.c, metrics.c, log.c                                            */
/* ------------------------------------------------------------------ */

/** Milliseconds of a clock that never goes back. */
int64_t modeld_clock_ms(void);

/** May this address ask now? @a rate  requests a second; 0: any number */
bool modeld_may_ask(const struct sockaddr *from, unsigned rate);

void modeld_count(const char *route, unsigned status, int64_t ms);
void modeld_count_busy(int change);
/** A connection on which no TLS came about. */
void modeld_count_handshake(void);
/** In the text format of Prometheus. The caller frees it. NULL: no memory */
char *modeld_metrics(const modeld *server, size_t *size);

bool modeld_log_open(const char *path);
void modeld_log_close(void);
void modeld_log_access(const char *from, const modeld_request *request,
                       unsigned status, size_t bytes, int64_t ms);
/** A message for the operator. */
void modeld_log(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* ------------------------------------------------------------------ */
/* server.c                                                             */
/* ------------------------------------------------------------------ */

/** Set by a signal: no more requests are taken. */
extern atomic_int modeld_stopping;

/** Listen. @return false after a message */
bool modeld_listen(modeld *server);

/** Serve until modeld_stopping. @return false after a message */
bool modeld_serve(modeld *server);

#endif
