/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Arm DDI 0479, AHB GPIO; Arm DAI 0385, FPGA I/O and SCC. Clock: 1 MHz. */
#include "peripherals.h"
#include "support.h"

#define GPIO 0x40010000u
#define FPGAIO 0x40028000u
#define SCC 0x4002f000u

enum {
    DATA = GPIO,
    DATAOUT = GPIO + 0x04,
    OUTENSET = GPIO + 0x10,
    OUTENCLR = GPIO + 0x14,
    INTENSET = GPIO + 0x20,
    INTENCLR = GPIO + 0x24,
    INTTYPESET = GPIO + 0x28,
    INTPOLSET = GPIO + 0x30,
    INTPOLCLR = GPIO + 0x34,
    INTSTATUS = GPIO + 0x38
};

static const uint32_t scc[] = { 0x41043850, 0x00200008, 2, 50, 24, 25 };

static const fwsim_board board = {
    .name = "bench",
    .soc = &(const fwsim_soc){
        .name = "bench",
        .clock_hz = 1000000,
        .pins = 32,
        .periph = (const fwsim_slot[]){
            { "gpio", &cmsdk_gpio, .base = GPIO },
            { "fpgaio", &mps2_fpgaio, .base = FPGAIO, .first_pin = 16 },
            { "scc", &mps2_scc, .base = SCC, .param = scc },
            { 0 }
        },
    },
};

static int power_up(void **state)
{
    *state = new_machine(&board, NULL);
    return 0;
}

static void outputs_follow_dataout_where_outen_is_set(void **state)
{
    fwsim_machine *m = *state;

    bus_write(m, DATAOUT, 0x8001);
    assert_int_equal(fwsim_pin_get(m, "pin0"), 0);
    bus_write(m, OUTENSET, 0x8003);
    assert_int_equal(fwsim_pin_get(m, "pin0"), 1);
    assert_int_equal(fwsim_pin_get(m, "pin1"), 0);
    assert_int_equal(fwsim_pin_get(m, "pin15"), 1);
    assert_int_equal(bus_read(m, DATA), 0x8001);
    bus_write(m, OUTENCLR, 0x0001);
    assert_int_equal(bus_read(m, OUTENSET), 0x8002);
    assert_int_equal(bus_read(m, OUTENCLR), 0x8002);
    assert_int_equal(fwsim_pin_get(m, "pin0"), 0);
}

static void data_reads_the_pins(void **state)
{
    fwsim_machine *m = *state;

    OK(fwsim_pin_set(m, "pin3", FWSIM_PIN_HIGH));
    assert_int_equal(bus_read(m, DATA), 0x0008);
    assert_int_equal(bus_read(m, DATAOUT), 0);
}

static void masked_access_touches_only_the_bits_of_the_address(void **state)
{
    fwsim_machine *m = *state;

    bus_write(m, OUTENSET, 0xffff);
    bus_write(m, DATAOUT, 0x5555);
    bus_write(m, GPIO + 0x400 + 0x0f * 4, 0xffff);
    assert_int_equal(bus_read(m, DATAOUT), 0x555f);
    bus_write(m, GPIO + 0x800 + 0xf0 * 4, 0x0000);
    assert_int_equal(bus_read(m, DATAOUT), 0x055f);
    assert_int_equal(bus_read(m, GPIO + 0x400 + 0x81 * 4), 0x0001);
    assert_int_equal(bus_read(m, GPIO + 0x800 + 0xff * 4), 0x0500);
}

static void an_edge_is_kept_until_it_is_cleared(void **state)
{
    fwsim_machine *m = *state;

    bus_write(m, INTTYPESET, 0x0003);
    bus_write(m, INTPOLSET, 0x0001);
    bus_write(m, INTENSET, 0x0003);
    OK(fwsim_pin_set(m, "pin0", FWSIM_PIN_HIGH));
    OK(fwsim_pin_set(m, "pin1", FWSIM_PIN_HIGH));
    /* Rising on pin 0; pin 1 waits for a falling edge. */
    assert_int_equal(bus_read(m, INTSTATUS), 0x0001);
    OK(fwsim_pin_set(m, "pin1", FWSIM_PIN_LOW));
    assert_int_equal(bus_read(m, INTSTATUS), 0x0003);
    bus_write(m, INTSTATUS, 0x0003);
    assert_int_equal(bus_read(m, INTSTATUS), 0);
}

