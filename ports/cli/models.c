/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `fwsim models`: which bundles a project uses, in fwsim.lock. */
#include "bundle.h"
#include "json.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

typedef struct models_request {
    trust_request trust;
    fetch_request fetch;
    bundle_list operands;
    bool update, json;
} models_request;

static int models_option(const cli_option *option, const char *value, void *user)
{
    models_request *r = user;
    int code = CLI_OK;

    if (!option)
        return bundle_list_add(&r->operands, "operands", value);
    if (trust_option(&r->trust, option, value, &code) ||
        fetch_option(&r->fetch, option, value, &code))
        return code;
    if (option->id == MODELS_UPDATE)
        r->update = true;
    else
        r->json = true;
    return CLI_OK;
}

/** Read the command line and the lock file. @a r is to be freed */
static int begin(models_request **r, fwsim_lock **lock, const char *command,
                 size_t operands, const char *missing, int argc, char **argv,
                 bool *done)
{
    int code;

    *lock = NULL;
    *r = calloc(1, sizeof(**r));
    if (!*r)
        return cli_error(CLI_INTERNAL, "out of memory");
    (*r)->fetch.how.fetch.retries = 3;
    code = cli_parse(cli_command_find(command), argc, argv, models_option, *r,
                     done);
    if (code != CLI_OK || *done)
        return code;
    if ((*r)->operands.count != operands)
        return cli_error(CLI_USAGE, "%s", missing);
    code = fetch_prepare(&(*r)->fetch, NULL);
    return code == CLI_OK ? bundle_exit(fwsim_lock_open(lock, (*r)->fetch.lock,
                                                        bundle_log, NULL))
                          : code;
}

static int end(models_request *r, fwsim_lock *lock, fwsim_trust *trust, int code)
{
    fetch_progress_end();
    fwsim_trust_free(trust);
    fwsim_lock_free(lock);
    free(r);
    return code;
}

/** Make sure that the cache has the bundle of a row. */
static int fetch_row(models_request *r, const fwsim_locked *row,
                     fwsim_trust *trust)
{
    fwsim_bundle *bundle;
    int code = fetch_prepare(&r->fetch, row->url);

    if (code == CLI_OK)
        code = bundle_exit(
            fwsim_repo_open(&bundle, row, trust, &r->fetch.how));
    if (code != CLI_OK)
        return code;
    fwsim_bundle_free(bundle);
    fetch_progress_end();
    printf("%s %" PRIu64 "\n", row->name, row->version);
    return CLI_OK;
}

/** The newest version of a name, fetched, then locked. */
static int take_newest(models_request *r, fwsim_lock *lock, const char *url,
                       const char *name, fwsim_trust *trust)
{
    fwsim_locked *row;
    int code = fetch_prepare(&r->fetch, url);

    if (code == CLI_OK)
        code = bundle_exit(
            fwsim_repo_find(&row, url, name, trust, &r->fetch.how));
    if (code != CLI_OK)
        return code;
    code = fetch_row(r, row, trust);
    if (code == CLI_OK)
        code = bundle_exit(fwsim_lock_put(lock, row));
    fwsim_locked_free(row);
    return code;
}

static int save(const fwsim_lock *lock)
{
    return bundle_exit(fwsim_lock_save(lock, bundle_log, NULL));
}

int models_add_main(int argc, char **argv)
{
    fwsim_trust *trust = NULL;
    fwsim_lock *lock;
    models_request *r;
    bool done = false;
    int code = begin(&r, &lock, "models add", 2,
                     "the URL of a repository and the name of a bundle are "
                     "needed", argc, argv, &done);

    if (code != CLI_OK || done)
        return end(r, lock, NULL, code);
    code = trust_open(&trust, &r->trust);
    if (code == CLI_OK)
        code = take_newest(r, lock, r->operands.items[0], r->operands.items[1],
                           trust);
    if (code == CLI_OK)
        code = save(lock);
    return end(r, lock, trust, code);
}

/** Each row; those that fail do not keep the others from it. */
static int sync_rows(models_request *r, fwsim_lock *lock, fwsim_trust *trust)
{
    const fwsim_locked *row;
    int worst = CLI_OK;

    for (size_t i = 0; (row = fwsim_lock_get(lock, i)) != NULL; i++) {
        char *name = strdup(row->name), *url = strdup(row->url);
        int code;

        if (!name || !url)
            code = cli_error(CLI_INTERNAL, "out of memory");
        else
            code = r->update ? take_newest(r, lock, url, name, trust)
                             : fetch_row(r, row, trust);
        free(name);
        free(url);
        worst = worst == CLI_OK ? code : worst;
    }
    return worst;
}

int models_sync_main(int argc, char **argv)
{
    fwsim_trust *trust = NULL;
    fwsim_lock *lock;
    models_request *r;
    bool done = false;
    int code = begin(&r, &lock, "models sync", 0,
                     "\"models sync\" takes no operands; \"models add URL "
                     "NAME\" adds a bundle", argc, argv, &done);

    if (code != CLI_OK || done)
        return end(r, lock, NULL, code);
    code = trust_open(&trust, &r->trust);
    if (code == CLI_OK)
        code = sync_rows(r, lock, trust);
    if (code == CLI_OK && r->update)
        code = save(lock);
    return end(r, lock, trust, code);
}

static void list_json(const models_request *r, const fwsim_lock *lock)
{
    json j = { .out = stdout };
    const fwsim_locked *row;

    json_array(&j, NULL);
    for (size_t i = 0; (row = fwsim_lock_get(lock, i)) != NULL; i++) {
        json_object(&j, NULL);
        json_string(&j, "name", row->name);
        json_uint(&j, "version", row->version);
        json_string(&j, "sha256", row->sha256);
        json_string(&j, "url", row->url);
        json_bool(&j, "cached", fwsim_repo_cached(row, &r->fetch.how));
        json_object_end(&j);
    }
    json_array_end(&j);
    json_end(&j);
}

int models_list_main(int argc, char **argv)
{
    const fwsim_locked *row;
    fwsim_lock *lock;
    models_request *r;
    bool done = false;
    int code = begin(&r, &lock, "models list", 0,
                     "\"models list\" takes no operands", argc, argv, &done);

    if (code != CLI_OK || done)
        return end(r, lock, NULL, code);
    if (r->json) {
        list_json(r, lock);
        return end(r, lock, NULL, CLI_OK);
    }
    for (size_t i = 0; (row = fwsim_lock_get(lock, i)) != NULL; i++)
        printf("%-24s %6" PRIu64 "  %.12s  %-10s  %s\n", row->name, row->version,
               row->sha256,
               fwsim_repo_cached(row, &r->fetch.how) ? "cached" : "not cached",
               row->url);
    return end(r, lock, NULL, CLI_OK);
}

int models_remove_main(int argc, char **argv)
{
    fwsim_lock *lock;
    models_request *r;
    bool done = false;
    int code = begin(&r, &lock, "models remove", 1,
                     "the name of one bundle is needed", argc, argv, &done);

    if (code != CLI_OK || done)
        return end(r, lock, NULL, code);
    if (fwsim_lock_remove(lock, r->operands.items[0]))
        code = cli_error(CLI_INPUT, "%s: no bundle \"%s\" in it", r->fetch.lock,
                         r->operands.items[0]);
    else
        code = save(lock);
    return end(r, lock, NULL, code);
}
