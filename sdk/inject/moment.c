/* SPDX-License-Identifier: GPL-2.0-or-later */
/* When faults happen: at instructions, times and addresses, at the n-th time. */
#include "inject/inject.h"

/** The tick of a fault's moment; UINT64_MAX: it has none, or it is over. */
static uint64_t tick_of(const fwsim_machine *m, const fwsim__armed *a,
                        bool asleep)
{
    const fwsim_inject_fault *f = &a->fault;
    uint64_t tick;

    if (a->progress.begun || f->when == FWSIM_INJECT_CODE)
        return UINT64_MAX;
    switch (f->when) {
    case FWSIM_INJECT_TIME:
        tick = fwsim__muldiv(f->at, m->clock_hz, 1000000000u);
        /* Rounded up: at its tick the time has come. */
        return tick + (fwsim__muldiv(tick, 1000000000u, m->clock_hz) < f->at);
    case FWSIM_INJECT_INSTRUCTION:
        return asleep ? UINT64_MAX
               : f->at >= UINT64_MAX - m->st->slept ? UINT64_MAX - 1
                                                     : f->at + m->st->slept;
    default:
        return m->now;
    }
}

uint64_t fwsim__inject_next(void *user, bool asleep)
{
    const fwsim__injector *in = user;
    uint64_t next = UINT64_MAX;

    for (size_t i = 0; i < in->count; i++) {
        uint64_t tick = tick_of(in->m, in->list[i], asleep);

        if (tick < next)
            next = tick;
    }
    return next < in->m->now ? in->m->now : next;
}

void fwsim__inject_between(void *user)
{
    fwsim__injector *in = user;
    fwsim_machine *m = in->m;

    for (size_t i = 0; i < in->count && !m->st->power_lost; i++)
        if (tick_of(m, in->list[i], false) <= m->now)
            fwsim__inject_begin(in->list[i]);
}

void fwsim__inject_visited(fwsim_machine *m, uint64_t pc, void *user)
{
    fwsim__armed *a = user;
    uint64_t wanted = a->fault.visit ? a->fault.visit : 1;

    (void)pc;
    if (!a->progress.begun && !m->st->power_lost &&
        ++a->progress.visits == wanted)
        fwsim__inject_begin(a);
}

bool fwsim__inject_counts(fwsim__armed *a)
{
    const fwsim_inject_fault *f = &a->fault;
    uint64_t first = f->nth ? f->nth : 1;
    uint64_t times = f->times ? f->times : 1;

    if (f->when == FWSIM_INJECT_NOW)
        a->progress.begun = 1;
    if (!a->progress.begun || a->injector->m->st->power_lost)
        return false;
    a->progress.seen++;
    if (a->progress.seen < first || a->progress.seen - first >= times)
        return false;
    fwsim__inject_hit(a);
    return true;
}
