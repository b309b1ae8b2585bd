/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What elements of an SVD file say: numbers, words, repetitions, and what they
 * derive from.
 */
#include "board/svd_element.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef fwsim__svd_node node;
typedef fwsim__svd_chain chain;
typedef fwsim__svd_repeat repeat;
typedef fwsim__svd_reader reader;

enum {
    REPEAT_MAX = 65536,  /* of one element */
    NAMES_MAX = 1 << 20, /* made by repetition */
    STEPS_MAX = 50000000 /* in search of names */
};

/* ------------------------------------------------------------------ */
/* Errors                                                               */
/* ------------------------------------------------------------------ */

static fwsim__text_mark mark_of(const node *n)
{
    return (fwsim__text_mark){ n->line, n->column };
}

void fwsim__svd_warn(reader *r, const node *n, const char *fmt, ...)
{
    va_list args;

    va_start(args, fmt);
    fwsim__text_log(r->source, mark_of(n), FWSIM_LOG_WARN, fmt, args);
    va_end(args);
}

void fwsim__svd_fail(reader *r, const node *n, int code, const char *what)
{
    if (!r->err)
        r->err = fwsim__text_fail(r->source, mark_of(n), code, "%s", what);
}

/* ------------------------------------------------------------------ */
/* Elements                                                             */
/* ------------------------------------------------------------------ */

const node *fwsim__svd_child(const node *n, fwsim__svd_tag tag)
{
    const node *c = n->first;

    while (c && c->tag != tag)
        c = c->next;
    return c;
}

const char *fwsim__svd_text_of(const node *n, fwsim__svd_tag tag)
{
    const node *c = fwsim__svd_child(n, tag);

    return c && *c->text ? c->text : NULL;
}

/** What the first element of a chain says that says it. */
const node *fwsim__svd_say(const chain *c, fwsim__svd_tag tag)
{
    const node *found = NULL;

    for (size_t i = 0; i < c->count && !found; i++)
        found = fwsim__svd_child(c->link[i], tag);
    return found;
}

const char *fwsim__svd_say_text(const chain *c, fwsim__svd_tag tag)
{
    const node *n = fwsim__svd_say(c, tag);

    return n && *n->text ? n->text : NULL;
}

/** Decimal, 0x hexadecimal, 0b or # binary whose x is taken for 0. */
static bool parse_number(const char *s, uint64_t *value)
{
    unsigned base = 10;
    uint64_t v = 0;

    if (*s == '+')
        s++;
    if (s[0] == '#' || (s[0] == '0' && (s[1] == 'b' || s[1] == 'B'))) {
        base = 2;
        s += *s == '#' ? 1 : 2;
    } else if (s[0] == '0' && (s[1] == 'x' || s[1] == 'X')) {
        base = 16;
        s += 2;
    }
    if (!*s)
        return false;
    for (; *s; s++) {
        unsigned digit = *s >= '0' && *s <= '9'     ? (unsigned)(*s - '0')
                         : *s >= 'a' && *s <= 'f'   ? (unsigned)(*s - 'a') + 10
                         : *s >= 'A' && *s <= 'F'   ? (unsigned)(*s - 'A') + 10
                         : (*s == 'x' && base == 2) ? 0
                                                    : 16;

        if (digit >= base || v > (UINT64_MAX - digit) / base)
            return false;
        v = v * base + digit;
    }
    *value = v;
    return true;
}

/** @return false, with a warning, when the element is there but no number up
 * to @a max; @a value stays when it is not there */
bool fwsim__svd_number(reader *r, const chain *c, fwsim__svd_tag tag,
                       uint64_t max, uint64_t *value)
{
    const node *n = fwsim__svd_say(c, tag);
    uint64_t v;

    if (!n)
        return true;
    if (!parse_number(n->text, &v) || v > max) {
        fwsim__svd_warn(r, n,
                        "expected a number up to 0x%" PRIx64 ", found '%.40s'",
                        max, n->text);
        return false;
    }
    *value = v;
    return true;
}

void fwsim__svd_word(reader *r, const chain *c, fwsim__svd_tag tag,
                     const fwsim__svd_word_row *words, uint8_t *value)
{
    const node *n = fwsim__svd_say(c, tag);

    if (!n)
        return;
    for (; words->word; words++) {
        if (strcmp(words->word, n->text) == 0) {
            *value = words->value;
            return;
        }
    }
    fwsim__svd_warn(r, n, "'%.40s' has no meaning here", n->text);
}

/* ------------------------------------------------------------------ */
/* dim                                                                  */
/* ------------------------------------------------------------------ */

/** "A,B,C", "3-6" or "A-D". */
static void read_indices(const char *s, repeat *x)
{
    const char *dash = strchr(s, '-');

    if (!dash || strchr(s, ','))
        x->list = s;
    else if (*s >= '0' && *s <= '9')
        x->first = strtoull(s, NULL, 10);
    else if (dash == s + 1)
        x->letter = *s;
}

bool fwsim__svd_repeats(reader *r, const chain *c, repeat *x)
{
    const char *indices = fwsim__svd_say_text(c, FWSIM__SVD_DIM_INDEX);

    const char *name = fwsim__svd_say_text(c, FWSIM__SVD_NAME);

    /* What derives from a repeated element is repeated when its name says. */
    *x = (repeat){ .count = 1 };
    x->repeated = c->count && fwsim__svd_say(c, FWSIM__SVD_DIM) &&
                  (fwsim__svd_child(c->link[0], FWSIM__SVD_DIM) ||
                   (name && strstr(name, "%s")));
    if (!x->repeated)
        return true;
    if (indices)
        read_indices(indices, x);
    return fwsim__svd_number(r, c, FWSIM__SVD_DIM, REPEAT_MAX, &x->count) &&
           fwsim__svd_number(r, c, FWSIM__SVD_DIM_INCREMENT, UINT32_MAX,
                             &x->step);
}

