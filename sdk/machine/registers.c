/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The register engine: the rows of a type, checked and decoded once, then
 * accesses by masks.
 *
 * A type has one map from offsets to rows. Each element of a row stores one
 * word, whatever its width; an alias stores none and uses its target's.
 */
#include "machine/machine.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static unsigned row_width(const fwsim_reg *row)
{
    return row->width ? row->width : 4;
}

static unsigned row_count(const fwsim_reg *row)
{
    return row->count ? row->count : 1;
}

static unsigned row_stride(const fwsim_reg *row)
{
    return row->stride ? row->stride : row_width(row);
}

/** Bits a write stores. */
static uint32_t stored_mask(const fwsim_reg *row)
{
    return row->rw | (row->unimpl & ~(row->w1c | row->w0c | row->wo));
}

/** Bits that a write may hold ones in. */
static uint32_t known_mask(const fwsim_reg *row)
{
    return row->rw | row->w1c | row->w0c | row->wo | row->unimpl;
}

static uint32_t lanes_of(unsigned first_byte, unsigned bytes)
{
    uint32_t ones = bytes == 4 ? UINT32_MAX : (1u << 8 * bytes) - 1;

    return ones << 8 * first_byte;
}

/* ------------------------------------------------------------------ */
/* Checking and decoding a type                                         */
/* ------------------------------------------------------------------ */

static const fwsim_reg *row_at_offset(const fwsim_periph_type *type,
                                      uint32_t offset)
{
    for (const fwsim_reg *row = type->regs; row->name; row++)
        if (row->offset == offset)
            return row;
    return NULL;
}

static int bad_row(fwsim_machine *m, const fwsim_periph_type *type,
                   const fwsim_reg *row, const char *what, uint32_t number)
{
    return fwsim__error(m, FWSIM_EBOARD, "%s: register %s: %s (0x%" PRIx32 ")",
                        type->name, row->name, what, number);
}

static int check_place(fwsim_machine *m, const fwsim_periph_type *type,
                       const fwsim_reg *row)
{
    unsigned width = row_width(row);
    uint64_t end = row->offset + width +
                   (uint64_t)(row_count(row) - 1) * row_stride(row);

    if (width != 1 && width != 2 && width != 4)
        return bad_row(m, type, row, "the width is not 1, 2 or 4", width);
    if (row->offset % width)
        return bad_row(m, type, row, "the offset is not a multiple of the width",
                       row->offset);
    if (row_stride(row) % width)
        return bad_row(m, type, row, "the stride is not a multiple of the width",
                       row_stride(row));
    if (end > type->size)
        return bad_row(m, type, row, "ends outside the window", (uint32_t)end);
    return 0;
}

static int check_masks(fwsim_machine *m, const fwsim_periph_type *type,
                       const fwsim_reg *row)
{
    uint32_t inside = lanes_of(0, row_width(row));
    uint32_t twice = (row->rw & row->w1c) | (row->rw & row->w0c) |
                     (row->rw & row->wo) | (row->w1c & row->w0c) |
                     (row->w1c & row->wo) | (row->w0c & row->wo);
    uint32_t outside = (known_mask(row) | row->rc | row->reset) & ~inside;

    if (outside)
        return bad_row(m, type, row, "bits beyond the width", outside);
    if (twice)
        return bad_row(m, type, row, "bits in two of rw, w1c, w0c and wo",
                       twice);
    return 0;
}

static int check_alias(fwsim_machine *m, const fwsim_periph_type *type,
                       const fwsim_reg *row)
{
    const fwsim_reg *of = row_at_offset(type, row->of);

    if (row->alias == FWSIM_ALIAS_NONE)
        return 0;
    if (!of)
        return bad_row(m, type, row, "alias of an offset without a register",
                       row->of);
    if (of->alias != FWSIM_ALIAS_NONE)
        return bad_row(m, type, row, "alias of an alias", row->of);
    if (row_count(of) != row_count(row) || row_width(of) != row_width(row))
        return bad_row(m, type, row, "alias of a register of another shape",
                       row->of);
    if (known_mask(row) || row->rc || row->reset)
        return bad_row(m, type, row, "an alias has the masks of its target",
                       known_mask(row) | row->rc | row->reset);
    return 0;
}

