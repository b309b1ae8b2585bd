/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Fetching from real servers over TLS: one that misbehaves as its path says
 * (support/tls_server.py), and nginx. The CA and the certificates are made by
 * the test.
 */
#include "bundles.h"
#include "command.h"

#include <stdio.h>
#include <stdlib.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <arpa/inet.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { LIMIT = 300000, LONG_MS = 60000 };

static pid_t server, nginx;
static bool ready;

/* ------------------------------------------------------------------ */
/* Servers                                                              */
/* ------------------------------------------------------------------ */

/** Start a program in the folder of the test, which ends with this one. */
static pid_t start(char *const *argv)
{
    pid_t pid = fork();

    assert_true(pid >= 0);
    if (pid)
        return pid;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (!chdir(at("")) && freopen(at("server.log"), "a", stderr))
        execvp(argv[0], argv);
    _exit(127);
}

static void stop(pid_t *pid)
{
    if (*pid > 0) {
        kill(*pid, SIGTERM);
        waitpid(*pid, NULL, 0);
    }
    *pid = 0;
}

static void pause_ms(long ms)
{
    const struct timespec t = { ms / 1000, ms % 1000 * 1000000 };

    nanosleep(&t, NULL);
}

static bool wait_for_file(const char *name)
{
    for (int i = 0; i < 600 && access(at(name), F_OK); i++)
        pause_ms(50);
    return !access(at(name), F_OK);
}

/** A CA, and servers that it vouches for, more or less. */
static void make_certificates(void)
{
    shell("exec 2>openssl.log\n"
          "new() { openssl ecparam -name prime256v1 -genkey -noout -out $1.key; }\n"
          "request() { openssl req -new -key $1.key -subj /CN=$2 -out $1.csr; }\n"
          "for ca in ca other_ca; do new $ca; openssl req -x509 -new -key $ca.key "
          "  -days 2 -subj /CN=$ca -addext basicConstraints=critical,CA:TRUE "
          "  -out $ca.crt || exit 1; done\n"
          "touch index.txt; echo 01 >serial\n"
          "printf '[ca]\\ndefault_ca=d\\n[d]\\ndatabase=index.txt\\n"
          "serial=serial\\nnew_certs_dir=.\\ndefault_md=sha256\\npolicy=p\\n"
          "unique_subject=no\\n[p]\\ncommonName=supplied\\n"
          "[good]\\nsubjectAltName=DNS:localhost\\n"
          "[wrong]\\nsubjectAltName=DNS:elsewhere.example\\n' >ca.cnf\n"
          "issue() { new $1; request $1 $1; openssl ca -batch -notext "
          "  -config ca.cnf -extensions $2 -cert $3.crt -keyfile $3.key "
          "  -startdate $4 -enddate $5 -in $1.csr -out $1.crt; }\n"
          "issue good good ca 20200101000000Z 20491231000000Z && "
          "issue expired good ca 20200101000000Z 20210101000000Z && "
          "issue early good ca 20480101000000Z 20491231000000Z && "
          "issue wrong_host wrong ca 20200101000000Z 20491231000000Z && "
          "issue wrong_ca good other_ca 20200101000000Z 20491231000000Z && "
          "new own && openssl req -x509 -new -key own.key -days 2 -subj /CN=own "
          "  -addext subjectAltName=DNS:localhost -out own.crt && "
          "openssl pkey -in good.key -pubout -outform DER | sha256sum | "
          "  cut -c1-64 >pin");
}

static int set_up(void **state)
{
    char script[] = FWSIM_TEST_SOURCE_DIR "/support/tls_server.py";
    char *const argv[] = { "python3", script, "ports", "good:good.crt:good.key",
                           "other_port:good.crt:good.key",
                           "expired:expired.crt:expired.key",
                           "early:early.crt:early.key",
                           "wrong_host:wrong_host.crt:wrong_host.key",
                           "wrong_ca:wrong_ca.crt:wrong_ca.key",
                           "own:own.crt:own.key", "tls10:good.crt:good.key:TLSv1",
                           "tls11:good.crt:good.key:TLSv1_1",
                           "tls12:good.crt:good.key:TLSv1_2",
                           "proxy", "plain", NULL };

    if (bundles_set_up(state) || !has_program("openssl") ||
        !has_program("python3"))
        return 0;
    make_certificates();
    server = start(argv);
    ready = wait_for_file("ports");
    if (!ready)
        shell("cat server.log openssl.log");
    assert_true(ready);
    return 0;
}

