/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * CMSDK AHB GPIO: a port of 16 pins.
 *
 * Source: Arm DDI 0479, AHB GPIO.
 * Modelled: input, output, masked access, interrupts by level and by edge.
 * Not modelled: see gpio_gaps.
 */
#include "fwsim_periph.h"
#include "cmsdk_id.h"

enum {
    DATA = 0x000,
    DATAOUT = 0x004,
    /* Pairs: SET here, CLR four bytes on. */
    OUTEN = 0x010,
    ALTFUNC = 0x018,
    INTEN = 0x020,
    INTTYPE = 0x028, /* 1: edge, 0: level */
    INTPOL = 0x030,  /* 1: high or rising, 0: low or falling */
    INTSTATUS = 0x038,
    MASKLOWBYTE = 0x400,
    MASKHIGHBYTE = 0x800
};
enum { PINS = 16, ALL_PINS = 0xffff, MASKS = 256, HIGH = 8 };

typedef struct gpio {
    uint32_t levels; /* of the pins */
} gpio;

/* INTSTATUS keeps what an enabled pin has raised until it is cleared; a level
 * that is still there raises it again. @a edges: pins that have changed */
static void update(fwsim_periph *p, uint32_t edges)
{
    const gpio *g = fwsim_state(p);
    uint32_t active = ~(g->levels ^ fwsim_reg_get(p, INTPOL));
    uint32_t type = fwsim_reg_get(p, INTTYPE);
    uint32_t raised = active & (~type | (type & edges)) &
                      fwsim_reg_get(p, INTEN) & ALL_PINS;

    fwsim_reg_update(p, INTSTATUS, 0, raised);
    fwsim_irq_set(p, 0, fwsim_reg_get(p, INTSTATUS));
}

static void drive(fwsim_periph *p)
{
    uint32_t out = fwsim_reg_get(p, DATAOUT), enabled = fwsim_reg_get(p, OUTEN);

    for (unsigned bit = 0; bit < PINS; bit++)
        fwsim_port_drive(p, bit,
                         !(enabled >> bit & 1) ? FWSIM_PIN_FLOAT
                         : out >> bit & 1      ? FWSIM_PIN_HIGH
                                               : FWSIM_PIN_LOW);
}

static void set_output(fwsim_periph *p, uint32_t clear, uint32_t set)
{
    fwsim_reg_update(p, DATAOUT, clear, set);
    fwsim_reg_set(p, DATA, fwsim_reg_get(p, DATAOUT));
    drive(p);
}

static uint32_t data_read(fwsim_periph *p, unsigned index, uint32_t stored)
{
    const gpio *g = fwsim_state(p);

    (void)index;
    (void)stored;
    return g->levels;
}

static void data_written(fwsim_periph *p, unsigned index, uint32_t written)
{
    (void)index;
    (void)written;
    set_output(p, ALL_PINS, fwsim_reg_get(p, DATA));
}

static void dataout_written(fwsim_periph *p, unsigned index, uint32_t written)
{
    (void)index;
    (void)written;
    set_output(p, 0, 0);
}

/* A pair: element 0 sets bits, element 1 clears them; both read the same. */
static void pair_written(fwsim_periph *p, uint32_t pair, unsigned index,
                         uint32_t written)
{
    uint32_t bits = written & ALL_PINS;

    for (unsigned i = 0; i < 2; i++)
        fwsim_reg_update(p, pair + 4 * i, index ? bits : 0, index ? 0 : bits);
}

static void outen_written(fwsim_periph *p, unsigned index, uint32_t written)
{
    pair_written(p, OUTEN, index, written);
    drive(p);
}

static void altfunc_written(fwsim_periph *p, unsigned index, uint32_t written)
{
    pair_written(p, ALTFUNC, index, written);
}

static void inten_written(fwsim_periph *p, unsigned index, uint32_t written)
{
    pair_written(p, INTEN, index, written);
    update(p, 0);
}

