/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What inference has found, as text and as a member of the JSON document. */
#include "run.h"

#include <inttypes.h>
#include <string.h>

enum { ROLES_MAX = 16, SHOWN = 10, UNCERTAIN = 50 /* percent, at most */ };

/* ------------------------------------------------------------------ */
/* For people                                                           */
/* ------------------------------------------------------------------ */

/* Has the run shown it? A file may know more. */
static bool is_used(const fwsim_infer_register *r)
{
    return r->reads || r->writes;
}

static void put_roles(fwsim_machine *m)
{
    const char *role[ROLES_MAX];
    size_t count[ROLES_MAX] = { 0 }, roles = 0, all = 0, k;
    fwsim_infer_register r;

    for (size_t i = 0; fwsim_infer_register_get(m, i, &r); i++) {
        if (!is_used(&r))
            continue;
        for (k = 0; k < roles && strcmp(role[k], r.role) != 0; k++)
            ;
        if (k == ROLES_MAX)
            continue;
        if (k == roles)
            role[roles++] = r.role;
        count[k]++;
        all++;
    }
    fprintf(stderr, "  registers   %zu", all);
    for (k = 0; k < roles; k++)
        fprintf(stderr, "%s%zu %s", k ? ", " : ": ", count[k], role[k]);
    fputc('\n', stderr);
}

static void put_lines(fwsim_machine *m)
{
    fwsim_infer_line line;

    for (size_t i = 0; fwsim_infer_line_get(m, i, &line); i++) {
        fprintf(stderr, "  interrupt   %u, raised %" PRIu64 " times", line.line,
                line.raised);
        if (line.block)
            fprintf(stderr, ", its handler reads registers at 0x%08" PRIx64,
                    line.block);
        fputc('\n', stderr);
    }
}

static void put_streams(fwsim_machine *m)
{
    fwsim_infer_stream s;
    char where[160];

    for (size_t i = 0; fwsim_infer_stream_get(m, i, &s); i++) {
        fprintf(stderr, "  input       %s %s: %" PRIu64 " %s here", s.name,
                s.buffer ? "points to a buffer" : "looks like a receiver",
                s.asked, s.buffer ? "bytes wanted" : "reads");
        if (s.waiting)
            fprintf(stderr, ", %" PRIu64 " bytes were not taken", s.waiting);
        fprintf(stderr, ", first at %s\n",
                fwsim_describe(m, s.first_pc, where, sizeof(where)));
    }
}

static void put_dma(fwsim_machine *m)
{
    fwsim_infer_dma d;

    for (size_t i = 0; fwsim_infer_dma_get(m, i, &d); i++)
        fprintf(stderr, "  transfer    address 0x%08" PRIx64 ", count 0x%08"
                PRIx64 ": %" PRIu64 " times, %s the buffer at 0x%08" PRIx64
                ", %" PRIu64 " bytes\n", d.address, d.count, d.transfers,
                d.to_memory ? "into" : "from", d.buffer, d.size);
}

static void put_uncertain(fwsim_machine *m)
{
    fwsim_infer_register r;
    char where[160];
    size_t count = 0;

    for (size_t i = 0; fwsim_infer_register_get(m, i, &r); i++) {
        if (!is_used(&r) || r.confidence > UNCERTAIN || ++count > SHOWN)
            continue;
        fprintf(stderr, "  uncertain   0x%08" PRIx64 " %s, %u %%: %s, first at "
                "%s\n", r.addr, r.role, r.confidence, r.reason,
                fwsim_describe(m, r.first_pc, where, sizeof(where)));
    }
    if (count > SHOWN)
        fprintf(stderr, "  uncertain   and %zu more; --json lists all\n",
                count - SHOWN);
}

/* Streams that no register has asked for. */
static void put_unused(fwsim_machine *m, const run_options *opt)
{
    for (size_t i = 0; i < opt->infer.stream_count; i++) {
        const char *name = opt->infer.streams[i].name;
        fwsim_infer_stream s = { 0 };
        bool found = false;

        for (size_t k = 0; !found && fwsim_infer_stream_get(m, k, &s); k++)
            found = !*name || !strcmp(s.name, name);
        if (!found)
            cli_message("the input \"%s\" was not used: no register %s%s"
                        "delivers data, as it seems",
                        opt->infer.streams[i].path, name, *name ? " " : "");
    }
}

