/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sequences of A64. A unit is one instruction, or some that belong together;
 * branches go from one unit to another.
 */
#include "sequence.h"

#include <string.h>

enum { SP = 31, ZR = 31 };
#define GENERAL 0x7fffffffu /* x0 to x30 */

static uint32_t writable(const generator *g)
{
    return (GENERAL & ~g->bases) | 1u << ZR;
}

static uint32_t field(generator *g, char letter, unsigned width)
{
    (void)width;
    switch (letter) {
    case 'd':
    case 't':
        return g->last = random_bit(g, writable(g));
    case 'e':
    case 'g':
        return random_bit(g, writable(g) & ~(1u << g->last));
    case 's':
    case 'f':
        return random_bit(g, writable(g));
    case 'p':
        return random_bit(g, GENERAL);
    case 'q':
        return g->last = random_bit(g, writable(g) & GENERAL);
    default:
        return random_below(g, 32);
    }
}

static void op(generator *g, uint32_t word)
{
    emit(g, 32, word);
}

/* MOVZ, or MOVK of the upper half of a word. */
static void move_half(generator *g, bool top, unsigned reg, uint32_t value)
{
    op(g, (top ? 0xf2a00000 : 0xd2800000) | value << 5 | reg);
}

static void constant(generator *g, unsigned reg, unsigned value)
{
    move_half(g, false, reg, value);
}

static const isa a64 = { field, constant, .a64 = true, .sp = SP };

/* ------------------------------------------------------------------ */
/* Units                                                                */
/* ------------------------------------------------------------------ */

static void plain(generator *g)
{
    if (one_in(g, 2))
        emit_form(g, a64_fp_forms, a64_fp_form_count);
    else
        emit_form(g, a64_forms, a64_form_count);
}

static void access(generator *g)
{
    emit_access(g, a64_accesses, a64_access_count);
}

/* The store is to the address and of the size of the load, and nothing else is
 * stored between (B2.9.5). The status is neither the base nor stored. */
static void exclusive(generator *g)
{
    static const access_form loads[] = {
        { "0000100001011111.11111nnnnnttttt", 1, 1, 1, OFFSET, 0 },
        { "0100100001011111.11111nnnnnttttt", 2, 1, 2, OFFSET, 0 },
        { "1000100001011111.11111nnnnnttttt", 4, 1, 4, OFFSET, 0 },
        { "1100100001011111.11111nnnnnttttt", 8, 1, 8, OFFSET, 0 },
        { "1000100001111111.tttttnnnnneeeee", 8, 1, 8, OFFSET, 0 },
        { "1100100001111111.tttttnnnnneeeee", 16, 1, 16, OFFSET, 0 },
    };
    static const char *const stores[] = {
        "00001000000ttttt.11111nnnnneeeee", "01001000000ttttt.11111nnnnneeeee",
        "10001000000ttttt.11111nnnnneeeee", "11001000000ttttt.11111nnnnneeeee",
        "10001000001ttttt.eeeeennnnnggggg", "11001000001ttttt.eeeeennnnnggggg",
    };
    unsigned kind = random_below(g, 6);
    const uint8_t *load = g->code + g->size;
    size_t before = g->size;

    emit_access(g, &loads[kind], 1);
    if (g->size == before)
        return;
    for (unsigned i = random_below(g, 3); i > 0; i--)
        emit_form(g, a64_forms, a64_form_count);
    if (one_in(g, 4))
        op(g, 0xd5033f5f); /* CLREX */
    give(g, 'n', (load[0] >> 5 | load[1] << 3) & 31);
    emit(g, 32, fill(g, stores[kind]));
}

/* MSR of the bits of FPCR and FPSR that there are (C5.2.7, C5.2.8). */
static void fp_control(generator *g)
{
    unsigned reg = random_bit(g, writable(g) & GENERAL);
    bool status = one_in(g, 3);
    uint32_t value =
        (uint32_t)random_integer(g) & (status ? 0x0800009f : 0x07c00000);

    move_half(g, false, reg, value & 0xffff);
    move_half(g, true, reg, value >> 16);
    op(g, 0xd51b4400 | (uint32_t)status << 5 | reg);
}

