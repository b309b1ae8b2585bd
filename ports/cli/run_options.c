/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `fwsim run` and `fwsim infer`: the command line. */
#include "fwsim_periph.h"
#include "bundle.h"
#include "run.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A word of an option and the value it stands for. Ends without a word. */
typedef struct choice {
    const char *word;
    int value;
} choice;

static const choice policies[] = {
    { "warn", FWSIM_POLICY_WARN },
    { "ignore", FWSIM_POLICY_IGNORE },
    { "fail", FWSIM_POLICY_FAIL },
    { NULL, 0 }
};
static const choice faults[] = {
    { "stop", false }, { "deliver", true }, { NULL, 0 }
};
static const choice levels[] = {
    { "error", FWSIM_LOG_ERROR },
    { "warn", FWSIM_LOG_WARN },
    { "info", FWSIM_LOG_INFO },
    { "debug", FWSIM_LOG_DEBUG },
    { NULL, 0 }
};

static const char *choice_name(const void *choices, size_t index)
{
    return ((const choice *)choices)[index].word;
}

static int choose(const cli_option *o, const char *text, const choice *choices,
                  int *value)
{
    char hint[128];

    for (const choice *c = choices; c->word; c++) {
        if (!strcmp(c->word, text)) {
            *value = c->value;
            return CLI_OK;
        }
    }
    cli_hint(text, choice_name, choices, hint, sizeof(hint));
    cli_message("--%s: no such choice: \"%s\"%s", o->name, text, hint);
    for (const choice *c = choices; c->word; c++)
        fprintf(stderr, "  %s\n", c->word);
    return CLI_USAGE;
}

static int number(const cli_option *o, const char *text,
                  const char *(*parse)(const char *, uint64_t *),
                  uint64_t *value)
{
    const char *wrong = parse(text, value);

    if (wrong)
        return cli_error(CLI_USAGE, "--%s: \"%s\" %s", o->name, text, wrong);
    return CLI_OK;
}

static int text_init(const cli_option *o, const char *text, watch *w)
{
    if (!*text)
        return cli_error(CLI_USAGE, "--%s: the text is empty", o->name);
    if (!watch_init(w, text))
        return cli_error(CLI_INTERNAL, "out of memory");
    return CLI_OK;
}

static int text_add(const cli_option *o, const char *text, run_texts *texts)
{
    int code = text_init(o, text, &texts->list[texts->count]);

    if (code == CLI_OK)
        texts->count++;
    return code;
}

/* FILE, or FILE@ADDRESS unless a file has just that name. */
static int image_add(run_options *opt, const char *arg)
{
    run_image *image = &opt->images[opt->image_count];
    char *at = strrchr(arg, '@');

    image->path = arg;
    if (at && isdigit((unsigned char)at[1]) && access(arg, F_OK) != 0) {
        const char *wrong = cli_parse_uint(at + 1, &image->base);

        if (wrong)
            return cli_error(CLI_USAGE, "%s: \"%s\" %s", arg, at + 1, wrong);
        /* The arguments of main may be changed (C11 5.1.2.2.1). */
        *at = '\0';
        image->has_base = true;
    }
    opt->image_count++;
    return CLI_OK;
}

/* "--ram 1": messages name the row of a board that is wrong. */
static const char *name_row(run_map *map, const char *option)
{
    size_t index = map->memory_count + map->region_count;

    snprintf(map->names[index], sizeof(map->names[index]), "--%s %zu", option,
             index + 1);
    return map->names[index];
}

static int map_add(const cli_option *o, const char *value, run_map *map)
{
    fwsim_range r;
    const char *wrong = cli_parse_range(value, &r);
    const char *name;

    if (wrong)
        return cli_error(CLI_USAGE, "--%s: \"%s\" %s", o->name, value, wrong);
    name = name_row(map, o->name);
    if (o->id == RUN_MMIO)
        map->regions[map->region_count++] = (fwsim_region){ name, r.addr,
                                                            r.size, 0 };
    else
        map->memory[map->memory_count++] = (fwsim_memory){
            .name = name, .base = r.addr, .size = r.size,
            .kind = o->id == RUN_RAM   ? FWSIM_MEM_RAM
                    : o->id == RUN_ROM ? FWSIM_MEM_ROM
                                       : FWSIM_MEM_FLASH
        };
    return CLI_OK;
}

