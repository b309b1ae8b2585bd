/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * IoTKit system control block: reset causes and software reset.
 *
 * Source: Arm ECM0601256 (IoTKit), System Control Register Block.
 * Modelled: RESET_SYNDROME, SWRESET, GRETREG.
 * Not modelled: see sysctrl_gaps.
 */
#include "fwsim_periph.h"
#include "cmsdk_id.h"

enum {
    SECDBGSTAT = 0x000,
    SECDBGSET = 0x004,
    SECDBGCLR = 0x008,
    RESET_SYNDROME = 0x100,
    RESET_MASK = 0x104,
    SWRESET = 0x108,
    GRETREG = 0x10c,
    INITSVTOR0 = 0x110,
    CPUWAIT = 0x118,
    WICCTRL = 0x120
};

#define SYNDROME_POR        (1u << 0)
#define SYNDROME_SWD        (1u << 2)
#define SYNDROME_SYSRSTREQ0 (1u << 4)
#define SYNDROME_RESETREQ   (1u << 8)
#define SYNDROME_SWRESETREQ (1u << 9)
#define SYNDROME_ALL        0x3ffu
#define SWRESET_REQ         (1u << 9)

typedef struct sysctrl {
    uint32_t by_software; /* the reset that comes was asked for by SWRESET */
} sysctrl;

static const uint32_t causes[] = {
    [FWSIM_RESET_POWER_ON] = SYNDROME_POR,
    [FWSIM_RESET_PIN] = SYNDROME_RESETREQ,
    [FWSIM_RESET_SYSTEM] = SYNDROME_SYSRSTREQ0,
    [FWSIM_RESET_WATCHDOG] = SYNDROME_SWD,
};

static void swreset_written(fwsim_periph *p, unsigned index, uint32_t written)
{
    sysctrl *s = fwsim_state(p);

    (void)index;
    if (!(written & SWRESET_REQ))
        return;
    s->by_software = true;
    fwsim_request_reset(p, FWSIM_RESET_SYSTEM);
}

static void sysctrl_reset(fwsim_periph *p, fwsim_reset_kind kind)
{
    sysctrl *s = fwsim_state(p);

    fwsim_reg_update(p, RESET_SYNDROME, 0,
                     s->by_software ? SYNDROME_SWRESETREQ : causes[kind]);
    s->by_software = false;
}

/* clang-format off */
static const fwsim_reg sysctrl_regs[] = {
    { "SECDBGSTAT",     SECDBGSTAT,     .reset = 0 },
    { "SECDBGSET",      SECDBGSET,      .wo = 0xf },
    { "SECDBGCLR",      SECDBGCLR,      .wo = 0xf },
    { "RESET_SYNDROME", RESET_SYNDROME, .w0c = SYNDROME_ALL, .retained = true },
    { "RESET_MASK",     RESET_MASK,     .rw = 0x32, .unimpl = 0x32 },
    { "SWRESET",        SWRESET,        .wo = SWRESET_REQ, .on_write = swreset_written },
    { "GRETREG",        GRETREG,        .rw = 0xffff, .retained = true },
    { "INITSVTOR0",     INITSVTOR0,     .reset = 0x10000000, .rw = 0xffffff80, .unimpl = 0xffffff80 },
    { "CPUWAIT",        CPUWAIT,        .rw = 0x1, .unimpl = 0x1 },
    { "WICCTRL",        WICCTRL,        .rw = 0x1, .unimpl = 0x1 },
    CMSDK_ID_ROWS(0x54, 0x0b),
    FWSIM_REG_END
};
/* clang-format on */

static const char *const sysctrl_gaps[] = {
    "the cause of every watchdog's reset is that of the secure one",
    "RESET_MASK: the non-secure watchdog always resets the chip",
    "INITSVTOR0: a reset always starts at the address it has at power-on",
    "CPUWAIT, WICCTRL and the debug authentication: without effect",
    NULL
};

const fwsim_periph_type iotkit_sysctrl = {
    .name = "iotkit_sysctrl",
    .summary = "IoTKit system control: reset causes, software reset",
    .source = "Arm ECM0601256, System Control Register Block",
    .gaps = sysctrl_gaps,
    .size = 0x1000,
    .regs = sysctrl_regs,
    .state_size = sizeof(sysctrl),
    .on_reset = sysctrl_reset,
};
