/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * EFM32 general purpose input and output: ports A to F of 16 pins.
 *
 * Source: EFM32HG Reference Manual, chapter 26 (GPIO).
 * Modelled: pin modes with pulls, output registers, input, edge interrupts on
 * the even and the odd line.
 * Not modelled: see gpio_gaps.
 *
 * Pin n of port x (A is 0) is pin 16 * x + n of the slot.
 */
#include "efm32_common.h"

enum { PORTS = 6, PORT_STRIDE = 0x24, PINS = 16 * PORTS };

enum {
    P_CTRL = 0x00, /* of port A; the others follow at PORT_STRIDE */
    P_MODEL = 0x04,
    P_MODEH = 0x08,
    P_DOUT = 0x0c,
    P_DOUTSET = 0x10,
    P_DOUTCLR = 0x14,
    P_DOUTTGL = 0x18,
    P_DIN = 0x1c,
    P_PINLOCKN = 0x20,
    EXTIPSELL = 0x100,
    EXTIPSELH = 0x104,
    EXTIRISE = 0x108,
    EXTIFALL = 0x10c,
    IEN = 0x110,
    IF = 0x114,
    IFS = 0x118,
    IFC = 0x11c,
    ROUTE = 0x120,
    INSENSE = 0x124,
    LOCK = 0x128,
    CTRL = 0x12c,
    CMD = 0x130,
    EM4WUEN = 0x134,
    EM4WUPOL = 0x138,
    EM4WUCAUSE = 0x13c
};

enum { OUT_EVEN, OUT_ODD };

#define INSENSE_INT (1u << 0)

enum { LOCK_KEY = 0xa534, MODE_DISABLED = 0 };

/* GPIO_Px_MODEL: what the port drives while DOUT is 0, and while it is 1. */
/* clang-format off */
static const uint8_t drives[16][2] = {
    { FWSIM_PIN_FLOAT,     FWSIM_PIN_PULL_UP }, /* DISABLED */
    { FWSIM_PIN_FLOAT,     FWSIM_PIN_FLOAT },   /* INPUT; DOUT: filter */
    { FWSIM_PIN_PULL_DOWN, FWSIM_PIN_PULL_UP }, /* INPUTPULL */
    { FWSIM_PIN_PULL_DOWN, FWSIM_PIN_PULL_UP }, /* INPUTPULLFILTER */
    { FWSIM_PIN_LOW,       FWSIM_PIN_HIGH },    /* PUSHPULL */
    { FWSIM_PIN_LOW,       FWSIM_PIN_HIGH },    /* PUSHPULLDRIVE */
    { FWSIM_PIN_FLOAT,     FWSIM_PIN_HIGH },    /* WIREDOR */
    { FWSIM_PIN_PULL_DOWN, FWSIM_PIN_HIGH },    /* WIREDORPULLDOWN */
    { FWSIM_PIN_LOW,       FWSIM_PIN_FLOAT },   /* WIREDAND */
    { FWSIM_PIN_LOW,       FWSIM_PIN_FLOAT },   /* WIREDANDFILTER */
    { FWSIM_PIN_LOW,       FWSIM_PIN_PULL_UP }, /* WIREDANDPULLUP */
    { FWSIM_PIN_LOW,       FWSIM_PIN_PULL_UP }, /* WIREDANDPULLUPFILTER */
    { FWSIM_PIN_LOW,       FWSIM_PIN_FLOAT },   /* WIREDANDDRIVE */
    { FWSIM_PIN_LOW,       FWSIM_PIN_FLOAT },   /* WIREDANDDRIVEFILTER */
    { FWSIM_PIN_LOW,       FWSIM_PIN_PULL_UP }, /* WIREDANDDRIVEPULLUP */
    { FWSIM_PIN_LOW,       FWSIM_PIN_PULL_UP }, /* WIREDANDDRIVEPULLUPFILTER */
};
/* clang-format on */

static uint32_t port_reg(unsigned port, uint32_t offset)
{
    return port * PORT_STRIDE + offset;
}

static unsigned mode(const fwsim_periph *p, unsigned port, unsigned pin)
{
    uint32_t modes =
        fwsim_reg_get(p, port_reg(port, pin < 8 ? P_MODEL : P_MODEH));

    return modes >> 4 * (pin % 8) & 15;
}

static void drive_port(fwsim_periph *p, unsigned port)
{
    uint32_t dout = fwsim_reg_get(p, port_reg(port, P_DOUT));

    for (unsigned pin = 0; pin < 16; pin++) {
        unsigned drive = drives[mode(p, port, pin)][dout >> pin & 1];

        fwsim_port_drive(p, 16 * port + pin, (fwsim_drive)drive);
    }
}

static void mode_written(fwsim_periph *p, unsigned port, uint32_t written)
{
    (void)written;
    drive_port(p, port);
}

static void doutset_written(fwsim_periph *p, unsigned port, uint32_t written)
{
    fwsim_reg_update(p, port_reg(port, P_DOUT), 0, written & 0xffff);
    drive_port(p, port);
}

static void doutclr_written(fwsim_periph *p, unsigned port, uint32_t written)
{
    fwsim_reg_update(p, port_reg(port, P_DOUT), written & 0xffff, 0);
    drive_port(p, port);
}

static void douttgl_written(fwsim_periph *p, unsigned port, uint32_t written)
{
    uint32_t dout = fwsim_reg_get(p, port_reg(port, P_DOUT));

    fwsim_reg_set(p, port_reg(port, P_DOUT), dout ^ (written & 0xffff));
    drive_port(p, port);
}

