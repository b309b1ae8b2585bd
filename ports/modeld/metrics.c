/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Counters, in the text format of Prometheus (version 0.0.4). */
#include "modeld.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROWS = 64, BUCKETS = 8 };

static const unsigned bucket_ms[BUCKETS] = { 1, 5, 10, 25, 50, 100, 500, 1000 };

/** Requests of a route that were answered with a status. */
typedef struct row {
    const char *route;
    unsigned status;
    uint64_t count;
} row;

static struct {
    row rows[ROWS];
    size_t count;
    uint64_t requests, total_ms, buckets[BUCKETS], handshakes;
    int busy;
} metrics;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

void modeld_count(const char *route, unsigned status, int64_t ms)
{
    size_t i = 0;

    pthread_mutex_lock(&lock);
    while (i < metrics.count && (strcmp(metrics.rows[i].route, route) ||
                                 metrics.rows[i].status != status))
        i++;
    if (i < ROWS) {
        if (i == metrics.count)
            metrics.rows[metrics.count++] = (row){ route, status, 0 };
        metrics.rows[i].count++;
    }
    metrics.requests++;
    metrics.total_ms += (uint64_t)ms;
    for (i = 0; i < BUCKETS; i++)
        metrics.buckets[i] += ms <= (int64_t)bucket_ms[i];
    pthread_mutex_unlock(&lock);
}

void modeld_count_busy(int change)
{
    pthread_mutex_lock(&lock);
    metrics.busy += change;
    pthread_mutex_unlock(&lock);
}

void modeld_count_handshake(void)
{
    pthread_mutex_lock(&lock);
    metrics.handshakes++;
    pthread_mutex_unlock(&lock);
}

static void print_counters(FILE *out)
{
    fputs("# HELP fwsim_modeld_requests_total Requests, by route and status.\n"
          "# TYPE fwsim_modeld_requests_total counter\n", out);
    for (size_t i = 0; i < metrics.count; i++)
        fprintf(out, "fwsim_modeld_requests_total{route=\"%s\",code=\"%u\"} %"
                PRIu64 "\n", metrics.rows[i].route, metrics.rows[i].status,
                metrics.rows[i].count);
    fputs("# HELP fwsim_modeld_request_seconds Time of requests.\n"
          "# TYPE fwsim_modeld_request_seconds histogram\n", out);
    for (size_t i = 0; i < BUCKETS; i++)
        fprintf(out, "fwsim_modeld_request_seconds_bucket{le=\"%u.%03u\"} %"
                PRIu64 "\n", bucket_ms[i] / 1000, bucket_ms[i] % 1000,
                metrics.buckets[i]);
    fprintf(out, "fwsim_modeld_request_seconds_bucket{le=\"+Inf\"} %" PRIu64 "\n"
            "fwsim_modeld_request_seconds_sum %" PRIu64 ".%03u\n"
            "fwsim_modeld_request_seconds_count %" PRIu64 "\n",
            metrics.requests, metrics.total_ms / 1000,
            (unsigned)(metrics.total_ms % 1000), metrics.requests);
    fprintf(out, "# HELP fwsim_modeld_handshakes_failed_total Connections "
            "without TLS.\n"
            "# TYPE fwsim_modeld_handshakes_failed_total counter\n"
            "fwsim_modeld_handshakes_failed_total %" PRIu64 "\n",
            metrics.handshakes);
    fprintf(out, "# HELP fwsim_modeld_busy Requests that are being served.\n"
            "# TYPE fwsim_modeld_busy gauge\nfwsim_modeld_busy %d\n",
            metrics.busy);
}

static void print_knowledge(const modeld *server, FILE *out)
{
    fwsim_knowledge_stats s = { 0 };

    if (server->knowledge)
        fwsim_knowledge_stats_get(server->knowledge, &s);
    fprintf(out, "# HELP fwsim_modeld_known Register maps that are known.\n"
            "# TYPE fwsim_modeld_known gauge\n"
            "fwsim_modeld_known{what=\"chips\"} %zu\n"
            "fwsim_modeld_known{what=\"peripherals\"} %zu\n"
            "fwsim_modeld_known{what=\"registers\"} %zu\n",
            s.chips, s.peripherals, s.registers);
}

char *modeld_metrics(const modeld *server, size_t *size)
{
    char *text = NULL;
    FILE *out = open_memstream(&text, size);

    if (!out)
        return NULL;
    pthread_mutex_lock(&lock);
    print_counters(out);
    pthread_mutex_unlock(&lock);
    print_knowledge(server, out);
    if (fclose(out)) {
        free(text);
        return NULL;
    }
    return text;
}
