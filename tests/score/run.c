/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "run.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "blocks.h"
#include "clock.h"
#include "engine.h"
#include "map.h"

/** Who waits for a watched address: a goal, or a trap. */
typedef struct waiter {
    uint64_t addr;
    size_t index;
    bool trap;
} waiter;

typedef struct run {
    const corpus_image *image;
    const run_options *opt;
    run_result *result;
    fwsim_image *firmware; /* the machine's, once it is loaded */
    fwsim_board *board;
    fwsim_machine *m;
    bool called; /* inside a HardFault that is an SVC, see on_exception */
    blocks blocks;
    waiter *waiters; /* ascending, beside the addresses in `watched` */
    uint64_t *watched;
    size_t waiter_count;
} run;

/* ------------------------------------------------------------------ */
/* Goals and traps                                                      */
/* ------------------------------------------------------------------ */

static int by_addr(const void *a, const void *b)
{
    const waiter *x = a, *y = b;

    if (x->addr != y->addr)
        return x->addr < y->addr ? -1 : 1;
    if (x->trap != y->trap)
        return x->trap ? -1 : 1;
    return x->index < y->index ? -1 : x->index > y->index;
}

static void wait_for(run *r, uint64_t addr, size_t index, bool trap)
{
    for (size_t i = 0; i < r->waiter_count; i++) {
        const waiter *w = &r->waiters[i];

        if (w->addr == addr && w->index == index && w->trap == trap)
            return; /* twice on a path */
    }
    r->waiters[r->waiter_count++] = (waiter){ addr, index, trap };
}

static bool make_waiters(run *r)
{
    const corpus_image *img = r->image;
    size_t most = img->trap_count + img->goal_count * PATHS_MAX * STEPS_MAX + 1;

    r->waiters = calloc(most, sizeof *r->waiters);
    r->watched = calloc(most, sizeof *r->watched);
    if (!r->waiters || !r->watched)
        return false;
    for (size_t i = 0; i < img->trap_count; i++)
        wait_for(r, img->traps[i].addr, i, true);
    for (size_t g = 0; g < img->goal_count; g++)
        for (unsigned p = 0; p < img->goals[g].paths; p++)
            for (unsigned s = 0; s < img->goals[g].path[p].steps; s++)
                wait_for(r, img->goals[g].path[p].step[s], g, false);
    qsort(r->waiters, r->waiter_count, sizeof *r->waiters, by_addr);
    for (size_t i = 0; i < r->waiter_count; i++)
        r->watched[i] = r->waiters[i].addr;
    r->blocks.watched = r->watched;
    r->blocks.watched_count = r->waiter_count;
    return true;
}

static void step(run *r, size_t goal, uint64_t addr)
{
    const corpus_goal *want = &r->image->goals[goal];
    run_goal *have = &r->result->goals[goal];

    for (unsigned p = 0; p < want->paths && !have->reached; p++) {
        const corpus_path *path = &want->path[p];

        if (path->step[have->progress[p]] == addr)
            have->reached = ++have->progress[p] == path->steps;
    }
}

static bool all_reached(const run *r)
{
    for (size_t g = 0; g < r->image->goal_count; g++)
        if (!r->result->goals[g].reached)
            return false;
    return r->image->goal_count > 0;
}

static void put_line(const char *line, void *user)
{
    fprintf(user, "    %s\n", line);
}

static void print_report(run *r, const fwsim_stop *stop)
{
    fprintf(stderr, "%s: %s\n", r->image->file, r->result->gate);
    fwsim_report(r->m, stop, put_line, stderr);
}

/* What must not happen has happened; the gate says what, and this adds who
 * called, from the @a first frame on. */
static void violate(run *r, size_t first)
{
    const fwsim_stop stop = { .reason = FWSIM_STOP_REQUEST, .text = "" };
    fwsim_frame frames[4];
    size_t depth = fwsim_backtrace(r->m, frames, 4);
    size_t used;
    char at[64];

    for (size_t i = first; i < depth; i++) {
        used = strlen(r->result->gate);
        snprintf(r->result->gate + used, TEXT_LONG - used, "%s%s",
                 i == first ? " from " : " < ",
                 fwsim_describe(r->m, frames[i].pc, at, sizeof at));
    }
    if (r->opt->report)
        print_report(r, &stop);
    fwsim_request_stop(r->m);
}

static bool is_hard_fault_handler(const char *name)
{
    return strcmp(name, "up_hardfault") == 0 ||
           strcmp(name, "HardFault_Handler") == 0 ||
           strcmp(name, "hard_fault_handler") == 0;
}

