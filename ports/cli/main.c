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

static const cli_command *find_command(const char *name)
{
    const cli_command *cmd = cli_command_find(name);
    char hint[128];

    if (!cmd) {
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
    const cli_command *cmd;
    bool man;
    const char *man_dir;
} help_request;

static int help_option(const cli_option *option, const char *value, void *user)
{
    help_request *r = user;

    if (!option) {
        r->cmd = find_command(value);
        return r->cmd ? CLI_OK : CLI_USAGE;
    }
    if (option->id == HELP_MAN)
        r->man = true;
    else
        r->man_dir = value;
    return CLI_OK;
}

static int write_page(const cli_command *cmd, const char *folder)
{
    bool program = cmd == &cli_program;
    char path[4096];
    FILE *out;
    bool written;

    snprintf(path, sizeof(path), "%s/fwsim%s%s.1", folder, program ? "" : "-",
             program ? "" : cmd->name);
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
    help_request r = { .cmd = &cli_program };
    bool done;
    int code = cli_parse(cli_command_find("help"), argc, argv, help_option, &r,
                         &done);

    if (code != CLI_OK || done)
        return code;
    if (r.man_dir)
        return write_pages(r.man_dir);
    if (r.man)
        cli_man(r.cmd, stdout);
    else
        cli_help(r.cmd, stdout);
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

    if (argc < 2) {
        cli_help(&cli_program, stderr);
        return CLI_USAGE;
    }
    if (argv[1][0] == '-')
        return cli_parse(&cli_program, argc, argv, program_option, NULL, &done);
    cmd = find_command(argv[1]);
    return cmd ? cmd->main(argc - 1, argv + 1) : CLI_USAGE;
}

int main(int argc, char **argv)
{
    int code = dispatch(argc, argv);

    return code == CLI_OK ? cli_flush() : code;
}
