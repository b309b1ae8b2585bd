/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Each instruction is visited once. Along straight code constants are kept in
 * registers, to see which registers of the core are accessed:
 *
 *     ldr  r3, =0xe000ed00
 *     str  r2, [r3, #8]        VTOR
 */
#include "image/survey.h"

#include <stdlib.h>

enum { NEEDS_KINDS = 7 };

/* One odd instruction may be data that was taken for code. */
enum { ENOUGH = 2 };

typedef struct constants {
    uint32_t value[16];
    uint16_t known; /* one bit each */
} constants;

typedef struct walk {
    const fwsim_image *img;
    uint64_t slide;
    uint8_t *visited; /* a bit for each halfword of the image's bytes */
    uint32_t *todo;
    size_t todo_count, todo_capacity;
    bool no_memory;
    size_t seen[NEEDS_KINDS];
    constants regs;
    fwsim__survey *out;
} walk;

/* ------------------------------------------------------------------ */
/* Places to visit                                                      */
/* ------------------------------------------------------------------ */

static void push(walk *w, uint64_t addr)
{
    addr &= ~(uint64_t)1;
    if (!fwsim__image_segment_at(w->img, addr - w->slide))
        return;
    if (w->todo_count == w->todo_capacity) {
        size_t capacity = w->todo_capacity ? w->todo_capacity * 2 : 256;
        uint32_t *todo = realloc(w->todo, capacity * sizeof *todo);
        if (!todo) {
            w->no_memory = true;
            return;
        }
        w->todo = todo;
        w->todo_capacity = capacity;
    }
    w->todo[w->todo_count++] = (uint32_t)addr;
}

/* @return false when it was visited before or is not in the image */
static bool visit(walk *w, uint32_t pc)
{
    const fwsim_segment *s = fwsim__image_segment_at(w->img, pc - w->slide);

    if (!s)
        return false;
    size_t offset = (size_t)(s->data - w->img->bytes) +
                    (size_t)(pc - w->slide - s->addr);
    uint8_t bit = (uint8_t)(1u << (offset / 2 % 8));
    if (w->visited[offset / 16] & bit)
        return false;
    w->visited[offset / 16] |= bit;
    return true;
}

static bool read_halfword(const walk *w, uint32_t addr, uint16_t *value)
{
    uint8_t b[2];

    if (fwsim_image_read(w->img, addr - w->slide, b, 2) != 2)
        return false;
    *value = (uint16_t)(b[0] | b[1] << 8);
    return true;
}

/* ------------------------------------------------------------------ */
/* Constants                                                            */
/* ------------------------------------------------------------------ */

static void set(constants *c, unsigned reg, uint32_t value)
{
    c->value[reg] = value;
    c->known |= (uint16_t)(1u << reg);
}

static void forget(constants *c, unsigned reg)
{
    c->known &= (uint16_t)~(1u << reg);
}

static bool knows(const constants *c, unsigned reg)
{
    return c->known >> reg & 1;
}

static void load_literal(walk *w, unsigned reg, uint32_t addr)
{
    uint16_t low, high;

    if (read_halfword(w, addr, &low) && read_halfword(w, addr + 2, &high))
        set(&w->regs, reg, low | (uint32_t)high << 16);
    else
        forget(&w->regs, reg);
}

/* Registers of the system control space (DDI 0403E, B3.2; DDI 0553B, D1.1;
 * caches: DDI 0489, chapter 4). */
static void accessed(walk *w, uint32_t addr)
{
    if (addr == 0xe000ed08)
        w->out->uses |= FWSIM__USES_VTOR;
    else if (addr == 0xe000ed88 || addr == 0xe000ef34)
        w->out->uses |= FWSIM__USES_CPACR; /* or FPCCR */
    else if (addr >= 0xe000ed28 && addr <= 0xe000ed3c)
        w->out->uses |= FWSIM__USES_FAULTS;
    else if ((addr >= 0xe000ef50 && addr <= 0xe000ef78) ||
             addr == 0xe000ed80 || addr == 0xe000ed84)
        w->out->uses |= FWSIM__USES_CACHE;
    else if (addr >= 0xe000edd0 && addr <= 0xe000ede8)
        w->out->uses |= FWSIM__USES_SAU;
}

static void access_at(walk *w, unsigned base, uint32_t offset)
{
    if (knows(&w->regs, base))
        accessed(w, w->regs.value[base] + offset);
}

static void track_short(walk *w, uint32_t pc, uint16_t op)
{
    constants *c = &w->regs;
    unsigned low = op & 7, second = op >> 3 & 7, mid = op >> 8 & 7;

    switch (op >> 11) {
    case 0x00: /* LSL #imm5; MOV without a shift */
        if (knows(c, second))
            set(c, low, c->value[second] << (op >> 6 & 31));
        else
            forget(c, low);
        break;
    case 0x04: /* MOV #imm8 */
        set(c, mid, op & 0xff);
        break;
    case 0x06: /* ADD #imm8 */
        c->value[mid] += op & 0xff;
        break;
    case 0x07: /* SUB #imm8 */
        c->value[mid] -= op & 0xff;
        break;
    case 0x05: /* CMP */
        break;
    case 0x09: /* LDR literal */
        load_literal(w, mid, ((pc + 4) & ~3u) + 4u * (op & 0xff));
        break;
    case 0x0c: /* STR, LDR #imm5 */
    case 0x0d:
        access_at(w, second, 4u * (op >> 6 & 31));
        if (op & 0x0800)
            forget(c, low);
        break;
    case 0x08: /* data processing on low or high registers, BLX */
        if ((op & 0xff00) == 0x4600 && knows(c, op >> 3 & 15))
            set(c, (op >> 4 & 8) | low, c->value[op >> 3 & 15]);
        else if (op >= 0x4780)
            c->known &= 0x0ff0; /* a call keeps r4 to r11 */
        else
            forget(c, op >= 0x4400 ? (op >> 4 & 8) | low : low);
        break;
    case 0x12: /* STR SP, LDR SP, ADR, ADD SP */
    case 0x13:
    case 0x14:
    case 0x15:
        forget(c, mid);
        break;
    case 0x16: /* miscellaneous */
    case 0x17:
    case 0x18: /* STM, LDM */
    case 0x19:
        c->known = 0;
        break;
    default:
        forget(c, low);
        break;
    }
}

static uint32_t wide_immediate(uint16_t a, uint16_t b)
{
    return (a & 0xfu) << 12 | (a & 0x400u) << 1 | (b & 0x7000u) >> 4 |
           (b & 0xffu);
}

static void track_long(walk *w, uint32_t pc, uint16_t a, uint16_t b)
{
    constants *c = &w->regs;
    unsigned base = a & 15, rt = b >> 12, rd = b >> 8 & 15;

    if ((a & 0xfbf0) == 0xf240 && !(b & 0x8000)) { /* MOVW */
        set(c, rd, wide_immediate(a, b));
    } else if ((a & 0xfbf0) == 0xf2c0 && !(b & 0x8000)) { /* MOVT */
        c->value[rd] = (c->value[rd] & 0xffff) | wide_immediate(a, b) << 16;
    } else if ((a & 0xff7f) == 0xf85f) { /* LDR literal */
        uint32_t offset = b & 0xfff, at = (pc + 4) & ~3u;
        load_literal(w, rt, a & 0x80 ? at + offset : at - offset);
    } else if ((a & 0xffe0) == 0xf8c0) { /* STR, LDR #imm12 */
        access_at(w, base, b & 0xfff);
        if (a & 0x10)
            forget(c, rt);
    } else if ((a & 0xf800) == 0xf000 && (b & 0xd000) == 0xd000) { /* BL */
        c->known &= 0x0ff0;
    } else if ((a & 0xfe40) == 0xe800) { /* LDM, STM */
        c->known = 0;
    } else {
        forget(c, base);
        forget(c, rt);
        forget(c, rd);
    }
}

/* ------------------------------------------------------------------ */
/* Walking                                                              */
/* ------------------------------------------------------------------ */

/* Instructions an IT makes conditional (DDI 0403E, A7.7.38). */
static unsigned it_length(uint16_t op)
{
    unsigned n = 4;

    if ((op & 0xff00) != 0xbf00 || !(op & 0xf))
        return 0;
    for (; !(op & 1); op >>= 1)
        n--;
    return n;
}

static void count_needs(walk *w, unsigned needs)
{
    w->out->instructions++;
    for (unsigned i = 0; i < NEEDS_KINDS; i++)
        w->seen[i] += needs >> i & 1;
}

/* Straight code from here. */
static void follow(walk *w, uint32_t pc)
{
    unsigned conditional = 0;

    w->regs.known = 0;
    while (visit(w, pc)) {
        uint16_t first, second = 0;
        if (!read_halfword(w, pc, &first))
            return;
        if (first >= 0xe800 && !read_halfword(w, pc + 2, &second))
            return;
        fwsim__thumb_class c = fwsim__thumb_classify(pc, first, second);
        if (c.undefined)
            return;
        count_needs(w, c.needs);
        if (c.size == 2)
            track_short(w, pc, first);
        else
            track_long(w, pc, first, second);
        if (c.jumps)
            push(w, c.target);
        if (c.ends && !conditional)
            return;
        conditional = conditional ? conditional - 1 : it_length(first);
        pc += c.size;
    }
}

static void push_roots(walk *w, const fwsim__vectors *v)
{
    for (size_t i = 0; i < w->img->symbol_count; i++)
        if (w->img->symbols[i].function)
            push(w, w->img->symbols[i].addr);
    for (size_t i = v->count; i-- > 1;) {
        uint32_t word = fwsim__vectors_word(w->img, v, i);
        if (fwsim__vectors_is_handler(w->img, v, word))
            push(w, word);
    }
}

int fwsim__survey_run(const fwsim_image *img, const fwsim__vectors *vectors,
                      fwsim__survey *out)
{
    walk w = { .img = img, .slide = vectors->slide, .out = out };
    size_t bytes = 0;

    *out = (fwsim__survey){ .instructions = 0 };
    for (size_t i = 0; i < img->segment_count; i++)
        bytes += (size_t)img->segments[i].size;
    w.visited = calloc(bytes / 16 + 1, 1);
    if (!w.visited)
        return FWSIM_ENOMEM;
    if (vectors->found)
        push_roots(&w, vectors);
    while (w.todo_count && !w.no_memory)
        follow(&w, w.todo[--w.todo_count]);
    for (unsigned i = 0; i < NEEDS_KINDS; i++)
        if (w.seen[i] >= ENOUGH)
            out->needs |= 1u << i;
    free(w.visited);
    free(w.todo);
    return w.no_memory ? FWSIM_ENOMEM : 0;
}