/* A program that ends with code 0, or a task of one, has not failed. */
static bool ends_well(run *r, const char *name)
{
    uint64_t code;

    return strcmp(name, "_exit") == 0 &&
           fwsim_cpu_read(r->m, "r0", &code) == 0 && code == 0;
}

static void trap(run *r, size_t index)
{
    const char *name = r->image->traps[index].name;

    if (*r->result->gate || (r->called && is_hard_fault_handler(name)) ||
        ends_well(r, name))
        return;
    snprintf(r->result->gate, TEXT_LONG, "enters %s", name);
    violate(r, 1);
}

/*
 * Some systems call their kernel with interrupts off. SVC is a HardFault then
 * (DDI 0403E, B1.5.4), whose handler looks for the instruction.
 */
static bool is_call(fwsim_machine *m, const fwsim_exception *e)
{
    uint8_t code[2];

    return e->number == 3 && fwsim_mem_read(m, e->pc - 2, code, 2) == 0 &&
           code[1] == 0xdf;
}

static void on_exception(fwsim_machine *m, const fwsim_exception *e, void *user)
{
    static const char *const names[] = { "HardFault", "MemManage", "BusFault",
                                         "UsageFault" };
    run *r = user;
    char at[64];

    if (e->number == 3)
        r->called = e->entry && is_call(m, e);
    if (!e->entry || e->number < 3 || e->number > 6 || r->called ||
        *r->result->gate)
        return;
    snprintf(r->result->gate, TEXT_LONG, "%s at %s", names[e->number - 3],
             fwsim_describe(m, e->pc, at, sizeof at));
    violate(r, 1);
}

static void on_block(fwsim_machine *m, uint64_t pc, unsigned size, void *user)
{
    run *r = user;
    const block *b = blocks_enter(&r->blocks, pc, size);

    for (size_t i = b ? b->first : 0; b && i < b->last; i++) {
        if (r->waiters[i].trap)
            trap(r, r->waiters[i].index);
        else
            step(r, r->waiters[i].index, r->waiters[i].addr);
    }
    if (b && b->first < b->last && r->image->stop_at_goals && all_reached(r))
        fwsim_request_stop(m);
}

/* ------------------------------------------------------------------ */
/* The machine                                                          */
/* ------------------------------------------------------------------ */

static bool failed(run *r, const char *what, int code, const char *text)
{
    snprintf(r->result->error, TEXT_LONG, "%s: %s", what,
             text && *text ? text : fwsim_strerror(code));
    return false;
}

static bool make_board(run *r)
{
    const fwsim_board *base = fwsim_board_find(r->image->board);
    map given;
    int err;

    map_read(&given, r->image->regions);
    map_add_base(&given, base->soc->regions);
    err = fwsim_board_for_image(&r->board, base, r->firmware,
                                r->opt->regions
                                    ? &(fwsim_map){ .memory = given.memory,
                                                    .regions = given.regions }
                                    : NULL);
    return err ? failed(r, "board", err, "") : true;
}

static void explain(const fwsim_log_entry *e, void *user)
{
    (void)user;
    fprintf(stderr, "%" PRIu64 " %s\n", e->time_ns, e->text);
}

static bool make_machine(run *r, const char *folder)
{
    const fwsim_options options = { .stop_at_reset = true,
                                    .deliver_faults = true,
                                    .log = r->opt->explain ? explain : NULL,
                                    .log_level = FWSIM_LOG_DEBUG };
    char path[4096];
    int err;

    snprintf(path, sizeof path, "%s/%s", folder, r->image->file);
    err = fwsim_image_open(&r->firmware, path, NULL);
    if (err)
        return failed(r, "image", err, "");
    if (!make_board(r)) {
        fwsim_image_free(r->firmware);
        return false;
    }
    err = fwsim_new(&r->m, r->board, &options);
    if (err) {
        fwsim_image_free(r->firmware);
        return failed(r, "machine", err, "");
    }
    err = fwsim_load_image(r->m, r->firmware);
    if (err)
        return failed(r, "load", err, fwsim_errmsg(r->m));
    err = r->opt->no_inference ? 0 : engine_start(r->m, r->opt, r->image);
    if (err)
        return failed(r, "inference", err, fwsim_errmsg(r->m));
    err = fwsim_on_block(r->m, on_block, r);
    if (err > 0)
        err = fwsim_on_exception(r->m, on_exception, r);
    return err > 0 ? true : failed(r, "hook", err, "");
}

