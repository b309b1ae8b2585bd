/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * nRF51 UART.
 *
 * Source: nRF51 RM v3.0, chapter 29.
 * Modelled: both directions at the speed of BAUDRATE, receive FIFO, RTS. The
 * host waits until the receiver runs, as a person at a terminal does.
 * Not modelled: CTS, line errors, levels of the pins.
 */
#include <string.h>

#include "nrf51_common.h"

enum {
    RXDRDY = 0x108, TXDRDY = 0x11c, ERROR = 0x124, RXTO = 0x144,
    ERRORSRC = 0x480, ENABLE = 0x500, PSELTXD = 0x50c, PSELRXD = 0x514,
    RXD = 0x518, BAUDRATE = 0x524, CONFIG = 0x56c
};
enum { OVERRUN = 1u << 0, HWFC = 1u << 0, PARITY = 7u << 1, ENABLED = 4 };
enum { PINS = 32, FIFO_SIZE = 6, SENT = 0, STOPPED = 1 };

typedef struct uart {
    uint8_t fifo[FIFO_SIZE]; /* fifo[0] is in RXD */
    uint8_t count, rx_on, tx_on, tx_busy, tx_byte, rts_off;
    uint8_t tx_pin; /* TXD was connected when the start bit was sent */
} uart;

static uint64_t byte_time_ns(fwsim_periph *p)
{
    uint64_t bits = fwsim_reg_get(p, CONFIG) & PARITY ? 11 : 10;
    uint32_t rate = fwsim_reg_get(p, BAUDRATE); /* of 16 MHz / 2^32 */

    return ((bits * 125) << 31) / (rate ? rate : 1);
}

static void update(fwsim_periph *p, unsigned index, uint32_t written)
{
    uart *u = fwsim_state(p);

    (void)index, (void)written;
    if (fwsim_reg_get(p, ENABLE) != ENABLED) {
        memset(u, 0, sizeof *u);
        fwsim_event_cancel(p, SENT);
        fwsim_event_cancel(p, STOPPED);
    }
    /* RM 29.5: RTS ends when four places are left, and returns with all. */
    if (!u->count || !(fwsim_reg_get(p, CONFIG) & HWFC))
        u->rts_off = 0;
    else if (u->count >= FIFO_SIZE - 4)
        u->rts_off = 1;
    fwsim_uart_set_byte_time(p, byte_time_ns(p));
    fwsim_uart_set_ready(p, u->rx_on && !u->rts_off &&
                                fwsim_reg_get(p, PSELRXD) < PINS);
}

static void startrx(fwsim_periph *p, unsigned index, uint32_t written)
{
    ((uart *)fwsim_state(p))->rx_on |= written & 1;
    update(p, index, written);
}

static void stoprx(fwsim_periph *p, unsigned index, uint32_t written)
{
    uart *u = fwsim_state(p);

    if ((written & 1) && u->rx_on) {
        u->rx_on = 0;
        /* RM 29.5: RXTO comes when four more bytes could have come. */
        fwsim_event_set(p, STOPPED, fwsim_ticks_from_ns(p, 4 * byte_time_ns(p)));
    }
    update(p, index, written);
}

static void starttx(fwsim_periph *p, unsigned index, uint32_t written)
{
    ((uart *)fwsim_state(p))->tx_on |= written & 1;
    update(p, index, written);
}

static void stoptx(fwsim_periph *p, unsigned index, uint32_t written)
{
    ((uart *)fwsim_state(p))->tx_on &= ~written & 1;
    update(p, index, written);
}

static void suspend(fwsim_periph *p, unsigned index, uint32_t written)
{
    stoptx(p, index, written);
    stoprx(p, index, written);
}

static void txd_written(fwsim_periph *p, unsigned index, uint32_t written)
{
    uart *u = fwsim_state(p);

    (void)index;
    if (!u->tx_on || u->tx_busy) {
        fwsim_guest_error(p, "TXD written %s: the byte is lost",
                          u->tx_on ? "before TXDRDY" : "without STARTTX");
        return;
    }
    u->tx_busy = 1;
    u->tx_byte = (uint8_t)written;
    u->tx_pin = fwsim_reg_get(p, PSELTXD) < PINS;
    fwsim_event_set(p, SENT, fwsim_ticks_from_ns(p, byte_time_ns(p)));
}

