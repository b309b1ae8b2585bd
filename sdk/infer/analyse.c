/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From what look-ahead has found (look.h) and what is chosen of it (choose.c)
 * to what is known of a register and what a site answers.
 *
 * Bits that had to change to leave a wait loop are learned for the register.
 * In interrupt handlers, and where nothing new has happened for a while, all
 * values that go on take turns.
 */
#include "infer/infer.h"

#include <string.h>

enum {
    PATHS = 32,
    PATHS_HANDLER = 64,
    PATH_INSTRUCTIONS = 300,
    DATA_INSTRUCTIONS = 3000, /* what comes of data is decided far away */
    BUDGET = 6000,
    LEARNED_BITS = 4,    /* more than that is data */
    FREE_INSTRUCTIONS = 4000000,
    SHARE = 20,          /* a twentieth of the run */
    EXPLORE_MAX = 1 << 16
};

static unsigned ones(uint32_t value)
{
    return (unsigned)__builtin_popcount(value);
}

static uint32_t changed(const fwsim__look_result *r, unsigned i)
{
    return r->path[i].value ^ r->path[0].value;
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

/** One answer, or with @a turns all that go on, the best first. */
static void set_answers(const fwsim__infer *f, fwsim__live_site *s,
                        unsigned first, bool turns, unsigned shift)
{
    const fwsim__look_result *r = &f->look;
    uint32_t mask = changed(r, first);

    for (unsigned i = 0; turns && i < r->paths; i++)
        if (fwsim__path_is_distinct(f, s, i))
            mask |= changed(r, i);
    s->mask = mask << shift;
    s->answers = 0;
    s->turn = 0;
    add_answer(s, (r->path[first].value & mask) << shift);
    for (unsigned i = 0; turns && i < r->paths; i++)
        if (fwsim__path_is_distinct(f, s, i))
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
    bool base_alive = fwsim__path_is_alive(f, s, &r->path[0]);
    bool explore = (s->explores || stuck) && !fwsim__is_sample(c, r);
    unsigned i = fwsim__choose(f, s, explore, stuck);
    bool rare = explore && i && i == fwsim__path_rarest(f, s);

    s->end = (uint8_t)r->path[i].end;
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
    f->world.input = (uint32_t)f->st.input;
    f->world.input_size = f->st.input_size;
    fwsim__look(&f->world, &read, &f->look);
    /* Hardware may clear what software has set, but is not thought to as long
     * as there is another way. */
    if (read.fixed && !fwsim__path_leaves(s, &f->look.path[0]) &&
        !fwsim__path_furthest(s, &f->look)) {
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