/* GPIO_Px_MODEL: a disabled pin has its input switched off, and reads 0. */
static uint32_t din_read(fwsim_periph *p, unsigned port, uint32_t stored)
{
    uint32_t din = 0;

    (void)stored;
    for (unsigned pin = 0; pin < 16; pin++)
        if (mode(p, port, pin) != MODE_DISABLED &&
            fwsim_port_level(p, 16 * port + pin))
            din |= 1u << pin;
    return din;
}

static void update_irq(fwsim_periph *p)
{
    uint32_t active = fwsim_reg_get(p, IF) & fwsim_reg_get(p, IEN);

    fwsim_irq_set(p, OUT_EVEN, active & 0x5555);
    fwsim_irq_set(p, OUT_ODD, active & 0xaaaa);
}

/* GPIO_EXTIPSELL: line n watches pin n of one port. */
static unsigned watched_port(const fwsim_periph *p, unsigned line)
{
    uint32_t select = fwsim_reg_get(p, line < 8 ? EXTIPSELL : EXTIPSELH);

    return select >> 4 * (line % 8) & 7;
}

static void gpio_pin(fwsim_periph *p, unsigned pin, bool level)
{
    unsigned bit = pin - fwsim_periph_slot(p)->first_pin;
    unsigned port = bit / 16, line = bit % 16;
    uint32_t edges = fwsim_reg_get(p, level ? EXTIRISE : EXTIFALL);

    if (bit >= PINS || watched_port(p, line) != port || !(edges >> line & 1) ||
        mode(p, port, line) == MODE_DISABLED ||
        !(fwsim_reg_get(p, INSENSE) & INSENSE_INT))
        return;
    fwsim_reg_update(p, IF, 0, 1u << line);
    update_irq(p);
}

EFM32_INTERRUPT_WRITES(0xffff, update_irq)

/* Reads 0 when unlocked, 1 when locked. */
static void lock_written(fwsim_periph *p, unsigned index, uint32_t written)
{
    (void)index;
    fwsim_reg_set(p, LOCK, (written & 0xffff) != LOCK_KEY);
}

static void gpio_reset(fwsim_periph *p, fwsim_reset_kind kind)
{
    (void)kind;
    for (unsigned port = 0; port < PORTS; port++)
        drive_port(p, port);
    update_irq(p);
}

/* clang-format off */
#define OF_PORTS .count = PORTS, .stride = PORT_STRIDE

static const fwsim_reg gpio_regs[] = {
    { "P_CTRL",     P_CTRL,     OF_PORTS, .rw = 0x3 },
    { "P_MODEL",    P_MODEL,    OF_PORTS, .rw = 0xffffffff, .on_write = mode_written },
    { "P_MODEH",    P_MODEH,    OF_PORTS, .rw = 0xffffffff, .on_write = mode_written },
    { "P_DOUT",     P_DOUT,     OF_PORTS, .rw = 0xffff, .on_write = mode_written },
    { "P_DOUTSET",  P_DOUTSET,  OF_PORTS, .wo = 0xffff, .on_write = doutset_written },
    { "P_DOUTCLR",  P_DOUTCLR,  OF_PORTS, .wo = 0xffff, .on_write = doutclr_written },
    { "P_DOUTTGL",  P_DOUTTGL,  OF_PORTS, .wo = 0xffff, .on_write = douttgl_written },
    { "P_DIN",      P_DIN,      OF_PORTS, .on_read = din_read },
    { "P_PINLOCKN", P_PINLOCKN, OF_PORTS, .reset = 0xffff, .rw = 0xffff },
    { "EXTIPSELL",  EXTIPSELL,  .rw = 0x77777777 },
    { "EXTIPSELH",  EXTIPSELH,  .rw = 0x77777777 },
    { "EXTIRISE",   EXTIRISE,   .rw = 0xffff },
    { "EXTIFALL",   EXTIFALL,   .rw = 0xffff },
    { "IEN",        IEN,        .rw = 0xffff, .on_write = ien_written },
    { "IF",         IF,         .reset = 0x0 },
    { "IFS",        IFS,        .wo = 0xffff, .on_write = ifs_written },
    { "IFC",        IFC,        .wo = 0xffff, .on_write = ifc_written },
    { "ROUTE",      ROUTE,      .reset = 0x3, .rw = 0x3 },
    { "INSENSE",    INSENSE,    .reset = 0x3, .rw = 0x3 },
    { "LOCK",       LOCK,       .rw = 0xffff, .on_write = lock_written },
    { "CTRL",       CTRL,       .rw = 0x1, .unimpl = 0x1 },
    { "CMD",        CMD,        .wo = 0x1 },
    { "EM4WUEN",    EM4WUEN,    .rw = 0x7f, .unimpl = 0x7f },
    { "EM4WUPOL",   EM4WUPOL,   .rw = 0x7f },
    { "EM4WUCAUSE", EM4WUCAUSE, .reset = 0x0 },
    FWSIM_REG_END
};
/* clang-format on */

static const char *const gpio_gaps[] = {
    "all 16 pins of each port exist, also those the package does not have",
    "PINLOCKN and LOCK are kept, but protect nothing",
    "drive strength, glitch filter, EM4 wake-up, PRS",
    "ROUTE: the debug pins act as plain pins",
    NULL
};

const fwsim_periph_type efm32_gpio = {
    .name = "efm32_gpio",
    .summary = "EFM32 GPIO: ports A to F with edge interrupts",
    .source = "EFM32HG Reference Manual, chapter 26",
    .gaps = gpio_gaps,
    .size = 0x400,
    .regs = gpio_regs,
    .irqs = 2,
    .on_reset = gpio_reset,
    .on_pin = gpio_pin,
};
