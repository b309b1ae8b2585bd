/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * docs/performance.md: goals and results, where they were measured, and for
 * each goal that is missed a profile that shows where the time goes.
 */
#include "bench.h"

#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "fwsim.h"

/* What is left out: a result this close to the cores of the machine counts,
 * for other programs run as well. */
static const double thread_loss = 0.1;

bool goal_missed(const row *r)
{
    if (r->result[FWSIM] <= 0)
        return false;
    for (peer p = FWSIM; p < PEERS; p++)
        if (r->result[p] > 0 && r->ratio[p] < r->faster[p])
            return true;
    return (r->below > 0 && r->result[FWSIM] >= r->below) ||
           r->result[FWSIM] < r->at_least * (1 - thread_loss);
}

/* ------------------------------------------------------------------ */
/* Tables                                                               */
/* ------------------------------------------------------------------ */

static void put_value(FILE *out, const row *r, peer p, bool has_qemu)
{
    if (r->failure && r->argv[p])
        fprintf(out, "%s |", p == FWSIM ? r->failure : "");
    else if (r->result[p] > 0)
        fprintf(out, "%.3g %s |", r->result[p] / r->unit, r->suffix);
    else if (!has_qemu && r->faster[p] > 0)
        fputs("not installed |", out);
    else
        fputs("|", out);
}

static void put_ratio(FILE *out, const row *r, peer p)
{
    fputs(" ", out);
    if (r->ratio[p] > 0)
        fprintf(out, "%.2f", r->ratio[p]);
    if (r->faster[p] > 0)
        fprintf(out, " (%.3g)", r->faster[p]);
    fputs(" |", out);
}

static const char *verdict(const row *r)
{
    return r->result[FWSIM] <= 0 ? "" : goal_missed(r) ? "**missed**" : "met";
}

static bool is_compared(const row *r)
{
    for (peer p = FWSIM; p < PEERS; p++)
        if (r->faster[p] > 0)
            return true;
    return false;
}

static void put_compared(FILE *out, const facts *f)
{
    fputs("| what | fwsim | QEMU `-icount` | times as fast (goal) "
          "| QEMU | times as fast (goal) | native | goals |\n"
          "| --- | --- | --- | --- | --- | --- | --- | --- |\n", out);
    for (const row *r = f->rows; r < f->rows + f->count; r++) {
        if (!r->chosen || !is_compared(r))
            continue;
        fprintf(out, "| %s | ", r->what);
        put_value(out, r, FWSIM, true);
        fputs(" ", out);
        put_value(out, r, QEMU_ICOUNT, f->has_qemu);
        put_ratio(out, r, QEMU_ICOUNT);
        fputs(" ", out);
        put_value(out, r, QEMU, f->has_qemu);
        put_ratio(out, r, QEMU);
        fputs(" ", out);
        put_value(out, r, NATIVE, true);
        fprintf(out, " %s |\n", verdict(r));
    }
}

static void put_alone(FILE *out, const facts *f)
{
    fputs("| what | fwsim | goal | |\n| --- | --- | --- | --- |\n", out);
    for (const row *r = f->rows; r < f->rows + f->count; r++) {
        if (!r->chosen || !(r->below > 0 || r->at_least > 0))
            continue;
        fprintf(out, "| %s | ", r->what);
        put_value(out, r, FWSIM, true);
        if (r->below > 0)
            fprintf(out, " below %g %s |", r->below / r->unit, r->suffix);
        else
            fprintf(out, " %g %s |", r->at_least, r->suffix);
        fprintf(out, " %s |\n", verdict(r));
    }
}

/* ------------------------------------------------------------------ */
/* Where it was measured                                                */
/* ------------------------------------------------------------------ */

typedef struct text {
    char line[256];
} text;

static void keep_first(const char *line, void *user)
{
    text *t = user;

    if (!t->line[0])
        snprintf(t->line, sizeof t->line, "%s", line);
}

static text first_line_of(const char *const *argv)
{
    text t = { "" };

    if (!process_lines(argv, keep_first, &t))
        snprintf(t.line, sizeof t.line, "not to be had");
    return t;
}

static text processor(void)
{
    FILE *file = fopen("/proc/cpuinfo", "r");
    text t = { "unknown" };
    char line[256];

    while (file && fgets(line, sizeof line, file))
        if (strncmp(line, "model name", 10) == 0 && strchr(line, ':')) {
            line[strcspn(line, "\n")] = '\0';
            snprintf(t.line, sizeof t.line, "%s", strchr(line, ':') + 2);
            break;
        }
    if (file)
        fclose(file);
    return t;
}

