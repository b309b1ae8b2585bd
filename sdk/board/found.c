/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which memories an image shows, and how far each may go on.
 */
#include "board/found.h"

#include <stdlib.h>

/* See fwsim_board_for_image. */
enum {
    ALIGN = 64 << 10,      /* memories begin at multiples of this */
    SIDE_SIZE = 128 << 10, /* those with neither vector table nor stack */
    UNIT = 1024            /* memories are multiples of this */
};

static uint64_t align_down(uint64_t value, uint64_t to)
{
    return value / to * to;
}

static uint64_t align_up(uint64_t value, uint64_t to)
{
    return align_down(value + to - 1, to);
}

static int by_start(const void *a, const void *b)
{
    const fwsim__found *x = a, *y = b;

    if (x->start != y->start)
        return x->start < y->start ? -1 : 1;
    return x->end < y->end ? -1 : x->end > y->end;
}

/* What is written to is RAM, also where the file brings bytes for it. */
static size_t merge(fwsim__found *list, size_t count)
{
    size_t n = 0;

    for (size_t i = 0; i < count; i++) {
        fwsim__found *last = n ? &list[n - 1] : NULL;

        if (last && (list[i].start < last->end ||
                     (list[i].start == last->end && list[i].ram == last->ram))) {
            last->ram = last->ram || list[i].ram;
            if (list[i].end > last->end)
                last->end = list[i].end;
        } else {
            list[n++] = list[i];
        }
    }
    return n;
}

/*
 * What a memory may be that an image shows a part of. The main ones have the
 * vector table and the stack. A stack is at the end of its RAM as a rule, and
 * may be all that an image without sections shows.
 */
static fwsim__found whole(fwsim__found part, bool is_main)
{
    uint64_t start = align_down(part.start, ALIGN);
    uint64_t end = start + (is_main ? FWSIM__FOUND_MAIN : SIDE_SIZE);

    if (is_main && part.ram)
        start = align_down(start, FWSIM__FOUND_MAIN);
    return (fwsim__found){ start, end < part.end ? part.end : end, part.ram };
}

/** Grow each memory, without meeting its neighbours. */
static size_t grow(fwsim__found *list, size_t count, uint64_t table,
                   uint64_t stack)
{
    for (size_t i = 0; i < count; i++) {
        uint64_t mark = list[i].ram ? stack : table;
        bool is_main = mark >= list[i].start && mark < list[i].end;
        fwsim__found f = whole(list[i], is_main);

        if (i && f.start < list[i - 1].end)
            f.start = list[i - 1].end;
        if (i + 1 < count && f.end > list[i + 1].start)
            f.end = list[i + 1].start;
        list[i] = f;
    }
    return merge(list, count);
}

static size_t add_ranges(fwsim__found *list, size_t count,
                         const fwsim_range *ranges, size_t range_count,
                         bool ram)
{
    for (size_t i = 0; i < range_count; i++)
        list[count++] = (fwsim__found){
            align_down(ranges[i].addr, UNIT),
            align_up(ranges[i].addr + ranges[i].size, UNIT), ram
        };
    return count;
}

size_t fwsim__found_memories(const fwsim_diagnosis *d, fwsim__found *list)
{
    uint64_t stack = d->has_vectors ? (d->initial_sp & ~3u) - 4 : UINT64_MAX;
    uint64_t table = d->has_vectors ? d->vector_table : UINT64_MAX;
    size_t count = 0;

    count = add_ranges(list, count, d->flash, d->flash_count, false);
    count = add_ranges(list, count, d->ram, d->ram_count, true);
    if (!count)
        return 0;
    qsort(list, count, sizeof *list, by_start);
    count = merge(list, count);
    return grow(list, count, table, stack);
}
