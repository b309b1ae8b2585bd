/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Roles of registers, by rules over how the firmware has used them. The first
 * rule that holds gives the role and the reason.
 */
#include "infer/prior.h"

enum { VALUE_BITS = 6 }; /* so many bits that are stored are a value */

typedef struct rule {
    bool (*holds)(const fwsim__infer *f, const fwsim__cell *c);
    fwsim__role role;
    const char *reason;
} rule;

/** Bits that hardware drives, as the firmware expects. */
static uint32_t hardware(const fwsim__cell *c)
{
    return c->ones | c->zeros | c->contested;
}

static bool in_channel(const fwsim__infer *f, const fwsim__cell *c, bool count)
{
    uint32_t cell = (uint32_t)(c - f->cell) + 1;

    for (uint32_t i = 0; i < f->st.channels; i++)
        if (f->st.channel[i].count &&
            (count ? f->st.channel[i].count : f->st.channel[i].address) == cell)
            return true;
    return false;
}

static bool is_address(const fwsim__infer *f, const fwsim__cell *c)
{
    return in_channel(f, c, false);
}

static bool is_count(const fwsim__infer *f, const fwsim__cell *c)
{
    return in_channel(f, c, true);
}

/** Taken, and given after waits: an echo looks like an acknowledgement. */
static bool is_exchanged(const fwsim__infer *f, const fwsim__cell *c)
{
    (void)f;
    return c->after_wait && !hardware(c) && !c->written_back &&
           __builtin_popcount(c->stored) >= VALUE_BITS;
}

static bool is_flags(const fwsim__infer *f, const fwsim__cell *c)
{
    (void)f;
    return c->flags;
}

static bool is_counter(const fwsim__infer *f, const fwsim__cell *c)
{
    (void)f;
    return c->counting && !hardware(c);
}

/** A start or reset bit: it is set to have something done. */
static bool is_started(const fwsim__infer *f, const fwsim__cell *c)
{
    (void)f;
    return hardware(c) && c->written_back &&
           hardware(c) == (c->zeros & c->ever_set);
}

static bool is_set_and_waited_for(const fwsim__infer *f, const fwsim__cell *c)
{
    (void)f;
    return hardware(c) && c->written_back;
}

static bool is_waited_for(const fwsim__infer *f, const fwsim__cell *c)
{
    (void)f;
    return hardware(c);
}

static bool is_compared(const fwsim__infer *f, const fwsim__cell *c)
{
    (void)f;
    return c->compared && !c->written_back;
}

static bool is_passed_on(const fwsim__infer *f, const fwsim__cell *c)
{
    (void)f;
    return c->stored && !c->tested && !c->written_back;
}

static bool is_modified(const fwsim__infer *f, const fwsim__cell *c)
{
    (void)f;
    return c->written_back;
}

static bool is_tested(const fwsim__infer *f, const fwsim__cell *c)
{
    (void)f;
    return c->tested;
}

static bool is_own(const fwsim__infer *f, const fwsim__cell *c)
{
    (void)f;
    return c->writes && c->tested && !(c->tested & ~c->ever_set) &&
           !c->handled;
}

static bool is_sent_when_ready(const fwsim__infer *f, const fwsim__cell *c)
{
    (void)f;
    return c->after_wait && !c->unprompted && (c->reads || c->plural) &&
           (c->reads || c->writes > 1);
}

static bool is_sent(const fwsim__infer *f, const fwsim__cell *c)
{
    (void)f;
    return c->busy;
}

static bool is_only_written(const fwsim__cell *c)
{
    return c->writes && !c->reads;
}

/** Is there more to the area than single bits? */
static bool has_other_uses(const fwsim__infer *f, uint32_t area)
{
    for (uint32_t i = 0; i < f->st.cells; i++) {
        const fwsim__cell *c = &f->cell[i];

        if (c->area == area && (hardware(c) | c->flags ||
                                (is_only_written(c) && c->plural)))
            return true;
    }
    return false;
}

