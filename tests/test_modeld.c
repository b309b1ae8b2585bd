/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fwsim-modeld as the world sees it: the program of this build, on a port of
 * its choice, with certificates made on the spot. curl plays the honest client
 * where there is one; what no honest client sends is sent byte by byte.
 */
#define _GNU_SOURCE /* memmem */
#include "command.h"
#include "https.h"
#include "support.h"

#include "fwsim_knowledge.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#ifndef FWSIM_MODELD

int main(void)
{
    printf("SKIPPED: fwsim-modeld was not built (libcbor-dev libmbedtls-dev)\n");
    return 77;
}

#else

#define QUESTION                                                               \
    "{ \"fwsim-summary\": 1, \"cpu\": \"cortex-m3\", \"blocks\": [\n"          \
    "{ \"block\": 0, \"registers\": [\n"                                       \
    "{ \"offset\": 0, \"width\": 4, \"reads\": 9, \"writes\": 0,"              \
    " \"tested\": 128 } ] } ] }\n"
#define SECRET "s3cret-Token"

static char folder[64], url[64];
static pid_t server;
static unsigned port;

static const char *at(const char *name)
{
    static char paths[16][160];
    static unsigned next;
    char *path = paths[next++ % 16];

    snprintf(path, sizeof paths[0], "%s/%s", folder, name);
    return path;
}

static void write_text(const char *file, const char *text)
{
    FILE *f = fopen(at(file), "w");

    assert_non_null(f);
    assert_true(fputs(text, f) >= 0);
    assert_int_equal(fclose(f), 0);
}

static char *read_text(const char *file)
{
    FILE *f = fopen(at(file), "r");
    char *text = calloc(1, 1 << 20);

    assert_non_null(text);
    if (f) {
        (void)!fread(text, 1, (1 << 20) - 1, f);
        fclose(f);
    }
    return text;
}

/** The data of a part has no zero byte behind it. */
static bool part_contains(const fwsim_part *p, const char *text)
{
    return memmem(p->data, p->size, text, strlen(text)) != NULL;
}

static bool contains(const char *text, const char *part)
{
    if (!strstr(text, part))
        print_error("\"%s\" is not in:\n%.2000s\n", part, text);
    return strstr(text, part) != NULL;
}

/* ------------------------------------------------------------------ */
/* The program                                                          */
/* ------------------------------------------------------------------ */

static void sleep_ms(long ms)
{
    nanosleep(&(struct timespec){ ms / 1000, ms % 1000 * 1000000 }, NULL);
}

static unsigned port_in_log(void)
{
    char *text = read_text("log");
    const char *at_port = strstr(text, "listening at 127.0.0.1, port ");
    unsigned found = at_port ? (unsigned)strtoul(at_port + 29, NULL, 10) : 0;

    free(text);
    return found;
}

/** Start it; a list of further options ends with NULL. */
static void start(const char *const *more)
{
    const char *argv[40] = {
        FWSIM_MODELD,  "--listen",    "127.0.0.1:0",     "--cert",
        at("server.pem"), "--cert-key", at("server.key"), "--repo",
        at("repo"),    "--knowledge", at("knowledge"),   "--sign-key",
        at("sign.key"), "--log",      at("log"),
    };
    size_t n = 15;

    while (more && *more)
        argv[n++] = *more++;
    unlink(at("log"));
    fflush(NULL);
    server = fork();
    assert_true(server >= 0);
    if (server == 0) {
        if (!freopen(at("errors"), "w", stderr))
            _exit(126);
        execv(argv[0], (char *const *)argv);
        _exit(127);
    }
    for (int i = 0; i < 500 && !(port = port_in_log()); i++)
        sleep_ms(20);
    if (!port)
        fail_msg("no port in the log: %s", read_text("log"));
    snprintf(url, sizeof url, "https://localhost:%u", port);
}

#define START(...) start((const char *const[]){ __VA_ARGS__, NULL })

