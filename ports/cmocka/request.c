/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is asked of a test program: environment and options. */
#include "runner.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const report_option[FWSIM__REPORTS] = {
    [FWSIM__REPORT_JUNIT] = "--junit",
    [FWSIM__REPORT_TAP] = "--tap",
    [FWSIM__REPORT_JSONL] = "--jsonl",
};

static const char *const report_variable[FWSIM__REPORTS] = {
    [FWSIM__REPORT_JUNIT] = "FWSIM_TEST_JUNIT",
    [FWSIM__REPORT_TAP] = "FWSIM_TEST_TAP",
    [FWSIM__REPORT_JSONL] = "FWSIM_TEST_JSONL",
};

static const char help[] =
    "  --list          print the names of the tests, run nothing\n"
    "  --filter NAME   run this test, or those that match a pattern with * ?\n"
    "  --junit PATH    write JUnit XML: a file, or a folder for it\n"
    "  --tap PATH      write TAP 14\n"
    "  --jsonl PATH    write JSON lines\n"
    "  --help          print this\n"
    "\n"
    "Environment: FWSIM_TEST_LIST=1, FWSIM_TEST_FILTER, FWSIM_TEST_JUNIT,\n"
    "FWSIM_TEST_TAP, FWSIM_TEST_JSONL; FWSIM_SNAPSHOT_DIR keeps boots.\n";

const char *fwsim__program_name(char *const *argv)
{
    const char *path = argv && argv[0] ? argv[0] : "tests";
    const char *slash = strrchr(path, '/');

    return slash ? slash + 1 : path;
}

/** A variable that is set and not empty, or NULL. */
static const char *variable(const char *name)
{
    const char *value = getenv(name);

    return value && *value ? value : NULL;
}

/** Where the value of an option goes; NULL for an unknown one. */
static const char **option_value(fwsim__request *request, const char *name)
{
    if (!strcmp(name, "--filter"))
        return &request->filter;
    for (int i = 0; i < FWSIM__REPORTS; i++)
        if (!strcmp(name, report_option[i]))
            return &request->report[i];
    return NULL;
}

static int unknown(const char *program, const char *option)
{
    static const char *const names[] = { "--list", "--filter", "--junit",
                                         "--tap",  "--jsonl",  "--help",
                                         NULL };
    const char *near = fwsim_closest(option, names);

    fprintf(stderr, "%s: unknown option '%s'", program, option);
    if (near)
        fprintf(stderr, "; did you mean %s?", near);
    fputc('\n', stderr);
    return -1;
}

static int read_options(fwsim__request *request, int argc, char *const *argv)
{
    const char *program = fwsim__program_name(argv);

    for (int i = 1; i < argc; i++) {
        char name[32];
        const char *equals = strchr(argv[i], '=');
        const char **value;

        snprintf(name, sizeof name, "%.*s",
                 equals ? (int)(equals - argv[i]) : (int)strlen(argv[i]),
                 argv[i]);
        if (!strcmp(argv[i], "--list")) {
            request->list = true;
            request->protocol = false;
            continue;
        }
        if (!strcmp(argv[i], "--help") || !strcmp(argv[i], "-h")) {
            printf("Usage: %s [OPTION]...\n%s", program, help);
            return 1;
        }
        value = option_value(request, name);
        if (!value)
            return unknown(program, argv[i]);
        *value = equals ? equals + 1 : i + 1 < argc ? argv[++i] : "";
        if (!**value) {
            fprintf(stderr, "%s: %s needs a value\n", program, name);
            return -1;
        }
    }
    return 0;
}

int fwsim__request_read(fwsim__request *request, int argc, char *const *argv)
{
    const char *list = variable("FWSIM_TEST_LIST");

    *request = (fwsim__request){ 0 };
    request->list = request->protocol = list && strcmp(list, "0");
    request->filter = variable("FWSIM_TEST_FILTER");
    for (int i = 0; i < FWSIM__REPORTS; i++)
        request->report[i] = variable(report_variable[i]);
    return read_options(request, argc, argv);
}