/* ------------------------------------------------------------------ */
/* The run                                                              */
/* ------------------------------------------------------------------ */

static void count_analyses(run *r, uint64_t *reads, uint64_t *analyses)
{
    *reads = *analyses = 0;
    if (!r->opt->no_inference)
        engine_count(r->m, reads, analyses);
}

/* The busiest block is looked for in the last quarter: how far it came, not
 * which buffer it cleared. */
static void execute(run *r)
{
    const uint64_t part[] = { r->opt->limit / 4 * 3, r->opt->limit / 4 };
    uint64_t begin = clock_ns();
    fwsim_stop stop = { .reason = FWSIM_STOP_LIMIT };
    uint64_t reads = 0, analyses = 0;
    int err = 0;

    for (int i = 0; i < 2 && !err && stop.reason == FWSIM_STOP_LIMIT; i++) {
        if (i) {
            blocks_mark(&r->blocks);
            count_analyses(r, &reads, &analyses);
        }
        err = fwsim_run(r->m, &(fwsim_limit){ .instructions = part[i] }, &stop);
    }
    if (reads) {
        count_analyses(r, &r->result->late_reads, &r->result->late_analyses);
        r->result->late_reads -= reads;
        r->result->late_analyses -= analyses;
    }
    r->result->seconds = (double)(clock_ns() - begin) / 1e9;
    if (err)
        failed(r, "run", err, fwsim_errmsg(r->m));
    r->result->stop = stop.reason;
    r->result->instructions = fwsim_instructions(r->m);
    r->result->fingerprint = fwsim_hash(r->m);
    snprintf(r->result->stop_text, TEXT_LONG, "%s", stop.text ? stop.text : "");
    fwsim_describe(r->m, stop.pc, r->result->end, TEXT_LONG);
    if (stop.reason == FWSIM_STOP_LOCKUP && !*r->result->gate)
        snprintf(r->result->gate, TEXT_LONG, "%s", r->result->stop_text);
}

static void describe_spin(run *r)
{
    const block *b = blocks_busiest(&r->blocks);
    char at[96];

    if (b)
        snprintf(r->result->spin, TEXT_LONG, "%s, %" PRIu64 " times",
                 fwsim_describe(r->m, b->pc, at, sizeof at), b->recent);
}

static void measure_coverage(run *r, const char *folder)
{
    const char *dot = strrchr(r->image->file, '.');
    char path[4096];

    snprintf(path, sizeof path, "%s/%.*s.bbs.txt", folder,
             (int)(dot ? dot - r->image->file : 0), r->image->file);
    blocks_covered(&r->blocks, path, &r->result->covered, &r->result->blocks);
}

static void ask(run *r, const char *folder)
{
    fwsim_unmodelled u;

    for (size_t i = 0; fwsim_unmodelled_get(r->m, i, &u); i++) {
        r->result->unknown_registers++;
        r->result->unknown_reads += u.reads;
    }
    if (r->opt->save && fwsim_infer_save(r->m, r->opt->save))
        failed(r, "save", 0, fwsim_errmsg(r->m));
    describe_spin(r);
    measure_coverage(r, folder);
    if ((!r->opt->no_inference && !engine_ask(r->m, r->result)) ||
        r->blocks.no_memory)
        failed(r, "result", FWSIM_ENOMEM, "");
}

void run_image(const corpus *c, const corpus_image *img,
               const run_options *opt, run_result *result)
{
    run r = { .image = img, .opt = opt, .result = result };

    *result = (run_result){ .image = img };
    result->goals = calloc(img->goal_count + 1, sizeof *result->goals);
    if (!result->goals || !make_waiters(&r)) {
        failed(&r, "run", FWSIM_ENOMEM, "");
    } else if (make_machine(&r, c->folder)) {
        execute(&r);
        ask(&r, c->folder);
    }
    fwsim_free(r.m);
    fwsim_board_free(r.board);
    blocks_free(&r.blocks);
    free(r.waiters);
    free(r.watched);
}

void run_free(run_result *r)
{
    free(r->goals);
    free(r->registers);
    *r = (run_result){ 0 };
}

bool run_goal_passed(const run_result *r, size_t goal)
{
    return !*r->error && !*r->gate && r->goals[goal].reached;
}

size_t run_passed(const run_result *r)
{
    size_t n = 0;

    for (size_t g = 0; g < r->image->goal_count; g++)
        n += run_goal_passed(r, g);
    return n;
}
