/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Variables of the firmware: reading and writing their values.
 */
#include "call/var.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool fwsim__var_is_integer(const fwsim__lvalue *v)
{
    switch (v->type.kind) {
    case FWSIM__KIND_UINT:
    case FWSIM__KIND_INT:
    case FWSIM__KIND_ENUM:
    case FWSIM__KIND_POINTER:
        return true;
    default:
        return false;
    }
}

static unsigned bits_of(const fwsim__lvalue *v)
{
    return v->bit_size ? v->bit_size : (unsigned)v->size * 8;
}

static int no_memory(fwsim_machine *m, const char *path, uint64_t addr)
{
    return fwsim__error(m, FWSIM_EFAULT, "%s: there is no memory at 0x%08" PRIx64,
                        path, addr);
}

/** Bytes that a value of at most 64 bits is spread over. */
static size_t bytes_of(const fwsim__lvalue *v)
{
    return (v->bit_offset + bits_of(v) + 7) / 8;
}

int fwsim__var_load(fwsim_machine *m, const char *path,
                    const fwsim__lvalue *v, uint64_t *value)
{
    uint8_t bytes[9] = { 0 };
    unsigned bits = bits_of(v);
    uint64_t raw = 0;

    if (v->constant) {
        *value = v->value;
        return 0;
    }
    if (fwsim_mem_read(m, v->addr, bytes, bytes_of(v)))
        return no_memory(m, path, v->addr);
    for (unsigned i = 0; i < 8; i++)
        raw |= (uint64_t)bytes[i] << 8 * i;
    raw >>= v->bit_offset;
    if (v->bit_offset)
        raw |= (uint64_t)bytes[8] << (64 - v->bit_offset);
    if (bits < 64) {
        raw &= ((uint64_t)1 << bits) - 1;
        if (v->type.is_signed && raw >> (bits - 1) & 1)
            raw |= ~(uint64_t)0 << bits;
    }
    *value = raw;
    return 0;
}

static int store(fwsim_machine *m, const char *path, const fwsim__lvalue *v,
                 uint64_t value)
{
    uint8_t bytes[9] = { 0 };
    unsigned bits = bits_of(v);

    if (fwsim_mem_read(m, v->addr, bytes, bytes_of(v)))
        return no_memory(m, path, v->addr);
    for (unsigned i = 0; i < bits; i++) {
        unsigned at = v->bit_offset + i;

        bytes[at / 8] = (uint8_t)((bytes[at / 8] & ~(1u << at % 8)) |
                                  (value >> i & 1u) << at % 8);
    }
    if (fwsim_mem_write(m, v->addr, bytes, bytes_of(v)))
        return no_memory(m, path, v->addr);
    return 0;
}

/* ------------------------------------------------------------------ */
/* Describing                                                           */
/* ------------------------------------------------------------------ */

static fwsim_var_kind kind_of(fwsim__kind kind)
{
    switch (kind) {
    case FWSIM__KIND_UINT:
        return FWSIM_VAR_UINT;
    case FWSIM__KIND_INT:
        return FWSIM_VAR_INT;
    case FWSIM__KIND_FLOAT:
        return FWSIM_VAR_FLOAT;
    case FWSIM__KIND_ENUM:
        return FWSIM_VAR_ENUM;
    case FWSIM__KIND_POINTER:
        return FWSIM_VAR_POINTER;
    case FWSIM__KIND_ARRAY:
        return FWSIM_VAR_ARRAY;
    case FWSIM__KIND_STRUCT:
        return FWSIM_VAR_STRUCT;
    default:
        return FWSIM_VAR_BYTES;
    }
}

int fwsim_var_find(fwsim_machine *m, const char *path, fwsim_var *out)
{
    fwsim__lvalue v;
    int err = fwsim__var_resolve(m, path, &v);

    if (err)
        return err;
    *out = (fwsim_var){
        .addr = v.addr,
        .size = v.size,
        .kind = kind_of(v.type.kind),
        .bit_offset = v.bit_offset,
        .bit_size = v.bit_size,
        .count = v.type.kind == FWSIM__KIND_ARRAY ? v.type.count : 0,
        .constant = v.constant,
    };
    if (v.is_declared)
        fwsim__debug_type_name(&v.declared, out->type, sizeof out->type);
    else if (v.type.die.opaque[0])
        fwsim__type_name(&v.type, out->type, sizeof out->type);
    else
        snprintf(out->type, sizeof out->type, "%" PRIu64 " bytes", v.size);
    return 0;
}

