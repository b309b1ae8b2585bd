/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cmocka hands results to nobody, but prints them:
 *
 *     [  ERROR   ] --- 0x1 != 0x2
 *     [   LINE   ] --- test_x.c:9: error: Failure!
 *     [  FAILED  ] name
 */
#include "outcome.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool begins(const char *text, const char *part)
{
    return !strncmp(text, part, strlen(part));
}

/** "FILE:LINE: error: Failure!" */
static bool read_place(fwsim__outcome *o, const char *line)
{
    const char *end = strstr(line, ": error: Failure!");
    const char *colon = end;

    if (!end)
        return false;
    while (colon > line && *colon != ':')
        colon--;
    do {
        if (colon <= line)
            return false;
        colon--;
    } while (*colon != ':');
    snprintf(o->file, sizeof o->file, "%.*s", (int)(colon - line), line);
    o->line = (unsigned)strtoul(colon + 1, NULL, 10);
    return true;
}

static void add_message(fwsim__outcome *o, const char *line)
{
    size_t used = strlen(o->message);

    if (*line)
        snprintf(o->message + used, sizeof o->message - used, "%s%s",
                 used ? "\n" : "", line);
}

static void read_line(fwsim__outcome *o, char *line)
{
    char *dashes;

    if (begins(line, "[  FAILED  ]")) {
        o->failed = true;
        return;
    }
    if (begins(line, "[  SKIPPED ]")) {
        o->skipped = true;
        return;
    }
    while (*line == '[') {
        dashes = strstr(line, "] --- ");
        if (!dashes)
            return; /* a headline, also that of the next test */
        line = dashes + strlen("] --- ");
    }
    if (!read_place(o, line))
        add_message(o, line);
}

void fwsim__outcome_read(fwsim__outcome *outcome, const char *text)
{
    char line[1024];

    *outcome = (fwsim__outcome){ 0 };
    while (*text) {
        size_t length = strcspn(text, "\n");

        snprintf(line, sizeof line, "%.*s", (int)length, text);
        read_line(outcome, line);
        text += length + (text[length] == '\n');
    }
}

void fwsim__last_line(char *line, size_t size, const char *text)
{
    size_t end = strlen(text), begin;

    while (end && (text[end - 1] == '\n' || text[end - 1] == ' '))
        end--;
    begin = end;
    while (begin && text[begin - 1] != '\n')
        begin--;
    snprintf(line, size, "%.*s", (int)(end - begin), text + begin);
}

void fwsim__marked_line(char *line, size_t size, const char *text,
                        const char *mark)
{
    const char *at = text;

    while (at && !begins(at, mark)) {
        at = strchr(at, '\n');
        at += at != NULL;
    }
    at = at ? at + strlen(mark) : "";
    snprintf(line, size, "%.*s", (int)strcspn(at, "\n"), at);
}