/** @return its exit code */
static int stop(void)
{
    int status = 0;

    if (!server)
        return 0;
    kill(server, SIGTERM);
    assert_int_equal(waitpid(server, &status, 0), server);
    server = 0;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static int stop_after(void **state)
{
    (void)state;
    return stop();
}

/** Status of an answer; 0: there is none. */
static unsigned status_of(const char *reply)
{
    return !strncmp(reply, "HTTP/1.1 ", 9)
               ? (unsigned)strtoul(reply + 9, NULL, 10)
               : 0;
}

/** Send bytes; the answer has a status. */
static void says(unsigned status, const char *request)
{
    char *reply = https_exchange(port, request);

    if (status_of(reply) != status)
        fail_msg("expected %u for\n%.300s\ngot\n%.300s", status, request, reply);
    free(reply);
}

/** POST /v1/infer with more head lines. */
static char *post(const char *lines, const char *body)
{
    static char request[1 << 16];

    snprintf(request, sizeof request,
             "POST /v1/infer HTTP/1.1\r\nHost: x\r\nContent-Length: %zu\r\n"
             "%s\r\n%s", strlen(body), lines, body);
    return request;
}

static bool have_curl(void)
{
    return system("curl --version >/dev/null 2>&1") == 0;
}

/** curl with a command line of its own; skips without it. */
static char *curl(const char *args)
{
    char line[2048];
    command c;

    if (!have_curl()) {
        print_message("SKIPPED: there is no curl (Debian: curl)\n");
        skip();
    }
    snprintf(line, sizeof line, "curl -s --max-time 20 --cacert %s %s",
             at("ca.pem"), args);
    command_run(&c, (const char *const[]){ "/bin/sh", "-c", line, NULL }, NULL);
    free(c.err);
    return c.out;
}

/* ------------------------------------------------------------------ */
/* A folder with all it needs                                           */
/* ------------------------------------------------------------------ */

static const char svd[] =
    "<device><vendor>ACME</vendor><name>ACME1</name><peripherals><peripheral>"
    "<name>UART</name><baseAddress>0x40001000</baseAddress><addressBlock>"
    "<offset>0</offset><size>0x400</size><usage>registers</usage>"
    "</addressBlock><registers><register><name>SR</name><addressOffset>0"
    "</addressOffset><size>32</size><access>read-only</access><fields><field>"
    "<name>TXE</name><bitOffset>7</bitOffset><bitWidth>1</bitWidth></field>"
    "</fields></register></registers></peripheral></peripherals></device>";

static int set_up(void **state)
{
    (void)state;
    strcpy(folder, "/tmp/fwsim-modeld-XXXXXX");
    assert_non_null(mkdtemp(folder));
    https_make_ca(folder);
    assert_int_equal(fwsim_key_generate(at("sign.key"), at("sign.pem"), NULL,
                                        NULL, NULL), 0);
    assert_int_equal(mkdir(at("knowledge"), 0700), 0);
    assert_int_equal(mkdir(at("repo"), 0700), 0);
    assert_int_equal(mkdir(at("repo/bundles"), 0700), 0);
    write_text("knowledge/acme.svd", svd);
    write_text("repo/index.fwb", "0123456789");
    write_text("repo/secret.txt", "not for you");
    write_text("secret.fwb", "not for you");
    assert_int_equal(symlink(at("secret.fwb"), at("repo/bundles/aa.fwb")), 0);
    write_text("token", SECRET "\n");
    write_text("question.json", QUESTION);
    return 0;
}

static int tear_down(void **state)
{
    char line[128];

    (void)state;
    snprintf(line, sizeof line, "rm -rf %s", folder);
    return system(line);
}

/* ------------------------------------------------------------------ */
/* Routes                                                               */
/* ------------------------------------------------------------------ */

static void health_says_ok(void **state)
{
    char *reply, line[128];

    (void)state;
    start(NULL);
    reply = https_exchange(port, "GET /health HTTP/1.1\r\nHost: x\r\n\r\n");
    assert_int_equal(status_of(reply), 200);
    assert_true(contains(reply, "\r\nContent-Length: 3\r\n"));
    assert_true(contains(reply, "\r\n\r\nok\n"));
    free(reply);
    snprintf(line, sizeof line, "%s/health", url);
    reply = curl(line);
    assert_string_equal(reply, "ok\n");
    free(reply);
}

/** NAME{LABELS} NUMBER, or a comment that names a metric and a type. */
static bool is_metric_line(const char *line, size_t n)
{
    size_t name = strspn(line, "abcdefghijklmnopqrstuvwxyz_");
    const char *value = line + name;

    if (!strncmp(line, "# HELP ", 7) || !strncmp(line, "# TYPE ", 7))
        return true;
    if (!name || name >= n)
        return false;
    if (*value == '{') {
        value = memchr(value, '}', n - name);
        if (!value)
            return false;
        value++;
    }
    return *value == ' ' && value + 1 < line + n &&
           strspn(value + 1, "0123456789.") == (size_t)(line + n - value - 1);
}

static double metric(const char *text, const char *name)
{
    const char *line = strstr(text, name);

    if (!line)
        fail_msg("no %s in\n%s", name, text);
    return strtod(line + strlen(name), NULL);
}

static void metrics_are_text_that_prometheus_reads(void **state)
{
    char *reply;
    const char *body;
    double first, last;

    (void)state;
    start(NULL);
    says(200, "GET /health HTTP/1.1\r\nHost: x\r\n\r\n");
    says(404, "GET /nothing HTTP/1.1\r\nHost: x\r\n\r\n");
    reply = https_exchange(port, "GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n");
    assert_true(contains(reply, "Content-Type: text/plain; version=0.0.4"));
    body = https_body(reply);
    for (const char *line = body, *end; *line; line = end + 1) {
        end = strchr(line, '\n');
        assert_non_null(end);
        if (!is_metric_line(line, (size_t)(end - line)))
            fail_msg("no metric: %.*s", (int)(end - line), line);
    }
    assert_true(metric(body, "{route=\"health\",code=\"200\"} ") == 1);
    assert_true(metric(body, "{route=\"repository\",code=\"404\"} ") == 1);
    assert_true(metric(body, "fwsim_modeld_known{what=\"registers\"} ") == 1);
    first = metric(body, "_bucket{le=\"0.001\"} ");
    last = metric(body, "_bucket{le=\"+Inf\"} ");
    assert_true(first <= last);
    assert_true(last == metric(body, "fwsim_modeld_request_seconds_count "));
    free(reply);
}

static void a_question_is_answered_with_a_signed_bundle(void **state)
{
    const char *keys[] = { at("sign.pem"), NULL };
    const fwsim_trust_options how = { .keys = keys,
                                      .now = (uint64_t)time(NULL) };
    fwsim_trust *trust;
    fwsim_bundle *b;
    https_client *c;
    char *reply;
    size_t size;
    const char *body;

    (void)state;
    start(NULL);
    c = https_connect(port);
    https_send(c, post("", QUESTION), strlen(post("", QUESTION)));
    reply = https_receive(c, 20000, &size);
    https_close(c);
    assert_int_equal(status_of(reply), 200);
    assert_true(contains(reply, "\r\nContent-Type: application/cbor\r\n"));
    body = https_body(reply);
    assert_int_equal(fwsim_trust_open(&trust, &how), 0);
    assert_int_equal(fwsim_bundle_parse(&b, "answer", body,
                                        size - (size_t)(body - reply), trust),
                     0);
    assert_int_equal(fwsim_bundle_info_get(b)->part_count, 2);
    assert_true(part_contains(&fwsim_bundle_info_get(b)->parts[0],
                              "block 0: ACME ACME1 UART"));
    fwsim_bundle_free(b);
    fwsim_trust_free(trust);
    free(reply);
}

static void a_bad_question_is_422_with_the_reason(void **state)
{
    char *reply;

    (void)state;
    start(NULL);
    reply = https_exchange(port, post("", "{ \"fwsim-summary\": 1,\n"
                                          "  \"blocks\": 7 }"));
    assert_int_equal(status_of(reply), 422);
    assert_true(contains(reply, "summary:2:13: expected a list"));
    free(reply);
    reply = https_exchange(port, post("", ""));
    assert_int_equal(status_of(reply), 422);
    free(reply);
}

static void methods_that_do_not_fit_are_405_with_those_that_do(void **state)
{
    char *reply;

    (void)state;
    start(NULL);
    reply = https_exchange(port, "GET /v1/infer HTTP/1.1\r\nHost: x\r\n\r\n");
    assert_int_equal(status_of(reply), 405);
    assert_true(contains(reply, "\r\nAllow: POST\r\n"));
    free(reply);
    reply = https_exchange(port, "DELETE /index.fwb HTTP/1.1\r\nHost: x\r\n\r\n");
    assert_int_equal(status_of(reply), 405);
    assert_true(contains(reply, "\r\nAllow: GET, HEAD\r\n"));
    free(reply);
    says(405, "POST /health HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n");
}

static void without_the_token_there_is_no_answer(void **state)
{
    char *log;

    (void)state;
    START("--token-file", at("token"));
    says(401, post("", QUESTION));
    says(401, post("Authorization: Bearer wrong\r\n", QUESTION));
    says(401, post("Authorization: Bearer " SECRET "x\r\n", QUESTION));
    says(401, post("Authorization: Bearer s3cret-Toke\r\n", QUESTION));
    says(401, post("Authorization: Basic " SECRET "\r\n", QUESTION));
    says(400, post("Authorization: Bearer a\r\nAuthorization: Bearer " SECRET
                   "\r\n", QUESTION));
    says(200, post("Authorization: Bearer " SECRET "\r\n", QUESTION));
    says(200, "GET /index.fwb?token=" SECRET " HTTP/1.1\r\nHost: x\r\n\r\n");
    assert_int_equal(stop(), 0);
    log = read_text("log");
    assert_true(contains(log, " POST /v1/infer 401 "));
    assert_true(contains(log, " POST /v1/infer 200 "));
    assert_null(strstr(log, SECRET));
    assert_null(strstr(log, "Bearer"));
    assert_null(strstr(log, "offset"));
    free(log);
}

static void the_size_of_a_question_is_limited(void **state)
{
    char *reply;

    (void)state;
    START("--max-body", "2000");
    says(413, "POST /v1/infer HTTP/1.1\r\nHost: x\r\nContent-Length: 2001\r\n"
              "\r\n");
    says(413, "POST /v1/infer HTTP/1.1\r\nHost: x\r\n"
              "Content-Length: 1000000000000000000\r\n\r\n");
    says(400, "POST /v1/infer HTTP/1.1\r\nHost: x\r\n"
              "Content-Length: 18446744073709551616\r\n\r\n");
    says(411, "POST /v1/infer HTTP/1.1\r\nHost: x\r\n\r\n");
    says(411, "POST /v1/infer HTTP/1.1\r\nHost: x\r\n"
              "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
    /* The client sends all of it before it looks: it gets the answer. */
    {
        char *big = malloc(60000);

        assert_non_null(big);
        memset(big, ' ', 59999);
        big[59999] = '\0';
        reply = https_exchange(port, post("", big));
        assert_int_equal(status_of(reply), 413);
        free(reply);
        free(big);
    }
}

static void too_many_requests_are_429(void **state)
{
    unsigned refused = 0, served = 0;

    (void)state;
    START("--rate", "2");
    for (int i = 0; i < 12; i++) {
        char *reply = https_exchange(port, "GET /health HTTP/1.1\r\n"
                                           "Host: x\r\n\r\n");

        if (status_of(reply) == 429) {
            refused++;
            assert_true(contains(reply, "\r\nRetry-After: 1\r\n"));
        } else {
            assert_int_equal(status_of(reply), 200);
            served++;
        }
        free(reply);
    }
    assert_true(served >= 4); /* two seconds' worth at once */
    assert_true(refused > 0);
    sleep_ms(1100);
    says(200, "GET /health HTTP/1.1\r\nHost: x\r\n\r\n");
}

/* ------------------------------------------------------------------ */
/* Files                                                                */
/* ------------------------------------------------------------------ */

static void only_the_files_of_a_repository_are_served(void **state)
{
    static const char *const paths[] = {
        "/", "/secret.txt", "/../secret.fwb", "/bundles/../../secret.fwb",
        "/bundles/../index.fwb", "/%2e%2e/secret.fwb", "/bundles/..%2fa.fwb",
        "//etc/passwd", "/bundles/aa.fwb", /* a link out of the folder */
        "/bundles/.fwb", "/bundles/zz.fwb", "/root/x.fwb", "/index.fwb/",
        "/bundles", "/knowledge/acme.svd"
    };

    (void)state;
    start(NULL);
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        char request[256], *reply;

        snprintf(request, sizeof request, "GET %s HTTP/1.1\r\nHost: x\r\n\r\n",
                 paths[i]);
        reply = https_exchange(port, request);
        if (status_of(reply) != 404)
            fail_msg("%s: %.200s", paths[i], reply);
        free(reply);
    }
    says(400, "GET http://x/index.fwb HTTP/1.1\r\nHost: x\r\n\r\n");
    says(400, "GET index.fwb HTTP/1.1\r\nHost: x\r\n\r\n");
}

/** GET or HEAD with more lines. */
static char *get(const char *method, const char *lines)
{
    char request[512];

    snprintf(request, sizeof request, "%s /index.fwb HTTP/1.1\r\nHost: x\r\n"
             "%s\r\n", method, lines);
    return https_exchange(port, request);
}

static void etag_of(const char *reply, char *etag, size_t size)
{
    const char *line = strstr(reply, "\r\nETag: ");

    assert_non_null(line);
    line += 8;
    snprintf(etag, size, "%.*s", (int)strcspn(line, "\r"), line);
}

static void a_file_comes_whole_in_part_or_not_at_all(void **state)
{
    char etag[100], lines[300], *reply;

    (void)state;
    start(NULL);
    reply = get("GET", "");
    assert_int_equal(status_of(reply), 200);
    assert_string_equal(https_body(reply), "0123456789");
    etag_of(reply, etag, sizeof etag);
    free(reply);

    reply = get("HEAD", "");
    assert_int_equal(status_of(reply), 200);
    assert_true(contains(reply, "\r\nContent-Length: 10\r\n"));
    assert_string_equal(https_body(reply), "");
    free(reply);

    snprintf(lines, sizeof lines, "If-None-Match: %s\r\n", etag);
    reply = get("GET", lines);
    assert_int_equal(status_of(reply), 304);
    assert_null(strstr(reply, "Content-Length"));
    assert_true(contains(reply, etag));
    assert_string_equal(https_body(reply), "");
    free(reply);

    reply = get("GET", "Range: bytes=4-\r\n");
    assert_int_equal(status_of(reply), 206);
    assert_true(contains(reply, "\r\nContent-Range: bytes 4-9/10\r\n"));
    assert_true(contains(reply, "\r\nContent-Length: 6\r\n"));
    assert_string_equal(https_body(reply), "456789");
    free(reply);

    snprintf(lines, sizeof lines, "Range: bytes=9-\r\nIf-Range: %s\r\n", etag);
    reply = get("GET", lines);
    assert_int_equal(status_of(reply), 206);
    assert_string_equal(https_body(reply), "9");
    free(reply);
    reply = get("HEAD", lines);
    assert_int_equal(status_of(reply), 200);
    free(reply);
}

static void what_has_changed_or_cannot_be_comes_whole(void **state)
{
    static const char *const lines[] = {
        "Range: bytes=4-\r\nIf-Range: \"another\"\r\n",
        "Range: bytes=10-\r\n", "Range: bytes=99999999999999999999-\r\n",
        "Range: bytes=-1\r\n", "Range: bytes=2-4\r\n", "Range: x\r\n",
        "Range: bytes=1-,2-\r\n", "If-None-Match: \"another\"\r\n"
    };

    (void)state;
    start(NULL);
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        char *reply = get("GET", lines[i]);

        if (status_of(reply) != 200 ||
            strcmp(https_body(reply), "0123456789") != 0)
            fail_msg("%s: %s", lines[i], reply);
        free(reply);
    }
}

