/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Transfers without the core, as far as the firmware shows them: the address of
 * a buffer in RAM, written to a register of a block that nobody modelled, with
 * a number of elements close to it. Where the registers lie as in a controller
 * that is known (dma_layout.c), direction and size of elements are, too.
 *
 * Writing the address, the number or a register close to them arms a transfer.
 * It is done before the next interrupt is raised, and when the firmware has to
 * be led out of a wait loop: input comes from the stream of the address
 * register, and the number of elements reads 0.
 */
#include "infer/dma.h"

enum {
    PERIPHERAL_SPACE = 0x40000000, /* DDI 0403E B3.1: and on */
    NEAR = 0x20,    /* registers of one channel */
    AROUND = 0x1000 /* bytes around a buffer, of which some are not 0 */
};

/** Where the number of elements is, seen from the address; the likely first. */
static const int near[] = { 4, -4, -8, 8, 12, -12, 6, -2, 16, -16 };

bool fwsim__dma_is_ram(const fwsim__infer *f, uint64_t addr, uint32_t size)
{
    const fwsim__mem *mem = fwsim__mem_at(f->m, addr);

    return mem && mem->desc->kind == FWSIM_MEM_RAM &&
           size <= mem->base + mem->size - addr;
}

uint32_t fwsim__dma_word(const fwsim__infer *f, uint64_t addr)
{
    uint8_t b[4] = { 0 };

    fwsim_mem_read(f->m, addr, b, sizeof b);
    return b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 |
           (uint32_t)b[3] << 24;
}

void fwsim__dma_set_word(fwsim__infer *f, uint64_t addr, uint32_t value)
{
    const uint8_t b[4] = { (uint8_t)value, (uint8_t)(value >> 8),
                           (uint8_t)(value >> 16), (uint8_t)(value >> 24) };

    fwsim_mem_write(f->m, addr, b, sizeof b);
}

static bool is_copy(const fwsim__infer *f, const fwsim__transfer *t)
{
    return t->from && fwsim__mem_at(f->m, t->from);
}

static bool take(fwsim__infer *f, const fwsim__transfer *t, uint32_t i,
                 uint64_t source, uint8_t *byte)
{
    if (is_copy(f, t))
        return fwsim_mem_read(f->m, t->from + i, byte, 1) == 0;
    return fwsim__stream_take(f, source, byte, 1);
}

void fwsim__dma_move(fwsim__infer *f, const fwsim__transfer *t,
                     uint64_t source)
{
    uint32_t moved = 0;
    uint8_t byte;

    if (!fwsim__dma_is_ram(f, t->to, t->size))
        return;
    while (moved < t->size && take(f, t, moved, source, &byte) &&
           !fwsim_mem_write(f->m, t->to + moved, &byte, 1))
        moved++;
    if (moved && !is_copy(f, t)) {
        f->st.input = t->to;
        f->st.input_size = moved;
    }
}

/* ------------------------------------------------------------------ */
/* Programming                                                          */
/* ------------------------------------------------------------------ */

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

/** A register close to @a c that holds a plausible number. 1 is rather a bit
 * that enables something. */
static uint32_t find_count(const fwsim__infer *f, const fwsim__cell *c)
{
    for (size_t i = 0; i < sizeof near / sizeof *near; i++) {
        const fwsim__cell *n = fwsim__cell_find(f, c->addr + (uint64_t)near[i]);

        if (n && n->writes && n->last_write > 1 &&
            n->last_write <= FWSIM__DMA_COUNT_MAX)
            return (uint32_t)(n - f->cell) + 1;
    }
    return 0;
}

/** A buffer with something in it is sent; an empty one is filled. */
static bool is_empty(const fwsim__infer *f, uint64_t addr, uint32_t size)
{
    uint8_t byte;

    for (uint32_t i = 0; i < size; i++)
        if (fwsim_mem_read(f->m, addr + i, &byte, 1) || byte)
            return false;
    return true;
}

/** Has the firmware something there? A setting can look like an address, most
 * of all like that of a memory's beginning. */
static bool is_used(const fwsim__infer *f, uint64_t addr)
{
    const fwsim__mem *mem = fwsim__mem_at(f->m, addr);
    uint64_t offset = addr - mem->base;
    uint64_t end = mem->size - offset > AROUND ? offset + AROUND : mem->size;

    if (offset == 0)
        return false;
    for (uint64_t i = offset > AROUND ? offset - AROUND : 0; i < end; i++)
        if (mem->bytes[i])
            return true;
    return false;
}

