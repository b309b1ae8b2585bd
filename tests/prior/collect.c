/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * prior_collect: what the prior learns from. Runs a corpus with inference and
 * prints, as columns with tabs between,
 *
 *     register IMAGE VENDOR ADDRESS LABEL TRUTH RULES CONFIDENCE FEATURES
 *     exit     IMAGE VENDOR LOOK    LABEL FEATURES
 *
 * LABEL is what the vendor's SVD says, TRUTH the role of the corpus' list;
 * features are a hexadecimal number, a bit each. An exit is a
 * value that goes on and changes one bit.
 *
 *     prior_collect CORPUS SVD_FOLDER [GROUP]...
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../score/bits.h"
#include "../score/engine.h"
#include "../score/run.h"
#include "infer/prior.h"
#include "label.h"

enum { LIMIT = 20000000, SHORT_PATH = 40 /* instructions */ };

/** The run that goes on; the wrapped look-ahead has no other way to know. */
static struct {
    const corpus_image *image;
    const char *vendor;
    const fwsim__svd *svd;
    const tsv *truth;
    unsigned looks;
} now;

/* ------------------------------------------------------------------ */
/* Exits                                                                */
/* ------------------------------------------------------------------ */

void __real_fwsim__look(const fwsim__look_world *world,
                        const fwsim__look_read *read,
                        fwsim__look_result *out);
void __wrap_fwsim__look(const fwsim__look_world *world,
                        const fwsim__look_read *read,
                        fwsim__look_result *out);

static uint32_t feature(unsigned index, bool holds)
{
    return (uint32_t)holds << index;
}

static uint32_t exit_features(const fwsim__look_result *r, unsigned path)
{
    const fwsim__look_path *p = &r->path[path];
    uint32_t changed = p->value ^ r->path[0].value;

    return feature(0, p->own_data) |
           feature(1, p->own_settings >= 2 && !p->own_data) |
           feature(2, p->own_settings == 1) |
           feature(3, p->own_before_return) |
           feature(4, p->returned && p->result == 0) |
           feature(5, p->returned && p->result != 0) |
           feature(6, p->failures > r->path[0].failures) |
           feature(7, p->end == FWSIM__LOOK_LIMIT) |
           feature(8, p->end == FWSIM__LOOK_WAIT ||
                          p->end == FWSIM__LOOK_SPIN) |
           feature(9, p->new_blocks > 0) | feature(10, p->polls > 0) |
           feature(11, p->instructions < SHORT_PATH) |
           feature(12, p->writes > 0) | feature(13, changed & p->value) |
           feature(14, (p->tested & (p->tested - 1)) != 0);
}

static bool is_exit(const fwsim__look_result *r, unsigned i)
{
    uint32_t changed = r->path[i].value ^ r->path[0].value;

    return r->path[i].end <= FWSIM__LOOK_IDLE && changed &&
           !(changed & (changed - 1));
}

static void put_exit(const fwsim__look_read *read,
                     const fwsim__look_result *r, unsigned i)
{
    uint32_t changed = r->path[i].value ^ r->path[0].value;
    int label = label_bit(now.svd, read->addr,
                          (unsigned)__builtin_ctz(changed),
                          changed & r->path[i].value);

    if (label)
        printf("exit\t%s\t%s\t%u\t%d\t%" PRIx32 "\n", now.image->file,
               now.vendor, now.looks, label,
               exit_features(r, i));
}

void __wrap_fwsim__look(const fwsim__look_world *world,
                        const fwsim__look_read *read,
                        fwsim__look_result *out)
{
    __real_fwsim__look(world, read, out);
    now.looks++;
    if (!now.svd)
        return;
    for (unsigned i = 1; i < out->paths; i++)
        if (is_exit(out, i))
            put_exit(read, out, i);
}

/* ------------------------------------------------------------------ */
/* Registers                                                            */
/* ------------------------------------------------------------------ */

static const char *truth_of(uint64_t addr)
{
    for (size_t row = 1; row < now.truth->rows; row++)
        if (strcmp(tsv_get(now.truth, row, "mcu"), now.image->mcu) == 0 &&
            strtoull(tsv_get(now.truth, row, "address"), NULL, 16) == addr)
            return tsv_get(now.truth, row, "category");
    return "-";
}

static void put_register(const fwsim__infer *f, const fwsim__cell *c)
{
    const char *label = now.svd ? label_register(now.svd, c->addr) : NULL;

    printf("register\t%s\t%s\t0x%" PRIx64 "\t%s\t%s\t%s\t%u\t%" PRIx32 "\n",
           now.image->file, now.vendor, c->addr, label ? label : "-",
           truth_of(c->addr), fwsim__role_name(fwsim__cell_role(f, c)),
           fwsim__cell_confidence(f, c),
           fwsim__prior_features(f, c));
}

/* What the runs of fwsim_score ask of the engine. */

int engine_start(fwsim_machine *m, const run_options *opt,
                 const corpus_image *img)
{
    (void)opt;
    (void)img;
    return fwsim_infer_enable(m, NULL);
}

void engine_count(fwsim_machine *m, uint64_t *reads, uint64_t *analyses)
{
    (void)m;
    *reads = *analyses = 0;
}

bool engine_ask(fwsim_machine *m, run_result *r)
{
    const fwsim__infer *f = m->substitute_user;

    (void)r;
    for (uint32_t i = 0; i < f->st.cells; i++)
        put_register(f, &f->cell[i]);
    return true;
}

/* ------------------------------------------------------------------ */
/* All                                                                  */
/* ------------------------------------------------------------------ */

static fwsim__svd *open_svd(const char *folder, const char *file)
{
    fwsim__svd *svd = NULL;
    char path[4096];

    snprintf(path, sizeof path, "%s/%s", folder, file);
    if (fwsim__svd_read(&svd, &(fwsim__text_source){ .name = path }))
        fprintf(stderr, "prior_collect: %s cannot be read\n", path);
    return svd;
}

static void collect(const corpus *c, const corpus_image *img,
                    const char *folder)
{
    const run_options opt = { .limit = LIMIT };
    const char *file = bits_file_of(img->mcu);
    fwsim__svd *svd = file ? open_svd(folder, file) : NULL;
    run_result result;

    now.image = img;
    now.vendor = bits_vendor_of(img->mcu);
    now.svd = svd;
    run_image(c, img, &opt, &result);
    if (*result.error)
        fprintf(stderr, "prior_collect: %s: %s\n", img->file, result.error);
    run_free(&result);
    fwsim__svd_free(svd);
}

static bool wanted(const corpus_image *img, char **groups)
{
    if (!*groups)
        return true;
    for (; *groups; groups++)
        if (strcmp(img->group, *groups) == 0)
            return true;
    return false;
}

int main(int argc, char **argv)
{
    char path[4096];
    tsv truth;
    corpus c;

    if (argc < 3) {
        fputs("usage: prior_collect CORPUS SVD_FOLDER [GROUP]...\n", stderr);
        return 2;
    }
    snprintf(path, sizeof path, "%s/register_categories.tsv", argv[1]);
    if (!tsv_read(&truth, path))
        return 2;
    now.truth = &truth;
    if (!corpus_read(&c, argv[1]))
        return 2;
    for (size_t i = 0; i < c.image_count; i++)
        if (!c.images[i].skip && wanted(&c.images[i], argv + 3))
            collect(&c, &c.images[i], argv[2]);
    corpus_free(&c);
    tsv_free(&truth);
    return 0;
}
