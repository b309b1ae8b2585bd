/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The tables of the inference engine: registers, areas and sites, in order of
 * their first use, with an open-addressed index each.
 */
#include "infer/infer.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_ROOM = 64 };

uint32_t fwsim__mix(uint64_t a, uint64_t b)
{
    uint64_t x = (a ^ b << 32 ^ b >> 32) * 0x9e3779b97f4a7c15u;

    x ^= x >> 29;
    x *= 0xbf58476d1ce4e5b9u;
    return (uint32_t)(x >> 32);
}

static bool grow_index(fwsim__index *index, size_t room)
{
    uint32_t *slot = calloc(room * 2, sizeof *slot);

    if (!slot)
        return false;
    free(index->slot);
    index->slot = slot;
    index->size = room * 2;
    return true;
}

/** @a touched may be NULL. */
static bool grow_touched(fwsim__touched *touched, size_t before, size_t room)
{
    uint32_t *row;
    uint8_t *is;

    if (!touched)
        return true;
    row = realloc(touched->row, room * sizeof *row);
    if (!row)
        return false;
    touched->row = row;
    is = realloc(touched->is, room);
    if (!is)
        return false;
    touched->is = is;
    memset(is + before, 0, room - before);
    return true;
}

/** Room for @a n elements; the index is emptied when it had to grow. */
static bool reserve(void **list, size_t *room, size_t n, size_t max,
                    size_t element, fwsim__index *index,
                    fwsim__touched *touched)
{
    size_t wanted = *room ? *room : FIRST_ROOM;
    void *bigger;

    if (n <= *room)
        return true;
    while (wanted < n)
        wanted *= 2;
    if (wanted > max)
        return false;
    bigger = realloc(*list, wanted * element);
    if (!bigger)
        return false;
    *list = bigger;
    if (!grow_touched(touched, *room, wanted) || !grow_index(index, wanted))
        return false;
    *room = wanted;
    return true;
}

/* ------------------------------------------------------------------ */
/* Index                                                                */
/* ------------------------------------------------------------------ */

static uint32_t cell_hash(uint64_t addr)
{
    return fwsim__mix(addr, 0);
}

static uint32_t site_hash(const fwsim__live_site *s)
{
    return fwsim__mix(s->block + ((uint64_t)s->state << 32),
                      s->addr ^ (uint64_t)s->nth << 40);
}

static bool same_site(const fwsim__live_site *a, const fwsim__live_site *b)
{
    return a->block == b->block && a->addr == b->addr &&
           a->state == b->state && a->nth == b->nth;
}

static size_t cell_place(const fwsim__infer *f, uint64_t addr)
{
    size_t mask = f->cell_index.size - 1, i = cell_hash(addr) & mask;

    while (f->cell_index.slot[i] &&
           f->cell[f->cell_index.slot[i] - 1].addr != addr)
        i = (i + 1) & mask;
    return i;
}

static size_t area_place(const fwsim__infer *f, uint64_t base)
{
    size_t mask = f->area_index.size - 1, i = cell_hash(base) & mask;

    while (f->area_index.slot[i] &&
           f->area[f->area_index.slot[i] - 1].base != base)
        i = (i + 1) & mask;
    return i;
}

static size_t site_place(const fwsim__infer *f, const fwsim__live_site *key)
{
    size_t mask = f->site_index.size - 1, i = site_hash(key) & mask;

    while (f->site_index.slot[i] &&
           !same_site(&f->site[f->site_index.slot[i] - 1], key))
        i = (i + 1) & mask;
    return i;
}

void fwsim__tables_index(fwsim__infer *f)
{
    if (f->cell_index.size)
        memset(f->cell_index.slot, 0, f->cell_index.size * sizeof(uint32_t));
    if (f->site_index.size)
        memset(f->site_index.slot, 0, f->site_index.size * sizeof(uint32_t));
    if (f->area_index.size)
        memset(f->area_index.slot, 0, f->area_index.size * sizeof(uint32_t));
    for (uint32_t i = 0; i < f->st.cells; i++)
        f->cell_index.slot[cell_place(f, f->cell[i].addr)] = i + 1;
    for (uint32_t i = 0; i < f->st.sites; i++)
        f->site_index.slot[site_place(f, &f->site[i])] = i + 1;
    for (uint32_t i = 0; i < f->st.areas; i++)
        f->area_index.slot[area_place(f, f->area[i].base)] = i + 1;
}

bool fwsim__tables_reserve(fwsim__infer *f, size_t cells, size_t sites,
                           size_t areas)
{
    size_t before = f->cell_room + f->site_room + f->area_room;
    bool ok = reserve((void **)&f->cell, &f->cell_room, cells,
                      FWSIM__CELLS_MAX, sizeof *f->cell, &f->cell_index,
                      &f->touched_cells) &&
              reserve((void **)&f->site, &f->site_room, sites,
                      FWSIM__SITES_MAX, sizeof *f->site, &f->site_index,
                      &f->touched_sites) &&
              reserve((void **)&f->area, &f->area_room, areas,
                      FWSIM__AREAS_MAX, sizeof *f->area, &f->area_index,
                      NULL);

    if (f->cell_room + f->site_room + f->area_room != before)
        fwsim__tables_index(f);
    return ok;
}