/** Without a layout: what is close, and what is in the buffer. */
static void guess(const fwsim__infer *f, const fwsim__cell *address,
                  const fwsim__channel *ch, fwsim__dma_shape *shape)
{
    *shape = (fwsim__dma_shape){ .unit = 1 };
    if (!fwsim__dma_is_ram(f, address->last_write, 1) ||
        !is_used(f, address->last_write))
        return;
    shape->count = find_count(f, address);
    if (shape->count)
        shape->to_memory =
            ch->to_memory || is_empty(f, address->last_write,
                                      f->cell[shape->count - 1].last_write);
}

/** What a file says holds; what it cannot say comes from the layout, if that is
 * of the same channel. */
static void describe(const fwsim__infer *f, const fwsim__channel *ch,
                     fwsim__dma_shape *shape)
{
    const fwsim__cell *address = &f->cell[ch->address - 1];
    const fwsim__cell *control =
        ch->control ? &f->cell[ch->control - 1] : NULL;
    bool fits = fwsim__dma_layout(f, address, shape);

    if (!ch->known) {
        if (!fits)
            guess(f, address, ch, shape);
        return;
    }
    if (!fits || shape->count != ch->count || shape->to_memory != ch->to_memory)
        *shape = (fwsim__dma_shape){ .count = ch->count,
                                     .to_memory = ch->to_memory };
    if (ch->element)
        shape->unit = ch->element;
    shape->off = control && ch->start && !(control->last_write & ch->start);
}

static void arm(fwsim__infer *f, fwsim__channel *ch)
{
    const fwsim__cell *address = &f->cell[ch->address - 1];
    fwsim__dma_shape shape;
    uint32_t count;

    describe(f, ch, &shape);
    count = shape.count ? f->cell[shape.count - 1].last_write : 0;
    ch->armed = count && !shape.off && (!ch->spent || shape.repeats);
    if (!ch->armed)
        return;
    ch->count = shape.count;
    if (!ch->known) {
        ch->control = shape.control;
        ch->start = shape.control ? FWSIM__DMA_START : 0;
    }
    ch->element = (uint8_t)(shape.unit ? shape.unit : 1);
    ch->to_memory = shape.to_memory;
    ch->keeps = shape.keeps || shape.repeats;
    ch->repeats = shape.repeats;
    ch->buffer = address->last_write;
    ch->peer = shape.peer;
    ch->size = count * (shape.unit ? shape.unit : 1);
}

static bool is_of(const fwsim__infer *f, const fwsim__channel *ch,
                  const fwsim__cell *c)
{
    uint64_t address = f->cell[ch->address - 1].addr;

    return c->addr - (address - NEAR) <= 2 * NEAR;
}

bool fwsim__dma_takes_input(const fwsim__infer *f)
{
    for (uint32_t i = 0; i < f->st.channels; i++)
        if (f->st.channel[i].to_memory)
            return true;
    return false;
}

void fwsim__dma_written(fwsim__infer *f, const fwsim__cell *c)
{
    uint32_t index = (uint32_t)(c - f->cell) + 1;

    fwsim__dma_memory_written(f, c);
    if (c->width == 4 && c->last_write < PERIPHERAL_SPACE &&
        fwsim__dma_is_ram(f, c->last_write, 1))
        channel_of(f, index);
    for (uint32_t i = 0; i < f->st.channels; i++) {
        fwsim__channel *ch = &f->st.channel[i];

        if (ch->address == index || ch->count == index)
            ch->spent = false;
        if (is_of(f, ch, c))
            arm(f, ch);
    }
}

/* ------------------------------------------------------------------ */
/* Completion                                                           */
/* ------------------------------------------------------------------ */

static void complete(fwsim__infer *f, fwsim__channel *ch)
{
    fwsim__transfer t = { .from = ch->peer, .to = ch->buffer,
                          .size = ch->size };

    if (ch->to_memory)
        fwsim__dma_move(f, &t, f->cell[ch->address - 1].addr);
    if (!ch->keeps) {
        fwsim__touch(&f->touched_cells, ch->count - 1);
        f->cell[ch->count - 1].written = 0;
    }
    ch->spent = true;
    ch->armed = ch->repeats;
    ch->done++;
}

void fwsim__dma_complete(fwsim__infer *f)
{
    fwsim__dma_memory_complete(f);
    for (uint32_t i = 0; i < f->st.channels; i++)
        if (f->st.channel[i].armed)
            complete(f, &f->st.channel[i]);
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
