/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What `run` and `infer` get from others: bundles, by file or by the lock
 * file, and the answers of a service.
 */
#include "bundle.h"
#include "run.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { BELOW = 60 }; /* percent: roles that a service may decide */

struct infer_sources {
    trust_request trust;
    fetch_request fetch;
    bundle_list names;
    fwsim_bundle *bundles[BUNDLE_LIST + 1];
    fwsim_trust *opened;
    const char *url; /* of a service; NULL: none */
    bool show_upload;
    fwsim_summary_options upload;
};

void infer_sources_free(infer_sources *s)
{
    for (size_t i = 0; s && i < s->names.count; i++)
        fwsim_bundle_free(s->bundles[i]);
    if (s)
        fwsim_trust_free(s->opened);
    free(s);
}

int infer_source_option(run_infer *infer, const cli_option *o,
                        const char *value)
{
    infer_sources *s = infer->sources;
    int code = CLI_OK;

    if (!s) {
        s = infer->sources = calloc(1, sizeof(*s));
        if (!s)
            return cli_error(CLI_INTERNAL, "out of memory");
        s->fetch.how.fetch.retries = 3;
    }
    if (trust_option(&s->trust, o, value, &code) ||
        fetch_option(&s->fetch, o, value, &code))
        return code;
    switch (o->id) {
    case INFER_BUNDLE:
        return bundle_list_add(&s->names, "bundles", value);
    case INFER_FROM:
        s->url = value;
        break;
    case INFER_SHOW_UPLOAD:
        s->show_upload = true;
        break;
    case INFER_UPLOAD_ADDRESSES:
        s->upload.addresses = true;
        break;
    default:
        s->upload.symbols = true;
    }
    return CLI_OK;
}

/* ------------------------------------------------------------------ */
/* Bundles                                                              */
/* ------------------------------------------------------------------ */

static const char *row_name(const void *lock, size_t index)
{
    const fwsim_locked *row = fwsim_lock_get(lock, index);

    return row ? row->name : NULL;
}

/** A bundle of the lock file. */
static int open_locked(infer_sources *s, const fwsim_lock *lock,
                       const char *name, fwsim_bundle **out)
{
    const fwsim_locked *row;
    char hint[128];

    for (size_t i = 0; (row = fwsim_lock_get(lock, i)) != NULL; i++) {
        int code;

        if (strcmp(row->name, name))
            continue;
        code = fetch_prepare(&s->fetch, row->url);
        return code == CLI_OK
                   ? bundle_exit(fwsim_repo_open(out, row, s->opened,
                                                 &s->fetch.how))
                   : code;
    }
    cli_hint(name, row_name, lock, hint, sizeof(hint));
    return cli_error(CLI_INPUT, "--bundle: \"%s\" is neither a file nor a "
                     "bundle of %s%s", name, s->fetch.lock, hint);
}

static int open_one(infer_sources *s, const char *name, fwsim_bundle **out)
{
    fwsim_lock *lock;
    int code;

    if (!access(name, F_OK))
        return bundle_exit(fwsim_bundle_open(out, name, s->opened));
    code = fetch_prepare(&s->fetch, NULL);
    if (code == CLI_OK)
        code = bundle_exit(fwsim_lock_open(&lock, s->fetch.lock, bundle_log,
                                           NULL));
    if (code != CLI_OK)
        return code;
    code = open_locked(s, lock, name, out);
    fwsim_lock_free(lock);
    return code;
}

int infer_sources_open(run_infer *infer)
{
    infer_sources *s = infer->sources;
    int code = CLI_OK;

    if (!s || (!s->names.count && !s->url))
        return CLI_OK;
    if (s->names.count || !s->show_upload)
        code = trust_open(&s->opened, &s->trust);
    for (size_t i = 0; code == CLI_OK && i < s->names.count; i++)
        code = open_one(s, s->names.items[i], &s->bundles[i]);
    fetch_progress_end();
    infer->how.bundles = (const fwsim_bundle *const *)s->bundles;
    return code;
}

/* ------------------------------------------------------------------ */
/* A service                                                            */
/* ------------------------------------------------------------------ */

static void put(const char *text, size_t size, void *user)
{
    fwrite(text, 1, size, user);
}

void infer_consult(fwsim_machine *m, const run_infer *infer)
{
    infer_sources *s = infer->sources;
    fwsim_ask_options opt;
    size_t taken;

    if (s && s->show_upload) {
        fwsim_infer_summary(m, &s->upload, put, stdout);
        return;
    }
    if (!s || !s->url || s->fetch.how.offline ||
        fetch_prepare(&s->fetch, s->url) != CLI_OK)
        return;
    opt = (fwsim_ask_options){ .upload = s->upload,
                               .below = BELOW,
                               .fetch = s->fetch.how.fetch };
    if (fwsim_infer_ask(m, s->url, s->opened, &opt, &taken))
        cli_message("no help from %s; what inference has found stands", s->url);
    else
        cli_message("%zu registers have names or roles from %s", taken, s->url);
    fetch_progress_end();
}
