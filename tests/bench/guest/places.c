/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Drivers of peripherals that nobody modelled, each at a place of its own: the
 * same few shapes at many addresses, so that inference meets many new sites.
 * Ends in the main loop of a firmware that has started.
 */
#include "guest.h"

enum { TIMEOUT = 1000, BLOCK = 0x400, HANDLERS = 4 };
#define FIRST 0x40200000u /* the Ethernet chip's region */

static volatile uint32_t received[HANDLERS], errors;

static int wait_for(uint32_t status, uint32_t bits)
{
    for (unsigned i = 0; i < TIMEOUT; i++)
        if ((REG(status) & bits) == bits)
            return 0;
    errors++;
    return 1;
}

/** A word of status with more bits than are waited for. */
static void dispatch(uint32_t base)
{
    uint32_t pending = REG(base + 8) & REG(base + 12);

    for (unsigned i = 0; i < HANDLERS; i++)
        if (pending >> i & 1)
            received[i] += REG(base + 16);
    if (pending >> 8 & 1)
        errors++;
    if (pending >> 9 & 3)
        REG(base + 8) = pending;
}

/* A copy of the drivers for each peripheral: the code has places of its own. */
#define DRIVER(n)                                                              \
    static __attribute__((noinline)) void driver_##n(void)                     \
    {                                                                          \
        const uint32_t base = FIRST + (n) * BLOCK;                             \
                                                                               \
        REG(base) |= 1;                                                        \
        while (!(REG(base + 4) & 2))                                           \
            ;                                                                  \
        REG(base + 12) = 0x70f;                                                \
        if (wait_for(base + 4, 0x100 << (n) % 8))                              \
            return;                                                            \
        if ((REG(base + 20) & 0xff) == 0x5a)                                   \
            errors++;                                                          \
        switch (REG(base + 24) >> 4 & 3) {                                     \
        case 1:                                                                \
            REG(base + 28) = 1;                                                \
            break;                                                             \
        case 2:                                                                \
            REG(base + 28) = 2;                                                \
            break;                                                             \
        default:                                                               \
            REG(base + 28) = 3;                                                \
        }                                                                      \
        dispatch(base);                                                        \
        REG(base) |= 4;                                                        \
        while (REG(base) & 4)                                                  \
            ;                                                                  \
    }

#define EIGHT(n)                                                               \
    DRIVER(n##0) DRIVER(n##1) DRIVER(n##2) DRIVER(n##3) DRIVER(n##4)           \
    DRIVER(n##5) DRIVER(n##6) DRIVER(n##7)
#define CALL_EIGHT(n)                                                          \
    driver_##n##0(), driver_##n##1(), driver_##n##2(), driver_##n##3(),        \
    driver_##n##4(), driver_##n##5(), driver_##n##6(), driver_##n##7()

EIGHT(1) EIGHT(2) EIGHT(3) EIGHT(4)

void bench(void)
{
    CALL_EIGHT(1);
    CALL_EIGHT(2);
    CALL_EIGHT(3);
    CALL_EIGHT(4);
    for (;;)
        wait_for(FIRST + 10 * BLOCK + 4, 0x100);
}