/* ------------------------------------------------------------------ */
/* Integers                                                             */
/* ------------------------------------------------------------------ */

static int wrong_kind(fwsim_machine *m, const char *path, const char *wanted)
{
    fwsim_var v;

    if (fwsim_var_find(m, path, &v))
        v.type[0] = '\0';
    return fwsim__error(m, FWSIM_EINVAL, "%s is of type %s, not %s", path,
                        v.type, wanted);
}

static int integer(fwsim_machine *m, const char *path, fwsim__lvalue *v)
{
    int err = fwsim__var_resolve(m, path, v);

    if (!err && !fwsim__var_is_integer(v))
        err = wrong_kind(m, path, "an integer");
    return err;
}

int fwsim_var_get(fwsim_machine *m, const char *path, int64_t *value)
{
    fwsim__lvalue v;
    uint64_t raw = 0;
    int err = integer(m, path, &v);

    if (!err)
        err = fwsim__var_load(m, path, &v, &raw);
    if (!err)
        *value = (int64_t)raw;
    return err;
}

static bool fits(const fwsim__lvalue *v, int64_t value)
{
    unsigned bits = v->type.is_bool ? 1 : bits_of(v);
    int64_t half;

    if (bits >= 64)
        return true;
    half = (int64_t)1 << (bits - 1);
    if (v->type.is_signed)
        return value >= -half && value < half;
    return value >= 0 && (uint64_t)value >> bits == 0;
}

static int set_integer(fwsim_machine *m, const char *path,
                       const fwsim__lvalue *v, int64_t value)
{
    if (v->constant)
        return fwsim__error(m, FWSIM_EINVAL,
                            "%s cannot be set: it is in no memory, the "
                            "compiler has put its value into instructions",
                            path);
    if (!fits(v, value))
        return fwsim__error(m, FWSIM_ERANGE,
                            "%s: %" PRId64 " does not fit %u %s bits", path,
                            value, v->type.is_bool ? 1 : bits_of(v),
                            v->type.is_signed ? "signed" : "unsigned");
    return store(m, path, v, (uint64_t)value);
}

int fwsim_var_set(fwsim_machine *m, const char *path, int64_t value)
{
    fwsim__lvalue v;
    int err = integer(m, path, &v);

    return err ? err : set_integer(m, path, &v, value);
}

/* ------------------------------------------------------------------ */
/* Floats                                                               */
/* ------------------------------------------------------------------ */

static double number_of(const fwsim__lvalue *v, uint64_t raw)
{
    float single;
    double number;
    uint32_t low = (uint32_t)raw;

    if (v->type.kind != FWSIM__KIND_FLOAT)
        return v->type.is_signed ? (double)(int64_t)raw : (double)raw;
    if (v->size == 4) {
        memcpy(&single, &low, sizeof single);
        return single;
    }
    memcpy(&number, &raw, sizeof number);
    return number;
}

int fwsim_var_get_float(fwsim_machine *m, const char *path, double *value)
{
    fwsim__lvalue v;
    uint64_t raw;
    int err = fwsim__var_resolve(m, path, &v);

    if (!err && v.type.kind != FWSIM__KIND_FLOAT && !fwsim__var_is_integer(&v))
        err = wrong_kind(m, path, "a number");
    if (!err)
        err = fwsim__var_load(m, path, &v, &raw);
    if (!err)
        *value = number_of(&v, raw);
    return err;
}

static int set_float(fwsim_machine *m, const char *path,
                     const fwsim__lvalue *v, double value)
{
    float single = (float)value;
    uint32_t low;
    uint64_t raw;

    if (v->constant)
        return fwsim__error(m, FWSIM_EINVAL,
                            "%s cannot be set: it is in no memory", path);
    if (v->size == 4) {
        if (isinf(single) && !isinf(value))
            return fwsim__error(m, FWSIM_ERANGE, "%s: %g does not fit a float",
                                path, value);
        memcpy(&low, &single, sizeof low);
        raw = low;
    } else {
        memcpy(&raw, &value, sizeof raw);
    }
    return store(m, path, v, raw);
}

