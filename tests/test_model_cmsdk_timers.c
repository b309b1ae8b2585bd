/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Arm DDI 0479: APB timer, APB dual timers, APB watchdog, and RSTINFO of the
 * example system controller. The clock is 1 MHz: a step is a microsecond. */
#include "peripherals.h"
#include "support.h"

#define TIMER 0x40000000u
#define DUAL 0x40002000u
#define WATCHDOG 0x40008000u
#define RSTINFO 0x4001f010u

enum { CTRL = TIMER, VALUE = TIMER + 4, RELOAD = TIMER + 8, INT = TIMER + 12 };
enum { ENABLE = 1, INT_ENABLE = 8 };

static const fwsim_board board = {
    .name = "bench",
    .soc = &(const fwsim_soc){
        .name = "bench",
        .clock_hz = 1000000,
        .periph = (const fwsim_slot[]){
            { "timer", &cmsdk_timer, .base = TIMER },
            { "dual", &cmsdk_dualtimer, .base = DUAL },
            { "watchdog", &cmsdk_watchdog, .base = WATCHDOG },
            { "sysctrl", &cmsdk_sysctrl, .base = 0x4001f000 },
            { 0 }
        },
    },
};

static int power_up(void **state)
{
    const fwsim_options opt = { .stop_at_reset = true };

    *state = new_machine(&board, &opt);
    return 0;
}

static void run_us(fwsim_machine *m, uint64_t us)
{
    assert_int_equal(run_ns(m, FWSIM_US(us)), FWSIM_STOP_LIMIT);
}

/* ------------------------------------------------------------------ */
/* Timer                                                                */
/* ------------------------------------------------------------------ */

static void timer_reload_sets_the_value_and_the_period(void **state)
{
    fwsim_machine *m = *state;

    bus_write(m, RELOAD, 9);
    assert_int_equal(bus_read(m, VALUE), 9);
    bus_write(m, CTRL, ENABLE | INT_ENABLE);
    run_us(m, 8);
    assert_int_equal(bus_read(m, VALUE), 1);
    assert_int_equal(bus_read(m, INT), 0);
    run_us(m, 1);
    assert_int_equal(bus_read(m, VALUE), 0);
    assert_int_equal(bus_read(m, INT), 1);
    bus_write(m, INT, 1);
    run_us(m, 1);
    assert_int_equal(bus_read(m, VALUE), 9);
    /* RELOAD + 1 clocks from zero to zero. */
    run_us(m, 8);
    assert_int_equal(bus_read(m, INT), 0);
    run_us(m, 1);
    assert_int_equal(bus_read(m, INT), 1);
}

static void timer_without_interrupt_enabled_sets_no_flag(void **state)
{
    fwsim_machine *m = *state;

    bus_write(m, RELOAD, 9);
    bus_write(m, CTRL, ENABLE);
    run_us(m, 100);
    assert_int_equal(bus_read(m, INT), 0);
}

static void timer_stopped_keeps_its_value(void **state)
{
    fwsim_machine *m = *state;

    bus_write(m, VALUE, 50);
    bus_write(m, CTRL, ENABLE);
    run_us(m, 20);
    bus_write(m, CTRL, 0);
    run_us(m, 20);
    assert_int_equal(bus_read(m, VALUE), 30);
}

static void timer_without_reload_stays_at_zero(void **state)
{
    fwsim_machine *m = *state;

    bus_write(m, VALUE, 5);
    bus_write(m, CTRL, ENABLE | INT_ENABLE);
    run_us(m, 5);
    assert_int_equal(bus_read(m, INT), 1);
    bus_write(m, INT, 1);
    run_us(m, 50);
    assert_int_equal(bus_read(m, VALUE), 0);
    assert_int_equal(bus_read(m, INT), 0);
}

/* ------------------------------------------------------------------ */
/* Dual timer                                                           */
/* ------------------------------------------------------------------ */

enum {
    LOAD = 0x00,
    DVALUE = 0x04,
    CONTROL = 0x08,
    INTCLR = 0x0c,
    RIS = 0x10,
    MIS = 0x14,
    BGLOAD = 0x18
};
enum {
    ONESHOT = 1 << 0,
    SIZE32 = 1 << 1,
    BY_16 = 1 << 2,
    DINT = 1 << 5,
    PERIODIC = 1 << 6,
    ON = 1 << 7
};

#define SECOND (DUAL + 0x20)

