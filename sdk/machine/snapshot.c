/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Snapshots and fingerprints of the whole state: the arena, the bytes of the
 * memories, and the bytes that wait on serial lines.
 *
 * Of the memories, a snapshot has the granules that were ever written to; the
 * others are as after power-on. A machine that goes back to the snapshot that
 * it came from last looks at its dirty granules only.
 */
#include "machine/snapshot.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include <xxhash.h>

/** Dirty granules that are found unchanged, before all are protected anew: a
 * look at one costs less than the question at the next write to it. */
enum { UNCHANGED_MAX = 32 };

/** Tells snapshots apart. The snapshot and the machines that equal it hold it,
 * so that no other one gets its address. */
typedef struct fwsim__identity {
    atomic_uint holders;
} fwsim__identity;

static void let_go(fwsim__identity *id)
{
    if (id && atomic_fetch_sub(&id->holders, 1) == 1)
        free(id);
}

void fwsim__snapshot_forget(fwsim_machine *m)
{
    let_go(m->equals);
    m->equals = NULL;
}

/** Memory is that of the snapshot, from now on but for what is dirty. */
static void equal(fwsim_machine *m, const fwsim_snapshot *s)
{
    atomic_fetch_add(&s->identity->holders, 1);
    fwsim__snapshot_forget(m);
    m->equals = s->identity;
    fwsim__granules_clean(m);
}

static size_t waiting(const fwsim_periph *p)
{
    return p->rx.size - p->rx_read;
}

/** Bring the arena up to date with the engine and the clock. */
static void sync_out(fwsim_machine *m)
{
    m->st->now = m->now;
    if (m->cpu)
        m->cpu_ops->sync_out(m->cpu);
}

static bool copy_rx(const fwsim_machine *m, fwsim_snapshot *s)
{
    for (uint16_t i = 0; i < m->periph_count; i++) {
        const fwsim_periph *p = &m->periphs[i];

        if (waiting(p) && !fwsim__bytes_add(&s->rx[i], p->rx.data + p->rx_read,
                                            waiting(p)))
            return false;
    }
    return true;
}

/** Copy the granules that were written to. */
static void keep_memory(const fwsim_machine *m, fwsim_snapshot *s)
{
    uint32_t kept = 0;
    uint64_t at;
    size_t n;

    for (const fwsim__mem *mem = m->mems; mem < m->mems + m->mem_count; mem++)
        for (size_t g = mem->granule; fwsim__mem_granule(mem, g, &at, &n);
             g++) {
            s->place[g] = FWSIM__NOT_KEPT;
            if (!m->granules[g])
                continue;
            memcpy(s->memory + (size_t)kept * FWSIM__GRANULE, mem->bytes + at,
                   n);
            s->place[g] = kept++;
        }
}

static size_t used_granules(const fwsim_machine *m)
{
    size_t used = 0;

    for (size_t g = 0; g < m->granule_count; g++)
        used += m->granules[g] != 0;
    return used;
}

/** What stands in for models that nobody wrote has a state as well. */
static bool keep_inferred(const fwsim_machine *m, fwsim_snapshot *s)
{
    if (!m->substitute)
        return true;
    s->substitute = m->substitute;
    s->inferred_size = m->substitute->state_size(m->substitute_user);
    s->inferred = malloc(s->inferred_size + 1);
    if (!s->inferred)
        return false;
    m->substitute->save(m->substitute_user, s->inferred);
    return true;
}

fwsim_snapshot *fwsim__snapshot_new(const fwsim_machine *m, size_t granules)
{
    fwsim_snapshot *s = calloc(1, sizeof *s);

    if (!s)
        return NULL;
    s->board = m->board;
    s->arena_size = m->arena_size;
    s->periph_count = m->periph_count;
    s->granule_count = m->granule_count;
    s->identity = malloc(sizeof *s->identity);
    s->rx = calloc(m->periph_count + 1u, sizeof *s->rx);
    s->arena = malloc(m->arena_size);
    s->place = malloc((m->granule_count + 1) * sizeof *s->place);
    s->memory = malloc((granules + 1) * FWSIM__GRANULE);
    if (s->identity)
        atomic_init(&s->identity->holders, 1);
    if (s->identity && s->rx && s->arena && s->place && s->memory)
        return s;
    fwsim_snapshot_free(s);
    return NULL;
}

