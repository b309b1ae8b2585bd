/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * models.yaml: what is written comes back, people can read it, and what does
 * not fit is refused with line and column. The messages of the latter were
 * written by hand, before the reader was.
 */
#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "infer/model_file.h"

/* ------------------------------------------------------------------ */
/* Help                                                                 */
/* ------------------------------------------------------------------ */

typedef struct text {
    char *s;
    size_t n;
} text;

static void put(const char *s, size_t n, void *user)
{
    text *t = user;

    t->s = realloc(t->s, t->n + n + 1);
    assert_non_null(t->s);
    memcpy(t->s + t->n, s, n);
    t->s[t->n += n] = 0;
}

static char *written(const fwsim__models *models)
{
    text t = { 0 };

    fwsim__models_write(models, &(fwsim__models_sink){ put, &t, NULL, NULL });
    return t.s;
}

static int read_text(fwsim__models **out, const char *s, log_lines *log)
{
    return fwsim__models_read(out, &(fwsim__text_source){
        "m.yaml", s, strlen(s), log_collect, log });
}

static fwsim__models *read_ok(const char *s)
{
    log_lines *log = calloc(1, sizeof *log);
    fwsim__models *models;
    int err = read_text(&models, s, log);

    if (err)
        fail_msg("%s\nin:\n%s", log->line[0].text, s);
    free(log);
    return models;
}

/** A text that is refused with exactly this message. */
static void refused_with(const char *s, int code, const char *message)
{
    log_lines *log = calloc(1, sizeof *log);
    fwsim__models *models = (fwsim__models *)&log;

    assert_int_equal(read_text(&models, s, log), code);
    assert_null(models);
    assert_int_equal(log->count, 1);
    assert_string_equal(log->line[0].text, message);
    free(log);
}

static void refused(const char *s, const char *message)
{
    refused_with(s, FWSIM_EFORMAT, message);
}

/* A file with one peripheral of 16 bytes, and what belongs into it. */
#define HEAD "fwsim-models: 1\nperipherals:\n- base: 0x40000000\n  size: 0x10\n"
#define REGISTER HEAD "  registers:\n  - offset: 4\n    role: status\n"
#define FIELD REGISTER "    fields:\n    "

/* ------------------------------------------------------------------ */
/* There and back                                                       */
/* ------------------------------------------------------------------ */

static uint64_t seed;

static uint32_t roll(uint32_t below)
{
    /* Knuth's MMIX generator. */
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(seed >> 33) % below;
}

static void random_text(char **s)
{
    static const char *const parts[] = {
        "a", "Z9", "_", " ", "  ", ": ", "#", " #", "'", "\"", "\\", "\n",
        "\t", "\r", "-", "- ", "{", "]", ",", "&", "*", "!", "|", ">", "%", "@",
        "`", "?", "true", "null", "~", "0x1", "1e3", "\xc3\xa4",
        "\xe2\x82\xac", "\xf0\x9f\x98\x80", "\x01", "\x7f", "\xc2\x85",
        "\xe2\x80\xa8", "\xef\xbb\xbf", "\xef\xbf\xbe", "..."
    };
    char out[64] = "";

    if (roll(3) == 0)
        return;
    for (unsigned n = roll(6); n; n--)
        strcat(out, parts[roll(sizeof parts / sizeof *parts)]);
    assert_true(fwsim__models_text(s, "%s", out));
}

static uint32_t random_value(unsigned bits)
{
    uint32_t value = roll(2) ? roll(0x7fffffff) * 3u : roll(4);

    return bits >= 32 ? value : value & ((1u << bits) - 1);
}

static void random_claim(uint8_t *source, uint8_t *confidence, char **reason)
{
    *source = (uint8_t)roll(FWSIM__SOURCES);
    *confidence = (uint8_t)roll(101);
    random_text(reason);
}

