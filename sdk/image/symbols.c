/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Symbols, sorted by address and by name.
 */
#include "image/image.h"

#include <stdlib.h>
#include <string.h>

static int by_address(const void *a, const void *b)
{
    const fwsim__raw_symbol *x = a, *y = b;

    if (x->addr != y->addr)
        return x->addr < y->addr ? -1 : 1;
    int order = strcmp(x->name, y->name);
    return order ? order : (int)y->global - (int)x->global;
}

/*
 * Where a symbol ends. One without a size, as hand-written assembler has them,
 * goes on to the next symbol of another address in its section.
 */
static uint64_t end_of(const fwsim__raw_symbol *s, uint64_t next)
{
    if (s->limit <= s->addr)
        return s->addr;
    if (s->size == 0)
        return next < s->limit ? next : s->limit;
    return s->size < s->limit - s->addr ? s->addr + s->size : s->limit;
}

static void fill_spans(fwsim_image *img, const fwsim__raw_symbol *raw)
{
    uint64_t next = UINT64_MAX, max = 0;
    size_t count = img->symbol_count;

    for (size_t i = count; i-- > 0;) {
        if (i + 1 < count && raw[i + 1].addr != raw[i].addr)
            next = raw[i + 1].addr;
        img->spans[i].end = end_of(&raw[i], next);
        img->spans[i].sized = raw[i].size != 0;
        img->spans[i].global = raw[i].global;
    }
    for (size_t i = 0; i < count; i++) {
        if (img->spans[i].end > max)
            max = img->spans[i].end;
        img->spans[i].max_end = max;
    }
}

/* An entry of by_name while it is sorted; C11 has no qsort with a context. */
typedef struct named {
    const char *name;
    bool global;
    uint32_t index;
} named;

static int by_name(const void *a, const void *b)
{
    const named *x = a, *y = b;
    int order = strcmp(x->name, y->name);

    if (order == 0)
        order = (int)y->global - (int)x->global;
    if (order == 0)
        order = x->index < y->index ? -1 : x->index > y->index;
    return order;
}

static bool index_names(fwsim_image *img)
{
    named *names = malloc(img->symbol_count * sizeof *names);

    if (!names)
        return false;
    for (size_t i = 0; i < img->symbol_count; i++)
        names[i] = (named){ img->symbols[i].name, img->spans[i].global,
                            (uint32_t)i };
    qsort(names, img->symbol_count, sizeof *names, by_name);
    for (size_t i = 0; i < img->symbol_count; i++)
        img->by_name[i] = names[i].index;
    free(names);
    return true;
}

int fwsim__symbols_build(fwsim_image *img, fwsim__raw_symbol *raw,
                         size_t count)
{
    if (count == 0)
        return 0;
    img->symbols = calloc(count, sizeof *img->symbols);
    img->spans = calloc(count, sizeof *img->spans);
    img->by_name = calloc(count, sizeof *img->by_name);
    if (!img->symbols || !img->spans || !img->by_name)
        return FWSIM_ENOMEM;
    img->symbol_count = count;
    qsort(raw, count, sizeof *raw, by_address);
    for (size_t i = 0; i < count; i++)
        img->symbols[i] = (fwsim_symbol){ .name = raw[i].name,
                                          .addr = raw[i].addr,
                                          .size = raw[i].size,
                                          .function = raw[i].function };
    fill_spans(img, raw);
    return index_names(img) ? 0 : FWSIM_ENOMEM;
}

size_t fwsim_image_symbols(const fwsim_image *img,
                           const fwsim_symbol **symbols)
{
    if (symbols)
        *symbols = img->symbols;
    return img->symbol_count;
}

const fwsim_symbol *fwsim_image_symbol(const fwsim_image *img,
                                       const char *name)
{
    size_t low = 0, high = img->symbol_count;

    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (strcmp(img->symbols[img->by_name[mid]].name, name) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    if (low == img->symbol_count)
        return NULL;
    const fwsim_symbol *s = &img->symbols[img->by_name[low]];
    return strcmp(s->name, name) == 0 ? s : NULL;
}

/* Is symbol @a a the better answer, of two that contain an address? */
static bool better(const fwsim_image *img, size_t a, size_t b)
{
    const fwsim__symbol_span *x = &img->spans[a], *y = &img->spans[b];

    if (x->sized != y->sized)
        return x->sized;
    if (img->symbols[a].function != img->symbols[b].function)
        return img->symbols[a].function;
    if (img->symbols[a].addr != img->symbols[b].addr)
        return img->symbols[a].addr > img->symbols[b].addr;
    if (x->end != y->end)
        return x->end < y->end;
    if (x->global != y->global)
        return x->global;
    return a < b;
}

const fwsim_symbol *fwsim_image_symbol_at(const fwsim_image *img,
                                          uint64_t addr)
{
    size_t low = 0, high = img->symbol_count, best = SIZE_MAX;

    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (img->symbols[mid].addr <= addr)
            low = mid + 1;
        else
            high = mid;
    }
    while (low-- > 0 && img->spans[low].max_end > addr)
        if (img->spans[low].end > addr &&
            (best == SIZE_MAX || better(img, low, best)))
            best = low;
    return best == SIZE_MAX ? NULL : &img->symbols[best];
}
