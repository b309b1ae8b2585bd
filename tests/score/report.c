/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report.h"

#include <inttypes.h>
#include <string.h>

#include "looks.h"

totals report_totals(const run_result *results, size_t count, const char *group)
{
    totals t = { 0 };

    for (size_t i = 0; i < count; i++) {
        const run_result *r = &results[i];

        if (group && strcmp(r->image->group, group) != 0)
            continue;
        if (r->image->skip) {
            t.skipped++;
            continue;
        }
        t.images++;
        t.rows += r->image->goal_count;
        t.rows_passed += run_passed(r);
        t.images_passed += run_passed(r) == r->image->goal_count;
        t.gates += *r->gate != '\0';
    }
    return t;
}

char *report_reason(const run_result *r, size_t goal, char *buf, size_t size)
{
    const corpus_goal *g = &r->image->goals[goal];
    unsigned far = 0;

    *buf = '\0';
    if (run_goal_passed(r, goal))
        return buf;
    if (*r->error) {
        snprintf(buf, size, "%s", r->error);
    } else if (!r->goals[goal].reached) {
        for (unsigned p = 1; p < g->paths; p++)
            if (r->goals[goal].progress[p] > r->goals[goal].progress[far])
                far = p;
        snprintf(buf, size, "not reached: 0x%" PRIx64 ", step %u of %u",
                 g->path[far].step[r->goals[goal].progress[far]],
                 r->goals[goal].progress[far] + 1, g->path[far].steps);
    } else {
        snprintf(buf, size, "reached, but %s", r->gate);
    }
    return buf;
}

bool report_follows(const run_result *r, size_t goal)
{
    const corpus_goal *g = &r->image->goals[goal];

    return goal > 0 && g->paths == 1 && g[-1].paths == 1 &&
           !r->goals[goal].reached && !r->goals[goal - 1].reached &&
           g->path[0].steps == g[-1].path[0].steps + 1 &&
           memcmp(g->path[0].step, g[-1].path[0].step,
                  g[-1].path[0].steps * sizeof g->path[0].step[0]) == 0;
}

bool report_new_group(const run_result *results, size_t index)
{
    for (size_t i = 0; i < index; i++)
        if (strcmp(results[i].image->group, results[index].image->group) == 0)
            return false;
    return true;
}

/* ------------------------------------------------------------------ */
/* For people                                                           */
/* ------------------------------------------------------------------ */

static void print_end(FILE *out, const run_result *r)
{
    if (*r->gate)
        fprintf(out, "    gate: %s\n", r->gate);
    fprintf(out, "    end: %s at %s, %" PRIu64 " instructions, %.2f s\n",
            fwsim_stop_name(r->stop), r->end, r->instructions, r->seconds);
    if (*r->spin && !*r->gate)
        fprintf(out, "    busiest: %s\n", r->spin);
}

static void print_numbers(FILE *out, const run_result *r)
{
    fprintf(out, "    unmodelled: %zu registers, %" PRIu64 " reads; "
            "fingerprint %016" PRIx64 "\n", r->unknown_registers,
            r->unknown_reads, r->fingerprint);
    fprintf(out, "    inference: %" PRIu64 " reads, %" PRIu64 " analyses, "
            "%" PRIu64 " again, %" PRIu64 " instructions looked at\n",
            r->reads, r->analyses, r->reanalyses, r->interpreted);
    fprintf(out, "    %zu registers, %zu sites, %zu KiB; late: %" PRIu64
            " analyses in %" PRIu64 " reads\n", r->register_count, r->sites,
            r->memory_bytes / 1024, r->late_analyses, r->late_reads);
    if (r->blocks)
        fprintf(out, "    coverage: %zu of %zu blocks, %.1f %%\n", r->covered,
                r->blocks, 100.0 * (double)r->covered / (double)r->blocks);
}

