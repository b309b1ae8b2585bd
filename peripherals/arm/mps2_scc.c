/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Serial configuration controller of the MPS2 board: what the board's own
 * microcontroller tells the FPGA, and a channel to its oscillators.
 *
 * Source: Arm DAI 0385 (AN385), Serial Configuration Controller.
 * Modelled: identification, LEDs, oscillator frequencies by CFGCTRL.
 * Not modelled: see scc_gaps.
 */
#include "fwsim_periph.h"

enum {
    CFG0 = 0x000,
    CFG1 = 0x004,
    CFG3 = 0x00c,
    CFG4 = 0x010,
    CFGDATA_RTN = 0x0a0,
    CFGDATA_OUT = 0x0a4,
    CFGCTRL = 0x0a8,
    CFGSTAT = 0x0ac,
    DLLLOCK = 0x100,
    AID = 0xff8,
    ID = 0xffc
};
enum { PARAM_ID, PARAM_AID, PARAM_CFG4, PARAM_OSCILLATOR, OSCILLATORS = 3 };

#define CFGCTRL_START (1u << 31)
#define CFGCTRL_WRITE (1u << 30)
#define CFGCTRL_ALL   0xc3f00fffu
#define CFGSTAT_DONE  (1u << 0)
#define CFGSTAT_ERROR (1u << 1)
enum { FUNCTION_OSCILLATOR = 1 };

typedef struct scc {
    uint32_t oscillator_hz[OSCILLATORS];
    uint32_t reserved;
} scc;

/* CFGCTRL: function in bits 25 to 20, device in bits 11 to 0. */
static bool transfer(fwsim_periph *p, uint32_t ctrl)
{
    scc *s = fwsim_state(p);
    uint32_t device = ctrl & 0xfff;

    if ((ctrl >> 20 & 0x3f) != FUNCTION_OSCILLATOR || device >= OSCILLATORS)
        return false;
    if (ctrl & CFGCTRL_WRITE)
        s->oscillator_hz[device] = fwsim_reg_get(p, CFGDATA_OUT);
    else
        fwsim_reg_set(p, CFGDATA_RTN, s->oscillator_hz[device]);
    return true;
}

static void cfgctrl_written(fwsim_periph *p, unsigned index, uint32_t written)
{
    uint32_t ctrl = fwsim_reg_get(p, CFGCTRL);

    (void)index;
    (void)written;
    if (!(ctrl & CFGCTRL_START))
        return;
    fwsim_reg_update(p, CFGCTRL, CFGCTRL_START, 0);
    fwsim_reg_set(p, CFGSTAT,
                  CFGSTAT_DONE | (transfer(p, ctrl) ? 0 : CFGSTAT_ERROR));
}

static void scc_reset(fwsim_periph *p, fwsim_reset_kind kind)
{
    const uint32_t *param = fwsim_periph_slot(p)->param;
    scc *s = fwsim_state(p);

    fwsim_reg_set(p, ID, param[PARAM_ID]);
    fwsim_reg_set(p, AID, param[PARAM_AID]);
    fwsim_reg_set(p, CFG4, param[PARAM_CFG4]);
    if (kind != FWSIM_RESET_POWER_ON)
        return;
    for (unsigned i = 0; i < OSCILLATORS; i++)
        s->oscillator_hz[i] = param[PARAM_OSCILLATOR + i];
}

/* clang-format off */
static const fwsim_reg scc_regs[] = {
    { "CFG0",        CFG0,        .rw = 0x1, .unimpl = 0x1 },
    { "CFG1",        CFG1,        .rw = 0xff },
    { "CFG3",        CFG3,        .reset = 0 },
    { "CFG4",        CFG4,        .reset = 0 },
    { "CFGDATA_RTN", CFGDATA_RTN, .rw = ~0u },
    { "CFGDATA_OUT", CFGDATA_OUT, .rw = ~0u },
    { "CFGCTRL",     CFGCTRL,     .rw = CFGCTRL_ALL, .on_write = cfgctrl_written },
    { "CFGSTAT",     CFGSTAT,     .rw = CFGSTAT_DONE | CFGSTAT_ERROR },
    { "DLLLOCK",     DLLLOCK,     .reset = 0xffff0001 },
    { "AID",         AID,         .reset = 0 },
    { "ID",          ID,          .reset = 0 },
    FWSIM_REG_END
};
/* clang-format on */

static const char *const scc_params[] = {
    "id", "aid", "cfg4", "oscillator0_hz", "oscillator1_hz", "oscillator2_hz",
    NULL
};

static const char *const scc_gaps[] = {
    "CFG0: block RAM is never mapped to address 0",
    "CFG3: all switches are off",
    "a new oscillator frequency is kept, but changes no clock",
    NULL
};

const fwsim_periph_type mps2_scc = {
    .name = "mps2_scc",
    .summary = "MPS2 serial configuration controller",
    .source = "Arm DAI 0385, Serial Configuration Controller",
    .gaps = scc_gaps,
    .size = 0x1000,
    .regs = scc_regs,
    .state_size = sizeof(scc),
    .params = scc_params,
    .on_reset = scc_reset,
};
