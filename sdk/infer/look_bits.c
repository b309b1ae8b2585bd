/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Provenance of bits through logic, shifts and sums, see look_bits.h.
 */
#include "infer/look_bits.h"

#define EACH_PLACE(i, mask)                                                    \
    for (uint32_t left_ = (mask), i = 0;                                       \
         left_ && (i = (uint32_t)__builtin_ctz(left_), true);                  \
         left_ &= left_ - 1)

static uint32_t sources_of(fwsim__operand o)
{
    return o.bits ? o.bits->sources : 0;
}

void fwsim__bits_identity(fwsim__bits *out, uint32_t x, uint32_t mask)
{
    out->mask = mask;
    out->inverted = 0;
    out->part = x & mask;
    out->rest = x & ~mask;
    out->modulus = UINT32_MAX;
    out->sources = mask;
    for (unsigned i = 0; i < 32; i++)
        out->from[i] = (uint8_t)i;
}

void fwsim__bits_mixed(fwsim__bits *out, uint32_t sources)
{
    out->mask = out->inverted = out->part = out->rest = 0;
    out->modulus = UINT32_MAX;
    out->sources = sources;
}

/** Drop what lies outside the mask and count the sources anew. */
static void settle(fwsim__bits *b)
{
    uint32_t sources = 0;

    b->inverted &= b->mask;
    b->part &= b->mask;
    EACH_PLACE(i, b->mask)
        sources |= 1u << b->from[i];
    b->sources = sources;
}

/** Both operands are exact or constant. */
static bool exact(fwsim__operand a, fwsim__operand b)
{
    return (!a.bits || fwsim__bits_exact(a.bits)) &&
           (!b.bits || fwsim__bits_exact(b.bits));
}

/** Of two operands the constant one comes second. */
static void order(fwsim__operand *a, fwsim__operand *b)
{
    if (!a->bits) {
        fwsim__operand plain = *a;

        *a = *b;
        *b = plain;
    }
}

/*
 * Two words of which both have bits of x. A place where both do is a bit of x
 * again when it is the same bit, and a constant when it is its inverse. When
 * they are two bits it follows the one that decides it now: the other would
 * have to be changed as well, and that is for another run to find.
 */
typedef enum logic { AND, OR, XOR } logic;

/** The places of @a both that follow the first operand. */
static uint32_t following_first(fwsim__operand a, fwsim__operand b,
                                uint32_t both, logic op)
{
    uint32_t first = 0;

    EACH_PLACE(i, both) {
        bool same = a.bits->from[i] == b.bits->from[i];
        bool opposite = (a.bits->inverted ^ b.bits->inverted) >> i & 1;
        bool decides = op == XOR || (op == AND) == (b.value >> i & 1) ||
                       (a.value ^ ~b.value) >> i & 1;

        if (same ? op != XOR && !opposite : decides)
            first |= 1u << i;
    }
    return first;
}

/** ... and those that follow the second. */
static uint32_t following_second(fwsim__operand a, fwsim__operand b,
                                 uint32_t both)
{
    uint32_t second = 0;

    EACH_PLACE(i, both)
        if (a.bits->from[i] != b.bits->from[i])
            second |= 1u << i;
    return second;
}

static void logic_of_two(fwsim__bits *out, fwsim__operand a, fwsim__operand b,
                         logic op)
{
    fwsim__bits r = *a.bits;
    uint32_t both = a.bits->mask & b.bits->mask;
    uint32_t only_a = a.bits->mask & ~both, only_b = b.bits->mask & ~both;
    uint32_t first = following_first(a, b, both, op);
    uint32_t second = following_second(a, b, both) & ~first;
    uint32_t value = op == AND  ? a.value & b.value
                     : op == OR ? a.value | b.value
                                : a.value ^ b.value;

    /* Against a constant the bit stays, or goes. */
    if (op == AND) {
        only_a &= b.value;
        only_b &= a.value;
    } else if (op == OR) {
        only_a &= ~b.value;
        only_b &= ~a.value;
    }
    EACH_PLACE(i, only_b | second)
        r.from[i] = b.bits->from[i];
    r.mask = only_a | first | only_b | second;
    r.inverted = (a.bits->inverted & (only_a | first)) |
                 (b.bits->inverted & (only_b | second));
    if (op == XOR)
        r.inverted ^= ((only_a | first) & b.value) | (only_b & a.value);
    r.part = value & r.mask;
    r.rest = value & ~r.mask;
    settle(&r);
    *out = r;
}