static int tear_down(void **state)
{
    stop(&server);
    stop(&nginx);
    return bundles_tear_down(state);
}

#define NEEDS_SERVER()                                                         \
    do {                                                                       \
        if (!ready)                                                            \
            skip();                                                            \
    } while (0)

static unsigned port_of(const char *name)
{
    FILE *f = fopen(at("ports"), "r");
    char row[64];
    unsigned port;

    assert_non_null(f);
    while (fscanf(f, "%63s %u", row, &port) == 2) {
        if (!strcmp(row, name)) {
            fclose(f);
            return port;
        }
    }
    fail_msg("no server %s", name);
    return 0;
}

static const char *url_of(const char *name, const char *path)
{
    static char url[256];

    snprintf(url, sizeof url, "https://localhost:%u%s", port_of(name), path);
    return url;
}

/* ------------------------------------------------------------------ */
/* Requests                                                             */
/* ------------------------------------------------------------------ */

static unsigned infos, errors;
static char all_log[8192];

static void count_log(const fwsim_log_entry *entry, void *user)
{
    infos += entry->level == FWSIM_LOG_INFO;
    errors += entry->level == FWSIM_LOG_ERROR;
    keep_log(entry, user);
    strncat(all_log, entry->text, sizeof all_log - strlen(all_log) - 1);
}

static fwsim_fetch_options options(void)
{
    static char ca[160];

    snprintf(ca, sizeof ca, "%s", at("ca.crt"));
    infos = errors = 0;
    *all_log = *last_log = '\0';
    return (fwsim_fetch_options){ .ca = ca,
                                  .connect_ms = LONG_MS,
                                  .total_ms = LONG_MS,
                                  .log = count_log };
}

static char *got;
static size_t got_size;

static int get(const char *name, const char *path,
               const fwsim_fetch_options *opt)
{
    free(got);
    return fwsim_fetch(url_of(name, path), NULL, LIMIT, &got, &got_size, opt);
}

static void assert_got(const char *name, const char *path, const char *expected)
{
    fwsim_fetch_options opt = options();

    DONE(get(name, path, &opt));
    assert_string_equal(got, expected);
    assert_int_equal(got_size, strlen(expected));
}

static void assert_refused(const char *name, const char *path, int code,
                           const char *why)
{
    fwsim_fetch_options opt = options();
    int err = get(name, path, &opt);

    if (err != code || !strstr(last_log, why))
        fail_msg("%s%s: %d: %s", name, path, err, last_log);
    assert_null(got);
    assert_int_equal(errors, 1);
}

/* ------------------------------------------------------------------ */
/* Who the server is                                                    */
/* ------------------------------------------------------------------ */

static void a_server_of_the_ca_is_believed(void **state)
{
    (void)state;
    NEEDS_SERVER();
    assert_got("good", "/good", "hello");
    assert_got("tls12", "/good", "hello");
}

static void servers_with_a_wrong_certificate_are_refused(void **state)
{
    (void)state;
    NEEDS_SERVER();
    assert_refused("expired", "/good", FWSIM_EACCES, "expired");
    assert_refused("early", "/good", FWSIM_EACCES, "future");
    assert_refused("wrong_host", "/good", FWSIM_EACCES, "Common Name");
    assert_refused("wrong_ca", "/good", FWSIM_EACCES, "not correctly signed");
    assert_refused("own", "/good", FWSIM_EACCES, "not correctly signed");
}

static void the_cas_of_the_system_do_not_know_it(void **state)
{
    fwsim_fetch_options opt = options();

    (void)state;
    NEEDS_SERVER();
    opt.ca = NULL;
    assert_int_not_equal(get("good", "/good", &opt), 0);
    opt.ca = at("no.crt");
    assert_int_equal(get("good", "/good", &opt), FWSIM_ENOENT);
    opt.ca = at("ca.key");
    assert_int_equal(get("good", "/good", &opt), FWSIM_EFORMAT);
}

