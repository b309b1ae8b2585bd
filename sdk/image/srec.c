/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Motorola S-records.
 *
 * Source: Motorola, M68000 Family Programmer's Reference Manual, appendix C.
 */
#include "image/image.h"

/* A record in binary: count, address, data, checksum. */
enum { RECORD_MAX = 1 + 255 };

typedef struct record {
    uint8_t bytes[RECORD_MAX];
    uint8_t type;       /* digit behind the S */
    uint32_t addr;
    const uint8_t *data;
    size_t length;
} record;

/* Bytes of address for each type; S4 is reserved. */
static const uint8_t address_bytes[10] = { 2, 2, 3, 4, 0, 2, 3, 4, 3, 2 };

typedef struct reader {
    fwsim__loader *l;
    fwsim__line line;
    size_t data_records;
} reader;

#define FAIL(r, ...)                                                           \
    fwsim__loader_fail((r)->l, FWSIM_EFORMAT, __VA_ARGS__)

static int decode(reader *r, record *rec)
{
    const uint8_t *text = r->line.text;
    size_t count = (r->line.length - 2) / 2, width;
    uint8_t sum = 0;

    if (r->line.length < 2 || text[0] != 'S' || text[1] < '0' ||
        text[1] > '9' || text[1] == '4')
        return FAIL(r, "line %zu: a record begins with S0 to S3 or S5 to S9; "
                    "the S-record file is damaged, build or copy it again",
                    r->line.number);
    rec->type = (uint8_t)(text[1] - '0');
    width = address_bytes[rec->type];
    if (r->line.length % 2 || count < 1 + width + 1 || count > RECORD_MAX)
        return FAIL(r, "line %zu: the record has %zu characters, which is no "
                    "whole S%u record; the file is damaged or cut off, build "
                    "or copy it again", r->line.number, r->line.length,
                    rec->type);
    for (size_t i = 0; i < count; i++) {
        int byte = fwsim__hex_byte(text + 2 + 2 * i);
        if (byte < 0)
            return FAIL(r, "line %zu, column %zu: not a hexadecimal number; "
                        "the S-record file is damaged, build or copy it "
                        "again", r->line.number, 3 + 2 * i);
        rec->bytes[i] = (uint8_t)byte;
        sum = (uint8_t)(sum + byte);
    }
    if (rec->bytes[0] != count - 1)
        return FAIL(r, "line %zu: the record announces %u bytes and has %zu; "
                    "the S-record file is damaged or cut off, build or copy "
                    "it again", r->line.number, rec->bytes[0], count - 1);
    if (sum != 0xff)
        return FAIL(r, "line %zu: the checksum is 0x%02X and should be "
                    "0x%02X; the S-record file is damaged, build or copy it "
                    "again", r->line.number, rec->bytes[count - 1],
                    (uint8_t)(rec->bytes[count - 1] + 0xff - sum));
    rec->addr = 0;
    for (size_t i = 0; i < width; i++)
        rec->addr = rec->addr << 8 | rec->bytes[1 + i];
    rec->data = rec->bytes + 1 + width;
    rec->length = count - 1 - width - 1;
    return 0;
}

static int take(reader *r, const record *rec)
{
    fwsim_image *img = r->l->img;

    switch (rec->type) {
    case 1:
    case 2:
    case 3:
        r->data_records++;
        if ((uint64_t)rec->addr + rec->length > 0x100000000)
            return FAIL(r, "line %zu: the data goes beyond the 32-bit address "
                        "space; the S-record file is damaged, build or copy "
                        "it again", r->line.number);
        return fwsim__loader_add(r->l, rec->addr, rec->data, rec->length,
                                 false, r->line.number);
    case 5:
    case 6:
        if (rec->addr != r->data_records)
            return FAIL(r, "line %zu: %u data records are announced and %zu "
                        "are there; the S-record file is damaged, build or "
                        "copy it again", r->line.number, (unsigned)rec->addr,
                        r->data_records);
        break;
    case 7:
    case 8:
    case 9: /* By custom 0 means that there is no entry point. */
        r->line.end = r->line.number;
        img->has_entry = rec->addr != 0;
        img->entry = rec->addr;
        break;
    }
    return 0;
}

int fwsim__load_srec(fwsim__loader *l)
{
    reader r = { .l = l };
    record rec;
    int err;

    while ((err = fwsim__loader_record(l, &r.line, "S7, S8 or S9")) > 0) {
        err = decode(&r, &rec);
        if (!err)
            err = take(&r, &rec);
        if (err)
            return err;
    }
    return err;
}
