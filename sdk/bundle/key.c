/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Keys of bundles, see key.h.
 */
#include "bundle/key.h"

#include <mbedtls/asn1.h>
#include <mbedtls/asn1write.h>
#include <mbedtls/bignum.h>
#include <mbedtls/ctr_drbg.h>
#include <mbedtls/ecp.h>
#include <mbedtls/entropy.h>
#include <mbedtls/error.h>
#include <mbedtls/md.h>
#include <mbedtls/pk.h>
#include <mbedtls/platform_util.h>
#include <mbedtls/version.h>
#include <stdlib.h>
#include <string.h>

enum {
    COORDINATE = FWSIM__SIGNATURE / 2,
    DER_SIGNATURE = 80,
    SPKI_ROOM = 256 /* room for keys of other curves */
};

struct fwsim__key {
    mbedtls_pk_context pk;
    uint8_t id[FWSIM__SHA256];
    uint8_t spki[FWSIM__SPKI];
};

/** Randomness for keys and for blinding; opened where it is needed. */
typedef struct randomness {
    mbedtls_entropy_context entropy;
    mbedtls_ctr_drbg_context drbg;
} randomness;

static int randomness_open(randomness *r)
{
    mbedtls_entropy_init(&r->entropy);
    mbedtls_ctr_drbg_init(&r->drbg);
    return mbedtls_ctr_drbg_seed(&r->drbg, mbedtls_entropy_func, &r->entropy,
                                 (const unsigned char *)"fwsim", 5);
}

static void randomness_close(randomness *r)
{
    mbedtls_ctr_drbg_free(&r->drbg);
    mbedtls_entropy_free(&r->entropy);
}

bool fwsim__sha256(fwsim__span data, uint8_t hash[FWSIM__SHA256])
{
    return !mbedtls_md(mbedtls_md_info_from_type(MBEDTLS_MD_SHA256), data.data,
                       data.size, hash);
}

void fwsim__hex(const uint8_t *data, size_t size, char *text)
{
    static const char digits[] = "0123456789abcdef";

    for (size_t i = 0; i < size; i++) {
        *text++ = digits[data[i] >> 4];
        *text++ = digits[data[i] & 15];
    }
    *text = '\0';
}

/* ------------------------------------------------------------------ */
/* Making and freeing                                                   */
/* ------------------------------------------------------------------ */

static int refuse_tls(const fwsim__teller *t, int code, int tls_error,
                      const char *what)
{
    char why[128];

    mbedtls_strerror(tls_error, why, sizeof why);
    return fwsim__refuse(t, code, "%s: %s", what, why);
}

/** SubjectPublicKeyInfo of a point on P-256 (RFC 5480) before x and y. Other
 * curves have 256 bits, too. */
static const uint8_t p256_spki[] = {
    0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48,
    0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48,
    0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00, 0x04
};

/** What one cannot find out any more later: id and public half. */
static int complete(fwsim__key *key, const fwsim__teller *t)
{
    unsigned char buf[SPKI_ROOM];
    int n = mbedtls_pk_get_type(&key->pk) == MBEDTLS_PK_ECKEY
                ? mbedtls_pk_write_pubkey_der(&key->pk, buf, sizeof buf)
                : 0;
    const unsigned char *der = buf + sizeof buf - (n > 0 ? n : 0);

    if (n != FWSIM__SPKI || memcmp(der, p256_spki, sizeof p256_spki))
        return fwsim__refuse(t, FWSIM_ENOTSUP,
                             "the key is %s of %zu bits; an EC key on P-256 is "
                             "wanted: fwsim bundle keygen",
                             mbedtls_pk_get_name(&key->pk),
                             mbedtls_pk_get_bitlen(&key->pk));
    memcpy(key->spki, der, sizeof key->spki);
    return fwsim__sha256(fwsim__key_spki(key), key->id)
               ? 0
               : fwsim__refuse(t, FWSIM_ENOMEM, "out of memory");
}

static fwsim__key *key_alloc(void)
{
    fwsim__key *key = calloc(1, sizeof *key);

    if (key)
        mbedtls_pk_init(&key->pk);
    return key;
}

void fwsim__key_free(fwsim__key *key)
{
    if (!key)
        return;
    mbedtls_pk_free(&key->pk);
    free(key);
}

static int finish(fwsim__key **out, fwsim__key *key, int err,
                  const fwsim__teller *t)
{
    if (!err)
        err = complete(key, t);
    if (err)
        fwsim__key_free(key);
    else
        *out = key;
    return err;
}

