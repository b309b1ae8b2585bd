/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Types of the firmware, from DWARF: members, elements, constants, names, and
 * the parameters of functions.
 */
#include "image/debug.h"
#include "image/dwarf.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#ifdef FWSIM_WITH_DWARF

#include <dwarf.h>

enum {
    CHAIN_MAX = 32,     /* typedefs of typedefs, pointers to pointers */
    SIBLINGS_MAX = 65536
};

static Dwarf_Die die_of(const fwsim__die *kept)
{
    Dwarf_Die die;

    memcpy(&die, kept, sizeof die);
    return die;
}

static fwsim__die keep(const Dwarf_Die *die)
{
    fwsim__die kept = { { 0 } };

    memcpy(&kept, die, sizeof *die);
    return kept;
}

static bool type_die(Dwarf_Die *die, Dwarf_Die *out)
{
    Dwarf_Attribute attr;

    return dwarf_attr_integrate(die, DW_AT_type, &attr) &&
           dwarf_formref_die(&attr, out);
}

static bool unsigned_attr(Dwarf_Die *die, unsigned name, uint64_t *value)
{
    Dwarf_Attribute attr;
    Dwarf_Word word;

    if (!dwarf_attr_integrate(die, name, &attr) ||
        dwarf_formudata(&attr, &word) != 0)
        return false;
    *value = word;
    return true;
}

static bool is_qualifier(int tag)
{
    return tag == DW_TAG_const_type || tag == DW_TAG_volatile_type ||
           tag == DW_TAG_restrict_type || tag == DW_TAG_atomic_type;
}

/* ------------------------------------------------------------------ */
/* Kinds                                                                */
/* ------------------------------------------------------------------ */

static void set_base(Dwarf_Die *die, fwsim__type *t)
{
    uint64_t encoding = 0;

    unsigned_attr(die, DW_AT_encoding, &encoding);
    switch (encoding) {
    case DW_ATE_boolean:
        t->is_bool = true;
        t->kind = FWSIM__KIND_UINT;
        break;
    case DW_ATE_unsigned:
    case DW_ATE_unsigned_char:
    case DW_ATE_UTF:
    case DW_ATE_address:
        t->kind = FWSIM__KIND_UINT;
        break;
    case DW_ATE_signed:
    case DW_ATE_signed_char:
        t->kind = FWSIM__KIND_INT;
        t->is_signed = true;
        break;
    case DW_ATE_float:
        t->kind = FWSIM__KIND_FLOAT;
        break;
    default:
        break;
    }
}

/** The @a n-th dimension of an array. @param count  0: unknown */
static bool dimension(Dwarf_Die *array, unsigned n, uint64_t *count)
{
    Dwarf_Die die;

    *count = 0;
    if (dwarf_child(array, &die) != 0)
        return false;
    for (unsigned i = 0; i < SIBLINGS_MAX; i++) {
        uint64_t upper;

        if (dwarf_tag(&die) == DW_TAG_subrange_type && n-- == 0) {
            if (unsigned_attr(&die, DW_AT_count, count))
                return true;
            if (unsigned_attr(&die, DW_AT_upper_bound, &upper))
                *count = upper + 1; /* 0 for one of no length */
            return true;
        }
        if (dwarf_siblingof(&die, &die) != 0)
            break;
    }
    return false;
}

static fwsim__type make_type(Dwarf_Die *die, unsigned depth);

static void set_array(Dwarf_Die *die, fwsim__type *t, unsigned depth)
{
    fwsim__type element = { .kind = FWSIM__KIND_UNKNOWN };
    Dwarf_Die of;
    uint64_t count, size;

    t->kind = FWSIM__KIND_ARRAY;
    if (!dimension(die, t->dimension, &t->count))
        t->kind = FWSIM__KIND_UNKNOWN;
    if (type_die(die, &of))
        element = make_type(&of, depth);
    size = element.size;
    for (unsigned n = t->dimension; n < CHAIN_MAX && dimension(die, n, &count);
         n++)
        if (__builtin_mul_overflow(size, count, &size))
            size = 0;
    t->size = size;
}

