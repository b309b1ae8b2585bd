/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Fetching, see fetch.h.
 */
#include "bundle/fetch.h"
#include "bundle/key.h"
#include "bundle/tls.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

enum {
    CONNECT_MS = 10000,
    TOTAL_MS = 60000,
    BACK_OFF_MS = 250, /* doubles with each retry */
    BACK_OFF_MAX_MS = 8000,
    REDIRECTS = 5,
    INTERIM = 8 /* answers of the class 1xx before the one that counts */
};

/** A request under way, over all its attempts. */
typedef struct job {
    const fwsim__request *request;
    const fwsim_fetch_options *opt;
    fwsim__teller teller;
    fwsim__url url;
    int64_t deadline;
    fwsim__response *out;
    fwsim__http_head head;
    bool retry;          /* this attempt may be made again */
    unsigned retry_ms;   /* not before; 0: as the back-off says */
    char why[1024];      /* why this attempt failed */
} job;

/** Whether a failure is an error is known when no attempt follows it. */
static void hold_errors(const fwsim_log_entry *entry, void *user)
{
    job *j = user;

    if (entry->level == FWSIM_LOG_ERROR)
        snprintf(j->why, sizeof j->why, "%s", entry->text);
    else if (j->opt->log)
        j->opt->log(entry, j->opt->log_user);
}

static void tell_why(const job *j, fwsim_level level)
{
    const fwsim__teller t = { NULL, j->opt->log, j->opt->log_user };

    if (*j->why)
        fwsim__tell(&t, level, "%s", j->why);
}

/* ------------------------------------------------------------------ */
/* One attempt                                                          */
/* ------------------------------------------------------------------ */

/** A body of which a part is there goes on, if it is the same one. */
static bool resumes(const job *j)
{
    return j->out->body.size && !j->request->body && *j->out->etag == '"';
}

static bool put(fwsim__bytes *out, const char *text)
{
    return fwsim__bytes_add(out, text, strlen(text));
}

static bool put_field(fwsim__bytes *out, const char *name, const char *value)
{
    return !value || !*value ||
           (put(out, name) && put(out, ": ") && put(out, value) &&
            put(out, "\r\n"));
}

static bool request_text(const job *j, fwsim__bytes *out)
{
    const fwsim__request *r = j->request;
    bool v6 = strchr(j->url.host, ':');
    char host[300], length[32] = "", range[40] = "", bearer[600] = "";

    snprintf(host, sizeof host, "%s%s%s%s%s", v6 ? "[" : "", j->url.host,
             v6 ? "]" : "", strcmp(j->url.port, "443") ? ":" : "",
             strcmp(j->url.port, "443") ? j->url.port : "");
    if (r->body)
        snprintf(length, sizeof length, "%zu", strlen(r->body));
    if (resumes(j))
        snprintf(range, sizeof range, "bytes=%zu-", j->out->body.size);
    if (j->opt->token)
        snprintf(bearer, sizeof bearer, "Bearer %s", j->opt->token);
    return put(out, r->body ? "POST " : "GET ") && put(out, j->url.path) &&
           put(out, " HTTP/1.1\r\n") && put_field(out, "Host", host) &&
           put_field(out, "User-Agent", "fwsim/" FWSIM_VERSION) &&
           put_field(out, "Connection", "close") &&
           put_field(out, "Authorization", bearer) &&
           put_field(out, "Content-Type", r->body ? "application/json" : "") &&
           put_field(out, "Content-Length", length) &&
           put_field(out, "Range", range) &&
           put_field(out, "If-Range", *range ? j->out->etag : "") &&
           put_field(out, "If-None-Match", *range ? "" : r->etag) &&
           put(out, "\r\n") && (!r->body || put(out, r->body));
}

