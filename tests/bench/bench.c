/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The benchmark: `make bench` runs it. It measures fwsim beside QEMU and native
 * code, and writes docs/performance.md.
 *
 *     fwsim_bench [-n ROUNDS] [-o PAGE] [NAME]
 *
 * A round runs all peers of a row one after the other, so that a machine that
 * becomes slower meets all of them alike; ratios are taken within a round. The
 * round before the first is not counted. With a NAME only the rows are run
 * that have it in their first column, and the page goes to standard output.
 */
#include "bench.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { ROUNDS = 7, ROUNDS_MAX = 99 };

#define GUEST(name) BENCH_GUESTS "/bench_" name ".elf"
#define LIST(...) (const char *const[]) { __VA_ARGS__, NULL }
#define INSIDE(...) LIST("/proc/self/exe", __VA_ARGS__)
#define QEMU_ARM(...)                                                          \
    LIST("qemu-system-arm", "-M", "mps2-an386", "-nographic", "-monitor",      \
         "none", "-serial", "stdio", __VA_ARGS__)
#define QEMU_A64(...)                                                          \
    LIST("qemu-system-aarch64", "-M", "virt", "-nic", "none", "-cpu",          \
         "cortex-a53", "-nographic", "-monitor", "none", "-serial", "stdio",   \
         __VA_ARGS__)
#define SEMIHOSTING "-semihosting-config", "enable=on,target=native"
#define ICOUNT "-icount", "shift=0"

#define KERNEL_ON(qemu, title, word, guest, name)                              \
    {                                                                          \
        title, BUSY,                                                           \
            { INSIDE(word, GUEST(guest)),                                      \
              qemu(ICOUNT, SEMIHOSTING, "-kernel", GUEST(guest)),              \
              qemu(SEMIHOSTING, "-kernel", GUEST(guest)),                      \
              INSIDE("native", name) },                                        \
            .faster = { [QEMU_ICOUNT] = 1.2, [QEMU] = 0.75 }, .unit = 1,       \
            .suffix = "s", .sums = true                                        \
    }

#define KERNEL(title, word, name) KERNEL_ON(QEMU_ARM, title, word, name, name)
#define KERNEL_A64(title, word, name)                                          \
    KERNEL_ON(QEMU_A64, title, word, "a64_" name, name)

#define OUTPUT(title, name)                                                    \
    {                                                                          \
        title, BUSY,                                                           \
            { INSIDE("run", GUEST(name)),                                      \
              QEMU_ARM(ICOUNT, SEMIHOSTING, "-kernel", GUEST(name)),           \
              QEMU_ARM(SEMIHOSTING, "-kernel", GUEST(name)) },                 \
            .faster = { [QEMU] = 2 }, .unit = 1, .suffix = "s", .sums = true   \
    }

#define MEMORY(title, word, count)                                             \
    {                                                                          \
        title, PRINTED, { INSIDE(word, GUEST("integer"), count) },             \
            .below = 6 * 1048576.0, .unit = 1048576, .suffix = "MiB",          \
            .explains = true                                                   \
    }

/*
 * Ticks of 40 ns between two interrupts. fwsim executes an instruction a tick,
 * QEMU with shift=0 one a nanosecond: 63 ticks are 2520 instructions there.
 */
#define PERIOD "2500"
#define PERIOD_ICOUNT "63"