static void logic_of(fwsim__bits *out, fwsim__operand a, fwsim__operand b,
                     logic op)
{
    uint32_t c;

    order(&a, &b);
    c = b.value;
    if (!exact(a, b)) {
        fwsim__bits_mixed(out, sources_of(a) | sources_of(b));
        return;
    }
    if (b.bits) {
        logic_of_two(out, a, b, op);
        return;
    }
    *out = *a.bits;
    if (op == AND) {
        out->mask &= c;
        out->rest &= c;
    } else if (op == OR) {
        out->mask &= ~c;
        out->rest |= c;
    } else {
        out->inverted ^= c & out->mask;
        out->part ^= c & out->mask;
        out->rest ^= c & ~out->mask;
    }
    settle(out);
}

void fwsim__bits_and(fwsim__bits *out, fwsim__operand a, fwsim__operand b)
{
    order(&a, &b);
    /* A sum cut to its low bits is a sum modulo a power of two. */
    if (!b.bits && a.bits->mask && !fwsim__bits_exact(a.bits) && b.value &&
        !(b.value & (b.value + 1))) {
        *out = *a.bits;
        out->modulus &= b.value;
        out->mask &= b.value;
        out->rest &= out->modulus;
        settle(out);
        if (!(out->rest & out->mask))
            out->modulus = UINT32_MAX;
        return;
    }
    logic_of(out, a, b, AND);
}

void fwsim__bits_or(fwsim__bits *out, fwsim__operand a, fwsim__operand b)
{
    logic_of(out, a, b, OR);
}

void fwsim__bits_xor(fwsim__bits *out, fwsim__operand a, fwsim__operand b)
{
    logic_of(out, a, b, XOR);
}

void fwsim__bits_not(fwsim__bits *out, fwsim__operand a)
{
    /* ~a = -1 - a, which holds for sums too. */
    fwsim__bits_sub(out, fwsim__plain(UINT32_MAX), a);
}

void fwsim__bits_add(fwsim__bits *out, fwsim__operand a, fwsim__operand b)
{
    fwsim__bits r;

    order(&a, &b);
    r = *a.bits;
    if (!r.mask || r.modulus != UINT32_MAX ||
        (b.bits && (!b.bits->mask || b.bits->modulus != UINT32_MAX ||
                    (b.bits->mask & r.mask)))) {
        fwsim__bits_mixed(out, r.sources | sources_of(b));
        return;
    }
    if (!b.bits) {
        r.rest += b.value;
    } else {
        EACH_PLACE(i, b.bits->mask)
            r.from[i] = b.bits->from[i];
        r.mask |= b.bits->mask;
        r.inverted |= b.bits->inverted;
        r.part |= b.bits->part;
        r.rest += b.bits->rest;
        r.sources |= b.bits->sources;
    }
    *out = r;
}

void fwsim__bits_sub(fwsim__bits *out, fwsim__operand a, fwsim__operand b)
{
    fwsim__bits minus;

    if (!b.bits) {
        fwsim__bits_add(out, a, fwsim__plain(-b.value));
        return;
    }
    if (!b.bits->mask || b.bits->modulus != UINT32_MAX) {
        fwsim__bits_mixed(out, sources_of(a) | b.bits->sources);
        return;
    }
    /* -part = (mask - part) - mask, and mask - part is part inverted. */
    minus = *b.bits;
    minus.inverted ^= minus.mask;
    minus.part ^= minus.mask;
    minus.rest = -minus.rest - minus.mask;
    fwsim__bits_add(out, (fwsim__operand){ -b.value, &minus }, a);
}

static uint32_t rotated(uint32_t v, unsigned n)
{
    return n ? v >> n | v << (32 - n) : v;
}

