/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The register maps of chips as layouts of windows, and the index by offset.
 */
#include "knowledge/knowledge.h"

#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

/** Make room for one more. @return false without memory */
static bool grow(void *list, size_t *room, size_t count, size_t size)
{
    void **items = list;
    size_t more = *room ? *room * 2 : 64;
    void *bigger;

    if (count < *room)
        return true;
    bigger = realloc(*items, more * size);
    if (!bigger)
        return false;
    *items = bigger;
    *room = more;
    return true;
}

/* ------------------------------------------------------------------ */
/* Layouts                                                              */
/* ------------------------------------------------------------------ */

static uint64_t hash_text(const char *text, uint64_t seed)
{
    return text ? XXH3_64bits_withSeed(text, strlen(text) + 1, seed) : seed;
}

static uint64_t hash_register(const fwsim__know_register *r, uint64_t seed)
{
    const uint32_t words[] = { r->offset, r->single, r->multi, r->model->width,
                               r->model->readable, r->model->writable };

    seed = XXH3_64bits_withSeed(words, sizeof words, seed);
    return hash_text(r->model->name, seed);
}

static bool same_register(const fwsim__know_register *a,
                          const fwsim__know_register *b)
{
    const char *x = a->model->name ? a->model->name : "";
    const char *y = b->model->name ? b->model->name : "";

    return a->offset == b->offset && a->single == b->single &&
           a->multi == b->multi && a->model->width == b->model->width &&
           a->model->readable == b->model->readable &&
           a->model->writable == b->model->writable && !strcmp(x, y);
}

static bool same_layout(const fwsim_knowledge *k, const fwsim__know_layout *a,
                        const fwsim__know_layout *b)
{
    if (a->hash != b->hash || a->reg_count != b->reg_count)
        return false;
    for (uint32_t i = 0; i < a->reg_count; i++) {
        if (!same_register(&k->registers[a->reg + i],
                           &k->registers[b->reg + i]))
            return false;
    }
    return true;
}

static bool reindex(fwsim_knowledge *k)
{
    size_t size = k->index_size ? k->index_size * 2 : 1024;
    uint32_t *index = calloc(size, sizeof *index);

    if (!index)
        return false;
    for (size_t i = 0; i < k->layout_count; i++) {
        size_t at = k->layouts[i].hash & (size - 1);

        while (index[at])
            at = (at + 1) & (size - 1);
        index[at] = (uint32_t)i + 1;
    }
    free(k->index);
    k->index = index;
    k->index_size = size;
    return true;
}

/** Who has a register at its offset: for those who ask by offsets. */
static bool post(fwsim_knowledge *k, uint32_t layout)
{
    const fwsim__know_layout *l = &k->layouts[layout];

    for (uint32_t i = 0; i < l->reg_count; i++) {
        fwsim__know_posting *p =
            &k->posting[k->registers[l->reg + i].offset];

        if (!grow(&p->layout, &p->room, p->count, sizeof *p->layout))
            return false;
        p->layout[p->count++] = layout;
    }
    return true;
}

/** The layout whose registers were added last: found, or kept.
 * @return its number + 1; 0: no memory */
static uint32_t settle_layout(fwsim_knowledge *k, uint32_t first)
{
    fwsim__know_layout l = { .reg = first,
                             .reg_count = (uint32_t)k->register_count - first };
    size_t at;

    for (uint32_t i = 0; i < l.reg_count; i++)
        l.hash = hash_register(&k->registers[first + i], l.hash);
    if (k->layout_count * 2 >= k->index_size && !reindex(k))
        return 0;
    for (at = l.hash & (k->index_size - 1); k->index[at];
         at = (at + 1) & (k->index_size - 1)) {
        if (same_layout(k, &k->layouts[k->index[at] - 1], &l)) {
            k->register_count = first;
            return k->index[at];
        }
    }
    if (!grow(&k->layouts, &k->layout_room, k->layout_count, sizeof l))
        return 0;
    k->layouts[k->layout_count] = l;
    k->index[at] = (uint32_t)++k->layout_count;
    return post(k, k->index[at] - 1) ? k->index[at] : 0;
}

/* ------------------------------------------------------------------ */
/* Chips                                                                */
/* ------------------------------------------------------------------ */

static uint32_t bits_of(const fwsim__field *f)
{
    return (f->width >= 32 ? UINT32_MAX : (1u << f->width) - 1) << f->lsb;
}

static bool add_register(fwsim_knowledge *k, const fwsim__register *r,
                         uint64_t addr)
{
    fwsim__know_register to = { .model = r,
                                .offset =
                                    (uint16_t)(addr % FWSIM__KNOW_WINDOW) };

    for (size_t i = 0; i < r->field_count; i++) {
        if (r->fields[i].width == 1)
            to.single |= bits_of(&r->fields[i]);
        else
            to.multi |= bits_of(&r->fields[i]);
    }
    if (!grow(&k->registers, &k->register_room, k->register_count, sizeof to))
        return false;
    k->registers[k->register_count++] = to;
    return true;
}