static void inttype_written(fwsim_periph *p, unsigned index, uint32_t written)
{
    pair_written(p, INTTYPE, index, written);
    update(p, 0);
}

static void intpol_written(fwsim_periph *p, unsigned index, uint32_t written)
{
    pair_written(p, INTPOL, index, written);
    update(p, 0);
}

static void intclear_written(fwsim_periph *p, unsigned index, uint32_t written)
{
    (void)index;
    (void)written;
    update(p, 0);
}

/* Masked access: the address holds the mask of the byte. */
static uint32_t low_read(fwsim_periph *p, unsigned index, uint32_t stored)
{
    const gpio *g = fwsim_state(p);

    (void)stored;
    return g->levels & index;
}

static void low_written(fwsim_periph *p, unsigned index, uint32_t written)
{
    set_output(p, index, written & index);
}

static uint32_t high_read(fwsim_periph *p, unsigned index, uint32_t stored)
{
    const gpio *g = fwsim_state(p);

    (void)stored;
    return g->levels & index << HIGH;
}

static void high_written(fwsim_periph *p, unsigned index, uint32_t written)
{
    set_output(p, index << HIGH, written & index << HIGH);
}

static void gpio_pin(fwsim_periph *p, unsigned pin, bool level)
{
    gpio *g = fwsim_state(p);
    unsigned bit = pin - fwsim_periph_slot(p)->first_pin;

    if (bit >= PINS)
        return;
    g->levels = (g->levels & ~(1u << bit)) | (uint32_t)level << bit;
    update(p, 1u << bit);
}

static void gpio_reset(fwsim_periph *p, fwsim_reset_kind kind)
{
    gpio *g = fwsim_state(p);

    (void)kind;
    g->levels = 0;
    for (unsigned bit = 0; bit < PINS; bit++)
        g->levels |= (uint32_t)fwsim_port_level(p, bit) << bit;
    update(p, 0);
}

/* clang-format off */
static const fwsim_reg gpio_regs[] = {
    { "DATA",         DATA,         .rw = ALL_PINS, .on_read = data_read, .on_write = data_written },
    { "DATAOUT",      DATAOUT,      .rw = ALL_PINS, .on_write = dataout_written },
    { "OUTEN",        OUTEN,   2,   .wo = ALL_PINS, .on_write = outen_written },
    { "ALTFUNC",      ALTFUNC, 2,   .wo = ALL_PINS, .on_write = altfunc_written },
    { "INTEN",        INTEN,   2,   .wo = ALL_PINS, .on_write = inten_written },
    { "INTTYPE",      INTTYPE, 2,   .wo = ALL_PINS, .on_write = inttype_written },
    { "INTPOL",       INTPOL,  2,   .wo = ALL_PINS, .on_write = intpol_written },
    { "INTSTATUS",    INTSTATUS,    .w1c = ALL_PINS, .on_write = intclear_written },
    { "MASKLOWBYTE",  MASKLOWBYTE,  MASKS, .wo = 0x00ff, .on_read = low_read, .on_write = low_written },
    { "MASKHIGHBYTE", MASKHIGHBYTE, MASKS, .wo = 0xff00, .on_read = high_read, .on_write = high_written },
    CMSDK_ID_ROWS(0x20, 0x1b),
    FWSIM_REG_END
};
/* clang-format on */

static const char *const gpio_gaps[] = {
    "the interrupt of each pin: only the combined one has a line",
    "ALTFUNC: kept, but the chip connects no function to pins",
    "the two clocks until an input is seen",
    NULL
};

const fwsim_periph_type cmsdk_gpio = {
    .name = "cmsdk_gpio",
    .summary = "CMSDK AHB GPIO: a port of 16 pins",
    .source = "Arm DDI 0479, AHB GPIO",
    .gaps = gpio_gaps,
    .size = 0x1000,
    .regs = gpio_regs,
    .state_size = sizeof(gpio),
    .irqs = 1,
    .on_reset = gpio_reset,
    .on_pin = gpio_pin,
};
