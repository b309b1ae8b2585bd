/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Scenario files: variables of the firmware. */
#include "scenario_run.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* Between two looks at a variable that is waited for. */
static const uint64_t look_ns = FWSIM_US(10);

bool variable_check(scenario_run *r, const scenario_node *step)
{
    fwsim_var var;
    int err = fwsim_var_find(r->m, scenario_text(step, "name"), &var);

    /* Pointers lead somewhere only later. */
    return err == FWSIM_EFAULT || step_ok(r, "name", err);
}

static bool is_number(const char *text)
{
    int64_t integer;
    double fraction;

    return !scenario_parse_integer(text, &integer) ||
           !scenario_parse_fraction(text, &fraction);
}

/* A number of the file as one of floating point; those of the firmware may
 * have fewer digits. */
static bool is_fraction(double value, const char *text, uint64_t size)
{
    double wanted = 0, error = size == 4 ? 1e-6 : 1e-12;

    scenario_parse_fraction(text, &wanted);
    if (wanted > 1 || wanted < -1)
        error *= wanted < 0 ? -wanted : wanted;
    return value - wanted <= error && wanted - value <= error;
}

static bool in_range(const scenario_node *step, int64_t value)
{
    return value >= scenario_integer(step, "min", INT64_MIN) &&
           value <= scenario_integer(step, "max", INT64_MAX);
}

/* Is an integer what the step says? Words are those that the library writes:
 * of an enumerator, or of a bool. */
static bool is_integer(int64_t value, const char *text, const char *format)
{
    int64_t wanted;

    if (!scenario_parse_integer(text, &wanted))
        return value == wanted;
    if (!strcmp(text, "true") || !strcmp(text, "false"))
        return (value != 0) == !strcmp(text, "true");
    return !strcmp(format, text);
}

/* @return an error of the library; *is: does it hold? */
static int compare(scenario_run *r, const scenario_node *step,
                   const char *format, bool *is)
{
    const char *name = scenario_text(step, "name");
    const char *text = scenario_text(step, "value");
    fwsim_var var;
    int64_t value;
    double fraction;
    int err = fwsim_var_find(r->m, name, &var);

    *is = false;
    if (err)
        return err;
    if (var.kind == FWSIM_VAR_FLOAT) {
        err = fwsim_var_get_float(r->m, name, &fraction);
        *is = !err && (!text || (is_number(text) &&
                                 is_fraction(fraction, text, var.size))) &&
              fraction >= (double)scenario_integer(step, "min", INT64_MIN) &&
              fraction <= (double)scenario_integer(step, "max", INT64_MAX);
        return err;
    }
    if (var.kind == FWSIM_VAR_ARRAY || var.kind == FWSIM_VAR_STRUCT ||
        var.kind == FWSIM_VAR_BYTES) {
        *is = text && !strcmp(format, text);
        return 0;
    }
    err = fwsim_var_get(r->m, name, &value);
    *is = !err && (!text || is_integer(value, text, format)) &&
          in_range(step, value);
    return err;
}

static bool disappointed(scenario_run *r, const scenario_node *step,
                         const char *format)
{
    const char *name = scenario_text(step, "name");
    const char *value = scenario_text(step, "value");
    const char *min = scenario_text(step, "min");
    const char *max = scenario_text(step, "max");

    if (value)
        return step_failed(r, "%s should be %s, but it is %s", name, value,
                           format);
    return step_failed(r, "%s should be %s%s%s%s%s, but it is %s", name,
                       min ? "at least " : "", min ? min : "",
                       min && max ? " and " : "", max ? "at most " : "",
                       max ? max : "", format);
}

bool expect_variable_run(scenario_run *r, const scenario_node *step)
{
    const char *name = scenario_text(step, "name");
    uint64_t within = scenario_time(step, "within", 0);
    uint64_t end = fwsim_time_ns(r->m) + (within ? step_time(r, within) : 0);
    fwsim_stop stop;
    char format[512];
    bool is;

    for (;;) {
        uint64_t now = fwsim_time_ns(r->m);

        if (!step_ok(r, "name", fwsim_var_format(r->m, name, format,
                                                 sizeof(format), NULL)) ||
            !step_ok(r, "name", compare(r, step, format, &is)))
            return false;
        if (is)
            return true;
        if (now >= end)
            return disappointed(r, step, format);
        if (!step_ok(r, NULL,
                     fwsim_run(r->m, &(fwsim_limit){
                         .time_ns = end - now < look_ns ? end - now : look_ns
                     }, &stop)))
            return false;
        if (stop.reason != FWSIM_STOP_LIMIT)
            return step_stopped(r, &stop, "%s is %s, and the firmware has "
                                "stopped", name, format);
    }
}

bool set_variable_run(scenario_run *r, const scenario_node *step)
{
    const char *name = scenario_text(step, "name");
    const char *text = scenario_text(step, "value");
    double fraction;
    int64_t integer;
    fwsim_var var;

    if (!step_ok(r, "name", fwsim_var_find(r->m, name, &var)))
        return false;
    if (var.kind == FWSIM_VAR_FLOAT &&
        !scenario_parse_fraction(text, &fraction))
        return step_ok(r, "value", fwsim_var_set_float(r->m, name, fraction));
    if (!scenario_parse_integer(text, &integer))
        return step_ok(r, "value", fwsim_var_set(r->m, name, integer));
    return step_ok(r, "value", fwsim_var_set_text(r->m, name, text));
}
