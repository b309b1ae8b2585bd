/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What all expectations share: the run until something has come, and the
 * report when it has not.
 */
#include "expect/expect.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FRAMES = 8, EVENTS = 16 };

const char *fwsim_failure(const fwsim_machine *m)
{
    return m->failure ? m->failure : m->errmsg;
}

int fwsim__expect_begin(fwsim_machine *m, const char *function)
{
    if (m->running)
        return fwsim__error(m, FWSIM_EBUSY, "%s inside a callback", function);
    fwsim__error_clear(m);
    return fwsim_journal_entries(m)
               ? 0
               : fwsim_journal_enable(m, FWSIM_JOURNAL_ENTRIES);
}

int fwsim__expect_run(fwsim_machine *m, fwsim__wait *w)
{
    int err, id = 0;

    w->began_ns = fwsim_time_ns(m);
    w->stop = (fwsim_stop){ .reason = FWSIM_STOP_NONE };
    if (w->met || w->broken || !w->timeout_ns)
        return 0;
    if (w->hook.fn)
        id = fwsim__hook_add(m, w->kind, &w->hook);
    if (id < 0)
        return id;
    err = fwsim_run(m, &(fwsim_limit){ .time_ns = w->timeout_ns }, &w->stop);
    if (id)
        fwsim_unhook(m, id);
    return err;
}

/* ------------------------------------------------------------------ */
/* Text                                                                 */
/* ------------------------------------------------------------------ */

bool fwsim__print(fwsim__bytes *to, const char *fmt, ...)
{
    char text[1024];
    va_list args;
    int n;

    va_start(args, fmt);
    n = vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    if (n >= (int)sizeof text)
        n = sizeof text - 1;
    return fwsim__bytes_add(to, text, n > 0 ? (size_t)n : 0);
}

char *fwsim__duration(uint64_t ns, char *buf, size_t size)
{
    static const struct {
        uint64_t ns;
        const char *name;
    } units[] = { { 1000000000, "s" }, { 1000000, "ms" }, { 1000, "us" } };

    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (ns >= units[i].ns && ns % (units[i].ns / 1000) == 0) {
            snprintf(buf, size, "%.10g %s", (double)ns / (double)units[i].ns,
                     units[i].name);
            return buf;
        }
    snprintf(buf, size, "%" PRIu64 " ns", ns);
    return buf;
}

/* ------------------------------------------------------------------ */
/* The report                                                           */
/* ------------------------------------------------------------------ */

static char *time_now(const fwsim_machine *m, char *buf, size_t size)
{
    uint64_t ns = fwsim_time_ns(m);

    snprintf(buf, size, "%" PRIu64 ".%06" PRIu64 " s", ns / 1000000000u,
             ns % 1000000000u / 1000u);
    return buf;
}

/** "  came      ", and under it spaces. */
static bool print_lines(fwsim__bytes *to, const char *label, const char *lines)
{
    bool ok = true;

    for (size_t n; *lines && ok; lines += n + (lines[n] == '\n')) {
        n = strcspn(lines, "\n");
        ok = fwsim__print(to, "  %-9s %.*s\n", label, (int)n, lines);
        label = "";
    }
    return ok;
}

typedef struct event_lines {
    fwsim__bytes *to;
    const char *label;
    bool ok;
} event_lines;

static void put_event(const char *line, void *user)
{
    event_lines *e = user;

    if (e->ok)
        e->ok = fwsim__print(e->to, "  %-9s %s\n", e->label, line);
    e->label = "";
}

static bool print_firmware(fwsim_machine *m, fwsim__bytes *to)
{
    fwsim_frame frames[FRAMES];
    size_t n = fwsim_backtrace(m, frames, FRAMES);
    const char *label = "firmware";
    char where[256];
    bool ok = true;

    for (size_t i = 0; i < n && ok; i++) {
        ok = fwsim__print(to, "  %-9s %s%s\n", label,
                          fwsim_describe(m, fwsim_frame_code(frames, i), where,
                                         sizeof where),
                          frames[i].exception ? " (interrupted)" : "");
        label = "";
    }
    return ok;
}

static bool print_end(fwsim_machine *m, fwsim__bytes *to, const fwsim__wait *w)
{
    const char *why = w->broken ? "it cannot come any more"
                      : w->stop.reason == FWSIM_STOP_NONE ? "not run"
                                                          : w->stop.text;
    char now[40];

    return fwsim__print(to, "  %-9s %s: %s\n", "ended",
                        time_now(m, now, sizeof now), why);
}

static bool print_report(fwsim_machine *m, fwsim__bytes *to,
                         const fwsim__failed *f)
{
    event_lines events = { to, "events", true };

    if (!fwsim__print(to, "%s\n", f->wanted) ||
        !print_lines(to, "came", f->details ? f->details : f->came) ||
        !print_end(m, to, f->wait) || !print_firmware(m, to))
        return false;
    fwsim_journal_print(m, EVENTS, put_event, &events);
    if (events.ok && to->data[to->size - 1] == '\n')
        to->data[--to->size] = '\0';
    return events.ok;
}

int fwsim__expect_failed(fwsim_machine *m, const fwsim__failed *f)
{
    const fwsim_stop *stop = &f->wait->stop;
    fwsim__bytes report = { 0 };
    int code = f->code ? f->code : FWSIM_ETIMEDOUT;
    char where[100] = "", now[40];

    if (m->cpu && stop->reason != FWSIM_STOP_NONE)
        fwsim_describe(m, stop->pc, where, sizeof where);
    fwsim__error(m, code, "%s; %s (%s%s%s%s%s)", f->wanted, f->came,
                 time_now(m, now, sizeof now), f->wait->broken ? "" : ", ",
                 f->wait->broken ? "" : fwsim_stop_name(stop->reason),
                 *where ? ", at " : "", where);
    /* Without memory for the report the line above has to do. */
    if (print_report(m, &report, f))
        m->failure = (char *)report.data;
    else
        free(report.data);
    return code;
}