/** So has what intercepts the machine's work. */
static bool keep_faults(const fwsim_machine *m, fwsim_snapshot *s)
{
    if (!m->intercept)
        return true;
    s->faults_size = m->intercept->state_size(m->intercept_user);
    s->faults = malloc(s->faults_size + 1);
    if (!s->faults)
        return false;
    m->intercept->save(m->intercept_user, s->faults);
    return true;
}

static bool fill(const fwsim_machine *m, fwsim_snapshot *s)
{
    s->origin = fwsim__snapshot_origin(m);
    if (!s->origin || !copy_rx(m, s))
        return false;
    memcpy(s->arena, m->st, m->arena_size);
    keep_memory(m, s);
    return keep_inferred(m, s) && keep_faults(m, s);
}

int fwsim_snapshot_take(fwsim_machine *m, fwsim_snapshot **out)
{
    fwsim_snapshot *s;

    *out = NULL;
    if (m->running)
        return fwsim__error(m, FWSIM_EBUSY, "a snapshot inside a callback");
    s = fwsim__snapshot_new(m, used_granules(m));
    if (s)
        sync_out(m);
    if (!s || !fill(m, s)) {
        fwsim_snapshot_free(s);
        return fwsim__error(m, FWSIM_ENOMEM, "no memory for a snapshot");
    }
    equal(m, s);
    *out = s;
    return 0;
}

void fwsim_snapshot_free(fwsim_snapshot *s)
{
    if (!s)
        return;
    for (uint16_t i = 0; s->rx && i < s->periph_count; i++)
        free(s->rx[i].data);
    free(s->rx);
    let_go(s->identity);
    free(s->arena);
    free(s->memory);
    free(s->place);
    free(s->inferred);
    free(s->faults);
    free(s->origin);
    free(s);
}

/** Does a memory hold what it has after power-on? */
static bool is_blank(const uint8_t *bytes, size_t n, uint8_t value)
{
    return bytes[0] == value && memcmp(bytes, bytes + 1, n - 1) == 0;
}

/**
 * Bring a granule back, unless it is equal: the core keeps its translations.
 * @return true when it was another one
 */
static bool restore_granule(fwsim_machine *m, const fwsim__mem *mem,
                            const fwsim_snapshot *s, size_t g, uint64_t at,
                            size_t n)
{
    uint8_t blank = mem->desc->kind == FWSIM_MEM_FLASH ? 0xff : 0;
    uint8_t *bytes = mem->bytes + at;
    const uint8_t *from =
        s->place[g] == FWSIM__NOT_KEPT
            ? NULL
            : s->memory + (size_t)s->place[g] * FWSIM__GRANULE;

    if (from ? memcmp(bytes, from, n) == 0 : is_blank(bytes, n, blank))
        return false;
    if (from)
        memcpy(bytes, from, n);
    else
        memset(bytes, blank, n);
    fwsim__mem_changed(m, mem, at, n);
    return true;
}

/** Granules which both have never written to are equal. */
static void restore_all(fwsim_machine *m, const fwsim_snapshot *s)
{
    uint64_t at;
    size_t n;

    for (const fwsim__mem *mem = m->mems; mem < m->mems + m->mem_count; mem++)
        for (size_t g = mem->granule; fwsim__mem_granule(mem, g, &at, &n); g++)
            if (m->granules[g] || s->place[g] != FWSIM__NOT_KEPT)
                restore_granule(m, mem, s, g, at, n);
    equal(m, s);
}

