/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Records, a line each, and hexadecimal digits, for the text formats.
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

static bool next_line(const fwsim__loader *l, fwsim__line *line)
{
    while (line->next < l->size) {
        size_t begin = line->next, end = begin;
        while (end < l->size && !is_end(l->data[end]))
            end++;
        /* CR, LF and CR LF each end one line. */
        line->next = end < l->size ? end + 1 : end;
        if (line->next < l->size && l->data[end] == '\r' &&
            l->data[line->next] == '\n')
            line->next++;
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

int fwsim__loader_record(fwsim__loader *l, fwsim__line *line,
                         const char *end_record)
{
    bool more = next_line(l, line);

    l->place_noun = "line";
    if (more && line->end)
        return fwsim__loader_fail(l, FWSIM_EFORMAT, "line %zu: there is more "
            "after the end record in line %zu; files that were joined keep "
            "only their last end record", line->number, line->end);
    if (!more && !line->end)
        return fwsim__loader_fail(l, FWSIM_EFORMAT, "line %zu: the file ends "
            "without an end record (%s); it is cut off, build or copy it again",
            line->number, end_record);
    return more;
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
