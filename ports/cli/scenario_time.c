/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Scenario files: verbs that let time pass, and that go back in it. */
#include "scenario_run.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* ------------------------------------------------------------------ */
/* run                                                                  */
/* ------------------------------------------------------------------ */

/* Where `until` is: found before the run. */
typedef struct until {
    uint64_t addr;
    int hook; /* 0: there is no `until` */
    bool reached;
} until;

bool run_check(scenario_run *r, const scenario_node *step)
{
    const char *text = scenario_text(step, "until");
    const char *stop = scenario_text(step, "stop");
    uint64_t addr;

    if (scenario_get(step, "exit-code") && (!stop || strcmp(stop, "exit")))
        return step_wrong(r, "exit-code",
                          "exit-code has a meaning with \"stop: exit\" only");
    if (text && stop)
        return step_wrong(r, "stop", "until and stop exclude each other");
    return !text || step_address(r, "until", text, &addr);
}

static void reached(fwsim_machine *m, uint64_t pc, void *user)
{
    (void)pc;
    ((until *)user)->reached = true;
    fwsim_request_stop(m);
}

static bool watch_until(scenario_run *r, const scenario_node *step, until *u)
{
    const char *text = scenario_text(step, "until");

    if (!text)
        return true;
    if (!step_address(r, "until", text, &u->addr))
        return false;
    u->hook = fwsim_on_code(r->m, u->addr, reached, u);
    return step_ok(r, "until", u->hook);
}

static uint64_t smaller(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

/* With a limit of time a core that sleeps for good sleeps until then; whether
 * it does is seen in slices of instructions. */
static int run_to_idle(scenario_run *r, uint64_t time_ns, uint64_t count,
                       fwsim_stop *stop)
{
    enum { SLICE = 10000 };
    uint64_t end = fwsim_time_ns(r->m) + time_ns;
    uint64_t executed = 0;
    int err;

    do {
        err = fwsim_run(r->m, &(fwsim_limit){ .instructions =
                            smaller(SLICE, count - executed) }, stop);
        executed += stop->instructions;
    } while (!err && stop->reason == FWSIM_STOP_LIMIT && executed < count &&
             fwsim_time_ns(r->m) < end);
    return err;
}

static int run_step(scenario_run *r, const scenario_node *step,
                    fwsim_stop *stop)
{
    uint64_t count = scenario_count(step, "instructions", 0);
    const char *reason = scenario_text(step, "stop");
    fwsim_limit limit = {
        .instructions = count,
        .time_ns = step_time(r, scenario_time(step, "for", 0)),
    };

    if (reason && !strcmp(reason, "idle"))
        return run_to_idle(r, limit.time_ns, count ? count : UINT64_MAX, stop);
    return fwsim_run(r->m, &limit, stop);
}

static bool judge_stop(scenario_run *r, const scenario_node *step,
                       const char *reason, const fwsim_stop *stop)
{
    uint64_t code = scenario_number(step, "exit-code", 0);
    const char *name = fwsim_stop_name(stop->reason);

    if (stop->reason == FWSIM_STOP_LIMIT)
        return step_late(r)
                   ? false
                   : step_failed(r, "the firmware has not stopped with "
                                 "\"%s\"", reason);
    if (strcmp(name, reason) != 0)
        return step_stopped(r, stop, "the firmware should have stopped with "
                            "\"%s\", but it stopped with \"%s\"", reason,
                            name);
    if (scenario_get(step, "exit-code") && (uint64_t)stop->exit_code != code)
        return step_failed(r, "the firmware should have ended itself with "
                           "code %" PRIu64 ", but it gave %d", code,
                           stop->exit_code);
    return true;
}

bool run_run(scenario_run *r, const scenario_node *step)
{
    const char *reason = scenario_text(step, "stop");
    fwsim_stop stop = { 0 };
    until u = { 0 };
    int err;

    if (!watch_until(r, step, &u))
        return false;
    err = run_step(r, step, &stop);
    if (u.hook)
        fwsim_unhook(r->m, u.hook);
    if (!step_ok(r, NULL, err))
        return false;
    if (reason)
        return judge_stop(r, step, reason, &stop);
    if (u.reached)
        return true;
    if (stop.reason != FWSIM_STOP_LIMIT)
        return step_stopped(r, &stop, "the firmware has stopped: %s",
                            stop.text ? stop.text : "");
    if (u.hook)
        return step_late(r) ? false
                            : step_failed(r, "the firmware has not come to "
                                          "\"%s\"", scenario_text(step,
                                                                  "until"));
    /* The time of the step or that of the test? */
    return scenario_time(step, "for", 0) <= stop.time_ns ||
           scenario_get(step, "instructions") || !step_late(r);
}

/* ------------------------------------------------------------------ */
/* reset, snapshot, restore                                             */
/* ------------------------------------------------------------------ */

bool reset_run(scenario_run *r, const scenario_node *step)
{
    size_t kind = scenario_word(step, "kind", scenario_resets, 1);

    return step_ok(r, NULL, fwsim_reset(r->m, (fwsim_reset_kind)kind));
}

static kept_state *find_state(scenario_run *r, const char *name)
{
    for (kept_state *k = r->states; k; k = k->before) {
        if (!strcmp(k->name, name))
            return k;
    }
    return NULL;
}

bool snapshot_run(scenario_run *r, const scenario_node *step)
{
    kept_state *state = calloc(1, sizeof(*state));

    if (!state)
        return step_wrong(r, NULL, "out of memory");
    state->name = scenario_text(step, "name");
    state->of_setup = r->in_setup;
    if (!step_ok(r, NULL, fwsim_snapshot_take(r->m, &state->snapshot))) {
        free(state);
        return false;
    }
    state->before = r->states;
    r->states = state;
    return true;
}

static const char *state_name(const void *run, size_t index)
{
    const kept_state *k = ((const scenario_run *)run)->states;

    while (k && index--)
        k = k->before;
    return k ? k->name : NULL;
}

bool restore_run(scenario_run *r, const scenario_node *step)
{
    const char *name = scenario_text(step, "name");
    const kept_state *state = find_state(r, name);
    char hint[128];

    if (!state)
        return step_wrong(r, "name", "no step before has taken a snapshot "
                          "\"%s\"%s", name,
                          cli_hint(name, state_name, r, hint, sizeof(hint)));
    return step_ok(r, NULL, fwsim_snapshot_restore(r->m, state->snapshot));
}
