/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * HTTP/1.1 as a client reads it: heads, bodies and URLs; and what is refused
 * because a server could play tricks with it.
 */
#include "bundle/http.h"
#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define OK_LINE "HTTP/1.1 200 OK\r\n"

static const char *read_head(fwsim__http_head *h, const char *text)
{
    return fwsim__http_head_read(h, text, strlen(text));
}

static void a_head_is_read(void **state)
{
    fwsim__http_head h;

    (void)state;
    assert_null(read_head(&h, "HTTP/1.1 206 Partial Content\r\n"
                              "content-LENGTH:  12 \r\n"
                              "Content-Range: bytes 5-16/17\r\n"
                              "ETag: \"abc\"\r\n"
                              "Content-Type: text/plain\r\n"
                              "X-Other:\r\n"
                              "Retry-After: 7\r\n\r\n"));
    assert_int_equal(h.status, 206);
    assert_true(h.has_length);
    assert_int_equal(h.length, 12);
    assert_true(h.has_range);
    assert_int_equal(h.range_first, 5);
    assert_string_equal(h.etag, "\"abc\"");
    assert_string_equal(h.type, "text/plain");
    assert_int_equal(h.retry_after, 7);
    assert_false(h.chunked);
    assert_null(read_head(&h, "HTTP/1.0 200\r\nTransfer-Encoding: Chunked\r\n"
                              "\r\n"));
    assert_true(h.chunked);
    /* A date is no number of seconds; hours are long enough. */
    assert_null(read_head(&h, "HTTP/1.1 503 x\r\nRetry-After: Fri, 31 Dec "
                              "1999 23:59:59 GMT\r\n\r\n"));
    assert_int_equal(h.retry_after, 0);
    assert_null(read_head(&h, "HTTP/1.1 503 x\r\nRetry-After: 9999999\r\n\r\n"));
    assert_int_equal(h.retry_after, 3600);
    /* Of a 416. */
    assert_null(read_head(&h, "HTTP/1.1 416 x\r\nContent-Range: bytes */9\r\n"
                              "\r\n"));
    assert_false(h.has_range);
}

static void heads_that_play_tricks_are_refused(void **state)
{
    static const char *const tricks[] = {
        "",
        "HTTP/2 200 OK\r\n\r\n",
        "HTTP/1.1 20 OK\r\n\r\n",
        "HTTP/1.1 2000 OK\r\n\r\n",
        "HTTP/1.1 099 OK\r\n\r\n",
        "HTTP/1.1 600 OK\r\n\r\n",
        "HTTP/1.1  200 OK\r\n\r\n",
        "ICY 200 OK\r\n\r\n",
        /* two lengths; a length and chunks: smuggling */
        OK_LINE "Content-Length: 5\r\nContent-Length: 5\r\n\r\n",
        OK_LINE "Content-Length: 5, 5\r\n\r\n",
        OK_LINE "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
        OK_LINE "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n",
        OK_LINE "Transfer-Encoding: gzip, chunked\r\n\r\n",
        OK_LINE "Transfer-Encoding: identity\r\n\r\n",
        OK_LINE "Content-Length: -1\r\n\r\n",
        OK_LINE "Content-Length: +1\r\n\r\n",
        OK_LINE "Content-Length: 0x10\r\n\r\n",
        OK_LINE "Content-Length:\r\n\r\n",
        OK_LINE "Content-Length: 99999999999999999999\r\n\r\n",
        OK_LINE "Content-Encoding: gzip\r\n\r\n",
        OK_LINE "Content-Range: lines 1-2/3\r\n\r\n",
        OK_LINE "Content-Range: bytes -2/3\r\n\r\n",
        OK_LINE "Content-Range: bytes 1-2/3\r\nContent-Range: bytes 1-2/3\r\n\r\n",
        OK_LINE "ETag: \"a\"\r\nETag: \"b\"\r\n\r\n",
        OK_LINE "Location: /a\r\nLocation: /b\r\n\r\n",
        /* lines and names */
        OK_LINE " Folded: x\r\n\r\n",
        OK_LINE "A: x\r\n folded\r\n\r\n",
        OK_LINE "Name : x\r\n\r\n",
        OK_LINE "Na\tme: x\r\n\r\n",
        OK_LINE ": x\r\n\r\n",
        OK_LINE "no colon\r\n\r\n",
        OK_LINE "A: x\ny: z\r\n\r\n",
        OK_LINE "A: x\ry: z\r\n\r\n",
        OK_LINE "A: \x01\r\n\r\n",
        OK_LINE "A: \x1b[2J\r\n\r\n",
        OK_LINE "A: \x7f\r\n\r\n",
    };
    fwsim__http_head h;

    (void)state;
    for (size_t i = 0; i < sizeof tricks / sizeof *tricks; i++) {
        if (!read_head(&h, tricks[i]))
            fail_msg("taken: %s", tricks[i]);
    }
    assert_non_null(fwsim__http_head_read(&h, OK_LINE "A: \0x\r\n\r\n",
                                          sizeof OK_LINE - 1 + 9));
}

