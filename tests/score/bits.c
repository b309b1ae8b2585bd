/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "bits.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "board/svd.h"

/* Which file describes a chip: the longest beginning of its name counts. */
static const struct {
    const char *mcu, *vendor, *file;
} files[] = {
    { "STM32F103", "ST", "STM32F103xx.svd" },
    { "STM32F429", "ST", "STM32F429.svd" },
    { "STM32F469", "ST", "STM32F429.svd" },
    { "STM32L152", "ST", "STM32L1xx.svd" },
    { "SAM3X8E", "Atmel", "ATSAM3X8E.svd" },
    { "ATSAMR21", "Atmel", "ATSAMR21G18A.svd" },
    { "MK64F", "NXP", "MK64F12.svd" },
    { "LPC1768", "NXP", "LPC176x5x_v0.2.svd" },
    { "LPC1549", "NXP", "LPC15xx_v0.7.svd" },
    { "EFM32GG", "Silicon Labs", "EFM32GG990F1024.svd" },
    { "EFM32LG", "Silicon Labs", "EFM32GG990F1024.svd" },
    { "nRF52832", "Nordic", "nrf52.svd" },
    { "NUC123", "Nuvoton", "NUC100_Series.svd" },
    { "R7FA4W1", "Renesas", "R7FA4W1AD.svd" },
};

static int row_of(const char *mcu)
{
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        if (strncmp(mcu, files[i].mcu, strlen(files[i].mcu)) == 0)
            return (int)i;
    return -1;
}

const char *bits_file_of(const char *mcu)
{
    int row = row_of(mcu);

    return row < 0 ? NULL : files[row].file;
}

const char *bits_vendor_of(const char *mcu)
{
    int row = row_of(mcu);

    return row < 0 ? "other" : files[row].vendor;
}

/* ------------------------------------------------------------------ */
/* Polarity                                                             */
/* ------------------------------------------------------------------ */

/* The first that occurs counts: "not ready" before "ready". What software
 * starts is over when the bit is 0; a bit that it cannot set reports. */
static const struct {
    const char *word;
    int polarity;
    bool command;
} words[] = {
    { "not ready", -1 },  { "busy", -1 },      { "in progress", -1 },
    { "ongoing", -1 },    { "on going", -1 },  { "ready", 1 },
    { "complete", 1 },    { "finished", 1 },   { "done", 1 },
    { "stable", 1 },      { "locked", 1 },     { "lock status", 1 },
    { "empty", 1 },       { "available", 1 },  { "end of", 1 },
    { "flag", 1 },        { "start", -1, true }, { "reset", -1, true },
    { "calibration", -1, true },               { "request", -1, true },
};

static bool contains(const char *text, const char *word)
{
    size_t n = strlen(word);

    for (; text && *text; text++) {
        size_t i = 0;

        while (i < n && tolower((unsigned char)text[i]) == word[i])
            i++;
        if (i == n)
            return true;
    }
    return false;
}

int bits_polarity(const char *name, const char *description, bool read_only)
{
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (contains(description, words[i].word) ||
            contains(name, words[i].word))
            return words[i].command && read_only ? 1 : words[i].polarity;
    return 0;
}

/* ------------------------------------------------------------------ */
/* Claims                                                               */
/* ------------------------------------------------------------------ */

/** All that images of one SVD file claim of a register. */
typedef struct claim {
    const char *file;
    uint64_t addr;
    uint32_t ones, zeros;
} claim;

static int by_place(const void *a, const void *b)
{
    const claim *x = a, *y = b;
    int files_differ = strcmp(x->file, y->file);

    if (files_differ)
        return files_differ;
    return x->addr < y->addr ? -1 : x->addr > y->addr;
}

static size_t collect(claim *list, const run_result *results, size_t count)
{
    size_t n = 0, merged = 0;

    for (size_t i = 0; i < count; i++) {
        const char *file = bits_file_of(results[i].image->mcu);

        for (size_t k = 0; file && k < results[i].register_count; k++) {
            const run_register *r = &results[i].registers[k];

            if (r->ones | r->zeros)
                list[n++] = (claim){ file, r->addr, r->ones, r->zeros };
        }
    }
    qsort(list, n, sizeof *list, by_place);
    for (size_t i = 0; i < n; i++) {
        if (merged && by_place(&list[merged - 1], &list[i]) == 0) {
            list[merged - 1].ones |= list[i].ones;
            list[merged - 1].zeros |= list[i].zeros;
        } else {
            list[merged++] = list[i];
        }
    }
    return merged;
}

