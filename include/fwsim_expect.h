/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Expectations: run a machine until something happens, in virtual time.
 *
 *     fwsim_uart_send(m, NULL, "temp\r", 5);
 *     OK(fwsim_uart_expect_line(m, NULL, "21.5 C", FWSIM_MS(50)));
 *     OK(fwsim_pin_expect_rate(m, "led", 2.0, 0.05, FWSIM_S(3)));
 *
 * All functions fwsim_*_expect* share these rules:
 *
 * - They run the machine and return 0 as soon as what is expected has come.
 *   The run is the one that fwsim_run would have done: expecting changes
 *   nothing but where it pauses.
 * - FWSIM_ETIMEDOUT: it did not come, because virtual time was up or because
 *   the run ended (fault, exit, idle, a request to stop). fwsim_errmsg says in
 *   a line what was expected and what came instead; fwsim_failure says it at
 *   length, with the call stack and the last events.
 * - FWSIM_EBUSY from inside a callback; FWSIM_ENOENT for a name that this board
 *   does not have; FWSIM_EINVAL for an argument that makes no sense;
 *   FWSIM_ENOMEM; FWSIM_ECPU as fwsim_run.
 * - A time of 0 does not run: only what is there already counts.
 * - The first one switches the journal on (fwsim_journal.h), unless it is on.
 *
 * fwsim_uart_expect of fwsim.h, for a text anywhere in the output, is one of
 * them. The conventions of fwsim.h hold.
 */
#ifndef FWSIM_EXPECT_H
#define FWSIM_EXPECT_H

#include "fwsim.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * The last error at length. After an expectation that failed: several lines
 * with what was expected, what came, where the firmware was, and the last
 * events. After any other error: fwsim_errmsg. "" when there is none. Legal in
 * a callback.
 * @return text of the machine, until the next call
 */
FWSIM_API const char *fwsim_failure(const fwsim_machine *m);

/* ------------------------------------------------------------------ */
/* UART                                                                 */
/* ------------------------------------------------------------------ */

/*
 * Output is consumed from its beginning: an expectation looks at what no
 * earlier one has consumed, skips what does not match, and consumes up to the
 * end of what it was waiting for. One that fails consumes nothing. Going back
 * to a snapshot consumes all output before it. `uart` is a slot name; NULL:
 * the board's console. `timeout_ns` is virtual time, counted from the call.
 */

/**
 * A whole line. Lines end with a newline; carriage returns around it do not
 * count.
 * @param line  the line without its end
 */
FWSIM_API int fwsim_uart_expect_line(fwsim_machine *m, const char *uart,
                                     const char *line, uint64_t timeout_ns);

/** What a pattern has matched. */
typedef struct fwsim_match {
    /** 0: the matched text; 1 to 9: the groups of the pattern; NULL: did not
     * take part. Until the next expectation on this machine. */
    const char *group[10];
} fwsim_match;

/**
 * A line that matches a POSIX extended regular expression. Only complete lines
 * are looked at, so that "[0-9]+" finds all digits; ^ and $ are the ends of the
 * line. A zero byte ends a line early.
 * @param match  out: may be NULL; not written to on failure
 * @return also FWSIM_EINVAL for a pattern that is none (fwsim_errmsg has the
 *         reason)
 */
FWSIM_API int fwsim_uart_expect_regex(fwsim_machine *m, const char *uart,
                                      const char *pattern, uint64_t timeout_ns,
                                      fwsim_match *match);

/**
 * A prompt: output ends with it and the firmware is silent, for the time of ten
 * bytes at the firmware's speed, at least 1 ms. That time is run in addition.
 * @param prompt  not empty
 */
FWSIM_API int fwsim_uart_expect_prompt(fwsim_machine *m, const char *uart,
                                       const char *prompt,
                                       uint64_t timeout_ns);

/** Exactly these bytes, and nothing before them. The first byte that is another
 * one ends the run. */
FWSIM_API int fwsim_uart_expect_bytes(fwsim_machine *m, const char *uart,
                                      const void *data, size_t size,
                                      uint64_t timeout_ns);

/** No byte from now on for @a time_ns. What has come before does not count and
 * is not consumed. */
FWSIM_API int fwsim_uart_expect_silence(fwsim_machine *m, const char *uart,
                                        uint64_t time_ns);

/* ------------------------------------------------------------------ */
/* Pins                                                                 */
/* ------------------------------------------------------------------ */

/** What a pin did in a window of time. */
typedef struct fwsim_wave {
    uint64_t time_ns;  /**< length of the window */
    uint64_t high_ns;  /**< of these, at high level */
    uint64_t rising;   /**< edges */
    uint64_t falling;
    /** From the first rising edge to the last one; 0 with less than two. */
    uint64_t cycles_ns;
    uint64_t shortest_ns; /**< level between two edges; 0 with less than two */
    uint64_t longest_ns;
    double duty;  /**< high part: of whole cycles, or else of the window; 0-1 */
    double hz;    /**< cycles a second; 0 with less than two rising edges */
} fwsim_wave;

