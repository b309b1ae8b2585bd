/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * CMSIS-SVD: from the tree of the file to tables. An element that derives from
 * another one, which may derive itself, is read as a chain: what the first
 * does not say the next may. What no element of a chain says comes from the
 * elements around it (size, access, reset value).
 */
#include "board/svd.h"
#include "board/svd_element.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef fwsim__svd_node node;
typedef fwsim__svd_chain chain;
typedef fwsim__svd_repeat repeat;
typedef fwsim__svd_reader reader;

enum { PERIPHS_MAX = 1 << 16, REGISTERS_MAX = 1 << 17, FIELDS_MAX = 1 << 19 };

/** What an element says, or one around it. */
typedef struct properties {
    uint64_t bits, reset, reset_mask;
    bool has_reset;
    uint8_t access, write, read_action;
} properties;

/** Room for one more item. @return the list, NULL after an error */
static void *grow(reader *r, const node *n, void *list, size_t count,
                  size_t size, size_t max)
{
    if (count >= max) {
        fwsim__svd_fail(r, n, FWSIM_EFORMAT, "more than any chip has");
        return NULL;
    }
    if ((count & (count - 1)) != 0 || r->err)
        return r->err ? NULL : list;
    list = realloc(list, (count ? count * 2 : 1) * size);
    if (!list)
        fwsim__svd_fail(r, n, FWSIM_ENOMEM, "out of memory");
    return list;
}

/* ------------------------------------------------------------------ */
/* Properties                                                           */
/* ------------------------------------------------------------------ */

/* clang-format off */
/* As files have them; what is written once is written all the same. */
static const fwsim__svd_word_row access_words[] = {
    { "read-write",     FWSIM__SVD_READ_WRITE },
    { "read-only",      FWSIM__SVD_READ_ONLY },
    { "read",           FWSIM__SVD_READ_ONLY },
    { "write-only",     FWSIM__SVD_WRITE_ONLY },
    { "write",          FWSIM__SVD_WRITE_ONLY },
    { "writeOnce",      FWSIM__SVD_WRITE_ONLY },
    { "writeonce",      FWSIM__SVD_WRITE_ONLY },
    { "read-writeOnce", FWSIM__SVD_READ_WRITE },
    { "read-writeonce", FWSIM__SVD_READ_WRITE },
    { 0 }
};

static const fwsim__svd_word_row write_words[] = {
    { "modify",       FWSIM__SVD_WRITE_STORES },
    { "oneToClear",   FWSIM__SVD_ONE_CLEARS },
    { "oneToSet",     FWSIM__SVD_ONE_SETS },
    { "oneToToggle",  FWSIM__SVD_ONE_TOGGLES },
    { "zeroToClear",  FWSIM__SVD_ZERO_CLEARS },
    { "zeroToSet",    FWSIM__SVD_ZERO_SETS },
    { "zeroToToggle", FWSIM__SVD_ZERO_TOGGLES },
    { "clear",        FWSIM__SVD_WRITE_CLEARS },
    { "set",          FWSIM__SVD_WRITE_SETS },
    { 0 }
};

static const fwsim__svd_word_row read_words[] = {
    { "clear",          FWSIM__SVD_READ_CLEARS },
    { "set",            FWSIM__SVD_READ_SETS },
    { "modify",         FWSIM__SVD_READ_MODIFIES },
    { "modifyExternal", FWSIM__SVD_READ_MODIFIES_OTHERS },
    { 0 }
};
/* clang-format on */

/** What an element says about what it contains. */
static properties within(reader *r, const chain *c, properties p)
{
    fwsim__svd_word(r, c, FWSIM__SVD_ACCESS, access_words, &p.access);
    fwsim__svd_word(r, c, FWSIM__SVD_MODIFIED_WRITE_VALUES, write_words,
                    &p.write);
    fwsim__svd_word(r, c, FWSIM__SVD_READ_ACTION, read_words, &p.read_action);
    return p;
}

