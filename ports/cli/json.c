/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The writer of JSON, see json.h. */
#include "json.h"

#include <inttypes.h>
#include <string.h>

/*
 * Length of the well-formed UTF-8 sequence at @a s, 0 if there is none
 * (Unicode 15, table 3-7: no overlong forms, no surrogates).
 */
static size_t utf8_length(const unsigned char *s, size_t size)
{
    unsigned char low = 0x80, high = 0xbf;
    size_t length;

    if (s[0] < 0x80)
        return 1;
    if (s[0] >= 0xc2 && s[0] <= 0xdf) {
        length = 2;
    } else if (s[0] >= 0xe0 && s[0] <= 0xef) {
        length = 3;
        if (s[0] == 0xe0)
            low = 0xa0;
        if (s[0] == 0xed)
            high = 0x9f;
    } else if (s[0] >= 0xf0 && s[0] <= 0xf4) {
        length = 4;
        if (s[0] == 0xf0)
            low = 0x90;
        if (s[0] == 0xf4)
            high = 0x8f;
    } else {
        return 0;
    }
    if (size < length || s[1] < low || s[1] > high)
        return 0;
    for (size_t i = 2; i < length; i++) {
        if (s[i] < 0x80 || s[i] > 0xbf)
            return 0;
    }
    return length;
}

static void write_ascii(FILE *out, unsigned char c)
{
    static const char named[] = "\"\\\b\f\n\r\t";
    static const char letter[] = "\"\\bfnrt";
    const char *at = c ? strchr(named, c) : NULL;

    if (at)
        fprintf(out, "\\%c", letter[at - named]);
    else if (c < 0x20 || c == 0x7f)
        fprintf(out, "\\u%04x", c);
    else
        fputc(c, out);
}

static void write_string(FILE *out, const char *text, size_t size)
{
    const unsigned char *s = (const unsigned char *)text;

    fputc('"', out);
    for (size_t i = 0; i < size;) {
        size_t length = utf8_length(s + i, size - i);

        if (length == 0) {
            fputs("\\ufffd", out);
            length = 1;
        } else if (length == 1) {
            write_ascii(out, s[i]);
        } else {
            fwrite(s + i, 1, length, out);
        }
        i += length;
    }
    fputc('"', out);
}

static void new_line(const json *j)
{
    fprintf(j->out, "\n%*s", (int)(2 * j->depth), "");
}

static void begin_value(json *j, const char *key)
{
    if (j->filled)
        fputc(',', j->out);
    if (j->depth > 0)
        new_line(j);
    j->filled = true;
    if (key) {
        write_string(j->out, key, strlen(key));
        fputs(": ", j->out);
    }
}

static void open_group(json *j, const char *key, char bracket)
{
    begin_value(j, key);
    fputc(bracket, j->out);
    j->depth++;
    j->filled = false;
}

static void close_group(json *j, char bracket)
{
    j->depth--;
    if (j->filled)
        new_line(j);
    fputc(bracket, j->out);
    j->filled = true;
}

void json_object(json *j, const char *key)
{
    open_group(j, key, '{');
}

void json_object_end(json *j)
{
    close_group(j, '}');
}

void json_array(json *j, const char *key)
{
    open_group(j, key, '[');
}

void json_array_end(json *j)
{
    close_group(j, ']');
}

void json_bytes(json *j, const char *key, const char *text, size_t size)
{
    begin_value(j, key);
    write_string(j->out, text, size);
}

void json_string(json *j, const char *key, const char *text)
{
    if (text)
        json_bytes(j, key, text, strlen(text));
    else
        json_null(j, key);
}

void json_uint(json *j, const char *key, uint64_t value)
{
    begin_value(j, key);
    fprintf(j->out, "%" PRIu64, value);
}

void json_int(json *j, const char *key, int64_t value)
{
    begin_value(j, key);
    fprintf(j->out, "%" PRId64, value);
}

void json_hex(json *j, const char *key, uint64_t value)
{
    begin_value(j, key);
    fprintf(j->out, "\"0x%08" PRIx64 "\"", value);
}

void json_bool(json *j, const char *key, bool value)
{
    begin_value(j, key);
    fputs(value ? "true" : "false", j->out);
}

void json_null(json *j, const char *key)
{
    begin_value(j, key);
    fputs("null", j->out);
}

void json_end(json *j)
{
    fputc('\n', j->out);
}
