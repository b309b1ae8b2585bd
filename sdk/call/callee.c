/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "call/callee.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LISTED_MAX = 6 };

/** A name in pieces of the caller's text. */
typedef struct wanted {
    const char *file; /* NULL: any */
    size_t file_length;
    const char *name;
} wanted;

static const char *last_part(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? slash + 1 : path;
}

static int debug_of(fwsim_machine *m, const fwsim_image *img,
                    const fwsim__debug **d)
{
    return fwsim__image_debug(img, d)
               ? fwsim__error(m, FWSIM_ENOMEM,
                              "no memory for debug information")
               : 0;
}

/* ------------------------------------------------------------------ */
/* Why there is none                                                    */
/* ------------------------------------------------------------------ */

size_t fwsim__callee_inlinings(const fwsim__debug *d, const char *name,
                               char *buf, size_t size)
{
    const fwsim__inlining *at;
    size_t n = fwsim__debug_inlinings(d, name, &at), used = 0;

    buf[0] = '\0';
    for (size_t i = 0; i < n && used < size; i++, at++) {
        if (i == LISTED_MAX) {
            snprintf(buf + used, size - used, ", and %zu more", n - i);
            break;
        }
        used += (size_t)snprintf(buf + used, size - used, "%s%s (%s:%u)",
                                 i ? ", " : "", at->into ? at->into : "?",
                                 at->file ? last_part(at->file) : "?",
                                 at->line);
    }
    return n;
}

/** The compiler has made another function of it: name.constprop.0 */
static const char *clone_of(const fwsim_image *img, const char *name)
{
    size_t length = strlen(name);

    for (size_t i = 0; i < img->symbol_count; i++)
        if (img->symbols[i].function &&
            strncmp(img->symbols[i].name, name, length) == 0 &&
            img->symbols[i].name[length] == '.')
            return img->symbols[i].name;
    return NULL;
}

/** What an image knows of a function that is not there. @return 0: nothing */
static int gone(fwsim_machine *m, const fwsim_image *img,
                const fwsim__debug *d, const wanted *w)
{
    const char *clone = clone_of(img, w->name);
    const fwsim__function *f;
    char places[300];

    if (fwsim_image_symbol(img, w->name))
        return 0; /* it is in another file */
    if (d && fwsim__callee_inlinings(d, w->name, places, sizeof places))
        return fwsim__error(m, FWSIM_ENOENT,
                            "%s has no code of its own: it was inlined into "
                            "%s. Declare it __attribute__((noinline)), or "
                            "build with -fno-inline", w->name, places);
    if (clone)
        return fwsim__error(m, FWSIM_ENOENT,
                            "%s was made into %s by the compiler, whose "
                            "arguments may be others. Declare it "
                            "__attribute__((noipa)), or name %s", w->name,
                            clone, clone);
    if (d && fwsim__debug_functions(d, w->name, &f))
        return fwsim__error(m, FWSIM_ENOENT,
                            "%s is not in %s: nothing uses it, and compiler "
                            "or linker have dropped it. Declare it "
                            "__attribute__((used)) and KEEP its section",
                            w->name, img->name);
    return 0;
}

static int nothing(fwsim_machine *m, const wanted *w)
{
    const char *hint;

    if (m->image_count == 0)
        return fwsim__error(m, FWSIM_ENOENT, "%s: no firmware is loaded",
                            w->name);
    for (size_t i = m->image_count; i-- > 0;) {
        const fwsim__debug *d;
        int err = debug_of(m, m->images[i], &d);

        if (!err)
            err = gone(m, m->images[i], d, w);
        if (err)
            return err;
    }
    hint = fwsim__symbol_closest(m, w->name, FWSIM__FUNCTIONS);
    if (hint && strcmp(hint, w->name) == 0)
        return fwsim__error(m, FWSIM_ENOENT,
                            "there is a function %s, but not in %.*s", w->name,
                            (int)w->file_length, w->file);
    return fwsim__error(m, FWSIM_ENOENT, "there is no function %s%s%s%s",
                        w->name, hint ? "; did you mean " : "",
                        hint ? hint : "", hint ? "?" : "");
}

/* ------------------------------------------------------------------ */
/* Finding it                                                           */
/* ------------------------------------------------------------------ */

