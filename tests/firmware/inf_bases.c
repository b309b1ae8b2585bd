/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One driver for two devices, which it reaches through accessors and base
 * addresses that only RAM has: in a structure, and in a packed one where they
 * are not aligned. Registers of 8, 16 and 32 bits.
 */
#include "inf.h"

enum { FIRST = 0x40074000, SECOND = 0x40075000 };
enum { CTRL = 0, MODE = 1, BAUD = 2, STATUS = 4, DATA = 8, LEVEL = 0xa };
enum { ENABLE = BIT(7), READY = BIT(3), SYNC = BIT(6) };

struct device;

typedef struct ops {
    uint32_t (*get)(const struct device *d, unsigned off, unsigned width);
    void (*put)(const struct device *d, unsigned off, unsigned width,
                uint32_t value);
} ops;

typedef struct __attribute__((packed)) device {
    uint8_t number;
    uintptr_t base;
    uint16_t baud;
    const ops *ops;
} device;

static uint32_t get(const device *d, unsigned off, unsigned width)
{
    switch (width) {
    case 1:
        return REG8(d->base + off);
    case 2:
        return REG16(d->base + off);
    default:
        return REG(d->base + off);
    }
}

static void put(const device *d, unsigned off, unsigned width, uint32_t value)
{
    switch (width) {
    case 1:
        REG8(d->base + off) = (uint8_t)value;
        break;
    case 2:
        REG16(d->base + off) = (uint16_t)value;
        break;
    default:
        REG(d->base + off) = value;
    }
}

static const ops mmio = { get, put };

static device devices[2];

static void probe(device *d, unsigned number, uintptr_t base)
{
    *d = (device){ (uint8_t)number, base, (uint16_t)(100 + number), &mmio };
}

static void wait_status(const device *d, uint32_t bits, uint32_t value)
{
    uint32_t since = ticks;

    while ((d->ops->get(d, STATUS, 4) & bits) != value)
        check(!timed_out(since, 5));
}

static void open(const device *d)
{
    d->ops->put(d, MODE, 1, 0x12);
    d->ops->put(d, BAUD, 2, d->baud);
    d->ops->put(d, CTRL, 1, d->ops->get(d, CTRL, 1) | ENABLE);
    wait_status(d, SYNC, 0);
    check(d->ops->get(d, BAUD, 2) == d->baud);
    check(d->ops->get(d, MODE, 1) == 0x12);
}

static void send(const device *d, const char *text)
{
    for (; *text; text++) {
        wait_status(d, READY, READY);
        d->ops->put(d, DATA, 2, (uint8_t)*text);
    }
}

int main(void)
{
    ticks_start();
    probe(&devices[0], 0, FIRST);
    probe(&devices[1], 1, SECOND);
    for (unsigned i = 0; i < 2; i++)
        open(&devices[i]);
    for (unsigned i = 0; i < 2; i++)
        send(&devices[i], "probe\n");
    done();
    for (;;)
        for (unsigned i = 0; i < 2; i++)
            send(&devices[i], "alive\n");
}
