/* SPDX-License-Identifier: GPL-2.0-or-later */
/* nRF51 RM v3.0, chapter 22; time of the nRF51822 PS v3.1. */
#include "peripherals.h"
#include "support.h"

#define TEMP 0x4000c000u
enum {
    START = TEMP, STOP = TEMP + 4, DATARDY = TEMP + 0x100, VALUE = TEMP + 0x508
};

static const fwsim_board board = {
    .name = "bench",
    .soc = &(const fwsim_soc){
        .name = "bench",
        .clock_hz = 16000000,
        .irq_lines = 32,
        .periph = (const fwsim_slot[]){
            { "temp", &nrf51_temp, TEMP, .irq = { 12 } },
            { 0 }
        },
    },
};

static int power_up(void **state)
{
    *state = new_machine(&board, NULL);
    return 0;
}

static int32_t measure(fwsim_machine *m, int32_t mc)
{
    OK(fwsim_input_set(m, "temp", "temperature", mc));
    bus_write(m, DATARDY, 0);
    bus_write(m, START, 1);
    run_ns(m, FWSIM_US(35));
    assert_int_equal(bus_read(m, DATARDY), 1);
    return (int32_t)bus_read(m, VALUE);
}

static void a_measurement_takes_35_us(void **state)
{
    fwsim_machine *m = *state;

    bus_write(m, START, 1);
    run_ns(m, FWSIM_US(34));
    assert_int_equal(bus_read(m, DATARDY), 0);
    run_ns(m, FWSIM_US(1));
    assert_int_equal(bus_read(m, DATARDY), 1);
}

static void the_result_counts_quarters_of_a_degree(void **state)
{
    fwsim_machine *m = *state;

    assert_int_equal(measure(m, 25000), 100);
    assert_int_equal(measure(m, 25250), 101);
    assert_int_equal(measure(m, 0), 0);
    assert_int_equal(measure(m, -10250), -41);
}

static void stop_ends_a_measurement(void **state)
{
    fwsim_machine *m = *state;

    bus_write(m, START, 1);
    bus_write(m, STOP, 1);
    run_ns(m, FWSIM_MS(1));
    assert_int_equal(bus_read(m, DATARDY), 0);
}

#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, power_up, free_machine)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_measurement_takes_35_us),
        TEST(the_result_counts_quarters_of_a_degree),
        TEST(stop_ends_a_measurement),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
