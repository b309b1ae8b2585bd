/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The reports of a campaign: for people, for programs, and as SARIF 2.1.0. */
#include "fuzz.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

static void markdown(const campaign *c, FILE *out)
{
    fprintf(out, "# Fuzzing of %s\n\n", c->opt->images[0].path);
    fprintf(out, "| | |\n| --- | --- |\n");
    fprintf(out, "| board | %s |\n", c->opt->board->name);
    fprintf(out, "| duration | %.0f s, %" PRIu64 " instances |\n", c->seconds,
            c->opt->fuzz.jobs);
    fprintf(out, "| executions | %" PRIu64 ", %.0f a second |\n", c->execs,
            c->execs_per_s);
    fprintf(out, "| edges | %" PRIu64 " |\n", c->edges);
    fprintf(out, "| basic blocks | %zu |\n", c->starts.count);
    if (c->wanted)
        fprintf(out, "| of %s | %zu of %zu, %.1f %% |\n", c->opt->fuzz.blocks,
                c->wanted_covered, c->wanted,
                100.0 * (double)c->wanted_covered / (double)c->wanted);
    fprintf(out, "| findings | %zu |\n\n", c->finding_count);
    for (size_t i = 0; i < c->finding_count; i++) {
        const fuzz_finding *f = &c->findings[i];

        fprintf(out, "## %s\n\n%s.\n\n", f->folder, f->text);
        if (f->file)
            fprintf(out, "- where: %s:%u\n", f->file, f->line);
        fprintf(out, "- input: findings/%s/input, %zu bytes; %u inputs lead "
                "there\n", f->folder, f->size, f->seen);
        fprintf(out, "- again: `fwsim repro %s/findings/%s/input`\n\n",
                c->folder, f->folder);
    }
}

static void document(const campaign *c, FILE *out)
{
    json j = { .out = out };

    json_object(&j, NULL);
    json_string(&j, "board", c->opt->board->name);
    json_array(&j, "images");
    for (size_t i = 0; i < c->opt->image_count; i++)
        json_string(&j, NULL, c->opt->images[i].path);
    json_array_end(&j);
    json_uint(&j, "seconds", (uint64_t)c->seconds);
    json_uint(&j, "instances", c->opt->fuzz.jobs);
    json_uint(&j, "executions", c->execs);
    json_uint(&j, "executions_per_second", (uint64_t)c->execs_per_s);
    json_uint(&j, "edges", c->edges);
    json_uint(&j, "blocks", c->starts.count);
    if (c->wanted) {
        json_uint(&j, "blocks_wanted", c->wanted);
        json_uint(&j, "blocks_wanted_covered", c->wanted_covered);
    }
    json_array(&j, "findings");
    for (size_t i = 0; i < c->finding_count; i++) {
        const fuzz_finding *f = &c->findings[i];

        json_object(&j, NULL);
        json_string(&j, "name", f->folder);
        json_string(&j, "verdict", fwsim_verdict_name(f->verdict));
        json_string(&j, "text", f->text);
        json_hex(&j, "pc", f->pc);
        json_string(&j, "function", *f->function ? f->function : NULL);
        json_string(&j, "file", f->file);
        json_uint(&j, "line", f->line);
        json_hex(&j, "backtrace_hash", f->hash);
        json_uint(&j, "input_bytes", f->size);
        json_uint(&j, "inputs", f->seen);
        json_object_end(&j);
    }
    json_array_end(&j);
    json_object_end(&j);
    json_end(&j);
}

static void text_member(json *j, const char *key, const char *text)
{
    json_object(j, key);
    json_string(j, "text", text);
    json_object_end(j);
}

static void sarif_rules(json *j)
{
    json_array(j, "rules");
    for (fwsim_verdict v = 0; *fwsim_verdict_text(v); v++) {
        json_object(j, NULL);
        json_string(j, "id", fwsim_verdict_name(v));
        text_member(j, "shortDescription", fwsim_verdict_text(v));
        json_object_end(j);
    }
    json_array_end(j);
}

/* A path in the firmware's line table is as its compiler was given it. */
static void sarif_location(json *j, const fuzz_finding *f)
{
    json_array(j, "locations");
    json_object(j, NULL);
    if (f->file) {
        json_object(j, "physicalLocation");
        json_object(j, "artifactLocation");
        json_string(j, "uri", f->file);
        json_object_end(j);
        json_object(j, "region");
        json_uint(j, "startLine", f->line ? f->line : 1);
        json_object_end(j);
        json_object_end(j);
    }
    if (*f->function) {
        json_array(j, "logicalLocations");
        json_object(j, NULL);
        json_string(j, "name", f->function);
        json_string(j, "kind", "function");
        json_object_end(j);
        json_array_end(j);
    }
    json_object_end(j);
    json_array_end(j);
}

static void sarif(const campaign *c, FILE *out)
{
    json j = { .out = out };
    char hash[24];

    json_object(&j, NULL);
    json_string(&j, "version", "2.1.0");
    json_array(&j, "runs");
    json_object(&j, NULL);
    json_object(&j, "tool");
    json_object(&j, "driver");
    json_string(&j, "name", "fwsim");
    json_string(&j, "version", fwsim_version());
    sarif_rules(&j);
    json_object_end(&j);
    json_object_end(&j);
    json_array(&j, "results");
    for (size_t i = 0; i < c->finding_count; i++) {
        const fuzz_finding *f = &c->findings[i];

        json_object(&j, NULL);
        json_string(&j, "ruleId", fwsim_verdict_name(f->verdict));
        json_string(&j, "level", "error");
        text_member(&j, "message", f->text);
        sarif_location(&j, f);
        snprintf(hash, sizeof(hash), "%016" PRIx64, f->hash);
        json_object(&j, "partialFingerprints");
        json_string(&j, "backtrace/v1", hash);
        json_object_end(&j);
        json_object_end(&j);
    }
    json_array_end(&j);
    json_object_end(&j);
    json_array_end(&j);
    json_object_end(&j);
    json_end(&j);
}

static int write_file(campaign *c, const char *name,
                      void (*fill)(const campaign *, FILE *))
{
    char path[FUZZ_PATH], fresh[FUZZ_PATH];
    FILE *out = fopen(fuzz_path(fresh, c->folder, "%s.new", name), "w");

    if (out)
        fill(c, out);
    if (!out || fclose(out) ||
        rename(fresh, fuzz_path(path, c->folder, "%s", name)))
        return cli_error(CLI_INTERNAL, "%s: %s", fresh, strerror(errno));
    return CLI_OK;
}

int fuzz_report_write(campaign *c)
{
    int code = write_file(c, "report.md", markdown);

    if (code == CLI_OK)
        code = write_file(c, "report.json", document);
    return code == CLI_OK ? write_file(c, "findings.sarif", sarif) : code;
}
