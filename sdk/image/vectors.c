/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Source: Arm v7-M ARM (DDI 0403E), B1.5.2 and B1.5.3 (the table), B3.1 (the
 * address map), B3.2.5 (VTOR: at least 128 bytes of alignment); v6-M ARM
 * (DDI 0419E), B1.5.2.
 *
 * Each place where a table may be is given points for what looks like one;
 * the best place wins, the lowest of equals.
 */
#include "image/vectors.h"

#include <string.h>

enum {
    ALIGNMENT = 128,
    SYSTEM_WORDS = 16,
    WORDS_MAX = SYSTEM_WORDS + 496,
    SCORE_MIN = 6,
    SCORE_NAMED = 3, /* a section or symbol says that it is a table */
    SCORE_START = 2, /* it begins a segment */
    SCORE_ENTRY = 4  /* its reset vector is the entry point of the file */
};

static uint32_t word_at(const fwsim_image *img, uint64_t addr)
{
    uint8_t b[4] = { 0 };

    if (fwsim_image_read(img, addr, b, sizeof b) != sizeof b)
        return 0;
    return b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 |
           (uint32_t)b[3] << 24;
}

/* The SRAM region of the address map. */
static bool is_sram(uint32_t word)
{
    return word >= 0x20000000u && word < 0x40000000u;
}

uint32_t fwsim__vectors_word(const fwsim_image *img, const fwsim__vectors *v,
                             size_t index)
{
    return word_at(img, v->addr - v->slide + 4 * index);
}

bool fwsim__vectors_is_handler(const fwsim_image *img,
                               const fwsim__vectors *v, uint32_t word)
{
    if (!(word & 1))
        return false;
    return is_sram(word) ||
           fwsim__image_segment_at(img, (word & ~1u) - v->slide);
}

bool fwsim__is_stack(const fwsim_image *img, uint64_t slide, uint32_t sp)
{
    const fwsim_segment *s;

    if (sp < 4 || sp > 0xa0000000u || (sp > 0x40000000u && sp <= 0x60000000u))
        return false;
    s = fwsim__image_segment_at(img, sp - 4 - slide);
    return !s || sp >= 0x20000000u;
}

/* ------------------------------------------------------------------ */
/* Points                                                               */
/* ------------------------------------------------------------------ */

typedef enum kind { HANDLER, ZERO, OTHER } kind;

static kind kind_of(const fwsim_image *img, const fwsim__vectors *v, size_t i)
{
    uint32_t word = fwsim__vectors_word(img, v, i);

    if (word == 0)
        return ZERO;
    return fwsim__vectors_is_handler(img, v, word) ? HANDLER : OTHER;
}

/* What each exception is worth: a handler, a zero, something else. */
static const int8_t points[SYSTEM_WORDS][3] = {
    [2] = { 2, 0, -16 },  [3] = { 2, 0, -16 }, /* NMI, HardFault */
    [4] = { 1, 1, -1 },   [5] = { 1, 1, -1 },  [6] = { 1, 1, -1 },
    [7] = { 0, 1, 0 }, /* reserved; NXP keeps a checksum there */
    [8] = { 0, 1, -1 },   [9] = { 0, 1, -1 },  [10] = { 0, 1, -1 },
    [11] = { 1, 0, -2 }, /* SVCall */
    [12] = { 1, 1, -1 },  [13] = { 0, 1, -1 },
    [14] = { 1, 0, -2 },  [15] = { 1, 0, -2 } /* PendSV, SysTick */
};

static int table_score(const fwsim_image *img, const fwsim__vectors *v)
{
    int score = 0;

    for (size_t i = 2; i < SYSTEM_WORDS; i++)
        score += points[i][kind_of(img, v, i)];
    return score;
}

/* A segment of two words is a stack pointer and a reset vector: the firmware
 * makes the rest of its table at run time. So are the first words of an image
 * when they can be. */
static bool is_pair(const fwsim_image *img, uint64_t addr)
{
    for (size_t i = 0; i < img->sections.count; i++)
        if (img->sections.list[i].load == addr &&
            img->sections.list[i].stored == 8)
            return true;
    const fwsim_segment *s = fwsim__image_segment_at(img, addr);
    return s && s->addr == addr && s->size == 8;
}

/* Compare a place with the best one so far. */
static void consider(const fwsim_image *img, fwsim__vectors *best,
                     uint64_t addr, uint64_t slide, int bonus,
                     const char *name)
{
    fwsim__vectors v = { .found = true, .addr = addr, .slide = slide,
                         .name = name };

    v.sp = fwsim__vectors_word(img, &v, 0);
    v.reset = fwsim__vectors_word(img, &v, 1);
    if (!fwsim__is_stack(img, slide, v.sp) ||
        !(v.reset & 1) ||
        !fwsim__image_segment_at(img, (v.reset & ~1u) - slide))
        return;
    v.score = table_score(img, &v);
    v.pair = is_pair(img, addr - slide) ||
             (v.score < SCORE_MIN && bonus == SCORE_START && is_sram(v.sp));
    if (v.pair)
        v.score = SCORE_MIN;
    if (v.score < SCORE_MIN)
        return;
    v.score += bonus;
    if (img->has_entry && (img->entry & ~(uint64_t)1) == (v.reset & ~1u))
        v.score += SCORE_ENTRY;
    if (!best->found || v.score > best->score)
        *best = v;
}

