/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * nRF51 temperature sensor.
 *
 * Source: nRF51 RM v3.0, chapter 22; time of a measurement from the nRF51822
 * PS v3.1, TEMP specifications.
 */
#include "nrf51_common.h"

enum {
    START = 0x000, STOP = 0x004, DATARDY = 0x100, OFFSET = 0x504, TEMP = 0x508
};
enum { MEASUREMENT_NS = 35000, STEP_MC = 250 };
enum { EVENT_DATA };
enum { INPUT_TEMPERATURE };

static void start_written(fwsim_periph *p, unsigned index, uint32_t written)
{
    if (nrf51_task(index, written))
        fwsim_event_set(p, EVENT_DATA, fwsim_ticks_from_ns(p, MEASUREMENT_NS));
}

static void stop_written(fwsim_periph *p, unsigned index, uint32_t written)
{
    if (nrf51_task(index, written))
        fwsim_event_cancel(p, EVENT_DATA);
}

static void temp_event(fwsim_periph *p, unsigned id)
{
    int32_t mc = fwsim_input(p, INPUT_TEMPERATURE);
    int32_t half = mc < 0 ? -STEP_MC / 2 : STEP_MC / 2;

    (void)id;
    fwsim_reg_set(p, TEMP, (uint32_t)((mc + half) / STEP_MC));
    nrf51_event(p, DATARDY);
}

/* clang-format off */
static const fwsim_reg temp_regs[] = {
    NRF51_TASK("TASKS_START", START, start_written),
    NRF51_TASK("TASKS_STOP", STOP, stop_written),
    NRF51_EVENT("EVENTS_DATARDY", DATARDY),
    NRF51_INTERRUPTS(1u << NRF51_EVENT_BIT(DATARDY)),
    /* nRF51822 PAN v3, anomaly 31: software has to load the offset. */
    { "OFFSET", OFFSET, .rw = 0xffffffff },
    { "TEMP", TEMP, .reset = 0 },
    NRF51_POWER_CONTROL,
    FWSIM_REG_END
};

static const fwsim_quantity temp_inputs[] = {
    { "temperature", "m°C", 25000, -40000, 105000 },
    { 0 }
};
/* clang-format on */

static const char *const temp_gaps[] = {
    "errors of the sensor and their correction by OFFSET (anomaly 31)",
    NULL
};

const fwsim_periph_type nrf51_temp = {
    .name = "nrf51_temp",
    .summary = "temperature sensor, steps of 0.25 °C",
    .source = "nRF51 Series Reference Manual v3.0, chapter 22",
    .gaps = temp_gaps,
    .size = NRF51_SIZE,
    .regs = temp_regs,
    .irqs = 1,
    .inputs = temp_inputs,
    .on_event = temp_event,
};