static void random_register(fwsim__periph_model *p, uint32_t offset)
{
    fwsim__register *r = fwsim__models_register(p, offset);

    r->width = (uint8_t)(1u << roll(3));
    r->role = (uint8_t)roll(FWSIM__ROLES);
    r->has_reset = roll(2);
    r->reset = r->has_reset ? random_value(r->width * 8) : 0;
    r->readable = roll(4);
    r->writable = roll(4);
    r->partner = roll(2) ? random_value(32) : 0;
    r->pc = roll(2) ? (uint64_t)random_value(32) << roll(33) : 0;
    random_text(&r->name);
    random_text(&r->stream);
    random_claim(&r->source, &r->confidence, &r->reason);
    for (unsigned lsb = roll(8), width; lsb < r->width * 8u; lsb += width) {
        fwsim__field *f = fwsim__models_field(r, lsb);

        width = 1 + roll(r->width * 8u - lsb);
        f->width = (uint8_t)width;
        f->kind = (uint8_t)roll(FWSIM__FIELD_KINDS);
        f->value = roll(2) ? random_value(width) : 0;
        random_text(&f->name);
        random_claim(&f->source, &f->confidence, &f->reason);
        width += roll(9);
    }
}

static void random_site(fwsim__periph_model *p, uint64_t pc)
{
    fwsim__site *site = fwsim__models_site(p, pc, roll(2) ? roll(99) : 0,
                                           roll(p->size));

    if (site->value_count)
        return;
    if (roll(2))
        site->mask = random_value(32);
    for (unsigned n = 1 + roll(5); n; n--)
        assert_true(fwsim__site_add(site, random_value(32)));
    random_claim(&site->source, &site->confidence, &site->reason);
}

static void random_event(fwsim__periph_model *p, unsigned line)
{
    fwsim__event_model *e = fwsim__models_event(p, line);

    e->status = random_value(32);
    e->status_bits = random_value(32);
    e->enable = random_value(8);
    e->enable_bits = random_value(32);
    if (!e->reason)
        random_claim(&e->source, &e->confidence, &e->reason);
}

static void random_dma(fwsim__periph_model *p, uint32_t address)
{
    fwsim__dma_model *d = fwsim__models_dma(p, address);

    d->count = random_value(32);
    d->control = random_value(8);
    d->start_bits = random_value(32);
    d->element = (uint8_t)roll(5);
    d->to_memory = roll(2);
    random_text(&d->stream);
    random_claim(&d->source, &d->confidence, &d->reason);
}

static fwsim__models *random_models(void)
{
    fwsim__models *models = fwsim__models_new();
    uint64_t base = roll(4) ? roll(0x800) : random_value(32);

    random_text(&models->soc);
    random_text(&models->cpu);
    random_text(&models->licence);
    random_text(&models->provenance);
    for (unsigned n = roll(4); n; n--) {
        fwsim__periph_model *p = fwsim__models_periph(models, base);

        p->size = 1 + roll(0x400);
        random_text(&p->name);
        for (uint32_t at = roll(8); at + 4 <= p->size; at += 4 + roll(99))
            random_register(p, at);
        for (unsigned k = roll(4); k; k--)
            random_site(p, (uint64_t)random_value(31) << roll(34));
        for (unsigned k = 0; k < 3; k++)
            random_event(p, k * 300 + roll(300));
        random_dma(p, random_value(32));
        base += p->size + (roll(2) ? roll(0x200) : random_value(32));
    }
    return models;
}

static void same_text(const char *a, const char *b)
{
    if (a && b)
        assert_string_equal(a, b);
    else
        assert_ptr_equal(a, b);
}

static void same_register(const fwsim__register *a, const fwsim__register *b)
{
    assert_int_equal(a->offset, b->offset);
    assert_int_equal(a->width, b->width);
    assert_int_equal(a->role, b->role);
    assert_int_equal(a->source, b->source);
    assert_int_equal(a->confidence, b->confidence);
    assert_int_equal(a->has_reset, b->has_reset);
    assert_int_equal(a->readable, b->readable);
    assert_int_equal(a->writable, b->writable);
    assert_int_equal(a->reset, b->reset);
    assert_int_equal(a->partner, b->partner);
    assert_int_equal(a->pc, b->pc);
    same_text(a->name, b->name);
    same_text(a->stream, b->stream);
    same_text(a->reason, b->reason);
    assert_int_equal(a->field_count, b->field_count);
    for (size_t i = 0; i < a->field_count; i++) {
        const fwsim__field *f = &a->fields[i], *g = &b->fields[i];

        assert_int_equal(f->lsb, g->lsb);
        assert_int_equal(f->width, g->width);
        assert_int_equal(f->kind, g->kind);
        assert_int_equal(f->source, g->source);
        assert_int_equal(f->confidence, g->confidence);
        assert_int_equal(f->value, g->value);
        same_text(f->name, g->name);
        same_text(f->reason, g->reason);
    }
}

