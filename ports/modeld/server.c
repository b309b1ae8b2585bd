/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Connections: a listener, a queue, and workers that speak TLS by mbedTLS 2.28
 * or 3.x.
 */
#define _GNU_SOURCE /* accept4 */
#include "modeld.h"

#include <mbedtls/ctr_drbg.h>
#include <mbedtls/entropy.h>
#include <mbedtls/error.h>
#include <mbedtls/pk.h>
#include <mbedtls/ssl.h>
#include <mbedtls/version.h>
#include <mbedtls/x509_crt.h>
#if MBEDTLS_VERSION_MAJOR >= 3
#include <psa/crypto.h>
#endif
#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    QUEUE = 128,
    BACKLOG = 128,
    LINGER_MS = 500,  /* for what a client sends that nobody reads */
    STOPPING_MS = 1000 /* for a connection that is taken up after a signal */
};

atomic_int modeld_stopping;

/** A connection that waits for a worker. */
typedef struct waiting {
    int fd;
    struct sockaddr_storage from;
} waiting;

static struct {
    waiting list[QUEUE];
    size_t first, count;
    bool closed;
    pthread_mutex_t lock;
    pthread_cond_t more;
} queue = { .lock = PTHREAD_MUTEX_INITIALIZER,
            .more = PTHREAD_COND_INITIALIZER };

/** A worker with its TLS. */
typedef struct worker {
    modeld_worker base;
    pthread_t thread;
    mbedtls_entropy_context entropy;
    mbedtls_ctr_drbg_context drbg;
    mbedtls_x509_crt crt;
    mbedtls_pk_context pk;
    mbedtls_ssl_config conf;
} worker;

/** A connection while it is served. */
typedef struct connection {
    int fd;
    int64_t deadline;
    mbedtls_ssl_context ssl;
} connection;

/* ------------------------------------------------------------------ */
/* Bytes                                                                */
/* ------------------------------------------------------------------ */

/** @return false: the deadline has come */
static bool wait_for(const connection *c, short events)
{
    struct pollfd p = { .fd = c->fd, .events = events };
    int64_t left;
    int n;

    do {
        left = c->deadline - modeld_clock_ms();
        n = left > 0 ? poll(&p, 1, (int)left) : 0;
    } while (n < 0 && errno == EINTR);
    return n > 0;
}

static int on_send(void *user, const unsigned char *data, size_t size)
{
    connection *c = user;

    for (;;) {
        ssize_t n = send(c->fd, data, size, MSG_NOSIGNAL);

        if (n >= 0)
            return (int)n;
        if (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR)
            return MBEDTLS_ERR_SSL_CONN_EOF;
        if (!wait_for(c, POLLOUT))
            return MBEDTLS_ERR_SSL_TIMEOUT;
    }
}

static int on_receive(void *user, unsigned char *buf, size_t size)
{
    connection *c = user;

    for (;;) {
        ssize_t n = recv(c->fd, buf, size, 0);

        if (n >= 0)
            return (int)n;
        if (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR)
            return MBEDTLS_ERR_SSL_CONN_EOF;
        if (!wait_for(c, POLLIN))
            return MBEDTLS_ERR_SSL_TIMEOUT;
    }
}

static bool again(int n)
{
    return n == MBEDTLS_ERR_SSL_WANT_READ || n == MBEDTLS_ERR_SSL_WANT_WRITE;
}

static bool write_all(connection *c, const void *data, size_t size)
{
    const unsigned char *at = data;

    while (size) {
        int n = mbedtls_ssl_write(&c->ssl, at, size);

        if (again(n))
            continue;
        if (n <= 0)
            return false;
        at += n;
        size -= (size_t)n;
    }
    return true;
}

/** @return bytes; 0: no more, or too late */
static size_t read_some(connection *c, void *buf, size_t size)
{
    int n;

    do
        n = mbedtls_ssl_read(&c->ssl, buf, size);
    while (again(n));
    return n > 0 ? (size_t)n : 0;
}

