/* SPDX-License-Identifier: GPL-2.0-or-later */
/* GICv2: distributor and CPU interface. Sections are of IHI 0048B.b. */
#include "cpu/gicv2.h"

#include <string.h>

enum { SPURIOUS = 1023, IDLE_PRIORITY = 0x100, SGIS = 16 };

#define CTLR_ENABLE(group)  (1u << (group))
#define CPU_ACKCTL  (1u << 2)
#define CPU_FIQEN   (1u << 3)
#define CPU_CBPR    (1u << 4)
#define CPU_EOIMODE (1u << 9)

static bool bit(const uint32_t *set, unsigned n)
{
    return set[n / 32] >> (n % 32) & 1;
}

static void put_bit(uint32_t *set, unsigned n, bool value)
{
    set[n / 32] = (set[n / 32] & ~(1u << (n % 32))) |
                  ((uint32_t)value << (n % 32));
}


/** The part of a priority that decides on preemption (3.3.3). */
static unsigned preemption(const gicv2_state *g, unsigned group,
                           unsigned priority)
{
    unsigned point = g->point[group && !(g->cpu_control & CPU_CBPR)];

    /* For group 1 the binary point is one higher, 3.3.3 table 3-2. */
    if (group && !(g->cpu_control & CPU_CBPR) && point)
        point--;
    return priority & (0xfeu << point) & 0xff;
}

static unsigned running_priority(const gicv2_state *g)
{
    for (unsigned n = 0; n < 8; n++)
        for (unsigned k = 0; g->running[n] >> k; k++)
            if (g->running[n] >> k & 1)
                return n * 32 + k;
    return IDLE_PRIORITY;
}

/** The pending interrupt of highest priority that the distributor forwards. */
static unsigned highest_pending(const gicv2_state *g)
{
    unsigned best = SPURIOUS, best_priority = IDLE_PRIORITY;

    for (unsigned w = 0; w < g->lines / 32; w++) {
        uint32_t wanted = (g->pending[w] | (g->level[w] & ~g->edge[w])) &
                          g->enabled[w] & ~g->active[w];

        for (unsigned k = 0; wanted >> k; k++) {
            unsigned id = w * 32 + k;

            if ((wanted >> k & 1) &&
                (g->control & CTLR_ENABLE(bit(g->group, id))) &&
                g->priority[id] < best_priority) {
                best = id;
                best_priority = g->priority[id];
            }
            if (k == 31)
                break;
        }
    }
    return best;
}

/** The interrupt that is signalled to the core, or SPURIOUS. */
static unsigned signalled(const gicv2_state *g)
{
    unsigned id = highest_pending(g);
    unsigned group;

    if (id == SPURIOUS || g->priority[id] >= g->mask)
        return SPURIOUS;
    group = bit(g->group, id);
    if (!(g->cpu_control & CTLR_ENABLE(group)) ||
        preemption(g, group, g->priority[id]) >= running_priority(g))
        return SPURIOUS;
    return id;
}

static bool is_fiq(const gicv2_state *g, unsigned id)
{
    return !bit(g->group, id) && (g->cpu_control & CPU_FIQEN);
}

bool gicv2_irq(const gicv2_state *g)
{
    unsigned id = signalled(g);

    return id != SPURIOUS && !is_fiq(g, id);
}

bool gicv2_fiq(const gicv2_state *g)
{
    unsigned id = signalled(g);

    return id != SPURIOUS && is_fiq(g, id);
}

void gicv2_line(gicv2_state *g, unsigned id, bool level)
{
    if (id >= g->lines)
        return;
    if (level && !bit(g->level, id) && bit(g->edge, id))
        put_bit(g->pending, id, true);
    put_bit(g->level, id, level);
}

void gicv2_reset(gicv2_state *g, unsigned spis)
{
    memset(g, 0, sizeof *g);
    g->lines = (GICV2_SPI0 + spis + 31) / 32 * 32;
    if (g->lines > GICV2_IDS)
        g->lines = GICV2_IDS;
    g->enabled[0] = 0xffff;         /* SGIs are always enabled */
    g->edge[0] = 0xffff;
    g->point[1] = 1;
}