static void same_site(const fwsim__site *a, const fwsim__site *b)
{
    assert_int_equal(a->pc, b->pc);
    assert_int_equal(a->state, b->state);
    assert_int_equal(a->mask, b->mask);
    assert_int_equal(a->offset, b->offset);
    assert_int_equal(a->source, b->source);
    assert_int_equal(a->confidence, b->confidence);
    assert_int_equal(a->value_count, b->value_count);
    assert_memory_equal(a->values, b->values,
                        a->value_count * sizeof *a->values);
    same_text(a->reason, b->reason);
}

static void same_event(const fwsim__event_model *a, const fwsim__event_model *b)
{
    assert_int_equal(a->line, b->line);
    assert_int_equal(a->status, b->status);
    assert_int_equal(a->status_bits, b->status_bits);
    assert_int_equal(a->enable, b->enable);
    assert_int_equal(a->enable_bits, b->enable_bits);
    assert_int_equal(a->source, b->source);
    assert_int_equal(a->confidence, b->confidence);
    same_text(a->reason, b->reason);
}

static void same_dma(const fwsim__dma_model *a, const fwsim__dma_model *b)
{
    assert_int_equal(a->address, b->address);
    assert_int_equal(a->count, b->count);
    assert_int_equal(a->control, b->control);
    assert_int_equal(a->start_bits, b->start_bits);
    assert_int_equal(a->element, b->element);
    assert_int_equal(a->to_memory, b->to_memory);
    assert_int_equal(a->source, b->source);
    assert_int_equal(a->confidence, b->confidence);
    same_text(a->stream, b->stream);
    same_text(a->reason, b->reason);
}

static void same_periph(const fwsim__periph_model *a,
                        const fwsim__periph_model *b)
{
    assert_int_equal(a->base, b->base);
    assert_int_equal(a->size, b->size);
    same_text(a->name, b->name);
    assert_int_equal(a->register_count, b->register_count);
    assert_int_equal(a->site_count, b->site_count);
    assert_int_equal(a->event_count, b->event_count);
    assert_int_equal(a->dma_count, b->dma_count);
    for (size_t i = 0; i < a->register_count; i++)
        same_register(&a->registers[i], &b->registers[i]);
    for (size_t i = 0; i < a->site_count; i++)
        same_site(&a->sites[i], &b->sites[i]);
    for (size_t i = 0; i < a->event_count; i++)
        same_event(&a->events[i], &b->events[i]);
    for (size_t i = 0; i < a->dma_count; i++)
        same_dma(&a->dmas[i], &b->dmas[i]);
}

static void same_models(const fwsim__models *a, const fwsim__models *b)
{
    same_text(a->soc, b->soc);
    same_text(a->cpu, b->cpu);
    same_text(a->licence, b->licence);
    same_text(a->provenance, b->provenance);
    assert_int_equal(a->periph_count, b->periph_count);
    for (size_t i = 0; i < a->periph_count; i++)
        same_periph(&a->periphs[i], &b->periphs[i]);
}

static void any_models_come_back_as_they_were_written(void **state)
{
    (void)state;

    for (unsigned i = 0; i < 300; i++) {
        seed = i;
        fwsim__models *models = random_models();
        char *first = written(models);
        fwsim__models *back = read_ok(first);
        char *second = written(back);

        same_models(models, back);
        assert_string_equal(first, second);
        fwsim__models_free(models);
        fwsim__models_free(back);
        free(first);
        free(second);
    }
}