static void next_index(repeat *x, uint64_t i, char *out, size_t size)
{
    if (x->list) {
        size_t n;

        x->list += strspn(x->list, ", ");
        n = strcspn(x->list, ", ");
        if (n) {
            snprintf(out, size, "%.*s", (int)(n < size ? n : size), x->list);
            x->list += n;
            return;
        }
    }
    if (x->letter)
        snprintf(out, size, "%c", x->letter + (int)(i % 26));
    else
        snprintf(out, size, "%" PRIu64, x->first + i);
}

/** The name of the next one: its index for "%s" or "[%s]". */
static void format_name(char *out, size_t size, const char *prefix,
                        const char *name, repeat *x, uint64_t i)
{
    char index[64] = "";
    const char *at = x->repeated ? strstr(name, "%s") : NULL;
    size_t before = at ? (size_t)(at - name) : strlen(name);
    const char *rest = at ? at + 2 : "";

    if (x->repeated)
        next_index(x, i, index, sizeof index);
    if (at && before && name[before - 1] == '[' && *rest == ']') {
        before--;
        rest++;
    }
    snprintf(out, size, "%s%.*s%s%s", prefix,
             (int)(before < size ? before : size), name, index, rest);
}

const char *fwsim__svd_next_name(reader *r, const node *n, const char *prefix,
                                 const char *name, repeat *x, uint64_t i)
{
    char out[256], *copy;

    if (++r->names > NAMES_MAX) {
        fwsim__svd_fail(r, n, FWSIM_EFORMAT,
                        "more repetitions than any chip has");
        return "";
    }
    format_name(out, sizeof out, prefix, name, x, i);
    copy = fwsim__svd_alloc(&r->arena, strlen(out) + 1);
    if (!copy) {
        fwsim__svd_fail(r, n, FWSIM_ENOMEM, "out of memory");
        return "";
    }
    return strcpy(copy, out);
}

/* ------------------------------------------------------------------ */
/* derivedFrom                                                          */
/* ------------------------------------------------------------------ */

/** Is it the name of one repetition of an element? */
static bool is_repetition(reader *r, const node *n, const char *name)
{
    const chain c = { .link = { n }, .count = 1 };
    const char *its = fwsim__svd_text_of(n, FWSIM__SVD_NAME);
    char out[256];
    repeat x;

    if (!its || !fwsim__svd_child(n, FWSIM__SVD_DIM) ||
        !fwsim__svd_repeats(r, &c, &x))
        return false;
    for (uint64_t i = 0; i < x.count && ++r->steps < STEPS_MAX; i++) {
        format_name(out, sizeof out, "", its, &x, i);
        if (strcmp(out, name) == 0)
            return true;
    }
    return false;
}

/** A child of @a parent by kind and the first @a n letters of its name. */
const node *fwsim__svd_find(reader *r, const node *parent, fwsim__svd_tag tag,
                            const char *name, size_t n)
{
    for (const node *c = parent ? parent->first : NULL; c; c = c->next) {
        const char *its = c->tag == tag || tag == FWSIM__SVD_TAG_COUNT
                              ? fwsim__svd_text_of(c, FWSIM__SVD_NAME)
                              : NULL;

        if (++r->steps > STEPS_MAX) {
            fwsim__svd_fail(r, c, FWSIM_EFORMAT,
                            "more names than any chip has");
            return NULL;
        }
        if (its && strlen(its) == n && memcmp(its, name, n) == 0)
            return c;
    }
    return NULL;
}

/** Where the elements inside an element stand. */
const node *fwsim__svd_inside(const node *n)
{
    const node *list = n->tag == FWSIM__SVD_PERIPHERAL
                           ? fwsim__svd_child(n, FWSIM__SVD_REGISTERS)
                       : n->tag == FWSIM__SVD_REGISTER
                           ? fwsim__svd_child(n, FWSIM__SVD_FIELDS)
                           : n;

    return list;
}

/** "PERIPHERAL.CLUSTER.REGISTER", from the list of peripherals down. */
static const node *find_path(reader *r, const node *peripherals,
                             const char *path)
{
    const node *n = NULL, *list = peripherals;

    do {
        size_t size = strcspn(path, ".");

        n = fwsim__svd_find(r, list, FWSIM__SVD_TAG_COUNT, path, size);
        path += size;
        list = n ? fwsim__svd_inside(n) : NULL;
    } while (n && *path++ == '.');
    return n;
}

static const node *base_of(reader *r, const node *n)
{
    const node *found = fwsim__svd_find(r, n->parent, n->tag, n->derived_from,
                                        strlen(n->derived_from));
    const node *top = n;

    for (const node *c = n->parent ? n->parent->first : NULL; c && !found;
         c = c->next)
        if (c->tag == n->tag && is_repetition(r, c, n->derived_from))
            found = c;
    if (found || r->err)
        return found;
    while (top->tag != FWSIM__SVD_PERIPHERALS && top->parent)
        top = top->parent;
    found = find_path(r, top, n->derived_from);
    return found && found->tag == n->tag ? found : NULL;
}

chain fwsim__svd_chain_of(reader *r, const node *n)
{
    chain c = { .link = { n }, .count = 1 };

    while (n->derived_from && c.count < FWSIM__SVD_CHAIN) {
        const node *base = base_of(r, n);

        if (!base) {
            fwsim__svd_warn(r, n, "there is no '%.80s' to derive from",
                            n->derived_from);
            break;
        }
        c.link[c.count++] = n = base;
    }
    return c;
}
