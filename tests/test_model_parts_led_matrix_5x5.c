/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The matrix of a board with two rows and thirteen columns. */
#include "peripherals.h"
#include "support.h"

/* Row 0 has LEDs 0 to 12, row 1 the rest; pins: 2 rows, then the columns. */
#define ROW1(col) 1 << 8 | (col)

static const fwsim_board board = {
    .name = "bench",
    .soc = &(const fwsim_soc){
        .name = "bench",
        .clock_hz = 16000000,
        .pins = 16,
    },
    .parts = (const fwsim_slot[]){
        { "display", &part_led_matrix_5x5,
          .pin = { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14 },
          .param = (const uint32_t[]){
              2, 13, 10000,
              0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12,
              ROW1(0), ROW1(1), ROW1(2), ROW1(3), ROW1(4), ROW1(5), ROW1(6),
              ROW1(7), ROW1(8), ROW1(9), ROW1(10), ROW1(11) } },
        { 0 }
    },
};
enum { ROW0_PIN, ROW1_PIN, COL0_PIN, COLS = 13 };

static void drive(fwsim_machine *m, unsigned pin, fwsim_drive level)
{
    const char name[] = { 'p', 'i', 'n', (char)('0' + pin / 10),
                          (char)('0' + pin % 10), 0 };

    OK(fwsim_pin_set(m, name, level));
}

/** Rows low, columns high, at the start of a window. */
static int power_up(void **state)
{
    fwsim_machine *m = new_machine(&board, NULL);

    for (unsigned col = 0; col < COLS; col++)
        drive(m, COL0_PIN + col, FWSIM_PIN_HIGH);
    *state = m;
    return 0;
}

static int32_t brightness(fwsim_machine *m, const char *led)
{
    int32_t percent;

    OK(fwsim_output_get(m, "display", led, &percent));
    return percent;
}

static void light(fwsim_machine *m, unsigned row_pin, unsigned col, uint64_t ns)
{
    drive(m, row_pin, FWSIM_PIN_HIGH);
    drive(m, COL0_PIN + col, FWSIM_PIN_LOW);
    run_ns(m, ns);
    drive(m, COL0_PIN + col, FWSIM_PIN_HIGH);
    drive(m, row_pin, FWSIM_PIN_LOW);
}

static void a_led_is_on_where_a_high_row_meets_a_low_column(void **state)
{
    fwsim_machine *m = *state;

    light(m, ROW0_PIN, 6, FWSIM_MS(10));
    assert_int_equal(brightness(m, "led_1_1"), 100);
    assert_int_equal(brightness(m, "led_0_1"), 0);
    assert_int_equal(brightness(m, "led_4_3"), 0);
}

static void the_time_of_its_row_is_full_brightness(void **state)
{
    fwsim_machine *m = *state;

    light(m, ROW0_PIN, 0, FWSIM_MS(5));
    light(m, ROW1_PIN, 11, FWSIM_MS(5));
    assert_int_equal(brightness(m, "led_0_0"), 100);
    assert_int_equal(brightness(m, "led_4_4"), 100);
}

static void shorter_times_are_dimmer(void **state)
{
    fwsim_machine *m = *state;

    light(m, ROW0_PIN, 0, FWSIM_MS(1));
    light(m, ROW1_PIN, 0, FWSIM_US(2500));
    run_ns(m, FWSIM_US(6500));
    assert_int_equal(brightness(m, "led_0_0"), 20);
    assert_int_equal(brightness(m, "led_3_2"), 50);
}

static void the_last_complete_window_shows(void **state)
{
    fwsim_machine *m = *state;

    light(m, ROW0_PIN, 0, FWSIM_MS(9));
    assert_int_equal(brightness(m, "led_0_0"), 0);
    run_ns(m, FWSIM_MS(1));
    assert_int_equal(brightness(m, "led_0_0"), 100);
    run_ns(m, FWSIM_MS(9));
    assert_int_equal(brightness(m, "led_0_0"), 100);
    run_ns(m, FWSIM_MS(1));
    assert_int_equal(brightness(m, "led_0_0"), 0);
}

static void a_constant_picture_stays(void **state)
{
    fwsim_machine *m = *state;

    drive(m, ROW0_PIN, FWSIM_PIN_HIGH);
    drive(m, COL0_PIN, FWSIM_PIN_LOW);
    run_ns(m, FWSIM_MS(1234));
    assert_int_equal(brightness(m, "led_0_0"), 100);
    assert_int_equal(brightness(m, "led_1_0"), 0);
}

static void looking_changes_nothing(void **state)
{
    fwsim_machine *m = *state;
    uint64_t hash;

    light(m, ROW0_PIN, 0, FWSIM_MS(3));
    drive(m, ROW1_PIN, FWSIM_PIN_HIGH);
    run_ns(m, FWSIM_MS(33));
    hash = fwsim_hash(m);
    brightness(m, "led_0_0");
    assert_int_equal(fwsim_hash(m), hash);
}

#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, power_up, free_machine)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_led_is_on_where_a_high_row_meets_a_low_column),
        TEST(the_time_of_its_row_is_full_brightness),
        TEST(shorter_times_are_dimmer),
        TEST(the_last_complete_window_shows),
        TEST(a_constant_picture_stays),
        TEST(looking_changes_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
