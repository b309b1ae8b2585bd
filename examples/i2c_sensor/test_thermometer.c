/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tests of the thermostat with a sensor that is written here, and with scripts
 * of the transfers it should make.
 */
#include <fwsim_cmocka.h>

#define OK(call) assert_fwsim_ok(m, call)

enum { LM75 = 0x48 };

/* ------------------------------------------------------------------ */
/* The sensor                                                           */
/* ------------------------------------------------------------------ */

typedef struct lm75 {
    int half; /* degrees Celsius, times two */
    uint8_t config;
    bool broken;
    bool has_pointer;
    uint8_t pointer, next;
} lm75;

static bool lm75_start(fwsim_machine *m, bool read, void *user)
{
    lm75 *s = user;

    (void)m;
    s->has_pointer = read;
    s->next = 0;
    return !s->broken;
}

static bool lm75_write(fwsim_machine *m, uint8_t byte, void *user)
{
    lm75 *s = user;

    (void)m;
    if (!s->has_pointer)
        s->pointer = byte;
    else if (s->pointer == 1)
        s->config = byte;
    s->has_pointer = true;
    return true;
}

static uint8_t lm75_read(fwsim_machine *m, void *user)
{
    lm75 *s = user;

    (void)m;
    return (uint8_t)((unsigned)s->half << 7 >> (s->next++ ? 0 : 8));
}

static const fwsim_i2c_device device = { .start = lm75_start,
                                         .write = lm75_write,
                                         .read = lm75_read };

static lm75 sensor;

/* ------------------------------------------------------------------ */
/* Fixtures                                                             */
/* ------------------------------------------------------------------ */

static int power_up(void **state)
{
    fwsim_machine *m = NULL;

    if (fwsim_new(&m, fwsim_board_find("bbc_microbit"), NULL))
        return -1;
    *state = m;
    return fwsim_load(m, THERMOMETER_ELF, NULL);
}

static int power_down(void **state)
{
    fwsim_free(*state);
    return 0;
}

static void attach(fwsim_machine *m, int half)
{
    sensor = (lm75){ .half = half };
    OK(fwsim_i2c_attach(m, "twi0", LM75, &device, &sensor));
}

/* ------------------------------------------------------------------ */
/* Tests                                                                */
/* ------------------------------------------------------------------ */

static void the_temperature_is_printed_ten_times_a_second(void **state)
{
    fwsim_machine *m = *state;

    attach(m, 43);
    OK(fwsim_uart_expect_line(m, NULL, "21.5 C", FWSIM_MS(20)));
    assert_int_equal(sensor.config, 0x18);
    sensor.half = -1;
    OK(fwsim_uart_expect_line(m, NULL, "-0.5 C", FWSIM_MS(110)));
    OK(fwsim_exception_expect(m, FWSIM_IRQ(8), 10, 10, FWSIM_S(1)));
}

static void the_fan_has_a_hysteresis(void **state)
{
    fwsim_machine *m = *state;

    attach(m, 60);
    OK(fwsim_uart_expect_line(m, NULL, "30.0 C", FWSIM_MS(20)));
    OK(fwsim_pin_expect_held(m, "pad0", false, FWSIM_MS(300)));
    sensor.half = 61;
    OK(fwsim_pin_expect(m, "pad0", true, FWSIM_MS(110)));
    sensor.half = 56;
    OK(fwsim_pin_expect_held(m, "pad0", true, FWSIM_MS(300)));
    sensor.half = 55;
    OK(fwsim_pin_expect(m, "pad0", false, FWSIM_MS(110)));
}

static void without_a_sensor_the_fan_runs(void **state)
{
    fwsim_machine *m = *state;

    OK(fwsim_uart_expect_line(m, NULL, "the sensor does not answer",
                              FWSIM_MS(20)));
    OK(fwsim_pin_expect(m, "pad0", true, FWSIM_MS(1)));
    /* It says so once. */
    OK(fwsim_uart_expect_silence(m, NULL, FWSIM_S(1)));
}

static void a_sensor_that_comes_back_is_set_up_again(void **state)
{
    fwsim_machine *m = *state;

    attach(m, 40);
    OK(fwsim_uart_expect_line(m, NULL, "20.0 C", FWSIM_MS(20)));
    sensor = (lm75){ .half = 42, .broken = true };
    OK(fwsim_uart_expect_line(m, NULL, "the sensor does not answer",
                              FWSIM_MS(110)));
    sensor.broken = false;
    OK(fwsim_uart_expect_line(m, NULL, "21.0 C", FWSIM_MS(110)));
    assert_int_equal(sensor.config, 0x18);
    OK(fwsim_pin_expect(m, "pad0", false, FWSIM_MS(1)));
}

static void the_transfers_are_those_of_the_data_sheet(void **state)
{
    fwsim_machine *m = *state;

    OK(fwsim_i2c_expect_write(m, "twi0", LM75, "\x01\x18", 2));
    for (int i = 0; i < 3; i++) {
        OK(fwsim_i2c_expect_write(m, "twi0", LM75, "\x00", 1));
        OK(fwsim_i2c_expect_read(m, "twi0", LM75, "\x19\x80", 2));
    }
    OK(fwsim_i2c_expect_done(m, "twi0", LM75, FWSIM_MS(300)));
    OK(fwsim_uart_expect_line(m, NULL, "25.5 C", FWSIM_MS(20)));
}

int main(int argc, char **argv)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, power_up, power_down)
    const struct CMUnitTest tests[] = {
        TEST(the_temperature_is_printed_ten_times_a_second),
        TEST(the_fan_has_a_hysteresis),
        TEST(without_a_sensor_the_fan_runs),
        TEST(a_sensor_that_comes_back_is_set_up_again),
        TEST(the_transfers_are_those_of_the_data_sheet),
    };

    return fwsim_run_tests(argc, argv, tests, NULL, NULL);
}
