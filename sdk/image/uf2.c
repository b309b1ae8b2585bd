/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * UF2, the format of drag-and-drop bootloaders.
 *
 * Source: https://github.com/microsoft/uf2, README.md.
 */
#include "image/image.h"

#include <stdlib.h>

enum {
    BLOCK = 512,
    PAYLOAD_MAX = 476,
    /* Offsets in a block. */
    MAGIC0 = 0,
    MAGIC1 = 4,
    FLAGS = 8,
    ADDRESS = 12,
    PAYLOAD = 16,
    NUMBER = 20,
    COUNT = 24,
    FAMILY = 28,
    BYTES = 32,
    MAGIC_END = 508
};

#define MAGIC0_VALUE    0x0a324655u
#define MAGIC1_VALUE    0x9e5d5157u
#define MAGIC_END_VALUE 0x0ab16f30u

#define FLAG_NOT_MAIN_FLASH 0x00000001u
#define FLAG_FILE_CONTAINER 0x00001000u
#define FLAG_FAMILY         0x00002000u

typedef struct reader {
    fwsim__loader *l;
    uint32_t count;     /* blocks, as the first one says */
    uint8_t *seen;      /* one for each block */
    bool has_family;
    uint32_t family;
} reader;

#define FAIL(r, ...)                                                           \
    fwsim__loader_fail((r)->l, FWSIM_EFORMAT, __VA_ARGS__)

static uint32_t word(const uint8_t *block, size_t offset)
{
    const uint8_t *p = block + offset;

    return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 |
           (uint32_t)p[3] << 24;
}

static int check_family(reader *r, const uint8_t *block, size_t index)
{
    uint32_t family = word(block, FAMILY);

    if (!(word(block, FLAGS) & FLAG_FAMILY))
        return 0;
    if (r->has_family && family != r->family)
        return FAIL(r, "block %zu is for family 0x%08x, an earlier one for "
                    "0x%08x; take a file for one chip", index,
                    (unsigned)family, (unsigned)r->family);
    r->has_family = true;
    r->family = family;
    return 0;
}

static int check_number(reader *r, const uint8_t *block, size_t index)
{
    uint32_t number = word(block, NUMBER), count = word(block, COUNT);

    if (count != r->count || number >= count)
        return FAIL(r, "block %zu says that it is number %u of %u, in a file "
                    "of %u; the UF2 file is damaged, build or copy it again",
                    index, (unsigned)number, (unsigned)count,
                    (unsigned)r->count);
    if (r->seen[number])
        return FAIL(r, "block %zu: number %u is there twice; the UF2 file is "
                    "damaged, build or copy it again", index,
                    (unsigned)number);
    r->seen[number] = 1;
    return 0;
}

static int take(reader *r, const uint8_t *block, size_t index)
{
    uint32_t size = word(block, PAYLOAD), addr = word(block, ADDRESS);
    int err;

    if (word(block, MAGIC0) != MAGIC0_VALUE ||
        word(block, MAGIC1) != MAGIC1_VALUE ||
        word(block, MAGIC_END) != MAGIC_END_VALUE)
        return FAIL(r, "block %zu has no UF2 magic numbers; the file is "
                    "damaged, build or copy it again", index);
    if (size > PAYLOAD_MAX)
        return FAIL(r, "block %zu says that it holds %u bytes and can hold "
                    "%u; the UF2 file is damaged, build or copy it again",
                    index, (unsigned)size, PAYLOAD_MAX);
    err = check_number(r, block, index);
    if (err)
        return err;
    if (word(block, FLAGS) & (FLAG_NOT_MAIN_FLASH | FLAG_FILE_CONTAINER))
        return 0;
    if ((uint64_t)addr + size > 0x100000000)
        return FAIL(r, "block %zu goes beyond the 32-bit address space; the "
                    "UF2 file is damaged, build or copy it again", index);
    err = check_family(r, block, index);
    if (!err)
        err = fwsim__loader_add(r->l, addr, block + BYTES, size, false, index);
    return err;
}

static int take_all(reader *r)
{
    size_t blocks = r->l->size / BLOCK;
    int err = 0;

    for (size_t i = 0; !err && i < blocks; i++)
        err = take(r, r->l->data + i * BLOCK, i);
    return err;
}

int fwsim__load_uf2(fwsim__loader *l)
{
    reader r = { .l = l };
    size_t blocks = l->size / BLOCK;
    int err;

    l->place_noun = "block";
    if (blocks == 0 || l->size % BLOCK)
        return FAIL(&r, "block %zu is cut off: the file has %zu bytes, and "
                    "blocks of %d each; copy it again", blocks, l->size,
                    BLOCK);
    r.count = word(l->data, COUNT);
    if (r.count != blocks)
        return FAIL(&r, "block 0 announces %u blocks and the file has %zu; it "
                    "is damaged or cut off, copy it again",
                    (unsigned)r.count, blocks);
    r.seen = calloc(blocks, 1);
    if (!r.seen)
        return fwsim__loader_fail(l, FWSIM_ENOMEM, "out of memory");
    err = take_all(&r);
    free(r.seen);
    return err;
}
