/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What bundles and the service cost: `make bench-cloud`. Everything is made on
 * the spot, in a folder of its own; the service is the program of this build,
 * on loopback.
 *
 *     fwsim_bench_cloud MODELD [PAGE [SVD-FOLDER]]
 */
#include "fwsim.h"

#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
    ROUNDS = 11, PERIPHS = 100, REGISTERS = 100, CLIENTS = 32, ALONE = 200,
    EACH = 20, BLOCKS = 12, TEXT = 4 << 20, DAY = 86400
};

static char folder[64], url[64], ca[96];
static char question[16 << 10];

static void die(const char *what)
{
    fprintf(stderr, "bench-cloud: %s\n", what);
    exit(1);
}

static void log_error(const fwsim_log_entry *e, void *user)
{
    (void)user;
    if (e->level == FWSIM_LOG_ERROR)
        fprintf(stderr, "bench-cloud: %s\n", e->text);
}

static void must(int err, const char *what)
{
    if (err)
        die(what);
}

static double now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

/** The value that so many percent do not exceed. @a list is sorted by it. */
static double percentile(double *list, size_t count, unsigned percent)
{
    qsort(list, count, sizeof *list, by_value);
    return list[(count - 1) * percent / 100];
}

static const char *at(const char *name)
{
    static char paths[8][160];
    static unsigned next;
    char *path = paths[next++ % 8];

    snprintf(path, sizeof paths[0], "%s/%s", folder, name);
    return path;
}

/* ------------------------------------------------------------------ */
/* What is served                                                       */
/* ------------------------------------------------------------------ */

static void make_certificates(void)
{
    char script[2048];

    snprintf(script, sizeof script,
             "set -e; cd %s\n"
             "key='-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes'\n"
             "openssl req -x509 $key -keyout ca.key -out ca.pem -days 2 "
             "-subj '/CN=bench CA' 2>log\n"
             "openssl req $key -keyout server.key -out server.csr "
             "-subj /CN=localhost 2>log\n"
             "echo subjectAltName=DNS:localhost >ext\n"
             "openssl x509 -req -in server.csr -CA ca.pem -CAkey ca.key "
             "-CAcreateserial -out server.pem -days 2 -extfile ext 2>log\n",
             folder);
    must(system(script), "openssl cannot make certificates");
}

/** 10 000 registers with two fields each. */
static char *make_models(void)
{
    char *text = malloc(TEXT);
    size_t n;

    if (!text)
        die("out of memory");
    n = (size_t)sprintf(text, "fwsim-models: 1\nsoc: BENCH1\nperipherals:\n");
    for (unsigned p = 0; p < PERIPHS; p++) {
        n += (size_t)sprintf(text + n, "  - base: 0x%x\n    name: P%u\n"
                             "    size: 0x400\n    registers:\n",
                             0x40000000 + p * 0x400, p);
        for (unsigned r = 0; r < REGISTERS; r++)
            n += (size_t)sprintf(
                text + n, "      - { offset: 0x%x, name: R%u_%u, role: "
                "control, source: user, fields: [ { bits: 0, name: ON, kind: "
                "stored, source: user }, { bits: 4-7, name: MODE, kind: "
                "stored, source: user } ] }\n", r * 4, p, r);
    }
    return text;
}

static void make_bundle(fwsim_key *key)
{
    char *text = make_models();
    const fwsim_part part = { .kind = FWSIM_PART_MODELS,
                              .licence = "CC0-1.0",
                              .provenance = "the benchmark",
                              .data = text,
                              .size = strlen(text) };
    const fwsim_bundle_info info = { .name = "bench",
                                     .version = 1,
                                     .created = (uint64_t)time(NULL),
                                     .expires = (uint64_t)time(NULL) + DAY,
                                     .target = { .soc = "BENCH1" },
                                     .parts = &part,
                                     .part_count = 1 };

    must(fwsim_bundle_write(at("bench.fwb"), &info, key, log_error, NULL),
         "no bundle");
    free(text);
}

static fwsim_trust *make_all(void)
{
    const char *keys[] = { at("k.pem"), NULL };
    const char *bundles[] = { at("bench.fwb"), NULL };
    const fwsim_trust_options how = { .keys = keys,
                                      .now = (uint64_t)time(NULL),
                                      .log = log_error };
    const fwsim_publication publication = {
        .name = "bench", .created = how.now, .expires = how.now + DAY,
        .bundles = bundles };
    fwsim_trust *trust;
    fwsim_key *key;

    make_certificates();
    must(fwsim_key_generate(at("k.key"), at("k.pem"), NULL, log_error, NULL),
         "no key");
    must(fwsim_key_open(&key, at("k.key"), NULL, log_error, NULL), "no key");
    make_bundle(key);
    must(fwsim_trust_open(&trust, &how), "no trust");
    must(fwsim_repo_publish(at("repo"), &publication, key, trust, log_error,
                            NULL), "no repository");
    fwsim_key_free(key);
    return trust;
}

/** Blocks such as a firmware has: a status that is waited for, data, settings.
 */
