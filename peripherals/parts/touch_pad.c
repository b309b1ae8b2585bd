/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A pad that senses a finger by its resistance to ground, against a pull-up of
 * megohms. Pulls of the chip are stronger than both.
 */
#include "fwsim_periph.h"

static void drive(fwsim_periph *p)
{
    fwsim_part_drive(p, 0, fwsim_input(p, 0) ? FWSIM_PIN_WEAK_DOWN
                                             : FWSIM_PIN_WEAK_UP);
}

static void touch_pad_reset(fwsim_periph *p, fwsim_reset_kind kind)
{
    (void)kind;
    drive(p);
}

static void touch_pad_input(fwsim_periph *p, unsigned index)
{
    (void)index;
    drive(p);
}

static const char *const touch_pad_pins[] = { "pad", NULL };

static const fwsim_quantity touch_pad_inputs[] = {
    { "touched", "", 0, 0, 1 },
    { 0 }
};

const fwsim_periph_type part_touch_pad = {
    .name = "part_touch_pad",
    .summary = "touch pad with a pull-up of megohms",
    .source = "none",
    .pins = touch_pad_pins,
    .inputs = touch_pad_inputs,
    .on_reset = touch_pad_reset,
    .on_input = touch_pad_input,
};