static void a_replaced_file_has_another_etag(void **state)
{
    char before[100], after[100], *reply;

    (void)state;
    start(NULL);
    reply = get("GET", "");
    etag_of(reply, before, sizeof before);
    free(reply);
    write_text("repo/new", "9876543210");
    assert_int_equal(rename(at("repo/new"), at("repo/index.fwb")), 0);
    reply = get("GET", "");
    etag_of(reply, after, sizeof after);
    free(reply);
    assert_string_not_equal(before, after);
    write_text("repo/index.fwb", "0123456789");
}

static void print_log(const fwsim_log_entry *entry, void *user)
{
    (void)user;
    print_message("%s\n", entry->text);
}

static void our_own_client_fetches_from_it(void **state)
{
    const fwsim_fetch_options opt = { .ca = at("ca.pem"), .log = print_log };
    char full[128], *body;
    size_t size;

    (void)state;
    start(NULL);
    snprintf(full, sizeof full, "%s/index.fwb", url);
    assert_int_equal(fwsim_fetch(full, NULL, 100, &body, &size, &opt), 0);
    assert_int_equal(size, 10);
    assert_memory_equal(body, "0123456789", 10);
    free(body);
    snprintf(full, sizeof full, "%s/v1/infer", url);
    assert_int_equal(fwsim_fetch(full, QUESTION, 1 << 20, &body, &size, &opt),
                     0);
    free(body);
}