/** The same, of elements that contain registers or are one. */
static properties within_sized(reader *r, const chain *c, properties p)
{
    p = within(r, c, p);
    fwsim__svd_number(r, c, FWSIM__SVD_SIZE, 4096, &p.bits);
    if (fwsim__svd_say(c, FWSIM__SVD_RESET_VALUE))
        p.has_reset = fwsim__svd_number(r, c, FWSIM__SVD_RESET_VALUE,
                                        UINT64_MAX, &p.reset);
    fwsim__svd_number(r, c, FWSIM__SVD_RESET_MASK, UINT64_MAX, &p.reset_mask);
    return p;
}

/* ------------------------------------------------------------------ */
/* What an element contains                                             */
/* ------------------------------------------------------------------ */

/** What the elements in a list have around them. */
typedef struct place {
    properties p;
    const char *prefix; /* of names */
    uint64_t offset;
    unsigned depth;           /* of clusters */
    fwsim__svd_register *reg; /* the one around fields */
} place;

typedef void read_item(reader *r, const node *item, const place *at);

/** Does an earlier element of the chain have one of the same name? */
static bool is_replaced(reader *r, const chain *c, size_t link,
                        const node *item)
{
    const char *name = fwsim__svd_text_of(item, FWSIM__SVD_NAME);

    for (size_t i = 0; name && i < link; i++)
        if (fwsim__svd_find(r, fwsim__svd_inside(c->link[i]), item->tag, name,
                            strlen(name)))
            return true;
    return false;
}

/** All elements of a kind in a chain: those of the first, and those of the
 * next that it does not replace. */
static void each(reader *r, const chain *c, fwsim__svd_tag tag, read_item *read,
                 const place *at)
{
    for (size_t i = 0; i < c->count; i++) {
        const node *list = fwsim__svd_inside(c->link[i]);

        for (const node *n = list ? list->first : NULL; n && !r->err;
             n = n->next)
            if (n->tag == tag && !is_replaced(r, c, i, n))
                read(r, n, at);
    }
}

/* ------------------------------------------------------------------ */
/* Fields                                                               */
/* ------------------------------------------------------------------ */

/** "[7:4]", or lsb and msb, or bitOffset and bitWidth. */
static bool read_bits(reader *r, const chain *c, uint64_t *lsb, uint64_t *msb)
{
    const node *range = fwsim__svd_say(c, FWSIM__SVD_BIT_RANGE);
    unsigned high, low;
    uint64_t width = 1;

    if (range) {
        if (sscanf(range->text, "[%u:%u]", &high, &low) != 2) {
            fwsim__svd_warn(r, range,
                            "expected bits such as [7:4], found '%.40s'",
                            range->text);
            return false;
        }
        *lsb = low;
        *msb = high;
        return true;
    }
    if (fwsim__svd_say(c, FWSIM__SVD_LSB))
        return fwsim__svd_number(r, c, FWSIM__SVD_LSB, 63, lsb) &&
               fwsim__svd_number(r, c, FWSIM__SVD_MSB, 63, msb);
    if (!fwsim__svd_number(r, c, FWSIM__SVD_BIT_OFFSET, 63, lsb) ||
        !fwsim__svd_number(r, c, FWSIM__SVD_BIT_WIDTH, 64, &width))
        return false;
    *msb = *lsb + width - 1;
    return true;
}

static void add_field(reader *r, const node *n, const fwsim__svd_field *f,
                      fwsim__svd_register *reg)
{
    fwsim__svd *svd = r->svd;
    void *list = grow(r, n, svd->fields, svd->field_count, sizeof *svd->fields,
                      FIELDS_MAX);

    if (!list)
        return;
    svd->fields = list;
    svd->fields[svd->field_count] = *f;
    svd->fields[svd->field_count].order = (uint32_t)svd->field_count;
    svd->field_count++;
    reg->field_count++;
}