/** Pins, or what else has a bit of its own in a block without status. */
static bool is_one_by_one(const fwsim__infer *f, const fwsim__cell *c)
{
    return is_only_written(c) && !c->plural && !has_other_uses(f, c->area);
}

static bool is_written(const fwsim__infer *f, const fwsim__cell *c)
{
    (void)f;
    return c->writes;
}

static bool is_anything(const fwsim__infer *f, const fwsim__cell *c)
{
    (void)f;
    (void)c;
    return true;
}

/* clang-format off */
static const rule rules[] = {
    { is_address,            FWSIM__ROLE_ADDRESS,
      "holds the address of a buffer in RAM" },
    { is_count,              FWSIM__ROLE_COUNT,
      "holds a small number, close to the address of a buffer" },
    { is_exchanged,          FWSIM__ROLE_DATA,
      "stored when it is read, written when a wait is over" },
    { is_flags,              FWSIM__ROLE_FLAGS,
      "bits are tested, then written as ones" },
    { is_counter,            FWSIM__ROLE_COUNTER,
      "the firmware waits for it to change" },
    { is_started,            FWSIM__ROLE_CONTROL,
      "the firmware sets bits, and waits until hardware clears them" },
    { is_set_and_waited_for, FWSIM__ROLE_CONTROL_STATUS,
      "the firmware sets bits, and waits for bits" },
    { is_waited_for,         FWSIM__ROLE_STATUS,
      "the firmware waits for bits" },
    { is_compared,           FWSIM__ROLE_DATA,
      "compared with values as a whole" },
    { is_passed_on,          FWSIM__ROLE_DATA,
      "its value is stored, and decides nothing at once" },
    { is_modified,           FWSIM__ROLE_CONTROL,
      "read, modified and written back" },
    { is_sent_when_ready,    FWSIM__ROLE_DATA,
      "written when a wait for another register is over" },
    { is_own,                FWSIM__ROLE_CONTROL,
      "the bits that are tested are those that the firmware sets" },
    { is_tested,             FWSIM__ROLE_STATUS,
      "bits are tested" },
    { is_sent,               FWSIM__ROLE_DATA,
      "written again and again with other values" },
    { is_one_by_one,         FWSIM__ROLE_SET,
      "each write is of one bit, and nothing is read: an output" },
    { is_written,            FWSIM__ROLE_CONTROL,
      "written a few times" },
    { is_anything,           FWSIM__ROLE_DATA,
      "read, and its value decides nothing: taken, as data are" },
};
/* clang-format on */

static const rule *rule_for(const fwsim__infer *f, const fwsim__cell *c)
{
    const rule *r = rules;

    while (!r->holds(f, c))
        r++;
    return r;
}

static uint8_t confidence(const fwsim__cell *c, const rule *r)
{
    if (hardware(c) | c->flags)
        return FWSIM__CERTAIN;
    if (r->holds == is_anything || r->role == FWSIM__ROLE_SET)
        return FWSIM__GUESSED;
    return c->tested || c->written_back ? FWSIM__LIKELY : FWSIM__POSSIBLE;
}

/** Rules that are unsure leave it to the prior, if there is one. */
static bool is_learned(const fwsim__infer *f, const fwsim__cell *c,
                       const rule *r)
{
    return f->prior && confidence(c, r) <= FWSIM__POSSIBLE;
}

fwsim__role fwsim__cell_role(const fwsim__infer *f, const fwsim__cell *c)
{
    const rule *r = rule_for(f, c);

    if (is_learned(f, c, r))
        return fwsim__prior_role(f->prior, fwsim__prior_features(f, c));
    return r->role;
}

const char *fwsim__cell_role_reason(const fwsim__infer *f,
                                    const fwsim__cell *c)
{
    const rule *r = rule_for(f, c);

    return is_learned(f, c, r) ? "used like registers of this role elsewhere"
                               : r->reason;
}

uint8_t fwsim__cell_confidence(const fwsim__infer *f, const fwsim__cell *c)
{
    return confidence(c, rule_for(f, c));
}
