/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A simulated micro:bit: its LEDs and its buttons. */
#ifndef MICROBIT_H
#define MICROBIT_H

#include <fwsim.h>

enum { LED_SIDE = 5 };

typedef enum microbit_button { BUTTON_A, BUTTON_B, BUTTONS } microbit_button;

/** Brightness of each LED in percent, [y][x] from the top left. */
typedef struct picture {
    int32_t led[LED_SIDE][LED_SIDE];
} picture;

/** A micro:bit with this image in its flash; NULL after a message. */
fwsim_machine *microbit_new(const char *image);

void microbit_press(fwsim_machine *m, microbit_button button, bool pressed);

void microbit_look(fwsim_machine *m, picture *now);

/**
 * The characters of one LED, two columns wide: blocks where the terminal
 * has them, letters otherwise.
 */
const char *microbit_led(int32_t percent, bool blocks);

/** Can this terminal, or whoever reads our output, show UTF-8? */
bool microbit_has_blocks(void);

/** The firmware crashed: say where and why. */
void microbit_report(fwsim_machine *m, const fwsim_stop *stop);

/**
 * Type a few lines and show what comes of them, without a terminal.
 * @return 0 when every answer was the right one
 */
int demo_script(fwsim_machine *m);

/** The user types. @return 0, or 1 after a message */
int demo_terminal(fwsim_machine *m);

#endif
