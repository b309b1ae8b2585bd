/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which granules of the memories were written to: since the machine was made,
 * for power-on and for snapshots, which know what the others hold; and since
 * memory was equal to a snapshot, for going back to it.
 *
 * The host's writes say so. The engine may write without a word to granules
 * that are dirty, and asks before it writes to another one.
 */
#include "machine/machine.h"

#include <stdlib.h>

static size_t granules_of(const fwsim__mem *mem)
{
    return (size_t)((mem->size + FWSIM__GRANULE - 1) / FWSIM__GRANULE);
}

int fwsim__granules_make(fwsim_machine *m)
{
    size_t count = 0;

    for (size_t i = 0; i < m->mem_count; i++)
        if (m->mems[i].owned) {
            m->mems[i].granule = count;
            count += granules_of(&m->mems[i]);
        }
    for (size_t i = 0; i < m->mem_count; i++)
        for (size_t k = 0; k < m->mem_count && !m->mems[i].owned; k++)
            if (m->mems[k].owned && m->mems[k].bytes == m->mems[i].bytes)
                m->mems[i].granule = m->mems[k].granule;
    m->granule_count = count;
    m->granules = calloc(count + 1, sizeof *m->granules);
    m->dirty = malloc((count + 1) * sizeof *m->dirty);
    return m->granules && m->dirty ? 0 : FWSIM_ENOMEM;
}

void fwsim__granules_free(fwsim_machine *m)
{
    free(m->granules);
    free(m->dirty);
}

void fwsim__mem_touch(fwsim_machine *m, const fwsim__mem *mem, uint64_t offset,
                      uint64_t size)
{
    size_t first = mem->granule + (size_t)(offset / FWSIM__GRANULE);
    size_t last = mem->granule + (size_t)((offset + size - 1) / FWSIM__GRANULE);

    for (size_t g = first; size && g <= last; g++) {
        if (m->granules[g] & FWSIM__DIRTY)
            continue;
        m->granules[g] = FWSIM__DIRTY | FWSIM__USED;
        m->dirty[m->dirty_count++] = (uint32_t)g;
    }
}

bool fwsim__mem_is_dirty(const fwsim_machine *m, const fwsim__mem *mem,
                         uint64_t offset)
{
    return m->granules[mem->granule + offset / FWSIM__GRANULE] & FWSIM__DIRTY;
}

bool fwsim__mem_granule(const fwsim__mem *mem, size_t g, uint64_t *offset,
                        size_t *size)
{
    uint64_t at = (uint64_t)(g - mem->granule) * FWSIM__GRANULE;

    if (!mem->owned || g < mem->granule || at >= mem->size)
        return false;
    *offset = at;
    *size = mem->size - at < FWSIM__GRANULE ? (size_t)(mem->size - at)
                                            : FWSIM__GRANULE;
    return true;
}

void fwsim__granules_clean(fwsim_machine *m)
{
    while (m->dirty_count)
        m->granules[m->dirty[--m->dirty_count]] = FWSIM__USED;
    if (m->cpu)
        m->cpu_ops->pages_changed(m->cpu);
}
