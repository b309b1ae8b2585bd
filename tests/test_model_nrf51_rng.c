/* SPDX-License-Identifier: GPL-2.0-or-later */
/* nRF51 RM v3.0, chapter 21; times of the nRF51822 PS v3.1. */
#include "peripherals.h"
#include "support.h"

#define RNG 0x4000d000u
enum {
    START = RNG, STOP = RNG + 4, VALRDY = RNG + 0x100, SHORTS = RNG + 0x200,
    CONFIG = RNG + 0x504, VALUE = RNG + 0x508
};

static const fwsim_board board = {
    .name = "bench",
    .soc = &(const fwsim_soc){
        .name = "bench",
        .clock_hz = 16000000,
        .irq_lines = 32,
        .periph = (const fwsim_slot[]){
            { "rng", &nrf51_rng, RNG, .irq = { 13 } },
            { 0 }
        },
    },
};

static int power_up(void **state)
{
    *state = new_machine(&board, NULL);
    return 0;
}

static void a_raw_byte_takes_63_us(void **state)
{
    fwsim_machine *m = *state;

    bus_write(m, START, 1);
    run_ns(m, FWSIM_US(62));
    assert_int_equal(bus_read(m, VALRDY), 0);
    run_ns(m, FWSIM_US(1));
    assert_int_equal(bus_read(m, VALRDY), 1);
    assert_true(bus_read(m, VALUE) <= 0xff);
}

static void bias_correction_takes_677_us(void **state)
{
    fwsim_machine *m = *state;

    bus_write(m, CONFIG, 1);
    bus_write(m, START, 1);
    run_ns(m, FWSIM_US(676));
    assert_int_equal(bus_read(m, VALRDY), 0);
    run_ns(m, FWSIM_US(1));
    assert_int_equal(bus_read(m, VALRDY), 1);
}

static void bytes_follow_each_other_until_stop(void **state)
{
    fwsim_machine *m = *state;

    bus_write(m, START, 1);
    for (int i = 0; i < 3; i++) {
        run_ns(m, FWSIM_US(63));
        assert_int_equal(bus_read(m, VALRDY), 1);
        bus_write(m, VALRDY, 0);
    }
    bus_write(m, STOP, 1);
    run_ns(m, FWSIM_MS(1));
    assert_int_equal(bus_read(m, VALRDY), 0);
}

static void the_short_stops_after_one_byte(void **state)
{
    fwsim_machine *m = *state;

    bus_write(m, SHORTS, 1);
    bus_write(m, START, 1);
    run_ns(m, FWSIM_US(63));
    assert_int_equal(bus_read(m, VALRDY), 1);
    bus_write(m, VALRDY, 0);
    run_ns(m, FWSIM_MS(1));
    assert_int_equal(bus_read(m, VALRDY), 0);
}

static uint32_t four_bytes(uint64_t seed)
{
    const fwsim_options opt = { .seed = seed };
    fwsim_machine *m = new_machine(&board, &opt);
    uint32_t bytes = 0;

    bus_write(m, START, 1);
    for (int i = 0; i < 4; i++) {
        run_ns(m, FWSIM_US(63));
        bytes = bytes << 8 | bus_read(m, VALUE);
    }
    fwsim_free(m);
    return bytes;
}

static void the_seed_decides_the_bytes(void **state)
{
    (void)state;
    assert_int_equal(four_bytes(1), four_bytes(1));
    assert_int_not_equal(four_bytes(1), four_bytes(2));
}

#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, power_up, free_machine)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_raw_byte_takes_63_us),
        TEST(bias_correction_takes_677_us),
        TEST(bytes_follow_each_other_until_stop),
        TEST(the_short_stops_after_one_byte),
        cmocka_unit_test(the_seed_decides_the_bytes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
