/* SPDX-License-Identifier: GPL-2.0-or-later */
#define _XOPEN_SOURCE 700 /* nftw */
#include "run_machine.h"

#include <ftw.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { STOPS_MAX = 16, LIMIT_MAX = 4096 };

/** The head of an input; the code follows. */
typedef struct head {
    uint8_t board;
    uint8_t options; /* OPTION_x */
    uint8_t limit[2];
    uint8_t cuts[4];
    uint8_t pulses[FUZZ_LINES]; /* in units of 8 ticks; 0: none */
} head;

enum {
    OPTION_DELIVER_FAULTS = 1u << 0,
    OPTION_SEMIHOSTING = 1u << 1,
    OPTION_SANDBOX = 1u << 2, /* semihosting has files */
    OPTION_FAIL = 1u << 3,
    OPTION_STOP_AT_RESET = 1u << 4
};

/* ------------------------------------------------------------------ */
/* The device                                                           */
/* ------------------------------------------------------------------ */

static void after_written(fwsim_periph *p, unsigned index, uint32_t written)
{
    fwsim_event_set(p, index, written);
}

static void pulse(fwsim_periph *p, unsigned id)
{
    fwsim_irq_set(p, id, true);
    fwsim_irq_set(p, id, false);
}

static uint32_t now_read(fwsim_periph *p, unsigned index, uint32_t stored)
{
    (void)index;
    (void)stored;
    return (uint32_t)fwsim_now(p);
}

static const fwsim_reg pulse_regs[] = {
    { "AFTER", 0x00, .count = FUZZ_LINES, .rw = UINT32_MAX,
      .on_write = after_written },
    { "NOW", 0x40, .on_read = now_read },
    FWSIM_REG_END
};

const fwsim_periph_type fuzz_pulses = {
    .name = "fuzz_pulses",
    .size = 0x400,
    .regs = pulse_regs,
    .irqs = FUZZ_LINES,
    .on_event = pulse,
};

/* ------------------------------------------------------------------ */
/* Files of semihosting                                                 */
/* ------------------------------------------------------------------ */

static char *sandbox_make(void)
{
    static char path[32];

    strcpy(path, "/tmp/fwsim-fuzz-XXXXXX");
    return mkdtemp(path);
}

static int remove_one(const char *path, const struct stat *st, int kind,
                      struct FTW *ftw)
{
    (void)st;
    (void)kind;
    (void)ftw;
    return remove(path);
}

