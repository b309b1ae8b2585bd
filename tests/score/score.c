/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fwsim_score: runs a corpus of third-party firmware with inference and says
 * what it reached. One deterministic run an image, all its rows in that run.
 *
 *     fwsim_score [OPTION]... [CORPUS]
 *
 * CORPUS is a folder with firmware.tsv and tests.tsv, ../shared/firmware
 * beside the source by default.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine.h"
#include "report.h"

static const char usage[] =
    "usage: fwsim_score [OPTION]... [CORPUS]\n"
    "  --group NAME     only this folder of the corpus (unit, hal, ...)\n"
    "  --image PART     only images whose name has this in it\n"
    "  --svd FOLDER     SVD files (default: svd beside the corpus)\n"
    "  --limit N        instructions a run (default 20000000)\n"
    "  --period N       instructions between interrupts that inference raises\n"
    "  --sweep          the unit images again at ten periods\n"
    "  --regions        memories and peripherals as the corpus says\n"
    "  --models FILE    models to begin with; --frozen: and no others\n"
    "  --save FILE      write the models of the last image\n"
    "  --input [GROUP=]TEXT\n"
    "                   what arrives over and over, in images of a group\n"
    "  --no-inference   registers without a model read 0\n"
    "  --verbose        numbers and registers of each image\n"
    "  --report         call stack and registers where a run goes wrong\n"
    "  --explain        what inference finds, read by read\n"
    "  --json           a line of JSON an image, and nothing else\n"
    "  --markdown FILE  the page docs/inference-results.md\n"
    "  --gate           code 1 when a row fails\n";

static const uint64_t periods[] = { 200,  500,   1000,  2000,  3000,
                                    5000, 10000, 20000, 50000, 100000 };
enum { PERIODS = sizeof periods / sizeof *periods };

typedef struct request {
    run_options run;
    const char *folder, *svd, *group, *image, *markdown;
    bool sweep, json, gate, verbose;
} request;

/* ------------------------------------------------------------------ */
/* The command line                                                     */
/* ------------------------------------------------------------------ */

typedef struct option {
    const char *name;
    const char **text;
    uint64_t *number;
    bool *flag;
} option;

static bool set(const option *o, const char *value)
{
    char *end = NULL;

    if (o->flag) {
        *o->flag = true;
        return true;
    }
    if (!value)
        return false;
    if (o->text) {
        *o->text = value;
        return true;
    }
    *o->number = strtoull(value, &end, 0);
    return *end == '\0';
}

static bool read_arguments(request *r, int argc, char **argv)
{
    const option options[] = {
        { "--svd", .text = &r->svd },
        { "--group", .text = &r->group },
        { "--image", .text = &r->image },
        { "--limit", .number = &r->run.limit },
        { "--period", .number = &r->run.period },
        { "--sweep", .flag = &r->sweep },
        { "--regions", .flag = &r->run.regions },
        { "--models", .text = &r->run.models },
        { "--save", .text = &r->run.save },
        { "--input", .text = &r->run.input },
        { "--frozen", .flag = &r->run.frozen },
        { "--no-inference", .flag = &r->run.no_inference },
        { "--verbose", .flag = &r->verbose },
        { "--report", .flag = &r->run.report },
        { "--explain", .flag = &r->run.explain },
        { "--json", .flag = &r->json },
        { "--markdown", .text = &r->markdown },
        { "--gate", .flag = &r->gate },
    };
    const size_t count = sizeof options / sizeof *options;

    for (int i = 1; i < argc; i++) {
        size_t o = 0;

        while (o < count && strcmp(options[o].name, argv[i]) != 0)
            o++;
        if (o == count && argv[i][0] == '-')
            return false;
        if (o == count)
            r->folder = argv[i];
        else if (!set(&options[o], i + 1 < argc ? argv[i + 1] : NULL))
            return false;
        else
            i += !options[o].flag;
    }
    return true;
}

/* ------------------------------------------------------------------ */
/* Runs                                                                 */
/* ------------------------------------------------------------------ */

static bool wanted(const request *req, const corpus_image *img)
{
    return (!req->group || strcmp(req->group, img->group) == 0) &&
           (!req->image || strstr(img->file, req->image));
}

static size_t run_all(const request *req, const corpus *c,
                      const run_options *opt, run_result *results, bool quiet)
{
    size_t count = 0;

    for (size_t i = 0; i < c->image_count; i++) {
        run_result *r = &results[count];

        if (!wanted(req, &c->images[i]))
            continue;
        count++;
        if (c->images[i].skip)
            *r = (run_result){ .image = &c->images[i] };
        else
            run_image(c, &c->images[i], opt, r);
        if (!quiet) {
            report_image(stdout, r, req->verbose);
            fflush(stdout);
        }
    }
    return count;
}

static void free_all(run_result *results, size_t count)
{
    for (size_t i = 0; i < count; i++)
        run_free(&results[i]);
}

static size_t sweep(const request *req, const corpus *c, run_result *results,
                    sweep_row *rows)
{
    request unit = *req;

    unit.group = "unit";
    for (size_t i = 0; i < PERIODS; i++) {
        run_options opt = req->run;
        size_t count;

        opt.period = periods[i];
        count = run_all(&unit, c, &opt, results, true);
        rows[i] = (sweep_row){ periods[i],
                               report_totals(results, count, "unit") };
        free_all(results, count);
    }
    return PERIODS;
}

static bool write_page(const char *path, const score *s)
{
    FILE *out = fopen(path, "w");

    if (!out) {
        perror(path);
        return false;
    }
    report_markdown(out, s);
    return fclose(out) == 0;
}

static int report(const request *req, const score *s)
{
    totals all = report_totals(s->results, s->count, NULL);

    if (req->json)
        report_json(stdout, s);
    else
        report_text(stdout, s);
    if (req->markdown && !write_page(req->markdown, s))
        return 2;
    if (!s->count) {
        fputs("fwsim_score: no image is chosen\n", stderr);
        return 2;
    }
    return req->gate && all.rows_passed < all.rows;
}

static int run_corpus(const request *req, const corpus *c)
{
    run_result *results = calloc(c->image_count + 1, sizeof *results);
    run_result *others = calloc(c->image_count + 1, sizeof *others);
    sweep_row rows[PERIODS];
    score s = { .corpus = c, .opt = &req->run, .results = results,
                .sweep = rows };
    roles r;
    bits_result b;
    char svd[4096];
    int code = 2;

    if (results && others) {
        s.count = run_all(req, c, &req->run, results, req->json);
        if (roles_compare(&r, c->folder, results, s.count))
            s.roles = &r;
        snprintf(svd, sizeof svd, "%s/../svd", c->folder);
        if (bits_compare(&b, req->svd ? req->svd : svd, results, s.count))
            s.bits = &b;
        if (req->sweep)
            s.sweep_count = sweep(req, c, others, rows);
        code = report(req, &s);
        free_all(results, s.count);
    }
    free(results);
    free(others);
    return code;
}

int main(int argc, char **argv)
{
    request req = { .folder = FWSIM_CORPUS_DIR "/firmware",
                    .run = { .limit = 20000000 } };
    corpus c;
    int code = 2;

    if (!read_arguments(&req, argc, argv)) {
        fputs(usage, stderr);
        return 2;
    }
    if (corpus_read(&c, req.folder))
        code = run_corpus(&req, &c);
    corpus_free(&c);
    return code;
}
