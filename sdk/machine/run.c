/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The run loop: it gives the core the time until the next event or limit,
 * then lets events happen, then looks for a reason to stop.
 */
#include "machine/machine.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/** Where a run ends, in ticks and instructions of the machine. */
typedef struct bounds {
    uint64_t end_tick;
    uint64_t end_instruction;
} bounds;

const char *fwsim_stop_name(fwsim_stop_reason reason)
{
    static const char *const names[] = {
        [FWSIM_STOP_NONE] = "none",
#define X(name, id, text) [FWSIM_STOP_##name] = id,
        FWSIM_STOP_MAP(X)
#undef X
    };

    return (unsigned)reason < sizeof names / sizeof *names ? names[reason] : "?";
}

static const char *stop_sentence(fwsim_stop_reason reason)
{
    static const char *const texts[] = {
        [FWSIM_STOP_NONE] = "",
#define X(name, id, text) [FWSIM_STOP_##name] = text,
        FWSIM_STOP_MAP(X)
#undef X
    };

    return texts[reason];
}

uint64_t fwsim_instructions(const fwsim_machine *m)
{
    return m->now - m->st->slept;
}

uint64_t fwsim_time_ns(const fwsim_machine *m)
{
    return fwsim__muldiv(m->now, 1000000000u, m->clock_hz);
}

void fwsim_request_stop(fwsim_machine *m)
{
    m->stop_requested = true;
    fwsim__attention(m);
}

static uint64_t saturating_add(uint64_t a, uint64_t b)
{
    return a + b < a ? UINT64_MAX : a + b;
}

/** Ticks of @a ns, rounded up, so that the time has passed at the end. */
static uint64_t ticks_from_ns(const fwsim_machine *m, uint64_t ns)
{
    uint64_t ticks = fwsim__muldiv(ns, m->clock_hz, 1000000000u);

    return fwsim__muldiv(ticks, 1000000000u, m->clock_hz) < ns ? ticks + 1
                                                               : ticks;
}

static bounds bounds_of(const fwsim_machine *m, const fwsim_limit *limit)
{
    bounds b = { UINT64_MAX, UINT64_MAX };

    if (limit && limit->time_ns)
        b.end_tick = saturating_add(m->now, ticks_from_ns(m, limit->time_ns));
    if (limit && limit->instructions)
        b.end_instruction =
            saturating_add(fwsim_instructions(m), limit->instructions);
    return b;
}

static bool limit_reached(const fwsim_machine *m, const bounds *b)
{
    return m->now >= b->end_tick || fwsim_instructions(m) >= b->end_instruction;
}

/** No block has more instructions: it ends with its page. */
enum { BLOCK_MAX = 2048 };

/**
 * Somebody wants to be called between two instructions. Until shortly before,
 * the core runs freely; then no block goes beyond the moment; the block that
 * would is executed by instructions.
 */
static void set_exact(fwsim_machine *m)
{
    uint64_t next = m->intercept->next(m->intercept_user, false);

    if (next - m->now <= BLOCK_MAX) {
        m->exact = next;
    } else {
        m->crosses = false;
        next -= BLOCK_MAX;
    }
    if (next < m->until)
        m->until = next;
}

/** Let the core run to the next event or limit, whichever is first. */
static void set_deadline(fwsim_machine *m, const bounds *b)
{
    uint64_t left = b->end_instruction == UINT64_MAX
                        ? UINT64_MAX
                        : b->end_instruction - fwsim_instructions(m);
    uint64_t until = saturating_add(m->now, left);

    if (b->end_tick < until)
        until = b->end_tick;
    m->until = until;
    m->exact = UINT64_MAX;
    if (m->intercept)
        set_exact(m);
    m->deadline = fwsim__event_next(m) < m->until ? fwsim__event_next(m)
                                                  : m->until;
}

