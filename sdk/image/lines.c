/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Line tables of the firmware, by libdw. They are read at the first question,
 * into one table in order of address: firmware often lacks the index of
 * compilation units (.debug_aranges) that libdw's own look-up needs.
 */
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
    /* On a Cortex-M the vector table is at 0: what the line table has there
     * are functions that the linker has dropped. */
    d->dropped_at_0 = img->arch == FWSIM_ARCH_ARM;
    return d;
}

void fwsim__dwarf_free(fwsim__dwarf *d)
{
    if (!d)
        return;
    free(d->lines);
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

/* The lines of a unit: sequences, each with an end. */
static bool add_unit(fwsim__dwarf *d, Dwarf_Die *unit)
{
    Dwarf_Lines *lines;
    size_t count;
    bool begins = true, dropped = false;

    if (dwarf_getsrclines(unit, &lines, &count) != 0)
        return true;
    for (size_t i = 0; i < count; i++) {
        Dwarf_Line *l = dwarf_onesrcline(lines, i);
        Dwarf_Addr addr;
        bool ends;
        int number;

        if (dwarf_lineaddr(l, &addr) || dwarf_lineendsequence(l, &ends) ||
            dwarf_lineno(l, &number))
            continue;
        if (begins)
            dropped = addr == 0 && d->dropped_at_0;
        if (!dropped &&
            !add(d, addr, ends ? NULL : dwarf_linesrc(l, NULL, NULL), number))
            return false;
        begins = ends;
    }
    return true;
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