static void dual_resets_to_the_values_of_the_manual(void **state)
{
    fwsim_machine *m = *state;

    for (uint32_t t = DUAL; t <= SECOND; t += 0x20) {
        assert_int_equal(bus_read(m, t + LOAD), 0);
        assert_int_equal(bus_read(m, t + DVALUE), 0xffffffff);
        assert_int_equal(bus_read(m, t + CONTROL), 0x20);
    }
}

static void dual_free_running_wraps_to_its_size(void **state)
{
    fwsim_machine *m = *state;

    bus_write(m, DUAL + CONTROL, ON | SIZE32);
    bus_write(m, SECOND + CONTROL, ON);
    bus_write(m, DUAL + LOAD, 5);
    bus_write(m, SECOND + LOAD, 5);
    run_us(m, 6);
    assert_int_equal(bus_read(m, DUAL + DVALUE), 0xffffffff);
    assert_int_equal(bus_read(m, SECOND + DVALUE), 0xffff);
    assert_int_equal(bus_read(m, DUAL + RIS), 1);
    /* Without its interrupt enabled it is not seen behind the mask. */
    assert_int_equal(bus_read(m, DUAL + MIS), 0);
}

static void dual_periodic_reloads_and_is_prescaled(void **state)
{
    fwsim_machine *m = *state;

    bus_write(m, DUAL + LOAD, 9);
    bus_write(m, DUAL + CONTROL, ON | PERIODIC | DINT | SIZE32 | BY_16);
    run_us(m, 9 * 16 - 1);
    assert_int_equal(bus_read(m, DUAL + MIS), 0);
    run_us(m, 1);
    assert_int_equal(bus_read(m, DUAL + MIS), 1);
    bus_write(m, DUAL + INTCLR, 0);
    assert_int_equal(bus_read(m, DUAL + RIS), 0);
    run_us(m, 16);
    assert_int_equal(bus_read(m, DUAL + DVALUE), 9);
    run_us(m, 9 * 16);
    assert_int_equal(bus_read(m, DUAL + MIS), 1);
}

static void dual_one_shot_halts_at_zero_until_it_is_loaded(void **state)
{
    fwsim_machine *m = *state;

    bus_write(m, SECOND + CONTROL, ON | DINT | SIZE32 | ONESHOT);
    bus_write(m, SECOND + LOAD, 10);
    run_us(m, 10);
    assert_int_equal(bus_read(m, SECOND + MIS), 1);
    bus_write(m, SECOND + INTCLR, 1);
    run_us(m, 1000);
    assert_int_equal(bus_read(m, SECOND + DVALUE), 0);
    assert_int_equal(bus_read(m, SECOND + MIS), 0);
    bus_write(m, SECOND + LOAD, 10);
    run_us(m, 10);
    assert_int_equal(bus_read(m, SECOND + MIS), 1);
}

static void dual_background_load_waits_for_the_next_period(void **state)
{
    fwsim_machine *m = *state;

    bus_write(m, DUAL + LOAD, 100);
    bus_write(m, DUAL + CONTROL, ON | PERIODIC | SIZE32);
    run_us(m, 40);
    bus_write(m, DUAL + BGLOAD, 7);
    assert_int_equal(bus_read(m, DUAL + LOAD), 7);
    assert_int_equal(bus_read(m, DUAL + DVALUE), 60);
    run_us(m, 61);
    assert_int_equal(bus_read(m, DUAL + DVALUE), 7);
}

/* ------------------------------------------------------------------ */
/* Watchdog                                                             */
/* ------------------------------------------------------------------ */

enum { LOCK = 0xc00, KEY = 0x1acce551, INTEN = 1, RESEN = 2, WDOGRST = 2 };

static void watchdog_stands_still_until_it_is_enabled(void **state)
{
    fwsim_machine *m = *state;

    run_us(m, 100);
    assert_int_equal(bus_read(m, WATCHDOG + DVALUE), 0xffffffff);
    bus_write(m, WATCHDOG + LOAD, 100);
    run_us(m, 30);
    bus_write(m, WATCHDOG + CONTROL, INTEN);
    assert_int_equal(bus_read(m, WATCHDOG + DVALUE), 100);
    run_us(m, 30);
    assert_int_equal(bus_read(m, WATCHDOG + DVALUE), 70);
}

