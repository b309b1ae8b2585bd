/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * nRF51 analog to digital converter.
 *
 * Source: nRF51 RM v3.0, chapter 31; conversion times and the internal
 * reference from the nRF51822 PS v3.1, ADC specifications.
 */
#include "nrf51_common.h"

enum {
    START = 0x000, STOP = 0x004, END = 0x100, BUSY = 0x400, ENABLE = 0x500,
    CONFIG = 0x504, RESULT = 0x508
};
enum { ENABLED = 1, BANDGAP_UV = 1200000 };
enum { EVENT_END };
enum { INPUT_AIN0, INPUT_AREF0 = 8, INPUT_AREF1, INPUT_VDD };

/** A voltage before the converter: input times num / den. */
typedef struct source {
    bool supply;
    uint8_t num, den;
} source;

/* RM chapter 31, CONFIG.INPSEL; den 0: reserved. */
static const source inputs[8] = {
    [0] = { false, 1, 1 }, [1] = { false, 2, 3 }, [2] = { false, 1, 3 },
    [5] = { true, 2, 3 },  [6] = { true, 1, 3 },
};

static unsigned resolution(fwsim_periph *p)
{
    unsigned res = fwsim_reg_get(p, CONFIG) & 3;

    return res < 2 ? 8 + res : 10;
}

static uint64_t pin_uv(fwsim_periph *p)
{
    uint32_t psel = fwsim_reg_get(p, CONFIG) >> 8 & 0xff;

    if (!psel || (psel & (psel - 1)))
        fwsim_guest_error(p, "CONFIG.PSEL 0x%02x is not one pin",
                          (unsigned)psel);
    for (unsigned i = 0; i < 8; i++)
        if (psel >> i & 1)
            return (uint64_t)fwsim_input(p, INPUT_AIN0 + i);
    return 0;
}

static uint64_t input_uv(fwsim_periph *p)
{
    uint32_t inpsel = fwsim_reg_get(p, CONFIG) >> 2 & 7;
    const source *s = &inputs[inpsel];

    if (!s->den) {
        fwsim_guest_error(p, "CONFIG.INPSEL %u is reserved", (unsigned)inpsel);
        return 0;
    }
    return (s->supply ? (uint64_t)fwsim_input(p, INPUT_VDD) : pin_uv(p)) *
           s->num / s->den;
}

static uint64_t reference_uv(fwsim_periph *p)
{
    uint32_t config = fwsim_reg_get(p, CONFIG);
    uint64_t vdd = (uint64_t)fwsim_input(p, INPUT_VDD);

    switch (config >> 5 & 3) {
    case 0:
        return BANDGAP_UV;
    case 1:
        if (config >> 16 & 1)
            return (uint64_t)fwsim_input(p, INPUT_AREF0);
        return config >> 17 & 1 ? (uint64_t)fwsim_input(p, INPUT_AREF1) : 0;
    case 2:
        return vdd / 2;
    default:
        return vdd / 3;
    }
}

static void start_written(fwsim_periph *p, unsigned index, uint32_t written)
{
    static const uint32_t conversion_ns[] = { 20000, 36000, 68000 };

    if (!nrf51_task(index, written))
        return;
    if (fwsim_reg_get(p, ENABLE) != ENABLED) {
        fwsim_guest_error(p, "START while the ADC is not enabled");
        return;
    }
    fwsim_reg_set(p, BUSY, 1);
    fwsim_event_set(p, EVENT_END, fwsim_ticks_from_ns(
                                      p, conversion_ns[resolution(p) - 8]));
}

static void stop(fwsim_periph *p)
{
    fwsim_reg_set(p, BUSY, 0);
    fwsim_event_cancel(p, EVENT_END);
}

static void stop_written(fwsim_periph *p, unsigned index, uint32_t written)
{
    if (nrf51_task(index, written))
        stop(p);
}

static void enable_written(fwsim_periph *p, unsigned index, uint32_t written)
{
    (void)index;
    if (written != ENABLED)
        stop(p);
}

static void adc_event(fwsim_periph *p, unsigned id)
{
    uint64_t full = 1ull << resolution(p), reference = reference_uv(p);
    uint64_t result = full;

    (void)id;
    if (reference)
        result = input_uv(p) * full / reference;
    else
        fwsim_guest_error(p, "conversion without a reference voltage");
    fwsim_reg_set(p, RESULT, (uint32_t)(result < full ? result : full - 1));
    fwsim_reg_set(p, BUSY, 0);
    nrf51_event(p, END);
}

/* clang-format off */
static const fwsim_reg adc_regs[] = {
    NRF51_TASK("TASKS_START", START, start_written),
    NRF51_TASK("TASKS_STOP", STOP, stop_written),
    NRF51_EVENT("EVENTS_END", END),
    NRF51_INTERRUPTS(1u << NRF51_EVENT_BIT(END)),
    { "BUSY", BUSY, .reset = 0 },
    { "ENABLE", ENABLE, .rw = 0x3, .on_write = enable_written },
    { "CONFIG", CONFIG, .reset = 0x18, .rw = 0x3ff7f },
    { "RESULT", RESULT, .reset = 0 },
    NRF51_POWER_CONTROL,
    FWSIM_REG_END
};

static const fwsim_quantity adc_inputs[] = {
    { "ain0", "uV", 0, 0, 3600000 }, { "ain1", "uV", 0, 0, 3600000 },
    { "ain2", "uV", 0, 0, 3600000 }, { "ain3", "uV", 0, 0, 3600000 },
    { "ain4", "uV", 0, 0, 3600000 }, { "ain5", "uV", 0, 0, 3600000 },
    { "ain6", "uV", 0, 0, 3600000 }, { "ain7", "uV", 0, 0, 3600000 },
    { "aref0", "uV", 0, 0, 1300000 }, { "aref1", "uV", 0, 0, 1300000 },
    { "vdd", "uV", 3300000, 1800000, 3600000 },
    { 0 }
};
/* clang-format on */

static const char *const adc_gaps[] = {
    "noise, offset, gain and linearity errors; the input impedance",
    "levels of GPIO pins: an analog pin has the voltage of its input only",
    NULL
};

const fwsim_periph_type nrf51_adc = {
    .name = "nrf51_adc",
    .summary = "analog to digital converter, 8 to 10 bits",
    .source = "nRF51 Series Reference Manual v3.0, chapter 31",
    .gaps = adc_gaps,
    .size = NRF51_SIZE,
    .regs = adc_regs,
    .irqs = 1,
    .inputs = adc_inputs,
    .on_event = adc_event,
};
