/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Messages for people, and the nearest name to one that does not exist. */
#include "cli.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

static void message(const char *fmt, va_list args)
{
    /* stdout first, so that a terminal shows both in the order of writing. */
    fflush(stdout);
    fputs("fwsim: ", stderr);
    vfprintf(stderr, fmt, args);
    fputc('\n', stderr);
}

void cli_message(const char *fmt, ...)
{
    va_list args;

    va_start(args, fmt);
    message(fmt, args);
    va_end(args);
}

int cli_error(int code, const char *fmt, ...)
{
    va_list args;

    va_start(args, fmt);
    message(fmt, args);
    va_end(args);
    return code;
}

void cli_keep_error(const fwsim_log_entry *entry, void *user)
{
    cli_last_error *error = user;

    if (entry->level == FWSIM_LOG_ERROR)
        snprintf(error->text, sizeof(error->text), "%s", entry->text);
    else
        cli_message("%s: %s", cli_level_name(entry->level), entry->text);
}

const char *cli_nearest(const char *name, cli_name_fn nth, const void *table)
{
    size_t count = 0;
    const char **names;
    const char *near;

    while (nth(table, count))
        count++;
    names = malloc((count + 1) * sizeof(*names));
    if (!names)
        return NULL;
    for (size_t i = 0; i <= count; i++)
        names[i] = nth(table, i);
    near = fwsim_closest(name, names);
    free(names);
    return near;
}

const char *cli_hint(const char *name, cli_name_fn nth, const void *table,
                     char *buf, size_t size)
{
    const char *near = cli_nearest(name, nth, table);

    buf[0] = '\0';
    if (near)
        snprintf(buf, size, "; did you mean \"%s\"?", near);
    return buf;
}

const char *cli_board_name(const void *unused, size_t index)
{
    (void)unused;
    return fwsim_boards[index] ? fwsim_boards[index]->name : NULL;
}

const fwsim_board *cli_board(const char *name)
{
    const fwsim_board *board = fwsim_board_find(name);
    char hint[128];

    if (!board) {
        cli_hint(name, cli_board_name, NULL, hint, sizeof(hint));
        cli_message("no board \"%s\"%s%s", name, hint,
                    hint[0] ? "" : "; \"fwsim boards\" lists them");
    }
    return board;
}

int cli_flush(void)
{
    bool failed = ferror(stdout);

    if (fflush(stdout) == 0 && !failed)
        return CLI_OK;
    return cli_error(CLI_INTERNAL, "cannot write to standard output%s%s",
                     failed ? "" : ": ", failed ? "" : strerror(errno));
}
