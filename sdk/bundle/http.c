/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * HTTP/1.1 as a client reads it, see http.h.
 */
#include "bundle/http.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { TRAILERS_MAX = 4096 }; /* bytes behind the last chunk */

/* ------------------------------------------------------------------ */
/* The head                                                             */
/* ------------------------------------------------------------------ */

size_t fwsim__http_head_end(const char *text, size_t size)
{
    for (size_t i = 3; i < size; i++) {
        if (!memcmp(text + i - 3, "\r\n\r\n", 4))
            return i + 1;
    }
    return 0;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/** Decimal digits and no more. */
static bool read_number(const char *text, uint64_t *out)
{
    uint64_t n = 0;

    if (!is_digit(*text))
        return false;
    for (; is_digit(*text); text++) {
        if (n > (UINT64_MAX - 9) / 10)
            return false;
        n = n * 10 + (uint64_t)(*text - '0');
    }
    *out = n;
    return *text == '\0';
}

/** RFC 9110, section 5.6.2 */
static bool is_token(const char *text, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        char c = text[i];

        if (!(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') &&
            !is_digit(c) && !strchr("!#$%&'*+-.^_`|~", c))
            return false;
    }
    return size > 0;
}

static bool keep(char *to, const char *value)
{
    size_t n = strlen(value);

    if (n >= FWSIM__HTTP_FIELD_MAX || *to)
        return false;
    memcpy(to, value, n + 1);
    return true;
}

static const char *length_field(fwsim__http_head *h, const char *value)
{
    if (h->has_length || !read_number(value, &h->length))
        return "one Content-Length that is a number";
    h->has_length = true;
    return NULL;
}

static const char *range_field(fwsim__http_head *h, const char *value)
{
    char first[24];
    size_t n;

    if (strncasecmp(value, "bytes ", 6))
        return "a Content-Range in bytes";
    value += 6;
    if (!strncmp(value, "*/", 2)) /* of a 416: the whole has that size */
        return NULL;
    n = strspn(value, "0123456789");
    if (n >= sizeof first || value[n] != '-')
        return "a Content-Range with its first byte";
    memcpy(first, value, n);
    first[n] = '\0';
    if (h->has_range || !read_number(first, &h->range_first))
        return "one Content-Range with its first byte";
    h->has_range = true;
    return NULL;
}

static const char *field(fwsim__http_head *h, const char *name,
                         const char *value)
{
    uint64_t seconds;

    if (!strcasecmp(name, "Content-Length"))
        return length_field(h, value);
    if (!strcasecmp(name, "Content-Range"))
        return range_field(h, value);
    if (!strcasecmp(name, "Transfer-Encoding")) {
        if (h->chunked || strcasecmp(value, "chunked"))
            return "no Transfer-Encoding but chunked";
        h->chunked = true;
    } else if (!strcasecmp(name, "Content-Encoding")) {
        if (strcasecmp(value, "identity"))
            return "a body without Content-Encoding";
    } else if (!strcasecmp(name, "ETag")) {
        return keep(h->etag, value) ? NULL : "one short ETag";
    } else if (!strcasecmp(name, "Location")) {
        return keep(h->location, value) ? NULL : "one short Location";
    } else if (!strcasecmp(name, "Content-Type")) {
        return keep(h->type, value) ? NULL : "one short Content-Type";
    } else if (!strcasecmp(name, "Retry-After") &&
               read_number(value, &seconds)) {
        h->retry_after = seconds > 3600 ? 3600 : (unsigned)seconds;
    }
    return NULL;
}

/** "name: value", with white space around the value. */
static const char *field_line(fwsim__http_head *h, char *line)
{
    char *colon = strchr(line, ':'), *value, *end;

    if (!colon || !is_token(line, (size_t)(colon - line)))
        return "a field: name, colon, value";
    *colon = '\0';
    value = colon + 1 + strspn(colon + 1, " \t");
    end = value + strlen(value);
    while (end > value && (end[-1] == ' ' || end[-1] == '\t'))
        *--end = '\0';
    return field(h, line, value);
}

/** "HTTP/1.1 200 OK" */
static const char *status_line(fwsim__http_head *h, const char *line)
{
    if ((strncmp(line, "HTTP/1.1 ", 9) && strncmp(line, "HTTP/1.0 ", 9)) ||
        !is_digit(line[9]) || !is_digit(line[10]) || !is_digit(line[11]) ||
        (line[12] && line[12] != ' '))
        return "a status line of HTTP/1.1";
    h->status = (unsigned)atoi(line + 9);
    return h->status >= 100 && h->status < 600 ? NULL : "a status from 100 on";
}

/** The next line without its end; NULL: there is none. Zeroes the end. */
static char *next_line(char **at)
{
    char *line = *at, *end = strstr(line, "\r\n");

    if (!end)
        return NULL;
    *end = '\0';
    *at = end + 2;
    return line;
}

static const char *read_lines(fwsim__http_head *out, char *at)
{
    char *line = next_line(&at);
    const char *wrong = line ? status_line(out, line) : "a status line";

    while (!wrong && (line = next_line(&at)) != NULL && *line)
        wrong = field_line(out, line);
    if (!wrong && out->chunked && out->has_length)
        wrong = "either a length or chunks";
    return wrong;
}

const char *fwsim__http_head_read(fwsim__http_head *out, const char *text,
                                  size_t size)
{
    const char *wrong;
    char *copy;

    *out = (fwsim__http_head){ 0 };
    if (size > FWSIM__HTTP_HEAD_MAX)
        return "a shorter head";
    for (size_t i = 0; i < size; i++) {
        uint8_t c = (uint8_t)text[i];

        if ((c < ' ' && c != '\t' && c != '\r' && c != '\n') || c == 0x7f ||
            (c == '\r' && (i + 1 == size || text[i + 1] != '\n')) ||
            (c == '\n' && (i == 0 || text[i - 1] != '\r')))
            return "a head without control characters";
    }
    copy = malloc(size + 1);
    if (!copy)
        return "more memory";
    memcpy(copy, text, size);
    copy[size] = '\0';
    wrong = read_lines(out, copy);
    free(copy);
    return wrong;
}

/* ------------------------------------------------------------------ */
/* The body                                                             */
/* ------------------------------------------------------------------ */

void fwsim__http_body_begin(fwsim__http_body *b, const fwsim__http_head *head)
{
    *b = (fwsim__http_body){ 0 };
    if (head->status < 200 || head->status == 204 || head->status == 304)
        b->state = FWSIM__BODY_DONE;
    else if (head->chunked)
        b->state = FWSIM__BODY_CHUNK_SIZE;
    else if (head->has_length)
        b->state = head->length ? FWSIM__BODY_LENGTH : FWSIM__BODY_DONE;
    else
        b->state = FWSIM__BODY_CLOSE;
    b->left = head->length;
}

/** Copy what is left of a run of bytes. */
static const char *take_data(fwsim__http_body *b, const uint8_t *data,
                             size_t size, size_t *used, fwsim__bytes *out,
                             size_t limit)
{
    bool counted = b->state != FWSIM__BODY_CLOSE;
    size_t n = counted && b->left < size ? (size_t)b->left : size;

    if (n > limit - out->size)
        return "a smaller body";
    if (!fwsim__bytes_add(out, data, n))
        return "more memory";
    *used = n;
    if (!counted)
        return NULL;
    b->left -= n;
    if (!b->left)
        b->state = b->state == FWSIM__BODY_LENGTH ? FWSIM__BODY_DONE
                                                  : FWSIM__BODY_CHUNK_END;
    return NULL;
}

static int hex_digit(uint8_t c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/** "1a2b\r\n"; extensions are refused. */
static const char *take_size(fwsim__http_body *b, uint8_t c)
{
    int digit = hex_digit(c);

    if (c == '\n' && b->last == '\r' && b->line > 1) {
        b->state = b->left ? FWSIM__BODY_CHUNK_DATA : FWSIM__BODY_TRAILER;
        b->line = 0;
        b->last = '\n';
        return NULL;
    }
    if (c == '\r' && b->last != '\r' && b->line > 0)
        digit = 0;
    else if (digit < 0 || b->last == '\r' || b->line > 8)
        return "the size of a chunk in hex";
    else
        b->left = b->left << 4 | (uint64_t)digit;
    b->line++;
    b->last = c;
    return NULL;
}

static const char *take_chunk_end(fwsim__http_body *b, uint8_t c)
{
    if (b->line == 0 && c == '\r') {
        b->line = 1;
        return NULL;
    }
    if (b->line == 1 && c == '\n') {
        *b = (fwsim__http_body){ .state = FWSIM__BODY_CHUNK_SIZE };
        return NULL;
    }
    return "the end of a chunk";
}

/** Trailers are passed over, up to the empty line. */
static const char *take_trailer(fwsim__http_body *b, uint8_t c)
{
    if (++b->left > TRAILERS_MAX)
        return "shorter trailers";
    if (c == '\n' && b->last == '\r') {
        if (b->line <= 1)
            b->state = FWSIM__BODY_DONE;
        b->line = 0;
    } else {
        b->line++;
    }
    b->last = c;
    return NULL;
}

static const char *take_byte(fwsim__http_body *b, uint8_t c)
{
    switch (b->state) {
    case FWSIM__BODY_CHUNK_SIZE:
        return take_size(b, c);
    case FWSIM__BODY_CHUNK_END:
        return take_chunk_end(b, c);
    case FWSIM__BODY_TRAILER:
        return take_trailer(b, c);
    default:
        return "no bytes behind the body";
    }
}

const char *fwsim__http_body_feed(fwsim__http_body *b, const uint8_t *data,
                                  size_t size, fwsim__bytes *out, size_t limit)
{
    const char *wrong = NULL;

    while (size && !wrong) {
        size_t used = 1;

        if (b->state == FWSIM__BODY_LENGTH || b->state == FWSIM__BODY_CLOSE ||
            b->state == FWSIM__BODY_CHUNK_DATA)
            wrong = take_data(b, data, size, &used, out, limit);
        else
            wrong = take_byte(b, *data);
        data += used;
        size -= used;
    }
    return wrong;
}

bool fwsim__http_body_whole(const fwsim__http_body *b)
{
    return b->state == FWSIM__BODY_DONE || b->state == FWSIM__BODY_CLOSE;
}

/* ------------------------------------------------------------------ */
/* URLs                                                                 */
/* ------------------------------------------------------------------ */

/** Visible ASCII without what would end a line or a path. */
static bool is_path(const char *path)
{
    if (*path != '/' || strlen(path) >= FWSIM__HTTP_FIELD_MAX)
        return false;
    for (; *path; path++) {
        if (*path <= ' ' || *path > '~' || *path == '#' || *path == '\\')
            return false;
    }
    return true;
}

static bool is_host(const char *host)
{
    for (; *host; host++) {
        if (!(*host >= 'a' && *host <= 'z') && !(*host >= 'A' && *host <= 'Z') &&
            !is_digit(*host) && *host != '.' && *host != '-' && *host != ':')
            return false;
    }
    return true;
}

/** "host", "host:port", "[v6]:port" */
static const char *read_authority(fwsim__url *out, const char *text, size_t n)
{
    const char *end = text + n, *host = text, *port = NULL;
    const char *host_end;
    uint64_t number = 443;

    if (n && *text == '[') {
        host++;
        host_end = memchr(text, ']', n);
        if (!host_end)
            return "the ] of the address";
        if (host_end + 1 < end && host_end[1] == ':')
            port = host_end + 2;
        else if (host_end + 1 < end)
            return "a port behind the ]";
    } else {
        host_end = memchr(text, ':', n);
        port = host_end ? host_end + 1 : NULL;
        host_end = host_end ? host_end : end;
    }
    if (host_end == host || (size_t)(host_end - host) >= sizeof out->host)
        return "a host";
    snprintf(out->host, sizeof out->host, "%.*s", (int)(host_end - host), host);
    snprintf(out->port, sizeof out->port, "443");
    if (port) {
        if (end - port < 1 || end - port > 5)
            return "a port from 1 to 65535";
        snprintf(out->port, sizeof out->port, "%.*s", (int)(end - port), port);
        if (!read_number(out->port, &number) || !number || number > 65535)
            return "a port from 1 to 65535";
    }
    return is_host(out->host) ? NULL : "a host";
}

const char *fwsim__url_read(fwsim__url *out, const char *text)
{
    const char *path, *wrong;

    *out = (fwsim__url){ 0 };
    if (strncasecmp(text, "https://", 8))
        return "https://host/path";
    text += 8;
    path = text + strcspn(text, "/?#");
    wrong = read_authority(out, text, (size_t)(path - text));
    if (wrong)
        return wrong;
    if (!*path)
        path = "/";
    if (!is_path(path))
        return "a path of visible characters";
    snprintf(out->path, sizeof out->path, "%s", path);
    return NULL;
}

const char *fwsim__url_follow(fwsim__url *out, const fwsim__url *from,
                              const char *reference)
{
    if (*reference != '/' || reference[1] == '/')
        return fwsim__url_read(out, reference);
    if (!is_path(reference))
        return "a path of visible characters";
    *out = *from;
    snprintf(out->path, sizeof out->path, "%s", reference);
    return NULL;
}
