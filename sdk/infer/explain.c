/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What an analysis has found, as lines of the log (level debug): the read, and
 * for each value that was tried where the firmware would go with it.
 */
#include "infer/infer.h"

#include <inttypes.h>
#include <stdio.h>

static const char *const ends[] = {
    [FWSIM__LOOK_LIMIT] = "goes on",
    [FWSIM__LOOK_EXIT] = "leaves the handler",
    [FWSIM__LOOK_IDLE] = "idles",
    [FWSIM__LOOK_SPIN] = "waits for this register",
    [FWSIM__LOOK_WAIT] = "waits for RAM",
    [FWSIM__LOOK_DEAD] = "ends",
    [FWSIM__LOOK_WILD] = "goes astray",
    [FWSIM__LOOK_GAP] = "is not followed",
};

static void explain_path(fwsim__infer *f, const fwsim__look_path *p)
{
    char where[160];

    fwsim__log(f->m, FWSIM_LOG_DEBUG, FWSIM_TOPIC_UNMODELLED, "infer",
               "  0x%08" PRIx32 " %s at %s: %u instructions, bits 0x%" PRIx32
               " tested, %u new blocks, %u data, %u settings%s",
               p->value, ends[p->end],
               fwsim_describe(f->m, p->end_pc, where, sizeof where),
               p->instructions, p->tested, p->new_blocks, p->own_data,
               p->own_settings, p->returned ? ", returns" : "");
}

void fwsim__explain(fwsim__infer *f, const fwsim__live_site *s, bool stuck)
{
    const fwsim__look_result *r = &f->look;
    char where[160];

    if (!f->m->opt.log || f->m->opt.log_level < FWSIM_LOG_DEBUG)
        return;
    fwsim__log(f->m, FWSIM_LOG_DEBUG, FWSIM_TOPIC_UNMODELLED, "infer",
               "read of 0x%08" PRIx64 " at %s%s%s: tested 0x%" PRIx32
               " stored 0x%" PRIx32 " written back 0x%" PRIx32
               " acknowledged 0x%" PRIx32,
               s->addr, fwsim_describe(f->m, s->pc, where, sizeof where),
               s->handler ? ", in a handler" : "", stuck ? ", again" : "",
               r->tested, r->stored, r->written_back, r->cleared_back);
    for (unsigned i = 0; i < r->paths; i++)
        explain_path(f, &r->path[i]);
}
