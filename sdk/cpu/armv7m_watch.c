/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Comparators of the DWT as watchpoints: data addresses, instruction addresses
 * and data values (C1.8; Armv8-M: DDI 0553B, B14 and D1.2.74).
 *
 * A page with bytes that are watched is refused to the engine, like one that
 * the MPU gives in part, and armv7m_single.c executes the instructions that
 * touch it one by one: nothing is slower while no comparator is on. The debug
 * event follows the instruction that matched, as it does on silicon (C1.3.1).
 *
 * Not modelled: matches of the cycle counter, trace packets, accesses of
 * exception entry and return, values of devices, the second link of a value
 * (DWT_FUNCTION1.LNK1ENA reads as zero).
 */
#include "cpu/armv7m.h"

enum { MASK_MAX = 15 };

/* DWT_FUNCTION, Armv7-M (C1.8.17) */
#define FUNCTION_RW      0x0000002fu
#define FUNCTION0_RW     0x00000080u
#define FUNCTION1_RW     0x00033d00u
#define FUNCTION_KIND(f) ((f) & 0xfu)
#define CYCMATCH         (1u << 7)  /* comparator 0 */
#define DATAVMATCH       (1u << 8)  /* comparator 1 */
#define DATAVSIZE(f)     (1u << ((f) >> 10 & 3))
#define DATAVADDR0(f)    ((f) >> 12 & 3)
#define MATCHED          (1u << 24)

/* DWT_FUNCTION, Armv8-M (DDI 0553B, D1.2.74) */
#define FUNCTION8_RW 0x00000c3fu
#define ACTION(f)    ((f) >> 4 & 3)
enum { ACTION_DEBUG_EVENT = 1 };
enum {
    MATCH_INSTRUCTION = 2,
    MATCH_INSTRUCTION_LIMIT = 3,
    MATCH_DATA = 4, /* and 5: writes, 6: reads */
    MATCH_DATA_LIMIT = 7,
    MATCH_VALUE = 8, /* and 9: writes, 10: reads */
    MATCH_LINKED_VALUE = 11,
    MATCH_DATA_WITH_VALUE = 12, /* and 13, 14: the value is for the trace */
    MATCH_RESERVED = 15
};

/** A comparator, decoded: addresses are inclusive. */
typedef struct watch {
    uint64_t first, last;
    bool kinds[FWSIM__FETCH + 1];
    bool event;    /* a match is a debug event */
    uint8_t width; /* of the value that is compared; 0: none */
    uint32_t value;
} watch;

/* ------------------------------------------------------------------ */
/* Decoding                                                             */
/* ------------------------------------------------------------------ */

static void masked_range(const fwsim__cpu *cpu, unsigned n, watch *w)
{
    const armv7m_debug *d = &cpu->st->debug;
    uint32_t ignored = (1u << d->comparators[n].mask) - 1;

    w->first = d->comparators[n].value & ~ignored;
    w->last = w->first + ignored;
}

static void whole_range(watch *w)
{
    w->first = 0;
    w->last = UINT32_MAX;
}

/** Functions 4 to 7 are debug events: PC, read, write, either; 8 to 11 set
 * MATCHED for the ETM alone (C1.8.17). */
static bool decode_v7(const fwsim__cpu *cpu, unsigned n, watch *w)
{
    const armv7m_debug *d = &cpu->st->debug;
    uint32_t function = d->comparators[n].function;
    unsigned kind = FUNCTION_KIND(function);
    unsigned address = n;

    if (kind < 4 || kind > 11 || (n == 0 && (function & CYCMATCH)))
        return false;
    w->event = kind < 8;
    w->kinds[FWSIM__FETCH] = (kind & 3) == 0;
    w->kinds[FWSIM__READ] = kind & 1;
    w->kinds[FWSIM__WRITE] = kind & 2;
    if (n == 1 && (function & DATAVMATCH)) {
        address = DATAVADDR0(function);
        w->width = (uint8_t)DATAVSIZE(function);
        w->value = d->comparators[n].value;
        w->kinds[FWSIM__FETCH] = false;
    }
    /* A value that is linked to itself is looked for everywhere. */
    if (w->width && address == n)
        whole_range(w);
    else
        masked_range(cpu, address, w);
    return true;
}

