/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Fuzzing: one input after the other, from one snapshot. */
#include "fuzz/fuzz.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    MAX_SIZE = 1 << 16,
    LINE = 640,
    STACK_ROOM = 2,
    SETTLE_INSTRUCTIONS = 50000
};

static void defaults(fwsim_fuzz_options *o)
{
    if (!o->instructions)
        o->instructions = 10000000;
    if (!o->time_ns)
        o->time_ns = FWSIM_S(10);
    if (!o->settle_ns)
        o->settle_ns = FWSIM_MS(20);
    if (!o->settle_instructions)
        o->settle_instructions = SETTLE_INSTRUCTIONS;
    if (!o->max_size)
        o->max_size = o->buffer_size ? o->buffer_size : MAX_SIZE;
    if (o->buffer_size && o->max_size > o->buffer_size)
        o->max_size = o->buffer_size;
}

static void feedback(fwsim_fuzz *f)
{
    bool wanted = (f->map || f->compared) && !f->opt.no_compares;

    f->m->guard.compare = wanted ? fwsim__fuzz_compare : NULL;
}

/** A function whose input lies on the stack leaves it some room. */
static void fit_stack(fwsim_fuzz *f)
{
    uint64_t sp, low;
    const fwsim__mem *mem;

    if (!f->function || f->buffer || fwsim_cpu_read(f->m, "sp", &sp))
        return;
    mem = fwsim__mem_at(f->m, sp - 1);
    low = f->m->guard.stack_limit ? f->m->guard.stack_limit
          : mem                   ? mem->base
                                  : sp;
    if (sp > low && (sp - low) / STACK_ROOM < f->opt.max_size)
        f->opt.max_size = (size_t)(sp - low) / STACK_ROOM;
}

static int prepare(fwsim_fuzz *f)
{
    fwsim__guard *g = &f->m->guard;
    int err = fwsim__fuzz_places(f);

    if (!err)
        err = fwsim__fuzz_hooks(f);
    if (err)
        return err;
    defaults(&f->opt);
    g->user = f;
    g->drained = fwsim__fuzz_drained;
    g->ram_is_data = f->opt.ram_execution;
    g->stack_limit = f->opt.stack_limit ? f->opt.stack_limit
                                        : fwsim__fuzz_stack_limit(f);
    if (f->opt.stack_limit == FWSIM_FUZZ_NO_STACK)
        g->stack_limit = 0;
    fit_stack(f);
    return fwsim_snapshot_take(f->m, &f->start);
}

int fwsim_fuzz_new(fwsim_fuzz **out, fwsim_machine *m,
                   const fwsim_fuzz_options *opt)
{
    fwsim_fuzz *f;
    int err;

    *out = NULL;
    if (m->running)
        return fwsim__error(m, FWSIM_EBUSY, "fwsim_fuzz_new in a callback");
    if (m->guard.user)
        return fwsim__error(m, FWSIM_EINVAL,
                            "the machine is being fuzzed already");
    f = calloc(1, sizeof *f);
    if (!f)
        return fwsim__error(m, FWSIM_ENOMEM, "no memory for fuzzing");
    f->m = m;
    f->a64 = m->soc->cpu && !strncmp(m->soc->cpu, "cortex-a", 8);
    if (opt)
        f->opt = *opt;
    err = prepare(f);
    if (err) {
        fwsim_fuzz_free(f);
        return err;
    }
    *out = f;
    return 0;
}

void fwsim_fuzz_free(fwsim_fuzz *f)
{
    if (!f)
        return;
    while (f->hook_count)
        fwsim_unhook(f->m, f->hooks[--f->hook_count]);
    if (f->map)
        fwsim_edges_set(f->m, NULL, 0);
    f->m->guard = (fwsim__guard){ 0 };
    if (f->start)
        fwsim_snapshot_restore(f->m, f->start);
    fwsim_snapshot_free(f->start);
    free(f);
}

fwsim_machine *fwsim_fuzz_machine(const fwsim_fuzz *f)
{
    return f->m;
}

size_t fwsim_fuzz_max_size(const fwsim_fuzz *f)
{
    return f->opt.max_size;
}

int fwsim_fuzz_map_set(fwsim_fuzz *f, uint8_t *map, size_t size)
{
    int err = fwsim_edges_set(f->m, map, size);

    if (err)
        return err;
    f->map = map;
    f->map_mask = size - 1;
    feedback(f);
    return 0;
}

void fwsim_fuzz_on_compare(fwsim_fuzz *f, fwsim_fuzz_compare_fn fn, void *user)
{
    f->compared = fn;
    f->compared_user = user;
    feedback(f);
}

/* ------------------------------------------------------------------ */
/* A run                                                                */
/* ------------------------------------------------------------------ */

