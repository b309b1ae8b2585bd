/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The engine's state, for snapshots and fingerprints.
 *
 * A machine that goes back to the snapshot that it came from last brings back
 * what it has changed since: rows of the tables, and code that it has met.
 */
#include "infer/infer.h"

#include <string.h>

#include <xxhash.h>

/** What a state is made of, in the order in which it is kept. */
enum { ST, CELLS, SITES, AREAS, CODE, PARTS };

typedef struct part {
    void *bytes;
    size_t size;
} part;

static void parts_of(fwsim__infer *f, part parts[PARTS])
{
    parts[ST] = (part){ &f->st, sizeof f->st };
    parts[CELLS] = (part){ f->cell, f->st.cells * sizeof *f->cell };
    parts[SITES] = (part){ f->site, f->st.sites * sizeof *f->site };
    parts[AREAS] = (part){ f->area, f->st.areas * sizeof *f->area };
    parts[CODE] = (part){ f->code, f->code_size };
}

size_t fwsim__state_size(void *user)
{
    part parts[PARTS];
    size_t size = 0;

    parts_of(user, parts);
    for (unsigned i = 0; i < PARTS; i++)
        size += parts[i].size;
    return size + fwsim__streams_size(user);
}

void fwsim__state_save(void *user, uint8_t *to)
{
    part parts[PARTS];

    parts_of(user, parts);
    for (unsigned i = 0; i < PARTS; to += parts[i].size, i++)
        if (parts[i].size)
            memcpy(to, parts[i].bytes, parts[i].size);
    fwsim__streams_save(user, to);
    fwsim__tables_untouch(user);
    fwsim__code_keep(user);
}

bool fwsim__state_fits(void *user, const uint8_t *from, size_t size)
{
    const fwsim__infer *f = user;
    fwsim__infer_state st;
    uint64_t rest = size, rows;

    if (size < sizeof st)
        return false;
    memcpy(&st, from, sizeof st);
    rows = (uint64_t)st.cells * sizeof *f->cell +
           (uint64_t)st.sites * sizeof *f->site +
           (uint64_t)st.areas * sizeof *f->area;
    rest -= sizeof st;
    if (rest < f->code_size || rest - f->code_size < rows)
        return false;
    rest -= f->code_size + rows;
    return fwsim__streams_fit(from + (size - rest), (size_t)rest);
}

uint64_t fwsim__state_hash(void *user, uint64_t seed)
{
    part parts[PARTS];

    parts_of(user, parts);
    for (unsigned i = 0; i < PARTS; i++)
        if (parts[i].size)
            seed = XXH3_64bits_withSeed(parts[i].bytes, parts[i].size, seed);
    return fwsim__streams_hash(user, seed);
}

/* ------------------------------------------------------------------ */
/* Going back                                                           */
/* ------------------------------------------------------------------ */

/** Rows that came later are gone already. */
static void restore_rows(const part *table, size_t row,
                         const fwsim__touched *touched, const uint8_t *from)
{
    for (size_t i = 0; i < touched->count; i++) {
        size_t at = touched->row[i] * row;

        if (at < table->size)
            memcpy((uint8_t *)table->bytes + at, from + at, row);
    }
}

/** From what the machine equalled when nothing was touched. */
static void restore_touched(fwsim__infer *f, const part parts[PARTS],
                            const uint8_t *const from[PARTS])
{
    restore_rows(&parts[CELLS], sizeof *f->cell, &f->touched_cells,
                 from[CELLS]);
    restore_rows(&parts[SITES], sizeof *f->site, &f->touched_sites,
                 from[SITES]);
    if (parts[AREAS].size)
        memcpy(f->area, from[AREAS], parts[AREAS].size);
    fwsim__code_back(f);
}

static void restore_all(fwsim__infer *f, const part parts[PARTS],
                        const uint8_t *const from[PARTS])
{
    for (unsigned i = CELLS; i < PARTS; i++)
        if (parts[i].size)
            memcpy(parts[i].bytes, from[i], parts[i].size);
    fwsim__tables_index(f);
    fwsim__code_keep(f);
    if (f->insight)
        f->insight->meet_code_again(f->m->cpu, 0, UINT64_MAX);
}

bool fwsim__state_restore(void *user, const uint8_t *from, size_t size,
                          bool came_from)
{
    fwsim__infer *f = user;
    const uint8_t *end = from + size, *kept[PARTS];
    fwsim__infer_state st;
    part parts[PARTS];

    memcpy(&st, from, sizeof st);
    if (!fwsim__tables_reserve(f, st.cells, st.sites, st.areas))
        return false;
    if (came_from)
        fwsim__tables_drop(f, st.cells, st.sites, st.areas);
    f->st = st;
    parts_of(f, parts);
    for (unsigned i = 0; i < PARTS; from += parts[i].size, i++)
        kept[i] = from;
    if (came_from)
        restore_touched(f, parts, kept);
    else
        restore_all(f, parts, kept);
    fwsim__tables_untouch(f);
    return fwsim__streams_restore(f, from, (size_t)(end - from));
}
