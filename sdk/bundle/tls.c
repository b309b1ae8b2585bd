/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A TLS connection to a server, see tls.h.
 */
#include "bundle/tls.h"
#include "bundle/key.h"
#include "bundle/socket.h"

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
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

struct fwsim__tls {
    int fd;
    int64_t deadline;
    const char *pin;
    char server_key[2 * FWSIM__SHA256 + 1]; /* hex; "": not seen yet */
    mbedtls_ssl_context ssl;
    mbedtls_ssl_config conf;
    mbedtls_x509_crt ca;
    mbedtls_entropy_context entropy;
    mbedtls_ctr_drbg_context drbg;
};

/** Where systems keep their certificates. */
static const char *const system_cas[] = {
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/cert.pem",
};

/* ------------------------------------------------------------------ */
/* Errors                                                               */
/* ------------------------------------------------------------------ */

static int refuse(int e, const char *what, const fwsim__teller *t)
{
    char why[160];

    if (e == MBEDTLS_ERR_SSL_TIMEOUT)
        return fwsim__refuse(t, FWSIM_ETIMEDOUT, "%s: it takes too long", what);
    mbedtls_strerror(e, why, sizeof why);
    return fwsim__refuse(t, FWSIM_EIO, "%s: %s", what, why);
}

/** Why the certificate is refused, in one line. */
static int refuse_certificate(const fwsim__tls *tls, uint32_t flags,
                              const char *host, const fwsim__teller *t)
{
    char why[400];
    int n = mbedtls_x509_crt_verify_info(why, sizeof why, "", flags);

    for (int i = 0; i < n; i++) {
        if (why[i] == '\n')
            why[i] = i + 1 == n ? '\0' : ';';
    }
    if (tls->pin && (flags & MBEDTLS_X509_BADCERT_OTHER))
        return fwsim__refuse(t, FWSIM_EACCES,
                             "the public key of %s is %s, not the pinned one",
                             host, tls->server_key);
    return fwsim__refuse(t, FWSIM_EACCES,
                         "the certificate of %s is not accepted: %s", host,
                         n > 0 ? why : "unknown reason");
}

/* ------------------------------------------------------------------ */
/* The server's key                                                     */
/* ------------------------------------------------------------------ */

static void note_key(fwsim__tls *tls, mbedtls_x509_crt *crt)
{
    uint8_t der[4096], hash[FWSIM__SHA256];
    int n = mbedtls_pk_write_pubkey_der(&crt->pk, der, sizeof der);

    if (n > 0 && fwsim__sha256((fwsim__span){ der + sizeof der - n, (size_t)n },
                               hash))
        fwsim__hex(hash, sizeof hash, tls->server_key);
}

/** With a pin, the key of the server stands in for who has signed it; host
 * name and dates are checked as ever. */
static int verify(void *user, mbedtls_x509_crt *crt, int depth, uint32_t *flags)
{
    fwsim__tls *tls = user;

    if (depth == 0)
        note_key(tls, crt);
    if (!tls->pin)
        return 0;
    *flags &= ~(uint32_t)MBEDTLS_X509_BADCERT_NOT_TRUSTED;
    if (depth == 0 &&
        (!*tls->server_key || strcasecmp(tls->pin, tls->server_key)))
        *flags |= MBEDTLS_X509_BADCERT_OTHER;
    return 0;
}

/* ------------------------------------------------------------------ */
/* Setting up                                                           */
/* ------------------------------------------------------------------ */

static int on_send(void *user, const unsigned char *data, size_t size)
{
    fwsim__tls *tls = user;
    int n = fwsim__socket_send(tls->fd, data, size, tls->deadline);

    return n == FWSIM__SOCKET_LATE ? MBEDTLS_ERR_SSL_TIMEOUT
         : n < 0 ? MBEDTLS_ERR_SSL_CONN_EOF : n;
}

static int on_receive(void *user, unsigned char *buf, size_t size)
{
    fwsim__tls *tls = user;
    int n = fwsim__socket_receive(tls->fd, buf, size, tls->deadline);

    return n == FWSIM__SOCKET_LATE ? MBEDTLS_ERR_SSL_TIMEOUT
         : n < 0 ? MBEDTLS_ERR_SSL_CONN_EOF : n;
}

static int load_ca(fwsim__tls *tls, const char *ca, const fwsim__teller *t)
{
    int e;

    if (tls->pin)
        return 0;
    for (size_t i = 0; !ca && i < sizeof system_cas / sizeof *system_cas; i++) {
        if (!access(system_cas[i], R_OK))
            ca = system_cas[i];
    }
    if (!ca)
        return fwsim__refuse(t, FWSIM_ENOENT,
                             "no certificates of the system were found; "
                             "install ca-certificates, or name a CA file");
    e = mbedtls_x509_crt_parse_file(&tls->ca, ca);
    if (e < 0)
        return fwsim__refuse(t, access(ca, R_OK) ? FWSIM_ENOENT : FWSIM_EFORMAT,
                             "%s: the CA file cannot be read (PEM is wanted)",
                             ca);
    return 0;
}

