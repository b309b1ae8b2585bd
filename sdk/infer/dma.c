/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Transfers without the core, as far as the firmware shows them: the address of
 * a buffer in RAM, written to a register of a block that nobody modelled, with
 * a number of elements close to it.
 *
 * A write to the area of such a pair arms it. The transfer is done before the
 * next interrupt is raised, and when the firmware has to be led out of a wait
 * loop: input comes from the stream of the address register, and the number of
 * elements reads 0.
 */
#include "infer/infer.h"

enum {
    COUNT_MAX = 0xffff,
    PERIPHERAL_SPACE = 0x40000000 /* DDI 0403E B3.1: and on */
};

/** Where the number of elements is, seen from the address; the likely first. */
static const int near[] = { 4, -4, -8, 8, 12, -12, 6, -2, 16, -16 };

static bool is_ram(const fwsim__infer *f, uint64_t addr)
{
    const fwsim__mem *mem = fwsim__mem_at(f->m, addr);

    return mem && mem->desc->kind == FWSIM_MEM_RAM && addr != mem->base;
}

static fwsim__channel *channel_of(fwsim__infer *f, uint32_t address)
{
    fwsim__channel *ch;

    for (uint32_t i = 0; i < f->st.channels; i++)
        if (f->st.channel[i].address == address)
            return &f->st.channel[i];
    if (f->st.channels == FWSIM__CHANNELS_MAX || f->frozen)
        return NULL;
    ch = &f->st.channel[f->st.channels++];
    *ch = (fwsim__channel){ .address = address };
    return ch;
}

/** A register close to @a c that holds a plausible number. */
static uint32_t find_count(const fwsim__infer *f, const fwsim__cell *c)
{
    for (size_t i = 0; i < sizeof near / sizeof *near; i++) {
        const fwsim__cell *n = fwsim__cell_find(f, c->addr + (uint64_t)near[i]);

        if (n && n->writes && n->last_write && n->last_write <= COUNT_MAX)
            return (uint32_t)(n - f->cell) + 1;
    }
    return 0;
}

/** A buffer with something in it is sent; an empty one is filled. */
static bool is_empty(fwsim__infer *f, uint64_t addr, uint32_t size)
{
    uint8_t byte;

    for (uint32_t i = 0; i < size; i++)
        if (fwsim_mem_read(f->m, addr + i, &byte, 1) || byte)
            return false;
    return true;
}

static void arm(fwsim__infer *f, fwsim__channel *ch)
{
    const fwsim__cell *address = &f->cell[ch->address - 1];

    if (!ch->known)
        ch->count = find_count(f, address);
    if (!ch->count || !f->cell[ch->count - 1].last_write)
        return;
    ch->buffer = address->last_write;
    ch->element = ch->element ? ch->element : 1;
    ch->size = f->cell[ch->count - 1].last_write * ch->element;
    if (!ch->known)
        ch->to_memory |= is_empty(f, ch->buffer, ch->size);
    ch->armed = true;
}

void fwsim__dma_written(fwsim__infer *f, const fwsim__cell *c)
{
    if (c->width == 4 && c->last_write < PERIPHERAL_SPACE &&
        is_ram(f, c->last_write)) {
        fwsim__channel *ch = channel_of(f, (uint32_t)(c - f->cell) + 1);

        if (ch)
            arm(f, ch);
        return;
    }
    for (uint32_t i = 0; i < f->st.channels; i++) {
        fwsim__channel *ch = &f->st.channel[i];

        if (f->cell[ch->address - 1].area == c->area)
            arm(f, ch);
    }
}

static void fill(fwsim__infer *f, const fwsim__channel *ch)
{
    uint64_t register_addr = f->cell[ch->address - 1].addr;
    uint8_t byte;

    for (uint32_t i = 0; i < ch->size; i++)
        if (!is_ram(f, ch->buffer + i) ||
            !fwsim__stream_take(f, register_addr, &byte, 1) ||
            fwsim_mem_write(f->m, ch->buffer + i, &byte, 1))
            break;
}

void fwsim__dma_complete(fwsim__infer *f)
{
    for (uint32_t i = 0; i < f->st.channels; i++) {
        fwsim__channel *ch = &f->st.channel[i];

        if (!ch->armed)
            continue;
        if (ch->to_memory)
            fill(f, ch);
        f->cell[ch->count - 1].written = 0;
        ch->armed = false;
        ch->done++;
        f->version++;
    }
}

/** A channel whose transfer has ended is switched off and set up anew: that is
 * no sign of an error. */
void fwsim__dma_judge(const fwsim__infer *f, const fwsim__cell *c,
                      fwsim__look_result *r)
{
    bool moves = false;

    for (uint32_t i = 0; i < f->st.channels; i++)
        moves |= f->cell[f->st.channel[i].address - 1].area == c->area;
    for (unsigned i = 0; moves && i < r->paths; i++)
        r->path[i].own_settings = 0;
}