/** What the firmware has sent in earlier runs would pile up. */
static void clear_output(fwsim_machine *m)
{
    for (uint16_t i = 0; i < m->periph_count; i++)
        m->periphs[i].tx.size = m->periphs[i].tx_expected = 0;
}

static int start(fwsim_fuzz *f, const void *data, size_t size)
{
    fwsim__guard *g = &f->m->guard;
    int err = fwsim_snapshot_restore(f->m, f->start);

    if (err)
        return err;
    clear_output(f->m);
    g->overflowed = g->ram_fetched = g->stored = g->refused = false;
    f->data = data;
    f->size = size;
    f->taken = 0;
    f->drained = f->settled = false;
    f->polls = 0;
    f->nth = 0;
    f->last_block = f->last_now = 0;
    f->end = FWSIM__FUZZ_GOES_ON;
    return fwsim__fuzz_feed(f);
}

/** The firmware has got all bytes of the UART: it settles. Or it takes them from
 * a stream, one now and then. */
static fwsim_limit rest(const fwsim_fuzz *f, const fwsim_stop *so_far)
{
    fwsim_limit limit = { .instructions = f->opt.instructions,
                          .time_ns = f->opt.time_ns };

    limit.instructions -= so_far->instructions < limit.instructions
                              ? so_far->instructions
                              : limit.instructions - 1;
    limit.time_ns -=
        so_far->time_ns < limit.time_ns ? so_far->time_ns : limit.time_ns - 1;
    if (f->drained && f->opt.settle_ns < limit.time_ns)
        limit.time_ns = f->opt.settle_ns;
    if (f->opt.stream && f->opt.settle_instructions < limit.instructions)
        limit.instructions = f->opt.settle_instructions;
    return limit;
}

/** Is a run to go on that has stopped so? */
static bool goes_on(fwsim_fuzz *f, const fwsim_stop *stop, bool drained,
                    size_t taken)
{
    if (f->end != FWSIM__FUZZ_GOES_ON || f->m->guard.overflowed)
        return false;
    if (stop->reason == FWSIM_STOP_REQUEST)
        return f->drained != drained; /* for another limit */
    if (stop->reason != FWSIM_STOP_LIMIT || !f->opt.stream ||
        stop->instructions >= f->opt.instructions ||
        stop->time_ns >= f->opt.time_ns)
        return false;
    f->settled = taken && fwsim__fuzz_taken(f) == taken;
    return !f->settled;
}

static int run(fwsim_fuzz *f, fwsim_stop *stop)
{
    fwsim_stop so_far = { 0 };
    size_t taken;
    bool drained;
    int err;

    do {
        fwsim_limit limit = rest(f, &so_far);

        drained = f->drained;
        taken = f->opt.stream ? fwsim__fuzz_taken(f) : 0;
        err = fwsim_run(f->m, &limit, stop);
        stop->instructions += so_far.instructions;
        stop->time_ns += so_far.time_ns;
        so_far = *stop;
    } while (!err && goes_on(f, stop, drained, taken));
    return err;
}

int fwsim_fuzz_run(fwsim_fuzz *f, const void *data, size_t size,
                   fwsim_fuzz_result *result)
{
    fwsim_fuzz_result r;
    fwsim_stop stop;
    int err;

    if (size > f->opt.max_size)
        return fwsim__error(f->m, FWSIM_ENOSPC,
                            "an input of %zu bytes: at most %zu are taken", size,
                            f->opt.max_size);
    err = start(f, data, size);
    if (!err)
        err = run(f, &stop);
    if (err)
        return err;
    fwsim__fuzz_judge(f, &stop, &r);
    r.instructions = stop.instructions;
    r.time_ns = stop.time_ns;
    if (result)
        *result = r;
    return 0;
}

/* ------------------------------------------------------------------ */
/* The story                                                            */
/* ------------------------------------------------------------------ */

void fwsim_fuzz_report(fwsim_fuzz *f, const fwsim_fuzz_result *result,
                       void (*put)(const char *line, void *user), void *user)
{
    char line[LINE];

    snprintf(line, sizeof line, "%s: %s", fwsim_verdict_name(result->verdict),
             result->text);
    put(line, user);
    snprintf(line, sizeof line,
             "the firmware got %zu of %zu bytes, executed %" PRIu64
             " instructions in %" PRIu64 " us of virtual time",
             result->taken, f->size, result->instructions,
             result->time_ns / 1000);
    put(line, user);
    if (result->finding) {
        snprintf(line, sizeof line, "backtrace hash %016" PRIx64,
                 result->backtrace_hash);
        put(line, user);
    }
    put("", user);
    fwsim_report(f->m, &result->stop, put, user);
    if (fwsim_journal_entries(f->m)) {
        put("", user);
        put("last events:", user);
        fwsim_journal_print(f->m, 0, put, user);
    }
}
