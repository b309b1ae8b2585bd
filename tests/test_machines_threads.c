/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Several machines in one process: side by side, and each in a thread of its
 * own. They share nothing, so each does what it does alone.
 */
#include "support.h"

#include <pthread.h>

#include "fwsim_periph.h"

enum { MACHINES = 4, SLICES = 50 };

/** Random events that write random memory and serial output. */
static void on_event(fwsim_periph *p, unsigned id)
{
    uint32_t r = fwsim_random(p);

    fwsim_reg_set(p, 0, r);
    fwsim_dma_write(p, 0x20000000 + r % 0xffc, &r, 4);
    fwsim_uart_tx(p, (uint8_t)r);
    fwsim_event_set(p, id, r % 100 + 1);
}

static void on_reset(fwsim_periph *p, fwsim_reset_kind kind)
{
    (void)kind;
    fwsim_event_set(p, 0, 1);
}

static const fwsim_reg regs[] = {
    { "LAST", .rw = 0xffffffff },
    FWSIM_REG_END
};

static const fwsim_periph_type busy = {
    .name = "busy",
    .size = 0x100,
    .regs = regs,
    .uart = true,
    .on_event = on_event,
    .on_reset = on_reset,
};

/* clang-format off */
static const fwsim_soc soc = {
    .name = "test_soc",
    .clock_hz = 1000000,
    .memory = (const fwsim_memory[]) {
        { "ram", 0x20000000, 0x1000, .kind = FWSIM_MEM_RAM },
        { 0 }
    },
    .regions = (const fwsim_region[]) {
        { "periph", 0x40000000, 0x10000, FWSIM_POLICY_IGNORE },
        { 0 }
    },
    .periph = (const fwsim_slot[]) {
        { "busy", &busy, .base = 0x40000000 },
        { 0 }
    },
};
/* clang-format on */

static const fwsim_board board = {
    .name = "test_board", .soc = &soc, .console = "busy"
};

/** A part of the life of a machine. */
static bool slice(fwsim_machine *m, unsigned i)
{
    fwsim_limit limit = { .time_ns = FWSIM_US(777) };
    uint32_t value;

    return fwsim_bus_read(m, 0x40001000 + 4 * i, 4, &value) == 0 &&
           fwsim_uart_send(m, NULL, "x", 1) == 0 &&
           fwsim_run(m, &limit, NULL) == 0;
}

/** The fingerprint of a whole life; 0 when something failed. */
static uint64_t live(uint64_t seed)
{
    fwsim_machine *m;
    uint64_t hash = 0;
    bool ok = true;

    if (fwsim_new(&m, &board, &(fwsim_options){ .seed = seed }))
        return 0;
    for (unsigned i = 0; i < SLICES && ok; i++)
        ok = slice(m, i);
    if (ok)
        hash = fwsim_hash(m);
    fwsim_free(m);
    return hash;
}

static void machines_side_by_side_do_not_disturb_each_other(void **state)
{
    fwsim_machine *m[MACHINES];

    (void)state;
    for (uint64_t k = 0; k < MACHINES; k++)
        m[k] = new_machine(&board, &(fwsim_options){ .seed = k });
    for (unsigned i = 0; i < SLICES; i++)
        for (unsigned k = 0; k < MACHINES; k++)
            assert_true(slice(m[k], i));
    for (uint64_t k = 0; k < MACHINES; k++) {
        assert_true(fwsim_hash(m[k]) == live(k));
        fwsim_free(m[k]);
    }
}

typedef struct worker {
    pthread_t thread;
    uint64_t seed, hash;
} worker;

static void *work(void *user)
{
    worker *w = user;

    w->hash = live(w->seed);
    return NULL;
}

static void machines_in_threads_do_what_they_do_alone(void **state)
{
    worker workers[MACHINES];

    (void)state;
    for (uint64_t k = 0; k < MACHINES; k++) {
        workers[k].seed = k;
        assert_int_equal(
            pthread_create(&workers[k].thread, NULL, work, &workers[k]), 0);
    }
    for (uint64_t k = 0; k < MACHINES; k++) {
        assert_int_equal(pthread_join(workers[k].thread, NULL), 0);
        assert_true(workers[k].hash != 0);
        assert_true(workers[k].hash == live(k));
    }
}

static void a_crowd_of_machines_comes_and_goes(void **state)
{
    uint64_t first = live(1);

    (void)state;
    assert_true(first != 0);
    for (int i = 0; i < 20; i++)
        assert_true(live(1) == first);
    assert_true(live(2) != first);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(machines_side_by_side_do_not_disturb_each_other),
        cmocka_unit_test(machines_in_threads_do_what_they_do_alone),
        cmocka_unit_test(a_crowd_of_machines_comes_and_goes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
