/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `fwsim test`: the command line, the files, and what it ends with. */
#include "terminal.h"
#include "test.h"

#include <errno.h>
#include <fnmatch.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ------------------------------------------------------------------ */
/* The command line                                                     */
/* ------------------------------------------------------------------ */

static int number(const cli_option *o, const char *text,
                  const char *(*parse)(const char *, uint64_t *),
                  uint64_t *value)
{
    const char *wrong = parse(text, value);

    if (wrong)
        return cli_error(CLI_USAGE, "--%s: \"%s\" %s", o->name, text, wrong);
    return CLI_OK;
}

static int set_jobs(const cli_option *o, const char *text, test_plan *plan)
{
    uint64_t value;
    int code = number(o, text, cli_parse_count, &value);

    if (code == CLI_OK && value > 1024)
        return cli_error(CLI_USAGE, "--jobs: at most 1024");
    plan->jobs = code == CLI_OK ? (size_t)value : 0;
    return code;
}

static int set_repeat(const cli_option *o, const char *text, test_plan *plan)
{
    int code = number(o, text, cli_parse_count, &plan->repeat);

    if (code == CLI_OK && plan->repeat > 1000000)
        return cli_error(CLI_USAGE, "--repeat: at most 1000000");
    return code;
}

static int set_option(const cli_option *o, const char *value, void *user)
{
    test_plan *plan = user;

    if (!o) {
        plan->files[plan->file_count++].path = value;
        return CLI_OK;
    }
    switch (o->id) {
    case TEST_JOBS:
        return set_jobs(o, value, plan);
    case TEST_FILTER:
        plan->filters[plan->filter_count++] = value;
        break;
    case TEST_LIST:
        plan->list = true;
        break;
    case TEST_REPEAT:
        return set_repeat(o, value, plan);
    case TEST_SHUFFLE:
        plan->shuffle = true;
        plan->seed = terminal_clock_ns() % 1000000;
        return value ? number(o, value, cli_parse_uint, &plan->seed) : CLI_OK;
    case TEST_TIMEOUT:
        return number(o, value, cli_parse_time, &plan->timeout_ns);
    case TEST_FAIL_FAST:
        plan->fail_fast = true;
        break;
    case TEST_JUNIT:
        plan->junit = value;
        break;
    case TEST_JSONL:
        plan->jsonl = value;
        break;
    case TEST_TAP:
        plan->tap = true;
        break;
    case TEST_SCHEMA:
        plan->schema = true;
        break;
    default: /* TEST_QUIET */
        plan->quiet = true;
    }
    return CLI_OK;
}

bool test_wanted(const test_plan *plan, const char *group, const char *name)
{
    char whole[1024];

    snprintf(whole, sizeof(whole), "%s/%s", group, name);
    for (size_t i = 0; i < plan->filter_count; i++) {
        if (!fnmatch(plan->filters[i], name, 0) ||
            !fnmatch(plan->filters[i], whole, 0))
            return true;
    }
    return !plan->filter_count;
}

/* ------------------------------------------------------------------ */
/* Files                                                                */
/* ------------------------------------------------------------------ */

static bool ends_with(const char *text, const char *end)
{
    size_t n = strlen(text), m = strlen(end);

    return n > m && !strcmp(text + n - m, end);
}

static bool is_scenario(const char *path)
{
    return ends_with(path, ".yaml") || ends_with(path, ".yml");
}

/* The name of a file without folder and, of a scenario, ending. */
static char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash && slash[1] ? slash + 1 : path;
    size_t n = strlen(name);

    if (is_scenario(path))
        n = (size_t)(strrchr(name, '.') - name);
    return strndup(name, n);
}

static void wrong(test_file *f, const char *why)
{
    f->error.code = CLI_INPUT;
    snprintf(f->error.text, sizeof(f->error.text), "%s: %s", f->path, why);
}

const char *test_name(const test_file *f, size_t index)
{
    return f->scenario ? f->scenario->tests[index].name : f->names[index];
}

static bool choose_tests(const test_plan *plan, test_file *f)
{
    size_t count = f->scenario ? f->scenario->test_count : f->name_count;

    f->tests = calloc(count + 1, sizeof(*f->tests));
    for (size_t i = 0; f->tests && i < count; i++) {
        if (test_wanted(plan, f->group, test_name(f, i)))
            f->tests[f->test_count++] = i;
    }
    return f->tests != NULL;
}