/* ------------------------------------------------------------------ */
/* A request                                                            */
/* ------------------------------------------------------------------ */

static const char *reason(unsigned status)
{
    static const struct {
        unsigned status;
        const char *text;
    } reasons[] = {
        { 200, "OK" }, { 206, "Partial Content" }, { 304, "Not Modified" },
        { 400, "Bad Request" }, { 401, "Unauthorized" }, { 404, "Not Found" },
        { 405, "Method Not Allowed" }, { 408, "Request Timeout" },
        { 411, "Length Required" }, { 413, "Content Too Large" },
        { 414, "URI Too Long" }, { 417, "Expectation Failed" },
        { 422, "Unprocessable Content" }, { 429, "Too Many Requests" },
        { 431, "Request Header Fields Too Large" },
        { 503, "Service Unavailable" }, { 505, "HTTP Version Not Supported" },
    };

    for (size_t i = 0; i < sizeof(reasons) / sizeof(*reasons); i++) {
        if (reasons[i].status == status)
            return reasons[i].text;
    }
    return "Internal Server Error";
}

static bool send_response(connection *c, const modeld_request *request,
                          const modeld_response *r)
{
    char head[1024];
    int n = snprintf(head, sizeof(head),
                     "HTTP/1.1 %u %s\r\nServer: fwsim-modeld\r\n"
                     "Connection: close\r\n"
                     "X-Content-Type-Options: nosniff\r\n",
                     r->status, reason(r->status));

    if (r->status != 304)
        n += snprintf(head + n, sizeof(head) - (size_t)n,
                      "Content-Length: %zu\r\n", r->size);
    if (r->type && r->status != 304)
        n += snprintf(head + n, sizeof(head) - (size_t)n,
                      "Content-Type: %s\r\n", r->type);
    if (*r->etag)
        n += snprintf(head + n, sizeof(head) - (size_t)n, "ETag: %s\r\n",
                      r->etag);
    if (r->status == 206)
        n += snprintf(head + n, sizeof(head) - (size_t)n,
                      "Content-Range: bytes %llu-%llu/%llu\r\n",
                      (unsigned long long)r->first,
                      (unsigned long long)(r->total - 1),
                      (unsigned long long)r->total);
    if (r->status == 429 || r->status == 503)
        n += snprintf(head + n, sizeof(head) - (size_t)n, "Retry-After: 1\r\n");
    if (r->allow)
        n += snprintf(head + n, sizeof(head) - (size_t)n, "Allow: %s\r\n",
                      r->allow);
    if (r->status == 401)
        n += snprintf(head + n, sizeof(head) - (size_t)n,
                      "WWW-Authenticate: Bearer\r\n");
    n += snprintf(head + n, sizeof(head) - (size_t)n, "\r\n");
    return write_all(c, head, (size_t)n) &&
           (request->method == MODELD_HEAD || r->status == 304 || !r->size ||
            write_all(c, r->body, r->size));
}

/** Read the head. @return 0, or a status; @a have and @a end  out: bytes that
 * were read, and where the head ends */
static unsigned read_head(connection *c, char *text, size_t *have, size_t *end,
                          modeld_request *request)
{
    *have = *end = 0;
    while (!(*end = modeld_head_end(text, *have))) {
        size_t n;

        if (*have == MODELD_HEAD_MAX)
            return 431;
        n = read_some(c, text + *have, MODELD_HEAD_MAX - *have);
        if (!n)
            return 408;
        *have += n;
    }
    return modeld_request_read(request, text, *end);
}

/** Read the body behind the head. NULL: it does not come */
static char *read_body(connection *c, const modeld_request *request,
                       const char *text, size_t have)
{
    size_t size = (size_t)request->length;
    char *body = malloc(size + 1);

    if (!body)
        return NULL;
    if (have > size)
        have = size;
    memcpy(body, text, have);
    if (request->expects && have < size)
        write_all(c, "HTTP/1.1 100 Continue\r\n\r\n", 25);
    while (have < size) {
        size_t n = read_some(c, body + have, size - have);

        if (!n) {
            free(body);
            return NULL;
        }
        have += n;
    }
    body[size] = '\0';
    return body;
}