static void curl_asks_and_is_answered(void **state)
{
    char line[256], *out;

    (void)state;
    START("--token-file", at("token"));
    snprintf(line, sizeof line, "-o /dev/null -w '%%{http_code} "
             "%%{content_type}' -H 'Authorization: Bearer " SECRET "' "
             "--data-binary @%s %s/v1/infer", at("question.json"), url);
    out = curl(line);
    assert_string_equal(out, "200 application/cbor");
    free(out);
    snprintf(line, sizeof line, "-I %s/index.fwb", url);
    out = curl(line);
    assert_true(contains(out, "HTTP/1.1 200 OK"));
    free(out);
    snprintf(line, sizeof line, "-o /dev/null -w '%%{http_code}' -r 3- "
             "%s/index.fwb", url);
    out = curl(line);
    assert_string_equal(out, "206");
    free(out);
    snprintf(line, sizeof line, "--tls-max 1.1 --tlsv1.0 --ciphers "
             "DEFAULT@SECLEVEL=0 -o /dev/null -w '%%{http_code}' %s/health",
             url);
    out = curl(line);
    assert_string_equal(out, "000"); /* TLS 1.1 is not spoken */
    free(out);
}

/* ------------------------------------------------------------------ */
/* Bad clients                                                          */
/* ------------------------------------------------------------------ */

