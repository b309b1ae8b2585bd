/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Writes models.yaml. People review and compare these files: one thing a line,
 * in order, nothing that is not known, and above each register a comment that
 * says what it is and why.
 */
#include "infer/model_file.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { COLUMNS = 80 };

typedef struct writer {
    const fwsim__models_sink *sink;
    const char *separator; /* before the next key of a map in one line */
    unsigned indent;       /* of the next line; 0 within one */
} writer;

static void put_text(writer *w, const char *text)
{
    w->sink->put(text, strlen(text), w->sink->put_user);
}

static void put(writer *w, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/** Numbers and short names only. */
static void put(writer *w, const char *fmt, ...)
{
    char text[128];
    va_list args;

    va_start(args, fmt);
    vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    put_text(w, text);
}

/* ------------------------------------------------------------------ */
/* Texts                                                                */
/* ------------------------------------------------------------------ */

/** Decode one character. @return its bytes; 0: it is no UTF-8 */
static unsigned utf8(const char *text, uint32_t *character)
{
    const unsigned char *s = (const unsigned char *)text;
    unsigned bytes = s[0] < 0x80            ? 1
                     : (s[0] & 0xe0) == 0xc0 ? 2
                     : (s[0] & 0xf0) == 0xe0 ? 3
                     : (s[0] & 0xf8) == 0xf0 ? 4
                                             : 0;
    static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
    uint32_t c = bytes > 1 ? s[0] & (0x7fu >> bytes) : s[0];

    for (unsigned i = 1; i < bytes; i++) {
        if ((s[i] & 0xc0) != 0x80)
            return 0;
        c = c << 6 | (s[i] & 0x3f);
    }
    *character = c;
    return bytes && c >= least[bytes] && c <= 0x10ffff &&
                   (c < 0xd800 || c > 0xdfff)
               ? bytes
               : 0;
}

/** YAML 1.1, 5.1: may it stand in a file as it is? Line separators may, but
 * would not come back. */
static bool printable(uint32_t c)
{
    return (c >= 0x20 && c < 0x7f) || (c >= 0xa0 && c <= 0xfffd &&
           c != 0x2028 && c != 0x2029 && c != 0xfeff) || c >= 0x10000;
}

static void put_quoted(writer *w, const char *text)
{
    put_text(w, "\"");
    while (*text) {
        uint32_t c;
        unsigned bytes = utf8(text, &c);

        if (!bytes)
            put_text(w, "\\uFFFD");
        else if (c == '"' || c == '\\')
            put(w, "\\%c", (int)c);
        else if (printable(c))
            w->sink->put(text, bytes, w->sink->put_user);
        else if (c < 0x100)
            put(w, "\\x%02" PRIX32, c);
        else
            put(w, "\\u%04" PRIX32, c);
        text += bytes ? bytes : 1;
    }
    put_text(w, "\"");
}

/** Letters, digits and some signs; no number, and no word that YAML knows. */
static bool is_plain(const char *text)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz"
                                  "ABCDEFGHIJKLMNOPQRSTUVWXYZ_";
    static const char *const words[] = {
        "true", "True", "TRUE", "false", "False", "FALSE", "yes", "Yes", "YES",
        "no", "No", "NO", "on", "On", "ON", "off", "Off", "OFF", "null",
        "Null", "NULL", "y", "Y", "n", "N", NULL
    };

    if (!*text || !strchr(letters, *text))
        return false;
    for (const char *const *word = words; *word; word++)
        if (strcmp(text, *word) == 0)
            return false;
    for (text++; *text; text++)
        if (!strchr(letters, *text) && !strchr("0123456789.-", *text))
            return false;
    return true;
}

static void put_string(writer *w, const char *text)
{
    if (is_plain(text))
        put_text(w, text);
    else
        put_quoted(w, text);
}

/* ------------------------------------------------------------------ */
/* Comments                                                             */
/* ------------------------------------------------------------------ */

/** A comment, broken between words. */
static void put_comment(writer *w, const char *text)
{
    size_t column = COLUMNS;
    const char *line_break = "";

    for (;;) {
        size_t n;

        while (*text && (unsigned char)*text <= ' ')
            text++;
        if (!*text)
            break;
        for (n = 0; (unsigned char)text[n] > ' ' && text[n] != 0x7f; n++)
            ;
        if (!n) {
            text++;
            continue;
        }
        if (column + 1 + n > COLUMNS) {
            put(w, "%s%*s#", line_break, (int)w->indent, "");
            line_break = "\n";
            column = w->indent + 1;
        }
        put_text(w, " ");
        for (size_t i = 0; i < n;) {
            uint32_t c;
            unsigned bytes = utf8(text + i, &c);

            if (bytes && printable(c))
                w->sink->put(text + i, bytes, w->sink->put_user);
            else
                put_text(w, "?");
            i += bytes ? bytes : 1;
        }
        column += 1 + n;
        text += n;
    }
    put_text(w, "\n");
}

