/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/** print_error cuts at a thousand bytes. */
static void print_lines(const char *text)
{
    for (size_t n; *text; text += n + (text[n] == '\n')) {
        n = strcspn(text, "\n");
        print_error("    %.*s\n", (int)n, text);
    }
}

void support_ok(fwsim_machine *m, int result, const char *call,
                const char *file, int line)
{
    if (result == 0)
        return;
    print_error("%s\n    %d, %s\n", call, result, fwsim_strerror(result));
    print_lines(m ? fwsim_failure(m) : "");
    _fail(file, line);
}

void assert_errmsg(fwsim_machine *m, const char *part)
{
    if (strstr(fwsim_errmsg(m), part))
        return;
    print_error("\"%s\"\n    does not contain \"%s\"\n", fwsim_errmsg(m), part);
    fail();
}

static void print_line(const fwsim_log_entry *entry, void *user)
{
    (void)user;
    print_error("%s: %s\n", entry->origin, entry->text);
}

fwsim_machine *new_machine(const fwsim_board *board, const fwsim_options *opt)
{
    const fwsim_options printing = { .log = print_line };
    fwsim_machine *m = NULL;

    OK(fwsim_new(&m, board, opt ? opt : &printing));
    return m;
}

int free_machine(void **state)
{
    fwsim_free(*state);
    return 0;
}

static uint32_t read_width(fwsim_machine *m, uint64_t addr, unsigned width)
{
    uint32_t value;

    OK(fwsim_bus_read(m, addr, width, &value));
    return value;
}

uint32_t bus_read(fwsim_machine *m, uint64_t addr)
{
    return read_width(m, addr, 4);
}

uint16_t bus_read16(fwsim_machine *m, uint64_t addr)
{
    return (uint16_t)read_width(m, addr, 2);
}

uint8_t bus_read8(fwsim_machine *m, uint64_t addr)
{
    return (uint8_t)read_width(m, addr, 1);
}

void bus_write(fwsim_machine *m, uint64_t addr, uint32_t value)
{
    OK(fwsim_bus_write(m, addr, 4, value));
}

void bus_write16(fwsim_machine *m, uint64_t addr, uint16_t value)
{
    OK(fwsim_bus_write(m, addr, 2, value));
}

void bus_write8(fwsim_machine *m, uint64_t addr, uint8_t value)
{
    OK(fwsim_bus_write(m, addr, 1, value));
}

static fwsim_stop_reason run(fwsim_machine *m, fwsim_limit limit)
{
    fwsim_stop stop;

    OK(fwsim_run(m, &limit, &stop));
    return stop.reason;
}

fwsim_stop_reason run_ns(fwsim_machine *m, uint64_t ns)
{
    return run(m, (fwsim_limit){ .time_ns = ns });
}

fwsim_stop_reason run_instructions(fwsim_machine *m, uint64_t n)
{
    return run(m, (fwsim_limit){ .instructions = n });
}

void log_collect(const fwsim_log_entry *entry, void *user)
{
    log_lines *log = user;
    log_line *line;

    if (log->count++ >= LOG_LINES)
        return;
    line = &log->line[log->count - 1];
    *line = (log_line){ .level = entry->level,
                        .topic = entry->topic,
                        .time_ns = entry->time_ns,
                        .pc = entry->pc,
                        .has_pc = entry->has_pc };
    snprintf(line->origin, sizeof line->origin, "%s", entry->origin);
    snprintf(line->text, sizeof line->text, "%s", entry->text);
}

static size_t kept(const log_lines *log)
{
    return log->count < LOG_LINES ? log->count : LOG_LINES;
}

size_t log_count(const log_lines *log, fwsim_topic topic)
{
    size_t n = 0;

    for (size_t i = 0; i < kept(log); i++)
        n += log->line[i].topic == topic;
    return n;
}

const log_line *log_find(const log_lines *log, fwsim_topic topic,
                         const char *part)
{
    for (size_t i = 0; i < kept(log); i++)
        if (log->line[i].topic == topic && strstr(log->line[i].text, part))
            return &log->line[i];
    return NULL;
}

fwsim_options log_options(log_lines *log)
{
    return (fwsim_options){ .log = log_collect,
                            .log_user = log,
                            .log_level = FWSIM_LOG_DEBUG };
}

int bench_setup(void **state, const fwsim_board *board)
{
    bench *b = calloc(1, sizeof *b);
    fwsim_options opt;

    assert_non_null(b);
    opt = log_options(&b->log);
    b->m = new_machine(board, &opt);
    *state = b;
    return 0;
}

int bench_teardown(void **state)
{
    bench *b = *state;

    fwsim_free(b->m);
    free(b);
    return 0;
}

fwsim_machine *bench_machine(void **state)
{
    return ((bench *)*state)->m;
}
