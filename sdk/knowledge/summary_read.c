/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reads summaries. They are JSON, which is YAML: the tables are the schema.
 */
#include "infer/model_yaml.h"
#include "knowledge/knowledge.h"

#include <stdlib.h>

enum { SUMMARY_VERSION = 1 };

void fwsim__summary_free(fwsim__summary *s)
{
    free(s->blocks);
    *s = (fwsim__summary){ 0 };
}

#ifndef FWSIM_WITH_YAML

int fwsim__summary_read(fwsim__summary *out, const char *text, size_t size,
                        fwsim_log_fn log, void *log_user)
{
    const fwsim__text_source source = { "summary", text, size, log, log_user };

    *out = (fwsim__summary){ 0 };
    return fwsim__yaml_parse(&source, NULL, NULL);
}

#else

#define NUMBER(type, member, limit)                                            \
    .read = fwsim__yaml_number, FWSIM__YAML_MEMBER(type, member), .max = (limit)
#define BITS(name, member)                                                     \
    { name, NUMBER(fwsim__asked, member, UINT32_MAX) }

/** What others may add is passed over. */
static int pass_list(fwsim__yaml *y, void *into)
{
    uint64_t unused;

    (void)into;
    return fwsim__yaml_value(y, UINT64_MAX, &unused);
}

static int pass_lines(fwsim__yaml *y, const fwsim__yaml_key *key, void *into)
{
    (void)key;
    return fwsim__yaml_list(y, "lines", pass_list, into);
}

static int pass_text(fwsim__yaml *y, const fwsim__yaml_key *key, void *into)
{
    const char *text;

    (void)key;
    (void)into;
    return fwsim__yaml_scalar(y, "a text", &text);
}

static int read_register(fwsim__yaml *y, void *into)
{
    static const fwsim__yaml_key keys[] = {
        { "offset", NUMBER(fwsim__asked, offset, FWSIM__KNOW_WINDOW - 1),
          .required = true },
        { "width", NUMBER(fwsim__asked, width, 8), .required = true },
        { "reads", NUMBER(fwsim__asked, reads, UINT32_MAX), .required = true },
        { "writes", NUMBER(fwsim__asked, writes, UINT32_MAX),
          .required = true },
        BITS("tested", tested),
        BITS("awaits-ones", ones),
        BITS("awaits-zeros", zeros),
        BITS("awaits-both", both),
        BITS("acknowledges", acknowledged),
        BITS("poll", poll),
        BITS("in-handler", handled),
        { "function", pass_text },
        { 0 }
    };
    fwsim__asked_block *b = into;
    fwsim__text_mark marks[FWSIM__YAML_KEYS], mark;
    int err = fwsim__yaml_mark_next(y, &mark);

    if (!err && b->count == FWSIM__SUMMARY_REGISTERS)
        err = fwsim__yaml_fail(y, mark, FWSIM_EFORMAT,
                               "expected %d registers of a block at most",
                               FWSIM__SUMMARY_REGISTERS);
    if (err)
        return err;
    err = fwsim__yaml_map(y, "a register", keys, &b->registers[b->count],
                          marks, false);
    for (size_t i = 0; !err && i < b->count; i++) {
        if (b->registers[i].offset == b->registers[b->count].offset)
            err = fwsim__yaml_fail(y, mark, FWSIM_EFORMAT,
                                   "the register at offset 0x%x is there twice",
                                   b->registers[i].offset);
    }
    b->count++;
    return err;
}

static int read_registers(fwsim__yaml *y, const fwsim__yaml_key *key, void *into)
{
    (void)key;
    return fwsim__yaml_list(y, "registers", read_register, into);
}

static int read_base(fwsim__yaml *y, const fwsim__yaml_key *key, void *into)
{
    ((fwsim__asked_block *)into)->has_base = true;
    return fwsim__yaml_number(y, key, into);
}

static int read_block(fwsim__yaml *y, void *into)
{
    static const fwsim__yaml_key keys[] = {
        { "block", NUMBER(fwsim__asked_block, block, UINT16_MAX),
          .required = true },
        { "interrupts", NUMBER(fwsim__asked_block, interrupts, UINT16_MAX) },
        { "base", read_base, FWSIM__YAML_MEMBER(fwsim__asked_block, base),
          .max = UINT64_MAX },
        { "lines", pass_lines },
        { "registers", read_registers, .required = true },
        { 0 }
    };
    fwsim__summary *s = into;
    fwsim__text_mark marks[FWSIM__YAML_KEYS], mark;
    int err = fwsim__yaml_mark_next(y, &mark);

    if (!err && s->count == FWSIM_SUMMARY_BLOCKS_MAX)
        err = fwsim__yaml_fail(y, mark, FWSIM_EFORMAT,
                               "expected %d blocks at most",
                               FWSIM_SUMMARY_BLOCKS_MAX);
    if (err)
        return err;
    return fwsim__yaml_map(y, "a block", keys, &s->blocks[s->count++], marks,
                           false);
}

static int read_blocks(fwsim__yaml *y, const fwsim__yaml_key *key, void *into)
{
    (void)key;
    return fwsim__yaml_list(y, "blocks", read_block, into);
}

static int read_version(fwsim__yaml *y, const fwsim__yaml_key *key, void *into)
{
    fwsim__text_mark mark;
    uint64_t version;
    int err = fwsim__yaml_mark_next(y, &mark);

    (void)into;
    if (!err)
        err = fwsim__yaml_value(y, key->max, &version);
    if (!err && version != SUMMARY_VERSION)
        err = fwsim__yaml_fail(y, mark, FWSIM_ENOTSUP,
                               "expected version %d of summaries",
                               SUMMARY_VERSION);
    return err;
}

static int read_summary(fwsim__yaml *y, void *into)
{
    static const fwsim__yaml_key keys[] = {
        { "fwsim-summary", read_version, .max = UINT32_MAX, .required = true },
        { "cpu", pass_text },
        { "blocks", read_blocks, .required = true },
        { 0 }
    };
    fwsim__text_mark marks[FWSIM__YAML_KEYS];

    return fwsim__yaml_map(y, "a summary", keys, into, marks, false);
}

int fwsim__summary_read(fwsim__summary *out, const char *text, size_t size,
                        fwsim_log_fn log, void *log_user)
{
    const fwsim__text_source source = { "summary", text, size, log, log_user };

    *out = (fwsim__summary){ 0 };
    out->blocks = calloc(FWSIM_SUMMARY_BLOCKS_MAX, sizeof *out->blocks);
    return out->blocks ? fwsim__yaml_parse(&source, read_summary, out)
                       : FWSIM_ENOMEM;
}

#endif
