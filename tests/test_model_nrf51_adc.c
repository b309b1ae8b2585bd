/* SPDX-License-Identifier: GPL-2.0-or-later */
/* nRF51 RM v3.0, chapter 31; times of the nRF51822 PS v3.1. */
#include "peripherals.h"
#include "support.h"

#define ADC 0x40007000u
enum {
    START = ADC, STOP = ADC + 4, END = ADC + 0x100, BUSY = ADC + 0x400,
    ENABLE = ADC + 0x500, CONFIG = ADC + 0x504, RESULT = ADC + 0x508
};
enum { BITS8, BITS9, BITS10 };
enum { WHOLE = 0 << 2, TWO_THIRDS = 1 << 2, ONE_THIRD = 2 << 2 };
enum { VDD_TWO_THIRDS = 5 << 2, VDD_ONE_THIRD = 6 << 2 };
enum { VBG = 0 << 5, EXTERNAL = 1 << 5, VDD_HALF = 2 << 5, VDD_THIRD = 3 << 5 };
enum { AREF0 = 1 << 16, AREF1 = 2 << 16 };
#define AIN(n) (0x100u << (n))

static const fwsim_board board = {
    .name = "bench",
    .soc = &(const fwsim_soc){
        .name = "bench",
        .clock_hz = 16000000,
        .irq_lines = 32,
        .periph = (const fwsim_slot[]){
            { "adc", &nrf51_adc, ADC, .irq = { 7 } },
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

static uint32_t convert(fwsim_machine *m, uint32_t config)
{
    bus_write(m, ENABLE, 1);
    bus_write(m, CONFIG, config);
    bus_write(m, END, 0);
    bus_write(m, START, 1);
    run_ns(m, FWSIM_US(68));
    assert_int_equal(bus_read(m, END), 1);
    return bus_read(m, RESULT);
}

static void assert_conversion_time(fwsim_machine *m, uint32_t res, uint64_t us)
{
    bus_write(m, ENABLE, 1);
    bus_write(m, END, 0);
    bus_write(m, CONFIG, res | WHOLE | VBG | AIN(0));
    bus_write(m, START, 1);
    run_ns(m, FWSIM_US(us - 1));
    assert_int_equal(bus_read(m, BUSY), 1);
    assert_int_equal(bus_read(m, END), 0);
    run_ns(m, FWSIM_US(1));
    assert_int_equal(bus_read(m, BUSY), 0);
    assert_int_equal(bus_read(m, END), 1);
}

static void each_resolution_has_its_time(void **state)
{
    fwsim_machine *m = *state;

    assert_conversion_time(m, BITS8, 20);
    assert_conversion_time(m, BITS9, 36);
    assert_conversion_time(m, BITS10, 68);
}

static void the_bandgap_is_full_scale(void **state)
{
    fwsim_machine *m = *state;

    OK(fwsim_input_set(m, "adc", "ain2", 600000));
    assert_int_equal(convert(m, BITS8 | WHOLE | VBG | AIN(2)), 128);
    assert_int_equal(convert(m, BITS9 | WHOLE | VBG | AIN(2)), 256);
    assert_int_equal(convert(m, BITS10 | WHOLE | VBG | AIN(2)), 512);
    OK(fwsim_input_set(m, "adc", "ain2", 3000000));
    assert_int_equal(convert(m, BITS10 | WHOLE | VBG | AIN(2)), 1023);
}

static void prescalers_widen_the_range(void **state)
{
    fwsim_machine *m = *state;

    OK(fwsim_input_set(m, "adc", "ain7", 900000));
    assert_int_equal(convert(m, BITS10 | TWO_THIRDS | VBG | AIN(7)), 512);
    OK(fwsim_input_set(m, "adc", "ain7", 1800000));
    assert_int_equal(convert(m, BITS10 | ONE_THIRD | VBG | AIN(7)), 512);
}

static void the_supply_is_input_and_reference(void **state)
{
    fwsim_machine *m = *state;

    OK(fwsim_input_set(m, "adc", "vdd", 1800000));
    assert_int_equal(convert(m, BITS10 | VDD_ONE_THIRD | VBG), 512);
    assert_int_equal(convert(m, BITS10 | VDD_TWO_THIRDS | VBG), 1023);
    OK(fwsim_input_set(m, "adc", "ain0", 450000));
    assert_int_equal(convert(m, BITS10 | WHOLE | VDD_HALF | AIN(0)), 512);
    OK(fwsim_input_set(m, "adc", "ain0", 300000));
    assert_int_equal(convert(m, BITS10 | WHOLE | VDD_THIRD | AIN(0)), 512);
}

static void external_references_are_selected(void **state)
{
    fwsim_machine *m = *state;

    OK(fwsim_input_set(m, "adc", "ain0", 250000));
    OK(fwsim_input_set(m, "adc", "aref0", 1000000));
    OK(fwsim_input_set(m, "adc", "aref1", 500000));
    assert_int_equal(convert(m, BITS10 | EXTERNAL | AREF0 | AIN(0)), 256);
    assert_int_equal(convert(m, BITS10 | EXTERNAL | AREF1 | AIN(0)), 512);
}

static void a_disabled_adc_does_not_start(void **state)
{
    fwsim_machine *m = *state;

    bus_write(m, START, 1);
    run_ns(m, FWSIM_MS(1));
    assert_int_equal(bus_read(m, END), 0);
    assert_int_equal(log_count(&heard, FWSIM_TOPIC_GUEST_ERROR), 1);
}

static void stop_ends_a_conversion(void **state)
{
    fwsim_machine *m = *state;

    bus_write(m, ENABLE, 1);
    bus_write(m, START, 1);
    bus_write(m, STOP, 1);
    assert_int_equal(bus_read(m, BUSY), 0);
    run_ns(m, FWSIM_MS(1));
    assert_int_equal(bus_read(m, END), 0);
}

#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, power_up, free_machine)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(each_resolution_has_its_time),
        TEST(the_bandgap_is_full_scale),
        TEST(prescalers_widen_the_range),
        TEST(the_supply_is_input_and_reference),
        TEST(external_references_are_selected),
        TEST(a_disabled_adc_does_not_start),
        TEST(stop_ends_a_conversion),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
