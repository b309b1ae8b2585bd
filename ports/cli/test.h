/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * `fwsim test`: what its files share. A file is a scenario or a test program;
 * a job is one run of a file in a process of its own (test_jobs.c), or in more
 * when one dies. What the process is, and how it tells its results, differs:
 * test_scenario.c, test_program.c.
 */
#ifndef FWSIM_CLI_TEST_H
#define FWSIM_CLI_TEST_H

#include "cli.h"
#include "scenario.h"

#include <sys/types.h>

/** Text that grows up to a limit; then its beginning is dropped. */
typedef struct test_text {
    char *data; /* a zero byte follows; NULL: empty */
    size_t size;
} test_text;

void test_text_add(test_text *t, const char *data, size_t size);
void test_text_clear(test_text *t);

typedef struct test_file {
    const char *path;
    char *group; /* its name for people */
    scenario *scenario; /* NULL: a test program, or it could not be read */
    const struct test_protocol *protocol; /* of a program that lists its tests */
    char **names; /* that it lists */
    size_t name_count;
    size_t *tests; /* the ones to run, by index in the scenario or in names */
    size_t test_count;
    scenario_error error; /* its text is not empty: why there is no test */
} test_file;

/** The result of a test. */
typedef struct test_result {
    const test_file *file;
    char *name;
    scenario_status status;
    char *place;      /* "file" where it failed; NULL: that of `file` */
    size_t line, column; /* 0: unknown */
    uint64_t host_ns;
    char *message;    /* may be NULL */
    char *output;     /* may be NULL */
} test_result;

struct test_job;

/** A kind of process. */
typedef struct test_kind {
    /** In the child: run, and write what the parent is told to @a results.
     * Does not return. */
    void (*child)(struct test_job *job, int results);
    /** What the child has told. */
    void (*told)(struct test_job *job, const char *data, size_t size);
    /** It has ended, with a status of waitpid. @return true: it has to be
     * started again, for what is left */
    bool (*ended)(struct test_job *job, int status);
} test_kind;

extern const test_kind test_scenario_kind, test_program_kind;

/** A file to run, once. */
typedef struct test_job {
    const test_kind *kind;
    const test_file *file;
    const struct test_plan *plan;
    size_t *order; /* its tests, by index; a program has an order of its own */
    size_t next;   /* in the order: the test to go on with */

    pid_t pid; /* 0: it does not run */
    int results_fd, output_fd; /* -1: closed */
    uint64_t marked_ns; /* when the current test began, host time */
    bool timed_out;
    bool ended;
    bool in_test; /* a test has begun and not ended */
    test_text told;   /* what is not complete yet */
    test_text output; /* what it has written since the last result */
    long planned;     /* of a program: results that TAP has promised; -1 */

    test_result *results;
    size_t result_count, shown;
    size_t first; /* the first result of this process, by index */
} test_job;

/** What the command line says. */
typedef struct test_plan {
    test_file *files;
    size_t file_count;
    const char **filters;
    size_t filter_count;
    size_t jobs;
    uint64_t repeat, seed, timeout_ns;
    bool list, shuffle, fail_fast, quiet, schema, tap;
    const char *junit, *jsonl; /* files; NULL: none */
} test_plan;

/** Real time that a test of a program may take. */
uint64_t test_program_ns(const test_plan *plan);

/** Does a name pass the filters? */
bool test_wanted(const test_plan *plan, const char *group, const char *name);

/** The name of a test of a file, by index. */
const char *test_name(const test_file *f, size_t index);

/** A test begins. */
void test_mark(test_job *job);
/** Add a result; its strings are copied. NULL is legal for each. */
void test_add(test_job *job, const char *name, scenario_status status,
              const char *message);
/** The result that was added last; NULL: none. */
test_result *test_last(test_job *job);

/* test_protocol.c: programs that list their tests */

/**
 * Ask a program for its tests: `protocol` and `names`, if it is one to ask.
 * @return false: out of memory
 */
bool test_protocol_find(test_file *f, uint64_t timeout_ns);
void test_protocol_forget(test_file *f);
/** Become the program, with the tests from `next` on. @return it has failed */
void test_protocol_exec(const test_job *job);

/* test_output.c: results in what a program writes */

/** A line of it, without its end. */
void test_output_line(test_job *job, const char *line);

/** A result of a program that it has told itself. */
void test_program_result(test_job *job, const char *name,
                         scenario_status status, const char *message);

/** How a process ended: "crashed: signal 11 (Segmentation fault)". */
const char *test_status_text(int status, char *buf, size_t size);

/** Totals of a run. */
typedef struct test_totals {
    size_t by_status[SCENARIO_ERROR + 1];
    size_t files_wrong; /* that could not be read */
    uint64_t host_ns;
    bool stopped; /* by --fail-fast */
} test_totals;

/* test_report.c: what programs read */
typedef struct test_report test_report;

/** NULL: out of memory. */
test_report *test_report_new(const test_plan *plan);
/** @return false: out of memory */
bool test_report_add(test_report *report, const test_plan *plan,
                     const test_result *result);
/** Write the files. @return CLI_OK, or CLI_INTERNAL after a message */
int test_report_end(test_report *report, const test_plan *plan);

/**
 * Run all jobs, and show their results in the order of the jobs.
 * @return CLI_OK, or CLI_INTERNAL after a message
 */
int test_jobs_run(const test_plan *plan, test_job *jobs, size_t count,
                  test_report *report, test_totals *totals);
void test_job_free(test_job *job);

/* test_show.c */
void test_show_begin(const test_plan *plan);
void test_show_result(const test_plan *plan, const test_result *result);
/** On a terminal: how far it is. */
void test_show_progress(const test_plan *plan, const test_totals *totals,
                        size_t done, size_t count);
/** Make room for what comes after it. */
void test_show_progress_end(void);
void test_show_end(const test_plan *plan, const test_totals *totals);

#endif
