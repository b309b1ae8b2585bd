/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * `fwsim test`: results in what a test program writes. Four forms are read,
 * line by line: TAP, the lines of Unity, those of GoogleTest, and what cmocka
 * makes of them. All other lines are output of the test that is told next.
 *
 * Source: Test Anything Protocol 14. cmocka writes a test that was skipped as
 * "not ok 3 # SKIP name".
 */
#include "test.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* ------------------------------------------------------------------ */
/* TAP                                                                  */
/* ------------------------------------------------------------------ */

/* Behind a word at the beginning of a text; NULL: it is not there. */
static const char *behind(const char *text, const char *word)
{
    size_t n = strlen(word);

    return strncmp(text, word, n) ? NULL : text + n;
}

static const char *after_spaces(const char *text)
{
    return text + strspn(text, " \t");
}

/* "# SKIP reason" in any case; @return the reason, or NULL */
static const char *directive(const char *text, const char *word)
{
    for (text = strchr(text, '#'); text; text = strchr(text + 1, '#')) {
        const char *p = after_spaces(text + 1);
        size_t i = 0;

        while (word[i] && tolower((unsigned char)p[i]) == word[i])
            i++;
        if (!word[i] && (!p[i] || isspace((unsigned char)p[i])))
            return after_spaces(p + i);
    }
    return NULL;
}

/* The name of a test point: without its number, dash and directive. */
static void point_name(const char *text, char *name, size_t size)
{
    size_t n;

    text = after_spaces(text);
    text = after_spaces(text + strspn(text, "0123456789"));
    if (*text == '-')
        text = after_spaces(text + 1);
    for (n = 0; text[n] && !(text[n] == '#' && (!n || text[n - 1] == ' '));)
        n++;
    while (n && text[n - 1] == ' ')
        n--;
    snprintf(name, size, "%.*s", (int)n, text);
}

/* cmocka writes it behind the name. */
static const char could_not[] = " Could not run test: ";

static void test_point(test_job *job, const char *text, bool ok)
{
    const char *reason = directive(text, "skip");
    bool todo = directive(text, "todo") != NULL;
    char name[512], *broken;

    point_name(text, name, sizeof(name));
    broken = ok ? NULL : strstr(name, could_not);
    if (broken) {
        *broken = '\0';
        test_program_result(job, name, SCENARIO_ERROR, broken + 1);
        return;
    }
    if (!name[0] && reason) { /* cmocka: the name stands where the reason is */
        snprintf(name, sizeof(name), "%s", reason);
        reason = NULL;
    }
    if (!name[0])
        snprintf(name, sizeof(name), "%zu", job->result_count + 1);
    test_program_result(job, name,
                        reason || (directive(text, "skip") && !ok)
                            ? SCENARIO_SKIPPED
                        : ok || todo ? SCENARIO_PASSED
                                     : SCENARIO_FAILED,
                        reason);
}

/* "test.c:8: error: Failure!" tells the place. */
static void take_place(test_result *r, const char *line)
{
    const char *colon = strchr(line, ':');
    size_t number = colon ? strtoul(colon + 1, NULL, 10) : 0;

    if (r->line || !number || colon == line || strchr(line, ' ') < colon)
        return;
    r->place = strndup(line, (size_t)(colon - line));
    r->line = r->place ? number : 0;
}

/* A comment behind a test that failed is its message. */
static void comment(test_job *job, const char *line)
{
    test_result *r = test_last(job);
    size_t size;
    char *grown;

    line = after_spaces(line);
    if (!r || r->status != SCENARIO_FAILED || !*line ||
        behind(line, "ok ") || behind(line, "not ok "))
        return;
    take_place(r, line);
    size = r->message ? strlen(r->message) : 0;
    grown = realloc(r->message, size + strlen(line) + 2);
    if (!grown)
        return;
    r->message = grown;
    sprintf(grown + size, "%s%s", size ? "\n" : "", line);
}

/* @return false: it is no line of TAP */
static bool take_tap(test_job *job, const char *line)
{
    const char *rest;

    if ((rest = behind(line, "ok")) && (!*rest || *rest == ' '))
        test_point(job, rest, true);
    else if ((rest = behind(line, "not ok")) && (!*rest || *rest == ' '))
        test_point(job, rest, false);
    else if ((rest = behind(line, "1..")) && isdigit((unsigned char)*rest))
        job->planned = (job->planned < 0 ? 0 : job->planned) +
                       strtol(rest, NULL, 10);
    else if ((rest = behind(line, "#")))
        comment(job, rest);
    else if ((rest = behind(line, "Bail out!")))
        test_add(job, "bail out", SCENARIO_ERROR, after_spaces(rest));
    else
        return behind(line, "TAP version") != NULL;
    return true;
}