static void any_two_models_merge_into_one_that_can_be_read(void **state)
{
    unsigned met = 0;
    (void)state;

    for (unsigned i = 0; i < 1000; i++) {
        seed = i;
        fwsim__models *a = random_models(), *b = random_models();
        size_t apart = a->periph_count + b->periph_count;

        assert_int_equal(fwsim__models_merge(a, b), 0);
        met += a->periph_count != apart;
        char *s = written(a);
        fwsim__models *back = read_ok(s);
        same_models(a, back);
        free(s);
        fwsim__models_free(a);
        fwsim__models_free(b);
        fwsim__models_free(back);
    }
    assert_true(met > 50);
}

static void text_that_is_no_utf8_becomes_replacement_characters(void **state)
{
    fwsim__models *models = fwsim__models_new(), *back;
    char *s;
    (void)state;

    /* A lone continuation, an overlong slash, half a pair, a truncated one. */
    assert_true(fwsim__models_text(&models->soc,
                                   "a\x80" "b\xc0\xaf" "c\xed\xa0\x80" "d\xe2\x82"));
    s = written(models);
    back = read_ok(s);
    assert_string_equal(back->soc,
                        "a\xef\xbf\xbd" "b\xef\xbf\xbd\xef\xbf\xbd"
                        "c\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"
                        "d\xef\xbf\xbd\xef\xbf\xbd");
    free(s);
    fwsim__models_free(models);
    fwsim__models_free(back);
}

/* ------------------------------------------------------------------ */
/* What people see                                                      */
/* ------------------------------------------------------------------ */

static bool describe(uint64_t pc, char *s, size_t size, void *user)
{
    assert_ptr_equal(user, &seed);
    if (pc != 0x8000124)
        return false;
    snprintf(s, size, "uart_put (uart.c:42)");
    return true;
}

static const char expected[] =
    "# Register models of fwsim; docs/models-yaml.md has the keys.\n"
    "fwsim-models: 1\n"
    "soc: STM32F103\n"
    "provenance: \"fwsim infer: demo.elf\"\n"
    "peripherals:\n"
    "\n"
    "  - base: 0x40004400\n"
    "    name: usart2\n"
    "    size: 0x400\n"
    "    registers:\n"
    "      # usart2.SR at 0x40004400: status, look-ahead, 95 %, first used by\n"
    "      # uart_put (uart.c:42): the loop ends when bit 7 is 1\n"
    "      - offset: 0x00\n"
    "        name: SR\n"
    "        role: status\n"
    "        access: read-only\n"
    "        reset: 0xc0\n"
    "        source: look-ahead\n"
    "        confidence: 95\n"
    "        reason: \"the loop ends when bit 7 is 1\"\n"
    "        pc: 0x08000124\n"
    "        fields:\n"
    "          - { bits: 0-3, kind: const, value: 0x0, source: none }\n"
    "          - { bits: 7, name: TXE, kind: ready-set, source: rules, confidence: 90, reason: \"a \\\"wait\\\"\" }\n"
    "      # usart2+0x04 at 0x40004404: data\n"
    "      - offset: 0x04\n"
    "        width: 1\n"
    "        role: data\n"
    "        stream: usart2.rx\n"
    "        source: none\n"
    "    interrupts:\n"
    "      - line: 38\n"
    "        status: 0x00\n"
    "        status-bits: 0x20\n"
    "        source: none\n"
    "    dma:\n"
    "      - address: 0x10\n"
    "        count: 0x14\n"
    "        control: 0x18\n"
    "        start-bits: 0x1\n"
    "        direction: to-memory\n"
    "        source: none\n"
    "    sites:\n"
    "      # uart_put (uart.c:42)\n"
    "      - pc: 0x08000124\n"
    "        state: 0x00000007\n"
    "        offset: 0x00\n"
    "        values: [0x1, 0x80]\n";

