/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sequences of T32. A unit is one instruction, or some that belong together;
 * branches go from one unit to another.
 */
#include "sequence.h"

#include <string.h>

enum { SP = 13, LR = 14, LOW = 0xff, ANY = 0x5fff /* r0 to r12, lr */ };

static uint32_t field(generator *g, char letter, unsigned width)
{
    uint32_t all = width == 3 ? LOW : ANY, writable = all & ~g->bases;

    switch (letter) {
    case 'd':
    case 't':
    case 's':
        return g->last = random_bit(g, writable);
    case 'e':
        return random_bit(g, writable & ~(1u << g->last));
    case 'f':
        return random_bit(g, writable);
    case 'z':
        return g->wide;
    case 'v':
        return g->wide ? 0 : random_below(g, 1u << width);
    default:
        return random_bit(g, all);
    }
}

static void op16(generator *g, uint32_t word)
{
    emit(g, 16, word);
}

static void op32(generator *g, uint32_t word)
{
    emit(g, 32, word);
}

/* MOVW or MOVT. */
static void move_half(generator *g, bool top, unsigned reg, uint32_t value)
{
    op32(g, 0xf2400000 | (uint32_t)top << 23 | (value & 0xf000) << 4 |
                (value & 0x800) << 15 | (value & 0x700) << 4 | reg << 8 |
                (value & 0xff));
}

static void constant(generator *g, unsigned reg, unsigned value)
{
    if (reg < 8 && (!(g->features & V7M) || one_in(g, 2)))
        op16(g, 0x2000 | reg << 8 | value);
    else
        move_half(g, false, reg, value);
}

static const isa t32 = { field, constant, .sp = SP };

/* ------------------------------------------------------------------ */
/* Units                                                                */
/* ------------------------------------------------------------------ */

static void plain(generator *g)
{
    if ((g->features & FP) && one_in(g, 2))
        emit_form(g, t32_fp_forms, t32_fp_form_count);
    else
        emit_form(g, t32_forms, t32_form_count);
}

static void access(generator *g)
{
    size_t before = g->size;

    emit_access(g, t32_accesses, t32_access_count);
    if (g->size == before)
        plain(g);
}

static uint32_t random_list(generator *g, uint32_t of, unsigned most)
{
    uint32_t list = 0;

    of &= ~g->bases;
    for (unsigned i = random_below(g, most) + 1; i > 0; i--)
        list |= 1u << random_bit(g, of);
    return list;
}

/* Moves a base by writeback, when the area has room on that side. */
static bool move_base(generator *g, unsigned base, int by)
{
    int to = g->offset[base] + by;

    if (g->conditional || to < 0 || to > AREA - 16)
        return false;
    g->offset[base] = to;
    return true;
}

/* PUSH and POP, without PC. */
static void stack(generator *g)
{
    uint32_t list = random_list(g, LOW, 6);
    uint32_t lr = one_in(g, 3);
    int bytes = 4 * __builtin_popcount(list);

    if (one_in(g, 2)) {
        if (move_base(g, SP, -(bytes + 4 * (int)lr)))
            op16(g, 0xb400 | lr << 8 | list);
    } else if (move_base(g, SP, bytes)) {
        op16(g, 0xbc00 | list);
    }
}

/* The base is not in the list: with writeback that is UNPREDICTABLE in T32
 * (DDI 0403E.e A7.7.41). */
static void multiple16(generator *g)
{
    unsigned base = random_bit(g, g->bases & LOW);
    uint32_t list = random_list(g, LOW, 5);
    bool load = one_in(g, 2);

    if (move_base(g, base, 4 * __builtin_popcount(list)))
        op16(g, 0xc000 | (uint32_t)load << 11 | base << 8 | list);
}

/* Is what an IA or DB transfer of some bytes moves inside the area? */
static bool transfer_fits(const generator *g, unsigned base, bool down,
                          int bytes)
{
    int at = g->offset[base];

    return down ? at - bytes >= 0 : at + bytes <= AREA;
}

/* At least two registers (A7.7.41). */
static void multiple32(generator *g)
{
    unsigned base = random_bit(g, g->bases);
    uint32_t list = random_list(g, ANY, 8);
    bool down = one_in(g, 2), load = one_in(g, 2);
    int bytes = 4 * __builtin_popcount(list);
    bool writeback;

    if (bytes < 8 || !transfer_fits(g, base, down, bytes))
        return;
    writeback = one_in(g, 2) && move_base(g, base, down ? -bytes : bytes);
    op32(g, (down ? 0xe9000000 : 0xe8800000) | (uint32_t)writeback << 21 |
                (uint32_t)load << 20 | base << 16 | list);
}

