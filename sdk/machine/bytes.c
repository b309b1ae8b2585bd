/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Bytes that grow. A zero byte always follows the last one, so that text can
 * be handed out as a string.
 */
#include "machine/machine.h"

#include <stdlib.h>
#include <string.h>

static bool reserve(fwsim__bytes *b, size_t needed)
{
    size_t capacity = b->capacity ? b->capacity : 256;
    uint8_t *data;

    if (needed <= b->capacity)
        return true;
    while (capacity < needed) {
        if (capacity > SIZE_MAX / 2)
            return false;
        capacity *= 2;
    }
    data = realloc(b->data, capacity);
    if (!data)
        return false;
    b->data = data;
    b->capacity = capacity;
    return true;
}

bool fwsim__bytes_add(fwsim__bytes *b, const void *data, size_t size)
{
    if (size >= SIZE_MAX - b->size || !reserve(b, b->size + size + 1))
        return false;
    if (size)
        memcpy(b->data + b->size, data, size);
    b->size += size;
    b->data[b->size] = '\0';
    return true;
}
