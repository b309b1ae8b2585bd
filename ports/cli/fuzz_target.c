/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The machine of a campaign: boot, runs, coverage, words of comparisons. */
#include "fuzz.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const uint64_t boot_limit_ns = FWSIM_S(60);
static const uint64_t boot_instructions = 20000000;
static const uint64_t slice_ns = FWSIM_MS(1);
/* Firmware on inferred registers goes on for ever; and where nothing takes input,
 * all runs are alike. */
static const uint64_t stream_instructions = 500000;
static const uint64_t idle_instructions = 100000;
static const uint64_t learn_instructions = 1000000;
enum { LEARN_ROUNDS = 8, WORDS = 200, WORD_MAX = 32 };

static int failed(campaign *c, int err)
{
    return run_failed(&c->result, err, fwsim_errmsg(c->m));
}

/* ------------------------------------------------------------------ */
/* Coverage                                                             */
/* ------------------------------------------------------------------ */

static size_t lower_bound(const fuzz_blocks *b, uint64_t addr)
{
    size_t low = 0, high = b->count;

    while (low < high) {
        size_t middle = (low + high) / 2;

        if (b->list[middle] < addr)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void add_block(fuzz_blocks *b, uint64_t addr)
{
    size_t at = lower_bound(b, addr);
    uint64_t *more;

    if (at < b->count && b->list[at] == addr)
        return;
    if (b->count == b->room) {
        more = realloc(b->list, (b->room + 4096) * sizeof(*more));
        if (!more)
            return;
        b->list = more;
        b->room += 4096;
    }
    memmove(b->list + at + 1, b->list + at,
            (b->count++ - at) * sizeof(*b->list));
    b->list[at] = addr;
}

/* What a file calls a block may begin inside one of the engine. */
static void on_block(fwsim_machine *m, uint64_t pc, unsigned size, void *user)
{
    campaign *c = user;

    (void)m;
    if (c->recent[(pc >> 1) % FUZZ_RECENT] == pc)
        return;
    c->recent[(pc >> 1) % FUZZ_RECENT] = pc;
    add_block(&c->starts, pc);
    for (uint64_t at = pc; at < pc + size; at += 2)
        add_block(&c->covered, at);
}

/* ------------------------------------------------------------------ */
/* Boot                                                                 */
/* ------------------------------------------------------------------ */

static void reached(fwsim_machine *m, uint64_t pc, void *user)
{
    (void)pc;
    *(bool *)user = true;
    fwsim_request_stop(m);
}

static int boot_to_symbol(campaign *c, const char *name)
{
    const fwsim_symbol *s = fwsim_symbol_find(c->m, name);
    fwsim_limit limit = { .time_ns = boot_limit_ns };
    bool there = false;
    fwsim_stop stop;
    int id, err;

    if (!s) {
        c->result.code = CLI_USAGE;
        snprintf(c->result.message, sizeof(c->result.message),
                 "--boot-symbol: the images have no symbol \"%s\"", name);
        return c->result.code;
    }
    id = fwsim_on_code(c->m, s->addr, reached, &there);
    if (id < 0)
        return failed(c, id);
    err = fwsim_run(c->m, &limit, &stop);
    fwsim_unhook(c->m, id);
    if (err)
        return failed(c, err);
    if (there)
        return CLI_OK;
    c->result.code = CLI_NOT_SEEN;
    snprintf(c->result.message, sizeof(c->result.message),
             "the firmware does not reach %s: %s", name, stop.text);
    return c->result.code;
}

static uint64_t waiting(fwsim_machine *m)
{
    fwsim_infer_stream s;
    uint64_t most = 0;

    for (size_t i = 0; fwsim_infer_stream_get(m, i, &s); i++)
        most = s.waiting > most ? s.waiting : most;
    return most;
}

/* Would the firmware take a byte in the next slice? The machine goes there
 * without one, unless it would. */
static int next_slice(campaign *c, const char *stream, bool *takes,
                      fwsim_stop *stop)
{
    const fwsim_limit limit = { .time_ns = slice_ns };
    fwsim_snapshot *before;
    int err = fwsim_snapshot_take(c->m, &before);

    *takes = false;
    if (err)
        return err;
    err = fwsim_stream_feed(c->m, stream, "", 1);
    if (!err)
        err = fwsim_run(c->m, &limit, stop);
    if (!err) {
        *takes = waiting(c->m) == 0 && fwsim_infer_stream_get(
                     c->m, 0, &(fwsim_infer_stream){ 0 });
        err = fwsim_snapshot_restore(c->m, before);
    }
    fwsim_snapshot_free(before);
    return err || *takes ? err : fwsim_run(c->m, &limit, stop);
}

/* What takes no input within the boot begins at reset: then a run is the whole
 * of it. */
static int boot_to_stream(campaign *c, const char *stream)
{
    fwsim_stop stop = { .reason = FWSIM_STOP_LIMIT };
    fwsim_snapshot *reset;
    bool takes = false;
    int err = fwsim_snapshot_take(c->m, &reset);

    while (!err && !takes && stop.reason == FWSIM_STOP_LIMIT &&
           fwsim_instructions(c->m) <= boot_instructions)
        err = next_slice(c, stream, &takes, &stop);
    if (!err && !takes)
        err = fwsim_snapshot_restore(c->m, reset);
    c->no_input = !takes;
    fwsim_snapshot_free(reset);
    return err ? failed(c, err) : CLI_OK;
}

static int boot(campaign *c)
{
    const run_options *o = c->opt;
    int err;

    if (o->fuzz.boot_symbol)
        return boot_to_symbol(c, o->fuzz.boot_symbol);
    if (!o->faults.boot_text)
        return o->infer.on && !o->uart && !o->fuzz.buffer && !o->fuzz.function
                   ? boot_to_stream(c, o->fuzz.stream ? o->fuzz.stream : "")
                   : CLI_OK;
    err = fwsim_uart_expect(c->m, o->uart, o->faults.boot_text, boot_limit_ns);
    if (!err)
        return CLI_OK;
    failed(c, err);
    c->result.code = err == FWSIM_ETIMEDOUT ? CLI_NOT_SEEN : c->result.code;
    return c->result.code;
}

/* What is executed before the first run is covered by all of them. */
static int boot_covered(campaign *c)
{
    int id = fwsim_on_block(c->m, on_block, c);
    int err = boot(c);

    if (id > 0)
        fwsim_unhook(c->m, id);
    return err;
}

/*
 * What inference learns in a run is lost with it, and learning takes longer than
 * the run. So the campaign begins with a machine that learns from some input and
 * writes its models down: the machines that run inputs begin with them, here as
 * in each target and in `fwsim repro`.
 */
static int learn(campaign *c, const char *path)
{
    static const char input[] = "hello\n0123456789\r\n";
    const fwsim_limit limit = { .instructions = learn_instructions };
    fwsim_stop stop = { 0 };
    int err = run_prepare(&c->m, c->opt, &c->result);

    if (!err)
        err = boot(c);
    if (err)
        return c->result.code;
    for (unsigned i = 0; i < LEARN_ROUNDS && !err; i++) {
        err = fwsim_stream_feed(c->m, "", input, sizeof(input) - 1);
        if (!err)
            err = fwsim_run(c->m, &limit, &stop);
        if (stop.reason != FWSIM_STOP_LIMIT && stop.reason != FWSIM_STOP_IDLE)
            break; /* a crash: that much is known */
    }
    if (!err)
        err = fwsim_infer_save(c->m, path);
    if (err)
        failed(c, err);
    fwsim_free(c->m);
    c->m = NULL;
    return err ? c->result.code : CLI_OK;
}

static int begin_with_models(campaign *c)
{
    fuzz_path(c->models, c->folder, "models.yaml");
    if (access(c->models, R_OK) && learn(c, c->models) != CLI_OK)
        return c->result.code;
    c->opt->infer.how.models = c->models;
    return CLI_OK;
}

int fuzz_boot(campaign *c)
{
    run_options *o = c->opt;
    bool stream = !o->uart && !o->fuzz.buffer && !o->fuzz.function;
    fwsim_fuzz_options how = {
        .uart = o->uart,
        .stream = stream ? o->fuzz.stream ? o->fuzz.stream : "" : NULL,
        .buffer = o->fuzz.buffer,
        .length = o->fuzz.length,
        .function = o->fuzz.function,
        .instructions = o->limit,
        .time_ns = o->timeout_ns,
        .asserts = o->fuzz.asserts,
        .ends = o->fuzz.ends,
        .ram_execution = o->fuzz.ram_execution,
        .flash_writes = o->fuzz.flash_writes,
    };
    int err;

    if (!o->fuzz.hangs)
        how.tolerated = 1u << FWSIM_VERDICT_TIMEOUT | 1u << FWSIM_VERDICT_BUDGET;
    o->infer.on |= stream;
    o->machine.log_level = FWSIM_LOG_ERROR;
    if (stream && !o->infer.how.models && begin_with_models(c) != CLI_OK)
        return c->result.code;
    err = run_prepare(&c->m, o, &c->result);
    if (!err)
        err = boot_covered(c);
    if (err)
        return c->result.code;
    if (stream && !how.instructions)
        how.instructions = c->no_input ? idle_instructions : stream_instructions;
    err = fwsim_fuzz_new(&c->fuzz, c->m, &how);
    if (err == FWSIM_ENOENT || err == FWSIM_EINVAL || err == FWSIM_EFAULT) {
        c->result.code = CLI_USAGE;
        snprintf(c->result.message, sizeof(c->result.message), "%s",
                 fwsim_errmsg(c->m));
        return c->result.code;
    }
    return err ? failed(c, err) : CLI_OK;
}

void fuzz_end(campaign *c)
{
    fwsim_fuzz_free(c->fuzz);
    fwsim_free(c->m);
    for (size_t i = 0; i < c->finding_count; i++)
        free(c->findings[i].file);
    for (size_t i = 0; i < c->seen_count; i++)
        free(c->seen[i]);
    free(c->findings);
    free(c->seen);
    free(c->covered.list);
    free(c->starts.list);
}

/* ------------------------------------------------------------------ */
/* What a campaign has covered                                          */
/* ------------------------------------------------------------------ */

void fuzz_cover(campaign *c, const char *path)
{
    char *data = NULL;
    size_t size = 0;
    int id = fwsim_on_block(c->m, on_block, c);

    if (id > 0 && run_read_file(path, &data, &size) &&
        size <= fwsim_fuzz_max_size(c->fuzz))
        fwsim_fuzz_run(c->fuzz, data, size, NULL);
    if (id > 0)
        fwsim_unhook(c->m, id);
    free(data);
}

static void compare_blocks(campaign *c, char *text)
{
    fuzz_blocks wanted = { 0 };

    for (char *line = strtok(text, "\r\n"); line; line = strtok(NULL, "\r\n"))
        add_block(&wanted, strtoull(line, NULL, 16) & ~(uint64_t)1);
    c->wanted = wanted.count;
    for (size_t i = 0; i < wanted.count; i++) {
        size_t at = lower_bound(&c->covered, wanted.list[i]);

        c->wanted_covered += at < c->covered.count &&
                             c->covered.list[at] == wanted.list[i];
    }
    free(wanted.list);
}

int fuzz_blocks_write(campaign *c)
{
    char path[FUZZ_PATH], *text = NULL;
    size_t size = 0;
    FILE *out = fopen(fuzz_path(path, c->folder, "blocks.txt"), "w");

    if (!out)
        return cli_error(CLI_INPUT, "%s: %s", path, strerror(errno));
    for (size_t i = 0; i < c->starts.count; i++)
        fprintf(out, "%" PRIx64 "\n", c->starts.list[i]);
    if (fclose(out))
        return cli_error(CLI_INTERNAL, "%s: %s", path, strerror(errno));
    if (!c->opt->fuzz.blocks)
        return CLI_OK;
    if (!run_read_file(c->opt->fuzz.blocks, &text, &size)) {
        free(text);
        return cli_error(CLI_INPUT, "--blocks: %s: %s", c->opt->fuzz.blocks,
                         strerror(errno));
    }
    text = realloc(text, size + 1);
    if (text) {
        text[size] = '\0';
        compare_blocks(c, text);
    }
    free(text);
    return CLI_OK;
}

/* ------------------------------------------------------------------ */
/* Words                                                                */
/* ------------------------------------------------------------------ */

typedef struct words {
    uint8_t word[WORDS][WORD_MAX];
    uint8_t size[WORDS];
    unsigned count;
} words;

static void keep(words *w, const uint8_t *bytes, size_t size)
{
    if (size > WORD_MAX)
        size = WORD_MAX;
    for (unsigned i = 0; i < w->count; i++)
        if (w->size[i] == size && !memcmp(w->word[i], bytes, size))
            return;
    if (w->count == WORDS)
        return;
    memcpy(w->word[w->count], bytes, size);
    w->size[w->count++] = (uint8_t)size;
}

/* Firmware may take the bytes of a number in either order. */
static void compared(const uint8_t *a, const uint8_t *b, size_t size,
                     void *user)
{
    const uint8_t *both[] = { a, b };
    uint8_t turned[8];

    for (size_t i = 0; i < 2; i++) {
        keep(user, both[i], size);
        if (size > sizeof(turned))
            continue;
        for (size_t k = 0; k < size; k++)
            turned[k] = both[i][size - 1 - k];
        keep(user, turned, size);
    }
}

int fuzz_dictionary_write(campaign *c)
{
    static const char *const inputs[] = { "", "hello\n", "AAAAAAAAAAAAAAAA" };
    char path[FUZZ_PATH];
    words *w = calloc(1, sizeof(*w));
    FILE *out = fopen(fuzz_path(path, c->folder, "dictionary"), "w");

    if (!w || !out) {
        free(w);
        return cli_error(CLI_INPUT, "%s: %s", path, strerror(errno));
    }
    fwsim_fuzz_on_compare(c->fuzz, compared, w);
    for (size_t i = 0; i < sizeof(inputs) / sizeof(*inputs); i++)
        fwsim_fuzz_run(c->fuzz, inputs[i], strlen(inputs[i]), NULL);
    fwsim_fuzz_on_compare(c->fuzz, NULL, NULL);
    for (unsigned i = 0; i < w->count; i++) {
        fprintf(out, "w%u=\"", i);
        for (unsigned k = 0; k < w->size[i]; k++)
            fprintf(out, "\\x%02X", w->word[i][k]);
        fputs("\"\n", out);
    }
    if (!w->count)
        fputs("zero=\"\\x00\"\n", out); /* afl-fuzz refuses an empty one */
    free(w);
    return fclose(out) ? cli_error(CLI_INTERNAL, "%s: %s", path, strerror(errno))
                       : CLI_OK;
}
