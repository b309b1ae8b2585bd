/* SPDX-License-Identifier: GPL-2.0-or-later */
#define _GNU_SOURCE /* strcasestr */
#include "https.h"

#ifdef FWSIM_WITH_BUNDLES

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include <mbedtls/ctr_drbg.h>
#include <mbedtls/entropy.h>
#include <mbedtls/net_sockets.h>
#include <mbedtls/ssl.h>
#include <mbedtls/version.h>
#include <mbedtls/x509_crt.h>
#if MBEDTLS_VERSION_MAJOR >= 3
#include <psa/crypto.h>
#endif

#include "support.h"

enum { REQUEST_MAX = 1 << 20, PATH = 512 };

void https_make_ca(const char *folder)
{
    static const char script[] =
        "set -e; cd %s\n"
        "key='-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes'\n"
        "openssl req -x509 $key -keyout ca.key -out ca.pem -days 2 "
        "-subj '/CN=test CA' 2>log\n"
        "openssl req $key -keyout server.key -out server.csr "
        "-subj /CN=localhost 2>log\n"
        "echo subjectAltName=DNS:localhost,IP:127.0.0.1 >ext\n"
        "openssl x509 -req -in server.csr -CA ca.pem -CAkey ca.key "
        "-CAcreateserial -out server.pem -days 2 -extfile ext 2>log\n";
    char command[sizeof script + PATH];

    if (system("openssl version >/dev/null 2>&1") != 0) {
        printf("SKIPPED: there is no openssl (Debian: openssl)\n");
        exit(77);
    }
    snprintf(command, sizeof command, script, folder);
    assert_int_equal(system(command), 0);
}

/* ------------------------------------------------------------------ */
/* TLS                                                                  */
/* ------------------------------------------------------------------ */

typedef struct tls {
    mbedtls_entropy_context entropy;
    mbedtls_ctr_drbg_context drbg;
    mbedtls_ssl_config conf;
    mbedtls_x509_crt crt;
    mbedtls_pk_context key;
} tls;

static void tls_free(tls *t)
{
    mbedtls_pk_free(&t->key);
    mbedtls_x509_crt_free(&t->crt);
    mbedtls_ssl_config_free(&t->conf);
    mbedtls_ctr_drbg_free(&t->drbg);
    mbedtls_entropy_free(&t->entropy);
}

static void tls_open(tls *t, int side)
{
    mbedtls_entropy_init(&t->entropy);
    mbedtls_ctr_drbg_init(&t->drbg);
    mbedtls_ssl_config_init(&t->conf);
    mbedtls_x509_crt_init(&t->crt);
    mbedtls_pk_init(&t->key);
#if MBEDTLS_VERSION_MAJOR >= 3
    assert_int_equal(psa_crypto_init(), PSA_SUCCESS);
#endif
    assert_int_equal(mbedtls_ctr_drbg_seed(&t->drbg, mbedtls_entropy_func,
                                           &t->entropy, NULL, 0), 0);
    assert_int_equal(mbedtls_ssl_config_defaults(
                         &t->conf, side, MBEDTLS_SSL_TRANSPORT_STREAM,
                         MBEDTLS_SSL_PRESET_DEFAULT), 0);
    mbedtls_ssl_conf_authmode(&t->conf, MBEDTLS_SSL_VERIFY_NONE);
    mbedtls_ssl_conf_rng(&t->conf, mbedtls_ctr_drbg_random, &t->drbg);
}

static void tls_certificate(tls *t, const char *folder)
{
    char crt[PATH], key[PATH];

    snprintf(crt, sizeof crt, "%s/server.pem", folder);
    snprintf(key, sizeof key, "%s/server.key", folder);
    assert_int_equal(mbedtls_x509_crt_parse_file(&t->crt, crt), 0);
#if MBEDTLS_VERSION_MAJOR >= 3
    assert_int_equal(mbedtls_pk_parse_keyfile(&t->key, key, NULL,
                                              mbedtls_ctr_drbg_random,
                                              &t->drbg), 0);
#else
    assert_int_equal(mbedtls_pk_parse_keyfile(&t->key, key, NULL), 0);
#endif
    assert_int_equal(mbedtls_ssl_conf_own_cert(&t->conf, &t->crt, &t->key), 0);
}

/* ------------------------------------------------------------------ */
/* A server                                                             */
/* ------------------------------------------------------------------ */

struct https_server {
    tls tls;
    int listener;
    unsigned port;
    https_fn fn;
    void *user;
    pthread_t thread;
    atomic_bool stopping;
    atomic_uint requests;
};

/** Is all of the request there? */
static bool is_whole(const char *text, size_t size)
{
    const char *end = strstr(text, "\r\n\r\n"), *length;

    if (!end)
        return false;
    length = strcasestr(text, "\r\nContent-Length:");
    if (!length || length > end)
        return true;
    return size >= (size_t)(end + 4 - text) + strtoul(length + 17, NULL, 10);
}

const char *https_body(const char *request)
{
    const char *end = strstr(request, "\r\n\r\n");

    return end ? end + 4 : "";
}

void https_say(https_reply *reply, const char *status, const char *type,
               const void *body, size_t size)
{
    char head[256];
    int n = snprintf(head, sizeof head,
                     "HTTP/1.1 %s\r\nContent-Type: %s\r\n"
                     "Content-Length: %zu\r\nConnection: close\r\n\r\n",
                     status, type, size);

    reply->size = (size_t)n + size;
    reply->data = malloc(reply->size + 1);
    if (!reply->data)
        abort();
    memcpy(reply->data, head, (size_t)n);
    if (size)
        memcpy(reply->data + n, body, size);
}

/** Sleep, but not after the end. */
static void wait_ms(const https_server *s, unsigned ms)
{
    for (; ms >= 10 && !s->stopping; ms -= 10)
        poll(NULL, 0, 10);
}

