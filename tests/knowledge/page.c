/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The page docs/identification.md. */
#include "identify.h"

#include <inttypes.h>
#include <string.h>

/** What came of one way to ask. */
typedef struct tally {
    unsigned blocks, known, first, third;
} tally;

static void count(tally *t, const block_result *b, int way)
{
    t->blocks++;
    t->known += b->known[way];
    t->first += b->rank[way] == 1;
    t->third += b->rank[way] && b->rank[way] <= 3;
}

static void print_cell(FILE *out, unsigned n, unsigned of)
{
    if (of)
        fprintf(out, " %u (%u %%) |", n, (100 * n + of / 2) / of);
    else
        fprintf(out, " - |");
}

static void print_row(FILE *out, const char *name, const tally *t)
{
    fprintf(out, "| %s | %u |", name, t[0].blocks);
    for (int way = 0; way < LEFT_OUT; way++) {
        print_cell(out, t[way].first, t[way].blocks);
        print_cell(out, t[way].third, t[way].blocks);
    }
    fprintf(out, " %u |", t[LEFT_OUT].known);
    print_cell(out, t[LEFT_OUT].first, t[LEFT_OUT].known);
    print_cell(out, t[LEFT_OUT].third, t[LEFT_OUT].known);
    fputc('\n', out);
}

static void print_table(FILE *out, const results *r)
{
    tally all[WAYS] = { { 0 } };

    fputs("| vendor | blocks | addresses: first | among 3 | none: first | "
          "among 3 | other chips know | first | among 3 |\n"
          "| --- | --- | --- | --- | --- | --- | --- | --- | --- |\n", out);
    for (size_t i = 0; i < r->count; i++) {
        tally t[WAYS] = { { 0 } };
        bool seen = false;

        for (size_t n = 0; n < i; n++)
            seen |= !strcmp(r->list[n].vendor, r->list[i].vendor);
        for (size_t n = i; n < r->count && !seen; n++) {
            if (strcmp(r->list[n].vendor, r->list[i].vendor) != 0)
                continue;
            for (int way = 0; way < WAYS; way++) {
                count(&t[way], &r->list[n], way);
                count(&all[way], &r->list[n], way);
            }
        }
        if (!seen)
            print_row(out, r->list[i].vendor, t);
    }
    print_row(out, "**all**", all);
}

/** Why the right one is not the first one. */
static const char *reason(const block_result *b, int way)
{
    if (!b->known[way])
        return "nobody in the knowledge has such registers";
    if (!b->rank[way])
        return "not among the candidates: too few of its registers were used "
               "at their offsets";
    if (b->rank[way] <= 3)
        return "another one fits as well, or better";
    return "many others fit as well, or better";
}

static void print_failures(FILE *out, const results *r, int way)
{
    fputs("| image | block | is | used | rank | first candidate | why |\n"
          "| --- | --- | --- | --- | --- | --- | --- |\n", out);
    for (size_t i = 0; i < r->count; i++) {
        const block_result *b = &r->list[i];

        if (b->rank[way] == 1 || !b->known[way])
            continue;
        fprintf(out, "| %s | 0x%08" PRIx64 " | %s | %u |", b->image, b->base,
                b->truth, b->used);
        if (b->rank[way])
            fprintf(out, " %u |", b->rank[way]);
        else
            fputs(" - |", out);
        fprintf(out, " %s | %s |\n",
                *b->first[way] ? b->first[way] : "none", reason(b, way));
    }
}

void page_print(FILE *out, const results *r, const fwsim_knowledge_stats *s,
                unsigned least)
{
    fprintf(out, "# Identification of peripherals\n\n"
            "How often `POST /v1/infer` names the right peripheral. Written by "
            "`make identify`\n(`tests/knowledge/identify.c`); the corpus and "
            "the SVD files lie in `../shared` and are not\npart of fwsim.\n\n"
            "%zu images run with inference on generic boards; their summaries "
            "are matched against\n%zu SVD files (%zu blocks, %zu registers). "
            "Counted are blocks of 0x400 bytes in which the\nfirmware has used "
            "at least %u registers that the SVD of its chip has, too. A "
            "candidate is\nright when at least three in four of these have the "
            "same name in it: chips share their\nblocks, and one UART of a "
            "chip is like the other. Left out are %zu smaller blocks, and\n%zu "
            "of which the SVD knows nothing (memories, debug, other chips of "
            "the family).\n\n", r->images, s->chips, s->peripherals,
            s->registers, least, r->small_blocks, r->unknown_blocks);
    fputs("Asked three ways: with addresses (`--upload-addresses`); without, "
          "which is the default;\nand without, from those who do not have the "
          "file of this chip: does the same block of\nanother chip win? There, "
          "only blocks count that another chip has.\n\n", out);
    print_table(out, r);
    fputs("\n## Not first, without addresses\n\n", out);
    print_failures(out, r, WITHOUT);
    fputs("\n## Not first, without the file of the chip\n\n", out);
    print_failures(out, r, LEFT_OUT);
}
