/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Snapshots and fingerprints of the whole state: the arena, the bytes of the
 * memories, and the bytes that wait on serial lines.
 */
#include "machine/machine.h"

#include <stdlib.h>
#include <string.h>

#include <xxhash.h>

/** Granule in which memories are compared when they are restored. */
enum { PAGE = 4096 };

struct fwsim_snapshot {
    const fwsim_board *board;
    size_t arena_size; /* tells layouts of one board apart: semihosting */
    uint16_t periph_count;
    uint8_t *arena;
    uint8_t *memory;   /* of all memories that are no aliases, in order */
    fwsim__bytes *rx;  /* one a peripheral */
};

static size_t waiting(const fwsim_periph *p)
{
    return p->rx.size - p->rx_read;
}

static size_t memory_size(const fwsim_machine *m)
{
    size_t size = 0;

    for (size_t i = 0; i < m->mem_count; i++)
        if (m->mems[i].owned)
            size += m->mems[i].size;
    return size;
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

static bool fill(const fwsim_machine *m, fwsim_snapshot *s)
{
    size_t at = 0;

    s->rx = calloc(m->periph_count + 1u, sizeof *s->rx);
    s->arena = malloc(m->arena_size);
    s->memory = malloc(memory_size(m) + 1);
    if (!s->rx || !s->arena || !s->memory || !copy_rx(m, s))
        return false;
    memcpy(s->arena, m->st, m->arena_size);
    for (size_t i = 0; i < m->mem_count; i++)
        if (m->mems[i].owned) {
            memcpy(s->memory + at, m->mems[i].bytes, m->mems[i].size);
            at += m->mems[i].size;
        }
    return true;
}

int fwsim_snapshot_take(fwsim_machine *m, fwsim_snapshot **out)
{
    fwsim_snapshot *s;

    *out = NULL;
    if (m->running)
        return fwsim__error(m, FWSIM_EBUSY, "a snapshot inside a callback");
    s = calloc(1, sizeof *s);
    if (!s)
        return fwsim__error(m, FWSIM_ENOMEM, "no memory for a snapshot");
    s->board = m->board;
    s->arena_size = m->arena_size;
    s->periph_count = m->periph_count;
    sync_out(m);
    if (!fill(m, s)) {
        fwsim_snapshot_free(s);
        return fwsim__error(m, FWSIM_ENOMEM, "no memory for a snapshot");
    }
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
    free(s->arena);
    free(s->memory);
    free(s);
}

/** Copy the pages that differ, so that the core keeps its translations of the
 * others. */
static void restore_memory(fwsim_machine *m, const fwsim__mem *mem,
                           const uint8_t *from)
{
    for (uint64_t at = 0; at < mem->size; at += PAGE) {
        uint64_t n = mem->size - at < PAGE ? mem->size - at : PAGE;

        if (memcmp(mem->bytes + at, from + at, n) == 0)
            continue;
        memcpy(mem->bytes + at, from + at, n);
        fwsim__mem_changed(m, mem, at, n);
        m->ram_written = true;
    }
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
        if (s->rx[i].size)
            fwsim__bytes_add(&p->rx, s->rx[i].data, s->rx[i].size);
    }
}

int fwsim_snapshot_restore(fwsim_machine *m, const fwsim_snapshot *s)
{
    const uint8_t *memory = s->memory;

    if (m->running)
        return fwsim__error(m, FWSIM_EBUSY, "a restore inside a callback");
    if (s->board != m->board || s->arena_size != m->arena_size ||
        s->periph_count != m->periph_count)
        return fwsim__error(m, FWSIM_ESTATE,
                            "the snapshot is of another %s, this is %s",
                            s->board == m->board ? "configuration" : "board",
                            m->board->name);
    if (!reserve_rx(m, s))
        return fwsim__error(m, FWSIM_ENOMEM, "no memory to restore");
    restore_rx(m, s);
    memcpy(m->st, s->arena, m->arena_size);
    m->now = m->st->now;
    m->edges.last = 0;
    for (size_t i = 0; i < m->mem_count; i++)
        if (m->mems[i].owned) {
            restore_memory(m, &m->mems[i], memory);
            memory += m->mems[i].size;
        }
    if (m->cpu)
        m->cpu_ops->sync_in(m->cpu);
    return 0;
}

uint64_t fwsim_hash(fwsim_machine *m)
{
    uint64_t hash;

    sync_out(m);
    hash = XXH3_64bits(m->st, m->arena_size);
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
