/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Machines of different cores in threads at once end as they do alone: the
 * engine, too, shares nothing.
 */
#include <pthread.h>

#include "cm.h"
#include "support.h"

static const struct {
    const char *guest, *core;
} jobs[] = {
    {"cm_code", "cortex-m0"},  {"cm_time", "cortex-m3"},
    {"cm_prio", "cortex-m4f"}, {"cm_fp", "cortex-m33"},
    {"cm_code", "cortex-m3"},  {"cm_fp", "cortex-m7"},
};
enum { JOBS = sizeof jobs / sizeof *jobs, ROUNDS = 5 };

/* Nothing of cmocka here: it is not for threads. */
static uint64_t hash_of(size_t job)
{
    const fwsim_options opt = {.semihosting = true, .deliver_faults = true};
    const fwsim_limit limit = {.time_ns = FWSIM_MS(500)};
    fwsim_machine *m;
    uint64_t hash = 0;
    char path[512];

    cm_image(jobs[job].guest, jobs[job].core, path, sizeof path);
    if (fwsim_new(&m, cm_board(jobs[job].core), &opt))
        return 0;
    if (fwsim_load(m, path, NULL) == 0 && fwsim_run(m, &limit, NULL) == 0)
        hash = fwsim_hash(m);
    fwsim_free(m);
    return hash;
}

typedef struct work {
    pthread_t thread;
    size_t job;
    uint64_t hash[ROUNDS];
} work;

static void *run(void *user)
{
    work *w = user;

    for (size_t i = 0; i < ROUNDS; i++)
        w->hash[i] = hash_of(w->job);
    return NULL;
}

static void machines_in_threads_end_as_they_do_alone(void **state)
{
    uint64_t alone[JOBS];
    work works[JOBS];

    (void)state;
    for (size_t i = 0; i < JOBS; i++) {
        alone[i] = hash_of(i);
        assert_int_not_equal(alone[i], 0);
    }
    for (size_t i = 0; i < JOBS; i++) {
        works[i].job = i;
        assert_int_equal(pthread_create(&works[i].thread, NULL, run, &works[i]),
                         0);
    }
    for (size_t i = 0; i < JOBS; i++) {
        assert_int_equal(pthread_join(works[i].thread, NULL), 0);
        for (size_t k = 0; k < ROUNDS; k++)
            assert_int_equal(works[i].hash[k], alone[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(machines_in_threads_end_as_they_do_alone),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
