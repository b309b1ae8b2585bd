/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * nRF51 GPIO port.
 *
 * Source: nRF51 RM v3.0, chapter 14.
 * Modelled: output, direction, pulls, drive modes that leave a level open,
 * input buffers, sense and the DETECT signal.
 */
#include "fwsim_periph.h"

enum { OUT = 0x504, DIR = 0x514, PIN_CNF = 0x700 };
enum {
    /* The DETECT signal has no register; it is signalled with this offset. */
    DETECT = 0x000,
    PINS = 32
};
enum {
    CNF_DIR = 1u << 0,   /* the same bit as in DIR */
    CNF_INPUT = 1u << 1, /* 1: the input buffer is disconnected */
    CNF_PULL_SHIFT = 2, CNF_DRIVE_SHIFT = 8, CNF_SENSE_SHIFT = 16
};
enum { DRIVE_D0S1 = 4, DRIVE_D0H1 = 5, DRIVE_S0D1 = 6, DRIVE_H0D1 = 7 };
enum { SENSE_HIGH = 2, SENSE_LOW = 3 };

/* One bit a pin. */
typedef struct gpio {
    uint32_t levels;
    uint32_t inputs; /* connected to their buffer */
    uint32_t sense_high, sense_low;
    uint32_t out;    /* as driven */
    uint32_t detect; /* the signal, 0 or 1 */
} gpio;

static uint32_t cnf_of(fwsim_periph *p, unsigned bit)
{
    return fwsim_reg_get(p, PIN_CNF + 4 * bit);
}

/** RM 14, PIN_CNF: what the port does to a pin. */
static fwsim_drive drive_of(fwsim_periph *p, unsigned bit)
{
    static const fwsim_drive pulls[] = {
        FWSIM_PIN_FLOAT, FWSIM_PIN_PULL_DOWN, FWSIM_PIN_FLOAT, FWSIM_PIN_PULL_UP
    };
    uint32_t cnf = cnf_of(p, bit);
    uint32_t mode = cnf >> CNF_DRIVE_SHIFT & 7;
    bool out = fwsim_reg_get(p, OUT) >> bit & 1;
    bool open = out ? mode == DRIVE_S0D1 || mode == DRIVE_H0D1
                    : mode == DRIVE_D0S1 || mode == DRIVE_D0H1;

    if (!(cnf & CNF_DIR) || open)
        return pulls[cnf >> CNF_PULL_SHIFT & 3];
    return out ? FWSIM_PIN_HIGH : FWSIM_PIN_LOW;
}

/** RM 14.1: DETECT is high while a pin has the level it is sensed for. */
static void update_detect(fwsim_periph *p)
{
    gpio *g = fwsim_state(p);
    uint32_t sensed = (g->levels & g->sense_high) | (~g->levels & g->sense_low);
    bool before = g->detect;

    g->detect = (sensed & g->inputs) != 0;
    if (g->detect && !before)
        fwsim_signal(p, DETECT);
}

static uint32_t with_bit(uint32_t word, unsigned bit, bool value)
{
    return (word & ~(1u << bit)) | (uint32_t)value << bit;
}

static void configure(fwsim_periph *p, unsigned bit)
{
    gpio *g = fwsim_state(p);
    uint32_t cnf = cnf_of(p, bit);
    uint32_t sense = cnf >> CNF_SENSE_SHIFT & 3;

    g->inputs = with_bit(g->inputs, bit, !(cnf & CNF_INPUT));
    g->sense_high = with_bit(g->sense_high, bit, sense == SENSE_HIGH);
    g->sense_low = with_bit(g->sense_low, bit, sense == SENSE_LOW);
    fwsim_port_drive(p, bit, drive_of(p, bit));
}

static void cnf_written(fwsim_periph *p, unsigned index, uint32_t written)
{
    (void)written;
    fwsim_reg_set(p, DIR, with_bit(fwsim_reg_get(p, DIR), index,
                                   cnf_of(p, index) & CNF_DIR));
    configure(p, index);
    update_detect(p);
}

static void dir_written(fwsim_periph *p, unsigned index, uint32_t written)
{
    uint32_t dir = fwsim_reg_get(p, DIR);

    (void)index, (void)written;
    for (unsigned bit = 0; bit < PINS; bit++) {
        uint32_t is = dir >> bit & 1;

        if (is == (cnf_of(p, bit) & CNF_DIR))
            continue;
        fwsim_reg_update(p, PIN_CNF + 4 * bit, CNF_DIR, is);
        configure(p, bit);
    }
}

static void out_written(fwsim_periph *p, unsigned index, uint32_t written)
{
    gpio *g = fwsim_state(p);
    uint32_t out = fwsim_reg_get(p, OUT);
    uint32_t changed = out ^ g->out;

    (void)index, (void)written;
    g->out = out;
    for (unsigned bit = 0; changed && bit < PINS; bit++)
        if (changed >> bit & 1)
            fwsim_port_drive(p, bit, drive_of(p, bit));
}

static uint32_t in_read(fwsim_periph *p, unsigned index, uint32_t stored)
{
    gpio *g = fwsim_state(p);

    (void)index, (void)stored;
    return g->levels & g->inputs;
}

static void gpio_pin(fwsim_periph *p, unsigned pin, bool level)
{
    gpio *g = fwsim_state(p);
    unsigned bit = pin - fwsim_periph_slot(p)->first_pin;

    if (bit >= PINS)
        return;
    g->levels = with_bit(g->levels, bit, level);
    update_detect(p);
}

static void gpio_reset(fwsim_periph *p, fwsim_reset_kind kind)
{
    gpio *g = fwsim_state(p);

    (void)kind;
    *g = (gpio){ 0 };
    for (unsigned bit = 0; bit < PINS; bit++)
        g->levels = with_bit(g->levels, bit, fwsim_port_level(p, bit));
}

/* clang-format off */
static const fwsim_reg gpio_regs[] = {
    { "OUT",     OUT,   .rw = ~0u, .on_write = out_written },
    { "OUTSET",  0x508, .alias = FWSIM_ALIAS_SET,   .of = OUT },
    { "OUTCLR",  0x50c, .alias = FWSIM_ALIAS_CLEAR, .of = OUT },
    { "IN",      0x510, .on_read = in_read },
    { "DIR",     DIR,   .rw = ~0u, .on_write = dir_written },
    { "DIRSET",  0x518, .alias = FWSIM_ALIAS_SET,   .of = DIR },
    { "DIRCLR",  0x51c, .alias = FWSIM_ALIAS_CLEAR, .of = DIR },
    { "PIN_CNF", PIN_CNF, PINS, .reset = CNF_INPUT, .rw = 0x3070f, .on_write = cnf_written },
    FWSIM_REG_END
};
/* clang-format on */

static const char *const gpio_gaps[] = {
    "drive strengths; pins keep no state in System OFF",
    NULL
};

const fwsim_periph_type nrf51_gpio = {
    .name = "nrf51_gpio",
    .summary = "GPIO port of 32 pins with sense",
    .source = "nRF51 RM v3.0, chapter 14",
    .gaps = gpio_gaps,
    .size = 0x1000,
    .regs = gpio_regs,
    .state_size = sizeof(gpio),
    .on_reset = gpio_reset,
    .on_pin = gpio_pin,
};
