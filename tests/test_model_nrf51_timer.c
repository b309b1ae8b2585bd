/* SPDX-License-Identifier: GPL-2.0-or-later */
/* nRF51 RM v3.0, chapter 18. */
#include "peripherals.h"
#include "support.h"

#define TIMER0 0x40008000u
#define TIMER1 0x40009000u
enum {
    START = 0x000, STOP = 0x004, COUNT = 0x008, CLEAR = 0x00c,
    SHUTDOWN = 0x010, CAPTURE = 0x040, COMPARE = 0x140, SHORTS = 0x200,
    MODE = 0x504, BITMODE = 0x508, PRESCALER = 0x510, CC = 0x540
};
enum { BITS16 = 0, BITS8 = 1, BITS24 = 2, BITS32 = 3 };

static const fwsim_board board = {
    .name = "bench",
    .soc = &(const fwsim_soc){
        .name = "bench",
        .clock_hz = 16000000,
        .irq_lines = 32,
        .periph = (const fwsim_slot[]){
            { "timer0", &nrf51_timer, TIMER0, .irq = { 8 },
              .param = (const uint32_t[]){ 32 } },
            { "timer1", &nrf51_timer, TIMER1, .irq = { 9 },
              .param = (const uint32_t[]){ 16 } },
            { 0 }
        },
    },
};

static int power_up(void **state)
{
    return bench_setup(state, &board);
}

static uint32_t count_now(fwsim_machine *m, uint32_t timer)
{
    bus_write(m, timer + CAPTURE + 4 * 3, 1);
    return bus_read(m, timer + CC + 4 * 3);
}

static void it_counts_microseconds_after_reset(void **state)
{
    fwsim_machine *m = bench_machine(state);

    assert_int_equal(bus_read(m, TIMER0 + PRESCALER), 4);
    bus_write(m, TIMER0 + START, 1);
    run_ns(m, FWSIM_US(1234));
    assert_int_equal(count_now(m, TIMER0), 1234);
}

static void the_prescaler_divides_by_powers_of_two(void **state)
{
    fwsim_machine *m = bench_machine(state);

    for (uint32_t prescaler = 0; prescaler <= 9; prescaler++) {
        bus_write(m, TIMER0 + PRESCALER, prescaler);
        bus_write(m, TIMER0 + CLEAR, 1);
        bus_write(m, TIMER0 + START, 1);
        run_ns(m, FWSIM_US(320));
        assert_int_equal(count_now(m, TIMER0), 5120u >> prescaler);
        bus_write(m, TIMER0 + STOP, 1);
    }
}

static void stop_holds_and_start_resumes(void **state)
{
    fwsim_machine *m = bench_machine(state);

    bus_write(m, TIMER0 + START, 1);
    run_ns(m, FWSIM_US(100));
    bus_write(m, TIMER0 + STOP, 1);
    run_ns(m, FWSIM_US(100));
    assert_int_equal(count_now(m, TIMER0), 100);
    bus_write(m, TIMER0 + START, 1);
    run_ns(m, FWSIM_US(100));
    assert_int_equal(count_now(m, TIMER0), 200);
    bus_write(m, TIMER0 + CLEAR, 1);
    assert_int_equal(count_now(m, TIMER0), 0);
}

static void compare_happens_at_its_value(void **state)
{
    fwsim_machine *m = bench_machine(state);

    bus_write(m, TIMER0 + CC + 4, 1000);
    bus_write(m, TIMER0 + START, 1);
    run_ns(m, FWSIM_US(999));
    assert_int_equal(bus_read(m, TIMER0 + COMPARE + 4), 0);
    run_ns(m, FWSIM_US(1));
    assert_int_equal(bus_read(m, TIMER0 + COMPARE + 4), 1);
    assert_int_equal(bus_read(m, TIMER0 + COMPARE), 0);
}

static void a_value_already_reached_is_met_after_the_wrap(void **state)
{
    fwsim_machine *m = bench_machine(state);

    bus_write(m, TIMER0 + START, 1);
    run_ns(m, FWSIM_US(100));
    bus_write(m, TIMER0 + CC, 100);
    run_ns(m, FWSIM_US(65535));
    assert_int_equal(bus_read(m, TIMER0 + COMPARE), 0);
    run_ns(m, FWSIM_US(1));
    assert_int_equal(bus_read(m, TIMER0 + COMPARE), 1);
}

static void the_clear_shortcut_makes_a_period_without_drift(void **state)
{
    fwsim_machine *m = bench_machine(state);

    bus_write(m, TIMER0 + CC, 6000);
    bus_write(m, TIMER0 + SHORTS, 1);
    bus_write(m, TIMER0 + START, 1);
    for (int n = 0; n < 100; n++) {
        run_ns(m, FWSIM_US(6000));
        assert_int_equal(bus_read(m, TIMER0 + COMPARE), 1);
        assert_int_equal(count_now(m, TIMER0), 0);
        bus_write(m, TIMER0 + COMPARE, 0);
    }
}

