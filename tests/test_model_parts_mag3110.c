/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Freescale MAG3110 data sheet. */
#include "i2c_probe.h"
#include "peripherals.h"

enum {
    DR_STATUS = 0x00, OUT_X_MSB = 0x01, WHO_AM_I = 0x07, SYSMOD = 0x08,
    OFF_X_MSB = 0x09, DIE_TEMP = 0x0f, CTRL_REG1 = 0x10, CTRL_REG2 = 0x11
};
enum { AC = 0x01, TM = 0x02, FR = 0x04, HZ_80 = 0, HZ_10 = 3 << 5, RAW = 0x20 };
enum { PART = 0x0e };

static const fwsim_board board = {
    .name = "bench",
    .soc = &(const fwsim_soc){
        .name = "bench",
        .clock_hz = 16000000,
        .pins = 2,
        .periph = (const fwsim_slot[]){
            { "i2c", &i2c_probe, .base = I2C_PROBE },
            { 0 }
        },
    },
    .parts = (const fwsim_slot[]){
        { "magnetometer", &part_mag3110, .bus = "i2c", .bus_addr = PART,
          .pin = { 1, 1, 0 }, .param = (const uint32_t[]){ 0 } },
        { 0 }
    },
};

static int power_up(void **state)
{
    fwsim_machine *m = new_machine(&board, NULL);

    OK(fwsim_input_set(m, "magnetometer", "x", 12300));  /* nT */
    OK(fwsim_input_set(m, "magnetometer", "y", -45600));
    OK(fwsim_input_set(m, "magnetometer", "z", 1000000));
    *state = m;
    return 0;
}

static void read_axes(fwsim_machine *m, int *xyz)
{
    uint8_t b[6];

    i2c_read(m, PART, OUT_X_MSB, b, sizeof b);
    for (unsigned i = 0; i < 3; i++)
        xyz[i] = (int16_t)(b[2 * i] << 8 | b[2 * i + 1]);
}

static void who_am_i_is_c4(void **state)
{
    fwsim_machine *m = *state;

    assert_int_equal(i2c_read8(m, PART, WHO_AM_I), 0xc4);
}

static void a_step_is_a_tenth_of_a_microtesla(void **state)
{
    fwsim_machine *m = *state;
    int xyz[3];

    i2c_write(m, PART, CTRL_REG1, HZ_80 | AC);
    assert_int_equal(i2c_read8(m, PART, SYSMOD), 2);
    run_ns(m, FWSIM_MS(13));
    read_axes(m, xyz);
    assert_int_equal(xyz[0], 123);
    assert_int_equal(xyz[1], -456);
    assert_int_equal(xyz[2], 10000);
}

static void the_user_offset_is_taken_off_unless_raw(void **state)
{
    fwsim_machine *m = *state;
    int xyz[3];

    i2c_write(m, PART, OFF_X_MSB, 0);
    i2c_write(m, PART, OFF_X_MSB + 1, 23 << 1);
    i2c_write(m, PART, CTRL_REG1, HZ_80 | AC);
    run_ns(m, FWSIM_MS(13));
    read_axes(m, xyz);
    assert_int_equal(xyz[0], 100);
    i2c_write(m, PART, CTRL_REG2, RAW);
    assert_int_equal(i2c_read8(m, PART, SYSMOD), 1);
    run_ns(m, FWSIM_MS(13));
    read_axes(m, xyz);
    assert_int_equal(xyz[0], 123);
}

static void the_line_is_high_while_data_wait(void **state)
{
    fwsim_machine *m = *state;
    int xyz[3];

    i2c_write(m, PART, CTRL_REG1, HZ_10 | AC);
    run_ns(m, FWSIM_MS(99));
    assert_int_equal(fwsim_pin_get(m, "pin0"), 0);
    run_ns(m, FWSIM_MS(2));
    assert_int_equal(fwsim_pin_get(m, "pin0"), 1);
    assert_int_equal(i2c_read8(m, PART, DR_STATUS), 0x0f);
    read_axes(m, xyz);
    assert_int_equal(fwsim_pin_get(m, "pin0"), 0);
    run_ns(m, FWSIM_MS(200));
    assert_int_equal(i2c_read8(m, PART, DR_STATUS), 0xff);
}

static void a_trigger_makes_one_measurement(void **state)
{
    fwsim_machine *m = *state;
    int xyz[3];

    i2c_write(m, PART, CTRL_REG1, HZ_80 | TM);
    run_ns(m, FWSIM_MS(13));
    assert_int_equal(i2c_read8(m, PART, CTRL_REG1), HZ_80);
    read_axes(m, xyz);
    assert_int_equal(xyz[0], 123);
    run_ns(m, FWSIM_MS(100));
    assert_int_equal(i2c_read8(m, PART, DR_STATUS), 0);
}

static void fast_read_gives_the_high_bytes_only(void **state)
{
    fwsim_machine *m = *state;
    uint8_t b[3];

    i2c_write(m, PART, CTRL_REG1, HZ_80 | FR | AC);
    run_ns(m, FWSIM_MS(13));
    i2c_read(m, PART, OUT_X_MSB, b, sizeof b);
    assert_int_equal(b[0], 123 >> 8);
    assert_int_equal(b[1], 0xfe); /* -456 is 0xfe38 */
    assert_int_equal(b[2], 10000 >> 8);
}

static void the_die_has_a_temperature_in_degrees(void **state)
{
    fwsim_machine *m = *state;

    OK(fwsim_input_set(m, "magnetometer", "temperature", -7000));
    i2c_write(m, PART, CTRL_REG1, HZ_80 | AC);
    run_ns(m, FWSIM_MS(13));
    assert_int_equal((int8_t)i2c_read8(m, PART, DIE_TEMP), -7);
}

#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, power_up, free_machine)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(who_am_i_is_c4),
        TEST(a_step_is_a_tenth_of_a_microtesla),
        TEST(the_user_offset_is_taken_off_unless_raw),
        TEST(the_line_is_high_while_data_wait),
        TEST(a_trigger_makes_one_measurement),
        TEST(fast_read_gives_the_high_bytes_only),
        TEST(the_die_has_a_temperature_in_degrees),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
