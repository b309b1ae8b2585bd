/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From what look-ahead has found to what a site answers.
 *
 * The value that the register gives by itself is kept where the firmware goes
 * on with it. Otherwise the value with the fewest changed bits that goes on
 * wins, then the one that looks most like success. Bits that had to change to
 * leave a wait loop are learned for the register. In interrupt handlers, and
 * where nothing new has happened for a while, values that lead to code that
 * has not run come first, and then all that go on take turns.
 */
#include "infer/infer.h"

#include <string.h>

enum {
    PATHS = 32,
    PATHS_HANDLER = 64,
    PATH_INSTRUCTIONS = 300,
    DATA_INSTRUCTIONS = 3000, /* what comes of data is decided far away */
    BUDGET = 12000,
    LEARNED_BITS = 4,    /* more than that is data */
    FREE_INSTRUCTIONS = 4000000,
    SHARE = 20,          /* a twentieth of the run */
    EXPLORE_MAX = 1 << 16,
    DESPERATE_TICKS = 1000000,
    RARE = 32,
    ERROR_MAX = 255 /* codes that functions return */
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
 * it is reached. */
static bool is_alive(const fwsim__infer *f, const fwsim__live_site *s,
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

/** The peripheral is written to, and another result is returned than success, which is
 * 0, on the way of the register's own value: an error for certain. */
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
static bool leaves(const fwsim__live_site *s, const fwsim__look_path *p)
{
    return p->end != FWSIM__LOOK_WILD &&
           (p->end != FWSIM__LOOK_SPIN || p->read_pc != s->pc);
}

/** Of the paths that leave, the one that goes furthest; 0: none does. */
static unsigned furthest(const fwsim__live_site *s, const fwsim__look_result *r)
{
    unsigned found = 0;

    for (unsigned i = 1; i < r->paths; i++)
        if (leaves(s, &r->path[i]) &&
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

uint8_t *fwsim__taken(fwsim__infer *f, uint32_t pc)
{
    return &f->st.taken[fwsim__mix(pc, 0) % FWSIM__TAKEN];
}

static void note_taken(fwsim__infer *f, uint32_t pc)
{
    uint8_t *times = fwsim__taken(f, pc);

    *times += *times < UINT8_MAX;
}

/**
 * What is compared with data may be compared again, with what comes next: the
 * way to new code goes through code that has run, and that was chosen least.
 * @return the path that has it; 0: none, or chosen too often
 */
static unsigned rarest(const fwsim__infer *f, const fwsim__live_site *s)
{
    const fwsim__look_result *r = &f->look;
    unsigned found = 0;

    for (unsigned i = 1; i < r->paths; i++)
        if (is_alive(f, s, &r->path[i]) && r->path[i].rare_pc &&
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
    bool any = is_alive(f, s, &r->path[0]);

    for (unsigned i = 1; i < r->paths; i++)
        if (is_alive(f, s, &r->path[i]) && !(any && is_hopeless(r, i)) &&
            (!any || is_better(f, i, found, novel))) {
            found = i;
            any = true;
        }
    return found;
}

/* ------------------------------------------------------------------ */
/* The register                                                         */
/* ------------------------------------------------------------------ */

/** Bits that software owns are not invented. */
static uint32_t fixed_bits(const fwsim__cell *c)
{
    return c->fixed | (c->written_back ? c->ever_set & ~c->flags : 0);
}

static void note_evidence(fwsim__cell *c, const fwsim__look_result *r,
                          unsigned shift)
{
    c->tested |= r->tested << shift;
    c->stored |= r->stored << shift;
    c->written_back |= r->written_back << shift;
    c->flags |= (r->cleared_back & ~r->written_back) << shift;
    c->addressed |= r->addressed << shift;
    c->compared |= r->compared;
}

/** What left a wait loop holds wherever the register is read. */
static void learn(fwsim__cell *c, const fwsim__look_result *r, unsigned i,
                  unsigned shift)
{
    uint32_t bits = changed(r, i) & r->path[i].tested & ~(c->fixed >> shift);
    uint32_t set = (r->path[i].value & bits) << shift;
    uint32_t clear = (~r->path[i].value & bits) << shift;

    if (r->path[0].end != FWSIM__LOOK_SPIN || i == 0 ||
        ones(bits) > LEARNED_BITS)
        return;
    c->contested |= (set & c->zeros) | (clear & c->ones);
    c->ones = (c->ones | set) & ~c->contested;
    c->zeros = (c->zeros | clear) & ~c->contested;
}

/* ------------------------------------------------------------------ */
/* The site                                                             */
/* ------------------------------------------------------------------ */

static void add_answer(fwsim__live_site *s, uint32_t value)
{
    for (unsigned i = 0; i < s->answers; i++)
        if (s->answer[i] == value)
            return;
    if (s->answers < FWSIM__ANSWERS)
        s->answer[s->answers++] = value;
}

/** Do two paths do the same? Then one of them is enough. */
static bool same_route(const fwsim__look_path *a, const fwsim__look_path *b)
{
    return a->instructions == b->instructions && a->end_pc == b->end_pc &&
           a->reads == b->reads && a->writes == b->writes;
}

/** Is path @a i the first that goes on its way? */
static bool is_distinct(const fwsim__infer *f, const fwsim__live_site *s,
                        unsigned i)
{
    const fwsim__look_result *r = &f->look;


    if (is_suspect(r, i) || is_hopeless(r, i))
        return false;
    for (unsigned k = 0; k < i; k++)
        if (is_alive(f, s, &r->path[k]) && same_route(&r->path[k], &r->path[i]))
            return false;
    return is_alive(f, s, &r->path[i]);
}

/** One answer, or with @a turns all that go on, the best first. */
static void set_answers(const fwsim__infer *f, fwsim__live_site *s,
                        unsigned first, bool turns, unsigned shift)
{
    const fwsim__look_result *r = &f->look;
    uint32_t mask = changed(r, first);

    for (unsigned i = 0; turns && i < r->paths; i++)
        if (is_distinct(f, s, i))
            mask |= changed(r, i);
    s->mask = mask << shift;
    s->answers = 0;
    s->turn = 0;
    add_answer(s, (r->path[first].value & mask) << shift);
    for (unsigned i = 0; turns && i < r->paths; i++)
        if (is_distinct(f, s, i))
            add_answer(s, (r->path[i].value & mask) << shift);
}

static void schedule(fwsim__live_site *s, bool novel)
{
    uint32_t gap = s->looks < 16 ? 1u << s->looks : EXPLORE_MAX;

    if (novel)
        s->looks = 0;
    else
        s->looks++;
    s->next_look = s->visits + (novel ? 1 : gap);
}

/** No constant leads on: it has to count. So does a register that is read again
 * and again, whose bits decide nothing. */
static bool is_counter(const fwsim__look_result *r, bool stuck, bool base_alive)
{
    if (!base_alive)
        return r->path[0].end == FWSIM__LOOK_SPIN && r->tested;
    return stuck && r->paths == 1 && !r->tested && !r->written_back;
}

static void begin_counting(const fwsim__infer *f, fwsim__cell *c,
                           fwsim__live_site *s)
{
    s->mask = 0;
    s->answers = 1;
    s->turn = 0;
    s->answer[0] = 0;
    if (c->counting || c->writes)
        return;
    c->counting = true;
    c->since = f->m->now;
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
                ones(r->path[i].value) > 1 && is_alive(f, s, &r->path[i]))
                return i;
        }
    return 0;
}

/** So many bits are no flags. */
static bool is_number(const fwsim__look_result *r)
{
    return r->compared || ones(r->tested) >= LEARNED_BITS;
}

/** What was waited for, and is looked at bit by bit: the bits say what is wrong
 * with it. */
static bool is_sample(const fwsim__cell *c, const fwsim__look_result *r)
{
    return c->after_wait && !is_number(r) && fwsim__cell_is_data(c) &&
           r->path[0].end != FWSIM__LOOK_SPIN;
}

/** Does a path lead to new code? Not when what was chosen before promised it,
 * too, and nothing new has run since. */
static bool leads_on(const fwsim__infer *f, const fwsim__live_site *s,
                     const fwsim__look_path *p)
{
    return p->new_blocks > 0 && f->st.novelty_at >= s->looked_at;
}

static void decide(fwsim__infer *f, fwsim__live_site *s, bool stuck,
                   unsigned shift)
{
    const fwsim__look_result *r = &f->look;
    fwsim__cell *c = &f->cell[s->cell];
    bool base_alive = is_alive(f, s, &r->path[0]);
    bool explore = (s->explores || stuck) && !is_sample(c, r);
    unsigned i = best(f, s, explore);

    bool data = explore && is_number(r) && fwsim__cell_is_data(c);
    unsigned rare = data ? rarest(f, s) : 0;

    if (rare && !r->path[i].new_blocks)
        i = rare;
    if (!explore && base_alive)
        i = c->writes ? 0 : mirror(f, s);
    s->end = (uint8_t)r->path[i].end;
    if (explore && base_alive && r->path[i].new_blocks == 0 && !stuck && !rare)
        i = 0;
    if (!is_alive(f, s, &r->path[i]))
        i = leaves(s, &r->path[0]) ? last_to_end(r) : furthest(s, r);
    if (i == 0 && is_counter(r, stuck, base_alive)) {
        begin_counting(f, c, s);
        return;
    }
    if (i == 0 && !base_alive)
        return;
    if (explore && i && (rare || r->path[i].new_blocks))
        note_taken(f, r->path[i].rare_pc);
    learn(c, r, i, shift);
    set_answers(f, s, i, explore, shift);
    if (explore) {
        s->explores = true;
        schedule(s, leads_on(f, s, &r->path[i]) || rare);
    }
}

static bool has_budget(const fwsim__infer *f)
{
    return f->st.look_instructions <
           FREE_INSTRUCTIONS + (f->m->now - f->m->st->slept) / SHARE;
}

/** The request for a look. @return the place of its lowest bit in the register */
static unsigned ask(fwsim__infer *f, const fwsim__live_site *s, bool stuck,
                    const fwsim__core_view *view, fwsim__look_read *read)
{
    const fwsim__cell *c = &f->cell[s->cell];
    bool far = (stuck || s->explores) && fwsim__cell_is_data(c);
    unsigned shift = 8 * (unsigned)(s->addr - c->addr), bits = 8 * s->width;
    uint64_t byte;
    unsigned bit;

    memcpy(read->regs, view->regs, sizeof read->regs);
    read->xpsr = view->xpsr;
    read->masked = view->masked;
    read->addr = (uint32_t)view->addr;
    read->width = view->width;
    if (view->addr != s->addr &&
        f->insight->bit_alias(f->m->cpu, view->addr, &byte, &bit)) {
        shift = 8 * (unsigned)(byte - c->addr) + bit;
        bits = 1;
    }
    read->base = fwsim__cell_value(f, c) >> shift;
    read->fixed = fixed_bits(c) >> shift;
    if (bits < 32) {
        read->base &= (1u << bits) - 1;
        read->fixed &= (1u << bits) - 1;
    }
    read->block = (uint32_t)fwsim__area_of(f, c)->base;
    read->block_size = FWSIM__AREA_SIZE;
    read->max_paths = s->handler ? PATHS_HANDLER : PATHS;
    read->max_instructions = far ? DATA_INSTRUCTIONS : PATH_INSTRUCTIONS;
    read->budget = far ? 2 * BUDGET : BUDGET;
    return shift;
}

void fwsim__analyse(fwsim__infer *f, fwsim__live_site *s, bool stuck)
{
    fwsim__cell *c = &f->cell[s->cell];
    fwsim__core_view view;
    fwsim__look_read read;
    unsigned shift;

    if (f->frozen || !has_budget(f) || !f->insight->view(f->m->cpu, &view))
        return;
    s->pc = view.regs[15];
    shift = ask(f, s, stuck, &view, &read);
    f->world.v6m = view.v6m;
    fwsim__look(&f->world, &read, &f->look);
    /* Hardware may clear what software has set, but is not thought to as long
     * as there is another way. */
    if (read.fixed && !leaves(s, &f->look.path[0]) && !furthest(s, &f->look)) {
        f->st.look_instructions += f->look.instructions;
        read.fixed = c->fixed >> shift;
        fwsim__look(&f->world, &read, &f->look);
    }
    f->st.looks++;
    f->st.relooks += s->visits > 1;
    f->st.look_instructions += f->look.instructions;
    fwsim__dma_judge(f, c, &f->look);
    fwsim__explain(f, s, stuck);
    note_evidence(c, &f->look, shift);
    /* A store to the address of one bit reads and writes the register. */
    if (view.addr != s->addr &&
        !(f->look.tested | f->look.stored | f->look.addressed))
        c->written_back |= 1u << shift;
    s->tested |= f->look.tested << shift;
    if (s->handler && !c->written_back)
        s->explores = true;
    decide(f, s, stuck, shift);
    /* Nothing was found: look less and less often. */
    if (s->explores && s->next_look <= s->visits)
        schedule(s, false);
    s->looked_at = f->m->now;
}