/** Read up to the end of a head. @a size  out: its bytes */
static int read_one_head(job *j, fwsim__tls *tls, fwsim__bytes *text,
                         size_t *size)
{
    const char *wrong;
    uint8_t buf[4096];
    size_t end, got;

    while (!(end = fwsim__http_head_end((char *)text->data, text->size))) {
        int err = text->size > FWSIM__HTTP_HEAD_MAX
                      ? fwsim__refuse(&j->teller, FWSIM_EFORMAT,
                                      "the head of the answer does not end")
                      : fwsim__tls_read(tls, buf, sizeof buf, &got, &j->teller);

        if (err)
            return err;
        if (!got)
            return fwsim__refuse(&j->teller, FWSIM_EIO,
                                 "the server closed without an answer");
        if (!fwsim__bytes_add(text, buf, got))
            return FWSIM_ENOMEM;
    }
    wrong = fwsim__http_head_read(&j->head, (char *)text->data, end);
    *size = end;
    return wrong ? fwsim__refuse(&j->teller, FWSIM_EFORMAT,
                                 "the answer is not HTTP: expected %s", wrong)
                 : 0;
}

/** Read the head, after interim ones (RFC 9110, 15.2).
 * @param more  out: bytes behind it */
static int read_head(job *j, fwsim__tls *tls, fwsim__bytes *text,
                     fwsim__span *more)
{
    size_t end = 0;
    int err = read_one_head(j, tls, text, &end);

    for (int i = 0; !err && j->head.status / 100 == 1; i++) {
        if (i == INTERIM || j->head.status == 101)
            return fwsim__refuse(&j->teller, FWSIM_EFORMAT,
                                 "the server answers %u, which nobody asked "
                                 "for", j->head.status);
        text->size -= end;
        memmove(text->data, text->data + end, text->size);
        err = read_one_head(j, tls, text, &end);
    }
    if (!err)
        *more = (fwsim__span){ text->data + end, text->size - end };
    return err;
}

static void progress(const job *j, uint64_t first)
{
    if (j->opt->progress)
        j->opt->progress(j->request->url, j->out->body.size,
                         j->head.has_length ? first + j->head.length : 0,
                         j->opt->progress_user);
}

static int feed(job *j, fwsim__http_body *body, const uint8_t *data, size_t size)
{
    const char *wrong = fwsim__http_body_feed(body, data, size, &j->out->body,
                                              j->request->limit);

    if (!wrong)
        return 0;
    if (!strcmp(wrong, "a smaller body"))
        return fwsim__refuse(&j->teller, FWSIM_ENOSPC,
                             "the answer is larger than %zu bytes",
                             j->request->limit);
    return fwsim__refuse(&j->teller, FWSIM_EFORMAT,
                         "the answer is not HTTP: expected %s", wrong);
}

static int read_body(job *j, fwsim__tls *tls, fwsim__span more)
{
    uint64_t first = j->out->body.size;
    fwsim__http_body body;
    uint8_t buf[16384];
    size_t got = 0;
    int err;

    fwsim__http_body_begin(&body, &j->head);
    if (j->head.has_length && j->head.length > j->request->limit)
        return fwsim__refuse(&j->teller, FWSIM_ENOSPC,
                             "the answer is larger than %zu bytes",
                             j->request->limit);
    err = feed(j, &body, more.data, more.size);
    while (!err && body.state != FWSIM__BODY_DONE) {
        progress(j, first);
        err = fwsim__tls_read(tls, buf, sizeof buf, &got, &j->teller);
        if (err || !got)
            break;
        err = feed(j, &body, buf, got);
    }
    if (err == FWSIM_EIO)
        j->retry = true;
    if (!err && !fwsim__http_body_whole(&body)) {
        j->retry = true;
        err = fwsim__refuse(&j->teller, FWSIM_EIO,
                            "the answer ends after %zu bytes, too early",
                            j->out->body.size);
    }
    if (!err)
        progress(j, first);
    return err;
}

static void forget_body(job *j)
{
    free(j->out->body.data);
    j->out->body = (fwsim__bytes){ 0 };
}