static void make_question(void)
{
    size_t n = (size_t)sprintf(question, "{ \"fwsim-summary\": 1, \"cpu\": "
                               "\"cortex-m3\", \"blocks\": [");

    for (unsigned b = 0; b < BLOCKS; b++) {
        n += (size_t)sprintf(question + n, "%s\n{ \"block\": %u, "
                             "\"interrupts\": 1, \"registers\": [",
                             b ? "," : "", b);
        for (unsigned r = 0; r < 4 + b % 5; r++)
            n += (size_t)sprintf(question + n, "%s\n{ \"offset\": %u, "
                                 "\"width\": 4, \"reads\": %u, \"writes\": %u, "
                                 "\"tested\": %u }", r ? "," : "", r * 4,
                                 r + 1, r % 2, 1u << (b + r) % 16);
        n += (size_t)sprintf(question + n, " ] }");
    }
    sprintf(question + n, " ] }\n");
}

/* ------------------------------------------------------------------ */
/* The service                                                          */
/* ------------------------------------------------------------------ */

static unsigned port_in_log(void)
{
    static char text[8192];
    FILE *f = fopen(at("log"), "r");
    const char *found;

    if (!f)
        return 0;
    text[fread(text, 1, sizeof text - 1, f)] = '\0';
    fclose(f);
    found = strstr(text, ", port ");
    return found ? (unsigned)strtoul(found + 7, NULL, 10) : 0;
}

static pid_t start(const char *program, const char *knowledge)
{
    const char *argv[] = { program, "--listen", "127.0.0.1:0", "--cert",
                           at("server.pem"), "--cert-key", at("server.key"),
                           "--repo", at("repo"), "--knowledge", knowledge,
                           "--sign-key", at("k.key"), "--rate", "0", "--log",
                           at("log"), NULL };
    pid_t pid = fork();
    unsigned port = 0;

    if (pid == 0) {
        execv(program, (char *const *)argv);
        _exit(127);
    }
    for (int i = 0; i < 600 && !(port = port_in_log()); i++)
        usleep(50000);
    if (!port)
        die("the service does not start");
    snprintf(url, sizeof url, "https://localhost:%u", port);
    return pid;
}

/** A line of the status of a process, in MiB. */
static double memory_of(pid_t pid, const char *field)
{
    char path[64], line[256];
    unsigned long kib = 0;
    FILE *f;

    snprintf(path, sizeof path, "/proc/%d/status", (int)pid);
    f = fopen(path, "r");
    while (f && fgets(line, sizeof line, f))
        if (!strncmp(line, field, strlen(field))) {
            kib = strtoul(line + strlen(field), NULL, 10);
            break;
        }
    if (f)
        fclose(f);
    return (double)kib / 1024;
}

/* ------------------------------------------------------------------ */
/* Measurements                                                         */
/* ------------------------------------------------------------------ */

static double measure_load(const fwsim_trust *trust)
{
    double list[ROUNDS];

    for (int i = 0; i < ROUNDS; i++) {
        double begin = now_ms();
        fwsim_bundle *b;

        must(fwsim_bundle_open(&b, at("bench.fwb"), trust), "cannot open");
        fwsim_bundle_free(b);
        list[i] = now_ms() - begin;
    }
    return percentile(list, ROUNDS, 50);
}

/** @param first  out: find and fetch into an empty cache; the rest from it */
static double measure_fetch(fwsim_trust *trust, double *first)
{
    double list[ROUNDS], fresh[ROUNDS];

    for (int i = 0; i < ROUNDS; i++) {
        char cache[160];
        const fwsim_repo_options how = {
            .cache = cache, .fetch = { .ca = ca, .log = log_error } };
        fwsim_locked *row;
        fwsim_bundle *b;
        double begin;

        snprintf(cache, sizeof cache, "%s/cache%d", folder, i);
        begin = now_ms();
        must(fwsim_repo_find(&row, url, "bench", trust, &how), "not found");
        must(fwsim_repo_open(&b, row, trust, &how), "not fetched");
        fresh[i] = now_ms() - begin;
        fwsim_bundle_free(b);
        begin = now_ms();
        must(fwsim_repo_open(&b, row, trust, &how), "not in the cache");
        list[i] = now_ms() - begin;
        fwsim_bundle_free(b);
        fwsim_locked_free(row);
    }
    *first = percentile(fresh, ROUNDS, 50);
    return percentile(list, ROUNDS, 50);
}

typedef struct client {
    pthread_t thread;
    unsigned count;
    double ms[ALONE];
} client;

static void *ask(void *user)
{
    const fwsim_fetch_options how = { .ca = ca, .log = log_error };
    client *c = user;
    char full[128], *answer;
    size_t size;

    snprintf(full, sizeof full, "%s/v1/infer", url);
    for (unsigned i = 0; i < c->count; i++) {
        double begin = now_ms();

        must(fwsim_fetch(full, question, 1 << 20, &answer, &size, &how),
             "no answer");
        c->ms[i] = now_ms() - begin;
        free(answer);
    }
    return NULL;
}