static void fields_that_are_too_long_are_refused(void **state)
{
    size_t room = FWSIM__HTTP_HEAD_MAX + 64;
    char *text = malloc(room);
    fwsim__http_head h;

    (void)state;
    assert_non_null(text);
    snprintf(text, room, OK_LINE "ETag: %01023d\r\n\r\n", 0);
    assert_null(read_head(&h, text));
    snprintf(text, room, OK_LINE "ETag: %01024d\r\n\r\n", 0);
    assert_non_null(read_head(&h, text));
    snprintf(text, room, OK_LINE "Location: /%01023d\r\n\r\n", 0);
    assert_non_null(read_head(&h, text));
    snprintf(text, room, OK_LINE "X: %0*d\r\n\r\n", FWSIM__HTTP_HEAD_MAX, 0);
    assert_non_null(read_head(&h, text));
    free(text);
}

static void the_end_of_a_head_is_its_empty_line(void **state)
{
    (void)state;
    assert_int_equal(fwsim__http_head_end("", 0), 0);
    assert_int_equal(fwsim__http_head_end("a\r\n\r", 4), 0);
    assert_int_equal(fwsim__http_head_end("a\r\n\r\nb", 6), 5);
    assert_int_equal(fwsim__http_head_end("a\n\nb", 4), 0);
}

/* ------------------------------------------------------------------ */
/* Bodies                                                               */
/* ------------------------------------------------------------------ */

/** Feed a body in steps. @return NULL, or what was wrong */
static const char *feed(const char *head, const char *body, size_t step,
                        fwsim__bytes *out, bool *whole, size_t limit)
{
    size_t size = strlen(body);
    const char *wrong = NULL;
    fwsim__http_head h;
    fwsim__http_body b;

    assert_null(read_head(&h, head));
    *out = (fwsim__bytes){ 0 };
    fwsim__http_body_begin(&b, &h);
    for (size_t i = 0; !wrong && i < size; i += step)
        wrong = fwsim__http_body_feed(&b, (const uint8_t *)body + i,
                                      size - i < step ? size - i : step, out,
                                      limit);
    *whole = fwsim__http_body_whole(&b);
    return wrong;
}

static void assert_body(const char *head, const char *body, const char *expected)
{
    for (size_t step = 1; step <= strlen(body) + 1; step++) {
        fwsim__bytes out;
        bool whole;

        assert_null(feed(head, body, step, &out, &whole, 1000));
        assert_true(whole);
        assert_int_equal(out.size, strlen(expected));
        if (out.size)
            assert_memory_equal(out.data, expected, out.size);
        free(out.data);
    }
}

/** Wrong, or not whole. */
static void assert_no_body(const char *head, const char *body)
{
    for (size_t step = 1; step <= strlen(body) + 1; step++) {
        fwsim__bytes out;
        bool whole;
        const char *wrong = feed(head, body, step, &out, &whole, 1000);

        free(out.data);
        if (!wrong && whole)
            fail_msg("taken: %s", body);
    }
}