static int check_name(fwsim_machine *m, const fwsim_periph_type *type,
                      const fwsim_reg *row)
{
    for (const fwsim_reg *other = type->regs; other != row; other++)
        if (strcmp(other->name, row->name) == 0)
            return bad_row(m, type, row, "the name is used twice, first at",
                           other->offset);
    return 0;
}

static int check_rows(fwsim_machine *m, const fwsim_periph_type *type)
{
    int err = 0;

    for (const fwsim_reg *row = type->regs; row->name && !err; row++)
        if (!(err = check_name(m, type, row)) &&
            !(err = check_place(m, type, row)) &&
            !(err = check_masks(m, type, row)))
            err = check_alias(m, type, row);
    return err;
}

/** Enter a row into the map; refuses overlaps. */
static int enter(fwsim_machine *m, fwsim__regmap *map, uint16_t index)
{
    const fwsim_reg *row = &map->type->regs[index];
    unsigned units = row_width(row) / map->unit;

    for (unsigned k = 0; k < row_count(row) * units; k++) {
        uint32_t element = k / units;
        uint32_t offset = row->offset + element * row_stride(row) +
                          k % units * map->unit;
        uint32_t i = offset / map->unit;

        if (map->row[i])
            return fwsim__error(m, FWSIM_EBOARD,
                                "%s: register %s overlaps %s at 0x%" PRIx32,
                                map->type->name, row->name,
                                map->type->regs[map->row[i] - 1].name, offset);
        map->row[i] = (uint16_t)(index + 1);
        map->element[i] = (uint16_t)element;
    }
    return 0;
}

/** Give each row its stored words; aliases come to those of their target. */
static void place_words(fwsim__regmap *map)
{
    const fwsim_reg *rows = map->type->regs;

    for (uint16_t i = 0; i < map->rows; i++)
        if (rows[i].alias == FWSIM_ALIAS_NONE) {
            map->slot[i] = map->words;
            map->words += row_count(&rows[i]);
        }
    for (uint16_t i = 0; i < map->rows; i++)
        if (rows[i].alias != FWSIM_ALIAS_NONE)
            map->slot[i] = map->slot[row_at_offset(map->type, rows[i].of) -
                                     rows];
}

static int decode(fwsim_machine *m, fwsim__regmap *map)
{
    const fwsim_periph_type *type = map->type;
    size_t units = type->size / map->unit + 1;
    int err = 0;

    map->row = calloc(units, sizeof *map->row);
    map->element = calloc(units, sizeof *map->element);
    map->slot = calloc(map->rows + 1u, sizeof *map->slot);
    if (!map->row || !map->element || !map->slot)
        return fwsim__error(m, FWSIM_ENOMEM, "no memory for the registers of %s",
                            type->name);
    for (uint16_t i = 0; i < map->rows && !err; i++)
        err = enter(m, map, i);
    place_words(map);
    return err;
}

int fwsim__regmap_build(fwsim_machine *m, const fwsim_periph_type *type,
                        fwsim__regmap *map)
{
    int err = check_rows(m, type);

    *map = (fwsim__regmap){ .type = type, .unit = 4 };
    if (err)
        return err;
    for (const fwsim_reg *row = type->regs; row->name; row++) {
        if (row_width(row) < map->unit)
            map->unit = row_width(row);
        if (++map->rows == UINT16_MAX)
            return bad_row(m, type, row, "too many registers", UINT16_MAX);
    }
    err = decode(m, map);
    if (err)
        fwsim__regmap_free(map);
    return err;
}

void fwsim__regmap_free(fwsim__regmap *map)
{
    free(map->row);
    free(map->element);
    free(map->slot);
    *map = (fwsim__regmap){ 0 };
}

