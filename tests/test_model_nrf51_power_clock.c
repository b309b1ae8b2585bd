/* SPDX-License-Identifier: GPL-2.0-or-later */
/* nRF51 RM v3.0, chapters 12 and 13. */
#include "peripherals.h"
#include "support.h"

#define BASE 0x40000000u
#define GPIO 0x50000000u
enum {
    HFCLKSTART = BASE, HFCLKSTOP = BASE + 0x004, LFCLKSTART = BASE + 0x008,
    LFCLKSTOP = BASE + 0x00c, CAL = BASE + 0x010, CTSTART = BASE + 0x014,
    CTSTOP = BASE + 0x018, HFCLKSTARTED = BASE + 0x100,
    LFCLKSTARTED = BASE + 0x104, DONE = BASE + 0x10c, CTTO = BASE + 0x110,
    RESETREAS = BASE + 0x400, HFCLKRUN = BASE + 0x408,
    HFCLKSTAT = BASE + 0x40c, LFCLKRUN = BASE + 0x414,
    LFCLKSTAT = BASE + 0x418, LFCLKSRCCOPY = BASE + 0x41c,
    SYSTEMOFF = BASE + 0x500, LFCLKSRC = BASE + 0x518,
    GPREGRET = BASE + 0x51c, CTIV = BASE + 0x538, XTALFREQ = BASE + 0x550,
    PIN_CNF = GPIO + 0x700
};

static const fwsim_board board = {
    .name = "bench",
    .soc = &(const fwsim_soc){
        .name = "bench",
        .clock_hz = 16000000,
        .irq_lines = 32,
        .pins = 32,
        .periph = (const fwsim_slot[]){
            { "power_clock", &nrf51_power_clock, BASE, .irq = { 0 },
              .param = (const uint32_t[]){ GPIO } },
            { "gpio", &nrf51_gpio, GPIO },
            { 0 }
        },
    },
};

static int power_up(void **state)
{
    return bench_setup(state, &board);
}

static void hfclk_runs_from_rc_until_the_crystal_has_started(void **state)
{
    fwsim_machine *m = bench_machine(state);

    assert_int_equal(bus_read(m, HFCLKSTAT), 0x10000);
    assert_int_equal(bus_read(m, HFCLKRUN), 0);
    bus_write(m, HFCLKSTART, 1);
    assert_int_equal(bus_read(m, HFCLKRUN), 1);
    run_ns(m, FWSIM_US(100));
    assert_int_equal(bus_read(m, HFCLKSTARTED), 0);
    assert_int_equal(bus_read(m, HFCLKSTAT), 0x10000);
    run_ns(m, FWSIM_MS(1));
    assert_int_equal(bus_read(m, HFCLKSTARTED), 1);
    assert_int_equal(bus_read(m, HFCLKSTAT), 0x10001);
    bus_write(m, HFCLKSTOP, 1);
    assert_int_equal(bus_read(m, HFCLKRUN), 0);
    assert_int_equal(bus_read(m, HFCLKSTAT), 0x10000);
}

static void a_started_clock_says_so_again_when_asked(void **state)
{
    fwsim_machine *m = bench_machine(state);

    bus_write(m, HFCLKSTART, 1);
    run_ns(m, FWSIM_MS(1));
    bus_write(m, HFCLKSTARTED, 0);
    bus_write(m, HFCLKSTART, 1);
    run_ns(m, FWSIM_US(1));
    assert_int_equal(bus_read(m, HFCLKSTARTED), 1);
}

static void lfclk_starts_from_the_chosen_source(void **state)
{
    fwsim_machine *m = bench_machine(state);

    for (uint32_t source = 0; source <= 2; source++) {
        bus_write(m, LFCLKSRC, source);
        bus_write(m, LFCLKSTART, 1);
        assert_int_equal(bus_read(m, LFCLKRUN), 1);
        assert_int_equal(bus_read(m, LFCLKSRCCOPY), source);
        assert_int_equal(bus_read(m, LFCLKSTAT), 0);
        run_ns(m, FWSIM_S(1));
        assert_int_equal(bus_read(m, LFCLKSTARTED), 1);
        assert_int_equal(bus_read(m, LFCLKSTAT), 0x10000 | source);
        bus_write(m, LFCLKSTARTED, 0);
        bus_write(m, LFCLKSTOP, 1);
        assert_int_equal(bus_read(m, LFCLKRUN), 0);
        assert_int_equal(bus_read(m, LFCLKSTAT), 0);
    }
}

static void the_crystal_of_lfclk_is_slower_to_start_than_rc(void **state)
{
    fwsim_machine *m = bench_machine(state);

    bus_write(m, LFCLKSTART, 1);
    run_ns(m, FWSIM_MS(1));
    assert_int_equal(bus_read(m, LFCLKSTARTED), 1);
    bus_write(m, LFCLKSTOP, 1);
    bus_write(m, LFCLKSTARTED, 0);
    bus_write(m, LFCLKSRC, 1);
    bus_write(m, LFCLKSTART, 1);
    run_ns(m, FWSIM_MS(1));
    assert_int_equal(bus_read(m, LFCLKSTARTED), 0);
}

static void a_zero_written_to_a_task_does_nothing(void **state)
{
    fwsim_machine *m = bench_machine(state);

    bus_write(m, HFCLKSTART, 0);
    run_ns(m, FWSIM_MS(5));
    assert_int_equal(bus_read(m, HFCLKRUN), 0);
    assert_int_equal(bus_read(m, HFCLKSTARTED), 0);
}