static bool read_scenario(const test_plan *plan, test_file *f)
{
    const char *name;

    if (!scenario_read(&f->scenario, f->path, NULL, 0, &f->error))
        return f->error.code != CLI_INTERNAL;
    name = scenario_text(f->scenario->root, "name");
    if (name) {
        free(f->group);
        f->group = strdup(name);
    }
    return f->group && choose_tests(plan, f);
}

static bool read_program(const test_plan *plan, test_file *f)
{
    struct stat st;

    if (stat(f->path, &st) != 0)
        wrong(f, strerror(errno));
    else if (!S_ISREG(st.st_mode))
        wrong(f, "is neither a scenario (.yaml) nor a program");
    else if (access(f->path, X_OK) != 0)
        wrong(f, "is no scenario, for its name does not end with .yaml, and "
                 "it cannot be executed");
    else
        return test_protocol_find(f, test_program_ns(plan)) &&
               choose_tests(plan, f);
    return true;
}

/* @return false: out of memory */
static bool read_files(test_plan *plan)
{
    for (size_t i = 0; i < plan->file_count; i++) {
        test_file *f = &plan->files[i];

        f->group = base_name(f->path);
        if (!f->group ||
            !(is_scenario(f->path) ? read_scenario(plan, f) : read_program(plan, f)))
            return false;
    }
    return true;
}

/* Are its tests known before it runs? */
static bool has_list(const test_file *f)
{
    return f->scenario || f->protocol;
}

static void list(const test_plan *plan)
{
    for (size_t i = 0; i < plan->file_count; i++) {
        const test_file *f = &plan->files[i];

        if (f->error.text[0])
            continue;
        if (!has_list(f)) {
            if (test_wanted(plan, f->group, f->group))
                puts(f->group);
            continue;
        }
        for (size_t t = 0; t < f->test_count; t++)
            printf("%s/%s\n", f->group, test_name(f, f->tests[t]));
    }
}

/* ------------------------------------------------------------------ */
/* Jobs                                                                 */
/* ------------------------------------------------------------------ */

/* SplitMix64, by Vigna: public domain; the order of a seed is the same on
 * every host. */