/** Nothing executes: go to the next event, or to the end of the run. */
static bool sleep_on(fwsim_machine *m, const bounds *b)
{
    uint64_t until = fwsim__event_next(m);

    if (b->end_tick < until)
        until = b->end_tick;
    if (m->intercept &&
        m->intercept->next(m->intercept_user, true) < until)
        until = m->intercept->next(m->intercept_user, true);
    if (until == UINT64_MAX)
        return false;
    if (until > m->now) {
        m->st->slept += until - m->now;
        m->now = until;
    }
    return true;
}

/**
 * What happens between two stretches of the core.
 * @return true when the run ends here, with the reason in @a stop
 */
static bool between(fwsim_machine *m, const bounds *b, fwsim_stop *stop)
{
    if (m->now >= m->exact)
        m->crosses = false;
    if (m->intercept)
        m->intercept->between(m->intercept_user);
    fwsim__events_run(m);
    if (m->st->reset_pending) {
        stop->reset = (fwsim_reset_kind)(m->st->reset_pending - 1);
        if (m->st->power_lost)
            stop->text = "the power was cut";
        fwsim__log(m, FWSIM_LOG_INFO, FWSIM_TOPIC_CPU, "reset", "%s",
                   stop->text ? stop->text : "the firmware resets itself");
        fwsim__machine_reset(m, stop->reset);
        if (m->opt.stop_at_reset || m->run.calling) {
            stop->reason = FWSIM_STOP_RESET;
            return true;
        }
        stop->text = NULL;
    }
    if (m->stop_unmodelled) {
        m->stop_unmodelled = false;
        stop->reason = FWSIM_STOP_UNMODELLED;
        stop->address = m->unmodelled_addr;
        return true;
    }
    if (m->stop_requested) {
        m->stop_requested = false;
        stop->reason = FWSIM_STOP_REQUEST;
        return true;
    }
    if (limit_reached(m, b)) {
        stop->reason = FWSIM_STOP_LIMIT;
        return true;
    }
    return false;
}

/**
 * The stand-in decides about the next instruction. The machine does not run
 * meanwhile; calls that it makes are part of this run.
 * @return true when the run ends here, with the reason in @a stop
 */
static bool stand_in(fwsim_machine *m, fwsim_stop *stop, int *err)
{
    fwsim__run_state run = m->run;

    *err = 0;
    if (!m->at_standin)
        return false;
    m->at_standin = false;
    m->running = false;
    *err = m->standin->call(m->standin_user, stop);
    m->running = true;
    m->run = run;
    return *err || stop->reason != FWSIM_STOP_NONE;
}

/** The core came back with a reason to stop. A call of the host that returns
 * may be one that the stand-in waits for. */
static int stopped(fwsim_machine *m, const fwsim_stop *stop)
{
    fwsim_stop ignored = { 0 };
    int err = 0;

    if (stop->reason == FWSIM_STOP_RETURN && m->standin) {
        m->at_standin = true;
        stand_in(m, &ignored, &err);
    }
    return err;
}

static int run_until_stop(fwsim_machine *m, const bounds *b, fwsim_stop *stop)
{
    int err = 0;

    while (!between(m, b, stop)) {
        fwsim__cpu_result result = FWSIM__CPU_ASLEEP;

        set_deadline(m, b);
        if (m->cpu)
            result = (m->crosses ? m->cpu_ops->step : m->cpu_ops->run)(m->cpu,
                                                                       stop);
        if (result == FWSIM__CPU_FAILED)
            return FWSIM_ECPU;
        /* Without power the core does not get as far as a fault. */
        if (result == FWSIM__CPU_STOPPED && !m->st->power_lost)
            return stopped(m, stop);
        if (stand_in(m, stop, &err))
            return err;
        if (result == FWSIM__CPU_ASLEEP && !sleep_on(m, b)) {
            stop->reason = FWSIM_STOP_IDLE;
            return 0;
        }
    }
    return 0;
}

