/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How many tests a second one core runs, beside starting QEMU for each, and
 * what it costs to go back to the snapshot: `make bench-tests`.
 *
 * A test is: back to the snapshot of the booted firmware, a millisecond of its
 * virtual time (25000 instructions) in which it writes to 10 KiB, and an
 * assertion on a variable of it. The expected value is computed here, by the
 * same C code, natively.
 */
#include "bench.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "guest/unit_test.h"

enum { ROUNDS = 11, TESTS = 2000, QEMU_TESTS = 5 };

static const char guest[] = BENCH_GUESTS "/bench_unit_test.elf";

/** Goals of issue 5. */
static const double tests_goal = 5000, restore_goal_us = 5;

typedef struct results {
    double tests[ROUNDS];   /* a second */
    double restore[ROUNDS]; /* us */
    double qemu[ROUNDS];    /* tests a second */
    double ratio[ROUNDS];
    bool has_qemu;
    uint64_t instructions;
    double load;
} results;

static void die(const char *what)
{
    fprintf(stderr, "bench-tests: %s\n", what);
    exit(1);
}

static void must(fwsim_machine *m, int err)
{
    if (err < 0)
        die(fwsim_errmsg(m));
}

static uint32_t expected(void)
{
    static uint32_t words[UNIT_WORDS];

    return unit_work(words, 1);
}

static void on_ready(fwsim_machine *m, uint64_t pc, void *user)
{
    (void)pc;
    (void)user;
    fwsim_request_stop(m);
}

static fwsim_machine *booted(fwsim_snapshot **s)
{
    fwsim_machine *m = bench_machine(bench_small_board(), guest, "");
    const fwsim_symbol *ready = fwsim_symbol_find(m, "ready");
    fwsim_stop stop;
    int hook;

    if (!ready)
        die("the guest has no function ready");
    hook = fwsim_on_code(m, ready->addr, on_ready, NULL);
    must(m, hook);
    must(m, fwsim_run(m, &(fwsim_limit){ .time_ns = FWSIM_S(1) }, &stop));
    if (stop.reason != FWSIM_STOP_REQUEST)
        die("the guest does not boot");
    must(m, fwsim_unhook(m, hook));
    must(m, fwsim_snapshot_take(m, s));
    return m;
}

/** One test. @return seconds that going back took */
static double test(fwsim_machine *m, const fwsim_snapshot *s, uint64_t addr,
                   uint32_t wanted)
{
    double start = now_seconds(), restored;
    uint32_t got;

    must(m, fwsim_snapshot_restore(m, s));
    restored = now_seconds();
    must(m, fwsim_run(m, &(fwsim_limit){ .time_ns = FWSIM_MS(1) }, NULL));
    must(m, fwsim_mem_read(m, addr, &got, sizeof got));
    if (got != wanted)
        die("the assertion fails");
    return restored - start;
}

static void measure_fwsim(results *r, unsigned round)
{
    fwsim_snapshot *s;
    fwsim_machine *m = booted(&s);
    const fwsim_symbol *result = fwsim_symbol_find(m, "result");
    uint64_t before = fwsim_instructions(m);
    static double back[TESTS];
    uint32_t wanted = expected();
    double start;

    for (unsigned i = 0; i < TESTS / 10; i++) /* warm-up */
        test(m, s, result->addr, wanted);
    r->instructions = fwsim_instructions(m) - before;
    start = now_seconds();
    for (unsigned i = 0; i < TESTS; i++)
        back[i] = test(m, s, result->addr, wanted);
    r->tests[round] = TESTS / (now_seconds() - start);
    r->restore[round] = median(back, TESTS) * 1e6;
    fwsim_snapshot_free(s);
    fwsim_free(m);
}

/** The whole life of a process for each test, as scripts do it. */
static void measure_qemu(results *r, unsigned round)
{
    const char *const argv[] = {
        "qemu-system-arm", "-M", "mps2-an386", "-nographic", "-monitor",
        "none", "-serial", "none", "-semihosting-config",
        "enable=on,target=native", "-kernel", guest, NULL
    };
    char wanted[16];
    outcome out;
    double start = now_seconds();

    snprintf(wanted, sizeof wanted, "%08x", (unsigned)expected());
    for (unsigned i = 0; i < QEMU_TESTS; i++)
        if (!process_run(argv, BUSY, &out) || !strstr(out.output, wanted)) {
            r->has_qemu = false;
            fprintf(stderr, "bench-tests: qemu-system-arm is not there, or "
                            "fails: %s\n", out.output);
            return;
        }
    r->qemu[round] = QEMU_TESTS / (now_seconds() - start);
    r->ratio[round] = r->tests[round] / r->qemu[round];
}

/* ------------------------------------------------------------------ */
/* The page                                                             */
/* ------------------------------------------------------------------ */

static const char *verdict(bool met)
{
    return met ? "met" : "**missed**";
}

static void put_page(FILE *out, results *r)
{
    double tests = median(r->tests, ROUNDS);
    double restore = median(r->restore, ROUNDS);

    fprintf(out,
            "# Tests a second\n\n"
            "Written by `make bench-tests`; medians of %d rounds after a "
            "warm-up.\nfwsim %s, Unicorn %s, %s; load average %.1f when it "
            "began.\n\n"
            "A test: back to the snapshot of booted firmware on a machine with "
            "128 KiB of RAM, 1 ms\nof virtual time (%llu instructions at "
            "25 MHz) that writes to 10 KiB, an assertion on a\nvariable. One "
            "core.\n\n"
            "| what | fwsim | goal | |\n| --- | --- | --- | --- |\n"
            "| tests a second | %.0f | over %.0f | %s |\n"
            "| going back to the snapshot | %.2f us | under %.0f us | %s |\n",
            ROUNDS, fwsim_version(), BENCH_UNICORN, BENCH_BUILD, r->load,
            (unsigned long long)r->instructions, tests, tests_goal,
            verdict(tests > tests_goal), restore, restore_goal_us,
            verdict(restore < restore_goal_us));
    if (r->has_qemu)
        fprintf(out,
                "\nBeside it: `qemu-system-arm -M mps2-an386` started for each "
                "test runs %.1f tests a second;\nfwsim is %.0f times as "
                "fast.\n",
                median(r->qemu, ROUNDS), median(r->ratio, ROUNDS));
    else
        fputs("\nqemu-system-arm was not there to compare with.\n", out);
}

int main(int argc, char **argv)
{
    results r = { .has_qemu = true };
    FILE *out;

    if (getloadavg(&r.load, 1) != 1)
        r.load = -1;
    for (unsigned round = 0; round < ROUNDS; round++) {
        measure_fwsim(&r, round);
        if (r.has_qemu)
            measure_qemu(&r, round);
        fprintf(stderr, "round %u of %d: %.0f tests/s, back in %.2f us\n",
                round + 1, ROUNDS, r.tests[round], r.restore[round]);
    }
    out = argc > 1 ? fopen(argv[1], "w") : stdout;
    if (!out) {
        perror(argv[1]);
        return 1;
    }
    put_page(out, &r);
    return (out == stdout ? fflush(out) : fclose(out)) ? 1 : 0;
}
