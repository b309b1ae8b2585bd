/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Results of tests, and the files that tools read: JUnit XML, TAP 14 and JSON
 * lines. One structure for all of them, so that every way to run a test
 * (`fwsim test`, cmocka programs) reports the same.
 *
 *     fwsim__results results = { 0 };
 *     char error[256];
 *
 *     fwsim__results_add(&results, &(fwsim__result){
 *         .suite = "uart", .name = "echoes_a_line", .time_ns = 41000 });
 *     if (fwsim__report_save(FWSIM__REPORT_JUNIT, &results, "junit.xml",
 *                            error, sizeof error))
 *         fprintf(stderr, "%s\n", error);
 *     fwsim__results_clear(&results);
 *
 * Text is UTF-8. What is not, and characters that a format cannot hold, are
 * replaced: bytes that are no UTF-8 by U+FFFD, control characters in XML by
 * their pictures (U+2400 and following).
 */
#ifndef FWSIM_REPORT_H
#define FWSIM_REPORT_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

typedef enum fwsim__status {
    FWSIM__PASSED,
    FWSIM__FAILED,  /**< an assertion was false */
    FWSIM__SKIPPED, /**< could not run here */
    FWSIM__ERROR    /**< broke before it could tell: crash, set-up, time-out */
} fwsim__status;

/** "passed", "failed", "skipped", "error". */
const char *fwsim__status_name(fwsim__status status);

typedef struct fwsim__property {
    const char *name, *value;
} fwsim__property;

/** The result of one test. NULL and 0: unknown, or none. */
typedef struct fwsim__result {
    const char *suite;
    const char *name;
    const char *file; /**< of the test, or of the assertion that failed */
    unsigned line;    /**< 0: unknown */
    uint64_t time_ns; /**< how long it took, of the host's time */
    fwsim__status status;
    const char *message; /**< why it failed or was skipped */
    const char *output;  /**< what it and its firmware wrote */
    size_t output_size;  /**< bytes; 0: up to the zero byte */
    const fwsim__property *properties;
    size_t property_count;
} fwsim__result;

/** Results in order. Begin with { 0 }, end with fwsim__results_clear. */
typedef struct fwsim__results {
    fwsim__result *item;
    size_t count, room;
} fwsim__results;

/** Append a copy. @return 0, or FWSIM_ENOMEM: nothing was added */
int fwsim__results_add(fwsim__results *results, const fwsim__result *result);
/** Number of results with a status. */
size_t fwsim__results_count(const fwsim__results *results, fwsim__status status);
void fwsim__results_clear(fwsim__results *results);

typedef enum fwsim__report_format {
    FWSIM__REPORT_JUNIT, /**< XML as Jenkins, GitLab and GitHub actions read it */
    FWSIM__REPORT_TAP,   /**< Test Anything Protocol 14 */
    FWSIM__REPORT_JSONL  /**< an object a line */
} fwsim__report_format;

/** The whole report. Failures to write are left in @a out (ferror). */
void fwsim__report_print(fwsim__report_format format,
                         const fwsim__results *results, FILE *out);

/**
 * The report as a file, which is there whole or not at all. A pipe or device
 * is written to, not replaced; "-" is standard output.
 *
 * @param error  out: what went wrong, with the path
 * @return 0, FWSIM_EIO or FWSIM_ENOMEM
 */
int fwsim__report_save(fwsim__report_format format,
                       const fwsim__results *results, const char *path,
                       char *error, size_t size);

/* Pieces, for who shows results as they come. */

/** One result as a line of JSON. */
void fwsim__report_json_line(const fwsim__result *result, FILE *out);
/** One result as a test point of TAP; @a number from 1. Before the first:
 * "TAP version 14"; before the first or behind the last: "1..N". */
void fwsim__report_tap_point(const fwsim__result *result, size_t number,
                             FILE *out);

#endif
