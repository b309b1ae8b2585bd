/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Making a machine from a board: memories, the arena, peripherals, windows and
 * the core; loading images; reset.
 */
#include "machine/machine.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include <xxhash.h>

#include "board/board.h"
#include "cpu/semihost.h"

enum { ALIGNMENT = 8, LARGE = 1 << 20 /* bytes */ };

const char *fwsim_version(void)
{
    return FWSIM_VERSION;
}

const fwsim_board *fwsim_machine_board(const fwsim_machine *m)
{
    return m->board;
}

static size_t align_up(size_t n)
{
    return (n + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
}

static size_t slot_count(const fwsim_slot *slots)
{
    size_t n = 0;

    while (slots && slots[n].name)
        n++;
    return n;
}

static size_t quantity_count(const fwsim_quantity *q)
{
    size_t n = 0;

    while (q && q[n].name)
        n++;
    return n;
}

/* ------------------------------------------------------------------ */
/* Memories                                                             */
/* ------------------------------------------------------------------ */

static fwsim__mem *mem_by_name(fwsim_machine *m, const char *name)
{
    for (size_t i = 0; i < m->mem_count; i++)
        if (strcmp(m->mems[i].desc->name, name) == 0)
            return &m->mems[i];
    return NULL;
}

/** Zeroed bytes. Pages of a large memory cost nothing until they are used:
 * calloc would zero all of them when it gives memory a second time, and the
 * system 2 MiB at once. */
static uint8_t *new_zeros(uint64_t size)
{
    void *bytes;

    if (size < LARGE)
        return calloc(1, size);
    bytes = mmap(NULL, size, PROT_READ | PROT_WRITE,
                 MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (bytes == MAP_FAILED)
        return NULL;
    madvise(bytes, size, MADV_NOHUGEPAGE);
    return bytes;
}

static void free_bytes(fwsim__mem *mem)
{
    if (mem->bytes && mem->size >= LARGE)
        munmap(mem->bytes, mem->size);
    else
        free(mem->bytes);
}

/** Memory as after power-on. */
static uint8_t *new_bytes(const fwsim_memory *desc)
{
    uint8_t *bytes = new_zeros(desc->size);

    if (bytes && desc->kind == FWSIM_MEM_FLASH)
        memset(bytes, 0xff, desc->size);
    return bytes;
}

/** Zero what was written to. */
static void clear_ram(fwsim_machine *m, fwsim__mem *mem)
{
    static const uint8_t zeros[FWSIM__GRANULE];
    uint64_t at;
    size_t n;

    for (size_t g = mem->granule; fwsim__mem_granule(mem, g, &at, &n); g++)
        if ((m->granules[g] & FWSIM__USED) &&
            memcmp(mem->bytes + at, zeros, n) != 0) {
            memset(mem->bytes + at, 0, n);
            fwsim__mem_changed(m, mem, at, n);
        }
}

static int make_memories(fwsim_machine *m)
{
    size_t n = 0;

    while (m->soc->memory && m->soc->memory[n].size)
        n++;
    m->mems = calloc(n ? n : 1, sizeof *m->mems);
    if (!m->mems)
        return FWSIM_ENOMEM;
    for (; m->mem_count < n; m->mem_count++) {
        const fwsim_memory *desc = &m->soc->memory[m->mem_count];
        fwsim__mem *mem = &m->mems[m->mem_count];

        mem->desc = desc;
        mem->base = desc->base;
        mem->size = desc->size;
        if (desc->alias_of)
            continue;
        mem->bytes = new_bytes(desc);
        if (!mem->bytes)
            return FWSIM_ENOMEM;
        mem->owned = true;
    }
    for (size_t i = 0; i < m->mem_count; i++)
        if (m->mems[i].desc->alias_of)
            m->mems[i].bytes = mem_by_name(m, m->mems[i].desc->alias_of)->bytes;
    return fwsim__granules_make(m);
}

/* ------------------------------------------------------------------ */
/* Peripherals and the arena                                            */
/* ------------------------------------------------------------------ */

static const fwsim_slot semihosting_slot = {
    .name = "semihosting",
    .type = &fwsim__semihost_console,
};

static fwsim__regmap *map_of(fwsim_machine *m, const fwsim_periph_type *type,
                             int *err)
{
    fwsim__regmap *map;

    if (!type->regs)
        return NULL;
    for (size_t i = 0; i < m->map_count; i++)
        if (m->maps[i].type == type)
            return &m->maps[i];
    map = &m->maps[m->map_count];
    *err = fwsim__regmap_build(m, type, map);
    if (*err)
        return NULL;
    m->map_count++;
    return map;
}

static int add_periph(fwsim_machine *m, const fwsim_slot *slot)
{
    fwsim_periph *p = &m->periphs[m->periph_count];
    int err = 0;

    p->m = m;
    p->type = slot->type;
    p->slot = slot;
    p->index = m->periph_count;
    p->map = map_of(m, slot->type, &err);
    if (err)
        return err;
    m->periph_count++;
    if (p->map) {
        p->reported = calloc(p->map->words + 1, sizeof *p->reported);
        if (!p->reported)
            return FWSIM_ENOMEM;
    }
    return 0;
}

static int make_periphs(fwsim_machine *m, const fwsim_cpu_info *info)
{
    size_t chip = slot_count(m->soc->periph);
    size_t parts = slot_count(m->board->parts);
    size_t n = chip + parts + 2;
    const fwsim_slot *core =
        info && m->cpu_ops->slot ? m->cpu_ops->slot(info) : NULL;
    int err = 0;

    m->periphs = calloc(n, sizeof *m->periphs);
    m->maps = calloc(n, sizeof *m->maps);
    if (!m->periphs || !m->maps)
        return FWSIM_ENOMEM;
    for (size_t i = 0; i < chip && !err; i++)
        err = add_periph(m, &m->soc->periph[i]);
    for (size_t i = 0; i < parts && !err; i++)
        err = add_periph(m, &m->board->parts[i]);
    if (!err && core)
        err = add_periph(m, core);
    if (!err && m->opt.semihosting)
        err = add_periph(m, &semihosting_slot);
    return err;
}

/** Give each part of the state its place; called first to measure. */
static size_t lay_out(fwsim_machine *m, uint8_t *arena)
{
    size_t at = align_up(sizeof(fwsim__state));

#define PLACE(member, bytes)                                                   \
    do {                                                                       \
        if (arena)                                                             \
            (member) = (void *)(arena + at);                                   \
        at += align_up(bytes);                                                 \
    } while (0)
    for (uint16_t i = 0; i < m->periph_count; i++) {
        fwsim_periph *p = &m->periphs[i];

        PLACE(p->regs, p->map ? p->map->words * sizeof(uint32_t) : 0);
        PLACE(p->state, p->type->state_size);
        PLACE(p->link, sizeof *p->link);
        PLACE(p->inputs, quantity_count(p->type->inputs) * sizeof(int32_t));
    }
    PLACE(m->pins, m->soc->pins * sizeof *m->pins);
#undef PLACE
    m->cpu_state_offset = (uint32_t)at;
    return at + align_up(m->cpu_ops ? m->cpu_ops->state_size : 0);
}

static int make_arena(fwsim_machine *m)
{
    uint8_t *arena;

    m->arena_size = lay_out(m, NULL);
    arena = calloc(1, m->arena_size);
    if (!arena)
        return FWSIM_ENOMEM;
    m->st = (fwsim__state *)arena;
    m->st->random = m->opt.seed;
    lay_out(m, arena);
    for (uint16_t i = 0; i < m->periph_count; i++) {
        const fwsim_quantity *q = m->periphs[i].type->inputs;

        for (size_t k = 0; q && q[k].name; k++)
            m->periphs[i].inputs[k] = q[k].initial;
    }
    return 0;
}

/** Names in the tables become pointers; the board was checked before. */
static void connect(fwsim_machine *m)
{
    for (uint16_t i = 0; i < m->periph_count; i++) {
        fwsim_periph *p = &m->periphs[i];

        if (p->slot->bus)
            p->bus = fwsim__periph_find(m, p->slot->bus);
    }
    for (size_t i = 0; i < m->mem_count; i++)
        if (m->mems[i].desc->controller)
            m->mems[i].controller =
                fwsim__periph_find(m, m->mems[i].desc->controller);
}

static int make_windows(fwsim_machine *m)
{
    int err = 0;

    for (uint16_t i = 0; i < m->periph_count && !err; i++) {
        fwsim_periph *p = &m->periphs[i];
        fwsim__window w = { .base = p->slot->base,
                            .size = p->type->size,
                            .periph = p };

        if (w.size)
            err = fwsim__window_add(m, &w);
        w.base = p->slot->alias;
        if (w.base && w.size && !err)
            err = fwsim__window_add(m, &w);
    }
    for (const fwsim_region *r = m->soc->regions; r && r->size && !err; r++)
        err = fwsim__window_add(m, &(fwsim__window){ .base = r->base,
                                                     .size = r->size,
                                                     .region = r });
    return err;
}

/* ------------------------------------------------------------------ */
/* Life                                                                 */
/* ------------------------------------------------------------------ */

static char *copy_string(const char *s)
{
    size_t size = s ? strlen(s) + 1 : 0;
    char *copy = s ? malloc(size) : NULL;

    return copy ? memcpy(copy, s, size) : NULL;
}

static int copy_options(fwsim_machine *m, const fwsim_options *opt)
{
    if (opt)
        m->opt = *opt;
    m->semihosting_args = copy_string(m->opt.semihosting_args);
    m->semihosting_dir = copy_string(m->opt.semihosting_dir);
    if ((m->opt.semihosting_args && !m->semihosting_args) ||
        (m->opt.semihosting_dir && !m->semihosting_dir))
        return FWSIM_ENOMEM;
    m->opt.semihosting_args = m->semihosting_args;
    m->opt.semihosting_dir = m->semihosting_dir;
    return 0;
}

static int make_core(fwsim_machine *m, const fwsim_cpu_info *info)
{
    if (!m->cpu_ops)
        return 0;
    return m->cpu_ops->create(&m->cpu, m, info,
                              (uint8_t *)m->st + m->cpu_state_offset);
}

static int build(fwsim_machine *m)
{
    const fwsim_cpu_info *info = NULL;
    int err = fwsim__board_check(m, m->board);

    if (err)
        return err;
    if (m->soc->cpu)
        m->cpu_ops = fwsim__cpu_find(m->soc->cpu, &info);
    if (!(err = make_memories(m)) && !(err = make_periphs(m, info)) &&
        !(err = make_arena(m))) {
        connect(m);
        if (!(err = make_windows(m)) && !(err = make_core(m, info)))
            fwsim__machine_reset(m, FWSIM_RESET_POWER_ON);
    }
    return err;
}

int fwsim_new(fwsim_machine **out, const fwsim_board *board,
              const fwsim_options *opt)
{
    fwsim_machine *m;
    int err;

    *out = NULL;
    if (!board || !board->soc)
        return FWSIM_EINVAL;
    m = calloc(1, sizeof *m);
    if (!m)
        return FWSIM_ENOMEM;
    m->board = board;
    m->soc = board->soc;
    m->clock_hz = board->soc->clock_hz;
    err = copy_options(m, opt);
    if (!err)
        err = build(m);
    if (err) {
        fwsim__log(m, FWSIM_LOG_ERROR, FWSIM_TOPIC_GENERAL, board->name, "%s",
                   m->errmsg[0] ? m->errmsg : fwsim_strerror(err));
        fwsim_free(m);
        return err;
    }
    *out = m;
    return 0;
}

void fwsim_free(fwsim_machine *m)
{
    if (!m)
        return;
    assert(!m->running);
    if (m->substitute)
        m->substitute->destroy(m->substitute_user);
    if (m->intercept)
        m->intercept->destroy(m->intercept_user);
    if (m->cpu)
        m->cpu_ops->destroy(m->cpu);
    for (uint16_t i = 0; i < m->periph_count; i++) {
        fwsim__uart_free(&m->periphs[i]);
        free(m->periphs[i].reported);
    }
    for (size_t i = 0; i < m->map_count; i++)
        fwsim__regmap_free(&m->maps[i]);
    for (size_t i = 0; i < m->mem_count; i++)
        if (m->mems[i].owned)
            free_bytes(&m->mems[i]);
    for (size_t i = 0; i < m->image_count; i++)
        fwsim_image_free(m->images[i]);
    fwsim__hooks_free(m);
    fwsim__attached_free(m);
    free(m->parts);
    fwsim__granules_free(m);
    fwsim__snapshot_forget(m);
    free(m->images);
    free(m->periphs);
    free(m->maps);
    free(m->mems);
    free(m->windows);
    free(m->st);
    free(m->unmodelled);
    free(m->unmodelled_index);
    free(m->failure);
    free(m->semihosting_args);
    free(m->semihosting_dir);
    free(m);
}

fwsim_periph *fwsim__periph_find(fwsim_machine *m, const char *name)
{
    for (uint16_t i = 0; i < m->periph_count; i++) {
        const fwsim_slot *slot = m->periphs[i].slot;

        if (strcmp(slot->name, name) == 0 ||
            (slot->also && strcmp(slot->also, name) == 0))
            return &m->periphs[i];
    }
    return NULL;
}

/* ------------------------------------------------------------------ */
/* Reset                                                                */
/* ------------------------------------------------------------------ */

static void lose_ram(fwsim_machine *m)
{
    for (size_t i = 0; i < m->mem_count; i++)
        if (m->mems[i].owned && m->mems[i].desc->kind == FWSIM_MEM_RAM)
            clear_ram(m, &m->mems[i]);
}

void fwsim__machine_reset(fwsim_machine *m, fwsim_reset_kind kind)
{
    fwsim__note_tell(m, &(fwsim__note){ .kind = FWSIM__NOTE_RESET,
                                        .value = (uint32_t)kind });
    fwsim__events_clear(m);
    fwsim__pins_reset(m);
    if (kind == FWSIM_RESET_POWER_ON && !m->st->ram_kept)
        lose_ram(m);
    m->st->reset_pending = 0;
    m->st->power_lost = m->st->ram_kept = 0;
    for (uint16_t i = 0; i < m->periph_count; i++) {
        fwsim_periph *p = &m->periphs[i];

        if (kind == FWSIM_RESET_POWER_ON && p->type->state_size)
            memset(p->state, 0, p->type->state_size);
        if (p->map)
            fwsim__regs_reset(p, kind);
        fwsim__uart_reset(p);
        p->link->addressed = 0;
        p->link->irq_levels = 0;
    }
    /* The core first: models set their interrupt lines in on_reset. */
    if (m->cpu)
        m->cpu_ops->reset(m->cpu, kind);
    for (uint16_t i = 0; i < m->periph_count; i++)
        if (m->periphs[i].type->on_reset)
            m->periphs[i].type->on_reset(&m->periphs[i], kind);
    if (m->substitute)
        m->substitute->reset(m->substitute_user, kind);
    fwsim__standin_forget(m);
}

int fwsim_reset(fwsim_machine *m, fwsim_reset_kind kind)
{
    if (m->running)
        return fwsim__error(m, FWSIM_EBUSY,
                            "fwsim_reset inside a callback; stop the run first");
    fwsim__machine_reset(m, kind);
    return 0;
}

void fwsim_request_reset(fwsim_periph *p, fwsim_reset_kind kind)
{
    if (!p->m->st->power_lost)
        p->m->st->reset_pending = (uint16_t)(kind + 1);
    fwsim__attention(p->m);
}

void fwsim__power_cut(fwsim_machine *m, bool keeps_ram)
{
    m->st->reset_pending = FWSIM_RESET_POWER_ON + 1;
    m->st->power_lost = 1;
    m->st->ram_kept = keeps_ram;
    fwsim__attention(m);
}

/* ------------------------------------------------------------------ */
/* Images                                                               */
/* ------------------------------------------------------------------ */

static int check_fits(fwsim_machine *m, const fwsim_image *img)
{
    const fwsim_segment *seg;
    size_t n = fwsim_image_segments(img, &seg);

    for (size_t i = 0; i < n; i++)
        for (uint64_t at = 0; at < seg[i].size;) {
            const fwsim__mem *mem = fwsim__mem_at(m, seg[i].addr + at);

            if (!mem)
                return fwsim__error(
                    m, FWSIM_EFAULT,
                    "%s: bytes at 0x%08" PRIx64 " (of 0x%08" PRIx64
                    "+0x%" PRIx64 ") are outside the memories of board %s; "
                    "is it built for this board?",
                    fwsim_image_name(img), seg[i].addr + at, seg[i].addr,
                    seg[i].size, m->board->name);
            at = mem->base + mem->size - seg[i].addr;
        }
    return 0;
}

static int keep_image(fwsim_machine *m, fwsim_image *img)
{
    fwsim_image **images =
        realloc(m->images, (m->image_count + 1) * sizeof *images);

    if (!images)
        return FWSIM_ENOMEM;
    m->images = images;
    m->images[m->image_count++] = img;
    return 0;
}

static uint64_t hash_images(const fwsim_machine *m)
{
    const fwsim_segment *seg;
    uint64_t hash = 1;

    for (size_t k = 0; k < m->image_count; k++)
        for (size_t i = 0, n = fwsim_image_segments(m->images[k], &seg); i < n;
             i++)
            hash = XXH3_64bits_withSeed(seg[i].data, seg[i].size,
                                        hash + seg[i].addr);
    return hash;
}

static int load_image(fwsim_machine *m, fwsim_image *img)
{
    const fwsim_segment *seg;
    size_t n = fwsim_image_segments(img, &seg);
    int err = check_fits(m, img);

    if (!err)
        err = keep_image(m, img);
    if (err)
        return err;
    /* Reset first: a power-on clears RAM, where an image may be as well. */
    fwsim__machine_reset(m, FWSIM_RESET_POWER_ON);
    for (size_t k = 0; k < m->image_count; k++) {
        n = fwsim_image_segments(m->images[k], &seg);
        for (size_t i = 0; i < n && !err; i++)
            err = fwsim_mem_write(m, seg[i].addr, seg[i].data, seg[i].size);
    }
    m->firmware = hash_images(m);
    if (!err && m->cpu)
        m->cpu_ops->reset(m->cpu, FWSIM_RESET_POWER_ON);
    return err;
}

int fwsim_load_image(fwsim_machine *m, fwsim_image *img)
{
    size_t kept = m->image_count;
    int err;

    if (!img)
        return fwsim__error(m, FWSIM_EINVAL, "no image");
    if (m->running)
        err = fwsim__error(m, FWSIM_EBUSY, "fwsim_load inside a callback");
    else
        err = load_image(m, img);
    if (err && m->image_count == kept)
        fwsim_image_free(img);
    return err;
}

int fwsim_load(fwsim_machine *m, const char *path,
               const fwsim_image_options *opt)
{
    fwsim_image_options o = opt ? *opt : (fwsim_image_options){ 0 };
    fwsim_image *img;
    int err;

    if (!o.log) {
        o.log = m->opt.log;
        o.log_user = m->opt.log_user;
    }
    if (!o.has_base) {
        o.base = m->soc->boot_addr;
        o.has_base = true;
    }
    err = fwsim_image_open(&img, path, &o);
    if (err)
        return fwsim__error(m, err, "%s: %s", path, fwsim_strerror(err));
    return fwsim_load_image(m, img);
}
