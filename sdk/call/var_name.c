/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Finding the variable of a name: "count", "uart.c:count", "tick:count".
 */
#include "call/var.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NAME_MAX_ = 256, LISTED_MAX = 6 };

/** A name with its qualifiers, in pieces of one text. */
typedef struct name {
    const char *qualifiers; /* "uart.c:tick:" */
    size_t qualifiers_length;
    char name[NAME_MAX_];
} name;

/** Do all qualifiers fit the variable's file or function? */
static bool qualified(const fwsim__variable *v, const name *n)
{
    const char *at = n->qualifiers, *end = at + n->qualifiers_length;

    while (at < end) {
        size_t length = (size_t)((const char *)memchr(at, ':',
                                                      (size_t)(end - at)) -
                                 at);

        if (!fwsim__unit_is(v->unit, at, length) &&
            !(v->function && strlen(v->function) == length &&
              memcmp(v->function, at, length) == 0))
            return false;
        at += length + 1;
    }
    return true;
}

/** What is found of a name in one image. */
typedef struct found {
    const fwsim__variable *best;
    fwsim__place place;
    uint64_t value;
    size_t candidates; /* that are at different places */
    size_t gone;       /* that are at none */
} found;

/** A variable of a file hides those inside functions. */
static void consider(found *f, const fwsim__variable *v, fwsim__place place,
                     uint64_t value)
{
    bool inside = v->function, best_inside = f->best && f->best->function;

    if (place == FWSIM__PLACE_GONE) {
        f->gone++;
        return;
    }
    if (f->best && place == f->place && value == f->value)
        return;
    if (f->best && inside != best_inside) {
        if (inside)
            return;
        f->candidates = 0;
    }
    if (f->candidates++ == 0) {
        f->best = v;
        f->place = place;
        f->value = value;
    }
}

static found find(const fwsim_image *img, const fwsim__debug *d, const name *n)
{
    const fwsim__variable *v;
    size_t count = fwsim__debug_variables(d, n->name, &v);
    found f = { .best = NULL };

    for (; count-- > 0; v++) {
        uint64_t value = 0;
        fwsim__place place;

        if (!qualified(v, n))
            continue;
        place = fwsim__debug_place(img, v, &value);
        consider(&f, v, place, value);
    }
    return f;
}

static const char *last_part(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? slash + 1 : path;
}

static int several(fwsim_machine *m, const fwsim__debug *d, const name *n)
{
    const fwsim__variable *v;
    size_t count = fwsim__debug_variables(d, n->name, &v), listed = 0;
    char list[360] = "";
    size_t used = 0;

    for (; count-- > 0 && used < sizeof list; v++) {
        if (!qualified(v, n))
            continue;
        if (listed++ == LISTED_MAX) {
            snprintf(list + used, sizeof list - used, ", ...");
            break;
        }
        used += (size_t)snprintf(
            list + used, sizeof list - used, "%s%s%s%s:%s",
            listed > 1 ? ", " : "", v->unit ? last_part(v->unit) : "?",
            v->function ? ":" : "", v->function ? v->function : "", v->name);
    }
    return fwsim__error(m, FWSIM_ENOENT, "%s is there several times: %s",
                        n->name, list);
}

static const char *closest(fwsim_machine *m, const char *wanted)
{
    const char **names;
    const char *best = NULL;
    size_t count = 0, room = 1;

    for (size_t i = 0; i < m->image_count; i++) {
        const fwsim__debug *d;

        room += m->images[i]->symbol_count;
        if (fwsim__image_debug(m->images[i], &d) == 0 && d)
            room += d->variable_count;
    }
    names = malloc(room * sizeof *names);
    if (!names)
        return NULL;
    for (size_t i = 0; i < m->image_count; i++) {
        const fwsim_image *img = m->images[i];
        const fwsim__debug *d;

        if (fwsim__image_debug(img, &d) == 0 && d)
            for (size_t k = 0; k < d->variable_count; k++)
                names[count++] = d->variables[k].name;
        for (size_t k = 0; k < img->symbol_count; k++)
            if (!img->symbols[k].function && img->symbols[k].size)
                names[count++] = img->symbols[k].name;
    }
    names[count] = NULL;
    best = fwsim_closest(wanted, names);
    free(names);
    return best;
}