static void put_machine(FILE *out, const facts *f)
{
    const char *const qemu[] = { "qemu-system-arm", "--version", NULL };
    const char *const gcc[] = { BENCH_GUEST_GCC, "--version", NULL };
    const char *const git[] = { "git", "-C", BENCH_SOURCE, "describe",
                                "--always", "--dirty", NULL };
    struct utsname host = { 0 };

    uname(&host);
    fprintf(out,
            "| | |\n| --- | --- |\n"
            "| processor | %s, %ld online |\n"
            "| kernel | %s %s %s |\n"
            "| load at the start | %.2f |\n"
            "| fwsim | %s, commit %s, Unicorn " BENCH_UNICORN " |\n"
            "| compiled with | " BENCH_BUILD " |\n",
            processor().line, sysconf(_SC_NPROCESSORS_ONLN), host.sysname,
            host.release, host.machine, f->load, fwsim_version(),
            first_line_of(git).line);
    fprintf(out, "| guests compiled with | %s |\n", first_line_of(gcc).line);
    fprintf(out, "| QEMU | %s |\n", first_line_of(qemu).line);
}

static void put_commands(FILE *out, const facts *f)
{
    for (const row *r = f->rows; r < f->rows + f->count; r++) {
        if (!r->chosen)
            continue;
        fprintf(out, "# %s\n", r->what);
        for (peer p = FWSIM; p < PEERS; p++) {
            for (size_t i = 0; r->argv[p] && r->argv[p][i]; i++) {
                const char *word = r->argv[p][i];
                const char *slash = strrchr(word, '/');

                /* Where the build lies is nobody's business. */
                if (strcmp(word, "/proc/self/exe") == 0)
                    word = "fwsim_bench";
                else if (slash)
                    word = slash + 1;
                fprintf(out, "%s%s", i ? " " : "", word);
            }
            if (r->argv[p])
                fputs("\n", out);
        }
    }
}

/* ------------------------------------------------------------------ */
/* Profiles                                                             */
/* ------------------------------------------------------------------ */

enum { SYMBOLS_MAX = 12 };

/** What perf counted, in percent. */
typedef struct profile {
    double translated; /* in code that the engine made */
    double rest;
    unsigned count; /* of the symbols that took most */
    struct {
        double percent;
        char name[128];
    } symbols[SYMBOLS_MAX];
} profile;

/** A line "PERCENT%,OBJECT,[.] SYMBOL", padded; the largest come first. */
static void count_symbol(const char *line, void *user)
{
    profile *p = user;
    char object[64], name[128];
    double percent;

    if (sscanf(line, " %lf%% ,%63[^,],%*s %127s", &percent, object, name) != 3)
        return;
    if (strncmp(object, "[JIT]", 5) == 0) {
        p->translated += percent;
    } else if (percent < 2 || p->count == SYMBOLS_MAX) {
        p->rest += percent;
    } else {
        p->symbols[p->count].percent = percent;
        strcpy(p->symbols[p->count++].name, name);
    }
}

static void ignore_line(const char *line, void *user)
{
    (void)line;
    (void)user;
}

static void put_line(const char *line, void *user)
{
    fprintf(user, "%s\n", line);
}

static void put_profile(FILE *out, const row *r, const char *file)
{
    const char *record[ARGS_MAX] = { "perf", "record", "-q", "-F", "1999",
                                     "-o", file, "--" };
    const char *const report[] = { "perf", "report", "-i", file, "--stdio",
                                   "-F", "overhead,dso,sym", "-t", ",", NULL };
    char path[4096] = "";
    ssize_t self = readlink("/proc/self/exe", path, sizeof path - 1);
    profile p = { 0 };
    size_t n = 0, i = 0, program;

    fprintf(out, "\n%s:\n\n```\n", r->what);
    if (r->explains) {
        process_lines(r->argv[FWSIM], put_line, out);
        fputs("```\n", out);
        return;
    }
    while (record[n])
        n++;
    program = n;
    while (r->argv[FWSIM][i] && n < ARGS_MAX - 1)
        record[n++] = r->argv[FWSIM][i++];
    /* The link of perf's own process is another one. */
    if (self > 0 && strcmp(record[program], "/proc/self/exe") == 0)
        record[program] = path;
    if (process_lines(record, ignore_line, NULL) &&
        process_lines(report, count_symbol, &p)) {
        for (i = 0; i < p.count; i++)
            fprintf(out, "%5.1f %%  %s\n", p.symbols[i].percent,
                    p.symbols[i].name);
        fprintf(out, "%5.1f %%  translated code\n%5.1f %%  the rest\n",
                p.translated, p.rest);
    } else {
        fputs("perf is not installed, or may not be used here\n", out);
    }
    unlink(file);
    fputs("```\n", out);
}