/** mbedTLS wants PEM with its zero byte, and tells DER by its absence. */
static uint8_t *with_zero(fwsim__span bytes, size_t *size)
{
    bool pem = bytes.size > 10 && !memcmp(bytes.data, "-----BEGIN", 10);
    uint8_t *copy = malloc(bytes.size + 1);

    if (!copy)
        return NULL;
    memcpy(copy, bytes.data, bytes.size);
    copy[bytes.size] = 0;
    *size = bytes.size + pem;
    return copy;
}

int fwsim__key_public(fwsim__key **out, fwsim__span bytes,
                      const fwsim__teller *t)
{
    fwsim__key *key = key_alloc();
    size_t size;
    uint8_t *text = with_zero(bytes, &size);
    int err = FWSIM_ENOMEM, e;

    *out = NULL;
    if (key && text) {
        e = mbedtls_pk_parse_public_key(&key->pk, text, size);
        err = e ? refuse_tls(t, FWSIM_EFORMAT, e,
                             "not a public key in PEM or DER")
                : 0;
    }
    free(text);
    return finish(out, key, err, t);
}

static int parse_private(mbedtls_pk_context *pk, const uint8_t *text,
                         size_t size, const char *passphrase)
{
    const unsigned char *pwd = (const unsigned char *)passphrase;
    size_t length = passphrase ? strlen(passphrase) : 0;
#if MBEDTLS_VERSION_MAJOR >= 3
    randomness r;
    int e = randomness_open(&r);

    if (!e)
        e = mbedtls_pk_parse_key(pk, text, size, pwd, length,
                                 mbedtls_ctr_drbg_random, &r.drbg);
    randomness_close(&r);
    return e;
#else
    return mbedtls_pk_parse_key(pk, text, size, pwd, length);
#endif
}

static int refuse_private(const fwsim__teller *t, int e, bool has_passphrase)
{
    if (e == MBEDTLS_ERR_PK_PASSWORD_REQUIRED)
        return fwsim__refuse(t, FWSIM_EACCES,
                             "the key is encrypted; give its passphrase");
    if (e == MBEDTLS_ERR_PK_PASSWORD_MISMATCH)
        return fwsim__refuse(t, FWSIM_EACCES, "the passphrase is not right");
    return refuse_tls(t, FWSIM_EFORMAT, e,
                      has_passphrase
                          ? "not a private key in PEM that this mbedTLS can "
                            "decrypt; openssl pkcs8 -topk8 -v2 des3 makes one"
                          : "not a private key in PEM or DER");
}

int fwsim__key_private(fwsim__key **out, fwsim__span bytes,
                       const char *passphrase, const fwsim__teller *t)
{
    fwsim__key *key = key_alloc();
    size_t size = 0;
    uint8_t *text = with_zero(bytes, &size);
    int err = FWSIM_ENOMEM, e;

    *out = NULL;
    if (key && text) {
        e = parse_private(&key->pk, text, size, passphrase);
        err = e ? refuse_private(t, e, passphrase) : 0;
    }
    if (text)
        mbedtls_platform_zeroize(text, size);
    free(text);
    return finish(out, key, err, t);
}

int fwsim__key_new(fwsim__key **out, const fwsim__teller *t)
{
    fwsim__key *key = key_alloc();
    randomness r;
    int e;

    *out = NULL;
    if (!key)
        return FWSIM_ENOMEM;
    e = randomness_open(&r);
    if (!e)
        e = mbedtls_pk_setup(&key->pk,
                             mbedtls_pk_info_from_type(MBEDTLS_PK_ECKEY));
    if (!e)
        e = mbedtls_ecp_gen_key(MBEDTLS_ECP_DP_SECP256R1, mbedtls_pk_ec(key->pk),
                                mbedtls_ctr_drbg_random, &r.drbg);
    randomness_close(&r);
    return finish(out, key,
                  e ? refuse_tls(t, FWSIM_EIO, e, "no key could be made") : 0,
                  t);
}

const uint8_t *fwsim__key_id(const fwsim__key *key)
{
    return key->id;
}

fwsim__span fwsim__key_spki(const fwsim__key *key)
{
    return (fwsim__span){ key->spki, sizeof key->spki };
}

