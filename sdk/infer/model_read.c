/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reads models.yaml. The tables are the schema, and docs/models-yaml.md says
 * the same in words; what a table cannot say is checked beside it. Lists must
 * be in order, so that nothing stands twice and files can be compared.
 */
#include "infer/model_yaml.h"

#ifndef FWSIM_WITH_YAML

int fwsim__models_read(fwsim__models **out, const fwsim__text_source *source)
{
    *out = NULL;
    return fwsim__yaml_parse(source, NULL, NULL);
}

#else

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

typedef fwsim__yaml yaml;
typedef fwsim__yaml_key yaml_key;
typedef fwsim__text_mark text_mark;

#define WORD(name, text) text,
static const char *const role_words[] = { FWSIM__ROLE_MAP(WORD) NULL };
static const char *const kind_words[] = { FWSIM__FIELD_MAP(WORD) NULL };
static const char *const source_words[] = { FWSIM__SOURCE_MAP(WORD) NULL };
#undef WORD
static const char *const access_words[] = { "none", "read-only", "write-only",
                                            "read-write", NULL };
static const char *const direction_words[] = { "from-memory", "to-memory",
                                               NULL };

/* Rows of the tables. */
#define NUMBER(type, member, limit)                                            \
    .read = fwsim__yaml_number, FWSIM__YAML_MEMBER(type, member), .max = (limit)
#define CHOICE(type, member, list)                                             \
    .read = fwsim__yaml_word, FWSIM__YAML_MEMBER(type, member), .words = (list)
#define TEXT(type, member)                                                     \
    .read = fwsim__yaml_text, FWSIM__YAML_MEMBER(type, member)
#define CLAIM(type)                                                            \
    { "source", CHOICE(type, source, source_words) },                          \
    { "confidence", NUMBER(type, confidence, FWSIM__CONFIDENCE_MAX) },         \
    { "reason", TEXT(type, reason) }

/** Does a number fit into some bits? */
static bool fits(uint32_t value, unsigned bits)
{
    return bits >= 32 || value >> bits == 0;
}

/** Where is the place of an item in a list that is in order? */
static int check_order(yaml *y, text_mark mark, const char *what, uint64_t key,
                       uint64_t before)
{
    if (key > before)
        return 0;
    return fwsim__yaml_fail(y, mark, FWSIM_EFORMAT,
                            key == before
                                ? "the %s 0x%" PRIx64 " is here twice"
                                : "expected an ascending %s, found 0x%" PRIx64
                                  " after 0x%" PRIx64,
                            what, key, before);
}

/* ------------------------------------------------------------------ */
/* Fields                                                               */
/* ------------------------------------------------------------------ */

/** A register that is being read. */
typedef struct reading {
    fwsim__register r;
    text_mark fields[32]; /* where the field stands that begins at a bit */
} reading;

/** "7", or "4-7". */
static bool parse_bits(const char *text, fwsim__field *f)
{
    char *end;
    unsigned long lsb, msb;

    if (*text < '0' || *text > '9')
        return false;
    lsb = msb = strtoul(text, &end, 10);
    if (*end == '-' && end[1] >= '0' && end[1] <= '9')
        msb = strtoul(end + 1, &end, 10);
    if (*end || lsb > msb || msb > 31)
        return false;
    f->lsb = (uint8_t)lsb;
    f->width = (uint8_t)(msb - lsb + 1);
    return true;
}

static int read_bits(yaml *y, const yaml_key *key, void *into)
{
    const char *expected = "bits such as 3 or 4-7, up to 31";
    const char *text;
    text_mark mark;
    int err = fwsim__yaml_mark_next(y, &mark);

    (void)key;
    if (!err)
        err = fwsim__yaml_scalar(y, expected, &text);
    if (!err && !parse_bits(text, into))
        err = fwsim__yaml_fail(y, mark, FWSIM_EFORMAT,
                               "expected %s, found '%.40s'", expected, text);
    return err;
}

/* clang-format off */
enum { FIELD_BITS, FIELD_NAME, FIELD_KIND, FIELD_VALUE };

static const yaml_key field_keys[] = {
    [FIELD_BITS]  = { "bits",  read_bits, .required = true },
    [FIELD_NAME]  = { "name",  TEXT(fwsim__field, name) },
    [FIELD_KIND]  = { "kind",  CHOICE(fwsim__field, kind, kind_words), .required = true },
    [FIELD_VALUE] = { "value", NUMBER(fwsim__field, value, UINT32_MAX) },
    CLAIM(fwsim__field),
    { 0 }
};
/* clang-format on */

