/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * nRF51 memory protection unit: the half that protects blocks of flash against
 * being written and erased. PERR0 and RLENR0, which divide flash, RAM and
 * peripherals into two regions, lie among the registers of POWER and CLOCK.
 *
 * Source: nRF51 RM v3.0, chapter 9.
 */
#include "fwsim_periph.h"

/* From the first of these registers, which is 0x600 of the block. */
enum {
    PROTENSET0 = 0x0, PROTENSET1 = 0x4, DISABLEINDEBUG = 0x8,
    PROTBLOCKSIZE = 0xc
};

static void protenset_written(fwsim_periph *p, unsigned index, uint32_t written)
{
    /* A block stays protected until the next reset. */
    fwsim_reg_update(p, PROTENSET0 + 4 * index, 0, written);
    if (written)
        fwsim_unimpl(p, "protected blocks of flash can still be changed");
}

/* clang-format off */
static const fwsim_reg mpu_regs[] = {
    { "PROTENSET", PROTENSET0, .count = 2, .wo = 0xffffffff,
      .on_write = protenset_written },
    { "DISABLEINDEBUG", DISABLEINDEBUG, .reset = 1, .rw = 0x1 },
    { "PROTBLOCKSIZE", PROTBLOCKSIZE, .rw = 0x3 },
    FWSIM_REG_END
};
/* clang-format on */

static const char *const mpu_gaps[] = {
    "protection itself: the registers keep their values",
    NULL
};

const fwsim_periph_type nrf51_mpu = {
    .name = "nrf51_mpu",
    .summary = "registers that protect blocks of flash, without effect",
    .source = "nRF51 Series Reference Manual v3.0, chapter 9",
    .gaps = mpu_gaps,
    .size = 0x10,
    .regs = mpu_regs,
};
