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
    const char *pin = scenario_text(step, "pin");
    bool level = scenario_word(step, "level", scenario_levels, 0) == 1;
    uint64_t within = scenario_time(step, "within", 0);
    uint64_t ns;

    if (!step_expected(r, NULL,
                       fwsim_pin_expect(r->m, pin, level,
                                        within ? step_time(r, within) : 0)))
        return false;
    if (!scenario_get(step, "held"))
        return true;
    ns = step_window(r, "held");
    return ns && step_expected(r, NULL, fwsim_pin_expect_held(r->m, pin, level,
                                                              ns));
}

void step_how_often(const scenario_node *step, uint64_t *min, uint64_t *max)
{
    *min = scenario_number(step, "min", 0);
    *max = scenario_number(step, "max", UINT64_MAX);
    if (scenario_get(step, "count"))
        *min = *max = scenario_number(step, "count", 0);
}

bool expect_edges_run(scenario_run *r, const scenario_node *step)
{
    uint64_t ns = step_window(r, "for"), min, max;

    step_how_often(step, &min, &max);
    return ns && step_expected(r, NULL,
                               fwsim_pin_expect_edges(r->m,
                                                      scenario_text(step, "pin"),
                                                      min, max, ns));
}

bool expect_duty_run(scenario_run *r, const scenario_node *step)
{
    uint64_t ns = step_window(r, "for");

    return ns && step_expected(r, NULL,
                               fwsim_pin_expect_duty(
                                   r->m, scenario_text(step, "pin"),
                                   scenario_fraction(step, "duty", 0),
                                   scenario_fraction(step, "tolerance", 0),
                                   ns));
}

bool expect_rate_run(scenario_run *r, const scenario_node *step)
{
    uint64_t ns = step_window(r, "for");

    return ns && step_expected(r, NULL,
                               fwsim_pin_expect_rate(
                                   r->m, scenario_text(step, "pin"),
                                   scenario_fraction(step, "hz", 0),
                                   scenario_fraction(step, "tolerance", 0),
                                   ns));
}

bool expect_interrupt_run(scenario_run *r, const scenario_node *step)
{
    uint64_t number = scenario_number(step, "exception", 0);
    uint64_t ns = step_window(r, "for"), min, max;

    if (scenario_get(step, "line"))
        number = FWSIM_IRQ(scenario_number(step, "line", 0));
    if (number > UINT16_MAX)
        return step_wrong(r, NULL, "there is no such interrupt");
    step_how_often(step, &min, &max);
    return ns && step_expected(r, NULL,
                               fwsim_exception_expect(r->m, (unsigned)number,
                                                      min, max, ns));
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