void fwsim__regs_reset(fwsim_periph *p, fwsim_reset_kind kind)
{
    for (uint16_t i = 0; i < p->map->rows; i++) {
        const fwsim_reg *row = &p->type->regs[i];

        if (row->alias != FWSIM_ALIAS_NONE ||
            (row->retained && kind != FWSIM_RESET_POWER_ON))
            continue;
        for (unsigned k = 0; k < row_count(row); k++)
            p->regs[p->map->slot[i] + k] = row->reset;
    }
}

/* ------------------------------------------------------------------ */
/* Accesses                                                             */
/* ------------------------------------------------------------------ */

/** A register that an access has reached: a row and its element. */
typedef struct hit {
    const fwsim_reg *row;
    const fwsim_reg *target; /* of an alias, else the row itself */
    unsigned element;
    uint32_t word;   /* index of the stored word */
    uint32_t offset; /* of the element */
} hit;

/** Index of an offset in the map: the unit is 1, 2 or 4. */
static uint32_t map_index(const fwsim__regmap *map, uint32_t offset)
{
    return offset >> (map->unit >> 1);
}

static bool find(const fwsim_periph *p, uint32_t offset, hit *h)
{
    const fwsim__regmap *map = p->map;
    uint32_t i = map_index(map, offset);

    if (offset >= map->type->size || !map->row[i])
        return false;
    h->row = h->target = &map->type->regs[map->row[i] - 1];
    h->element = map->element[i];
    h->word = map->slot[map->row[i] - 1] + h->element;
    h->offset = h->row->offset + h->element * row_stride(h->row);
    if (h->row->alias != FWSIM_ALIAS_NONE)
        h->target =
            &map->type->regs[map->row[map_index(map, h->row->of)] - 1];
    return true;
}

static uint32_t read_row(fwsim_periph *p, const hit *h, uint32_t lanes)
{
    uint32_t stored = p->regs[h->word];
    uint32_t value = stored;

    /* Before the callbacks, which may set the bits anew: the next character
     * moves up while the one before it is read. */
    p->regs[h->word] &= ~(h->target->rc & lanes);
    if (h->target->on_read)
        value = h->target->on_read(p, h->element, value);
    if (h->row != h->target && h->row->on_read)
        value = h->row->on_read(p, h->element, value);
    return value;
}

/** Log bits of a write that do nothing, each of them once. */
static void report_bits(fwsim_periph *p, const hit *h, uint32_t written)
{
    uint32_t unimpl = h->target->unimpl & written;
    uint32_t stray = written & ~known_mask(h->target) & ~p->regs[h->word];
    uint32_t *reported = &p->reported[h->word];

    /* Ones that clear what is clear anyway are common and harmless; what
     * on_read would have given cannot be known without its side effects. */
    if (h->row->alias == FWSIM_ALIAS_CLEAR || h->target->on_read)
        stray = 0;
    if (unimpl & ~*reported)
        fwsim__log(p->m, FWSIM_LOG_WARN, FWSIM_TOPIC_UNIMPL, p->slot->name,
                   "%s (+0x%" PRIx32 "): bits 0x%" PRIx32
                   " are stored but have no effect",
                   h->row->name, h->offset, unimpl & ~*reported);
    if (stray & ~*reported)
        fwsim__log(p->m, FWSIM_LOG_WARN, FWSIM_TOPIC_GUEST_ERROR,
                   p->slot->name,
                   "%s (+0x%" PRIx32 "): ones written to the read-only or "
                   "reserved bits 0x%" PRIx32,
                   h->row->name, h->offset, stray & ~*reported);
    *reported |= unimpl | stray;
}

