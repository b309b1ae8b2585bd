/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Scenario files: faults of hardware. */
#include "scenario_run.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

bool inject_check(scenario_run *r, const scenario_node *step)
{
    fwsim_inject_fault fault;

    return step_ok(r, "fault",
                   fwsim_inject_parse(r->m, scenario_text(step, "fault"),
                                      &fault));
}

bool inject_run(scenario_run *r, const scenario_node *step)
{
    armed_fault *fault = calloc(1, sizeof(*fault));

    if (!fault)
        return step_wrong(r, NULL, "out of memory");
    fault->text = scenario_text(step, "fault");
    fault->of_setup = r->in_setup;
    fault->id = fwsim_inject_text(r->m, fault->text);
    if (fault->id < 0) {
        free(fault);
        return step_ok(r, "fault", FWSIM_EINVAL);
    }
    fault->before = r->faults;
    r->faults = fault;
    return true;
}

void drop_faults(scenario_run *r, bool all)
{
    while (r->faults && (all || !r->faults->of_setup)) {
        armed_fault *fault = r->faults;

        r->faults = fault->before;
        fwsim_inject_remove(r->m, fault->id);
        free(fault);
    }
}

bool disarm_run(scenario_run *r, const scenario_node *step)
{
    (void)step;
    drop_faults(r, r->in_setup);
    return true;
}

/* How often has a fault happened? */
static uint64_t hits_of(scenario_run *r, const armed_fault *fault)
{
    fwsim_inject_state state;

    for (size_t i = 0; fwsim_inject_get(r->m, i, &state); i++) {
        if (state.id == fault->id)
            return state.hits;
    }
    return 0;
}

static const char *fault_name(const void *run, size_t index)
{
    const armed_fault *fault = ((const scenario_run *)run)->faults;

    while (fault && index--)
        fault = fault->before;
    return fault ? fault->text : NULL;
}

bool expect_injected_run(scenario_run *r, const scenario_node *step)
{
    const char *text = scenario_text(step, "fault");
    uint64_t wanted = scenario_number(step, "hits", 1);
    bool found = false;
    char hint[256];

    for (const armed_fault *f = r->faults; f; f = f->before) {
        uint64_t hits;

        if (text && strcmp(text, f->text) != 0)
            continue;
        found = true;
        hits = hits_of(r, f);
        if (hits < wanted)
            return step_failed(r, "the fault %s has happened %" PRIu64
                               " times, expected %" PRIu64 " at least", f->text,
                               hits, wanted);
    }
    if (found)
        return true;
    return step_wrong(r, "fault", "no step before has injected %s%s",
                      text ? text : "a fault",
                      text ? cli_hint(text, fault_name, r, hint, sizeof(hint))
                           : "");
}
