/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The I2C bus between controllers and parts, and the quantities that parts
 * sense and show.
 */
#include "support.h"

#include <string.h>

#include "fwsim_periph.h"
#include "machine/machine.h"

/** A part with one byte of memory. */
typedef struct part_state {
    uint8_t value;
    uint8_t starts, reads, stops, inputs;
} part_state;

static bool start(fwsim_periph *p, bool read)
{
    part_state *s = fwsim_state(p);

    s->starts++;
    s->reads += read;
    return s->value != 0xee; /* busy */
}

static bool write_byte(fwsim_periph *p, uint8_t byte)
{
    part_state *s = fwsim_state(p);

    s->value = byte;
    return byte != 0x99; /* refused */
}

static uint8_t read_byte(fwsim_periph *p)
{
    return ((part_state *)fwsim_state(p))->value;
}

static void stop(fwsim_periph *p)
{
    ((part_state *)fwsim_state(p))->stops++;
}

static const fwsim_i2c_ops ops = { start, write_byte, read_byte, stop };

static const fwsim_quantity inputs[] = {
    { "temperature", "m°C", 21000, -40000, 85000 },
    { "pressure", "Pa", 101325, 0, 200000 },
    { .name = NULL }
};

static const fwsim_quantity outputs[] = {
    { "heater", "%", 0, 0, 0 },
    { .name = NULL }
};

static void on_input(fwsim_periph *p, unsigned index)
{
    ((part_state *)fwsim_state(p))->inputs |= (uint8_t)(1u << index);
}

static int32_t output(fwsim_periph *p, unsigned index)
{
    (void)index;
    return fwsim_input(p, 0) < 20000 ? 100 : 0;
}

static const fwsim_periph_type sensor = {
    .name = "sensor",
    .state_size = sizeof(part_state),
    .inputs = inputs,
    .outputs = outputs,
    .on_input = on_input,
    .output = output,
    .i2c = &ops,
};

static const fwsim_i2c_ops no_ops = { 0 };
static const fwsim_periph_type mute = { .name = "mute", .i2c = &no_ops };
static const fwsim_periph_type controller = { .name = "ctrl", .size = 0x100 };

/* clang-format off */
static const fwsim_soc soc = {
    .name = "test_soc",
    .clock_hz = 1000000,
    .periph = (const fwsim_slot[]) {
        { "i2c0", &controller, .base = 0x40000000 },
        { "i2c1", &controller, .base = 0x40000100 },
        { 0 }
    },
};

static const fwsim_board board = {
    .name = "test_board",
    .soc = &soc,
    .parts = (const fwsim_slot[]) {
        { "inside",  &sensor, .bus = "i2c0", .bus_addr = 0x1d },
        { "outside", &sensor, .bus = "i2c0", .bus_addr = 0x1e },
        { "far",     &sensor, .bus = "i2c1", .bus_addr = 0x1d },
        { "mute",    &mute,   .bus = "i2c1", .bus_addr = 0x20 },
        { 0 }
    },
};
/* clang-format on */

static int setup(void **state)
{
    return bench_setup(state, &board);
}

static fwsim_periph *periph(void **state, const char *name)
{
    return fwsim__periph_find(((bench *)*state)->m, name);
}

static part_state *part(void **state, const char *name)
{
    return fwsim_state(periph(state, name));
}

static void a_transfer_reaches_the_part_at_the_address(void **state)
{
    fwsim_periph *bus = periph(state, "i2c0");

    assert_true(fwsim_i2c_start(bus, 0x1e, false));
    assert_true(fwsim_i2c_write(bus, 0x42));
    assert_true(fwsim_i2c_start(bus, 0x1e, true));
    assert_int_equal(fwsim_i2c_read(bus), 0x42);
    fwsim_i2c_stop(bus);
    assert_int_equal(part(state, "outside")->starts, 2);
    assert_int_equal(part(state, "outside")->reads, 1);
    assert_int_equal(part(state, "outside")->stops, 1);
    assert_int_equal(part(state, "inside")->starts, 0);
}

static void two_buses_are_separate(void **state)
{
    fwsim_periph *near = periph(state, "i2c0"), *far = periph(state, "i2c1");

    assert_true(fwsim_i2c_start(near, 0x1d, false));
    assert_true(fwsim_i2c_start(far, 0x1d, false));
    assert_true(fwsim_i2c_write(near, 1));
    assert_true(fwsim_i2c_write(far, 2));
    assert_int_equal(part(state, "inside")->value, 1);
    assert_int_equal(part(state, "far")->value, 2);
}

