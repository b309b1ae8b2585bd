/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Scenario files: functions of the firmware, called, replaced and watched. */
#include "scenario_run.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { SPACE_LIMIT = 65536 };

/* ------------------------------------------------------------------ */
/* call                                                                 */
/* ------------------------------------------------------------------ */

/* Arguments, and the buffers that they point to. */
typedef struct arguments {
    fwsim_arg list[FWSIM_ARGS_MAX];
    void *buffers[FWSIM_ARGS_MAX];
    size_t count;
    const uint8_t *last; /* buffer */
    size_t last_size;
} arguments;

bool call_check(scenario_run *r, const scenario_node *step)
{
    const scenario_node *args = scenario_get(step, "args");
    bool buffer = false; /* is there one? */

    if (args && args->count > FWSIM_ARGS_MAX)
        return step_wrong(r, "args", "more than %d arguments",
                          (int)FWSIM_ARGS_MAX);
    for (const scenario_node *n = args ? args->first : NULL; n; n = n->next) {
        buffer |= n->kind == SCENARIO_MAP &&
                  (scenario_get(n, "text") || scenario_get(n, "bytes") ||
                   scenario_get(n, "space"));
        if (n->kind == SCENARIO_MAP &&
            scenario_number(n, "space", 0) > SPACE_LIMIT)
            return step_wrong(r, "args", "a buffer has at most %d bytes",
                              (int)SPACE_LIMIT);
    }
    if (scenario_get(step, "out") && !buffer)
        return step_wrong(r, "out", "no argument is a buffer");
    return true;
}

static bool add_scalar(scenario_run *r, arguments *a, const char *text)
{
    fwsim_arg *arg = &a->list[a->count++];
    int64_t integer;
    uint64_t value;
    double fraction;

    if (!scenario_parse_integer(text, &integer))
        *arg = integer < INT32_MIN || integer > UINT32_MAX ? fwsim_i64(integer)
               : integer < 0 ? fwsim_i32((int32_t)integer)
                             : fwsim_u32((uint32_t)integer);
    else if (!scenario_parse_fraction(text, &fraction))
        *arg = fwsim_f64(fraction);
    else if (step_address(r, "args", text, &value))
        *arg = fwsim_ptr(value);
    else
        return false;
    return true;
}

/* A number whose type is said. @return false: it is a buffer */
static bool add_typed(arguments *a, const scenario_node *n)
{
    const char *type = n->first->key;
    double fraction = scenario_fraction(n, type, 0);

    if (!strcmp(type, "u64"))
        a->list[a->count] = fwsim_u64(scenario_number(n, type, 0));
    else if (!strcmp(type, "i64"))
        a->list[a->count] = fwsim_i64(scenario_integer(n, type, 0));
    else if (!strcmp(type, "f32"))
        a->list[a->count] = fwsim_f32((float)fraction);
    else if (!strcmp(type, "f64"))
        a->list[a->count] = fwsim_f64(fraction);
    else
        return false;
    a->count++;
    return true;
}

static bool add_buffer(scenario_run *r, arguments *a, const scenario_node *n)
{
    step_data data = { 0 };

    if (scenario_get(n, "space")) {
        data.size = (size_t)scenario_number(n, "space", 0);
        data.bytes = calloc(data.size + 1, 1);
        if (!data.bytes)
            return step_wrong(r, NULL, "out of memory");
    } else if (!step_bytes(r, n, &data)) {
        return false;
    }
    data.size += scenario_get(n, "text") != NULL; /* and its zero */
    a->buffers[a->count] = data.bytes;
    a->last = data.bytes;
    a->last_size = data.size;
    a->list[a->count++] = fwsim_inout(data.bytes, data.size);
    return true;
}

static bool add_arguments(scenario_run *r, const scenario_node *step,
                          arguments *a)
{
    const scenario_node *args = scenario_get(step, "args");

    for (const scenario_node *n = args ? args->first : NULL; n; n = n->next) {
        bool ok = n->kind == SCENARIO_MAP
                      ? add_typed(a, n) || add_buffer(r, a, n)
                      : add_scalar(r, a, n->text);

        if (!ok)
            return false;
    }
    return true;
}

static bool returned(scenario_run *r, const scenario_node *step,
                     const fwsim_call_result *result)
{
    const char *text = scenario_text(step, "returns");
    bool fraction = result->type == FWSIM_TYPE_F32 ||
                    result->type == FWSIM_TYPE_F64;
    double wanted = 0, error = result->type == FWSIM_TYPE_F32 ? 1e-6 : 1e-12;
    int64_t integer = 0;

    if (!text)
        return true;
    if (fraction) {
        scenario_parse_fraction(text, &wanted);
        if (wanted > 1 || wanted < -1)
            error *= wanted < 0 ? -wanted : wanted;
        return (result->number - wanted <= error &&
                wanted - result->number <= error) ||
               step_failed(r, "it should return %s, but it returned %.9g", text,
                           result->number);
    }
    if (!strcmp(text, "true") || !strcmp(text, "false"))
        integer = !strcmp(text, "true");
    else if (scenario_parse_integer(text, &integer))
        return step_wrong(r, "returns", "\"%s\" is no number", text);
    /* Minus one, too, where nothing says that the result has a sign. */
    if (result->value == (uint64_t)integer ||
        (result->type == FWSIM_TYPE_U32 && integer < 0 &&
         result->value == (uint32_t)integer))
        return true;
    return step_failed(r, "it should return %s, but it returned %" PRId64
                       " (0x%" PRIx64 ")", text, (int64_t)result->value,
                       result->value);
}

