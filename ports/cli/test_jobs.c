/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * `fwsim test`: processes. Each job is a child in a process group of its own,
 * with two pipes: one for results, one for what it writes. The parent waits
 * for all of them at once, and kills the group of one that takes too long.
 */
#include "terminal.h"
#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { TEXT_LIMIT = 64 * 1024, TICK_MS = 50 };

/* ------------------------------------------------------------------ */
/* Text and results                                                     */
/* ------------------------------------------------------------------ */

void test_text_clear(test_text *t)
{
    free(t->data);
    *t = (test_text){ 0 };
}

void test_text_add(test_text *t, const char *data, size_t size)
{
    char *grown;

    if (size > TEXT_LIMIT) {
        data += size - TEXT_LIMIT;
        size = TEXT_LIMIT;
    }
    if (t->size + size > TEXT_LIMIT) {
        size_t drop = t->size + size - TEXT_LIMIT;

        memmove(t->data, t->data + drop, t->size - drop);
        t->size -= drop;
    }
    grown = realloc(t->data, t->size + size + 1);
    if (!grown)
        return; /* less text in a report */
    memcpy(grown + t->size, data, size);
    t->data = grown;
    t->size += size;
    t->data[t->size] = '\0';
}

static char *copy(const char *text)
{
    return text ? strdup(text) : NULL;
}

void test_add(test_job *job, const char *name, scenario_status status,
              const char *message)
{
    uint64_t now = terminal_clock_ns();
    test_result *grown = realloc(job->results, (job->result_count + 1) *
                                                   sizeof(*job->results));

    if (!grown)
        return;
    job->results = grown;
    job->results[job->result_count++] = (test_result){
        .file = job->file,
        .name = copy(name),
        .status = status,
        .host_ns = now - job->marked_ns,
        .message = copy(message),
        .output = copy(job->output.data),
    };
    job->marked_ns = now;
    test_text_clear(&job->output);
}

void test_mark(test_job *job)
{
    job->in_test = true;
    job->marked_ns = terminal_clock_ns();
}

test_result *test_last(test_job *job)
{
    return job->result_count ? &job->results[job->result_count - 1] : NULL;
}

void test_job_free(test_job *job)
{
    for (size_t i = 0; i < job->result_count; i++) {
        free(job->results[i].name);
        free(job->results[i].place);
        free(job->results[i].message);
        free(job->results[i].output);
    }
    free(job->results);
    free(job->order);
    test_text_clear(&job->told);
    test_text_clear(&job->output);
}

const char *test_status_text(int status, char *buf, size_t size)
{
    if (WIFSIGNALED(status))
        snprintf(buf, size, "crashed: signal %d (%s)", WTERMSIG(status),
                 strsignal(WTERMSIG(status)));
    else
        snprintf(buf, size, "ended with exit code %d", WEXITSTATUS(status));
    return buf;
}

/* ------------------------------------------------------------------ */
/* Children                                                             */
/* ------------------------------------------------------------------ */

static void be_child(test_job *job, const int results[2], const int output[2])
{
    int null = open("/dev/null", O_RDONLY);

    setpgid(0, 0);
    if (null >= 0)
        dup2(null, STDIN_FILENO);
    dup2(output[1], STDOUT_FILENO);
    dup2(output[1], STDERR_FILENO);
    job->kind->child(job, results[1]);
    _exit(CLI_INTERNAL);
}

static bool open_pipes(int results[2], int output[2])
{
    if (pipe(results) != 0)
        return false;
    if (pipe(output) == 0) {
        for (size_t i = 0; i < 2; i++) {
            fcntl(results[i], F_SETFD, FD_CLOEXEC);
            fcntl(output[i], F_SETFD, FD_CLOEXEC);
        }
        return true;
    }
    close(results[0]);
    close(results[1]);
    return false;
}

static bool start(test_job *job)
{
    int results[2], output[2];

    if (!open_pipes(results, output))
        return false;
    fflush(NULL);
    job->marked_ns = terminal_clock_ns();
    job->timed_out = job->in_test = false;
    job->planned = -1;
    job->first = job->result_count;
    job->pid = fork();
    if (job->pid == 0)
        be_child(job, results, output);
    close(results[1]);
    close(output[1]);
    if (job->pid < 0) {
        job->pid = 0;
        close(results[0]);
        close(output[0]);
        return false;
    }
    setpgid(job->pid, job->pid); /* whoever is first */
    fcntl(results[0], F_SETFL, O_NONBLOCK);
    fcntl(output[0], F_SETFL, O_NONBLOCK);
    job->results_fd = results[0];
    job->output_fd = output[0];
    return true;
}