/* ------------------------------------------------------------------ */
/* Places                                                               */
/* ------------------------------------------------------------------ */

/* Does a name say "vectors"? Not the tables that software makes of them. */
static bool names_vectors(const char *name)
{
    static const char *const words[] = { "vector", "Vector", "isr_vec",
                                         "exception_table", "RESET",
                                         "interrupts", "intvec" };

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strstr(name, words[i]))
            return true;
    return false;
}

static void consider_names(const fwsim_image *img, fwsim__vectors *best)
{
    for (size_t i = 0; i < img->sections.count; i++) {
        const fwsim__extent *s = &img->sections.list[i];
        if (names_vectors(s->name))
            consider(img, best, s->load, 0, SCORE_NAMED, s->name);
    }
    for (size_t i = 0; i < img->symbol_count; i++) {
        const fwsim_symbol *s = &img->symbols[i];
        if (!s->function && s->addr % 4 == 0 && names_vectors(s->name))
            consider(img, best, s->addr, 0, SCORE_NAMED, s->name);
    }
}

static void consider_contents(const fwsim_image *img, fwsim__vectors *best)
{
    for (size_t i = 0; i < img->segment_count; i++) {
        const fwsim_segment *s = &img->segments[i];
        uint64_t addr = s->addr;
        consider(img, best, addr, 0, SCORE_START, NULL);
        addr = (addr / ALIGNMENT + 1) * ALIGNMENT;
        for (; addr > s->addr && addr - s->addr < s->size; addr += ALIGNMENT)
            consider(img, best, addr, 0, 0, NULL);
    }
}

/*
 * Where a raw binary with its table at the start belongs: all handlers must
 * be inside, and of the addresses that fit the roundest one is taken, since
 * memories begin at round addresses.
 */
static void consider_slides(const fwsim_image *img, fwsim__vectors *best)
{
    const fwsim_segment *s = &img->segments[0];
    uint32_t low = UINT32_MAX, high = 0;
    uint64_t base, step = (uint64_t)1 << 31;

    for (size_t i = 1; i < SYSTEM_WORDS; i++) {
        uint32_t word = word_at(img, s->addr + 4 * i);
        if (!(word & 1))
            continue;
        low = word < low ? word : low;
        high = word > high ? word : high;
    }
    if (low > high || high - low >= s->size)
        return;
    uint64_t least = high < s->size ? 0 : high + 1 - s->size;
    do {
        base = low / step * step;
        step /= 2;
    } while (base < least && step >= ALIGNMENT);
    if (base >= least)
        consider(img, best, base, base - s->addr, SCORE_START, NULL);
}

/* ------------------------------------------------------------------ */
/* Size                                                                 */
/* ------------------------------------------------------------------ */

/* Bytes the file gives to the table; 0 when it does not say. */
static uint64_t declared_size(const fwsim_image *img, const fwsim__vectors *v)
{
    for (size_t i = 0; i < img->symbol_count; i++)
        if (img->symbols[i].addr == v->addr &&
            img->symbols[i].size >= 4 * SYSTEM_WORDS)
            return img->symbols[i].size;
    for (size_t i = 0; i < img->sections.count; i++)
        if (img->sections.list[i].load == v->addr &&
            names_vectors(img->sections.list[i].name))
            return img->sections.list[i].stored;
    return 0;
}

/* Without a size the table ends at its first handler behind it, or at a word
 * that is none. */
static size_t count_words(const fwsim_image *img, const fwsim__vectors *v)
{
    uint64_t declared = v->pair ? 8 : declared_size(img, v);
    uint64_t end = UINT64_MAX;
    size_t i;

    for (i = 1; i < WORDS_MAX && v->addr + 4 * i < end; i++) {
        uint32_t word = fwsim__vectors_word(img, v, i);
        if (declared ? 4 * i >= declared
                     : i >= SYSTEM_WORDS && word &&
                           !fwsim__vectors_is_handler(img, v, word))
            break;
        if (!declared && word > v->addr && word < end)
            end = word;
        if (!fwsim__image_segment_at(img, v->addr - v->slide + 4 * i))
            break;
    }
    while (!declared && i > SYSTEM_WORDS &&
           fwsim__vectors_word(img, v, i - 1) == 0)
        i--;
    return i;
}

/* How often a word is among the external interrupts. */
static size_t occurrences(const fwsim_image *img, const fwsim__vectors *v,
                          uint32_t word)
{
    size_t n = 0;

    for (size_t i = SYSTEM_WORDS; i < v->count; i++)
        n += fwsim__vectors_word(img, v, i) == word;
    return n;
}

/* Handlers that more than one line has are the default handler. */
static size_t count_irqs(const fwsim_image *img, const fwsim__vectors *v)
{
    size_t n = 0;

    for (size_t i = SYSTEM_WORDS; i < v->count; i++) {
        uint32_t word = fwsim__vectors_word(img, v, i);
        if (fwsim__vectors_is_handler(img, v, word) &&
            occurrences(img, v, word) == 1)
            n++;
    }
    return n;
}

fwsim__vectors fwsim__vectors_find(const fwsim_image *img)
{
    fwsim__vectors v = { .found = false };

    consider_names(img, &v);
    consider_contents(img, &v);
    if (img->format == FWSIM_FORMAT_BIN && !img->placed)
        consider_slides(img, &v);
    if (v.found) {
        v.count = count_words(img, &v);
        v.irqs = count_irqs(img, &v);
    }
    return v;
}
