/* SPDX-License-Identifier: GPL-2.0-or-later */
/* EFM32HG Reference Manual, chapter 19. */
#include "peripherals.h"
#include "support.h"

#define RTC 0x40080000u

enum {
    CTRL = RTC, CNT = RTC + 0x04, COMP0 = RTC + 0x08, COMP1 = RTC + 0x0c,
    IF = RTC + 0x10, IFC = RTC + 0x18
};

enum { EN = 1, COMP0TOP = 4 };
enum { OF = 1, IF_COMP0 = 2, IF_COMP1 = 4 };

static const fwsim_board board = {
    .name = "bench",
    .soc = &(const fwsim_soc){
        .name = "bench",
        .clock_hz = 21000000,
        .irq_lines = 32,
        .periph = (const fwsim_slot[]){
            { "rtc", &efm32_rtc, RTC, .irq = { 12 }, .clock_hz = 32768 },
            { 0 }
        },
    },
};

static int power_up(void **state)
{
    *state = new_machine(&board, NULL);
    return 0;
}

static void it_counts_at_the_low_frequency(void **state)
{
    fwsim_machine *m = *state;

    bus_write(m, CTRL, EN);
    run_ns(m, FWSIM_S(2));
    assert_in_range(bus_read(m, CNT), 65535, 65536);
}

static void disabled_it_is_reset(void **state)
{
    fwsim_machine *m = *state;

    bus_write(m, CTRL, EN);
    run_ns(m, FWSIM_S(1));
    bus_write(m, CTRL, 0);
    assert_int_equal(bus_read(m, CNT), 0);
    bus_write(m, CTRL, EN);
    run_ns(m, FWSIM_MS(1));
    assert_int_equal(bus_read(m, CNT), 32);
}

static void comp0_is_the_top_when_comp0top_is_set(void **state)
{
    fwsim_machine *m = *state;

    /* 8192 + 1 steps of 32768 Hz: 250.03 ms. */
    bus_write(m, COMP0, 8192);
    bus_write(m, COMP1, 0xffffff);
    bus_write(m, CTRL, EN | COMP0TOP);
    run_ns(m, FWSIM_MS(249));
    assert_int_equal(bus_read(m, IF), 0);
    run_ns(m, FWSIM_MS(2));
    assert_int_equal(bus_read(m, IF), IF_COMP0 | OF);
    assert_in_range(bus_read(m, CNT), 31, 32);
    bus_write(m, IFC, 7);
    run_ns(m, FWSIM_MS(247));
    assert_int_equal(bus_read(m, IF), 0);
    run_ns(m, FWSIM_MS(3));
    assert_int_equal(bus_read(m, IF), IF_COMP0 | OF);
}

static void both_compares_match_on_the_way(void **state)
{
    fwsim_machine *m = *state;

    bus_write(m, COMP0, 3277);
    bus_write(m, COMP1, 6554);
    bus_write(m, CTRL, EN);
    run_ns(m, FWSIM_MS(99));
    assert_int_equal(bus_read(m, IF), 0);
    run_ns(m, FWSIM_MS(2));
    assert_int_equal(bus_read(m, IF), IF_COMP0);
    run_ns(m, FWSIM_MS(100));
    assert_int_equal(bus_read(m, IF), IF_COMP0 | IF_COMP1);
}

static void a_compare_in_the_past_waits_for_the_wrap(void **state)
{
    fwsim_machine *m = *state;

    bus_write(m, CTRL, EN);
    run_ns(m, FWSIM_S(1));
    bus_write(m, COMP1, 100);
    run_ns(m, FWSIM_S(100));
    assert_int_equal(bus_read(m, IF), 0);
    /* 2^24 steps last 512 s; COMP0 is 0. */
    run_ns(m, FWSIM_S(412));
    assert_int_equal(bus_read(m, IF), OF | IF_COMP1 | IF_COMP0);
}

static void it_wraps_after_24_bits(void **state)
{
    fwsim_machine *m = *state;

    bus_write(m, COMP0, 0x123456);
    bus_write(m, COMP1, 0x123456);
    bus_write(m, CTRL, EN);
    bus_write(m, CNT, 0xfffff0);
    run_ns(m, FWSIM_MS(1));
    assert_int_equal(bus_read(m, IF), OF);
    assert_int_equal(bus_read(m, CNT), 16);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, power_up, free_machine)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(it_counts_at_the_low_frequency),
        TEST(disabled_it_is_reset),
        TEST(comp0_is_the_top_when_comp0top_is_set),
        TEST(both_compares_match_on_the_way),
        TEST(a_compare_in_the_past_waits_for_the_wrap),
        TEST(it_wraps_after_24_bits),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