/* Read what is there. */
static void hear(test_job *job, int *fd, bool results)
{
    char data[16384];
    ssize_t n;

    while (*fd >= 0 && (n = read(*fd, data, sizeof(data))) != 0) {
        if (n < 0) {
            if (errno != EINTR)
                return; /* nothing more for now */
        } else if (results) {
            job->kind->told(job, data, (size_t)n);
        } else {
            test_text_add(&job->output, data, (size_t)n);
        }
    }
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

static void hear_all(test_job *job)
{
    hear(job, &job->output_fd, false);
    hear(job, &job->results_fd, true);
}

static void kill_job(const test_job *job)
{
    kill(-job->pid, SIGKILL);
    kill(job->pid, SIGKILL); /* before it had a group */
}

/* Has it ended? Then its results are complete. */
static void look(test_job *job)
{
    int status;

    if (waitpid(job->pid, &status, WNOHANG) != job->pid)
        return;
    hear_all(job);
    kill(-job->pid, SIGKILL); /* what it has left behind */
    if (job->output_fd >= 0)
        close(job->output_fd);
    if (job->results_fd >= 0)
        close(job->results_fd);
    job->output_fd = job->results_fd = -1;
    job->pid = 0;
    job->ended = !job->kind->ended(job, status);
}

static void watch_time(test_job *job)
{
    /* Of a scenario, the time is virtual. */
    if (job->file->scenario || job->timed_out ||
        terminal_clock_ns() - job->marked_ns < test_program_ns(job->plan))
        return;
    job->timed_out = true;
    kill_job(job);
}

/* ------------------------------------------------------------------ */
/* All of them                                                          */
/* ------------------------------------------------------------------ */

typedef struct crowd {
    test_job *jobs;
    size_t count, begun, running, shown;
    struct pollfd *fds;
    test_totals *totals;
    test_report *report;
    const test_plan *plan;
    bool failed; /* a test has */
    bool no_memory;
} crowd;

static bool start_some(crowd *c)
{
    bool end = c->failed && c->plan->fail_fast;

    while (c->begun < c->count && c->running < c->plan->jobs && !end) {
        if (!start(&c->jobs[c->begun]))
            return false;
        c->begun++;
        c->running++;
    }
    return true;
}

static void wait_for_any(crowd *c)
{
    nfds_t n = 0;

    for (size_t i = 0; i < c->begun; i++) {
        const test_job *job = &c->jobs[i];

        if (job->pid && job->output_fd >= 0)
            c->fds[n++] = (struct pollfd){ job->output_fd, POLLIN, 0 };
        if (job->pid && job->results_fd >= 0)
            c->fds[n++] = (struct pollfd){ job->results_fd, POLLIN, 0 };
    }
    /* A child whose pipes are closed is about to end. */
    poll(c->fds, n, n ? TICK_MS : 1);
}

static void look_at_all(crowd *c)
{
    for (size_t i = 0; i < c->begun; i++) {
        test_job *job = &c->jobs[i];

        if (!job->pid)
            continue;
        hear_all(job);
        watch_time(job);
        look(job);
        if (job->pid)
            continue;
        if (job->ended || (c->failed && c->plan->fail_fast) || !start(job)) {
            job->ended = true;
            c->running--;
        }
    }
}

/* May more be said of the result that is shown next? A program writes why a
 * test has failed behind the result. */
static bool is_open(const test_job *job)
{
    return !job->ended && !job->file->scenario &&
           job->shown + 1 == job->result_count;
}

/* Show what is new, in the order of the jobs. */
static void show(crowd *c)
{
    for (; c->shown < c->begun; c->shown++) {
        test_job *job = &c->jobs[c->shown];

        for (; job->shown < job->result_count && !is_open(job); job->shown++) {
            const test_result *result = &job->results[job->shown];

            if (c->failed && c->plan->fail_fast)
                return;
            c->totals->by_status[result->status]++;
            c->failed |= result->status == SCENARIO_FAILED ||
                         result->status == SCENARIO_ERROR;
            test_show_result(c->plan, result);
            c->no_memory |= !test_report_add(c->report, c->plan, result);
        }
        if (!job->ended)
            break;
    }
    test_show_progress(c->plan, c->totals, c->shown, c->count);
}

static void kill_all(crowd *c)
{
    int status;

    for (size_t i = 0; i < c->begun; i++) {
        test_job *job = &c->jobs[i];

        if (!job->pid)
            continue;
        kill_job(job);
        while (waitpid(job->pid, &status, 0) < 0 && errno == EINTR)
            ;
        if (job->output_fd >= 0)
            close(job->output_fd);
        if (job->results_fd >= 0)
            close(job->results_fd);
        job->pid = 0;
    }
}

int test_jobs_run(const test_plan *plan, test_job *jobs, size_t count,
                  test_report *report, test_totals *totals)
{
    crowd c = { .jobs = jobs, .count = count, .plan = plan,
                .report = report, .totals = totals };
    bool ok;

    c.fds = calloc(2 * count + 1, sizeof(*c.fds));
    if (!c.fds)
        return cli_error(CLI_INTERNAL, "out of memory");
    terminal_catch_signals();
    do {
        ok = start_some(&c);
        wait_for_any(&c);
        look_at_all(&c);
        show(&c);
        totals->stopped = c.failed && plan->fail_fast;
    } while (ok && !c.no_memory && !totals->stopped && !terminal_signal() &&
             (c.running || c.begun < count));
    kill_all(&c);
    free(c.fds);
    test_show_progress_end();
    if (c.no_memory)
        return cli_error(CLI_INTERNAL, "out of memory");
    return ok ? CLI_OK
              : cli_error(CLI_INTERNAL, "cannot start a process: %s",
                          strerror(errno));
}
