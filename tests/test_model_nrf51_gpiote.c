/* SPDX-License-Identifier: GPL-2.0-or-later */
/* nRF51 RM v3.0, chapter 15. */
#include "peripherals.h"
#include "support.h"

#define GPIOTE 0x40006000u
#define GPIO 0x50000000u
enum {
    OUT0 = GPIOTE, IN0 = GPIOTE + 0x100, PORT = GPIOTE + 0x17c,
    CONFIG0 = GPIOTE + 0x510, POWER = GPIOTE + 0xffc, OUTSET = GPIO + 0x508,
    DIRSET = GPIO + 0x518, PIN_CNF = GPIO + 0x700
};
enum {
    EVENT = 1, TASK = 3, LO_TO_HI = 1 << 16, HI_TO_LO = 2 << 16,
    TOGGLE = 3 << 16, INIT_HIGH = 1 << 20
};

static const fwsim_board board = {
    .name = "bench",
    .soc = &(const fwsim_soc){
        .name = "bench",
        .clock_hz = 16000000,
        .irq_lines = 32,
        .pins = 32,
        .periph = (const fwsim_slot[]){
            { "gpiote", &nrf51_gpiote, GPIOTE, .irq = { 6 },
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

static void configure(fwsim_machine *m, unsigned channel, unsigned pin,
                      uint32_t bits)
{
    bus_write(m, CONFIG0 + 4 * channel, bits | pin << 8);
}

/** Does this change of the pin give an event of channel 0? */
static bool happens(fwsim_machine *m, const char *pin, fwsim_drive drive)
{
    bus_write(m, IN0, 0);
    OK(fwsim_pin_set(m, pin, drive));
    return bus_read(m, IN0);
}

static void events_come_at_the_chosen_edge(void **state)
{
    fwsim_machine *m = bench_machine(state);

    configure(m, 0, 5, EVENT | LO_TO_HI);
    assert_true(happens(m, "pin5", FWSIM_PIN_HIGH));
    assert_false(happens(m, "pin5", FWSIM_PIN_LOW));
    configure(m, 0, 5, EVENT | HI_TO_LO);
    assert_false(happens(m, "pin5", FWSIM_PIN_HIGH));
    assert_true(happens(m, "pin5", FWSIM_PIN_LOW));
    configure(m, 0, 5, EVENT | TOGGLE);
    assert_true(happens(m, "pin5", FWSIM_PIN_HIGH));
    assert_true(happens(m, "pin5", FWSIM_PIN_LOW));
    assert_false(happens(m, "pin6", FWSIM_PIN_HIGH));
}

static void channels_are_independent(void **state)
{
    fwsim_machine *m = bench_machine(state);

    configure(m, 0, 5, EVENT | LO_TO_HI);
    configure(m, 3, 6, EVENT | LO_TO_HI);
    OK(fwsim_pin_set(m, "pin6", FWSIM_PIN_HIGH));
    assert_int_equal(bus_read(m, IN0), 0);
    assert_int_equal(bus_read(m, IN0 + 4 * 3), 1);
}

static void a_task_sets_clears_or_toggles_its_pin(void **state)
{
    fwsim_machine *m = bench_machine(state);

    configure(m, 1, 8, TASK | LO_TO_HI);
    assert_int_equal(fwsim_pin_get(m, "pin8"), 0);
    bus_write(m, OUT0 + 4, 1);
    bus_write(m, OUT0 + 4, 1);
    assert_int_equal(fwsim_pin_get(m, "pin8"), 1);
    configure(m, 1, 8, TASK | HI_TO_LO | INIT_HIGH);
    assert_int_equal(fwsim_pin_get(m, "pin8"), 1);
    bus_write(m, OUT0 + 4, 1);
    assert_int_equal(fwsim_pin_get(m, "pin8"), 0);
    configure(m, 1, 8, TASK | TOGGLE);
    bus_write(m, OUT0 + 4, 1);
    assert_int_equal(fwsim_pin_get(m, "pin8"), 1);
    bus_write(m, OUT0 + 4, 1);
    assert_int_equal(fwsim_pin_get(m, "pin8"), 0);
}

static void a_task_does_nothing_without_task_mode(void **state)
{
    fwsim_machine *m = bench_machine(state);

    configure(m, 1, 8, EVENT | TOGGLE);
    bus_write(m, OUT0 + 4, 1);
    assert_int_equal(fwsim_pin_get(m, "pin8"), 0);
}

static void the_port_has_no_say_over_a_pin_in_task_mode(void **state)
{
    fwsim_machine *m = bench_machine(state);

    bus_write(m, DIRSET, 1u << 8);
    bus_write(m, OUTSET, 1u << 8);
    configure(m, 0, 8, TASK | TOGGLE);
    assert_int_equal(fwsim_pin_get(m, "pin8"), 0);
    bus_write(m, CONFIG0, 0);
    assert_int_equal(fwsim_pin_get(m, "pin8"), 1);
}

static void a_channel_lets_go_of_the_pin_it_leaves(void **state)
{
    fwsim_machine *m = bench_machine(state);

    configure(m, 0, 8, TASK | TOGGLE | INIT_HIGH);
    configure(m, 0, 9, TASK | TOGGLE | INIT_HIGH);
    assert_int_equal(fwsim_pin_get(m, "pin8"), 0);
    assert_int_equal(fwsim_pin_get(m, "pin9"), 1);
}

static void switched_off_it_lets_go_of_its_pins(void **state)
{
    fwsim_machine *m = bench_machine(state);

    configure(m, 0, 8, TASK | TOGGLE | INIT_HIGH);
    bus_write(m, POWER, 0);
    assert_int_equal(fwsim_pin_get(m, "pin8"), 0);
    assert_int_equal(bus_read(m, CONFIG0), 0);
}

static void port_comes_when_the_first_pin_is_sensed(void **state)
{
    fwsim_machine *m = bench_machine(state);

    bus_write(m, PIN_CNF + 4 * 17, 3u << 16 | 3u << 2); /* sense low, pull up */
    bus_write(m, PIN_CNF + 4 * 26, 2u << 16);           /* sense high */
    assert_int_equal(bus_read(m, PORT), 0);
    OK(fwsim_pin_set(m, "pin17", FWSIM_PIN_LOW));
    assert_int_equal(bus_read(m, PORT), 1);
    bus_write(m, PORT, 0);
    /* DETECT is high already: no new edge. */
    OK(fwsim_pin_set(m, "pin26", FWSIM_PIN_HIGH));
    assert_int_equal(bus_read(m, PORT), 0);
    OK(fwsim_pin_set(m, "pin26", FWSIM_PIN_LOW));
    OK(fwsim_pin_set(m, "pin17", FWSIM_PIN_HIGH));
    OK(fwsim_pin_set(m, "pin26", FWSIM_PIN_HIGH));
    assert_int_equal(bus_read(m, PORT), 1);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, power_up, bench_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(events_come_at_the_chosen_edge),
        TEST(channels_are_independent),
        TEST(a_task_sets_clears_or_toggles_its_pin),
        TEST(a_task_does_nothing_without_task_mode),
        TEST(the_port_has_no_say_over_a_pin_in_task_mode),
        TEST(a_channel_lets_go_of_the_pin_it_leaves),
        TEST(switched_off_it_lets_go_of_its_pins),
        TEST(port_comes_when_the_first_pin_is_sensed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