static bool add_place(fwsim_knowledge *k, uint64_t base, uint32_t layout)
{
    fwsim__know_layout *l = &k->layouts[layout];

    if (!grow(&k->places, &k->place_room, k->place_count, sizeof *k->places))
        return false;
    k->places[k->place_count] = (fwsim__know_place){
        .chip = (uint32_t)k->chip_count,
        .layout = layout,
        .base = base,
        .next = l->place,
    };
    l->place = (uint32_t)++k->place_count;
    l->places++;
    k->chips[k->chip_count].places++;
    return true;
}

/** The window of an address. */
static uint64_t window_of(uint64_t addr)
{
    return addr & ~(uint64_t)(FWSIM__KNOW_WINDOW - 1);
}

/** What the core has itself (DDI 0403E, B3.1) is not asked about. */
static bool is_core(uint64_t addr)
{
    return addr >= UINT64_C(0xe0000000) && addr < UINT64_C(0xe0100000);
}

/** The window whose registers were added last. */
static bool end_window(fwsim_knowledge *k, uint64_t base, uint32_t first)
{
    uint32_t layout;

    if (k->register_count == first)
        return true;
    layout = settle_layout(k, first);
    return layout && add_place(k, base, layout - 1);
}

/** All windows, one after the other. */
static bool add_windows(fwsim_knowledge *k, const fwsim__models *models)
{
    uint32_t first = (uint32_t)k->register_count;
    uint64_t base = 0;

    for (size_t i = 0; i < models->periph_count; i++) {
        const fwsim__periph_model *p = &models->periphs[i];

        for (size_t n = 0; n < p->register_count; n++) {
            uint64_t addr = p->base + p->registers[n].offset;

            if (is_core(addr))
                continue;
            if (window_of(addr) != base) {
                if (!end_window(k, base, first))
                    return false;
                first = (uint32_t)k->register_count;
                base = window_of(addr);
            }
            if (!add_register(k, &p->registers[n], addr))
                return false;
        }
    }
    return end_window(k, base, first);
}

const fwsim__register *
fwsim__know_register_at(const fwsim_knowledge *k, uint32_t chip, uint64_t addr,
                        const fwsim__periph_model **periph)
{
    const fwsim__periph_model *p =
        fwsim__models_at(k->chips[chip].models, addr);

    *periph = p;
    return p ? fwsim__models_register_at(p, (uint32_t)(addr - p->base)) : NULL;
}

const fwsim__periph_model *fwsim__know_periph(const fwsim_knowledge *k,
                                              const fwsim__know_place *place,
                                              const fwsim__asked_block *b)
{
    const fwsim__know_layout *l = &k->layouts[place->layout];
    const fwsim__know_register *r = &k->registers[l->reg];
    const fwsim__periph_model *p, *most = NULL;
    size_t best = 0;

    for (uint32_t i = 0; i < l->reg_count; i++) {
        const fwsim__models *models = k->chips[place->chip].models;
        size_t used = 0;

        p = fwsim__models_at(models, place->base + r[i].offset);
        if (!p || p == most)
            continue;
        for (size_t n = 0; n < b->count; n++) {
            uint64_t addr = place->base + b->registers[n].offset;

            used += addr >= p->base && addr - p->base < p->size;
        }
        if (!most || used > best) {
            most = p;
            best = used;
        }
    }
    return most;
}

int fwsim__know_add(fwsim_knowledge *k, const char *vendor, const char *name,
                    fwsim__models *models)
{
    fwsim__know_chip chip = { strdup(vendor), strdup(name), models, 0 };
    bool ok;

    if (!chip.vendor || !chip.name ||
        !grow(&k->chips, &k->chip_room, k->chip_count, sizeof chip)) {
        free(chip.vendor);
        free(chip.name);
        fwsim__models_free(models);
        return FWSIM_ENOMEM;
    }
    k->chips[k->chip_count] = chip;
    ok = add_windows(k, models);
    k->chip_count++;
    return ok ? 0 : FWSIM_ENOMEM;
}

void fwsim_knowledge_free(fwsim_knowledge *k)
{
    if (!k)
        return;
    for (size_t i = 0; i < k->chip_count; i++) {
        free(k->chips[i].vendor);
        free(k->chips[i].name);
        fwsim__models_free(k->chips[i].models);
    }
    for (size_t i = 0; i < FWSIM__KNOW_WINDOW; i++)
        free(k->posting[i].layout);
    free(k->chips);
    free(k->registers);
    free(k->layouts);
    free(k->places);
    free(k->index);
    free(k);
}

void fwsim_knowledge_stats_get(const fwsim_knowledge *k,
                               fwsim_knowledge_stats *out)
{
    *out = (fwsim_knowledge_stats){ .chips = k->chip_count,
                                    .peripherals = k->place_count };
    for (size_t i = 0; i < k->place_count; i++)
        out->registers += k->layouts[k->places[i].layout].reg_count;
}
