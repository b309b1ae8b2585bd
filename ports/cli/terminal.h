/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The user's terminal, and the signals that end the program. */
#ifndef FWSIM_CLI_TERMINAL_H
#define FWSIM_CLI_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * Catch the signals that ask the program to end: the first one is remembered,
 * a second one ends the program at once. In both cases the terminal is as the
 * user left it.
 */
void terminal_catch_signals(void);

/** The signal that has come; 0: none. */
int terminal_signal(void);

/** End the program by a signal, as if it had not been caught. */
void terminal_die(int signal);

/** Send each key as it is typed, Ctrl-C included. @return false: no terminal */
bool terminal_raw(void);

/** Put the terminal back to what it was. Harmless when it was not changed. */
void terminal_restore(void);

/**
 * Wait for keys.
 *
 * @param timeout_ns  real time
 * @return bytes read; 0 when none came, -1 when the terminal is gone
 */
int terminal_read(void *buf, size_t size, uint64_t timeout_ns);

/** Real time in nanoseconds, from a start of its own. */
uint64_t terminal_clock_ns(void);

#endif
