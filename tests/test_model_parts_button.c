/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Buttons, pads and resistors on a pin of the chip. */
#include "peripherals.h"
#include "support.h"

static const fwsim_board board = {
    .name = "bench",
    .soc = &(const fwsim_soc){
        .name = "bench",
        .clock_hz = 16000000,
        .pins = 3,
    },
    .parts = (const fwsim_slot[]){
        { "button", &part_button, .pin = { 0 } },
        { "resistor", &part_pull_up, .pin = { 1 } },
        { "pad", &part_touch_pad, .pin = { 2 } },
        { 0 }
    },
};

static void a_pressed_button_pulls_its_pin_low(void **state)
{
    fwsim_machine *m = new_machine(&board, NULL);

    (void)state;
    assert_int_equal(fwsim_pin_get(m, "pin0"), 1);
    OK(fwsim_input_set(m, "button", "pressed", 1));
    assert_int_equal(fwsim_pin_get(m, "pin0"), 0);
    OK(fwsim_input_set(m, "button", "pressed", 0));
    assert_int_equal(fwsim_pin_get(m, "pin0"), 1);
    fwsim_free(m);
}

static void a_button_stays_pressed_in_a_reset(void **state)
{
    fwsim_machine *m = new_machine(&board, NULL);

    (void)state;
    OK(fwsim_input_set(m, "button", "pressed", 1));
    OK(fwsim_reset(m, FWSIM_RESET_PIN));
    assert_int_equal(fwsim_pin_get(m, "pin0"), 0);
    OK(fwsim_reset(m, FWSIM_RESET_POWER_ON));
    assert_int_equal(fwsim_pin_get(m, "pin0"), 0);
    fwsim_free(m);
}

static void a_pull_up_gives_way_to_a_driver(void **state)
{
    fwsim_machine *m = new_machine(&board, NULL);

    (void)state;
    assert_int_equal(fwsim_pin_get(m, "pin1"), 1);
    OK(fwsim_pin_set(m, "pin1", FWSIM_PIN_LOW));
    assert_int_equal(fwsim_pin_get(m, "pin1"), 0);
    fwsim_free(m);
}

static void a_finger_pulls_a_pad_low(void **state)
{
    fwsim_machine *m = new_machine(&board, NULL);

    (void)state;
    assert_int_equal(fwsim_pin_get(m, "pin2"), 1);
    OK(fwsim_input_set(m, "pad", "touched", 1));
    assert_int_equal(fwsim_pin_get(m, "pin2"), 0);
    OK(fwsim_pin_set(m, "pin2", FWSIM_PIN_PULL_UP));
    assert_int_equal(fwsim_pin_get(m, "pin2"), 1);
    OK(fwsim_input_set(m, "pad", "touched", 0));
    OK(fwsim_pin_set(m, "pin2", FWSIM_PIN_PULL_DOWN));
    assert_int_equal(fwsim_pin_get(m, "pin2"), 0);
    fwsim_free(m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_pressed_button_pulls_its_pin_low),
        cmocka_unit_test(a_button_stays_pressed_in_a_reset),
        cmocka_unit_test(a_pull_up_gives_way_to_a_driver),
        cmocka_unit_test(a_finger_pulls_a_pad_low),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
