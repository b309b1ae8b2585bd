/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Channels whose registers lie as in a controller that manuals describe. What
 * counts is which registers the firmware has used around an address in RAM, at
 * which distances and with which widths; no address of a controller is known.
 */
#include "infer/dma.h"

enum {
    NEEDS = 7,
    BLOCK = 0x400,
    PERIPHERAL_SPACE = 0x40000000, /* DDI 0403E B3.1 */
    TIMES = 2 /* double-sized elements: half-words, words */
};

/** Where the direction is. */
typedef enum direction {
    IN,   /* to memory */
    OUT,
    BIT4, /* of the control register: 1 is out */
    BIT6  /* 01 is out, 10 in and from memory */
} direction;

typedef struct place {
    int8_t offset; /* from the register with the address */
    uint8_t width; /* 0: the list ends */
} place;

typedef struct layout {
    unsigned first, stride; /* of such address registers in their block */
    direction direction;
    place count;
    place unit;      /* register with the bytes an element; width 0: none */
    place control;   /* width 0: none */
    place peer;      /* the address at the other end; width 0: none */
    place next;      /* the buffer after this one; width 0: none */
    uint8_t size_lsb; /* of a 2-bit size in the control register; 0: none */
    place on;        /* register whose bit 0 enables; width 0: none */
    uint8_t circular_lsb; /* in the control register; 0: none */
    bool keeps;
    place needs[NEEDS]; /* further registers that were written */
} layout;

/* clang-format off */
static const layout layouts[] = {
    /* NXP K64 (K64P144M120SF5RM) 21.3.17: transfer control descriptor, source
     * and destination. */
    { .first = 0x00, .stride = 0x20, .direction = OUT,
      .count = { 0x16, 2 }, .unit = { 0x08, 4 }, .peer = { 0x10, 4 },
      .keeps = true,
      .needs = { { 0x04, 2 }, { 0x06, 2 }, { 0x14, 2 }, { 0x1c, 2 },
                 { 0x1e, 2 } } },
    { .first = 0x10, .stride = 0x20, .direction = IN,
      .count = { 0x06, 2 }, .unit = { -0x08, 4 }, .peer = { -0x10, 4 },
      .keeps = true,
      .needs = { { -0x0c, 2 }, { -0x0a, 2 }, { 0x04, 2 }, { 0x0c, 2 },
                 { 0x0e, 2 } } },
    /* ST RM0008 13.4: CCRx, CNDTRx, CPARx, CMARx. */
    { .first = 0x14, .stride = 0x14, .direction = BIT4,
      .count = { -0x08, 4 }, .control = { -0x0c, 4 }, .peer = { -0x04, 4 },
      .size_lsb = 10, .on = { -0x0c, 4 }, .circular_lsb = 5 },
    /* ST RM0090 10.5: SxCR, SxNDTR, SxPAR, SxM0AR. */
    { .first = 0x1c, .stride = 0x18, .direction = BIT6,
      .count = { -0x08, 4 }, .control = { -0x0c, 4 }, .peer = { -0x04, 4 },
      .size_lsb = 13, .on = { -0x0c, 4 }, .circular_lsb = 8 },
    /* Atmel SAM3X (11057) 26.5: RPR, RCR, TPR, TCR, next ones, PTCR. */
    { .first = 0x100, .stride = BLOCK, .direction = IN,
      .count = { 0x04, 4 }, .next = { 0x10, 4 }, .needs = { { 0x20, 4 } } },
    { .first = 0x108, .stride = BLOCK, .direction = OUT,
      .count = { 0x04, 4 }, .next = { 0x10, 4 }, .needs = { { 0x18, 4 } } },
    { .first = 0x110, .stride = BLOCK, .direction = IN,
      .count = { 0x04, 4 }, .needs = { { 0x10, 4 } } },
    { .first = 0x118, .stride = BLOCK, .direction = OUT,
      .count = { 0x04, 4 }, .needs = { { 0x08, 4 } } },
    /* Nordic nRF52832 PS 31.8, 35.9: RXD.PTR and .MAXCNT, TXD.PTR and .MAXCNT */
    { .first = 0x134, .stride = BLOCK, .direction = IN,
      .count = { 0x04, 4 }, .keeps = true },
    { .first = 0x144, .stride = BLOCK, .direction = OUT,
      .count = { 0x04, 4 }, .keeps = true },
    /* Nuvoton NUC123 TRM 6.8.7: PDMA_CSRx, SARx, DARx, BCRx. */
    { .first = 0x04, .stride = 0x100, .direction = OUT,
      .count = { 0x08, 4 }, .on = { -0x04, 4 }, .peer = { 0x04, 4 } },
    { .first = 0x08, .stride = 0x100, .direction = IN,
      .count = { 0x04, 4 }, .on = { -0x08, 4 }, .peer = { -0x04, 4 } },
    /* Renesas RA4W1 (R01UH0884) 16.2: DMSAR, DMDAR, DMCRA, DMTMD, DMCNT. */
    { .first = 0x00, .stride = 0x40, .direction = OUT,
      .count = { 0x08, 4 }, .control = { 0x10, 2 }, .peer = { 0x04, 4 },
      .size_lsb = 8, .on = { 0x1c, 1 } },
    { .first = 0x04, .stride = 0x40, .direction = IN,
      .count = { 0x04, 4 }, .control = { 0x0c, 2 }, .peer = { -0x04, 4 },
      .size_lsb = 8, .on = { 0x18, 1 } },
};
/* clang-format on */

