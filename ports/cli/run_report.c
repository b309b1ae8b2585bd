/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `fwsim run`: the result, as text and as a JSON document. */
#include "json.h"
#include "run.h"

#include <inttypes.h>

enum { UNMODELLED_SHOWN = 10, FRAMES_MAX = 64 };

/* ------------------------------------------------------------------ */
/* For people                                                           */
/* ------------------------------------------------------------------ */

static void put_line(const char *line, void *user)
{
    (void)user;
    fprintf(stderr, "  %s\n", line);
}

/* Has the user, or the board, said that accesses here are of no interest? */
static bool is_ignored(const run_options *opt, uint64_t addr)
{
    const fwsim_region *r = opt->board->soc->regions;

    if (opt->machine.policy != FWSIM_POLICY_DEFAULT)
        return opt->machine.policy == FWSIM_POLICY_IGNORE;
    for (; r && r->size; r++) {
        if (addr >= r->base && addr - r->base < r->size)
            return r->policy == FWSIM_POLICY_IGNORE;
    }
    return false;
}

static void put_unmodelled(fwsim_machine *m, const run_options *opt)
{
    fwsim_unmodelled u;
    char where[160];
    size_t count = 0;

    for (size_t i = 0; fwsim_unmodelled_get(m, i, &u); i++) {
        if (is_ignored(opt, u.addr) || ++count > UNMODELLED_SHOWN)
            continue;
        if (count == 1)
            cli_message("registers that nobody models were used, reads give "
                        "0:");
        fprintf(stderr,
                "  0x%08" PRIx64 "  %" PRIu64 " reads, %" PRIu64
                " writes, first at %s\n",
                u.addr, u.reads, u.writes,
                fwsim_describe(m, u.first_pc, where, sizeof(where)));
    }
    if (count > UNMODELLED_SHOWN)
        fprintf(stderr, "  and %zu more; --json lists all\n",
                count - UNMODELLED_SHOWN);
}

void run_report_text(fwsim_machine *m, const run_options *opt,
                     const run_result *result)
{
    char time[48];

    if (result->report)
        fwsim_report(m, &result->stop, put_line, NULL);
    if (opt->infer.on)
        infer_report_text(m, opt, result);
    else if (!opt->log_all)
        put_unmodelled(m, opt);
    cli_message("%s of virtual time, %" PRIu64 " instructions",
                cli_format_time(result->time_ns, time, sizeof(time)),
                result->instructions);
    if (opt->fingerprint)
        cli_message("fingerprint %016" PRIx64, fwsim_hash(m));
}

/* ------------------------------------------------------------------ */
/* For programs                                                         */
/* ------------------------------------------------------------------ */

static const char *outcome(int code)
{
    for (const cli_exit_row *e = cli_exits; e->id; e++) {
        if ((int)e->code == code)
            return e->id;
    }
    return "signal";
}

static void json_place(json *j, const char *key, fwsim_machine *m,
                       uint64_t addr)
{
    const fwsim_symbol *symbol = fwsim_symbol_at(m, addr);
    const char *file = NULL;
    unsigned line = 0;

    json_object(j, key);
    json_hex(j, "address", addr);
    json_string(j, "function", symbol ? symbol->name : NULL);
    if (fwsim_line_at(m, addr, &file, &line)) {
        json_string(j, "file", file);
        json_uint(j, "line", line);
    } else {
        json_null(j, "file");
        json_null(j, "line");
    }
}

static void json_stop(json *j, fwsim_machine *m, const run_result *result)
{
    const fwsim_stop *stop = &result->stop;

    json_object(j, "stop");
    json_string(j, "reason", fwsim_stop_name(stop->reason));
    json_string(j, "text", stop->text);
    json_place(j, "pc", m, stop->pc);
    json_object_end(j);
    if (stop->reason == FWSIM_STOP_EXIT)
        json_int(j, "firmware_exit_code", stop->exit_code);
    else
        json_null(j, "firmware_exit_code");
    json_object_end(j);
}

