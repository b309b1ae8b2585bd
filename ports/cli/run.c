/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `fwsim run`: the machine, its images and its log; and the command. */
#include "run.h"
#include "terminal.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* ------------------------------------------------------------------ */
/* Log                                                                  */
/* ------------------------------------------------------------------ */

static void put_log(const fwsim_log_entry *e, void *user)
{
    const run_options *opt = user;
    char time[48];

    /* The summary at the end has them, with counts. */
    if (e->topic == FWSIM_TOPIC_UNMODELLED && !opt->log_all)
        return;
    fflush(stdout);
    fprintf(stderr, "fwsim: %s: ", cli_level_name(e->level));
    if (e->origin && *e->origin)
        fprintf(stderr, "%s: ", e->origin);
    fprintf(stderr, "%s (at %s", e->text,
            cli_format_time(e->time_ns, time, sizeof(time)));
    if (e->has_pc)
        fprintf(stderr, ", pc 0x%08" PRIx64, e->pc);
    fputs(")\n", stderr);
}

/* ------------------------------------------------------------------ */
/* Preparation                                                          */
/* ------------------------------------------------------------------ */

int run_failed(run_result *result, int code, const char *text)
{
    snprintf(result->message, sizeof(result->message), "%s",
             *text ? text : fwsim_strerror(code));
    result->code = code == FWSIM_ENOMEM || code == FWSIM_ECPU ? CLI_INTERNAL
                                                              : CLI_INPUT;
    return result->code;
}

static fwsim_image_options how_to_read(const run_options *opt,
                                       const run_image *file,
                                       cli_last_error *error)
{
    return (fwsim_image_options){
        .has_base = file->has_base || opt->has_base,
        .base = file->has_base ? file->base : opt->base,
        .log = cli_keep_error,
        .log_user = error
    };
}

static int load(fwsim_machine *m, const run_options *opt, const run_image *file,
                run_result *result)
{
    cli_last_error error = { 0 };
    fwsim_image_options how = how_to_read(opt, file, &error);
    fwsim_image *image;
    int err = fwsim_image_open(&image, file->path, &how);

    if (err)
        return run_failed(result, err, error.text);
    if (file->has_base && fwsim_image_format(image) != FWSIM_FORMAT_BIN) {
        result->code = CLI_USAGE;
        snprintf(result->message, sizeof(result->message),
                 "%s@0x%" PRIx64 ": an image in the format %s says itself "
                 "where it lies", file->path, file->base,
                 cli_format_name(fwsim_image_format(image)));
        fwsim_image_free(image);
        return result->code;
    }
    fwsim_image_free(image);
    err = fwsim_load(m, file->path, &how);
    return err ? run_failed(result, err, fwsim_errmsg(m)) : CLI_OK;
}

/* A board of no certain chip gets the memories of the first image; what the
 * user says of the address map is for every board. */
static int make_board(run_options *opt, run_result *result)
{
    const fwsim_map map = { opt->map.memory, opt->map.regions,
                            opt->map.vectors, opt->map.has_vectors };
    cli_last_error error = { 0 };
    fwsim_image_options how = how_to_read(opt, &opt->images[0], &error);
    fwsim_image *image;
    int err;

    if (!opt->board->soc->generic && !opt->map.memory_count &&
        !opt->map.region_count && !opt->map.has_vectors)
        return CLI_OK;
    err = fwsim_image_open(&image, opt->images[0].path, &how);
    if (err)
        return run_failed(result, err, error.text);
    err = fwsim_board_for_image(&opt->made, opt->board, image, &map);
    fwsim_image_free(image);
    if (err)
        return run_failed(result, err, err == FWSIM_ENOENT
                      ? "the image has no vector table; say with --vectors "
                        "where the core finds one" : "");
    opt->board = opt->made;
    return CLI_OK;
}

/* The whole file. @return false with errno set */
static bool read_all(FILE *in, char **data, size_t *size)
{
    size_t capacity = 0;

    do {
        char *grown = *data;

        if (*size == capacity) {
            capacity = capacity ? 2 * capacity : 4096;
            grown = realloc(*data, capacity);
            if (!grown)
                return false;
            *data = grown;
        }
        *size += fread(*data + *size, 1, capacity - *size, in);
    } while (!feof(in) && !ferror(in));
    return !ferror(in);
}

bool run_read_file(const char *path, char **data, size_t *size)
{
    bool is_stdin = !strcmp(path, "-");
    FILE *in = is_stdin ? stdin : fopen(path, "rb");
    bool ok = in && read_all(in, data, size);

    if (in && !is_stdin)
        fclose(in);
    return ok;
}

static int read_input(run_options *opt, run_result *result)
{
    if (!run_read_file(opt->input, &opt->input_data, &opt->input_size)) {
        result->code = CLI_INPUT;
        snprintf(result->message, sizeof(result->message),
                 "cannot read the input %s: %s", opt->input, strerror(errno));
    }
    return result->code;
}

static int open_sources(run_options *opt, run_result *result)
{
    result->code = infer_sources_open(&opt->infer);
    if (result->code != CLI_OK)
        snprintf(result->message, sizeof(result->message),
                 "the bundles cannot be used");
    return result->code;
}

int run_prepare(fwsim_machine **m, run_options *opt, run_result *result)
{
    fwsim_options options = opt->machine;
    int err = make_board(opt, result);

    if (err)
        return err;
    options.log = put_log;
    options.log_user = opt;
    err = fwsim_new(m, opt->board, &options);
    if (err)
        return run_failed(result, err, ""); /* the log has it */
    for (size_t i = 0; i < opt->image_count && !err; i++)
        err = load(*m, opt, &opt->images[i], result);
    if (!err && opt->infer.on)
        err = open_sources(opt, result);
    if (!err && opt->infer.on)
        err = infer_begin(*m, opt, result);
    return !err && opt->input ? read_input(opt, result) : err;
}

/* ------------------------------------------------------------------ */
/* The command                                                          */
/* ------------------------------------------------------------------ */

static int run(run_options *opt)
{
    run_result result = { 0 };
    fwsim_machine *m = NULL;

    if (run_prepare(&m, opt, &result) == 0) {
        run_session(m, opt, &result);
        infer_consult(m, &opt->infer);
        if (opt->infer.output)
            infer_save(m, opt, &result);
    } else {
        fwsim_free(m);
        m = NULL;
    }
    cli_message("%s", result.message);
    if (opt->json)
        run_report_json(m, opt, &result);
    else if (m)
        run_report_text(m, opt, &result);
    fwsim_free(m);

    fflush(stdout);
    if (result.code > 128)
        terminal_die(result.code - 128);
    return result.code;
}

static int read_and_run(run_options *opt, int argc, char **argv)
{
    bool done = false;
    int code = run_options_read(opt, argc, argv, &done);

    if (code == CLI_OK && !done)
        code = run(opt);
    run_options_free(opt);
    return code;
}

int run_main(int argc, char **argv)
{
    return read_and_run(&(run_options){ 0 }, argc, argv);
}

int infer_main(int argc, char **argv)
{
    return read_and_run(
        &(run_options){ .infer = { .on = true, .command = true } }, argc, argv);
}
