/* SPDX-License-Identifier: GPL-2.0-or-later */
/* --help: the tables of commands.c, laid out for a terminal. */
#include "cli.h"

#include <string.h>

enum { WIDTH = 79, TEXT_COLUMN = 8 };

void cli_print_filled(FILE *out, int indent, int width, const char *text)
{
    int column = 0;

    while (*text) {
        int length = (int)strcspn(text, " \n");

        if (column > 0 && column + 1 + length > width) {
            fputc('\n', out);
            column = 0;
        }
        if (column == 0)
            column = fprintf(out, "%*s%.*s", indent, "", length, text);
        else
            column += fprintf(out, " %.*s", length, text);
        text += length;
        if (!strncmp(text, "\n\n", 2)) {
            fputs("\n\n", out);
            column = 0;
        }
        text += strspn(text, " \n");
    }
    fputc('\n', out);
}

static void print_option(const cli_option *o, FILE *out)
{
    if (o->letter)
        fprintf(out, "  -%c, --%s", o->letter, o->name);
    else
        fprintf(out, "      --%s", o->name);
    fprintf(out, "%s%s\n", o->arg && o->arg[0] != '[' ? " " : "",
            o->arg ? o->arg : "");
    cli_print_filled(out, TEXT_COLUMN + 2, WIDTH, o->text);
}

static void print_options(const cli_command *cmd, FILE *out)
{
    fputs("\nOptions:\n", out);
    for (const cli_option *o = cmd->options; o->name; o++)
        print_option(o, out);
    print_option(&(cli_option){ "help", 'h', NULL, 0, "Print this text." },
                 out);
}

static void print_commands(FILE *out)
{
    fputs("\nCommands:\n", out);
    for (const cli_command *c = cli_commands; c->name; c++)
        fprintf(out, "  %-14s %s\n", c->name, c->summary);
    fputs("\n\"fwsim help COMMAND\" explains a command.\n", out);
}

static void print_exits(const cli_command *cmd, FILE *out)
{
    fputs("\nExit codes:\n", out);
    for (const cli_exit_row *e = cli_exits; e->id; e++) {
        if (!cli_may_exit(cmd, e))
            continue;
        fprintf(out, "  %d     %s\n", (int)e->code, e->id);
        cli_print_filled(out, TEXT_COLUMN, WIDTH, e->text);
    }
}

static void print_examples(const cli_command *cmd, FILE *out)
{
    if (!cmd->examples)
        return;
    fputs("\nExamples:\n", out);
    for (const cli_example *e = cmd->examples; e->line; e++) {
        fprintf(out, "  %s\n", e->line);
        if (*e->text)
            cli_print_filled(out, TEXT_COLUMN, WIDTH, e->text);
    }
}

void cli_help(const cli_command *cmd, FILE *out)
{
    bool program = cmd == &cli_program;

    fprintf(out, "Usage: fwsim %s%s%s\n\n", program ? "" : cmd->name,
            program ? "" : " ", cmd->synopsis);
    cli_print_filled(out, 0, WIDTH, cmd->text);
    if (program)
        print_commands(out);
    print_options(cmd, out);
    print_exits(cmd, out);
    print_examples(cmd, out);
}