static int set_choice(const cli_option *o, const char *value, run_options *opt)
{
    int chosen = 0;
    int code = choose(o, value,
                      o->id == RUN_POLICY   ? policies
                      : o->id == RUN_FAULTS ? faults
                                            : levels,
                      &chosen);

    if (code != CLI_OK)
        return code;
    if (o->id == RUN_POLICY) {
        opt->machine.policy = (fwsim_policy)chosen;
    } else if (o->id == RUN_FAULTS) {
        opt->machine.deliver_faults = chosen;
    } else {
        opt->machine.log_level = (fwsim_level)chosen;
        opt->log_all = true;
    }
    return CLI_OK;
}

/* What is said of registers that nobody models. */
static int set_infer(const cli_option *o, const char *value, run_infer *infer)
{
    infer->on = true;
    switch (o->id) {
    case RUN_MODELS:
        infer->how.models = value;
        break;
    case RUN_SVD:
        infer->how.svd = value;
        break;
    case RUN_FUZZWARE:
        infer->how.fuzzware = value;
        break;
    case RUN_FROZEN:
        infer->how.frozen = true;
        break;
    case RUN_IRQ_PERIOD:
        return number(o, value, cli_parse_count, &infer->how.irq_period);
    default: /* RUN_INFER */
        break;
    }
    return CLI_OK;
}

/* What `fwsim faults` is told; the texts are those of the serial port. */
static int set_faults(const cli_option *o, const char *value, run_faults *f)
{
    const char **texts[] = {
        [RUN_BOOT_TEXT - RUN_BOOT_TEXT] = &f->boot_text,
        [RUN_OK_TEXT - RUN_BOOT_TEXT] = &f->ok_text,
        [RUN_DETECTED_TEXT - RUN_BOOT_TEXT] = &f->detected_text,
        [RUN_WRONG_TEXT - RUN_BOOT_TEXT] = &f->wrong_text,
    };

    switch (o->id) {
    case RUN_SWEEP:
        f->sweeps[f->sweep_count++] = value;
        break;
    case RUN_CASE:
        f->only = value;
        break;
    case RUN_KINDS:
        f->kinds = true;
        break;
    case RUN_COMPARE:
        f->compare = true;
        break;
    default:
        if (!*value)
            return cli_error(CLI_USAGE, "--%s: the text is empty", o->name);
        *texts[o->id - RUN_BOOT_TEXT] = value;
    }
    return CLI_OK;
}

static int set_input(run_options *opt, const char *value)
{
    if (opt->infer.command || infer_is_stream(value))
        return infer_add_stream(&opt->infer, value);
    opt->input = value;
    return CLI_OK;
}

/* What `fwsim fuzz` is told. */
static int set_fuzz(const cli_option *o, const char *value, run_fuzz *f)
{
    switch (o->id) {
    case RUN_STREAM:
        f->stream = value;
        break;
    case RUN_BUFFER:
        f->buffer = value;
        break;
    case RUN_LENGTH:
        f->length = value;
        break;
    case RUN_FUNCTION:
        f->function = value;
        break;
    case RUN_BOOT_SYMBOL:
        f->boot_symbol = value;
        break;
    case RUN_JOBS:
        return number(o, value, cli_parse_count, &f->jobs);
    case RUN_DURATION:
        return number(o, value, cli_parse_time, &f->duration_ns);
    case RUN_SEEDS:
        f->seeds = value;
        break;
    case RUN_BLOCKS:
        f->blocks = value;
        break;
    case RUN_ASSERT:
        f->asserts[f->assert_count++] = value;
        break;
    case RUN_END:
        f->ends[f->end_count++] = value;
        break;
    case RUN_HANGS:
        f->hangs = true;
        break;
    case RUN_RAM_EXECUTION:
        f->ram_execution = true;
        break;
    default: /* RUN_FLASH_WRITES */
        f->flash_writes = true;
        break;
    }
    return CLI_OK;
}

