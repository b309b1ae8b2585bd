/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A group of tests from the inside: cmocka runs our set-up, test and teardown,
 * and they run the user's. So we see how a test ends, and every version of
 * cmocka since 1.1.5 will do.
 */
#include "outcome.h"
#include "runner.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static const fwsim__group *running;
static fwsim__case *current;
static void *group_state;
static int listener = -1;
static unsigned teardown_failed; /* of the group, for machines left */

uint64_t fwsim__host_ns(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static void mark(fwsim__mark m)
{
    char answer;

    if (listener < 0)
        return;
    fflush(NULL);
    /* The answer says that all output up to here was read: what follows
     * belongs behind the mark. Without a listener there is nobody to tell. */
    if (write(listener, &m, sizeof m) != (ssize_t)sizeof m ||
        read(listener, &answer, 1) != 1)
        _exit(2);
}

void fwsim_cmocka_skipping(void)
{
    if (current)
        current->skipped = true;
}

static int case_setup(void **state)
{
    current = *state;
    current->began_ns = fwsim__host_ns();
    mark((fwsim__mark){ .kind = FWSIM__MARK_START });
    /* As cmocka does it. */
    current->state = group_state ? group_state : current->test->initial_state;
    if (fwsim__is_booted(current->state) &&
        fwsim_cmocka_restore(&current->state))
        return -1;
    fwsim__machines_begin();
    return current->test->setup_func
               ? current->test->setup_func(&current->state)
               : 0;
}

static void case_test(void **state)
{
    fwsim__case *c = *state;

    c->test->test_func(&c->state);
    c->passed = true;
}

/** A test that has passed frees what it has made. */
static int check_machines(void)
{
    size_t left = fwsim__machines_left();

    if (!left)
        return 0;
    fprintf(stderr,
            FWSIM__MARK_LEAK "%zu machine%s made and not freed: each needs its "
                             "fwsim_free\n",
            left, left == 1 ? " was" : "s were");
    return -1;
}

static int case_teardown(void **state)
{
    fwsim__case *c = *state;
    int err = 0;

    if (!c->passed && !c->skipped)
        fwsim__machines_report();
    if (c->test->teardown_func)
        err = c->test->teardown_func(&c->state);
    if (c->passed && check_machines())
        err = -1;
    if (err)
        c->passed = false;
    mark((fwsim__mark){ .kind = FWSIM__MARK_END, .passed = c->passed,
                        .skipped = c->skipped,
                        .time_ns = fwsim__host_ns() - c->began_ns });
    current = NULL;
    return err;
}

static int group_setup(void **state)
{
    int err;

    /* cmocka's own stays NULL: the state of a test is its case. */
    (void)state;
    fwsim__machines_begin();
    err = running->setup ? running->setup(&group_state) : 0;
    if (!err)
        mark((fwsim__mark){ .kind = FWSIM__MARK_SET_UP });
    return err;
}

static int group_teardown(void **state)
{
    int err;

    (void)state;
    current = NULL;
    mark((fwsim__mark){ .kind = FWSIM__MARK_TEAR_DOWN });
    err = running->teardown ? running->teardown(&group_state) : 0;
    if (err)
        fprintf(stderr, "%s: the teardown of the group failed\n",
                running->suite);
    teardown_failed = err != 0;
    return err;
}

unsigned fwsim__group_run(const fwsim__group *group, int mark_fd)
{
    struct CMUnitTest *tests = calloc(group->count + 1, sizeof *tests);
    unsigned failed;
    int count;

    if (!tests) {
        fprintf(stderr, "%s: out of memory\n", group->suite);
        return 1;
    }
    for (size_t i = 0; i < group->count; i++)
        tests[i] = (struct CMUnitTest){ group->cases[i].test->name, case_test,
                                        case_setup, case_teardown,
                                        &group->cases[i] };
    running = group;
    listener = mark_fd;
    group_state = NULL;
    teardown_failed = 0;
    count = _cmocka_run_group_tests(group->name, tests, group->count,
                                    group_setup, group_teardown);
    failed = count > 0 ? (unsigned)count : 0;
    /* cmocka counts it or not, depending on the version. */
    if (!failed)
        failed = teardown_failed;
    current = NULL;
    mark((fwsim__mark){ .kind = FWSIM__MARK_DONE, .failures = failed });
    listener = -1;
    free(tests);
    return failed;
}
