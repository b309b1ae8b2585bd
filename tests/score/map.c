/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "map.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool has(const char *token, size_t length, const char *part)
{
    size_t n = strlen(part);

    for (size_t i = 0; i + n <= length; i++)
        if (memcmp(token + i, part, n) == 0)
            return true;
    return false;
}

static void add(map *m, const char *token, size_t name, uint64_t base,
                uint64_t size, bool writable)
{
    char *copy = m->names[m->memories + m->region_count];

    if (!size || m->memories == MAP_ROWS || m->region_count == MAP_ROWS)
        return;
    snprintf(copy, sizeof m->names[0], "%.*s", (int)name, token);
    if (has(token, name, "mmio") || has(token, name, "crash_region")) {
        m->regions[m->region_count++] = (fwsim_region){ copy, base, size, 0 };
        return;
    }
    size += base % 1024;
    base -= base % 1024;
    size = (size + 1023) / 1024 * 1024;
    m->memory[m->memories++] = (fwsim_memory){
        .name = copy, .base = base, .size = size,
        .kind = has(token, name, "text") || has(token, name, "rom") ||
                        has(token, name, "flash") || !writable
                    ? FWSIM_MEM_FLASH
                    : FWSIM_MEM_RAM
    };
}

void map_add_base(map *m, const fwsim_region *base)
{
    fwsim_region merged[MAP_ROWS + 1] = { { 0 } };
    size_t count = 0, own;

    for (; base->size && count < MAP_ROWS; base++)
        merged[count++] = *base;
    own = count;
    for (size_t i = 0; i < m->region_count && count < MAP_ROWS; i++) {
        const fwsim_region *r = &m->regions[i];
        bool apart = true;

        for (size_t k = 0; k < own; k++)
            apart = apart && (r->base - merged[k].base >= merged[k].size &&
                              merged[k].base - r->base >= r->size);
        if (apart)
            merged[count++] = *r;
    }
    memcpy(m->regions, merged, sizeof merged);
    m->region_count = count;
}

void map_read(map *m, const char *text)
{
    *m = (map){ .memories = 0 };
    while (*text) {
        size_t length = strcspn(text, " "), name = strcspn(text, "=");
        char *end;

        if (name < length && !has(text, name, "nvic")) {
            uint64_t base = strtoull(text + name + 1, &end, 16);
            uint64_t size = *end == '+' || *end == ','
                                ? strtoull(end + 1, &end, 16) : 0;

            add(m, text, name, base, size,
                *end != '(' || has(end, 5, "w"));
        }
        text += length;
        text += strspn(text, " ");
    }
}