static void odd_heads_are_refused(void **state)
{
    static const struct {
        unsigned status;
        const char *text;
    } odd[] = {
        /* Two ways to say where a body ends: smuggling. */
        { 411, "POST /v1/infer HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n"
               "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
               "GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n" },
        { 400, "GET /health HTTP/1.1\r\nHost: x\r\n"
               "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n" },
        { 400, "GET /health HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n"
               "GET /x\r\n" },
        { 400, "POST /v1/infer HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n"
               "Content-Length: 5\r\n\r\nabcde" },
        { 400, "POST /v1/infer HTTP/1.1\r\nHost: x\r\n"
               "Content-Length: 4, 4\r\n\r\nabcd" },
        { 400, "POST /v1/infer HTTP/1.1\r\nHost: x\r\nContent-Length: +4\r\n"
               "\r\nabcd" },
        { 400, "POST /v1/infer HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n"
               "\r\n" },
        { 400, "POST /v1/infer HTTP/1.1\r\nHost: x\r\nContent-Length: 0x4\r\n"
               "\r\nabcd" },
        { 400, "POST /v1/infer HTTP/1.1\r\nHost: x\r\nContent-Length:\r\n\r\n" },
        { 400, "POST /v1/infer HTTP/1.1\r\nHost: x\r\nContent-Length : 4\r\n"
               "\r\nabcd" },
        { 400, "GET /health HTTP/1.1\r\nHost: x\r\n folded: 1\r\n\r\n" },
        { 400, "GET /health HTTP/1.1\r\nHost: x\r\nA: 1\nB: 2\r\n\r\n" },
        { 400, "GET /health HTTP/1.1\r\nHost: x\r\nA: 1\rB: 2\r\n\r\n" },
        { 400, "GET /health HTTP/1.1\r\nHost: x\r\nno colon\r\n\r\n" },
        { 400, "GET /health HTTP/1.1\r\nHost: x\r\n: no name\r\n\r\n" },
        { 400, "GET /health HTTP/1.1\r\nHost: x\r\nA: \x01\r\n\r\n" },
        { 400, "GET /health HTTP/1.1\r\n\r\n" },
        { 400, "GET /health HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n" },
        { 200, "GET /health HTTP/1.0\r\n\r\n" },
        { 505, "GET /health HTTP/2.0\r\nHost: x\r\n\r\n" },
        { 505, "GET  /health HTTP/1.1\r\nHost: x\r\n\r\n" },
        { 400, "GET\r\n\r\n" },
        { 400, "\r\n\r\n" },
        { 417, "POST /v1/infer HTTP/1.1\r\nHost: x\r\nExpect: 200-ok\r\n"
               "Content-Length: 1\r\n\r\nx" },
    };

    (void)state;
    START("--rate", "0");
    for (size_t i = 0; i < sizeof odd / sizeof *odd; i++) {
        char *reply = https_exchange(port, odd[i].text);

        if (status_of(reply) != odd[i].status)
            fail_msg("expected %u for\n%s\ngot\n%s", odd[i].status, odd[i].text,
                     reply);
        /* One answer, whatever was behind the first request. */
        assert_null(strstr(reply + 1, "HTTP/1.1"));
        free(reply);
    }
}

static void zero_bytes_and_long_heads_are_refused(void **state)
{
    static const char zero[] = "GET /health\0 HTTP/1.1\r\nHost: x\r\n\r\n";
    https_client *c;
    char *text = malloc(20000), *reply;
    size_t size;

    (void)state;
    start(NULL);
    c = https_connect(port);
    assert_true(https_send(c, zero, sizeof zero - 1));
    reply = https_receive(c, 20000, &size);
    https_close(c);
    assert_int_equal(status_of(reply), 400);
    free(reply);

    assert_non_null(text);
    memset(text, 'a', 19999);
    text[19999] = '\0';
    memcpy(text, "GET /", 5);
    says(431, text); /* no end of the head */
    memcpy(text + 300, " HTTP/1.1\r\nHost: x\r\n\r\n", 23);
    says(414, text);
    free(text);
}

static void expect_gets_a_go_ahead(void **state)
{
    https_client *c;
    char head[200], *reply;
    size_t size;

    (void)state;
    start(NULL);
    snprintf(head, sizeof head, "POST /v1/infer HTTP/1.1\r\nHost: x\r\n"
             "Expect: 100-continue\r\nContent-Length: %zu\r\n\r\n",
             strlen(QUESTION));
    c = https_connect(port);
    assert_true(https_send(c, head, strlen(head)));
    sleep_ms(100);
    assert_true(https_send(c, QUESTION, strlen(QUESTION)));
    reply = https_receive(c, 20000, &size);
    https_close(c);
    assert_memory_equal(reply, "HTTP/1.1 100 Continue\r\n\r\n", 25);
    assert_int_equal(status_of(reply + 25), 200);
    free(reply);
}

static double seconds_since(const struct timespec *begin)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)(now.tv_sec - begin->tv_sec) +
           (double)(now.tv_nsec - begin->tv_nsec) / 1e9;
}

static void slow_clients_are_cut_off_and_others_served(void **state)
{
    struct timespec begin;
    https_client *c;
    char *reply;
    size_t size;

    (void)state;
    START("--timeout", "2", "--workers", "2");
    clock_gettime(CLOCK_MONOTONIC, &begin);
    c = https_connect(port);
    assert_true(https_send(c, "GET /health HT", 14));
    for (int i = 0; i < 4; i++) { /* a byte now and then does not help */
        sleep_ms(300);
        https_send(c, "T", 1);
    }
    says(200, "GET /health HTTP/1.1\r\nHost: x\r\n\r\n");
    reply = https_receive(c, 10000, &size);
    https_close(c);
    assert_true(seconds_since(&begin) < 8);
    assert_true(!size || status_of(reply) == 408);
    free(reply);

    /* A body that does not come. */
    c = https_connect(port);
    reply = post("", QUESTION);
    assert_true(https_send(c, reply, strlen(reply) - 20));
    reply = https_receive(c, 10000, &size);
    https_close(c);
    assert_true(!size || status_of(reply) == 408);
    free(reply);
    says(200, "GET /health HTTP/1.1\r\nHost: x\r\n\r\n");
}

