/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Copies of translated blocks: open addressing, at most half full. */
#include "cpu/copies.h"

#include <stdlib.h>
#include <string.h>

enum { SMALLEST = 64 }; /* a power of two, as every size */

/** The entry of @a pc, or the free one where it belongs. */
static fwsim__copy *place(const fwsim__copies *c, uint64_t pc)
{
    size_t i = (size_t)(pc >> 1) * 0x9e3779b1u;

    while (c->table[i & (c->size - 1)].bytes &&
           c->table[i & (c->size - 1)].block.pc != pc)
        i++;
    return &c->table[i & (c->size - 1)];
}

fwsim__copy *fwsim__copies_find(const fwsim__copies *c, uint64_t pc)
{
    fwsim__copy *found = c->size ? place(c, pc) : NULL;

    return found && found->bytes ? found : NULL;
}

static bool grow(fwsim__copies *c)
{
    fwsim__copies bigger = { .size = c->size ? 2 * c->size : SMALLEST,
                             .used = c->used };

    bigger.table = calloc(bigger.size, sizeof *bigger.table);
    if (!bigger.table)
        return false;
    for (size_t i = 0; i < c->size; i++)
        if (c->table[i].bytes)
            *place(&bigger, c->table[i].block.pc) = c->table[i];
    free(c->table);
    *c = bigger;
    return true;
}

fwsim__copy *fwsim__copies_put(fwsim__copies *c, const fwsim__block *block,
                               const uint8_t *bytes)
{
    fwsim__copy *to;
    uint8_t *copy;

    if (2 * (c->used + 1) > c->size && !grow(c))
        return NULL;
    to = place(c, block->pc);
    copy = realloc(to->bytes, block->size + 1);
    if (!copy)
        return NULL;
    if (!to->bytes)
        c->used++;
    memcpy(copy, bytes, block->size);
    to->bytes = copy;
    to->block = *block;
    return to;
}

void fwsim__copies_free(fwsim__copies *c)
{
    for (size_t i = 0; i < c->size; i++)
        free(c->table[i].bytes);
    free(c->table);
    *c = (fwsim__copies){ 0 };
}
