/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * `fwsim test`: what people see. A line a test on standard output; on a
 * terminal the last line says how far it is, and is gone at the end.
 */
#include "terminal.h"
#include "test.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool is_terminal(void)
{
    const char *term = getenv("TERM");

    return isatty(STDOUT_FILENO) && term && strcmp(term, "dumb") != 0;
}

static bool has_colours(void)
{
    const char *no = getenv("NO_COLOR");

    return is_terminal() && (!no || !*no);
}

static void clear_line(void)
{
    if (is_terminal())
        fputs("\r\033[K", stdout);
}

static void put_word(const char *word, const char *colour)
{
    if (has_colours())
        printf("\033[%sm%s\033[0m", colour, word);
    else
        fputs(word, stdout);
}

static const struct {
    const char *word, *colour, *many;
} statuses[] = {
    [SCENARIO_PASSED] = { "ok   ", "32", "passed" },
    [SCENARIO_FAILED] = { "FAIL ", "31", "failed" },
    [SCENARIO_SKIPPED] = { "skip ", "33", "skipped" },
    [SCENARIO_ERROR] = { "ERROR", "31", "broken" },
};

static void put_indented(const char *text)
{
    while (*text) {
        size_t n = strcspn(text, "\n");

        printf("    %.*s\n", (int)n, text);
        text += n + (text[n] == '\n');
    }
}

void test_show_begin(const test_plan *plan)
{
    /* In a report of TAP it is a comment. */
    if (plan->shuffle)
        printf("%sshuffled with --shuffle=%" PRIu64 "\n",
               plan->tap ? "# " : "", plan->seed);
}

static void put_failure(const test_result *r)
{
    if (r->line && r->column)
        printf("  %s:%zu:%zu\n", r->file->path, r->line, r->column);
    else if (r->line)
        printf("  %s:%zu\n", r->place ? r->place : r->file->path, r->line);
    if (r->message)
        put_indented(r->message);
    if (r->output && *r->output) {
        puts("  output:");
        put_indented(r->output);
    }
}

void test_show_result(const test_plan *plan, const test_result *r)
{
    bool bad = r->status == SCENARIO_FAILED || r->status == SCENARIO_ERROR;
    char time[48];

    if (plan->tap || (plan->quiet && !bad))
        return;
    clear_line();
    put_word(statuses[r->status].word, statuses[r->status].colour);
    printf(" %s/%s", r->file->group, r->name ? r->name : "?");
    if (r->status == SCENARIO_SKIPPED)
        printf("%s%s\n", r->message ? ": " : "", r->message ? r->message : "");
    else
        printf(" (%s)\n", cli_format_time(r->host_ns, time, sizeof(time)));
    if (bad)
        put_failure(r);
}

void test_show_progress(const test_plan *plan, const test_totals *totals,
                        size_t done, size_t count)
{
    size_t bad = totals->by_status[SCENARIO_FAILED] +
                 totals->by_status[SCENARIO_ERROR];

    if (plan->tap || !is_terminal())
        return;
    clear_line();
    printf("%zu of %zu files, %zu passed, %zu failed", done, count,
           totals->by_status[SCENARIO_PASSED], bad);
    fflush(stdout);
}

void test_show_progress_end(void)
{
    clear_line();
    fflush(stdout);
}

void test_show_end(const test_plan *plan, const test_totals *totals)
{
    const size_t *n = totals->by_status;

    fflush(stderr);
    if (plan->tap)
        fputs("# ", stdout);
    printf("%zu passed, %zu failed", n[SCENARIO_PASSED], n[SCENARIO_FAILED]);
    if (n[SCENARIO_ERROR])
        printf(", %zu broken", n[SCENARIO_ERROR]);
    printf(", %zu skipped", n[SCENARIO_SKIPPED]);
    if (totals->files_wrong)
        printf(", %zu %s not be read", totals->files_wrong,
               totals->files_wrong == 1 ? "file could" : "files could");
    printf(" in %.1f s%s\n", (double)totals->host_ns / 1e9,
           totals->stopped ? " (ended by --fail-fast)" : "");
}