static void connections_without_tls_are_counted_and_harmless(void **state)
{
    char line[256], *reply;

    (void)state;
    start(NULL);
    snprintf(line, sizeof line, "http://127.0.0.1:%u/health || true", port);
    free(curl(line));
    reply = https_exchange(port, "GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n");
    assert_true(metric(reply, "\nfwsim_modeld_handshakes_failed_total ") == 1);
    free(reply);
}

static void the_log_has_no_line_that_a_client_made(void **state)
{
    char *log;

    (void)state;
    start(NULL);
    says(404, "GET /a\"b\x80\xff HTTP/1.1\r\nHost: x\r\n\r\n");
    assert_int_equal(stop(), 0);
    log = read_text("log");
    assert_true(contains(log, " GET /a?b?? 404 "));
    free(log);
}

/* ------------------------------------------------------------------ */
/* A chat endpoint                                                      */
/* ------------------------------------------------------------------ */

#ifdef MODELD_WITH_CHAT

/* Nothing in the knowledge has registers there. */
#define UNKNOWN                                                                \
    "{ \"fwsim-summary\": 1, \"cpu\": \"cortex-m3\", \"blocks\": [\n"          \
    "{ \"block\": 2, \"base\": 1073745920, \"registers\": [\n"                 \
    "{ \"offset\": 512, \"width\": 4, \"reads\": 9, \"writes\": 0,"            \
    " \"tested\": 1, \"awaits-ones\": 1, \"function\": \"secret_name\" },\n"   \
    "{ \"offset\": 516, \"width\": 4, \"reads\": 0, \"writes\": 5 } ] } ] }\n"
#define STATUS_REGISTER                                                        \
    "{\\\"offset\\\": 512, \\\"name\\\": \\\"STAT\\\", \\\"role\\\": "         \
    "\\\"status\\\", \\\"confidence\\\": 99}"
#define SAYS(peripheral, registers)                                            \
    "{\"choices\": [{\"message\": {\"role\": \"assistant\", \"content\": "     \
    "\"{\\\"peripheral\\\": \\\"" peripheral "\\\", \\\"confidence\\\": 95, "  \
    "\\\"registers\\\": [" registers "]}\"}}]}"

typedef struct endpoint {
    const char *says;
    unsigned delay_ms;
    char request[1 << 15]; /* the last one */
} endpoint;

static void chat(const char *request, size_t size, https_reply *reply,
                 void *user)
{
    endpoint *e = user;

    (void)size;
    snprintf(e->request, sizeof e->request, "%s", request);
    reply->delay_ms = e->delay_ms;
    https_say(reply, "200 OK", "application/json", e->says, strlen(e->says));
}

/** Ask about UNKNOWN. @return the parts of the answer as one text. Free it */
static char *parts_of_answer(void)
{
    const char *keys[] = { at("sign.pem"), NULL };
    const fwsim_trust_options how = { .keys = keys,
                                      .now = (uint64_t)time(NULL) };
    https_client *c = https_connect(port);
    char *request = post("", UNKNOWN), *reply, *out = calloc(1, 1 << 16);
    const fwsim_bundle_info *info;
    fwsim_trust *trust;
    fwsim_bundle *b;
    size_t size;

    assert_non_null(out);
    assert_true(https_send(c, request, strlen(request)));
    reply = https_receive(c, 20000, &size);
    https_close(c);
    assert_int_equal(status_of(reply), 200);
    assert_int_equal(fwsim_trust_open(&trust, &how), 0);
    assert_int_equal(
        fwsim_bundle_parse(&b, "answer", https_body(reply),
                           size - (size_t)(https_body(reply) - reply), trust),
        0);
    info = fwsim_bundle_info_get(b);
    for (size_t i = 0; i < info->part_count; i++)
        strncat(out, info->parts[i].data, info->parts[i].size);
    fwsim_bundle_free(b);
    fwsim_trust_free(trust);
    free(reply);
    return out;
}

static https_server *start_chat(endpoint *e, const char *timeout)
{
    static char chat_url[64];
    https_server *s = https_serve(folder, chat, e);

    snprintf(chat_url, sizeof chat_url, "https://localhost:%u/v1/chat",
             https_port(s));
    START("--chat-url", chat_url, "--chat-model", "m1", "--chat-token-file",
          at("token"), "--chat-ca", at("ca.pem"), "--timeout", timeout);
    return s;
}

static void a_guess_of_a_chat_endpoint_is_marked_as_such(void **state)
{
    endpoint e = { .says = SAYS("SENSOR", STATUS_REGISTER) };
    https_server *s = start_chat(&e, "10");
    char *parts = parts_of_answer(), *log;

    (void)state;
    assert_true(contains(parts, "block 2: chat endpoint m1 guesses SENSOR, "
                                "40 %"));
    assert_true(contains(parts, "name: SENSOR"));
    assert_true(contains(parts, "name: STAT"));
    assert_true(contains(parts, "source: prior"));
    assert_true(contains(parts, "confidence: 40")); /* not 99 */
    free(parts);
    /* What it was told: the model, the block; no address, no symbol. */
    assert_true(contains(e.request, "Authorization: Bearer " SECRET));
    assert_true(contains(e.request, "\"model\":\"m1\""));
    assert_true(contains(e.request, "\\\"offset\\\": 512"));
    assert_null(strstr(e.request, "1073745920"));
    assert_null(strstr(e.request, "secret_name"));
    stop();
    https_stop(s);
    log = read_text("log");
    assert_null(strstr(log, SECRET));
    free(log);
}

