/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Bytes of firmware as text that a person can read.
 */
#include "machine/machine.h"

#include <stdio.h>
#include <string.h>

static size_t escaped_size(uint8_t byte)
{
    if (byte == '\n' || byte == '\r' || byte == '\t')
        return 2;
    return byte < 0x20 || byte >= 0x7f ? 4 : 1;
}

static char *escape(char *at, uint8_t byte)
{
    static const char hex[] = "0123456789abcdef";

    if (escaped_size(byte) == 1) {
        *at++ = (char)byte;
        return at;
    }
    *at++ = '\\';
    if (escaped_size(byte) == 2) {
        *at++ = byte == '\n' ? 'n' : byte == '\r' ? 'r' : 't';
        return at;
    }
    *at++ = 'x';
    *at++ = hex[byte >> 4];
    *at++ = hex[byte & 15];
    return at;
}

char *fwsim__escape(char *out, size_t size, const void *bytes, size_t n)
{
    const uint8_t *b = bytes;
    char *at = out;

    for (size_t i = 0;
         i < n && escaped_size(b[i]) < size - (size_t)(at - out); i++)
        at = escape(at, b[i]);
    *at = '\0';
    return out;
}

char *fwsim__escape_tail(char *out, size_t size, const void *bytes, size_t n)
{
    const uint8_t *b = bytes;
    size_t i = n, room = size - 1;

    while (i > 0 && escaped_size(b[i - 1]) <= room)
        room -= escaped_size(b[--i]);
    return fwsim__escape(out, size, b + i, n - i);
}

/* As can-utils print them. */
char *fwsim__can_text(const fwsim_can_frame *f, char *out, size_t size)
{
    size_t n = (size_t)snprintf(out, size, f->extended ? "%08X#" : "%03X#",
                                (unsigned)f->id);

    if (f->remote)
        snprintf(out + n, size - n, "R%u", f->dlc);
    for (unsigned i = 0; !f->remote && i < f->dlc; i++)
        n += (size_t)snprintf(out + n, size - n, "%02X", f->data[i]);
    return out;
}
