/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fwsim_identify: how often is the right peripheral among the candidates? The
 * firmware of a corpus runs with inference; its summaries are matched against
 * all SVD files of a folder, with addresses, without, and without the file of
 * the chip itself.
 *
 *     fwsim_identify [--limit N] [--least N] [--markdown FILE] [--verbose]
 *                    [CORPUS [SVD-FOLDER]]
 */
#include "identify.h"

#include "bits.h"
#include "fwsim.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PATH = 4096, LEAST = 3 };

typedef struct session {
    corpus corpus;
    const char *svd; /* folder */
    char left_out_dir[64];
    fwsim_knowledge *all, *left_out;
    char left_out_file[128]; /* that `left_out` does not have */
    truth truth;
    uint64_t limit;
    unsigned least;
    bool verbose;
    results results;
} session;

/** A text that grows. */
typedef struct text {
    char *data;
    size_t size;
} text;

static void put(const char *part, size_t size, void *user)
{
    text *t = user;

    t->data = realloc(t->data, t->size + size + 1);
    if (!t->data)
        abort();
    memcpy(t->data + t->size, part, size);
    t->data[t->size += size] = '\0';
}

static void complain(const fwsim_log_entry *e, void *user)
{
    (void)user;
    if (e->level <= FWSIM_LOG_WARN)
        fprintf(stderr, "fwsim_identify: %s\n", e->text);
}

/* ------------------------------------------------------------------ */
/* Knowledge                                                            */
/* ------------------------------------------------------------------ */

static void empty_folder(const char *folder)
{
    DIR *dir = opendir(folder);
    char path[PATH];

    for (struct dirent *e; dir && (e = readdir(dir)) != NULL;) {
        snprintf(path, sizeof path, "%s/%s", folder, e->d_name);
        if (e->d_name[0] != '.')
            unlink(path);
    }
    if (dir)
        closedir(dir);
}

/** All files but one. */
static bool leave_out(session *s, const char *file)
{
    DIR *dir;
    char folder[PATH], from[2 * PATH], to[PATH];

    if (s->left_out && !strcmp(s->left_out_file, file))
        return true;
    fwsim_knowledge_free(s->left_out);
    s->left_out = NULL;
    empty_folder(s->left_out_dir);
    dir = opendir(s->svd);
    if (!dir || !realpath(s->svd, folder))
        return false;
    for (struct dirent *e; (e = readdir(dir)) != NULL;) {
        snprintf(from, sizeof from, "%s/%s", folder, e->d_name);
        snprintf(to, sizeof to, "%s/%s", s->left_out_dir, e->d_name);
        if (e->d_name[0] != '.' && strcmp(e->d_name, file) != 0 &&
            symlink(from, to) != 0)
            break;
    }
    closedir(dir);
    snprintf(s->left_out_file, sizeof s->left_out_file, "%s", file);
    return !fwsim_knowledge_open(&s->left_out, s->left_out_dir, NULL, complain,
                                 NULL);
}

/* ------------------------------------------------------------------ */
/* One image                                                            */
/* ------------------------------------------------------------------ */

static bool summarize(const session *s, const corpus_image *img, bool addresses,
                      fwsim_machine *m, text *out)
{
    const fwsim_summary_options opt = { .addresses = addresses };

    (void)s;
    (void)img;
    *out = (text){ 0 };
    return !fwsim_infer_summary(m, &opt, put, out);
}