static const fwsim__cell *at(const fwsim__infer *f, const fwsim__cell *address,
                             place p)
{
    const fwsim__cell *c;

    if (!p.width)
        return NULL;
    c = fwsim__cell_find(f, address->addr + (uint64_t)p.offset);
    return c && c->writes && c->width == p.width ? c : NULL;
}

static bool has(const fwsim__infer *f, const fwsim__cell *address, place p)
{
    return !p.width || at(f, address, p);
}

static bool fits(const fwsim__infer *f, const fwsim__cell *address,
                 const layout *l)
{
    unsigned offset = (unsigned)(address->addr % BLOCK);

    if (offset < l->first || (offset - l->first) % l->stride)
        return false;
    for (unsigned i = 0; i < NEEDS && l->needs[i].width; i++)
        if (!at(f, address, l->needs[i]))
            return false;
    return at(f, address, l->count) && has(f, address, l->unit) &&
           has(f, address, l->control) && has(f, address, l->on) &&
           has(f, address, l->peer);
}

/** Elements of which two buffers that follow each other are made: their
 * distance tells. */
static uint32_t unit_from_next(const fwsim__infer *f,
                               const fwsim__cell *address, const layout *l)
{
    const fwsim__cell *next = at(f, address, l->next);
    uint32_t count = at(f, address, l->count)->last_write;

    for (unsigned i = 1; next && i <= TIMES; i++)
        if (count && next->last_write - address->last_write == count << i)
            return 1u << i;
    return 1;
}

static uint32_t unit_of(const fwsim__infer *f, const fwsim__cell *address,
                        const layout *l)
{
    const fwsim__cell *unit = at(f, address, l->unit);
    const fwsim__cell *control = at(f, address, l->control);

    if (unit)
        return unit->last_write;
    if (control && l->size_lsb)
        return 1u << (control->last_write >> l->size_lsb & 3);
    return unit_from_next(f, address, l);
}

static bool goes_in(const layout *l, uint32_t control)
{
    switch (l->direction) {
    case IN:
        return true;
    case OUT:
        return false;
    case BIT4:
        return !(control >> 4 & 1);
    default:
        return (control >> 6 & 3) != 1;
    }
}

/** Does the other end agree? Half of these layouts have it in a register. */
static bool is_plausible(const fwsim__infer *f, const fwsim__cell *address,
                         const layout *l)
{
    const fwsim__cell *peer = at(f, address, l->peer);

    return !peer || l->direction == IN || l->direction == OUT ||
           peer->last_write >= PERIPHERAL_SPACE;
}

bool fwsim__dma_layout(const fwsim__infer *f, const fwsim__cell *address,
                       fwsim__dma_shape *shape)
{
    for (size_t i = 0; i < sizeof layouts / sizeof *layouts; i++) {
        const layout *l = &layouts[i];
        const fwsim__cell *control, *peer, *on;

        if (!fits(f, address, l) || !is_plausible(f, address, l))
            continue;
        control = at(f, address, l->control);
        peer = at(f, address, l->peer);
        on = at(f, address, l->on);
        *shape = (fwsim__dma_shape){
            .count = (uint32_t)(at(f, address, l->count) - f->cell) + 1,
            .unit = unit_of(f, address, l),
            .peer = peer && peer->last_write < PERIPHERAL_SPACE
                        ? peer->last_write
                        : 0,
            .to_memory = goes_in(l, control ? control->last_write : 0),
            .keeps = l->keeps,
            .repeats = l->circular_lsb &&
                       control->last_write >> l->circular_lsb & 1,
            .control = on ? (uint32_t)(on - f->cell) + 1 : 0,
            .off = on && !(on->last_write & FWSIM__DMA_START),
        };
        return true;
    }
    return false;
}