int fwsim_var_set_float(fwsim_machine *m, const char *path, double value)
{
    fwsim__lvalue v;
    int err = fwsim__var_resolve(m, path, &v);

    if (!err && v.type.kind != FWSIM__KIND_FLOAT)
        err = wrong_kind(m, path, "a floating-point number");
    return err ? err : set_float(m, path, &v, value);
}

/* ------------------------------------------------------------------ */
/* Texts                                                                */
/* ------------------------------------------------------------------ */

static int no_constant(fwsim_machine *m, const char *path,
                       const fwsim__lvalue *v, const char *text)
{
    enum { MAX = 256 };
    const char *names[MAX + 1], *hint;
    int64_t value;
    size_t n = 0;

    while (n < MAX && (names[n] = fwsim__type_constant(&v->type, n, &value)))
        n++;
    names[n] = NULL;
    hint = fwsim_closest(text, names);
    return fwsim__error(m, FWSIM_EINVAL,
                        "%s: \"%s\" is no number%s%s%s%s", path, text,
                        n ? " and no constant of the enum" : "",
                        hint ? "; did you mean " : "", hint ? hint : "",
                        hint ? "?" : "");
}

static bool constant_named(const fwsim__lvalue *v, const char *text,
                           int64_t *value)
{
    const char *name;

    if (v->type.is_bool && strcmp(text, "true") == 0) {
        *value = 1;
        return true;
    }
    if (v->type.is_bool && strcmp(text, "false") == 0) {
        *value = 0;
        return true;
    }
    for (size_t i = 0; (name = fwsim__type_constant(&v->type, i, value)); i++)
        if (strcmp(name, text) == 0)
            return true;
    return false;
}

static int set_number(fwsim_machine *m, const char *path,
                      const fwsim__lvalue *v, const char *text)
{
    char *end;
    int base = strncmp(text, "0x", 2) == 0 ? 16 : 10;
    int64_t value;

    errno = 0;
    value = text[0] == '-' ? (int64_t)strtoll(text, &end, base)
                           : (int64_t)strtoull(text, &end, base);
    if (end == text || *end)
        return no_constant(m, path, v, text);
    if (errno || (text[0] != '-' && value < 0 && bits_of(v) < 64))
        return fwsim__error(m, FWSIM_ERANGE, "%s: %s is too large", path,
                            text);
    return set_integer(m, path, v, value);
}

int fwsim_var_set_text(fwsim_machine *m, const char *path, const char *text)
{
    fwsim__lvalue v;
    int64_t value;
    double number;
    char *end;
    int err = fwsim__var_resolve(m, path, &v);

    if (err)
        return err;
    if (v.type.kind == FWSIM__KIND_FLOAT) {
        number = strtod(text, &end);
        if (end == text || *end)
            return no_constant(m, path, &v, text);
        return set_float(m, path, &v, number);
    }
    if (!fwsim__var_is_integer(&v))
        return wrong_kind(m, path, "a number");
    if (constant_named(&v, text, &value))
        return set_integer(m, path, &v, value);
    return set_number(m, path, &v, text);
}

/* ------------------------------------------------------------------ */
/* Bytes                                                                */
/* ------------------------------------------------------------------ */

static int bytes(fwsim_machine *m, const char *path, size_t size,
                 fwsim__lvalue *v)
{
    int err = fwsim__var_resolve(m, path, v);

    if (err)
        return err;
    if (v->bit_size || v->constant)
        return fwsim__error(m, FWSIM_EINVAL, "%s is %s", path,
                            v->constant ? "in no memory" : "a bit-field");
    if (v->size && size > v->size)
        return fwsim__error(m, FWSIM_ERANGE,
                            "%s has %" PRIu64 " bytes, not %zu", path, v->size,
                            size);
    return 0;
}

int fwsim_var_read(fwsim_machine *m, const char *path, void *buf, size_t size)
{
    fwsim__lvalue v;
    int err = bytes(m, path, size, &v);

    if (!err && fwsim_mem_read(m, v.addr, buf, size))
        err = no_memory(m, path, v.addr);
    return err;
}

int fwsim_var_write(fwsim_machine *m, const char *path, const void *buf,
                    size_t size)
{
    fwsim__lvalue v;
    int err = bytes(m, path, size, &v);

    if (!err && fwsim_mem_write(m, v.addr, buf, size))
        err = no_memory(m, path, v.addr);
    return err;
}
