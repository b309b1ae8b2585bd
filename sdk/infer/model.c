/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Register models: lists in order, found by bisection. A list holds room for
 * the next power of two, so that its length says when it is full.
 */
#include "infer/model.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ------------------------------------------------------------------ */
/* Lists                                                                */
/* ------------------------------------------------------------------ */

/** What a list is in order of: first, then second, then third. */
typedef struct key {
    uint64_t first, second, third;
} key;

typedef struct list_kind {
    size_t size; /* of an item */
    key (*key_of)(const void *item);
} list_kind;

/** An item of a list that may have moved. */
typedef struct place {
    void *list;
    size_t at;
    bool fresh; /* the item is new: not even zeroed */
} place;

static bool before(key a, key b)
{
    if (a.first != b.first)
        return a.first < b.first;
    return a.second != b.second ? a.second < b.second : a.third < b.third;
}

/** The first item that is not before @a k; @a count: none. */
static size_t lower_bound(const list_kind *kind, const void *list, size_t count,
                          key k)
{
    size_t low = 0;

    while (low < count) {
        size_t middle = low + (count - low) / 2;
        const char *item = (const char *)list + middle * kind->size;

        if (before(kind->key_of(item), k))
            low = middle + 1;
        else
            count = middle;
    }
    return low;
}

static bool has_key(const list_kind *kind, const void *list, size_t at, key k)
{
    key found = kind->key_of((const char *)list + at * kind->size);

    return !before(found, k) && !before(k, found);
}

/** Move the items from @a at on by one. @return the list, NULL without memory */
static void *open_gap(const list_kind *kind, void *list, size_t count,
                      size_t at)
{
    if ((count & (count - 1)) == 0) {
        size_t capacity = count ? count * 2 : 1;

        if (capacity > SIZE_MAX / kind->size)
            return NULL;
        list = realloc(list, capacity * kind->size);
        if (!list)
            return NULL;
    }
    char *gap = (char *)list + at * kind->size;
    memmove(gap + kind->size, gap, (count - at) * kind->size);
    return list;
}

/** Find the item with key @a k, or make room for it. */
static bool find_or_add(place *out, const list_kind *kind, void *list,
                        size_t *count, key k)
{
    size_t at = lower_bound(kind, list, *count, k);

    *out = (place){ list, at, false };
    if (at < *count && has_key(kind, list, at, k))
        return true;
    list = open_gap(kind, list, *count, at);
    if (!list)
        return false;
    (*count)++;
    *out = (place){ list, at, true };
    return true;
}

/* ------------------------------------------------------------------ */
/* What each list is in order of                                        */
/* ------------------------------------------------------------------ */

static key periph_key(const void *item)
{
    return (key){ ((const fwsim__periph_model *)item)->base };
}

static key register_key(const void *item)
{
    return (key){ ((const fwsim__register *)item)->offset };
}

static key field_key(const void *item)
{
    return (key){ ((const fwsim__field *)item)->lsb };
}

static key site_key(const void *item)
{
    const fwsim__site *site = item;

    return (key){ site->pc, site->state, site->offset };
}

static key event_key(const void *item)
{
    return (key){ ((const fwsim__event_model *)item)->line };
}

static key dma_key(const void *item)
{
    return (key){ ((const fwsim__dma_model *)item)->address };
}

/* clang-format off */
static const list_kind periph_list   = { sizeof(fwsim__periph_model), periph_key };
static const list_kind register_list = { sizeof(fwsim__register),     register_key };
static const list_kind field_list    = { sizeof(fwsim__field),        field_key };
static const list_kind site_list     = { sizeof(fwsim__site),         site_key };
static const list_kind event_list    = { sizeof(fwsim__event_model),  event_key };
static const list_kind dma_list      = { sizeof(fwsim__dma_model),    dma_key };
/* clang-format on */

/* ------------------------------------------------------------------ */
/* Life and death                                                       */
/* ------------------------------------------------------------------ */

fwsim__models *fwsim__models_new(void)
{
    return calloc(1, sizeof(fwsim__models));
}

void fwsim__field_clear(fwsim__field *f)
{
    free(f->name);
    free(f->reason);
    *f = (fwsim__field){ 0 };
}

void fwsim__register_clear(fwsim__register *r)
{
    for (size_t i = 0; i < r->field_count; i++)
        fwsim__field_clear(&r->fields[i]);
    free(r->fields);
    free(r->name);
    free(r->stream);
    free(r->reason);
    *r = (fwsim__register){ 0 };
}