/** What is known of an instruction. @return @a text */
static const char *described(const writer *w, uint64_t pc, char *text,
                             size_t size)
{
    if (!w->sink->describe ||
        !w->sink->describe(pc, text, size, w->sink->describe_user))
        snprintf(text, size, "0x%08" PRIx64, pc);
    return text;
}

static void register_comment(writer *w, const fwsim__periph_model *p,
                             const fwsim__register *r)
{
    char number[24], where[256] = "", *text = NULL;
    bool ok;

    snprintf(number, sizeof number, "+0x%02" PRIx32, r->offset);
    if (r->pc)
        described(w, r->pc, where, sizeof where);
    ok = fwsim__models_text(
        &text, "%s%s%s at 0x%08" PRIx64 ": %s", p->name ? p->name : "",
        p->name && r->name ? "." : "", r->name ? r->name : number,
        p->base + r->offset, fwsim__role_name(r->role));
    if (ok && r->source)
        ok = fwsim__models_text(&text, "%s, %s", text,
                                fwsim__source_name(r->source));
    if (ok && r->confidence)
        ok = fwsim__models_text(&text, "%s, %u %%", text, r->confidence);
    if (ok && *where)
        ok = fwsim__models_text(&text, "%s, first used by %s", text, where);
    if (ok && r->reason)
        ok = fwsim__models_text(&text, "%s: %s", text, r->reason);
    /* Without memory the keys below say the same. */
    if (ok)
        put_comment(w, text);
    free(text);
}

static void site_comment(writer *w, const fwsim__site *site)
{
    char pc[256];

    if (!w->sink->describe)
        return;
    put_comment(w, described(w, site->pc, pc, sizeof pc));
}

/* ------------------------------------------------------------------ */
/* Keys                                                                 */
/* ------------------------------------------------------------------ */

/** A key of a map with a line for each. */
static void put_key(writer *w, const char *name)
{
    if (w->separator) {
        put(w, "%s%s: ", w->separator, name);
        w->separator = ", ";
    } else {
        put(w, "%*s%s: ", (int)w->indent, "", name);
    }
}

static void end_key(writer *w)
{
    if (!w->separator)
        put_text(w, "\n");
}

static void put_hex(writer *w, const char *name, uint64_t value, int digits)
{
    put_key(w, name);
    put(w, "0x%0*" PRIx64, digits, value);
    end_key(w);
}

static void put_number(writer *w, const char *name, unsigned value)
{
    put_key(w, name);
    put(w, "%u", value);
    end_key(w);
}

static void put_word(writer *w, const char *name, const char *word)
{
    put_key(w, name);
    put_text(w, word);
    end_key(w);
}

static void put_name(writer *w, const char *name, const char *text)
{
    if (!text)
        return;
    put_key(w, name);
    put_string(w, text);
    end_key(w);
}

/** Who says so, how sure, and why. */
static void put_claim(writer *w, uint8_t source, uint8_t confidence,
                      const char *reason)
{
    if (source != FWSIM__SOURCE_USER)
        put_word(w, "source", fwsim__source_name(source));
    if (confidence)
        put_number(w, "confidence", confidence);
    if (reason) {
        put_key(w, "reason");
        put_quoted(w, reason);
        end_key(w);
    }
}

/** Begin an item of a list of maps: its first key stands behind the dash. */
static void begin_item(writer *w)
{
    put(w, "%*s- ", (int)w->indent, "");
    w->indent += 2;
}

static void begin_list(writer *w, const char *name)
{
    put(w, "%*s%s:\n", (int)w->indent, "", name);
    w->indent += 2;
}

/* ------------------------------------------------------------------ */
/* Items                                                                */
/* ------------------------------------------------------------------ */

/** One line: `- { bits: 4-7, name: MODE, kind: stored }`. */
static void put_field(writer *w, const fwsim__field *f)
{
    put(w, "%*s- { ", (int)w->indent, "");
    w->separator = "";
    put_key(w, "bits");
    if (f->width == 1)
        put(w, "%u", f->lsb);
    else
        put(w, "%u-%u", f->lsb, f->lsb + f->width - 1u);
    put_name(w, "name", f->name);
    put_word(w, "kind", fwsim__field_kind_name(f->kind));
    if (f->value || f->kind == FWSIM__FIELD_CONST ||
        f->kind == FWSIM__FIELD_MIRROR)
        put_hex(w, "value", f->value, 1);
    put_claim(w, f->source, f->confidence, f->reason);
    w->separator = NULL;
    put_text(w, " }\n");
}

static const char *access_word(const fwsim__register *r)
{
    return r->readable ? "read-only" : r->writable ? "write-only" : "none";
}

