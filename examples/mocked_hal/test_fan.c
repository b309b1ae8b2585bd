/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The driver and the application of a fan controller with its HAL replaced:
 * what the HAL would say is queued by cmocka, what it is told is checked.
 */
#include <fwsim_cmocka.h>

static int boot(void **state)
{
    return fwsim_cmocka_boot(state, &(fwsim_boot){ .board = "mps2_an386",
                                                   .image = FAN_ELF });
}

/** Replace the HAL; ids[0] is the bus, ids[1] the PWM. */
static fwsim_machine *mock_hal(void **state, int ids[2])
{
    fwsim_machine *m = fwsim_cmocka_machine(state);

    ids[0] = fwsim_cmocka_mock(m, "hal_i2c_read",
                               "addr, reg, data=length");
    ids[1] = fwsim_cmocka_mock(m, "hal_pwm_set", "percent");
    return m;
}

static void restore_hal(fwsim_machine *m, const int ids[2])
{
    assert_fwsim_ok(m, fwsim_unmock(m, ids[0]));
    assert_fwsim_ok(m, fwsim_unmock(m, ids[1]));
}

static void step(fwsim_machine *m)
{
    fwsim_call_result r;

    assert_fwsim_ok(m, fwsim_call(m, "fan_step", NULL, 0, NULL, &r));
    if (r.verdict != FWSIM_CALL_RETURNED)
        fail_msg("%s", r.text);
}

/** The sensor is asked once, and answers. */
static void sensor_says(const char raw[2], int result)
{
    expect_value(hal_i2c_read, addr, 0x48);
    expect_value(hal_i2c_read, reg, 0);
    will_return(hal_i2c_read, raw);
    will_return(hal_i2c_read, result);
}

static void the_fan_follows_the_temperature(void **state)
{
    static const struct {
        char raw[2];
        uint8_t percent;
    } rows[] = {
        { { 10, 0 }, 0 },   { { 20, 0 }, 0 },           { { 30, 0 }, 25 },
        { { 40, 0 }, 50 },  { { 59, (char)0xff }, 97 }, { { 60, 0 }, 100 },
        { { -5, 0 }, 0 },
    };
    int ids[2];
    fwsim_machine *m = mock_hal(state, ids);

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        sensor_says(rows[i].raw, 0);
        expect_value(hal_pwm_set, percent, rows[i].percent);
        step(m);
    }
    restore_hal(m, ids);
}

static void a_bus_error_is_tried_again(void **state)
{
    int ids[2];
    fwsim_machine *m = mock_hal(state, ids);
    int64_t alarm;

    sensor_says("\0\0", -1);
    sensor_says("\0\0", -1);
    sensor_says("\50\0", 0);
    expect_value(hal_pwm_set, percent, 50);
    step(m);
    assert_fwsim_ok(m, fwsim_var_get(m, "g_fan.alarm", &alarm));
    assert_int_equal(alarm, 0);
    assert_int_equal(fwsim_mock_calls(m, ids[0]), 3);
    restore_hal(m, ids);
}

static void a_sensor_that_is_gone_means_alarm_and_full_speed(void **state)
{
    int ids[2];
    fwsim_machine *m = mock_hal(state, ids);
    int64_t alarm;

    for (int i = 0; i < 3; i++)
        sensor_says("\0\0", -1);
    expect_value(hal_pwm_set, percent, 100);
    step(m);
    assert_fwsim_ok(m, fwsim_var_get(m, "g_fan.alarm", &alarm));
    assert_int_equal(alarm, 1);
    restore_hal(m, ids);
}

static void without_a_mock_the_driver_hangs_and_the_call_says_where(void **state)
{
    fwsim_machine *m = fwsim_cmocka_machine(state);
    fwsim_call_options opt = { .limit = { .instructions = 10000 } };
    fwsim_call_result r;

    assert_fwsim_ok(m, fwsim_call(m, "sensor_read", NULL, 0, &opt, &r));
    assert_int_equal(r.verdict, FWSIM_CALL_LIMIT);
    assert_ptr_equal(fwsim_symbol_at(m, r.stop.pc),
                     fwsim_symbol_find(m, "hal_i2c_read"));
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_fan_follows_the_temperature),
        cmocka_unit_test(a_bus_error_is_tried_again),
        cmocka_unit_test(a_sensor_that_is_gone_means_alarm_and_full_speed),
        cmocka_unit_test(
            without_a_mock_the_driver_hangs_and_the_call_says_where),
    };

    return fwsim_run_tests(argc, argv, tests, boot, fwsim_cmocka_shutdown);
}
