/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which of the values that look-ahead has tried is to be given.
 *
 * The value that the register gives by itself is kept where the firmware goes
 * on with it. Otherwise the value with the fewest changed bits that goes on
 * wins, then the one that looks most like success. Who explores takes what
 * leads to code that has not run; with data, also what leads where few chosen
 * paths went.
 */
#include "infer/infer.h"

enum {
    DESPERATE_TICKS = 1000000,
    RARE = 32,
    ERROR_MAX = 255  /* codes that functions return */
};

static unsigned ones(uint32_t value)
{
    return (unsigned)__builtin_popcount(value);
}

static uint32_t changed(const fwsim__look_result *r, unsigned i)
{
    return r->path[i].value ^ r->path[0].value;
}

/** An endless loop after a function has returned something else than 0 is
 * how programs end that check for errors. */
static bool is_failure(const fwsim__infer *f, const fwsim__look_path *p)
{
    return p->end == FWSIM__LOOK_IDLE && p->returned && p->result != 0 &&
           fwsim__code_is_endless(f, p->end_pc);
}

/** Does the firmware go on from here? A wait somewhere else is led out of when
 * it is reached; where input was read, it is to blame for what comes then. */
bool fwsim__path_is_alive(const fwsim__infer *f, const fwsim__live_site *s,
                     const fwsim__look_path *p)
{
    switch (p->end) {
    case FWSIM__LOOK_LIMIT:
    case FWSIM__LOOK_EXIT:
    case FWSIM__LOOK_GAP:
        return true;
    case FWSIM__LOOK_IDLE:
        return !is_failure(f, p);
    case FWSIM__LOOK_WAIT:
        return !s->handler;
    case FWSIM__LOOK_SPIN:
        return p->read_pc != s->pc;
    case FWSIM__LOOK_WILD:
        return p->input;
    default:
        return false;
    }
}

/** A path that changes settings and moves no data handles an error; so does,
 * outside handlers, one on which functions fail that do not fail for the
 * register's own value. */
static bool is_suspect(const fwsim__look_result *r, unsigned i)
{
    const fwsim__look_path *p = &r->path[i];

    return (p->own_settings >= 2 && !p->own_data) ||
           (p->end != FWSIM__LOOK_EXIT &&
            p->failures > r->path[0].failures);
}

/** The peripheral is written to, and another result is returned than success,
 * which is 0 on the way of the register's own value: an error for certain. */
static bool is_hopeless(const fwsim__look_result *r, unsigned i)
{
    const fwsim__look_path *p = &r->path[i], *base = &r->path[0];

    return p->end != FWSIM__LOOK_EXIT && p->own_writes && p->returned &&
           p->result != 0 && p->result <= ERROR_MAX && base->returned &&
           base->result == 0;
}

/** 0 is success, as a rule; what a handler leaves in r0 says nothing. */
static unsigned result_rank(const fwsim__look_path *p)
{
    if (p->end == FWSIM__LOOK_EXIT || !p->returned)
        return 1;
    return p->result == 0 ? 2 : 0;
}

/** Signs of success, where the number of changed bits does not tell; the
 * telling ones first. */
static unsigned rank(const fwsim__look_result *r, unsigned i)
{
    const fwsim__look_path *p = &r->path[i];
    bool unclear = p->end == FWSIM__LOOK_WAIT || p->end == FWSIM__LOOK_GAP ||
                   p->end == FWSIM__LOOK_SPIN;

    return (p->end == FWSIM__LOOK_EXIT ? 64u : 0u) +
           (is_suspect(r, i) ? 0u : 32u) + 8 * result_rank(p) +
           (p->own_data ? 4u : 0u) + (p->own_before_return ? 2u : 0u) +
           (unclear ? 0u : 1u);
}

/** Nothing new has happened for so long that errors are tried, too. */
static bool is_desperate(const fwsim__infer *f)
{
    return f->m->now - f->st.novelty_at >= DESPERATE_TICKS;
}

/** Is path @a a better than path @a b, both alive? */
static bool is_better(const fwsim__infer *f, unsigned a, unsigned b, bool novel)
{
    const fwsim__look_result *r = &f->look;
    const fwsim__look_path *pa = &r->path[a], *pb = &r->path[b];

    if (novel && !is_desperate(f) && is_suspect(r, a) != is_suspect(r, b))
        return !is_suspect(r, a);
    if (novel && (pa->new_blocks > 0) != (pb->new_blocks > 0))
        return pa->new_blocks > 0;
    if (ones(changed(r, a)) != ones(changed(r, b)))
        return ones(changed(r, a)) < ones(changed(r, b));
    if (rank(r, a) != rank(r, b))
        return rank(r, a) > rank(r, b);
    return pa->new_blocks > pb->new_blocks;
}

/** Does the firmware at least leave the wait loop that it is in? What comes
 * then may look like an end, and be one: of main. */
bool fwsim__path_leaves(const fwsim__live_site *s, const fwsim__look_path *p)
{
    return p->end != FWSIM__LOOK_WILD &&
           (p->end != FWSIM__LOOK_SPIN || p->read_pc != s->pc);
}

