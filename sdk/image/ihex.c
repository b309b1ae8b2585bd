/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Intel HEX.
 *
 * Source: Intel, Hexadecimal Object File Format Specification, rev. A (1988).
 */
#include "image/image.h"

#include <stdio.h>

enum {
    DATA = 0,
    END = 1,
    SEGMENT_BASE = 2,
    SEGMENT_START = 3,
    LINEAR_BASE = 4,
    LINEAR_START = 5,
    TYPES
};

/* A record in binary: length, address, type, data, checksum. */
enum { HEAD = 4, RECORD_MAX = HEAD + 255 + 1 };

typedef struct record {
    uint8_t bytes[RECORD_MAX];
    uint8_t length, type;
    uint16_t offset;
    const uint8_t *data;
} record;

typedef struct reader {
    fwsim__loader *l;
    fwsim__line line;
    uint32_t base;
    bool segmented; /* offsets wrap at 64 KiB */
} reader;

#define FAIL(r, ...)                                                           \
    fwsim__loader_fail((r)->l, FWSIM_EFORMAT, __VA_ARGS__)

static int decode(reader *r, record *rec)
{
    const uint8_t *text = r->line.text;
    size_t count = (r->line.length - 1) / 2;
    uint8_t sum = 0;

    if (text[0] != ':')
        return FAIL(r, "line %zu: a record begins with ':'; the HEX file is "
                    "damaged, build or copy it again", r->line.number);
    if (r->line.length % 2 == 0 || count < HEAD + 1 || count > RECORD_MAX)
        return FAIL(r, "line %zu: the record has %zu characters, which is no "
                    "whole record; the HEX file is damaged or cut off, build "
                    "or copy it again", r->line.number, r->line.length);
    for (size_t i = 0; i < count; i++) {
        int byte = fwsim__hex_byte(text + 1 + 2 * i);
        if (byte < 0)
            return FAIL(r, "line %zu, column %zu: not a hexadecimal number; "
                        "the HEX file is damaged, build or copy it again",
                        r->line.number, 2 + 2 * i);
        rec->bytes[i] = (uint8_t)byte;
        sum = (uint8_t)(sum + byte);
    }
    rec->length = rec->bytes[0];
    rec->offset = (uint16_t)(rec->bytes[1] << 8 | rec->bytes[2]);
    rec->type = rec->bytes[3];
    rec->data = rec->bytes + HEAD;
    if (count != HEAD + (size_t)rec->length + 1)
        return FAIL(r, "line %zu: the record announces %u bytes of data and "
                    "has %zu; the HEX file is damaged or cut off, build or "
                    "copy it again", r->line.number, rec->length,
                    count - HEAD - 1);
    if (sum != 0)
        return FAIL(r, "line %zu: the checksum is 0x%02X and should be "
                    "0x%02X; the HEX file is damaged, build or copy it again",
                    r->line.number, rec->bytes[count - 1],
                    (uint8_t)(rec->bytes[count - 1] - sum));
    return 0;
}

/* Bytes up to the end of a 64 KiB segment, then those that wrap to its start;
 * a linear address goes on into the next 64 KiB. */
static int add_data(reader *r, const record *rec)
{
    size_t first = rec->length;
    int err;

    if (r->segmented && rec->offset + first > 0x10000)
        first = 0x10000 - rec->offset;
    if (!r->segmented && (uint64_t)r->base + rec->offset + first > 0x100000000)
        return FAIL(r, "line %zu: the data goes beyond the 32-bit address "
                    "space; the HEX file is damaged, build or copy it again",
                    r->line.number);
    err = fwsim__loader_add(r->l, (uint64_t)r->base + rec->offset, rec->data,
                            first, false, r->line.number);
    if (!err)
        err = fwsim__loader_add(r->l, r->base, rec->data + first,
                                rec->length - first, false, r->line.number);
    return err;
}

static int take(reader *r, const record *rec)
{
    static const uint8_t lengths[TYPES] = { [SEGMENT_BASE] = 2,
                                            [SEGMENT_START] = 4,
                                            [LINEAR_BASE] = 2,
                                            [LINEAR_START] = 4 };
    const uint8_t *d = rec->data;
    fwsim_image *img = r->l->img;

    if (rec->type >= TYPES)
        return FAIL(r, "line %zu: record type %02X is not Intel HEX%s",
                    r->line.number, rec->type,
                    rec->type >= 0x0a && rec->type <= 0x0e
                        ? " but micro:bit Universal Hex; take the file for "
                          "one version of the board"
                        : "; build the file again");
    if (rec->type != DATA && rec->length != lengths[rec->type])
        return FAIL(r, "line %zu: a record of type %02X has %u bytes of data "
                    "and should have %u; build the file again",
                    r->line.number, rec->type, rec->length,
                    lengths[rec->type]);
    switch (rec->type) {
    case DATA:
        return add_data(r, rec);
    case END:
        r->line.end = r->line.number;
        break;
    case SEGMENT_BASE:
        r->base = (uint32_t)(d[0] << 8 | d[1]) << 4;
        r->segmented = true;
        break;
    case SEGMENT_START: /* CS:IP of an 8086 */
        img->has_entry = true;
        img->entry = ((uint32_t)(d[0] << 8 | d[1]) << 4) +
                     (uint32_t)(d[2] << 8 | d[3]);
        break;
    case LINEAR_BASE:
        r->base = (uint32_t)(d[0] << 8 | d[1]) << 16;
        r->segmented = false;
        break;
    case LINEAR_START:
        img->has_entry = true;
        img->entry = (uint32_t)d[0] << 24 | (uint32_t)d[1] << 16 |
                     (uint32_t)d[2] << 8 | d[3];
        break;
    }
    return 0;
}

int fwsim__load_ihex(fwsim__loader *l)
{
    reader r = { .l = l };
    record rec;
    int err;

    while ((err = fwsim__loader_record(l, &r.line, ":00000001FF")) > 0) {
        err = decode(&r, &rec);
        if (!err)
            err = take(&r, &rec);
        if (err)
            return err;
    }
    return err;
}
