/* SPDX-License-Identifier: GPL-2.0-or-later */
/* EFM32HG Reference Manual, chapter 18. The clock is 1 MHz: a tick is 1 us. */
#include "peripherals.h"
#include "support.h"

#define TIMER 0x40010000u

enum {
    CTRL = TIMER, CMD = TIMER + 0x04, STATUS = TIMER + 0x08,
    IF = TIMER + 0x10, IFC = TIMER + 0x18, TOP = TIMER + 0x1c,
    TOPB = TIMER + 0x20, CNT = TIMER + 0x24, CC1_CTRL = TIMER + 0x40,
    CC1_CCV = TIMER + 0x44, CC1_CCVP = TIMER + 0x48, CC1_CCVB = TIMER + 0x4c
};

enum { START = 1, STOP = 2 };
enum { DOWN = 1, UPDOWN = 2, OSMEN = 1 << 4, DIV8 = 3 << 24 };
enum { RUNNING = 1, DIR = 2, TOPBV = 4, CCVBV1 = 1 << 9 };
enum { OF = 1, UF = 2, CC1 = 1 << 5 };
enum { COMPARE = 2 };

static const fwsim_board board = {
    .name = "bench",
    .soc = &(const fwsim_soc){
        .name = "bench",
        .clock_hz = 1000000,
        .irq_lines = 32,
        .periph = (const fwsim_slot[]){
            { "timer0", &efm32_timer, TIMER, .irq = { 2 } },
            { 0 }
        },
    },
};

static int power_up(void **state)
{
    *state = new_machine(&board, NULL);
    return 0;
}

static void it_counts_up_to_top_and_wraps(void **state)
{
    fwsim_machine *m = *state;

    bus_write(m, TOP, 99);
    bus_write(m, CMD, START);
    assert_int_equal(bus_read(m, STATUS), RUNNING);
    run_ns(m, FWSIM_US(99));
    assert_int_equal(bus_read(m, CNT), 99);
    assert_int_equal(bus_read(m, IF), 0);
    run_ns(m, FWSIM_US(1));
    assert_int_equal(bus_read(m, CNT), 0);
    assert_int_equal(bus_read(m, IF), OF);
    bus_write(m, IFC, OF);
    run_ns(m, FWSIM_US(250));
    assert_int_equal(bus_read(m, CNT), 50);
    assert_int_equal(bus_read(m, IF), OF);
}

static void the_prescaler_divides_the_clock(void **state)
{
    fwsim_machine *m = *state;

    bus_write(m, CTRL, DIV8);
    bus_write(m, CMD, START);
    run_ns(m, FWSIM_US(800));
    assert_int_equal(bus_read(m, CNT), 100);
}

static void it_counts_down_and_underflows_to_top(void **state)
{
    fwsim_machine *m = *state;

    bus_write(m, CTRL, DOWN);
    bus_write(m, TOP, 99);
    bus_write(m, CNT, 10);
    bus_write(m, CMD, START);
    assert_int_equal(bus_read(m, STATUS), RUNNING | DIR);
    run_ns(m, FWSIM_US(10));
    assert_int_equal(bus_read(m, CNT), 0);
    assert_int_equal(bus_read(m, IF), 0);
    run_ns(m, FWSIM_US(1));
    assert_int_equal(bus_read(m, CNT), 99);
    assert_int_equal(bus_read(m, IF), UF);
}

static void up_down_turns_at_top_and_at_0(void **state)
{
    fwsim_machine *m = *state;

    bus_write(m, CTRL, UPDOWN);
    bus_write(m, TOP, 100);
    bus_write(m, CMD, START);
    run_ns(m, FWSIM_US(100));
    assert_int_equal(bus_read(m, CNT), 100);
    assert_int_equal(bus_read(m, IF), OF);
    run_ns(m, FWSIM_US(30));
    assert_int_equal(bus_read(m, CNT), 70);
    assert_int_equal(bus_read(m, STATUS), RUNNING | DIR);
    run_ns(m, FWSIM_US(90));
    assert_int_equal(bus_read(m, CNT), 20);
    assert_int_equal(bus_read(m, IF), OF | UF);
    assert_int_equal(bus_read(m, STATUS), RUNNING);
}

