/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The terminal of the demo: the board above, a window for the console of the
 * firmware below. The window is a scroll region of the terminal, so what the
 * firmware writes goes there unchanged.
 */
#ifndef SCREEN_H
#define SCREEN_H

#include "microbit.h"

/** What is drawn above the console. */
typedef struct board_view {
    picture leds;
    bool pressed[BUTTONS];
} board_view;

/** Take the terminal over. It is given back by screen_close, and by any signal
 * that ends the program. @return false with errno set */
bool screen_open(void);
void screen_close(void);

/**
 * Has the terminal a new size? Then everything has to be drawn again:
 * screen_layout, console output, screen_draw.
 */
bool screen_resized(void);

/** Measure the terminal, clear it and set the window up.
 * @return lines of the window */
unsigned screen_layout(void);

/** Output of the firmware. */
void screen_console(const char *text, size_t size);

/** Draw the board, where it differs from what is there. */
void screen_draw(const board_view *view);

/** The signal that asks the program to end; 0: none. */
int screen_signal(void);

/** Keys within a time. @return bytes; -1 when the terminal is gone */
int screen_keys(char *buf, size_t size, uint64_t timeout_ns);

#endif