static const char *unit_of(const fwsim__debug *d, uint64_t addr)
{
    const fwsim__function *f = d ? fwsim__debug_function_at(d, addr) : NULL;

    return f && f->unit ? f->unit : NULL;
}

static bool is_code(const fwsim_image *img, const fwsim_symbol *s)
{
    const fwsim_segment *seg = fwsim__image_segment_at(img, s->addr);

    return s->function || (s->size == 0 && seg && seg->executable);
}

/** Symbols of a name, a global one first. */
typedef struct matches {
    const fwsim_symbol *best;
    bool global;
    size_t count; /* of different addresses, that rank as the best */
    char list[300];
    bool data; /* there is a variable of the name */
} matches;

static void consider(matches *f, const fwsim_image *img,
                     const fwsim__debug *d, size_t index, const wanted *w)
{
    const fwsim_symbol *s = &img->symbols[index];
    const char *unit = unit_of(d, s->addr);
    size_t used = strlen(f->list);

    if (!is_code(img, s)) {
        f->data = true;
        return;
    }
    if (w->file && !fwsim__unit_is(unit, w->file, w->file_length))
        return;
    if (f->best && (f->global || f->best->addr == s->addr))
        return;
    if (f->count++ == 0) {
        f->best = s;
        f->global = img->spans[index].global;
    }
    if (unit)
        snprintf(f->list + used, sizeof f->list - used, "%s%s:%s",
                 used ? ", " : "", last_part(unit), s->name);
    else
        snprintf(f->list + used, sizeof f->list - used, "%s0x%08" PRIx64,
                 used ? ", " : "", s->addr);
}

static void match(matches *f, const fwsim_image *img, const fwsim__debug *d,
                  const wanted *w)
{
    const fwsim_symbol *s = fwsim_image_symbol(img, w->name);
    size_t low = 0;

    *f = (matches){ .best = NULL };
    if (!s)
        return;
    while (&img->symbols[img->by_name[low]] != s)
        low++;
    for (; low < img->symbol_count &&
           strcmp(img->symbols[img->by_name[low]].name, w->name) == 0; low++)
        consider(f, img, d, img->by_name[low], w);
}

static int by_name(fwsim_machine *m, const wanted *w, fwsim__callee *out)
{
    for (size_t i = m->image_count; i-- > 0;) {
        const fwsim_image *img = m->images[i];
        const fwsim__debug *d;
        matches f;
        int err = debug_of(m, img, &d);

        if (err)
            return err;
        match(&f, img, d, w);
        if (f.count > 1)
            return fwsim__error(m, FWSIM_ENOENT,
                                "%s is there several times: %s", w->name,
                                f.list);
        if (f.count == 1) {
            out->img = img;
            out->addr = f.best->addr;
            out->debug = d;
            out->function = d ? fwsim__debug_function_at(d, out->addr) : NULL;
            snprintf(out->name, sizeof out->name, "%s", w->name);
            return 0;
        }
        if (f.data)
            return fwsim__error(m, FWSIM_EINVAL,
                                "%s is a variable, not a function", w->name);
    }
    return nothing(m, w);
}

static int by_address(fwsim_machine *m, uint64_t addr, fwsim__callee *out)
{
    const fwsim_symbol *s;

    out->addr = addr;
    if (!fwsim__mem_at(m, addr))
        return fwsim__error(m, FWSIM_EFAULT,
                            "there is no memory at 0x%08" PRIx64, addr);
    for (size_t i = m->image_count; i-- > 0 && !out->function;) {
        const fwsim__debug *d;
        int err = debug_of(m, m->images[i], &d);

        if (err)
            return err;
        if (fwsim__image_segment_at(m->images[i], addr))
            out->img = m->images[i];
        if (d)
            out->function = fwsim__debug_function_at(d, addr);
    }
    s = fwsim_symbol_at(m, addr);
    if (s && s->addr == addr)
        snprintf(out->name, sizeof out->name, "%s", s->name);
    else
        snprintf(out->name, sizeof out->name, "0x%08" PRIx64, addr);
    return 0;
}

