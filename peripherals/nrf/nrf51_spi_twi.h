/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The registers that SPI master and TWI master of an nRF51 share, and the two
 * behind them: nrf51_spi.c and nrf51_twi.c; nrf51_spi_twi.c has the table.
 */
#ifndef FWSIM_NRF51_SPI_TWI_H
#define FWSIM_NRF51_SPI_TWI_H

#include "nrf51_common.h"

enum {
    STARTRX = 0x000, STARTTX = 0x008, STOP = 0x014, SUSPEND = 0x01c,
    RESUME = 0x020, STOPPED = 0x104, RXDREADY = 0x108, TXDSENT = 0x11c,
    ERROR = 0x124, BB = 0x138, SUSPENDED = 0x148, SHORTS = 0x200,
    ERRORSRC = 0x4c4, ENABLE = 0x500, PSELSCL = 0x508, PSELSDA = 0x50c,
    PSELMISO = 0x510, RXD = 0x518, TXD = 0x51c, FREQUENCY = 0x524,
    CONFIG = 0x554, ADDRESS = 0x588,
    READY = RXDREADY, PSELSCK = PSELSCL, PSELMOSI = PSELSDA
};
enum { ENABLE_SPI = 1, ENABLE_SPIS = 2, ENABLE_TWI = 5 };
enum { BB_SUSPEND = 1u << 0, BB_STOP = 1u << 1 };
enum { OVERRUN = 1u << 0, ANACK = 1u << 1, DNACK = 1u << 2 };
enum { CONFIG_LSB_FIRST = 1u << 0 };

/** Events of the model. */
enum { NRF51_TWI_DONE, NRF51_SPI_DONE };

typedef struct nrf51_twi {
    uint8_t phase, next;      /* what the bus does, and a task that waits */
    uint8_t reading;          /* direction of this transfer */
    uint8_t nacked;           /* it cannot go on */
    uint8_t suspend, suspended;
    uint8_t tx_full, rx_full; /* TXD waits to be sent, RXD to be read */
} nrf51_twi;

typedef struct nrf51_spi {
    uint8_t tx[2]; /* TXD and TXD+1; the first one may be on the line */
    uint8_t tx_count;
    uint8_t shifting;
    uint8_t rx[2]; /* RXD and RXD+1 */
    uint8_t rx_count;
    uint8_t last;  /* what RXD shows while it is empty */
} nrf51_spi;

/** State of the model. */
typedef struct nrf51_spi_twi_state {
    nrf51_twi twi; /* first: each of the two casts what fwsim_state gives */
    nrf51_spi spi;
} nrf51_spi_twi_state;

void nrf51_twi_startrx(fwsim_periph *p, unsigned index, uint32_t written);
void nrf51_twi_starttx(fwsim_periph *p, unsigned index, uint32_t written);
void nrf51_twi_stop(fwsim_periph *p, unsigned index, uint32_t written);
void nrf51_twi_suspend(fwsim_periph *p, unsigned index, uint32_t written);
void nrf51_twi_resume(fwsim_periph *p, unsigned index, uint32_t written);
/** TXD was written, RXD read. */
void nrf51_twi_txd(fwsim_periph *p);
void nrf51_twi_rxd(fwsim_periph *p);
void nrf51_twi_done(fwsim_periph *p);
void nrf51_twi_reset(fwsim_periph *p);

void nrf51_spi_txd(fwsim_periph *p, uint8_t byte);
uint8_t nrf51_spi_rxd(fwsim_periph *p);
void nrf51_spi_done(fwsim_periph *p);
void nrf51_spi_reset(fwsim_periph *p);

#endif