static int nothing(fwsim_machine *m, const name *n, bool gone)
{
    const char *hint;

    if (m->image_count == 0)
        return fwsim__error(m, FWSIM_ENOENT,
                            "%s: no firmware is loaded", n->name);
    if (gone)
        return fwsim__error(m, FWSIM_ENOENT,
                            "%s was optimised out, or dropped by the linker: "
                            "declare it volatile, or __attribute__((used))",
                            n->name);
    hint = closest(m, n->name);
    if (hint && strcmp(hint, n->name) == 0)
        return fwsim__error(m, FWSIM_ENOENT,
                            "there is a variable %s, but not in %.*s", n->name,
                            (int)n->qualifiers_length - 1, n->qualifiers);
    return fwsim__error(m, FWSIM_ENOENT, "there is no variable %s%s%s%s",
                        n->name, hint ? "; did you mean " : "",
                        hint ? hint : "", hint ? "?" : "");
}

/** The path needs the type of a variable that only the symbol table has. */
static int no_type(fwsim_machine *m, const fwsim_image *img, const char *what,
                   bool has_dwarf)
{
#ifdef FWSIM_WITH_DWARF
    if (has_dwarf)
        return fwsim__error(m, FWSIM_ENOTSUP,
                            "%s has no debug information about %s: build its "
                            "file with -g", img->name, what);
    return fwsim__error(m, FWSIM_ENOTSUP,
                        "%s has no debug information: build the firmware "
                        "with -g", img->name);
#else
    (void)img;
    (void)has_dwarf;
    return fwsim__error(m, FWSIM_ENOTSUP,
                        "%s: this build of fwsim has no DWARF (libdw)", what);
#endif
}

/** A variable that only the symbol table has. */
static bool by_symbol(const fwsim_image *img, const name *n,
                      fwsim__lvalue *out)
{
    const fwsim_symbol *s = fwsim_image_symbol(img, n->name);

    if (!s || s->function || n->qualifiers_length)
        return false;
    *out = (fwsim__lvalue){ .addr = s->addr, .size = s->size };
    if (s->size == 1 || s->size == 2 || s->size == 4 || s->size == 8)
        out->type = (fwsim__type){ .kind = FWSIM__KIND_UINT,
                                   .size = s->size };
    return true;
}

static void by_debug(const found *f, fwsim__lvalue *out)
{
    *out = (fwsim__lvalue){ .declared = f->best->die, .is_declared = true };
    out->type = fwsim__debug_type(&f->best->die);
    out->size = out->type.size;
    out->constant = f->place == FWSIM__PLACE_CONSTANT;
    if (out->constant)
        out->value = f->value;
    else
        out->addr = f->value;
}

/** Copy the name, and find where its qualifiers end. */
static int split(fwsim_machine *m, const char *text, size_t length, name *n)
{
    size_t at = length;

    while (at > 0 && text[at - 1] != ':')
        at--;
    n->qualifiers = text;
    n->qualifiers_length = at;
    if (length - at >= sizeof n->name || length - at == 0)
        return fwsim__error(m, FWSIM_EINVAL, "%.*s: %s", (int)length, text,
                            length == at ? "a name is missing"
                                         : "the name is too long");
    memcpy(n->name, text + at, length - at);
    n->name[length - at] = '\0';
    return 0;
}

int fwsim__var_named(fwsim_machine *m, const char *text, size_t length,
                     bool typed, fwsim__lvalue *out)
{
    name n;
    bool gone = false;
    int err = split(m, text, length, &n);

    if (err)
        return err;
    for (size_t i = m->image_count; i-- > 0;) {
        const fwsim_image *img = m->images[i];
        const fwsim__debug *d;
        found f = { .best = NULL };

        if (fwsim__image_debug(img, &d))
            return fwsim__error(m, FWSIM_ENOMEM,
                                "no memory for debug information");
        if (d)
            f = find(img, d, &n);
        if (f.candidates > 1)
            return several(m, d, &n);
        if (f.candidates == 1) {
            by_debug(&f, out);
            return 0;
        }
        if (by_symbol(img, &n, out))
            return typed ? no_type(m, img, n.name, d) : 0;
        gone |= f.gone > 0;
    }
    return nothing(m, &n, gone);
}
