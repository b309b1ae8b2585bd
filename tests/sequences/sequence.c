/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Random values, encodings from forms, and accesses that stay in the area. */
#include "sequence.h"

#include <string.h>

/* splitmix64 (Steele, Lea, Flood 2014). */
static uint64_t random_next(generator *g)
{
    uint64_t z = g->random += 0x9e3779b97f4a7c15;

    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
    z = (z ^ z >> 27) * 0x94d049bb133111eb;
    return z ^ z >> 31;
}

uint32_t random_below(generator *g, uint32_t limit)
{
    return (uint32_t)(random_next(g) >> 32) % limit;
}

bool one_in(generator *g, uint32_t n)
{
    return random_below(g, n) == 0;
}

unsigned random_bit(generator *g, uint32_t mask)
{
    unsigned nth = random_below(g, (uint32_t)__builtin_popcount(mask));

    while (nth--)
        mask &= mask - 1;
    return (unsigned)__builtin_ctz(mask);
}

uint64_t random_integer(generator *g)
{
    static const uint64_t edges[] = { 0,
                                      1,
                                      0x7f,
                                      0x80,
                                      0xff,
                                      0x7fff,
                                      0x8000,
                                      0x7fffffff,
                                      0x80000000,
                                      0xffffffff,
                                      0x7fffffffffffffff,
                                      0x8000000000000000,
                                      UINT64_MAX,
                                      0x8000800080008000,
                                      0x7fff7fff7fff7fff,
                                      0x8080808080808080 };
    uint64_t any = random_next(g);

    switch (random_below(g, 4)) {
    case 0:
        return edges[any % (sizeof edges / sizeof *edges)];
    case 1:
        return any >> (any & 63);
    default:
        return any;
    }
}

/* Zero, smallest and largest denormal and normal numbers, one, about the range
 * of integers, infinity, a signalling and a quiet NaN; with any sign. */
uint32_t random_single(generator *g)
{
    static const uint32_t edges[] = {
        0x00000000, 0x00000001, 0x007fffff, 0x00800000, 0x3f800000, 0x3f000000,
        0x3fc00000, 0x4effffff, 0x4f000000, 0x4f800000, 0x7f7fffff, 0x7f800000,
        0x7f800001, 0x7fc00001, 0x33000000, 0x477fe000
    };
    uint32_t any = (uint32_t)random_next(g);

    switch (random_below(g, 3)) {
    case 0:
        return any;
    case 1: /* near one: sums and quotients of these are ordinary */
        return (any & 0x83ffffff) | 0x3c000000;
    default:
        return edges[any % (sizeof edges / sizeof *edges)] | (any & 0x80000000);
    }
}

uint64_t random_double(generator *g)
{
    static const uint64_t edges[] = { 0x0000000000000000, 0x0000000000000001,
                                      0x000fffffffffffff, 0x0010000000000000,
                                      0x3ff0000000000000, 0x3fe0000000000000,
                                      0x3ff8000000000000, 0x41dfffffffc00000,
                                      0x41e0000000000000, 0x43e0000000000000,
                                      0x7fefffffffffffff, 0x7ff0000000000000,
                                      0x7ff0000000000001, 0x7ff8000000000001,
                                      0x36a0000000000000, 0x380fffffffffffff };
    uint64_t any = random_next(g);

    switch (random_below(g, 3)) {
    case 0:
        return any;
    case 1:
        return (any & 0x807fffffffffffff) | 0x3f80000000000000;
    default:
        return edges[any % (sizeof edges / sizeof *edges)] |
               (any & 0x8000000000000000);
    }
}

/* ------------------------------------------------------------------ */
/* Encodings                                                            */
/* ------------------------------------------------------------------ */

static void emit_halfword(generator *g, uint32_t halfword)
{
    g->code[g->size++] = (uint8_t)halfword;
    g->code[g->size++] = (uint8_t)(halfword >> 8);
}

void emit(generator *g, size_t bits, uint32_t word)
{
    bool a64 = g->isa->a64;

    if (bits == 16) {
        emit_halfword(g, word);
    } else { /* T32: the first halfword has the upper bits */
        emit_halfword(g, a64 ? word : word >> 16);
        emit_halfword(g, a64 ? word >> 16 : word);
    }
}

void give(generator *g, char letter, uint32_t value)
{
    g->given |= 1u << (letter - 'a');
    g->value[letter - 'a'] = value;
}

static unsigned width_of(const char *bits, char letter)
{
    unsigned width = 0;

    for (; *bits; bits++)
        width += *bits == letter;
    return width;
}

