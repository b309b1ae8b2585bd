/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `fwsim test`: results as JUnit XML, TAP and JSON lines, for programs. */
#include "report.h"
#include "test.h"

#include <stdlib.h>
#include <string.h>

struct test_report {
    fwsim__results results;
};

static const fwsim__status statuses[] = {
    [SCENARIO_PASSED] = FWSIM__PASSED,
    [SCENARIO_FAILED] = FWSIM__FAILED,
    [SCENARIO_SKIPPED] = FWSIM__SKIPPED,
    [SCENARIO_ERROR] = FWSIM__ERROR,
};

test_report *test_report_new(const test_plan *plan)
{
    test_report *report = calloc(1, sizeof(*report));

    if (report && plan->tap)
        puts("TAP version 14");
    return report;
}

bool test_report_add(test_report *report, const test_plan *plan,
                     const test_result *r)
{
    const fwsim__result result = {
        .suite = r->file->group,
        .name = r->name,
        .file = r->place ? r->place : r->file->path,
        .line = (unsigned)r->line,
        .time_ns = r->host_ns,
        .status = statuses[r->status],
        .message = r->message,
        .output = r->output,
    };

    if (!plan->tap && !plan->junit && !plan->jsonl)
        return true;
    if (fwsim__results_add(&report->results, &result) != 0)
        return false;
    if (plan->tap)
        fwsim__report_tap_point(&result, report->results.count, stdout);
    return true;
}

static int save(const test_report *report, fwsim__report_format format,
                const char *path)
{
    char error[512];

    if (!path || fwsim__report_save(format, &report->results, path, error,
                                    sizeof(error)) == 0)
        return CLI_OK;
    return cli_error(CLI_INTERNAL, "%s", error);
}

int test_report_end(test_report *report, const test_plan *plan)
{
    int junit = save(report, FWSIM__REPORT_JUNIT, plan->junit);
    int jsonl = save(report, FWSIM__REPORT_JSONL, plan->jsonl);

    if (plan->tap)
        printf("1..%zu\n", report->results.count);
    fwsim__results_clear(&report->results);
    free(report);
    return junit != CLI_OK ? junit : jsonl;
}