static void watchdog_interrupts_first_and_resets_then(void **state)
{
    fwsim_machine *m = *state;
    fwsim_stop stop;

    bus_write(m, WATCHDOG + LOAD, 100);
    bus_write(m, WATCHDOG + CONTROL, INTEN | RESEN);
    run_us(m, 100);
    assert_int_equal(bus_read(m, WATCHDOG + MIS), 1);
    run_us(m, 100);
    OK(fwsim_run(m, &(fwsim_limit){ .time_ns = FWSIM_US(2) }, &stop));
    assert_int_equal(stop.reason, FWSIM_STOP_RESET);
    assert_int_equal(stop.reset, FWSIM_RESET_WATCHDOG);
    assert_int_equal(bus_read(m, RSTINFO), WDOGRST);
    bus_write(m, RSTINFO, WDOGRST);
    assert_int_equal(bus_read(m, RSTINFO), 0);
}

static void watchdog_that_is_cleared_in_time_never_resets(void **state)
{
    fwsim_machine *m = *state;

    bus_write(m, WATCHDOG + LOAD, 100);
    bus_write(m, WATCHDOG + CONTROL, INTEN | RESEN);
    for (unsigned i = 0; i < 10; i++) {
        run_us(m, 150);
        assert_int_equal(bus_read(m, WATCHDOG + RIS), 1);
        bus_write(m, WATCHDOG + INTCLR, 1);
        assert_int_equal(bus_read(m, WATCHDOG + RIS), 0);
        assert_int_equal(bus_read(m, WATCHDOG + DVALUE), 100);
    }
}

static void watchdog_without_reset_enabled_only_interrupts(void **state)
{
    fwsim_machine *m = *state;

    bus_write(m, WATCHDOG + LOAD, 100);
    bus_write(m, WATCHDOG + CONTROL, INTEN);
    run_us(m, 1000);
    assert_int_equal(bus_read(m, WATCHDOG + MIS), 1);
}

static void watchdog_locked_refuses_writes(void **state)
{
    fwsim_machine *m = *state;

    bus_write(m, WATCHDOG + LOAD, 100);
    bus_write(m, WATCHDOG + CONTROL, INTEN);
    bus_write(m, WATCHDOG + LOCK, 0);
    assert_int_equal(bus_read(m, WATCHDOG + LOCK), 1);
    run_us(m, 120);
    bus_write(m, WATCHDOG + LOAD, 5);
    bus_write(m, WATCHDOG + CONTROL, 0);
    bus_write(m, WATCHDOG + INTCLR, 1);
    assert_int_equal(bus_read(m, WATCHDOG + LOAD), 100);
    assert_int_equal(bus_read(m, WATCHDOG + CONTROL), INTEN);
    assert_int_equal(bus_read(m, WATCHDOG + RIS), 1);
    bus_write(m, WATCHDOG + LOCK, KEY);
    assert_int_equal(bus_read(m, WATCHDOG + LOCK), 0);
    bus_write(m, WATCHDOG + CONTROL, 0);
    assert_int_equal(bus_read(m, WATCHDOG + CONTROL), 0);
}

static void other_resets_leave_their_causes(void **state)
{
    fwsim_machine *m = *state;

    assert_int_equal(bus_read(m, RSTINFO), 0);
    OK(fwsim_reset(m, FWSIM_RESET_SYSTEM));
    assert_int_equal(bus_read(m, RSTINFO), 1);
    OK(fwsim_reset(m, FWSIM_RESET_PIN));
    assert_int_equal(bus_read(m, RSTINFO), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, power_up, free_machine)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(timer_reload_sets_the_value_and_the_period),
        TEST(timer_without_interrupt_enabled_sets_no_flag),
        TEST(timer_stopped_keeps_its_value),
        TEST(timer_without_reload_stays_at_zero),
        TEST(dual_resets_to_the_values_of_the_manual),
        TEST(dual_free_running_wraps_to_its_size),
        TEST(dual_periodic_reloads_and_is_prescaled),
        TEST(dual_one_shot_halts_at_zero_until_it_is_loaded),
        TEST(dual_background_load_waits_for_the_next_period),
        TEST(watchdog_stands_still_until_it_is_enabled),
        TEST(watchdog_interrupts_first_and_resets_then),
        TEST(watchdog_that_is_cleared_in_time_never_resets),
        TEST(watchdog_without_reset_enabled_only_interrupts),
        TEST(watchdog_locked_refuses_writes),
        TEST(other_resets_leave_their_causes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
