/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * EFM32 reset management unit: says why the chip was reset.
 *
 * Source: EFM32HG Reference Manual, chapter 9 (RMU).
 * Modelled: RSTCAUSE, which collects causes until software clears it.
 * Not modelled: see rmu_gaps.
 */
#include "fwsim_periph.h"

enum { CTRL = 0x00, RSTCAUSE = 0x04, CMD = 0x08 };

#define RSTCAUSE_PORST     (1u << 0)
#define RSTCAUSE_EXTRST    (1u << 3)
#define RSTCAUSE_WDOGRST   (1u << 4)
#define RSTCAUSE_SYSREQRST (1u << 6)

#define CMD_RCCLR (1u << 0)

static const uint32_t causes[] = {
    [FWSIM_RESET_POWER_ON] = RSTCAUSE_PORST,
    [FWSIM_RESET_PIN] = RSTCAUSE_EXTRST,
    [FWSIM_RESET_SYSTEM] = RSTCAUSE_SYSREQRST,
    [FWSIM_RESET_WATCHDOG] = RSTCAUSE_WDOGRST,
};

static void cmd_written(fwsim_periph *p, unsigned index, uint32_t written)
{
    (void)index;
    if (written & CMD_RCCLR)
        fwsim_reg_set(p, RSTCAUSE, 0);
}

static void rmu_reset(fwsim_periph *p, fwsim_reset_kind kind)
{
    fwsim_reg_update(p, RSTCAUSE, 0, causes[kind]);
}

/* clang-format off */
static const fwsim_reg rmu_regs[] = {
    { "CTRL",     CTRL,     .rw = 0x1, .unimpl = 0x1 },
    { "RSTCAUSE", RSTCAUSE, .retained = true },
    { "CMD",      CMD,      .wo = CMD_RCCLR, .on_write = cmd_written },
    FWSIM_REG_END
};
/* clang-format on */

static const char *const rmu_gaps[] = {
    "brown-out, lockup and EM4 resets: their causes never appear",
    "RCCLR alone clears all causes; EMU_AUXCTRL.HRCCLR is not needed",
    NULL
};

const fwsim_periph_type efm32_rmu = {
    .name = "efm32_rmu",
    .summary = "EFM32 reset management unit: reset causes",
    .source = "EFM32HG Reference Manual, chapter 9",
    .gaps = rmu_gaps,
    .size = 0x400,
    .regs = rmu_regs,
    .on_reset = rmu_reset,
};
