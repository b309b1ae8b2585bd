/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `fwsim repo`: making a repository, and the root documents of its keys. */
#include "bundle.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { DAY = 86400, INDEX_DAYS = 30, ROOT_DAYS = 365 };

/* ------------------------------------------------------------------ */
/* init, publish                                                        */
/* ------------------------------------------------------------------ */

typedef struct repo_request {
    sign_request sign;
    trust_request trust;
    bundle_list operands; /* the folder, then bundles */
    const char *name, *root;
} repo_request;

static int repo_option(const cli_option *option, const char *value, void *user)
{
    repo_request *r = user;
    int code = CLI_OK;

    if (!option)
        return bundle_list_add(&r->operands, "bundles", value);
    if (sign_option(&r->sign, option, value, &code) ||
        trust_option(&r->trust, option, value, &code))
        return code;
    if (option->id == BUNDLE_NAME)
        r->name = value;
    else
        r->root = value;
    return CLI_OK;
}

static int publish(repo_request *r)
{
    fwsim_publication p = { .name = r->name,
                            .bundles = r->operands.items + 1,
                            .root = r->root };
    fwsim_trust *trust = NULL;
    fwsim_key *key = NULL;
    int code = sign_open(&key, &r->sign);

    if (code == CLI_OK) {
        r->trust.how.now = r->sign.time;
        code = trust_open(&trust, &r->trust);
    }
    p.created = r->sign.time;
    p.expires = r->sign.time + r->sign.days * DAY;
    if (code == CLI_OK)
        code = bundle_exit(fwsim_repo_publish(r->operands.items[0], &p, key,
                                              trust, bundle_log, NULL));
    fwsim_trust_free(trust);
    fwsim_key_free(key);
    return code;
}

/** Is the folder as the command wants it? */
static int check(const repo_request *r, bool init)
{
    char index[BUNDLE_PATHS];
    bool there;

    if (!r->operands.count)
        return cli_error(CLI_USAGE, "the folder of the repository is missing");
    if (!r->name)
        return cli_error(CLI_USAGE, "a repository has a --name");
    snprintf(index, sizeof(index), "%s/index.fwb", r->operands.items[0]);
    there = !access(index, F_OK);
    if (init && r->operands.count > 1)
        return cli_error(CLI_USAGE, "bundles are added by \"fwsim repo "
                         "publish\"");
    if (init && there)
        return cli_error(CLI_INPUT, "%s is there already", index);
    if (!init && !there)
        return cli_error(CLI_INPUT, "%s is no repository; \"fwsim repo init\" "
                         "makes one", r->operands.items[0]);
    return CLI_OK;
}

static int repo_main(const char *command, bool init, int argc, char **argv)
{
    repo_request *r = calloc(1, sizeof(*r));
    bool done;
    int code;

    if (!r)
        return cli_error(CLI_INTERNAL, "out of memory");
    r->sign.days = INDEX_DAYS;
    code = cli_parse(cli_command_find(command), argc, argv, repo_option, r,
                     &done);
    if (code == CLI_OK && !done)
        code = check(r, init);
    if (code == CLI_OK && !done)
        code = publish(r);
    free(r);
    return code;
}

int repo_init_main(int argc, char **argv)
{
    return repo_main("repo init", true, argc, argv);
}

int repo_publish_main(int argc, char **argv)
{
    return repo_main("repo publish", false, argc, argv);
}

/* ------------------------------------------------------------------ */
/* root                                                                 */
/* ------------------------------------------------------------------ */

typedef struct root_request {
    fwsim_root root;
    sign_request sign;
    bundle_list keys[FWSIM_KEY_ROLES];
    bundle_list revoked;
    const char *output;
} root_request;

static int add_role(root_request *r, fwsim_key_role role, const cli_option *o,
                    const char *value)
{
    bool is_key = o->id == ROOT_KEY || o->id == INDEX_KEY || o->id == BUNDLE_KEY;
    uint64_t count;

    if (is_key)
        return bundle_list_add(&r->keys[role], "keys", value);
    if (cli_parse_uint(value, &count) || count < 1 || count > 64)
        return cli_error(CLI_USAGE, "--%s: \"%s\" is no number from 1 to 64",
                         o->name, value);
    r->root.roles[role].threshold = (unsigned)count;
    return CLI_OK;
}

static int root_option(const cli_option *option, const char *value, void *user)
{
    root_request *r = user;
    const char *wrong;
    int code = CLI_OK;

    if (!option)
        return cli_error(CLI_USAGE, "\"%s\": keys are given by options", value);
    if (sign_option(&r->sign, option, value, &code))
        return code;
    switch (option->id) {
    case ROOT_KEY:
    case ROOT_THRESHOLD:
        return add_role(r, FWSIM_KEY_ROLE_ROOT, option, value);
    case INDEX_KEY:
    case INDEX_THRESHOLD:
        return add_role(r, FWSIM_KEY_ROLE_INDEX, option, value);
    case BUNDLE_KEY:
    case BUNDLE_THRESHOLD:
        return add_role(r, FWSIM_KEY_ROLE_BUNDLE, option, value);
    case ROOT_REVOKE:
        return bundle_list_add(&r->revoked, "keys", value);
    case BUNDLE_NAME:
        r->root.name = value;
        break;
    case BUNDLE_VERSION:
        wrong = cli_parse_uint(value, &r->root.version);
        if (wrong)
            return cli_error(CLI_USAGE, "--version: \"%s\" %s", value, wrong);
        break;
    default:
        r->output = value;
    }
    return CLI_OK;
}

static int write_root(root_request *r)
{
    fwsim_key *key;
    int code;

    if (!r->output || !r->root.name || !r->root.version)
        return cli_error(CLI_USAGE, "--output, --name and --version are needed");
    for (size_t i = 0; i < FWSIM_KEY_ROLES; i++)
        r->root.roles[i].keys = r->keys[i].items;
    r->root.revoked = r->revoked.items;
    code = sign_open(&key, &r->sign);
    if (code != CLI_OK)
        return code;
    r->root.created = r->sign.time;
    r->root.expires = r->sign.time + r->sign.days * DAY;
    code = bundle_exit(fwsim_root_write(r->output, &r->root, key, bundle_log,
                                        NULL));
    fwsim_key_free(key);
    return code;
}

int repo_root_main(int argc, char **argv)
{
    root_request *r = calloc(1, sizeof(*r));
    bool done;
    int code;

    if (!r)
        return cli_error(CLI_INTERNAL, "out of memory");
    r->sign.days = ROOT_DAYS;
    for (size_t i = 0; i < FWSIM_KEY_ROLES; i++)
        r->root.roles[i].threshold = 1;
    code = cli_parse(cli_command_find("repo root"), argc, argv, root_option, r,
                     &done);
    if (code == CLI_OK && !done)
        code = write_root(r);
    free(r);
    return code;
}