static void put_remedy(fwsim_machine *m, const run_options *opt,
                       const run_result *result)
{
    const char *models = opt->infer.how.models;
    char where[160];

    if (result->code != CLI_FROZEN)
        return;
    cli_message("frozen: no model and no file knows the register that is used "
                "at %s",
                fwsim_describe(m, result->stop.pc, where, sizeof(where)));
    cli_message("\"fwsim infer --board %s %s%s%s-o %s %s\" adds it to the "
                "file; without --frozen it is inferred", opt->board->name,
                models ? "--models " : "", models ? models : "",
                models ? " " : "",
                models ? models : "models.yaml", opt->images[0].path);
}

void infer_report_text(fwsim_machine *m, const run_options *opt,
                       const run_result *result)
{
    fwsim_infer_stats stats;
    char where[160];

    fwsim_infer_stats_get(m, &stats);
    put_remedy(m, opt, result);
    put_unused(m, opt);
    if (!opt->infer.command)
        return;
    cli_message("ended at %s; %" PRIu64 " analyses at %zu places",
                fwsim_describe(m, result->stop.pc, where, sizeof(where)),
                stats.analyses, stats.sites);
    put_roles(m);
    put_lines(m);
    put_streams(m);
    put_dma(m);
    put_uncertain(m);
    if (opt->infer.output && result->code != CLI_INTERNAL)
        cli_message("the models are in %s",
                    strcmp(opt->infer.output, "-") ? opt->infer.output
                                                   : "standard output");
}

/* ------------------------------------------------------------------ */
/* For programs                                                         */
/* ------------------------------------------------------------------ */

static void json_where(json *j, fwsim_machine *m, uint64_t pc)
{
    char where[160];

    json_hex(j, "first_pc", pc);
    json_string(j, "first_at", fwsim_describe(m, pc, where, sizeof(where)));
}

static void json_registers(json *j, fwsim_machine *m)
{
    fwsim_infer_register r;

    json_array(j, "registers");
    for (size_t i = 0; fwsim_infer_register_get(m, i, &r); i++) {
        if (!is_used(&r))
            continue;
        json_object(j, NULL);
        json_hex(j, "address", r.addr);
        json_uint(j, "width", r.width);
        json_string(j, "role", r.role);
        json_uint(j, "confidence", r.confidence);
        json_string(j, "reason", r.reason);
        json_uint(j, "reads", r.reads);
        json_uint(j, "writes", r.writes);
        json_hex(j, "ones", r.ones);
        json_hex(j, "zeros", r.zeros);
        json_where(j, m, r.first_pc);
        json_object_end(j);
    }
    json_array_end(j);
}

static void json_lines(json *j, fwsim_machine *m)
{
    fwsim_infer_line line;

    json_array(j, "interrupts");
    for (size_t i = 0; fwsim_infer_line_get(m, i, &line); i++) {
        json_object(j, NULL);
        json_uint(j, "line", line.line);
        json_uint(j, "raised", line.raised);
        json_hex(j, "block", line.block);
        json_object_end(j);
    }
    json_array_end(j);
}

static void json_streams(json *j, fwsim_machine *m)
{
    fwsim_infer_stream s;

    json_array(j, "streams");
    for (size_t i = 0; fwsim_infer_stream_get(m, i, &s); i++) {
        json_object(j, NULL);
        json_string(j, "name", s.name);
        json_bool(j, "buffer", s.buffer);
        json_uint(j, "asked", s.asked);
        json_uint(j, "waiting", s.waiting);
        json_where(j, m, s.first_pc);
        json_object_end(j);
    }
    json_array_end(j);
}

static void json_dma(json *j, fwsim_machine *m)
{
    fwsim_infer_dma d;

    json_array(j, "transfers");
    for (size_t i = 0; fwsim_infer_dma_get(m, i, &d); i++) {
        json_object(j, NULL);
        json_hex(j, "address", d.address);
        json_hex(j, "count", d.count);
        json_hex(j, "buffer", d.buffer);
        json_uint(j, "size", d.size);
        json_bool(j, "to_memory", d.to_memory);
        json_uint(j, "transfers", d.transfers);
        json_object_end(j);
    }
    json_array_end(j);
}

void infer_report_json(json *j, fwsim_machine *m)
{
    fwsim_infer_stats stats;

    fwsim_infer_stats_get(m, &stats);
    json_object(j, "inference");
    json_uint(j, "reads", stats.reads);
    json_uint(j, "writes", stats.writes);
    json_uint(j, "analyses", stats.analyses);
    json_uint(j, "sites", stats.sites);
    json_registers(j, m);
    json_lines(j, m);
    json_streams(j, m);
    json_dma(j, m);
    json_object_end(j);
}