/* ------------------------------------------------------------------ */
/* CPU interface                                                        */
/* ------------------------------------------------------------------ */

/** 4.4.4: acknowledge; the interrupt becomes active. */
static uint32_t acknowledge(gicv2_state *g)
{
    unsigned id = signalled(g);
    unsigned level;

    if (id == SPURIOUS)
        return SPURIOUS;
    level = preemption(g, bit(g->group, id), g->priority[id]);
    put_bit(g->running, level, true);
    put_bit(g->active, id, true);
    put_bit(g->pending, id, false);
    return id;
}

/** 4.4.5: the priority drops; without EOImode the interrupt is done. */
static void end_of_interrupt(gicv2_state *g, unsigned id)
{
    unsigned level = running_priority(g);

    if (id >= g->lines)
        return;
    if (level != IDLE_PRIORITY)
        put_bit(g->running, level, false);
    if (!(g->cpu_control & CPU_EOIMODE))
        put_bit(g->active, id, false);
}

uint32_t gicv2_cpu_read(gicv2_state *g, unsigned offset)
{
    unsigned level;

    switch (offset) {
    case 0x00:
        return g->cpu_control;
    case 0x04:
        return g->mask;
    case 0x08:
        return g->point[0];
    case 0x0c:
        return acknowledge(g);
    case 0x14:
        level = running_priority(g);
        return level == IDLE_PRIORITY ? 0xff : level;
    case 0x18:
        return highest_pending(g);
    case 0x1c:
        return g->point[1];
    case 0x20:
        return acknowledge(g);
    case 0x28:
        return highest_pending(g);
    case 0xfc:
        return 0x0202043b; /* GIC-400 */
    default:
        return offset >= 0xd0 && offset < 0xe0 ? g->running[(offset - 0xd0) / 4]
                                               : 0;
    }
}

void gicv2_cpu_write(gicv2_state *g, unsigned offset, uint32_t value)
{
    switch (offset) {
    case 0x00:
        g->cpu_control = value & 0x21f;
        break;
    case 0x04:
        g->mask = value & 0xff;
        break;
    case 0x08:
        g->point[0] = value & 7;
        break;
    case 0x10:
    case 0x24:
        end_of_interrupt(g, value & 0x3ff);
        break;
    case 0x1c:
        g->point[1] = value & 7 ? value & 7 : 1;
        break;
    case 0x1000:
        if ((value & 0x3ff) < g->lines)
            put_bit(g->active, value & 0x3ff, false);
        break;
    default:
        break;
    }
}

/* ------------------------------------------------------------------ */
/* Distributor                                                          */
/* ------------------------------------------------------------------ */

/** Peripheral and component identification (4.3.18), as of a GIC-400. */
static uint8_t id_byte(unsigned offset)
{
    static const uint8_t ids[] = { 0x04, 0x00, 0x00, 0x00, 0x90, 0xb4,
                                   0x2b, 0x00, 0x0d, 0xf0, 0x05, 0xb1 };

    return (offset & 3) ? 0 : ids[(offset - 0xfd0) / 4];
}

/** The set of bits that a range of the distributor shows, and its mirror.
 * @return NULL for other registers */
static uint32_t *set_at(gicv2_state *g, unsigned offset, bool *clears)
{
    *clears = offset & 0x80;
    switch (offset & ~0xffu) {
    case 0x100:
        return g->enabled;
    case 0x200:
        return g->pending;
    case 0x300:
        return g->active;
    default:
        *clears = false;
        return offset >= 0x080 && offset < 0x100 ? g->group : NULL;
    }
}

static uint32_t config_word(const gicv2_state *g, unsigned first)
{
    uint32_t word = 0;

    for (unsigned k = 0; k < 16; k++)
        word |= (uint32_t)bit(g->edge, first + k) << (2 * k + 1);
    return word;
}