static fwsim__models *sample(void)
{
    fwsim__models *models = fwsim__models_new();
    fwsim__periph_model *p = fwsim__models_periph(models, 0x40004400);
    fwsim__register *r = fwsim__models_register(p, 0);
    fwsim__field *f;
    fwsim__event_model *e;
    fwsim__dma_model *d;
    fwsim__site *site;

    fwsim__models_text(&models->soc, "STM32F103");
    fwsim__models_text(&models->provenance, "fwsim infer: demo.elf");
    fwsim__models_text(&p->name, "usart2");
    p->size = 0x400;
    fwsim__models_text(&r->name, "SR");
    fwsim__models_text(&r->reason, "the loop ends when bit 7 is 1");
    r->width = 4;
    r->role = FWSIM__ROLE_STATUS;
    r->source = FWSIM__SOURCE_LOOK;
    r->confidence = 95;
    r->writable = false;
    r->has_reset = true;
    r->reset = 0xc0;
    r->pc = 0x8000124;
    f = fwsim__models_field(r, 7);
    fwsim__models_text(&f->name, "TXE");
    fwsim__models_text(&f->reason, "a \"wait\"");
    f->width = 1;
    f->kind = FWSIM__FIELD_READY_SET;
    f->source = FWSIM__SOURCE_RULES;
    f->confidence = 90;
    f = fwsim__models_field(r, 0);
    f->width = 4;
    f->kind = FWSIM__FIELD_CONST;
    r = fwsim__models_register(p, 4);
    r->width = 1;
    r->role = FWSIM__ROLE_DATA;
    fwsim__models_text(&r->stream, "usart2.rx");
    e = fwsim__models_event(p, 38);
    e->status_bits = 0x20;
    d = fwsim__models_dma(p, 0x10);
    d->count = 0x14;
    d->control = 0x18;
    d->start_bits = 1;
    d->to_memory = true;
    site = fwsim__models_site(p, 0x8000124, 7, 0);
    fwsim__site_add(site, 1);
    fwsim__site_add(site, 0x80);
    site->source = FWSIM__SOURCE_USER;
    return models;
}

static void a_file_says_what_and_why_above_each_register(void **state)
{
    fwsim__models *models = sample();
    text t = { 0 };
    (void)state;

    fwsim__models_write(models, &(fwsim__models_sink){ put, &t, describe,
                                                      &seed });
    assert_string_equal(t.s, expected);
    fwsim__models_free(models);
    free(t.s);
}

static void a_claim_without_a_source_is_the_users(void **state)
{
    fwsim__models *models = read_ok(FIELD "- { bits: 0, kind: stored }\n");
    const fwsim__register *r = models->periphs[0].registers;
    (void)state;

    assert_int_equal(r->source, FWSIM__SOURCE_USER);
    assert_int_equal(r->fields[0].source, FWSIM__SOURCE_USER);
    assert_int_equal(r->width, 4);
    assert_true(r->readable && r->writable);
    fwsim__models_free(models);
}

static void a_comment_stays_a_comment_whatever_its_text(void **state)
{
    fwsim__models *models = fwsim__models_new(), *back;
    fwsim__periph_model *p = fwsim__models_periph(models, 0);
    fwsim__register *r = fwsim__models_register(p, 0);
    char *s;
    (void)state;

    p->size = 4;
    fwsim__models_text(&r->reason, "one\nsoc: two\r\n\x85soc: 3\xe2\x80\xa8soc: 4");
    s = written(models);
    back = read_ok(s);
    assert_null(back->soc);
    free(s);
    fwsim__models_free(models);
    fwsim__models_free(back);
}

/* ------------------------------------------------------------------ */
/* What is refused                                                      */
/* ------------------------------------------------------------------ */

static void mistakes_in_the_file_are_named_with_their_place(void **state)
{
    (void)state;

    refused("", "m.yaml: the file is empty");
    refused("# only a comment\n", "m.yaml: the file is empty");
    refused("- 1\n", "m.yaml:1:1: expected a map for a file of models, found a list");
    refused("soc: x\n", "m.yaml:1:1: a file of models needs the key 'fwsim-models'");
    refused("fwsim-models: one\n",
            "m.yaml:1:15: expected a number up to 0xffffffff, found 'one'");
    refused_with("fwsim-models: 2\n", FWSIM_ENOTSUP,
                 "m.yaml:1:15: expected version 1 of the format, found 2");
    refused("fwsim-models: 1\nperipheral: []\n",
            "m.yaml:2:1: a file of models has no key 'peripheral'; did you mean "
            "'peripherals'?");
    refused("fwsim-models: 1\nsoc: a\nsoc: b\n",
            "m.yaml:3:1: 'soc' is here twice, first in line 2");
    refused("fwsim-models: 1\nsoc: [a]\n",
            "m.yaml:2:6: expected a text without zero bytes, found a list");
    refused("fwsim-models: 1\nsoc:\n",
            "m.yaml:2:5: expected a text without zero bytes, found nothing");
    refused("fwsim-models: 1\nsoc: \"a\\0b\"\n",
            "m.yaml:2:6: expected a text without zero bytes, found 'a'");
    refused("fwsim-models: 1\n---\nsoc: a\n",
            "m.yaml:2:1: expected one document, found the end");
    refused("fwsim-models: &x 1\nsoc: *x\n",
            "m.yaml:2:6: expected a text without zero bytes, found an alias");
}

