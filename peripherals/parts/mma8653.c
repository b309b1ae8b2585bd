/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * MMA8653FC, 3-axis 10-bit accelerometer on I2C.
 *
 * Source: Freescale MMA8653FC data sheet.
 * Modelled: sampling at the output data rate, ranges, fast read, user offset,
 * data-ready interrupt on INT1 or INT2, software reset.
 */
#include <string.h>

#include "xyz_sensor.h"

enum {
    SYSMOD = 0x0b, INT_SOURCE = 0x0c, WHO_AM_I = 0x0d, XYZ_DATA_CFG = 0x0e,
    PL_CFG = 0x11, PL_COUNT = 0x12, FF_MT_CFG = 0x15, FF_MT_THS = 0x17,
    FF_MT_COUNT = 0x18, ASLP_COUNT = 0x29, CTRL_REG1 = 0x2a, CTRL_REG2 = 0x2b,
    CTRL_REG3 = 0x2c, CTRL_REG4 = 0x2d, CTRL_REG5 = 0x2e, OFF_X = 0x2f,
    REGISTERS = 0x32
};
enum {
    ACTIVE = 0x01, F_READ = 0x02, RST = 0x40, SELF_TEST = 0x80, SLPE = 0x04,
    PP_OD = 0x01, IPOL = 0x02, DRDY = 0x01
};
enum { PIN_SCL, PIN_SDA, PIN_INT1, PIN_INT2 };
enum { EVENT_SAMPLE };

/** What software may write; the data sheet's register map. */
static const uint8_t writable[REGISTERS] = {
    [XYZ_DATA_CFG] = 0x03, [PL_CFG] = 0xc0,      [PL_COUNT] = 0xff,
    [FF_MT_CFG] = 0xf8,    [FF_MT_THS] = 0xff,   [FF_MT_COUNT] = 0xff,
    [ASLP_COUNT] = 0xff,   [CTRL_REG1] = 0xfb,   [CTRL_REG2] = 0x9f,
    [CTRL_REG3] = 0x2b,    [CTRL_REG4] = 0x95,   [CTRL_REG5] = 0x95,
    [OFF_X] = 0xff,        [OFF_X + 1] = 0xff,   [OFF_X + 2] = 0xff,
};

static void drive_interrupt(fwsim_periph *p, unsigned pin, bool active)
{
    const xyz_sensor *s = fwsim_state(p);
    bool high = active == !!(s->reg[CTRL_REG3] & IPOL);
    bool open_drain = s->reg[CTRL_REG3] & PP_OD;

    fwsim_part_drive(p, pin, open_drain && !active ? FWSIM_PIN_FLOAT
                             : high                ? FWSIM_PIN_HIGH
                                                   : FWSIM_PIN_LOW);
}

static void update_interrupts(fwsim_periph *p)
{
    xyz_sensor *s = fwsim_state(p);
    bool ready = s->reg[XYZ_STATUS] & (XYZ_ZYXDR | XYZ_ZYXOW);
    bool drdy = ready && s->reg[CTRL_REG4] & DRDY;
    bool on_int1 = s->reg[CTRL_REG5] & DRDY;

    s->reg[INT_SOURCE] = drdy ? DRDY : 0;
    drive_interrupt(p, PIN_INT1, drdy && on_int1);
    drive_interrupt(p, PIN_INT2, drdy && !on_int1);
}

static uint64_t period_ns(const xyz_sensor *s)
{
    /* CTRL_REG1 DR: 800, 400, 200, 100, 50, 12.5, 6.25, 1.56 Hz */
    static const uint32_t us[] = { 1250,  2500,  5000,   10000,
                                   20000, 80000, 160000, 640000 };

    return FWSIM_US(us[s->reg[CTRL_REG1] >> 3 & 7]);
}

/** The 10-bit result, left-justified in 16 bits. */
static uint16_t result(fwsim_periph *p, unsigned axis)
{
    const xyz_sensor *s = fwsim_state(p);
    /* 256 counts/g in the 2 g range; an offset step is half a count there. */
    int32_t half_counts = xyz_input(p, axis) * 512 / 1000 +
                          (int8_t)s->reg[OFF_X + axis];
    int32_t divisor = 2 << (s->reg[XYZ_DATA_CFG] & 3);
    int32_t counts = half_counts / divisor;

    counts = counts < -512 ? -512 : counts > 511 ? 511 : counts;
    return (uint16_t)((uint32_t)counts << 6);
}

static void sample(fwsim_periph *p)
{
    xyz_sensor *s = fwsim_state(p);

    for (unsigned axis = 0; axis < XYZ_AXES; axis++)
        xyz_store(s, axis, result(p, axis));
    xyz_ready(s);
    update_interrupts(p);
}

static void mma8653_event(fwsim_periph *p, unsigned id)
{
    xyz_sensor *s = fwsim_state(p);

    (void)id;
    fwsim_event_set(p, EVENT_SAMPLE, fwsim_ticks_from_ns(p, period_ns(s)));
    /* MSB and LSB read in one transfer belong to one sample. */
    if (s->transfer)
        s->due = 1;
    else
        sample(p);
}

