/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Inference is deterministic: a run of a guest (firmware/inf_*.c) ends in the
 * same state however it is cut, and when it goes on from a snapshot. Cuts are
 * at random places from the seed below.
 */
#include "infer.h"

enum { LENGTH = 40000, CUT_MAX = 700, AWAY = 900, TIMES = 3, SEED = 20261120 };

static uint32_t next_random(uint32_t *state, uint32_t below)
{
    *state = *state * 1664525u + 1013904223u;
    return (*state >> 8) % below;
}

/** Run up to an instruction of the machine's life. @return false when the
 * guest has ended */
static bool run_to(infer_run *r, uint64_t at)
{
    fwsim_machine *m = r->m;

    while (fwsim_instructions(m) < at) {
        const fwsim_limit limit = { .instructions = at - fwsim_instructions(m) };
        fwsim_stop stop;

        OK(fwsim_run(m, &limit, &stop));
        if (r->failed || stop.reason == FWSIM_STOP_FAULT ||
            stop.reason == FWSIM_STOP_IDLE)
            return false;
    }
    return true;
}

static uint64_t hash_in_one(const infer_guest *g, const char *level)
{
    infer_run r;
    uint64_t hash;

    infer_start_guest(&r, g, level, NULL);
    run_to(&r, LENGTH);
    hash = fwsim_hash(r.m);
    infer_end(&r);
    return hash;
}

/** Go on, and back to where it was; each time the same way. */
static void away_and_back(infer_run *r)
{
    fwsim_machine *m = r->m;
    infer_run before = *r;
    fwsim_snapshot *s;
    uint64_t hash, away = 0;

    OK(fwsim_snapshot_take(m, &s));
    hash = fwsim_hash(m);
    for (unsigned i = 0; i < TIMES; i++) {
        run_to(r, fwsim_instructions(m) + AWAY);
        if (i == 0)
            away = fwsim_hash(m);
        assert_int_equal(fwsim_hash(m), away);
        OK(fwsim_snapshot_restore(m, s));
        assert_int_equal(fwsim_hash(m), hash);
        *r = before;
    }
    fwsim_snapshot_free(s);
}

static uint64_t hash_in_pieces(const infer_guest *g, const char *level,
                               bool restore)
{
    uint32_t random = SEED;
    infer_run r;
    uint64_t hash, at = 0;

    infer_start_guest(&r, g, level, NULL);
    do {
        if (restore && next_random(&random, 4) == 0)
            away_and_back(&r);
        at += 1 + next_random(&random, CUT_MAX);
    } while (run_to(&r, at < LENGTH ? at : LENGTH) && at < LENGTH);
    hash = fwsim_hash(r.m);
    infer_end(&r);
    return hash;
}

/** Tells which guest it was. */
static void assert_same(const infer_guest *g, uint64_t hash, uint64_t expected)
{
    if (hash != expected)
        print_error("inf_%s:\n", g->name);
    assert_int_equal(hash, expected);
}

static void two_runs_end_in_the_same_state(void **state)
{
    (void)state;
    for (const infer_guest *g = infer_guests; g->name; g++)
        assert_same(g, hash_in_one(g, "2"), hash_in_one(g, "2"));
}

static void a_run_in_pieces_ends_in_the_same_state(void **state)
{
    (void)state;
    for (const infer_guest *g = infer_guests; g->name; g++)
        assert_same(g, hash_in_pieces(g, "s", false),
                    hash_in_one(g, "s"));
}

static void a_run_that_goes_back_ends_in_the_same_state(void **state)
{
    (void)state;
    for (const infer_guest *g = infer_guests; g->name; g++)
        assert_same(g, hash_in_pieces(g, "0", true), hash_in_one(g, "0"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_runs_end_in_the_same_state),
        cmocka_unit_test(a_run_in_pieces_ends_in_the_same_state),
        cmocka_unit_test(a_run_that_goes_back_ends_in_the_same_state),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
