/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Names for addresses, from all images of the machine.
 */
#include "machine/machine.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const fwsim_symbol *fwsim_symbol_find(fwsim_machine *m, const char *name)
{
    for (size_t i = m->image_count; i-- > 0;) {
        const fwsim_symbol *s = fwsim_image_symbol(m->images[i], name);

        if (s)
            return s;
    }
    return NULL;
}

const fwsim_symbol *fwsim_symbol_at(fwsim_machine *m, uint64_t addr)
{
    for (size_t i = m->image_count; i-- > 0;) {
        const fwsim_symbol *s = fwsim_image_symbol_at(m->images[i], addr);

        if (s)
            return s;
    }
    return NULL;
}

static bool is_of(const fwsim_symbol *s, fwsim__symbol_kind kind)
{
    return kind == FWSIM__SYMBOLS || s->function == (kind == FWSIM__FUNCTIONS);
}

const char *fwsim__symbol_closest(fwsim_machine *m, const char *name,
                                  fwsim__symbol_kind kind)
{
    const char *best, **names;
    const fwsim_symbol *s;
    size_t count = 0, room = 1;

    for (size_t i = 0; i < m->image_count; i++)
        room += fwsim_image_symbols(m->images[i], &s);
    names = malloc(room * sizeof *names);
    if (!names)
        return NULL;
    for (size_t i = 0; i < m->image_count; i++)
        for (size_t n = fwsim_image_symbols(m->images[i], &s); n; n--, s++)
            if (is_of(s, kind))
                names[count++] = s->name;
    names[count] = NULL;
    best = fwsim_closest(name, names);
    free(names);
    return best;
}

bool fwsim_line_at(fwsim_machine *m, uint64_t addr, const char **file,
                   unsigned *line)
{
    for (size_t i = m->image_count; i-- > 0;)
        if (fwsim_image_line(m->images[i], addr, file, line))
            return true;
    return false;
}

static const char *last_part(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? slash + 1 : path;
}

char *fwsim_describe(fwsim_machine *m, uint64_t addr, char *buf, size_t size)
{
    const fwsim_symbol *s = fwsim_symbol_at(m, addr);
    const char *file;
    unsigned line;
    char place[128] = "";

    if (fwsim_line_at(m, addr, &file, &line))
        snprintf(place, sizeof place, " (%s:%u)", last_part(file), line);
    if (!s)
        snprintf(buf, size, "0x%08" PRIx64 "%s", addr, place);
    else if (addr == s->addr)
        snprintf(buf, size, "%s%s", s->name, place);
    else
        snprintf(buf, size, "%s+0x%" PRIx64 "%s", s->name, addr - s->addr,
                 place);
    return buf;
}