static void a_pinned_key_stands_in_for_the_ca(void **state)
{
    fwsim_fetch_options opt = options();
    char pin[80] = "";
    FILE *f;

    (void)state;
    NEEDS_SERVER();
    f = fopen(at("pin"), "r");
    assert_non_null(f);
    assert_int_equal(fscanf(f, "%64s", pin), 1);
    fclose(f);
    opt.ca = NULL;
    opt.pin = pin;
    DONE(get("good", "/good", &opt));
    assert_string_equal(got, "hello");
    REFUSED(get("own", "/good", &opt), FWSIM_EACCES, "not the pinned one");
    /* Host and dates are checked all the same. */
    pin[0] = pin[0] == '0' ? '1' : '0';
    REFUSED(get("good", "/good", &opt), FWSIM_EACCES, "not the pinned one");
    pin[63] = '\0';
    REFUSED(get("good", "/good", &opt), FWSIM_EINVAL, "no SHA-256");
    opt.pin = "";
    REFUSED(get("good", "/good", &opt), FWSIM_EINVAL, "no SHA-256");
    shell("openssl pkey -in expired.key -pubout -outform DER | sha256sum | "
          "cut -c1-64 >pin; openssl pkey -in wrong_host.key -pubout -outform "
          "DER | sha256sum | cut -c1-64 >>pin");
    f = fopen(at("pin"), "r");
    assert_int_equal(fscanf(f, "%64s", pin), 1);
    opt.pin = pin;
    REFUSED(get("expired", "/good", &opt), FWSIM_EACCES, "expired");
    assert_int_equal(fscanf(f, "%64s", pin), 1);
    REFUSED(get("wrong_host", "/good", &opt), FWSIM_EACCES, "Common Name");
    fclose(f);
}

/** Does the server speak this version with a client that does? */
static bool speaks(const char *name, const char *option)
{
    char line[256];

    snprintf(line, sizeof line,
             "openssl s_client -connect localhost:%u %s -cipher "
             "ALL:@SECLEVEL=0 </dev/null 2>/dev/null | grep -q 'Cipher is [A-Z]'",
             port_of(name), option);
    return !system(line);
}

static void tls_1_0_and_1_1_are_refused(void **state)
{
    (void)state;
    NEEDS_SERVER();
    if (!speaks("tls10", "-tls1") || !speaks("tls11", "-tls1_1")) {
        print_message("SKIPPED: this openssl cannot speak TLS 1.0 and 1.1\n");
        skip();
    }
    assert_refused("tls10", "/good", FWSIM_EIO, "TLS 1.2");
    assert_refused("tls11", "/good", FWSIM_EIO, "TLS 1.2");
}

static void a_server_that_speaks_no_tls_is_refused(void **state)
{
    (void)state;
    NEEDS_SERVER();
    assert_refused("plain", "/good", FWSIM_EIO, "TLS");
}

/* ------------------------------------------------------------------ */
/* Bodies                                                               */
/* ------------------------------------------------------------------ */

static void bodies_come_in_all_their_forms(void **state)
{
    (void)state;
    NEEDS_SERVER();
    assert_got("good", "/chunked", "hello");
    assert_got("good", "/close", "hello");
    assert_got("good", "/interim", "hello");
}

static void an_answer_that_is_cut_off_is_refused(void **state)
{
    (void)state;
    NEEDS_SERVER();
    assert_refused("good", "/cut/length", FWSIM_EIO, "too early");
    assert_refused("good", "/cut/chunk", FWSIM_EIO, "too early");
    assert_refused("good", "/cut/head", FWSIM_EIO, "");
    assert_refused("good", "/close/dirty", FWSIM_EIO, "broke");
}

static void an_endless_answer_is_refused(void **state)
{
    (void)state;
    NEEDS_SERVER();
    assert_refused("good", "/endless/body", FWSIM_ENOSPC, "larger than 300000");
    assert_refused("good", "/endless/length", FWSIM_ENOSPC,
                   "larger than 300000");
    assert_refused("good", "/endless/chunks", FWSIM_ENOSPC,
                   "larger than 300000");
    assert_refused("good", "/endless/head", FWSIM_EFORMAT, "does not end");
    assert_refused("good", "/endless/trailers", FWSIM_EFORMAT,
                   "shorter trailers");
    assert_refused("good", "/endless/interim", FWSIM_EFORMAT, "103");
}

