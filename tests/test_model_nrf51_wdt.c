/* SPDX-License-Identifier: GPL-2.0-or-later */
/* nRF51 RM v3.0, chapter 20. */
#include "peripherals.h"
#include "support.h"

#define WDT 0x40010000u
#define KEY 0x6e524635u
enum {
    START = WDT, TIMEOUT = WDT + 0x100, INTENSET = WDT + 0x304,
    RUNSTATUS = WDT + 0x400, REQSTATUS = WDT + 0x404, CRV = WDT + 0x504,
    RREN = WDT + 0x508, CONFIG = WDT + 0x50c, RR = WDT + 0x600
};

static const fwsim_board board = {
    .name = "bench",
    .soc = &(const fwsim_soc){
        .name = "bench",
        .clock_hz = 16000000,
        .irq_lines = 32,
        .periph = (const fwsim_slot[]){
            { "wdt", &nrf51_wdt, WDT, .irq = { 16 } },
            { 0 }
        },
    },
};

static log_lines heard;

static int power_up(void **state)
{
    fwsim_options opt = log_options(&heard);

    heard.count = 0;
    opt.stop_at_reset = true;
    *state = new_machine(&board, &opt);
    return 0;
}

/** Start it with a timeout of one second. */
static void start(fwsim_machine *m)
{
    bus_write(m, CRV, 32767);
    bus_write(m, START, 1);
}

static void it_resets_the_chip_after_its_time(void **state)
{
    fwsim_stop stop;
    fwsim_machine *m = *state;

    start(m);
    assert_int_equal(bus_read(m, RUNSTATUS), 1);
    assert_int_equal(run_ns(m, FWSIM_MS(999)), FWSIM_STOP_LIMIT);
    assert_int_equal(fwsim_run(m, &(fwsim_limit){ .time_ns = FWSIM_MS(2) },
                               &stop), 0);
    assert_int_equal(stop.reason, FWSIM_STOP_RESET);
    assert_int_equal(stop.reset, FWSIM_RESET_WATCHDOG);
    assert_true(fwsim_time_ns(m) >= FWSIM_S(1));
    assert_true(fwsim_time_ns(m) < FWSIM_S(1) + FWSIM_US(1));
    assert_int_equal(bus_read(m, RUNSTATUS), 0);
}

static void a_reload_request_restarts_it(void **state)
{
    fwsim_machine *m = *state;

    start(m);
    for (int i = 0; i < 5; i++) {
        assert_int_equal(run_ns(m, FWSIM_MS(900)), FWSIM_STOP_LIMIT);
        bus_write(m, RR, KEY);
    }
    assert_int_equal(run_ns(m, FWSIM_MS(1100)), FWSIM_STOP_RESET);
}

static void a_wrong_key_is_no_request(void **state)
{
    fwsim_machine *m = *state;

    start(m);
    run_ns(m, FWSIM_MS(900));
    bus_write(m, RR, KEY + 1);
    assert_int_equal(run_ns(m, FWSIM_MS(200)), FWSIM_STOP_RESET);
}

static void every_enabled_channel_has_to_ask(void **state)
{
    fwsim_machine *m = *state;

    bus_write(m, RREN, 0x81);
    start(m);
    assert_int_equal(bus_read(m, REQSTATUS), 0x81);
    run_ns(m, FWSIM_MS(900));
    bus_write(m, RR, KEY);
    assert_int_equal(bus_read(m, REQSTATUS), 0x80);
    bus_write(m, RR + 4 * 7, KEY);
    assert_int_equal(bus_read(m, REQSTATUS), 0x81);
    assert_int_equal(run_ns(m, FWSIM_MS(900)), FWSIM_STOP_LIMIT);
    bus_write(m, RR, KEY);
    assert_int_equal(run_ns(m, FWSIM_MS(200)), FWSIM_STOP_RESET);
}

static void the_interrupt_comes_two_periods_before_the_reset(void **state)
{
    fwsim_machine *m = *state;

    bus_write(m, INTENSET, 1);
    start(m);
    assert_int_equal(run_ns(m, FWSIM_S(1)), FWSIM_STOP_LIMIT);
    assert_int_equal(bus_read(m, TIMEOUT), 1);
    bus_write(m, RR, KEY); /* too late */
    assert_int_equal(run_ns(m, FWSIM_US(60)), FWSIM_STOP_LIMIT);
    assert_int_equal(run_ns(m, FWSIM_US(2)), FWSIM_STOP_RESET);
}

static void the_configuration_is_locked_once_it_runs(void **state)
{
    fwsim_machine *m = *state;

    start(m);
    bus_write(m, CRV, 1);
    bus_write(m, RREN, 2);
    bus_write(m, CONFIG, 9);
    assert_int_equal(bus_read(m, CRV), 32767);
    assert_int_equal(bus_read(m, RREN), 1);
    assert_int_equal(bus_read(m, CONFIG), 1);
    assert_int_equal(log_count(&heard, FWSIM_TOPIC_GUEST_ERROR), 3);
}

#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, power_up, free_machine)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(it_resets_the_chip_after_its_time),
        TEST(a_reload_request_restarts_it),
        TEST(a_wrong_key_is_no_request),
        TEST(every_enabled_channel_has_to_ask),
        TEST(the_interrupt_comes_two_periods_before_the_reset),
        TEST(the_configuration_is_locked_once_it_runs),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
