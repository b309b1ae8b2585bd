/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Comparisons as feedback. A magic value is one edge behind 2^32 wrong ones; but
 * with each byte of it that agrees, another byte of the map is set, so a fuzzer
 * finds it byte by byte. Operands go to its dictionary as well.
 */
#include "fuzz/fuzz.h"

#include <string.h>

const fwsim__fuzz_comparer fwsim__fuzz_comparers[] = {
    { "memcmp", .counted = true },
    { "bcmp", .counted = true },
    { "strcmp", .text = true },
    { "strncmp", .text = true, .counted = true },
    { "strcasecmp", .text = true },
    { "strncasecmp", .text = true, .counted = true },
    { NULL }
};

static void progress(fwsim_fuzz *f, uint64_t place, uint32_t how_far)
{
    uint64_t at = (place + how_far) * 0x9e3779b97f4a7c15u;

    f->map[(at >> 32) & f->map_mask] = 1;
}

/** Bytes of the operands that agree, a bit each; two that are both zero are no
 * achievement. */
static unsigned agreeing(uint64_t a, uint64_t b, unsigned bytes)
{
    const uint64_t low = 0x0101010101010101u, high = low << 7;
    uint64_t differs = bytes < 8 ? (a ^ b) | UINT64_MAX << 8 * bytes : a ^ b;
    unsigned mask = 0;

    if (!((differs - low) & ~differs & high))
        return 0; /* no byte of it is zero: none agrees */
    for (unsigned i = 0; i < bytes; i++) {
        unsigned x = a >> 8 * i & 0xff;

        mask |= (unsigned)(!(differs >> 8 * i & 0xff) && x) << i;
    }
    return mask;
}

void fwsim__fuzz_compare(void *user, uint64_t block, uint64_t a, uint64_t b,
                         unsigned bits)
{
    fwsim_fuzz *f = user;
    uint64_t now = f->m->now;
    unsigned mask;

    if (block == f->last_block && now == f->last_now)
        f->nth++;
    else
        f->nth = 0;
    f->last_block = block;
    f->last_now = now;
    if (f->map) {
        mask = agreeing(a, b, bits / 8);
        if (mask)
            progress(f, block ^ (uint64_t)f->nth << 48, mask << 8);
    }
    if (f->compared) {
        size_t size = (a | b) >> 32 ? 8 : (a | b) >> 16 ? 4 : 2;
        uint8_t x[8], y[8];

        for (size_t i = 0; i < size; i++) {
            x[i] = (uint8_t)(a >> 8 * i);
            y[i] = (uint8_t)(b >> 8 * i);
        }
        f->compared(x, y, size, f->compared_user);
    }
}

/* ------------------------------------------------------------------ */
/* Functions that compare                                               */
/* ------------------------------------------------------------------ */

/** Bytes of memory at an address, up to its end. */
static size_t look(fwsim_machine *m, uint64_t addr, uint8_t *to, size_t size)
{
    const fwsim__mem *mem = fwsim__mem_at(m, addr);

    if (!mem)
        return 0;
    if (size > mem->base + mem->size - addr)
        size = (size_t)(mem->base + mem->size - addr);
    memcpy(to, mem->bytes + (addr - mem->base), size);
    return size;
}

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

void fwsim__fuzz_compare_call(fwsim_fuzz *f, const fwsim__fuzz_comparer *c,
                              uint64_t pc)
{
    static const char *const names[2][4] = { { "r0", "r1", "r2", "lr" },
                                             { "x0", "x1", "x2", "x30" } };
    uint8_t a[FWSIM__FUZZ_WORD], b[FWSIM__FUZZ_WORD];
    uint64_t arg[4] = { 0 };
    size_t size = FWSIM__FUZZ_WORD, same = 0;

    for (size_t i = 0; i < 4; i++)
        fwsim_cpu_read(f->m, names[f->a64][i], &arg[i]);
    if (c->counted)
        size = smaller(size, (size_t)arg[2]);
    size = smaller(look(f->m, arg[0], a, size), look(f->m, arg[1], b, size));
    if (c->text) {
        /* The longer of the texts, with what lies behind the shorter. */
        size_t x = strnlen((char *)a, size), y = strnlen((char *)b, size);

        size = x > y ? x : y;
    }
    while (same < size && a[same] == b[same])
        same++;
    /* The caller is the place, not the function that all of them share. */
    if (f->map && same && same < size)
        progress(f, pc ^ arg[3] << 16, (uint32_t)same);
    if (f->compared && size && same < size)
        f->compared(a, b, size, f->compared_user);
}