/** They stay dirty: the firmware will write to most of them again. */
static void restore_dirty(fwsim_machine *m, const fwsim_snapshot *s)
{
    const fwsim__mem *mem = m->mems;
    unsigned unchanged = 0;
    uint64_t at;
    size_t n;

    for (size_t i = 0; i < m->dirty_count; i++) {
        size_t g = m->dirty[i];

        if (!fwsim__mem_granule(mem, g, &at, &n))
            for (mem = m->mems; !fwsim__mem_granule(mem, g, &at, &n); mem++)
                ;
        unchanged += !restore_granule(m, mem, s, g, at, n);
    }
    if (unchanged > UNCHANGED_MAX)
        fwsim__granules_clean(m);
}

/** Room for the waiting bytes, so that restoring them cannot fail halfway. */
static bool reserve_rx(fwsim_machine *m, const fwsim_snapshot *s)
{
    for (uint16_t i = 0; i < m->periph_count; i++) {
        fwsim__bytes *rx = &m->periphs[i].rx;

        if (!s->rx[i].size)
            continue;
        if (!fwsim__bytes_add(rx, s->rx[i].data, s->rx[i].size))
            return false;
        rx->size -= s->rx[i].size;
    }
    return true;
}

static void restore_rx(fwsim_machine *m, const fwsim_snapshot *s)
{
    for (uint16_t i = 0; i < m->periph_count; i++) {
        fwsim_periph *p = &m->periphs[i];

        p->rx.size = p->rx_read = 0;
        p->tx_expected = p->tx.size;
        if (s->rx[i].size)
            fwsim__bytes_add(&p->rx, s->rx[i].data, s->rx[i].size);
    }
}

static int does_not_fit(fwsim_machine *m, const fwsim_snapshot *s)
{
    int err = fwsim__snapshot_check_origin(m, "the snapshot", s->origin);

    return err ? err
               : fwsim__error(m, FWSIM_ESTATE,
                              "the snapshot is of another configuration of %s",
                              m->board->name);
}

int fwsim_snapshot_restore(fwsim_machine *m, const fwsim_snapshot *s)
{
    if (m->running)
        return fwsim__error(m, FWSIM_EBUSY, "a restore inside a callback");
    if (s->board != m->board || s->arena_size != m->arena_size ||
        s->periph_count != m->periph_count || s->substitute != m->substitute)
        return does_not_fit(m, s);
    if (!reserve_rx(m, s) ||
        (s->substitute &&
         !s->substitute->restore(m->substitute_user, s->inferred,
                                 s->inferred_size,
                                 s->identity == m->equals)))
        return fwsim__error(m, FWSIM_ENOMEM, "no memory to restore");
    restore_rx(m, s);
    memcpy(m->st, s->arena, m->arena_size);
    m->now = m->st->now;
    m->edges.last = 0;
    m->crosses = false;
    /* Before memory: bits that were stuck are not, or the other way round. */
    if (m->intercept)
        m->intercept->restore(m->intercept_user, s->faults, s->faults_size);
    fwsim__standin_forget(m);
    if (s->identity == m->equals)
        restore_dirty(m, s);
    else
        restore_all(m, s);
    if (m->cpu)
        m->cpu_ops->sync_in(m->cpu);
    fwsim__note_tell(m, &(fwsim__note){ .kind = FWSIM__NOTE_RESTORED });
    return 0;
}

uint64_t fwsim_hash(fwsim_machine *m)
{
    uint64_t hash;

    sync_out(m);
    hash = XXH3_64bits(m->st, m->arena_size);
    if (m->substitute)
        hash = m->substitute->hash(m->substitute_user, hash);
    for (size_t i = 0; i < m->mem_count; i++)
        if (m->mems[i].owned)
            hash = XXH3_64bits_withSeed(m->mems[i].bytes, m->mems[i].size,
                                        hash);
    for (uint16_t i = 0; i < m->periph_count; i++) {
        const fwsim_periph *p = &m->periphs[i];

        if (waiting(p))
            hash = XXH3_64bits_withSeed(p->rx.data + p->rx_read, waiting(p),
                                        hash ^ i);
    }
    return hash;
}
