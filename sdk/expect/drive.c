/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Courses of values for inputs and pins.
 *
 * What a course is belongs to the host; that it plays is an event of the
 * machine, so snapshots have it. The event carries a tag of the course, by
 * which one that was replaced is known to be gone.
 */
#include "expect/expect.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <xxhash.h>

enum { PLAYERS_MAX = 200 };

/** A course on an input or pin. Its place in the list is the id of its event. */
typedef struct player {
    fwsim_periph *periph; /* NULL: a pin */
    unsigned index;       /* of the input, or pin */
    fwsim_point *points;
    size_t count;
    uint64_t repeat_ns, step_ns;
    uint64_t began; /* tick */
    uint32_t tag;
} player;

typedef struct players {
    player *list;
    size_t count;
} players;

static void destroy(void *data)
{
    players *all = data;

    for (size_t i = 0; i < all->count; i++)
        free(all->list[i].points);
    free(all->list);
}

static const fwsim__attachment kind = {
    .name = "a course", .size = sizeof(players), .destroy = destroy
};

/* ------------------------------------------------------------------ */
/* Playing                                                              */
/* ------------------------------------------------------------------ */

static void give(fwsim_machine *m, const player *p, int32_t value)
{
    if (p->periph)
        fwsim__input_put(p->periph, p->index, value);
    else
        fwsim__pin_put(m, p->index, (fwsim_drive)value);
}

/** The last point at or before a moment; -1: it is before the first one. */
static ptrdiff_t point_at(const player *p, uint64_t ns)
{
    size_t i = 0;

    while (i < p->count && p->points[i].time_ns <= ns)
        i++;
    return (ptrdiff_t)i - 1;
}

static int32_t between(const fwsim_point *a, const fwsim_point *b, uint64_t ns)
{
    uint64_t length = b->time_ns - a->time_ns, at = ns - a->time_ns;
    int64_t rise = (int64_t)b->value - a->value;
    uint64_t part;

    /* Products of 33 and 31 bits; longer times lose what nobody sees. */
    while (length >> 31) {
        length >>= 1;
        at >>= 1;
    }
    part = (uint64_t)(rise < 0 ? -rise : rise) * at / length;
    return (int32_t)(a->value + (rise < 0 ? -(int64_t)part : (int64_t)part));
}

/** Give the value of a moment of one round.
 * @return the moment of the next one; UINT64_MAX: there is none */
static uint64_t play_moment(fwsim_machine *m, const player *p, uint64_t ns)
{
    ptrdiff_t i = point_at(p, ns);
    const fwsim_point *a = &p->points[i], *b = a + 1;
    uint64_t left;

    if (i < 0)
        return p->points[0].time_ns;
    if ((size_t)i + 1 == p->count) {
        give(m, p, a->value);
        return p->repeat_ns ? p->repeat_ns : UINT64_MAX;
    }
    if (!p->step_ns) {
        give(m, p, a->value);
        return b->time_ns;
    }
    give(m, p, between(a, b, ns));
    left = p->step_ns - (ns - a->time_ns) % p->step_ns;
    return left < b->time_ns - ns ? ns + left : b->time_ns;
}

static void play_on(fwsim_machine *m, unsigned id, const player *p)
{
    uint64_t ns =
        fwsim__muldiv(m->now - p->began, 1000000000u, m->clock_hz);
    uint64_t round = p->repeat_ns ? ns / p->repeat_ns * p->repeat_ns : 0;
    uint64_t next = play_moment(m, p, ns - round);

    if (next == UINT64_MAX)
        return;
    fwsim__event_set_tagged(m, FWSIM__OWNER_HOST, id,
                            p->began + fwsim__ticks_from_ns(m, round + next),
                            p->tag);
}

static void on_event(fwsim_machine *m, unsigned id, uint32_t tag)
{
    players *all = fwsim__attached(m, &kind);

    if (all && id < all->count && all->list[id].count &&
        all->list[id].tag == tag)
        play_on(m, id, &all->list[id]);
}

/* ------------------------------------------------------------------ */
/* Beginning                                                            */
/* ------------------------------------------------------------------ */

static uint32_t tag_of(const player *p)
{
    const uint64_t rest[] = { p->repeat_ns, p->step_ns, p->began };
    uint64_t hash = XXH3_64bits(rest, sizeof rest);

    for (size_t i = 0; i < p->count; i++) {
        const uint64_t point[] = { p->points[i].time_ns,
                                   (uint32_t)p->points[i].value };

        hash = XXH3_64bits_withSeed(point, sizeof point, hash);
    }
    return (uint32_t)hash;
}

