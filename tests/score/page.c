/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * docs/inference-results.md.
 */
#include "report.h"

#include <inttypes.h>
#include <string.h>

#include "looks.h"

/* What issue and corpus ask of each group. */
static const struct {
    const char *group, *what, *goal;
} groups[] = {
    { "unit", "P2IM's unit tests", "all rows, no fail function entered" },
    { "hal", "vendor HAL examples: the end of main", "all" },
    { "dma", "a DMA channel is programmed, its data is used", "all" },
    { "diverse", "passwords in a DMA buffer", "all 4 images" },
    { "pw", "passwords read from a UART", "8 of 8 on all 5 images" },
    { "stack", "network stacks boot", "all" },
    { "real", "firmware of products boots", "all" },
    { "arm64", "AArch64, bare metal", "" },
    { "riscv", "RISC-V", "" },
};

static void put_groups(FILE *out, const score *s)
{
    fputs("| group | what | rows passed | images passed | goal | |\n"
          "| --- | --- | --- | --- | --- | --- |\n", out);
    for (size_t i = 0; i < sizeof groups / sizeof *groups; i++) {
        totals t = report_totals(s->results, s->count, groups[i].group);

        if (!t.images && t.skipped)
            fprintf(out, "| `%s` | %s | %zu images skipped | | | |\n",
                    groups[i].group, groups[i].what, t.skipped);
        else if (t.images)
            fprintf(out, "| `%s` | %s | %zu of %zu | %zu of %zu | %s | %s |\n",
                    groups[i].group, groups[i].what, t.rows_passed, t.rows,
                    t.images_passed, t.images, groups[i].goal,
                    t.rows_passed == t.rows ? "met" : "**missed**");
    }
    fputc('\n', out);
    if (s->opt->input)
        fprintf(out, "Input, over and over: `--input %s`.\n\n",
                s->opt->input);
}

/** What is no failure although its function is on the corpus's list. */
static void put_rules(FILE *out)
{
    fputs("A fail function of the corpus that is entered fails all rows of its "
          "image, but for two: a\nhard fault handler that is entered for an SVC "
          "with PRIMASK set, as on silicon (NuttX\ncalls its kernel so), and "
          "`_exit` with status 0, the end of a task. The roles `set` and\n"
          "`clear` count as data, because the truth has the bit set registers "
          "of GPIO so.\n\n", out);
}

static void put_sweep(FILE *out, const score *s)
{
    if (!s->sweep_count)
        return;
    fputs("## Interrupt periods\n\nThe same at other numbers of instructions "
          "between interrupts that inference raises.\n\n"
          "| period | unit |\n| --- | --- |\n", out);
    for (size_t i = 0; i < s->sweep_count; i++)
        fprintf(out, "| %" PRIu64 " | %zu of %zu |\n", s->sweep[i].period,
                s->sweep[i].unit.rows_passed, s->sweep[i].unit.rows);
    fputc('\n', out);
}

static void put_failures(FILE *out, const score *s)
{
    char why[2 * TEXT_LONG];

    fputs("## Failures\n\n", out);
    for (size_t i = 0; i < s->count; i++) {
        const run_result *r = &s->results[i];

        if (r->image->skip || run_passed(r) == r->image->goal_count)
            continue;
        fprintf(out, "- `%s`: %s at `%s`", r->image->file,
                *r->error ? r->error : fwsim_stop_name(r->stop), r->end);
        fprintf(out, *r->gate ? "; %s\n" : "; busiest: `%s`\n",
                *r->gate ? r->gate : r->spin);
        for (size_t g = 0; g < r->image->goal_count; g++)
            if (!run_goal_passed(r, g) && !report_follows(r, g))
                fprintf(out, "  - %s: %s\n", r->image->goals[g].name,
                        report_reason(r, g, why, sizeof why));
    }
    fputs("\n## Skipped\n\n", out);
    for (size_t i = 0; i < s->count; i++)
        if (s->results[i].image->skip)
            fprintf(out, "- `%s`: %s\n", s->results[i].image->file,
                    s->results[i].image->skip);
    fputc('\n', out);
}