/** The pin has this level, now or by the end of @a timeout_ns. */
FWSIM_API int fwsim_pin_expect(fwsim_machine *m, const char *pin, bool level,
                               uint64_t timeout_ns);

/** The pin has this level now and keeps it for @a time_ns. */
FWSIM_API int fwsim_pin_expect_held(fwsim_machine *m, const char *pin,
                                    bool level, uint64_t time_ns);

/** From @a min to @a max edges in @a time_ns, both directions counted. One edge
 * too many ends the run. */
FWSIM_API int fwsim_pin_expect_edges(fwsim_machine *m, const char *pin,
                                     uint64_t min, uint64_t max,
                                     uint64_t time_ns);

/**
 * The high part of the time.
 * @param duty       0 to 1, measured over the whole cycles in the window
 * @param tolerance  0 to 1, absolute: 0.5 and 0.02 accept 0.48 to 0.52
 */
FWSIM_API int fwsim_pin_expect_duty(fwsim_machine *m, const char *pin,
                                    double duty, double tolerance,
                                    uint64_t time_ns);

/**
 * Cycles a second: the frequency of a signal, the blink rate of an LED. The
 * window must hold two rising edges.
 * @param hz         above 0
 * @param tolerance  0 to 1, relative: 2.0 and 0.05 accept 1.9 to 2.1
 */
FWSIM_API int fwsim_pin_expect_rate(fwsim_machine *m, const char *pin,
                                    double hz, double tolerance,
                                    uint64_t time_ns);

/**
 * Run for @a time_ns and measure; for what no function above asks.
 * @return 0 also when the run ended before the window did: wave->time_ns is
 *         shorter then; FWSIM_EBUSY; FWSIM_ENOENT; FWSIM_EINVAL for no time;
 *         FWSIM_ENOMEM; FWSIM_ECPU
 */
FWSIM_API int fwsim_pin_measure(fwsim_machine *m, const char *pin,
                                uint64_t time_ns, fwsim_wave *wave);

/* ------------------------------------------------------------------ */
/* Interrupts                                                           */
/* ------------------------------------------------------------------ */

/** Exception number of an interrupt line of a Cortex-M. */
#define FWSIM_IRQ(line) (16u + (line))

/**
 * An exception is taken from @a min to @a max times in @a time_ns. One too many
 * ends the run.
 * @param number  as in fwsim_exception: 15 SysTick, FWSIM_IRQ(line)
 */
FWSIM_API int fwsim_exception_expect(fwsim_machine *m, unsigned number,
                                     uint64_t min, uint64_t max,
                                     uint64_t time_ns);

/* ------------------------------------------------------------------ */
/* Stacks                                                               */
/* ------------------------------------------------------------------ */

/*
 * How deep a stack has been: its unused part is painted with a pattern, and
 * later the lowest byte that is another one shows the mark. That measures what
 * was written to, by functions and by exceptions. Space that a function
 * reserved and never wrote to does not count below the last byte it wrote.
 *
 * Painting writes to RAM that the firmware has not set: a firmware that reads
 * it runs differently, as it may on silicon. Everything is in RAM, so snapshots
 * keep paint and mark.
 */

/**
 * Where a stack is.
 *
 * @param symbol  a variable, the stack of a task: it is as large as that. NULL:
 *                the main stack of a Cortex-M, from the initial stack pointer
 *                of the vector table down to a limit that linker scripts name
 *                (__StackLimit, __stack_limit, _sstack), or else to the end of
 *                the static variables below it; a heap there counts as stack
 * @return 0; FWSIM_ENOENT for an unknown symbol, or when there is no main stack
 *         to be found (fwsim_errmsg says why); FWSIM_EINVAL for a symbol without
 *         a size. Legal in a callback
 */
FWSIM_API int fwsim_stack_find(fwsim_machine *m, const char *symbol,
                               fwsim_range *stack);

/** Paint what of it is below the stack pointers of the core, all of it when none
 * points into it. Best after the start-up code, which may clear RAM.
 * @return 0; FWSIM_EFAULT when a byte of it is no memory */
FWSIM_API int fwsim_stack_paint(fwsim_machine *m, const fwsim_range *stack);

/**
 * Bytes of it that were used since it was painted. All of it means that its
 * lowest byte was written to: it is full, has overflowed, or was not painted.
 * Legal in a callback.
 * @return 0; FWSIM_EFAULT
 */
FWSIM_API int fwsim_stack_used(fwsim_machine *m, const fwsim_range *stack,
                               uint64_t *bytes);

/** At most so many bytes of it were used. Does not run the machine.
 * @return 0; FWSIM_ERANGE when it was more (fwsim_failure); FWSIM_EFAULT;
 *         FWSIM_EBUSY; FWSIM_ENOMEM */
FWSIM_API int fwsim_stack_expect(fwsim_machine *m, const fwsim_range *stack,
                                 uint64_t most);

#ifdef __cplusplus
}
#endif

#endif
