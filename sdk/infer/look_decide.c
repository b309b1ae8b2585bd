/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A branch depends on bits of the value: which other values would decide it
 * the other way? Values are put forward and tried on the flags alone; a run
 * with the value is the judge.
 */
#include "infer/look_run.h"

/* More bits than these in a word are a number, not a set of flags. */
enum { FLAGS_MAX = 8 };

/* Bits of a mixed word that are tried one by one. */
enum { GUESSES_MAX = 4 };

/* Places where a question may be kept. */
enum { PLACES = 4 };

/* Targets of a table that are tried at most. */
enum { TARGETS_MAX = 32 };

static unsigned count(uint32_t v)
{
    return (unsigned)__builtin_popcount(v);
}

/** NZCV if the value were x. */
static unsigned flags_with(const fwsim__look_run *r, uint32_t x)
{
    const fwsim__look_flags *f = &r->flags;
    uint32_t v = f->bits.mask ? fwsim__bits_evaluate(&f->bits, x) : 0;
    uint32_t a = v, b = f->other;
    uint64_t sum;
    uint32_t s;

    if (f->kind == FWSIM__FLAGS_RESULT) {
        unsigned nzcv = r->nzcv & (FWSIM__C | FWSIM__V);

        if (f->carry >= 0)
            nzcv = (nzcv & ~(unsigned)FWSIM__C) |
                   ((x >> (f->carry & 31) & 1) ^ (unsigned)f->carry >> 5) << 1;
        if (!f->bits.mask)
            return nzcv | (r->nzcv & (FWSIM__N | FWSIM__Z));
        return nzcv | (v >> 31) << 3 | (unsigned)(v == 0) << 2;
    }
    if (f->kind == FWSIM__FLAGS_RSB) {
        a = f->other;
        b = v;
    }
    if (f->kind != FWSIM__FLAGS_ADD)
        b = ~b;
    sum = (uint64_t)a + b + (f->kind != FWSIM__FLAGS_ADD);
    s = (uint32_t)sum;
    return (s >> 31) << 3 | (unsigned)(s == 0) << 2 |
           (unsigned)(sum >> 32) << 1 | (~(a ^ b) & (a ^ s)) >> 31;
}

/** Suggest x if it decides otherwise. */
static bool attempt(fwsim__look_run *r, unsigned cond, uint32_t x)
{
    bool now = fwsim__look_passed(r->nzcv, cond);

    if (x == r->value || fwsim__look_passed(flags_with(r, x), cond) == now)
        return false;
    fwsim__look_suggest(r, x);
    return true;
}

/** Values around the one at which the result is zero. */
static bool attempt_near(fwsim__look_run *r, unsigned cond, uint32_t zero)
{
    static const uint32_t near[] = { 0, 1, UINT32_MAX };
    bool found = false;

    if (!r->flags.bits.mask)
        return false;
    for (unsigned i = 0; i < sizeof(near) / sizeof(near[0]); i++) {
        uint32_t x = r->value;

        if (fwsim__bits_solve(&r->flags.bits, zero + near[i], &x))
            found |= attempt(r, cond, x);
    }
    return found;
}

static bool attempt_flips(fwsim__look_run *r, unsigned cond, uint32_t sources,
                          bool all)
{
    bool found = false;

    for (uint32_t left = sources; left; left &= left - 1) {
        found |= attempt(r, cond, r->value ^ (left & -left));
        if (found && !all)
            break;
    }
    return found;
}

/** A word that is neither bits nor a sum: anything may be right. */
static void guess(fwsim__look_run *r, uint32_t sources)
{
    if (count(sources) <= GUESSES_MAX)
        for (uint32_t left = sources; left; left &= left - 1)
            fwsim__look_suggest(r, r->value ^ (left & -left));
    fwsim__look_suggest(r, r->value & ~sources);
    fwsim__look_suggest(r, r->value | sources);
}

/** Where a question is kept. When a row of places is full, a new one replaces
 * the first. */
static unsigned place_of(fwsim__look_run *r, uint32_t question)
{
    unsigned first = question * 0x9e3779b1u >> 16, i = 0;

    for (unsigned n = 0; n < PLACES; n++) {
        i = (first + n) & (FWSIM__LOOK_DECIDED - 1);
        if (r->decided[i].question == question)
            return i;
        if (!r->decided[i].question)
            break;
        i = first & (FWSIM__LOOK_DECIDED - 1);
    }
    r->decided[i].question = question;
    r->decided[i].run = 0;
    r->decided[i].answers = 0;
    return i;
}

/**
 * A question that was answered before: in this run, or in one that had come
 * the same way. @a answer is that of this run.
 */