static void an_answer_that_is_no_http_is_refused(void **state)
{
    (void)state;
    NEEDS_SERVER();
    assert_refused("good", "/garbage", FWSIM_EFORMAT, "not HTTP");
    assert_refused("good", "/smuggled", FWSIM_EFORMAT,
                   "either a length or chunks");
    assert_refused("good", "/part", FWSIM_EFORMAT, "nobody asked for");
    assert_refused("good", "/unmodified", FWSIM_EIO, "304");
}

static void a_slow_server_has_a_time(void **state)
{
    fwsim_fetch_options opt = options();

    (void)state;
    NEEDS_SERVER();
    opt.total_ms = 700;
    opt.retries = 5;
    REFUSED(get("good", "/slow", &opt), FWSIM_ETIMEDOUT, "too long");
    REFUSED(get("good", "/silent", &opt), FWSIM_ETIMEDOUT, "too long");
}

/* ------------------------------------------------------------------ */
/* Other places, other times                                            */
/* ------------------------------------------------------------------ */

static void redirects_stay_on_the_host(void **state)
{
    (void)state;
    NEEDS_SERVER();
    assert_got("good", "/redirect/inside", "hello");
    assert_got("good", "/redirect/absolute", "hello");
    assert_refused("good", "/redirect/host", FWSIM_EACCES, "other.example");
    assert_refused("good", "/redirect/port", FWSIM_EACCES, "another host");
    assert_refused("good", "/redirect/http", FWSIM_EFORMAT, "https");
    assert_refused("good", "/redirect/nowhere", FWSIM_EFORMAT,
                   "without a place");
    assert_refused("good", "/redirect/loop", FWSIM_EIO, "more than 5");
}

static void statuses_are_errors_without_the_words_of_the_server(void **state)
{
    (void)state;
    NEEDS_SERVER();
    assert_refused("good", "/status/401", FWSIM_EACCES, "token");
    assert_refused("good", "/status/403", FWSIM_EACCES, "403");
    assert_refused("good", "/status/404", FWSIM_ENOENT, "404");
    assert_refused("good", "/status/410", FWSIM_EIO, "410");
    assert_refused("good", "/status/500", FWSIM_EIO, "500");
    assert_null(strstr(all_log, "secret"));
}

static void what_may_pass_is_tried_again(void **state)
{
    static const char *const paths[] = { "/once/503", "/once/429",
                                         "/once/reset" };
    fwsim_fetch_options opt;

    (void)state;
    NEEDS_SERVER();
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        opt = options();
        opt.retries = 2;
        DONE(get("good", paths[i], &opt));
        assert_string_equal(got, "up again");
        assert_int_equal(errors, 0);
        assert_int_equal(infos, 2); /* why, and that it is tried again */
    }
    opt = options();
    opt.retries = 2;
    assert_int_equal(get("good", "/status/503", &opt), FWSIM_EIO);
    assert_int_equal(errors, 1);
    assert_int_equal(infos, 4);
    assert_got("good", "/count/503", "3");
}

static void a_server_that_wants_too_much_patience_gets_none(void **state)
{
    fwsim_fetch_options opt = options();

    (void)state;
    NEEDS_SERVER();
    opt.retries = 9;
    REFUSED(get("good", "/once/late", &opt), FWSIM_EIO, "503");
}

static void a_broken_download_goes_on_where_it_broke(void **state)
{
    fwsim_fetch_options opt = options();

    (void)state;
    NEEDS_SERVER();
    opt.retries = 2;
    DONE(get("good", "/resume/good", &opt));
    assert_int_equal(got_size, 200000);
    for (size_t i = 0; i < got_size; i++)
        assert_int_equal((uint8_t)got[i], i * 7 % 251);
    assert_int_equal(errors, 0);
    /* Another document now: it is fetched from its beginning. */
    DONE(get("good", "/resume/changed", &opt));
    assert_string_equal(got, "another one");
    REFUSED(get("good", "/resume/wrong", &opt), FWSIM_EFORMAT,
            "nobody asked for");
}

