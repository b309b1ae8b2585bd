/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Courses of values for inputs and pins.
 */
#include "support.h"

#include <stdio.h>
#include <string.h>

#include "fwsim_periph.h"
#include "machine/machine.h"

/** Writes down each value it gets. */
typedef struct heard {
    char text[240];
} heard;

static void on_input(fwsim_periph *p, unsigned index)
{
    heard *h = fwsim_state(p);
    size_t n = strlen(h->text);

    snprintf(h->text + n, sizeof h->text - n, "%d@%u ",
             (int)fwsim_input(p, index), (unsigned)fwsim_now(p));
}

static const fwsim_periph_type sensor = {
    .name = "sensor",
    .state_size = sizeof(heard),
    .inputs = (const fwsim_quantity[]){ { "volts", "mV", 0, -1000, 1000 },
                                        { 0 } },
    .on_input = on_input,
};

/* clang-format off */
static const fwsim_board board = {
    .name = "board",
    .soc = &(const fwsim_soc) {
        .name = "soc", .clock_hz = 1000, .pins = 1,
        .periph = (const fwsim_slot[]) { { "adc", &sensor }, { 0 } },
    },
};
/* clang-format on */

static char pins_heard[200];

static void on_pin(fwsim_machine *m, unsigned pin, bool level, void *user)
{
    size_t n = strlen(pins_heard);

    (void)pin, (void)user;
    snprintf(pins_heard + n, sizeof pins_heard - n, "%d@%u ", level,
             (unsigned)(fwsim_time_ns(m) / 1000000));
}

static int setup(void **state)
{
    pins_heard[0] = '\0';
    return bench_setup(state, &board);
}

static void assert_heard(fwsim_machine *m, const char *expected)
{
    heard *h = fwsim_state(fwsim__periph_find(m, "adc"));

    assert_string_equal(h->text, expected);
    h->text[0] = '\0';
}

#define COURSE(...)                                                            \
    .points = (const fwsim_point[]){ __VA_ARGS__ },                            \
    .count = sizeof((const fwsim_point[]){ __VA_ARGS__ }) / sizeof(fwsim_point)

/* A tick is a millisecond. */

static void values_come_at_their_moments(void **state)
{
    fwsim_machine *m = bench_machine(state);

    run_ns(m, FWSIM_MS(5));
    OK(fwsim_input_play(m, "adc", "volts",
                        &(fwsim_course){ COURSE({ 0, 7 }, { FWSIM_MS(2), -8 },
                                                { FWSIM_MS(9), 9 }) }));
    run_ns(m, FWSIM_MS(100));
    assert_heard(m, "7@5 -8@7 9@14 ");
}

static void a_course_may_begin_later_and_again(void **state)
{
    fwsim_machine *m = bench_machine(state);

    OK(fwsim_input_play(m, "adc", "volts",
                        &(fwsim_course){ COURSE({ FWSIM_MS(1), 1 },
                                                { FWSIM_MS(2), 2 }),
                                         .repeat_ns = FWSIM_MS(4) }));
    run_ns(m, FWSIM_MS(10));
    assert_heard(m, "1@1 2@2 1@5 2@6 1@9 2@10 ");
    OK(fwsim_input_play(m, "adc", "volts", NULL));
    run_ns(m, FWSIM_MS(10));
    assert_heard(m, "");
}

static void values_change_evenly_in_steps(void **state)
{
    fwsim_machine *m = bench_machine(state);

    OK(fwsim_input_play(m, "adc", "volts",
                        &(fwsim_course){ COURSE({ 0, 0 }, { FWSIM_MS(10), -100 },
                                                { FWSIM_MS(11), 50 }),
                                         .step_ns = FWSIM_MS(4) }));
    run_ns(m, FWSIM_MS(30));
    assert_heard(m, "0@0 -40@4 -80@8 -100@10 50@11 ");
}

static void steps_may_be_longer_than_any_time(void **state)
{
    fwsim_machine *m = bench_machine(state);

    OK(fwsim_input_play(m, "adc", "volts",
                        &(fwsim_course){ COURSE({ FWSIM_MS(1), 1 },
                                                { FWSIM_MS(3), 3 }),
                                         .step_ns = UINT64_MAX }));
    run_ns(m, FWSIM_MS(5));
    assert_heard(m, "1@1 3@3 ");
}

static void a_course_goes_on_over_resets(void **state)
{
    fwsim_machine *m = bench_machine(state);

    OK(fwsim_input_play(m, "adc", "volts",
                        &(fwsim_course){ COURSE({ FWSIM_MS(5), 5 },
                                                { FWSIM_MS(8), 8 }) }));
    OK(fwsim_reset(m, FWSIM_RESET_PIN));
    run_ns(m, FWSIM_MS(6));
    OK(fwsim_reset(m, FWSIM_RESET_WATCHDOG));
    run_ns(m, FWSIM_MS(6));
    assert_heard(m, "5@5 8@8 ");
}

