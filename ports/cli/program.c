/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The program: finds the command, and the commands about the program. */
#include "cli.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const char *command_name(const void *commands, size_t index)
{
    return ((const cli_command *)commands)[index].name;
}

/** List the commands of a group: "bundle keygen, bundle build". */
static bool list_group(const char *group)
{
    size_t length = strlen(group);
    const char *separator = "";
    bool found = false;

    for (const cli_command *c = cli_commands; c->name; c++) {
        if (strncmp(c->name, group, length) || c->name[length] != ' ')
            continue;
        if (!found)
            fprintf(stderr, "fwsim: there are: ");
        fprintf(stderr, "%sfwsim %s", separator, c->name);
        separator = ", ";
        found = true;
    }
    if (found)
        fputc('\n', stderr);
    return found;
}

/** The command of one or two words. @a words  out: how many it has */
static const cli_command *find_command(const char *name, const char *second,
                                       int *words)
{
    const cli_command *cmd = NULL;
    char both[64], hint[128];

    *words = 2;
    if (second &&
        snprintf(both, sizeof(both), "%s %s", name, second) < (int)sizeof(both))
        cmd = cli_command_find(both);
    if (!cmd) {
        *words = 1;
        cmd = cli_command_find(name);
    }
    if (!cmd && !list_group(name)) {
        cli_hint(name, command_name, cli_commands, hint, sizeof(hint));
        cli_message("no command \"%s\"%s%s", name, hint,
                    hint[0] ? "" : "; \"fwsim --help\" lists them");
    }
    return cmd;
}

/* ------------------------------------------------------------------ */
/* help                                                                 */
/* ------------------------------------------------------------------ */

typedef struct help_request {
    const char *words[2]; /* of the command */
    bool man;
    const char *man_dir;
} help_request;

static int help_option(const cli_option *option, const char *value, void *user)
{
    help_request *r = user;

    if (!option) {
        if (r->words[1])
            return cli_error(CLI_USAGE, "one command at a time; \"%s\" is too "
                             "much", value);
        r->words[r->words[0] != NULL] = value;
        return CLI_OK;
    }
    if (option->id == HELP_MAN)
        r->man = true;
    else
        r->man_dir = value;
    return CLI_OK;
}

static int write_page(const cli_command *cmd, const char *folder)
{
    char path[4096], page[64];
    FILE *out;
    bool written;

    snprintf(path, sizeof(path), "%s/%s.1", folder,
             cli_page_name(cmd, page, sizeof(page)));
    out = fopen(path, "w");
    if (!out)
        return cli_error(CLI_INPUT, "cannot write %s: %s", path,
                         strerror(errno));
    cli_man(cmd, out);
    written = !ferror(out);
    if (fclose(out) != 0 || !written)
        return cli_error(CLI_INTERNAL, "cannot write %s: %s", path,
                         strerror(errno));
    return CLI_OK;
}

static int write_pages(const char *folder)
{
    int code = write_page(&cli_program, folder);

    for (const cli_command *c = cli_commands; c->name && code == CLI_OK; c++)
        code = write_page(c, folder);
    return code;
}

int help_main(int argc, char **argv)
{
    const cli_command *cmd = &cli_program;
    help_request r = { 0 };
    bool done;
    int words;
    int code = cli_parse(cli_command_find("help"), argc, argv, help_option, &r,
                         &done);

    if (code != CLI_OK || done)
        return code;
    if (r.man_dir)
        return write_pages(r.man_dir);
    if (r.words[0])
        cmd = find_command(r.words[0], r.words[1], &words);
    if (!cmd)
        return CLI_USAGE;
    if (r.man)
        cli_man(cmd, stdout);
    else
        cli_help(cmd, stdout);
    return CLI_OK;
}

/* ------------------------------------------------------------------ */
/* The program                                                          */
/* ------------------------------------------------------------------ */

static int program_option(const cli_option *option, const char *value,
                          void *user)
{
    (void)user;
    if (!option)
        return cli_error(CLI_USAGE, "the command comes first: fwsim %s", value);
    printf("fwsim %s\n", fwsim_version());
    return CLI_OK;
}

static int dispatch(int argc, char **argv)
{
    const cli_command *cmd;
    bool done;
    int words;

    if (argc < 2) {
        cli_help(&cli_program, stderr);
        return CLI_USAGE;
    }
    if (argv[1][0] == '-')
        return cli_parse(&cli_program, argc, argv, program_option, NULL, &done);
    cmd = find_command(argv[1], argc > 2 ? argv[2] : NULL, &words);
    return cmd ? cmd->main(argc - words, argv + words) : CLI_USAGE;
}

int cli_main(int argc, char **argv)
{
    int code = dispatch(argc, argv);

    return code == CLI_OK ? cli_flush() : code;
}
