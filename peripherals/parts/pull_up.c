/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A pull-up resistor on a line of the board.
 */
#include "fwsim_periph.h"

static void pull_up_reset(fwsim_periph *p, fwsim_reset_kind kind)
{
    (void)kind;
    fwsim_part_drive(p, 0, FWSIM_PIN_PULL_UP);
}

static const char *const pull_up_pins[] = { "line", NULL };

const fwsim_periph_type part_pull_up = {
    .name = "part_pull_up",
    .summary = "pull-up resistor",
    .source = "none",
    .pins = pull_up_pins,
    .on_reset = pull_up_reset,
};
