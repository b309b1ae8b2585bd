/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An I2C controller for tests of parts: it does at once what a test says.
 */
#ifndef FWSIM_TEST_I2C_PROBE_H
#define FWSIM_TEST_I2C_PROBE_H

#include "fwsim_periph.h"
#include "support.h"

#define I2C_PROBE 0x40000000u
enum {
    I2C_PROBE_START = 0x0, /* write: address << 1 | read */
    I2C_PROBE_DATA = 0x4,
    I2C_PROBE_STOP = 0x8,
    I2C_PROBE_ACK = 0xc /* of what was done last */
};

static inline void i2c_probe_start(fwsim_periph *p, unsigned index,
                                   uint32_t written)
{
    (void)index;
    fwsim_reg_set(p, I2C_PROBE_ACK,
                  fwsim_i2c_start(p, (uint8_t)(written >> 1), written & 1));
}

static inline void i2c_probe_write(fwsim_periph *p, unsigned index,
                                   uint32_t written)
{
    (void)index;
    fwsim_reg_set(p, I2C_PROBE_ACK, fwsim_i2c_write(p, (uint8_t)written));
}

static inline uint32_t i2c_probe_read(fwsim_periph *p, unsigned index,
                                      uint32_t stored)
{
    (void)index, (void)stored;
    return fwsim_i2c_read(p);
}

static inline void i2c_probe_stop(fwsim_periph *p, unsigned index,
                                  uint32_t written)
{
    (void)index, (void)written;
    fwsim_i2c_stop(p);
}

static const fwsim_reg i2c_probe_regs[] = {
    { "START", I2C_PROBE_START, .wo = 0xff, .on_write = i2c_probe_start },
    { "DATA", I2C_PROBE_DATA, .wo = 0xff, .on_read = i2c_probe_read,
      .on_write = i2c_probe_write },
    { "STOP", I2C_PROBE_STOP, .wo = 1, .on_write = i2c_probe_stop },
    { "ACK", I2C_PROBE_ACK, .reset = 0 },
    FWSIM_REG_END
};

static const fwsim_periph_type i2c_probe = {
    .name = "i2c_probe",
    .summary = "I2C controller of the tests",
    .source = "none",
    .size = 0x10,
    .regs = i2c_probe_regs,
    .i2c_bus = true,
};

/** Address a register of a part; asserts that the part is there. */
static inline void i2c_probe_select(fwsim_machine *m, uint8_t part, uint8_t reg)
{
    bus_write(m, I2C_PROBE + I2C_PROBE_START, (uint32_t)part << 1);
    assert_int_equal(bus_read(m, I2C_PROBE + I2C_PROBE_ACK), 1);
    bus_write(m, I2C_PROBE + I2C_PROBE_DATA, reg);
}

/** Write a register. */
static inline void i2c_write(fwsim_machine *m, uint8_t part, uint8_t reg,
                             uint8_t value)
{
    i2c_probe_select(m, part, reg);
    bus_write(m, I2C_PROBE + I2C_PROBE_DATA, value);
    bus_write(m, I2C_PROBE + I2C_PROBE_STOP, 1);
}

/** Read registers in one transfer, with a repeated start. */
static inline void i2c_read(fwsim_machine *m, uint8_t part, uint8_t reg,
                            uint8_t *bytes, unsigned count)
{
    i2c_probe_select(m, part, reg);
    bus_write(m, I2C_PROBE + I2C_PROBE_START, (uint32_t)part << 1 | 1);
    for (unsigned i = 0; i < count; i++)
        bytes[i] = (uint8_t)bus_read(m, I2C_PROBE + I2C_PROBE_DATA);
    bus_write(m, I2C_PROBE + I2C_PROBE_STOP, 1);
}

static inline uint8_t i2c_read8(fwsim_machine *m, uint8_t part, uint8_t reg)
{
    uint8_t byte;

    i2c_read(m, part, reg, &byte, 1);
    return byte;
}

#endif