static void put_register(writer *w, const fwsim__periph_model *p,
                         const fwsim__register *r)
{
    register_comment(w, p, r);
    begin_item(w);
    put(w, "offset: 0x%02" PRIx32 "\n", r->offset);
    put_name(w, "name", r->name);
    if (r->width && r->width != 4)
        put_number(w, "width", r->width);
    put_word(w, "role", fwsim__role_name(r->role));
    if (r->partner || r->role == FWSIM__ROLE_SET || r->role == FWSIM__ROLE_CLEAR)
        put_hex(w, "partner", r->partner, 2);
    if (!r->readable || !r->writable)
        put_word(w, "access", access_word(r));
    if (r->has_reset)
        put_hex(w, "reset", r->reset, 1);
    put_name(w, "stream", r->stream);
    put_claim(w, r->source, r->confidence, r->reason);
    if (r->pc)
        put_hex(w, "pc", r->pc, 8);
    if (r->field_count) {
        begin_list(w, "fields");
        for (size_t i = 0; i < r->field_count; i++)
            put_field(w, &r->fields[i]);
        w->indent -= 2;
    }
    w->indent -= 2;
}

static void put_site(writer *w, const fwsim__site *site)
{
    site_comment(w, site);
    begin_item(w);
    put(w, "pc: 0x%08" PRIx64 "\n", site->pc);
    if (site->state)
        put_hex(w, "state", site->state, 8);
    put_hex(w, "offset", site->offset, 2);
    if (site->mask != UINT32_MAX)
        put_hex(w, "mask", site->mask, 2);
    put_key(w, "values");
    for (size_t i = 0; i < site->value_count; i++)
        put(w, "%s0x%" PRIx32, i ? ", " : "[", site->values[i]);
    put_text(w, "]\n");
    put_claim(w, site->source, site->confidence, site->reason);
    w->indent -= 2;
}

static void put_event(writer *w, const fwsim__event_model *e)
{
    begin_item(w);
    put(w, "line: %u\n", e->line);
    if (e->status || e->status_bits)
        put_hex(w, "status", e->status, 2);
    if (e->status_bits)
        put_hex(w, "status-bits", e->status_bits, 1);
    if (e->enable || e->enable_bits)
        put_hex(w, "enable", e->enable, 2);
    if (e->enable_bits)
        put_hex(w, "enable-bits", e->enable_bits, 1);
    put_claim(w, e->source, e->confidence, e->reason);
    w->indent -= 2;
}

static void put_dma(writer *w, const fwsim__dma_model *d)
{
    begin_item(w);
    put(w, "address: 0x%02" PRIx32 "\n", d->address);
    put_hex(w, "count", d->count, 2);
    if (d->control || d->start_bits)
        put_hex(w, "control", d->control, 2);
    if (d->start_bits)
        put_hex(w, "start-bits", d->start_bits, 1);
    if (d->element)
        put_number(w, "element", d->element);
    put_word(w, "direction", d->to_memory ? "to-memory" : "from-memory");
    put_name(w, "stream", d->stream);
    put_claim(w, d->source, d->confidence, d->reason);
    w->indent -= 2;
}

/* ------------------------------------------------------------------ */
/* The file                                                             */
/* ------------------------------------------------------------------ */

static void put_periph(writer *w, const fwsim__periph_model *p)
{
    put_text(w, "\n");
    begin_item(w);
    put(w, "base: 0x%08" PRIx64 "\n", p->base);
    put_name(w, "name", p->name);
    put_hex(w, "size", p->size, 1);
    if (p->register_count) {
        begin_list(w, "registers");
        for (size_t i = 0; i < p->register_count; i++)
            put_register(w, p, &p->registers[i]);
        w->indent -= 2;
    }
    if (p->event_count) {
        begin_list(w, "interrupts");
        for (size_t i = 0; i < p->event_count; i++)
            put_event(w, &p->events[i]);
        w->indent -= 2;
    }
    if (p->dma_count) {
        begin_list(w, "dma");
        for (size_t i = 0; i < p->dma_count; i++)
            put_dma(w, &p->dmas[i]);
        w->indent -= 2;
    }
    if (p->site_count) {
        begin_list(w, "sites");
        for (size_t i = 0; i < p->site_count; i++)
            put_site(w, &p->sites[i]);
        w->indent -= 2;
    }
    w->indent -= 2;
}

void fwsim__models_write(const fwsim__models *models,
                         const fwsim__models_sink *sink)
{
    writer w = { .sink = sink };

    put_text(&w, "# Register models of fwsim; docs/models-yaml.md has the keys."
                 "\n");
    put_number(&w, "fwsim-models", FWSIM__MODELS_VERSION);
    put_name(&w, "soc", models->soc);
    put_name(&w, "cpu", models->cpu);
    put_name(&w, "licence", models->licence);
    put_name(&w, "provenance", models->provenance);
    if (!models->periph_count)
        return;
    begin_list(&w, "peripherals");
    for (size_t i = 0; i < models->periph_count; i++)
        put_periph(&w, &models->periphs[i]);
}