static int set_option(const cli_option *o, const char *value, void *user)
{
    run_options *opt = user;

    if (!o)
        return image_add(opt, value);
    if (o->id >= TRUST_DIR) {
        opt->infer.on = true;
        return infer_source_option(&opt->infer, o, value);
    }
    switch (o->id) {
    case RUN_INFER:
    case RUN_MODELS:
    case RUN_SVD:
    case RUN_FUZZWARE:
    case RUN_FROZEN:
    case RUN_IRQ_PERIOD:
        return set_infer(o, value, &opt->infer);
    case RUN_SWEEP:
    case RUN_CASE:
    case RUN_KINDS:
    case RUN_COMPARE:
    case RUN_BOOT_TEXT:
    case RUN_OK_TEXT:
    case RUN_DETECTED_TEXT:
    case RUN_WRONG_TEXT:
        return set_faults(o, value, &opt->faults);
    case RUN_STREAM:
    case RUN_BUFFER:
    case RUN_LENGTH:
    case RUN_FUNCTION:
    case RUN_BOOT_SYMBOL:
    case RUN_JOBS:
    case RUN_DURATION:
    case RUN_SEEDS:
    case RUN_BLOCKS:
    case RUN_ASSERT:
    case RUN_END:
    case RUN_HANGS:
    case RUN_RAM_EXECUTION:
    case RUN_FLASH_WRITES:
        return set_fuzz(o, value, &opt->fuzz);
    case RUN_OUTPUT:
        if (opt->fuzz.command)
            opt->fuzz.output = value;
        else
            opt->infer.output = value;
        break;
    case RUN_BOARD:
        opt->board = cli_board(value);
        return opt->board ? CLI_OK : CLI_USAGE;
    case RUN_BASE:
        opt->has_base = true;
        return number(o, value, cli_parse_uint, &opt->base);
    case RUN_FLASH:
    case RUN_ROM:
    case RUN_RAM:
    case RUN_MMIO:
        return map_add(o, value, &opt->map);
    case RUN_VECTORS:
        opt->map.has_vectors = true;
        return number(o, value, cli_parse_uint, &opt->map.vectors);
    case RUN_UART:
        opt->uart = value;
        break;
    case RUN_INTERACTIVE:
        opt->interactive = true;
        break;
    case RUN_INPUT:
        return set_input(opt, value);
    case RUN_INPUT_AFTER:
        watch_free(&opt->input_after);
        return text_init(o, value, &opt->input_after);
    case RUN_EXPECT:
        return text_add(o, value, &opt->expected);
    case RUN_FAIL:
        return text_add(o, value, &opt->failed);
    case RUN_TIMEOUT:
        return number(o, value, cli_parse_time, &opt->timeout_ns);
    case RUN_LIMIT:
        return number(o, value, cli_parse_count, &opt->limit);
    case RUN_JSON:
        opt->json = true;
        break;
    case RUN_FINGERPRINT:
        opt->fingerprint = true;
        break;
    case RUN_SEED:
        return number(o, value, cli_parse_uint, &opt->machine.seed);
    case RUN_STOP_AT_RESET:
        opt->machine.stop_at_reset = true;
        break;
    case RUN_SEMIHOSTING:
        opt->machine.semihosting = true;
        break;
    case RUN_ARGS:
        opt->machine.semihosting_args = value;
        break;
    case RUN_DIR:
        opt->machine.semihosting_dir = value;
        break;
    default:
        return set_choice(o, value, opt);
    }
    return CLI_OK;
}

/* ------------------------------------------------------------------ */
/* The serial port                                                      */
/* ------------------------------------------------------------------ */

size_t run_consoles(const run_options *opt, const char **names)
{
    size_t count = 0;

    if (opt->uart || opt->board->console)
        names[count++] = opt->uart ? opt->uart : opt->board->console;
    if (opt->machine.semihosting && !opt->uart)
        names[count++] = RUN_SEMIHOSTING_UART;
    return count;
}

