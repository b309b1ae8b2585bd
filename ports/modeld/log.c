/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The access log: a line a request, without tokens, bodies and queries; and
 * messages for the operator.
 */
#include "modeld.h"

#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

static FILE *file;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

bool modeld_log_open(const char *path)
{
    file = path ? fopen(path, "a") : stderr;
    if (!file)
        fprintf(stderr, "fwsim-modeld: cannot write %s: %s\n", path,
                strerror(errno));
    return file;
}

void modeld_log_close(void)
{
    if (file && file != stderr)
        fclose(file);
    file = NULL;
}

static void stamp(char *text, size_t size)
{
    time_t now = time(NULL);
    struct tm tm;

    gmtime_r(&now, &tm);
    strftime(text, size, "%Y-%m-%dT%H:%M:%SZ", &tm);
}

void modeld_log_access(const char *from, const modeld_request *request,
                       unsigned status, size_t bytes, int64_t ms)
{
    static const char *const methods[] = { "GET", "HEAD", "POST", "-" };
    char path[MODELD_PATH_MAX], when[32];
    size_t i;

    /* A path may have any character; a line of the log may not. */
    for (i = 0; request->path[i]; i++) {
        char c = request->path[i];

        path[i] = (char)(c > ' ' && c <= '~' && c != '"' ? c : '?');
    }
    path[i] = '\0';
    stamp(when, sizeof(when));
    pthread_mutex_lock(&lock);
    fprintf(file, "%s %s %s %s %u %zu bytes %" PRId64 " ms\n", when, from,
            methods[request->method], *path ? path : "-", status, bytes, ms);
    fflush(file);
    pthread_mutex_unlock(&lock);
}

void modeld_log(const char *fmt, ...)
{
    char when[32];
    va_list args;

    stamp(when, sizeof(when));
    pthread_mutex_lock(&lock);
    fprintf(file ? file : stderr, "%s fwsim-modeld: ", when);
    va_start(args, fmt);
    vfprintf(file ? file : stderr, fmt, args);
    va_end(args);
    fputc('\n', file ? file : stderr);
    fflush(file ? file : stderr);
    pthread_mutex_unlock(&lock);
}