static uint64_t random_next(uint64_t *state)
{
    uint64_t z = *state += 0x9e3779b97f4a7c15u;

    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

static void shuffle_tests(test_job *job, uint64_t *random)
{
    for (size_t n = job->file->test_count; n > 1; n--) {
        size_t other = (size_t)(random_next(random) % n);
        size_t kept = job->order[n - 1];

        job->order[n - 1] = job->order[other];
        job->order[other] = kept;
    }
}

static void shuffle_jobs(test_job *jobs, size_t count, uint64_t *random)
{
    for (size_t n = count; n > 1; n--) {
        size_t other = (size_t)(random_next(random) % n);
        test_job kept = jobs[n - 1];

        jobs[n - 1] = jobs[other];
        jobs[other] = kept;
    }
}

static bool make_job(const test_plan *plan, const test_file *f, test_job *job)
{
    size_t size = f->test_count * sizeof(*job->order);

    *job = (test_job){
        .kind = f->scenario ? &test_scenario_kind : &test_program_kind,
        .file = f, .plan = plan, .results_fd = -1, .output_fd = -1,
        .order = malloc(size + 1),
    };
    if (job->order && size)
        memcpy(job->order, f->tests, size);
    return job->order != NULL;
}

/* Every file, as often as wanted. @return false: out of memory */
static bool make_jobs(const test_plan *plan, test_job **jobs, size_t *count)
{
    uint64_t random = plan->seed;

    *jobs = calloc(plan->file_count * plan->repeat + 1, sizeof(**jobs));
    for (uint64_t n = 0; *jobs && n < plan->repeat; n++) {
        for (size_t i = 0; i < plan->file_count; i++) {
            const test_file *f = &plan->files[i];

            if (f->error.text[0] || (has_list(f) && !f->test_count))
                continue;
            if (!make_job(plan, f, &(*jobs)[(*count)++]))
                return false;
            if (plan->shuffle && f->scenario)
                shuffle_tests(&(*jobs)[*count - 1], &random);
        }
    }
    if (*jobs && plan->shuffle)
        shuffle_jobs(*jobs, *count, &random);
    return *jobs != NULL;
}

/* ------------------------------------------------------------------ */
/* The command                                                          */
/* ------------------------------------------------------------------ */

static int verdict(const test_plan *plan, const test_totals *totals)
{
    size_t tests = 0;

    for (size_t i = 0; i <= SCENARIO_ERROR; i++)
        tests += totals->by_status[i];
    if (totals->files_wrong)
        return CLI_INPUT;
    if (totals->by_status[SCENARIO_FAILED] || totals->by_status[SCENARIO_ERROR])
        return CLI_NOT_SEEN;
    if (!tests && plan->filter_count)
        return cli_error(CLI_USAGE, "--filter: no test matches; --list shows "
                                    "their names");
    return CLI_OK;
}

/* A file that could not be read is a result, too. */
static bool report_wrong_files(const test_plan *plan, test_report *report)
{
    bool ok = true;

    for (size_t i = 0; i < plan->file_count; i++) {
        const test_file *f = &plan->files[i];

        if (f->error.text[0])
            ok &= test_report_add(report, plan,
                                  &(test_result){ .file = f,
                                                  .name = (char *)"file",
                                                  .status = SCENARIO_ERROR,
                                                  .message =
                                                      (char *)f->error.text });
    }
    return ok;
}

static int run_jobs(const test_plan *plan, test_job *jobs, size_t count,
                    test_totals *totals)
{
    uint64_t begun = terminal_clock_ns();
    test_report *report = test_report_new(plan);
    int code, saved;

    if (!report)
        return cli_error(CLI_INTERNAL, "out of memory");
    test_show_begin(plan);
    code = report_wrong_files(plan, report)
               ? test_jobs_run(plan, jobs, count, report, totals)
               : cli_error(CLI_INTERNAL, "out of memory");
    totals->host_ns = terminal_clock_ns() - begun;
    saved = test_report_end(report, plan);
    test_show_end(plan, totals);
    return code != CLI_OK ? code : saved;
}

static int run_files(const test_plan *plan, test_totals *totals)
{
    test_job *jobs = NULL;
    size_t count = 0;
    int code = make_jobs(plan, &jobs, &count)
                   ? run_jobs(plan, jobs, count, totals)
                   : cli_error(CLI_INTERNAL, "out of memory");

    for (size_t i = 0; i < count; i++)
        test_job_free(&jobs[i]);
    free(jobs);
    return code == CLI_OK ? verdict(plan, totals) : code;
}

static int run(test_plan *plan)
{
    test_totals totals = { 0 };
    int code;

    if (!read_files(plan))
        return cli_error(CLI_INTERNAL, "out of memory");
    for (size_t i = 0; i < plan->file_count; i++) {
        if (plan->files[i].error.text[0]) {
            fprintf(stderr, "%s\n", plan->files[i].error.text);
            totals.files_wrong++;
        }
    }
    if (plan->list) {
        list(plan);
        return totals.files_wrong ? CLI_INPUT : CLI_OK;
    }
    code = run_files(plan, &totals);
    if (terminal_signal()) {
        fflush(stdout);
        cli_message("interrupted");
        terminal_die(terminal_signal());
    }
    return code;
}

static size_t processors(void)
{
    long n = sysconf(_SC_NPROCESSORS_ONLN);

    return n > 0 ? (size_t)n : 1;
}

static int read_and_run(test_plan *plan, int argc, char **argv)
{
    bool done;
    int code = cli_parse(cli_command_find("test"), argc, argv, set_option,
                         plan, &done);

    if (code != CLI_OK || done)
        return code;
    if (plan->schema) {
        scenario_schema(stdout);
        return CLI_OK;
    }
    if (!plan->file_count)
        return cli_error(CLI_USAGE, "which tests? Name at least one scenario "
                                    "or test program");
    if (!plan->jobs)
        plan->jobs = processors();
    if (!plan->repeat)
        plan->repeat = 1;
    return run(plan);
}

int test_main(int argc, char **argv)
{
    test_plan plan = {
        .files = calloc((size_t)argc, sizeof(*plan.files)),
        .filters = calloc((size_t)argc, sizeof(*plan.filters)),
    };
    int code = plan.files && plan.filters
                   ? read_and_run(&plan, argc, argv)
                   : cli_error(CLI_INTERNAL, "out of memory");

    for (size_t i = 0; plan.files && i < plan.file_count; i++) {
        scenario_free(plan.files[i].scenario);
        test_protocol_forget(&plan.files[i]);
        free(plan.files[i].tests);
        free(plan.files[i].group);
    }
    free(plan.files);
    free(plan.filters);
    return code;
}
