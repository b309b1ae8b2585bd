/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Asking a service. What it says is believed when somebody trusted has signed
 * it and it answers this question, and taken over where it fits.
 */
#include "bundle/cache.h"
#include "fwsim_knowledge.h"
#include "machine/machine.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifndef FWSIM_WITH_BUNDLES

int fwsim_infer_ask(fwsim_machine *m, const char *url, const fwsim_trust *trust,
                    const fwsim_ask_options *opt, size_t *taken)
{
    (void)url;
    (void)trust;
    (void)opt;
    if (taken)
        *taken = 0;
    return fwsim__error(m, FWSIM_ENOTSUP,
                        "this fwsim was built without libcbor and mbedTLS");
}

#else

enum { ANSWER_MAX = 1 << 20, URL_MAX = 1400 };

typedef struct upload {
    fwsim__bytes text;
    bool failed;
} upload;

static void put(const char *text, size_t size, void *user)
{
    upload *u = user;

    if (!u->failed && !fwsim__bytes_add(&u->text, text, size))
        u->failed = true;
}

static int ask(fwsim_bundle **out, const char *url, const upload *u,
               const fwsim_trust *trust, const fwsim_ask_options *opt)
{
    const fwsim__teller t = { url, opt->fetch.log, opt->fetch.log_user };
    char question[FWSIM__HASH_TEXT], full[URL_MAX], *body;
    const char *answered;
    size_t size, length = strlen(url);
    int err;

    if (snprintf(full, sizeof full, "%s%sv1/infer", url,
                 length && url[length - 1] == '/' ? "" : "/") >= URL_MAX)
        return fwsim__refuse(&t, FWSIM_EINVAL, "the URL is too long");
    err = fwsim_fetch(full, (const char *)u->text.data, ANSWER_MAX, &body, &size,
                      &opt->fetch);
    if (err)
        return err;
    err = fwsim_bundle_parse(out, full, body, size, trust);
    free(body);
    if (err)
        return err;
    answered = fwsim_bundle_info_get(*out)->target.device;
    if (answered &&
        fwsim__hash_text((fwsim__span){ u->text.data, u->text.size },
                         question) &&
        !strcmp(answered, question))
        return 0;
    fwsim_bundle_free(*out);
    *out = NULL;
    return fwsim__refuse(&t, FWSIM_EACCES,
                         "the answer is to another question");
}

int fwsim_infer_ask(fwsim_machine *m, const char *url, const fwsim_trust *trust,
                    const fwsim_ask_options *opt, size_t *taken)
{
    static const fwsim_ask_options none;
    fwsim_bundle *answer = NULL;
    upload u = { 0 };
    int err;

    if (!opt)
        opt = &none;
    if (taken)
        *taken = 0;
    err = fwsim_infer_summary(m, &opt->upload, put, &u);
    if (!err && u.failed)
        err = fwsim__error(m, FWSIM_ENOMEM, "no memory for a summary");
    if (!err) {
        err = ask(&answer, url, &u, trust, opt);
        if (err)
            fwsim__error(m, err, "%s: %s", url, fwsim_strerror(err));
    }
    free(u.text.data);
    if (!err)
        err = fwsim_infer_advise(m, answer, opt->below, taken);
    fwsim_bundle_free(answer);
    return err;
}

#endif