static unsigned match_of(const fwsim__cpu *cpu, unsigned n)
{
    return n < ARMV7M_COMPARATORS
               ? cpu->st->debug.comparators[n].function & 0xf
               : 0;
}

static bool is_data(unsigned match)
{
    return (match >= MATCH_DATA && match < MATCH_DATA_LIMIT) ||
           (match >= MATCH_DATA_WITH_VALUE && match < MATCH_RESERVED);
}

/** The comparator's own address, or up to the limit in the next one. */
static void range_v8(const fwsim__cpu *cpu, unsigned n, watch *w)
{
    const armv7m_debug *d = &cpu->st->debug;
    unsigned limit = match_of(cpu, n) == MATCH_INSTRUCTION
                         ? MATCH_INSTRUCTION_LIMIT
                         : MATCH_DATA_LIMIT;
    uint32_t ignored = limit == MATCH_DATA_LIMIT
                           ? DATAVSIZE(d->comparators[n].function) - 1
                           : 1;

    w->first = d->comparators[n].value & ~ignored;
    w->last = w->first + ignored;
    if (match_of(cpu, n + 1) == limit)
        w->last = d->comparators[n + 1].value;
}

static bool decode_v8(const fwsim__cpu *cpu, unsigned n, watch *w)
{
    uint32_t function = cpu->st->debug.comparators[n].function;
    unsigned match = match_of(cpu, n);
    unsigned kinds = match & 3; /* of data: either, writes, reads */
    bool linked = match == MATCH_LINKED_VALUE;

    if (match == MATCH_INSTRUCTION) {
        w->kinds[FWSIM__FETCH] = true;
    } else if (is_data(match) || linked ||
               (match >= MATCH_VALUE && match < MATCH_LINKED_VALUE)) {
        if (linked && (n == 0 || !is_data(match_of(cpu, n - 1))))
            return false;
        if (linked)
            kinds = match_of(cpu, n - 1) & 3;
        w->kinds[FWSIM__READ] = kinds != 1;
        w->kinds[FWSIM__WRITE] = kinds != 2;
    } else {
        return false;
    }
    w->event = ACTION(function) == ACTION_DEBUG_EVENT;
    if (linked || (match >= MATCH_VALUE && match < MATCH_LINKED_VALUE)) {
        w->width = (uint8_t)DATAVSIZE(function);
        w->value = cpu->st->debug.comparators[n].value;
    }
    if (w->width && !linked)
        whole_range(w);
    else
        range_v8(cpu, linked ? n - 1 : n, w);
    return true;
}

/** @return false when the comparator is off */
static bool watch_of(const fwsim__cpu *cpu, unsigned n, watch *w)
{
    *w = (watch){ .width = 0 };
    return cpu->core->v8m ? decode_v8(cpu, n, w) : decode_v7(cpu, n, w);
}

/* ------------------------------------------------------------------ */
/* Matching                                                             */
/* ------------------------------------------------------------------ */

bool armv7m_watched(const fwsim__cpu *cpu, uint32_t first, uint32_t size,
                    fwsim__access_kind kind)
{
    uint64_t last = (uint64_t)first + size - 1;

    for (unsigned n = 0; cpu->watches && n < ARMV7M_COMPARATORS; n++) {
        watch w;

        if (watch_of(cpu, n, &w) && w.kinds[kind] && w.first <= last &&
            w.last >= first)
            return true;
    }
    return false;
}

