/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Counters that are computed from the virtual time: exact to the tick, and
 * without drift at rates that do not divide the core clock.
 */
#include "support.h"

#include "fwsim_periph.h"
#include "machine/machine.h"

enum { CLOCK = 16000000 };

static const fwsim_periph_type timer = { .name = "timer", .size = 0x100 };

/* clang-format off */
static const fwsim_soc soc = {
    .name = "test_soc",
    .clock_hz = CLOCK,
    .periph = (const fwsim_slot[]) {
        { "timer", &timer, .base = 0x40000000 },
        { 0 }
    },
};
/* clang-format on */

static const fwsim_board board = { .name = "test_board", .soc = &soc };

static int setup(void **state)
{
    return bench_setup(state, &board);
}

static fwsim_periph *timer_of(void **state)
{
    return fwsim__periph_find(((bench *)*state)->m, "timer");
}

static void a_zeroed_counter_is_stopped_at_zero(void **state)
{
    fwsim_periph *p = timer_of(state);
    fwsim_counter c = { 0 };

    p->m->now = 1000;
    assert_int_equal(fwsim_counter_get(p, &c), 0);
    assert_int_equal(fwsim_counter_until(p, &c, 5), UINT64_MAX);
}

static void a_counter_counts_whole_steps(void **state)
{
    fwsim_periph *p = timer_of(state);
    fwsim_counter c = { 0 };

    p->m->now = 100;
    fwsim_counter_start(p, &c, 1000000, 1); /* a step in 16 ticks */
    p->m->now = 115;
    assert_int_equal(fwsim_counter_get(p, &c), 0);
    p->m->now = 116;
    assert_int_equal(fwsim_counter_get(p, &c), 1);
    p->m->now = 100 + 16 * 1000;
    assert_int_equal(fwsim_counter_get(p, &c), 1000);
}

static void until_is_the_first_tick_with_the_value(void **state)
{
    fwsim_periph *p = timer_of(state);

    /* 32768 Hz: a step in 488.28125 ticks; and other awkward rates. */
    static const uint32_t rates[][2] = { { 32768, 1 }, { 1, 3 },
                                         { 15999999, 1 }, { 16000000, 1 },
                                         { 48000000, 1 }, { 1000, 7 } };

    for (size_t r = 0; r < sizeof rates / sizeof *rates; r++) {
        fwsim_counter c = { 0 };

        p->m->now = 12345;
        fwsim_counter_start(p, &c, rates[r][0], rates[r][1]);
        for (int i = 1; i < 200; i++) {
            uint64_t value = fwsim_counter_get(p, &c) + fwsim_random(p) % 9 + 1;
            uint64_t ticks = fwsim_counter_until(p, &c, value);

            assert_true(ticks > 0);
            p->m->now += ticks - 1;
            assert_true(fwsim_counter_get(p, &c) < value);
            assert_int_equal(fwsim_counter_until(p, &c, value), 1);
            p->m->now += 1;
            assert_true(fwsim_counter_get(p, &c) >= value);
            assert_int_equal(fwsim_counter_until(p, &c, value), 0);
        }
    }
}

static void an_hour_of_32768_hz_has_not_drifted(void **state)
{
    fwsim_periph *p = timer_of(state);
    fwsim_counter c = { 0 };

    fwsim_counter_start(p, &c, 32768, 1);
    p->m->now = UINT64_C(3600) * CLOCK;
    assert_int_equal(fwsim_counter_get(p, &c), 3600 * 32768);
    p->m->now -= 1;
    assert_int_equal(fwsim_counter_get(p, &c), 3600 * 32768 - 1);
}

static void a_timer_that_is_put_back_at_each_match_does_not_drift(void **state)
{
    fwsim_periph *p = timer_of(state);
    fwsim_counter c = { 0 };

    fwsim_counter_start(p, &c, 32768, 1);
    /* Wraps at 100 steps: after 32768 rounds 100 s have passed. */
    for (int i = 0; i < 32768; i++) {
        p->m->now += fwsim_counter_until(p, &c, 100);
        fwsim_counter_put(p, &c, 0);
    }
    assert_int_equal(p->m->now, UINT64_C(100) * CLOCK);
}

