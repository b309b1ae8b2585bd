/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Interrupt lines as models have them: the line belongs to the block whose
 * registers its handler reads. Where it is the only one of the block, the bits
 * that the handler tests show what makes it fire: those that hardware drives
 * are the status, those that the firmware has set enable it.
 */
#include "infer/export.h"

/** Bits of a register that handlers test. */
static uint32_t tested_in_handlers(const fwsim__infer *f, uint32_t cell)
{
    uint32_t bits = 0;

    for (uint32_t i = 0; i < f->st.sites; i++)
        if (f->site[i].cell == cell && f->site[i].handler)
            bits |= f->site[i].tested;
    return bits;
}

static bool is_setting(const fwsim__cell *c)
{
    return c->written_back && !(c->ones | c->zeros | c->contested | c->flags);
}

/** The registers that handlers test first: the others are about details. */
static void find_bits(const fwsim__infer *f, const fwsim__area *a,
                      fwsim__event_model *e)
{
    for (uint32_t i = 0; i < f->st.sites; i++) {
        const fwsim__live_site *s = &f->site[i];
        const fwsim__cell *c = &f->cell[s->cell];
        uint32_t bits;

        if (!s->handler || !s->tested || fwsim__area_of(f, c) != a ||
            fwsim__cell_role(f, c) == FWSIM__ROLE_DATA)
            continue;
        bits = tested_in_handlers(f, s->cell);
        if (is_setting(c) && !e->enable_bits) {
            e->enable = (uint32_t)(c->addr - a->base);
            e->enable_bits = bits & c->ever_set;
        } else if (!is_setting(c) && !e->status_bits) {
            e->status = (uint32_t)(c->addr - a->base);
            e->status_bits = bits;
        }
    }
}

static bool is_only_line(const fwsim__area *a)
{
    return __builtin_popcountll(a->lines[0]) +
               __builtin_popcountll(a->lines[1]) == 1;
}

bool fwsim__infer_put_events(const fwsim__infer *f, const fwsim__area *a,
                             fwsim__periph_model *p)
{
    for (unsigned line = 0; p && line < 128; line++) {
        fwsim__event_model *e;

        if (!(a->lines[line / 64] >> line % 64 & 1))
            continue;
        e = fwsim__models_event(p, line);
        if (!e)
            return false;
        if (is_only_line(a))
            find_bits(f, a, e);
        e->source = FWSIM__SOURCE_RULES;
        e->confidence = FWSIM__LIKELY;
        if (!fwsim__models_text(&e->reason,
                                "its handler reads registers of this block"))
            return false;
    }
    return p;
}
