/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the benchmark does inside fwsim, each in a process of its own: it calls
 * itself with one of the words in the table below.
 */
#include "bench.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fwsim.h"
#include "kernels.h"

enum { EDGES = 65536, REPEATS = 200 };

static const fwsim_board *bench_board(void)
{
    return fwsim_board_find(BENCH_BOARD);
}

static const fwsim_board *a64_board(void)
{
    return fwsim_board_find("virt");
}

/* ------------------------------------------------------------------ */
/* run, edges                                                           */
/* ------------------------------------------------------------------ */

static void on_uart(fwsim_machine *m, const char *uart, uint8_t byte,
                    void *user)
{
    (void)m;
    (void)uart;
    (void)user;
    putchar(byte);
}

static int finish(fwsim_machine *m)
{
    fwsim_stop stop;
    size_t size;
    const char *text;

    if (fwsim_run(m, NULL, &stop)) {
        fprintf(stderr, "%s\n", fwsim_errmsg(m));
        return 1;
    }
    text = fwsim_uart_output(m, "semihosting", &size);
    if (size)
        fwrite(text, 1, size, stdout);
    if (stop.reason == FWSIM_STOP_EXIT)
        return stop.exit_code;
    fprintf(stderr, "%s\n", stop.text);
    return 1;
}

/** From creation to the exit of the firmware.
 * @param edges  with an edge map, as a fuzzer has it */
static int run_all(const fwsim_board *board, const char *image,
                   const char *args, bool edges)
{
    static uint8_t map[EDGES];
    fwsim_machine *m = bench_machine(board, image, args);
    int code;

    fwsim_on_uart(m, NULL, on_uart, NULL);
    code = edges && fwsim_edges_set(m, map, sizeof map) ? 1 : finish(m);
    fwsim_free(m);
    return code;
}

/** run IMAGE [ARGS] */
static int do_run(const char *image, const char *args)
{
    return run_all(bench_board(), image, args, false);
}

/** rom IMAGE: the same with the code in a ROM instead of RAM. */
static int do_rom(const char *image, const char *args)
{
    return run_all(bench_small_board(), image, args, false);
}

/** edges IMAGE */
static int do_edges(const char *image, const char *args)
{
    return run_all(bench_board(), image, args, true);
}

/** run_a64 IMAGE */
static int do_run_a64(const char *image, const char *args)
{
    return run_all(a64_board(), image, args, false);
}

/** edges_a64 IMAGE */
static int do_edges_a64(const char *image, const char *args)
{
    return run_all(a64_board(), image, args, true);
}

/* ------------------------------------------------------------------ */
/* native                                                               */
/* ------------------------------------------------------------------ */

/** native KERNEL: the limit of what is possible. */
static int do_native(const char *name, const char *unused)
{
    uint32_t sum = 0;

    (void)unused;
    if (strcmp(name, "integer") == 0)
        sum = kernel_integer(INTEGER_ROUNDS);
    else if (strcmp(name, "fpu") == 0)
        sum = kernel_fpu(FPU_ROUNDS);
    else
        sum = kernel_memory(MEMORY_ROUNDS);
    printf("%08x\n", sum);
    return 0;
}

/* ------------------------------------------------------------------ */
/* create, restore                                                      */
/* ------------------------------------------------------------------ */

/** The median of a few hundred, without what the first ones warm up. */
static int print_median(double *times)
{
    printf("%.9f\n", median(times + REPEATS / 10, REPEATS - REPEATS / 10));
    return 0;
}

/** create IMAGE [small]: seconds for a machine that is ready to run. */
static int do_create(const char *image, const char *small)
{
    const fwsim_board *board = small ? bench_small_board() : bench_board();
    double times[REPEATS];

    for (unsigned i = 0; i < REPEATS; i++) {
        double start = now_seconds();
        fwsim_machine *m = bench_machine(board, image, NULL);

        fwsim_reset(m, FWSIM_RESET_POWER_ON);
        times[i] = now_seconds() - start;
        fwsim_free(m);
    }
    return print_median(times);
}

/** restore IMAGE: seconds to go back, each time from a bit of a run away. */
static int do_restore(const char *image, const char *unused)
{
    const fwsim_limit some = { .instructions = 100000 };
    const fwsim_limit bit = { .instructions = 1000 };
    fwsim_machine *m = bench_machine(bench_small_board(), image, NULL);
    fwsim_snapshot *s;
    double times[REPEATS];

    (void)unused;
    if (fwsim_run(m, &some, NULL) || fwsim_snapshot_take(m, &s))
        return 1;
    for (unsigned i = 0; i < REPEATS; i++) {
        double start;

        fwsim_run(m, &bit, NULL);
        start = now_seconds();
        if (fwsim_snapshot_restore(m, s))
            return 1;
        times[i] = now_seconds() - start;
    }
    fwsim_snapshot_free(s);
    fwsim_free(m);
    return print_median(times);
}

/* ------------------------------------------------------------------ */
/* memory                                                               */
/* ------------------------------------------------------------------ */

