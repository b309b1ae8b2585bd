/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Expectations of exceptions: how often one is taken.
 */
#include "expect/expect.h"

#include <inttypes.h>
#include <stdio.h>

typedef struct counting {
    fwsim__wait wait;
    unsigned number;
    uint64_t count, max;
} counting;

static void on_exception(fwsim_machine *m, const fwsim_exception *e, void *user)
{
    counting *c = user;

    if (!e->entry || e->number != c->number || c->wait.broken)
        return;
    if (++c->count > c->max) {
        c->wait.broken = true;
        fwsim_request_stop(m);
    }
}

int fwsim_exception_expect(fwsim_machine *m, unsigned number, uint64_t min,
                           uint64_t max, uint64_t time_ns)
{
    counting c = { .number = number,
                   .max = max,
                   .wait = { .kind = FWSIM__HOOK_EXCEPTION,
                             .timeout_ns = time_ns } };
    int err = fwsim__expect_begin(m, "fwsim_exception_expect");
    char headline[160], came[80], time[32];

    if (err)
        return err;
    fwsim__duration(time_ns, time, sizeof time);
    if (min > max || !time_ns)
        return fwsim__error(m, FWSIM_EINVAL,
                            "exception %u: %" PRIu64 " to %" PRIu64
                            " times in %s", number, min, max, time);
    c.wait.hook = (fwsim__hook){ .fn = (void (*)(void))on_exception,
                                 .user = &c };
    err = fwsim__expect_run(m, &c.wait);
    if (err || (c.wait.stop.reason == FWSIM_STOP_LIMIT && c.count >= min))
        return err;
    snprintf(headline, sizeof headline,
             "exception %u: is not taken %" PRIu64 " to %" PRIu64
             " times in %s", number, min, max, time);
    snprintf(came, sizeof came, "it was taken %" PRIu64 " times", c.count);
    return fwsim__expect_failed(m, &(fwsim__failed){ .wanted = headline,
                                                     .came = came,
                                                     .wait = &c.wait });
}
