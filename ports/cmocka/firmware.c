/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the firmware was doing when a test failed. */
#include "runner.h"

#include <stdio.h>
#include <string.h>

enum { LAST_LINES = 10, LAST_EVENTS = 20, LONGEST = 2000 };

static void put_line(const char *line, void *user)
{
    (void)user;
    fprintf(stderr, "  %s\n", line);
}

/** Begin of the last lines of a text, and not more than can be read. */
static size_t tail_begin(const char *text, size_t size)
{
    size_t begin = size, lines = 0;

    while (begin && size - begin < LONGEST) {
        if (text[begin - 1] == '\n' && begin != size && ++lines == LAST_LINES)
            break;
        begin--;
    }
    return begin;
}

static void put_output(fwsim_machine *m)
{
    size_t size, begin;
    const char *text = fwsim_uart_output(m, NULL, &size);

    if (!text || !size)
        return;
    begin = tail_begin(text, size);
    fprintf(stderr, "  %s on the console:\n  | ",
            begin ? "last lines" : "output");
    for (size_t i = begin; i < size; i++) {
        unsigned char c = (unsigned char)text[i];

        if (c == '\n')
            fputs(i + 1 < size ? "\n  | " : "", stderr);
        else if (c != '\r')
            fputc(c < 0x20 && c != '\t' ? '?' : c, stderr);
    }
    fputc('\n', stderr);
}

static void put_events(fwsim_machine *m)
{
    if (!fwsim_journal_entries(m))
        return;
    fputs("  last events:\n", stderr);
    fwsim_journal_print(m, LAST_EVENTS, put_line, NULL);
}

void fwsim__firmware_report(fwsim_machine *m)
{
    const fwsim_board *board = fwsim_machine_board(m);

    fflush(stdout);
    fprintf(stderr, "[ FIRMWARE ] on %s\n", board->name);
    fwsim_report(m, fwsim_last_stop(m), put_line, NULL);
    put_output(m);
    put_events(m);
}