/** A whole body, or the rest of one. */
static int take_body(job *j, fwsim__tls *tls, fwsim__span more)
{
    bool rest = j->head.status == 206;

    if (rest && (!resumes(j) || !j->head.has_range ||
                 j->head.range_first != j->out->body.size))
        return fwsim__refuse(&j->teller, FWSIM_EFORMAT,
                             "the server sent a part that nobody asked for");
    if (!rest)
        forget_body(j);
    memcpy(j->out->etag, j->head.etag, sizeof j->out->etag);
    return read_body(j, tls, more);
}

static int follow(job *j)
{
    fwsim__url to;
    const char *wrong = fwsim__url_follow(&to, &j->url, j->head.location);

    if (wrong)
        return fwsim__refuse(&j->teller, FWSIM_EFORMAT,
                             "a redirect without a place: expected %s", wrong);
    if (strcasecmp(to.host, j->url.host) || strcmp(to.port, j->url.port))
        return fwsim__refuse(&j->teller, FWSIM_EACCES,
                             "a redirect to another host, %s:%s, is not "
                             "followed",
                             to.host, to.port);
    j->url = to;
    return 0;
}

static int refuse_status(job *j)
{
    unsigned status = j->head.status;

    if (status == 401 || status == 403)
        return fwsim__refuse(&j->teller, FWSIM_EACCES,
                             "the server does not allow it (%u)%s", status,
                             j->opt->token ? "; is the token right?"
                                           : "; it may want a token");
    j->retry = status == 429 || status >= 500;
    j->retry_ms = j->head.retry_after * 1000;
    return fwsim__refuse(&j->teller, FWSIM_EIO, "the server answers %u", status);
}

/** What an answer means. @a redirected  out: ask again at another place */
static int answer(job *j, fwsim__tls *tls, fwsim__span more, bool *redirected)
{
    switch (j->head.status) {
    case 200:
        j->out->status = 200;
        return take_body(j, tls, more);
    case 206:
        j->out->status = 200;
        return take_body(j, tls, more);
    case 304:
    case 404:
        j->out->status = j->head.status;
        forget_body(j);
        return j->out->status == 304 && !(j->request->etag && *j->request->etag)
                   ? refuse_status(j)
                   : 0;
    case 301:
    case 302:
    case 303:
    case 307:
    case 308:
        *redirected = true;
        return follow(j);
    default:
        return refuse_status(j);
    }
}

static int attempt(job *j, bool *redirected)
{
    const fwsim__tls_options to = {
        .host = j->url.host,
        .port = j->url.port,
        .ca = j->opt->ca,
        .pin = j->opt->pin,
        .proxy = j->opt->proxy,
        .connect_ms = j->opt->connect_ms ? j->opt->connect_ms : CONNECT_MS,
        .deadline_ms = j->deadline,
    };
    fwsim__bytes text = { 0 }, head = { 0 };
    fwsim__tls *tls = NULL;
    fwsim__span more;
    int err = request_text(j, &text) ? 0 : FWSIM_ENOMEM;

    *redirected = false;
    j->retry = false;
    j->retry_ms = 0;
    *j->why = '\0';
    if (!err)
        err = fwsim__tls_open(&tls, &to, &j->teller);
    if (!err)
        err = fwsim__tls_write(tls, text.data, text.size, &j->teller);
    if (!err)
        err = read_head(j, tls, &head, &more);
    if (err == FWSIM_EIO || (err == FWSIM_ETIMEDOUT && !tls))
        j->retry = true;
    if (!err)
        err = answer(j, tls, more, redirected);
    fwsim__tls_close(tls);
    free(text.data);
    free(head.data);
    return err;
}

/* ------------------------------------------------------------------ */
/* All attempts                                                         */
/* ------------------------------------------------------------------ */

/** Tell it, and wait before the next attempt.
 * @return false: there is no time for it */