/* VLDM, VSTM: no register beyond the last (A7.7.248); DB has writeback. */
static void multiple_fp(generator *g)
{
    unsigned base = random_bit(g, g->bases);
    bool dbl = one_in(g, 2), down = one_in(g, 2), load = one_in(g, 2);
    unsigned first = random_below(g, dbl ? 16 : 32);
    unsigned count = 1 + random_below(g, dbl ? 16 - first : 32 - first);
    int bytes = (int)count * (dbl ? 8 : 4);
    bool writeback;

    if (!transfer_fits(g, base, down, bytes))
        return;
    writeback =
        (down || one_in(g, 2)) && move_base(g, base, down ? -bytes : bytes);
    if (down && !writeback)
        return;
    op32(g, (down ? 0xed000a00 : 0xec800a00) | (uint32_t)writeback << 21 |
                (uint32_t)load << 20 | base << 16 | (uint32_t)dbl << 8 |
                (dbl ? first << 12 : (first & 1) << 22 | first >> 1 << 12) |
                (uint32_t)bytes / 4);
}

static void multiple(generator *g)
{
    switch (random_below(g, 4)) {
    case 0:
        stack(g);
        break;
    case 1:
        if (g->features & FP)
            multiple_fp(g);
        break;
    case 2:
        if (g->features & V7M)
            multiple32(g);
        break;
    default:
        multiple16(g);
    }
}

/* One to four instructions; AL has no "else" (A7.7.38) and is left out. */
static void it_block(generator *g)
{
    unsigned count = 1 + random_below(g, 4);
    uint32_t mask;
    bool was = g->conditional;

    /* then or else for all but the first, and a 1 behind the last */
    mask = ((random_below(g, 16) & (0xfu << (5 - count))) | 1u << (4 - count)) &
           15;
    op16(g, 0xbf00 | random_below(g, 14) << 4 | mask);
    g->conditional = g->in_it = true;
    while (count--)
        (one_in(g, 3) ? access : plain)(g);
    g->in_it = false;
    g->conditional = was;
}

/* The store is to the address of the load, and there is no other store between:
 * else it is up to the implementation whether it succeeds (A3.4.1). The status
 * register is neither the base nor the one stored (A7.7.167). */
static void exclusive(generator *g)
{
    static const access_form loads[] = {
        { "111010000101nnnntttt1111iiiiiiii", 4, 4, 4, OFFSET, V7M },
        { "111010001101nnnntttt111101001111", 1, 1, 1, OFFSET, V7M },
        { "111010001101nnnntttt111101011111", 2, 1, 2, OFFSET, V7M },
        { "111010001101nnnntttt111111101111", 4, 1, 4, OFFSET, V8M },
        { "111010001101nnnntttt111111001111", 1, 1, 1, OFFSET, V8M },
        { "111010001101nnnntttt111111011111", 2, 1, 2, OFFSET, V8M },
    };
    static const char *const stores[] = {
        "111010000100nnnnsssseeeeiiiiiiii", "111010001100nnnnssss11110100eeee",
        "111010001100nnnnssss11110101eeee", "111010001100nnnnssss11111110eeee",
        "111010001100nnnnssss11111100eeee", "111010001100nnnnssss11111101eeee",
    };
    unsigned kind = random_below(g, g->features & V8M ? 6 : 3);
    const uint8_t *load = g->code + g->size;
    size_t before = g->size;

    emit_access(g, &loads[kind], 1);
    if (g->size == before)
        return;
    for (unsigned i = random_below(g, 3); i > 0; i--)
        emit_form(g, t32_forms, t32_form_count);
    if (one_in(g, 4))
        op32(g, 0xf3bf8f2f); /* CLREX */
    give(g, 'n', load[0] & 15);
    give(g, 'i', load[2]);
    emit(g, 32, fill(g, stores[kind]));
}

/* VMSR of the bits there are (A2.5.3). */
static void fp_control(generator *g)
{
    unsigned reg = field(g, 'd', 4);
    uint32_t value = (uint32_t)random_integer(g) & 0xf7c0009f;

    move_half(g, false, reg, value & 0xffff);
    move_half(g, true, reg, value >> 16);
    op32(g, 0xeee10a10 | reg << 12);
}

static void unit(generator *g);

static void skipped(generator *g, unsigned units)
{
    g->conditional = true;
    while (units--)
        unit(g);
    g->conditional = false;
}

static void put16(generator *g, size_t at, uint32_t halfword)
{
    g->code[at] = (uint8_t)halfword;
    g->code[at + 1] = (uint8_t)(halfword >> 8);
}

/* B, with and without a condition, 16 bits. */
static void branch(generator *g)
{
    size_t at = g->size;
    uint32_t condition = random_below(g, 15), distance;

    op16(g, 0);
    skipped(g, 1 + random_below(g, 3));
    distance = (uint32_t)((int)g->size - (int)at - 4) / 2;
    put16(g, at,
          condition == 14 ? 0xe000 | (distance & 0x7ff)
                          : 0xd000 | condition << 8 | (distance & 0xff));
}

/* BL, and B with a condition, 32 bits. */
static void branch32(generator *g)
{
    size_t at = g->size;
    bool link = !(g->features & V7M) || one_in(g, 2);
    uint32_t condition = random_below(g, 14);

    op32(g, 0);
    skipped(g, 1 + random_below(g, 3));
    put16(g, at, link ? 0xf000 : 0xf000 | condition << 6);
    put16(g, at + 2,
          (link ? 0xf800 : 0x8000) | (uint32_t)(g->size - at - 4) / 2);
}

