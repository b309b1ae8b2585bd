/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * SPI master and TWI (I2C) master of the nRF51, which are one block at one
 * address: ENABLE says which of the two it is, and most registers serve both.
 *
 * Source: nRF51 RM v3.0, section 10.1.2 (shared identifiers), chapters 26 and 28.
 */
#include "nrf51_spi_twi.h"

/* clang-format off */
#define INTERRUPTS                                                             \
    (1u << NRF51_EVENT_BIT(STOPPED) | 1u << NRF51_EVENT_BIT(RXDREADY) |        \
     1u << NRF51_EVENT_BIT(TXDSENT) | 1u << NRF51_EVENT_BIT(ERROR) |           \
     1u << NRF51_EVENT_BIT(BB) | 1u << NRF51_EVENT_BIT(SUSPENDED))
/* clang-format on */

static void txd_written(fwsim_periph *p, unsigned index, uint32_t written)
{
    (void)index;
    if (fwsim_reg_get(p, ENABLE) == ENABLE_SPI)
        nrf51_spi_txd(p, (uint8_t)written);
    else
        nrf51_twi_txd(p);
}

static uint32_t rxd_read(fwsim_periph *p, unsigned index, uint32_t stored)
{
    (void)index;
    if (fwsim_reg_get(p, ENABLE) == ENABLE_SPI)
        return nrf51_spi_rxd(p);
    nrf51_twi_rxd(p);
    return stored;
}

static void enable_written(fwsim_periph *p, unsigned index, uint32_t written)
{
    uint32_t enabled = fwsim_reg_get(p, ENABLE);

    (void)index, (void)written;
    if (enabled != ENABLE_TWI)
        nrf51_twi_reset(p);
    if (enabled != ENABLE_SPI)
        nrf51_spi_reset(p);
    if (enabled == ENABLE_SPIS)
        fwsim_unimpl(p, "SPI slave");
}

static void on_reset(fwsim_periph *p, fwsim_reset_kind kind)
{
    (void)kind;
    nrf51_twi_reset(p);
    nrf51_spi_reset(p);
}

static void on_event(fwsim_periph *p, unsigned id)
{
    if (id == NRF51_SPI_DONE)
        nrf51_spi_done(p);
    else
        nrf51_twi_done(p);
}

/* Names of both where they differ. */
/* clang-format off */
static const fwsim_reg regs[] = {
    NRF51_TASK("TASKS_STARTRX", STARTRX, nrf51_twi_startrx),
    NRF51_TASK("TASKS_STARTTX", STARTTX, nrf51_twi_starttx),
    NRF51_TASK("TASKS_STOP", STOP, nrf51_twi_stop),
    NRF51_TASK("TASKS_SUSPEND", SUSPEND, nrf51_twi_suspend),
    NRF51_TASK("TASKS_RESUME", RESUME, nrf51_twi_resume),
    NRF51_EVENT("EVENTS_STOPPED", STOPPED),
    NRF51_EVENT("EVENTS_READY_RXDREADY", RXDREADY),
    NRF51_EVENT("EVENTS_TXDSENT", TXDSENT),
    NRF51_EVENT("EVENTS_ERROR", ERROR),
    NRF51_EVENT("EVENTS_BB", BB),
    NRF51_EVENT("EVENTS_SUSPENDED", SUSPENDED),
    { "SHORTS", SHORTS, .rw = BB_SUSPEND | BB_STOP },
    NRF51_INTERRUPTS(INTERRUPTS),
    { "ERRORSRC", ERRORSRC, .w1c = OVERRUN | ANACK | DNACK },
    { "ENABLE", ENABLE, .rw = 0x7, .on_write = enable_written },
    { "PSELSCK_PSELSCL", PSELSCL, .reset = 0xffffffff, .rw = 0xffffffff },
    { "PSELMOSI_PSELSDA", PSELSDA, .reset = 0xffffffff, .rw = 0xffffffff },
    { "PSELMISO", PSELMISO, .reset = 0xffffffff, .rw = 0xffffffff },
    { "RXD", RXD, .on_read = rxd_read },
    { "TXD", TXD, .rw = 0xff, .on_write = txd_written },
    { "FREQUENCY", FREQUENCY, .reset = 0x04000000, .rw = 0xffffffff },
    { "CONFIG", CONFIG, .rw = 0x7 },
    { "ADDRESS", ADDRESS, .rw = 0x7f },
    NRF51_POWER_CONTROL,
    FWSIM_REG_END
};
/* clang-format on */

static const char *const gaps[] = {
    "levels of the pins of both buses; clock phase and polarity of SPI do not "
    "matter for its bytes",
    "SPI slave",
    "TWI: OVERRUN never happens, the clock is stretched until RXD was read",
    "TWI: clock stretching by parts and other masters on the bus",
    NULL
};

const fwsim_periph_type nrf51_spi_twi = {
    .name = "nrf51_spi_twi",
    .summary = "SPI master and I2C master",
    .source = "nRF51 Series Reference Manual v3.0, chapters 26 and 28",
    .gaps = gaps,
    .size = NRF51_SIZE,
    .regs = regs,
    .i2c_bus = true,
    .spi_bus = true,
    .state_size = sizeof(nrf51_spi_twi_state),
    .irqs = 1,
    .on_reset = on_reset,
    .on_event = on_event,
};
