/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Memory and devices as a run sees them. What it writes to RAM is kept in a
 * table of words that belongs to the run; what it writes to devices in a
 * short list. Neither reaches the machine.
 */
#include "infer/look_run.h"

#include <string.h>

/* Words above the stack pointer that count as stack: the frames of the
 * reading function and its nearest callers. */
enum { STACK_ABOVE = 128 };

#define NULL_PAGE 0x400u
#define AIRCR 0xe000ed0cu /* B3.2.6 */
#define CORE 0xe0000000u  /* from here on: peripherals of the core */

const fwsim__look_memory *fwsim__look_find(const fwsim__look_run *r,
                                           uint32_t addr)
{
    const fwsim__look_world *w = r->world;

    for (size_t i = 0; i < w->memory_count; i++)
        if (addr - w->memory[i].base < w->memory[i].size)
            return &w->memory[i];
    return NULL;
}

/** Make the memory of an address the current one.
 * @return false: there is none that holds all of the access */
static bool find_data(fwsim__look_run *r, uint32_t addr, unsigned width)
{
    const fwsim__look_memory *m;

    if (addr - r->data_base < r->data_size &&
        r->data_size - (addr - r->data_base) >= width)
        return true;
    m = fwsim__look_find(r, addr);
    if (!m || m->size - (addr - m->base) < width)
        return false;
    r->data_base = m->base;
    r->data_size = m->size;
    r->data = m->bytes;
    r->data_writable = m->writable;
    return true;
}

