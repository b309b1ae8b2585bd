/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A push button to ground with a pull-up resistor beside it.
 */
#include "fwsim_periph.h"

static void drive(fwsim_periph *p)
{
    fwsim_part_drive(p, 0, fwsim_input(p, 0) ? FWSIM_PIN_LOW
                                             : FWSIM_PIN_PULL_UP);
}

static void button_reset(fwsim_periph *p, fwsim_reset_kind kind)
{
    (void)kind;
    drive(p);
}

static void button_input(fwsim_periph *p, unsigned index)
{
    (void)index;
    drive(p);
}

static const char *const button_pins[] = { "contact", NULL };

static const fwsim_quantity button_inputs[] = {
    { "pressed", "", 0, 0, 1 },
    { 0 }
};

static const char *const button_gaps[] = { "contact bounce", NULL };

const fwsim_periph_type part_button = {
    .name = "part_button",
    .summary = "push button to ground with a pull-up",
    .source = "none",
    .gaps = button_gaps,
    .pins = button_pins,
    .inputs = button_inputs,
    .on_reset = button_reset,
    .on_input = button_input,
};
