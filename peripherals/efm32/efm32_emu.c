/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * EFM32 energy management unit.
 *
 * Source: EFM32HG Reference Manual, chapter 10 (EMU).
 * Modelled: registers and lock.
 * Not modelled: see emu_gaps.
 */
#include "fwsim_periph.h"

enum { CTRL = 0x00, LOCK = 0x08, AUXCTRL = 0x24 };

enum { LOCK_KEY = 0xade8 };

#define CTRL_EM4CTRL (3u << 2)

static void ctrl_written(fwsim_periph *p, unsigned index, uint32_t written)
{
    (void)index;
    if (written & CTRL_EM4CTRL)
        fwsim_unimpl(p, "EM4 is not modelled: EMU_CTRL.EM4CTRL has no effect");
}

/* Reads 0 when unlocked, 1 when locked. */
static void lock_written(fwsim_periph *p, unsigned index, uint32_t written)
{
    (void)index;
    fwsim_reg_set(p, LOCK, (written & 0xffff) != LOCK_KEY);
}

/* clang-format off */
static const fwsim_reg emu_regs[] = {
    { "CTRL",    CTRL,    .rw = 0xf, .on_write = ctrl_written },
    { "LOCK",    LOCK,    .rw = 0xffff, .on_write = lock_written },
    { "AUXCTRL", AUXCTRL, .rw = 0x1 },
    FWSIM_REG_END
};
/* clang-format on */

static const char *const emu_gaps[] = {
    "EM2 and EM3: deep sleep is plain sleep, and all clocks go on",
    "EM4",
    "LOCK is kept, but protects nothing",
    NULL
};

const fwsim_periph_type efm32_emu = {
    .name = "efm32_emu",
    .summary = "EFM32 energy management unit: registers only",
    .source = "EFM32HG Reference Manual, chapter 10",
    .gaps = emu_gaps,
    .size = 0x400,
    .regs = emu_regs,
};
