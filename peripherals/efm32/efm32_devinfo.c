/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * EFM32 device information page: part number, memory sizes, unique number and
 * the factory's calibration values.
 *
 * Source: EFM32HG Reference Manual, chapter 5, device information page.
 * Modelled: all words of a Happy Gecko; the slot says which part it is.
 * Not modelled: see devinfo_gaps.
 */
#include "fwsim_periph.h"

enum {
    CAL = 0x1b0,
    ADC0CAL0 = 0x1b4,
    ADC0CAL1 = 0x1b8,
    ADC0CAL2 = 0x1bc,
    IDAC0CAL0 = 0x1c8,
    USHFRCOCAL0 = 0x1cc,
    AUXHFRCOCAL0 = 0x1d4,
    AUXHFRCOCAL1 = 0x1d8,
    HFRCOCAL0 = 0x1dc,
    HFRCOCAL1 = 0x1e0,
    MEMINFO = 0x1e4,
    UNIQUEL = 0x1f0,
    UNIQUEH = 0x1f4,
    MSIZE = 0x1f8,
    PART = 0x1fc
};

enum { PARAM_MSIZE, PARAM_PART, PARAM_UNIQUEL, PARAM_UNIQUEH };

static const char *const devinfo_params[] = {
    "msize", /* KiB of RAM << 16 | KiB of flash */
    "part",  /* production revision << 24 | family << 16 | number */
    "uniquel",
    "uniqueh",
    NULL
};

static void devinfo_reset(fwsim_periph *p, fwsim_reset_kind kind)
{
    const uint32_t *param = fwsim_periph_slot(p)->param;

    (void)kind;
    fwsim_reg_set(p, MSIZE, param[PARAM_MSIZE]);
    fwsim_reg_set(p, PART, param[PARAM_PART]);
    fwsim_reg_set(p, UNIQUEL, param[PARAM_UNIQUEL]);
    fwsim_reg_set(p, UNIQUEH, param[PARAM_UNIQUEH]);
}

/*
 * Calibration differs from chip to chip. Here each tuning field has the reset
 * value of the register it is meant for; the temperature is 25 degrees.
 */
/* clang-format off */
static const fwsim_reg devinfo_regs[] = {
    { "CAL",          CAL,          .reset = 0x00190000 },
    { "ADC0CAL0",     ADC0CAL0,     .reset = 0x3f003f00 },
    { "ADC0CAL1",     ADC0CAL1,     .reset = 0x3f003f00 },
    { "ADC0CAL2",     ADC0CAL2,     .reset = 0x0 },
    { "IDAC0CAL0",    IDAC0CAL0,    .reset = 0x0 },
    { "USHFRCOCAL0",  USHFRCOCAL0,  .reset = 0x20402040 },
    { "AUXHFRCOCAL0", AUXHFRCOCAL0, .reset = 0x80808080 },
    { "AUXHFRCOCAL1", AUXHFRCOCAL1, .reset = 0x80 },
    { "HFRCOCAL0",    HFRCOCAL0,    .reset = 0x80808080 },
    { "HFRCOCAL1",    HFRCOCAL1,    .reset = 0x80 },
    { "MEMINFO",      MEMINFO,      .reset = 0x0 },
    { "UNIQUEL",      UNIQUEL,      .reset = 0x0 },
    { "UNIQUEH",      UNIQUEH,      .reset = 0x0 },
    { "MSIZE",        MSIZE,        .reset = 0x0 },
    { "PART",         PART,         .reset = 0x0 },
    FWSIM_REG_END
};
/* clang-format on */

static const char *const devinfo_gaps[] = {
    "calibration values of a real chip; the checksum in CAL is 0",
    "MEMINFO: page size of 1 KiB, but no package and temperature grade",
    NULL
};

const fwsim_periph_type efm32_devinfo = {
    .name = "efm32_devinfo",
    .summary = "EFM32 device information page",
    .source = "EFM32HG Reference Manual, chapter 5, device information",
    .gaps = devinfo_gaps,
    .size = 0x400,
    .regs = devinfo_regs,
    .params = devinfo_params,
    .on_reset = devinfo_reset,
};
