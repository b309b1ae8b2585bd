/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The journal: the last events of a machine, for the story behind a failure.
 *
 * It keeps exceptions, lines of the UARTs, changes of pins, transactions on
 * I2C and SPI, CAN frames, resets, accesses that nobody models, the hits of
 * injected faults (fwsim_inject.h), and what fwsim_journal_note adds, in a ring
 * of bounded size. Events that repeat (a timer's interrupt, a register that is
 * polled) share an entry.
 *
 * It only listens: a run with a journal is the run without it, with the same
 * fingerprint. It is off until fwsim_journal_enable or the first expectation
 * of fwsim_expect.h, costs nothing until then, and afterwards some tens of
 * nanoseconds an event. It belongs to the host and is not part of snapshots;
 * going back to one drops the events that have not happened any more. The
 * conventions of fwsim.h hold.
 */
#ifndef FWSIM_JOURNAL_H
#define FWSIM_JOURNAL_H

#include "fwsim.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Entries of a journal that an expectation has switched on. */
enum { FWSIM_JOURNAL_ENTRIES = 64 };

/**
 * Keep the last @a entries events from now on. Events that are kept already
 * are lost when the number changes. Not legal in a callback.
 *
 * @param entries  up to 1000000, 120 bytes each; 0: none, and off
 * @return 0; FWSIM_EBUSY; FWSIM_ERANGE; FWSIM_ENOMEM: it is as it was
 */
FWSIM_API int fwsim_journal_enable(fwsim_machine *m, size_t entries);

/** Entries of the journal; 0: it is off. Legal in a callback. */
FWSIM_API size_t fwsim_journal_entries(const fwsim_machine *m);

/**
 * Add an entry of your own: a step of a test, say.
 * Nothing happens while the journal is off. Legal in a callback.
 *
 * @param origin  who says it, a short word; copied, at most 15 bytes of it
 * @param text    one line of UTF-8; copied, at most 63 bytes of it
 */
FWSIM_API void fwsim_journal_note(fwsim_machine *m, const char *origin,
                                  const char *text);

/**
 * Print the last events, oldest first, one line each: virtual time, who, what,
 * and where the firmware was:
 *
 *     0.001203 s  uart0    "ready"                  at puts+0x12 (io.c:40)
 *     0.002000 s  core     SysTick, 17 times since 0.001000 s  at loop
 *
 * A line or transaction that is not complete is printed as far as it has come.
 * Legal in a callback.
 *
 * @param last  at most so many; 0: all
 * @param put   called with one line at a time, no newline; lives for the call
 * @return lines printed; 0 while the journal is off
 */
FWSIM_API size_t fwsim_journal_print(fwsim_machine *m, size_t last,
                                     void (*put)(const char *line, void *user),
                                     void *user);

#ifdef __cplusplus
}
#endif

#endif