static bool filled(scenario_run *r, const scenario_node *step,
                   const arguments *a)
{
    const scenario_node *out = scenario_get(step, "out");
    char want[256], got[256];
    uint8_t *wanted;
    size_t size;
    bool ok;

    if (!out)
        return true;
    wanted = scenario_bytes(out, &size);
    if (!wanted)
        return step_wrong(r, NULL, "out of memory");
    ok = size <= a->last_size && !memcmp(wanted, a->last, size);
    if (!ok)
        step_failed(r, "the buffer should begin with %s, but it is %s",
                    step_quote(wanted, size, want, sizeof(want)),
                    step_quote(a->last, a->last_size, got, sizeof(got)));
    free(wanted);
    return ok;
}

static bool call(scenario_run *r, const scenario_node *step, arguments *a)
{
    fwsim_call_options options = {
        .stay = true, /* the story is told of where it stopped */
        .limit.time_ns = step_time(r, scenario_time(step, "within", 0)),
    };
    fwsim_call_result result;
    int err = fwsim_call(r->m, scenario_text(step, "function"), a->list,
                         a->count, &options, &result);

    if (!step_ok(r, "function", err))
        return false;
    if (result.verdict != FWSIM_CALL_RETURNED)
        return step_stopped(r, &result.stop, "%s",
                            result.text ? result.text : "it did not return");
    return returned(r, step, &result) && filled(r, step, a);
}

bool call_run(scenario_run *r, const scenario_node *step)
{
    arguments a = { .count = 0 };
    bool ok = add_arguments(r, step, &a) && call(r, step, &a);

    for (size_t i = 0; i < FWSIM_ARGS_MAX; i++)
        free(a.buffers[i]);
    return ok;
}

/* ------------------------------------------------------------------ */
/* replace, watch                                                       */
/* ------------------------------------------------------------------ */

static bool keep(scenario_run *r, const scenario_node *step, int id)
{
    mocked_function *f = id > 0 ? calloc(1, sizeof(*f)) : NULL;

    if (id < 0)
        return step_ok(r, "function", id);
    if (!f) {
        fwsim_unmock(r->m, id);
        return step_wrong(r, NULL, "out of memory");
    }
    *f = (mocked_function){ scenario_text(step, "function"), id, r->in_setup,
                            r->mocks };
    r->mocks = f;
    return true;
}

bool replace_run(scenario_run *r, const scenario_node *step)
{
    const fwsim_mock_options options = {
        .first = scenario_number(step, "first", 1),
        .count = scenario_number(step, "count", 0),
    };

    return keep(r, step,
                fwsim_mock_return(r->m, scenario_text(step, "function"),
                                  (uint64_t)scenario_integer(step, "returns",
                                                             0),
                                  &options));
}

bool watch_run(scenario_run *r, const scenario_node *step)
{
    return keep(r, step, fwsim_spy(r->m, scenario_text(step, "function"), NULL,
                                   NULL, NULL));
}

static const char *mock_name(const void *run, size_t index)
{
    const mocked_function *f = ((const scenario_run *)run)->mocks;

    while (f && index--)
        f = f->before;
    return f ? f->name : NULL;
}

bool expect_calls_run(scenario_run *r, const scenario_node *step)
{
    const char *name = scenario_text(step, "function");
    const mocked_function *f = r->mocks;
    uint64_t min, max, calls;
    char hint[128];

    while (f && strcmp(f->name, name) != 0)
        f = f->before;
    if (!f)
        return step_wrong(r, "function", "no step before watches or replaces "
                          "\"%s\"%s", name,
                          cli_hint(name, mock_name, r, hint, sizeof(hint)));
    step_how_often(step, &min, &max);
    calls = fwsim_mock_calls(r->m, f->id);
    if (calls >= min && calls <= max)
        return true;
    return step_failed(r, "%s should have been called %s %" PRIu64
                       " times, but it was %" PRIu64, name,
                       min == max ? "exactly" : calls < min ? "at least"
                                                            : "at most",
                       calls < min ? min : max, calls);
}

void drop_mocks(scenario_run *r, bool all)
{
    while (r->mocks && (all || !r->mocks->of_setup)) {
        mocked_function *f = r->mocks;

        r->mocks = f->before;
        fwsim_unmock(r->m, f->id);
        free(f);
    }
}

void clear_mocks(scenario_run *r)
{
    for (const mocked_function *f = r->mocks; f; f = f->before)
        fwsim_mock_clear(r->m, f->id);
}
