/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The down-counter inside the timers of Arm: it counts to zero, which is an
 * event, and one clock later takes its reload value. No event a step: the
 * value is computed when asked for.
 */
#ifndef FWSIM_CMSDK_DOWN_H
#define FWSIM_CMSDK_DOWN_H

#include "fwsim_periph.h"

/** Part of a model's own state; zeroed stands still at 0. */
typedef struct cmsdk_down {
    fwsim_counter clock; /* steps it was clocked, never set back */
    uint64_t since;      /* the step at which it had `from` */
    uint32_t from;
    uint32_t reload;
    uint32_t halts; /* at zero, instead of taking the reload value */
    uint32_t reserved;
} cmsdk_down;

/** Times it reached zero since it had `from`. */
static inline uint64_t cmsdk_down_zeros(const fwsim_periph *p,
                                        const cmsdk_down *d)
{
    uint64_t steps = fwsim_counter_get(p, &d->clock) - d->since;

    if (steps < d->from)
        return 0;
    steps -= d->from;
    if (d->halts)
        return d->from > 0;
    return steps / ((uint64_t)d->reload + 1) + (d->from > 0);
}

static inline uint32_t cmsdk_down_get(const fwsim_periph *p,
                                      const cmsdk_down *d)
{
    uint64_t steps = fwsim_counter_get(p, &d->clock) - d->since;

    if (steps <= d->from)
        return d->from - (uint32_t)steps;
    if (d->halts)
        return 0;
    steps -= d->from + UINT64_C(1);
    return d->reload - (uint32_t)(steps % ((uint64_t)d->reload + 1));
}

static inline void cmsdk_down_put(fwsim_periph *p, cmsdk_down *d,
                                  uint32_t value)
{
    d->since = fwsim_counter_get(p, &d->clock);
    d->from = value;
}

/** What it does at zero from now on; the count itself goes on. */
static inline void cmsdk_down_configure(fwsim_periph *p, cmsdk_down *d,
                                        uint32_t reload, bool halts)
{
    cmsdk_down_put(p, d, cmsdk_down_get(p, d));
    d->reload = reload;
    d->halts = halts;
}

/** Count at num/den steps a second, or stand still. */
static inline void cmsdk_down_run(fwsim_periph *p, cmsdk_down *d, bool run,
                                  uint32_t num, uint32_t den)
{
    if (run)
        fwsim_counter_start(p, &d->clock, num, den);
    else
        fwsim_counter_stop(p, &d->clock);
}

/** Set the event for the next time it gets to zero. A reload value of zero
 * keeps it there. */
static inline void cmsdk_down_schedule(fwsim_periph *p, const cmsdk_down *d,
                                       unsigned event)
{
    uint64_t steps = d->from;
    uint64_t ticks = UINT64_MAX;

    if (!steps && d->reload && !d->halts)
        steps = (uint64_t)d->reload + 1;
    if (steps)
        ticks = fwsim_counter_until(p, &d->clock, d->since + steps);
    if (ticks == UINT64_MAX)
        fwsim_event_cancel(p, event);
    else
        fwsim_event_set(p, event, ticks);
}

/** The event is due: go on from zero, and set the next one. */
static inline void cmsdk_down_reached(fwsim_periph *p, cmsdk_down *d,
                                      unsigned event)
{
    d->since += d->from ? d->from : (uint64_t)d->reload + 1;
    d->from = 0;
    cmsdk_down_schedule(p, d, event);
}

#endif