void fwsim__bits_shift(fwsim__bits *out, fwsim__operand a, fwsim__shift type,
                       unsigned n)
{
    const fwsim__bits b = *a.bits;
    bool sum = b.mask && b.modulus == UINT32_MAX && type == FWSIM__LSL;
    uint32_t high = n ? UINT32_MAX << (32 - n) : 0;

    if (!fwsim__bits_exact(&b) && !sum && n) {
        fwsim__bits_mixed(out, b.sources);
        return;
    }
    *out = b;
    if (!n)
        return;
    for (unsigned i = 0; i < 32; i++)
        out->from[i] = b.from[(type == FWSIM__LSL ? i - n : i + n) & 31];
    if (type == FWSIM__LSL) {
        out->mask = b.mask << n;
        out->inverted = b.inverted << n;
        out->part = b.part << n;
        out->rest = b.rest << n;
    } else {
        out->mask = rotated(b.mask, n);
        out->inverted = rotated(b.inverted, n);
        out->part = rotated(b.part, n);
        out->rest = rotated(b.rest, n);
    }
    if (type == FWSIM__LSR) {
        out->mask &= ~high;
        out->rest &= ~high;
    } else if (type == FWSIM__ASR && b.mask >> 31) {
        EACH_PLACE(i, high)
            out->from[i] = b.from[31];
        out->mask |= high;
        out->rest &= ~high;
        out->inverted = (out->inverted & ~high) | (b.inverted >> 31 ? high : 0);
        out->part = (out->part & ~high) | (b.part >> 31 ? high : 0);
    } else if (type == FWSIM__ASR) {
        out->mask &= ~high;
        out->rest = (out->rest & ~high) | (b.rest >> 31 ? high : 0);
    }
    settle(out);
}

void fwsim__bits_permute(fwsim__bits *out, fwsim__operand a,
                         const uint8_t order_of[32])
{
    const fwsim__bits b = *a.bits;

    if (!fwsim__bits_exact(&b)) {
        fwsim__bits_mixed(out, b.sources);
        return;
    }
    fwsim__bits_identity(out, 0, 0);
    for (unsigned i = 0; i < 32; i++) {
        unsigned j = order_of[i];

        out->from[i] = b.from[j];
        out->mask |= (b.mask >> j & 1) << i;
        out->inverted |= (b.inverted >> j & 1) << i;
        out->part |= (b.part >> j & 1) << i;
        out->rest |= (b.rest >> j & 1) << i;
    }
    out->sources = b.sources;
}

void fwsim__bits_insert(fwsim__bits *out, fwsim__operand a, fwsim__operand b,
                        unsigned at, unsigned n)
{
    uint32_t field = (n < 32 ? (1u << n) - 1 : UINT32_MAX) << at;
    fwsim__bits kept, put;
    fwsim__operand keep = fwsim__plain(a.value & ~field);
    fwsim__operand piece = fwsim__plain(b.value << at & field);

    if (a.bits) {
        fwsim__bits_and(&kept, a, fwsim__plain(~field));
        if (kept.sources)
            keep.bits = &kept;
    }
    if (b.bits) {
        fwsim__bits_shift(&put, b, FWSIM__LSL, at);
        fwsim__bits_and(&put, (fwsim__operand){ b.value << at, &put },
                        fwsim__plain(field));
        if (put.sources)
            piece.bits = &put;
    }
    if (keep.bits || piece.bits)
        fwsim__bits_or(out, keep, piece);
    else
        fwsim__bits_mixed(out, 0);
}

uint32_t fwsim__bits_evaluate(const fwsim__bits *b, uint32_t x)
{
    uint32_t part = 0;

    EACH_PLACE(i, b->mask)
        part |= (x >> b->from[i] & 1) << i;
    return ((part ^ b->inverted) + b->rest) & b->modulus;
}

bool fwsim__bits_solve(const fwsim__bits *b, uint32_t word, uint32_t *x)
{
    uint32_t part = (word - b->rest) & b->modulus;
    uint32_t value = *x;

    if (part & ~b->mask)
        return false;
    part ^= b->inverted;
    EACH_PLACE(i, b->mask) {
        value &= ~(1u << b->from[i]);
        value |= (part >> i & 1) << b->from[i];
    }
    /* A bit of x in two places may have been asked to be both. */
    if (fwsim__bits_evaluate(b, value) != word)
        return false;
    *x = value;
    return true;
}