typedef struct latency {
    double p50, p99, rate;
} latency;

static latency measure_clients(unsigned clients, unsigned each)
{
    static client list[CLIENTS];
    static double all[CLIENTS * EACH + ALONE];
    latency l = { 0, 0, 0 };
    size_t n = 0;
    double begin = now_ms();

    for (unsigned i = 0; i < clients; i++) {
        list[i].count = each;
        must(pthread_create(&list[i].thread, NULL, ask, &list[i]), "no thread");
    }
    for (unsigned i = 0; i < clients; i++) {
        pthread_join(list[i].thread, NULL);
        for (unsigned k = 0; k < each; k++)
            all[n++] = list[i].ms[k];
    }
    l.rate = (double)n * 1e3 / (now_ms() - begin);
    l.p50 = percentile(all, n, 50);
    l.p99 = percentile(all, n, 99);
    return l;
}

/* ------------------------------------------------------------------ */
/* The page                                                             */
/* ------------------------------------------------------------------ */

static void print_page(FILE *out, const char *knowledge, size_t registers,
                       double load, double first, double cached, latency one,
                       latency many, double memory, double peak)
{
    double load_of_host = 0;

    getloadavg(&load_of_host, 1);
    fprintf(out, "# Performance of bundles and of the service\n\n"
            "Written by `make bench-cloud` (`tests/knowledge/bench_cloud.c`): "
            "medians of %d rounds, on\nloopback, client and service on the "
            "same machine of %ld cores. Each request is a\nconnection of its "
            "own, with a TLS handshake on both sides. Other processes take "
            "part in the times: the load was %.1f.\nThe service knows %zu "
            "registers (%s); a question has %d blocks.\nThe claim of a "
            "comparable system is 100 to 500 ms and 50 MB.\n\n", ROUNDS,
            sysconf(_SC_NPROCESSORS_ONLN), load_of_host, registers, knowledge,
            BLOCKS);
    fprintf(out, "| what | measured | claim of others |\n| --- | --- | --- |\n"
            "| verify and load a bundle with 10 000 registers | %.1f ms | - |\n"
            "| find, fetch, verify and load it, first time | %.1f ms | - |\n"
            "| the same from the cache | %.1f ms | - |\n", load, first, cached);
    fprintf(out, "| `POST /v1/infer`, 1 client: p50, p99 | %.1f ms, %.1f ms | "
            "100 to 500 ms |\n"
            "| `POST /v1/infer`, %d clients: p50, p99 | %.1f ms, %.1f ms | "
            "100 to 500 ms |\n"
            "| answers a second, 1 and %d clients | %.0f, %.0f | - |\n"
            "| memory of the service with its knowledge; at most, while it "
            "read the files | %.1f MiB; %.1f MiB | 50 MB |\n", one.p50, one.p99, CLIENTS, many.p50, many.p99, CLIENTS,
            one.rate, many.rate, memory, peak);
}

static size_t known_registers(const char *knowledge)
{
    fwsim_knowledge_stats stats;
    fwsim_knowledge *k;

    must(fwsim_knowledge_open(&k, knowledge, NULL, NULL, NULL),
         "the SVD files cannot be read");
    fwsim_knowledge_stats_get(k, &stats);
    fwsim_knowledge_free(k);
    return stats.registers;
}

int main(int argc, char **argv)
{
    const char *knowledge = argc > 3 ? argv[3] : FWSIM_CORPUS_DIR "/svd";
    double load, first, cached, memory, peak;
    latency one, many;
    fwsim_trust *trust;
    struct stat st;
    FILE *out = stdout;
    char line[96];
    pid_t pid;

    if (argc < 2) {
        fprintf(stderr, "usage: fwsim_bench_cloud MODELD [PAGE [SVD-FOLDER]]\n");
        return 2;
    }
    if (stat(knowledge, &st)) {
        printf("SKIPPED: there is no %s\n", knowledge);
        return 77;
    }
    strcpy(folder, "/tmp/fwsim-bench-cloud-XXXXXX");
    if (!mkdtemp(folder))
        die("no folder");
    snprintf(ca, sizeof ca, "%s/ca.pem", folder);
    make_question();
    trust = make_all();
    load = measure_load(trust);
    pid = start(argv[1], knowledge);
    cached = measure_fetch(trust, &first);
    one = measure_clients(1, ALONE);
    many = measure_clients(CLIENTS, EACH);
    memory = memory_of(pid, "VmRSS:");
    peak = memory_of(pid, "VmHWM:");
    kill(pid, SIGTERM);
    waitpid(pid, NULL, 0);
    if (argc > 2 && !(out = fopen(argv[2], "w")))
        die("the page cannot be written");
    print_page(out, "the SVD files of ../shared", known_registers(knowledge),
               load, first, cached, one, many, memory, peak);
    fwsim_trust_free(trust);
    snprintf(line, sizeof line, "rm -rf %s", folder);
    return (out == stdout ? fflush(out) : fclose(out)) || system(line) ? 1 : 0;
}