static void damaged_yaml_is_named_with_its_place(void **state)
{
    (void)state;

    refused("fwsim-models: 1\nsoc: \"a\n",
            "m.yaml:3:1: this is no YAML: while scanning a quoted scalar: found "
            "unexpected end of stream");
    refused("fwsim-models: 1\n\tsoc: a\n",
            "m.yaml:2:1: this is no YAML: while scanning a plain scalar: found "
            "a tab character that violates indentation");
    refused("fwsim-models: 1\nsoc: \xff\n",
            "m.yaml:2:6: this is no YAML: invalid leading UTF-8 octet");
}

static void mistakes_in_peripherals_are_named_with_their_place(void **state)
{
    (void)state;

    refused("fwsim-models: 1\nperipherals:\n- base: 1\n",
            "m.yaml:3:3: a peripheral needs the key 'size'");
    refused("fwsim-models: 1\nperipherals:\n- base: 1\n  size: 0\n",
            "m.yaml:4:9: expected a size of 0x1 at least, for all registers and "
            "sites; found 0x0");
    refused("fwsim-models: 1\nperipherals:\n- base: -1\n",
            "m.yaml:3:9: expected a number up to 0xffffffffffffffff, found '-1'");
    refused("fwsim-models: 1\nperipherals:\n- base: 0x10000000000000000\n",
            "m.yaml:3:9: expected a number up to 0xffffffffffffffff, found "
            "'0x10000000000000000'");
    refused("fwsim-models: 1\nperipherals:\n- base: 010\n",
            "m.yaml:3:9: expected a number up to 0xffffffffffffffff, found '010'");
    refused("fwsim-models: 1\nperipherals:\n- base: '1'\n",
            "m.yaml:3:9: expected a number up to 0xffffffffffffffff, found '1'");
    refused("fwsim-models: 1\nperipherals:\n- base: 0xfffffffffffffff0\n"
            "  size: 0x11\n",
            "m.yaml:4:9: 0xfffffffffffffff0+0x11 ends beyond the address space");
    refused(HEAD "- base: 0x4000000f\n  size: 1\n",
            "m.yaml:5:9: the peripheral at 0x4000000f overlaps 0x40000000+0x10");
    refused(HEAD "- base: 0x40000000\n  size: 1\n",
            "m.yaml:5:9: the base 0x40000000 is here twice");
    refused(HEAD "- base: 0x3ffffff0\n  size: 1\n",
            "m.yaml:5:9: expected an ascending base, found 0x3ffffff0 "
            "after 0x40000000");
}