static void starting_a_running_counter_keeps_its_phase(void **state)
{
    fwsim_periph *p = timer_of(state);
    fwsim_counter c = { 0 };

    fwsim_counter_start(p, &c, 1000000, 1);
    p->m->now = 15;
    fwsim_counter_start(p, &c, 1000000, 1);
    p->m->now = 16;
    assert_int_equal(fwsim_counter_get(p, &c), 1);
}

static void another_rate_goes_on_from_the_value(void **state)
{
    fwsim_periph *p = timer_of(state);
    fwsim_counter c = { 0 };

    fwsim_counter_start(p, &c, 1000000, 1);
    p->m->now = 160;
    fwsim_counter_start(p, &c, 16000000, 1);
    p->m->now = 165;
    assert_int_equal(fwsim_counter_get(p, &c), 15);
}

static void a_stopped_counter_keeps_its_value(void **state)
{
    fwsim_periph *p = timer_of(state);
    fwsim_counter c = { 0 };

    fwsim_counter_start(p, &c, 1000000, 1);
    p->m->now = 165;
    fwsim_counter_stop(p, &c);
    p->m->now = 1000;
    assert_int_equal(fwsim_counter_get(p, &c), 10);
    fwsim_counter_start(p, &c, 1000000, 1);
    p->m->now = 1016;
    assert_int_equal(fwsim_counter_get(p, &c), 11);
}

static void a_put_value_counts_on_if_the_counter_runs(void **state)
{
    fwsim_periph *p = timer_of(state);
    fwsim_counter c = { 0 };

    fwsim_counter_put(p, &c, 42);
    p->m->now = 1000;
    assert_int_equal(fwsim_counter_get(p, &c), 42);
    fwsim_counter_start(p, &c, 1000000, 1);
    p->m->now = 1000 + 16 * 100;
    fwsim_counter_put(p, &c, 7);
    assert_int_equal(fwsim_counter_get(p, &c), 7);
    p->m->now += 32;
    assert_int_equal(fwsim_counter_get(p, &c), 9);
}

static void a_value_in_the_past_is_reached(void **state)
{
    fwsim_periph *p = timer_of(state);
    fwsim_counter c = { 0 };

    fwsim_counter_put(p, &c, 50);
    fwsim_counter_start(p, &c, 1000000, 1);
    assert_int_equal(fwsim_counter_until(p, &c, 50), 0);
    assert_int_equal(fwsim_counter_until(p, &c, 49), 0);
}

static void a_value_beyond_the_end_of_time_is_never_reached(void **state)
{
    fwsim_periph *p = timer_of(state);
    fwsim_counter c = { 0 };

    fwsim_counter_start(p, &c, 1, 1000);
    assert_int_equal(fwsim_counter_until(p, &c, UINT64_MAX / 4), UINT64_MAX);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, bench_teardown)
    const struct CMUnitTest tests[] = {
        TEST(a_zeroed_counter_is_stopped_at_zero),
        TEST(a_counter_counts_whole_steps),
        TEST(until_is_the_first_tick_with_the_value),
        TEST(an_hour_of_32768_hz_has_not_drifted),
        TEST(a_timer_that_is_put_back_at_each_match_does_not_drift),
        TEST(starting_a_running_counter_keeps_its_phase),
        TEST(another_rate_goes_on_from_the_value),
        TEST(a_stopped_counter_keeps_its_value),
        TEST(a_put_value_counts_on_if_the_counter_runs),
        TEST(a_value_in_the_past_is_reached),
        TEST(a_value_beyond_the_end_of_time_is_never_reached),
    };
#undef TEST
    return cmocka_run_group_tests(tests, NULL, NULL);
}