static void the_stop_shortcut_stops_at_the_value(void **state)
{
    fwsim_machine *m = bench_machine(state);

    bus_write(m, TIMER0 + CC + 4 * 2, 50);
    bus_write(m, TIMER0 + SHORTS, 1u << (8 + 2));
    bus_write(m, TIMER0 + START, 1);
    run_ns(m, FWSIM_MS(1));
    assert_int_equal(bus_read(m, TIMER0 + COMPARE + 4 * 2), 1);
    assert_int_equal(count_now(m, TIMER0), 50);
}

static void two_channels_may_meet_at_one_value(void **state)
{
    fwsim_machine *m = bench_machine(state);

    bus_write(m, TIMER0 + CC, 10);
    bus_write(m, TIMER0 + CC + 4, 10);
    bus_write(m, TIMER0 + SHORTS, 1);
    bus_write(m, TIMER0 + START, 1);
    run_ns(m, FWSIM_US(10));
    assert_int_equal(bus_read(m, TIMER0 + COMPARE), 1);
    assert_int_equal(bus_read(m, TIMER0 + COMPARE + 4), 1);
}

static void the_width_says_where_it_wraps(void **state)
{
    static const struct {
        uint32_t mode, us, count;
    } cases[] = {
        { BITS8, 300, 300 - 256 },
        { BITS16, 70000, 70000 - 65536 },
        { BITS24, 17000000, 17000000 - 16777216 },
        { BITS32, 17000000, 17000000 },
    };
    fwsim_machine *m = bench_machine(state);

    for (size_t i = 0; i < 4; i++) {
        bus_write(m, TIMER0 + BITMODE, cases[i].mode);
        bus_write(m, TIMER0 + CLEAR, 1);
        bus_write(m, TIMER0 + START, 1);
        run_ns(m, FWSIM_US(cases[i].us));
        assert_int_equal(count_now(m, TIMER0), cases[i].count);
        bus_write(m, TIMER0 + STOP, 1);
    }
}

static void a_narrow_timer_has_no_wide_mode(void **state)
{
    bench *b = *state;

    bus_write(b->m, TIMER1 + BITMODE, BITS32);
    assert_non_null(log_find(&b->log, FWSIM_TOPIC_GUEST_ERROR, "32 bits"));
    bus_write(b->m, TIMER1 + START, 1);
    run_ns(b->m, FWSIM_US(70000));
    assert_int_equal(count_now(b->m, TIMER1), 70000 - 65536);
}

static void counter_mode_counts_the_task(void **state)
{
    fwsim_machine *m = bench_machine(state);

    bus_write(m, TIMER0 + MODE, 1);
    bus_write(m, TIMER0 + CC, 3);
    bus_write(m, TIMER0 + COUNT, 1);
    assert_int_equal(count_now(m, TIMER0), 0);
    bus_write(m, TIMER0 + START, 1);
    run_ns(m, FWSIM_MS(1));
    bus_write(m, TIMER0 + COUNT, 1);
    bus_write(m, TIMER0 + COUNT, 1);
    assert_int_equal(bus_read(m, TIMER0 + COMPARE), 0);
    bus_write(m, TIMER0 + COUNT, 1);
    assert_int_equal(bus_read(m, TIMER0 + COMPARE), 1);
    assert_int_equal(count_now(m, TIMER0), 3);
}

static void a_snapshot_keeps_the_time_to_the_next_compare(void **state)
{
    fwsim_machine *m = bench_machine(state);
    fwsim_snapshot *s;

    bus_write(m, TIMER0 + CC, 1000);
    bus_write(m, TIMER0 + START, 1);
    run_ns(m, FWSIM_US(900));
    OK(fwsim_snapshot_take(m, &s));
    for (int n = 0; n < 2; n++) {
        OK(fwsim_snapshot_restore(m, s));
        run_ns(m, FWSIM_US(99));
        assert_int_equal(bus_read(m, TIMER0 + COMPARE), 0);
        run_ns(m, FWSIM_US(1));
        assert_int_equal(bus_read(m, TIMER0 + COMPARE), 1);
    }
    fwsim_snapshot_free(s);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, power_up, bench_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(it_counts_microseconds_after_reset),
        TEST(the_prescaler_divides_by_powers_of_two),
        TEST(stop_holds_and_start_resumes),
        TEST(compare_happens_at_its_value),
        TEST(a_value_already_reached_is_met_after_the_wrap),
        TEST(the_clear_shortcut_makes_a_period_without_drift),
        TEST(the_stop_shortcut_stops_at_the_value),
        TEST(two_channels_may_meet_at_one_value),
        TEST(the_width_says_where_it_wraps),
        TEST(a_narrow_timer_has_no_wide_mode),
        TEST(counter_mode_counts_the_task),
        TEST(a_snapshot_keeps_the_time_to_the_next_compare),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
