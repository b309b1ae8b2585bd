/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An I2C master that reads a sensor. Each step waits for its flag, or for one
 * of the flags that say it has gone wrong; all leave the loop with one bit.
 */
#include "inf.h"

enum { I2C = 0x40020800 };
#define CR REG(I2C + 0x00)
#define SR REG(I2C + 0x04)
#define CLEAR REG(I2C + 0x08)
#define DR REG(I2C + 0x0c)
#define TIMING REG(I2C + 0x10)

enum {
    ENABLE = BIT(0),
    START = BIT(1),
    STOP = BIT(2),
    ACK = BIT(3),
    NACKED = BIT(0),
    LOST = BIT(1),
    STARTED = BIT(2),
    ADDRESSED = BIT(3),
    TX_EMPTY = BIT(4),
    RX_FULL = BIT(5),
    BUSY = BIT(15),
    SENSOR = 0x1d
};

static int wait_for(uint32_t flag)
{
    uint32_t since = ticks;

    while (!(SR & flag)) {
        if (SR & NACKED) {
            CLEAR = NACKED;
            CR |= STOP;
            return -1;
        }
        if (SR & LOST) {
            CLEAR = LOST;
            CR &= ~ENABLE;
            CR |= ENABLE;
            return -2;
        }
        if (timed_out(since, 5))
            return -3;
    }
    return 0;
}

static int begin(uint8_t address)
{
    int err;

    CR |= START;
    err = wait_for(STARTED);
    if (err)
        return err;
    DR = address;
    err = wait_for(ADDRESSED);
    if (err)
        return err;
    CLEAR = ADDRESSED;
    return 0;
}

static int send(uint8_t byte)
{
    int err = wait_for(TX_EMPTY);

    if (!err)
        DR = byte;
    return err;
}

static int sensor_read(uint8_t reg, uint8_t *to, unsigned count)
{
    int err = begin(SENSOR << 1);

    if (!err)
        err = send(reg);
    if (!err)
        err = begin(SENSOR << 1 | 1);
    while (!err && count--) {
        CR = count ? CR | ACK : CR & ~ACK;
        err = wait_for(RX_FULL);
        if (!err)
            *to++ = (uint8_t)DR;
    }
    CR |= STOP;
    while (SR & BUSY)
        ;
    return err;
}

int main(void)
{
    uint8_t sample[6];

    ticks_start();
    TIMING = 0x10420f13;
    CR = ENABLE;
    for (int i = 0; i < 4; i++)
        check(sensor_read(1, sample, sizeof sample) == 0);
    done();
    for (;;)
        sensor_read(1, sample, sizeof sample);
}