static void a_token_is_sent_and_never_logged(void **state)
{
    fwsim_fetch_options opt = options();

    (void)state;
    NEEDS_SERVER();
    opt.token = "s3cr3t";
    free(got);
    DONE(fwsim_fetch(url_of("good", "/echo"), "{\"a\":1}", LIMIT, &got,
                     &got_size, &opt));
    assert_non_null(strstr(got, "POST /echo HTTP/1.1\r\n"));
    assert_non_null(strstr(got, "Authorization: Bearer s3cr3t\r\n"));
    assert_non_null(strstr(got, "Content-Type: application/json\r\n"));
    assert_non_null(strstr(got, "Content-Length: 7\r\n"));
    assert_non_null(strstr(got, "\r\n\r\n{\"a\":1}"));
    assert_int_equal(get("good", "/status/403", &opt), FWSIM_EACCES);
    assert_null(strstr(all_log, "s3cr3t"));
    /* Nor does it carry a field of its own. */
    opt.token = "x\r\nHost: other.example";
    REFUSED(get("good", "/echo", &opt), FWSIM_EINVAL, "characters");
    assert_null(strstr(all_log, "other.example"));
}

static void a_proxy_is_asked_to_connect(void **state)
{
    fwsim_fetch_options opt = options();
    char proxy[64];

    (void)state;
    NEEDS_SERVER();
    snprintf(proxy, sizeof proxy, "http://127.0.0.1:%u", port_of("proxy"));
    opt.proxy = proxy;
    DONE(get("good", "/good", &opt));
    assert_string_equal(got, "hello");
    /* The proxy is no one to vouch for a server. */
    REFUSED(get("own", "/good", &opt), FWSIM_EACCES, "not accepted");
    free(got);
    REFUSED(fwsim_fetch("https://forbidden.example/", NULL, LIMIT, &got,
                        &got_size, &opt), FWSIM_EIO, "407");
    REFUSED(fwsim_fetch("https://garbage.example/", NULL, LIMIT, &got,
                        &got_size, &opt), FWSIM_EIO, "proxy");
    opt.proxy = "socks5://127.0.0.1:1";
    REFUSED(get("good", "/good", &opt), FWSIM_EINVAL, "http://host:port");
}

static void nobody_there_is_an_error_that_names_it(void **state)
{
    fwsim_fetch_options opt = options();

    (void)state;
    NEEDS_SERVER();
    free(got);
    REFUSED(fwsim_fetch("https://127.0.0.1:1/", NULL, LIMIT, &got, &got_size,
                        &opt),
            FWSIM_EIO, "");
    REFUSED(fwsim_fetch("https://no.such.host.invalid/", NULL, LIMIT, &got,
                        &got_size, &opt),
            FWSIM_EIO, "no.such.host.invalid");
    REFUSED(fwsim_fetch("http://127.0.0.1/", NULL, LIMIT, &got, &got_size,
                        &opt),
            FWSIM_EINVAL, "https");
}

/* ------------------------------------------------------------------ */
/* nginx                                                                */
/* ------------------------------------------------------------------ */