static void refuse(modeld_response *out, unsigned status)
{
    char text[80];

    snprintf(text, sizeof(text), "%s\n", reason(status));
    modeld_say(out, status, text);
}

/** From the head to the response. */
static void serve_request(worker *w, connection *c, const struct sockaddr *from,
                          modeld_request *request, modeld_response *out)
{
    const modeld *server = w->base.server;
    char text[MODELD_HEAD_MAX], *body = NULL;
    size_t have, end;
    unsigned status = read_head(c, text, &have, &end, request);

    out->route = "none";
    if (!status && !modeld_may_ask(from, server->opt.rate))
        status = 429;
    if (!status)
        status = modeld_admit(server, request);
    if (!status && request->length) {
        body = read_body(c, request, text + end, have - end);
        status = body ? 0 : 408;
    }
    if (status == 405)
        out->allow = modeld_methods(request);
    if (status)
        refuse(out, status);
    else
        modeld_route(&w->base, request, body ? body : "",
                     (size_t)request->length, out);
    free(body);
}

static void name_of(const struct sockaddr *from, char *text)
{
    const void *address =
        from->sa_family == AF_INET6
            ? (const void *)&((const struct sockaddr_in6 *)(const void *)from)
                  ->sin6_addr
            : (const void *)&((const struct sockaddr_in *)(const void *)from)
                  ->sin_addr;

    if (!inet_ntop(from->sa_family, address, text, MODELD_ADDRESS))
        strcpy(text, "-");
}

static bool shake_hands(connection *c)
{
    int e;

    do
        e = mbedtls_ssl_handshake(&c->ssl);
    while (again(e));
    return !e;
}

/** End a connection so that the client sees the answer also when it is still
 * sending: with bytes that nobody has read, closing would be a reset. */
static void hang_up(connection *c)
{
    int64_t latest = modeld_clock_ms() + LINGER_MS;
    char unread[4096];
    ssize_t n;

    mbedtls_ssl_close_notify(&c->ssl);
    if (c->deadline > latest)
        c->deadline = latest;
    shutdown(c->fd, SHUT_WR);
    do
        n = wait_for(c, POLLIN) ? recv(c->fd, unread, sizeof(unread), 0) : 0;
    while (n > 0);
}

static void serve(worker *w, const waiting *who)
{
    const struct sockaddr *from = (const struct sockaddr *)&who->from;
    int64_t start = modeld_clock_ms();
    int64_t time_ms = modeld_stopping ? STOPPING_MS
                                      : w->base.server->opt.timeout_ms;
    connection c = { who->fd, start + time_ms, { 0 } };
    modeld_request request = { .method = MODELD_OTHER };
    modeld_response out = { 0 };
    char name[MODELD_ADDRESS];

    modeld_count_busy(1);
    mbedtls_ssl_init(&c.ssl);
    if (!mbedtls_ssl_setup(&c.ssl, &w->conf)) {
        mbedtls_ssl_set_bio(&c.ssl, &c, on_send, on_receive, NULL);
        if (shake_hands(&c)) {
            serve_request(w, &c, from, &request, &out);
            send_response(&c, &request, &out);
            name_of(from, name);
            modeld_log_access(name, &request, out.status, out.size,
                              modeld_clock_ms() - start);
            modeld_count(out.route, out.status, modeld_clock_ms() - start);
            hang_up(&c);
        } else {
            modeld_count_handshake();
        }
    }
    mbedtls_ssl_free(&c.ssl);
    free(out.body);
    close(who->fd);
    modeld_count_busy(-1);
}

/* ------------------------------------------------------------------ */
/* Workers                                                              */
/* ------------------------------------------------------------------ */

