/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Following a path into a variable: "*uart.c:queue[2].head->next".
 */
#include "call/var.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { MEMBER_MAX = 256, STEPS_MAX = 256 };

static int broken(fwsim_machine *m, const char *path, const char *at,
                  const char *what)
{
    return fwsim__error(m, FWSIM_EINVAL, "%s: %s at character %zu", path, what,
                        (size_t)(at - path) + 1);
}

static size_t name_length(const char *s)
{
    size_t n = 0;

    while (isalnum((unsigned char)s[n]) || s[n] == '_' || s[n] == '$')
        n++;
    return n && !isdigit((unsigned char)s[0]) ? n : 0;
}

/** Characters of the name with its qualifiers, which have any but these. */
static size_t head_length(const char *s)
{
    size_t qualifiers = 0;

    for (size_t i = 0; s[i] && s[i] != '[' && s[i] != '>'; i++)
        if (s[i] == ':')
            qualifiers = i + 1;
    return qualifiers + name_length(s + qualifiers);
}

static const char *article(fwsim__kind kind)
{
    switch (kind) {
    case FWSIM__KIND_UINT:
    case FWSIM__KIND_INT:
        return "an integer";
    case FWSIM__KIND_FLOAT:
        return "a floating-point number";
    case FWSIM__KIND_ENUM:
        return "an enum";
    case FWSIM__KIND_POINTER:
        return "a pointer";
    case FWSIM__KIND_ARRAY:
        return "an array";
    case FWSIM__KIND_STRUCT:
        return "a struct";
    default:
        return "of no known type";
    }
}

/** @param length  of the part of the path that is meant */
static int unfit(fwsim_machine *m, const char *path, size_t length,
                 const fwsim__lvalue *v, const char *wanted)
{
    return fwsim__error(m, FWSIM_EINVAL, "%.*s is %s, not %s", (int)length,
                        path, article(v->type.kind), wanted);
}

/** Go where a pointer points to, and on by elements. */
static int follow(fwsim_machine *m, const char *path, fwsim__lvalue *v,
                  uint64_t index)
{
    uint64_t target;
    int err = fwsim__var_load(m, path, v, &target);
    fwsim__die die = v->type.die;
    fwsim__type type = fwsim__type_target(&v->type);

    if (err)
        return err;
    if (type.size == 0 && type.kind != FWSIM__KIND_STRUCT)
        return fwsim__error(m, FWSIM_EINVAL,
                            "%s: a pointer to nothing of a known size", path);
    if (index && type.size == 0)
        return fwsim__error(m, FWSIM_EINVAL,
                            "%s: the struct has no size here", path);
    *v = (fwsim__lvalue){ .addr = target + index * type.size,
                          .size = type.size,
                          .type = type,
                          .declared = die,
                          .is_declared = true };
    if (m->cpu && strcmp(m->cpu_ops->registers[0], "r0") == 0)
        v->addr &= UINT32_MAX;
    return 0;
}

/* ------------------------------------------------------------------ */
/* Steps                                                                */
/* ------------------------------------------------------------------ */

static int no_member(fwsim_machine *m, const fwsim__lvalue *v,
                     const char *name)
{
    const char *names[STEPS_MAX + 1];
    const char *hint;
    char type[64];
    fwsim__member member;
    size_t n = 0;

    for (size_t i = 0; n < STEPS_MAX &&
                       fwsim__type_member(&v->type, i, &member); i++)
        if (member.name)
            names[n++] = member.name;
    names[n] = NULL;
    fwsim__type_name(&v->type, type, sizeof type);
    hint = fwsim_closest(name, names);
    if (n == 0)
        return fwsim__error(m, FWSIM_ENOENT,
                            "%s has no members that are known in this file",
                            type);
    return fwsim__error(m, FWSIM_ENOENT, "%s has no member %s%s%s%s", type,
                        name, hint ? "; did you mean " : "", hint ? hint : "",
                        hint ? "?" : "");
}

