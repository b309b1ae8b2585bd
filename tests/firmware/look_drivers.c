/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Drivers as vendors write them, for tests/test_infer_look.c: built with -O0
 * and with -O2. Each begins at its own name with the registers of a call.
 */
#include <stdbool.h>
#include <stdint.h>

#define KEEP __attribute__((used, noinline, section(".vectors")))

typedef struct device {
    volatile uint32_t sr, dr, cr, ack;
} device;

enum { OK, ERROR, BUSY, TIMEOUT };

volatile uint32_t ticks;

void reset_handler(void);

KEEP void error_handler(void)
{
    for (;;)
        ;
}

KEEP void done(void)
{
    static volatile uint32_t n;

    for (;;)
        n++;
}

KEEP uint32_t get_tick(void)
{
    return ticks;
}

#define FLAG(d, f) (((d)->sr & (f)) == (f) ? 1 : 0)

KEEP int wait_for_flag(device *d, uint32_t flag, int status, uint32_t timeout)
{
    uint32_t start = get_tick();

    while (FLAG(d, flag) == status)
        if (get_tick() - start > timeout)
            return TIMEOUT;
    return OK;
}

/** Waits until bit 7 is set. */
KEEP void hal_transmit(device *d)
{
    if (wait_for_flag(d, 0x80, 0, 100) != OK)
        error_handler();
    d->dr = 'x';
    done();
}

/** Waits until bit 2 is clear, and counts. */
KEEP void count_down(device *d)
{
    uint32_t n = 100000;

    while (d->sr & 4)
        if (--n == 0)
            error_handler();
    done();
}

KEEP uint32_t get_reg(const device *d, uint32_t offset)
{
    return *(const volatile uint32_t *)((const volatile char *)d + offset);
}

/** By an accessor: waits until the field at bit 8 is 2. */
KEEP void by_accessor(device *d)
{
    while ((get_reg(d, 0) >> 8 & 3) != 2)
        ;
    done();
}

/** A handler: bit 5 has data, bit 3 is an error. */
KEEP void handler(device *d)
{
    uint32_t sr = d->sr;

    if (sr & 0x20) {
        ticks = d->dr;
        d->ack = 0x20;
    }
    if (sr & 8)
        error_handler();
}

/** A state machine on bits 4 to 6. */
KEEP void states(device *d)
{
    switch (d->sr >> 4 & 7) {
    case 0:
        d->cr = 1;
        break;
    case 1:
        d->cr = 2;
        break;
    case 2:
        d->cr = 17;
        break;
    case 3:
        d->cr = 40;
        break;
    case 4:
        d->ack = 3;
        break;
    default:
        error_handler();
    }
    done();
}

KEEP void reset_handler(void)
{
    done();
}