static void answer(https_server *s, mbedtls_ssl_context *ssl)
{
    char *text = calloc(1, REQUEST_MAX + 1);
    https_reply reply = { 0 };
    size_t size = 0;

    while (text && size < REQUEST_MAX && !is_whole(text, size)) {
        int n = mbedtls_ssl_read(ssl, (unsigned char *)text + size,
                                 REQUEST_MAX - size);

        if (n <= 0)
            break;
        size += (size_t)n;
    }
    if (text && size) {
        s->requests++;
        s->fn(text, size, &reply, s->user);
        wait_ms(s, reply.delay_ms);
    }
    for (size_t sent = 0; sent < reply.size;) {
        int n = mbedtls_ssl_write(ssl, (unsigned char *)reply.data + sent,
                                  reply.size - sent);

        if (n <= 0)
            break;
        sent += (size_t)n;
    }
    mbedtls_ssl_close_notify(ssl);
    free(reply.data);
    free(text);
}

static void *serve(void *user)
{
    https_server *s = user;

    while (!s->stopping) {
        struct pollfd p = { .fd = s->listener, .events = POLLIN };
        mbedtls_ssl_context ssl;
        mbedtls_net_context net;

        if (poll(&p, 1, 20) <= 0)
            continue;
        net.fd = accept(s->listener, NULL, NULL);
        if (net.fd < 0)
            continue;
        mbedtls_ssl_init(&ssl);
        if (!mbedtls_ssl_setup(&ssl, &s->tls.conf)) {
            mbedtls_ssl_set_bio(&ssl, &net, mbedtls_net_send, mbedtls_net_recv,
                                NULL);
            if (!mbedtls_ssl_handshake(&ssl))
                answer(s, &ssl);
        }
        mbedtls_ssl_free(&ssl);
        mbedtls_net_free(&net);
    }
    return NULL;
}

https_server *https_serve(const char *folder, https_fn fn, void *user)
{
    https_server *s = calloc(1, sizeof *s);
    struct sockaddr_in at = { .sin_family = AF_INET,
                              .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t size = sizeof at;

    assert_non_null(s);
    signal(SIGPIPE, SIG_IGN); /* clients that have had enough */
    s->fn = fn;
    s->user = user;
    tls_open(&s->tls, MBEDTLS_SSL_IS_SERVER);
    tls_certificate(&s->tls, folder);
    s->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(s->listener >= 0);
    assert_int_equal(bind(s->listener, (struct sockaddr *)&at, sizeof at), 0);
    assert_int_equal(listen(s->listener, 8), 0);
    assert_int_equal(getsockname(s->listener, (struct sockaddr *)&at, &size),
                     0);
    s->port = ntohs(at.sin_port);
    assert_int_equal(pthread_create(&s->thread, NULL, serve, s), 0);
    return s;
}

unsigned https_port(const https_server *s)
{
    return s->port;
}

unsigned https_requests(const https_server *s)
{
    return s->requests;
}

void https_stop(https_server *s)
{
    s->stopping = true;
    pthread_join(s->thread, NULL);
    close(s->listener);
    tls_free(&s->tls);
    free(s);
}

/* ------------------------------------------------------------------ */
/* A client                                                             */
/* ------------------------------------------------------------------ */

struct https_client {
    tls tls;
    mbedtls_ssl_context ssl;
    mbedtls_net_context net;
};

https_client *https_connect(unsigned port)
{
    https_client *c = calloc(1, sizeof *c);
    char text[16];

    assert_non_null(c);
    tls_open(&c->tls, MBEDTLS_SSL_IS_CLIENT);
    mbedtls_ssl_init(&c->ssl);
    mbedtls_net_init(&c->net);
    snprintf(text, sizeof text, "%u", port);
    assert_int_equal(mbedtls_net_connect(&c->net, "127.0.0.1", text,
                                         MBEDTLS_NET_PROTO_TCP), 0);
    assert_int_equal(mbedtls_ssl_setup(&c->ssl, &c->tls.conf), 0);
    mbedtls_ssl_set_bio(&c->ssl, &c->net, mbedtls_net_send, mbedtls_net_recv,
                        mbedtls_net_recv_timeout);
    assert_int_equal(mbedtls_ssl_handshake(&c->ssl), 0);
    return c;
}

bool https_send(https_client *c, const void *data, size_t size)
{
    const unsigned char *at = data;

    while (size) {
        int n = mbedtls_ssl_write(&c->ssl, at, size);

        if (n <= 0)
            return false;
        at += n;
        size -= (size_t)n;
    }
    return true;
}

char *https_receive(https_client *c, unsigned ms, size_t *size)
{
    enum { MOST = 1 << 22 };
    char *text = malloc(MOST + 1);
    int n;

    assert_non_null(text);
    *size = 0;
    mbedtls_ssl_conf_read_timeout(&c->tls.conf, ms);
    do {
        n = mbedtls_ssl_read(&c->ssl, (unsigned char *)text + *size,
                             MOST - *size);
        if (n > 0)
            *size += (size_t)n;
    } while (n > 0 && *size < MOST);
    text[*size] = '\0';
    return text;
}

void https_close(https_client *c)
{
    mbedtls_ssl_close_notify(&c->ssl);
    mbedtls_ssl_free(&c->ssl);
    mbedtls_net_free(&c->net);
    tls_free(&c->tls);
    free(c);
}

char *https_exchange(unsigned port, const char *text)
{
    https_client *c = https_connect(port);
    size_t size;
    char *answer_text;

    assert_true(https_send(c, text, strlen(text)));
    answer_text = https_receive(c, 20000, &size);
    https_close(c);
    return answer_text;
}

#endif
