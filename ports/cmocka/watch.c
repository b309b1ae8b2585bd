/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Watches children that run the cases of a group, and makes a result of each.
 * A child that dies takes one case with it; the next child goes on behind it.
 */
#include "child.h"
#include "outcome.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

/* Kept of what a test writes: the last so many bytes, or half of them. */
enum { MOST_TEXT = 1 << 20 };

typedef struct text {
    char *bytes; /* a zero byte follows the last one */
    size_t size, room;
} text;

typedef struct watch {
    const fwsim__group *group;
    fwsim__results *results;
    size_t first; /* case that the child calls 0 */
    size_t next;  /* first case without a result */
    enum { SETTING_UP, BETWEEN, RUNNING, ENDED, TEARING_DOWN, DONE } phase;
    fwsim__mark end;      /* of the case that has ended */
    uint64_t began_ns;    /* the case that runs */
    text now;             /* written since the last mark */
    text output;          /* of the case that has ended */
    unsigned failures;    /* of this child, in results */
    unsigned counted;     /* and as cmocka counts */
    bool out_of_memory;
} watch;

static const char *text_of(const text *t)
{
    return t->size ? t->bytes : "";
}

static void add_text(const char *bytes, size_t size, void *user)
{
    watch *w = user;
    text *t = &w->now;

    if (t->size + size + 1 > t->room) {
        size_t room = 2 * (t->size + size + 1);
        char *more;

        if (t->size > MOST_TEXT) {
            t->size -= MOST_TEXT / 2;
            memmove(t->bytes, t->bytes + MOST_TEXT / 2, t->size);
            room = t->room;
        }
        more = realloc(t->bytes, room);
        if (!more || t->size + size + 1 > room) {
            w->out_of_memory = true;
            t->bytes = more ? more : t->bytes;
            return;
        }
        t->bytes = more;
        t->room = room;
    }
    memcpy(t->bytes + t->size, bytes, size);
    t->size += size;
    t->bytes[t->size] = '\0';
}

static void add_result(watch *w, fwsim__result r, const text *output)
{
    r.suite = w->group->suite;
    if (output && output->size) {
        r.output = output->bytes;
        r.output_size = output->size;
    }
    if (r.message && !*r.message)
        r.message = NULL;
    if (r.file && !*r.file)
        r.file = NULL;
    w->failures += r.status == FWSIM__FAILED || r.status == FWSIM__ERROR;
    if (fwsim__results_add(w->results, &r))
        w->out_of_memory = true;
}

/** The result of the next case in order. */
static void add_case(watch *w, fwsim__result r, const text *output)
{
    r.name = w->group->cases[w->next++].test->name;
    add_result(w, r, output);
}

/** Why a case that has ended did not pass, when cmocka gives no reason. */
static void find_message(const watch *w, fwsim__status status,
                         fwsim__outcome *o)
{
    const char *output = text_of(&w->output);
    char *message = o->message;
    size_t size = sizeof o->message;

    if (status == FWSIM__SKIPPED) {
        fwsim__last_line(message, size, output);
    } else if (status == FWSIM__FAILED && !*message) {
        fwsim__marked_line(message, size, output, FWSIM__MARK_FAIL);
    } else if (status == FWSIM__ERROR) {
        fwsim__marked_line(message, size, output, FWSIM__MARK_LEAK);
        if (!*message)
            snprintf(message, size, "the teardown of the test failed");
    }
}

/** A case that has ended, and what cmocka said behind it. */
static void conclude(watch *w)
{
    fwsim__outcome o;
    fwsim__result r = { .time_ns = w->end.time_ns };

    fwsim__outcome_read(&o, text_of(&w->now));
    if (w->end.skipped || o.skipped)
        r.status = FWSIM__SKIPPED;
    else if (o.failed)
        r.status = FWSIM__FAILED;
    else
        r.status = w->end.passed ? FWSIM__PASSED : FWSIM__ERROR;
    if (r.status != FWSIM__PASSED) {
        find_message(w, r.status, &o);
        r.message = o.message;
        r.file = o.file;
        r.line = o.line;
    }
    add_case(w, r, &w->output);
}

/** A case whose set-up has failed: it never ran. */
static void conclude_set_up(watch *w)
{
    const char *said = text_of(&w->now);
    const char *next = strstr(said, "[ RUN      ] ");
    fwsim__outcome o;

    fwsim__outcome_read(&o, said);
    if (next)
        w->now.size = (size_t)(next - said);
    add_case(w,
             (fwsim__result){ .status = FWSIM__ERROR,
                              .time_ns = fwsim__host_ns() - w->began_ns,
                              .message = "the set-up of the test failed",
                              .file = o.file, .line = o.line },
             &w->now);
}

