/* SPDX-License-Identifier: GPL-2.0-or-later */
/* nRF51 RM v3.0, chapter 14. */
#include "peripherals.h"
#include "support.h"

#define GPIO 0x50000000u
enum {
    OUT = GPIO + 0x504, OUTSET = GPIO + 0x508, OUTCLR = GPIO + 0x50c,
    IN = GPIO + 0x510, DIR = GPIO + 0x514, DIRSET = GPIO + 0x518,
    DIRCLR = GPIO + 0x51c, PIN_CNF = GPIO + 0x700
};
enum {
    CNF_OUTPUT = 1, CNF_DISCONNECT = 2, CNF_PULL_DOWN = 1 << 2,
    CNF_PULL_UP = 3 << 2, CNF_D0S1 = 4 << 8, CNF_S0D1 = 6 << 8
};

static const fwsim_board board = {
    .name = "bench",
    .soc = &(const fwsim_soc){
        .name = "bench",
        .clock_hz = 16000000,
        .pins = 32,
        .periph = (const fwsim_slot[]){
            { "gpio", &nrf51_gpio, GPIO },
            { 0 }
        },
    },
};

static int power_up(void **state)
{
    return bench_setup(state, &board);
}

static void configure(fwsim_machine *m, unsigned pin, uint32_t cnf)
{
    bus_write(m, PIN_CNF + 4 * pin, cnf);
}

static void pins_are_disconnected_inputs_after_reset(void **state)
{
    fwsim_machine *m = bench_machine(state);

    assert_int_equal(bus_read(m, DIR), 0);
    for (unsigned pin = 0; pin < 32; pin++)
        assert_int_equal(bus_read(m, PIN_CNF + 4 * pin), CNF_DISCONNECT);
}

static void outputs_follow_out_outset_and_outclr(void **state)
{
    fwsim_machine *m = bench_machine(state);

    bus_write(m, DIRSET, 1u << 4 | 1u << 31);
    bus_write(m, OUTSET, 1u << 4);
    assert_int_equal(fwsim_pin_get(m, "pin4"), 1);
    assert_int_equal(fwsim_pin_get(m, "pin31"), 0);
    bus_write(m, OUT, 1u << 31);
    assert_int_equal(fwsim_pin_get(m, "pin4"), 0);
    assert_int_equal(fwsim_pin_get(m, "pin31"), 1);
    bus_write(m, OUTCLR, 1u << 31);
    assert_int_equal(fwsim_pin_get(m, "pin31"), 0);
    assert_int_equal(bus_read(m, OUTSET), 0);
}

static void out_waits_for_the_direction(void **state)
{
    fwsim_machine *m = bench_machine(state);

    bus_write(m, OUTSET, 1u << 7);
    assert_int_equal(fwsim_pin_get(m, "pin7"), 0);
    bus_write(m, DIRSET, 1u << 7);
    assert_int_equal(fwsim_pin_get(m, "pin7"), 1);
}

static void dir_and_pin_cnf_share_the_direction_bit(void **state)
{
    fwsim_machine *m = bench_machine(state);

    bus_write(m, DIRSET, 1u << 9);
    assert_int_equal(bus_read(m, PIN_CNF + 4 * 9), CNF_OUTPUT | CNF_DISCONNECT);
    configure(m, 10, CNF_OUTPUT);
    assert_int_equal(bus_read(m, DIR), 1u << 9 | 1u << 10);
    bus_write(m, DIRCLR, 1u << 10);
    assert_int_equal(bus_read(m, PIN_CNF + 4 * 10), 0);
}

static void in_reads_only_connected_inputs(void **state)
{
    fwsim_machine *m = bench_machine(state);

    OK(fwsim_pin_set(m, "pin17", FWSIM_PIN_HIGH));
    assert_int_equal(bus_read(m, IN), 0);
    configure(m, 17, 0);
    assert_int_equal(bus_read(m, IN), 1u << 17);
    OK(fwsim_pin_set(m, "pin17", FWSIM_PIN_LOW));
    assert_int_equal(bus_read(m, IN), 0);
}

static void an_input_keeps_its_outer_level_through_a_reset(void **state)
{
    fwsim_machine *m = bench_machine(state);

    OK(fwsim_pin_set(m, "pin17", FWSIM_PIN_HIGH));
    OK(fwsim_reset(m, FWSIM_RESET_SYSTEM));
    configure(m, 17, 0);
    assert_int_equal(bus_read(m, IN), 1u << 17);
}

static void pulls_hold_an_open_pin(void **state)
{
    fwsim_machine *m = bench_machine(state);

    configure(m, 3, CNF_PULL_UP);
    assert_int_equal(bus_read(m, IN), 1u << 3);
    configure(m, 3, CNF_PULL_DOWN);
    assert_int_equal(bus_read(m, IN), 0);
    configure(m, 3, CNF_PULL_UP);
    OK(fwsim_pin_set(m, "pin3", FWSIM_PIN_LOW));
    assert_int_equal(bus_read(m, IN), 0);
}

static void open_drain_leaves_the_high_level_to_the_pull(void **state)
{
    fwsim_machine *m = bench_machine(state);

    configure(m, 5, CNF_OUTPUT | CNF_PULL_UP | CNF_S0D1);
    assert_int_equal(bus_read(m, IN), 0);
    bus_write(m, OUTSET, 1u << 5);
    assert_int_equal(bus_read(m, IN), 1u << 5);
    OK(fwsim_pin_set(m, "pin5", FWSIM_PIN_LOW));
    assert_int_equal(bus_read(m, IN), 0);
}

static void open_source_leaves_the_low_level_to_the_pull(void **state)
{
    fwsim_machine *m = bench_machine(state);

    configure(m, 5, CNF_OUTPUT | CNF_PULL_UP | CNF_D0S1);
    assert_int_equal(bus_read(m, IN), 1u << 5);
    configure(m, 5, CNF_OUTPUT | CNF_PULL_DOWN | CNF_D0S1);
    assert_int_equal(bus_read(m, IN), 0);
    bus_write(m, OUTSET, 1u << 5);
    assert_int_equal(bus_read(m, IN), 1u << 5);
}

static void a_reset_lets_go_of_the_pins(void **state)
{
    fwsim_machine *m = bench_machine(state);

    bus_write(m, DIRSET, 1u << 4);
    bus_write(m, OUTSET, 1u << 4);
    OK(fwsim_reset(m, FWSIM_RESET_SYSTEM));
    assert_int_equal(fwsim_pin_get(m, "pin4"), 0);
    assert_int_equal(bus_read(m, OUT), 0);
    bus_write(m, DIRSET, 1u << 4);
    bus_write(m, OUTSET, 1u << 4);
    assert_int_equal(fwsim_pin_get(m, "pin4"), 1);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, power_up, bench_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(pins_are_disconnected_inputs_after_reset),
        TEST(outputs_follow_out_outset_and_outclr),
        TEST(out_waits_for_the_direction),
        TEST(dir_and_pin_cnf_share_the_direction_bit),
        TEST(in_reads_only_connected_inputs),
        TEST(an_input_keeps_its_outer_level_through_a_reset),
        TEST(pulls_hold_an_open_pin),
        TEST(open_drain_leaves_the_high_level_to_the_pull),
        TEST(open_source_leaves_the_low_level_to_the_pull),
        TEST(a_reset_lets_go_of_the_pins),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
