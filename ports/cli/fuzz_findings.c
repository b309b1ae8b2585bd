/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What afl-fuzz has saved: run again, told apart by backtrace, minimised. */
#include "fuzz.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { FRAMES = 16 };

/* For the minimiser: a second or less. */
static const uint64_t work_max = 200000000;
static const uint64_t work_of_a_run = 20000; /* besides its instructions */

static bool same(campaign *c, const char *data, size_t size,
                 const fuzz_finding *f, uint64_t *work)
{
    fwsim_fuzz_result r = { 0 };
    int err = fwsim_fuzz_run(c->fuzz, data, size, &r);

    *work += r.instructions + work_of_a_run;
    return !err && r.finding && r.backtrace_hash == f->hash;
}

/* Leave out what is not needed, in pieces that get smaller; then make what is
 * left plain. */
static void minimise(campaign *c, char *data, size_t *size,
                     const fuzz_finding *f)
{
    char *tried = malloc(*size + 1);
    uint64_t work = 0;

    if (!tried)
        return;
    for (size_t piece = *size / 2; piece && work < work_max; piece /= 2)
        for (size_t at = 0; at + piece <= *size && work < work_max;) {
            memcpy(tried, data, at);
            memcpy(tried + at, data + at + piece, *size - at - piece);
            if (same(c, tried, *size - piece, f, &work)) {
                *size -= piece;
                memcpy(data, tried, *size);
            } else {
                at += piece;
            }
        }
    for (size_t at = 0; at < *size && work < work_max; at++) {
        char was = data[at];

        if (was == '0')
            continue;
        data[at] = '0';
        if (!same(c, data, *size, f, &work))
            data[at] = was;
    }
    free(tried);
}

/* ------------------------------------------------------------------ */
/* Describing                                                           */
/* ------------------------------------------------------------------ */

/* The innermost frame with a line says where it is. */
static void locate(campaign *c, fuzz_finding *f)
{
    fwsim_frame frames[FRAMES];
    size_t n = fwsim_backtrace(c->m, frames, FRAMES);
    const fwsim_symbol *s = fwsim_symbol_at(c->m, f->pc);
    const char *file;

    if (fwsim_line_at(c->m, f->pc, &file, &f->line))
        f->file = strdup(file);
    for (size_t i = 0; i < n && (!s || !f->file); i++) {
        if (!s)
            s = fwsim_symbol_at(c->m, frames[i].pc);
        if (!f->file && fwsim_line_at(c->m, frames[i].pc - (i ? 1 : 0), &file,
                                      &f->line))
            f->file = strdup(file);
    }
    if (s)
        snprintf(f->function, sizeof(f->function), "%.63s", s->name);
}

static void name_folder(campaign *c, fuzz_finding *f)
{
    char *p = f->folder;
    int n = snprintf(p, FUZZ_NAME, "%zu-%s", c->finding_count + 1,
                     fwsim_verdict_name(f->verdict));

    if (*f->function)
        snprintf(p + n, FUZZ_NAME - (size_t)n, "-%s", f->function);
    for (p += n; *p; p++)
        if (!strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                    "0123456789_-", *p))
            *p = '_';
}

static void put(const char *line, void *user)
{
    fprintf(user, "%s\n", line);
}

static int keep(campaign *c, fuzz_finding *f, const char *data)
{
    char path[FUZZ_PATH];
    fwsim_fuzz_result r;
    FILE *out;
    bool ok;

    name_folder(c, f);
    mkdir(fuzz_path(path, c->folder, "findings/%s", f->folder), 0777);
    out = fopen(fuzz_path(path, c->folder, "findings/%s/input", f->folder),
                "wb");
    ok = out && fwrite(data, 1, f->size, out) == f->size;
    if (out && fclose(out))
        ok = false;
    out = ok ? fopen(fuzz_path(path, c->folder, "findings/%s/story.txt",
                               f->folder), "w")
             : NULL;
    if (!out)
        return cli_error(CLI_INTERNAL, "%s: %s", path, strerror(errno));
    fwsim_fuzz_run(c->fuzz, data, f->size, &r);
    fwsim_fuzz_report(c->fuzz, &r, put, out);
    return fclose(out) ? cli_error(CLI_INTERNAL, "%s: %s", path,
                                   strerror(errno))
                       : CLI_OK;
}

static fuzz_finding *known(campaign *c, uint64_t hash)
{
    for (size_t i = 0; i < c->finding_count; i++)
        if (c->findings[i].hash == hash)
            return &c->findings[i];
    return NULL;
}

static int add(campaign *c, const fwsim_fuzz_result *r, char *data, size_t size)
{
    fuzz_finding *more, f = { .verdict = r->verdict, .hash = r->backtrace_hash,
                              .pc = r->pc, .seen = 1 };
    int code;

    snprintf(f.text, sizeof(f.text), "%s", r->text);
    locate(c, &f);
    more = realloc(c->findings, (c->finding_count + 1) * sizeof(*more));
    if (!more)
        return cli_error(CLI_INTERNAL, "out of memory");
    c->findings = more;
    minimise(c, data, &size, &f);
    f.size = size;
    code = keep(c, &f, data);
    c->findings[c->finding_count++] = f;
    return code;
}

int fuzz_look(campaign *c, const char *path, bool *finding)
{
    char *data = NULL;
    size_t size = 0;
    fwsim_fuzz_result r = { 0 };
    fuzz_finding *f;
    int code = CLI_OK, err;

    *finding = false;
    if (!run_read_file(path, &data, &size)) {
        free(data);
        return cli_error(CLI_INPUT, "%s: %s", path, strerror(errno));
    }
    err = fwsim_fuzz_run(c->fuzz, data, size, &r);
    if (err && err != FWSIM_ENOSPC)
        code = cli_error(CLI_INTERNAL, "%s", fwsim_errmsg(c->m));
    *finding = !err && r.finding;
    if (*finding && (f = known(c, r.backtrace_hash)))
        f->seen++;
    else if (*finding)
        code = add(c, &r, data, size);
    free(data);
    return code;
}

/* ------------------------------------------------------------------ */
/* Crashes of afl-fuzz                                                  */
/* ------------------------------------------------------------------ */

static bool was_seen(campaign *c, const char *path)
{
    char **more;

    for (size_t i = 0; i < c->seen_count; i++)
        if (!strcmp(c->seen[i], path))
            return true;
    more = realloc(c->seen, (c->seen_count + 1) * sizeof(*more));
    if (more) {
        c->seen = more;
        c->seen[c->seen_count] = strdup(path);
        c->seen_count += c->seen[c->seen_count] != NULL;
    }
    return false;
}

static int triage_folder(campaign *c, const char *folder)
{
    struct dirent **names;
    int n = scandir(folder, &names, NULL, alphasort), code = CLI_OK;

    for (int i = 0; i < n; i++) {
        char path[FUZZ_PATH];
        bool finding;

        if (!strncmp(names[i]->d_name, "id", 2) && code == CLI_OK &&
            !was_seen(c, fuzz_path(path, folder, "%s", names[i]->d_name)))
            code = fuzz_look(c, path, &finding);
        free(names[i]);
    }
    if (n >= 0)
        free(names);
    return code;
}

int fuzz_triage(campaign *c)
{
    char path[FUZZ_PATH];
    int code = CLI_OK;

    for (uint64_t i = 0; i < c->opt->fuzz.jobs && code == CLI_OK; i++)
        code = triage_folder(c, fuzz_path(path, c->folder,
                                          "afl/job%" PRIu64 "/crashes", i));
    return code;
}