#define CHUNKED OK_LINE "Transfer-Encoding: chunked\r\n\r\n"

static void bodies_come_by_length_chunks_or_close(void **state)
{
    (void)state;
    assert_body(OK_LINE "Content-Length: 5\r\n\r\n", "hello", "hello");
    assert_body(OK_LINE "Content-Length: 0\r\n\r\n", "", "");
    assert_body(OK_LINE "\r\n", "hello", "hello");
    assert_body(CHUNKED, "5\r\nhello\r\n0\r\n\r\n", "hello");
    assert_body(CHUNKED, "2\r\nhe\r\n003\r\nllo\r\n0\r\nX: y\r\n\r\n", "hello");
    assert_body(CHUNKED, "A\r\n0123456789\r\na\r\n0123456789\r\n0\r\n\r\n",
                "01234567890123456789");
    assert_body("HTTP/1.1 304 x\r\nContent-Length: 5\r\n\r\n", "", "");
    assert_body("HTTP/1.1 204 x\r\n\r\n", "", "");
}

static void bodies_that_end_early_or_late_are_refused(void **state)
{
    static const char *const chunks[] = {
        "5\r\nhell", "5\r\nhello", "5\r\nhello\r\n", "5\r\nhello\r\n0\r\n",
        "5\r\nhello\r\n0\r\n\r", "5\nhello\r\n0\r\n\r\n", "\r\n", "-5\r\nhello",
        "5;x=y\r\nhello\r\n0\r\n\r\n", "0x5\r\nhello\r\n0\r\n\r\n",
        "5 \r\nhello\r\n0\r\n\r\n", "5\r\nhello0\r\n\r\n",
        "5\r\nhelloo\r\n0\r\n\r\n", "g\r\n", "fffffffffff\r\nx", "5\r\r\nhello",
        "0\r\n\r\nmore",
    };

    (void)state;
    for (size_t i = 0; i < sizeof chunks / sizeof *chunks; i++)
        assert_no_body(CHUNKED, chunks[i]);
    assert_no_body(OK_LINE "Content-Length: 5\r\n\r\n", "hell");
    assert_no_body(OK_LINE "Content-Length: 5\r\n\r\n", "hello!");
    assert_no_body("HTTP/1.1 304 x\r\n\r\n", "x");
}

static void a_body_has_a_limit(void **state)
{
    fwsim__bytes out;
    bool whole;

    (void)state;
    assert_null(feed(OK_LINE "\r\n", "hello", 2, &out, &whole, 5));
    free(out.data);
    assert_string_equal(feed(OK_LINE "\r\n", "hello!", 2, &out, &whole, 5),
                        "a smaller body");
    free(out.data);
    assert_string_equal(feed(CHUNKED, "3\r\nhel\r\nfff\r\nlo!", 1, &out, &whole,
                             5),
                        "a smaller body");
    free(out.data);
}

static void trailers_end(void **state)
{
    fwsim__http_head h;
    fwsim__http_body b;
    fwsim__bytes out = { 0 };
    const char *wrong = NULL;

    (void)state;
    assert_null(read_head(&h, CHUNKED));
    fwsim__http_body_begin(&b, &h);
    assert_null(fwsim__http_body_feed(&b, (const uint8_t *)"0\r\n", 3, &out, 9));
    for (int i = 0; i < 100000 && !wrong; i++)
        wrong = fwsim__http_body_feed(&b, (const uint8_t *)"A: b\r\n", 6, &out,
                                      9);
    assert_string_equal(wrong, "shorter trailers");
    free(out.data);
}

/* ------------------------------------------------------------------ */
/* URLs                                                                 */
/* ------------------------------------------------------------------ */

