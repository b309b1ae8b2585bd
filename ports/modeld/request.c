/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Heads of requests (RFC 9112), read strictly. */
#include "modeld.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

size_t modeld_head_end(const char *text, size_t size)
{
    for (size_t i = 3; i < size; i++) {
        if (!memcmp(text + i - 3, "\r\n\r\n", 4))
            return i + 1;
    }
    return 0;
}

static bool read_number(const char *text, uint64_t *out)
{
    uint64_t n = 0;

    if (!*text)
        return false;
    for (; *text; text++) {
        if (*text < '0' || *text > '9' || n > UINT64_MAX / 10 - 1)
            return false;
        n = n * 10 + (uint64_t)(*text - '0');
    }
    *out = n;
    return true;
}

static bool keep(char *to, size_t room, const char *value)
{
    size_t n = strlen(value);

    if (n >= room || *to)
        return false;
    memcpy(to, value, n + 1);
    return true;
}

/** "bytes=100-": only the rest of a file can be asked for. */
static void read_range(modeld_request *r, const char *value)
{
    size_t n = strlen(value);
    char digits[24];

    if (strncmp(value, "bytes=", 6) || n < 8 || n > 26 || value[n - 1] != '-')
        return;
    memcpy(digits, value + 6, n - 7);
    digits[n - 7] = '\0';
    r->has_range = read_number(digits, &r->range_first);
}

/** @return 0, or a status */
static unsigned field(modeld_request *r, const char *name, const char *value)
{
    if (!strcasecmp(name, "Content-Length")) {
        if (r->has_length || !read_number(value, &r->length))
            return 400;
        r->has_length = true;
    } else if (!strcasecmp(name, "Transfer-Encoding")) {
        r->chunked = true;
    } else if (!strcasecmp(name, "Host")) {
        if (r->has_host)
            return 400;
        r->has_host = true;
    } else if (!strcasecmp(name, "Authorization")) {
        if (!strncasecmp(value, "Bearer ", 7) &&
            !keep(r->token, sizeof(r->token), value + 7))
            return 400;
    } else if (!strcasecmp(name, "If-None-Match")) {
        keep(r->if_none_match, sizeof(r->if_none_match), value);
    } else if (!strcasecmp(name, "If-Range")) {
        keep(r->if_range, sizeof(r->if_range), value);
    } else if (!strcasecmp(name, "Range")) {
        read_range(r, value);
    } else if (!strcasecmp(name, "Expect")) {
        r->expects = !strcasecmp(value, "100-continue");
        return r->expects ? 0 : 417;
    }
    return 0;
}

static bool is_token(const char *text)
{
    for (; *text; text++) {
        if (*text <= ' ' || *text > '~' || strchr("\"(),/:;<=>?@[\\]{}", *text))
            return false;
    }
    return true;
}

static unsigned field_line(modeld_request *r, char *line)
{
    char *colon = strchr(line, ':'), *value, *end;

    if (!colon || colon == line)
        return 400;
    *colon = '\0';
    if (!is_token(line))
        return 400;
    value = colon + 1 + strspn(colon + 1, " \t");
    end = value + strlen(value);
    while (end > value && (end[-1] == ' ' || end[-1] == '\t'))
        *--end = '\0';
    return field(r, line, value);
}

/** "GET /path HTTP/1.1" */
static unsigned request_line(modeld_request *r, char *line)
{
    char *target = strchr(line, ' ');
    char *version = target ? strchr(target + 1, ' ') : NULL;

    if (!version)
        return 400;
    *target++ = '\0';
    *version++ = '\0';
    r->is_old = !strcmp(version, "HTTP/1.0");
    if (!r->is_old && strcmp(version, "HTTP/1.1"))
        return 505;
    r->method = !strcmp(line, "GET") ? MODELD_GET
              : !strcmp(line, "HEAD") ? MODELD_HEAD
              : !strcmp(line, "POST") ? MODELD_POST
                                      : MODELD_OTHER;
    target[strcspn(target, "?")] = '\0';
    if (*target != '/')
        return 400;
    return keep(r->path, sizeof(r->path), target) ? 0 : 414;
}

/** The next line without its end; NULL: there is none. */
static char *next_line(char **at)
{
    char *line = *at, *end = strstr(line, "\r\n");

    if (!end)
        return NULL;
    *end = '\0';
    *at = end + 2;
    return line;
}

unsigned modeld_request_read(modeld_request *out, const char *text, size_t size)
{
    char copy[MODELD_HEAD_MAX + 1], *at = copy, *line;
    unsigned status;

    *out = (modeld_request){ .method = MODELD_OTHER };
    if (size > MODELD_HEAD_MAX)
        return 431;
    for (size_t i = 0; i < size; i++) {
        unsigned char c = (unsigned char)text[i];

        if ((c < ' ' && c != '\t' && c != '\r' && c != '\n') || c == 0x7f ||
            (c == '\n' && (i == 0 || text[i - 1] != '\r')) ||
            (c == '\r' && (i + 1 == size || text[i + 1] != '\n')))
            return 400;
    }
    memcpy(copy, text, size);
    copy[size] = '\0';
    line = next_line(&at);
    status = line ? request_line(out, line) : 400;
    while (!status && (line = next_line(&at)) != NULL && *line)
        status = field_line(out, line);
    /* RFC 9112, 3.2 */
    return status ? status : out->has_host || out->is_old ? 0 : 400;
}