static int check_field(yaml *y, const fwsim__register *r, const fwsim__field *f,
                       const text_mark *marks)
{
    unsigned end = 0; /* of the field before */

    if (r->field_count)
        end = r->fields[r->field_count - 1].lsb +
              r->fields[r->field_count - 1].width;
    if (f->lsb < end)
        return fwsim__yaml_fail(y, marks[FIELD_BITS], FWSIM_EFORMAT,
                                "expected bits above %u, where the field "
                                "before ends; found %u", end - 1, f->lsb);
    if ((f->kind == FWSIM__FIELD_CONST || f->kind == FWSIM__FIELD_W1C) &&
        !fits(f->value, f->width))
        return fwsim__yaml_fail(y, marks[FIELD_VALUE], FWSIM_EFORMAT,
                                "expected a value of %u bits, found 0x%" PRIx32,
                                f->width, f->value);
    return 0;
}

static int read_field(yaml *y, void *into)
{
    reading *x = into;
    fwsim__field f = { .source = FWSIM__SOURCE_USER }, *place;
    text_mark marks[FWSIM__YAML_KEYS];
    int err = fwsim__yaml_map(y, "a field", field_keys, &f, marks, false);

    if (!err)
        err = check_field(y, &x->r, &f, marks);
    if (!err) {
        place = fwsim__models_field(&x->r, f.lsb);
        if (place) {
            *place = f;
            x->fields[f.lsb] = marks[FIELD_BITS];
            return 0;
        }
        err = fwsim__yaml_no_memory(y);
    }
    fwsim__field_clear(&f);
    return err;
}

static int read_fields(yaml *y, const yaml_key *key, void *into)
{
    (void)key;
    return fwsim__yaml_list(y, "fields", read_field, into);
}

/* ------------------------------------------------------------------ */
/* Registers                                                            */
/* ------------------------------------------------------------------ */

static int read_access(yaml *y, const yaml_key *key, void *into)
{
    fwsim__register *r = into;
    size_t rights = 0;
    int err = fwsim__yaml_choice(y, key->name, access_words, &rights);

    r->readable = rights & 1;
    r->writable = rights & 2;
    return err;
}

static int read_reset(yaml *y, const yaml_key *key, void *into)
{
    ((fwsim__register *)into)->has_reset = true;
    return fwsim__yaml_number(y, key, into);
}

/* clang-format off */
enum { REG_OFFSET, REG_WIDTH, REG_RESET };

static const yaml_key register_keys[] = {
    [REG_OFFSET] = { "offset", NUMBER(fwsim__register, offset, UINT32_MAX), .required = true },
    [REG_WIDTH]  = { "width",  NUMBER(fwsim__register, width, 4) },
    [REG_RESET]  = { "reset",  read_reset, FWSIM__YAML_MEMBER(fwsim__register, reset), .max = UINT32_MAX },
    { "name",    TEXT(fwsim__register, name) },
    { "role",    CHOICE(fwsim__register, role, role_words), .required = true },
    { "partner", NUMBER(fwsim__register, partner, UINT32_MAX) },
    { "access",  read_access },
    { "stream",  TEXT(fwsim__register, stream) },
    { "pc",      NUMBER(fwsim__register, pc, UINT64_MAX) },
    { "fields",  read_fields },
    CLAIM(fwsim__register),
    { 0 }
};
/* clang-format on */

/** The register against itself, when all of it is known. */
static int check_register(yaml *y, const reading *x, const text_mark *marks)
{
    const fwsim__register *r = &x->r;
    unsigned bits = r->width * 8u;

    if (r->width != 1 && r->width != 2 && r->width != 4)
        return fwsim__yaml_fail(y, marks[REG_WIDTH], FWSIM_EFORMAT,
                                "expected a width of 1, 2 or 4 bytes, found %u",
                                r->width);
    if (r->offset > UINT32_MAX - (r->width - 1u))
        return fwsim__yaml_fail(y, marks[REG_OFFSET], FWSIM_EFORMAT,
                                "expected %u bytes from the offset on, found "
                                "0x%" PRIx32, r->width, r->offset);
    if (!fits(r->reset, bits))
        return fwsim__yaml_fail(y, marks[REG_RESET], FWSIM_EFORMAT,
                                "expected a value of %u bits, found 0x%" PRIx32,
                                bits, r->reset);
    for (size_t i = 0; i < r->field_count; i++)
        if (r->fields[i].lsb + r->fields[i].width > bits)
            return fwsim__yaml_fail(
                y, x->fields[r->fields[i].lsb], FWSIM_EFORMAT,
                "expected bits below %u, as the register has; found %u", bits,
                r->fields[i].lsb + r->fields[i].width - 1u);
    return 0;
}

