/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A peripheral whose clock runs fast or slow. Its own time is that of the core
 * up to a tick and is stretched from there on; models count in it and know
 * nothing of it: their events come earlier or later, their counters run faster
 * or slower. What was scheduled before stays where it is.
 */
#include "machine/machine.h"

__extension__ typedef __int128 wide;

enum { MILLION = 1000000 };

static wide own_time(const fwsim__link *link, uint64_t tick)
{
    wide drifted = tick > link->drift_since ? tick - link->drift_since : 0;

    return (wide)tick + drifted * link->drift_ppm / MILLION;
}

uint64_t fwsim__drifted(const fwsim_periph *p, uint64_t from, uint64_t to)
{
    if (!p->link->drift_ppm)
        return to - from;
    return (uint64_t)(own_time(p->link, to) - own_time(p->link, from));
}

uint64_t fwsim__undrifted(const fwsim_periph *p, uint64_t ticks)
{
    int64_t rate = (int64_t)MILLION + p->link->drift_ppm;
    wide own;

    if (!p->link->drift_ppm || ticks == UINT64_MAX)
        return ticks;
    own = ((wide)ticks * MILLION + rate - 1) / rate;
    return own > UINT64_MAX ? UINT64_MAX : (uint64_t)own;
}
