/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Manual pages: the tables of commands.c, in the man macros of roff. */
#include "cli.h"

#include <ctype.h>

/* A character, escaped where roff would take it for its own. */
static void put_char(FILE *out, char c, bool begins_line)
{
    if (begins_line && (c == '.' || c == '\''))
        fputs("\\&", out);
    switch (c) {
    case '\\':
        fputs("\\e", out);
        break;
    case '-':
        fputs("\\-", out);
        break;
    case '\'':
        fputs("\\(aq", out);
        break;
    case '`':
        fputs("\\(ga", out);
        break;
    case '^':
        fputs("\\(ha", out);
        break;
    case '~':
        fputs("\\(ti", out);
        break;
    default:
        fputc(c, out);
    }
}

static void put(FILE *out, const char *text)
{
    for (bool start = true; *text; text++, start = false)
        put_char(out, *text, start);
}

/* Paragraphs, with an empty line between. A sentence begins a line, which
 * tells roff where sentences end. */
static void put_paragraphs(FILE *out, const char *text)
{
    bool start = true;

    for (; *text; text++) {
        if (text[0] == '\n' && text[1] == '\n') {
            fputs("\n.PP\n", out);
            text++;
            start = true;
        } else if (text[0] == ' ' && text[-1] == '.' && !start) {
            fputc('\n', out);
            start = true;
        } else {
            put_char(out, *text, start);
            start = false;
        }
    }
    fputc('\n', out);
}

const char *cli_page_name(const cli_command *cmd, char *buf, size_t size)
{
    bool program = cmd == &cli_program;

    snprintf(buf, size, "fwsim%s%s", program ? "" : "-",
             program ? "" : cmd->name);
    for (char *s = buf; *s; s++) {
        if (*s == ' ')
            *s = '-';
    }
    return buf;
}

static void put_title(const cli_command *cmd, FILE *out)
{
    bool program = cmd == &cli_program;
    char page[64];

    fputs(".\\\" Made by \"fwsim help --man\".\n.TH ", out);
    cli_page_name(cmd, page, sizeof(page));
    for (const char *s = page; *s; s++)
        fputc(toupper((unsigned char)*s), out);
    fprintf(out, " 1 \"\" \"fwsim %s\" \"User Commands\"\n.SH NAME\n",
            FWSIM_VERSION);
    put(out, page);
    fputs(" \\- ", out);
    put(out, cmd->summary);
    fprintf(out, "\n.SH SYNOPSIS\n.B fwsim%s%s\n", program ? "" : " ",
            program ? "" : cmd->name);
    put(out, cmd->synopsis);
    fputs("\n.SH DESCRIPTION\n", out);
    put_paragraphs(out, cmd->text);
}

static void put_reference(const cli_command *cmd, const char *before, FILE *out)
{
    char page[64];

    fprintf(out, "%s.BR ", before);
    put(out, cli_page_name(cmd, page, sizeof(page)));
    fputs(" (1)", out);
}

static void put_commands(FILE *out)
{
    fputs(".SH COMMANDS\n", out);
    for (const cli_command *c = cli_commands; c->name; c++) {
        put_reference(c, ".TP\n", out);
        fputc('\n', out);
        put(out, c->summary);
        fputc('\n', out);
    }
}

static void put_option(const cli_option *o, FILE *out)
{
    fputs(".TP\n", out);
    if (o->letter)
        fprintf(out, "\\fB\\-%c\\fR, ", o->letter);
    fputs("\\fB\\-\\-", out);
    put(out, o->name);
    fputs("\\fR", out);
    if (o->arg) {
        fputs(o->arg[0] == '[' ? "\\fI" : " \\fI", out);
        put(out, o->arg);
        fputs("\\fR", out);
    }
    fputc('\n', out);
    put_paragraphs(out, o->text);
}

static void put_exits(const cli_command *cmd, FILE *out)
{
    fputs(".SH \"EXIT STATUS\"\n", out);
    for (const cli_exit_row *e = cli_exits; e->id; e++) {
        if (!cli_may_exit(cmd, e))
            continue;
        fprintf(out, ".TP\n\\fB%d\\fR (", (int)e->code);
        put(out, e->id);
        fputs(")\n", out);
        put_paragraphs(out, e->text);
    }
}

static void put_examples(const cli_command *cmd, FILE *out)
{
    if (!cmd->examples)
        return;
    fputs(".SH EXAMPLES\n", out);
    for (const cli_example *e = cmd->examples; e->line; e++) {
        if (*e->text) {
            put_paragraphs(out, e->text);
            fputs(".PP\n", out);
        }
        fputs(".RS 4\n.EX\n", out);
        put(out, e->line);
        fputs("\n.EE\n.RE\n.PP\n", out);
    }
}

static void put_see_also(const cli_command *cmd, FILE *out)
{
    const char *separator = "";

    fputs(".SH \"SEE ALSO\"\n", out);
    if (cmd != &cli_program) {
        fputs(".BR fwsim (1)", out);
        separator = ",\n";
    }
    for (const cli_command *c = cli_commands; c->name; c++) {
        if (c == cmd)
            continue;
        put_reference(c, separator, out);
        separator = ",\n";
    }
    fputc('\n', out);
}

void cli_man(const cli_command *cmd, FILE *out)
{
    put_title(cmd, out);
    if (cmd == &cli_program)
        put_commands(out);
    fputs(".SH OPTIONS\n", out);
    for (const cli_option *o = cmd->options; o->name; o++)
        put_option(o, out);
    put_option(&(cli_option){ "help", 'h', NULL, 0, "Print a help text." },
               out);
    put_exits(cmd, out);
    put_examples(cmd, out);
    put_see_also(cmd, out);
}