/** The register against the one before. */
static int check_register_order(yaml *y, const fwsim__periph_model *p,
                                const fwsim__register *r, text_mark mark)
{
    const fwsim__register *last;
    int err;

    if (!p->register_count)
        return 0;
    last = &p->registers[p->register_count - 1];
    err = check_order(y, mark, "offset", r->offset, last->offset);
    if (!err && r->offset - last->offset < last->width)
        err = fwsim__yaml_fail(y, mark, FWSIM_EFORMAT,
                               "the register at 0x%" PRIx32
                               " overlaps the %u bytes at 0x%" PRIx32,
                               r->offset, last->width, last->offset);
    return err;
}

static int read_register(yaml *y, void *into)
{
    fwsim__periph_model *p = into;
    reading x = { .r = { .width = 4, .readable = true, .writable = true,
                         .source = FWSIM__SOURCE_USER } };
    fwsim__register *place;
    text_mark marks[FWSIM__YAML_KEYS];
    int err = fwsim__yaml_map(y, "a register", register_keys, &x, marks, false);

    if (!err)
        err = check_register(y, &x, marks);
    if (!err)
        err = check_register_order(y, p, &x.r, marks[REG_OFFSET]);
    if (!err) {
        place = fwsim__models_register(p, x.r.offset);
        if (place) {
            *place = x.r;
            return 0;
        }
        err = fwsim__yaml_no_memory(y);
    }
    fwsim__register_clear(&x.r);
    return err;
}

static int read_registers(yaml *y, const yaml_key *key, void *into)
{
    (void)key;
    return fwsim__yaml_list(y, "registers", read_register, into);
}

/* ------------------------------------------------------------------ */
/* Sites                                                                */
/* ------------------------------------------------------------------ */

static int read_site_value(yaml *y, void *into)
{
    uint64_t value;
    int err = fwsim__yaml_value(y, UINT32_MAX, &value);

    if (!err && !fwsim__site_add(into, (uint32_t)value))
        err = fwsim__yaml_no_memory(y);
    return err;
}

static int read_site_values(yaml *y, const yaml_key *key, void *into)
{
    fwsim__site *site = into;
    text_mark mark;
    int err = fwsim__yaml_mark_next(y, &mark);

    (void)key;
    if (!err)
        err = fwsim__yaml_list(y, "values", read_site_value, into);
    if (!err && !site->value_count)
        err = fwsim__yaml_fail(y, mark, FWSIM_EFORMAT,
                               "expected one value at least, found none");
    return err;
}

/* clang-format off */
enum { SITE_PC, SITE_OFFSET };

static const yaml_key site_keys[] = {
    [SITE_PC]     = { "pc",     NUMBER(fwsim__site, pc, UINT64_MAX), .required = true },
    [SITE_OFFSET] = { "offset", NUMBER(fwsim__site, offset, UINT32_MAX), .required = true },
    { "state",  NUMBER(fwsim__site, state, UINT32_MAX) },
    { "mask",   NUMBER(fwsim__site, mask, UINT32_MAX) },
    { "values", read_site_values, .required = true },
    CLAIM(fwsim__site),
    { 0 }
};
/* clang-format on */

static int check_site(yaml *y, const fwsim__periph_model *p,
                      const fwsim__site *site, text_mark mark)
{
    const fwsim__site *last;

    if (!p->site_count)
        return 0;
    last = &p->sites[p->site_count - 1];
    if (site->pc != last->pc)
        return check_order(y, mark, "pc", site->pc, last->pc);
    if (site->state != last->state)
        return check_order(y, mark, "state", site->state, last->state);
    return check_order(y, mark, "offset", site->offset, last->offset);
}

static int read_site(yaml *y, void *into)
{
    fwsim__periph_model *p = into;
    fwsim__site site = { .mask = UINT32_MAX, .source = FWSIM__SOURCE_USER };
    fwsim__site *place;
    text_mark marks[FWSIM__YAML_KEYS];
    int err = fwsim__yaml_map(y, "a site", site_keys, &site, marks, false);

    if (!err)
        err = check_site(y, p, &site, marks[SITE_PC]);
    if (!err) {
        place = fwsim__models_site(p, site.pc, site.state, site.offset);
        if (place) {
            *place = site;
            return 0;
        }
        err = fwsim__yaml_no_memory(y);
    }
    fwsim__site_clear(&site);
    return err;
}

