/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * nRF51 two-wire interface, the I2C master.
 *
 * Source: nRF51 RM v3.0, chapter 28.
 *
 * The bus is at a byte boundary or busy with an address, a data byte or a
 * STOP condition. Tasks take effect at the next boundary; there the master
 * stretches the clock while it has nothing to do: TXD is empty, RXD was not
 * read, or it is suspended.
 */
#include <string.h>

#include "nrf51_common.h"

enum {
    STARTRX = 0x000, STARTTX = 0x008, STOP = 0x014, SUSPEND = 0x01c,
    RESUME = 0x020, STOPPED = 0x104, RXDREADY = 0x108, TXDSENT = 0x11c,
    ERROR = 0x124, BB = 0x138, SUSPENDED = 0x148, SHORTS = 0x200,
    ERRORSRC = 0x4c4, ENABLE = 0x500, PSELSCL = 0x508, PSELSDA = 0x50c,
    RXD = 0x518, TXD = 0x51c, FREQUENCY = 0x524, ADDRESS = 0x588
};
enum { BB_SUSPEND = 1u << 0, BB_STOP = 1u << 1 };
enum { OVERRUN = 1u << 0, ANACK = 1u << 1, DNACK = 1u << 2 };
enum { ENABLED = 5 };
enum { ADDRESS_BITS = 1 + 9, DATA_BITS = 9, STOP_BITS = 1 };
enum { EVENT_DONE };

enum { IDLE, BOUNDARY, SENDING_ADDRESS, MOVING_BYTE, STOPPING };
enum { NOTHING, TO_STOP, TO_READ, TO_WRITE };

typedef struct twi {
    uint8_t phase, next;      /* what the bus does, and a task that waits */
    uint8_t reading;          /* direction of this transfer */
    uint8_t nacked;           /* it cannot go on */
    uint8_t suspend, suspended;
    uint8_t tx_full, rx_full; /* TXD waits to be sent, RXD to be read */
} twi;

/* clang-format off */
#define INTERRUPTS                                                             \
    (1u << NRF51_EVENT_BIT(STOPPED) | 1u << NRF51_EVENT_BIT(RXDREADY) |        \
     1u << NRF51_EVENT_BIT(TXDSENT) | 1u << NRF51_EVENT_BIT(ERROR) |           \
     1u << NRF51_EVENT_BIT(BB) | 1u << NRF51_EVENT_BIT(SUSPENDED))
/* clang-format on */

static void busy(fwsim_periph *p, uint8_t phase, unsigned bits)
{
    twi *s = fwsim_state(p);
    uint64_t rate = fwsim_reg_get(p, FREQUENCY); /* in 16 MHz / 2^32 */

    s->phase = phase;
    fwsim_event_set(p, EVENT_DONE,
                    fwsim_ticks_from_ns(p, ((bits * 125ull) << 31) /
                                               (rate ? rate : 1)));
}

static void move_byte(fwsim_periph *p)
{
    twi *s = fwsim_state(p);

    busy(p, MOVING_BYTE, DATA_BITS);
    /* RM chapter 28, events: BB comes before each byte that is sent or received. A STOP or
     * SUSPEND that it causes takes effect after this byte. */
    if (fwsim_reg_get(p, SHORTS) & BB_SUSPEND)
        s->suspend = 1;
    if (fwsim_reg_get(p, SHORTS) & BB_STOP)
        s->next = TO_STOP;
    nrf51_event(p, BB);
}

static void start(fwsim_periph *p)
{
    twi *s = fwsim_state(p);

    s->reading = s->next == TO_READ;
    s->next = NOTHING;
    s->nacked = 0;
    s->rx_full = 0;
    busy(p, SENDING_ADDRESS, ADDRESS_BITS);
}

/** Do what is to be done next, if the bus is at a boundary. */
static void go_on(fwsim_periph *p)
{
    twi *s = fwsim_state(p);

    if (s->phase != BOUNDARY || s->suspended)
        return;
    if (s->suspend) {
        s->suspended = 1;
        nrf51_event(p, SUSPENDED);
    } else if (s->next == TO_STOP) {
        s->next = NOTHING;
        busy(p, STOPPING, STOP_BITS);
    } else if (s->next != NOTHING) {
        start(p);
    } else if (!s->nacked && (s->reading ? !s->rx_full : s->tx_full)) {
        move_byte(p);
    }
}

static void error(fwsim_periph *p, uint32_t source)
{
    twi *s = fwsim_state(p);

    s->nacked = 1;
    fwsim_reg_update(p, ERRORSRC, 0, source);
    nrf51_event(p, ERROR);
}

static bool address_acknowledged(fwsim_periph *p)
{
    const twi *s = fwsim_state(p);

    return fwsim_i2c_start_on(
        p, fwsim_reg_get(p, PSELSCL), fwsim_reg_get(p, PSELSDA),
        (uint8_t)fwsim_reg_get(p, ADDRESS), s->reading);
}

static void byte_moved(fwsim_periph *p)
{
    twi *s = fwsim_state(p);

    if (s->reading) {
        s->rx_full = 1;
        fwsim_reg_set(p, RXD, fwsim_i2c_read(p));
        nrf51_event(p, RXDREADY);
        return;
    }
    s->tx_full = 0;
    if (!fwsim_i2c_write(p, (uint8_t)fwsim_reg_get(p, TXD)))
        error(p, DNACK);
    nrf51_event(p, TXDSENT);
}

