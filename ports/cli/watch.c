/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Search by Knuth, Morris and Pratt: the stream is never looked at again. */
#include "watch.h"

#include <stdlib.h>
#include <string.h>

/* How many bytes match after @a byte, when @a matched did before it. */
static size_t advance(const watch *w, size_t matched, char byte)
{
    while (matched > 0 && w->text[matched] != byte)
        matched = w->border[matched - 1];
    return w->text[matched] == byte ? matched + 1 : 0;
}

bool watch_init(watch *w, const char *text)
{
    *w = (watch){ .text = text, .length = strlen(text) };
    w->border = calloc(w->length, sizeof(*w->border));
    if (!w->border)
        return false;
    for (size_t i = 1; i < w->length; i++)
        w->border[i] = advance(w, w->border[i - 1], text[i]);
    return true;
}

void watch_free(watch *w)
{
    free(w->border);
}

bool watch_byte(watch *w, char byte)
{
    if (w->seen)
        return false;
    w->matched = advance(w, w->matched, byte);
    w->seen = w->matched == w->length;
    return w->seen;
}
