/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * `fwsim test`: a test program. Its results are read from what it writes
 * (test_output.c); a program of cmocka writes TAP when the environment asks for
 * it. One that tells none has one result, by its exit code. One that lists its
 * tests (test_protocol.c) is started again behind a test that has killed it.
 */
#include "test.h"

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
    if (job->file->protocol) {
        /* All in one pipe: every line is behind the right test. */
        dup2(results, STDERR_FILENO);
        test_protocol_exec(job);
    } else {
        execv(path, argv);
    }
    fprintf(stderr, "cannot be started: %s\n", strerror(errno));
    fflush(stderr);
    _exit(EXIT_NOT_STARTED);
}

/* ------------------------------------------------------------------ */
/* Results                                                              */
/* ------------------------------------------------------------------ */

/* Tests of the list up to @a end have no result yet. */
static void add_missing(test_job *job, size_t end, scenario_status status,
                        const char *message)
{
    test_text output = job->output; /* of another test */

    job->output = (test_text){ 0 };
    for (; job->next < end; job->next++)
        test_add(job, test_name(job->file, job->order[job->next]), status,
                 message);
    job->output = output;
}

void test_program_result(test_job *job, const char *name,
                         scenario_status status, const char *message)
{
    const test_file *f = job->file;
    size_t at = job->next;

    if (!f->protocol && !test_wanted(job->plan, f->group, name)) {
        test_text_clear(&job->output);
        return;
    }
    while (at < f->test_count && strcmp(test_name(f, job->order[at]), name))
        at++;
    if (at < f->test_count) {
        add_missing(job, at, SCENARIO_ERROR, "has told no result");
        job->next = at + 1;
    }
    test_add(job, name, status, message);
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
        test_output_line(job, line);
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

/* Why it has ended. */
static const char *end_text(const test_job *job, int status, char *buf,
                            size_t size)
{
    char time[48];

    if (!job->timed_out)
        return test_status_text(status, buf, size);
    snprintf(buf, size, "did not end within %s (--timeout)",
             cli_format_time(test_program_ns(job->plan), time, sizeof(time)));
    return buf;
}

/* Tests of the list are left: the next one has ended the program.
 * @return whether to start it again behind that one */
static bool go_on(test_job *job, int status)
{
    const test_file *f = job->file;
    bool any = job->result_count > job->first;
    char text[256];

    if (WIFEXITED(status) && WEXITSTATUS(status) == EXIT_SKIPPED) {
        add_missing(job, f->test_count, SCENARIO_SKIPPED, NULL);
        return false;
    }
    test_add(job, test_name(f, job->order[job->next++]), SCENARIO_ERROR,
             end_text(job, status, text, sizeof(text)));
    /* It may hang before the first test: nobody wants to wait for that again
     * and again. */
    if (job->timed_out && !any)
        add_missing(job, f->test_count, SCENARIO_ERROR,
                    "was not run: the program hangs");
    return job->next < f->test_count;
}

static bool ended(test_job *job, int status)
{
    size_t count;
    bool filtered = job->plan->filter_count && !job->file->protocol;
    char text[256];

    if (job->told.size)
        test_output_line(job, job->told.data);
    test_text_clear(&job->told);
    if (job->file->protocol && job->next < job->file->test_count)
        return go_on(job, status);
    count = job->result_count - job->first;
    if (job->timed_out || WIFSIGNALED(status)) {
        test_add(job, job->file->group, SCENARIO_ERROR,
                 end_text(job, status, text, sizeof(text)));
    } else if (job->planned < 0 && !count) {
        by_exit_code(job, status);
    } else if (status != 0 && WEXITSTATUS(status) != EXIT_SKIPPED &&
               !has_failed(job) && !filtered) {
        test_add(job, job->file->group, SCENARIO_FAILED,
                 test_status_text(status, text, sizeof(text)));
    } else if (job->planned > (long)count && !filtered) {
        snprintf(text, sizeof(text), "ended after %zu of %ld tests", count,
                 job->planned);
        test_add(job, job->file->group, SCENARIO_ERROR, text);
    }
    return false;
}

const test_kind test_program_kind = { child, told, ended };