/** One of the accesses that are in the range has the value. */
static bool value_matches(const fwsim__cpu *cpu, const watch *w,
                          const armv7m_touch *touch)
{
    uint32_t mask = w->width == 4 ? ~0u : (1u << (8 * w->width)) - 1;

    if (touch->width != w->width)
        return false;
    for (uint32_t at = 0; at < touch->bytes; at += touch->width) {
        uint64_t addr = (uint64_t)touch->addr + at;
        uint32_t value = 0;

        if (addr + touch->width > w->first && addr <= w->last &&
            fwsim_mem_read(cpu->m, addr, &value, touch->width) == 0 &&
            ((value ^ w->value) & mask) == 0)
            return true;
    }
    return false;
}

static bool matches(const fwsim__cpu *cpu, const watch *w,
                    const armv7m_touch *touch)
{
    uint64_t end = (uint64_t)touch->addr + touch->bytes;

    if (w->kinds[FWSIM__FETCH])
        return touch->pc >= w->first && touch->pc <= w->last;
    return touch->bytes &&
           w->kinds[touch->store ? FWSIM__WRITE : FWSIM__READ] &&
           touch->addr <= w->last && end > w->first &&
           (!w->width || value_matches(cpu, w, touch));
}

void armv7m_watch(fwsim__cpu *cpu, const armv7m_touch *touch)
{
    for (unsigned n = 0; cpu->watches && n < ARMV7M_COMPARATORS; n++) {
        watch w;

        if (!watch_of(cpu, n, &w) || !matches(cpu, &w, touch))
            continue;
        cpu->st->debug.comparators[n].function |= MATCHED;
        if (w.event)
            armv7m_debug_event(cpu, DFSR_DWTTRAP);
    }
}

void armv7m_watches_changed(fwsim__cpu *cpu)
{
    bool before = cpu->watches;
    watch w;

    cpu->watches = false;
    if (cpu->st->debug.demcr & DEMCR_TRCENA)
        for (unsigned n = 0; n < ARMV7M_COMPARATORS; n++)
            cpu->watches |= watch_of(cpu, n, &w);
    if (before || cpu->watches)
        armv7m_protection_changed(cpu);
}

/* ------------------------------------------------------------------ */
/* Registers: COMP, MASK, FUNCTION and nothing, four times              */
/* ------------------------------------------------------------------ */

/** What the comparator can do: DWT_FUNCTION.ID, Armv8-M. */
static uint32_t abilities(const fwsim__cpu *cpu, unsigned n)
{
    static const uint32_t id[ARMV7M_COMPARATORS] = { 0x58000000u, 0xf0000000u,
                                                     0x50000000u, 0xd0000000u };

    return cpu->core->v8m ? id[n] : 0;
}

static uint32_t writable_functions(const fwsim__cpu *cpu, unsigned n)
{
    static const uint32_t more[ARMV7M_COMPARATORS] = { FUNCTION0_RW,
                                                       FUNCTION1_RW };

    return cpu->core->v8m ? FUNCTION8_RW : FUNCTION_RW | more[n];
}

uint32_t armv7m_comparator(fwsim__cpu *cpu, unsigned index)
{
    armv7m_debug *d = &cpu->st->debug;
    unsigned n = index / 4;
    uint32_t function;

    switch (index % 4) {
    case 0:
        return d->comparators[n].value;
    case 1:
        return d->comparators[n].mask;
    case 2:
        function = d->comparators[n].function | abilities(cpu, n);
        d->comparators[n].function &= ~MATCHED;
        return function;
    default:
        return 0;
    }
}

void armv7m_set_comparator(fwsim__cpu *cpu, unsigned index, uint32_t value,
                           uint32_t lanes)
{
    armv7m_debug *d = &cpu->st->debug;
    unsigned n = index / 4;
    uint32_t writable[] = { ~0u, cpu->core->v8m ? 0 : MASK_MAX,
                            writable_functions(cpu, n) };
    uint32_t *words[] = { &d->comparators[n].value, &d->comparators[n].mask,
                          &d->comparators[n].function };

    if (index % 4 == 3)
        return;
    lanes &= writable[index % 4];
    *words[index % 4] = (*words[index % 4] & ~lanes) | (value & lanes);
    armv7m_watches_changed(cpu);
}
