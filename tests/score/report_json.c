/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report.h"

#include <inttypes.h>

static void put_string(FILE *out, const char *s)
{
    fputc('"', out);
    for (; *s; s++) {
        if (*s == '"' || *s == '\\')
            fputc('\\', out);
        if ((unsigned char)*s < 0x20)
            fprintf(out, "\\u%04x", (unsigned char)*s);
        else
            fputc(*s, out);
    }
    fputc('"', out);
}

static void put_member(FILE *out, const char *name, const char *value)
{
    fprintf(out, ", \"%s\": ", name);
    put_string(out, value);
}

static void put_goals(FILE *out, const run_result *r)
{
    char why[2 * TEXT_LONG];

    fputs(", \"rows\": [", out);
    for (size_t g = 0; g < r->image->goal_count; g++) {
        fprintf(out, "%s{\"passed\": %s", g ? ", " : "",
                run_goal_passed(r, g) ? "true" : "false");
        put_member(out, "name", r->image->goals[g].name);
        put_member(out, "reason", report_reason(r, g, why, sizeof why));
        fputc('}', out);
    }
    fputc(']', out);
}

static void put_registers(FILE *out, const run_result *r)
{
    fputs(", \"registers\": [", out);
    for (size_t i = 0; i < r->register_count; i++) {
        const run_register *reg = &r->registers[i];

        fprintf(out, "%s{\"address\": \"0x%08" PRIx64 "\", \"width\": %u, "
                "\"confidence\": %u, \"ones\": \"0x%08" PRIx32 "\", "
                "\"zeros\": \"0x%08" PRIx32 "\"", i ? ", " : "", reg->addr,
                reg->width, reg->confidence, reg->ones, reg->zeros);
        put_member(out, "role", reg->role);
        put_member(out, "reason", reg->reason);
        fputc('}', out);
    }
    fputc(']', out);
}

static void put_run(FILE *out, const run_result *r)
{
    put_member(out, "stop", fwsim_stop_name(r->stop));
    put_member(out, "end", r->end);
    put_member(out, "busiest", r->spin);
    put_member(out, "gate", r->gate);
    put_goals(out, r);
    fprintf(out, ", \"instructions\": %" PRIu64 ", \"unmodelled_registers\": "
            "%zu, \"unmodelled_reads\": %" PRIu64 ", \"covered\": %zu, "
            "\"blocks\": %zu, \"reads\": %" PRIu64 ", \"analyses\": %" PRIu64
            ", \"reanalyses\": %" PRIu64 ", \"late_reads\": %" PRIu64
            ", \"late_analyses\": %" PRIu64 ", \"sites\": %zu, \"memory\": %zu, "
            "\"fingerprint\": \"%016" PRIx64 "\", \"seconds\": %.3f",
            r->instructions, r->unknown_registers, r->unknown_reads,
            r->covered, r->blocks, r->reads, r->analyses,
            r->reanalyses, r->late_reads, r->late_analyses, r->sites,
            r->memory_bytes, r->fingerprint, r->seconds);
    put_registers(out, r);
}

void report_json(FILE *out, const score *s)
{
    for (size_t i = 0; i < s->count; i++) {
        const run_result *r = &s->results[i];

        fputs("{\"image\": ", out);
        put_string(out, r->image->file);
        if (r->image->skip)
            put_member(out, "skipped", r->image->skip);
        else if (*r->error)
            put_member(out, "error", r->error);
        else
            put_run(out, r);
        fputs("}\n", out);
    }
}
