/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * nRF51 factory information: what Nordic writes into a chip once and for all,
 * here for an nRF51822-QFAA of the third revision (256 KiB flash, 16 KiB RAM).
 *
 * Source: nRF51 Series Reference Manual v3.0, chapter 7.
 * The numbers that differ from chip to chip follow from the device identifier,
 * an input, so that a host can tell its machines apart.
 */
#include "fwsim_periph.h"

enum {
    CODEPAGESIZE = 0x010,
    CODESIZE = 0x014,
    CLENR0 = 0x028,
    PPFC = 0x02c,
    NUMRAMBLOCK = 0x034,
    SIZERAMBLOCK = 0x038,
    CONFIGID = 0x05c,
    DEVICEID = 0x060,
    ER = 0x080,
    IR = 0x090,
    DEVICEADDRTYPE = 0x0a0,
    DEVICEADDR = 0x0a4,
    OVERRIDEEN = 0x0ac,
    NRF_1MBIT = 0x0b0,
    BLE_1MBIT = 0x0ec
};

#define ERASED 0xffffffffu

enum { RAM_BLOCKS = 2, RAM_BLOCK_SIZE = 8192 };

/* nRF51 compatibility matrix: hardware 0x0072 is QFAA, build code H0. No
 * SoftDevice was programmed in the factory. */
#define CONFIGID_QFAA_H0 0xffff0072u

/** A number of this chip: looks random, and follows from its identifier. */
static uint32_t chip_number(fwsim_periph *p, uint32_t which)
{
    uint32_t x = (uint32_t)fwsim_input(p, 0) + which * 0x9e3779b9u;

    x = (x ^ (x >> 16)) * 0x85ebca6bu + (uint32_t)fwsim_input(p, 1);
    x = (x ^ (x >> 13)) * 0xc2b2ae35u;
    return x ^ (x >> 16);
}

static uint32_t sizeramblock_read(fwsim_periph *p, unsigned index,
                                  uint32_t stored)
{
    (void)p;
    return index < RAM_BLOCKS ? stored : 0;
}

static uint32_t deviceid_read(fwsim_periph *p, unsigned index, uint32_t stored)
{
    (void)stored;
    return (uint32_t)fwsim_input(p, index);
}

static uint32_t er_read(fwsim_periph *p, unsigned index, uint32_t stored)
{
    (void)stored;
    return chip_number(p, ER + index);
}

static uint32_t ir_read(fwsim_periph *p, unsigned index, uint32_t stored)
{
    (void)stored;
    return chip_number(p, IR + index);
}

static uint32_t deviceaddr_read(fwsim_periph *p, unsigned index,
                                uint32_t stored)
{
    /* 48 bits; the rest of the second word is erased flash. */
    (void)stored;
    return chip_number(p, DEVICEADDR + index) | (index ? 0xffff0000u : 0);
}

/* clang-format off */
static const fwsim_reg ficr_regs[] = {
    { "CODEPAGESIZE", CODEPAGESIZE, .reset = 1024 },
    { "CODESIZE", CODESIZE, .reset = 256 },
    { "CLENR0", CLENR0, .reset = ERASED },
    { "PPFC", PPFC, .reset = ERASED },
    { "NUMRAMBLOCK", NUMRAMBLOCK, .reset = RAM_BLOCKS },
    { "SIZERAMBLOCK", SIZERAMBLOCK, .count = 4, .reset = RAM_BLOCK_SIZE,
      .on_read = sizeramblock_read },
    { "CONFIGID", CONFIGID, .reset = CONFIGID_QFAA_H0 },
    { "DEVICEID", DEVICEID, .count = 2, .on_read = deviceid_read },
    { "ER", ER, .count = 4, .on_read = er_read },
    { "IR", IR, .count = 4, .on_read = ir_read },
    { "DEVICEADDRTYPE", DEVICEADDRTYPE, .reset = ERASED },
    { "DEVICEADDR", DEVICEADDR, .count = 2, .on_read = deviceaddr_read },
    { "OVERRIDEEN", OVERRIDEEN, .reset = ERASED },
    { "NRF_1MBIT", NRF_1MBIT, .count = 5, .reset = ERASED },
    { "BLE_1MBIT", BLE_1MBIT, .count = 5, .reset = ERASED },
    FWSIM_REG_END
};

static const fwsim_quantity ficr_inputs[] = {
    { "device_id_0", "", 0x2b1e57c4, INT32_MIN, INT32_MAX },
    { "device_id_1", "", 0x6d0f93a8, INT32_MIN, INT32_MAX },
    { 0 }
};
/* clang-format on */

static const char *const ficr_gaps[] = {
    "chip variants other than nRF51822-QFAA",
    NULL
};

const fwsim_periph_type nrf51_ficr = {
    .name = "nrf51_ficr",
    .summary = "factory information of an nRF51822-QFAA",
    .source = "nRF51 Series Reference Manual v3.0, chapter 7",
    .gaps = ficr_gaps,
    .size = 0x400,
    .regs = ficr_regs,
    .inputs = ficr_inputs,
};