static void put_images(FILE *out, const score *s)
{
    fputs("## Images\n\n"
          "Late: in the last quarter of the run, when everything should be "
          "known. Goals: less than one analysis in 10 000 reads then, less than "
          "4 MB of memory.\n\n"
          "| image | rows | end | reads | analyses, again | late reads, analyses "
          "| registers | sites | memory, KiB | coverage |\n"
          "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |\n",
          out);
    for (size_t i = 0; i < s->count; i++) {
        const run_result *r = &s->results[i];

        if (r->image->skip)
            continue;
        fprintf(out, "| `%s` | %zu of %zu | %s | %" PRIu64 " | %" PRIu64
                ", %" PRIu64 " | %" PRIu64 ", %" PRIu64 " | %zu | %zu | %zu | ",
                r->image->file, run_passed(r), r->image->goal_count,
                fwsim_stop_name(r->stop), r->reads, r->analyses, r->reanalyses,
                r->late_reads, r->late_analyses, r->register_count, r->sites,
                r->memory_bytes / 1024);
        if (r->blocks)
            fprintf(out, "%zu of %zu (%.1f %%) ", r->covered, r->blocks,
                    100.0 * (double)r->covered / (double)r->blocks);
        fputs("|\n", out);
    }
    fputc('\n', out);
}

static void put_confusion(FILE *out, const char *what, const roles_table *t)
{
    fprintf(out, "%s: %zu of %zu right, %.1f %%. Rows are the truth.\n\n|",
            what, t->right, t->all,
            t->all ? 100.0 * (double)t->right / (double)t->all : 0);
    for (int c = 0; c < ROLES; c++)
        fprintf(out, " | %s", role_names[c]);
    fputs(" |\n| --- | --- | --- | --- | --- | --- |\n", out);
    for (int r = 0; r < ROLE_NONE; r++) {
        fprintf(out, "| %s", role_names[r]);
        for (int c = 0; c < ROLES; c++)
            fprintf(out, " | %zu", t->cell[r][c]);
        fputs(" |\n", out);
    }
    fputc('\n', out);
}

static void put_roles(FILE *out, const score *s)
{
    if (!s->roles || !s->roles->pairs.all)
        return;
    fputs("## Roles of registers\n\nBeside `register_categories.tsv`, P2IM's "
          "four categories. Control, address and count are CR; status, flags "
          "and identity are SR; data, counter, set and clear are DR; "
          "control-status is C&SR. A register counts when a run used it. "
          "Goals: 93 % of pairs, 86 % of unique registers. How a learned prior "
          "does beside the rules: [inference-prior.md](inference-prior.md)."
          "\n\n", out);
    put_confusion(out, "Pairs of firmware and register", &s->roles->pairs);
    put_confusion(out, "Unique registers, by what most firmware shows",
                  &s->roles->unique);
}

static void put_bits(FILE *out, const score *s)
{
    const bits *b = s->bits ? &s->bits->sum : NULL;

    if (!b)
        return;
    fprintf(out, "## Bits beside SVD files\n\nOf %zu bits that inference holds "
            "to be ready, busy, self-clearing or event bits, %zu are in a field "
            "of an SVD. %zu are set by hardware as the file says, %zu only by "
            "software; of %zu the file does not say it, for most call all "
            "fields read-write. The words of a field (\"ready\", \"busy\", "
            "...) tell the polarity of %zu, and it is right for %zu. Goals: 99 "
            "%% set by hardware of those of which the file says it, 98 %% of "
            "the right polarity.\n\n", b->claimed, b->found, b->hardware,
            b->software, b->unsaid, b->polarity_known, b->polarity_right);
    for (size_t i = 0; i < s->bits->miss_count; i++)
        fprintf(out, "- `%s`\n", s->bits->misses[i].text);
    fputc('\n', out);
}

static void put_times(FILE *out)
{
    if (!looks_count())
        return;
    fprintf(out, "## Time\n\n%zu look-aheads: p50 %.1f us, p99 %.1f us, worst "
            "%.1f us of host time. Goals: 7 us, 120 us, 1 ms.\n\n",
            looks_count(), (double)looks_ns(500) / 1e3,
            (double)looks_ns(990) / 1e3,
            (double)looks_ns(1000) / 1e3);
}

void report_markdown(FILE *out, const score *s)
{
    fprintf(out, "<!-- Written by `make score`; do not edit. -->\n"
            "# Results of inference\n\n"
            "Third-party firmware that nobody has modelled the peripherals of: "
            "one deterministic run of %" PRIu64 " instructions an image on a "
            "generic board, %s. All rows of an image are judged in that run; "
            "when it enters a function that means failure, or faults, none of "
            "them passes.\n\n", s->opt->limit,
            s->opt->regions ? "with the memories that the corpus names"
                            : "with the memories that the image shows and no "
                              "other configuration");
    put_groups(out, s);
    put_rules(out);
    put_sweep(out, s);
    put_failures(out, s);
    put_roles(out, s);
    put_bits(out, s);
    put_times(out);
    put_images(out, s);
}
