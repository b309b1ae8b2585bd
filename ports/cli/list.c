/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the commands that list things have in common; `fwsim cpus`. */
#include "list.h"

#include <string.h>

static int read_option(const cli_option *option, const char *value, void *user)
{
    list_request *r = user;

    if (option)
        r->json = true;
    else if (r->name)
        return cli_error(CLI_USAGE, "one name at most; \"%s\" is the second",
                         value);
    else
        r->name = value;
    return CLI_OK;
}

int list_read(list_request *r, const char *command, int argc, char **argv,
              bool *done)
{
    *r = (list_request){ 0 };
    return cli_parse(cli_command_find(command), argc, argv, read_option, r,
                     done);
}

int list_width(cli_name_fn nth, const void *table)
{
    size_t width = 0;
    const char *name;

    for (size_t i = 0; (name = nth(table, i)); i++) {
        if (strlen(name) > width)
            width = strlen(name);
    }
    return (int)width;
}

void list_json_strings(json *j, const char *key, const char *const *strings)
{
    json_array(j, key);
    for (; strings && *strings; strings++)
        json_string(j, NULL, *strings);
    json_array_end(j);
}

/* ------------------------------------------------------------------ */
/* cpus                                                                 */
/* ------------------------------------------------------------------ */

static void cpus_text(void)
{
    for (const fwsim_cpu_info *c = fwsim_cpus; c->name; c++) {
        printf("%s\n    %s\n", c->name, c->summary);
        for (const char *const *gap = c->gaps; gap && *gap; gap++)
            printf("    not modelled: %s\n", *gap);
    }
}

static void cpus_json(void)
{
    json j = { .out = stdout };

    json_array(&j, NULL);
    for (const fwsim_cpu_info *c = fwsim_cpus; c->name; c++) {
        json_object(&j, NULL);
        json_string(&j, "name", c->name);
        json_string(&j, "summary", c->summary);
        json_string(&j, "arch", cli_arch_name(c->arch));
        list_json_strings(&j, "gaps", c->gaps);
        json_object_end(&j);
    }
    json_array_end(&j);
    json_end(&j);
}

int cpus_main(int argc, char **argv)
{
    list_request r;
    bool done;
    int code = list_read(&r, "cpus", argc, argv, &done);

    if (code != CLI_OK || done)
        return code;
    if (r.name)
        return cli_error(CLI_USAGE, "cpus takes no name, it lists all cores");
    if (r.json)
        cpus_json();
    else
        cpus_text();
    return CLI_OK;
}
