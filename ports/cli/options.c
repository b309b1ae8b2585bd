/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads a command line by the option table of a command. */
#include "cli.h"

#include <string.h>

static const cli_option help_option = { .name = "help", .letter = 'h',
                                        .id = CLI_OPTION_HELP };

static const cli_option *find_long(const cli_command *cmd, const char *name,
                                   size_t length)
{
    for (const cli_option *o = cmd->options; o->name; o++) {
        if (strlen(o->name) == length && !memcmp(o->name, name, length))
            return o;
    }
    return length == 4 && !memcmp(name, "help", 4) ? &help_option : NULL;
}

static const cli_option *find_short(const cli_command *cmd, char letter)
{
    for (const cli_option *o = cmd->options; o->name; o++) {
        if (o->letter == letter)
            return o;
    }
    return letter == 'h' ? &help_option : NULL;
}

static const char *option_name(const void *options, size_t index)
{
    return ((const cli_option *)options)[index].name;
}

static int unknown_option(const cli_command *cmd, const char *arg)
{
    const char *name = arg + strspn(arg, "-");
    int length = (int)strcspn(arg, "=");
    const char *near;
    char plain[64];

    snprintf(plain, sizeof(plain), "%.*s", (int)strcspn(name, "="), name);
    near = cli_nearest(plain, option_name, cmd->options);
    if (!near)
        return cli_error(CLI_USAGE, "%s has no option \"%.*s\"; --help lists "
                         "them", cmd->name, length, arg);
    return cli_error(CLI_USAGE, "%s has no option \"%.*s\"; did you mean "
                     "\"--%s\"?", cmd->name, length, arg, near);
}

/*
 * One argument that begins with a dash. @a next is the argument after it, NULL
 * at the end; it is used up when the option takes its value from there.
 */
static int parse_option(const cli_command *cmd, const char *arg,
                        const char *next, bool *used_next, cli_option_fn fn,
                        void *user, bool *done)
{
    bool is_long = arg[1] == '-';
    size_t length = is_long ? strcspn(arg + 2, "=") : 1;
    const char *value = arg + (is_long ? 2 : 1) + length;
    const cli_option *o = is_long ? find_long(cmd, arg + 2, length)
                                  : find_short(cmd, arg[1]);

    if (!o || (!is_long && !o->arg && *value))
        return unknown_option(cmd, arg);
    if (is_long && *value == '=')
        value++;
    else if (!*value)
        value = NULL;

    if (!o->arg && value)
        return cli_error(CLI_USAGE, "option --%s takes no value", o->name);
    if (o->arg && o->arg[0] != '[' && !value) {
        if (!next)
            return cli_error(CLI_USAGE, "option --%s needs a value: %s",
                             o->name, o->arg);
        value = next;
        *used_next = true;
    }
    if (o->id == CLI_OPTION_HELP) {
        cli_help(cmd, stdout);
        *done = true;
        return CLI_OK;
    }
    return fn(o, value, user);
}

int cli_parse(const cli_command *cmd, int argc, char **argv, cli_option_fn fn,
              void *user, bool *done)
{
    bool operands_only = false;
    int code = CLI_OK;

    *done = false;
    for (int i = 1; i < argc && code == CLI_OK && !*done; i++) {
        bool used_next = false;

        if (operands_only || argv[i][0] != '-' || !argv[i][1]) {
            code = fn(NULL, argv[i], user);
        } else if (!strcmp(argv[i], "--")) {
            operands_only = true;
        } else {
            code = parse_option(cmd, argv[i], i + 1 < argc ? argv[i + 1] : NULL,
                                &used_next, fn, user, done);
            i += used_next;
        }
    }
    return code;
}