static void going_back_goes_back_in_the_course(void **state)
{
    fwsim_machine *m = bench_machine(state);
    const fwsim_course other = { COURSE({ FWSIM_MS(1), 100 }) };
    fwsim_snapshot *before, *inside;
    uint64_t hash;

    OK(fwsim_snapshot_take(m, &before));
    OK(fwsim_input_play(m, "adc", "volts",
                        &(fwsim_course){ COURSE({ 0, 1 }, { FWSIM_MS(4), 2 },
                                                { FWSIM_MS(8), 3 }) }));
    run_ns(m, FWSIM_MS(5));
    OK(fwsim_snapshot_take(m, &inside));
    run_ns(m, FWSIM_MS(5));
    assert_heard(m, "1@0 2@4 3@8 ");
    hash = fwsim_hash(m);

    OK(fwsim_snapshot_restore(m, inside));
    run_ns(m, FWSIM_MS(5));
    assert_heard(m, "1@0 2@4 3@8 ");
    assert_true(fwsim_hash(m) == hash);
    OK(fwsim_snapshot_restore(m, inside));
    run_ns(m, FWSIM_MS(4));
    OK(fwsim_snapshot_restore(m, before));
    run_ns(m, FWSIM_MS(20));
    assert_heard(m, "");

    /* Replaced by another one, the first is gone; played again, it is back. */
    OK(fwsim_input_play(m, "adc", "volts", &other));
    OK(fwsim_snapshot_restore(m, inside));
    run_ns(m, FWSIM_MS(5));
    assert_heard(m, "1@0 2@4 ");
    OK(fwsim_snapshot_restore(m, before));
    OK(fwsim_input_play(m, "adc", "volts",
                        &(fwsim_course){ COURSE({ 0, 1 }, { FWSIM_MS(4), 2 },
                                                { FWSIM_MS(8), 3 }) }));
    run_ns(m, FWSIM_MS(10));
    assert_heard(m, "1@0 2@4 3@8 ");
    fwsim_snapshot_free(before);
    fwsim_snapshot_free(inside);
}

static void a_pin_is_driven(void **state)
{
    fwsim_machine *m = bench_machine(state);

    OK(fwsim_on_pin(m, on_pin, NULL));
    OK(fwsim_pin_play(m, "pin0",
                      &(fwsim_course){ COURSE({ FWSIM_MS(1), FWSIM_PIN_HIGH },
                                              { FWSIM_MS(3), FWSIM_PIN_LOW },
                                              { FWSIM_MS(4), FWSIM_PIN_PULL_UP },
                                              { FWSIM_MS(5), FWSIM_PIN_FLOAT }) }));
    run_ns(m, FWSIM_MS(10));
    assert_string_equal(pins_heard, "1@1 0@3 1@4 0@5 ");
}

static void play_inside(fwsim_machine *m, unsigned pin, bool level, void *user)
{
    int *result = user;

    (void)pin, (void)level;
    result[0] = fwsim_pin_play(m, "pin0", NULL);
    result[1] = fwsim_input_play(m, "adc", "volts", NULL);
}

static void what_is_no_course_is_refused(void **state)
{
    fwsim_machine *m = bench_machine(state);
    int results[2] = { 0 };

    assert_int_equal(fwsim_input_play(m, "adc", "amps", NULL), FWSIM_ENOENT);
    assert_int_equal(fwsim_input_play(m, "dac", "volts", NULL), FWSIM_ENOENT);
    assert_int_equal(fwsim_pin_play(m, "pin1", NULL), FWSIM_ENOENT);
    assert_int_equal(
        fwsim_input_play(m, "adc", "volts", &(fwsim_course){ .count = 0 }),
        FWSIM_EINVAL);
    assert_int_equal(fwsim_input_play(m, "adc", "volts",
                                      &(fwsim_course){ COURSE({ 5, 1 },
                                                              { 5, 2 }) }),
                     FWSIM_EINVAL);
    assert_errmsg(m, "point 1");
    assert_int_equal(
        fwsim_input_play(m, "adc", "volts",
                         &(fwsim_course){ COURSE({ 5, 1001 }) }),
        FWSIM_ERANGE);
    assert_errmsg(m, "1001 at point 0 of the course is not in -1000..1000");
    assert_int_equal(fwsim_input_play(m, "adc", "volts",
                                      &(fwsim_course){ COURSE({ 5, 1 }),
                                                       .repeat_ns = 5 }),
                     FWSIM_EINVAL);
    assert_int_equal(fwsim_pin_play(m, "pin0",
                                    &(fwsim_course){ COURSE({ 5, 1 }),
                                                     .step_ns = 5 }),
                     FWSIM_EINVAL);
    assert_int_equal(fwsim_pin_play(m, "pin0",
                                    &(fwsim_course){ COURSE({ 5, 7 }) }),
                     FWSIM_ERANGE);
    OK(fwsim_on_pin(m, play_inside, results));
    OK(fwsim_pin_play(m, "pin0",
                      &(fwsim_course){ COURSE({ 0, FWSIM_PIN_LOW },
                                              { 5, FWSIM_PIN_HIGH }) }));
    run_ns(m, FWSIM_MS(2));
    assert_int_equal(results[0], FWSIM_EBUSY);
    assert_int_equal(results[1], FWSIM_EBUSY);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, bench_teardown)
    const struct CMUnitTest tests[] = {
        TEST(values_come_at_their_moments),
        TEST(a_course_may_begin_later_and_again),
        TEST(values_change_evenly_in_steps),
        TEST(steps_may_be_longer_than_any_time),
        TEST(a_course_goes_on_over_resets),
        TEST(going_back_goes_back_in_the_course),
        TEST(a_pin_is_driven),
        TEST(what_is_no_course_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