static void uart_event(fwsim_periph *p, unsigned id)
{
    uart *u = fwsim_state(p);

    if (id == STOPPED) {
        nrf51_event(p, RXTO);
        return;
    }
    u->tx_busy = 0;
    if (u->tx_pin)
        fwsim_uart_tx(p, u->tx_byte);
    nrf51_event(p, TXDRDY);
}

/** RM 29.5: each byte that moves from the FIFO into RXD gives an event. */
static void to_rxd(fwsim_periph *p, uint8_t byte)
{
    fwsim_reg_set(p, RXD, byte);
    nrf51_event(p, RXDRDY);
}

static void uart_rx(fwsim_periph *p, uint8_t byte)
{
    uart *u = fwsim_state(p);

    if (u->count == FIFO_SIZE) {
        u->fifo[FIFO_SIZE - 1] = byte;
        fwsim_reg_update(p, ERRORSRC, 0, OVERRUN);
        nrf51_event(p, ERROR);
        return;
    }
    u->fifo[u->count++] = byte;
    if (u->count == 1)
        to_rxd(p, byte);
    update(p, 0, 0);
}

static uint32_t rxd_read(fwsim_periph *p, unsigned index, uint32_t stored)
{
    uart *u = fwsim_state(p);

    if (u->count) {
        memmove(u->fifo, u->fifo + 1, --u->count);
        if (u->count)
            to_rxd(p, u->fifo[0]);
        update(p, index, 0);
    }
    return stored;
}

static void uart_reset(fwsim_periph *p, fwsim_reset_kind kind)
{
    (void)kind;
    update(p, 0, 0);
}

/* clang-format off */
static const fwsim_reg uart_regs[] = {
    NRF51_TASK("TASKS_STARTRX", 0x000, startrx),
    NRF51_TASK("TASKS_STOPRX",  0x004, stoprx),
    NRF51_TASK("TASKS_STARTTX", 0x008, starttx),
    NRF51_TASK("TASKS_STOPTX",  0x00c, stoptx),
    NRF51_TASK("TASKS_SUSPEND", 0x01c, suspend),
    NRF51_EVENT("EVENTS_CTS",    0x100),
    NRF51_EVENT("EVENTS_NCTS",   0x104),
    NRF51_EVENT("EVENTS_RXDRDY", RXDRDY),
    NRF51_EVENT("EVENTS_TXDRDY", TXDRDY),
    NRF51_EVENT("EVENTS_ERROR",  ERROR),
    NRF51_EVENT("EVENTS_RXTO",   RXTO),
    NRF51_INTERRUPTS(0x20287),
    { "SHORTS",   0x200,    .unimpl = 0x18 }, /* of CTS and NCTS */
    { "ERRORSRC", ERRORSRC, .w1c = 0xf },
    { "ENABLE",   ENABLE,   .rw = 0x7, .on_write = update },
    { "PSELRTS",  0x508,    .rw = ~0u, .reset = ~0u },
    { "PSELTXD",  PSELTXD,  .rw = ~0u, .reset = ~0u },
    { "PSELCTS",  0x510,    .rw = ~0u, .reset = ~0u },
    { "PSELRXD",  PSELRXD,  .rw = ~0u, .reset = ~0u, .on_write = update },
    { "RXD",      RXD,      .on_read = rxd_read },
    { "TXD",      0x51c,    .wo = 0xff, .on_write = txd_written },
    { "BAUDRATE", BAUDRATE, .rw = ~0u, .reset = 0x04000000, .on_write = update },
    { "CONFIG",   CONFIG,   .rw = HWFC | PARITY, .on_write = update },
    NRF51_POWER_CONTROL,
    FWSIM_REG_END
};
/* clang-format on */

static const char *const uart_gaps[] = {
    "CTS: the host is always ready; no CTS and NCTS events and shortcuts",
    "line errors: bytes of the host arrive undamaged, only overrun is seen",
    "levels of the pins TXD and RTS",
    NULL
};

const fwsim_periph_type nrf51_uart = {
    .name = "nrf51_uart",
    .summary = "UART with a receive FIFO",
    .source = "nRF51 RM v3.0, chapter 29",
    .gaps = uart_gaps,
    .size = NRF51_SIZE,
    .regs = uart_regs,
    .state_size = sizeof(uart),
    .irqs = 1,
    .uart = true,
    .on_reset = uart_reset,
    .on_event = uart_event,
    .on_rx = uart_rx,
};
