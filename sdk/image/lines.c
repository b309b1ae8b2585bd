/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Line tables of the firmware, by libdw. They are read at the first question,
 * into one table in order of address: firmware often lacks the index of
 * compilation units (.debug_aranges) that libdw's own look-up needs.
 */
#include "image/debug.h"
#include "image/dwarf.h"

#include <stdlib.h>

#ifdef FWSIM_WITH_DWARF

#include <dwarf.h>

/* Addresses from this one to the next entry's; no file: no code. */
typedef struct fwsim__dwarf_line {
    uint64_t addr;
    const char *file;
    int line;
    uint32_t order; /* in the file, to keep the sort stable */
} entry;

fwsim__dwarf *fwsim__dwarf_new(const fwsim_image *img)
{
    fwsim__dwarf *d = calloc(1, sizeof *d);

    if (!d)
        return NULL;
    d->elf = elf_memory((char *)img->file, img->file_size);
    d->dwarf = d->elf ? dwarf_begin_elf(d->elf, DWARF_C_READ, NULL) : NULL;
    d->dropped_at_0 = img->arch == FWSIM_ARCH_ARM;
    return d;
}

void fwsim__dwarf_free(fwsim__dwarf *d)
{
    if (!d)
        return;
    free(d->lines);
    fwsim__debug_free(d->debug);
    if (d->eh_frame)
        dwarf_cfi_end(d->eh_frame);
    dwarf_end(d->dwarf);
    elf_end(d->elf);
    free(d);
}

static bool add(fwsim__dwarf *d, uint64_t addr, const char *file, int line)
{
    if (d->line_count == d->line_capacity) {
        size_t capacity = d->line_capacity ? d->line_capacity * 2 : 1024;
        entry *lines = realloc(d->lines, capacity * sizeof *lines);
        if (!lines)
            return false;
        d->lines = lines;
        d->line_capacity = capacity;
    }
    d->lines[d->line_count] = (entry){ addr, file, line,
                                       (uint32_t)d->line_count };
    d->line_count++;
    return true;
}

typedef struct range {
    Dwarf_Addr begin, end;
} range;

typedef struct ranges {
    range *list; /* in order */
    size_t count, capacity;
    bool known;  /* the unit says what it covers */
} ranges;

static int by_begin(const void *a, const void *b)
{
    const range *x = a, *y = b;

    return x->begin < y->begin ? -1 : x->begin > y->begin;
}

/*
 * What a unit covers, without functions that the linker has dropped: on a
 * Cortex-M the vector table is at 0, so what claims to be there (or at 1,
 * where 0 would end a list) is not in the image.
 */
static bool find_ranges(const fwsim__dwarf *d, Dwarf_Die *unit, ranges *r)
{
    ptrdiff_t at = 0;
    Dwarf_Addr base;
    range x;

    while (d->dropped_at_0 &&
           (at = dwarf_ranges(unit, at, &base, &x.begin, &x.end)) > 0) {
        r->known = true;
        if (x.begin <= 1)
            continue;
        if (r->count == r->capacity) {
            r->capacity = r->capacity ? r->capacity * 2 : 16;
            range *list = realloc(r->list, r->capacity * sizeof *list);
            if (!list)
                return false;
            r->list = list;
        }
        r->list[r->count++] = x;
    }
    if (r->count)
        qsort(r->list, r->count, sizeof *r->list, by_begin);
    return true;
}

/* @param ends  the address is the first behind a sequence */
static bool covered(const ranges *r, Dwarf_Addr addr, bool ends)
{
    size_t low = 0, high = r->count;

    if (!r->known)
        return true;
    addr -= ends;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (r->list[mid].begin <= addr)
            low = mid + 1;
        else
            high = mid;
    }
    return low && addr < r->list[low - 1].end;
}

static bool add_lines(fwsim__dwarf *d, Dwarf_Die *unit, const ranges *r)
{
    Dwarf_Lines *lines;
    size_t count;

    if (dwarf_getsrclines(unit, &lines, &count) != 0)
        return true;
    for (size_t i = 0; i < count; i++) {
        Dwarf_Line *l = dwarf_onesrcline(lines, i);
        Dwarf_Addr addr;
        bool ends;
        int number;

        if (dwarf_lineaddr(l, &addr) || dwarf_lineendsequence(l, &ends) ||
            dwarf_lineno(l, &number) || !covered(r, addr, ends))
            continue;
        if (!add(d, addr, ends ? NULL : dwarf_linesrc(l, NULL, NULL), number))
            return false;
    }
    return true;
}

static bool add_unit(fwsim__dwarf *d, Dwarf_Die *unit)
{
    ranges r = { .list = NULL };
    bool ok = find_ranges(d, unit, &r) && add_lines(d, unit, &r);

    free(r.list);
    return ok;
}

/* The end of one sequence comes before the start of the next. */
static int by_address(const void *a, const void *b)
{
    const entry *x = a, *y = b;

    if (x->addr != y->addr)
        return x->addr < y->addr ? -1 : 1;
    if (!x->file != !y->file)
        return x->file ? 1 : -1;
    return x->order < y->order ? -1 : x->order > y->order;
}

static void read_lines(fwsim__dwarf *d)
{
    Dwarf_CU *unit = NULL;
    Dwarf_Die die;

    d->lines_read = true;
    while (dwarf_get_units(d->dwarf, unit, &unit, NULL, NULL, &die, NULL) == 0)
        if (!add_unit(d, &die))
            break;
    if (d->line_count)
        qsort(d->lines, d->line_count, sizeof *d->lines, by_address);
}

bool fwsim_image_line(const fwsim_image *img, uint64_t addr,
                      const char **file, unsigned *line)
{
    fwsim__dwarf *d = img->dwarf;

    if (!d || !d->dwarf)
        return false;
    if (!d->lines_read)
        read_lines(d);
    size_t low = 0, high = d->line_count;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (d->lines[mid].addr <= addr)
            low = mid + 1;
        else
            high = mid;
    }
    if (low == 0 || !d->lines[low - 1].file || d->lines[low - 1].line <= 0)
        return false;
    if (file)
        *file = d->lines[low - 1].file;
    if (line)
        *line = (unsigned)d->lines[low - 1].line;
    return true;
}

#else

fwsim__dwarf *fwsim__dwarf_new(const fwsim_image *img)
{
    (void)img;
    return NULL;
}

void fwsim__dwarf_free(fwsim__dwarf *d)
{
    (void)d;
}

bool fwsim_image_line(const fwsim_image *img, uint64_t addr,
                      const char **file, unsigned *line)
{
    (void)img;
    (void)addr;
    (void)file;
    (void)line;
    return false;
}

#endif