static void json_fault(json *j, const fwsim_stop *stop)
{
    const fwsim_fault *f = &stop->fault;

    if (stop->reason != FWSIM_STOP_FAULT && stop->reason != FWSIM_STOP_LOCKUP) {
        json_null(j, "fault");
        return;
    }
    json_object(j, "fault");
    json_uint(j, "exception", f->exception);
    json_hex(j, "pc", f->pc);
    json_hex(j, "cfsr", f->cfsr);
    json_hex(j, "hfsr", f->hfsr);
    json_hex(j, "mmfar", f->mmfar);
    json_hex(j, "bfar", f->bfar);
    json_object_end(j);
}

static void json_registers(json *j, fwsim_machine *m)
{
    const char *const *name = fwsim_cpu_registers(m);
    uint64_t value;

    json_object(j, "registers");
    for (; name && *name; name++) {
        if (fwsim_cpu_read(m, *name, &value) == 0)
            json_hex(j, *name, value);
    }
    json_object_end(j);
}

static void json_backtrace(json *j, fwsim_machine *m)
{
    fwsim_frame frames[FRAMES_MAX];
    size_t count = fwsim_backtrace(m, frames, FRAMES_MAX);

    json_array(j, "backtrace");
    for (size_t i = 0; i < count; i++) {
        json_place(j, NULL, m, frames[i].pc);
        json_hex(j, "sp", frames[i].sp);
        json_bool(j, "exception", frames[i].exception);
        json_object_end(j);
    }
    json_array_end(j);
}

static void json_unmodelled(json *j, fwsim_machine *m)
{
    fwsim_unmodelled u;

    json_array(j, "unmodelled");
    for (size_t i = 0; fwsim_unmodelled_get(m, i, &u); i++) {
        json_object(j, NULL);
        json_hex(j, "address", u.addr);
        json_uint(j, "width", u.width);
        json_uint(j, "reads", u.reads);
        json_uint(j, "writes", u.writes);
        json_hex(j, "last_written", u.last_written);
        json_place(j, "first_at", m, u.first_pc);
        json_object_end(j);
        json_object_end(j);
    }
    json_array_end(j);
}

static void json_consoles(json *j, fwsim_machine *m, const run_options *opt)
{
    const char *names[RUN_CONSOLES_MAX];
    size_t count = run_consoles(opt, names);

    json_array(j, "consoles");
    for (size_t i = 0; i < count; i++) {
        size_t size = 0;
        const char *text = fwsim_uart_output(m, names[i], &size);

        json_object(j, NULL);
        json_string(j, "name", names[i]);
        json_bytes(j, "text", text ? text : "", size);
        json_object_end(j);
    }
    json_array_end(j);
}

static void json_texts(json *j, const char *key, const run_texts *texts)
{
    json_array(j, key);
    for (size_t i = 0; i < texts->count; i++) {
        json_object(j, NULL);
        json_string(j, "text", texts->list[i].text);
        json_bool(j, "seen", texts->list[i].seen);
        json_object_end(j);
    }
    json_array_end(j);
}

static void json_command(json *j, const run_options *opt)
{
    json_string(j, "board", opt->board->name);
    json_array(j, "images");
    for (size_t i = 0; i < opt->image_count; i++)
        json_string(j, NULL, opt->images[i].path);
    json_array_end(j);
    json_uint(j, "seed", opt->machine.seed);
    json_texts(j, "expected", &opt->expected);
    json_texts(j, "failed", &opt->failed);
}

void run_report_json(fwsim_machine *m, const run_options *opt,
                     const run_result *result)
{
    json j = { .out = stdout };

    json_object(&j, NULL);
    json_string(&j, "fwsim", fwsim_version());
    json_string(&j, "outcome", outcome(result->code));
    json_int(&j, "exit_code", result->code);
    json_string(&j, "message", result->message);
    json_command(&j, opt);
    if (m) {
        json_uint(&j, "time_ns", result->time_ns);
        json_uint(&j, "instructions", result->instructions);
        json_stop(&j, m, result);
        json_fault(&j, &result->stop);
        json_registers(&j, m);
        json_backtrace(&j, m);
        json_unmodelled(&j, m);
        if (opt->infer.on)
            infer_report_json(&j, m);
        json_consoles(&j, m, opt);
        if (opt->fingerprint)
            json_hex(&j, "fingerprint", fwsim_hash(m));
    }
    json_object_end(&j);
    json_end(&j);
}
