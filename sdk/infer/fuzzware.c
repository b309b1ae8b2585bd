/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What Fuzzware has learned, as register models: `mmio_models` of its
 * configuration, as its README_config.yml describes them. Each entry is for an
 * address and one instruction, or all of them:
 *
 *   constant     a value                    a site; for all, a field
 *   set          values to choose from      a site; for all, the bits in which
 *                                           they differ are input
 *   passthrough  reads as written           a control register
 *   bitextract   some bits are input        fields from a stream
 *   unmodeled    all bits are input         fields from a stream
 *   linear       counts                     a counter
 *
 * Fuzzware knows no peripherals: a kilobyte is taken for one. Keys that are
 * not named here are Fuzzware's business and passed over.
 */
#include "infer/model_yaml.h"

#ifndef FWSIM_WITH_YAML

int fwsim__fuzzware_read(fwsim__models **out, const fwsim__text_source *source)
{
    *out = NULL;
    return fwsim__yaml_parse(source, NULL, NULL);
}

#else

#include <inttypes.h>
#include <string.h>

typedef fwsim__yaml yaml;
typedef fwsim__yaml_key yaml_key;
typedef fwsim__text_mark text_mark;

enum { PERIPH_SIZE = 0x400 };
static const uint64_t all_sites = 0xffffffff;

typedef enum kind {
    CONSTANT,
    SET,
    PASSTHROUGH,
    BITEXTRACT,
    UNMODELED,
    LINEAR,
    KINDS
} kind;

static const char *const kind_names[] = { "constant",   "set",
                                          "passthrough", "bitextract",
                                          "unmodeled",  "linear" };

/** A file that is being read. */
typedef struct reading {
    fwsim__models *models;
    kind kind; /* of the entries that come */
} reading;

typedef struct entry {
    uint64_t addr, pc;
    uint32_t val, init_val, mask;
    uint8_t size, left_shift, access_size; /* bytes; bits; bytes */
    fwsim__site vals;
} entry;

/* ------------------------------------------------------------------ */
/* An entry as a model                                                  */
/* ------------------------------------------------------------------ */

/** Some sites store and others take input: the register is both then. */
static void add_role(fwsim__register *r, fwsim__role role)
{
    r->role = (uint8_t)(r->role == FWSIM__ROLE_UNKNOWN || r->role == role
                            ? role
                            : FWSIM__ROLE_CONTROL_STATUS);
}

static bool explain(char **reason, kind k)
{
    return fwsim__models_text(reason, "Fuzzware: %s", kind_names[k]);
}

static bool add_field(fwsim__register *r, unsigned lsb, unsigned width,
                      fwsim__field_kind field_kind, uint32_t value)
{
    fwsim__field *f = fwsim__models_field(r, lsb);

    if (!f)
        return false;
    f->width = (uint8_t)width;
    f->kind = (uint8_t)field_kind;
    f->value = value;
    f->source = FWSIM__SOURCE_BUNDLE;
    return true;
}

static uint32_t bits_of(const fwsim__register *r)
{
    uint32_t taken = 0;

    for (size_t i = 0; i < r->field_count; i++)
        taken |= (UINT32_MAX >> (32 - r->fields[i].width)) << r->fields[i].lsb;
    return taken;
}

/** Fields for those bits that have none yet. */
static bool add_fields(fwsim__register *r, uint32_t bits,
                       fwsim__field_kind field_kind, uint32_t value)
{
    bits &= ~bits_of(r);
    for (unsigned lsb = 0, width; lsb < 32; lsb += width) {
        width = 1;
        if (!(bits >> lsb & 1))
            continue;
        while (lsb + width < 32 && bits >> (lsb + width) & 1)
            width++;
        if (!add_field(r, lsb, width, field_kind,
                       value >> lsb & UINT32_MAX >> (32 - width)))
            return false;
    }
    return true;
}

static bool add_input(fwsim__register *r, uint64_t addr, uint32_t bits)
{
    if (!r->stream &&
        !fwsim__models_text(&r->stream, "mmio_%08" PRIx64, addr))
        return false;
    add_role(r, FWSIM__ROLE_DATA);
    return add_fields(r, bits, FWSIM__FIELD_DATA_IN, 0);
}