static void calibration_needs_the_crystal(void **state)
{
    bench *b = *state;
    fwsim_machine *m = b->m;

    bus_write(m, LFCLKSTART, 1);
    run_ns(m, FWSIM_MS(1));
    bus_write(m, CAL, 1);
    run_ns(m, FWSIM_MS(100));
    assert_int_equal(bus_read(m, DONE), 0);
    assert_non_null(log_find(&b->log, FWSIM_TOPIC_GUEST_ERROR, "CAL"));
    bus_write(m, HFCLKSTART, 1);
    run_ns(m, FWSIM_MS(1));
    bus_write(m, CAL, 1);
    run_ns(m, FWSIM_MS(100));
    assert_int_equal(bus_read(m, DONE), 1);
}

static void the_calibration_timer_counts_quarters_of_a_second(void **state)
{
    fwsim_machine *m = bench_machine(state);

    bus_write(m, CTIV, 2);
    bus_write(m, CTSTART, 1);
    run_ns(m, FWSIM_MS(499));
    assert_int_equal(bus_read(m, CTTO), 0);
    run_ns(m, FWSIM_MS(2));
    assert_int_equal(bus_read(m, CTTO), 1);
    bus_write(m, CTTO, 0);
    bus_write(m, CTSTART, 1);
    bus_write(m, CTSTOP, 1);
    run_ns(m, FWSIM_S(1));
    assert_int_equal(bus_read(m, CTTO), 0);
}

static void reset_reasons_add_up_until_they_are_cleared(void **state)
{
    fwsim_machine *m = bench_machine(state);

    assert_int_equal(bus_read(m, RESETREAS), 0);
    OK(fwsim_reset(m, FWSIM_RESET_PIN));
    assert_int_equal(bus_read(m, RESETREAS), 1u << 0);
    OK(fwsim_reset(m, FWSIM_RESET_WATCHDOG));
    OK(fwsim_reset(m, FWSIM_RESET_SYSTEM));
    assert_int_equal(bus_read(m, RESETREAS), 7);
    bus_write(m, RESETREAS, 1u << 1);
    assert_int_equal(bus_read(m, RESETREAS), 5);
    OK(fwsim_reset(m, FWSIM_RESET_POWER_ON));
    assert_int_equal(bus_read(m, RESETREAS), 0);
}

static void gpregret_survives_a_system_reset(void **state)
{
    fwsim_machine *m = bench_machine(state);

    bus_write(m, GPREGRET, 0x5a);
    OK(fwsim_reset(m, FWSIM_RESET_SYSTEM));
    assert_int_equal(bus_read(m, GPREGRET), 0x5a);
    OK(fwsim_reset(m, FWSIM_RESET_POWER_ON));
    assert_int_equal(bus_read(m, GPREGRET), 0);
}

static void the_clocks_stop_at_a_reset(void **state)
{
    fwsim_machine *m = bench_machine(state);

    bus_write(m, HFCLKSTART, 1);
    bus_write(m, LFCLKSTART, 1);
    OK(fwsim_reset(m, FWSIM_RESET_SYSTEM));
    run_ns(m, FWSIM_MS(5));
    assert_int_equal(bus_read(m, HFCLKSTAT), 0x10000);
    assert_int_equal(bus_read(m, LFCLKSTAT), 0);
    assert_int_equal(bus_read(m, LFCLKSTARTED), 0);
}

static void a_sensed_pin_ends_system_off_with_a_reset(void **state)
{
    fwsim_machine *m = bench_machine(state);

    bus_write(m, PIN_CNF + 4 * 17, 3u << 16 | 3u << 2); /* sense low, pull up */
    bus_write(m, SYSTEMOFF, 1);
    run_ns(m, FWSIM_MS(1));
    assert_int_equal(bus_read(m, RESETREAS), 0);
    OK(fwsim_pin_set(m, "pin17", FWSIM_PIN_LOW));
    run_ns(m, FWSIM_MS(1));
    assert_int_equal(bus_read(m, RESETREAS), 1u << 16);
}

static void the_crystal_is_one_of_16_mhz_unless_firmware_says_32(void **state)
{
    bench *b = *state;

    assert_int_equal(bus_read(b->m, XTALFREQ), 0xffffffff);
    bus_write(b->m, XTALFREQ, 0xffffff00);
    assert_int_equal(bus_read(b->m, XTALFREQ), 0xffffff00);
    assert_int_equal(log_count(&b->log, FWSIM_TOPIC_GUEST_ERROR), 0);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, power_up, bench_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(hfclk_runs_from_rc_until_the_crystal_has_started),
        TEST(a_started_clock_says_so_again_when_asked),
        TEST(lfclk_starts_from_the_chosen_source),
        TEST(the_crystal_of_lfclk_is_slower_to_start_than_rc),
        TEST(a_zero_written_to_a_task_does_nothing),
        TEST(calibration_needs_the_crystal),
        TEST(the_calibration_timer_counts_quarters_of_a_second),
        TEST(reset_reasons_add_up_until_they_are_cleared),
        TEST(gpregret_survives_a_system_reset),
        TEST(the_clocks_stop_at_a_reset),
        TEST(a_sensed_pin_ends_system_off_with_a_reset),
        TEST(the_crystal_is_one_of_16_mhz_unless_firmware_says_32),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