/* The serial ports of a board, wherever they sit. */
static const char *uart_name(const void *board, size_t index)
{
    const fwsim_board *b = board;
    const fwsim_slot *tables[] = { b->soc->periph, b->parts };

    for (size_t i = 0; i < 2; i++) {
        for (const fwsim_slot *s = tables[i]; s && s->name; s++) {
            if (s->type->uart && index-- == 0)
                return s->name;
        }
    }
    return NULL;
}

/* Every M profile core but those of Armv6-M brings the line of its ITM. */
static bool has_itm(const fwsim_board *board)
{
    const char *cpu = board->soc->cpu;

    return cpu && !strncmp(cpu, "cortex-m", 8) && cpu[8] != '0';
}

static int check_uart(const run_options *opt)
{
    const char *name, *names[RUN_CONSOLES_MAX];
    char hint[128];

    if (!opt->uart) {
        if (!run_consoles(opt, names) &&
            (opt->input || opt->expected.count || opt->failed.count))
            return cli_error(CLI_USAGE, "board %s has no console; say which "
                             "serial port with --uart", opt->board->name);
        return CLI_OK;
    }
    for (size_t i = 0; (name = uart_name(opt->board, i)); i++) {
        if (!strcmp(name, opt->uart))
            return CLI_OK;
    }
    if (!strcmp(opt->uart, RUN_SEMIHOSTING_UART) && opt->machine.semihosting)
        return CLI_OK;
    if (!strcmp(opt->uart, RUN_ITM_UART) && has_itm(opt->board))
        return CLI_OK;
    cli_hint(opt->uart, uart_name, opt->board, hint, sizeof(hint));
    cli_message("board %s has no serial port \"%s\"%s", opt->board->name,
                opt->uart, hint);
    for (size_t i = 0; (name = uart_name(opt->board, i)); i++)
        fprintf(stderr, "  %s\n", name);
    return CLI_USAGE;
}

/* ------------------------------------------------------------------ */
/* The whole                                                            */
/* ------------------------------------------------------------------ */

static int check_faults(const run_options *opt)
{
    const run_faults *f = &opt->faults;

    if (!f->sweep_count && !f->only)
        return cli_error(CLI_USAGE, "which faults? Say --sweep PATTERN or "
                                    "--case ID; --kinds lists them");
    if (f->sweep_count && f->only)
        return cli_error(CLI_USAGE, "--sweep and --case exclude each other");
    if (!f->ok_text && !opt->machine.semihosting)
        return cli_error(CLI_USAGE, "when is a case ok? Say --ok-text TEXT, or "
                                    "--semihosting for firmware that ends "
                                    "itself");
    if (opt->json && f->only)
        return cli_error(CLI_USAGE, "--json is of a sweep, not of --case");
    return CLI_OK;
}

static int check_fuzz(const run_options *opt)
{
    const run_fuzz *f = &opt->fuzz;

    if (!f->output)
        return cli_error(CLI_USAGE, "where to? Say -o FOLDER; a campaign that "
                                    "is there already goes on");
    if (!!opt->uart + !!f->stream + !!f->buffer > 1)
        return cli_error(CLI_USAGE, "--uart, --stream and --buffer exclude each "
                                    "other: input goes one way");
    if (f->length && !f->buffer)
        return cli_error(CLI_USAGE, "--length has a meaning with --buffer only");
    if (f->jobs > 64)
        return cli_error(CLI_USAGE, "--jobs: at most 64");
    return CLI_OK;
}