/** Values for one instruction; the first entry for it counts. */
static bool add_site(fwsim__periph_model *p, const entry *e, kind k)
{
    uint32_t offset = (uint32_t)(e->addr - p->base);
    fwsim__site *site = fwsim__models_site(p, e->pc, 0, offset);
    bool ok = site != NULL;

    if (!ok || site->value_count)
        return ok;
    site->source = FWSIM__SOURCE_BUNDLE;
    for (size_t i = 0; i < e->vals.value_count && ok; i++)
        ok = fwsim__site_add(site, e->vals.values[i]);
    if (k == CONSTANT)
        ok = fwsim__site_add(site, e->val);
    return ok && explain(&site->reason, k);
}

/** Any of some values, for all instructions. */
static bool add_choice(fwsim__register *r, const entry *e)
{
    uint32_t ones = 0, always = UINT32_MAX;

    for (size_t i = 0; i < e->vals.value_count; i++) {
        ones |= e->vals.values[i];
        always &= e->vals.values[i];
    }
    return add_input(r, e->addr, ones & ~always) &&
           add_fields(r, UINT32_MAX, FWSIM__FIELD_CONST, always);
}

static uint32_t extracted(const entry *e)
{
    uint32_t bits = e->size >= 4 ? UINT32_MAX : (1u << e->size * 8) - 1;

    return e->mask ? e->mask : bits << e->left_shift;
}

static bool apply(fwsim__periph_model *p, fwsim__register *r, const entry *e,
                  kind k)
{
    switch (k) {
    case CONSTANT:
        if (e->pc != all_sites)
            return add_site(p, e, k);
        add_role(r, FWSIM__ROLE_STATUS);
        return add_fields(r, UINT32_MAX, FWSIM__FIELD_CONST, e->val);
    case SET:
        return e->pc != all_sites ? add_site(p, e, k) : add_choice(r, e);
    case PASSTHROUGH:
        add_role(r, FWSIM__ROLE_CONTROL);
        r->has_reset = true;
        r->reset = e->init_val;
        return true;
    case BITEXTRACT:
        return add_input(r, e->addr, extracted(e));
    case UNMODELED:
        return add_input(r, e->addr, UINT32_MAX);
    default:
        add_role(r, FWSIM__ROLE_COUNTER);
        r->has_reset = true;
        r->reset = e->init_val;
        return add_fields(r, UINT32_MAX, FWSIM__FIELD_COUNTER, 0);
    }
}

static bool add_entry(fwsim__models *models, const entry *e, kind k)
{
    fwsim__periph_model *p = fwsim__models_periph(
        models, e->addr & ~(uint64_t)(PERIPH_SIZE - 1));
    fwsim__register *r;

    if (!p)
        return false;
    p->size = PERIPH_SIZE;
    r = fwsim__models_register(p, (uint32_t)(e->addr - p->base));
    if (!r)
        return false;
    if (r->width < e->access_size)
        r->width = e->access_size;
    if (!r->pc && e->pc != all_sites)
        r->pc = e->pc;
    r->source = FWSIM__SOURCE_BUNDLE;
    return apply(p, r, e, k) && (r->reason || explain(&r->reason, k));
}

/* ------------------------------------------------------------------ */
/* Entries                                                              */
/* ------------------------------------------------------------------ */

static int read_val(yaml *y, void *into)
{
    uint64_t value;
    int err = fwsim__yaml_value(y, UINT32_MAX, &value);

    if (!err && !fwsim__site_add(into, (uint32_t)value))
        err = fwsim__yaml_no_memory(y);
    return err;
}

static int read_vals(yaml *y, const yaml_key *key, void *into)
{
    (void)key;
    return fwsim__yaml_list(y, "values", read_val, &((entry *)into)->vals);
}

#define NUMBER(member, limit)                                                  \
    fwsim__yaml_number, FWSIM__YAML_MEMBER(entry, member), .max = (limit)

/* clang-format off */
enum { KEY_ADDR, KEY_VAL, KEY_VALS, KEY_ACCESS };