static void put_profiles(FILE *out, const facts *f)
{
    char folder[] = "/tmp/fwsim-bench-XXXXXX", file[64];
    bool any = false;

    if (!mkdtemp(folder))
        return;
    snprintf(file, sizeof file, "%s/perf.data", folder);
    for (const row *r = f->rows; r < f->rows + f->count; r++) {
        if (!goal_missed(r))
            continue;
        if (!any)
            fputs("\n## Goals that are missed\n\n"
                  "Where the time of fwsim goes, by `perf`; "
                  "\"translated code\" is the firmware itself.\n", out);
        any = true;
        put_profile(out, r, file);
    }
    rmdir(folder);
}

/* ------------------------------------------------------------------ */

bool page_write(const char *path, const facts *f)
{
    FILE *out = path ? fopen(path, "w") : stdout;
    bool ok;

    if (!out)
        return false;
    fprintf(out,
            "<!-- Written by `make bench`; do not edit. -->\n"
            "# Performance\n\n"
            "Each figure is the median of %u runs. Peers run in turn, and a "
            "ratio is the\nmedian of the ratios of each turn: above 1, fwsim "
            "is faster. Goals stand in\nparentheses.\n\n", f->rounds);
    put_compared(out, f);
    fputs("\nProcessor time of whole processes with all their threads, start-up "
          "included: other\nprograms on the machine disturb it less than they do "
          "a clock. The same ELF runs on\nfwsim and on QEMU: machine "
          "`mps2-an386` (Cortex-M4 with FPU), and `virt` with a\nCortex-A53; "
          "native is the same C compiled for the host with the same options. "
          "All\ncompute the same sums.\n\n"
          "- fwsim runs with virtual time and its queue of events; in the rows "
          "\"edge map\" with\n  one of 64 KiB as well (`fwsim_edges_set`).\n"
          "- FPU: an instruction is a call of a function of the engine, on "
          "QEMU as well, and both\n  use the host's arithmetic where its "
          "result is the right one. The engine is QEMU 5.0\n  there: it "
          "converts integers bit by bit (`int64_to_float32_scalbn`, "
          "`round_canonical`).\n"
          "- Interrupts: SysTick, on fwsim every 2500 instructions, which is "
          "10 000 a second\n  at the 25 MHz of this board. With `shift=0` QEMU "
          "executes an instruction in a\n  nanosecond, so it gets an interrupt "
          "every 2520 instructions, and the same work\n  to do. Without "
          "`-icount` its time is that of the host: 10 000 a second of "
          "it,\n  which are far fewer in the same work.\n"
          "- Code in ROM: the code memory of this board is RAM, and fwsim "
          "looks whether code\n  in RAM has changed. Here it is a ROM, as the "
          "flash of most chips is one for their\n  firmware. QEMU runs as "
          "before.\n"
          "- UART: polled. fwsim lets a byte take the time that it has at this "
          "baud rate, so\n  firmware waits for it; QEMU has no baud rates. In "
          "the first of the two rows the\n  UART is in its high-speed test "
          "mode, with one clock a bit, which is closest to\n  what QEMU does.\n"
          "\n", out);
    put_alone(out, f);
    fputs("\nThreads: how many times the work of one machine is done in the "
          "same time; the\ngoal is the number of machines or of processors, "
          "whichever is less, and nine\ntenths of it count as met.\n\n"
          "Inference: registers of a region without a model. Accesses are "
          "those of a loop that\nhas run for a while; a frozen run has the "
          "same answers from a file. Analyses are all\nthose of a run "
          "through the drivers of 32 peripherals. A snapshot is restored 2000"
          "\ninstructions after it: in a main loop, and in drivers that "
          "nobody has met. But for\nthe restores, processor time.\n\n"
          "## Where\n\n", out);
    put_machine(out, f);
    put_profiles(out, f);
    fputs("\n## Again\n\n```sh\nmake bench\n```\n\nThese programs are run, "
          "without input:\n\n```sh\n", out);
    put_commands(out, f);
    fputs("```\n", out);
    ok = !ferror(out);
    return (path ? fclose(out) == 0 : fflush(out) == 0) && ok;
}