/** Of the paths that leave, the one that goes furthest; 0: none does. */
unsigned fwsim__path_furthest(const fwsim__live_site *s, const fwsim__look_result *r)
{
    unsigned found = 0;

    for (unsigned i = 1; i < r->paths; i++)
        if (fwsim__path_leaves(s, &r->path[i]) &&
            (!found ||
             r->path[i].instructions > r->path[found].instructions))
            found = i;
    return found;
}

/** Of paths that all end, the one that reads most before: what it reads may keep
 * it from its end when the time comes. The register's own value wins a tie. */
static unsigned last_to_end(const fwsim__look_result *r)
{
    unsigned found = 0;

    for (unsigned i = 1; i < r->paths; i++)
        if (r->path[i].end == FWSIM__LOOK_DEAD &&
            r->path[i].reads + r->path[i].polls >
                r->path[found].reads + r->path[found].polls)
            found = i;
    return found;
}

/**
 * What is compared with data may be compared again, with what comes next: the
 * way to new code goes through code that has run, and that was chosen least.
 * @return the path that has it; 0: none, or chosen too often, or no data
 */
unsigned fwsim__path_rarest(const fwsim__infer *f, const fwsim__live_site *s)
{
    const fwsim__look_result *r = &f->look;
    unsigned found = 0;

    if (!r->compared || !fwsim__cell_is_data(&f->cell[s->cell]))
        return 0;
    for (unsigned i = 1; i < r->paths; i++)
        if (fwsim__path_is_alive(f, s, &r->path[i]) && r->path[i].rare_pc &&
            r->path[i].rare_taken < RARE &&
            (!found || r->path[i].rare_taken < r->path[found].rare_taken))
            found = i;
    return found;
}

/** The best path that goes on; 0 when none does. */
static unsigned best(const fwsim__infer *f, const fwsim__live_site *s,
                     bool novel)
{
    const fwsim__look_result *r = &f->look;
    unsigned found = 0;
    bool any = fwsim__path_is_alive(f, s, &r->path[0]);

    for (unsigned i = 1; i < r->paths; i++)
        if (fwsim__path_is_alive(f, s, &r->path[i]) && !(any && is_hopeless(r, i)) &&
            (!any || is_better(f, i, found, novel))) {
            found = i;
            any = true;
        }
    return found;
}

/**
 * A register that is to show what was written to its neighbour, as the
 * acknowledgement of a request does.
 * @return the path whose value that is; 0: none
 */
static unsigned mirror(const fwsim__infer *f, const fwsim__live_site *s)
{
    static const int beside[] = { -4, 4, -8, 8 };
    const fwsim__look_result *r = &f->look;

    for (unsigned i = 1; i < r->paths; i++)
        for (size_t k = 0; k < sizeof beside / sizeof *beside; k++) {
            const fwsim__cell *c =
                fwsim__cell_find(f, s->addr + (uint64_t)beside[k]);

            if (c && c->writes && c->last_write == r->path[i].value &&
                ones(r->path[i].value) > 1 && fwsim__path_is_alive(f, s, &r->path[i]))
                return i;
        }
    return 0;
}

/** What was waited for, and is looked at bit by bit: the bits say what is wrong
 * with it. */
bool fwsim__is_sample(const fwsim__cell *c, const fwsim__look_result *r)
{
    return c->after_wait && !r->compared && fwsim__cell_is_data(c) &&
           r->path[0].end != FWSIM__LOOK_SPIN;
}

/** Do two paths do the same? Then one of them is enough. */
static bool same_route(const fwsim__look_path *a, const fwsim__look_path *b)
{
    return a->instructions == b->instructions && a->end_pc == b->end_pc &&
           a->reads == b->reads && a->writes == b->writes;
}

/** Is path @a i the first that goes on its way? */
bool fwsim__path_is_distinct(const fwsim__infer *f, const fwsim__live_site *s,
                        unsigned i)
{
    const fwsim__look_result *r = &f->look;

    if (is_suspect(r, i) || is_hopeless(r, i))
        return false;
    for (unsigned k = 0; k < i; k++)
        if (fwsim__path_is_alive(f, s, &r->path[k]) && same_route(&r->path[k], &r->path[i]))
            return false;
    return fwsim__path_is_alive(f, s, &r->path[i]);
}

/** With news in mind. */
static unsigned explored(const fwsim__infer *f, const fwsim__live_site *s,
                         bool stuck)
{
    const fwsim__look_result *r = &f->look;
    unsigned i = best(f, s, true), rare = fwsim__path_rarest(f, s);

    if (r->path[i].new_blocks)
        return i;
    if (rare)
        return rare;
    return stuck || !fwsim__path_is_alive(f, s, &r->path[0]) ? i : 0;
}

/** As little as possible. */
static unsigned settled(const fwsim__infer *f, const fwsim__live_site *s)
{
    if (!fwsim__path_is_alive(f, s, &f->look.path[0]))
        return best(f, s, false);
    return f->cell[s->cell].writes ? 0 : mirror(f, s);
}

unsigned fwsim__choose(const fwsim__infer *f, const fwsim__live_site *s,
                       bool explore, bool stuck)
{
    const fwsim__look_result *r = &f->look;
    unsigned i = explore ? explored(f, s, stuck) : settled(f, s);

    if (fwsim__path_is_alive(f, s, &r->path[i]))
        return i;
    return fwsim__path_leaves(s, &r->path[0]) ? last_to_end(r) : fwsim__path_furthest(s, r);
}
