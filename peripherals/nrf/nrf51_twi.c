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
#include "nrf51_spi_twi.h"

enum { ADDRESS_BITS = 1 + 9, DATA_BITS = 9, STOP_BITS = 1 };

enum { IDLE, BOUNDARY, SENDING_ADDRESS, MOVING_BYTE, STOPPING };
enum { NOTHING, TO_STOP, TO_READ, TO_WRITE };

static void busy(fwsim_periph *p, uint8_t phase, unsigned bits)
{
    nrf51_twi *s = fwsim_state(p);
    uint64_t rate = fwsim_reg_get(p, FREQUENCY); /* in 16 MHz / 2^32 */

    s->phase = phase;
    fwsim_event_set(p, NRF51_TWI_DONE,
                    fwsim_ticks_from_ns(p, ((bits * 125ull) << 31) /
                                               (rate ? rate : 1)));
}

static void move_byte(fwsim_periph *p)
{
    nrf51_twi *s = fwsim_state(p);

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
    nrf51_twi *s = fwsim_state(p);

    s->reading = s->next == TO_READ;
    s->next = NOTHING;
    s->nacked = 0;
    s->rx_full = 0;
    busy(p, SENDING_ADDRESS, ADDRESS_BITS);
}

/** Do what is to be done next, if the bus is at a boundary. */
static void go_on(fwsim_periph *p)
{
    nrf51_twi *s = fwsim_state(p);

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
    nrf51_twi *s = fwsim_state(p);

    s->nacked = 1;
    fwsim_reg_update(p, ERRORSRC, 0, source);
    nrf51_event(p, ERROR);
}

static bool address_acknowledged(fwsim_periph *p)
{
    const nrf51_twi *s = fwsim_state(p);

    return fwsim_i2c_start_on(
        p, fwsim_reg_get(p, PSELSCL), fwsim_reg_get(p, PSELSDA),
        (uint8_t)fwsim_reg_get(p, ADDRESS), s->reading);
}

static void byte_moved(fwsim_periph *p)
{
    nrf51_twi *s = fwsim_state(p);

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

void nrf51_twi_done(fwsim_periph *p)
{
    nrf51_twi *s = fwsim_state(p);
    uint8_t done = s->phase;

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
    nrf51_twi *s = fwsim_state(p);

    if (fwsim_reg_get(p, ENABLE) != ENABLE_TWI) {
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

void nrf51_twi_startrx(fwsim_periph *p, unsigned index, uint32_t written)
{
    if (nrf51_task(index, written))
        command(p, TO_READ);
}

void nrf51_twi_starttx(fwsim_periph *p, unsigned index, uint32_t written)
{
    if (nrf51_task(index, written))
        command(p, TO_WRITE);
}

void nrf51_twi_stop(fwsim_periph *p, unsigned index, uint32_t written)
{
    if (nrf51_task(index, written))
        command(p, TO_STOP);
}

void nrf51_twi_suspend(fwsim_periph *p, unsigned index, uint32_t written)
{
    nrf51_twi *s = fwsim_state(p);

    if (!nrf51_task(index, written) || s->phase == IDLE)
        return;
    s->suspend = 1;
    go_on(p);
}

void nrf51_twi_resume(fwsim_periph *p, unsigned index, uint32_t written)
{
    nrf51_twi *s = fwsim_state(p);

    if (!nrf51_task(index, written))
        return;
    s->suspend = s->suspended = 0;
    go_on(p);
}

void nrf51_twi_txd(fwsim_periph *p)
{
    nrf51_twi *s = fwsim_state(p);

    s->tx_full = 1;
    go_on(p);
}

void nrf51_twi_rxd(fwsim_periph *p)
{
    nrf51_twi *s = fwsim_state(p);

    s->rx_full = 0;
    go_on(p);
}

void nrf51_twi_reset(fwsim_periph *p)
{
    fwsim_event_cancel(p, NRF51_TWI_DONE);
    fwsim_i2c_stop(p);
    *(nrf51_twi *)fwsim_state(p) = (nrf51_twi){ 0 };
}