/** An enum without an own type has the sign of its constants. */
static void set_enum(Dwarf_Die *die, fwsim__type *t)
{
    Dwarf_Die base;
    int64_t value;

    t->kind = FWSIM__KIND_ENUM;
    for (size_t i = 0; fwsim__type_constant(t, i, &value); i++)
        t->is_signed |= value < 0;
    if (type_die(die, &base)) {
        fwsim__type of = make_type(&base, CHAIN_MAX - 1);

        t->is_signed = of.is_signed;
    }
}

static fwsim__type make_type(Dwarf_Die *die, unsigned depth)
{
    fwsim__type t = { .kind = FWSIM__KIND_UNKNOWN };
    Dwarf_Die at = *die;
    int tag = dwarf_tag(&at);

    while (is_qualifier(tag) || tag == DW_TAG_typedef) {
        if (depth++ >= CHAIN_MAX)
            return t;
        if (!type_die(&at, &at)) {
            t.kind = FWSIM__KIND_VOID; /* const void */
            return t;
        }
        tag = dwarf_tag(&at);
    }
    t.die = keep(&at);
    unsigned_attr(&at, DW_AT_byte_size, &t.size);
    switch (tag) {
    case DW_TAG_base_type:
        set_base(&at, &t);
        break;
    case DW_TAG_enumeration_type:
        set_enum(&at, &t);
        break;
    case DW_TAG_pointer_type:
    case DW_TAG_reference_type:
        t.kind = FWSIM__KIND_POINTER;
        break;
    case DW_TAG_array_type:
        if (depth + 1 < CHAIN_MAX)
            set_array(&at, &t, depth + 1);
        break;
    case DW_TAG_structure_type:
    case DW_TAG_class_type:
    case DW_TAG_union_type:
        t.kind = FWSIM__KIND_STRUCT;
        break;
    case DW_TAG_subroutine_type:
        t.kind = FWSIM__KIND_FUNCTION;
        break;
    default:
        break;
    }
    if (t.kind == FWSIM__KIND_FLOAT && t.size != 4 && t.size != 8)
        t.kind = FWSIM__KIND_UNKNOWN;
    if ((t.kind == FWSIM__KIND_UINT || t.kind == FWSIM__KIND_INT ||
         t.kind == FWSIM__KIND_ENUM || t.kind == FWSIM__KIND_POINTER) &&
        (t.size == 0 || t.size > 8))
        t.kind = FWSIM__KIND_UNKNOWN;
    return t;
}

fwsim__type fwsim__debug_type(const fwsim__die *kept)
{
    Dwarf_Die die = die_of(kept), of;

    if (!type_die(&die, &of))
        return (fwsim__type){ .kind = FWSIM__KIND_VOID };
    return make_type(&of, 0);
}

fwsim__type fwsim__type_target(const fwsim__type *t)
{
    Dwarf_Die die = die_of(&t->die);
    fwsim__type next = *t;
    uint64_t count;

    next.dimension++;
    if (t->kind == FWSIM__KIND_ARRAY &&
        dimension(&die, next.dimension, &count)) {
        set_array(&die, &next, 0);
        return next;
    }
    return fwsim__debug_type(&t->die);
}

/* ------------------------------------------------------------------ */
/* Members                                                              */
/* ------------------------------------------------------------------ */

static uint64_t member_offset(Dwarf_Die *die)
{
    Dwarf_Attribute attr;
    Dwarf_Word word;
    Dwarf_Op *ops;
    size_t n;

    if (!dwarf_attr(die, DW_AT_data_member_location, &attr))
        return 0;
    if (dwarf_formudata(&attr, &word) == 0)
        return word;
    if (dwarf_getlocation(&attr, &ops, &n) == 0 && n == 1 &&
        ops[0].atom == DW_OP_plus_uconst)
        return ops[0].number;
    return 0;
}

/** Bit-fields, as DWARF 4 and 5 have them, and as those before (5.6.6). */
static void set_bits(Dwarf_Die *die, fwsim__member *m)
{
    uint64_t size = 0, at, unit = m->type.size;

    if (!unsigned_attr(die, DW_AT_bit_size, &size) || size == 0 || size > 64)
        return;
    if (unsigned_attr(die, DW_AT_data_bit_offset, &at)) {
        at += m->offset * 8;
    } else if (unsigned_attr(die, DW_AT_bit_offset, &at)) {
        unsigned_attr(die, DW_AT_byte_size, &unit);
        /* From the most significant bit of the unit. */
        at = m->offset * 8 + unit * 8 - at - size;
    } else {
        at = m->offset * 8;
    }
    m->offset = at / 8;
    m->bit_offset = (unsigned)(at % 8);
    m->bit_size = (unsigned)size;
}

