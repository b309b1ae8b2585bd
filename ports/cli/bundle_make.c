/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `fwsim bundle keygen`, `build` and `sign`: making bundles. */
#include "bundle.h"
#include "run.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { DAY = 86400, DEFAULT_DAYS = 365 };

/* ------------------------------------------------------------------ */
/* keygen                                                               */
/* ------------------------------------------------------------------ */

static int one_operand(const cli_option *option, const char *value, void *user)
{
    const char **operand = user;

    if (option)
        return CLI_USAGE; /* there are none */
    if (*operand)
        return cli_error(CLI_USAGE, "one name at a time; \"%s\" is the second",
                         value);
    *operand = value;
    return CLI_OK;
}

int bundle_keygen_main(int argc, char **argv)
{
    char private_path[BUNDLE_PATHS], public_path[BUNDLE_PATHS];
    char id[FWSIM_KEY_ID_TEXT];
    const char *name = NULL;
    bool done;
    int code = cli_parse(cli_command_find("bundle keygen"), argc, argv,
                         one_operand, &name, &done);

    if (code != CLI_OK || done)
        return code;
    if (!name)
        return cli_error(CLI_USAGE, "no name for the key; keygen NAME makes "
                         "NAME.key and NAME.pem");
    if (strlen(name) > BUNDLE_PATHS - 8)
        return cli_error(CLI_USAGE, "the name is too long");
    snprintf(private_path, sizeof(private_path), "%s.key", name);
    snprintf(public_path, sizeof(public_path), "%s.pem", name);
    code = bundle_exit(fwsim_key_generate(private_path, public_path, id,
                                          bundle_log, NULL));
    if (code == CLI_OK)
        printf("%s: the private key; keep it secret\n"
               "%s: the public key, for those who trust you\n"
               "id %s\n", private_path, public_path, id);
    return code;
}

/* ------------------------------------------------------------------ */
/* build                                                                */
/* ------------------------------------------------------------------ */

typedef struct build_request {
    fwsim_bundle_info info;
    fwsim_part parts[FWSIM_BUNDLE_PARTS_MAX];
    char *data[FWSIM_BUNDLE_PARTS_MAX];
    sign_request sign;
    const char *output, *licence, *provenance;
} build_request;

static const char *kind_name(const void *unused, size_t index)
{
    (void)unused;
    return index < FWSIM_PART_KINDS
               ? fwsim_part_kind_name((fwsim_part_kind)index)
               : NULL;
}

static int find_kind(const char *text, size_t length, fwsim_part_kind *kind)
{
    char name[64], hint[128];

    snprintf(name, sizeof(name), "%.*s", (int)length, text);
    for (unsigned i = 0; i < FWSIM_PART_KINDS; i++) {
        if (!strcmp(name, fwsim_part_kind_name((fwsim_part_kind)i))) {
            *kind = (fwsim_part_kind)i;
            return CLI_OK;
        }
    }
    cli_hint(name, kind_name, NULL, hint, sizeof(hint));
    return cli_error(CLI_USAGE, "--part: no kind \"%s\"%s", name,
                     *hint ? hint : "; there are models, names, board, weights");
}

/** KIND=FILE */
static int add_part(build_request *r, const char *text)
{
    const char *equals = strchr(text, '=');
    size_t n = r->info.part_count, size;
    fwsim_part *part = &r->parts[n];
    int code;

    if (!equals || !equals[1])
        return cli_error(CLI_USAGE, "--part: \"%s\" is not KIND=FILE", text);
    if (n == FWSIM_BUNDLE_PARTS_MAX)
        return cli_error(CLI_USAGE, "more than %d parts", FWSIM_BUNDLE_PARTS_MAX);
    if (!r->licence || !r->provenance)
        return cli_error(CLI_USAGE, "--part %s: --licence and --provenance "
                         "come before it", text);
    code = find_kind(text, (size_t)(equals - text), &part->kind);
    if (code != CLI_OK)
        return code;
    if (!run_read_file(equals + 1, &r->data[n], &size)) {
        free(r->data[n]);
        r->data[n] = NULL;
        return cli_error(CLI_INPUT, "cannot read %s: %s", equals + 1,
                         strerror(errno));
    }
    part->licence = r->licence;
    part->provenance = r->provenance;
    part->data = r->data[n] ? r->data[n] : "";
    part->size = size;
    r->info.part_count++;
    return CLI_OK;
}