/* CBZ and CBNZ reach 126 bytes. */
static void compare_branch(generator *g)
{
    size_t at = g->size;
    uint32_t distance;

    op16(g, 0);
    plain(g); /* the distance would be negative without */
    skipped(g, 1);
    distance = (uint32_t)(g->size - at - 4) / 2;
    put16(g, at,
          0xb100 | random_below(g, 2) << 11 | (distance & 0x20) << 4 |
              (distance & 0x1f) << 3 | random_bit(g, LOW));
}

/* TBB over three units; each may be the first. */
static void table_branch(generator *g)
{
    unsigned reg = field(g, 'd', 4);
    size_t table;

    constant(g, reg, random_below(g, 4));
    op32(g, 0xe8dff000 | reg);
    table = g->size;
    op32(g, 0);
    for (unsigned i = 0; i < 4; i++) {
        g->code[table + i] = (uint8_t)((g->size - table) / 2);
        if (i < 3)
            skipped(g, 1);
    }
}

/* BX or BLX to an address that BL has left, past one instruction. */
static void branch_register(generator *g)
{
    unsigned reg = field(g, 'd', 3);

    op32(g, 0xf000f800);             /* BL to the next */
    op16(g, 0x4600 | LR << 3 | reg); /* MOV reg, LR */
    op16(g, 0x3000 | reg << 8 | 8);  /* ADDS reg, #8 */
    op16(g, 0x4700 | random_below(g, 2) << 7 | reg << 3);
    op16(g, 0x43c0 | random_bit(g, LOW & ~g->bases)); /* MVNS */
}

static void jump(generator *g)
{
    bool v7m = g->features & V7M;

    if (g->conditional)
        return;
    switch (random_below(g, v7m ? 5 : 3)) {
    case 0:
        branch(g);
        break;
    case 1:
        branch32(g);
        break;
    case 2:
        branch_register(g);
        break;
    case 3:
        compare_branch(g);
        break;
    default:
        table_branch(g);
    }
}

static void unit(generator *g)
{
    switch (random_below(g, 20)) {
    case 0:
        jump(g);
        break;
    case 1:
        if (g->features & V7M)
            exclusive(g);
        break;
    case 2:
    case 3:
        if (g->features & V7M)
            it_block(g);
        break;
    case 4:
        if (g->features & FP)
            fp_control(g);
        break;
    case 5:
    case 6:
        multiple(g);
        break;
    case 7:
    case 8:
    case 9:
    case 10:
    case 11:
        access(g);
        break;
    default:
        plain(g);
    }
}

/* ADD or SUB of SP. */
static void move_sp(generator *g, int by)
{
    if (move_base(g, SP, by))
        op16(g,
             by < 0 ? 0xb080 | (uint32_t)-by / 4 : 0xb000 | (uint32_t)by / 4);
}

/* ------------------------------------------------------------------ */
/* Sequences                                                            */
/* ------------------------------------------------------------------ */

static void choose_state(generator *g, t32_entry *e)
{
    bool v7m = g->features & V7M;

    e->bases = 1u << random_bit(g, LOW);
    e->bases |= 1u << random_bit(g, v7m ? 0x1f00 : LOW);
    g->bases = e->bases | 1u << SP;
    e->apsr = (uint32_t)random_integer(g) & 0xf8000000;
    if (!v7m)
        e->apsr &= 0xf0000000;
    if (g->features & DSP)
        e->apsr |= random_below(g, 16) << 16;
    for (unsigned i = 0; i < 14; i++) {
        e->r[i] = (uint32_t)random_integer(g);
        if (e->bases >> i & 1)
            e->r[i] = (uint32_t)(g->offset[i] = (int)random_below(g, 28) * 16);
    }
    if (!(g->features & FP))
        return;
    e->fpscr = (uint32_t)random_integer(g) & 0xf7c0009f;
    for (unsigned i = 0; i < 32; i += 2) {
        uint64_t pair =
            one_in(g, 2) ? random_double(g)
                         : random_single(g) | (uint64_t)random_single(g) << 32;
        memcpy(&e->s[i], &pair, sizeof pair);
    }
}

size_t t32_sequence(uint8_t *out, unsigned features, uint32_t seed)
{
    generator g = { .random = seed,
                    .features = features,
                    .isa = &t32,
                    .code = out + sizeof(t32_entry) };
    t32_entry e = { .seed = seed };

    choose_state(&g, &e);
    if (one_in(&g, 2))
        move_sp(&g, 256);
    for (unsigned units = 8 + random_below(&g, 24); units > 0; units--)
        unit(&g);
    if (g.offset[SP] > 256)
        move_sp(&g, -256);
    if (g.offset[SP] > 0)
        move_sp(&g, -g.offset[SP]);
    op16(&g, 0xdf00); /* SVC */
    while (g.size % 4)
        op16(&g, 0xbf00);
    e.size = (uint32_t)(sizeof e + g.size);
    memcpy(out, &e, sizeof e);
    return e.size;
}
