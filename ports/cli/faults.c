/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * `fwsim faults`: boots once, runs the firmware without a fault for a
 * reference, then each case from there.
 */
#include "faults.h"
#include "terminal.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static const uint64_t boot_limit_ns = FWSIM_S(60);
/* Of the time that the firmware takes without a fault. */
enum { PATIENCE = 10 };

const char *faults_word(int mark)
{
    return mark == FAULTS_NOT_HIT
               ? "not hit"
               : fwsim_sweep_outcome_name((fwsim_sweep_outcome)mark);
}

bool faults_is_bad(int mark)
{
    return mark == FWSIM_SWEEP_WRONG || mark == FWSIM_SWEEP_HANG ||
           mark == FWSIM_SWEEP_CRASH;
}

/* ------------------------------------------------------------------ */
/* Preparation                                                          */
/* ------------------------------------------------------------------ */

static int failed(faults_run *f, int code)
{
    return run_failed(f->result, code, fwsim_errmsg(f->m));
}

static const char *uart_of(const faults_run *f)
{
    return f->opt->uart ? f->opt->uart : f->opt->board->console;
}

static int boot(faults_run *f)
{
    const char *text = f->opt->faults.boot_text;
    int err = text ? fwsim_uart_expect(f->m, uart_of(f), text, boot_limit_ns)
                   : 0;

    if (err == FWSIM_ETIMEDOUT) {
        f->result->code = CLI_NOT_SEEN;
        snprintf(f->result->message, sizeof(f->result->message),
                 "the firmware does not boot: %s", fwsim_errmsg(f->m));
        return f->result->code;
    }
    if (!err)
        err = fwsim_snapshot_take(f->m, &f->boot);
    return err ? failed(f, err) : CLI_OK;
}

static void send_input(fwsim_machine *m, void *user)
{
    const faults_run *f = user;

    if (f->opt->input_size)
        fwsim_uart_send(m, uart_of(f), f->opt->input_data, f->opt->input_size);
}

static void set_how(faults_run *f)
{
    f->how = (fwsim_sweep_options){
        .limit = { .instructions = f->opt->limit,
                   .time_ns = f->opt->timeout_ns },
        .uart = uart_of(f),
        .ok_text = f->opt->faults.ok_text,
        .detected_text = f->opt->faults.detected_text,
        .wrong_text = f->opt->faults.wrong_text,
        .prepare = send_input,
        .user = f,
    };
}

/* Without a fault all must be well: a sweep over anything else says nothing. */
static int run_reference(faults_run *f)
{
    fwsim_sweep_case c;
    const char *output;
    size_t size = 0;
    int err = fwsim_sweep_case_run(f->m, NULL, f->boot, &f->how, &c);

    if (err)
        return failed(f, err);
    f->result->stop = c.stop;
    f->reference_ns = c.stop.time_ns;
    if (c.outcome != FWSIM_SWEEP_OK) {
        f->result->code = c.outcome == FWSIM_SWEEP_CRASH ? CLI_CRASH
                                                         : CLI_NOT_SEEN;
        snprintf(f->result->message, sizeof(f->result->message),
                 "without a fault the outcome is \"%s\" and not \"ok\": %s",
                 faults_word((int)c.outcome), c.stop.text);
        f->result->report = true;
        return f->result->code;
    }
    output = fwsim_uart_output(f->m, uart_of(f), &size);
    f->reference = malloc(size + 1);
    if (!f->reference)
        return failed(f, FWSIM_ENOMEM);
    memcpy(f->reference, output ? output : "", size + 1);
    if (f->opt->faults.compare)
        f->how.reference = f->reference;
    if (!f->opt->limit && !f->opt->timeout_ns)
        f->how.limit.time_ns = PATIENCE * f->reference_ns + FWSIM_MS(1);
    return CLI_OK;
}

static int make_sweeps(faults_run *f)
{
    const run_faults *what = &f->opt->faults;

    f->sweeps = calloc(what->sweep_count + 1, sizeof(*f->sweeps));
    if (!f->sweeps)
        return failed(f, FWSIM_ENOMEM);
    for (size_t i = 0; i < what->sweep_count; i++) {
        faults_sweep *s = &f->sweeps[i];
        int err = fwsim_sweep_new(&s->sweep, f->m, what->sweeps[i]);

        if (err) {
            failed(f, err);
            f->result->code = CLI_USAGE;
            return f->result->code;
        }
        s->pattern = what->sweeps[i];
        s->marks = malloc(fwsim_sweep_cases(s->sweep));
        f->sweep_count++;
        if (!s->marks)
            return failed(f, FWSIM_ENOMEM);
        f->cases += fwsim_sweep_cases(s->sweep);
    }
    return CLI_OK;
}

