/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Events in virtual time: a binary heap on tick and order of setting, so that
 * events of one tick run in the order in which they were set.
 *
 * The core notices an event at the end of the block in which it became due.
 * Its callback runs with the clock at the tick of the event all the same, so
 * that timers with a short period neither drift nor lose a step.
 */
#include "machine/machine.h"

#include <assert.h>

uint64_t fwsim__muldiv(uint64_t a, uint64_t b, uint64_t c)
{
    return a / c * b + a % c * b / c;
}

static bool before(const fwsim__event *a, const fwsim__event *b)
{
    return a->at != b->at ? a->at < b->at : a->seq < b->seq;
}

/** Move @a e up from the free place @a i. */
static void sift_up(fwsim__event *heap, uint32_t i, fwsim__event e)
{
    while (i > 0 && before(&e, &heap[(i - 1) / 2])) {
        heap[i] = heap[(i - 1) / 2];
        i = (i - 1) / 2;
    }
    heap[i] = e;
}

/** Move @a e down from the free place @a i of @a n. */
static void sift_down(fwsim__event *heap, uint32_t n, uint32_t i,
                      fwsim__event e)
{
    for (uint32_t child; (child = 2 * i + 1) < n; i = child) {
        if (child + 1 < n && before(&heap[child + 1], &heap[child]))
            child++;
        if (!before(&heap[child], &e))
            break;
        heap[i] = heap[child];
    }
    heap[i] = e;
}

static void remove_at(fwsim__state *st, uint32_t i)
{
    fwsim__event last = st->events[--st->event_count];

    /* Free places are zero, for they are part of the fingerprint. */
    st->events[st->event_count] = (fwsim__event){ 0 };
    if (i == st->event_count)
        return;
    if (i > 0 && before(&last, &st->events[(i - 1) / 2]))
        sift_up(st->events, i, last);
    else
        sift_down(st->events, st->event_count, i, last);
}

void fwsim__event_cancel(fwsim_machine *m, unsigned owner, unsigned id)
{
    fwsim__state *st = m->st;

    for (uint32_t i = 0; i < st->event_count; i++)
        if (st->events[i].owner == owner && st->events[i].id == id) {
            remove_at(st, i);
            return;
        }
}

void fwsim__event_set(fwsim_machine *m, unsigned owner, unsigned id,
                      uint64_t at)
{
    fwsim__event_set_tagged(m, owner, id, at, 0);
}

void fwsim__event_set_tagged(fwsim_machine *m, unsigned owner, unsigned id,
                             uint64_t at, uint32_t tag)
{
    fwsim__state *st = m->st;
    /* An event that sets itself again must not stop the time. */
    uint64_t earliest = m->now + m->dispatching;

    fwsim__event_cancel(m, owner, id);
    if (st->event_count == FWSIM__EVENTS_MAX) {
        assert(!"more events than a machine can have");
        return;
    }
    if (at < earliest)
        at = earliest;
    sift_up(st->events, st->event_count++,
            (fwsim__event){ .at = at,
                            .seq = st->event_seq++,
                            .owner = (uint16_t)owner,
                            .id = (uint16_t)id,
                            .tag = tag });
    if (at < m->deadline)
        m->deadline = at;
}

uint64_t fwsim__event_next(const fwsim_machine *m)
{
    return m->st->event_count ? m->st->events[0].at : UINT64_MAX;
}

static void dispatch(fwsim_machine *m, const fwsim__event *e)
{
    fwsim_periph *p;

    if (e->owner == FWSIM__OWNER_CPU) {
        m->cpu_ops->event(m->cpu, e->id);
        return;
    }
    if (e->owner == FWSIM__OWNER_SUBSTITUTE) {
        m->substitute->event(m->substitute_user, e->id);
        return;
    }
    if (e->owner == FWSIM__OWNER_LINE) {
        fwsim__line_late(m, (int16_t)e->id);
        return;
    }
    if (e->owner == FWSIM__OWNER_HOST) {
        /* A snapshot may have one that this machine knows nothing of. */
        if (m->host_event)
            m->host_event(m, e->id, e->tag);
        return;
    }
    p = &m->periphs[e->owner & ~FWSIM__OWNER_UART];
    if ((e->owner & FWSIM__OWNER_UART) && p->type->on_can)
        fwsim__can_arrival(p);
    else if (e->owner & FWSIM__OWNER_UART)
        fwsim__uart_arrival(p);
    else if (p->type->on_event)
        p->type->on_event(p, e->id);
}

void fwsim__events_run(fwsim_machine *m)
{
    fwsim__state *st = m->st;
    uint64_t now = m->now;

    m->dispatching = true;
    while (st->event_count && st->events[0].at <= now) {
        fwsim__event e = st->events[0];

        remove_at(st, 0);
        m->now = e.at;
        dispatch(m, &e);
    }
    m->dispatching = false;
    m->now = now;
}

bool fwsim__events_inside(fwsim_machine *m)
{
    if (!m->deadline || m->now >= m->until)
        return false;
    fwsim__events_run(m);
    if (!m->deadline) /* somebody has asked for attention */
        return false;
    m->deadline = fwsim__event_next(m) < m->until ? fwsim__event_next(m)
                                                  : m->until;
    return true;
}

void fwsim__events_clear(fwsim_machine *m)
{
    fwsim__state *st = m->st;
    uint32_t kept = 0;

    for (uint32_t i = 0; i < st->event_count; i++)
        if (st->events[i].owner == FWSIM__OWNER_HOST) {
            sift_up(st->events, kept, st->events[i]);
            kept++;
        }
    while (st->event_count > kept)
        st->events[--st->event_count] = (fwsim__event){ 0 };
}

/* ------------------------------------------------------------------ */
/* For models                                                           */
/* ------------------------------------------------------------------ */

void fwsim_event_set(fwsim_periph *p, unsigned id, uint64_t ticks)
{
    assert(id < 256);
    if (p->link->drift_ppm)
        ticks = fwsim__undrifted(p, ticks);
    /* Ticks beyond the end of time mean never, see fwsim_counter_until. */
    if (ticks >= UINT64_MAX - p->m->now)
        fwsim__event_cancel(p->m, p->index, id);
    else
        fwsim__event_set(p->m, p->index, id, p->m->now + ticks);
}

void fwsim_event_cancel(fwsim_periph *p, unsigned id)
{
    fwsim__event_cancel(p->m, p->index, id);
}

uint64_t fwsim_now(const fwsim_periph *p)
{
    return p->m->now;
}

uint32_t fwsim_clock_hz(const fwsim_periph *p)
{
    return p->slot->clock_hz ? p->slot->clock_hz : p->m->clock_hz;
}

uint64_t fwsim_ticks_from_ns(const fwsim_periph *p, uint64_t ns)
{
    return fwsim__ticks_from_ns(p->m, ns);
}

uint64_t fwsim__ticks_from_ns(const fwsim_machine *m, uint64_t ns)
{
    uint64_t hz = m->clock_hz;

    return ns / 1000000000u * hz +
           (ns % 1000000000u * hz + 999999999u) / 1000000000u;
}