static void read_field(reader *r, const node *n, const place *at)
{
    const chain c = fwsim__svd_chain_of(r, n);
    const properties p = within(r, &c, at->p);
    const char *name = fwsim__svd_say_text(&c, FWSIM__SVD_NAME);
    uint64_t lsb = 0, msb = UINT64_MAX;
    repeat x;

    if (!name || !read_bits(r, &c, &lsb, &msb) ||
        !fwsim__svd_repeats(r, &c, &x))
        return;
    for (uint64_t i = 0; i < x.count && !r->err; i++) {
        uint64_t shift = i * x.step;
        fwsim__svd_field f = {
            .description = fwsim__svd_say_text(&c, FWSIM__SVD_DESCRIPTION),
            .access = p.access,
            .write = p.write,
            .read_action = p.read_action
        };

        if (msb < lsb || msb + shift >= at->reg->width * 8u) {
            fwsim__svd_warn(r, n, "the field %.40s is outside of its register",
                            name);
            return;
        }
        f.name = fwsim__svd_next_name(r, n, "", name, &x, i);
        f.lsb = (uint8_t)(lsb + shift);
        f.width = (uint8_t)(msb - lsb + 1);
        add_field(r, n, &f, at->reg);
    }
}

static int by_lsb(const void *a, const void *b)
{
    const fwsim__svd_field *x = a, *y = b;

    if (x->lsb != y->lsb)
        return x->lsb < y->lsb ? -1 : 1;
    return x->order < y->order ? -1 : x->order > y->order;
}

/* ------------------------------------------------------------------ */
/* Registers                                                            */
/* ------------------------------------------------------------------ */

static void add_register(reader *r, const node *n, const chain *c,
                         fwsim__svd_register *reg, const properties *p)
{
    fwsim__svd *svd = r->svd;
    void *list = grow(r, n, svd->registers, svd->register_count,
                      sizeof *svd->registers, REGISTERS_MAX);

    if (!list)
        return;
    svd->registers = list;
    reg->order = (uint32_t)svd->register_count;
    reg->field = svd->field_count;
    each(r, c, FWSIM__SVD_FIELD, read_field, &(place){ .p = *p, .reg = reg });
    if (reg->field_count)
        qsort(svd->fields + reg->field, reg->field_count, sizeof *svd->fields,
              by_lsb);
    svd->registers[svd->register_count++] = *reg;
}

/** Bytes of a register of some bits; 0: none has */
static uint8_t bytes_for(uint64_t bits)
{
    return bits == 0    ? 0
           : bits <= 8  ? 1
           : bits <= 16 ? 2
           : bits <= 32 ? 4
           : bits <= 64 ? 8
                        : 0;
}

/** What all repetitions of a register have in common. */
static fwsim__svd_register common(const chain *c, const properties *p)
{
    fwsim__svd_register reg = {
        .description = fwsim__svd_say_text(c, FWSIM__SVD_DESCRIPTION),
        .width = bytes_for(p->bits),
        .access = p->access,
        .write = p->write,
        .read_action = p->read_action,
    };
    uint64_t all = p->bits < 64 ? (UINT64_C(1) << p->bits) - 1 : UINT64_MAX;

    reg.reset_mask = p->reset_mask & all;
    reg.reset = p->reset & reg.reset_mask;
    reg.has_reset = p->has_reset && reg.reset_mask;
    return reg;
}

static void read_register(reader *r, const node *n, const place *at)
{
    const chain c = fwsim__svd_chain_of(r, n);
    const properties p = within_sized(r, &c, at->p);
    const char *name = fwsim__svd_say_text(&c, FWSIM__SVD_NAME);
    fwsim__svd_register reg = common(&c, &p);
    uint64_t offset = 0;
    repeat x;

    if (!name || !fwsim__svd_repeats(r, &c, &x) ||
        !fwsim__svd_number(r, &c, FWSIM__SVD_ADDRESS_OFFSET, UINT32_MAX,
                           &offset))
        return;
    for (uint64_t i = 0; i < x.count && !r->err; i++) {
        uint64_t where = at->offset + offset + i * x.step;

        if (!reg.width || where > UINT32_MAX - 8) {
            fwsim__svd_warn(r, n, "the register %.40s has no place or no size",
                            name);
            return;
        }
        reg.name = fwsim__svd_next_name(r, n, at->prefix, name, &x, i);
        reg.offset = (uint32_t)where;
        reg.field_count = 0;
        add_register(r, n, &c, &reg, &p);
    }
}

