/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * FPGA I/O of the MPS2 board: LEDs, buttons, counters.
 *
 * Source: Arm DAI 0385 (AN385), FPGA system control and I/O; the same block is
 * in AN386, AN500 and AN505.
 * Modelled: two LEDs and two buttons as pins (LED0, LED1, BUTTON0, BUTTON1
 * from first_pin on), the four counters.
 * Not modelled: see fpgaio_gaps.
 */
#include "fwsim_periph.h"
#include "cmsdk_down.h"

enum {
    LED0 = 0x00,
    BUTTON = 0x08,
    CLK1HZ = 0x10,
    CLK100HZ = 0x14,
    COUNTER = 0x18,
    PRESCALE = 0x1c,
    PSCNTR = 0x20,
    MISC = 0x4c
};
enum { LEDS = 2, BUTTONS = 2, MISC_ALL = 0x3ff };

typedef struct fpgaio {
    fwsim_counter slow[2]; /* CLK1HZ, CLK100HZ */
    cmsdk_down prescaler;
    uint32_t counter; /* before the zeros of the prescaler */
    uint32_t reserved;
} fpgaio;

static void led_written(fwsim_periph *p, unsigned index, uint32_t written)
{
    uint32_t on = fwsim_reg_get(p, LED0);

    (void)index;
    (void)written;
    for (unsigned i = 0; i < LEDS; i++)
        fwsim_port_drive(p, i, on >> i & 1 ? FWSIM_PIN_HIGH : FWSIM_PIN_LOW);
}

static uint32_t button_read(fwsim_periph *p, unsigned index, uint32_t stored)
{
    uint32_t pressed = 0;

    (void)index;
    (void)stored;
    for (unsigned i = 0; i < BUTTONS; i++)
        pressed |= (uint32_t)fwsim_port_level(p, LEDS + i) << i;
    return pressed;
}

static uint32_t slow_read(fwsim_periph *p, unsigned index, uint32_t stored)
{
    const fpgaio *s = fwsim_state(p);

    (void)stored;
    return (uint32_t)fwsim_counter_get(p, &s->slow[index]);
}

static void slow_written(fwsim_periph *p, unsigned index, uint32_t written)
{
    fpgaio *s = fwsim_state(p);

    fwsim_counter_put(p, &s->slow[index], written);
}

/* COUNTER counts the zeros of PSCNTR. */
static uint32_t counter_read(fwsim_periph *p, unsigned index, uint32_t stored)
{
    const fpgaio *s = fwsim_state(p);

    (void)index;
    (void)stored;
    return s->counter + (uint32_t)cmsdk_down_zeros(p, &s->prescaler);
}

static void counter_written(fwsim_periph *p, unsigned index, uint32_t written)
{
    fpgaio *s = fwsim_state(p);

    (void)index;
    s->counter = written - (uint32_t)cmsdk_down_zeros(p, &s->prescaler);
}

static uint32_t pscntr_read(fwsim_periph *p, unsigned index, uint32_t stored)
{
    const fpgaio *s = fwsim_state(p);

    (void)index;
    (void)stored;
    return cmsdk_down_get(p, &s->prescaler);
}

static void pscntr_written(fwsim_periph *p, unsigned index, uint32_t written)
{
    fpgaio *s = fwsim_state(p);

    s->counter = counter_read(p, index, 0);
    cmsdk_down_put(p, &s->prescaler, written);
}

static void prescale_written(fwsim_periph *p, unsigned index, uint32_t written)
{
    fpgaio *s = fwsim_state(p);

    (void)written;
    s->counter = counter_read(p, index, 0);
    cmsdk_down_configure(p, &s->prescaler, fwsim_reg_get(p, PRESCALE), false);
}

static void fpgaio_reset(fwsim_periph *p, fwsim_reset_kind kind)
{
    fpgaio *s = fwsim_state(p);

    (void)kind;
    *s = (fpgaio){ 0 };
    fwsim_counter_start(p, &s->slow[0], 1, 1);
    fwsim_counter_start(p, &s->slow[1], 100, 1);
    cmsdk_down_run(p, &s->prescaler, true, fwsim_clock_hz(p), 1);
    led_written(p, 0, 0);
    for (unsigned i = 0; i < BUTTONS; i++)
        fwsim_port_drive(p, LEDS + i, FWSIM_PIN_PULL_DOWN);
}

/* clang-format off */
static const fwsim_reg fpgaio_regs[] = {
    { "LED0",     LED0,     .rw = 0x3, .on_write = led_written },
    { "BUTTON",   BUTTON,   .on_read = button_read },
    { "CLK1HZ",   CLK1HZ,   2, .wo = ~0u, .on_read = slow_read, .on_write = slow_written },
    { "COUNTER",  COUNTER,  .wo = ~0u, .on_read = counter_read, .on_write = counter_written },
    { "PRESCALE", PRESCALE, .rw = ~0u, .on_write = prescale_written },
    { "PSCNTR",   PSCNTR,   .wo = ~0u, .on_read = pscntr_read, .on_write = pscntr_written },
    { "MISC",     MISC,     .rw = MISC_ALL, .unimpl = MISC_ALL },
    FWSIM_REG_END
};
/* clang-format on */

static const char *const fpgaio_gaps[] = {
    "MISC: the chip selects and the pins of the display lead nowhere",
    NULL
};

const fwsim_periph_type mps2_fpgaio = {
    .name = "mps2_fpgaio",
    .summary = "MPS2 FPGA I/O: LEDs, buttons, counters",
    .source = "Arm DAI 0385, FPGA system control and I/O",
    .gaps = fpgaio_gaps,
    .size = 0x1000,
    .regs = fpgaio_regs,
    .state_size = sizeof(fpgaio),
    .on_reset = fpgaio_reset,
};