static void unit(generator *g);

static void skipped(generator *g, unsigned units)
{
    g->conditional = true;
    while (units--)
        unit(g);
    g->conditional = false;
}

static void put_word(generator *g, size_t at, uint32_t word)
{
    memcpy(g->code + at, &word, sizeof word);
}

/* B, BL, B.cond, CBZ, CBNZ, TBZ, TBNZ over some units. */
static void branch(generator *g)
{
    size_t at = g->size;
    uint32_t any, words, word;

    op(g, 0);
    skipped(g, 1 + random_below(g, 3));
    any = (uint32_t)random_integer(g);
    words = (uint32_t)(g->size - at) / 4;
    switch (random_below(g, 4)) {
    case 0:
        word = 0x14000000 | (any & 0x80000000) | words;
        break;
    case 1:
        word = 0x54000000 | words << 5 | (any & 15);
        break;
    case 2:
        word = 0x34000000 | (any & 0x8100001f) | words << 5;
        break;
    default:
        word = 0x36000000 | (any & 0x81f8001f) | words << 5;
    }
    put_word(g, at, word);
}

/* BR, BLR or RET to an address made by ADR, over one instruction. */
static void branch_register(generator *g)
{
    unsigned reg = random_bit(g, writable(g) & GENERAL);

    op(g, 0x10000060 | reg); /* ADR, 12 bytes on */
    op(g, 0xd61f0000 | random_below(g, 3) << 21 | reg << 5);
    plain(g);
}

static void jump(generator *g)
{
    if (g->conditional)
        return;
    if (one_in(g, 3))
        branch_register(g);
    else
        branch(g);
}

static void unit(generator *g)
{
    switch (random_below(g, 20)) {
    case 0:
    case 1:
        jump(g);
        break;
    case 2:
        exclusive(g);
        break;
    case 3:
        fp_control(g);
        break;
    case 4:
    case 5:
    case 6:
    case 7:
    case 8:
        access(g);
        break;
    default:
        plain(g);
    }
}

/* ADD or SUB of SP. */
static void move_sp(generator *g, int by)
{
    op(g, by < 0 ? 0xd10003ff | (uint32_t)-by << 10
                 : 0x910003ff | (uint32_t)by << 10);
    g->offset[SP] += by;
}

/* ------------------------------------------------------------------ */
/* Sequences                                                            */
/* ------------------------------------------------------------------ */

static void choose_state(generator *g, a64_entry *e)
{
    e->bases = 1u << random_below(g, 30);
    e->bases |= 1u << random_below(g, 30); /* not x30, which BL writes */
    g->bases = e->bases | 1u << SP;
    e->nzcv = (uint32_t)random_integer(g) & 0xf0000000;
    e->fpcr = (uint32_t)random_integer(g) & 0x07c00000;
    e->fpsr = (uint32_t)random_integer(g) & 0x0800009f;
    for (unsigned i = 0; i < 31; i++) {
        e->x[i] = random_integer(g);
        if (e->bases >> i & 1)
            e->x[i] = (uint64_t)(g->offset[i] = (int)random_below(g, 28) * 16);
    }
    for (unsigned i = 0; i < 64; i++)
        e->v[i] = one_in(g, 2)
                      ? random_double(g)
                      : random_single(g) | (uint64_t)random_single(g) << 32;
}

size_t a64_sequence(uint8_t *out, unsigned features, uint32_t seed)
{
    generator g = { .random = seed,
                    .features = features,
                    .isa = &a64,
                    .code = out + sizeof(a64_entry) };
    a64_entry e = { .seed = seed };

    choose_state(&g, &e);
    if (one_in(&g, 2))
        move_sp(&g, 256);
    for (unsigned units = 8 + random_below(&g, 24); units > 0; units--)
        unit(&g);
    if (g.offset[SP] > 0)
        move_sp(&g, -g.offset[SP]);
    op(&g, 0xd4000001); /* SVC */
    if (g.size % 8)
        op(&g, 0xd503201f);
    e.size = (uint32_t)(sizeof e + g.size);
    memcpy(out, &e, sizeof e);
    return e.size;
}