/** @return false: the server stops */
static bool next_connection(waiting *out)
{
    bool got = false;

    pthread_mutex_lock(&queue.lock);
    while (!queue.count && !queue.closed)
        pthread_cond_wait(&queue.more, &queue.lock);
    if (queue.count) {
        *out = queue.list[queue.first];
        queue.first = (queue.first + 1) % QUEUE;
        queue.count--;
        got = true;
    }
    pthread_mutex_unlock(&queue.lock);
    return got;
}

static void *work(void *user)
{
    worker *w = user;
    waiting who;

    while (next_connection(&who))
        serve(w, &who);
    return NULL;
}

static int parse_key(worker *w, const char *path)
{
#if MBEDTLS_VERSION_MAJOR >= 3
    return mbedtls_pk_parse_keyfile(&w->pk, path, NULL, mbedtls_ctr_drbg_random,
                                    &w->drbg);
#else
    return mbedtls_pk_parse_keyfile(&w->pk, path, NULL);
#endif
}

static void log_error(const fwsim_log_entry *entry, void *unused)
{
    (void)unused;
    if (entry->level <= FWSIM_LOG_WARN)
        modeld_log("%s", entry->text);
}

static bool complain(const char *what, int e)
{
    char why[160];

    mbedtls_strerror(e, why, sizeof(why));
    modeld_log("%s: %s", what, why);
    return false;
}

/** The certificate, its key, and TLS 1.2 or better. */
static bool set_up_tls(worker *w, const modeld_options *opt)
{
    int e = mbedtls_ctr_drbg_seed(&w->drbg, mbedtls_entropy_func, &w->entropy,
                                  NULL, 0);

    if (e)
        return complain("randomness", e);
    e = mbedtls_x509_crt_parse_file(&w->crt, opt->certificate);
    if (e)
        return complain(opt->certificate, e);
    e = parse_key(w, opt->private_key);
    if (e)
        return complain(opt->private_key, e);
    e = mbedtls_ssl_config_defaults(&w->conf, MBEDTLS_SSL_IS_SERVER,
                                    MBEDTLS_SSL_TRANSPORT_STREAM,
                                    MBEDTLS_SSL_PRESET_DEFAULT);
    if (e)
        return complain("TLS", e);
#if MBEDTLS_VERSION_MAJOR >= 3
    mbedtls_ssl_conf_min_tls_version(&w->conf, MBEDTLS_SSL_VERSION_TLS1_2);
#else
    mbedtls_ssl_conf_min_version(&w->conf, MBEDTLS_SSL_MAJOR_VERSION_3,
                                 MBEDTLS_SSL_MINOR_VERSION_3);
#endif
    mbedtls_ssl_conf_rng(&w->conf, mbedtls_ctr_drbg_random, &w->drbg);
    e = mbedtls_ssl_conf_own_cert(&w->conf, &w->crt, &w->pk);
    return e ? complain(opt->certificate, e) : true;
}

static bool worker_open(worker *w, const modeld *server)
{
    const modeld_options *opt = &server->opt;

    w->base.server = server;
    mbedtls_entropy_init(&w->entropy);
    mbedtls_ctr_drbg_init(&w->drbg);
    mbedtls_x509_crt_init(&w->crt);
    mbedtls_pk_init(&w->pk);
    mbedtls_ssl_config_init(&w->conf);
    if (!set_up_tls(w, opt))
        return false;
    return !opt->sign_key || !fwsim_key_open(&w->base.key, opt->sign_key, NULL,
                                             log_error, NULL);
}

static void worker_close(worker *w)
{
    fwsim_key_free(w->base.key);
    mbedtls_ssl_config_free(&w->conf);
    mbedtls_pk_free(&w->pk);
    mbedtls_x509_crt_free(&w->crt);
    mbedtls_ctr_drbg_free(&w->drbg);
    mbedtls_entropy_free(&w->entropy);
}

/* ------------------------------------------------------------------ */
/* Listening                                                            */
/* ------------------------------------------------------------------ */