static int read_sites(yaml *y, const yaml_key *key, void *into)
{
    (void)key;
    return fwsim__yaml_list(y, "sites", read_site, into);
}

/* ------------------------------------------------------------------ */
/* Interrupts and DMA                                                   */
/* ------------------------------------------------------------------ */

/* clang-format off */
enum { LINE_MAX = 1023 }; /* more than any NVIC or GIC has */

static const yaml_key event_keys[] = {
    { "line",        NUMBER(fwsim__event_model, line, LINE_MAX), .required = true },
    { "status",      NUMBER(fwsim__event_model, status, UINT32_MAX) },
    { "status-bits", NUMBER(fwsim__event_model, status_bits, UINT32_MAX) },
    { "enable",      NUMBER(fwsim__event_model, enable, UINT32_MAX) },
    { "enable-bits", NUMBER(fwsim__event_model, enable_bits, UINT32_MAX) },
    CLAIM(fwsim__event_model),
    { 0 }
};

static const yaml_key dma_keys[] = {
    { "address",    NUMBER(fwsim__dma_model, address, UINT32_MAX), .required = true },
    { "count",      NUMBER(fwsim__dma_model, count, UINT32_MAX), .required = true },
    { "control",    NUMBER(fwsim__dma_model, control, UINT32_MAX) },
    { "start-bits", NUMBER(fwsim__dma_model, start_bits, UINT32_MAX) },
    { "element",    NUMBER(fwsim__dma_model, element, 4) },
    { "direction",  CHOICE(fwsim__dma_model, to_memory, direction_words), .required = true },
    { "stream",     TEXT(fwsim__dma_model, stream) },
    CLAIM(fwsim__dma_model),
    { 0 }
};
/* clang-format on */

static int read_event(yaml *y, void *into)
{
    fwsim__periph_model *p = into;
    fwsim__event_model e = { .source = FWSIM__SOURCE_USER }, *place;
    text_mark marks[FWSIM__YAML_KEYS];
    int err = fwsim__yaml_map(y, "an interrupt", event_keys, &e, marks, false);

    if (!err && p->event_count)
        err = check_order(y, marks[0], "line", e.line,
                          p->events[p->event_count - 1].line);
    if (!err) {
        place = fwsim__models_event(p, e.line);
        if (place) {
            *place = e;
            return 0;
        }
        err = fwsim__yaml_no_memory(y);
    }
    fwsim__event_clear(&e);
    return err;
}

static int read_events(yaml *y, const yaml_key *key, void *into)
{
    (void)key;
    return fwsim__yaml_list(y, "interrupts", read_event, into);
}

static int read_dma(yaml *y, void *into)
{
    fwsim__periph_model *p = into;
    fwsim__dma_model d = { .source = FWSIM__SOURCE_USER }, *place;
    text_mark marks[FWSIM__YAML_KEYS];
    int err = fwsim__yaml_map(y, "a DMA channel", dma_keys, &d, marks, false);

    if (!err && p->dma_count)
        err = check_order(y, marks[0], "address", d.address,
                          p->dmas[p->dma_count - 1].address);
    if (!err) {
        place = fwsim__models_dma(p, d.address);
        if (place) {
            *place = d;
            return 0;
        }
        err = fwsim__yaml_no_memory(y);
    }
    fwsim__dma_clear(&d);
    return err;
}

static int read_dmas(yaml *y, const yaml_key *key, void *into)
{
    (void)key;
    return fwsim__yaml_list(y, "DMA channels", read_dma, into);
}

/* ------------------------------------------------------------------ */
/* Peripherals                                                          */
/* ------------------------------------------------------------------ */

/* clang-format off */
enum { PERIPH_BASE, PERIPH_SIZE };

static const yaml_key periph_keys[] = {
    [PERIPH_BASE] = { "base", NUMBER(fwsim__periph_model, base, UINT64_MAX), .required = true },
    [PERIPH_SIZE] = { "size", NUMBER(fwsim__periph_model, size, UINT32_MAX), .required = true },
    { "name",       TEXT(fwsim__periph_model, name) },
    { "registers",  read_registers },
    { "interrupts", read_events },
    { "dma",        read_dmas },
    { "sites",      read_sites },
    { 0 }
};
/* clang-format on */

