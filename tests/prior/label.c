/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "label.h"

#include <ctype.h>
#include <string.h>

#include "../score/bits.h"

enum { DATA_BITS = 6 }; /* a field so wide may carry data */

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

static bool has_word(const char *text, const char *const *words)
{
    for (; *words; words++)
        if (contains(text, *words))
            return true;
    return false;
}

/** Names and descriptions that mean data where a field is wide enough. */
static bool is_data(const fwsim__svd_register *r)
{
    static const char *const data[] = { "data", "fifo", "holding", "buffer",
                                        "conversion result", "counter value",
                                        NULL };
    static const char *const other[] = { "control", "config", "status",
                                         "enable", "mask", "address",
                                         "pointer", "size", "direction",
                                         "interrupt", "clear", NULL };

    return has_word(r->description, data) && !has_word(r->description, other);
}

static bool is_status(const fwsim__svd_register *r)
{
    static const char *const status[] = { "status", "flag", NULL };
    static const char *const other[] = { "control", "enable", "mask", "clear",
                                         NULL };

    return has_word(r->description, status) &&
           !has_word(r->description, other);
}

static const char *label_fields(const fwsim__svd *svd,
                                const fwsim__svd_register *r)
{
    size_t hardware = 0;
    bool wide = r->field_count == 0;

    for (size_t i = r->field; i < r->field + r->field_count; i++) {
        hardware += fwsim__svd_driven_by(&svd->fields[i]) ==
                    FWSIM__SVD_HARDWARE;
        wide |= svd->fields[i].width >= DATA_BITS;
    }
    if (wide && is_data(r))
        return "data";
    if (is_status(r) || (r->field_count && hardware == r->field_count) ||
        r->access == FWSIM__SVD_READ_ONLY)
        return "status";
    return hardware ? "control-status" : "control";
}

const char *label_register(const fwsim__svd *svd, uint64_t addr)
{
    const fwsim__svd_register *r = fwsim__svd_at(svd, addr, NULL, NULL);

    return r ? label_fields(svd, r) : NULL;
}

/* ------------------------------------------------------------------ */
/* Bits                                                                 */
/* ------------------------------------------------------------------ */

static bool is_error(const fwsim__svd_field *f)
{
    static const char *const words[] = { "error", "fail", "nack",
                                         "not acknowledge", "overrun",
                                         "underrun", "arbitration", "timeout",
                                         "time-out", "abort", "violation",
                                         "acknowledge failure", NULL };

    return has_word(f->description, words) || has_word(f->name, words);
}

int label_bit(const fwsim__svd *svd, uint64_t addr, unsigned bit, bool set)
{
    const fwsim__svd_register *r = NULL;
    const fwsim__svd_periph *p;

    while ((r = fwsim__svd_at(svd, addr, r, &p))) {
        unsigned at = bit + (unsigned)(addr - p->base - r->offset) * 8;

        for (size_t i = r->field; i < r->field + r->field_count; i++) {
            const fwsim__svd_field *f = &svd->fields[i];
            int polarity = bits_polarity(f->name, f->description,
                                         f->access == FWSIM__SVD_READ_ONLY);

            if (at < f->lsb || at >= (unsigned)f->lsb + f->width)
                continue;
            if (is_error(f))
                return set ? -1 : 0;
            return set ? polarity : -polarity;
        }
    }
    return 0;
}
