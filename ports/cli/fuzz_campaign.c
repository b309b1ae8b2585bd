/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The file `campaign`: a line that names the format, then an argument of the
 * command line a line. Images are copied beside it, so that a finding can be
 * run again when the firmware has been built anew: "image/NAME" in the file is
 * below the folder.
 */
#include "fuzz.h"

#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const char format[] = "fwsim-fuzz 1";

char *fuzz_path(char *buf, const char *folder, const char *fmt, ...)
{
    va_list args;
    int n = snprintf(buf, FUZZ_PATH, "%s/", folder);

    va_start(args, fmt);
    if (n > 0 && n < FUZZ_PATH)
        vsnprintf(buf + n, FUZZ_PATH - (size_t)n, fmt, args);
    va_end(args);
    return buf;
}

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? slash + 1 : path;
}

static int copy(const campaign *c, const char *from)
{
    char path[FUZZ_PATH], *data = NULL;
    size_t size = 0;
    FILE *out;
    bool ok;

    if (!run_read_file(from, &data, &size)) {
        free(data);
        return cli_error(CLI_INPUT, "%s: %s", from, strerror(errno));
    }
    out = fopen(fuzz_path(path, c->folder, "image/%s", base_name(from)), "wb");
    ok = out && fwrite(data, 1, size, out) == size;
    free(data);
    if (out && fclose(out))
        ok = false;
    return ok ? CLI_OK
              : cli_error(CLI_INTERNAL, "%s: %s", path, strerror(errno));
}

static const run_image *image_of(const campaign *c, const char *arg)
{
    for (size_t i = 0; i < c->opt->image_count; i++)
        if (c->opt->images[i].path == arg)
            return &c->opt->images[i];
    return NULL;
}

/* Files that options name stay where they are, wherever the next command is
 * given. */
static void put_argument(FILE *out, const char *arg)
{
    char whole[PATH_MAX];
    struct stat st;
    const char *equals = strchr(arg, '=');
    const char *value = *arg == '-' ? equals ? equals + 1 : NULL : arg;

    if (value && stat(value, &st) == 0 && realpath(value, whole))
        fprintf(out, "%.*s%s\n", (int)(value - arg), arg, whole);
    else
        fprintf(out, "%s\n", arg);
}

int fuzz_campaign_save(campaign *c, int argc, char **argv)
{
    char path[FUZZ_PATH], final[FUZZ_PATH];
    int code = CLI_OK;
    FILE *out;

    for (size_t i = 0; i < c->opt->image_count && code == CLI_OK; i++)
        code = copy(c, c->opt->images[i].path);
    if (code != CLI_OK)
        return code;
    out = fopen(fuzz_path(path, c->folder, "campaign.new"), "w");
    if (!out)
        return cli_error(CLI_INPUT, "%s: %s", path, strerror(errno));
    fprintf(out, "%s\n", format);
    for (int i = 1; i < argc; i++) {
        const run_image *image = image_of(c, argv[i]);

        if (image && image->has_base)
            fprintf(out, "image/%s@0x%llx\n", base_name(argv[i]),
                    (unsigned long long)image->base);
        else if (image)
            fprintf(out, "image/%s\n", base_name(argv[i]));
        else
            put_argument(out, argv[i]);
    }
    if (fclose(out) || rename(path, fuzz_path(final, c->folder, "campaign")))
        return cli_error(CLI_INTERNAL, "%s: %s", path, strerror(errno));
    return CLI_OK;
}

char **fuzz_campaign_load(const char *folder, int *argc)
{
    char path[FUZZ_PATH], *text = NULL, **argv;
    size_t size = 0, lines = 2;
    bool ok;

    ok = run_read_file(fuzz_path(path, folder, "campaign"), &text, &size);
    for (size_t i = 0; ok && i < size; i++)
        lines += text[i] == '\n';
    /* One block, so that free() of the table frees all of it. */
    argv = ok ? calloc(1, (lines + 1) * sizeof(*argv) +
                              lines * (strlen(folder) + 2) + size + 8)
              : NULL;
    *argc = 0;
    if (argv) {
        char *to = (char *)(argv + lines + 1), *from = text, *end;

        argv[(*argc)++] = strcpy(to, "fuzz");
        to += 5;
        for (; (end = memchr(from, '\n', size - (size_t)(from - text)));
             from = end + 1) {
            size_t n = (size_t)(end - from);
            bool image = n > 6 && !memcmp(from, "image/", 6);

            if (from == text) {
                ok = n == strlen(format) && !memcmp(from, format, n);
                continue;
            }
            argv[(*argc)++] = to;
            if (image)
                to += sprintf(to, "%s/", folder);
            memcpy(to, from, n);
            to += n;
            *to++ = '\0';
        }
    }
    if (!argv || !ok || *argc < 2) {
        cli_message(!argv ? "%s: %s" : "%s: no campaign of this version", path,
                    strerror(errno));
        free(argv);
        argv = NULL;
    }
    free(text);
    return argv;
}