int fwsim__callee_find(fwsim_machine *m, const char *text, fwsim__callee *out)
{
    const char *colon = strrchr(text, ':');
    wanted w = { .name = text };
    unsigned long long addr;
    char *end;

    *out = (fwsim__callee){ .addr = 0 };
    if (!m->cpu)
        return fwsim__error(m, FWSIM_ENOTSUP, "board %s has no core",
                            m->board->name);
    if (strncmp(text, "0x", 2) == 0) {
        addr = strtoull(text, &end, 16);
        if (*end || end == text + 2)
            return fwsim__error(m, FWSIM_EINVAL, "%s is no address", text);
        if (m->cpu_ops->registers[0][0] == 'r')
            addr &= ~1ull;
        return by_address(m, addr, out);
    }
    if (colon) {
        w.file = text;
        w.file_length = (size_t)(colon - text);
        w.name = colon + 1;
    }
    if (!*w.name || (w.file && !w.file_length))
        return fwsim__error(m, FWSIM_EINVAL,
                            "\"%s\": the name of a function is missing", text);
    return by_name(m, &w, out);
}

/* ------------------------------------------------------------------ */
/* Prototypes                                                           */
/* ------------------------------------------------------------------ */

static fwsim__parameter parameter_of(const fwsim__die *die)
{
    fwsim__type t = fwsim__debug_type(die);
    fwsim__parameter p = { .die = *die,
                           .width = (unsigned)t.size,
                           .is_signed = t.is_signed,
                           .is_bool = t.is_bool };

    switch (t.kind) {
    case FWSIM__KIND_VOID:
        p.type = FWSIM_TYPE_VOID;
        break;
    case FWSIM__KIND_INT:
    case FWSIM__KIND_UINT:
    case FWSIM__KIND_ENUM:
        if (t.size == 8)
            p.type = t.is_signed ? FWSIM_TYPE_I64 : FWSIM_TYPE_U64;
        else
            p.type = t.is_signed ? FWSIM_TYPE_I32 : FWSIM_TYPE_U32;
        break;
    case FWSIM__KIND_FLOAT:
        p.type = t.size == 4 ? FWSIM_TYPE_F32 : FWSIM_TYPE_F64;
        break;
    case FWSIM__KIND_POINTER:
        p.type = FWSIM_TYPE_PTR;
        break;
    default:
        break;
    }
    return p;
}

int fwsim__callee_signature(fwsim_machine *m, const fwsim__callee *callee,
                            fwsim__signature *out)
{
    const fwsim__function *f = callee->function;
    const char *name;
    fwsim__die die;

    *out = (fwsim__signature){ .known = f };
    if (!f)
        return 0;
    out->variadic = fwsim__debug_is_variadic(f) ||
                    !fwsim__debug_is_prototyped(f);
    for (size_t i = 0; fwsim__debug_parameter(f, i, &die, &name); i++) {
        if (i == FWSIM_ARGS_MAX)
            return fwsim__error(m, FWSIM_ENOTSUP,
                                "%s has more than %d parameters",
                                callee->name, FWSIM_ARGS_MAX);
        out->parameters[out->count] = parameter_of(&die);
        out->parameters[out->count++].name = name;
    }
    out->result = parameter_of(&f->die);
    return 0;
}

void fwsim__parameter_name(const fwsim__signature *s, size_t index, char *buf,
                           size_t size)
{
    const fwsim__parameter *p = &s->parameters[index];
    char type[64];

    fwsim__debug_type_name(&p->die, type, sizeof type);
    snprintf(buf, size, "%s%s%s", type,
             p->name && type[strlen(type) - 1] != '*' ? " " : "",
             p->name ? p->name : "");
}

void fwsim__callee_prototype(const fwsim__callee *callee,
                             const fwsim__signature *s, char *buf,
                             size_t size)
{
    size_t used = (size_t)snprintf(buf, size, "%s(", callee->name);

    for (size_t i = 0; i < s->count && used < size; i++) {
        char name[96];

        fwsim__parameter_name(s, i, name, sizeof name);
        used += (size_t)snprintf(buf + used, size - used, "%s%s",
                                 i ? ", " : "", name);
    }
    if (used < size)
        snprintf(buf + used, size - used, "%s%s)",
                 s->count == 0 && !s->variadic ? "void" : "",
                 s->variadic ? (s->count ? ", ..." : "...") : "");
}
