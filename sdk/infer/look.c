/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Look-ahead: the values that are tried, and in which order. The base value
 * comes first; each run adds values that would take another way, and the next
 * one is always that which changes the fewest bits of the base. Values that
 * only combine what others do one by one, as the bits of a status word, wait
 * until nothing else gets on.
 */
#include "infer/look_run.h"

#include <string.h>

void fwsim__look_prepare(fwsim__look_run *r, const fwsim__look_world *world,
                         const fwsim__look_read *read, fwsim__look_result *out)
{
    r->world = world;
    r->read = read;
    r->out = out;
    r->number = 0;
    r->code_size = r->data_size = 0;
    r->code_base = r->data_base = 0;
    r->code = r->data = NULL;
    r->data_writable = false;
    r->queued = 0;
    r->dropped = r->combines = false;
    memset(r->blocks, 0xff, sizeof(r->blocks));
    memset(r->base_blocks, 0, sizeof(r->base_blocks));
    memset(r->decided, 0, sizeof(r->decided));
    memset(r->word, 0, sizeof(r->word));
    out->paths = 0;
    out->complete = false;
    out->tested = out->stored = out->written_back = 0;
    out->cleared_back = out->addressed = 0;
    out->compared = false;
    out->instructions = 0;
    out->gap_pc = 0;
}

void fwsim__look_suggest(fwsim__look_run *r, uint32_t value)
{
    uint32_t width = r->read->width == 4 ? UINT32_MAX
                                         : (1u << 8 * r->read->width) - 1;

    if ((value ^ r->read->base) & (r->read->fixed | ~width))
        return;
    for (unsigned i = 0; i < r->queued; i++) {
        if (r->queue[i].value == value) {
            r->queue[i].combines &= r->combines;
            return;
        }
    }
    if (r->queued == FWSIM__LOOK_QUEUE) {
        r->dropped = true;
        return;
    }
    r->queue[r->queued].value = value;
    r->queue[r->queued].combines = r->combines;
    r->queue[r->queued++].tried = false;
}

/** The next value to try. @return false: none is left */
static bool choose(fwsim__look_run *r, bool combinations, uint32_t *value)
{
    int fewest = 33;
    unsigned best = 0;

    for (unsigned i = 0; i < r->queued; i++) {
        int bits = __builtin_popcount(r->queue[i].value ^ r->read->base);

        if (!r->queue[i].tried && r->queue[i].combines <= combinations &&
            bits < fewest) {
            fewest = bits;
            best = i;
        }
    }
    if (fewest == 33)
        return false;
    r->queue[best].tried = true;
    *value = r->queue[best].value;
    return true;
}

/** Instructions that the next run may take. */
static unsigned left(const fwsim__look_read *read,
                     const fwsim__look_result *out)
{
    unsigned budget = read->budget - out->instructions;

    return budget < read->max_instructions ? budget : read->max_instructions;
}

void fwsim__look(const fwsim__look_world *world, const fwsim__look_read *read,
                 fwsim__look_result *out)
{
    fwsim__look_run r;
    bool gets_on = false;
    uint32_t value;

    fwsim__look_prepare(&r, world, read, out);
    fwsim__look_suggest(&r, read->base);
    while (choose(&r, false, &value) ||
           (!gets_on && choose(&r, true, &value))) {
        fwsim__look_path *path = &out->path[out->paths];

        if (out->paths == read->max_paths ||
            out->paths == FWSIM__LOOK_PATHS || !left(read, out))
            return;
        out->paths++;
        fwsim__look_start(&r, value, path);
        fwsim__look_go(&r, left(read, out));
        gets_on |= path->end <= FWSIM__LOOK_IDLE;
    }
    out->complete = !r.dropped && !choose(&r, true, &value);
}