static void urls_are_read(void **state)
{
    static const struct {
        const char *text, *host, *port, *path;
    } rows[] = {
        { "https://a.example", "a.example", "443", "/" },
        { "HTTPS://a.example/", "a.example", "443", "/" },
        { "https://a.example:8443/x/y?z=1", "a.example", "8443", "/x/y?z=1" },
        { "https://[::1]:9/x", "::1", "9", "/x" },
        { "https://[2001:db8::1]", "2001:db8::1", "443", "/" },
        { "https://127.0.0.1:1/", "127.0.0.1", "1", "/" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        fwsim__url url;

        assert_null(fwsim__url_read(&url, rows[i].text));
        assert_string_equal(url.host, rows[i].host);
        assert_string_equal(url.port, rows[i].port);
        assert_string_equal(url.path, rows[i].path);
    }
}

static void urls_that_lead_elsewhere_are_refused(void **state)
{
    static const char *const wrong[] = {
        "", "http://a/", "ftp://a/", "a.example/x", "//a/", "https:/a/",
        "https://", "https:///x", "https://:443/", "https://a:/", "https://a:0/",
        "https://a:65536/", "https://a:99999999/", "https://a:4x/",
        "https://a:-1/", "https://user@a/", "https://user:pass@a/",
        "https://a@b:443/", "https://a b/", "https://a/b c", "https://a/\r\nX: y",
        "https://a/\n", "https://a\r\n/", "https://a/#x", "https://a\\b/",
        "https://a/b\\c", "https://a?x", "https://[::1/", "https://[::1]x/",
        "https://[]/", "https://a%00b/", "https://\xc3\xbc/", "https://a/\xc3\xbc",
        "https://a:1:2/",
    };
    char *host = malloc(2000);
    fwsim__url url;

    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        if (!fwsim__url_read(&url, wrong[i]))
            fail_msg("taken: %s", wrong[i]);
    }
    assert_non_null(host);
    snprintf(host, 2000, "https://%0255d/", 0);
    assert_null(fwsim__url_read(&url, host));
    snprintf(host, 2000, "https://%0256d/", 0);
    assert_non_null(fwsim__url_read(&url, host));
    snprintf(host, 2000, "https://a/%01100d", 0);
    assert_non_null(fwsim__url_read(&url, host));
    free(host);
}

static void references_are_urls_or_paths(void **state)
{
    fwsim__url from, to;

    (void)state;
    assert_null(fwsim__url_read(&from, "https://a.example:8443/x/y"));
    assert_null(fwsim__url_follow(&to, &from, "/z"));
    assert_string_equal(to.host, "a.example");
    assert_string_equal(to.port, "8443");
    assert_string_equal(to.path, "/z");
    assert_null(fwsim__url_follow(&to, &from, "https://b.example/z"));
    assert_string_equal(to.host, "b.example");
    assert_string_equal(to.port, "443");
    /* No host without a scheme, no other scheme, nothing relative. */
    assert_non_null(fwsim__url_follow(&to, &from, "//b.example/z"));
    assert_non_null(fwsim__url_follow(&to, &from, "http://a.example:8443/z"));
    assert_non_null(fwsim__url_follow(&to, &from, "z"));
    assert_non_null(fwsim__url_follow(&to, &from, ""));
    assert_non_null(fwsim__url_follow(&to, &from, "/z\r\nX: y"));
    assert_non_null(fwsim__url_follow(&to, &from, "/\\b.example"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_head_is_read),
        cmocka_unit_test(heads_that_play_tricks_are_refused),
        cmocka_unit_test(fields_that_are_too_long_are_refused),
        cmocka_unit_test(the_end_of_a_head_is_its_empty_line),
        cmocka_unit_test(bodies_come_by_length_chunks_or_close),
        cmocka_unit_test(bodies_that_end_early_or_late_are_refused),
        cmocka_unit_test(a_body_has_a_limit),
        cmocka_unit_test(trailers_end),
        cmocka_unit_test(urls_are_read),
        cmocka_unit_test(urls_that_lead_elsewhere_are_refused),
        cmocka_unit_test(references_are_urls_or_paths),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