static bool decided(fwsim__look_run *r, uint32_t question, uint32_t answer)
{
    uint32_t way = r->way;
    unsigned i = place_of(r, question);
    uint16_t run = r->decided[i].run;

    r->way = (way ^ question ^ answer) * 0x85ebca6bu + answer;
    if (run == r->number)
        return true;
    r->decided[i].run = r->number;
    if (run && r->decided[i].way == way)
        return true;
    r->decided[i].way = way;
    return false;
}

/** Has another run given the other answer, or will one? */
static bool other_answer_known(fwsim__look_run *r, uint32_t question, bool yes)
{
    unsigned i = place_of(r, question);
    bool known = r->decided[i].answers & (yes ? 1 : 2);

    r->decided[i].answers = 3;
    return known;
}

static uint32_t question_of(const fwsim__look_run *r, unsigned cond,
                            uint32_t sources)
{
    return (r->pc * 31 + cond) * 0x9e3779b1u ^ sources * 0x85ebca6bu ^
           r->flags.other * 0xc2b2ae35u;
}

/** The bits that a condition depends on. */
static uint32_t deciding(const fwsim__look_run *r, unsigned cond)
{
    const fwsim__look_flags *f = &r->flags;
    uint32_t carry = f->carry >= 0 ? 1u << (f->carry & 31) : 0;
    const fwsim__bits *b = &f->bits;

    if (f->kind != FWSIM__FLAGS_RESULT)
        return b->sources;
    switch (cond >> 1) {
    case 1: /* CS, CC */
        return carry;
    case 2: /* MI, PL */
    case 5: /* GE, LT */
        if (fwsim__bits_exact(b))
            return b->mask >> 31 ? 1u << b->from[31] : 0;
        return b->sources;
    case 3: /* VS, VC */
        return 0;
    case 4: /* HI, LS */
        return b->sources | carry;
    default:
        return b->sources;
    }
}

void fwsim__look_decide(fwsim__look_run *r, unsigned cond)
{
    const fwsim__look_flags *f = &r->flags;
    uint32_t sources = deciding(r, cond);
    uint32_t question = question_of(r, cond, sources), zero = 0;
    bool yes = fwsim__look_passed(r->nzcv, cond), set_of_flags, found;

    if (!sources)
        return;
    r->progress.tests++;
    r->path->tested |= sources;
    if (decided(r, question, yes))
        return;
    r->combines = other_answer_known(r, question, yes);
    if (f->kind == FWSIM__FLAGS_MIXED || (!f->bits.mask && cond >> 1 != 1)) {
        guess(r, sources);
        return;
    }
    if (f->kind == FWSIM__FLAGS_SUB || f->kind == FWSIM__FLAGS_RSB)
        zero = f->other;
    else if (f->kind == FWSIM__FLAGS_ADD)
        zero = -f->other;
    if (zero && count(sources) > 1)
        r->out->compared = true;
    set_of_flags = !zero && count(sources) <= FLAGS_MAX;
    found = attempt_near(r, cond, zero);
    if (!found || !zero)
        found |= attempt_flips(r, cond, sources, set_of_flags);
    if (!found && count(sources) > 1) {
        attempt(r, cond, r->value & ~sources);
        attempt(r, cond, r->value | sources);
    }
}

void fwsim__look_decide_zero(fwsim__look_run *r, const fwsim__bits *bits)
{
    fwsim__look_flags flags = r->flags;
    uint8_t nzcv = r->nzcv;
    uint32_t word = bits->mask ? fwsim__bits_evaluate(bits, r->value) : 0;

    r->flags.kind = bits->mask ? FWSIM__FLAGS_RESULT : FWSIM__FLAGS_MIXED;
    r->flags.bits = *bits;
    r->flags.other = 0;
    r->flags.carry = -1;
    r->nzcv = word ? 0 : FWSIM__Z;
    fwsim__look_decide(r, FWSIM__EQ);
    r->flags = flags;
    r->nzcv = nzcv;
}

void fwsim__look_enumerate(fwsim__look_run *r, const fwsim__bits *bits)
{
    const fwsim__look_flags *f = &r->flags;
    uint32_t last = TARGETS_MAX - 1;

    r->progress.tests++;
    r->path->tested |= bits->sources;
    if (decided(r, question_of(r, FWSIM__AL, bits->sources),
                r->value & bits->sources))
        return;
    r->combines = false;
    if (!bits->mask) {
        guess(r, bits->sources);
        return;
    }
    /* The check of the bound came just before, as a rule. */
    if (f->kind == FWSIM__FLAGS_SUB && f->bits.sources == bits->sources &&
        f->other < last)
        last = f->other;
    for (uint32_t word = 0; word <= last; word++) {
        uint32_t x = r->value;

        if (fwsim__bits_solve(bits, word, &x))
            fwsim__look_suggest(r, x);
    }
}