static void read_cluster(reader *r, const node *n, const place *at)
{
    const chain c = fwsim__svd_chain_of(r, n);
    const char *name = fwsim__svd_say_text(&c, FWSIM__SVD_NAME);
    place in = { .p = within_sized(r, &c, at->p), .depth = at->depth + 1 };
    char prefix[128];
    uint64_t offset = 0;
    repeat x;

    if (!name || !fwsim__svd_repeats(r, &c, &x) ||
        in.depth > FWSIM__SVD_CHAIN ||
        !fwsim__svd_number(r, &c, FWSIM__SVD_ADDRESS_OFFSET, UINT32_MAX,
                           &offset))
        return;
    for (uint64_t i = 0; i < x.count && !r->err; i++) {
        snprintf(prefix, sizeof prefix, "%s.",
                 fwsim__svd_next_name(r, n, at->prefix, name, &x, i));
        in.prefix = prefix;
        in.offset = at->offset + offset + i * x.step;
        each(r, &c, FWSIM__SVD_REGISTER, read_register, &in);
        each(r, &c, FWSIM__SVD_CLUSTER, read_cluster, &in);
    }
}

static int by_offset(const void *a, const void *b)
{
    const fwsim__svd_register *x = a, *y = b;

    if (x->offset != y->offset)
        return x->offset < y->offset ? -1 : 1;
    return x->order < y->order ? -1 : x->order > y->order;
}

/* ------------------------------------------------------------------ */
/* Peripherals                                                          */
/* ------------------------------------------------------------------ */

static void read_interrupts(reader *r, const node *n, fwsim__svd_periph *p)
{
    fwsim__svd *svd = r->svd;

    p->irq = svd->interrupt_count;
    for (const node *i = n->first; i && !r->err; i = i->next) {
        const chain c = { .link = { i }, .count = 1 };
        const char *name = fwsim__svd_say_text(&c, FWSIM__SVD_NAME);
        uint64_t line = UINT64_MAX;
        void *list;

        if (i->tag != FWSIM__SVD_INTERRUPT ||
            !fwsim__svd_number(r, &c, FWSIM__SVD_VALUE, 1023, &line) ||
            line > 1023)
            continue;
        list = grow(r, i, svd->interrupts, svd->interrupt_count,
                    sizeof *svd->interrupts, REGISTERS_MAX);
        if (!list)
            return;
        svd->interrupts = list;
        svd->interrupts[svd->interrupt_count++] =
            (fwsim__svd_interrupt){ name ? name : "", (unsigned)line };
        p->irq_count++;
    }
}

/** End of the last address block of the first element that has one. */
static uint32_t block_size(reader *r, const chain *c)
{
    const node *first = fwsim__svd_say(c, FWSIM__SVD_ADDRESS_BLOCK);
    uint64_t end = 0;

    for (const node *b = first; b; b = b->next) {
        const chain block = { .link = { b }, .count = 1 };
        uint64_t offset = 0, size = 0;

        if (b->tag == FWSIM__SVD_ADDRESS_BLOCK &&
            fwsim__svd_number(r, &block, FWSIM__SVD_OFFSET, UINT32_MAX,
                              &offset) &&
            fwsim__svd_number(r, &block, FWSIM__SVD_SIZE, UINT32_MAX, &size) &&
            offset + size > end)
            end = offset + size;
    }
    return end > UINT32_MAX ? UINT32_MAX : (uint32_t)end;
}

static void read_registers(reader *r, const chain *c, const properties *p,
                           fwsim__svd_periph *periph)
{
    fwsim__svd *svd = r->svd;
    const place at = { .p = *p, .prefix = "" };

    periph->reg = svd->register_count;
    each(r, c, FWSIM__SVD_REGISTER, read_register, &at);
    each(r, c, FWSIM__SVD_CLUSTER, read_cluster, &at);
    periph->reg_count = svd->register_count - periph->reg;
    if (periph->reg_count)
        qsort(svd->registers + periph->reg, periph->reg_count,
              sizeof *svd->registers, by_offset);
    for (size_t i = periph->reg; i < svd->register_count; i++) {
        const fwsim__svd_register *reg = &svd->registers[i];

        if (periph->size < reg->offset + reg->width)
            periph->size = reg->offset + reg->width;
    }
}