static void print_registers(FILE *out, const run_result *r)
{
    for (size_t i = 0; i < r->register_count; i++) {
        const run_register *reg = &r->registers[i];

        fprintf(out, "    0x%08" PRIx64 " %-14s %3u %% ones 0x%08" PRIx32
                " zeros 0x%08" PRIx32 " %s\n", reg->addr, reg->role,
                reg->confidence, reg->ones, reg->zeros, reg->reason);
    }
}

void report_image(FILE *out, const run_result *r, bool verbose)
{
    char why[2 * TEXT_LONG];
    size_t passed;

    if (r->image->skip) {
        fprintf(out, "SKIP %s: %s\n", r->image->file, r->image->skip);
        return;
    }
    passed = run_passed(r);
    fprintf(out, "%s %s %zu/%zu\n",
            passed == r->image->goal_count ? "pass" : "FAIL", r->image->file,
            passed, r->image->goal_count);
    for (size_t g = 0; g < r->image->goal_count; g++)
        if (!run_goal_passed(r, g) && !report_follows(r, g))
            fprintf(out, "    %s: %s\n", r->image->goals[g].name,
                    report_reason(r, g, why, sizeof why));
    if ((verbose || passed < r->image->goal_count) && !*r->error)
        print_end(out, r);
    if (verbose && !*r->error) {
        print_numbers(out, r);
        print_registers(out, r);
    }
}

static void print_totals(FILE *out, const char *name, totals t)
{
    fprintf(out, "%-10s %4zu of %4zu rows, %3zu of %3zu images, %zu gates "
            "violated, %zu skipped\n", name, t.rows_passed, t.rows,
            t.images_passed, t.images, t.gates, t.skipped);
}

static void print_roles(FILE *out, const char *what, const roles_table *t)
{
    fprintf(out, "\nroles, %s: %zu of %zu right (%.1f %%); rows are the truth\n"
            "%6s", what, t->right, t->all,
            t->all ? 100.0 * (double)t->right / (double)t->all : 0, "");
    for (int c = 0; c < ROLES; c++)
        fprintf(out, "%6s", role_names[c]);
    fputc('\n', out);
    for (int r = 0; r < ROLE_NONE; r++) {
        fprintf(out, "%6s", role_names[r]);
        for (int c = 0; c < ROLES; c++)
            fprintf(out, "%6zu", t->cell[r][c]);
        fputc('\n', out);
    }
}

static void print_bits(FILE *out, const bits_result *b)
{
    fprintf(out, "bits: %zu claimed, %zu in the SVDs: %zu hardware, %zu "
            "software, %zu unsaid; polarity %zu of %zu right\n",
            b->sum.claimed, b->sum.found, b->sum.hardware, b->sum.software,
            b->sum.unsaid, b->sum.polarity_right, b->sum.polarity_known);
    for (size_t i = 0; i < b->miss_count; i++)
        fprintf(out, "    %s\n", b->misses[i].text);
}

void report_text(FILE *out, const score *s)
{
    fputc('\n', out);
    for (size_t i = 0; i < s->count; i++) {
        const char *group = s->results[i].image->group;

        if (report_new_group(s->results, i))
            print_totals(out, group, report_totals(s->results, s->count, group));
    }
    print_totals(out, "all", report_totals(s->results, s->count, NULL));
    for (size_t i = 0; i < s->sweep_count; i++) {
        fprintf(out, "period %-8" PRIu64 " unit %zu of %zu\n",
                s->sweep[i].period, s->sweep[i].unit.rows_passed,
                s->sweep[i].unit.rows);
    }
    if (looks_count())
        fprintf(out, "look-ahead: %zu, p50 %.1f us, p99 %.1f us, worst %.1f us\n",
                looks_count(), (double)looks_ns(500) / 1e3,
                (double)looks_ns(990) / 1e3,
                (double)looks_ns(1000) / 1e3);
    if (s->bits)
        print_bits(out, s->bits);
    if (s->roles && s->roles->pairs.all) {
        print_roles(out, "firmware and register", &s->roles->pairs);
        print_roles(out, "unique registers", &s->roles->unique);
    }
}
