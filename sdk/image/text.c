/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Lines and hexadecimal digits, for the text formats.
 */
#include "image/image.h"

static bool is_blank(uint8_t c)
{
    return c == ' ' || c == '\t';
}

static bool is_end(uint8_t c)
{
    return c == '\r' || c == '\n';
}

bool fwsim__loader_line(const fwsim__loader *l, size_t *at, fwsim__line *line)
{
    while (*at < l->size) {
        size_t begin = *at, end = begin;
        while (end < l->size && !is_end(l->data[end]))
            end++;
        /* CR, LF and CR LF each end one line. */
        *at = end < l->size ? end + 1 : end;
        if (*at < l->size && l->data[end] == '\r' && l->data[*at] == '\n')
            ++*at;
        line->number++;
        while (begin < end && is_blank(l->data[begin]))
            begin++;
        while (end > begin && is_blank(l->data[end - 1]))
            end--;
        if (begin < end) {
            line->text = l->data + begin;
            line->length = end - begin;
            return true;
        }
    }
    return false;
}

static int hex_digit(uint8_t c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return -1;
}

int fwsim__hex_byte(const uint8_t *digits)
{
    int high = hex_digit(digits[0]), low = hex_digit(digits[1]);

    return high < 0 || low < 0 ? -1 : high << 4 | low;
}
