/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * CMSDK system controller: says why the chip was reset.
 *
 * Source: Arm DDI 0479, example system controller.
 * Modelled: RSTINFO.
 * Not modelled: see sysctrl_gaps.
 */
#include "fwsim_periph.h"
#include "cmsdk_id.h"

enum { REMAP = 0x00, PMUCTRL = 0x04, RESETOP = 0x08, RSTINFO = 0x10 };

#define RSTINFO_SYSRESETREQ  (1u << 0)
#define RSTINFO_WDOGRESETREQ (1u << 1)
#define RSTINFO_ALL          0x7u

static const uint32_t causes[] = {
    [FWSIM_RESET_SYSTEM] = RSTINFO_SYSRESETREQ,
    [FWSIM_RESET_WATCHDOG] = RSTINFO_WDOGRESETREQ,
};

static void sysctrl_reset(fwsim_periph *p, fwsim_reset_kind kind)
{
    /* The pin is the power-on reset of this system. */
    if (kind == FWSIM_RESET_PIN || kind == FWSIM_RESET_POWER_ON)
        fwsim_reg_set(p, RSTINFO, 0);
    else
        fwsim_reg_update(p, RSTINFO, 0, causes[kind]);
}

/* clang-format off */
static const fwsim_reg sysctrl_regs[] = {
    { "REMAP",   REMAP,   .rw = 0x1, .unimpl = 0x1 },
    { "PMUCTRL", PMUCTRL, .rw = 0x1, .unimpl = 0x1 },
    { "RESETOP", RESETOP, .rw = 0x1, .unimpl = 0x1 },
    { "RSTINFO", RSTINFO, .w1c = RSTINFO_ALL, .retained = true },
    CMSDK_ID_ROWS(0x26, 0x1b),
    FWSIM_REG_END
};
/* clang-format on */

static const char *const sysctrl_gaps[] = {
    "REMAP, PMUCTRL and RESETOP: kept, without effect",
    "a lockup never resets the chip",
    NULL
};

const fwsim_periph_type cmsdk_sysctrl = {
    .name = "cmsdk_sysctrl",
    .summary = "CMSDK system controller: reset causes",
    .source = "Arm DDI 0479, example system controller",
    .gaps = sysctrl_gaps,
    .size = 0x1000,
    .regs = sysctrl_regs,
    .on_reset = sysctrl_reset,
};