/** Bytes that the registers and sites of a peripheral need. */
static uint64_t bytes_used(const fwsim__periph_model *p)
{
    uint64_t used = 0;

    for (size_t i = 0; i < p->register_count; i++)
        used = (uint64_t)p->registers[i].offset + p->registers[i].width;
    for (size_t i = 0; i < p->site_count; i++)
        if (p->sites[i].offset >= used)
            used = (uint64_t)p->sites[i].offset + 1;
    return used ? used : 1;
}

static int check_periph(yaml *y, const fwsim__models *models,
                        const fwsim__periph_model *p, const text_mark *marks)
{
    const fwsim__periph_model *last;
    uint64_t used = bytes_used(p);
    int err;

    if (p->size < used)
        return fwsim__yaml_fail(y, marks[PERIPH_SIZE], FWSIM_EFORMAT,
                                "expected a size of 0x%" PRIx64 " at least, for "
                                "all registers and sites; found 0x%" PRIx32,
                                used, p->size);
    if (p->base > UINT64_MAX - (p->size - 1))
        return fwsim__yaml_fail(y, marks[PERIPH_SIZE], FWSIM_EFORMAT,
                                "0x%" PRIx64 "+0x%" PRIx32 " ends beyond the "
                                "address space", p->base, p->size);
    if (!models->periph_count)
        return 0;
    last = &models->periphs[models->periph_count - 1];
    err = check_order(y, marks[PERIPH_BASE], "base", p->base, last->base);
    if (!err && p->base - last->base < last->size)
        err = fwsim__yaml_fail(y, marks[PERIPH_BASE], FWSIM_EFORMAT,
                               "the peripheral at 0x%" PRIx64
                               " overlaps 0x%" PRIx64 "+0x%" PRIx32,
                               p->base, last->base, last->size);
    return err;
}

static int read_periph(yaml *y, void *into)
{
    fwsim__models *models = into;
    fwsim__periph_model p = { 0 }, *place;
    text_mark marks[FWSIM__YAML_KEYS];
    int err = fwsim__yaml_map(y, "a peripheral", periph_keys, &p, marks, false);

    if (!err)
        err = check_periph(y, models, &p, marks);
    if (!err) {
        place = fwsim__models_periph(models, p.base);
        if (place) {
            *place = p;
            return 0;
        }
        err = fwsim__yaml_no_memory(y);
    }
    fwsim__periph_clear(&p);
    return err;
}

static int read_periphs(yaml *y, const yaml_key *key, void *into)
{
    (void)key;
    return fwsim__yaml_list(y, "peripherals", read_periph, into);
}

/* ------------------------------------------------------------------ */
/* The file                                                             */
/* ------------------------------------------------------------------ */

static int read_version(yaml *y, const yaml_key *key, void *into)
{
    uint64_t version;
    text_mark mark;
    int err = fwsim__yaml_mark_next(y, &mark);

    (void)into;
    if (!err)
        err = fwsim__yaml_value(y, key->max, &version);
    if (!err && version != FWSIM__MODELS_VERSION)
        err = fwsim__yaml_fail(y, mark, FWSIM_ENOTSUP,
                               "expected version %d of the format, found %"
                               PRIu64, FWSIM__MODELS_VERSION, version);
    return err;
}

/* clang-format off */
static const yaml_key file_keys[] = {
    { "fwsim-models", read_version, .max = UINT32_MAX, .required = true },
    { "soc",          TEXT(fwsim__models, soc) },
    { "cpu",          TEXT(fwsim__models, cpu) },
    { "licence",      TEXT(fwsim__models, licence) },
    { "provenance",   TEXT(fwsim__models, provenance) },
    { "peripherals",  read_periphs },
    { 0 }
};
/* clang-format on */

static int read_file(yaml *y, void *into)
{
    text_mark marks[FWSIM__YAML_KEYS];

    return fwsim__yaml_map(y, "a file of models", file_keys, into, marks,
                           false);
}

int fwsim__models_read(fwsim__models **out, const fwsim__text_source *source)
{
    fwsim__models *models = fwsim__models_new();
    int err = models ? fwsim__yaml_parse(source, read_file, models)
                     : FWSIM_ENOMEM;

    if (err) {
        fwsim__models_free(models);
        models = NULL;
    }
    *out = models;
    return err;
}

#endif
