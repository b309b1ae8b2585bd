/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A group of tests from the outside: which tests are wanted, where the results
 * go, and what the program returns.
 */
#include "runner.h"

#include <errno.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PASSED = 0, FAILED = 1, WRONG = 2, SKIPPED = 77 };

/* Of the whole program, that is of all groups so far. */
static const char **names; /* of all tests, ends with NULL */
static size_t name_count;
static size_t selected, failures, skipped;
static bool wrong;
static fwsim__results results;

static int verdict(void)
{
    if (wrong)
        return WRONG;
    if (failures)
        return FAILED;
    return selected && skipped == selected ? SKIPPED : PASSED;
}

static int refuse(void)
{
    wrong = true;
    return verdict();
}

/** Keep the names of a group; none may occur twice. */
static bool add_names(const char *program, const struct CMUnitTest *tests,
                      size_t count)
{
    const char **more = realloc(names, (name_count + count + 1) * sizeof *more);

    if (!more) {
        fprintf(stderr, "%s: out of memory\n", program);
        return false;
    }
    names = more;
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < name_count; k++) {
            if (strcmp(names[k], tests[i].name))
                continue;
            fprintf(stderr,
                    "%s: two tests are called '%s'; reports and --filter need "
                    "a name each\n",
                    program, tests[i].name);
            return false;
        }
        names[name_count++] = tests[i].name;
        names[name_count] = NULL;
    }
    return true;
}

static int list(const fwsim__request *request, const struct CMUnitTest *tests,
                size_t count)
{
    for (size_t i = 0; i < count; i++)
        printf("%s%s\n", request->protocol ? "fwsim_test: " : "",
               tests[i].name);
    if (fflush(stdout)) {
        perror("standard output");
        return refuse();
    }
    return PASSED;
}

static bool is_name(const char *filter)
{
    for (size_t i = 0; filter && i < name_count; i++)
        if (!strcmp(filter, names[i]))
            return true;
    return false;
}

/** A line of a filter. An exact name counts more than a pattern: names may
 * hold a star. */
static bool line_matches(const char *line, const char *name)
{
    return is_name(line) ? !strcmp(line, name) : !fnmatch(line, name, 0);
}

/** @return whether a line of the filter matches, or -1: out of memory */
static int matches(const char *filter, const char *name)
{
    char *copy = strdup(filter), *state = NULL, *line;
    int found = copy ? 0 : -1;

    for (line = copy ? strtok_r(copy, "\n", &state) : NULL; line && !found;
         line = strtok_r(NULL, "\n", &state))
        found = line_matches(line, name);
    free(copy);
    return found;
}

/** @return false: out of memory */
static bool select_cases(fwsim__group *group, const char *filter,
                         const struct CMUnitTest *tests, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        int wanted = filter ? matches(filter, tests[i].name) : 1;

        if (wanted < 0)
            return false;
        if (wanted)
            group->cases[group->count++] = (fwsim__case){ .test = &tests[i] };
    }
    return true;
}

/* At exit, for a group that comes later may have the test. */
static char *unmatched_filter, *unmatched_program;
static pid_t unmatched_process;

static void say_unmatched(void)
{
    const char *near = selected ? NULL
                                : fwsim_closest(unmatched_filter, names);

    if (selected || getpid() != unmatched_process)
        return;
    fprintf(stderr, "%s: no test matches '%s'", unmatched_program,
            unmatched_filter);
    if (near)
        fprintf(stderr, "; did you mean '%s'?", near);
    fputs("\n(--list shows all)\n", stderr);
}

static int none_matches(const char *program, const char *filter)
{
    if (selected)
        return verdict();
    if (!unmatched_filter) {
        unmatched_filter = strdup(filter);
        unmatched_program = strdup(program);
        unmatched_process = getpid();
        if (unmatched_filter && unmatched_program)
            atexit(say_unmatched);
    }
    return WRONG;
}

