/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * MAG3110, 3-axis magnetometer on I2C.
 *
 * Source: Freescale MAG3110 data sheet.
 * Modelled: sampling at the output data rate or triggered, fast read, user
 * offset, data-ready line INT1, die temperature.
 */
#include "xyz_sensor.h"

enum {
    WHO_AM_I = 0x07, SYSMOD = 0x08, OFF_X_MSB = 0x09, DIE_TEMP = 0x0f,
    CTRL_REG1 = 0x10, CTRL_REG2 = 0x11, REGISTERS = 0x12
};
enum { AC = 0x01, TM = 0x02, FR = 0x04, RAW = 0x20 };
enum { STANDBY, ACTIVE_RAW, ACTIVE };
enum { INPUT_TEMPERATURE = XYZ_AXES };
enum { PIN_SCL, PIN_SDA, PIN_INT1 };
enum { EVENT_SAMPLE };

/** What software may write; the data sheet's register map. */
static const uint8_t writable[REGISTERS] = {
    [OFF_X_MSB] = 0xff,     [OFF_X_MSB + 1] = 0xfe, [OFF_X_MSB + 2] = 0xff,
    [OFF_X_MSB + 3] = 0xfe, [OFF_X_MSB + 4] = 0xff, [OFF_X_MSB + 5] = 0xfe,
    [CTRL_REG1] = 0xff,     [CTRL_REG2] = 0xb0,
};

static void update_interrupt(fwsim_periph *p)
{
    const xyz_sensor *s = fwsim_state(p);

    fwsim_part_drive(p, PIN_INT1,
                     s->reg[XYZ_STATUS] & XYZ_ZYXDR ? FWSIM_PIN_HIGH
                                               : FWSIM_PIN_LOW);
}

static uint64_t period_ns(const xyz_sensor *s)
{
    unsigned dr = s->reg[CTRL_REG1] >> 5, os = s->reg[CTRL_REG1] >> 3 & 3;

    /* CTRL_REG1, output data rates: 80 Hz, halved by each step of DR and of OS. */
    return FWSIM_US(12500) << (dr + os);
}

static int32_t offset(const xyz_sensor *s, unsigned axis)
{
    const uint8_t *reg = &s->reg[OFF_X_MSB + 2 * axis];

    /* OFF_X_MSB: 15 bits, left-justified. */
    return (int16_t)(reg[0] << 8 | reg[1]) / 2;
}

static void sample(fwsim_periph *p)
{
    xyz_sensor *s = fwsim_state(p);

    for (unsigned axis = 0; axis < XYZ_AXES; axis++) {
        int32_t value = xyz_input(p, axis) / 100; /* steps of 0.1 uT */

        if (!(s->reg[CTRL_REG2] & RAW))
            value -= offset(s, axis);
        xyz_store(s, axis, (uint16_t)value);
    }
    s->reg[DIE_TEMP] =
        (uint8_t)(int8_t)(fwsim_input(p, INPUT_TEMPERATURE) / 1000);
    xyz_ready(s);
    update_interrupt(p);
}

static void set_mode(fwsim_periph *p)
{
    xyz_sensor *s = fwsim_state(p);
    uint8_t active = s->reg[CTRL_REG2] & RAW ? ACTIVE_RAW : ACTIVE;

    s->reg[SYSMOD] = s->reg[CTRL_REG1] & AC ? active : STANDBY;
    if (s->reg[CTRL_REG1] & (AC | TM))
        fwsim_event_set(p, EVENT_SAMPLE, fwsim_ticks_from_ns(p, period_ns(s)));
    else
        fwsim_event_cancel(p, EVENT_SAMPLE);
}

static void mag3110_event(fwsim_periph *p, unsigned id)
{
    xyz_sensor *s = fwsim_state(p);

    (void)id;
    s->reg[CTRL_REG1] &= (uint8_t)~TM; /* one measurement, then clear */
    set_mode(p);
    /* MSB and LSB read in one transfer belong to one sample. */
    if (s->transfer)
        s->due = 1;
    else
        sample(p);
}

static void write_register(fwsim_periph *p, uint8_t at, uint8_t value)
{
    xyz_sensor *s = fwsim_state(p);

    if (at >= REGISTERS || !writable[at]) {
        fwsim_guest_error(p, "write to register 0x%02x", at);
        return;
    }
    s->reg[at] = value & writable[at];
    /* CTRL_REG2: reads of AUTO_MRST_EN give 0, MAG_RST clears itself. */
    s->reg[CTRL_REG2] &= RAW;
    if (at == CTRL_REG1 || at == CTRL_REG2)
        set_mode(p);
}

static uint8_t after(const xyz_sensor *s, uint8_t at)
{
    /* CTRL_REG1.FR: fast reads leave out the LSBs. */
    if (s->reg[CTRL_REG1] & FR && at >= XYZ_OUT_X_MSB && at < XYZ_OUT_Z_LSB)
        return (uint8_t)(at + 2);
    return (uint8_t)(at + 1);
}

static bool mag3110_write(fwsim_periph *p, uint8_t byte)
{
    return xyz_write(p, byte, write_register);
}

static uint8_t mag3110_read(fwsim_periph *p)
{
    xyz_sensor *s = fwsim_state(p);
    uint8_t value = xyz_read(s);

    s->pointer = after(s, s->pointer);
    update_interrupt(p);
    return value;
}

static void mag3110_stop(fwsim_periph *p)
{
    xyz_sensor *s = fwsim_state(p);

    s->transfer = 0;
    if (s->due)
        sample(p);
}

static void mag3110_reset(fwsim_periph *p, fwsim_reset_kind kind)
{
    xyz_sensor *s = fwsim_state(p);

    /* The chip has a supply of its own and hears of no other reset. */
    if (kind == FWSIM_RESET_POWER_ON)
        s->reg[WHO_AM_I] = 0xc4;
    set_mode(p);
    update_interrupt(p);
    s->transfer = 0;
}

/* clang-format off */
static const char *const mag3110_pins[] = { "scl", "sda", "int1", NULL };
static const char *const mag3110_params[] = { "underside", NULL };

/* The field of the earth in central Europe, y to the north, z upwards. */
static const fwsim_quantity mag3110_inputs[] = {
    { "x", "nT", 0, -1000000, 1000000 },
    { "y", "nT", 20000, -1000000, 1000000 },
    { "z", "nT", -45000, -1000000, 1000000 },
    { "temperature", "m°C", 25000, -40000, 125000 },
    { 0 }
};

static const fwsim_i2c_ops mag3110_i2c = {
    .start = xyz_start,
    .write = mag3110_write,
    .read = mag3110_read,
    .stop = mag3110_stop,
};

static const char *const mag3110_gaps[] = {
    "noise and sensor saturation, so that magnetic resets have no effect",
    "the start-up time from STANDBY",
    NULL
};
/* clang-format on */

const fwsim_periph_type part_mag3110 = {
    .name = "part_mag3110",
    .summary = "MAG3110 magnetometer; inputs in the axes of the board",
    .source = "Freescale MAG3110 data sheet",
    .gaps = mag3110_gaps,
    .state_size = sizeof(xyz_sensor),
    .pins = mag3110_pins,
    .params = mag3110_params,
    .inputs = mag3110_inputs,
    .on_reset = mag3110_reset,
    .on_event = mag3110_event,
    .i2c = &mag3110_i2c,
};