static int check(run_options *opt)
{
    bool has_end = opt->input || opt->expected.count || opt->failed.count ||
                   opt->timeout_ns || opt->limit || opt->json;

    if (opt->faults.kinds)
        return CLI_OK;
    if (!opt->board)
        return cli_error(CLI_USAGE, "which board? Say it with --board NAME; "
                                    "\"fwsim boards\" lists them");
    if (!opt->image_count)
        return cli_error(CLI_USAGE, "which firmware? Name at least one image");
    if (opt->infer.stream_count && !opt->infer.on)
        return cli_error(CLI_USAGE, "--input STREAM=FILE feeds a register that "
                                    "inference serves; say --infer, or "
                                    "--models FILE");
    if (opt->json && opt->infer.output && !strcmp(opt->infer.output, "-"))
        return cli_error(CLI_USAGE, "--json and -o - exclude each other: both "
                                    "want standard output");
    if (opt->infer.output) {
        int code = infer_check_output(opt->infer.output);

        if (code != CLI_OK)
            return code;
    }
    if (opt->interactive && opt->json)
        return cli_error(CLI_USAGE, "--interactive and --json exclude each "
                                    "other: both want standard output");
    if (opt->interactive && !isatty(STDIN_FILENO))
        return cli_error(CLI_USAGE, "--interactive: standard input is no "
                                    "terminal");
    if (opt->input_after.text && !opt->input)
        return cli_error(CLI_USAGE, "--input-after waits to send what --input "
                                    "names, which is absent");
    if ((opt->machine.semihosting_args || opt->machine.semihosting_dir) &&
        !opt->machine.semihosting)
        return cli_error(CLI_USAGE, "--args and --dir have a meaning with "
                                    "--semihosting only");
    if (opt->faults.command && check_faults(opt) != CLI_OK)
        return CLI_USAGE;
    if (opt->fuzz.command && check_fuzz(opt) != CLI_OK)
        return CLI_USAGE;
    if (!has_end && !opt->infer.command && !opt->faults.command &&
        !opt->fuzz.command &&
        isatty(STDIN_FILENO))
        opt->interactive = true;
    return check_uart(opt);
}

static bool allocate(run_options *opt, size_t count)
{
    opt->images = calloc(count, sizeof(*opt->images));
    opt->expected.list = calloc(count, sizeof(*opt->expected.list));
    opt->failed.list = calloc(count, sizeof(*opt->failed.list));
    opt->map.memory = calloc(count + 1, sizeof(*opt->map.memory));
    opt->map.regions = calloc(count + 1, sizeof(*opt->map.regions));
    opt->map.names = calloc(count, sizeof(*opt->map.names));
    opt->infer.streams = calloc(count, sizeof(*opt->infer.streams));
    opt->faults.sweeps = calloc(count, sizeof(*opt->faults.sweeps));
    opt->fuzz.asserts = calloc(count + 1, sizeof(*opt->fuzz.asserts));
    opt->fuzz.ends = calloc(count + 1, sizeof(*opt->fuzz.ends));
    return opt->images && opt->fuzz.asserts && opt->fuzz.ends &&
           opt->faults.sweeps && opt->infer.streams && opt->expected.list &&
           opt->failed.list && opt->map.memory && opt->map.regions &&
           opt->map.names;
}

int run_options_read(run_options *opt, int argc, char **argv, bool *done)
{
    int code;

    opt->machine.log_level = FWSIM_LOG_WARN;
    if (!allocate(opt, (size_t)argc))
        return cli_error(CLI_INTERNAL, "out of memory");
    code = cli_parse(cli_command_find(opt->infer.command    ? "infer"
                                      : opt->faults.command ? "faults"
                                      : opt->fuzz.command   ? "fuzz"
                                                            : "run"),
                     argc, argv, set_option, opt, done);
    return code == CLI_OK && !*done ? check(opt) : code;
}

static void texts_free(run_texts *texts)
{
    for (size_t i = 0; i < texts->count; i++)
        watch_free(&texts->list[i]);
    free(texts->list);
}

void run_options_free(run_options *opt)
{
    texts_free(&opt->expected);
    texts_free(&opt->failed);
    watch_free(&opt->input_after);
    free(opt->images);
    free(opt->input_data);
    free(opt->map.memory);
    free(opt->map.regions);
    free(opt->map.names);
    free(opt->infer.streams);
    infer_sources_free(opt->infer.sources);
    free(opt->faults.sweeps);
    free(opt->fuzz.asserts);
    free(opt->fuzz.ends);
    fwsim_board_free(opt->made);
}

watch *run_next_expected(const run_options *opt)
{
    for (size_t i = 0; i < opt->expected.count; i++) {
        if (!opt->expected.list[i].seen)
            return &opt->expected.list[i];
    }
    return NULL;
}

const watch *run_failed_text(const run_options *opt)
{
    for (size_t i = 0; i < opt->failed.count; i++) {
        if (opt->failed.list[i].seen)
            return &opt->failed.list[i];
    }
    return NULL;
}