/* ------------------------------------------------------------------ */
/* Unity                                                                */
/* ------------------------------------------------------------------ */

/* "file.c:12:name:FAIL: message", or PASS or IGNORE. */
static bool take_unity(test_job *job, const char *line)
{
    static const struct {
        const char *word;
        scenario_status status;
    } words[] = { { "PASS", SCENARIO_PASSED },
                  { "FAIL", SCENARIO_FAILED },
                  { "IGNORE", SCENARIO_SKIPPED } };
    const char *number = strchr(line, ':'), *name, *end, *rest = NULL;
    scenario_status status = SCENARIO_PASSED;
    char text[512];

    name = number ? number + 1 + strspn(number + 1, "0123456789") : line;
    if (name <= line || name == number + 1 || *name != ':' ||
        !(end = strchr(name + 1, ':')) || end == name + 1)
        return false;
    for (size_t i = 0; !rest && i < sizeof(words) / sizeof(*words); i++) {
        rest = behind(end + 1, words[i].word);
        status = words[i].status;
    }
    if (!rest || (*rest && *rest != ':'))
        return false;
    snprintf(text, sizeof(text), "%.*s", (int)(end - name - 1), name + 1);
    rest = *rest ? after_spaces(rest + 1) : rest;
    test_program_result(job, text, status, *rest ? rest : NULL);
    if (status == SCENARIO_FAILED && test_last(job))
        take_place(test_last(job), line);
    return true;
}

/* ------------------------------------------------------------------ */
/* GoogleTest, and cmocka as it writes for people                       */
/* ------------------------------------------------------------------ */

/* A line of the output that has a text; NULL: none has. */
static char *line_with(const test_text *output, const char *text)
{
    char *at = output->data ? strstr(output->data, text) : NULL;

    while (at && at > output->data && at[-1] != '\n')
        at--;
    return at;
}

/* "file.cc:9: Failure" and what follows is the message, and not output. */
static void box_ended(test_job *job, const char *name, scenario_status status)
{
    char *at = status == SCENARIO_FAILED
                   ? line_with(&job->output, ": Failure\n")
               : status == SCENARIO_SKIPPED
                   ? line_with(&job->output, ": Skipped\n")
                   : NULL;
    char *message = at ? strdup(at) : NULL;

    if (message) {
        job->output.size = (size_t)(at - job->output.data);
        *at = '\0';
        message[strcspn(message, "\n")] = status == SCENARIO_SKIPPED ? '\0'
                                                                      : '\n';
    }
    job->in_test = false;
    test_program_result(job, name, status, message);
    if (message && test_last(job))
        take_place(test_last(job), message);
    free(message);
}

/* "[ RUN      ] Suite.Name", later "[       OK ] Suite.Name (3 ms)". What is
 * listed again at the end is no result: no test runs. */
static bool take_box(test_job *job, const char *line)
{
    static const struct {
        const char *box;
        scenario_status status;
    } ends[] = { { "[       OK ] ", SCENARIO_PASSED },
                 { "[  FAILED  ] ", SCENARIO_FAILED },
                 { "[  SKIPPED ] ", SCENARIO_SKIPPED } };
    const char *name;
    char text[512];

    if (behind(line, "[ RUN      ] ")) {
        test_text_clear(&job->output);
        test_mark(job);
        return true;
    }
    for (size_t i = 0; job->in_test && i < sizeof(ends) / sizeof(*ends); i++) {
        name = behind(line, ends[i].box);
        if (!name)
            continue;
        snprintf(text, sizeof(text), "%.*s", (int)strcspn(name, ", ("), name);
        box_ended(job, text, ends[i].status);
        return true;
    }
    return behind(line, "[------") || behind(line, "[======");
}

/* ------------------------------------------------------------------ */
/* Any of them                                                          */
/* ------------------------------------------------------------------ */

void test_output_line(test_job *job, const char *line)
{
    if (take_tap(job, line) || take_unity(job, line) || take_box(job, line))
        return;
    test_text_add(&job->output, line, strlen(line));
    test_text_add(&job->output, "\n", 1);
}