static void set_defaults(fwsim_periph *p)
{
    xyz_sensor *s = fwsim_state(p);

    memset(s->reg, 0, sizeof s->reg);
    s->reg[WHO_AM_I] = 0x5a;
    s->reg[PL_CFG] = 0x80;
    s->reg[0x13] = 0x44; /* PL_BF_ZCOMP */
    s->reg[0x14] = 0x84; /* PL_THS_REG */
    fwsim_event_cancel(p, EVENT_SAMPLE);
    update_interrupts(p);
}

static void set_active(fwsim_periph *p, bool active)
{
    xyz_sensor *s = fwsim_state(p);

    s->reg[SYSMOD] = active;
    fwsim_event_cancel(p, EVENT_SAMPLE);
    /* Electrical characteristics, turn-on time: the first sample comes 2/ODR + 1 ms after STANDBY. */
    if (active)
        fwsim_event_set(p, EVENT_SAMPLE,
                        fwsim_ticks_from_ns(p, 2 * period_ns(s) + FWSIM_MS(1)));
}

static void report_gaps(fwsim_periph *p)
{
    const xyz_sensor *s = fwsim_state(p);

    if (s->reg[PL_CFG] & 0x40)
        fwsim_unimpl(p, "orientation detection");
    if (s->reg[FF_MT_CFG] & 0x78)
        fwsim_unimpl(p, "freefall and motion detection");
    if (s->reg[CTRL_REG2] & SELF_TEST)
        fwsim_unimpl(p, "self-test");
    if (s->reg[CTRL_REG2] & SLPE)
        fwsim_unimpl(p, "auto-sleep");
}

static void write_register(fwsim_periph *p, uint8_t at, uint8_t value)
{
    xyz_sensor *s = fwsim_state(p);
    bool was_active = s->reg[CTRL_REG1] & ACTIVE, active;

    if (at >= REGISTERS || !writable[at]) {
        fwsim_guest_error(p, "write to register 0x%02x", at);
        return;
    }
    if (at == CTRL_REG2 && value & RST) {
        set_defaults(p);
        return;
    }
    /* Register map, notes: other registers are set in STANDBY only. */
    if (was_active && at != CTRL_REG1 && at != CTRL_REG2) {
        fwsim_guest_error(p, "register 0x%02x written in ACTIVE mode", at);
        return;
    }
    s->reg[at] = value & writable[at];
    active = s->reg[CTRL_REG1] & ACTIVE;
    if (active != was_active)
        set_active(p, active);
    report_gaps(p);
    update_interrupts(p);
}

static uint8_t after(const xyz_sensor *s, uint8_t at)
{
    bool fast = s->reg[CTRL_REG1] & F_READ;

    /* Register map: data and STATUS form a ring; fast reads leave out LSBs. */
    if (at >= XYZ_OUT_X_MSB && at <= XYZ_OUT_Z_LSB) {
        at = (uint8_t)(at + (fast ? 2 : 1));
        return at > XYZ_OUT_Z_LSB ? XYZ_STATUS : at;
    }
    return (uint8_t)(at + 1);
}

static bool mma8653_write(fwsim_periph *p, uint8_t byte)
{
    return xyz_write(p, byte, write_register);
}

static uint8_t mma8653_read(fwsim_periph *p)
{
    xyz_sensor *s = fwsim_state(p);
    uint8_t value = xyz_read(s);

    s->pointer = after(s, s->pointer);
    update_interrupts(p);
    return value;
}

static void mma8653_stop(fwsim_periph *p)
{
    xyz_sensor *s = fwsim_state(p);

    s->transfer = 0;
    s->pointer = 0; /* register map, notes: a STOP clears the address */
    if (s->due)
        sample(p);
}

static void mma8653_reset(fwsim_periph *p, fwsim_reset_kind kind)
{
    xyz_sensor *s = fwsim_state(p);

    /* The chip has a supply of its own and hears of no other reset. */
    if (kind == FWSIM_RESET_POWER_ON)
        set_defaults(p);
    else if (s->reg[CTRL_REG1] & ACTIVE)
        set_active(p, true);
    s->transfer = 0;
}

/* clang-format off */
static const char *const mma8653_pins[] = {
    "scl", "sda", "int1", "int2",
    NULL
};
static const char *const mma8653_params[] = { "underside", NULL };

static const fwsim_quantity mma8653_inputs[] = {
    { "x", "mg", 0, -16000, 16000 },
    { "y", "mg", 0, -16000, 16000 },
    { "z", "mg", 1000, -16000, 16000 },
    { 0 }
};

static const fwsim_i2c_ops mma8653_i2c = {
    .start = xyz_start,
    .write = mma8653_write,
    .read = mma8653_read,
    .stop = mma8653_stop,
};

static const char *const mma8653_gaps[] = {
    "orientation, freefall and motion detection, auto-sleep, self-test",
    "noise; the oversampling modes (CTRL_REG2.MODS) change nothing",
    NULL
};
/* clang-format on */

const fwsim_periph_type part_mma8653 = {
    .name = "part_mma8653",
    .summary = "MMA8653FC accelerometer; inputs in the axes of the board",
    .source = "Freescale MMA8653FC data sheet",
    .gaps = mma8653_gaps,
    .state_size = sizeof(xyz_sensor),
    .pins = mma8653_pins,
    .params = mma8653_params,
    .inputs = mma8653_inputs,
    .on_reset = mma8653_reset,
    .on_event = mma8653_event,
    .i2c = &mma8653_i2c,
};
