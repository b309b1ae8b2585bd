/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * nRF51 GPIOTE: pins as tasks and events.
 *
 * Source: nRF51 RM v3.0, chapter 15.
 * Modelled: four channels in event and task mode, the PORT event. The slot
 * has the address with which the GPIO port signals DETECT.
 */
#include <string.h>

#include "nrf51_common.h"

enum { IN = 0x100, PORT = 0x17c, CONFIG = 0x510 };
enum { CHANNELS = 4, PARAM_DETECT = 0 };
enum { MODE_EVENT = 1, MODE_TASK = 3 };
enum { LO_TO_HI = 1, HI_TO_LO = 2, TOGGLE = 3 };

typedef struct gpiote {
    uint8_t pin[CHANNELS]; /* task mode: the pin driven, + 1 */
    uint8_t out[CHANNELS];
} gpiote;

static uint32_t config_of(fwsim_periph *p, unsigned channel)
{
    return fwsim_reg_get(p, CONFIG + 4 * channel);
}

static unsigned pin_of(uint32_t config)
{
    return config >> 8 & 0x1f;
}

static unsigned polarity_of(uint32_t config)
{
    return config >> 16 & 3;
}

static void drive(fwsim_periph *p, unsigned channel, bool level)
{
    gpiote *g = fwsim_state(p);

    g->out[channel] = level;
    fwsim_pin_override(p, g->pin[channel] - 1u,
                       level ? FWSIM_PIN_HIGH : FWSIM_PIN_LOW);
}

/** RM 15.1: in task mode the channel has the pin instead of the port. */
static void config_written(fwsim_periph *p, unsigned index, uint32_t written)
{
    gpiote *g = fwsim_state(p);
    uint32_t config = config_of(p, index);
    uint8_t pin = (config & 3) == MODE_TASK ? (uint8_t)(pin_of(config) + 1) : 0;

    (void)written;
    if (g->pin[index] && g->pin[index] != pin)
        fwsim_pin_override(p, g->pin[index] - 1u, FWSIM_PIN_FLOAT);
    g->pin[index] = pin;
    if (pin)
        drive(p, index, config >> 20 & 1);
}

static void out(fwsim_periph *p, unsigned index, uint32_t written)
{
    gpiote *g = fwsim_state(p);

    if (!(written & 1) || !g->pin[index])
        return;
    switch (polarity_of(config_of(p, index))) {
    case LO_TO_HI:
        drive(p, index, true);
        break;
    case HI_TO_LO:
        drive(p, index, false);
        break;
    case TOGGLE:
        drive(p, index, !g->out[index]);
        break;
    }
}

static void gpiote_pin(fwsim_periph *p, unsigned pin, bool level)
{
    unsigned edge = level ? LO_TO_HI : HI_TO_LO;

    for (unsigned n = 0; n < CHANNELS; n++) {
        uint32_t config = config_of(p, n);

        if ((config & 3) == MODE_EVENT && pin_of(config) == pin &&
            (polarity_of(config) & edge))
            nrf51_event(p, IN + 4 * n);
    }
}

static void gpiote_signal(fwsim_periph *p, uint64_t address)
{
    if (address == fwsim_periph_slot(p)->param[PARAM_DETECT])
        nrf51_event(p, PORT);
}

static void gpiote_reset(fwsim_periph *p, fwsim_reset_kind kind)
{
    gpiote *g = fwsim_state(p);

    (void)kind;
    for (unsigned n = 0; n < CHANNELS; n++)
        if (g->pin[n])
            fwsim_pin_override(p, g->pin[n] - 1u, FWSIM_PIN_FLOAT);
    memset(g, 0, sizeof *g);
}

/* clang-format off */
static const fwsim_reg gpiote_regs[] = {
    { "TASKS_OUT", 0x000, CHANNELS, .wo = 1, .on_write = out },
    { "EVENTS_IN", IN,    CHANNELS, .rw = 1, .on_write = nrf51_irq_written },
    NRF51_EVENT("EVENTS_PORT", PORT),
    NRF51_INTERRUPTS(0x8000000f),
    { "CONFIG", CONFIG, CHANNELS, .rw = 0x131f03, .on_write = config_written },
    NRF51_POWER_CONTROL,
    FWSIM_REG_END
};
/* clang-format on */

static const char *const gpiote_params[] = { "detect", NULL };

const fwsim_periph_type nrf51_gpiote = {
    .name = "nrf51_gpiote",
    .summary = "pin changes as events, and tasks that change pins",
    .source = "nRF51 RM v3.0, chapter 15",
    .size = NRF51_SIZE,
    .regs = gpiote_regs,
    .state_size = sizeof(gpiote),
    .irqs = 1,
    .params = gpiote_params,
    .on_reset = gpiote_reset,
    .on_pin = gpiote_pin,
    .on_signal = gpiote_signal,
};
