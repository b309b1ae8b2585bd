/* SPDX-License-Identifier: GPL-2.0-or-later */
/* UTF-8 (RFC 3629) and strings of JSON (RFC 8259). */
#include "text.h"

#include <stdbool.h>
#include <string.h>

size_t fwsim__text_next(const char *text, size_t size, uint32_t *code)
{
    static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
    const uint8_t *byte = (const uint8_t *)text;
    size_t length = byte[0] < 0x80               ? 1
                    : (byte[0] & 0xe0) == 0xc0   ? 2
                    : (byte[0] & 0xf0) == 0xe0   ? 3
                    : (byte[0] & 0xf8) == 0xf0   ? 4
                                                 : 0;
    uint32_t value;

    *code = FWSIM__NO_CHARACTER;
    if (!length || length > size)
        return 1;
    value = length == 1 ? byte[0] : byte[0] & (0x7fu >> length);
    for (size_t i = 1; i < length; i++) {
        if ((byte[i] & 0xc0) != 0x80)
            return 1;
        value = value << 6 | (byte[i] & 0x3f);
    }
    if (value < least[length] || value > 0x10ffff ||
        (value >= 0xd800 && value < 0xe000))
        return 1;
    *code = value;
    return length;
}

void fwsim__text_put(uint32_t code, FILE *out)
{
    if (code < 0x80) {
        fputc((int)code, out);
        return;
    }
    if (code < 0x800) {
        fputc((int)(0xc0 | code >> 6), out);
    } else {
        if (code < 0x10000) {
            fputc((int)(0xe0 | code >> 12), out);
        } else {
            fputc((int)(0xf0 | code >> 18), out);
            fputc((int)(0x80 | (code >> 12 & 0x3f)), out);
        }
        fputc((int)(0x80 | (code >> 6 & 0x3f)), out);
    }
    fputc((int)(0x80 | (code & 0x3f)), out);
}

void fwsim__text_json(const char *text, size_t size, FILE *out)
{
    static const char named[] = "\b\f\n\r\t\"\\";
    static const char letter[] = "bfnrt\"\\";

    fputc('"', out);
    for (size_t i = 0; i < size;) {
        uint32_t code;
        const char *escape;

        i += fwsim__text_next(text + i, size - i, &code);
        escape = code && code < 0x80 ? strchr(named, (int)code) : NULL;
        if (escape)
            fprintf(out, "\\%c", letter[escape - named]);
        else if (code < 0x20 || code == 0x7f)
            fprintf(out, "\\u%04x", (unsigned)code);
        else
            fwsim__text_put(code, out);
    }
    fputc('"', out);
}

size_t fwsim__output_size(const fwsim__result *result)
{
    if (!result->output)
        return 0;
    return result->output_size ? result->output_size : strlen(result->output);
}
