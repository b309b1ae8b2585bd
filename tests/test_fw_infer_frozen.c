/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What inference has found out of a guest (firmware/inf_*.c), as a file: a run
 * from the file alone gets the guest done as well, always in the same way, and
 * a run that begins with it has little left to analyse.
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "infer.h"

static char folder[] = "/tmp/fwsim-frozen-XXXXXX";
static char models[64];

/** Get the guest done and save what was found. @return analyses */
static uint64_t learn(const infer_guest *g, const char *level)
{
    fwsim_infer_stats stats;
    fwsim_machine *m;
    infer_run r;

    infer_start_guest(&r, g, level, NULL);
    assert_true(infer_gets_done(&r, g->name));
    m = r.m;
    OK(fwsim_infer_save(m, models));
    fwsim_infer_stats_get(m, &stats);
    infer_end(&r);
    return stats.analyses;
}

/** Run from the file. @return the fingerprint when it is done; 0: it is not */
static uint64_t repeat(const infer_guest *g, const char *level, bool frozen,
                       uint64_t *analyses)
{
    const fwsim_infer_options how = { .models = models, .frozen = frozen };
    fwsim_infer_stats stats;
    infer_run r;
    uint64_t hash = 0;

    infer_start_guest(&r, g, level, &how);
    if (infer_gets_done(&r, g->name))
        hash = fwsim_hash(r.m);
    fwsim_infer_stats_get(r.m, &stats);
    *analyses = stats.analyses;
    infer_end(&r);
    return hash;
}

static void a_frozen_run_gets_done_and_analyses_nothing(void **state)
{
    unsigned missed = 0;
    uint64_t analyses;

    (void)state;
    for (const infer_guest *g = infer_guests; g->name; g++) {
        for (const char *const *level = infer_levels; *level; level++) {
            if (g->gap)
                continue;
            learn(g, *level);
            if (!repeat(g, *level, true, &analyses)) {
                print_error("inf_%s_o%s, frozen\n", g->name, *level);
                missed++;
            }
            assert_int_equal(analyses, 0);
        }
    }
    assert_int_equal(missed, 0);
}

static void two_frozen_runs_end_in_the_same_state(void **state)
{
    uint64_t analyses;

    (void)state;
    for (const infer_guest *g = infer_guests; g->name; g++) {
        if (infer_left_out(g))
            continue;
        learn(g, "2");
        assert_int_equal(repeat(g, "2", true, &analyses),
                         repeat(g, "2", true, &analyses));
    }
}

static void with_the_file_little_is_left_to_analyse(void **state)
{
    uint64_t first = 0, second = 0, analyses;

    (void)state;
    for (const infer_guest *g = infer_guests; g->name; g++) {
        if (g->gap)
            continue;
        first += learn(g, "2");
        assert_true(repeat(g, "2", false, &analyses) != 0);
        second += analyses;
    }
    if (second * 10 > first)
        print_error("%u analyses, then %u\n", (unsigned)first,
                    (unsigned)second);
    assert_true(second * 10 <= first);
}

static int begin(void **state)
{
    (void)state;
    if (!mkdtemp(folder))
        return -1;
    snprintf(models, sizeof models, "%s/models.yaml", folder);
    return 0;
}

static int end(void **state)
{
    (void)state;
    unlink(models);
    return rmdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_frozen_run_gets_done_and_analyses_nothing),
        cmocka_unit_test(two_frozen_runs_end_in_the_same_state),
        cmocka_unit_test(with_the_file_little_is_left_to_analyse),
    };

#ifndef FWSIM_WITH_YAML
    print_message("skipped: a build without YAML reads no models\n");
    return 77;
#endif
    return cmocka_run_group_tests(tests, begin, end);
}