static void one_shot_stops_after_one_period(void **state)
{
    fwsim_machine *m = *state;

    bus_write(m, CTRL, OSMEN);
    bus_write(m, TOP, 99);
    bus_write(m, CMD, START);
    run_ns(m, FWSIM_US(500));
    assert_int_equal(bus_read(m, STATUS), 0);
    assert_int_equal(bus_read(m, CNT), 0);
    assert_int_equal(bus_read(m, IF), OF);
}

static void stop_keeps_the_count(void **state)
{
    fwsim_machine *m = *state;

    bus_write(m, CMD, START);
    run_ns(m, FWSIM_US(40));
    bus_write(m, CMD, STOP);
    run_ns(m, FWSIM_US(40));
    assert_int_equal(bus_read(m, CNT), 40);
    bus_write(m, CMD, START);
    run_ns(m, FWSIM_US(2));
    assert_int_equal(bus_read(m, CNT), 42);
}

static void a_compare_match_comes_once_a_period(void **state)
{
    fwsim_machine *m = *state;

    bus_write(m, TOP, 99);
    bus_write(m, CC1_CTRL, COMPARE);
    bus_write(m, CC1_CCV, 40);
    assert_int_equal(bus_read(m, CC1_CCVP), 40);
    bus_write(m, CMD, START);
    run_ns(m, FWSIM_US(39));
    assert_int_equal(bus_read(m, IF), 0);
    run_ns(m, FWSIM_US(1));
    assert_int_equal(bus_read(m, IF), CC1);
    bus_write(m, IFC, CC1);
    run_ns(m, FWSIM_US(99));
    assert_int_equal(bus_read(m, IF), OF);
    run_ns(m, FWSIM_US(1));
    assert_int_equal(bus_read(m, IF), OF | CC1);
}

static void buffered_values_come_into_force_at_the_wrap(void **state)
{
    fwsim_machine *m = *state;

    bus_write(m, TOP, 99);
    bus_write(m, CMD, START);
    bus_write(m, TOPB, 49);
    bus_write(m, CC1_CCVB, 7);
    assert_int_equal(bus_read(m, STATUS), RUNNING | TOPBV | CCVBV1);
    assert_int_equal(bus_read(m, TOP), 99);
    run_ns(m, FWSIM_US(100));
    assert_int_equal(bus_read(m, STATUS), RUNNING);
    assert_int_equal(bus_read(m, TOP), 49);
    assert_int_equal(bus_read(m, CC1_CCV), 7);
    run_ns(m, FWSIM_US(60));
    assert_int_equal(bus_read(m, CNT), 10);
}

static void a_count_beyond_top_goes_on_to_the_end(void **state)
{
    fwsim_machine *m = *state;

    bus_write(m, TOP, 99);
    bus_write(m, CNT, 65530);
    bus_write(m, CMD, START);
    run_ns(m, FWSIM_US(5));
    assert_int_equal(bus_read(m, CNT), 65535);
    run_ns(m, FWSIM_US(2));
    assert_int_equal(bus_read(m, CNT), 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, power_up, free_machine)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(it_counts_up_to_top_and_wraps),
        TEST(the_prescaler_divides_the_clock),
        TEST(it_counts_down_and_underflows_to_top),
        TEST(up_down_turns_at_top_and_at_0),
        TEST(one_shot_stops_after_one_period),
        TEST(stop_keeps_the_count),
        TEST(a_compare_match_comes_once_a_period),
        TEST(buffered_values_come_into_force_at_the_wrap),
        TEST(a_count_beyond_top_goes_on_to_the_end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
