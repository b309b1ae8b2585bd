/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the benchmark measures of inference, each in a process of its own, see
 * inside.c. Processor time: a clock would count other programs.
 */
#include "bench.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "../score/looks.h"
#include "fwsim.h"

/* Of guest/reads.c, behind the first instructions: a third of them. */
enum { WARM = 14000000, ACCESSES = 10000000, REPEATS = 300 };

/** On a chip whose code is in a ROM: what is written to a register is seldom an
 * address of RAM there. */
static fwsim_machine *inferring(const char *image, const char *args,
                                const fwsim_infer_options *opt)
{
    fwsim_machine *m = bench_machine(bench_small_board(), image, args);

    if (fwsim_infer_enable(m, opt)) {
        fprintf(stderr, "%s\n", fwsim_errmsg(m));
        exit(1);
    }
    return m;
}

/** Seconds that the accesses to a register take, but for the first ones.
 * @param models  frozen; NULL: live */
static double accesses_time(const char *image, const char *addr,
                            const char *models)
{
    const fwsim_limit warm = { .instructions = WARM };
    const fwsim_infer_options opt = { .models = models,
                                      .frozen = models != NULL };
    fwsim_machine *m = inferring(image, addr, &opt);
    fwsim_stop stop = { 0 };
    clock_t start;

    fwsim_run(m, &warm, NULL);
    start = clock();
    if (fwsim_run(m, NULL, &stop) || stop.reason != FWSIM_STOP_EXIT) {
        fprintf(stderr, "%s\n", stop.text ? stop.text : fwsim_errmsg(m));
        exit(1);
    }
    start = clock() - start;
    fwsim_free(m);
    return (double)start / CLOCKS_PER_SEC;
}

static int print_cost(const char *image, const char *addr, const char *than)
{
    double cost = accesses_time(image, addr, NULL);

    cost -= accesses_time(image, than, NULL);
    printf("%.12f\n", cost / ACCESSES);
    return 0;
}

/** access IMAGE ADDR: seconds of an access to a register, beside RAM. */
static int do_access(const char *image, const char *addr)
{
    return print_cost(image, addr, "0");
}

/** inferred IMAGE ADDR: the same, beside a register that has a model. */
static int do_inferred(const char *image, const char *addr)
{
    return print_cost(image, addr, BENCH_MODELLED);
}

/** frozen IMAGE ADDR: processor time beside that with the answers in a file. */
static int do_frozen(const char *image, const char *addr)
{
    char path[] = "/tmp/fwsim-bench-XXXXXX";
    fwsim_machine *m = inferring(image, addr, NULL);
    int file = mkstemp(path);
    double live;

    if (file < 0 || fwsim_run(m, NULL, NULL) || fwsim_infer_save(m, path))
        return 1;
    fwsim_free(m);
    live = accesses_time(image, addr, NULL);
    printf("%.4f\n", live / accesses_time(image, addr, path));
    unlink(path);
    close(file);
    return 0;
}

/** looks IMAGE PER_MILLE: so many of the analyses of a run take no longer, in
 * seconds. */
static int do_looks(const char *image, const char *per_mille)
{
    const fwsim_limit limit = { .instructions = 5000000 };
    fwsim_machine *m = inferring(image, NULL, NULL);

    if (fwsim_run(m, &limit, NULL))
        return 1;
    printf("%.9f\n", (double)looks_ns((unsigned)atoi(per_mille)) / 1e9);
    fwsim_free(m);
    return 0;
}

/** restore_inferred IMAGE BEFORE: seconds to go back to where the firmware had
 * executed so many instructions, each time from a bit of a run away. */
static int do_restore(const char *image, const char *before)
{
    const fwsim_limit some = { .instructions = (uint64_t)atol(before) };
    const fwsim_limit bit = { .instructions = 2000 };
    fwsim_machine *m = inferring(image, NULL, NULL);
    fwsim_snapshot *s;
    double times[REPEATS];

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
    printf("%.9f\n", median(times + REPEATS / 10, REPEATS - REPEATS / 10));
    fwsim_snapshot_free(s);
    fwsim_free(m);
    return 0;
}

int inferred(const char *word, const char *image, const char *argument)
{
    static const struct {
        const char *word;
        int (*act)(const char *image, const char *argument);
    } words[] = {
        { "access", do_access },
        { "inferred", do_inferred },
        { "frozen", do_frozen },
        { "looks", do_looks },
        { "restore_inferred", do_restore },
    };

    for (size_t i = 0; argument && i < sizeof words / sizeof *words; i++)
        if (strcmp(word, words[i].word) == 0)
            return words[i].act(image, argument);
    return -1;
}