static uint32_t little_endian(const uint8_t *b, unsigned width)
{
    uint32_t v = b[0];

    if (width == 4)
        v |= (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 |
             (uint32_t)b[3] << 24;
    else if (width == 2)
        v |= (uint32_t)b[1] << 8;
    return v;
}

static uint32_t mask_of(unsigned width)
{
    return width == 4 ? UINT32_MAX : (1u << 8 * width) - 1;
}

/* Words --------------------------------------------------------------- */

/** The entry of a word, or the free one where it would be. */
static fwsim__look_word *slot_of(fwsim__look_run *r, uint32_t addr)
{
    unsigned i = addr >> 2;

    for (;; i++) {
        fwsim__look_word *w = &r->word[i & (FWSIM__LOOK_WORDS - 1)];

        if (w->run != r->number || w->addr == addr)
            return w;
    }
}

/** The bytes of the machine; beyond the end of the memory they are 0. */
static uint32_t word_of_machine(const fwsim__look_run *r, uint32_t addr)
{
    uint32_t offset = addr - r->data_base;
    uint32_t left = r->data_size - offset;
    uint8_t bytes[4] = { 0 };

    if (left >= 4)
        return little_endian(r->data + offset, 4);
    memcpy(bytes, r->data + offset, left);
    return little_endian(bytes, 4);
}

static fwsim__operand load_word(fwsim__look_run *r, uint32_t addr)
{
    fwsim__look_word *w = slot_of(r, addr);

    if (w->run != r->number)
        return fwsim__plain(word_of_machine(r, addr));
    return (fwsim__operand){ w->value, w->kept ? &r->kept[w->kept - 1] : NULL };
}

static uint64_t mixed_up(uint32_t addr, uint32_t value)
{
    uint64_t h = ((uint64_t)addr << 32 | value) * 0x9e3779b97f4a7c15u;

    return (h ^ h >> 29) * 0xbf58476d1ce4e5b9u;
}

static void store_word(fwsim__look_run *r, uint32_t addr, fwsim__operand o)
{
    fwsim__look_word *w = slot_of(r, addr);
    uint32_t before;

    if (w->run != r->number) {
        /* A table that is nearly full would be slow, and a full one endless. */
        if (r->words == FWSIM__LOOK_WORDS * 3 / 4) {
            fwsim__look_end_run(r, FWSIM__LOOK_LIMIT);
            return;
        }
        r->words++;
        before = word_of_machine(r, addr);
        *w = (fwsim__look_word){ addr, before, r->number, 0 };
    } else {
        before = w->value;
    }
    r->progress.memory += mixed_up(addr, o.value) - mixed_up(addr, before);
    w->value = o.value;
    if (!o.bits || !o.bits->sources) {
        w->kept = 0;
        return;
    }
    if (!w->kept && r->kept_count < FWSIM__LOOK_KEPT)
        w->kept = (uint16_t)++r->kept_count;
    if (w->kept)
        r->kept[w->kept - 1] = *o.bits;
}

/* RAM ----------------------------------------------------------------- */

static fwsim__operand part_of_word(fwsim__look_run *r, fwsim__operand word,
                                   uint32_t addr, unsigned width)
{
    unsigned shift = 8 * (addr & 3);
    uint32_t value = word.value >> shift & mask_of(width);
    fwsim__bits *bits = &r->scratch[0];

    if (!word.bits)
        return fwsim__plain(value);
    fwsim__bits_shift(bits, word, FWSIM__LSR, shift);
    fwsim__bits_and(bits, (fwsim__operand){ word.value >> shift, bits },
                    fwsim__plain(mask_of(width)));
    return (fwsim__operand){ value, bits->sources ? bits : NULL };
}

static fwsim__operand load_ram(fwsim__look_run *r, uint32_t addr,
                               unsigned width)
{
    fwsim__operand low, high;
    unsigned shift = 8 * (addr & 3);
    uint64_t both;

    r->progress.loads++;
    r->path->input |= addr - r->world->input < r->world->input_size;
    low = load_word(r, addr & ~3u);
    if (width == 4 && !shift)
        return low;
    if (shift + 8 * width <= 32)
        return part_of_word(r, low, addr, width);
    high = load_word(r, (addr & ~3u) + 4);
    both = (uint64_t)high.value << 32 | low.value;
    low.value = (uint32_t)(both >> shift) & mask_of(width);
    if (low.bits || high.bits) {
        fwsim__bits_mixed(&r->scratch[0], fwsim__look_sources(low) |
                                              fwsim__look_sources(high));
        low.bits = &r->scratch[0];
    }
    return low;
}

static void insert_in_word(fwsim__look_run *r, uint32_t addr, unsigned width,
                           fwsim__operand o)
{
    fwsim__operand word = load_word(r, addr & ~3u);
    unsigned shift = 8 * (addr & 3);
    uint32_t mask = mask_of(width) << shift;
    fwsim__bits *bits = &r->scratch[1];

    if (word.bits || o.bits)
        fwsim__bits_insert(bits, word, o, shift, 8 * width);
    else
        bits = NULL;
    store_word(r, addr & ~3u,
               (fwsim__operand){ (word.value & ~mask) |
                                     (o.value << shift & mask), bits });
}

static bool in_stack(const fwsim__look_run *r, uint32_t addr)
{
    uint32_t top = r->read->regs[13] + STACK_ABOVE;

    return addr - r->regs[13] < top - r->regs[13];
}

static void store_ram(fwsim__look_run *r, uint32_t addr, unsigned width,
                      fwsim__operand o)
{
    r->progress.stored += addr * 0x9e3779b1u;
    if (!in_stack(r, addr)) {
        r->progress.stores++;
        r->out->stored |= fwsim__look_sources(o);
    }
    if (width == 4 && !(addr & 3)) {
        store_word(r, addr, o);
        return;
    }
    if ((addr & 3) + width <= 4) {
        insert_in_word(r, addr, width, o);
        return;
    }
    for (unsigned i = 0; i < width; i++)
        insert_in_word(r, addr + i, 1, fwsim__plain(o.value >> 8 * i & 0xff));
}

/* Devices ------------------------------------------------------------- */

static bool in_block(const fwsim__look_run *r, uint32_t addr)
{
    return addr - r->read->block < r->read->block_size;
}

/** An access to a register other than the one the look is about. */
static void touched(fwsim__look_run *r, uint32_t addr, bool write)
{
    if (!in_block(r, addr) || addr == r->read->addr)
        return;
    if (r->world->data && r->world->data(r->world->user, addr)) {
        r->path->own_data++;
        r->progress.data++;
    } else {
        r->path->own_settings += write;
    }
}

static void before_return(fwsim__look_run *r, uint32_t addr)
{
    if (in_block(r, addr) && !r->path->returned)
        r->path->own_before_return = true;
}

/** What the register itself gives: the value, or what became of it. */
static fwsim__operand own_word(fwsim__look_run *r)
{
    fwsim__bits *bits = &r->scratch[0];

    if (r->own_written) {
        *bits = r->own_bits;
        return (fwsim__operand){ r->own_value, bits };
    }
    fwsim__bits_identity(bits, r->value, mask_of(r->read->width));
    return (fwsim__operand){ r->value, bits };
}

/** The access lies in the register that the look is about. */
static bool is_own(const fwsim__look_run *r, uint32_t addr, unsigned width)
{
    uint32_t offset = addr - r->read->addr;

    return offset < r->read->width && offset + width <= r->read->width;
}

static fwsim__operand load_own(fwsim__look_run *r, uint32_t addr,
                               unsigned width)
{
    fwsim__operand word;

    fwsim__look_polled(r);
    word = own_word(r);
    return part_of_word(r, word, addr - r->read->addr, width);
}

static fwsim__operand load_device(fwsim__look_run *r, uint32_t addr,
                                  unsigned width)
{
    uint32_t value = 0;

    if (is_own(r, addr, width))
        return load_own(r, addr, width);
    r->progress.reads++;
    if (addr < CORE)
        r->path->reads++;
    touched(r, addr, false);
    before_return(r, addr);
    for (unsigned i = r->write_count; i-- > 0;)
        if (r->writes[i].addr == addr && r->writes[i].width == width)
            return fwsim__plain(r->writes[i].value);
    if (!r->world->peek(r->world->user, addr, width, &value))
        fwsim__look_end_run(r, FWSIM__LOOK_WILD);
    return fwsim__plain(value & mask_of(width));
}

static void store_own(fwsim__look_run *r, unsigned width, fwsim__operand o)
{
    fwsim__look_result *out = r->out;
    uint32_t plain = 0;

    r->path->own_writes++;
    /* A one that was seen, and is written by itself. */
    if (!o.bits) {
        out->cleared_back |= r->path->tested & r->value & o.value &
                             mask_of(width);
        return;
    }
    for (unsigned i = 0; i < 32; i++)
        if (o.bits->mask >> i & 1 && o.bits->from[i] == i)
            plain |= 1u << i;
    if (fwsim__bits_exact(o.bits))
        out->written_back |= plain & ~o.bits->inverted & mask_of(width);
    /* Only a value that was made of the old one is what is read next; a
     * constant may mean "clear these bits". */
    if (width == r->read->width) {
        r->own_written = true;
        r->own_value = o.value & mask_of(width);
        fwsim__bits_and(&r->own_bits, o, fwsim__plain(mask_of(width)));
    }
}

static void remember(fwsim__look_run *r, uint32_t addr, unsigned width,
                     uint32_t value)
{
    fwsim__look_write *w = r->writes;

    while (w < r->writes + r->write_count &&
           (w->addr != addr || w->width != width))
        w++;
    if (w == r->writes + FWSIM__LOOK_WRITES)
        return;
    if (w == r->writes + r->write_count)
        r->write_count++;
    *w = (fwsim__look_write){ addr, value & mask_of(width), width };
}

static void store_device(fwsim__look_run *r, uint32_t addr, unsigned width,
                         fwsim__operand o)
{
    uint32_t ignored;

    /* B3.2.6: SYSRESETREQ or VECTRESET, with the key. */
    if (addr == AIRCR && o.value >> 16 == 0x05fa && o.value & 5) {
        fwsim__look_end_run(r, FWSIM__LOOK_DEAD);
        return;
    }
    if (addr < CORE)
        r->path->writes++;
    touched(r, addr, true);
    before_return(r, addr);
    if (addr == r->read->addr) {
        store_own(r, width, o);
        return;
    }
    r->progress.writes++;
    if (in_block(r, addr))
        r->path->own_writes++;
    r->out->stored |= fwsim__look_sources(o);
    if (!r->world->peek(r->world->user, addr, width, &ignored)) {
        fwsim__look_end_run(r, FWSIM__LOOK_WILD);
        return;
    }
    remember(r, addr, width, o.value);
}

/** To flash it is the business of a controller; where pointers that are NULL
 * lead, it is a mistake. */
static void store_read_only(fwsim__look_run *r, uint32_t addr)
{
    if (addr < NULL_PAGE)
        fwsim__look_end_run(r, FWSIM__LOOK_WILD);
    r->progress.writes++;
}

/* Both ---------------------------------------------------------------- */

static bool misaligned(fwsim__look_run *r, uint32_t addr, unsigned width)
{
    if (!r->world->v6m || !(addr & (width - 1)))
        return false;
    fwsim__look_end_run(r, FWSIM__LOOK_DEAD);
    return true;
}

fwsim__operand fwsim__look_load(fwsim__look_run *r, uint32_t addr,
                                unsigned width)
{
    if (misaligned(r, addr, width))
        return fwsim__plain(0);
    if (!find_data(r, addr, width))
        return load_device(r, addr, width);
    if (r->data_writable)
        return load_ram(r, addr, width);
    return fwsim__plain(little_endian(r->data + (addr - r->data_base), width));
}

void fwsim__look_store(fwsim__look_run *r, uint32_t addr, unsigned width,
                       fwsim__operand o)
{
    if (misaligned(r, addr, width))
        return;
    if (!find_data(r, addr, width))
        store_device(r, addr, width, o);
    else if (r->data_writable)
        store_ram(r, addr, width, o);
    else
        store_read_only(r, addr);
}
