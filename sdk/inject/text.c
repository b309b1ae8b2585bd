/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Faults as text: KIND[:ARGUMENT]...[@MOMENT][#COUNT]. Printing gives numbers
 * where a person may write symbols, and nothing that is the default.
 */
#include "inject/sweep.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/** What is read, and what is wrong with it. */
typedef struct reader {
    fwsim_machine *m;
    const char *text; /* the whole */
    const char *at;
    int err;
} reader;

static void wrong(reader *r, int code, const char *what)
{
    if (r->err)
        return;
    r->err = fwsim__error(r->m, code, "\"%.150s\", at \"%.40s\": %s", r->text,
                          r->at, what);
}

/* ------------------------------------------------------------------ */
/* Words and numbers                                                    */
/* ------------------------------------------------------------------ */

static bool take(reader *r, char c)
{
    if (r->err || *r->at != c)
        return false;
    r->at++;
    return true;
}

static bool take_word(reader *r, const char *word)
{
    size_t n = strlen(word);

    if (r->err || strncmp(r->at, word, n) != 0)
        return false;
    r->at += n;
    return true;
}

static void separator(reader *r, const char *what)
{
    if (!take(r, ':'))
        wrong(r, FWSIM_EINVAL, what);
}

static int digit_of(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : 16;
}

static uint64_t number(reader *r, uint64_t max)
{
    int base = take_word(r, "0x") || take_word(r, "0X") ? 16 : 10;
    const char *start = r->at;
    uint64_t value = 0;

    for (int d; (d = digit_of(*r->at)) < base && !r->err; r->at++) {
        if (value > (max - (unsigned)d) / (unsigned)base ||
            (uint64_t)d > max)
            wrong(r, FWSIM_ERANGE, "the number is too large");
        value = value * (unsigned)base + (unsigned)d;
    }
    if (r->at == start)
        wrong(r, FWSIM_EINVAL, "a number is expected");
    return value;
}

static int64_t signed_number(reader *r, int64_t max)
{
    bool negative = take(r, '-');
    int64_t value;

    if (!negative)
        take(r, '+');
    value = (int64_t)number(r, (uint64_t)max);
    return negative ? -value : value;
}

static bool is_name(char c)
{
    return isalnum((unsigned char)c) || c == '_' || c == '.' || c == '$';
}

static void name(reader *r, char *out, size_t size, const char *what)
{
    size_t n = 0;

    while (is_name(r->at[n]))
        n++;
    if (n == 0 || n >= size) {
        wrong(r, FWSIM_EINVAL, what);
        return;
    }
    memcpy(out, r->at, n);
    out[n] = '\0';
    r->at += n;
}

/** The address of a symbol. */
static uint64_t symbol(reader *r)
{
    const fwsim_symbol *s;
    const char *start = r->at;
    char text[128];

    name(r, text, sizeof text, "an address or a symbol is expected");
    s = r->err ? NULL : fwsim_symbol_find(r->m, text);
    if (!s && !r->err) {
        const char *near = fwsim__symbol_closest(r->m, text, FWSIM__SYMBOLS);
        char what[256];

        snprintf(what, sizeof what, "the images have no such symbol%s%s%s",
                 near ? "; did you mean " : "", near ? near : "",
                 near ? "?" : "");
        r->at = start;
        wrong(r, FWSIM_ENOENT, what);
    }
    return s ? s->addr : 0;
}

/** "+" and a number, if it is there. */
static uint64_t offset(reader *r)
{
    if (r->at[0] != '+' || !isdigit((unsigned char)r->at[1]))
        return 0;
    r->at++;
    return number(r, UINT32_MAX);
}

/** A number, or a symbol with or without an offset. */
static uint64_t address(reader *r)
{
    uint64_t base;

    if (isdigit((unsigned char)*r->at))
        return number(r, UINT64_MAX);
    base = symbol(r);
    return base + offset(r);
}

/* ------------------------------------------------------------------ */
/* Times                                                                */
/* ------------------------------------------------------------------ */

typedef struct unit {
    const char *name;
    uint64_t ns;
} unit;

static const unit units[] = {
    { "ns", 1 }, { "us", 1000 }, { "ms", 1000000 }, { "s", 1000000000 },
};

static const unit *take_unit(reader *r)
{
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (take_word(r, units[i].name))
            return &units[i];
    return NULL;
}

/**
 * A number with a unit. @param is_time  out: it has one; NULL: it must
 */
static uint64_t duration(reader *r, bool *is_time)
{
    uint64_t whole = number(r, UINT64_MAX), fraction = 0, scale = 1;
    bool has_fraction = false;
    const unit *u;

    while (!r->err && (has_fraction || take(r, '.')) &&
           isdigit((unsigned char)*r->at) && scale < 1000000000) {
        has_fraction = true;
        fraction = fraction * 10 + (unsigned)(*r->at++ - '0');
        scale *= 10;
    }
    u = r->err ? NULL : take_unit(r);
    if (is_time)
        *is_time = u != NULL;
    if (!u && (has_fraction || !is_time))
        wrong(r, FWSIM_EINVAL, "a time has a unit: ns, us, ms or s");
    if (!u)
        return whole;
    if (whole > UINT64_MAX / u->ns - 1)
        wrong(r, FWSIM_ERANGE, "the time is too long");
    return whole * u->ns + fraction * u->ns / scale;
}

/* ------------------------------------------------------------------ */
/* Arguments                                                            */
/* ------------------------------------------------------------------ */

static void read_bit(reader *r, fwsim_inject_fault *f)
{
    separator(r, "\":\" and the number of a bit are expected");
    f->bit = (uint8_t)number(r, 63);
}

static void read_level(reader *r, fwsim_inject_fault *f)
{
    separator(r, "\":\" and a level are expected");
    f->level = number(r, 1);
}

static void read_slot(reader *r, fwsim_inject_fault *f)
{
    name(r, f->name, sizeof f->name, "the name of a peripheral is expected");
}

static void read_line(reader *r, fwsim_inject_fault *f)
{
    f->line = (int16_t)signed_number(r, 1019);
}

static void read_ppm(reader *r, fwsim_inject_fault *f)
{
    f->ppm = (int32_t)signed_number(r, 1000000);
}

static void read_range(reader *r, fwsim_inject_fault *f)
{
    bool is_symbol = !isdigit((unsigned char)*r->at);

    f->addr = is_symbol ? symbol(r) : number(r, UINT64_MAX);
    if (!take(r, '+'))
        wrong(r, FWSIM_EINVAL, "\"+\" and a size are expected");
    f->size = number(r, UINT64_MAX);
    if (is_symbol && take(r, '+')) {
        f->addr += f->size;
        f->size = number(r, UINT64_MAX);
    }
    if (take_word(r, ":read"))
        f->only_read = true;
    else if (take_word(r, ":write"))
        f->only_write = true;
}

static void read_ram(reader *r, fwsim_inject_fault *f)
{
    f->keeps_ram = take_word(r, "keep");
    if (!f->keeps_ram && !take_word(r, "lose"))
        wrong(r, FWSIM_EINVAL, "\"keep\" or \"lose\" is expected");
}

static void read_arguments(reader *r, fwsim_inject_fault *f)
{
    if (*fwsim__inject_rows[f->kind].args)
        separator(r, fwsim__inject_rows[f->kind].args);
    switch (f->kind) {
    case FWSIM_INJECT_FLIP_RAM:
    case FWSIM_INJECT_FLIP_FLASH:
    case FWSIM_INJECT_STUCK_RAM:
    case FWSIM_INJECT_STUCK_IO:
        f->addr = address(r);
        read_bit(r, f);
        if (f->kind == FWSIM_INJECT_STUCK_RAM ||
            f->kind == FWSIM_INJECT_STUCK_IO)
            read_level(r, f);
        break;
    case FWSIM_INJECT_FLIP_REG:
        name(r, f->name, sizeof f->name, "the name of a register is expected");
        read_bit(r, f);
        break;
    case FWSIM_INJECT_BUS_ERROR:
        read_range(r, f);
        break;
    case FWSIM_INJECT_IRQ_LATE:
        read_line(r, f);
        separator(r, "\":\" and a delay are expected");
        f->delay_ns = duration(r, NULL);
        break;
    case FWSIM_INJECT_IRQ_LOST:
    case FWSIM_INJECT_IRQ_SPURIOUS:
        read_line(r, f);
        break;
    case FWSIM_INJECT_NACK_START:
    case FWSIM_INJECT_NACK_BYTE:
    case FWSIM_INJECT_DROP_RX:
    case FWSIM_INJECT_DROP_TX:
        read_slot(r, f);
        break;
    case FWSIM_INJECT_CORRUPT_RX:
    case FWSIM_INJECT_CORRUPT_TX:
        read_slot(r, f);
        read_bit(r, f);
        break;
    case FWSIM_INJECT_DRIFT_IO:
        read_slot(r, f);
        separator(r, "\":\" and parts per million are expected");
        read_ppm(r, f);
        break;
    case FWSIM_INJECT_DRIFT_CORE:
        read_ppm(r, f);
        break;
    case FWSIM_INJECT_BROWN_OUT:
        read_ram(r, f);
        break;
    case FWSIM_INJECT_CUT_FLASH:
        f->seed = number(r, UINT64_MAX);
        break;
    default: /* SKIP, CUT */
        break;
    }
}

/* ------------------------------------------------------------------ */
/* Moment and count                                                     */
/* ------------------------------------------------------------------ */

static void read_code(reader *r, fwsim_inject_fault *f)
{
    f->when = FWSIM_INJECT_CODE;
    f->at = address(r) & ~(uint64_t)1;
    if (take(r, '*')) {
        f->visit = number(r, UINT64_MAX);
        if (!f->visit)
            wrong(r, FWSIM_EINVAL, "times are counted from 1");
    }
    if (f->visit == 1)
        f->visit = 0;
}

static void read_moment(reader *r, fwsim_inject_fault *f)
{
    bool is_time;

    if (take_word(r, "pc:") || !isdigit((unsigned char)*r->at)) {
        read_code(r, f);
        return;
    }
    f->at = duration(r, &is_time);
    f->when = is_time ? FWSIM_INJECT_TIME : FWSIM_INJECT_INSTRUCTION;
}

static void read_count(reader *r, fwsim_inject_fault *f)
{
    if (!fwsim_inject_kind_counts(f->kind)) {
        wrong(r, FWSIM_EINVAL, "this kind of fault counts nothing; its moment "
                               "is behind \"@\"");
        return;
    }
    if (take(r, '*')) {
        f->times = UINT64_MAX;
        return;
    }
    f->nth = number(r, UINT64_MAX);
    if (!f->nth)
        wrong(r, FWSIM_EINVAL, "they are counted from 1");
    if (take(r, '+')) {
        f->times = UINT64_MAX;
    } else if (take(r, 'x')) {
        f->times = number(r, UINT64_MAX);
        if (!f->times)
            wrong(r, FWSIM_EINVAL, "none of them is hit");
    }
    if (f->nth == 1)
        f->nth = 0;
    if (f->times == 1)
        f->times = 0;
}

/* ------------------------------------------------------------------ */
/* The whole                                                            */
/* ------------------------------------------------------------------ */

static void no_kind(reader *r)
{
    const char *names[FWSIM_INJECT_KINDS + 1], *closest;
    char text[FWSIM_INJECT_NAME_MAX];
    size_t n = strcspn(r->at, "@#");

    for (int k = 0; k < FWSIM_INJECT_KINDS; k++)
        names[k] = fwsim__inject_rows[k].name;
    names[FWSIM_INJECT_KINDS] = NULL;
    for (const char *colon = r->at; (colon = strchr(colon, ':')); colon++)
        if (colon > r->at && strchr(r->at, ':') != colon &&
            (size_t)(colon - r->at) < n)
            n = (size_t)(colon - r->at);
    snprintf(text, sizeof text, "%.*s", (int)(n < sizeof text ? n : 1), r->at);
    closest = fwsim_closest(text, names);
    r->err = fwsim__error(r->m, FWSIM_EINVAL,
                          "\"%.150s\" begins with no kind of fault%s%s%s",
                          r->text, closest ? "; did you mean " : "",
                          closest ? closest : "", closest ? "?" : "");
}

/** The kind whose name is the longest that the text begins with. */
static void read_kind(reader *r, fwsim_inject_fault *f)
{
    size_t longest = 0;

    for (int k = 0; k < FWSIM_INJECT_KINDS; k++) {
        const char *word = fwsim__inject_rows[k].name;
        size_t n = strlen(word);

        if (n > longest && strncmp(r->at, word, n) == 0 &&
            (!r->at[n] || strchr(":@#", r->at[n]))) {
            longest = n;
            f->kind = (fwsim_inject_kind)k;
        }
    }
    if (!longest)
        no_kind(r);
    r->at += longest;
}

int fwsim_inject_parse(fwsim_machine *m, const char *text,
                       fwsim_inject_fault *out)
{
    reader r = { m, text, text, 0 };

    *out = (fwsim_inject_fault){ 0 };
    read_kind(&r, out);
    if (!r.err)
        read_arguments(&r, out);
    if (take(&r, '@'))
        read_moment(&r, out);
    if (take(&r, '#'))
        read_count(&r, out);
    if (*r.at)
        wrong(&r, FWSIM_EINVAL, "nothing more is expected here");
    return r.err;
}

fwsim__inject_word fwsim__inject_value(fwsim_machine *m, const char *text,
                                       uint64_t *value)
{
    reader r = { m, text, text, 0 };
    fwsim__inject_word word = FWSIM__WORD_NUMBER;
    bool is_time = false;

    if (strncmp(text, "0x", 2) == 0) {
        *value = number(&r, UINT64_MAX);
    } else if (isdigit((unsigned char)*text)) {
        *value = duration(&r, &is_time);
        word = is_time ? FWSIM__WORD_TIME : FWSIM__WORD_NUMBER;
    } else {
        *value = address(&r);
        word = FWSIM__WORD_PLACE;
    }
    return r.err || *r.at ? FWSIM__WORD_BAD : word;
}

/* ------------------------------------------------------------------ */
/* Printing                                                             */
/* ------------------------------------------------------------------ */

static void print_arguments(const fwsim_inject_fault *f, char *buf, size_t size)
{
    switch (f->kind) {
    case FWSIM_INJECT_FLIP_RAM:
    case FWSIM_INJECT_FLIP_FLASH:
        snprintf(buf, size, ":0x%08" PRIx64 ":%u", f->addr, f->bit);
        break;
    case FWSIM_INJECT_STUCK_RAM:
    case FWSIM_INJECT_STUCK_IO:
        snprintf(buf, size, ":0x%08" PRIx64 ":%u:%d", f->addr, f->bit,
                 f->level);
        break;
    case FWSIM_INJECT_FLIP_REG:
    case FWSIM_INJECT_CORRUPT_RX:
    case FWSIM_INJECT_CORRUPT_TX:
        snprintf(buf, size, ":%s:%u", f->name, f->bit);
        break;
    case FWSIM_INJECT_BUS_ERROR:
        snprintf(buf, size, ":0x%08" PRIx64 "+0x%" PRIx64 "%s", f->addr,
                 f->size, f->only_read    ? ":read"
                          : f->only_write ? ":write"
                                          : "");
        break;
    case FWSIM_INJECT_NACK_START:
    case FWSIM_INJECT_NACK_BYTE:
    case FWSIM_INJECT_DROP_RX:
    case FWSIM_INJECT_DROP_TX:
        snprintf(buf, size, ":%s", f->name);
        break;
    case FWSIM_INJECT_IRQ_LOST:
    case FWSIM_INJECT_IRQ_SPURIOUS:
        snprintf(buf, size, ":%d", f->line);
        break;
    case FWSIM_INJECT_IRQ_LATE:
        snprintf(buf, size, ":%d:%" PRIu64 "ns", f->line, f->delay_ns);
        break;
    case FWSIM_INJECT_DRIFT_CORE:
        snprintf(buf, size, ":%d", f->ppm);
        break;
    case FWSIM_INJECT_DRIFT_IO:
        snprintf(buf, size, ":%s:%d", f->name, f->ppm);
        break;
    case FWSIM_INJECT_BROWN_OUT:
        snprintf(buf, size, f->keeps_ram ? ":keep" : ":lose");
        break;
    case FWSIM_INJECT_CUT_FLASH:
        snprintf(buf, size, ":%" PRIu64, f->seed);
        break;
    default:
        *buf = '\0';
        break;
    }
}

static void print_moment(const fwsim_inject_fault *f, char *buf, size_t size)
{
    *buf = '\0';
    if (f->when == FWSIM_INJECT_INSTRUCTION)
        snprintf(buf, size, "@%" PRIu64, f->at);
    else if (f->when == FWSIM_INJECT_TIME)
        snprintf(buf, size, "@%" PRIu64 "ns", f->at);
    else if (f->when == FWSIM_INJECT_CODE && f->visit > 1)
        snprintf(buf, size, "@pc:0x%08" PRIx64 "*%" PRIu64, f->at, f->visit);
    else if (f->when == FWSIM_INJECT_CODE)
        snprintf(buf, size, "@pc:0x%08" PRIx64, f->at);
}

static void print_count(const fwsim_inject_fault *f, char *buf, size_t size)
{
    uint64_t nth = f->nth ? f->nth : 1;

    *buf = '\0';
    if (!fwsim_inject_kind_counts(f->kind))
        return;
    if (f->times == UINT64_MAX)
        snprintf(buf, size, nth > 1 ? "#%" PRIu64 "+" : "#*", nth);
    else if (f->times > 1)
        snprintf(buf, size, "#%" PRIu64 "x%" PRIu64, nth, f->times);
    else
        snprintf(buf, size, "#%" PRIu64, nth);
}

char *fwsim_inject_print(const fwsim_inject_fault *f, char *buf, size_t size)
{
    const char *kind = fwsim_inject_kind_name(f->kind);
    char arguments[96], moment[64], count[64];

    if (!kind) {
        snprintf(buf, size, "?");
        return buf;
    }
    print_arguments(f, arguments, sizeof arguments);
    print_moment(f, moment, sizeof moment);
    print_count(f, count, sizeof count);
    snprintf(buf, size, "%s%s%s%s", kind, arguments, moment, count);
    return buf;
}