static void conclude_last(watch *w)
{
    if (w->phase == ENDED)
        conclude(w);
    else if (w->phase == RUNNING)
        conclude_set_up(w);
}

static void hear(const fwsim__mark *mark, void *user)
{
    watch *w = user;
    text swap;

    switch (mark->kind) {
    case FWSIM__MARK_SET_UP:
        w->phase = BETWEEN;
        break;
    case FWSIM__MARK_START:
        conclude_last(w);
        w->phase = RUNNING;
        w->began_ns = fwsim__host_ns();
        break;
    case FWSIM__MARK_END:
        w->phase = ENDED;
        w->end = *mark;
        swap = w->output;
        w->output = w->now;
        w->now = swap;
        break;
    case FWSIM__MARK_TEAR_DOWN:
        if (w->phase == SETTING_UP)
            return; /* cmocka tears down also what was not set up */
        conclude_last(w);
        w->phase = TEARING_DOWN;
        break;
    case FWSIM__MARK_DONE:
        w->counted = mark->failures;
        if (w->phase != SETTING_UP)
            w->phase = DONE;
        return; /* what the teardown has said is looked at behind the end */
    }
    w->now.size = 0;
}

/** "ended by signal 6 (Aborted)", or "ended the program with code 3". */
static void describe_end(char *buf, size_t size, int status)
{
    if (WIFSIGNALED(status))
        snprintf(buf, size, "ended by signal %d (%s)", WTERMSIG(status),
                 strsignal(WTERMSIG(status)));
    else
        snprintf(buf, size, "ended the program with code %d",
                 WEXITSTATUS(status));
}

static void add_group_error(watch *w, const char *name, const char *message)
{
    add_result(w,
               (fwsim__result){ .name = name, .status = FWSIM__ERROR,
                                .message = message },
               &w->now);
}

/** The set-up of the group is the reason that nothing ran. */
static void blame_set_up(watch *w, const char *how)
{
    char message[256];

    snprintf(message, sizeof message, "the set-up of the group %s", how);
    while (w->next < w->group->count)
        add_case(w,
                 (fwsim__result){ .status = FWSIM__ERROR, .message = message },
                 &w->now);
}

/** The child has ended. */
static void close_book(watch *w, int status)
{
    char how[128];

    describe_end(how, sizeof how, status);
    switch (w->phase) {
    case SETTING_UP:
        blame_set_up(w, status ? how : "failed");
        break;
    case RUNNING:
        fprintf(stderr, "[  ERROR   ] %s: %s\n",
                w->group->cases[w->next].test->name, how);
        add_case(w,
                 (fwsim__result){ .status = FWSIM__ERROR, .message = how,
                                  .time_ns = fwsim__host_ns() - w->began_ns },
                 &w->now);
        break;
    case ENDED:
        conclude(w);
        break;
    case BETWEEN:
        break;
    case TEARING_DOWN:
        add_group_error(w, "(group teardown)", how);
        break;
    case DONE:
        if (status)
            add_group_error(w, "(end of the program)", how);
        else if (w->counted > w->failures)
            add_group_error(w, "(group teardown)",
                            "the teardown of the group failed");
        break;
    }
}

/** One child, for the cases without a result. @return 0, or -1 with errno */
static int run_child(watch *w)
{
    const fwsim__child_events events = { add_text, hear, w };
    fwsim__group rest = *w->group;
    fwsim__child child;
    int status;

    rest.cases += w->next;
    rest.count -= w->next;
    w->first = w->next;
    w->phase = SETTING_UP;
    w->failures = w->counted = 0;
    w->now.size = w->output.size = 0;
    if (fwsim__child_start(&child, &rest))
        return -1;
    status = fwsim__child_hear(&child, &events);
    if (status < 0)
        return -1;
    close_book(w, status);
    return 0;
}

int fwsim__group_watch(const fwsim__group *group, fwsim__results *results)
{
    watch w = { .group = group, .results = results };
    int err = 0;

    while (!err && w.next < group->count && !w.out_of_memory) {
        err = run_child(&w);
        if (err)
            fprintf(stderr, "%s: cannot run the tests: %s\n", group->suite,
                    strerror(errno));
        else if (w.next == w.first)
            break; /* no way forward */
    }
    if (w.out_of_memory) {
        fprintf(stderr, "%s: out of memory for results\n", group->suite);
        err = -1;
    }
    free(w.now.bytes);
    free(w.output.bytes);
    return err;
}
