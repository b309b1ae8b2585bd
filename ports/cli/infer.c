/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Inference in a run: streams, progress, the file of models. */
#include "run.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const uint64_t idle_ns = FWSIM_S(1);

/* ------------------------------------------------------------------ */
/* Streams                                                              */
/* ------------------------------------------------------------------ */

bool infer_is_stream(const char *text)
{
    return text[0] == '=' ||
           (isdigit((unsigned char)text[0]) && strchr(text, '='));
}

/* The register of STREAM=FILE. @return false: it is no number */
static bool parse_address(const char *text, uint64_t *addr)
{
    char digits[24];
    size_t length = strcspn(text, "=");

    if (length >= sizeof(digits))
        return false;
    memcpy(digits, text, length);
    digits[length] = '\0';
    return !cli_parse_uint(digits, addr);
}

int infer_add_stream(run_infer *infer, const char *text)
{
    run_stream *stream = &infer->streams[infer->stream_count++];
    const char *equals = strchr(text, '=');
    uint64_t addr;

    stream->path = equals ? equals + 1 : text;
    if (!*stream->path)
        return cli_error(CLI_USAGE, "--input: \"%s\" names no file", text);
    if (!equals || equals == text)
        return CLI_OK;
    if (!parse_address(text, &addr))
        return cli_error(CLI_USAGE, "--input: no stream \"%.*s\"; a stream has "
                         "the address of its register, as 0x40004404, or no "
                         "name", (int)(equals - text), text);
    snprintf(stream->name, sizeof(stream->name), "0x%08" PRIx64, addr);
    return CLI_OK;
}

static int feed(fwsim_machine *m, const run_stream *stream, run_result *result)
{
    char *data = NULL;
    size_t size = 0;
    int err = 0;

    if (!run_read_file(stream->path, &data, &size)) {
        result->code = CLI_INPUT;
        snprintf(result->message, sizeof(result->message),
                 "cannot read the input %s: %s", stream->path,
                 strerror(errno));
    } else if (size) {
        err = fwsim_stream_feed(m, stream->name, data, size);
    }
    free(data);
    return err ? run_failed(result, err, fwsim_errmsg(m)) : result->code;
}

int infer_begin(fwsim_machine *m, const run_options *opt, run_result *result)
{
    int err = fwsim_infer_enable(m, &opt->infer.how);

    if (err)
        return run_failed(result, err, fwsim_errmsg(m));
    for (size_t i = 0; i < opt->infer.stream_count && !err; i++)
        err = feed(m, &opt->infer.streams[i], result);
    return err;
}

/* ------------------------------------------------------------------ */
/* Progress                                                             */
/* ------------------------------------------------------------------ */

bool infer_goes_on(fwsim_machine *m, infer_watch *w)
{
    uint64_t now = fwsim_time_ns(m);
    fwsim_infer_stats stats;
    uint64_t known;

    fwsim_infer_stats_get(m, &stats);
    known = stats.registers + stats.sites;
    if (known != w->known) {
        w->known = known;
        w->since_ns = now;
    }
    if (isatty(STDERR_FILENO))
        fprintf(stderr, "\rfwsim: %" PRIu64 "k instructions, %zu registers, "
                "%" PRIu64 " analyses ", fwsim_instructions(m) / 1000,
                stats.registers, stats.analyses);
    return now - w->since_ns < idle_ns;
}

void infer_progress_end(void)
{
    /* ECMA-48: erase the line. */
    if (isatty(STDERR_FILENO))
        fputs("\r\033[K", stderr);
}

/* ------------------------------------------------------------------ */
/* The file                                                             */
/* ------------------------------------------------------------------ */

int infer_check_output(const char *path)
{
    const char *slash = strrchr(path, '/');
    struct stat st;
    char *folder;
    int code = CLI_OK;

    if (!strcmp(path, "-"))
        return CLI_OK;
    if (stat(path, &st) == 0 && S_ISDIR(st.st_mode))
        return cli_error(CLI_INTERNAL, "-o %s: is a folder; name a file in it",
                         path);
    if (access(path, W_OK) != 0 && errno != ENOENT)
        return cli_error(CLI_INTERNAL, "-o %s: %s", path, strerror(errno));
    folder = slash ? strndup(path, (size_t)(slash - path) + 1) : strdup(".");
    if (!folder)
        return cli_error(CLI_INTERNAL, "out of memory");
    /* A terminal or a device is written to; a file is replaced. */
    if (!(stat(path, &st) == 0 && !S_ISREG(st.st_mode)) &&
        access(folder, W_OK | X_OK) != 0)
        code = cli_error(CLI_INTERNAL, "-o %s: no file can be made in %s: %s",
                         path, folder, strerror(errno));
    free(folder);
    return code;
}

static void put(const char *text, size_t size, void *user)
{
    fwrite(text, 1, size, user);
}

void infer_save(fwsim_machine *m, const run_options *opt, run_result *result)
{
    bool is_stdout = !strcmp(opt->infer.output, "-");
    int err = is_stdout ? fwsim_infer_print(m, put, stdout)
                        : fwsim_infer_save(m, opt->infer.output);

    if (!err && is_stdout && fflush(stdout) != 0)
        err = FWSIM_EIO;
    if (!err)
        return;
    result->code = CLI_INTERNAL;
    snprintf(result->message, sizeof(result->message),
             "the models cannot be written: %s",
             err == FWSIM_EIO && is_stdout ? strerror(errno)
                                           : fwsim_errmsg(m));
}