void fwsim__site_clear(fwsim__site *site)
{
    free(site->values);
    free(site->reason);
    *site = (fwsim__site){ 0 };
}

void fwsim__event_clear(fwsim__event_model *e)
{
    free(e->reason);
    *e = (fwsim__event_model){ 0 };
}

void fwsim__dma_clear(fwsim__dma_model *d)
{
    free(d->stream);
    free(d->reason);
    *d = (fwsim__dma_model){ 0 };
}

void fwsim__periph_clear(fwsim__periph_model *p)
{
    for (size_t i = 0; i < p->register_count; i++)
        fwsim__register_clear(&p->registers[i]);
    for (size_t i = 0; i < p->site_count; i++)
        fwsim__site_clear(&p->sites[i]);
    for (size_t i = 0; i < p->event_count; i++)
        fwsim__event_clear(&p->events[i]);
    for (size_t i = 0; i < p->dma_count; i++)
        fwsim__dma_clear(&p->dmas[i]);
    free(p->registers);
    free(p->sites);
    free(p->events);
    free(p->dmas);
    free(p->name);
    *p = (fwsim__periph_model){ 0 };
}

void fwsim__models_free(fwsim__models *models)
{
    if (!models)
        return;
    for (size_t i = 0; i < models->periph_count; i++)
        fwsim__periph_clear(&models->periphs[i]);
    free(models->periphs);
    free(models->soc);
    free(models->cpu);
    free(models->licence);
    free(models->provenance);
    free(models);
}

/* ------------------------------------------------------------------ */
/* Find or add                                                          */
/* ------------------------------------------------------------------ */

fwsim__periph_model *fwsim__models_periph(fwsim__models *models, uint64_t base)
{
    place x;

    if (!find_or_add(&x, &periph_list, models->periphs, &models->periph_count,
                     (key){ base }))
        return NULL;
    models->periphs = x.list;
    if (x.fresh)
        models->periphs[x.at] = (fwsim__periph_model){ .base = base };
    return &models->periphs[x.at];
}

fwsim__register *fwsim__models_register(fwsim__periph_model *p, uint32_t offset)
{
    place x;

    if (!find_or_add(&x, &register_list, p->registers, &p->register_count,
                     (key){ offset }))
        return NULL;
    p->registers = x.list;
    if (x.fresh)
        p->registers[x.at] = (fwsim__register){
            .offset = offset, .readable = true, .writable = true
        };
    return &p->registers[x.at];
}

fwsim__field *fwsim__models_field(fwsim__register *r, unsigned lsb)
{
    place x;

    if (!find_or_add(&x, &field_list, r->fields, &r->field_count,
                     (key){ lsb }))
        return NULL;
    r->fields = x.list;
    if (x.fresh)
        r->fields[x.at] = (fwsim__field){ .lsb = (uint8_t)lsb };
    return &r->fields[x.at];
}

fwsim__site *fwsim__models_site(fwsim__periph_model *p, uint64_t pc,
                                uint32_t state, uint32_t offset)
{
    place x;

    if (!find_or_add(&x, &site_list, p->sites, &p->site_count,
                     (key){ pc, state, offset }))
        return NULL;
    p->sites = x.list;
    if (x.fresh)
        p->sites[x.at] = (fwsim__site){
            .pc = pc, .state = state, .offset = offset, .mask = UINT32_MAX
        };
    return &p->sites[x.at];
}

fwsim__event_model *fwsim__models_event(fwsim__periph_model *p, unsigned line)
{
    place x;

    if (!find_or_add(&x, &event_list, p->events, &p->event_count,
                     (key){ line }))
        return NULL;
    p->events = x.list;
    if (x.fresh)
        p->events[x.at] = (fwsim__event_model){ .line = line };
    return &p->events[x.at];
}

fwsim__dma_model *fwsim__models_dma(fwsim__periph_model *p, uint32_t address)
{
    place x;

    if (!find_or_add(&x, &dma_list, p->dmas, &p->dma_count,
                     (key){ address }))
        return NULL;
    p->dmas = x.list;
    if (x.fresh)
        p->dmas[x.at] = (fwsim__dma_model){ .address = address };
    return &p->dmas[x.at];
}