bool fwsim__type_member(const fwsim__type *t, size_t index,
                        fwsim__member *out)
{
    Dwarf_Die die = die_of(&t->die);

    if (t->kind != FWSIM__KIND_STRUCT || dwarf_child(&die, &die) != 0)
        return false;
    for (unsigned i = 0; i < SIBLINGS_MAX; i++) {
        if (dwarf_tag(&die) == DW_TAG_member && index-- == 0) {
            fwsim__die kept = keep(&die);

            *out = (fwsim__member){ .name = dwarf_diename(&die),
                                    .type = fwsim__debug_type(&kept),
                                    .offset = member_offset(&die) };
            set_bits(&die, out);
            return true;
        }
        if (dwarf_siblingof(&die, &die) != 0)
            break;
    }
    return false;
}

static bool find_member(const fwsim__type *t, const char *name,
                        fwsim__member *out, unsigned depth)
{
    fwsim__member m;

    for (size_t i = 0; fwsim__type_member(t, i, &m); i++) {
        if (m.name && strcmp(m.name, name) == 0) {
            *out = m;
            return true;
        }
        if (!m.name && depth < CHAIN_MAX &&
            find_member(&m.type, name, out, depth + 1)) {
            out->offset += m.offset;
            return true;
        }
    }
    return false;
}

bool fwsim__type_find_member(const fwsim__type *t, const char *name,
                             fwsim__member *out)
{
    return find_member(t, name, out, 0);
}

const char *fwsim__type_constant(const fwsim__type *t, size_t index,
                                 int64_t *value)
{
    Dwarf_Die die = die_of(&t->die);
    Dwarf_Attribute attr;
    Dwarf_Sword word = 0;

    if (t->kind != FWSIM__KIND_ENUM || dwarf_child(&die, &die) != 0)
        return NULL;
    for (unsigned i = 0; i < SIBLINGS_MAX; i++) {
        if (dwarf_tag(&die) == DW_TAG_enumerator && index-- == 0) {
            if (dwarf_attr(&die, DW_AT_const_value, &attr))
                dwarf_formsdata(&attr, &word);
            *value = word;
            return dwarf_diename(&die);
        }
        if (dwarf_siblingof(&die, &die) != 0)
            break;
    }
    return NULL;
}

/* ------------------------------------------------------------------ */
/* Names                                                                */
/* ------------------------------------------------------------------ */

static void name_type(Dwarf_Die *die, unsigned first_dimension, char *buf,
                      size_t size, unsigned depth);

static void append(char *buf, size_t size, const char *text)
{
    size_t used = strlen(buf);

    snprintf(buf + used, size - used, "%s", text);
}

static void name_target(Dwarf_Die *die, char *buf, size_t size,
                        unsigned depth)
{
    Dwarf_Die of;

    if (type_die(die, &of))
        name_type(&of, 0, buf, size, depth + 1);
    else
        append(buf, size, "void");
}

static void name_array(Dwarf_Die *die, unsigned first, char *buf, size_t size,
                       unsigned depth)
{
    uint64_t count;

    name_target(die, buf, size, depth);
    for (unsigned n = first; n < CHAIN_MAX && dimension(die, n, &count); n++) {
        char text[32] = "[]";

        if (count)
            snprintf(text, sizeof text, "[%" PRIu64 "]", count);
        append(buf, size, text);
    }
}

static void name_tagged(Dwarf_Die *die, const char *keyword, char *buf,
                        size_t size)
{
    const char *name = dwarf_diename(die);

    append(buf, size, keyword);
    append(buf, size, name ? " " : "");
    append(buf, size, name ? name : "");
}

