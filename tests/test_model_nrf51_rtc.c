/* SPDX-License-Identifier: GPL-2.0-or-later */
/* nRF51 RM v3.0, chapter 19. */
#include "peripherals.h"
#include "support.h"

#define CLOCK 0x40000000u
#define RTC0 0x4000b000u
#define RTC1 0x40011000u
enum { LFCLKSTART = CLOCK + 0x008, LFCLKSTOP = CLOCK + 0x00c };
enum {
    START = 0x000, STOP = 0x004, CLEAR = 0x008, TRIGOVRFLW = 0x00c,
    TICK = 0x100, OVRFLW = 0x104, COMPARE = 0x140, INTENSET = 0x304,
    EVTEN = 0x340, EVTENSET = 0x344, EVTENCLR = 0x348, COUNTER = 0x504,
    PRESCALER = 0x508, CC = 0x540, POWER = 0xffc
};
enum { BIT_TICK = 1 << 0, BIT_OVRFLW = 1 << 1, BIT_COMPARE0 = 1 << 16 };

static const fwsim_board board = {
    .name = "bench",
    .soc = &(const fwsim_soc){
        .name = "bench",
        .clock_hz = 16000000,
        .irq_lines = 32,
        .periph = (const fwsim_slot[]){
            { "power_clock", &nrf51_power_clock, CLOCK, .irq = { 0 },
              .param = (const uint32_t[]){ 0 } },
            { "rtc0", &nrf51_rtc, RTC0, .irq = { 11 }, .clock_hz = 32768,
              .param = (const uint32_t[]){ 3, CLOCK + 0x104, LFCLKSTOP } },
            { "rtc1", &nrf51_rtc, RTC1, .irq = { 17 }, .clock_hz = 32768,
              .param = (const uint32_t[]){ 4, CLOCK + 0x104, LFCLKSTOP } },
            { 0 }
        },
    },
};

/** LFCLK runs. */
static int power_up(void **state)
{
    bench *b;

    bench_setup(state, &board);
    b = *state;
    bus_write(b->m, LFCLKSTART, 1);
    run_ns(b->m, FWSIM_MS(1));
    return 0;
}

static void it_counts_cycles_of_lfclk(void **state)
{
    fwsim_machine *m = bench_machine(state);

    bus_write(m, RTC1 + START, 1);
    run_ns(m, FWSIM_S(1));
    assert_int_equal(bus_read(m, RTC1 + COUNTER), 32768);
    bus_write(m, RTC1 + STOP, 1);
    run_ns(m, FWSIM_S(1));
    assert_int_equal(bus_read(m, RTC1 + COUNTER), 32768);
    bus_write(m, RTC1 + CLEAR, 1);
    assert_int_equal(bus_read(m, RTC1 + COUNTER), 0);
}

/* The example of section 19.1.2, 100 Hz: 328 / 32768 s = 10.0097656 ms. */
static void prescaler_327_gives_a_hundred_hertz_nearly(void **state)
{
    fwsim_machine *m = bench_machine(state);

    bus_write(m, RTC1 + PRESCALER, 327);
    bus_write(m, RTC1 + START, 1);
    run_ns(m, 10009700);
    assert_int_equal(bus_read(m, RTC1 + COUNTER), 0);
    run_ns(m, 100);
    assert_int_equal(bus_read(m, RTC1 + COUNTER), 1);
}

static void it_stands_still_without_lfclk(void **state)
{
    fwsim_machine *m = bench_machine(state);

    bus_write(m, RTC1 + START, 1);
    run_ns(m, FWSIM_S(1));
    bus_write(m, LFCLKSTOP, 1);
    run_ns(m, FWSIM_S(1));
    assert_int_equal(bus_read(m, RTC1 + COUNTER), 32768);
    bus_write(m, LFCLKSTART, 1);
    run_ns(m, FWSIM_MS(100));
    assert_true(bus_read(m, RTC1 + COUNTER) > 32768);
}

static void a_reset_stops_its_clock(void **state)
{
    fwsim_machine *m = bench_machine(state);

    OK(fwsim_reset(m, FWSIM_RESET_SYSTEM));
    bus_write(m, RTC1 + START, 1);
    run_ns(m, FWSIM_S(1));
    assert_int_equal(bus_read(m, RTC1 + COUNTER), 0);
}

static void switching_it_off_leaves_its_clock_running(void **state)
{
    fwsim_machine *m = bench_machine(state);

    bus_write(m, RTC1 + START, 1);
    run_ns(m, FWSIM_S(1));
    bus_write(m, RTC1 + POWER, 0);
    bus_write(m, RTC1 + POWER, 1);
    assert_int_equal(bus_read(m, RTC1 + COUNTER), 0);
    bus_write(m, RTC1 + START, 1);
    run_ns(m, FWSIM_S(1));
    assert_int_equal(bus_read(m, RTC1 + COUNTER), 32768);
}

