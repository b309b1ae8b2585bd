/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Scenario files: courses of values on inputs and pins. */
#include "scenario_run.h"

#include <stdlib.h>

/* The points of a step. @return false after step_wrong; free them */
static bool read_course(scenario_run *r, const scenario_node *step,
                        fwsim_course *course)
{
    const scenario_node *rows = scenario_get(step, "points");
    fwsim_point *points = calloc(rows->count + 1, sizeof(*points));

    if (!points)
        return step_wrong(r, NULL, "out of memory");
    *course = (fwsim_course){ .points = points,
                              .repeat_ns = scenario_time(step, "repeat", 0),
                              .step_ns = scenario_time(step, "step", 0) };
    for (const scenario_node *row = rows->first; row; row = row->next) {
        int64_t value = scenario_get(row, "level")
                            ? (int64_t)scenario_word(row, "level",
                                                     scenario_drives, 0)
                            : scenario_integer(row, "value", 0);

        if (value < INT32_MIN || value > INT32_MAX) {
            free(points);
            return step_wrong(r, "points", "%s does not fit in 32 bits",
                              scenario_text(row, "value"));
        }
        points[course->count++] =
            (fwsim_point){ scenario_time(row, "at", 0), (int32_t)value };
    }
    return true;
}

bool play_input_check(scenario_run *r, const scenario_node *step)
{
    fwsim_course course;
    bool ok = read_course(r, step, &course);

    if (ok)
        free((void *)course.points);
    return ok;
}

bool play_input_run(scenario_run *r, const scenario_node *step)
{
    fwsim_course course;
    int err;

    if (!read_course(r, step, &course))
        return false;
    err = fwsim_input_play(r->m, scenario_text(step, "peripheral"),
                           scenario_text(step, "input"), &course);
    free((void *)course.points);
    return step_ok(r, err == FWSIM_ENOENT ? "input" : "points", err);
}

bool play_pin_run(scenario_run *r, const scenario_node *step)
{
    fwsim_course course;
    int err;

    if (!read_course(r, step, &course))
        return false;
    err = fwsim_pin_play(r->m, scenario_text(step, "pin"), &course);
    free((void *)course.points);
    return step_ok(r, "points", err);
}
