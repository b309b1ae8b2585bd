/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * `fwsim test`: a test program. Its lines on standard output that are TAP are
 * results; a program of cmocka writes them when the environment asks for it.
 * One without TAP has one result, by its exit code.
 *
 * Source: Test Anything Protocol 14. cmocka writes a test that was skipped as
 * "not ok 3 # SKIP name".
 */
#include "test.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { EXIT_SKIPPED = 77, EXIT_NOT_STARTED = 126 };

uint64_t test_program_ns(const test_plan *plan)
{
    return plan->timeout_ns ? plan->timeout_ns : FWSIM_S(60);
}

/* ------------------------------------------------------------------ */
/* The child                                                            */
/* ------------------------------------------------------------------ */

static void child(test_job *job, int results)
{
    const char *path = job->file->path;
    char *const argv[] = { (char *)path, NULL };

    dup2(results, STDOUT_FILENO);
    setenv("CMOCKA_MESSAGE_OUTPUT", "TAP", 1);
    execv(path, argv);
    fprintf(stderr, "cannot be started: %s\n", strerror(errno));
    fflush(stderr);
    _exit(EXIT_NOT_STARTED);
}

/* ------------------------------------------------------------------ */
/* TAP                                                                  */
/* ------------------------------------------------------------------ */

/* Behind a word at the beginning of a text; NULL: it is not there. */
static const char *behind(const char *text, const char *word)
{
    size_t n = strlen(word);

    return strncmp(text, word, n) ? NULL : text + n;
}

static const char *after_spaces(const char *text)
{
    return text + strspn(text, " \t");
}

/* "# SKIP reason" in any case; @return the reason, or NULL */
static const char *directive(const char *text, const char *word)
{
    for (text = strchr(text, '#'); text; text = strchr(text + 1, '#')) {
        const char *p = after_spaces(text + 1);
        size_t i = 0;

        while (word[i] && tolower((unsigned char)p[i]) == word[i])
            i++;
        if (!word[i] && (!p[i] || isspace((unsigned char)p[i])))
            return after_spaces(p + i);
    }
    return NULL;
}

/* The name of a test point: without its number, dash and directive. */
static void point_name(const char *text, char *name, size_t size)
{
    size_t n;

    text = after_spaces(text);
    text = after_spaces(text + strspn(text, "0123456789"));
    if (*text == '-')
        text = after_spaces(text + 1);
    for (n = 0; text[n] && !(text[n] == '#' && (!n || text[n - 1] == ' '));)
        n++;
    while (n && text[n - 1] == ' ')
        n--;
    snprintf(name, size, "%.*s", (int)n, text);
}

static void test_point(test_job *job, const char *text, bool ok)
{
    const char *reason = directive(text, "skip");
    bool todo = directive(text, "todo") != NULL;
    char name[512];

    point_name(text, name, sizeof(name));
    if (!name[0] && reason) { /* cmocka: the name stands where the reason is */
        snprintf(name, sizeof(name), "%s", reason);
        reason = NULL;
    }
    if (!name[0])
        snprintf(name, sizeof(name), "%zu", job->result_count + 1);
    if (!test_wanted(job->plan, job->file->group, name)) {
        test_text_clear(&job->output);
        return;
    }
    test_add(job, name,
             reason || (directive(text, "skip") && !ok) ? SCENARIO_SKIPPED
             : ok || todo                               ? SCENARIO_PASSED
                                                        : SCENARIO_FAILED,
             reason);
}

/* "test.c:8: error: Failure!" tells the place. */
static void take_place(test_result *r, const char *line)
{
    const char *colon = strchr(line, ':');
    size_t number = colon ? strtoul(colon + 1, NULL, 10) : 0;

    if (r->line || !number || colon == line || strchr(line, ' ') < colon)
        return;
    r->place = strndup(line, (size_t)(colon - line));
    r->line = r->place ? number : 0;
}

