/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Freescale MMA8653FC data sheet. */
#include "i2c_probe.h"
#include "peripherals.h"

enum {
    STATUS = 0x00, OUT_X_MSB = 0x01, OUT_Y_MSB = 0x03, OUT_Z_MSB = 0x05,
    SYSMOD = 0x0b, INT_SOURCE = 0x0c, WHO_AM_I = 0x0d, XYZ_DATA_CFG = 0x0e,
    CTRL_REG1 = 0x2a, CTRL_REG2 = 0x2b, CTRL_REG3 = 0x2c, CTRL_REG4 = 0x2d,
    CTRL_REG5 = 0x2e, OFF_X = 0x2f
};
enum { ACTIVE = 0x01, F_READ = 0x02, HZ_50 = 4 << 3, HZ_800 = 0 << 3 };
enum { PART = 0x1d, OTHER = 0x1c };

static const fwsim_board board = {
    .name = "bench",
    .soc = &(const fwsim_soc){
        .name = "bench",
        .clock_hz = 16000000,
        .pins = 5,
        .periph = (const fwsim_slot[]){
            { "i2c", &i2c_probe, .base = I2C_PROBE },
            { 0 }
        },
    },
    .parts = (const fwsim_slot[]){
        { "accelerometer", &part_mma8653, .bus = "i2c", .bus_addr = PART,
          .pin = { 4, 4, 0, 1 }, .param = (const uint32_t[]){ 0 } },
        { "turned", &part_mma8653, .bus = "i2c", .bus_addr = OTHER,
          .pin = { 4, 4, 2, 3 }, .param = (const uint32_t[]){ 1 } },
        { 0 }
    },
};

static log_lines heard;

static int power_up(void **state)
{
    fwsim_options opt = log_options(&heard);

    heard.count = 0;
    *state = new_machine(&board, &opt);
    return 0;
}

/** The 10-bit results of the three axes. */
static void read_axes(fwsim_machine *m, uint8_t part, int *xyz)
{
    uint8_t b[6];

    i2c_read(m, part, OUT_X_MSB, b, sizeof b);
    for (unsigned i = 0; i < 3; i++)
        xyz[i] = (int16_t)(b[2 * i] << 8 | b[2 * i + 1]) / 64;
}

static void set_axes(fwsim_machine *m, const char *part, int x, int y, int z)
{
    OK(fwsim_input_set(m, part, "x", x));
    OK(fwsim_input_set(m, part, "y", y));
    OK(fwsim_input_set(m, part, "z", z));
}

static void who_am_i_is_5a(void **state)
{
    fwsim_machine *m = *state;

    assert_int_equal(i2c_read8(m, PART, WHO_AM_I), 0x5a);
}

static void nobody_answers_at_another_address(void **state)
{
    fwsim_machine *m = *state;

    bus_write(m, I2C_PROBE + I2C_PROBE_START, 0x1e << 1);
    assert_int_equal(bus_read(m, I2C_PROBE + I2C_PROBE_ACK), 0);
}

static void one_g_is_256_counts_in_the_2_g_range(void **state)
{
    fwsim_machine *m = *state;
    int xyz[3];

    set_axes(m, "accelerometer", 1000, -500, 250);
    i2c_write(m, PART, CTRL_REG1, HZ_50 | ACTIVE);
    run_ns(m, FWSIM_MS(50));
    read_axes(m, PART, xyz);
    assert_int_equal(xyz[0], 256);
    assert_int_equal(xyz[1], -128);
    assert_int_equal(xyz[2], 64);
}

static void wider_ranges_have_larger_steps(void **state)
{
    fwsim_machine *m = *state;
    int xyz[3];

    set_axes(m, "accelerometer", 3000, 5000, -9000);
    i2c_write(m, PART, XYZ_DATA_CFG, 1); /* 4 g: 128 counts/g */
    i2c_write(m, PART, CTRL_REG1, HZ_50 | ACTIVE);
    run_ns(m, FWSIM_MS(50));
    read_axes(m, PART, xyz);
    assert_int_equal(xyz[0], 384);
    assert_int_equal(xyz[1], 511);
    assert_int_equal(xyz[2], -512);
    i2c_write(m, PART, CTRL_REG1, 0);
    i2c_write(m, PART, XYZ_DATA_CFG, 2); /* 8 g: 64 counts/g */
    i2c_write(m, PART, CTRL_REG1, HZ_50 | ACTIVE);
    run_ns(m, FWSIM_MS(50));
    read_axes(m, PART, xyz);
    assert_int_equal(xyz[0], 192);
    assert_int_equal(xyz[1], 320);
    assert_int_equal(xyz[2], -512);
}

static void a_part_on_the_underside_is_turned_about_x(void **state)
{
    fwsim_machine *m = *state;
    int xyz[3];

    set_axes(m, "turned", 500, 250, 1000);
    i2c_write(m, OTHER, CTRL_REG1, HZ_50 | ACTIVE);
    run_ns(m, FWSIM_MS(50));
    read_axes(m, OTHER, xyz);
    assert_int_equal(xyz[0], 128);
    assert_int_equal(xyz[1], -64);
    assert_int_equal(xyz[2], -256);
}

static void fast_read_gives_the_high_bytes_only(void **state)
{
    fwsim_machine *m = *state;
    uint8_t b[4];

    set_axes(m, "accelerometer", 1000, -1000, 500);
    i2c_write(m, PART, CTRL_REG1, HZ_50 | F_READ | ACTIVE);
    run_ns(m, FWSIM_MS(50));
    i2c_read(m, PART, STATUS, b, sizeof b);
    assert_int_equal(b[1], 0x40);
    assert_int_equal(b[2], 0xc0);
    assert_int_equal(b[3], 0x20);
}

