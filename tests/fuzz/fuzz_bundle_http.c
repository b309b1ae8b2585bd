/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * HTTP: an answer in one piece and byte by byte says the same; a URL that is
 * read leads to the same place when it is written again.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bundle/http.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { LIMIT = 4096 };

/** Read a body in steps. @return is it whole, without an error? */
static bool body(const fwsim__http_head *head, const uint8_t *data, size_t size,
                 size_t step, fwsim__bytes *out)
{
    const char *wrong = NULL;
    fwsim__http_body b;

    *out = (fwsim__bytes){ 0 };
    fwsim__http_body_begin(&b, head);
    for (size_t i = 0; !wrong && i < size; i += step)
        wrong = fwsim__http_body_feed(&b, data + i,
                                      size - i < step ? size - i : step, out,
                                      LIMIT);
    if (out->size > LIMIT)
        abort();
    return !wrong && fwsim__http_body_whole(&b);
}

static void answer(const uint8_t *data, size_t size)
{
    size_t end = fwsim__http_head_end((const char *)data, size);
    fwsim__http_head head;
    fwsim__bytes at_once, by_byte;
    bool whole;

    if (!end || fwsim__http_head_read(&head, (const char *)data, end))
        return;
    if (head.status < 100 || head.status > 599)
        abort();
    whole = body(&head, data + end, size - end, size, &at_once);
    if (body(&head, data + end, size - end, 1, &by_byte) != whole)
        abort();
    if (whole && (at_once.size != by_byte.size ||
                  (at_once.size &&
                   memcmp(at_once.data, by_byte.data, at_once.size))))
        abort();
    free(at_once.data);
    free(by_byte.data);
}

static void url(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1), again[2048];
    fwsim__url first, second;

    if (!text)
        abort();
    memcpy(text, data, size);
    text[size] = '\0';
    if (!fwsim__url_read(&first, text)) {
        bool v6 = strchr(first.host, ':');

        snprintf(again, sizeof again, "https://%s%s%s:%s%s", v6 ? "[" : "",
                 first.host, v6 ? "]" : "", first.port, first.path);
        if (fwsim__url_read(&second, again) ||
            strcmp(first.host, second.host) || strcmp(first.port, second.port) ||
            strcmp(first.path, second.path))
            abort();
        if (strpbrk(first.host, "@\\/") || strpbrk(again, "\r\n "))
            abort();
        fwsim__url_follow(&second, &first, text + 8);
    }
    free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    answer(data, size);
    url(data, size);
    return 0;
}
