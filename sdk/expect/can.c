/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Expectations of CAN frames.
 */
#include "expect/expect.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SHOWN = 10 };

typedef struct wanted {
    fwsim__wait wait;
    fwsim_periph *can;
    const fwsim_can_frame *frame;
    size_t looked, end;
} wanted;

static bool equal(const fwsim_can_frame *a, const fwsim_can_frame *b)
{
    return a->id == b->id && a->extended == b->extended &&
           a->remote == b->remote && a->dlc == b->dlc &&
           (a->remote || memcmp(a->data, b->data, a->dlc) == 0);
}

static void look(wanted *w)
{
    const fwsim_periph *p = w->can;

    for (; w->looked + FWSIM__CAN_PACKED <= p->tx.size && !w->wait.met;
         w->looked += FWSIM__CAN_PACKED) {
        fwsim_can_frame frame;

        fwsim__can_unpack(p->tx.data + w->looked, &frame);
        w->wait.met = equal(&frame, w->frame);
        w->end = w->looked + FWSIM__CAN_PACKED;
    }
}

static void on_frame(fwsim_machine *m, const char *can,
                     const fwsim_can_frame *frame, void *user)
{
    wanted *w = user;

    (void)can;
    (void)frame;
    if (w->wait.met)
        return;
    look(w);
    if (w->wait.met)
        fwsim_request_stop(m);
}

static bool print_frames(fwsim__bytes *to, const fwsim_periph *p)
{
    size_t n = (p->tx.size - p->tx_expected) / FWSIM__CAN_PACKED;
    size_t from = n > SHOWN ? n - SHOWN : 0;
    bool ok = from == 0 || fwsim__print(to, "(%zu frames before)\n", from);
    char text[64];

    if (n == 0)
        return fwsim__print(to, "nothing\n");
    for (size_t i = from; i < n && ok; i++) {
        fwsim_can_frame frame;

        fwsim__can_unpack(p->tx.data + p->tx_expected + i * FWSIM__CAN_PACKED,
                          &frame);
        ok = fwsim__print(to, "%s\n",
                          fwsim__can_text(&frame, text, sizeof text));
    }
    return ok;
}

static int disappointed(wanted *w)
{
    const fwsim_periph *p = w->can;
    size_t n = (p->tx.size - p->tx_expected) / FWSIM__CAN_PACKED;
    char headline[160], came[120], text[64], time[32];
    fwsim__bytes details = { 0 };
    fwsim_can_frame last;
    int err;

    snprintf(headline, sizeof headline, "%s: the frame %s has not come within %s",
             p->slot->name, fwsim__can_text(w->frame, text, sizeof text),
             fwsim__duration(w->wait.timeout_ns, time, sizeof time));
    snprintf(came, sizeof came, "no frame came");
    if (n) {
        fwsim__can_unpack(p->tx.data + p->tx.size - FWSIM__CAN_PACKED, &last);
        snprintf(came, sizeof came, "%zu others came, last %s", n,
                 fwsim__can_text(&last, text, sizeof text));
    }
    err = fwsim__expect_failed(
        p->m, &(fwsim__failed){ .wanted = headline,
                                .came = came,
                                .details = print_frames(&details, p)
                                               ? (const char *)details.data
                                               : NULL,
                                .wait = &w->wait });
    free(details.data);
    return err;
}

int fwsim_can_expect(fwsim_machine *m, const char *can,
                     const fwsim_can_frame *frame, uint64_t timeout_ns)
{
    wanted w = { .can = fwsim__can_find(m, can),
                 .frame = frame,
                 .wait = { .kind = FWSIM__HOOK_CAN, .timeout_ns = timeout_ns } };
    int err = w.can ? fwsim__can_check(m, frame) : FWSIM_ENOENT;

    if (!err)
        err = fwsim__expect_begin(m, "fwsim_can_expect");
    if (err)
        return err;
    w.looked = w.can->tx_expected;
    w.wait.hook = (fwsim__hook){ .periph = w.can,
                                 .fn = (void (*)(void))on_frame,
                                 .user = &w };
    look(&w);
    err = fwsim__expect_run(m, &w.wait);
    if (err)
        return err;
    if (!w.wait.met)
        return disappointed(&w);
    w.can->tx_expected = w.end;
    return 0;
}