static void standby_takes_no_samples(void **state)
{
    fwsim_machine *m = *state;

    assert_int_equal(i2c_read8(m, PART, SYSMOD), 0);
    run_ns(m, FWSIM_S(1));
    assert_int_equal(i2c_read8(m, PART, STATUS), 0);
}

static void status_follows_samples_and_reads(void **state)
{
    fwsim_machine *m = *state;

    i2c_write(m, PART, CTRL_REG1, HZ_50 | ACTIVE);
    run_ns(m, FWSIM_MS(42)); /* 2 / ODR + 1 ms */
    assert_int_equal(i2c_read8(m, PART, STATUS), 0x0f);
    i2c_read8(m, PART, OUT_X_MSB);
    assert_int_equal(i2c_read8(m, PART, STATUS), 0x0e);
    run_ns(m, FWSIM_MS(20));
    assert_int_equal(i2c_read8(m, PART, STATUS), 0xef);
    i2c_read8(m, PART, OUT_X_MSB);
    i2c_read8(m, PART, OUT_Y_MSB);
    i2c_read8(m, PART, OUT_Z_MSB);
    assert_int_equal(i2c_read8(m, PART, STATUS), 0);
}

static void data_ready_pulls_the_chosen_line_low(void **state)
{
    fwsim_machine *m = *state;
    int xyz[3];

    assert_int_equal(fwsim_pin_get(m, "pin0"), 1);
    i2c_write(m, PART, CTRL_REG4, 0x01);
    i2c_write(m, PART, CTRL_REG5, 0x01); /* INT1 */
    i2c_write(m, PART, CTRL_REG1, HZ_50 | ACTIVE);
    run_ns(m, FWSIM_MS(42));
    assert_int_equal(fwsim_pin_get(m, "pin0"), 0);
    assert_int_equal(fwsim_pin_get(m, "pin1"), 1);
    assert_int_equal(i2c_read8(m, PART, INT_SOURCE), 0x01);
    read_axes(m, PART, xyz);
    assert_int_equal(fwsim_pin_get(m, "pin0"), 1);
    i2c_write(m, PART, CTRL_REG1, 0);
    i2c_write(m, PART, CTRL_REG5, 0x00); /* INT2 */
    i2c_write(m, PART, CTRL_REG3, 0x02); /* active high */
    assert_int_equal(fwsim_pin_get(m, "pin1"), 0);
    i2c_write(m, PART, CTRL_REG1, HZ_800 | ACTIVE);
    run_ns(m, FWSIM_MS(4));
    assert_int_equal(fwsim_pin_get(m, "pin0"), 0);
    assert_int_equal(fwsim_pin_get(m, "pin1"), 1);
}

static void an_offset_step_is_half_a_count_in_the_2_g_range(void **state)
{
    fwsim_machine *m = *state;
    int xyz[3];

    set_axes(m, "accelerometer", 0, 0, 0);
    i2c_write(m, PART, OFF_X, 64);
    i2c_write(m, PART, OFF_X + 2, (uint8_t)-64);
    i2c_write(m, PART, CTRL_REG1, HZ_50 | ACTIVE);
    run_ns(m, FWSIM_MS(50));
    read_axes(m, PART, xyz);
    assert_int_equal(xyz[0], 32);
    assert_int_equal(xyz[1], 0);
    assert_int_equal(xyz[2], -32);
}

static void registers_are_locked_while_it_is_active(void **state)
{
    fwsim_machine *m = *state;

    i2c_write(m, PART, CTRL_REG1, HZ_50 | ACTIVE);
    i2c_write(m, PART, XYZ_DATA_CFG, 2);
    assert_int_equal(i2c_read8(m, PART, XYZ_DATA_CFG), 0);
    assert_int_equal(log_count(&heard, FWSIM_TOPIC_GUEST_ERROR), 1);
}

static void a_reset_of_the_chip_leaves_the_part_alone(void **state)
{
    fwsim_machine *m = *state;

    i2c_write(m, PART, CTRL_REG1, HZ_50 | ACTIVE);
    OK(fwsim_reset(m, FWSIM_RESET_SYSTEM));
    run_ns(m, FWSIM_MS(50));
    assert_int_equal(i2c_read8(m, PART, STATUS) & 0x0f, 0x0f);
    OK(fwsim_reset(m, FWSIM_RESET_POWER_ON));
    assert_int_equal(i2c_read8(m, PART, CTRL_REG1), 0);
    i2c_write(m, PART, CTRL_REG1, HZ_50 | ACTIVE);
    i2c_write(m, PART, CTRL_REG2, 0x40); /* RST */
    assert_int_equal(i2c_read8(m, PART, CTRL_REG1), 0);
}

#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, power_up, free_machine)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(who_am_i_is_5a),
        TEST(nobody_answers_at_another_address),
        TEST(one_g_is_256_counts_in_the_2_g_range),
        TEST(wider_ranges_have_larger_steps),
        TEST(a_part_on_the_underside_is_turned_about_x),
        TEST(fast_read_gives_the_high_bytes_only),
        TEST(standby_takes_no_samples),
        TEST(status_follows_samples_and_reads),
        TEST(data_ready_pulls_the_chosen_line_low),
        TEST(an_offset_step_is_half_a_count_in_the_2_g_range),
        TEST(registers_are_locked_while_it_is_active),
        TEST(a_reset_of_the_chip_leaves_the_part_alone),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