static unsigned free_port(void)
{
    struct sockaddr_in a = { .sin_family = AF_INET,
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t size = sizeof a;
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    assert_return_code(bind(fd, (struct sockaddr *)&a, size), 0);
    assert_return_code(getsockname(fd, (struct sockaddr *)&a, &size), 0);
    close(fd);
    return ntohs(a.sin_port);
}

static unsigned start_nginx(void)
{
    char conf[160], dir[160];
    char *const argv[] = { "nginx", "-p", dir, "-c", conf, "-e",
                           "stderr", NULL };
    unsigned port = free_port();
    FILE *f;

    snprintf(conf, sizeof conf, "%s", at("nginx.conf"));
    snprintf(dir, sizeof dir, "%s", at(""));
    f = fopen(conf, "w");
    assert_non_null(f);
    fprintf(f,
            "%s daemon off; master_process off; pid nginx.pid;\n"
            "events {}\n"
            "http {\n"
            "  access_log nginx.log;\n"
            "  client_body_temp_path t1; proxy_temp_path t2;\n"
            "  fastcgi_temp_path t3; uwsgi_temp_path t4; scgi_temp_path t5;\n"
            "  server { listen 127.0.0.1:%u ssl; root repo;\n"
            "    ssl_certificate good.crt; ssl_certificate_key good.key; }\n"
            "}\n",
            geteuid() ? "" : "user root;", port);
    fclose(f);
    nginx = start(argv);
    assert_true(wait_for_file("nginx.pid"));
    return port;
}

static void publish(const char *key_name)
{
    const char *bundles[] = { NULL, NULL };
    char path[160], dir[160];
    const fwsim_publication p = { .name = "acme",
                                  .created = NOW,
                                  .expires = NOW + DAY,
                                  .bundles = bundles };
    fwsim_bundle_info info = some_info();
    fwsim_trust *trust = trust_in_a(NOW);
    fwsim_key *key = open_key(key_name);

    shell("rm -rf repo");
    DONE(write_bundle("x.fwb", &info, key_name));
    snprintf(path, sizeof path, "%s", at("x.fwb"));
    snprintf(dir, sizeof dir, "%s", at("repo"));
    bundles[0] = path;
    DONE(fwsim_repo_publish(dir, &p, key, trust, keep_log, NULL));
    fwsim_key_free(key);
    fwsim_trust_free(trust);
}

static void count_lines(const char *status, unsigned expected)
{
    char line[128];

    snprintf(line, sizeof line, "test $(grep -c '\" %s ' nginx.log) = %u",
             status, expected);
    shell(line);
}

static void a_repository_on_nginx_is_used_and_then_not_needed(void **state)
{
    fwsim_repo_options opt = { .fetch = options() };
    fwsim_locked *row, *again;
    fwsim_bundle *bundle;
    fwsim_trust *trust;
    char url[64], cache[160];

    (void)state;
    NEEDS_SERVER();
    if (!has_program("nginx"))
        skip();
    publish("a");
    snprintf(url, sizeof url, "https://localhost:%u", start_nginx());
    snprintf(cache, sizeof cache, "%s", at("cache"));
    opt.cache = cache;
    opt.fetch.retries = 5; /* nginx may not listen yet */
    trust = trust_in_a(NOW);

    DONE(fwsim_repo_find(&row, url, "test1", trust, &opt));
    assert_int_equal(row->version, 3);
    assert_false(fwsim_repo_cached(row, &opt));
    DONE(fwsim_repo_open(&bundle, row, trust, &opt));
    assert_int_equal(fwsim_bundle_info_get(bundle)->version, 3);
    fwsim_bundle_free(bundle);
    assert_true(fwsim_repo_cached(row, &opt));
    count_lines("200", 2);

    /* The index is the same: 304; the bundle is there: no request. */
    DONE(fwsim_repo_find(&again, url, "test1", trust, &opt));
    assert_string_equal(again->sha256, row->sha256);
    fwsim_locked_free(again);
    DONE(fwsim_repo_open(&bundle, row, trust, &opt));
    fwsim_bundle_free(bundle);
    count_lines("200", 2);
    count_lines("304", 1);

    REFUSED(fwsim_repo_find(&again, url, "test2", trust, &opt), FWSIM_ENOENT,
            "did you mean 'test1'");
    stop(&nginx);
    opt.fetch.retries = 0;
    assert_int_equal(fwsim_repo_find(&again, url, "test1", trust, &opt),
                     FWSIM_EIO);
    opt.offline = true;
    DONE(fwsim_repo_find(&again, url, "test1", trust, &opt));
    DONE(fwsim_repo_open(&bundle, again, trust, &opt));
    fwsim_bundle_free(bundle);
    fwsim_locked_free(again);
    fwsim_locked_free(row);
    fwsim_trust_free(trust);

    /* Offline the index ends when it ends. */
    trust = trust_in_a(NOW + 2 * DAY);
    REFUSED(fwsim_repo_find(&again, url, "test1", trust, &opt), FWSIM_EACCES,
            "expired");
    fwsim_trust_free(trust);
}

/** Run fwsim with the trust of the test; %s is the URL. */
static void fwsim(const char *words, const char *url, const char *more)
{
    char line[1200];

    snprintf(line, sizeof line,
             "XDG_CACHE_HOME=$PWD/xdg XDG_STATE_HOME=$PWD/xdg "
             "XDG_CONFIG_HOME=$PWD/xdg HOME=$PWD %s %s %s >out 2>err %s",
             command_fwsim(), words, url, more);
    shell(line);
}

static void the_commands_add_sync_list_and_remove(void **state)
{
#define TRUST " --trust-key a.pub --time 1800000000 "
    char url[64];

    (void)state;
    NEEDS_SERVER();
    if (!has_program("nginx") || !command_have_fwsim())
        skip();
    unlink(at("nginx.pid"));
    publish("a");
    snprintf(url, sizeof url, "https://localhost:%u", start_nginx());
    fwsim("models add --ca ca.crt --retries 9" TRUST, url, "test1");
    fwsim("models list", "", "&& grep -q '^test1 .* cached ' out");
    fwsim("models list --json", "",
          "&& grep -q '\"cached\": *true' out && grep -q localhost out");
    shell("cp fwsim.lock first.lock");
    fwsim("models sync --update --ca ca.crt" TRUST, "",
          "&& cmp fwsim.lock first.lock");
    stop(&nginx);
    fwsim("models sync --offline" TRUST, "", "&& grep -q '^test1 3' out");
    /* Another key, or later: the same bytes are refused. */
    fwsim("models sync --offline --trust-key b.pub --time 1800000000", "",
          "; test $? = 3 && grep -q 'not trusted' err");
    fwsim("models sync --offline --trust-key a.pub --time 1900000000", "",
          "; test $? = 3 && grep -q expired err");
    /* Without the cache there is nothing to be had offline. */
    fwsim("models sync --offline --cache none" TRUST, "",
          "; test $? = 3 && grep -q 'nothing is fetched offline' err");
    fwsim("models remove", "test1", "&& ! grep -q test1 fwsim.lock");
    fwsim("models remove", "test1", "; test $? = 3 && grep -q test1 err");
    fwsim("bundle show" TRUST, "x.fwb", "&& grep -q 'provenance:' out");
    fwsim("bundle diff" TRUST, "x.fwb x.fwb", "");
#undef TRUST
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_server_of_the_ca_is_believed),
        cmocka_unit_test(servers_with_a_wrong_certificate_are_refused),
        cmocka_unit_test(the_cas_of_the_system_do_not_know_it),
        cmocka_unit_test(a_pinned_key_stands_in_for_the_ca),
        cmocka_unit_test(tls_1_0_and_1_1_are_refused),
        cmocka_unit_test(a_server_that_speaks_no_tls_is_refused),
        cmocka_unit_test(bodies_come_in_all_their_forms),
        cmocka_unit_test(an_answer_that_is_cut_off_is_refused),
        cmocka_unit_test(an_endless_answer_is_refused),
        cmocka_unit_test(an_answer_that_is_no_http_is_refused),
        cmocka_unit_test(a_slow_server_has_a_time),
        cmocka_unit_test(redirects_stay_on_the_host),
        cmocka_unit_test(statuses_are_errors_without_the_words_of_the_server),
        cmocka_unit_test(what_may_pass_is_tried_again),
        cmocka_unit_test(a_server_that_wants_too_much_patience_gets_none),
        cmocka_unit_test(a_broken_download_goes_on_where_it_broke),
        cmocka_unit_test(a_token_is_sent_and_never_logged),
        cmocka_unit_test(a_proxy_is_asked_to_connect),
        cmocka_unit_test(nobody_there_is_an_error_that_names_it),
        cmocka_unit_test(a_repository_on_nginx_is_used_and_then_not_needed),
        cmocka_unit_test(the_commands_add_sync_list_and_remove),
    };
    int failed;

    signal(SIGPIPE, SIG_IGN);
    failed = cmocka_run_group_tests(tests, set_up, tear_down);
    free(got);
    return failed ? failed : ready ? 0 : 77;
}
