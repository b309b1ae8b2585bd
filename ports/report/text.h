/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Text that may be anything, made fit for a format. */
#ifndef FWSIM_REPORT_TEXT_H
#define FWSIM_REPORT_TEXT_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "report.h"

enum { FWSIM__NO_CHARACTER = 0xfffd };

/**
 * The next character of UTF-8 text.
 * @param code  out: the character; FWSIM__NO_CHARACTER for what is none
 * @return bytes it takes, at least 1
 */
size_t fwsim__text_next(const char *text, size_t size, uint32_t *code);

/** A character as UTF-8. */
void fwsim__text_put(uint32_t code, FILE *out);

/** A string of JSON, with its quotes. */
void fwsim__text_json(const char *text, size_t size, FILE *out);

/** Bytes of a result's output. */
size_t fwsim__output_size(const fwsim__result *result);

void fwsim__junit_print(const fwsim__results *results, FILE *out);
void fwsim__tap_print(const fwsim__results *results, FILE *out);
void fwsim__json_print(const fwsim__results *results, FILE *out);

#endif