static bool wait_before(job *j, unsigned retry)
{
    unsigned ms = j->retry_ms ? j->retry_ms : (unsigned)BACK_OFF_MS << (retry & 7);
    struct timespec t;

    if (!j->retry_ms && ms > BACK_OFF_MAX_MS)
        ms = BACK_OFF_MAX_MS;
    if (fwsim__clock_ms() + ms >= j->deadline)
        return false;
    tell_why(j, FWSIM_LOG_INFO);
    fwsim__tell(&j->teller, FWSIM_LOG_INFO, "trying again (%u of %u)",
                retry + 1, j->opt->retries);
    t = (struct timespec){ ms / 1000, (long)(ms % 1000) * 1000000 };
    nanosleep(&t, NULL);
    return true;
}

static int run(job *j)
{
    unsigned redirects = 0, retries = 0;

    for (;;) {
        bool redirected;
        int err = attempt(j, &redirected);

        if (!err && !redirected)
            return 0;
        if (!err && ++redirects > REDIRECTS)
            err = fwsim__refuse(&j->teller, FWSIM_EIO,
                                "more than %d redirects", REDIRECTS);
        if (!err)
            continue;
        if (!j->retry || retries == j->opt->retries ||
            !wait_before(j, retries++)) {
            tell_why(j, FWSIM_LOG_ERROR);
            return err;
        }
    }
}

/** 64 digits in hex. */
static bool is_pin(const char *text)
{
    const size_t length = 2 * FWSIM__SHA256;

    return strlen(text) == length &&
           strspn(text, "0123456789abcdefABCDEF") == length;
}

/** A token must not carry another field into the request. */
static bool is_sendable(const char *text)
{
    for (; *text; text++) {
        if (*text <= ' ' || *text > '~')
            return false;
    }
    return true;
}

static int check_options(const fwsim_fetch_options *opt, const fwsim__teller *t)
{
    if (opt->token && (!is_sendable(opt->token) || strlen(opt->token) > 512))
        return fwsim__refuse(t, FWSIM_EINVAL,
                             "the token has characters that cannot be sent");
    if (opt->pin && !is_pin(opt->pin))
        return fwsim__refuse(t, FWSIM_EINVAL,
                             "the pin '%.80s' is no SHA-256 in hex", opt->pin);
    return 0;
}

int fwsim__fetch(fwsim__response *out, const fwsim__request *request,
                 const fwsim_fetch_options *opt)
{
    const fwsim__teller t = { request->url, opt->log, opt->log_user };
    job j = { .request = request,
              .opt = opt,
              .teller = { request->url, hold_errors, NULL },
              .out = out,
              .deadline = fwsim__clock_ms() +
                          (opt->total_ms ? opt->total_ms : TOTAL_MS) };
    const char *wrong = fwsim__url_read(&j.url, request->url);
    int err;

    *out = (fwsim__response){ 0 };
    if (wrong)
        return fwsim__refuse(&t, FWSIM_EINVAL, "this is no URL: expected %s",
                             wrong);
    err = check_options(opt, &t);
    if (err)
        return err;
    j.teller.log_user = &j;
    err = run(&j);
    if (err)
        forget_body(&j);
    return err;
}

int fwsim_fetch(const char *url, const char *body, size_t limit, char **out,
                size_t *size, const fwsim_fetch_options *opt)
{
    const fwsim__request request = { .url = url, .body = body, .limit = limit };
    const fwsim__teller t = { url, opt->log, opt->log_user };
    fwsim__response response;
    int err = fwsim__fetch(&response, &request, opt);

    *out = NULL;
    *size = 0;
    if (!err && response.status == 404)
        err = fwsim__refuse(&t, FWSIM_ENOENT, "the server has no such thing "
                                              "(404)");
    if (!err && !response.body.data &&
        !fwsim__bytes_add(&response.body, "", 0))
        err = fwsim__refuse(&t, FWSIM_ENOMEM, "out of memory");
    if (err) {
        free(response.body.data);
        return err;
    }
    *out = (char *)response.body.data;
    *size = response.body.size;
    return 0;
}