/** Run it. @return NULL after a message */
static fwsim_machine *run(const session *s, const corpus_image *img,
                          fwsim_board **board)
{
    char path[PATH];
    fwsim_machine *m = NULL;
    fwsim_image *image;
    fwsim_stop stop;
    int err;

    *board = NULL;
    snprintf(path, sizeof path, "%s/%s", s->corpus.folder, img->file);
    err = fwsim_image_open(&image, path, NULL);
    if (err) {
        fprintf(stderr, "fwsim_identify: %s: %s\n", path, fwsim_strerror(err));
        return NULL;
    }
    err = fwsim_board_for_image(board, fwsim_board_find(img->board), image,
                                NULL);
    if (!err)
        err = fwsim_new(&m, *board, &(fwsim_options){ .stop_at_reset = true,
                                                      .deliver_faults = true });
    if (err || fwsim_load_image(m, image) || fwsim_infer_enable(m, NULL) ||
        fwsim_run(m, &(fwsim_limit){ .instructions = s->limit }, &stop)) {
        fprintf(stderr, "fwsim_identify: %s: %s\n", path,
                m ? fwsim_errmsg(m) : fwsim_strerror(err));
        fwsim_free(m);
        return NULL;
    }
    return m;
}

static block_result *add_result(results *r)
{
    if (r->count == r->room) {
        r->room = r->room ? 2 * r->room : 256;
        r->list = realloc(r->list, r->room * sizeof *r->list);
        if (!r->list)
            abort();
    }
    r->list[r->count] = (block_result){ 0 };
    return &r->list[r->count++];
}

static bool anybody_agrees(const session *s, const fwsim_knowledge *k,
                           const fwsim__asked_block *b)
{
    for (uint32_t i = 0; i < k->layout_count; i++) {
        if (truth_agrees(&s->truth, b, k, i))
            return true;
    }
    return false;
}

/** @param asked  as it was sent; @param b  the same with its address */
static void judge(const session *s, const fwsim_knowledge *k, int way,
                  const fwsim__asked_block *asked, const fwsim__asked_block *b,
                  const fwsim__matches *m, block_result *out)
{
    fwsim_identified id;

    for (size_t i = 0; i < m->count && !out->rank[way]; i++) {
        if (truth_agrees(&s->truth, b, k, m->list[i].layout))
            out->rank[way] = (unsigned)i + 1;
    }
    out->known[way] = out->rank[way] || anybody_agrees(s, k, b);
    fwsim__know_describe(k, asked, m, &id);
    if (id.count)
        snprintf(out->first[way], sizeof out->first[way], "%s %s, %u %%",
                 id.candidates[0].chip, id.candidates[0].peripheral,
                 id.candidates[0].confidence);
}

static void ask(session *s, const corpus_image *img, const fwsim__summary *with,
                const fwsim__summary *without)
{
    const fwsim_knowledge *k[WAYS] = { s->all, s->all, s->left_out };
    const fwsim__summary *asked[WAYS] = { with, without, without };
    fwsim__matches *m[WAYS];

    for (int way = 0; way < WAYS; way++) {
        m[way] = calloc(asked[way]->count + 1, sizeof *m[way]);
        if (!m[way] || fwsim__know_match(k[way], asked[way], m[way]))
            abort();
    }
    for (size_t i = 0; i < with->count; i++) {
        const fwsim__asked_block *b = &with->blocks[i];
        char name[64];
        unsigned used = truth_at(&s->truth, b, name, sizeof name);
        block_result *r;

        if (!used)
            s->results.unknown_blocks++;
        else if (used < s->least)
            s->results.small_blocks++;
        if (used < s->least)
            continue;
        r = add_result(&s->results);
        r->image = img->file;
        r->vendor = bits_vendor_of(img->mcu);
        r->base = b->base;
        r->used = used;
        snprintf(r->truth, sizeof r->truth, "%s", name);
        for (int way = 0; way < WAYS; way++)
            judge(s, k[way], way, &asked[way]->blocks[i], b, &m[way][i], r);
    }
    for (int way = 0; way < WAYS; way++)
        free(m[way]);
}

