/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Programs that are run and timed from outside. */
#include "bench.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* A program that takes longer than this has lost its way. */
enum { CPU_SECONDS = 300 };

double now_seconds(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

double median(double *values, unsigned n)
{
    qsort(values, n, sizeof *values, ascending);
    return n % 2 ? values[n / 2] : (values[n / 2 - 1] + values[n / 2]) / 2;
}

/** The child's side: no input, output into the pipe, a bound on its time. */
static void become(const char *const *argv, int out, measure what)
{
    const struct rlimit seconds = { CPU_SECONDS, CPU_SECONDS };
    int null = open("/dev/null", O_RDWR);
    /* The first byte is one of the guest, not a remark of the program. */
    int err = what == FIRST_BYTE ? null : out;

    if (null >= 0 && dup2(null, 0) >= 0 && dup2(err, 2) >= 0 &&
        dup2(out, 1) >= 0 && !setrlimit(RLIMIT_CPU, &seconds)) {
        close(null);
        close(out);
        execvp(argv[0], (char *const *)argv);
    }
    _exit(127);
}

/** Read to the end, keeping the last bytes.
 * @return the time of the first byte */
static double drain(int fd, outcome *out)
{
    char buf[65536];
    double first = 0;
    size_t kept = 0;
    ssize_t n;

    out->bytes = 0;
    while ((n = read(fd, buf, sizeof buf)) > 0) {
        size_t take = (size_t)n;
        size_t room = sizeof out->output - 1;

        if (!out->bytes)
            first = now_seconds();
        out->bytes += take;
        if (take > room)
            take = room;
        if (kept + take > room) {
            size_t drop = kept + take - room;

            memmove(out->output, out->output + drop, kept - drop);
            kept -= drop;
        }
        memcpy(out->output + kept, buf + (size_t)n - take, take);
        kept += take;
    }
    out->output[kept] = '\0';
    return first;
}

static double seconds(const struct timeval *t)
{
    return (double)t->tv_sec + (double)t->tv_usec * 1e-6;
}

bool process_run(const char *const *argv, measure what, outcome *out)
{
    int fds[2], status;
    double start, first;
    struct rusage used;
    pid_t pid;

    memset(out, 0, sizeof *out);
    if (pipe(fds))
        return false;
    fcntl(fds[0], F_SETFD, FD_CLOEXEC);
    start = now_seconds();
    pid = fork();
    if (pid == 0)
        become(argv, fds[1], what);
    close(fds[1]);
    if (pid < 0) {
        close(fds[0]);
        return false;
    }
    first = drain(fds[0], out);
    close(fds[0]);
    if (wait4(pid, &status, 0, &used) != pid)
        return false;
    out->value = what == BUSY         ? seconds(&used.ru_utime) +
                                            seconds(&used.ru_stime)
                 : what == FIRST_BYTE ? first - start
                                      : strtod(out->output, NULL);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0 && out->bytes;
}

bool process_lines(const char *const *argv,
                   void (*put)(const char *line, void *user), void *user)
{
    char line[1024];
    int fds[2], status = -1;
    FILE *file;
    pid_t pid;

    if (pipe(fds))
        return false;
    fcntl(fds[0], F_SETFD, FD_CLOEXEC);
    pid = fork();
    if (pid == 0)
        become(argv, fds[1], PRINTED);
    close(fds[1]);
    file = fdopen(fds[0], "r");
    while (file && fgets(line, sizeof line, file)) {
        line[strcspn(line, "\n")] = '\0';
        put(line, user);
    }
    if (file)
        fclose(file);
    return pid > 0 && waitpid(pid, &status, 0) == pid && WIFEXITED(status) &&
           WEXITSTATUS(status) == 0;
}
