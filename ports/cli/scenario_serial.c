/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Scenario files: bytes to and from serial ports, and of streams. */
#include "fwsim_periph.h"
#include "scenario_run.h"

#include <stdlib.h>
#include <string.h>

/* The serial ports of a board, wherever they sit. */
static const char *uart_name(const void *board, size_t index)
{
    const fwsim_board *b = board;
    const fwsim_slot *tables[] = { b->soc->periph, b->parts };

    for (size_t i = 0; i < 2; i++) {
        for (const fwsim_slot *s = tables[i]; s && s->name; s++) {
            if (s->type->uart && index-- == 0)
                return s->name;
        }
    }
    return NULL;
}

static bool check_uart(scenario_run *r, const scenario_node *step)
{
    const fwsim_board *board = fwsim_machine_board(r->m);
    const char *name = scenario_text(step, "uart");
    char hint[128];

    if (!name && !board->console)
        return step_wrong(r, NULL, "board %s has no console; say which serial "
                          "port with \"uart: NAME\"", board->name);
    if (!name || fwsim_uart_output(r->m, name, NULL))
        return true;
    return step_wrong(r, "uart", "board %s has no serial port \"%s\"%s",
                      board->name, name,
                      cli_hint(name, uart_name, board, hint, sizeof(hint)));
}

bool send_check(scenario_run *r, const scenario_node *step)
{
    step_data data;
    bool ok = check_uart(r, step) && step_bytes(r, step, &data);

    if (ok)
        free(data.bytes);
    return ok;
}

bool send_run(scenario_run *r, const scenario_node *step)
{
    step_data data;
    int err;

    if (!step_bytes(r, step, &data))
        return false;
    err = fwsim_uart_send(r->m, scenario_text(step, "uart"), data.bytes,
                          data.size);
    free(data.bytes);
    return step_ok(r, NULL, err);
}

/* Text for functions that take C strings. */
static bool check_text(scenario_run *r, const scenario_node *step,
                       const char *key, bool may_be_empty)
{
    const scenario_node *text = scenario_get(step, key);

    if (text && ((!text->size && !may_be_empty) ||
                 strlen(text->text) != text->size))
        return step_wrong(r, key, "expected text without zero bytes%s; "
                          "\"bytes\" takes any", may_be_empty ? "" :
                          ", and not an empty one");
    return true;
}

bool expect_check(scenario_run *r, const scenario_node *step)
{
    const char *regex = scenario_text(step, "regex");

    /* Nothing is run with a time of 0: it is compiled, and that is all. */
    if (!check_text(r, step, "text", false) ||
        !check_text(r, step, "line", true) || !check_uart(r, step))
        return false;
    if (regex && fwsim_uart_expect_regex(r->m, scenario_text(step, "uart"),
                                         regex, 0, NULL) == FWSIM_EINVAL)
        return step_ok(r, "regex", FWSIM_EINVAL);
    return true;
}

bool expect_run(scenario_run *r, const scenario_node *step)
{
    const char *uart = scenario_text(step, "uart");
    uint64_t ns = step_time(r, scenario_time(step, "within", 0));
    const scenario_node *bytes = scenario_get(step, "bytes");
    const char *text;
    step_data data;
    int err;

    if (bytes) {
        if (!step_bytes(r, step, &data))
            return false;
        err = fwsim_uart_expect_bytes(r->m, uart, data.bytes, data.size, ns);
        free(data.bytes);
    } else if ((text = scenario_text(step, "line"))) {
        err = fwsim_uart_expect_line(r->m, uart, text, ns);
    } else if ((text = scenario_text(step, "regex"))) {
        err = fwsim_uart_expect_regex(r->m, uart, text, ns, NULL);
    } else if ((text = scenario_text(step, "prompt"))) {
        err = fwsim_uart_expect_prompt(r->m, uart, text, ns);
    } else {
        err = fwsim_uart_expect(r->m, uart, scenario_text(step, "text"), ns);
    }
    return step_expected(r, NULL, err);
}

bool expect_silence_check(scenario_run *r, const scenario_node *step)
{
    return check_uart(r, step);
}

bool expect_silence_run(scenario_run *r, const scenario_node *step)
{
    uint64_t ns = step_window(r, "for");

    return ns && step_expected(r, NULL,
                               fwsim_uart_expect_silence(
                                   r->m, scenario_text(step, "uart"), ns));
}

bool feed_run(scenario_run *r, const scenario_node *step)
{
    step_data data;
    int err;

    if (!step_bytes(r, step, &data))
        return false;
    err = fwsim_stream_feed(r->m, scenario_text(step, "stream"), data.bytes,
                            data.size);
    free(data.bytes);
    if (err == FWSIM_EINVAL)
        return step_wrong(r, NULL, "inference is off; say \"infer: true\" "
                                   "for the file");
    return step_ok(r, "stream", err);
}