static void identify(session *s, const corpus_image *img)
{
    const char *file = bits_file_of(img->mcu);
    fwsim__summary with, without;
    text texts[2];
    fwsim_board *board;
    fwsim_machine *m;
    char path[PATH];

    if (!img->board || !file)
        return;
    snprintf(path, sizeof path, "%s/%s", s->svd, file);
    if (!truth_open(&s->truth, path))
        return;
    m = leave_out(s, file) ? run(s, img, &board) : NULL;
    if (m && summarize(s, img, true, m, &texts[0]) &&
        summarize(s, img, false, m, &texts[1]) &&
        !fwsim__summary_read(&with, texts[0].data, texts[0].size, complain,
                             NULL) &&
        !fwsim__summary_read(&without, texts[1].data, texts[1].size, complain,
                             NULL)) {
        s->results.images++;
        ask(s, img, &with, &without);
        fwsim__summary_free(&with);
        fwsim__summary_free(&without);
        free(texts[0].data);
        free(texts[1].data);
    }
    fwsim_free(m);
    fwsim_board_free(m ? board : NULL);
    truth_free(&s->truth);
}

/* ------------------------------------------------------------------ */
/* The command line                                                     */
/* ------------------------------------------------------------------ */

static int by_file(const void *a, const void *b)
{
    const corpus_image *x = *(const corpus_image *const *)a;
    const corpus_image *y = *(const corpus_image *const *)b;
    const char *f = bits_file_of(x->mcu), *g = bits_file_of(y->mcu);
    int files = strcmp(f ? f : "", g ? g : "");

    return files ? files : strcmp(x->file, y->file);
}

/** Chip by chip, so that each is left out once. */
static void identify_all(session *s)
{
    const corpus_image **order = calloc(s->corpus.image_count + 1,
                                        sizeof *order);

    if (!order)
        abort();
    for (size_t i = 0; i < s->corpus.image_count; i++)
        order[i] = &s->corpus.images[i];
    qsort(order, s->corpus.image_count, sizeof *order, by_file);
    for (size_t i = 0; i < s->corpus.image_count; i++) {
        if (s->verbose)
            fprintf(stderr, "%s\n", order[i]->file);
        identify(s, order[i]);
    }
    free(order);
}

int main(int argc, char **argv)
{
    session s = { .limit = 3000000, .least = LEAST,
                  .left_out_dir = "/tmp/fwsim-identify-XXXXXX" };
    const char *folder = FWSIM_CORPUS_DIR "/firmware", *page = NULL;
    fwsim_knowledge_stats stats;
    struct stat st;
    int code = 1, i = 1;

    s.svd = FWSIM_CORPUS_DIR "/svd";
    for (; i < argc && argv[i][0] == '-'; i++) {
        if (!strcmp(argv[i], "--verbose"))
            s.verbose = true;
        else if (!strcmp(argv[i], "--limit") && i + 1 < argc)
            s.limit = strtoull(argv[++i], NULL, 0);
        else if (!strcmp(argv[i], "--least") && i + 1 < argc)
            s.least = (unsigned)strtoul(argv[++i], NULL, 0);
        else if (!strcmp(argv[i], "--markdown") && i + 1 < argc)
            page = argv[++i];
        else {
            fprintf(stderr, "usage: fwsim_identify [--limit N] [--least N] "
                    "[--markdown FILE] [--verbose] [CORPUS [SVD-FOLDER]]\n");
            return 2;
        }
    }
    if (i < argc)
        folder = argv[i++];
    if (i < argc)
        s.svd = argv[i++];
    if (stat(folder, &st) || stat(s.svd, &st)) {
        printf("SKIPPED: there is no %s or no %s\n", folder, s.svd);
        return 77;
    }
    if (!corpus_read(&s.corpus, folder) || !mkdtemp(s.left_out_dir))
        return 1;
    if (!fwsim_knowledge_open(&s.all, s.svd, NULL, complain, NULL)) {
        FILE *out = page ? fopen(page, "w") : stdout;

        identify_all(&s);
        fwsim_knowledge_stats_get(s.all, &stats);
        if (out) {
            page_print(out, &s.results, &stats, s.least);
            code = (page ? fclose(out) : fflush(out)) ? 1 : 0;
        } else {
            perror(page);
        }
    }
    empty_folder(s.left_out_dir);
    rmdir(s.left_out_dir);
    fwsim_knowledge_free(s.all);
    fwsim_knowledge_free(s.left_out);
    corpus_free(&s.corpus);
    free(s.results.list);
    return code;
}
