/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * EFM32 ROM table: the identification registers that hold family and
 * revision of the chip.
 *
 * Source: EFM32HG Reference Manual, chapter 5, chip revision.
 * Modelled: the revision fields of PID0 to PID3.
 * Not modelled: see romtable_gaps.
 */
#include "fwsim_periph.h"

enum { PID0 = 0xfe0, PID1 = 0xfe4, PID2 = 0xfe8, PID3 = 0xfec };

enum { PARAM_FAMILY, PARAM_MAJOR, PARAM_MINOR };

static const char *const romtable_params[] = {
    "family", /* 6 bits */
    "major",  /* 6 bits */
    "minor",  /* 8 bits: 0 is revision A */
    NULL
};

static void romtable_reset(fwsim_periph *p, fwsim_reset_kind kind)
{
    const uint32_t *param = fwsim_periph_slot(p)->param;
    uint32_t family = param[PARAM_FAMILY], minor = param[PARAM_MINOR];

    (void)kind;
    fwsim_reg_set(p, PID0, (family & 3) << 6 | (param[PARAM_MAJOR] & 0x3f));
    fwsim_reg_set(p, PID1, family >> 2 & 0xf);
    fwsim_reg_set(p, PID2, minor & 0xf0);
    fwsim_reg_set(p, PID3, (minor & 0xf) << 4);
}

/* clang-format off */
static const fwsim_reg romtable_regs[] = {
    { "PID0", PID0, .reset = 0x0 },
    { "PID1", PID1, .reset = 0x0 },
    { "PID2", PID2, .reset = 0x0 },
    { "PID3", PID3, .reset = 0x0 },
    FWSIM_REG_END
};
/* clang-format on */

static const char *const romtable_gaps[] = {
    "the table itself, the component identification and the manufacturer code",
    NULL
};

const fwsim_periph_type efm32_romtable = {
    .name = "efm32_romtable",
    .summary = "EFM32 chip family and revision",
    .source = "EFM32HG Reference Manual, chapter 5, chip revision",
    .gaps = romtable_gaps,
    .size = 0x1000,
    .regs = romtable_regs,
    .params = romtable_params,
    .on_reset = romtable_reset,
};