static int step_once(fwsim_machine *m, fwsim_stop *stop)
{
    const bounds next_event = { UINT64_MAX, UINT64_MAX };
    fwsim__cpu_result result;
    int err = 0;

    if (!m->cpu)
        return fwsim__error(m, FWSIM_ENOTSUP, "board %s has no core to step",
                            m->board->name);
    if (between(m, &next_event, stop))
        return 0;
    m->deadline = m->until = m->exact = UINT64_MAX;
    result = m->cpu_ops->step(m->cpu, stop);
    if (result == FWSIM__CPU_FAILED)
        return FWSIM_ECPU;
    if (result == FWSIM__CPU_STOPPED || stand_in(m, stop, &err))
        return err;
    if (result == FWSIM__CPU_ASLEEP && !sleep_on(m, &next_event))
        stop->reason = FWSIM_STOP_IDLE;
    else if (!between(m, &next_event, stop))
        stop->reason = FWSIM_STOP_LIMIT;
    return 0;
}

static void explain(fwsim_machine *m, fwsim_stop *stop)
{
    char where[256];
    int n;

    if (stop->text)
        return;
    n = snprintf(m->stop_text, sizeof m->stop_text, "%s",
                 stop_sentence(stop->reason));
    if (stop->reason == FWSIM_STOP_UNMODELLED)
        n += snprintf(m->stop_text + n, sizeof m->stop_text - (size_t)n,
                      ": 0x%08" PRIx64, stop->address);
    if (stop->reason == FWSIM_STOP_FAULT || stop->reason == FWSIM_STOP_LOCKUP)
        snprintf(m->stop_text + n, sizeof m->stop_text - (size_t)n, ", at %s",
                 fwsim_describe(m, stop->fault.pc, where, sizeof where));
    stop->text = m->stop_text;
}

/** What runs and steps share. */
static int drive(fwsim_machine *m, const fwsim__run_state *run, bool step,
                 fwsim_stop *out)
{
    const bounds b = { run->end_tick, run->end_instruction };
    fwsim_stop stop = { 0 };
    uint64_t start_tick = m->now;
    uint64_t start = fwsim_instructions(m);
    int err;

    if (m->running)
        return fwsim__error(m, FWSIM_EBUSY, "the machine is running already");
    m->running = true;
    m->run = *run;
    m->at_standin = false;
    fwsim__error_clear(m);
    err = step ? step_once(m, &stop) : run_until_stop(m, &b, &stop);
    m->running = false;
    m->stop_requested = false; /* it has ended, for whatever reason */
    if (err)
        return err;
    stop.instructions = fwsim_instructions(m) - start;
    stop.time_ns = fwsim__muldiv(m->now - start_tick, 1000000000u, m->clock_hz);
    if (m->cpu && stop.reason != FWSIM_STOP_BREAKPOINT)
        m->cpu_ops->read(m->cpu, "pc", &stop.pc);
    explain(m, &stop);
    m->last_stop = stop;
    if (out)
        *out = stop;
    return 0;
}

int fwsim_run(fwsim_machine *m, const fwsim_limit *limit, fwsim_stop *stop)
{
    bounds b = bounds_of(m, limit);
    fwsim__run_state run = { .end_tick = b.end_tick,
                             .end_instruction = b.end_instruction };

    return drive(m, &run, false, stop);
}

int fwsim__run_call(fwsim_machine *m, const fwsim_limit *limit,
                    fwsim_stop *stop)
{
    bounds b = bounds_of(m, limit);
    fwsim__run_state run = { .calling = true,
                             .end_tick = b.end_tick,
                             .end_instruction = b.end_instruction };

    return drive(m, &run, false, stop);
}

int fwsim__run_on(fwsim_machine *m, const fwsim__run_state *of,
                  fwsim_stop *stop)
{
    fwsim__run_state run = *of;

    run.nested = true;
    return drive(m, &run, false, stop);
}

const fwsim_stop *fwsim_last_stop(const fwsim_machine *m)
{
    return &m->last_stop;
}

int fwsim_step(fwsim_machine *m, fwsim_stop *stop)
{
    fwsim__run_state run = { .end_tick = UINT64_MAX,
                             .end_instruction = UINT64_MAX };

    return drive(m, &run, true, stop);
}