static double resident_bytes(void)
{
    FILE *file = fopen("/proc/self/statm", "r");
    long pages = 0;

    if (!file || fscanf(file, "%*d %ld", &pages) != 1)
        pages = 0;
    if (file)
        fclose(file);
    return (double)pages * (double)sysconf(_SC_PAGESIZE);
}

/** Where resident memory is, a line a kind; the program itself included. */
static void print_kinds(void)
{
    enum { CODE, HEAP, ANONYMOUS, FILES, KINDS };
    static const char *const names[KINDS] = {
        "translated code", "heap", "large blocks, memories of the machine",
        "program and libraries"
    };
    FILE *file = fopen("/proc/self/smaps", "r");
    long kib[KINDS] = { 0 }, inode, resident;
    int kind = FILES;
    char line[512], mode[5];

    while (file && fgets(line, sizeof line, file))
        if (sscanf(line, "%*x-%*x %4s %*s %*s %ld", mode, &inode) == 2)
            kind = inode || !strchr(mode, 'w') ? FILES
                   : strchr(mode, 'x')         ? CODE
                   : strchr(line, '[')         ? HEAP
                                               : ANONYMOUS;
        else if (sscanf(line, "Rss: %ld", &resident) == 1)
            kib[kind] += resident;
    if (file)
        fclose(file);
    for (kind = 0; kind < KINDS; kind++)
        printf("%6.1f MiB %s\n", (double)kib[kind] / 1024, names[kind]);
}

/** Resident bytes of each of so many machines, all of which have run a while,
 * and what they are. */
static int print_memory(const fwsim_board *board, const char *image,
                        const char *count)
{
    const fwsim_limit some = { .instructions = 1000000 };
    unsigned n = (unsigned)atoi(count);
    fwsim_machine **m = calloc(n, sizeof *m);
    double before = resident_bytes();

    if (!m)
        return 1;
    for (unsigned i = 0; i < n; i++) {
        m[i] = bench_machine(board, image, NULL);
        if (fwsim_run(m[i], &some, NULL))
            return 1;
    }
    printf("%.0f\n", (resident_bytes() - before) / n);
    print_kinds();
    for (unsigned i = 0; i < n; i++)
        fwsim_free(m[i]);
    free(m);
    return 0;
}

/** memory IMAGE COUNT */
static int do_memory(const char *image, const char *count)
{
    return print_memory(bench_board(), image, count);
}

/** small_memory IMAGE COUNT: of machines with 128 KiB of RAM. */
static int do_small_memory(const char *image, const char *count)
{
    return print_memory(bench_small_board(), image, count);
}

/* ------------------------------------------------------------------ */
/* threads                                                              */
/* ------------------------------------------------------------------ */

enum { THREADS_MAX = 16 };

static void *run_thread(void *user)
{
    const fwsim_limit work = { .instructions = 250000000 };
    fwsim_machine *m = user;

    return fwsim_run(m, &work, NULL) ? m : NULL;
}

static double run_threads(fwsim_machine *const *m, unsigned n)
{
    pthread_t thread[THREADS_MAX];
    double start = now_seconds();

    for (unsigned i = 0; i < n; i++)
        if (pthread_create(&thread[i], NULL, run_thread, m[i]))
            exit(1);
    for (unsigned i = 0; i < n; i++) {
        void *failed;

        pthread_join(thread[i], &failed);
        if (failed)
            exit(1);
    }
    return now_seconds() - start;
}

/** threads IMAGE COUNT: how many times the work of one machine so many do in
 * the same time; a machine alone runs before and after. */
static int do_threads(const char *image, const char *count)
{
    unsigned n = (unsigned)atoi(count);
    fwsim_machine *m[THREADS_MAX];
    double before, together, after;

    if (n < 1 || n > THREADS_MAX)
        return 1;
    for (unsigned i = 0; i < n; i++)
        m[i] = bench_machine(bench_board(), image, NULL);
    before = run_threads(m, 1);
    together = run_threads(m, n);
    after = run_threads(m, 1);
    printf("%.4f\n", n * (before + after) / 2 / together);
    for (unsigned i = 0; i < n; i++)
        fwsim_free(m[i]);
    return 0;
}

/* ------------------------------------------------------------------ */

static const struct {
    const char *word;
    int (*act)(const char *first, const char *second);
} words[] = {
    { "run", do_run },         { "rom", do_rom },
    { "edges", do_edges },     { "native", do_native },
    { "run_a64", do_run_a64 }, { "edges_a64", do_edges_a64 },
    { "create", do_create },   { "restore", do_restore },
    { "memory", do_memory },   { "small_memory", do_small_memory },
    { "threads", do_threads },
};

int inside(int argc, char **argv)
{
    for (size_t i = 0; argc > 2 && i < sizeof words / sizeof *words; i++)
        if (strcmp(argv[1], words[i].word) == 0)
            return words[i].act(argv[2], argc > 3 ? argv[3] : NULL);
    return argc > 2 ? inferred(argv[1], argv[2], argc > 3 ? argv[3] : NULL)
                    : -1;
}