static void what_an_endpoint_makes_up_is_left_out(void **state)
{
    static const char *const answers[] = {
        "", "no JSON", "{}", "[]", "{\"choices\": []}",
        "{\"choices\": [{\"message\": {\"content\": \"It is a UART.\"}}]}",
        "{\"choices\": [{\"message\": {\"content\": 7}}]}",
        /* Not as the schema: a key more, a key less, a number as a text. */
        "{\"choices\": [{\"message\": {\"content\": \"{\\\"peripheral\\\": "
        "\\\"A\\\", \\\"confidence\\\": 1, \\\"registers\\\": [], "
        "\\\"x\\\": 1}\"}}]}",
        "{\"choices\": [{\"message\": {\"content\": \"{\\\"peripheral\\\": "
        "\\\"A\\\", \\\"registers\\\": []}\"}}]}",
        SAYS("SENSOR", "{\\\"offset\\\": \\\"512\\\", \\\"name\\\": \\\"A\\\", "
             "\\\"role\\\": \\\"status\\\", \\\"confidence\\\": 9}"),
        /* Names that are more than names. */
        SAYS("SENSOR\\\\n  - base: 0", STATUS_REGISTER),
        SAYS("SENSOR\\\\u0007\\\\u001b[2J", STATUS_REGISTER),
        SAYS("SENSOR\\\\u0000", STATUS_REGISTER),
        SAYS("SENSOR: { evil }", STATUS_REGISTER),
        SAYS("SENSORSENSORSENSORSENSORSENSORSENSOR", STATUS_REGISTER),
        SAYS("../../SENSOR", STATUS_REGISTER),
        SAYS("-SENSOR", STATUS_REGISTER),
        /* Against what the firmware did: 512 is waited for, 516 written. */
        SAYS("SENSOR", "{\\\"offset\\\": 512, \\\"name\\\": \\\"A\\\", "
             "\\\"role\\\": \\\"control\\\", \\\"confidence\\\": 9}"),
        SAYS("SENSOR", "{\\\"offset\\\": 516, \\\"name\\\": \\\"A\\\", "
             "\\\"role\\\": \\\"status\\\", \\\"confidence\\\": 9}"),
        SAYS("SENSOR", "{\\\"offset\\\": 0, \\\"name\\\": \\\"A\\\", "
             "\\\"role\\\": \\\"status\\\", \\\"confidence\\\": 9}"),
        SAYS("SENSOR", "{\\\"offset\\\": 512, \\\"name\\\": \\\"A\\\", "
             "\\\"role\\\": \\\"root\\\", \\\"confidence\\\": 9}"),
        SAYS("SENSOR", "{\\\"offset\\\": 512, \\\"name\\\": \\\"A\\\", "
             "\\\"role\\\": \\\"status\\\", \\\"confidence\\\": 101}"),
        SAYS("SENSOR", ""),
    };
    endpoint e = { .says = "" };
    https_server *s = start_chat(&e, "10");

    (void)state;
    for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
        char *parts;

        e.says = answers[i];
        parts = parts_of_answer();
        if (strstr(parts, "guesses SENSOR") || strstr(parts, "name: ") ||
            strstr(parts, "prior"))
            fail_msg("%s\nwas taken:\n%s", answers[i], parts);
        free(parts);
    }
    stop();
    https_stop(s);
}

static void a_slow_endpoint_holds_nobody_for_long(void **state)
{
    endpoint e = { .says = SAYS("SENSOR", STATUS_REGISTER),
                   .delay_ms = 20000 };
    https_server *s = start_chat(&e, "4");
    struct timespec begin;
    https_client *c;
    char *request, *reply, *parts;
    size_t size;

    (void)state;
    c = https_connect(port);
    request = post("", UNKNOWN);
    assert_true(https_send(c, request, strlen(request)));
    sleep_ms(300); /* it is asking now */
    clock_gettime(CLOCK_MONOTONIC, &begin);
    parts = parts_of_answer(); /* without it: it is busy */
    assert_true(seconds_since(&begin) < 1.5);
    assert_null(strstr(parts, "SENSOR"));
    free(parts);
    reply = https_receive(c, 20000, &size);
    https_close(c);
    assert_int_equal(status_of(reply), 200); /* after half of 4 s */
    assert_true(seconds_since(&begin) < 3.5);
    free(reply);
    stop();
    https_stop(s);
}

static void an_endpoint_that_is_down_is_only_in_the_log(void **state)
{
    char *parts, *log;

    (void)state;
    START("--chat-url", "https://localhost:1/", "--chat-model", "m1");
    parts = parts_of_answer();
    assert_null(strstr(parts, "chat"));
    free(parts);
    assert_int_equal(stop(), 0);
    log = read_text("log");
    assert_true(contains(log, "chat endpoint: "));
    free(log);
}

#endif

/* ------------------------------------------------------------------ */
/* The process                                                          */
/* ------------------------------------------------------------------ */

static void a_request_that_runs_is_finished_before_it_stops(void **state)
{
    https_client *c;
    char *request, *reply;
    size_t size;
    int status;

    (void)state;
    start(NULL);
    c = https_connect(port);
    request = post("", QUESTION);
    assert_true(https_send(c, request, strlen(request) - 10));
    sleep_ms(200); /* it is being read */
    kill(server, SIGTERM);
    sleep_ms(400);
    assert_true(https_send(c, request + strlen(request) - 10, 10));
    reply = https_receive(c, 20000, &size);
    https_close(c);
    assert_int_equal(status_of(reply), 200);
    free(reply);
    assert_int_equal(waitpid(server, &status, 0), server);
    server = 0;
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    reply = read_text("log");
    assert_true(contains(reply, "stopping"));
    free(reply);
}

static void it_listens_on_loopback_unless_told_otherwise(void **state)
{
    command c;

    (void)state;
    command_run(&c, (const char *const[]){ FWSIM_MODELD, "--help", NULL },
                NULL);
    assert_int_equal(c.code, 0);
    assert_true(contains(c.out, "default 127.0.0.1:8443"));
    command_free(&c);
}