static row rows[] = {
    KERNEL("integer kernel", "run", "integer"),
    KERNEL("integer kernel, code in ROM", "rom", "integer"),
    KERNEL("integer kernel, edge map", "edges", "integer"),
    KERNEL("FPU kernel", "run", "fpu"),
    KERNEL("FPU kernel, edge map", "edges", "fpu"),
    KERNEL("memory kernel", "run", "memory"),
    KERNEL("memory kernel, edge map", "edges", "memory"),
#if BENCH_A64
    KERNEL_A64("AArch64: integer kernel", "run_a64", "integer"),
    KERNEL_A64("AArch64: integer kernel, edge map", "edges_a64", "integer"),
    KERNEL_A64("AArch64: FPU kernel", "run_a64", "fpu"),
    KERNEL_A64("AArch64: FPU kernel, edge map", "edges_a64", "fpu"),
    KERNEL_A64("AArch64: memory kernel", "run_a64", "memory"),
    KERNEL_A64("AArch64: memory kernel, edge map", "edges_a64", "memory"),
#endif
    { "10 000 interrupts a second", BUSY,
      { INSIDE("run", GUEST("interrupts"), PERIOD),
        QEMU_ARM(ICOUNT, "-semihosting-config",
                 "enable=on,target=native,arg=" PERIOD_ICOUNT, "-kernel",
                 GUEST("interrupts")),
        QEMU_ARM("-semihosting-config", "enable=on,target=native,arg=" PERIOD,
                 "-kernel", GUEST("interrupts")) },
      .faster = { [QEMU_ICOUNT] = 1.5 }, .unit = 1, .suffix = "s",
      .sums = true },
    OUTPUT("1 MB through the UART", "uart_test"),
    OUTPUT("1 MB through the UART, 1.56 Mbaud", "uart"),
    { "process start to first UART byte", FIRST_BYTE,
      { LIST(BENCH_CLI, "run", "--board", BENCH_BOARD, "--semihosting",
             GUEST("first_byte")),
        NULL, QEMU_ARM(SEMIHOSTING, "-kernel", GUEST("first_byte")) },
      .faster = { [QEMU] = 3 }, .below = 15e-3, .unit = 1e-3,
      .suffix = "ms" },

    { "machine created, loaded, reset", PRINTED,
      { INSIDE("create", GUEST("integer")) },
      .below = 1e-3, .unit = 1e-3, .suffix = "ms" },
    { "the same, 128 KiB of RAM", PRINTED,
      { INSIDE("create", GUEST("integer"), "small") },
      .below = 1e-3, .unit = 1e-3, .suffix = "ms" },
    { "snapshot restored, 128 KiB of RAM", PRINTED,
      { INSIDE("restore", GUEST("integer")) },
      .below = 10e-6, .unit = 1e-6, .suffix = "us" },
    { "access to a register that has a model", PRINTED,
      { INSIDE("access", GUEST("reads"), BENCH_MODELLED) },
      .below = 100e-9, .unit = 1e-9, .suffix = "ns" },
    { "inferred: an access, more than that", PRINTED,
      { INSIDE("inferred", GUEST("reads"), BENCH_INFERRED) },
      .below = 50e-9, .unit = 1e-9, .suffix = "ns" },
    { "inferred: time beside a frozen run", PRINTED,
      { INSIDE("frozen", GUEST("reads"), BENCH_INFERRED) },
      .below = 1.02, .unit = 1, .suffix = "times it" },
    { "inferred: an analysis, half of them", PRINTED,
      { INSIDE("looks", GUEST("places"), "500") },
      .below = 7e-6, .unit = 1e-6, .suffix = "us" },
    { "inferred: an analysis, 99 of 100", PRINTED,
      { INSIDE("looks", GUEST("places"), "990") },
      .below = 120e-6, .unit = 1e-6, .suffix = "us" },
    { "inferred: an analysis, the longest", PRINTED,
      { INSIDE("looks", GUEST("places"), "1000") },
      .below = 1e-3, .unit = 1e-6, .suffix = "us" },
    { "inferred: snapshot restored, 128 KiB of RAM", PRINTED,
      { INSIDE("restore_inferred", GUEST("places"), "1000000") },
      .below = 5e-6, .unit = 1e-6, .suffix = "us" },
    { "inferred: the same, new code and sites", PRINTED,
      { INSIDE("restore_inferred", GUEST("places"), "1000") },
      .below = 5e-6, .unit = 1e-6, .suffix = "us" },
    MEMORY("resident memory of one machine", "memory", "1"),
    MEMORY("resident memory of each of 100", "memory", "100"),
    MEMORY("the same, 128 KiB of RAM", "small_memory", "100"),
    { "1 machine in a thread", PRINTED,
      { INSIDE("threads", GUEST("integer"), "1") },
      .at_least = 1, .unit = 1, .suffix = "times one" },
    { "2 machines in threads", PRINTED,
      { INSIDE("threads", GUEST("integer"), "2") },
      .at_least = 2, .unit = 1, .suffix = "times one" },
    { "4 machines in threads", PRINTED,
      { INSIDE("threads", GUEST("integer"), "4") },
      .at_least = 4, .unit = 1, .suffix = "times one" },
};

enum { ROWS = sizeof rows / sizeof *rows };

/* ------------------------------------------------------------------ */
/* Rounds                                                               */
/* ------------------------------------------------------------------ */

static bool uses_qemu(peer p)
{
    return p == QEMU_ICOUNT || p == QEMU;
}