bool fwsim__site_add(fwsim__site *site, uint32_t value)
{
    size_t n = site->value_count;

    if ((n & (n - 1)) == 0) {
        uint32_t *values =
            realloc(site->values, (n ? n * 2 : 1) * sizeof *values);

        if (!values)
            return false;
        site->values = values;
    }
    site->values[site->value_count++] = value;
    return true;
}

/* ------------------------------------------------------------------ */
/* Overlaps                                                             */
/* ------------------------------------------------------------------ */

/** Cut a register to the bytes there are, and its fields with it. */
static void cut(fwsim__register *r, uint32_t room)
{
    size_t kept = 0;
    unsigned bits;

    if (r->width > room)
        r->width = room >= 2 ? 2 : 1;
    bits = r->width * 8u;
    for (size_t i = 0; i < r->field_count; i++) {
        fwsim__field *f = &r->fields[i];

        if (f->lsb >= bits) {
            fwsim__field_clear(f);
            continue;
        }
        if (f->lsb + f->width > (int)bits)
            f->width = (uint8_t)(bits - f->lsb);
        f->value &= UINT32_MAX >> (32 - f->width);
        r->fields[kept++] = *f;
    }
    r->field_count = kept;
    if (bits < 32)
        r->reset &= (1u << bits) - 1;
}

void fwsim__models_cut(fwsim__models *models)
{
    for (size_t i = 0; i < models->periph_count; i++) {
        fwsim__periph_model *p = &models->periphs[i];

        for (size_t k = 0; k < p->register_count; k++) {
            uint32_t end = k + 1 < p->register_count
                               ? p->registers[k + 1].offset
                               : p->size;

            cut(&p->registers[k], end - p->registers[k].offset);
        }
    }
}

/* ------------------------------------------------------------------ */
/* Find only                                                            */
/* ------------------------------------------------------------------ */

size_t fwsim__models_periphs_from(const fwsim__models *models, uint64_t addr)
{
    return lower_bound(&periph_list, models->periphs, models->periph_count,
                       (key){ addr });
}

size_t fwsim__models_registers_from(const fwsim__periph_model *p,
                                    uint32_t offset)
{
    return lower_bound(&register_list, p->registers, p->register_count,
                       (key){ offset });
}

const fwsim__periph_model *fwsim__models_at(const fwsim__models *models,
                                            uint64_t addr)
{
    size_t at = fwsim__models_periphs_from(models, addr);
    const fwsim__periph_model *p;

    /* One that begins there, else the one that begins before. */
    if (at == models->periph_count || models->periphs[at].base != addr) {
        if (at == 0)
            return NULL;
        at--;
    }
    p = &models->periphs[at];
    return addr - p->base < p->size ? p : NULL;
}

const fwsim__register *fwsim__models_register_at(const fwsim__periph_model *p,
                                                 uint32_t offset)
{
    size_t at = fwsim__models_registers_from(p, offset);

    return at < p->register_count && p->registers[at].offset == offset
               ? &p->registers[at]
               : NULL;
}

/* ------------------------------------------------------------------ */
/* Text                                                                 */
/* ------------------------------------------------------------------ */

bool fwsim__models_text(char **text, const char *fmt, ...)
{
    va_list args;
    char *copy;
    int n;

    va_start(args, fmt);
    n = vsnprintf(NULL, 0, fmt, args);
    va_end(args);
    if (n < 0)
        return false;
    copy = malloc((size_t)n + 1);
    if (!copy)
        return false;
    /* The arguments may point into the text before. */
    va_start(args, fmt);
    vsnprintf(copy, (size_t)n + 1, fmt, args);
    va_end(args);
    free(*text);
    *text = copy;
    return true;
}

const char *fwsim__role_name(fwsim__role role)
{
    static const char *const names[] = {
#define X(name, text) text,
        FWSIM__ROLE_MAP(X)
#undef X
    };

    return (unsigned)role < FWSIM__ROLES ? names[role] : "?";
}

const char *fwsim__field_kind_name(fwsim__field_kind kind)
{
    static const char *const names[] = {
#define X(name, text) text,
        FWSIM__FIELD_MAP(X)
#undef X
    };

    return (unsigned)kind < FWSIM__FIELD_KINDS ? names[kind] : "?";
}

const char *fwsim__source_name(fwsim__source source)
{
    static const char *const names[] = {
#define X(name, text) text,
        FWSIM__SOURCE_MAP(X)
#undef X
    };

    return (unsigned)source < FWSIM__SOURCES ? names[source] : "?";
}
