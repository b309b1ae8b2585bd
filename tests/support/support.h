/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What tests have in common: cmocka, errors with their text, accesses that
 * must succeed, and a log that can be asked.
 */
#ifndef FWSIM_TEST_SUPPORT_H
#define FWSIM_TEST_SUPPORT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "fwsim.h"

/** Assert that a call returned 0; shows the error text of the machine `m`. */
#define OK(call)                                                               \
    do {                                                                       \
        int ok_result_ = (call);                                               \
        support_ok(m, ok_result_, #call, __FILE__, __LINE__);                  \
    } while (0)

void support_ok(fwsim_machine *m, int result, const char *call,
                const char *file, int line);

/** Assert that the last error text of a machine contains @a part. */
void assert_errmsg(fwsim_machine *m, const char *part);

/** A machine that must come into being. */
fwsim_machine *new_machine(const fwsim_board *board, const fwsim_options *opt);

/** Teardown of a cmocka test whose state is a machine. */
int free_machine(void **state);

/** Accesses of the bus that must succeed: 32, 16 and 8 bits. */
uint32_t bus_read(fwsim_machine *m, uint64_t addr);
uint16_t bus_read16(fwsim_machine *m, uint64_t addr);
uint8_t bus_read8(fwsim_machine *m, uint64_t addr);
void bus_write(fwsim_machine *m, uint64_t addr, uint32_t value);
void bus_write16(fwsim_machine *m, uint64_t addr, uint16_t value);
void bus_write8(fwsim_machine *m, uint64_t addr, uint8_t value);

/** Run for a time, or a number of instructions; returns why it stopped. */
fwsim_stop_reason run_ns(fwsim_machine *m, uint64_t ns);
fwsim_stop_reason run_instructions(fwsim_machine *m, uint64_t n);

/** Lines of a log, the first LOG_LINES of them. */
enum { LOG_LINES = 256, LOG_TEXT = 240 };

typedef struct log_line {
    fwsim_level level;
    fwsim_topic topic;
    uint64_t time_ns, pc;
    bool has_pc;
    char origin[40];
    char text[LOG_TEXT];
} log_line;

typedef struct log_lines {
    size_t count; /* also of lines that found no room */
    log_line line[LOG_LINES];
} log_lines;

/** For fwsim_options.log, with a log_lines as user. */
void log_collect(const fwsim_log_entry *entry, void *user);

/** Lines of a topic. */
size_t log_count(const log_lines *log, fwsim_topic topic);

/** The first line of a topic whose text contains @a part, or NULL. */
const log_line *log_find(const log_lines *log, fwsim_topic topic,
                         const char *part);

/** Options with a log_lines at debug level. */
fwsim_options log_options(log_lines *log);

/** A machine that logs at debug level, as the state of a cmocka test. */
typedef struct bench {
    fwsim_machine *m;
    log_lines log;
} bench;

int bench_setup(void **state, const fwsim_board *board);
int bench_teardown(void **state);
fwsim_machine *bench_machine(void **state);

#endif