/* A row that came last is at the end of every chain that it is in. */
void fwsim__tables_drop(fwsim__infer *f, uint32_t cells, uint32_t sites,
                        uint32_t areas)
{
    for (uint32_t i = f->st.cells; i-- > cells;)
        f->cell_index.slot[cell_place(f, f->cell[i].addr)] = 0;
    for (uint32_t i = f->st.sites; i-- > sites;)
        f->site_index.slot[site_place(f, &f->site[i])] = 0;
    for (uint32_t i = f->st.areas; i-- > areas;)
        f->area_index.slot[area_place(f, f->area[i].base)] = 0;
}

static void untouch(fwsim__touched *t)
{
    while (t->count)
        t->is[t->row[--t->count]] = false;
}

void fwsim__tables_untouch(fwsim__infer *f)
{
    untouch(&f->touched_cells);
    untouch(&f->touched_sites);
}

void fwsim__tables_free(fwsim__infer *f)
{
    free(f->touched_cells.row);
    free(f->touched_cells.is);
    free(f->touched_sites.row);
    free(f->touched_sites.is);
    free(f->cell);
    free(f->site);
    free(f->area);
    free(f->cell_index.slot);
    free(f->site_index.slot);
    free(f->area_index.slot);
}

/* ------------------------------------------------------------------ */
/* Registers                                                            */
/* ------------------------------------------------------------------ */

static uint32_t area_at(fwsim__infer *f, uint64_t addr)
{
    uint64_t base = addr & ~(uint64_t)(FWSIM__AREA_SIZE - 1);
    size_t at = area_place(f, base);

    if (f->area_index.slot[at])
        return f->area_index.slot[at] - 1;
    f->area[f->st.areas] = (fwsim__area){ .base = base };
    f->area_index.slot[at] = ++f->st.areas;
    return f->st.areas - 1;
}

fwsim__area *fwsim__area_of(const fwsim__infer *f, const fwsim__cell *c)
{
    return &f->area[c->area];
}

fwsim__cell *fwsim__cell_find(const fwsim__infer *f, uint64_t addr)
{
    size_t at;

    if (!f->cell_index.size)
        return NULL;
    at = cell_place(f, addr);
    return f->cell_index.slot[at] ? &f->cell[f->cell_index.slot[at] - 1] : NULL;
}

/** A wider register that has this byte. */
static fwsim__cell *containing(const fwsim__infer *f, uint64_t addr)
{
    for (uint64_t width = 2; width <= 4; width *= 2) {
        fwsim__cell *c = fwsim__cell_find(f, addr & ~(width - 1));

        if (c && addr - c->addr < c->width)
            return c;
    }
    return NULL;
}

fwsim__cell *fwsim__cell_at(fwsim__infer *f, uint64_t addr, unsigned width)
{
    fwsim__cell *c = fwsim__cell_find(f, addr);

    if (!c)
        c = containing(f, addr);
    if (c) {
        if (c->addr == addr && width > c->width)
            c->width = (uint8_t)width;
        fwsim__touch(&f->touched_cells, (size_t)(c - f->cell));
        return c;
    }
    if (!fwsim__tables_reserve(f, f->st.cells + 1u, f->st.sites,
                               f->st.areas + 1u))
        return NULL;
    c = &f->cell[f->st.cells];
    *c = (fwsim__cell){ .addr = addr,
                        .width = (uint8_t)width,
                        .next_look = FWSIM__BORED_READS,
                        .area = area_at(f, addr) };
    fwsim__infer_hint(f, c);
    fwsim__touch(&f->touched_cells, f->st.cells);
    f->cell_index.slot[cell_place(f, addr)] = ++f->st.cells;
    return c;
}

/* ------------------------------------------------------------------ */
/* Sites                                                                */
/* ------------------------------------------------------------------ */

fwsim__live_site *fwsim__live_site_find(const fwsim__infer *f,
                                   const fwsim__live_site *key)
{
    size_t at;

    if (!f->site_index.size)
        return NULL;
    at = site_place(f, key);
    return f->site_index.slot[at] ? &f->site[f->site_index.slot[at] - 1] : NULL;
}

fwsim__live_site *fwsim__live_site_add(fwsim__infer *f, const fwsim__live_site *key)
{
    if (!fwsim__tables_reserve(f, f->st.cells, f->st.sites + 1u, f->st.areas))
        return NULL;
    f->site[f->st.sites] = *key;
    f->site_index.slot[site_place(f, key)] = f->st.sites + 1;
    return &f->site[f->st.sites++];
}