static const yaml_key entry_keys[] = {
    [KEY_ADDR]   = { "addr", NUMBER(addr, UINT32_MAX), .required = true },
    [KEY_VAL]    = { "val",  NUMBER(val, UINT32_MAX) },
    [KEY_VALS]   = { "vals", read_vals },
    [KEY_ACCESS] = { "access_size", NUMBER(access_size, 4) },
    { "pc",         NUMBER(pc, UINT32_MAX) },
    { "init_val",   NUMBER(init_val, UINT32_MAX) },
    { "size",       NUMBER(size, 4) },
    { "left_shift", NUMBER(left_shift, 31) },
    { "mask",       NUMBER(mask, UINT32_MAX) },
    { 0 }
};
/* clang-format on */

/** What the kind of an entry needs beside an address. */
static int check_entry(yaml *y, const entry *e, kind k, const text_mark *marks)
{
    if (k == CONSTANT && !marks[KEY_VAL].line)
        return fwsim__yaml_fail(y, marks[KEY_ADDR], FWSIM_EFORMAT,
                                "a constant needs the key 'val'");
    if (k == SET && !e->vals.value_count)
        return fwsim__yaml_fail(y, marks[KEY_ADDR], FWSIM_EFORMAT,
                                "a set needs one value at least in 'vals'");
    if (e->access_size == 0 || e->access_size == 3)
        return fwsim__yaml_fail(y, marks[KEY_ACCESS], FWSIM_EFORMAT,
                                "expected a size of 1, 2 or 4 bytes, found %u",
                                e->access_size);
    return 0;
}

static int read_entry(yaml *y, void *into)
{
    const reading *x = into;
    entry e = { .pc = all_sites, .access_size = 4 };
    text_mark marks[FWSIM__YAML_KEYS];
    int err = fwsim__yaml_map(y, "a model", entry_keys, &e, marks, true);

    if (!err)
        err = check_entry(y, &e, x->kind, marks);
    if (!err && !add_entry(x->models, &e, x->kind))
        err = fwsim__yaml_no_memory(y);
    fwsim__site_clear(&e.vals);
    return err;
}

/* ------------------------------------------------------------------ */
/* The file                                                             */
/* ------------------------------------------------------------------ */

static int read_kind(yaml *y, const yaml_key *key, void *into)
{
    reading *x = into;
    bool nothing;
    int err = fwsim__yaml_nothing(y, &nothing);

    x->kind = (kind)key->max;
    return err || nothing ? err
                          : fwsim__yaml_named(y, "models", read_entry, into);
}

/* clang-format off */
static const yaml_key model_keys[] = {
    { "constant",    read_kind, .max = CONSTANT },
    { "set",         read_kind, .max = SET },
    { "passthrough", read_kind, .max = PASSTHROUGH },
    { "bitextract",  read_kind, .max = BITEXTRACT },
    { "unmodeled",   read_kind, .max = UNMODELED },
    { "linear",      read_kind, .max = LINEAR },
    { 0 }
};
/* clang-format on */

static int read_models(yaml *y, const yaml_key *key, void *into)
{
    text_mark marks[FWSIM__YAML_KEYS];
    bool nothing;
    int err = fwsim__yaml_nothing(y, &nothing);

    (void)key;
    return err || nothing ? err
                          : fwsim__yaml_map(y, "mmio_models", model_keys, into,
                                            marks, true);
}

static const yaml_key file_keys[] = {
    { "mmio_models", read_models, .required = true },
    { 0 }
};

static int read_file(yaml *y, void *into)
{
    text_mark marks[FWSIM__YAML_KEYS];

    return fwsim__yaml_map(y, "a Fuzzware configuration", file_keys, into,
                           marks, true);
}

int fwsim__fuzzware_read(fwsim__models **out, const fwsim__text_source *source)
{
    reading x = { .models = fwsim__models_new() };
    int err = x.models ? fwsim__yaml_parse(source, read_file, &x)
                       : FWSIM_ENOMEM;

    if (!err && !fwsim__models_text(&x.models->provenance, "Fuzzware"))
        err = FWSIM_ENOMEM;
    if (err) {
        fwsim__models_free(x.models);
        x.models = NULL;
    } else {
        fwsim__models_cut(x.models);
    }
    *out = x.models;
    return err;
}

#endif
