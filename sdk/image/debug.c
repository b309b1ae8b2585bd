/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The index of what DWARF names: one walk over all units, at the first
 * question. Types are not indexed, see debug_types.c.
 */
#include "image/debug.h"
#include "image/dwarf.h"

#include <stdlib.h>
#include <string.h>

/* ------------------------------------------------------------------ */
/* Looking up                                                           */
/* ------------------------------------------------------------------ */

/* Entries of the three tables begin with their name. */
typedef const char *name_of;

static size_t lookup(const void *table, size_t count, size_t size,
                     const char *name, size_t *first)
{
    const char *base = table;
    size_t low = 0, high = count, end;

    while (low < high) {
        size_t mid = low + (high - low) / 2;

        if (strcmp(*(const name_of *)(base + mid * size), name) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    *first = low;
    for (end = low; end < count; end++)
        if (strcmp(*(const name_of *)(base + end * size), name) != 0)
            break;
    return end - low;
}

size_t fwsim__debug_variables(const fwsim__debug *d, const char *name,
                              const fwsim__variable **first)
{
    size_t at, n = lookup(d->variables, d->variable_count,
                          sizeof *d->variables, name, &at);

    *first = n ? d->variables + at : NULL;
    return n;
}

size_t fwsim__debug_functions(const fwsim__debug *d, const char *name,
                              const fwsim__function **first)
{
    size_t at, n = lookup(d->functions, d->function_count,
                          sizeof *d->functions, name, &at);

    *first = n ? d->functions + at : NULL;
    return n;
}

size_t fwsim__debug_inlinings(const fwsim__debug *d, const char *name,
                              const fwsim__inlining **first)
{
    size_t at, n = lookup(d->inlinings, d->inlining_count,
                          sizeof *d->inlinings, name, &at);

    *first = n ? d->inlinings + at : NULL;
    return n;
}

const fwsim__function *fwsim__debug_function_at(const fwsim__debug *d,
                                                uint64_t addr)
{
    for (size_t i = 0; i < d->function_count; i++)
        if (d->functions[i].has_entry && d->functions[i].entry == addr)
            return &d->functions[i];
    return NULL;
}

bool fwsim__unit_is(const char *unit, const char *qualifier, size_t length)
{
    size_t n = unit ? strlen(unit) : 0;

    if (n < length || memcmp(unit + n - length, qualifier, length) != 0)
        return false;
    return n == length || unit[n - length - 1] == '/';
}

void fwsim__debug_free(fwsim__debug *d)
{
    if (!d)
        return;
    free(d->variables);
    free(d->functions);
    free(d->inlinings);
    free(d);
}

#ifdef FWSIM_WITH_DWARF

#include <dwarf.h>

_Static_assert(sizeof(Dwarf_Die) <= sizeof(fwsim__die), "a Dwarf_Die fits");

/* ------------------------------------------------------------------ */
/* Reading                                                              */
/* ------------------------------------------------------------------ */

enum { DEPTH_MAX = 48 };

typedef struct reader {
    const fwsim_image *img;
    fwsim__debug *d;
    Dwarf_Die unit;
    const char *unit_name;
    size_t budget; /* entries that may still be read: there are fewer than
                    * bytes in an image that is not damaged */
} reader;

/** Where someone is in the tree. */
typedef struct position {
    const char *function; /* NULL: outside of functions */
    unsigned depth;
} position;

static void *more(void *list, size_t count, size_t *capacity, size_t size)
{
    size_t room = *capacity ? *capacity * 2 : 64;

    if (count < *capacity)
        return list;
    list = realloc(list, room * size);
    if (list)
        *capacity = room;
    return list;
}

static fwsim__die keep(const Dwarf_Die *die)
{
    fwsim__die kept = { { 0 } };

    memcpy(&kept, die, sizeof *die);
    return kept;
}

/** A static variable has an address or a value; a local one is elsewhere. */
static bool is_static(Dwarf_Die *die)
{
    Dwarf_Attribute attr;
    Dwarf_Op *ops;
    size_t n;

    if (!dwarf_attr(die, DW_AT_location, &attr) ||
        dwarf_getlocation(&attr, &ops, &n) != 0 || n == 0)
        return false;
    return ops[0].atom == DW_OP_addr || ops[0].atom == DW_OP_addrx ||
           ops[0].atom == DW_OP_GNU_addr_index;
}

static bool add_variable(reader *r, Dwarf_Die *die, const position *at)
{
    fwsim__debug *d = r->d;
    const char *name = dwarf_diename(die);
    void *list;

    if (!name || dwarf_hasattr(die, DW_AT_declaration) ||
        (at->function && !is_static(die)))
        return true;
    list = more(d->variables, d->variable_count, &d->variable_capacity,
                sizeof *d->variables);
    if (!list)
        return false;
    d->variables = list;
    d->variables[d->variable_count] =
        (fwsim__variable){ name, r->unit_name, at->function, keep(die),
                           (uint32_t)d->variable_count };
    d->variable_count++;
    return true;
}

static bool add_function(reader *r, Dwarf_Die *die, const char *name)
{
    fwsim__debug *d = r->d;
    fwsim__function f = { .name = name,
                          .unit = r->unit_name,
                          .die = keep(die),
                          .order = (uint32_t)d->function_count };
    Dwarf_Attribute attr;
    Dwarf_Word inlined = DW_INL_not_inlined;
    Dwarf_Addr entry;
    void *list;

    if (!name || dwarf_hasattr(die, DW_AT_declaration))
        return true;
    list = more(d->functions, d->function_count, &d->function_capacity,
                sizeof *d->functions);
    if (!list)
        return false;
    d->functions = list;
    if (dwarf_entrypc(die, &entry) == 0) {
        f.entry = r->img->arch == FWSIM_ARCH_ARM ? entry & ~1ull : entry;
        /* Dropped functions claim to be at 0, see lines.c. */
        f.has_entry = fwsim__image_segment_at(r->img, f.entry) &&
                      !(r->img->arch == FWSIM_ARCH_ARM && f.entry == 0);
    }
    if (dwarf_attr_integrate(die, DW_AT_inline, &attr))
        dwarf_formudata(&attr, &inlined);
    f.inlined = inlined == DW_INL_inlined ||
                inlined == DW_INL_declared_inlined;
    d->functions[d->function_count++] = f;
    return true;
}

static const char *call_file(reader *r, Dwarf_Die *die)
{
    Dwarf_Attribute attr;
    Dwarf_Files *files;
    Dwarf_Word index;
    size_t n;

    if (!dwarf_attr(die, DW_AT_call_file, &attr) ||
        dwarf_formudata(&attr, &index) != 0 ||
        dwarf_getsrcfiles(&r->unit, &files, &n) != 0 || index >= n)
        return NULL;
    return dwarf_filesrc(files, index, NULL, NULL);
}

static bool add_inlining(reader *r, Dwarf_Die *die, const char *name,
                         const position *at)
{
    fwsim__debug *d = r->d;
    Dwarf_Attribute attr;
    Dwarf_Word line = 0;
    void *list;

    if (!name)
        return true;
    list = more(d->inlinings, d->inlining_count, &d->inlining_capacity,
                sizeof *d->inlinings);
    if (!list)
        return false;
    d->inlinings = list;
    if (dwarf_attr(die, DW_AT_call_line, &attr))
        dwarf_formudata(&attr, &line);
    d->inlinings[d->inlining_count] =
        (fwsim__inlining){ name, at->function, call_file(r, die),
                           (unsigned)line, (uint32_t)d->inlining_count };
    d->inlining_count++;
    return true;
}

static bool walk(reader *r, Dwarf_Die *parent, position at)
{
    Dwarf_Die die;

    if (at.depth++ >= DEPTH_MAX || dwarf_child(parent, &die) != 0)
        return true;
    do {
        position inside = at;
        const char *name;

        if (r->budget == 0)
            return true;
        r->budget--;
        switch (dwarf_tag(&die)) {
        case DW_TAG_variable:
            if (!add_variable(r, &die, &at))
                return false;
            break;
        case DW_TAG_subprogram:
            name = dwarf_diename(&die);
            inside.function = name ? name : "?";
            if (!add_function(r, &die, name) || !walk(r, &die, inside))
                return false;
            break;
        case DW_TAG_inlined_subroutine:
            name = dwarf_diename(&die);
            inside.function = name ? name : at.function;
            if (!add_inlining(r, &die, name, &at) || !walk(r, &die, inside))
                return false;
            break;
        case DW_TAG_lexical_block:
        case DW_TAG_namespace:
            if (!walk(r, &die, inside))
                return false;
            break;
        default:
            break;
        }
    } while (dwarf_siblingof(&die, &die) == 0);
    return true;
}

static int compare(const char *a, uint32_t a_order, const char *b,
                   uint32_t b_order)
{
    int order = strcmp(a, b);

    return order ? order : (a_order > b_order) - (a_order < b_order);
}

static int by_variable(const void *a, const void *b)
{
    const fwsim__variable *x = a, *y = b;

    return compare(x->name, x->order, y->name, y->order);
}

static int by_function(const void *a, const void *b)
{
    const fwsim__function *x = a, *y = b;

    return compare(x->name, x->order, y->name, y->order);
}

static int by_inlining(const void *a, const void *b)
{
    const fwsim__inlining *x = a, *y = b;

    return compare(x->name, x->order, y->name, y->order);
}

static void sort(fwsim__debug *d)
{
    if (d->variable_count)
        qsort(d->variables, d->variable_count, sizeof *d->variables,
              by_variable);
    if (d->function_count)
        qsort(d->functions, d->function_count, sizeof *d->functions,
              by_function);
    if (d->inlining_count)
        qsort(d->inlinings, d->inlining_count, sizeof *d->inlinings,
              by_inlining);
}

int fwsim__image_debug(const fwsim_image *img, const fwsim__debug **out)
{
    fwsim__dwarf *dwarf = img->dwarf;
    reader r = { .img = img, .budget = img->file_size };
    Dwarf_CU *unit = NULL;

    *out = NULL;
    if (!dwarf) /* each ELF has one, unless there was no memory */
        return img->format == FWSIM_FORMAT_ELF ? FWSIM_ENOMEM : 0;
    if (!dwarf->dwarf)
        return 0;
    if (dwarf->debug) {
        *out = dwarf->debug;
        return 0;
    }
    r.d = calloc(1, sizeof *r.d);
    if (!r.d)
        return FWSIM_ENOMEM;
    while (dwarf_get_units(dwarf->dwarf, unit, &unit, NULL, NULL, &r.unit,
                           NULL) == 0) {
        r.unit_name = dwarf_diename(&r.unit);
        if (!walk(&r, &r.unit, (position){ NULL, 0 })) {
            fwsim__debug_free(r.d);
            return FWSIM_ENOMEM;
        }
    }
    if (r.d->variable_count + r.d->function_count == 0) {
        fwsim__debug_free(r.d);
        return 0;
    }
    sort(r.d);
    *out = dwarf->debug = r.d;
    return 0;
}

/* ------------------------------------------------------------------ */
/* Places                                                               */
/* ------------------------------------------------------------------ */

/** A variable that the linker has dropped claims to be at 0. */
static bool is_dropped(const fwsim_image *img, const char *name, uint64_t addr)
{
    const fwsim_symbol *s;

    if (addr > 1)
        return false;
    s = fwsim_image_symbol(img, name);
    return !s || s->addr != addr;
}

fwsim__place fwsim__debug_place(const fwsim_image *img,
                                const fwsim__variable *v, uint64_t *value)
{
    Dwarf_Die die;
    Dwarf_Attribute attr, of_address;
    Dwarf_Op *ops;
    Dwarf_Addr addr;
    Dwarf_Sword constant;
    size_t n;

    memcpy(&die, &v->die, sizeof die);
    if (dwarf_attr(&die, DW_AT_location, &attr) &&
        dwarf_getlocation(&attr, &ops, &n) == 0 && n == 1) {
        if (ops[0].atom == DW_OP_addr)
            *value = ops[0].number;
        else if ((ops[0].atom == DW_OP_addrx ||
                  ops[0].atom == DW_OP_GNU_addr_index) &&
                 dwarf_getlocation_attr(&attr, ops, &of_address) == 0 &&
                 dwarf_formaddr(&of_address, &addr) == 0)
            *value = addr;
        else
            return FWSIM__PLACE_GONE;
        return is_dropped(img, v->name, *value) ? FWSIM__PLACE_GONE
                                                : FWSIM__PLACE_ADDRESS;
    }
    if (dwarf_attr_integrate(&die, DW_AT_const_value, &attr) &&
        dwarf_formsdata(&attr, &constant) == 0) {
        *value = (uint64_t)constant;
        return FWSIM__PLACE_CONSTANT;
    }
    return FWSIM__PLACE_GONE;
}

#else

int fwsim__image_debug(const fwsim_image *img, const fwsim__debug **out)
{
    (void)img;
    *out = NULL;
    return 0;
}

fwsim__place fwsim__debug_place(const fwsim_image *img,
                                const fwsim__variable *v, uint64_t *value)
{
    (void)img;
    (void)v;
    (void)value;
    return FWSIM__PLACE_GONE;
}

#endif
