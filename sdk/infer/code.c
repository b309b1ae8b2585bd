/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which code has run: one bit a halfword of the memories that do not change.
 * Code in RAM counts as seen.
 */
#include "infer/infer.h"

#include <stdlib.h>
#include <string.h>

/** Number of the halfword's bit, or SIZE_MAX. */
static size_t bit_of(const fwsim__infer *f, uint64_t pc)
{
    size_t first = 0;

    for (size_t i = 0; i < f->m->mem_count; i++) {
        const fwsim__mem *mem = &f->m->mems[i];

        if (mem->desc->kind == FWSIM_MEM_RAM)
            continue;
        if (pc - mem->base < mem->size)
            return first + (size_t)(pc - mem->base) / 2;
        first += (size_t)mem->size / 2;
    }
    return SIZE_MAX;
}

int fwsim__code_new(fwsim__infer *f)
{
    size_t halfwords = 0;

    for (size_t i = 0; i < f->m->mem_count; i++)
        if (f->m->mems[i].desc->kind != FWSIM_MEM_RAM)
            halfwords += (size_t)f->m->mems[i].size / 2;
    f->code_size = halfwords / 8 + 1;
    f->code = calloc(1, f->code_size);
    f->code_kept = calloc(1, f->code_size);
    return f->code && f->code_kept ? 0 : FWSIM_ENOMEM;
}

void fwsim__code_free(fwsim__infer *f)
{
    free(f->code);
    free(f->code_kept);
}

/** A block that is not all in what was kept. */
static void note_met(fwsim__infer *f, size_t bit, uint64_t pc, unsigned size)
{
    if (f->met_count < FWSIM__MET_MAX)
        f->met[f->met_count] = (fwsim__met){ bit, pc, size };
    if (f->met_count <= FWSIM__MET_MAX)
        f->met_count++;
}

void fwsim__code_met(fwsim__infer *f, uint64_t pc, unsigned size)
{
    size_t first = bit_of(f, pc);
    bool novel = false, kept = true;

    if (first == SIZE_MAX)
        return;
    for (size_t bit = first; bit < first + size / 2 && bit / 8 < f->code_size;
         bit++) {
        uint8_t mask = (uint8_t)(1u << bit % 8);

        novel |= !(f->code[bit / 8] & mask);
        kept &= f->code_kept[bit / 8] >> bit % 8 & 1;
        f->code[bit / 8] |= mask;
    }
    if (!kept)
        note_met(f, first, pc, size);
    if (novel)
        f->st.novelty_at = f->m->now;
}

void fwsim__code_keep(fwsim__infer *f)
{
    memcpy(f->code_kept, f->code, f->code_size);
    f->met_count = 0;
}

/** Unlike that of what was kept, the core has to report this code again. */
static void unmeet(fwsim__infer *f, const fwsim__met *met)
{
    for (size_t i = met->bit / 8;
         i <= (met->bit + met->size / 2) / 8 && i < f->code_size; i++)
        f->code[i] = f->code_kept[i];
    f->insight->meet_code_again(f->m->cpu, met->pc, 2);
}

void fwsim__code_back(fwsim__infer *f)
{
    if (f->met_count > FWSIM__MET_MAX) {
        memcpy(f->code, f->code_kept, f->code_size);
        f->insight->meet_code_again(f->m->cpu, 0, UINT64_MAX);
    } else {
        for (size_t i = 0; i < f->met_count; i++)
            unmeet(f, &f->met[i]);
    }
    f->met_count = 0;
}

bool fwsim__code_is_endless(const fwsim__infer *f, uint64_t pc)
{
    uint16_t code;

    return fwsim__mem_at(f->m, pc) &&
           fwsim_mem_read(f->m, pc, &code, sizeof code) == 0 && code == 0xe7fe;
}

bool fwsim__code_seen(const fwsim__infer *f, uint64_t pc)
{
    size_t bit = bit_of(f, pc);

    return bit == SIZE_MAX || (f->code[bit / 8] >> bit % 8 & 1);
}