static void miss(bits_result *out, const fwsim__svd_periph *p,
                 const fwsim__svd_register *r, const fwsim__svd_field *f,
                 const char *what)
{
    if (out->miss_count < MISSES_MAX)
        snprintf(out->misses[out->miss_count++].text, TEXT_LONG,
                 "%s.%s.%s: %s (%.70s)", p->name, r->name, f->name, what,
                 f->description ? f->description : "");
}

/* One bit of a field. @a one: it is claimed to be 1 when hardware is ready. */
static void judge(bits_result *out, const fwsim__svd_periph *p,
                  const fwsim__svd_register *r, const fwsim__svd_field *f,
                  bool one)
{
    int polarity = bits_polarity(f->name, f->description,
                                 f->access == FWSIM__SVD_READ_ONLY);

    out->sum.found++;
    switch (fwsim__svd_driven_by(f)) {
    case FWSIM__SVD_HARDWARE:
        out->sum.hardware++;
        break;
    case FWSIM__SVD_SOFTWARE:
        out->sum.software++;
        miss(out, p, r, f, "only software sets it");
        break;
    default:
        out->sum.unsaid++;
    }
    if (!polarity)
        return;
    out->sum.polarity_known++;
    if ((polarity > 0) == one)
        out->sum.polarity_right++;
    else
        miss(out, p, r, f, one ? "claimed to be 1 when ready"
                               : "claimed to be 0 when ready");
}

static const fwsim__svd_field *field_of(const fwsim__svd *svd,
                                        const fwsim__svd_register *r,
                                        unsigned bit)
{
    for (size_t i = r->field; i < r->field + r->field_count; i++) {
        const fwsim__svd_field *f = &svd->fields[i];

        if (bit >= f->lsb && bit < (unsigned)f->lsb + f->width)
            return f;
    }
    return NULL;
}

/* Of alternates the first that has the bit. */
static void judge_bit(bits_result *out, const fwsim__svd *svd, const claim *c,
                      unsigned bit, bool one)
{
    const fwsim__svd_register *r = NULL;
    const fwsim__svd_periph *p;

    out->sum.claimed++;
    while ((r = fwsim__svd_at(svd, c->addr, r, &p))) {
        unsigned shift = (unsigned)(c->addr - p->base - r->offset) * 8;
        const fwsim__svd_field *f = field_of(svd, r, bit + shift);

        if (f) {
            judge(out, p, r, f, one);
            return;
        }
    }
}

static fwsim__svd *open_svd(const char *folder, const char *file)
{
    fwsim__svd *svd = NULL;
    char path[4096];

    snprintf(path, sizeof path, "%s/%s", folder, file);
    if (fwsim__svd_read(&svd, &(fwsim__text_source){ .name = path }))
        fprintf(stderr, "fwsim_score: %s cannot be read\n", path);
    return svd;
}

bool bits_compare(bits_result *out, const char *folder,
                  const run_result *results, size_t count)
{
    size_t most = 1, claims;
    fwsim__svd *svd = NULL;
    claim *list;

    *out = (bits_result){ .miss_count = 0 };
    for (size_t i = 0; i < count; i++)
        most += results[i].register_count;
    list = calloc(most, sizeof *list);
    claims = list ? collect(list, results, count) : 0;
    for (size_t i = 0; i < claims; i++) {
        if (i == 0 || strcmp(list[i].file, list[i - 1].file) != 0) {
            fwsim__svd_free(svd);
            svd = open_svd(folder, list[i].file);
        }
        for (unsigned bit = 0; svd && bit < 32; bit++)
            if ((list[i].ones | list[i].zeros) >> bit & 1)
                judge_bit(out, svd, &list[i], bit, list[i].ones >> bit & 1);
    }
    fwsim__svd_free(svd);
    free(list);
    return out->sum.claimed > 0;
}