bool modeld_listen(modeld *server)
{
    const struct addrinfo hints = { .ai_socktype = SOCK_STREAM,
                                    .ai_flags = AI_PASSIVE };
    struct addrinfo *list;
    int yes = 1, e = getaddrinfo(server->opt.host, server->opt.port, &hints,
                                 &list);

    server->listener = -1;
    if (e) {
        modeld_log("%s: %s", server->opt.host, gai_strerror(e));
        return false;
    }
    for (struct addrinfo *a = list; a && server->listener < 0; a = a->ai_next) {
        int fd = socket(a->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);

        if (fd >= 0 &&
            !setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes)) &&
            !bind(fd, a->ai_addr, a->ai_addrlen) && !listen(fd, BACKLOG))
            server->listener = fd;
        else if (fd >= 0)
            close(fd);
    }
    freeaddrinfo(list);
    if (server->listener < 0)
        modeld_log("cannot listen at %s, port %s: %s", server->opt.host,
                   server->opt.port, strerror(errno));
    return server->listener >= 0;
}

/** Say where, for those who asked for any port. */
static void announce(const modeld *server)
{
    struct sockaddr_storage at;
    socklen_t size = sizeof(at);
    char port[16] = "?", name[MODELD_ADDRESS];

    if (getsockname(server->listener, (struct sockaddr *)&at, &size))
        return;
    getnameinfo((struct sockaddr *)&at, size, NULL, 0, port, sizeof(port),
                NI_NUMERICSERV);
    name_of((struct sockaddr *)&at, name);
    modeld_log("listening at %s, port %s", name, port);
}

/** Put a connection into the queue; a full one turns it away. */
static void enqueue(const waiting *who)
{
    pthread_mutex_lock(&queue.lock);
    if (queue.count < QUEUE) {
        queue.list[(queue.first + queue.count++) % QUEUE] = *who;
        pthread_cond_signal(&queue.more);
    } else {
        close(who->fd);
    }
    pthread_mutex_unlock(&queue.lock);
}

static void accept_all(const modeld *server)
{
    while (!modeld_stopping) {
        struct pollfd p = { .fd = server->listener, .events = POLLIN };
        waiting who;
        socklen_t size = sizeof(who.from);

        /* A signal between the test and the call costs this long at most. */
        if (poll(&p, 1, 200) <= 0)
            continue;
        who.fd = accept4(server->listener, (struct sockaddr *)&who.from, &size,
                         SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (who.fd >= 0)
            enqueue(&who);
        else if (errno == EMFILE || errno == ENFILE)
            poll(NULL, 0, 100); /* until somebody has closed one */
    }
}

/** Let the workers finish what waits. */
static void finish(worker *workers, size_t count)
{
    pthread_mutex_lock(&queue.lock);
    queue.closed = true;
    pthread_cond_broadcast(&queue.more);
    pthread_mutex_unlock(&queue.lock);
    for (size_t i = 0; i < count; i++)
        pthread_join(workers[i].thread, NULL);
}

bool modeld_serve(modeld *server)
{
    worker *workers = calloc(server->opt.workers, sizeof(*workers));
    size_t opened = 0, started = 0;
    sigset_t all, before;
    bool ok = workers;

#if MBEDTLS_VERSION_MAJOR >= 3
    if (ok && psa_crypto_init() != PSA_SUCCESS) {
        modeld_log("the cryptography cannot be set up");
        ok = false;
    }
#endif
    while (ok && opened < server->opt.workers)
        ok = worker_open(&workers[opened++], server);
    /* Signals are for the thread that accepts. */
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, &before);
    while (ok && started < server->opt.workers) {
        ok = !pthread_create(&workers[started].thread, NULL, work,
                             &workers[started]);
        started += ok;
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (ok) {
        announce(server);
        accept_all(server);
        modeld_log("stopping");
    }
    finish(workers, started);
    for (size_t i = 0; i < opened; i++)
        worker_close(&workers[i]);
    free(workers);
    close(server->listener);
    return ok;
}
