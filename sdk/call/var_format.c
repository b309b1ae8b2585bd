/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Values of variables as text, in the syntax of C's initialisers.
 */
#include "call/var.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { DEPTH_MAX = 6, ELEMENTS_MAX = 32, BYTES_MAX = 32 };

typedef struct text {
    char *buf;
    size_t size, length; /* length: of the whole, also where it is cut off */
} text;

__attribute__((format(printf, 2, 3)))
static void put(text *t, const char *fmt, ...)
{
    bool room = t->length < t->size;
    va_list args;
    int n;

    va_start(args, fmt);
    n = vsnprintf(room ? t->buf + t->length : NULL,
                  room ? t->size - t->length : 0, fmt, args);
    va_end(args);
    t->length += n > 0 ? (size_t)n : 0;
}

static int put_value(fwsim_machine *m, const char *path,
                     const fwsim__lvalue *v, text *t, unsigned depth);

static void put_enum(const fwsim__lvalue *v, int64_t value, text *t)
{
    const char *name;
    int64_t constant;

    for (size_t i = 0; (name = fwsim__type_constant(&v->type, i, &constant));
         i++)
        if (constant == value) {
            put(t, "%s", name);
            return;
        }
    put(t, "%" PRId64, value);
}

static int put_integer(fwsim_machine *m, const char *path,
                       const fwsim__lvalue *v, text *t)
{
    uint64_t value;
    int err = fwsim__var_load(m, path, v, &value);

    if (err)
        return err;
    if (v->type.kind == FWSIM__KIND_ENUM)
        put_enum(v, (int64_t)value, t);
    else if (v->type.kind == FWSIM__KIND_POINTER)
        put(t, "0x%0*" PRIx64, (int)v->size * 2, value);
    else if (v->type.is_bool && value <= 1)
        put(t, "%s", value ? "true" : "false");
    else if (v->type.is_signed)
        put(t, "%" PRId64, (int64_t)value);
    else
        put(t, "%" PRIu64, value);
    return 0;
}

static int put_float(fwsim_machine *m, const char *path,
                     const fwsim__lvalue *v, text *t)
{
    uint64_t raw;
    uint32_t low;
    float single;
    double number;
    int err = fwsim__var_load(m, path, v, &raw);

    if (err)
        return err;
    low = (uint32_t)raw;
    if (v->size == 4) {
        memcpy(&single, &low, sizeof single);
        put(t, "%.9g", (double)single);
    } else {
        memcpy(&number, &raw, sizeof number);
        put(t, "%.17g", number);
    }
    return 0;
}

static int put_bytes(fwsim_machine *m, const char *path,
                     const fwsim__lvalue *v, text *t)
{
    uint8_t bytes[BYTES_MAX];
    size_t n = v->size < BYTES_MAX ? (size_t)v->size : BYTES_MAX;

    if (fwsim_mem_read(m, v->addr, bytes, n))
        return fwsim__error(m, FWSIM_EFAULT,
                            "%s: there is no memory at 0x%08" PRIx64, path,
                            v->addr);
    put(t, "{ ");
    for (size_t i = 0; i < n; i++)
        put(t, "%s0x%02x", i ? ", " : "", bytes[i]);
    put(t, "%s }", v->size > n ? ", ..." : "");
    return 0;
}

/* ------------------------------------------------------------------ */
/* Arrays and structs                                                   */
/* ------------------------------------------------------------------ */

static void put_character(text *t, uint8_t c)
{
    if (c == '"' || c == '\\')
        put(t, "\\%c", c);
    else if (c == '\n')
        put(t, "\\n");
    else if (isprint(c))
        put(t, "%c", c);
    else
        put(t, "\\%03o", c);
}

static int put_string(fwsim_machine *m, const char *path,
                      const fwsim__lvalue *v, text *t)
{
    put(t, "\"");
    for (uint64_t i = 0; i < v->size; i++) {
        uint8_t c;

        if (fwsim_mem_read(m, v->addr + i, &c, 1))
            return fwsim__error(m, FWSIM_EFAULT,
                                "%s: there is no memory at 0x%08" PRIx64, path,
                                v->addr + i);
        if (c == 0 || i == 8 * ELEMENTS_MAX)
            break;
        put_character(t, c);
    }
    put(t, "\"");
    return 0;
}

static int put_array(fwsim_machine *m, const char *path,
                     const fwsim__lvalue *v, text *t, unsigned depth)
{
    fwsim__lvalue e = { .type = fwsim__type_target(&v->type) };
    char name[16];
    uint64_t i;
    int err = 0;

    e.size = e.type.size;
    fwsim__type_name(&e.type, name, sizeof name);
    if (strcmp(name, "char") == 0)
        return put_string(m, path, v, t);
    put(t, "{ ");
    for (i = 0; i < v->type.count && i < ELEMENTS_MAX && !err; i++) {
        put(t, "%s", i ? ", " : "");
        e.addr = v->addr + i * e.size;
        err = put_value(m, path, &e, t, depth + 1);
    }
    put(t, "%s }", i < v->type.count ? ", ..." : "");
    return err;
}

static int put_struct(fwsim_machine *m, const char *path,
                      const fwsim__lvalue *v, text *t, unsigned depth)
{
    fwsim__member member;
    int err = 0;

    put(t, "{ ");
    for (size_t i = 0; !err && fwsim__type_member(&v->type, i, &member); i++) {
        fwsim__lvalue inner = { .addr = v->addr + member.offset,
                                .size = member.type.size,
                                .type = member.type,
                                .bit_offset = member.bit_offset,
                                .bit_size = member.bit_size };

        put(t, "%s", i ? ", " : "");
        if (member.name)
            put(t, ".%s = ", member.name);
        err = put_value(m, path, &inner, t, depth + 1);
    }
    put(t, " }");
    return err;
}

static int put_value(fwsim_machine *m, const char *path,
                     const fwsim__lvalue *v, text *t, unsigned depth)
{
    if (fwsim__var_is_integer(v))
        return put_integer(m, path, v, t);
    if (v->type.kind == FWSIM__KIND_FLOAT)
        return put_float(m, path, v, t);
    /* A large table of large structs is cut off as a whole. */
    if (depth < DEPTH_MAX && t->length < t->size + 4096) {
        if (v->type.kind == FWSIM__KIND_ARRAY)
            return put_array(m, path, v, t, depth);
        if (v->type.kind == FWSIM__KIND_STRUCT)
            return put_struct(m, path, v, t, depth);
        return put_bytes(m, path, v, t);
    }
    put(t, "{ ... }");
    return 0;
}

int fwsim_var_format(fwsim_machine *m, const char *path, char *buf,
                     size_t size, size_t *needed)
{
    text t = { buf, size, 0 };
    fwsim__lvalue v;
    int err = fwsim__var_resolve(m, path, &v);

    if (size)
        buf[0] = '\0';
    if (!err)
        err = put_value(m, path, &v, &t, 0);
    if (!err && needed)
        *needed = t.length;
    return err;
}