/** The value a write leaves, by the masks. */
static uint32_t written_value(const hit *h, uint32_t old, uint32_t written,
                              uint32_t lanes)
{
    uint32_t stored = stored_mask(h->target);

    switch (h->row->alias) {
    case FWSIM_ALIAS_SET:
        return old | (written & stored);
    case FWSIM_ALIAS_CLEAR:
        return old & ~(written & stored);
    case FWSIM_ALIAS_TOGGLE:
        return old ^ (written & stored);
    default:
        return ((old & ~(stored & lanes)) | (written & stored)) &
               ~(written & h->target->w1c) &
               ~(~written & h->target->w0c & lanes);
    }
}

static void write_row(fwsim_periph *p, const hit *h, uint32_t written,
                      uint32_t lanes)
{
    uint32_t value = written_value(h, p->regs[h->word], written, lanes);

    if (written & (~stored_mask(h->target) | h->target->unimpl))
        report_bits(p, h, written);
    p->regs[h->word] = value;
    if (h->target != h->row && h->target->on_write)
        h->target->on_write(p, h->element, value);
    if (h->row->on_write)
        h->row->on_write(p, h->element, written);
}

/** The part of an access that falls on one register. */
static void access_row(fwsim_periph *p, const hit *h, uint32_t offset,
                       unsigned width, bool write, uint32_t *value)
{
    unsigned first = offset - h->offset; /* byte of the register */
    uint32_t lanes = lanes_of(first, width);

    if (write)
        write_row(p, h, (*value << 8 * first) & lanes, lanes);
    else
        *value = (read_row(p, h, lanes) & lanes) >> 8 * first;
}

/** An access over several narrow registers, or over one and a gap. */
static bool access_several(fwsim_periph *p, uint32_t offset, unsigned width,
                           bool write, uint32_t *value, const char **name)
{
    uint32_t result = 0;
    bool any = false;
    unsigned step;

    for (unsigned at = 0; at < width; at += step) {
        uint32_t part = *value >> 8 * at;
        hit h;

        step = p->map->unit;
        if (!find(p, offset + at, &h))
            continue;
        if (!any)
            *name = h.row->name;
        any = true;
        step = row_width(h.row);
        access_row(p, &h, offset + at, step, write, &part);
        result |= (part & lanes_of(0, step)) << 8 * at;
    }
    if (!write)
        *value = result;
    return any;
}

bool fwsim__regs_access(fwsim_periph *p, uint32_t offset, unsigned width,
                        bool write, uint32_t *value, const char **name)
{
    hit h;

    *name = NULL;
    if (!p->map)
        return false;
    if (!find(p, offset, &h) || row_width(h.row) < width)
        return access_several(p, offset, width, write, value, name);
    *name = h.row->name;
    access_row(p, &h, offset, width, write, value);
    return true;
}

bool fwsim__regs_peek(const fwsim_periph *p, uint32_t offset, unsigned width,
                      uint32_t *value)
{
    hit h;

    if (!p->map || !find(p, offset, &h) || row_width(h.row) < width)
        return false;
    *value = p->regs[h.word] >> 8 * (offset - h.offset);
    if (width < 4)
        *value &= (1u << 8 * width) - 1;
    return true;
}

/* ------------------------------------------------------------------ */
/* For models                                                           */
/* ------------------------------------------------------------------ */

static uint32_t *stored_word(const fwsim_periph *p, uint32_t offset)
{
    hit h;
    bool found = p->map && find(p, offset, &h) && h.offset == offset;

    assert(found && "no register has this offset");
    return &p->regs[found ? h.word : 0];
}

uint32_t fwsim_reg_get(const fwsim_periph *p, uint32_t offset)
{
    return *stored_word(p, offset);
}

void fwsim_reg_set(fwsim_periph *p, uint32_t offset, uint32_t value)
{
    *stored_word(p, offset) = value;
}

void fwsim_reg_update(fwsim_periph *p, uint32_t offset, uint32_t clear,
                      uint32_t set)
{
    uint32_t *word = stored_word(p, offset);

    *word = (*word & ~clear) | set;
}

void *fwsim_state(fwsim_periph *p)
{
    return p->state;
}

const fwsim_slot *fwsim_periph_slot(const fwsim_periph *p)
{
    return p->slot;
}
