/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which code has run: one bit a halfword of the memories that do not change.
 * Code in RAM counts as seen.
 */
#include "infer/infer.h"

#include <stdlib.h>

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
    return f->code ? 0 : FWSIM_ENOMEM;
}

void fwsim__code_met(fwsim__infer *f, uint64_t pc, unsigned size)
{
    size_t bit = bit_of(f, pc);
    bool novel = false;

    if (bit == SIZE_MAX)
        return;
    for (size_t end = bit + size / 2; bit < end && bit / 8 < f->code_size;
         bit++) {
        uint8_t mask = (uint8_t)(1u << bit % 8);

        novel |= !(f->code[bit / 8] & mask);
        f->code[bit / 8] |= mask;
    }
    if (novel) {
        f->st.novelty_at = f->m->now;
        f->version++;
    }
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
