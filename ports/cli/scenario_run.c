/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Scenario files: the setup, the tests, and what is said when a step fails:
 * where in the file, what was expected and what came, and where the firmware
 * was.
 */
#include "scenario_run.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

enum { FRAMES = 8, EVENTS = 10 };

static const uint64_t default_timeout_ns = FWSIM_S(10);

/* ------------------------------------------------------------------ */
/* Messages                                                             */
/* ------------------------------------------------------------------ */

static void add_text(scenario_result *result, const char *fmt, va_list args)
{
    size_t n = strlen(result->message);

    vsnprintf(result->message + n, sizeof(result->message) - n, fmt, args);
}

static void add(scenario_result *result, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

static void add(scenario_result *result, const char *fmt, ...)
{
    va_list args;

    va_start(args, fmt);
    add_text(result, fmt, args);
    va_end(args);
}

static void begin_message(scenario_run *r, scenario_status status,
                          scenario_mark mark)
{
    r->result->status = status;
    r->result->mark = mark;
    r->result->message[0] = '\0';
    if (r->step && r->step->verb)
        add(r->result, "%s: ", r->step->verb->name);
}

static void add_line(const char *line, void *user)
{
    add(user, "\n  %s", line);
}

/* Where the firmware is. */
static void add_place(scenario_run *r)
{
    fwsim_frame frames[FRAMES];
    size_t count = fwsim_backtrace(r->m, frames, FRAMES);
    char text[256];

    add(r->result, "\n  at %s of virtual time",
        cli_format_time(fwsim_time_ns(r->m), text, sizeof(text)));
    for (size_t i = 0; i < count; i++)
        add(r->result, "\n  %s %s", i ? "called by" : "the firmware is in",
            fwsim_describe(r->m, fwsim_frame_code(frames, i), text,
                           sizeof(text)));
}

static void add_event(const char *line, void *user)
{
    add(user, "\n    %s", line);
}

static void add_events(scenario_run *r)
{
    if (fwsim_journal_entries(r->m)) {
        add(r->result, "\n  the last events:");
        fwsim_journal_print(r->m, EVENTS, add_event, r->result);
    }
}

static void add_late(scenario_run *r)
{
    add(r->result, "%sthe virtual time of the %s is over (timeout)",
        r->result->message[0] ? "\n  " : "", r->test ? "test" : "setup");
}

bool step_failed(scenario_run *r, const char *fmt, ...)
{
    va_list args;

    begin_message(r, SCENARIO_FAILED, r->step->key_mark);
    va_start(args, fmt);
    add_text(r->result, fmt, args);
    va_end(args);
    add_place(r);
    add_events(r);
    return false;
}

bool step_stopped(scenario_run *r, const fwsim_stop *stop, const char *fmt, ...)
{
    va_list args;

    begin_message(r, SCENARIO_FAILED, r->step->key_mark);
    va_start(args, fmt);
    add_text(r->result, fmt, args);
    va_end(args);
    fwsim_report(r->m, stop, add_line, r->result);
    add_events(r);
    return false;
}

bool step_expected(scenario_run *r, const char *key, int err)
{
    if (err != FWSIM_ETIMEDOUT)
        return step_ok(r, key, err);
    begin_message(r, SCENARIO_FAILED, r->step->key_mark);
    add(r->result, "%s", fwsim_failure(r->m));
    if (fwsim_time_ns(r->m) >= r->deadline_ns)
        add_late(r);
    return false;
}

bool step_wrong(scenario_run *r, const char *key, const char *fmt, ...)
{
    const scenario_node *value = key ? scenario_get(r->step, key) : NULL;
    va_list args;

    begin_message(r, SCENARIO_ERROR,
                  value                    ? value->mark
                  : r->step->key_mark.line ? r->step->key_mark
                                           : r->step->mark);
    va_start(args, fmt);
    add_text(r->result, fmt, args);
    va_end(args);
    return false;
}

bool step_ok(scenario_run *r, const char *key, int err)
{
    const char *text = r->m ? fwsim_errmsg(r->m) : "";

    if (err >= 0)
        return true;
    return step_wrong(r, key, "%s", *text ? text : fwsim_strerror(err));
}

char *step_quote(const void *text, size_t size, char *buf, size_t room)
{
    const unsigned char *bytes = text;
    size_t n = 0;

    buf[n++] = '"';
    for (size_t i = 0; i < size && n + 8 < room; i++) {
        const char *escape = bytes[i] == '\n'   ? "\\n"
                             : bytes[i] == '\r' ? "\\r"
                             : bytes[i] == '\t' ? "\\t"
                             : bytes[i] == '"'  ? "\\\""
                                                : NULL;

        if (escape)
            n += (size_t)snprintf(buf + n, room - n, "%s", escape);
        else if (bytes[i] < ' ' || bytes[i] == 0x7f)
            n += (size_t)snprintf(buf + n, room - n, "\\x%02x", bytes[i]);
        else
            buf[n++] = (char)bytes[i];
        if (n + 8 >= room && i + 1 < size)
            n += (size_t)snprintf(buf + n, room - n, "...");
    }
    snprintf(buf + n, room - n, "\"");
    return buf;
}

/* ------------------------------------------------------------------ */
/* Values that need the machine                                         */
/* ------------------------------------------------------------------ */

static bool read_file(scenario_run *r, const char *file, step_data *data)
{
    char *path = scenario_path(r->s, file);
    FILE *in = path ? fopen(path, "rb") : NULL;
    enum { LIMIT = 64 << 20 };
    size_t room = 0;
    char *grown = NULL;

    while (in && !feof(in) && !ferror(in) && data->size <= LIMIT) {
        if (data->size == room) {
            room = room ? 2 * room : 4096;
            grown = realloc(data->bytes, room);
            if (!grown)
                break;
            data->bytes = grown;
        }
        data->size += fread((char *)data->bytes + data->size, 1,
                            room - data->size, in);
    }
    if (!in || ferror(in) || !grown)
        step_wrong(r, "file", "cannot read %s: %s", path ? path : file,
                   strerror(errno));
    else if (data->size > LIMIT)
        step_wrong(r, "file", "%s is larger than 64 MiB", path);
    if (in)
        fclose(in);
    free(path);
    return r->result->status == SCENARIO_PASSED;
}

bool step_bytes(scenario_run *r, const scenario_node *step, step_data *data)
{
    const scenario_node *text = scenario_get(step, "text");
    const scenario_node *bytes = scenario_get(step, "bytes");

    *data = (step_data){ 0 };
    if (bytes) {
        data->bytes = scenario_bytes(bytes, &data->size);
    } else if (text) {
        data->size = text->size;
        data->bytes = malloc(text->size + 1);
        if (data->bytes)
            memcpy(data->bytes, text->text, text->size + 1);
    } else {
        if (read_file(r, scenario_text(step, "file"), data))
            return true;
        free(data->bytes);
        return false;
    }
    return data->bytes ? true : step_wrong(r, NULL, "out of memory");
}

static const char *symbol_name(const void *run, size_t index)
{
    const scenario_run *r = run;

    return index < r->symbol_count ? r->symbols[index].name : NULL;
}

bool step_address(scenario_run *r, const char *key, const char *text,
                  uint64_t *value)
{
    const char *plus = strchr(text, '+');
    const fwsim_symbol *symbol;
    char name[256], hint[128];
    uint64_t offset = 0;

    if (*text >= '0' && *text <= '9') {
        cli_parse_uint(text, value);
        return true;
    }
    if (plus)
        cli_parse_uint(plus + 1, &offset);
    snprintf(name, sizeof(name), "%.*s",
             plus ? (int)(plus - text) : (int)strlen(text), text);
    symbol = fwsim_symbol_find(r->m, name);
    if (!symbol)
        return step_wrong(r, key, "the firmware has no symbol \"%s\"%s", name,
                          cli_hint(name, symbol_name, r, hint,
                                   sizeof(hint)));
    *value = symbol->addr + offset;
    return true;
}

uint64_t step_time(const scenario_run *r, uint64_t ns)
{
    uint64_t now = fwsim_time_ns(r->m);
    uint64_t left = r->deadline_ns > now ? r->deadline_ns - now : 0;

    return ns && ns < left ? ns : left;
}

uint64_t step_window(scenario_run *r, const char *key)
{
    uint64_t wanted = scenario_time(r->step, key, 0);

    if (step_time(r, wanted) == wanted)
        return wanted;
    step_failed(r, "\"%s\" is longer than the virtual time that is left for "
                "the %s (timeout)", key, r->test ? "test" : "setup");
    return 0;
}

bool step_late(scenario_run *r)
{
    if (fwsim_time_ns(r->m) < r->deadline_ns)
        return false;
    step_failed(r, "the virtual time of the %s is over (timeout)",
                r->test ? "test" : "setup");
    return true;
}

/* ------------------------------------------------------------------ */
/* Steps                                                                */
/* ------------------------------------------------------------------ */

static bool each_step(scenario_run *r, const scenario_node *steps, bool check)
{
    bool ok = true;

    for (const scenario_node *n = steps->first; n && ok; n = n->next) {
        bool (*fn)(scenario_run *, const scenario_node *);

        r->step = n->first;
        fn = check ? r->step->verb->check : r->step->verb->run;
        if (check)
            ok = !fn || fn(r, r->step);
        else
            ok = !step_late(r) && fn(r, r->step);
    }
    r->step = NULL;
    return ok;
}

static bool set_up(scenario_run *r)
{
    const scenario_node *steps = scenario_get(r->s->root, "setup");

    r->in_setup = true;
    r->deadline_ns = fwsim_time_ns(r->m) + r->timeout_ns;
    if (steps && (!each_step(r, steps, true) || !each_step(r, steps, false)))
        return false;
    r->in_setup = false;
    r->step = r->s->root;
    return step_ok(r, NULL, fwsim_snapshot_take(r->m, &r->start));
}

scenario_run *scenario_begin(const scenario *s, uint64_t timeout_ns,
                             scenario_result *result)
{
    scenario_run *r = calloc(1, sizeof(*r));
    uint64_t own;

    memset(result, 0, sizeof(*result));
    if (!r) {
        result->status = SCENARIO_ERROR;
        snprintf(result->message, sizeof(result->message), "out of memory");
        return NULL;
    }
    r->s = s;
    r->result = result;
    own = scenario_time(s->root, "timeout", 0);
    r->timeout_ns = own ? own : timeout_ns ? timeout_ns : default_timeout_ns;
    if (scenario_machine(r) && set_up(r))
        return r;
    scenario_end(r);
    return NULL;
}

/* Forget the states that a test has kept; all when there is no test. */
static void drop_states(scenario_run *r, bool all)
{
    while (r->states && (all || !r->states->of_setup)) {
        kept_state *state = r->states;

        r->states = state->before;
        fwsim_snapshot_free(state->snapshot);
        free(state);
    }
}

/* What one test has written is not for the next one. */
static void clear_output(scenario_run *r)
{
    const fwsim_board *board = fwsim_machine_board(r->m);
    const fwsim_slot *tables[] = { board->soc->periph, board->parts };

    for (size_t i = 0; i < 2; i++) {
        for (const fwsim_slot *s = tables[i]; s && s->name; s++)
            fwsim_uart_clear(r->m, s->name);
    }
    fwsim_uart_clear(r->m, "semihosting");
    fwsim_uart_clear(r->m, "itm");
}

/* The failure that a test has to have. */
static void judge(scenario_run *r, const scenario_test *test)
{
    scenario_result *result = r->result;

    if (!test->fails || result->status == SCENARIO_ERROR)
        return;
    if (result->status == SCENARIO_PASSED) {
        result->status = SCENARIO_FAILED;
        snprintf(result->message, sizeof(result->message), "it passed, but "
                 "has to fail with \"%s\"", test->fails);
    } else if (strstr(result->message, test->fails)) {
        result->status = SCENARIO_PASSED;
        result->mark = test->mark;
        result->message[0] = '\0';
    } else {
        add(result, "\n  it has to fail with \"%s\"", test->fails);
    }
}

void scenario_run_test(scenario_run *r, const scenario_test *test,
                       scenario_result *result)
{
    uint64_t timeout = test->timeout_ns ? test->timeout_ns : r->timeout_ns;
    uint64_t begin;

    memset(result, 0, sizeof(*result));
    result->mark = test->mark;
    r->result = result;
    r->test = test->name;
    if (test->skip) {
        result->status = SCENARIO_SKIPPED;
        snprintf(result->message, sizeof(result->message), "%s", test->skip);
        return;
    }
    r->step = r->s->root;
    drop_states(r, false);
    drop_faults(r, false);
    drop_mocks(r, false);
    drop_parts(r);
    clear_mocks(r);
    if (!step_ok(r, NULL, fwsim_snapshot_restore(r->m, r->start)))
        return;
    clear_output(r);
    begin = fwsim_time_ns(r->m);
    r->deadline_ns = begin + timeout;
    if (each_step(r, test->steps, true))
        each_step(r, test->steps, false);
    result->time_ns = fwsim_time_ns(r->m) - begin;
    judge(r, test);
}

void scenario_end(scenario_run *r)
{
    if (!r)
        return;
    drop_states(r, true);
    drop_faults(r, true);
    drop_mocks(r, true);
    drop_parts(r);
    fwsim_snapshot_free(r->start);
    fwsim_free(r->m);
    fwsim_board_free(r->made);
    free(r);
}