static void faults_free(faults_run *f)
{
    for (size_t i = 0; i < f->sweep_count; i++) {
        fwsim_sweep_free(f->sweeps[i].sweep);
        free(f->sweeps[i].marks);
    }
    free(f->sweeps);
    free(f->reference);
    fwsim_snapshot_free(f->boot);
}

/* ------------------------------------------------------------------ */
/* Running                                                              */
/* ------------------------------------------------------------------ */

static bool on_case(fwsim_machine *m, const fwsim_sweep_case *c, void *user)
{
    faults_run *f = user;
    faults_sweep *s = f->current;
    int mark = c->hits || c->outcome != FWSIM_SWEEP_OK ? (int)c->outcome
                                                        : FAULTS_NOT_HIT;

    (void)m;
    s->marks[s->done++] = (uint8_t)mark;
    s->count[mark]++;
    f->done++;
    faults_progress(f);
    return !terminal_signal();
}

static void conclude(faults_run *f)
{
    size_t bad = 0;

    for (size_t i = 0; i < f->sweep_count; i++)
        for (int mark = 0; mark < FAULTS_MARKS; mark++)
            bad += faults_is_bad(mark) ? f->sweeps[i].count[mark] : 0;
    if (terminal_signal())
        f->result->code = 128 + terminal_signal();
    else if (bad)
        f->result->code = CLI_FAULTY;
    snprintf(f->result->message, sizeof(f->result->message),
             "%s%zu of %zu cases did not end well",
             f->done < f->cases ? "interrupted: " : "", bad, f->done);
}

static int run_sweeps(faults_run *f)
{
    int err = make_sweeps(f);

    if (err)
        return err;
    f->how.on_case = on_case;
    for (size_t i = 0; i < f->sweep_count && !err && !terminal_signal(); i++) {
        f->current = &f->sweeps[i];
        err = fwsim_sweep_run(f->m, f->current->sweep, f->boot, &f->how);
    }
    faults_progress_end();
    if (err)
        return failed(f, err);
    conclude(f);
    if (f->opt->json)
        faults_report_json(f);
    else
        faults_report_text(f);
    return CLI_OK;
}

static int run_one(faults_run *f)
{
    fwsim_sweep_case c;
    int err = fwsim_sweep_case_run(f->m, f->opt->faults.only, f->boot, &f->how,
                                   &c);

    if (err) {
        failed(f, err);
        if (err == FWSIM_EINVAL || err == FWSIM_ERANGE || err == FWSIM_ENOENT)
            f->result->code = CLI_USAGE;
        return f->result->code;
    }
    faults_story(f, &c);
    if (c.outcome == FWSIM_SWEEP_CRASH)
        f->result->code = CLI_CRASH;
    else if (faults_is_bad((int)c.outcome))
        f->result->code = CLI_FAULTY;
    snprintf(f->result->message, sizeof(f->result->message),
             "%s: %s", f->opt->faults.only, faults_word((int)c.outcome));
    return CLI_OK;
}

static void run_all(faults_run *f)
{
    terminal_catch_signals();
    set_how(f);
    if (boot(f) || run_reference(f))
        return;
    if (f->opt->faults.only)
        run_one(f);
    else
        run_sweeps(f);
}

static void list_kinds(void)
{
    for (int k = 0; k < FWSIM_INJECT_KINDS; k++) {
        fwsim_inject_kind kind = (fwsim_inject_kind)k;
        const char *args = fwsim_inject_kind_args(kind);

        printf("%s%s%s%s\n", fwsim_inject_kind_name(kind), *args ? ":" : "",
               args, fwsim_inject_kind_counts(kind) ? "#N" : "@MOMENT");
        cli_print_filled(stdout, 4, 78, fwsim_inject_kind_text(kind));
        putchar('\n');
    }
}

static int run_faults_command(run_options *opt)
{
    run_result result = { 0 };
    faults_run f = { .opt = opt, .result = &result };

    if (opt->faults.kinds) {
        list_kinds();
        return cli_flush();
    }
    if (run_prepare(&f.m, opt, &result) == 0)
        run_all(&f);
    cli_message("%s", result.message);
    if (f.m && result.report) {
        result.time_ns = fwsim_time_ns(f.m);
        result.instructions = fwsim_instructions(f.m);
        run_report_text(f.m, opt, &result);
    }
    faults_free(&f);
    fwsim_free(f.m);
    fflush(stdout);
    if (result.code > 128)
        terminal_die(result.code - 128);
    return result.code;
}

int faults_main(int argc, char **argv)
{
    run_options opt = { .faults = { .command = true } };
    bool done = false;
    int code = run_options_read(&opt, argc, argv, &done);

    if (code == CLI_OK && !done)
        code = run_faults_command(&opt);
    run_options_free(&opt);
    return code;
}