static void name_type(Dwarf_Die *die, unsigned first_dimension, char *buf,
                      size_t size, unsigned depth)
{
    const char *name = dwarf_diename(die);

    if (depth >= CHAIN_MAX)
        return;
    switch (dwarf_tag(die)) {
    case DW_TAG_const_type:
        append(buf, size, "const ");
        name_target(die, buf, size, depth);
        break;
    case DW_TAG_volatile_type:
        append(buf, size, "volatile ");
        name_target(die, buf, size, depth);
        break;
    case DW_TAG_restrict_type:
    case DW_TAG_atomic_type:
        name_target(die, buf, size, depth);
        break;
    case DW_TAG_pointer_type:
        name_target(die, buf, size, depth);
        append(buf, size, buf[0] && buf[strlen(buf) - 1] == '*' ? "*" : " *");
        break;
    case DW_TAG_array_type:
        name_array(die, first_dimension, buf, size, depth);
        break;
    case DW_TAG_structure_type:
        name_tagged(die, "struct", buf, size);
        break;
    case DW_TAG_union_type:
        name_tagged(die, "union", buf, size);
        break;
    case DW_TAG_enumeration_type:
        name_tagged(die, "enum", buf, size);
        break;
    case DW_TAG_subroutine_type:
        append(buf, size, "function");
        break;
    default:
        append(buf, size, name ? name : "?");
        break;
    }
}

void fwsim__debug_type_name(const fwsim__die *kept, char *buf, size_t size)
{
    Dwarf_Die die = die_of(kept);

    buf[0] = '\0';
    name_target(&die, buf, size, 0);
}

void fwsim__type_name(const fwsim__type *t, char *buf, size_t size)
{
    Dwarf_Die die = die_of(&t->die);

    buf[0] = '\0';
    if (t->kind == FWSIM__KIND_VOID)
        append(buf, size, "void");
    else
        name_type(&die, t->dimension, buf, size, 0);
}

/* ------------------------------------------------------------------ */
/* Prototypes                                                           */
/* ------------------------------------------------------------------ */

/** The @a index-th child with a tag. */
static bool child(const fwsim__function *f, int tag, size_t index,
                  Dwarf_Die *die)
{
    *die = die_of(&f->die);
    if (dwarf_child(die, die) != 0)
        return false;
    for (unsigned i = 0; i < SIBLINGS_MAX; i++) {
        if (dwarf_tag(die) == tag && index-- == 0)
            return true;
        if (dwarf_siblingof(die, die) != 0)
            break;
    }
    return false;
}

bool fwsim__debug_parameter(const fwsim__function *f, size_t index,
                            fwsim__die *out, const char **name)
{
    Dwarf_Die die;

    if (!child(f, DW_TAG_formal_parameter, index, &die))
        return false;
    *out = keep(&die);
    *name = dwarf_diename(&die);
    return true;
}

bool fwsim__debug_is_variadic(const fwsim__function *f)
{
    Dwarf_Die die;

    return child(f, DW_TAG_unspecified_parameters, 0, &die);
}

bool fwsim__debug_is_prototyped(const fwsim__function *f)
{
    Dwarf_Die die = die_of(&f->die);

    return dwarf_hasattr_integrate(&die, DW_AT_prototyped);
}

#else

fwsim__type fwsim__debug_type(const fwsim__die *die)
{
    (void)die;
    return (fwsim__type){ .kind = FWSIM__KIND_UNKNOWN };
}

fwsim__type fwsim__type_target(const fwsim__type *t)
{
    (void)t;
    return (fwsim__type){ .kind = FWSIM__KIND_UNKNOWN };
}

bool fwsim__type_member(const fwsim__type *t, size_t index,
                        fwsim__member *out)
{
    (void)t;
    (void)index;
    (void)out;
    return false;
}

bool fwsim__type_find_member(const fwsim__type *t, const char *name,
                             fwsim__member *out)
{
    (void)t;
    (void)name;
    (void)out;
    return false;
}

const char *fwsim__type_constant(const fwsim__type *t, size_t index,
                                 int64_t *value)
{
    (void)t;
    (void)index;
    (void)value;
    return NULL;
}

void fwsim__debug_type_name(const fwsim__die *die, char *buf, size_t size)
{
    (void)die;
    snprintf(buf, size, "?");
}

void fwsim__type_name(const fwsim__type *t, char *buf, size_t size)
{
    (void)t;
    snprintf(buf, size, "?");
}

bool fwsim__debug_parameter(const fwsim__function *f, size_t index,
                            fwsim__die *out, const char **name)
{
    (void)f;
    (void)index;
    (void)out;
    (void)name;
    return false;
}

bool fwsim__debug_is_variadic(const fwsim__function *f)
{
    (void)f;
    return false;
}

bool fwsim__debug_is_prototyped(const fwsim__function *f)
{
    (void)f;
    return false;
}

#endif