/** The path of a report, in a folder when the one given is one. */
static char *report_path(const char *program, const fwsim__request *request,
                         fwsim__report_format format)
{
    static const char *const ending[FWSIM__REPORTS] = {
        [FWSIM__REPORT_JUNIT] = "xml",
        [FWSIM__REPORT_TAP] = "tap",
        [FWSIM__REPORT_JSONL] = "jsonl",
    };
    const char *given = request->report[format];
    size_t length = strlen(given), room;
    const char *test = is_name(request->filter) ? request->filter : NULL;
    struct stat st;
    char *path;

    if (given[length - 1] == '/')
        mkdir(given, 0777);
    else if (stat(given, &st) || !S_ISDIR(st.st_mode))
        return strdup(given);
    room = length + strlen(program) + (test ? strlen(test) : 0) + 16;
    path = malloc(room);
    if (!path)
        return NULL;
    snprintf(path, room, "%s/%s%s%s.%s", given, program, test ? "." : "",
             test ? test : "", ending[format]);
    /* A name of a test is no path. */
    for (char *c = path + length + 1; *c; c++)
        if (*c == '/')
            *c = '_';
    return path;
}

static bool save_reports(const char *program, const fwsim__request *request)
{
    bool ok = true;

    for (int i = 0; i < FWSIM__REPORTS; i++) {
        char error[512];
        char *path;

        if (!request->report[i])
            continue;
        path = report_path(program, request, (fwsim__report_format)i);
        snprintf(error, sizeof error, "out of memory");
        if (!path || fwsim__report_save((fwsim__report_format)i, &results, path,
                                        error, sizeof error)) {
            fprintf(stderr, "%s: report: %s\n", program, error);
            ok = false;
        }
        free(path);
    }
    return ok;
}

static bool wants_report(const fwsim__request *request)
{
    for (int i = 0; i < FWSIM__REPORTS; i++)
        if (request->report[i])
            return true;
    return false;
}

static void run_here(const fwsim__group *group)
{
    size_t ended;
    unsigned failed;

    setvbuf(stdout, NULL, _IOLBF, 0); /* a crash shall lose no line */
    failed = fwsim__group_run(group, -1);
    ended = failed;
    for (size_t i = 0; i < group->count; i++)
        ended += group->cases[i].passed;
    failures += failed;
    /* Those that neither passed nor failed. */
    skipped += ended < group->count ? group->count - ended : 0;
}

static void run_watched(const char *program, const fwsim__request *request,
                        const fwsim__group *group)
{
    if (fwsim__group_watch(group, &results))
        wrong = true;
    failures = fwsim__results_count(&results, FWSIM__FAILED) +
               fwsim__results_count(&results, FWSIM__ERROR);
    skipped = fwsim__results_count(&results, FWSIM__SKIPPED);
    if (!save_reports(program, request))
        wrong = true;
}

/** "program", or "program.group" for a group that has a name of its own. */
static char *suite_name(const char *program, const char *group)
{
    size_t room = strlen(program) + strlen(group) + 2;
    char *suite = malloc(room);

    if (suite)
        snprintf(suite, room, "%s%s%s", program,
                 strcmp(group, "tests") ? "." : "",
                 strcmp(group, "tests") ? group : "");
    return suite;
}

int fwsim_cmocka_run(int argc, char *const *argv, const char *name,
                     const struct CMUnitTest *tests, size_t count,
                     CMFixtureFunction group_setup,
                     CMFixtureFunction group_teardown)
{
    const char *program = fwsim__program_name(argv);
    fwsim__group group = { .name = name, .setup = group_setup,
                           .teardown = group_teardown };
    fwsim__request request;
    char *suite;
    int err = fwsim__request_read(&request, argc, argv);

    if (err)
        return err > 0 ? PASSED : refuse();
    if (!add_names(program, tests, count))
        return refuse();
    if (request.list)
        return list(&request, tests, count);
    suite = suite_name(program, name);
    group.suite = suite;
    group.cases = calloc(count + 1, sizeof *group.cases);
    if (!suite || !group.cases ||
        !select_cases(&group, request.filter, tests, count)) {
        fprintf(stderr, "%s: out of memory\n", program);
        err = refuse();
    } else {
        selected += group.count;
        if (!group.count && request.filter)
            err = none_matches(program, request.filter);
        else if (wants_report(&request))
            run_watched(program, &request, &group);
        else
            run_here(&group);
        if (!err)
            err = verdict();
    }
    free(group.cases);
    free(suite);
    return err;
}
