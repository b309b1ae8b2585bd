/* SPDX-License-Identifier: GPL-2.0-or-later */
/* EFM32HG Reference Manual, chapters 12 (WDOG) and 9 (RMU). */
#include "peripherals.h"
#include "support.h"

#define WDOG 0x40088000u
#define RMU 0x400ca000u

enum { CTRL = WDOG, CMD = WDOG + 0x04, SYNCBUSY = WDOG + 0x08 };
enum { RSTCAUSE = RMU + 0x04, RMU_CMD = RMU + 0x08 };

/* PERSEL 3: 65 cycles. */
enum { EN = 1, LOCK = 1 << 4, PERSEL_65 = 3 << 8, LFRCO = 1 << 12 };
enum { CLEAR = 1 };
enum { PORST = 1 << 0, EXTRST = 1 << 3, WDOGRST = 1 << 4, SYSREQRST = 1 << 6 };

static const fwsim_board board = {
    .name = "bench",
    .soc = &(const fwsim_soc){
        .name = "bench",
        .clock_hz = 21000000,
        .irq_lines = 32,
        .periph = (const fwsim_slot[]){
            { "wdog", &efm32_wdog, .base = WDOG },
            { "rmu", &efm32_rmu, .base = RMU },
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

static void it_resets_the_chip_after_its_period(void **state)
{
    fwsim_machine *m = *state;
    fwsim_stop stop;

    bus_write(m, CTRL, EN | PERSEL_65);
    assert_int_equal(run_ns(m, FWSIM_MS(64)), FWSIM_STOP_LIMIT);
    OK(fwsim_run(m, &(fwsim_limit){ .time_ns = FWSIM_MS(2) }, &stop));
    assert_int_equal(stop.reason, FWSIM_STOP_RESET);
    assert_int_equal(stop.reset, FWSIM_RESET_WATCHDOG);
    assert_int_equal(bus_read(m, RSTCAUSE), PORST | WDOGRST);
    assert_int_equal(bus_read(m, CTRL), 0xf00);
}

static void the_clock_is_selected_by_ctrl(void **state)
{
    fwsim_machine *m = *state;

    /* 65 cycles of 32768 Hz: 1.98 ms. */
    bus_write(m, CTRL, EN | PERSEL_65 | LFRCO);
    assert_int_equal(run_ns(m, FWSIM_US(1900)), FWSIM_STOP_LIMIT);
    assert_int_equal(run_ns(m, FWSIM_US(100)), FWSIM_STOP_RESET);
}

static void a_clear_in_time_prevents_the_reset(void **state)
{
    fwsim_machine *m = *state;

    bus_write(m, CTRL, EN | PERSEL_65);
    for (unsigned i = 0; i < 10; i++) {
        assert_int_equal(run_ns(m, FWSIM_MS(50)), FWSIM_STOP_LIMIT);
        bus_write(m, CMD, CLEAR);
    }
    assert_int_equal(run_ns(m, FWSIM_MS(70)), FWSIM_STOP_RESET);
}

static void writes_are_busy_for_three_cycles_of_its_clock(void **state)
{
    fwsim_machine *m = *state;

    bus_write(m, CTRL, PERSEL_65);
    assert_int_equal(bus_read(m, SYNCBUSY), 1);
    run_ns(m, FWSIM_US(2900));
    assert_int_equal(bus_read(m, SYNCBUSY), 1);
    run_ns(m, FWSIM_US(200));
    assert_int_equal(bus_read(m, SYNCBUSY), 0);
    bus_write(m, CMD, CLEAR);
    assert_int_equal(bus_read(m, SYNCBUSY), 2);
}

static void locked_it_cannot_be_switched_off(void **state)
{
    fwsim_machine *m = *state;

    bus_write(m, CTRL, EN | LOCK | PERSEL_65);
    bus_write(m, CTRL, 0);
    assert_int_equal(bus_read(m, CTRL), EN | LOCK | PERSEL_65);
    assert_int_equal(run_ns(m, FWSIM_MS(66)), FWSIM_STOP_RESET);
}

static void reset_causes_add_up_until_they_are_cleared(void **state)
{
    fwsim_machine *m = *state;

    assert_int_equal(bus_read(m, RSTCAUSE), PORST);
    OK(fwsim_reset(m, FWSIM_RESET_SYSTEM));
    assert_int_equal(bus_read(m, RSTCAUSE), PORST | SYSREQRST);
    bus_write(m, RMU_CMD, 1);
    assert_int_equal(bus_read(m, RSTCAUSE), 0);
    OK(fwsim_reset(m, FWSIM_RESET_PIN));
    assert_int_equal(bus_read(m, RSTCAUSE), EXTRST);
    OK(fwsim_reset(m, FWSIM_RESET_POWER_ON));
    assert_int_equal(bus_read(m, RSTCAUSE), PORST);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, power_up, free_machine)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(it_resets_the_chip_after_its_period),
        TEST(the_clock_is_selected_by_ctrl),
        TEST(a_clear_in_time_prevents_the_reset),
        TEST(writes_are_busy_for_three_cycles_of_its_clock),
        TEST(locked_it_cannot_be_switched_off),
        TEST(reset_causes_add_up_until_they_are_cleared),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