static int check(fwsim_machine *m, const char *name, const fwsim_course *c,
                 int32_t min, int32_t max)
{
    if (!c->count || !c->points)
        return fwsim__error(m, FWSIM_EINVAL, "%s: a course without points",
                            name);
    for (size_t i = 0; i < c->count; i++) {
        const fwsim_point *p = &c->points[i];

        if (i && p->time_ns <= p[-1].time_ns)
            return fwsim__error(m, FWSIM_EINVAL,
                                "%s: point %zu of the course is not later than "
                                "the one before", name, i);
        if (p->value < min || p->value > max)
            return fwsim__error(m, FWSIM_ERANGE,
                                "%s: %" PRId32 " at point %zu of the course is "
                                "not in %" PRId32 "..%" PRId32, name, p->value,
                                i, min, max);
    }
    if (c->repeat_ns && c->repeat_ns <= c->points[c->count - 1].time_ns)
        return fwsim__error(m, FWSIM_EINVAL,
                            "%s: the course begins again before its last point",
                            name);
    return 0;
}

/** The place of an input or pin, which is its id; a new one is empty. */
static int place(fwsim_machine *m, fwsim_periph *periph, unsigned index,
                 players **out, unsigned *id)
{
    players *all = fwsim__attach(m, &kind);
    player *list;

    if (!all)
        return FWSIM_ENOMEM;
    *out = all;
    for (*id = 0; *id < all->count; ++*id)
        if (all->list[*id].periph == periph && all->list[*id].index == index)
            return 0;
    if (all->count == PLAYERS_MAX)
        return fwsim__error(m, FWSIM_ENOSPC, "more than %d courses",
                            PLAYERS_MAX);
    list = realloc(all->list, (all->count + 1) * sizeof *list);
    if (!list)
        return fwsim__error(m, FWSIM_ENOMEM, "no memory for %s", kind.name);
    all->list = list;
    list[all->count++] = (player){ .periph = periph, .index = index };
    return 0;
}

/** @param course  checked, or NULL */
static int play(fwsim_machine *m, fwsim_periph *periph, unsigned index,
                const fwsim_course *course)
{
    fwsim_point *points = NULL;
    players *all;
    player *p;
    unsigned id;
    int err = place(m, periph, index, &all, &id);

    if (err)
        return err;
    p = &all->list[id];
    if (course) {
        points = malloc(course->count * sizeof *points);
        if (!points)
            return fwsim__error(m, FWSIM_ENOMEM, "no memory for %s", kind.name);
        memcpy(points, course->points, course->count * sizeof *points);
    }
    free(p->points);
    fwsim__event_cancel(m, FWSIM__OWNER_HOST, id);
    *p = (player){ .periph = periph, .index = index, .points = points };
    if (!course)
        return 0;
    p->count = course->count;
    p->repeat_ns = course->repeat_ns;
    p->step_ns = course->step_ns;
    p->began = m->now;
    p->tag = tag_of(p);
    m->host_event = on_event;
    play_on(m, id, p);
    return 0;
}

int fwsim_input_play(fwsim_machine *m, const char *periph, const char *input,
                     const fwsim_course *course)
{
    const fwsim_quantity *q;
    fwsim_periph *p;
    int index = fwsim__input_find(m, periph, input, &p);
    int err = 0;

    if (index < 0)
        return index;
    if (m->running)
        return fwsim__error(m, FWSIM_EBUSY, "fwsim_input_play in a callback");
    q = &p->type->inputs[index];
    if (course)
        err = check(m, input, course, q->min, q->max);
    return err ? err : play(m, p, (unsigned)index, course);
}

int fwsim_pin_play(fwsim_machine *m, const char *pin,
                   const fwsim_course *course)
{
    int index = fwsim_pin_find(m, pin);
    int err = 0;

    if (index < 0)
        return index;
    if (m->running)
        return fwsim__error(m, FWSIM_EBUSY, "fwsim_pin_play in a callback");
    if (course && course->step_ns)
        return fwsim__error(m, FWSIM_EINVAL,
                            "%s: a pin has nothing between two levels; step_ns "
                            "is for inputs", pin);
    if (course)
        err = check(m, pin, course, FWSIM_PIN_FLOAT, FWSIM_PIN_WEAK_UP);
    return err ? err : play(m, NULL, (unsigned)index, course);
}