static void an_event_comes_only_when_it_is_enabled(void **state)
{
    fwsim_machine *m = bench_machine(state);

    bus_write(m, RTC1 + CC, 100);
    bus_write(m, RTC1 + START, 1);
    run_ns(m, FWSIM_MS(10));
    assert_int_equal(bus_read(m, RTC1 + COMPARE), 0);
    assert_int_equal(bus_read(m, RTC1 + TICK), 0);
    bus_write(m, RTC1 + EVTENSET, BIT_COMPARE0);
    bus_write(m, RTC1 + CLEAR, 1);
    run_ns(m, FWSIM_MS(3));
    assert_int_equal(bus_read(m, RTC1 + COMPARE), 0);
    run_ns(m, FWSIM_MS(1));
    assert_int_equal(bus_read(m, RTC1 + COMPARE), 1);
    bus_write(m, RTC1 + EVTENCLR, BIT_COMPARE0);
    assert_int_equal(bus_read(m, RTC1 + EVTEN), 0);
}

static void an_interrupt_enable_enables_the_event(void **state)
{
    fwsim_machine *m = bench_machine(state);

    bus_write(m, RTC1 + INTENSET, BIT_TICK);
    bus_write(m, RTC1 + START, 1);
    for (int n = 0; n < 3; n++) {
        run_ns(m, FWSIM_US(31));
        assert_int_equal(bus_read(m, RTC1 + TICK), 1);
        bus_write(m, RTC1 + TICK, 0);
    }
}

static void trigovrflw_leaves_sixteen_steps_to_the_overflow(void **state)
{
    fwsim_machine *m = bench_machine(state);

    bus_write(m, RTC1 + EVTENSET, BIT_OVRFLW);
    bus_write(m, RTC1 + START, 1);
    bus_write(m, RTC1 + TRIGOVRFLW, 1);
    assert_int_equal(bus_read(m, RTC1 + COUNTER), 0xfffff0);
    run_ns(m, FWSIM_US(470)); /* 15.4 cycles */
    assert_int_equal(bus_read(m, RTC1 + OVRFLW), 0);
    run_ns(m, FWSIM_US(40));
    assert_int_equal(bus_read(m, RTC1 + OVRFLW), 1);
    assert_int_equal(bus_read(m, RTC1 + COUNTER), 0);
}

/* Section 19.1.7 */
static void clear_does_not_trigger_a_compare_with_zero(void **state)
{
    fwsim_machine *m = bench_machine(state);

    bus_write(m, RTC1 + EVTENSET, BIT_COMPARE0);
    bus_write(m, RTC1 + START, 1);
    run_ns(m, FWSIM_MS(1));
    bus_write(m, RTC1 + CLEAR, 1);
    run_ns(m, FWSIM_MS(1));
    assert_int_equal(bus_read(m, RTC1 + COMPARE), 0);
    bus_write(m, RTC1 + TRIGOVRFLW, 1);
    run_ns(m, FWSIM_MS(1));
    assert_int_equal(bus_read(m, RTC1 + COMPARE), 1);
}

/* Section 19.1.2 */
static void the_prescaler_is_for_a_stopped_counter(void **state)
{
    bench *b = *state;

    bus_write(b->m, RTC1 + START, 1);
    bus_write(b->m, RTC1 + PRESCALER, 1);
    assert_non_null(log_find(&b->log, FWSIM_TOPIC_GUEST_ERROR, "PRESCALER"));
}

static void rtc0_has_three_compare_registers(void **state)
{
    bench *b = *state;

    bus_write(b->m, RTC1 + CC + 4 * 3, 1);
    assert_int_equal(log_count(&b->log, FWSIM_TOPIC_GUEST_ERROR), 0);
    bus_write(b->m, RTC0 + CC + 4 * 3, 1);
    assert_non_null(log_find(&b->log, FWSIM_TOPIC_GUEST_ERROR, "CC[3]"));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, power_up, bench_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(it_counts_cycles_of_lfclk),
        TEST(prescaler_327_gives_a_hundred_hertz_nearly),
        TEST(it_stands_still_without_lfclk),
        TEST(a_reset_stops_its_clock),
        TEST(switching_it_off_leaves_its_clock_running),
        TEST(an_event_comes_only_when_it_is_enabled),
        TEST(an_interrupt_enable_enables_the_event),
        TEST(trigovrflw_leaves_sixteen_steps_to_the_overflow),
        TEST(clear_does_not_trigger_a_compare_with_zero),
        TEST(the_prescaler_is_for_a_stopped_counter),
        TEST(rtc0_has_three_compare_registers),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