static void sandbox_remove(const char *path)
{
    nftw(path, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

/* ------------------------------------------------------------------ */
/* Running                                                              */
/* ------------------------------------------------------------------ */

static void check(fwsim_machine *m, int result, const char *what)
{
    if (!result)
        return;
    fprintf(stderr, "%s: %d %s\n", what, result, m ? fwsim_errmsg(m) : "");
    abort();
}

static void ignore_line(const char *line, void *user)
{
    (void)line;
    (void)user;
}

/** Run up to an instruction of the machine's life. @return false when it has
 * come to an end of its own */
static bool run_until(fwsim_machine *m, uint64_t end, unsigned *stops)
{
    while (fwsim_instructions(m) < end) {
        fwsim_limit limit = { .instructions = end - fwsim_instructions(m) };
        fwsim_stop stop;

        check(m, fwsim_run(m, &limit, &stop), "run");
        switch (stop.reason) {
        case FWSIM_STOP_LIMIT:
            break;
        case FWSIM_STOP_FAULT:
        case FWSIM_STOP_UNMODELLED:
        case FWSIM_STOP_BREAKPOINT:
        case FWSIM_STOP_RESET:
            fwsim_report(m, &stop, ignore_line, NULL);
            if (++*stops == STOPS_MAX)
                return false;
            break;
        default:
            fwsim_report(m, &stop, ignore_line, NULL);
            return false;
        }
    }
    return true;
}

static uint32_t next_random(uint32_t *state)
{
    *state = *state * 1664525u + 1013904223u;
    return *state >> 16;
}

/** Go on for a while, and back again. */
static void there_and_back(fwsim_machine *m, unsigned stops)
{
    fwsim_snapshot *s;
    uint64_t hash;

    check(m, fwsim_snapshot_take(m, &s), "snapshot");
    hash = fwsim_hash(m);
    run_until(m, fwsim_instructions(m) + 50, &stops);
    check(m, fwsim_snapshot_restore(m, s), "restore");
    fwsim_snapshot_free(s);
    check(m, fwsim_hash(m) != hash, "a restored snapshot is another state");
}

static void run_in_pieces(fwsim_machine *m, uint64_t end, uint32_t random)
{
    unsigned stops = 0;

    while (fwsim_instructions(m) < end) {
        uint64_t left = end - fwsim_instructions(m);
        uint64_t piece = 1 + next_random(&random) % 64;

        if (next_random(&random) % 8 == 0)
            there_and_back(m, stops);
        piece = piece < left ? piece : left;
        if (!run_until(m, fwsim_instructions(m) + piece, &stops))
            return;
    }
}

/* ------------------------------------------------------------------ */
/* An input                                                             */
/* ------------------------------------------------------------------ */

/** What the hooks have seen. */
typedef struct seen {
    const fuzz_target *target;
    bool unpredictable;
} seen;

static void on_block(fwsim_machine *m, uint64_t pc, unsigned size, void *user)
{
    seen *s = user;
    uint64_t value;

    fwsim_cpu_read(m, "sp", &value);
    if (pc + size > s->target->unpredictable &&
        pc - s->target->unpredictable < s->target->unpredictable_size)
        s->unpredictable = true;
}

static void on_access(fwsim_machine *m, const fwsim_access *access, void *user)
{
    (void)m;
    (void)access;
    (void)user;
}

static void on_exception(fwsim_machine *m, const fwsim_exception *e,
                         void *user)
{
    (void)m;
    (void)e;
    (void)user;
}

static void watch(fwsim_machine *m, seen *s)
{
    fwsim_on_block(m, on_block, s);
    fwsim_on_access(m, 0, 0, on_access, NULL);
    fwsim_on_exception(m, on_exception, NULL);
}

static fwsim_machine *machine(const fuzz_target *target, const head *h,
                              const char *sandbox)
{
    size_t boards = 0;
    fwsim_options opt = {
        .deliver_faults = h->options & OPTION_DELIVER_FAULTS,
        .semihosting = h->options & OPTION_SEMIHOSTING,
        .semihosting_dir = sandbox,
        .stop_at_reset = h->options & OPTION_STOP_AT_RESET,
        .policy = h->options & OPTION_FAIL ? FWSIM_POLICY_FAIL
                                           : FWSIM_POLICY_IGNORE,
    };
    fwsim_machine *m;

    while (target->boards[boards])
        boards++;
    check(NULL, fwsim_new(&m, target->boards[h->board % boards], &opt), "new");
    return m;
}

static void set_pulses(fwsim_machine *m, const fuzz_target *target,
                       const head *h)
{
    for (unsigned i = 0; i < FUZZ_LINES; i++)
        if (h->pulses[i])
            check(m, fwsim_bus_write(m, target->pulses + 4 * i, 4,
                                     8u * h->pulses[i]), "pulse");
}

void fuzz_run(const fuzz_target *target, const uint8_t *data, size_t size)
{
    head h;
    fwsim_machine *m;
    fwsim_snapshot *start;
    seen s = { target, false };
    char *sandbox = NULL;
    uint64_t end, whole;
    uint32_t random;
    unsigned stops = 0;

    if (size < sizeof h)
        return;
    memcpy(&h, data, sizeof h);
    memcpy(&random, h.cuts, sizeof random);
    if (h.options & OPTION_SANDBOX)
        sandbox = sandbox_make();
    m = machine(target, &h, sandbox);
    if (target->infer)
        check(m, fwsim_infer_enable(m, &(fwsim_infer_options){
                                           .irq_period = h.limit[1] }),
              "infer");
    target->load(m, data + sizeof h, size - sizeof h);
    set_pulses(m, target, &h);
    end = fwsim_instructions(m) +
          (h.limit[0] | (unsigned)h.limit[1] << 8) % LIMIT_MAX;

    check(m, fwsim_snapshot_take(m, &start), "snapshot");
    run_until(m, end, &stops);
    whole = fwsim_hash(m);
    check(m, fwsim_snapshot_restore(m, start), "restore");
    watch(m, &s);
    run_in_pieces(m, end, random);
    /* Files do not come back with a snapshot. */
    if (!sandbox && !s.unpredictable)
        check(m, fwsim_hash(m) != whole, "a run in pieces ends elsewhere");

    fwsim_snapshot_free(start);
    fwsim_free(m);
    if (sandbox)
        sandbox_remove(sandbox);
}
