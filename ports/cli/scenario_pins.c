/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Scenario files: pins, and the quantities that models sense and show. */
#include "scenario_run.h"

#include <inttypes.h>
#include <string.h>

static const char *pin_name(const void *board, size_t index)
{
    const fwsim_pin_name *pins = ((const fwsim_board *)board)->pins;

    return pins ? pins[index].name : NULL;
}

bool pin_check(scenario_run *r, const scenario_node *step)
{
    const fwsim_board *board = fwsim_machine_board(r->m);
    const char *name = scenario_text(step, "pin");
    char hint[128];

    if (fwsim_pin_find(r->m, name) >= 0)
        return true;
    return step_wrong(r, "pin", "board %s has no pin \"%s\"%s", board->name,
                      name, cli_hint(name, pin_name, board, hint,
                                     sizeof(hint)));
}

bool set_pin_run(scenario_run *r, const scenario_node *step)
{
    size_t drive = scenario_word(step, "level", scenario_drives, 0);

    return step_ok(r, "pin", fwsim_pin_set(r->m, scenario_text(step, "pin"),
                                           (fwsim_drive)drive));
}

bool expect_pin_run(scenario_run *r, const scenario_node *step)
{
    const char *name = scenario_text(step, "pin");
    size_t level = scenario_word(step, "level", scenario_levels, 0);
    int is = fwsim_pin_get(r->m, name);

    if (!step_ok(r, "pin", is))
        return false;
    if ((size_t)is == level)
        return true;
    return step_failed(r, "pin %s should be %s, but it is %s", name,
                       scenario_levels[level], scenario_levels[is]);
}

bool set_input_run(scenario_run *r, const scenario_node *step)
{
    int64_t value = scenario_integer(step, "value", 0);

    if (value < INT32_MIN || value > INT32_MAX)
        return step_wrong(r, "value", "does not fit in 32 bits");
    return step_ok(r, "input",
                   fwsim_input_set(r->m, scenario_text(step, "peripheral"),
                                   scenario_text(step, "input"),
                                   (int32_t)value));
}

bool expect_output_run(scenario_run *r, const scenario_node *step)
{
    const char *name = scenario_text(step, "output");
    int64_t min = scenario_integer(step, "min", INT64_MIN);
    int64_t max = scenario_integer(step, "max", INT64_MAX);
    int32_t value;

    if (scenario_get(step, "value"))
        min = max = scenario_integer(step, "value", 0);
    if (!step_ok(r, "output",
                 fwsim_output_get(r->m, scenario_text(step, "peripheral"),
                                  name, &value)))
        return false;
    if (value >= min && value <= max)
        return true;
    if (min == max)
        return step_failed(r, "%s should be %" PRId64 ", but it is %" PRId32,
                           name, min, value);
    return step_failed(r, "%s should be at %s %" PRId64 ", but it is %" PRId32,
                       name, value < min ? "least" : "most",
                       value < min ? min : max, value);
}
