/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * `fwsim test`: a scenario runs in a fork of fwsim, which tells when a test
 * begins and how it ended. When the child dies, the test that was running is
 * the one that failed, and another child goes on behind it.
 */
#include "terminal.h"
#include "test.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* What the child tells: a test has begun, or has ended. The setup is no test:
 * it is told of only when it fails. */
typedef struct record {
    enum { BEGUN, ENDED, SETUP_FAILED } kind;
    scenario_result result;
    uint64_t host_ns;
} record;

/* ------------------------------------------------------------------ */
/* The child                                                            */
/* ------------------------------------------------------------------ */

static void tell(int fd, const record *r)
{
    const char *data = (const char *)r;
    size_t left = sizeof(*r);

    while (left) {
        ssize_t n = write(fd, data, left);

        if (n < 0 && errno != EINTR)
            _exit(CLI_INTERNAL); /* nobody listens any more */
        if (n > 0) {
            data += n;
            left -= (size_t)n;
        }
    }
}

static void child(test_job *job, int results)
{
    const scenario *s = job->file->scenario;
    record *r = calloc(1, sizeof(*r));
    scenario_run *run;

    if (!r)
        _exit(CLI_INTERNAL);
    run = scenario_begin(s, job->plan->timeout_ns, &r->result);
    if (!run) {
        r->kind = SETUP_FAILED;
        tell(results, r);
    }
    for (size_t i = job->next; run && i < job->file->test_count; i++) {
        uint64_t begun = terminal_clock_ns();

        r->kind = BEGUN;
        tell(results, r);
        scenario_run_test(run, &s->tests[job->order[i]], &r->result);
        r->kind = ENDED;
        r->host_ns = terminal_clock_ns() - begun;
        tell(results, r);
    }
    scenario_end(run);
    free(r);
    exit(0); /* checkers of leaks look now */
}

/* ------------------------------------------------------------------ */
/* The parent                                                           */
/* ------------------------------------------------------------------ */

static const char *current_name(const test_job *job)
{
    return test_name(job->file, job->order[job->next]);
}

static void take(test_job *job, const record *r)
{
    test_result *last;

    if (r->kind == BEGUN) {
        test_mark(job);
        return;
    }
    test_add(job, r->kind == SETUP_FAILED ? "setup" : current_name(job),
             r->result.status, r->result.message);
    last = test_last(job);
    if (last) {
        last->line = r->result.mark.line;
        last->column = r->result.mark.column;
        last->host_ns = r->host_ns;
    }
    job->in_test = false;
    job->next = r->kind == SETUP_FAILED ? job->file->test_count
                                        : job->next + 1;
}

static void told(test_job *job, const char *data, size_t size)
{
    record *r = malloc(sizeof(*r));
    size_t at = 0;

    if (!r)
        return;
    test_text_add(&job->told, data, size);
    for (; job->told.size - at >= sizeof(*r); at += sizeof(*r)) {
        memcpy(r, job->told.data + at, sizeof(*r));
        if (job->next < job->file->test_count)
            take(job, r);
    }
    if (at) {
        memmove(job->told.data, job->told.data + at, job->told.size - at);
        job->told.size -= at;
    }
    free(r);
}

static bool ended(test_job *job, int status)
{
    bool left = job->next < job->file->test_count;
    char text[128], message[256];

    test_text_clear(&job->told);
    if (status == 0 && !left)
        return false;
    snprintf(message, sizeof(message), "fwsim %s; please report this",
             test_status_text(status, text, sizeof(text)));
    test_add(job, job->in_test ? current_name(job) : left ? "setup" : "end",
             SCENARIO_ERROR, message);
    if (!left)
        return false;
    /* Without a test to leave out, it would only happen again. */
    job->next = job->in_test ? job->next + 1 : job->file->test_count;
    job->in_test = false;
    return job->next < job->file->test_count;
}

const test_kind test_scenario_kind = { child, told, ended };