/** The end of the output: the sum of a kernel, or the last of many bytes. */
static const char *tail(const outcome *out)
{
    size_t size = strlen(out->output);

    return out->output + (size > 9 ? size - 9 : 0);
}

/** One round of a row. @return false with the reason in the row */
static bool run_round(row *r, double values[PEERS])
{
    outcome first, out;

    for (peer p = FWSIM; p < PEERS; p++) {
        if (!r->argv[p])
            continue;
        if (!process_run(r->argv[p], r->how, &out)) {
            fprintf(stderr, "\n%s: %s failed: %s\n", r->what, r->argv[p][0],
                    out.output);
            r->failure = "a program failed";
            return false;
        }
        values[p] = out.value;
        if (p == FWSIM)
            first = out;
        /* All peers end with the same bytes, or they did other work. */
        else if (r->sums && strcmp(tail(&first), tail(&out)) != 0) {
            fprintf(stderr, "\n%s: %s computed something else\n", r->what,
                    r->argv[p][0]);
            r->failure = "results differ";
            return false;
        }
    }
    return true;
}

static void progress(const row *r, unsigned round, unsigned rounds)
{
    if (isatty(2))
        fprintf(stderr, "\r%-36s round %u of %u ", r->what, round, rounds);
    else if (round == 0)
        fprintf(stderr, "%s\n", r->what);
}

static void run_row(row *r, unsigned rounds)
{
    double values[PEERS] = { 0 }, all[PEERS][ROUNDS_MAX];

    for (unsigned i = 0; i <= rounds; i++) {
        progress(r, i, rounds);
        if (!run_round(r, values))
            return;
        for (peer p = FWSIM; p < PEERS && i > 0; p++)
            all[p][i - 1] = values[p];
    }
    for (peer p = NATIVE; p > FWSIM; p--) {
        double ratios[ROUNDS_MAX];

        if (!r->argv[p])
            continue;
        for (unsigned i = 0; i < rounds; i++)
            ratios[i] = all[p][i] / all[FWSIM][i];
        r->ratio[p] = median(ratios, rounds);
        r->result[p] = median(all[p], rounds);
    }
    r->result[FWSIM] = median(all[FWSIM], rounds);
    if (isatty(2))
        fprintf(stderr, "\r%-36s %.3f %s%s\n", r->what,
                r->result[FWSIM] / r->unit, r->suffix,
                goal_missed(r) ? ", goal missed" : "              ");
}

static void ignore_line(const char *line, void *user)
{
    (void)line;
    (void)user;
}

/** Goals and peers that this machine cannot have. */
static void adapt(facts *f)
{
    long cores = sysconf(_SC_NPROCESSORS_ONLN);

    f->has_qemu = process_lines(LIST("qemu-system-arm", "--version"),
                                ignore_line, NULL);
    if (!f->has_qemu)
        fprintf(stderr, "qemu-system-arm is not installed\n");
    for (row *r = rows; r < rows + ROWS; r++) {
        if (r->at_least > (double)cores)
            r->at_least = (double)cores;
        for (peer p = FWSIM; p < PEERS && !f->has_qemu; p++)
            if (uses_qemu(p))
                r->argv[p] = NULL;
    }
    if (getloadavg(&f->load, 1) != 1)
        f->load = 0;
}

static int usage(void)
{
    fputs("Usage: fwsim_bench [-n ROUNDS] [-o PAGE] [NAME]\n", stderr);
    return 2;
}

int main(int argc, char **argv)
{
    facts f = { rows, ROWS, ROUNDS, false, 0 };
    const char *page = NULL;
    int code = inside(argc, argv), option;

    if (code >= 0)
        return code;
    while ((option = getopt(argc, argv, "n:o:")) != -1) {
        if (option == 'n')
            f.rounds = (unsigned)strtoul(optarg, NULL, 10);
        else if (option == 'o')
            page = optarg;
        else
            return usage();
    }
    if (f.rounds < 1 || f.rounds > ROUNDS_MAX || argc > optind + 1)
        return usage();
    adapt(&f);
    for (row *r = rows; r < rows + ROWS; r++) {
        r->chosen = !argv[optind] || strstr(r->what, argv[optind]);
        if (r->chosen)
            run_row(r, f.rounds);
    }
    if (!page_write(page, &f)) {
        fprintf(stderr, "%s: %s\n", page ? page : "output", strerror(errno));
        return 1;
    }
    return 0;
}
