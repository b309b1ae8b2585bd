/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the commands that list things have in common. */
#ifndef FWSIM_CLI_LIST_H
#define FWSIM_CLI_LIST_H

#include "cli.h"
#include "json.h"

typedef struct list_request {
    bool json;
    const char *name; /* NULL: all */
} list_request;

/**
 * Read the command line "[--json] [NAME]".
 * @param done  out: nothing is left to do (--help)
 */
int list_read(list_request *r, const char *command, int argc, char **argv,
              bool *done);

/** Length of the longest name of a table. */
int list_width(cli_name_fn nth, const void *table);

/** An array of strings that ends with NULL; NULL itself is an empty one. */
void list_json_strings(json *j, const char *key, const char *const *strings);

#endif