static void a_level_comes_again_while_it_lasts(void **state)
{
    fwsim_machine *m = *state;

    bus_write(m, INTPOLSET, 0x0010);
    bus_write(m, INTENSET, 0x0010);
    assert_int_equal(bus_read(m, INTSTATUS), 0);
    OK(fwsim_pin_set(m, "pin4", FWSIM_PIN_HIGH));
    bus_write(m, INTSTATUS, 0x0010);
    assert_int_equal(bus_read(m, INTSTATUS), 0x0010);
    OK(fwsim_pin_set(m, "pin4", FWSIM_PIN_LOW));
    bus_write(m, INTSTATUS, 0x0010);
    assert_int_equal(bus_read(m, INTSTATUS), 0);
    bus_write(m, INTPOLCLR, 0x0010);
    assert_int_equal(bus_read(m, INTSTATUS), 0x0010);
}

static void a_pin_that_is_not_enabled_raises_nothing(void **state)
{
    fwsim_machine *m = *state;

    bus_write(m, INTENSET, 0x0001);
    bus_write(m, INTENCLR, 0x0001);
    bus_write(m, INTSTATUS, 0x0001);
    OK(fwsim_pin_set(m, "pin0", FWSIM_PIN_HIGH));
    OK(fwsim_pin_set(m, "pin0", FWSIM_PIN_LOW));
    assert_int_equal(bus_read(m, INTSTATUS), 0);
}

static void leds_and_buttons_are_pins(void **state)
{
    fwsim_machine *m = *state;

    bus_write(m, FPGAIO, 2);
    assert_int_equal(fwsim_pin_get(m, "pin16"), 0);
    assert_int_equal(fwsim_pin_get(m, "pin17"), 1);
    assert_int_equal(bus_read(m, FPGAIO + 0x08), 0);
    OK(fwsim_pin_set(m, "pin19", FWSIM_PIN_HIGH));
    assert_int_equal(bus_read(m, FPGAIO + 0x08), 2);
}

static void slow_counters_count_seconds_and_their_hundredths(void **state)
{
    fwsim_machine *m = *state;

    run_ns(m, FWSIM_MS(2995));
    assert_int_equal(bus_read(m, FPGAIO + 0x10), 2);
    assert_int_equal(bus_read(m, FPGAIO + 0x14), 299);
    bus_write(m, FPGAIO + 0x14, 1000);
    run_ns(m, FWSIM_MS(30));
    assert_int_equal(bus_read(m, FPGAIO + 0x14), 1003);
}

static void counter_counts_periods_of_the_prescaler(void **state)
{
    fwsim_machine *m = *state;

    bus_write(m, FPGAIO + 0x1c, 9);
    bus_write(m, FPGAIO + 0x20, 9);
    bus_write(m, FPGAIO + 0x18, 100);
    run_ns(m, FWSIM_US(8));
    assert_int_equal(bus_read(m, FPGAIO + 0x20), 1);
    assert_int_equal(bus_read(m, FPGAIO + 0x18), 100);
    run_ns(m, FWSIM_US(1));
    assert_int_equal(bus_read(m, FPGAIO + 0x18), 101);
    run_ns(m, FWSIM_US(100));
    assert_int_equal(bus_read(m, FPGAIO + 0x18), 111);
}

#define START_READ 0x80100000u
#define START_WRITE 0xc0100000u

static void scc_identifies_the_image(void **state)
{
    fwsim_machine *m = *state;

    assert_int_equal(bus_read(m, SCC + 0xffc), 0x41043850);
    assert_int_equal(bus_read(m, SCC + 0xff8), 0x00200008);
    assert_int_equal(bus_read(m, SCC + 0x010), 2);
}

static void scc_reads_and_writes_oscillators(void **state)
{
    fwsim_machine *m = *state;

    bus_write(m, SCC + 0xa8, START_READ | 1);
    assert_int_equal(bus_read(m, SCC + 0xac), 1);
    assert_int_equal(bus_read(m, SCC + 0xa0), 24);
    bus_write(m, SCC + 0xa4, 77);
    bus_write(m, SCC + 0xa8, START_WRITE | 1);
    bus_write(m, SCC + 0xa8, START_READ | 1);
    assert_int_equal(bus_read(m, SCC + 0xa0), 77);
    /* START is over at once; no such oscillator. */
    bus_write(m, SCC + 0xa8, START_READ | 3);
    assert_int_equal(bus_read(m, SCC + 0xa8) >> 31, 0);
    assert_int_equal(bus_read(m, SCC + 0xac), 3);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, power_up, free_machine)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(outputs_follow_dataout_where_outen_is_set),
        TEST(data_reads_the_pins),
        TEST(masked_access_touches_only_the_bits_of_the_address),
        TEST(an_edge_is_kept_until_it_is_cleared),
        TEST(a_level_comes_again_while_it_lasts),
        TEST(a_pin_that_is_not_enabled_raises_nothing),
        TEST(leds_and_buttons_are_pins),
        TEST(slow_counters_count_seconds_and_their_hundredths),
        TEST(counter_counts_periods_of_the_prescaler),
        TEST(scc_identifies_the_image),
        TEST(scc_reads_and_writes_oscillators),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