size_t fwsim__key_pem(const fwsim__key *key, bool private_half, char *buf,
                      size_t size)
{
    mbedtls_pk_context *pk = (mbedtls_pk_context *)&key->pk;
    int e = private_half
                ? mbedtls_pk_write_key_pem(pk, (unsigned char *)buf, size)
                : mbedtls_pk_write_pubkey_pem(pk, (unsigned char *)buf, size);

    return e ? 0 : strlen(buf);
}

/* ------------------------------------------------------------------ */
/* Signatures                                                           */
/* ------------------------------------------------------------------ */

/** The ASN.1 form that mbedTLS speaks, to r and s. */
static int raw_from_der(uint8_t *der, size_t size, uint8_t *raw)
{
    unsigned char *p = der;
    const unsigned char *end = der + size;
    mbedtls_mpi r, s;
    size_t length;
    int e;

    mbedtls_mpi_init(&r);
    mbedtls_mpi_init(&s);
    e = mbedtls_asn1_get_tag(&p, end, &length,
                             MBEDTLS_ASN1_CONSTRUCTED | MBEDTLS_ASN1_SEQUENCE);
    if (!e)
        e = mbedtls_asn1_get_mpi(&p, end, &r);
    if (!e)
        e = mbedtls_asn1_get_mpi(&p, end, &s);
    if (!e)
        e = mbedtls_mpi_write_binary(&r, raw, COORDINATE);
    if (!e)
        e = mbedtls_mpi_write_binary(&s, raw + COORDINATE, COORDINATE);
    mbedtls_mpi_free(&r);
    mbedtls_mpi_free(&s);
    return e;
}

/** And back, at the end of @a der. @return bytes, or negative */
static int der_from_raw(const uint8_t *raw, uint8_t der[DER_SIGNATURE])
{
    unsigned char *p = der + DER_SIGNATURE;
    size_t length = 0;
    mbedtls_mpi n;
    int written = 0;

    mbedtls_mpi_init(&n);
    for (int i = 1; i >= 0 && written >= 0; i--) { /* ASN.1 goes backwards */
        written = mbedtls_mpi_read_binary(&n, raw + i * COORDINATE, COORDINATE);
        if (!written)
            written = mbedtls_asn1_write_mpi(&p, der, &n);
        if (written >= 0)
            length += (size_t)written;
    }
    mbedtls_mpi_free(&n);
    if (written >= 0)
        written = mbedtls_asn1_write_len(&p, der, length);
    if (written >= 0)
        written = mbedtls_asn1_write_tag(&p, der, MBEDTLS_ASN1_CONSTRUCTED |
                                                      MBEDTLS_ASN1_SEQUENCE);
    return written < 0 ? written : (int)(der + DER_SIGNATURE - p);
}

int fwsim__key_sign(fwsim__key *key, fwsim__span data,
                    uint8_t signature[FWSIM__SIGNATURE], const fwsim__teller *t)
{
    uint8_t hash[FWSIM__SHA256], der[MBEDTLS_PK_SIGNATURE_MAX_SIZE];
    size_t size = 0;
    randomness r;
    int e;

    if (!fwsim__sha256(data, hash))
        return FWSIM_ENOMEM;
    e = randomness_open(&r);
    if (!e)
#if MBEDTLS_VERSION_MAJOR >= 3
        e = mbedtls_pk_sign(&key->pk, MBEDTLS_MD_SHA256, hash, sizeof hash, der,
                            sizeof der, &size, mbedtls_ctr_drbg_random, &r.drbg);
#else
        e = mbedtls_pk_sign(&key->pk, MBEDTLS_MD_SHA256, hash, sizeof hash, der,
                            &size, mbedtls_ctr_drbg_random, &r.drbg);
#endif
    randomness_close(&r);
    if (!e)
        e = raw_from_der(der, size, signature);
    return e ? refuse_tls(t, FWSIM_EACCES, e,
                          "cannot sign: is this a private key?")
             : 0;
}

bool fwsim__key_verifies(const fwsim__key *key, fwsim__span data,
                         fwsim__span signature)
{
    uint8_t hash[FWSIM__SHA256], der[DER_SIGNATURE];
    int size;

    if (signature.size != FWSIM__SIGNATURE || !fwsim__sha256(data, hash))
        return false;
    size = der_from_raw(signature.data, der);
    return size > 0 &&
           !mbedtls_pk_verify((mbedtls_pk_context *)&key->pk, MBEDTLS_MD_SHA256,
                              hash, sizeof hash, der + sizeof der - size,
                              (size_t)size);
}
