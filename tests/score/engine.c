/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "engine.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { INPUT = 65536 }; /* bytes that arrive, at least */

static int feed(fwsim_machine *m, const char *input)
{
    size_t size = strlen(input);
    int err = 0;

    for (size_t fed = 0; !err && size && fed < INPUT; fed += size)
        err = fwsim_stream_feed(m, NULL, input, size);
    return err;
}

/** What arrives in an image; "": nothing. */
static const char *input_of(const run_options *opt, const corpus_image *img)
{
    const char *text = opt->input ? opt->input : "";
    const char *sep = strchr(text, '=');
    size_t group = sep ? (size_t)(sep - text) : 0;

    if (!sep)
        return text;
    return strlen(img->group) == group && !strncmp(img->group, text, group)
               ? sep + 1
               : "";
}

int engine_start(fwsim_machine *m, const run_options *opt,
                 const corpus_image *img)
{
    const fwsim_infer_options how = { .models = opt->models,
                                      .frozen = opt->frozen,
                                      .irq_period = opt->period };
    int err = fwsim_infer_enable(m, &how);

    return err ? err : feed(m, input_of(opt, img));
}

void engine_count(fwsim_machine *m, uint64_t *reads, uint64_t *analyses)
{
    fwsim_infer_stats stats;

    fwsim_infer_stats_get(m, &stats);
    *reads = stats.reads;
    *analyses = stats.analyses;
}

static bool add_register(run_result *r, const fwsim_infer_register *from)
{
    run_register *grown = realloc(r->registers, (r->register_count + 1) *
                                                    sizeof *grown);

    if (!grown)
        return false;
    r->registers = grown;
    grown = &grown[r->register_count++];
    *grown = (run_register){ .addr = from->addr,
                             .width = from->width,
                             .confidence = from->confidence,
                             .ones = from->ones,
                             .zeros = from->zeros };
    snprintf(grown->role, sizeof grown->role, "%s", from->role);
    snprintf(grown->reason, sizeof grown->reason, "%s",
             from->reason ? from->reason : "");
    return true;
}

bool engine_ask(fwsim_machine *m, run_result *r)
{
    fwsim_infer_stats stats;
    fwsim_infer_register reg;

    fwsim_infer_stats_get(m, &stats);
    r->reads = stats.reads;
    r->analyses = stats.analyses;
    r->reanalyses = stats.reanalyses;
    r->interpreted = stats.instructions;
    r->sites = stats.sites;
    r->memory_bytes = stats.memory_bytes;
    for (size_t i = 0; fwsim_infer_register_get(m, i, &reg); i++)
        if (!add_register(r, &reg))
            return false;
    return true;
}