uint32_t fill(generator *g, const char *bits)
{
    uint32_t value[26] = { 0 }, word = 0;
    unsigned left[26] = { 0 };

    for (const char *c = bits; *c; c++) {
        unsigned bit, at = (unsigned)(*c - 'a');

        if (*c == '.') {
            bit = one_in(g, 2);
        } else if (*c < 'a') {
            bit = *c == '1';
        } else {
            if (left[at] == 0) {
                left[at] = width_of(bits, *c);
                value[at] = g->given >> at & 1 ? g->value[at]
                                               : g->isa->field(g, *c, left[at]);
            }
            bit = value[at] >> --left[at] & 1;
        }
        word = word << 1 | bit;
    }
    g->given = 0;
    return word;
}

static bool allowed(const generator *g, unsigned needs)
{
    return (needs & ~(g->features | NO_IT)) == 0 &&
           !(g->in_it && (needs & NO_IT));
}

void emit_form(generator *g, const form *forms, size_t count)
{
    const form *f;
    uint32_t word;

    do
        f = &forms[random_below(g, (uint32_t)count)];
    while (!allowed(g, f->needs));
    g->wide = (g->features & FPDP) && one_in(g, 2);
    word = fill(g, f->bits);
    emit(g, strlen(f->bits), f->legal ? f->legal(word) : word);
}

/* ------------------------------------------------------------------ */
/* Accesses                                                             */
/* ------------------------------------------------------------------ */

static bool writes_back(addressing mode)
{
    return mode == PRE || mode == POST;
}

/* The offset of a form without a field for it. */
static int no_choice(const access_form *f)
{
    return f->mode == POST ? (int)f->bytes : 0;
}

/* Can the field hold it? */
static bool fits(const generator *g, const access_form *f, int offset)
{
    int limit = 1 << width_of(f->bits, 'i'), scale = (int)f->scale;
    int units = offset / scale;

    if (limit == 1 && f->mode != INDEXED)
        return offset == no_choice(f);
    if (units * scale != offset)
        return false;
    if (f->mode == NEGATIVE)
        return units <= 0 && units > -limit;
    if (width_of(f->bits, 'u'))
        return units > -limit && units < limit;
    if (f->mode == INDEXED)
        return units >= 0 && units < 256;
    if (!g->isa->a64 || limit >= 1 << 12)
        return units >= 0 && units < limit;
    return units >= -limit / 2 && units < limit / 2;
}

static unsigned base_of(generator *g, const access_form *f)
{
    unsigned width = width_of(f->bits, 'n');

    if (width == 0)
        return g->isa->sp;
    return random_bit(g, width == 3 ? g->bases & 0xff : g->bases);
}

/* May the base be at `from` and the offset lead to `to`? */
static bool reaches(const generator *g, const access_form *f, int from, int to)
{
    int access = f->mode == POST ? from : to;

    return access % (int)f->align == 0 && access + (int)f->bytes <= AREA &&
           fits(g, f, to - from);
}

static void emit_access_at(generator *g, const access_form *f, unsigned base,
                           int offset)
{
    unsigned units =
        (unsigned)((offset < 0 ? -offset : offset) / (int)f->scale);

    if (width_of(f->bits, 'm')) {
        unsigned index = g->isa->field(g, 'd', width_of(f->bits, 'm'));

        g->isa->constant(g, index, units);
        give(g, 'm', index);
    }
    give(g, 'n', base);
    give(g, 'u', offset >= 0);
    give(g, 'i', g->isa->a64 && offset < 0 ? -units : units);
    emit(g, strlen(f->bits), fill(g, f->bits));
}

void emit_access(generator *g, const access_form *forms, size_t count)
{
    const access_form *f = &forms[random_below(g, (uint32_t)count)];
    unsigned base = base_of(g, f);

    if (!allowed(g, f->needs) || (writes_back(f->mode) && g->conditional) ||
        (f->mode == INDEXED && g->in_it))
        return;
    for (int i = 0; i < 32; i++) {
        int from = g->offset[base], to = (int)random_below(g, AREA);

        to -= to % (int)(writes_back(f->mode) ? 16 : f->align);
        if (!width_of(f->bits, 'i') && f->mode != INDEXED)
            to = from + no_choice(f);
        if (!reaches(g, f, from, to))
            continue;
        emit_access_at(g, f, base, to - from);
        if (writes_back(f->mode))
            g->offset[base] = to;
        return;
    }
}