static int build_option(const cli_option *option, const char *value, void *user)
{
    build_request *r = user;
    const char *wrong;
    int code = CLI_OK;

    if (!option)
        return cli_error(CLI_USAGE, "\"%s\": a file in a bundle is given by "
                         "--part KIND=FILE", value);
    if (sign_option(&r->sign, option, value, &code))
        return code;
    switch (option->id) {
    case BUNDLE_OUTPUT:
        r->output = value;
        break;
    case BUNDLE_NAME:
        r->info.name = value;
        break;
    case BUNDLE_VERSION:
        wrong = cli_parse_uint(value, &r->info.version);
        if (wrong)
            return cli_error(CLI_USAGE, "--version: \"%s\" %s", value, wrong);
        break;
    case BUNDLE_SOC:
        r->info.target.soc = value;
        break;
    case BUNDLE_VENDOR:
        r->info.target.vendor = value;
        break;
    case BUNDLE_DEVICE:
        r->info.target.device = value;
        break;
    case BUNDLE_CPU:
        r->info.target.cpu = value;
        break;
    case BUNDLE_LICENCE:
        r->licence = value;
        break;
    case BUNDLE_PROVENANCE:
        r->provenance = value;
        break;
    case BUNDLE_PART:
        return add_part(r, value);
    }
    return CLI_OK;
}

static int build(build_request *r)
{
    fwsim_key *key = NULL;
    int code;

    if (!r->output)
        return cli_error(CLI_USAGE, "no file to write: --output FILE is needed");
    if (!r->info.name || !r->info.version)
        return cli_error(CLI_USAGE, "a bundle has a --name and a --version");
    if (!r->info.part_count)
        return cli_error(CLI_USAGE, "nothing is in it: --part KIND=FILE is "
                         "needed");
    code = sign_open(&key, &r->sign);
    if (code != CLI_OK)
        return code;
    r->info.created = r->sign.time;
    r->info.expires = r->sign.time + r->sign.days * DAY;
    r->info.parts = r->parts;
    code = bundle_exit(fwsim_bundle_write(r->output, &r->info, key, bundle_log,
                                          NULL));
    fwsim_key_free(key);
    return code;
}

int bundle_build_main(int argc, char **argv)
{
    build_request *r = calloc(1, sizeof(*r));
    bool done;
    int code;

    if (!r)
        return cli_error(CLI_INTERNAL, "out of memory");
    r->sign.days = DEFAULT_DAYS;
    code = cli_parse(cli_command_find("bundle build"), argc, argv, build_option,
                     r, &done);
    if (code == CLI_OK && !done)
        code = build(r);
    for (size_t i = 0; i < FWSIM_BUNDLE_PARTS_MAX; i++)
        free(r->data[i]);
    free(r);
    return code;
}

/* ------------------------------------------------------------------ */
/* sign                                                                 */
/* ------------------------------------------------------------------ */

typedef struct resign_request {
    sign_request sign;
    const char *path, *output;
} resign_request;

static int resign_option(const cli_option *option, const char *value, void *user)
{
    resign_request *r = user;
    int code = CLI_OK;

    if (!option) {
        if (r->path)
            return cli_error(CLI_USAGE, "one document at a time; \"%s\" is the "
                             "second", value);
        r->path = value;
    } else if (!sign_option(&r->sign, option, value, &code)) {
        r->output = value;
    }
    return code;
}

int bundle_sign_main(int argc, char **argv)
{
    resign_request r = { 0 };
    fwsim_key *key;
    bool done;
    int code = cli_parse(cli_command_find("bundle sign"), argc, argv,
                         resign_option, &r, &done);

    if (code != CLI_OK || done)
        return code;
    if (!r.path)
        return cli_error(CLI_USAGE, "no document to sign");
    code = sign_open(&key, &r.sign);
    if (code != CLI_OK)
        return code;
    code = bundle_exit(fwsim_document_sign(r.path, r.output ? r.output : r.path,
                                           key, bundle_log, NULL));
    fwsim_key_free(key);
    return code;
}
