/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * `fwsim run`: the run itself, in slices of virtual time. Between two slices
 * signals and keys are looked at; on a terminal virtual time is held to real
 * time there, so that firmware that waits costs the host nothing. The library
 * knows nothing of it.
 */
#include "run.h"
#include "terminal.h"

#include <errno.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

enum { QUIT_KEY = 0x1d }; /* Ctrl-] */

static const uint64_t slice_interactive_ns = FWSIM_MS(5);
static const uint64_t slice_batch_ns = FWSIM_MS(100);
static const uint64_t slice_infer_ns = FWSIM_MS(10);
/* `fwsim infer` without --timeout and --limit */
static const uint64_t infer_limit = 50000000;
/* A host that lags more than this has slept or is too slow: start anew. */
static const uint64_t lag_max_ns = FWSIM_MS(100);

typedef struct session {
    fwsim_machine *m;
    run_options *opt;
    run_result *result;
    const char *consoles[RUN_CONSOLES_MAX];
    size_t console_count;
    char last;   /* byte the firmware has written */
    bool ended;
    uint64_t pace_virtual_ns, pace_real_ns; /* equal moments of both times */
    infer_watch watch;
} session;

static void end(session *s, int code, bool report, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

static void end(session *s, int code, bool report, const char *fmt, ...)
{
    va_list args;

    s->ended = true;
    s->result->code = code;
    s->result->report = report;
    va_start(args, fmt);
    vsnprintf(s->result->message, sizeof(s->result->message), fmt, args);
    va_end(args);
}

/* ------------------------------------------------------------------ */
/* Bytes to the firmware                                                */
/* ------------------------------------------------------------------ */

static void send(session *s, const char *data, size_t size)
{
    if (size && s->console_count &&
        fwsim_uart_send(s->m, s->consoles[0], data, size) != 0)
        end(s, CLI_INTERNAL, false, "cannot send to %s: %s", s->consoles[0],
            fwsim_errmsg(s->m));
}

/* ------------------------------------------------------------------ */
/* Bytes from the firmware                                              */
/* ------------------------------------------------------------------ */

static bool watch_texts(session *s, char byte)
{
    watch *next = run_next_expected(s->opt);
    bool decided = false;

    for (size_t i = 0; i < s->opt->failed.count; i++)
        decided |= watch_byte(&s->opt->failed.list[i], byte);
    if (!decided && next && watch_byte(next, byte))
        decided = !run_next_expected(s->opt);
    return decided;
}

static bool is_decided(const session *s)
{
    return run_failed_text(s->opt) ||
           (s->opt->expected.count && !run_next_expected(s->opt));
}

static void on_byte(fwsim_machine *m, const char *uart, uint8_t byte,
                    void *user)
{
    session *s = user;

    (void)uart;
    if (!s->opt->json && !s->opt->infer.command)
        putchar(byte);
    s->last = (char)byte;
    if (is_decided(s))
        return; /* the rest of the block in which it was decided */
    if (s->opt->input_after.text &&
        watch_byte(&s->opt->input_after, (char)byte))
        send(s, s->opt->input_data, s->opt->input_size);
    if (watch_texts(s, (char)byte))
        fwsim_request_stop(m);
}

/* ------------------------------------------------------------------ */
/* The terminal                                                         */
/* ------------------------------------------------------------------ */

static void keys(session *s, uint64_t timeout_ns)
{
    char typed[256];
    int n = terminal_read(typed, sizeof(typed), timeout_ns);
    const char *quit = n > 0 ? memchr(typed, QUIT_KEY, (size_t)n) : NULL;

    if (n > 0)
        send(s, typed, quit ? (size_t)(quit - typed) : (size_t)n);
    if (quit || n < 0)
        end(s, CLI_OK, false, "left by the user");
}

/* Wait until real time is where virtual time is, or a key comes. */
static void pace(session *s)
{
    uint64_t real = terminal_clock_ns() - s->pace_real_ns;
    uint64_t virtual = fwsim_time_ns(s->m) - s->pace_virtual_ns;

    keys(s, virtual > real ? virtual - real : 0);
    if (real > virtual + lag_max_ns) {
        s->pace_real_ns = terminal_clock_ns();
        s->pace_virtual_ns = fwsim_time_ns(s->m);
    }
}

/* ------------------------------------------------------------------ */
/* Slices                                                               */
/* ------------------------------------------------------------------ */

static uint64_t smaller(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

static uint64_t slice_ns(const run_options *opt)
{
    if (opt->interactive)
        return slice_interactive_ns;
    return opt->infer.command ? slice_infer_ns : slice_batch_ns;
}

/* A run of `fwsim infer` that the user has set no limit. */
static const char *next_infer_slice(session *s, fwsim_limit *limit)
{
    uint64_t executed = fwsim_instructions(s->m);

    if (executed >= infer_limit)
        return "50 million instructions are executed";
    limit->instructions = infer_limit - executed;
    return infer_goes_on(s->m, &s->watch)
               ? NULL
               : "nothing new was found for one second of virtual time";
}

/* @return NULL, or which limit of the user is reached */
static const char *next_slice(session *s, fwsim_limit *limit)
{
    const run_options *opt = s->opt;
    uint64_t now = fwsim_time_ns(s->m);
    uint64_t executed = fwsim_instructions(s->m);

    *limit = (fwsim_limit){ .time_ns = slice_ns(opt) };
    if (opt->timeout_ns) {
        if (now >= opt->timeout_ns)
            return "the time of --timeout is over";
        limit->time_ns = smaller(limit->time_ns, opt->timeout_ns - now);
    }
    if (opt->limit) {
        if (executed >= opt->limit)
            return "the instructions of --limit are executed";
        limit->instructions = opt->limit - executed;
    }
    if (opt->infer.command && !opt->timeout_ns && !opt->limit)
        return next_infer_slice(s, limit);
    if (opt->infer.command)
        infer_goes_on(s->m, &s->watch);
    return NULL;
}

/* Is the breakpoint a call of semihosting? Armv7-M, BKPT: 0xBE00 | imm8. */
static bool is_semihosting_call(fwsim_machine *m, uint64_t pc)
{
    uint8_t code[2];

    return fwsim_mem_read(m, pc, code, sizeof(code)) == 0 && code[0] == 0xab &&
           code[1] == 0xbe;
}

/* The run ended without a decision by a text. */
static void end_by_stop(session *s, const char *why)
{
    const fwsim_stop *stop = &s->result->stop;
    const watch *missing = run_next_expected(s->opt);

    switch (stop->reason) {
    case FWSIM_STOP_BREAKPOINT:
        if (is_semihosting_call(s->m, stop->pc)) {
            end(s, CLI_CRASH, true, "the firmware asks its debugger for "
                "something; --semihosting serves it");
            break;
        }
        /* fall through */
    case FWSIM_STOP_FAULT:
    case FWSIM_STOP_LOCKUP:
        end(s, CLI_CRASH, true, "the firmware crashed: %s", why);
        break;
    case FWSIM_STOP_UNMODELLED:
        end(s, s->opt->infer.how.frozen ? CLI_FROZEN : CLI_UNMODELLED, true,
            "%s", why);
        break;
    case FWSIM_STOP_UNSUPPORTED:
        end(s, CLI_INTERNAL, true, "the simulator lacks something: %s", why);
        break;
    default:
        if (stop->reason == FWSIM_STOP_EXIT && stop->exit_code != 0)
            end(s, CLI_FIRMWARE, false,
                "the firmware ended itself with code %d", stop->exit_code);
        else if (missing)
            end(s, CLI_NOT_SEEN, true, "the text \"%s\" has not appeared: %s",
                missing->text, why);
        else
            end(s, CLI_OK, false, "%s", why);
    }
}

static void end_by_text(session *s)
{
    const watch *failed = run_failed_text(s->opt);

    if (failed)
        end(s, CLI_FAIL_TEXT, false, "the text \"%s\" has appeared",
            failed->text);
    else
        end(s, CLI_OK, false, "all expected text has appeared");
}

static void after_slice(session *s)
{
    const fwsim_stop *stop = &s->result->stop;

    if (is_decided(s))
        end_by_text(s);
    else if (stop->reason != FWSIM_STOP_LIMIT &&
             stop->reason != FWSIM_STOP_REQUEST)
        end_by_stop(s, stop->text);
    else if (s->opt->interactive)
        pace(s);
}

static void end_by_signal(session *s)
{
    int number = terminal_signal();

    end(s, 128 + number, true, "interrupted by signal %d (%s)", number,
        strsignal(number));
}

/*
 * Time may pass in sleep to the end of a slice, so a slice does not tell
 * whether anything is left that could wake the core; a step does. It goes to
 * the next event, however far that is: not where the user has limited time.
 */
static int run_slice(session *s, const fwsim_limit *limit)
{
    fwsim_stop *stop = &s->result->stop;
    int err = fwsim_run(s->m, limit, stop);

    if (!err && stop->reason == FWSIM_STOP_LIMIT && !stop->instructions &&
        !s->opt->timeout_ns && !s->opt->interactive)
        err = fwsim_step(s->m, stop);
    return err;
}

static void slice(session *s)
{
    fwsim_limit limit;
    const char *over = next_slice(s, &limit);

    if (over) {
        end_by_stop(s, over);
        return;
    }
    if (run_slice(s, &limit) != 0) {
        end(s, CLI_INTERNAL, false, "%s", fwsim_errmsg(s->m));
        return;
    }
    /* What is on stdout already need not be kept. */
    for (size_t i = 0; i < s->console_count && !s->opt->json; i++)
        fwsim_uart_clear(s->m, s->consoles[i]);
    if (fflush(stdout) != 0)
        end(s, CLI_INTERNAL, false, "cannot write to standard output: %s",
            strerror(errno));
    else if (terminal_signal())
        end_by_signal(s);
    else if (!s->ended)
        after_slice(s);
}

/* ------------------------------------------------------------------ */
/* Begin and end                                                        */
/* ------------------------------------------------------------------ */

static void say_how(const run_options *opt)
{
    if (opt->interactive)
        cli_message("%s on %s; Ctrl-] ends the session", opt->images[0].path,
                    opt->board->name);
    else if (!opt->timeout_ns && !opt->limit && !opt->infer.command)
        cli_message("no --timeout and no --limit: this takes as long as the "
                    "firmware does");
}

static void begin(session *s)
{
    s->console_count = run_consoles(s->opt, s->consoles);
    for (size_t i = 0; i < s->console_count; i++) {
        if (fwsim_on_uart(s->m, s->consoles[i], on_byte, s) != 0) {
            end(s, CLI_INTERNAL, false, "%s", fwsim_errmsg(s->m));
            return;
        }
    }
    if (!s->opt->input_after.text)
        send(s, s->opt->input_data, s->opt->input_size);
    say_how(s->opt);
    terminal_catch_signals();
    if (s->opt->interactive && !terminal_raw())
        end(s, CLI_INTERNAL, false, "cannot set up the terminal: %s",
            strerror(errno));
    s->pace_real_ns = terminal_clock_ns();
}

void run_session(fwsim_machine *m, run_options *opt, run_result *result)
{
    session s = { .m = m, .opt = opt, .result = result, .last = '\n' };

    begin(&s);
    while (!s.ended)
        slice(&s);
    if (opt->infer.command)
        infer_progress_end();
    terminal_restore();
    if (!opt->json && !opt->infer.command && s.last != '\n' &&
        isatty(STDOUT_FILENO))
        putchar('\n');
    result->time_ns = fwsim_time_ns(m);
    result->instructions = fwsim_instructions(m);
}