static void an_address_of_nobody_is_not_acknowledged(void **state)
{
    fwsim_periph *bus = periph(state, "i2c0");

    assert_true(fwsim_i2c_start(bus, 0x1d, false));
    assert_false(fwsim_i2c_start(bus, 0x55, false));
    assert_false(fwsim_i2c_write(bus, 7));
    assert_int_equal(fwsim_i2c_read(bus), 0xff);
    fwsim_i2c_stop(bus);
    assert_int_equal(part(state, "inside")->value, 0);
    assert_int_equal(part(state, "inside")->stops, 0);
}

static void a_part_may_refuse(void **state)
{
    fwsim_periph *bus = periph(state, "i2c0");

    assert_true(fwsim_i2c_start(bus, 0x1d, false));
    assert_false(fwsim_i2c_write(bus, 0x99));
    assert_true(fwsim_i2c_write(bus, 0xee));
    assert_false(fwsim_i2c_start(bus, 0x1d, false));
    assert_false(fwsim_i2c_write(bus, 1));
    assert_int_equal(part(state, "inside")->value, 0xee);
}

static void nothing_is_addressed_after_stop_and_after_reset(void **state)
{
    fwsim_periph *bus = periph(state, "i2c0");

    assert_true(fwsim_i2c_start(bus, 0x1d, false));
    fwsim_i2c_stop(bus);
    assert_false(fwsim_i2c_write(bus, 1));
    assert_true(fwsim_i2c_start(bus, 0x1d, false));
    assert_int_equal(fwsim_reset(bus->m, FWSIM_RESET_SYSTEM), 0);
    assert_false(fwsim_i2c_write(bus, 1));
}

static void a_part_without_functions_acknowledges_its_address_only(
    void **state)
{
    fwsim_periph *bus = periph(state, "i2c1");

    assert_true(fwsim_i2c_start(bus, 0x20, true));
    assert_int_equal(fwsim_i2c_read(bus), 0xff);
    assert_false(fwsim_i2c_write(bus, 1));
    fwsim_i2c_stop(bus);
}

/* ------------------------------------------------------------------ */
/* Quantities                                                           */
/* ------------------------------------------------------------------ */

static void inputs_have_initial_values_and_can_be_set(void **state)
{
    fwsim_machine *m = ((bench *)*state)->m;
    fwsim_periph *p = periph(state, "far");

    assert_int_equal(fwsim_input(p, 0), 21000);
    assert_int_equal(fwsim_input(p, 1), 101325);
    OK(fwsim_input_set(m, "far", "temperature", -40000));
    assert_int_equal(fwsim_input(p, 0), -40000);
    assert_int_equal(fwsim_input(periph(state, "inside"), 0), 21000);
    assert_int_equal(part(state, "far")->inputs, 1);
}

static void inputs_outlast_a_reset(void **state)
{
    fwsim_machine *m = ((bench *)*state)->m;

    OK(fwsim_input_set(m, "far", "pressure", 5));
    OK(fwsim_reset(m, FWSIM_RESET_POWER_ON));
    assert_int_equal(fwsim_input(periph(state, "far"), 1), 5);
}

static void outputs_are_computed_when_asked_for(void **state)
{
    fwsim_machine *m = ((bench *)*state)->m;
    int32_t value = -1;

    OK(fwsim_output_get(m, "far", "heater", &value));
    assert_int_equal(value, 0);
    OK(fwsim_input_set(m, "far", "temperature", 0));
    OK(fwsim_output_get(m, "far", "heater", &value));
    assert_int_equal(value, 100);
}

static void unknown_quantities_and_values_out_of_range_are_refused(void **state)
{
    fwsim_machine *m = ((bench *)*state)->m;
    int32_t value;

    assert_int_equal(fwsim_input_set(m, "far", "temperature", 85001),
                     FWSIM_ERANGE);
    assert_errmsg(m, "-40000..85000 m°C");
    assert_int_equal(fwsim_input_set(m, "far", "colour", 1), FWSIM_ENOENT);
    assert_errmsg(m, "sensor");
    assert_int_equal(fwsim_input_set(m, "near", "temperature", 1),
                     FWSIM_ENOENT);
    assert_int_equal(fwsim_output_get(m, "i2c0", "heater", &value),
                     FWSIM_ENOENT);
    assert_int_equal(fwsim_input(periph(state, "far"), 0), 21000);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, bench_teardown)
    const struct CMUnitTest tests[] = {
        TEST(a_transfer_reaches_the_part_at_the_address),
        TEST(two_buses_are_separate),
        TEST(an_address_of_nobody_is_not_acknowledged),
        TEST(a_part_may_refuse),
        TEST(nothing_is_addressed_after_stop_and_after_reset),
        TEST(a_part_without_functions_acknowledges_its_address_only),
        TEST(inputs_have_initial_values_and_can_be_set),
        TEST(inputs_outlast_a_reset),
        TEST(outputs_are_computed_when_asked_for),
        TEST(unknown_quantities_and_values_out_of_range_are_refused),
    };
#undef TEST
    return cmocka_run_group_tests(tests, NULL, NULL);
}
