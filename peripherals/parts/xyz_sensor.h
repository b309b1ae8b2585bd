/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What Freescale's 3-axis sensors on I2C share: the register pointer, and a
 * sample in registers 0x01 to 0x06 with its flags in register 0x00.
 *
 * Source: Freescale MAG3110 and MMA8653FC data sheets.
 */
#ifndef FWSIM_XYZ_SENSOR_H
#define FWSIM_XYZ_SENSOR_H

#include "fwsim_periph.h"

enum {
    XYZ_STATUS = 0x00, XYZ_OUT_X_MSB = 0x01, XYZ_OUT_Z_LSB = 0x06,
    XYZ_REGISTERS = 0x32
};
enum {
    XYZ_AXES = 3, XYZ_DR_ALL = 0x07, XYZ_ZYXDR = 0x08, XYZ_OW_SHIFT = 4,
    XYZ_ZYXOW = 0x80
};
enum { XYZ_PARAM_UNDERSIDE };

/** The state of the part. */
typedef struct xyz_sensor {
    uint8_t reg[XYZ_REGISTERS];
    uint8_t pointer;
    uint8_t pointer_set; /* in this write: the next byte is data */
    uint8_t transfer;    /* between START and STOP */
    uint8_t due;         /* a sample waits for the end of the transfer */
} xyz_sensor;

/** An input of the board as the chip has it. */
static inline int32_t xyz_input(fwsim_periph *p, unsigned axis)
{
    int32_t value = fwsim_input(p, axis);

    /* Turned about its x axis when it is soldered to the underside. */
    return axis && fwsim_periph_slot(p)->param[XYZ_PARAM_UNDERSIDE] ? -value
                                                                    : value;
}

static inline void xyz_store(xyz_sensor *s, unsigned axis, uint16_t value)
{
    s->reg[XYZ_OUT_X_MSB + 2 * axis] = (uint8_t)(value >> 8);
    s->reg[XYZ_OUT_X_MSB + 2 * axis + 1] = (uint8_t)value;
}

/** The sample is complete: sets the flags of all axes. */
static inline void xyz_ready(xyz_sensor *s)
{
    uint8_t unread = s->reg[XYZ_STATUS] & XYZ_DR_ALL;

    s->reg[XYZ_STATUS] |=
        (uint8_t)(unread << XYZ_OW_SHIFT) | XYZ_DR_ALL | XYZ_ZYXDR;
    if (unread)
        s->reg[XYZ_STATUS] |= XYZ_ZYXOW;
    s->due = 0;
}

/** Read the register at the pointer, which stays. */
static inline uint8_t xyz_read(xyz_sensor *s)
{
    uint8_t at = s->pointer, value = at < XYZ_REGISTERS ? s->reg[at] : 0;

    if (at >= XYZ_OUT_X_MSB && at <= XYZ_OUT_Z_LSB &&
        (at - XYZ_OUT_X_MSB) % 2 == 0) {
        uint8_t axis = (uint8_t)(1u << (at - XYZ_OUT_X_MSB) / 2);

        /* STATUS: an MSB that is read clears the flags of its axis,
         * the last one those of all. */
        s->reg[XYZ_STATUS] &= (uint8_t)~(axis | axis << XYZ_OW_SHIFT);
        if (!(s->reg[XYZ_STATUS] & XYZ_DR_ALL))
            s->reg[XYZ_STATUS] = 0;
    }
    return value;
}

/** start of fwsim_i2c_ops. */
static inline bool xyz_start(fwsim_periph *p, bool read)
{
    xyz_sensor *s = fwsim_state(p);

    s->transfer = 1;
    if (!read)
        s->pointer_set = 0;
    return true;
}

/** A byte is written: the pointer, or data for the register there. */
static inline bool xyz_write(fwsim_periph *p, uint8_t byte,
                             void (*write_register)(fwsim_periph *p, uint8_t at,
                                                    uint8_t value))
{
    xyz_sensor *s = fwsim_state(p);

    if (s->pointer_set)
        write_register(p, s->pointer++, byte);
    else
        s->pointer = byte;
    s->pointer_set = 1;
    return true;
}

#endif