static void mistakes_in_registers_are_named_with_their_place(void **state)
{
    (void)state;

    refused(HEAD "  registers: {}\n",
            "m.yaml:5:14: expected a list of registers, found a map");
    refused(HEAD "  registers:\n  - offset: 0x10\n    role: data\n",
            "m.yaml:4:9: expected a size of 0x14 at least, for all registers and "
            "sites; found 0x10");
    refused(HEAD "  registers:\n  - offset: 4\n    role: statsu\n",
            "m.yaml:7:11: expected a word for 'role', found 'statsu'; did you "
            "mean 'status'?");
    refused(REGISTER "    acess: none\n",
            "m.yaml:8:5: a register has no key 'acess'; did you mean 'access'?");
    refused(REGISTER "    access: maybe\n",
            "m.yaml:8:13: expected a word for 'access', found 'maybe'; there are "
            "none, read-only, write-only, read-write");
    refused(REGISTER "    width: 3\n",
            "m.yaml:8:12: expected a width of 1, 2 or 4 bytes, found 3");
    refused(REGISTER "    width: 8\n",
            "m.yaml:8:12: expected a number up to 4, found '8'");
    refused(REGISTER "    width: 1\n    reset: 0x100\n",
            "m.yaml:9:12: expected a value of 8 bits, found 0x100");
    refused(REGISTER "    confidence: 101\n",
            "m.yaml:8:17: expected a number up to 100, found '101'");
    refused(REGISTER "  - offset: 6\n    role: data\n",
            "m.yaml:8:13: the register at 0x6 overlaps the 4 bytes at 0x4");
    refused(REGISTER "  - offset: 4\n    role: data\n",
            "m.yaml:8:13: the offset 0x4 is here twice");
    refused(REGISTER "  - offset: 0\n    role: data\n",
            "m.yaml:8:13: expected an ascending offset, found 0x0 after "
            "0x4");
    refused(HEAD "  registers:\n  - offset: 0xfffffffe\n    role: data\n",
            "m.yaml:6:13: expected 4 bytes from the offset on, found 0xfffffffe");
}

static void mistakes_in_fields_are_named_with_their_place(void **state)
{
    (void)state;

    refused(FIELD "- { bits: 7-4, kind: stored }\n",
            "m.yaml:9:15: expected bits such as 3 or 4-7, up to 31, found '7-4'");
    refused(FIELD "- { bits: 32, kind: stored }\n",
            "m.yaml:9:15: expected bits such as 3 or 4-7, up to 31, found '32'");
    refused(FIELD "- { bits: 4-7, kind: stored }\n    - { bits: 7, kind: w1c }\n",
            "m.yaml:10:15: expected bits above 7, where the field before ends; "
            "found 7");
    refused(FIELD "- { bits: 4-5, kind: const, value: 4 }\n",
            "m.yaml:9:40: expected a value of 2 bits, found 0x4");
    refused(FIELD "- { bits: 4-5 }\n", "m.yaml:9:7: a field needs the key 'kind'");
    refused(FIELD "- { bits: 4, kind: w2c }\n",
            "m.yaml:9:24: expected a word for 'kind', found 'w2c'; did you mean "
            "'w1c'?");
    refused(FIELD "- { bits: 15-16, kind: stored }\n    width: 2\n",
            "m.yaml:9:15: expected bits below 16, as the register has; found 16");
}

static void mistakes_in_sites_and_channels_are_named_with_their_place(void **state)
{
    (void)state;

    refused(HEAD "  sites:\n  - pc: 2\n    offset: 0\n    values: []\n",
            "m.yaml:8:13: expected one value at least, found none");
    refused(HEAD "  sites:\n  - pc: 2\n    offset: 16\n    values: [1]\n",
            "m.yaml:4:9: expected a size of 0x11 at least, for all registers and "
            "sites; found 0x10");
    refused(HEAD "  sites:\n"
            "  - { pc: 2, state: 4, offset: 0, values: [1] }\n"
            "  - { pc: 2, state: 2, offset: 0, values: [1] }\n",
            "m.yaml:7:11: expected an ascending state, found 0x2 after 0x4");
    refused(HEAD "  interrupts:\n  - { line: 5 }\n  - { line: 5 }\n",
            "m.yaml:7:13: the line 0x5 is here twice");
    refused(HEAD "  dma:\n  - { address: 5, count: 0, control: 0 }\n",
            "m.yaml:6:5: a DMA channel needs the key 'direction'");
}

/* ------------------------------------------------------------------ */
/* Files                                                                */
/* ------------------------------------------------------------------ */

#define SAVED FWSIM_TEST_BINARY_DIR "/test_models_yaml.saved.yaml"