/** A command line that does not work. */
static void refuses(int code, const char *why, const char *const *argv)
{
    command c;

    command_run(&c, argv, NULL);
    if (c.code != code)
        fail_msg("exit code %d, expected %d: %s", c.code, code, c.err);
    assert_true(contains(c.err, why));
    command_free(&c);
}

#define REFUSES(code, why, ...)                                                \
    refuses(code, why, (const char *const[]){ FWSIM_MODELD, __VA_ARGS__, NULL })
#define CERT "--cert", at("server.pem"), "--cert-key", at("server.key")
#define REPO "--repo", at("repo"), "--listen", "127.0.0.1:0"

static void bad_command_lines_end_with_2(void **state)
{
    (void)state;
    REFUSES(2, "--cert and --cert-key are needed", "--repo", "x");
    REFUSES(2, "nothing to serve", CERT);
    REFUSES(2, "--knowledge needs --sign-key", CERT, "--knowledge", "x");
    REFUSES(2, "--listen wants HOST:PORT: here", CERT, "--listen", "here");
    REFUSES(2, "--listen wants HOST:PORT", CERT, "--listen", "x:70000");
    REFUSES(2, "--listen wants HOST:PORT", CERT, "--listen", ":80");
    REFUSES(2, "--rate wants a number up to 1000000: -1", CERT, "--rate", "-1");
    REFUSES(2, "--max-body wants", CERT, "--max-body", "1x");
    REFUSES(2, "--timeout wants seconds", CERT, "--timeout", "0");
    REFUSES(2, "--workers wants a number from 1 to 64: 65", CERT, "--workers",
            "65");
    REFUSES(2, "what is this for: repo", CERT, "repo");
    REFUSES(2, "the other --chat options need --chat-url", CERT, "--repo", "x",
            "--chat-model", "m");
    REFUSES(2, "--chat-url needs --chat-model and --knowledge", CERT, "--repo",
            "x", "--chat-url", "https://x/");
    REFUSES(2, "--chat-url wants https://: http://x/", CERT, "--knowledge", "x",
            "--sign-key", "x", "--chat-model", "m", "--chat-url", "http://x/");
    REFUSES(2, "--nonsense", CERT, "--nonsense");
}

static void files_that_cannot_be_used_end_with_3(void **state)
{
    (void)state;
    REFUSES(3, "nothing.pem", "--cert", at("nothing.pem"), "--cert-key",
            at("server.key"), REPO);
    REFUSES(3, "ca.pem", "--cert", at("server.pem"), "--cert-key",
            at("ca.pem"), REPO);
    REFUSES(3, "--repo ", CERT, "--repo", at("nothing"));
    REFUSES(3, "is not a folder", CERT, "--repo", at("token"));
    REFUSES(3, "nothing", CERT, "--knowledge", at("nothing"), "--sign-key",
            at("sign.key"));
    REFUSES(3, "nothing.key", CERT, REPO, "--sign-key", at("nothing.key"));
    REFUSES(3, "no token in it: No such file", CERT, REPO, "--token-file",
            at("nothing"));
    write_text("empty", "");
    REFUSES(3, "it is empty", CERT, REPO, "--token-file", at("empty"));
    write_text("blank", "two words\n");
    REFUSES(3, "has a blank", CERT, REPO, "--token-file", at("blank"));
    REFUSES(3, "cannot write", CERT, REPO, "--log", at("nothing/log"));
    REFUSES(3, "nowhere.invalid", CERT, "--repo", at("repo"), "--listen",
            "nowhere.invalid:0");
}

static void a_port_that_is_taken_is_said(void **state)
{
    char where[32];

    (void)state;
    start(NULL);
    snprintf(where, sizeof where, "127.0.0.1:%u", port);
    REFUSES(3, "cannot listen at 127.0.0.1", CERT, "--repo", at("repo"),
            "--listen", where);
}

#define TEST(name) cmocka_unit_test_teardown(name, stop_after)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(health_says_ok),
        TEST(metrics_are_text_that_prometheus_reads),
        TEST(a_question_is_answered_with_a_signed_bundle),
        TEST(a_bad_question_is_422_with_the_reason),
        TEST(methods_that_do_not_fit_are_405_with_those_that_do),
        TEST(without_the_token_there_is_no_answer),
        TEST(the_size_of_a_question_is_limited),
        TEST(too_many_requests_are_429),
        TEST(only_the_files_of_a_repository_are_served),
        TEST(a_file_comes_whole_in_part_or_not_at_all),
        TEST(what_has_changed_or_cannot_be_comes_whole),
        TEST(a_replaced_file_has_another_etag),
        TEST(our_own_client_fetches_from_it),
        TEST(curl_asks_and_is_answered),
        TEST(odd_heads_are_refused),
        TEST(zero_bytes_and_long_heads_are_refused),
        TEST(expect_gets_a_go_ahead),
        TEST(slow_clients_are_cut_off_and_others_served),
        TEST(connections_without_tls_are_counted_and_harmless),
        TEST(the_log_has_no_line_that_a_client_made),
#ifdef MODELD_WITH_CHAT
        TEST(a_guess_of_a_chat_endpoint_is_marked_as_such),
        TEST(what_an_endpoint_makes_up_is_left_out),
        TEST(a_slow_endpoint_holds_nobody_for_long),
        TEST(an_endpoint_that_is_down_is_only_in_the_log),
#endif
        TEST(a_request_that_runs_is_finished_before_it_stops),
        TEST(it_listens_on_loopback_unless_told_otherwise),
        TEST(bad_command_lines_end_with_2),
        TEST(files_that_cannot_be_used_end_with_3),
        TEST(a_port_that_is_taken_is_said),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}

#endif
