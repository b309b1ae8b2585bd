/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Counters that run with the virtual time. The value is computed from the
 * tick at which the counter was started, in whole numbers, so that it never
 * drifts; a new value changes `base` only and keeps the phase of the
 * prescaler.
 *
 * Sums of steps wrap at 2^64 like the register they stand for; `base` may so
 * be a negative number.
 */
#include "machine/machine.h"

#include <assert.h>

__extension__ typedef unsigned __int128 wide;

/** A step takes period / rate_num core ticks. */
static uint64_t period(const fwsim_periph *p, const fwsim_counter *c)
{
    return (uint64_t)c->rate_den * p->m->clock_hz;
}

/** Steps since `since`. */
static uint64_t steps(const fwsim_periph *p, const fwsim_counter *c)
{
    wide ticks = fwsim__drifted(p, c->since, p->m->now);

    return (uint64_t)(ticks * c->rate_num / period(p, c));
}

uint64_t fwsim_counter_get(const fwsim_periph *p, const fwsim_counter *c)
{
    return c->running ? c->base + steps(p, c) : c->base;
}

void fwsim_counter_start(fwsim_periph *p, fwsim_counter *c, uint32_t num,
                         uint32_t den)
{
    assert(num > 0 && den > 0);
    if (c->running && c->rate_num == num && c->rate_den == den)
        return;
    c->base = fwsim_counter_get(p, c);
    c->since = p->m->now;
    c->rate_num = num;
    c->rate_den = den;
    c->running = 1;
}

void fwsim_counter_stop(fwsim_periph *p, fwsim_counter *c)
{
    c->base = fwsim_counter_get(p, c);
    c->running = 0;
}

void fwsim_counter_put(fwsim_periph *p, fwsim_counter *c, uint64_t value)
{
    c->base += value - fwsim_counter_get(p, c);
}

uint64_t fwsim_counter_until(const fwsim_periph *p, const fwsim_counter *c,
                             uint64_t value)
{
    uint64_t done, left;
    wide ticks;

    if (!c->running)
        return UINT64_MAX;
    done = steps(p, c);
    left = value - (c->base + done);
    /* A distance of more than half the range is a value in the past. */
    if (left == 0 || left > UINT64_MAX / 2)
        return 0;
    if (left > UINT64_MAX - done)
        return UINT64_MAX;
    ticks = ((wide)(done + left) * period(p, c) + c->rate_num - 1) /
            c->rate_num;
    ticks -= fwsim__drifted(p, c->since, p->m->now);
    return ticks > UINT64_MAX ? UINT64_MAX : (uint64_t)ticks;
}
