/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * nRF51 SPI master.
 *
 * Source: nRF51 RM v3.0, chapter 26.
 *
 * TXD and RXD hold two bytes each. A byte that was written to TXD goes out as
 * soon as the one before it has; the one that came in for it is in RXD then,
 * and READY says so. A second one waits in RXD+1 until RXD was read, and the
 * master does not go on while both are full. Chip selects are pins of the GPIO.
 */
#include "nrf51_spi_twi.h"

enum { BITS = 8, BUFFERS = 2 };

static nrf51_spi *spi_of(fwsim_periph *p)
{
    return &((nrf51_spi_twi_state *)fwsim_state(p))->spi;
}

static uint8_t reversed(uint8_t byte)
{
    uint8_t r = 0;

    for (unsigned i = 0; i < 8; i++)
        r = (uint8_t)(r << 1 | (byte >> i & 1));
    return r;
}

/** Start the next byte, if there is one and room for what comes in for it. */
static void go_on(fwsim_periph *p)
{
    nrf51_spi *s = spi_of(p);
    uint64_t rate = fwsim_reg_get(p, FREQUENCY); /* in 16 MHz / 2^32 */

    if (s->shifting || !s->tx_count || s->rx_count == BUFFERS)
        return;
    s->shifting = 1;
    fwsim_event_set(p, NRF51_SPI_DONE,
                    fwsim_ticks_from_ns(p, ((BITS * 125ull) << 31) /
                                               (rate ? rate : 1)));
}

void nrf51_spi_txd(fwsim_periph *p, uint8_t byte)
{
    nrf51_spi *s = spi_of(p);

    if (s->tx_count == BUFFERS) {
        fwsim_guest_error(p, "TXD is written while it is full");
        return;
    }
    s->tx[s->tx_count++] = byte;
    go_on(p);
}

uint8_t nrf51_spi_rxd(fwsim_periph *p)
{
    nrf51_spi *s = spi_of(p);

    if (!s->rx_count)
        return s->last;
    s->last = s->rx[0];
    s->rx[0] = s->rx[1];
    s->rx_count--;
    /* RM 26.1: RXD+1 moves up, and is ready. */
    if (s->rx_count)
        nrf51_event(p, READY);
    go_on(p);
    return s->last;
}

void nrf51_spi_done(fwsim_periph *p)
{
    nrf51_spi *s = spi_of(p);
    bool lsb_first = fwsim_reg_get(p, CONFIG) & CONFIG_LSB_FIRST;
    uint8_t out = lsb_first ? reversed(s->tx[0]) : s->tx[0], in;

    s->shifting = 0;
    s->tx[0] = s->tx[1];
    s->tx_count--;
    if (!fwsim_spi_transfer_on(p, fwsim_reg_get(p, PSELSCK),
                               fwsim_reg_get(p, PSELMOSI),
                               fwsim_reg_get(p, PSELMISO), out, &in))
        in = fwsim_pin_level(p, fwsim_reg_get(p, PSELMISO)) ? 0xff : 0;
    s->rx[s->rx_count++] = lsb_first ? reversed(in) : in;
    if (s->rx_count == 1)
        nrf51_event(p, READY);
    go_on(p);
}

void nrf51_spi_reset(fwsim_periph *p)
{
    fwsim_event_cancel(p, NRF51_SPI_DONE);
    *spi_of(p) = (nrf51_spi){ 0 };
}