static void read_periph(reader *r, const node *n, const place *at)
{
    const chain c = fwsim__svd_chain_of(r, n);
    const properties p = within_sized(r, &c, at->p);
    const char *name = fwsim__svd_say_text(&c, FWSIM__SVD_NAME);
    fwsim__svd *svd = r->svd;
    uint64_t base = UINT64_MAX;
    repeat x;

    if (!name || !fwsim__svd_repeats(r, &c, &x) ||
        !fwsim__svd_number(r, &c, FWSIM__SVD_BASE_ADDRESS, UINT64_MAX >> 1,
                           &base))
        return;
    if (base == UINT64_MAX) {
        fwsim__svd_warn(r, n, "%.40s has no address", name);
        return;
    }
    for (uint64_t i = 0; i < x.count && !r->err; i++) {
        void *list = grow(r, n, svd->periphs, svd->periph_count,
                          sizeof *svd->periphs, PERIPHS_MAX);
        fwsim__svd_periph periph = {
            .name = fwsim__svd_next_name(r, n, "", name, &x, i),
            .group = fwsim__svd_say_text(&c, FWSIM__SVD_GROUP_NAME),
            .description = fwsim__svd_say_text(&c, FWSIM__SVD_DESCRIPTION),
            .derived_from = c.count > 1 ? n->derived_from : NULL,
            .base = base + i * x.step,
            .size = block_size(r, &c)
        };

        if (!list)
            return;
        svd->periphs = list;
        read_interrupts(r, n, &periph);
        read_registers(r, &c, &p, &periph);
        svd->periphs[svd->periph_count++] = periph;
    }
}

/* ------------------------------------------------------------------ */
/* The device                                                           */
/* ------------------------------------------------------------------ */

static void read_device(reader *r, const node *device)
{
    const chain c = { .link = { device }, .count = 1 };
    const node *cpu = fwsim__svd_child(device, FWSIM__SVD_CPU);
    const chain core = { .link = { cpu }, .count = cpu ? 1 : 0 };
    const node *list = fwsim__svd_child(device, FWSIM__SVD_PERIPHERALS);
    uint64_t unit = 8, priorities = 0;
    place at = { .p = { .bits = 32, .reset_mask = UINT64_MAX } };

    r->svd->vendor = fwsim__svd_text_of(device, FWSIM__SVD_VENDOR);
    r->svd->name = fwsim__svd_text_of(device, FWSIM__SVD_NAME);
    r->svd->cpu = fwsim__svd_say_text(&core, FWSIM__SVD_NAME);
    fwsim__svd_number(r, &core, FWSIM__SVD_NVIC_PRIO_BITS, 8, &priorities);
    r->svd->nvic_prio_bits = (unsigned)priorities;
    fwsim__svd_number(r, &c, FWSIM__SVD_ADDRESS_UNIT_BITS, 64, &unit);
    r->svd->address_unit_bits = (unsigned)unit;
    if (!list || unit != 8) {
        fwsim__svd_fail(r, device, list ? FWSIM_ENOTSUP : FWSIM_EFORMAT,
                        list
                            ? "addresses do not count bytes"
                            : "expected the element 'peripherals', found none");
        return;
    }
    at.p = within_sized(r, &c, at.p);
    for (const node *n = list->first; n && !r->err; n = n->next)
        if (n->tag == FWSIM__SVD_PERIPHERAL)
            read_periph(r, n, &at);
}

int fwsim__svd_read(fwsim__svd **out, const fwsim__text_source *source)
{
    reader r = { .source = source, .svd = calloc(1, sizeof *r.svd) };
    node *root = NULL;

    *out = NULL;
    if (!r.svd)
        return FWSIM_ENOMEM;
    r.err = fwsim__svd_tree(&r.arena, &root, source);
    if (!r.err)
        read_device(&r, root);
    r.svd->strings = r.arena;
    if (r.err)
        fwsim__svd_free(r.svd);
    else
        *out = r.svd;
    return r.err;
}

void fwsim__svd_free(fwsim__svd *svd)
{
    if (!svd)
        return;
    fwsim__svd_release(svd->strings);
    free(svd->periphs);
    free(svd->registers);
    free(svd->fields);
    free(svd->interrupts);
    free(svd);
}