static uint32_t read_word(gicv2_state *g, unsigned offset)
{
    bool clears;
    uint32_t *set = set_at(g, offset, &clears);
    unsigned word = (offset & 0x7f) / 4;

    if (set && word < g->lines / 32)
        return set == g->pending
                   ? g->pending[word] | (g->level[word] & ~g->edge[word])
                   : set[word];
    if (offset == 0x000)
        return g->control;
    if (offset == 0x004)
        return g->lines / 32 - 1;
    if (offset >= 0xc00 && (offset - 0xc00) * 4 < g->lines)
        return config_word(g, (offset - 0xc00) * 4);
    return 0;
}

static uint8_t read_byte(gicv2_state *g, unsigned offset)
{
    unsigned id = offset & 0x3ff;

    if (offset >= 0xfd0)
        return id_byte(offset);
    if (offset >= 0x400 && offset < 0x800 && id < g->lines)
        return g->priority[id];
    if (offset >= 0xf10 && offset < 0xf30) /* SGIs: the only source is 0 */
        return bit(g->pending, (offset - 0xf10) % SGIS);
    return (uint8_t)(read_word(g, offset & ~3u) >> (offset & 3) * 8);
}

uint32_t gicv2_distributor_read(gicv2_state *g, unsigned offset, unsigned width)
{
    uint32_t value = 0;

    for (unsigned i = 0; i < width; i++)
        value |= (uint32_t)read_byte(g, offset + i) << i * 8;
    return value;
}

/** 4.3.15: a software generated interrupt; only to the core itself. */
static void generate(gicv2_state *g, uint32_t value)
{
    unsigned filter = value >> 24 & 3;

    if (filter == 2 || (filter == 0 && (value >> 16 & 1)))
        put_bit(g->pending, value & 15, true);
}

static void write_config(gicv2_state *g, unsigned first, uint32_t value)
{
    for (unsigned k = 0; k < 16; k++)
        if (first + k >= SGIS)
            put_bit(g->edge, first + k, value >> (2 * k + 1) & 1);
}

static void write_word(gicv2_state *g, unsigned offset, uint32_t value)
{
    bool clears;
    uint32_t *set = set_at(g, offset, &clears);
    unsigned word = (offset & 0x7f) / 4;

    if (set && word < g->lines / 32) {
        if (set == g->group)
            set[word] = value;
        else if (clears)
            set[word] &= ~(set == g->enabled && !word ? value & ~0xffffu
                                                      : value);
        else /* SGIs are made pending by SGIR only */
            set[word] |= set == g->pending && !word ? value & ~0xffffu : value;
    } else if (offset == 0x000) {
        g->control = value & 3;
    } else if (offset == 0xf00) {
        generate(g, value);
    } else if (offset >= 0xc00 && offset < 0xd00 &&
               (offset - 0xc00) * 4 < g->lines) {
        write_config(g, (offset - 0xc00) * 4, value);
    }
}

static bool write_byte(gicv2_state *g, unsigned offset, uint8_t value)
{
    unsigned id = offset & 0x3ff;

    if (offset >= 0x400 && offset < 0x800) {
        if (id < g->lines)
            g->priority[id] = value;
        return true;
    }
    if (offset >= 0x800 && offset < 0xc00) /* 4.3.12: one core, no targets */
        return true;
    if (offset >= 0xf10 && offset < 0xf30) {
        if (value)
            put_bit(g->pending, (offset - 0xf10) % SGIS, offset >= 0xf20);
        return true;
    }
    return false;
}

void gicv2_distributor_write(gicv2_state *g, unsigned offset, unsigned width,
                             uint32_t value)
{
    for (unsigned i = 0; i < width; i++)
        if (!write_byte(g, offset + i, (uint8_t)(value >> i * 8))) {
            write_word(g, offset & ~3u, value << (offset & 3) * 8);
            return;
        }
}