static void twi_event(fwsim_periph *p, unsigned id)
{
    twi *s = fwsim_state(p);
    uint8_t done = s->phase;

    (void)id;
    s->phase = BOUNDARY;
    if (done == SENDING_ADDRESS && !address_acknowledged(p))
        error(p, ANACK);
    else if (done == MOVING_BYTE)
        byte_moved(p);
    if (done == STOPPING) {
        fwsim_i2c_stop(p);
        s->tx_full = s->suspend = 0;
        s->phase = s->next == NOTHING ? IDLE : BOUNDARY;
        nrf51_event(p, STOPPED);
    }
    go_on(p);
}

static void command(fwsim_periph *p, uint8_t next)
{
    twi *s = fwsim_state(p);

    if (fwsim_reg_get(p, ENABLE) != ENABLED) {
        fwsim_guest_error(p, "a task while the TWI is not enabled");
        return;
    }
    if (s->phase == IDLE) {
        s->phase = BOUNDARY;
        s->suspend = s->suspended = 0;
    }
    s->next = next;
    go_on(p);
}

static void startrx_written(fwsim_periph *p, unsigned index, uint32_t written)
{
    if (nrf51_task(index, written))
        command(p, TO_READ);
}

static void starttx_written(fwsim_periph *p, unsigned index, uint32_t written)
{
    if (nrf51_task(index, written))
        command(p, TO_WRITE);
}

static void stop_written(fwsim_periph *p, unsigned index, uint32_t written)
{
    if (nrf51_task(index, written))
        command(p, TO_STOP);
}

static void suspend_written(fwsim_periph *p, unsigned index, uint32_t written)
{
    twi *s = fwsim_state(p);

    if (!nrf51_task(index, written) || s->phase == IDLE)
        return;
    s->suspend = 1;
    go_on(p);
}

static void resume_written(fwsim_periph *p, unsigned index, uint32_t written)
{
    twi *s = fwsim_state(p);

    if (!nrf51_task(index, written))
        return;
    s->suspend = s->suspended = 0;
    go_on(p);
}

static void txd_written(fwsim_periph *p, unsigned index, uint32_t written)
{
    twi *s = fwsim_state(p);

    (void)index, (void)written;
    s->tx_full = 1;
    go_on(p);
}

static uint32_t rxd_read(fwsim_periph *p, unsigned index, uint32_t stored)
{
    twi *s = fwsim_state(p);

    (void)index;
    s->rx_full = 0;
    go_on(p);
    return stored;
}

static void twi_reset(fwsim_periph *p, fwsim_reset_kind kind)
{
    (void)kind;
    fwsim_i2c_stop(p);
    memset(fwsim_state(p), 0, sizeof(twi));
}

static void enable_written(fwsim_periph *p, unsigned index, uint32_t written)
{
    (void)index, (void)written;
    if (fwsim_reg_get(p, ENABLE) == ENABLED)
        return;
    fwsim_event_cancel(p, EVENT_DONE);
    twi_reset(p, FWSIM_RESET_SYSTEM);
}

/* clang-format off */
static const fwsim_reg twi_regs[] = {
    NRF51_TASK("TASKS_STARTRX", STARTRX, startrx_written),
    NRF51_TASK("TASKS_STARTTX", STARTTX, starttx_written),
    NRF51_TASK("TASKS_STOP", STOP, stop_written),
    NRF51_TASK("TASKS_SUSPEND", SUSPEND, suspend_written),
    NRF51_TASK("TASKS_RESUME", RESUME, resume_written),
    NRF51_EVENT("EVENTS_STOPPED", STOPPED),
    NRF51_EVENT("EVENTS_RXDREADY", RXDREADY),
    NRF51_EVENT("EVENTS_TXDSENT", TXDSENT),
    NRF51_EVENT("EVENTS_ERROR", ERROR),
    NRF51_EVENT("EVENTS_BB", BB),
    NRF51_EVENT("EVENTS_SUSPENDED", SUSPENDED),
    { "SHORTS", SHORTS, .rw = BB_SUSPEND | BB_STOP },
    NRF51_INTERRUPTS(INTERRUPTS),
    { "ERRORSRC", ERRORSRC, .w1c = OVERRUN | ANACK | DNACK },
    { "ENABLE", ENABLE, .rw = 0x7, .on_write = enable_written },
    { "PSELSCL", PSELSCL, .reset = 0xffffffff, .rw = 0xffffffff },
    { "PSELSDA", PSELSDA, .reset = 0xffffffff, .rw = 0xffffffff },
    { "RXD", RXD, .on_read = rxd_read },
    { "TXD", TXD, .rw = 0xff, .on_write = txd_written },
    { "FREQUENCY", FREQUENCY, .reset = 0x04000000, .rw = 0xffffffff },
    { "ADDRESS", ADDRESS, .rw = 0x7f },
    NRF51_POWER_CONTROL,
    FWSIM_REG_END
};
/* clang-format on */

static const char *const twi_gaps[] = {
    "levels of SCL and SDA",
    "OVERRUN never happens, the clock is stretched until RXD was read",
    "clock stretching by parts and other masters on the bus",
    NULL
};

const fwsim_periph_type nrf51_twi = {
    .name = "nrf51_twi",
    .summary = "I2C master",
    .source = "nRF51 Series Reference Manual v3.0, chapter 28",
    .gaps = twi_gaps,
    .size = NRF51_SIZE,
    .regs = twi_regs,
    .i2c_bus = true,
    .state_size = sizeof(twi),
    .irqs = 1,
    .on_reset = twi_reset,
    .on_event = twi_event,
};
