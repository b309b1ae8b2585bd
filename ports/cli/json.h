/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A writer of JSON (RFC 8259). The calls mirror the document; commas, line
 * breaks and escapes are its own business.
 *
 * Inside an object each value has a key; inside an array, and for the document
 * itself, the key is NULL.
 */
#ifndef FWSIM_CLI_JSON_H
#define FWSIM_CLI_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

typedef struct json {
    FILE *out;
    unsigned depth;
    bool filled; /* the innermost object or array has a member */
} json;

void json_object(json *j, const char *key);
void json_object_end(json *j);
void json_array(json *j, const char *key);
void json_array_end(json *j);

/** UTF-8; bytes that are none become U+FFFD. NULL gives null. */
void json_string(json *j, const char *key, const char *text);
void json_bytes(json *j, const char *key, const char *text, size_t size);
void json_uint(json *j, const char *key, uint64_t value);
void json_int(json *j, const char *key, int64_t value);
/** "0x20000000": a string, for numbers that people read in hexadecimal. */
void json_hex(json *j, const char *key, uint64_t value);
void json_bool(json *j, const char *key, bool value);
void json_null(json *j, const char *key);

/** End of the document: a newline. */
void json_end(json *j);

#endif
