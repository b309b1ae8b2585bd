/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How deep a stack has been: paint and mark.
 */
#include "expect/expect.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { PAINT = 0xa5, CHUNK = 256 };

/* ------------------------------------------------------------------ */
/* Where it is                                                          */
/* ------------------------------------------------------------------ */

/** The highest of some symbols that is below @a top; 0: none. */
static uint64_t highest(fwsim_machine *m, const char *const *names,
                        uint64_t bottom, uint64_t top)
{
    uint64_t found = 0;

    for (; *names; names++) {
        const fwsim_symbol *s = fwsim_symbol_find(m, *names);

        if (s && s->addr >= bottom && s->addr < top && s->addr > found)
            found = s->addr;
    }
    return found;
}

/** The end of the variables between two addresses; 0: there are none. */
static uint64_t end_of_variables(fwsim_machine *m, uint64_t bottom,
                                 uint64_t top)
{
    uint64_t end = 0;

    for (size_t i = 0; i < m->image_count; i++) {
        const fwsim_symbol *s;
        size_t n = fwsim_image_symbols(m->images[i], &s);

        for (; n--; s++)
            if (!s->function && s->addr >= bottom && s->addr < top &&
                s->addr + s->size <= top && s->addr + s->size > end)
                end = s->addr + s->size;
    }
    return end;
}

static int find_main(fwsim_machine *m, fwsim_range *stack)
{
    static const char *const limits[] = { "__StackLimit", "__stack_limit",
                                          "_sstack", "__stack_start__", NULL };
    const fwsim__mem *mem;
    uint8_t word[4];
    uint64_t top, bottom;

    if (!m->soc->cpu || m->soc->gic_distributor ||
        fwsim_mem_read(m, m->soc->boot_addr, word, sizeof word))
        return fwsim__error(m, FWSIM_ENOENT,
                            "%s has no vector table that names a main stack; "
                            "name a symbol", m->board->name);
    top = word[0] | (uint32_t)word[1] << 8 | (uint32_t)word[2] << 16 |
          (uint32_t)word[3] << 24;
    mem = top ? fwsim__mem_at(m, top - 1) : NULL;
    if (!mem || mem->desc->kind != FWSIM_MEM_RAM)
        return fwsim__error(m, FWSIM_ENOENT,
                            "the initial stack pointer 0x%08" PRIx64
                            " of the vector table is not at the end of RAM of "
                            "%s; is an image loaded?", top, m->board->name);
    bottom = highest(m, limits, mem->base, top);
    if (!bottom)
        bottom = end_of_variables(m, mem->base, top);
    if (!bottom)
        bottom = mem->base;
    *stack = (fwsim_range){ bottom, top - bottom };
    return 0;
}

int fwsim_stack_find(fwsim_machine *m, const char *symbol, fwsim_range *stack)
{
    const fwsim_symbol *s;
    const char *near;

    if (!symbol)
        return find_main(m, stack);
    s = fwsim_symbol_find(m, symbol);
    if (!s) {
        near = fwsim__symbol_closest(m, symbol, FWSIM__VARIABLES);
        return fwsim__error(m, FWSIM_ENOENT,
                            "no symbol '%s' in the images%s%s%s", symbol,
                            near ? "; did you mean " : "", near ? near : "",
                            near ? "?" : "");
    }
    if (s->function || !s->size)
        return fwsim__error(m, FWSIM_EINVAL, "'%s' is no variable with a size",
                            symbol);
    *stack = (fwsim_range){ s->addr, s->size };
    return 0;
}

/* ------------------------------------------------------------------ */
/* Paint and mark                                                       */
/* ------------------------------------------------------------------ */

/** The lowest stack pointer that is inside, or the end. */
static uint64_t lowest_pointer(fwsim_machine *m, const fwsim_range *stack)
{
    static const char *const names[] = { "sp", "msp", "psp" };
    uint64_t end = stack->addr + stack->size, value;

    for (size_t i = 0; m->cpu && i < sizeof names / sizeof *names; i++)
        if (!m->cpu_ops->read(m->cpu, names[i], &value) &&
            value >= stack->addr && value < end)
            end = value;
    return end;
}

int fwsim_stack_paint(fwsim_machine *m, const fwsim_range *stack)
{
    uint64_t end = lowest_pointer(m, stack);
    uint8_t paint[CHUNK];
    int err = 0;

    memset(paint, PAINT, sizeof paint);
    for (uint64_t at = stack->addr; at < end && !err; at += CHUNK)
        err = fwsim_mem_write(m, at, paint,
                              end - at < CHUNK ? (size_t)(end - at) : CHUNK);
    return err;
}

int fwsim_stack_used(fwsim_machine *m, const fwsim_range *stack,
                     uint64_t *bytes)
{
    uint64_t end = stack->addr + stack->size;
    uint8_t chunk[CHUNK];

    *bytes = 0;
    if (end < stack->addr)
        return fwsim__error(m, FWSIM_EFAULT,
                            "the stack 0x%08" PRIx64 "+0x%" PRIx64
                            " goes beyond the last address", stack->addr,
                            stack->size);
    for (uint64_t at = stack->addr; at < end; at += CHUNK) {
        size_t n = end - at < CHUNK ? (size_t)(end - at) : CHUNK;
        int err = fwsim_mem_read(m, at, chunk, n);

        if (err)
            return err;
        for (size_t i = 0; i < n; i++)
            if (chunk[i] != PAINT) {
                *bytes = end - at - i;
                return 0;
            }
    }
    return 0;
}

int fwsim_stack_expect(fwsim_machine *m, const fwsim_range *stack,
                       uint64_t most)
{
    const fwsim__wait wait = { .stop = { .reason = FWSIM_STOP_NONE } };
    char headline[160], came[120];
    uint64_t used;
    int err = fwsim__expect_begin(m, "fwsim_stack_expect");

    if (!err)
        err = fwsim_stack_used(m, stack, &used);
    if (err || used <= most)
        return err;
    snprintf(headline, sizeof headline,
             "the stack 0x%08" PRIx64 "+0x%" PRIx64 ": more than %" PRIu64
             " bytes were used", stack->addr, stack->size, most);
    snprintf(came, sizeof came, "%" PRIu64 " of %" PRIu64 " bytes%s", used,
             stack->size,
             used == stack->size
                 ? ": it is full, has overflowed, or was not painted"
                 : "");
    return fwsim__expect_failed(m, &(fwsim__failed){ .wanted = headline,
                                                     .came = came,
                                                     .wait = &wait,
                                                     .code = FWSIM_ERANGE });
}