static int step_member(fwsim_machine *m, const char *path, const char **at,
                       fwsim__lvalue *v)
{
    bool arrow = **at == '-';
    size_t before = (size_t)(*at - path), length;
    char name[MEMBER_MAX];
    fwsim__member member;
    int err;

    *at += arrow ? 2 : 1;
    length = name_length(*at);
    if (length == 0 || length >= sizeof name)
        return broken(m, path, *at, "a member's name is missing");
    memcpy(name, *at, length);
    name[length] = '\0';
    if (v->type.kind == FWSIM__KIND_POINTER) {
        err = follow(m, path, v, 0);
        if (err)
            return err;
    } else if (arrow) {
        return unfit(m, path, before, v, "a pointer: use '.'");
    }
    if (v->type.kind != FWSIM__KIND_STRUCT)
        return unfit(m, path, before, v, "a struct");
    if (!fwsim__type_find_member(&v->type, name, &member))
        return no_member(m, v, name);
    *at += length;
    v->addr += member.offset;
    v->type = member.type;
    v->size = member.type.size;
    v->bit_offset = member.bit_offset;
    v->bit_size = member.bit_size;
    v->is_declared = false;
    return 0;
}

static int step_index(fwsim_machine *m, const char *path, const char **at,
                      fwsim__lvalue *v)
{
    size_t before = (size_t)(*at - path);
    const char *digits = *at + 1;
    int base = digits[0] == '0' && (digits[1] | 32) == 'x' ? 16 : 10;
    unsigned long long index;
    char *end;

    if (!isdigit((unsigned char)*digits))
        return broken(m, path, digits, "a number is missing");
    index = strtoull(digits, &end, base);
    if (*end != ']')
        return broken(m, path, end, "']' is missing");
    *at = end + 1;
    if (v->type.kind == FWSIM__KIND_POINTER)
        return follow(m, path, v, index);
    if (v->type.kind != FWSIM__KIND_ARRAY)
        return unfit(m, path, before, v, "an array");
    if (v->type.count && index >= v->type.count)
        return fwsim__error(m, FWSIM_ERANGE,
                            "%s: %.*s has %" PRIu64 " elements", path,
                            (int)before, path, v->type.count);
    v->type = fwsim__type_target(&v->type);
    if (v->type.size == 0)
        return fwsim__error(m, FWSIM_EINVAL,
                            "%s: the elements have no known size", path);
    v->addr += index * v->type.size;
    v->size = v->type.size;
    v->is_declared = false;
    return 0;
}

static int walk(fwsim_machine *m, const char *path, const char *at,
                fwsim__lvalue *v)
{
    int err = 0;

    for (unsigned steps = 0; *at && !err; steps++) {
        if (v->constant)
            return fwsim__error(m, FWSIM_EINVAL,
                                "%s: it is in no memory, the compiler has put "
                                "its value into instructions", path);
        if (steps == STEPS_MAX)
            return broken(m, path, at, "too many steps");
        if (v->bit_size)
            return broken(m, path, at, "a bit-field has no parts");
        if (*at == '.' || (*at == '-' && at[1] == '>'))
            err = step_member(m, path, &at, v);
        else if (*at == '[')
            err = step_index(m, path, &at, v);
        else
            return broken(m, path, at, "not understood");
    }
    return err;
}

int fwsim__var_resolve(fwsim_machine *m, const char *path, fwsim__lvalue *out)
{
    size_t stars = strspn(path, "*");
    const char *head = path + stars;
    size_t length = head_length(head);
    int err;

    if (length == 0 || head[length - 1] == ':')
        return broken(m, path, head + length, "a name is missing");
    if (stars > STEPS_MAX)
        return broken(m, path, path, "too many stars");
    err = fwsim__var_named(m, head, length, stars || head[length], out);
    if (!err)
        err = walk(m, path, head + length, out);
    while (!err && stars-- > 0) {
        if (out->type.kind == FWSIM__KIND_ARRAY) {
            out->type = fwsim__type_target(&out->type);
            out->size = out->type.size;
            out->is_declared = false;
        } else if (out->type.kind != FWSIM__KIND_POINTER || out->constant) {
            err = unfit(m, path, strlen(path), out, "a pointer");
        } else {
            err = follow(m, path, out, 0);
        }
    }
    return err;
}