static void a_saved_file_can_be_read_and_nothing_lies_beside_it(void **state)
{
    fwsim__models *models = sample(), *back;
    char beside[300];
    (void)state;

    assert_int_equal(fwsim__models_save(models, SAVED, NULL, NULL, NULL), 0);
    assert_int_equal(fwsim__models_save(models, SAVED, NULL, NULL, NULL), 0);
    assert_int_equal(
        fwsim__models_read(&back, &(fwsim__text_source){ .name = SAVED }), 0);
    same_models(models, back);
    snprintf(beside, sizeof beside, SAVED ".%ld.tmp", (long)getpid());
    assert_int_equal(access(beside, F_OK), -1);
    assert_int_equal(remove(SAVED), 0);
    fwsim__models_free(models);
    fwsim__models_free(back);
}

static void a_full_disk_is_reported(void **state)
{
    fwsim__models *models = sample();
    log_lines *log = calloc(1, sizeof *log);
    (void)state;

    if (access("/dev/full", W_OK) != 0) {
        print_message("SKIPPED: there is no /dev/full here\n");
        skip();
    }
    assert_int_equal(
        fwsim__models_save(models, "/dev/full", NULL, log_collect, log),
        FWSIM_EIO);
    assert_non_null(log_find(log, FWSIM_TOPIC_GENERAL,
                             "/dev/full: cannot be written: No space left"));
    fwsim__models_free(models);
    free(log);
}

static void a_folder_that_does_not_exist_is_reported(void **state)
{
    fwsim__models *models = sample();
    log_lines *log = calloc(1, sizeof *log);
    (void)state;

    assert_int_equal(fwsim__models_save(models, "/nowhere/m.yaml", NULL,
                                        log_collect, log),
                     FWSIM_EIO);
    assert_non_null(log_find(log, FWSIM_TOPIC_GENERAL, "/nowhere/m.yaml"));
    fwsim__models_free(models);
    free(log);
}

static void a_file_that_cannot_be_read_is_reported(void **state)
{
    fwsim__models *models;
    (void)state;

    assert_int_equal(fwsim__models_read(&models, &(fwsim__text_source){
                         .name = "/nowhere/m.yaml" }), FWSIM_ENOENT);
    assert_null(models);
    assert_int_equal(fwsim__models_read(&models, &(fwsim__text_source){
                         .name = FWSIM_TEST_BINARY_DIR }), FWSIM_EIO);
    assert_null(models);
}

static void without_libyaml_a_file_is_refused(void **state)
{
    (void)state;

    refused_with("fwsim-models: 1\n", FWSIM_ENOTSUP,
                 "m.yaml: this fwsim was built without libyaml");
}

int main(void)
{
    const struct CMUnitTest without[] = {
        cmocka_unit_test(without_libyaml_a_file_is_refused),
    };
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_models_come_back_as_they_were_written),
        cmocka_unit_test(any_two_models_merge_into_one_that_can_be_read),
        cmocka_unit_test(text_that_is_no_utf8_becomes_replacement_characters),
        cmocka_unit_test(a_file_says_what_and_why_above_each_register),
        cmocka_unit_test(a_claim_without_a_source_is_the_users),
        cmocka_unit_test(a_comment_stays_a_comment_whatever_its_text),
        cmocka_unit_test(mistakes_in_the_file_are_named_with_their_place),
        cmocka_unit_test(damaged_yaml_is_named_with_its_place),
        cmocka_unit_test(mistakes_in_peripherals_are_named_with_their_place),
        cmocka_unit_test(mistakes_in_registers_are_named_with_their_place),
        cmocka_unit_test(mistakes_in_fields_are_named_with_their_place),
        cmocka_unit_test(
            mistakes_in_sites_and_channels_are_named_with_their_place),
        cmocka_unit_test(a_saved_file_can_be_read_and_nothing_lies_beside_it),
        cmocka_unit_test(a_full_disk_is_reported),
        cmocka_unit_test(a_folder_that_does_not_exist_is_reported),
        cmocka_unit_test(a_file_that_cannot_be_read_is_reported),
    };

#ifndef FWSIM_WITH_YAML
    (void)tests;
    print_message("SKIPPED: this fwsim was built without libyaml\n");
    return cmocka_run_group_tests(without, NULL, NULL) ? 1 : 77;
#else
    (void)without;
    return cmocka_run_group_tests(tests, NULL, NULL);
#endif
}