/* A comment behind a test that failed is its message. */
static void comment(test_job *job, const char *line)
{
    test_result *r = test_last(job);
    size_t size;
    char *grown;

    line = after_spaces(line);
    if (!r || r->status != SCENARIO_FAILED || !*line ||
        behind(line, "ok ") || behind(line, "not ok "))
        return;
    take_place(r, line);
    size = r->message ? strlen(r->message) : 0;
    grown = realloc(r->message, size + strlen(line) + 2);
    if (!grown)
        return;
    r->message = grown;
    sprintf(grown + size, "%s%s", size ? "\n" : "", line);
}

static void take_line(test_job *job, const char *line)
{
    const char *rest;

    if ((rest = behind(line, "ok")) && (!*rest || *rest == ' ')) {
        test_point(job, rest, true);
    } else if ((rest = behind(line, "not ok")) && (!*rest || *rest == ' ')) {
        test_point(job, rest, false);
    } else if ((rest = behind(line, "1..")) &&
               isdigit((unsigned char)*rest)) {
        job->planned = (job->planned < 0 ? 0 : job->planned) +
                       strtol(rest, NULL, 10);
    } else if ((rest = behind(line, "#"))) {
        comment(job, rest);
    } else if ((rest = behind(line, "Bail out!"))) {
        test_add(job, "bail out", SCENARIO_ERROR, after_spaces(rest));
    } else if (!behind(line, "TAP version")) {
        test_text_add(&job->output, line, strlen(line));
        test_text_add(&job->output, "\n", 1);
    }
}

static void told(test_job *job, const char *data, size_t size)
{
    char *line, *end;

    test_text_add(&job->told, data, size);
    if (!job->told.data)
        return;
    for (line = job->told.data;
         (end = memchr(line, '\n',
                       job->told.size - (size_t)(line - job->told.data)));
         line = end + 1) {
        *end = '\0';
        if (end > line && end[-1] == '\r')
            end[-1] = '\0';
        take_line(job, line);
    }
    job->told.size -= (size_t)(line - job->told.data);
    memmove(job->told.data, line, job->told.size + 1);
}

/* ------------------------------------------------------------------ */
/* The end                                                              */
/* ------------------------------------------------------------------ */

static bool has_failed(const test_job *job)
{
    for (size_t i = 0; i < job->result_count; i++) {
        if (job->results[i].status == SCENARIO_FAILED ||
            job->results[i].status == SCENARIO_ERROR)
            return true;
    }
    return false;
}

/* A program without TAP: the whole is one test, with the name of the group. */
static void by_exit_code(test_job *job, int status)
{
    int code = WEXITSTATUS(status);
    char text[128];

    if (test_wanted(job->plan, job->file->group, job->file->group))
        test_add(job, job->file->group,
                 code == 0               ? SCENARIO_PASSED
                 : code == EXIT_SKIPPED  ? SCENARIO_SKIPPED
                 : code == EXIT_NOT_STARTED ? SCENARIO_ERROR
                                         : SCENARIO_FAILED,
                 code == 0 ? NULL : test_status_text(status, text,
                                                     sizeof(text)));
}

static bool ended(test_job *job, int status)
{
    char text[128], message[256], time[48];
    bool crashed = WIFSIGNALED(status);

    if (job->told.size)
        take_line(job, job->told.data);
    test_text_clear(&job->told);
    if (job->timed_out) {
        snprintf(message, sizeof(message), "did not end within %s (--timeout)",
                 cli_format_time(test_program_ns(job->plan), time, sizeof(time)));
        test_add(job, job->file->group, SCENARIO_ERROR, message);
    } else if (crashed) {
        test_add(job, job->file->group, SCENARIO_ERROR,
                 test_status_text(status, text, sizeof(text)));
    } else if (job->planned < 0 && !job->result_count) {
        by_exit_code(job, status);
    } else if (status != 0 && WEXITSTATUS(status) != EXIT_SKIPPED &&
               !has_failed(job) && !job->plan->filter_count) {
        test_add(job, job->file->group, SCENARIO_FAILED,
                 test_status_text(status, text, sizeof(text)));
    } else if (job->planned > (long)job->result_count &&
               !job->plan->filter_count) {
        snprintf(message, sizeof(message), "ended after %zu of %ld tests",
                 job->result_count, job->planned);
        test_add(job, job->file->group, SCENARIO_ERROR, message);
    }
    return false;
}

const test_kind test_program_kind = { child, told, ended };