static int configure(fwsim__tls *tls, const char *host)
{
    int e = mbedtls_ctr_drbg_seed(&tls->drbg, mbedtls_entropy_func,
                                  &tls->entropy, NULL, 0);

    if (!e)
        e = mbedtls_ssl_config_defaults(&tls->conf, MBEDTLS_SSL_IS_CLIENT,
                                        MBEDTLS_SSL_TRANSPORT_STREAM,
                                        MBEDTLS_SSL_PRESET_DEFAULT);
    if (e)
        return e;
#if MBEDTLS_VERSION_MAJOR >= 3
    if (psa_crypto_init() != PSA_SUCCESS)
        return MBEDTLS_ERR_SSL_INTERNAL_ERROR;
    mbedtls_ssl_conf_min_tls_version(&tls->conf, MBEDTLS_SSL_VERSION_TLS1_2);
#else
    mbedtls_ssl_conf_min_version(&tls->conf, MBEDTLS_SSL_MAJOR_VERSION_3,
                                 MBEDTLS_SSL_MINOR_VERSION_3);
#endif
    mbedtls_ssl_conf_authmode(&tls->conf, MBEDTLS_SSL_VERIFY_REQUIRED);
    mbedtls_ssl_conf_ca_chain(&tls->conf, &tls->ca, NULL);
    mbedtls_ssl_conf_verify(&tls->conf, verify, tls);
    mbedtls_ssl_conf_rng(&tls->conf, mbedtls_ctr_drbg_random, &tls->drbg);
    e = mbedtls_ssl_setup(&tls->ssl, &tls->conf);
    if (!e)
        e = mbedtls_ssl_set_hostname(&tls->ssl, host);
    mbedtls_ssl_set_bio(&tls->ssl, tls, on_send, on_receive, NULL);
    return e;
}

static int shake_hands(fwsim__tls *tls, const char *host, const fwsim__teller *t)
{
    uint32_t flags;
    int e;

    do
        e = mbedtls_ssl_handshake(&tls->ssl);
    while (e == MBEDTLS_ERR_SSL_WANT_READ || e == MBEDTLS_ERR_SSL_WANT_WRITE);
    flags = mbedtls_ssl_get_verify_result(&tls->ssl);
    if (e == MBEDTLS_ERR_X509_CERT_VERIFY_FAILED)
        return refuse_certificate(tls, flags, host, t);
    if (e)
        return refuse(e, "no TLS 1.2 or better with the server", t);
    return flags ? refuse_certificate(tls, flags, host, t) : 0;
}

static fwsim__tls *new_tls(const fwsim__tls_options *opt)
{
    fwsim__tls *tls = calloc(1, sizeof *tls);

    if (!tls)
        return NULL;
    tls->fd = -1;
    tls->deadline = opt->deadline_ms;
    tls->pin = opt->pin;
    mbedtls_ssl_init(&tls->ssl);
    mbedtls_ssl_config_init(&tls->conf);
    mbedtls_x509_crt_init(&tls->ca);
    mbedtls_entropy_init(&tls->entropy);
    mbedtls_ctr_drbg_init(&tls->drbg);
    return tls;
}

int fwsim__tls_open(fwsim__tls **out, const fwsim__tls_options *opt,
                    const fwsim__teller *t)
{
    fwsim__tls *tls = new_tls(opt);
    int err, e;

    *out = NULL;
    if (!tls)
        return fwsim__refuse(t, FWSIM_ENOMEM, "out of memory");
    err = load_ca(tls, opt->ca, t);
    if (!err)
        err = fwsim__socket_open(&tls->fd, opt, t);
    if (!err) {
        e = configure(tls, opt->host);
        err = e ? refuse(e, "TLS cannot begin", t)
                : shake_hands(tls, opt->host, t);
    }
    if (err) {
        fwsim__tls_close(tls);
        return err;
    }
    *out = tls;
    return 0;
}

void fwsim__tls_close(fwsim__tls *tls)
{
    if (!tls)
        return;
    if (tls->fd >= 0) {
        mbedtls_ssl_close_notify(&tls->ssl);
        close(tls->fd);
    }
    mbedtls_ssl_free(&tls->ssl);
    mbedtls_ssl_config_free(&tls->conf);
    mbedtls_x509_crt_free(&tls->ca);
    mbedtls_ctr_drbg_free(&tls->drbg);
    mbedtls_entropy_free(&tls->entropy);
    free(tls);
}

/* ------------------------------------------------------------------ */
/* Data                                                                 */
/* ------------------------------------------------------------------ */

int fwsim__tls_write(fwsim__tls *tls, const void *data, size_t size,
                     const fwsim__teller *t)
{
    const unsigned char *at = data;

    while (size) {
        int n = mbedtls_ssl_write(&tls->ssl, at, size);

        if (n == MBEDTLS_ERR_SSL_WANT_READ || n == MBEDTLS_ERR_SSL_WANT_WRITE)
            continue;
        if (n < 0)
            return refuse(n, "the request cannot be sent", t);
        at += n;
        size -= (size_t)n;
    }
    return 0;
}

/** Does this end a connection in good order, or not at all? */
static bool is_no_data(int n)
{
#ifdef MBEDTLS_ERR_SSL_RECEIVED_NEW_SESSION_TICKET
    if (n == MBEDTLS_ERR_SSL_RECEIVED_NEW_SESSION_TICKET)
        return true;
#endif
    return n == MBEDTLS_ERR_SSL_WANT_READ || n == MBEDTLS_ERR_SSL_WANT_WRITE;
}

int fwsim__tls_read(fwsim__tls *tls, void *buf, size_t size, size_t *got,
                    const fwsim__teller *t)
{
    int n;

    do
        n = mbedtls_ssl_read(&tls->ssl, buf, size);
    while (is_no_data(n));
    *got = 0;
    if (n == MBEDTLS_ERR_SSL_PEER_CLOSE_NOTIFY)
        return 0;
    if (n < 0)
        return refuse(n, "the connection broke", t);
    if (n == 0)
        return fwsim__refuse(t, FWSIM_EIO,
                             "the connection broke: no end of TLS was sent");
    *got = (size_t)n;
    return 0;
}
