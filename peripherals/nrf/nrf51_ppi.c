/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * nRF51 PPI: connects events of peripherals to tasks of others.
 *
 * Source: nRF51 RM v3.0, chapter 16.
 * Modelled: the programmable channels 0-15, the fixed channels 20-31 (their
 * end points are the parameters of the slot), groups with their tasks. An
 * event that a channel's task causes reaches its channels a clock later, as
 * on silicon; so even channels in a circle let time go on.
 */
#include "nrf51_common.h"

enum { CHEN = 0x500, EEP = 0x510, TEP = 0x514, CHG = 0x800 };
enum { CHANNELS = 32, PROGRAMMABLE = 16, FIRST_FIXED = 20, GROUPS = 4 };

#define CHANNELS_MASK 0xfff0ffffu

typedef struct ppi {
    uint32_t busy;    /* tasks are being triggered */
    uint32_t pending; /* channels that wait for the next clock */
} ppi;

/** An end point of a channel. @a which: EEP or TEP */
static uint32_t end_point(fwsim_periph *p, unsigned channel, uint32_t which)
{
    if (channel < PROGRAMMABLE)
        return fwsim_reg_get(p, which + 8 * channel);
    return fwsim_periph_slot(p)
        ->param[2 * (channel - FIRST_FIXED) + (which == TEP)];
}

static uint32_t channels_of(fwsim_periph *p, uint64_t event)
{
    uint32_t enabled = fwsim_reg_get(p, CHEN), found = 0;

    for (unsigned n = 0; enabled && n < CHANNELS; n++)
        if ((enabled >> n & 1) && end_point(p, n, EEP) == event)
            found |= 1u << n;
    return found;
}

static void trigger(fwsim_periph *p, uint32_t channels)
{
    ppi *s = fwsim_state(p);

    s->busy = 1;
    for (unsigned n = 0; n < CHANNELS; n++)
        if (channels >> n & 1)
            fwsim_bus_poke(p, end_point(p, n, TEP), 1);
    s->busy = 0;
}

static void ppi_signal(fwsim_periph *p, uint64_t address)
{
    ppi *s = fwsim_state(p);
    uint32_t channels = channels_of(p, address);

    if (!channels)
        return;
    if (s->busy) {
        s->pending |= channels;
        fwsim_event_set(p, 0, 1);
        return;
    }
    trigger(p, channels);
}

static void ppi_event(fwsim_periph *p, unsigned id)
{
    ppi *s = fwsim_state(p);
    uint32_t channels = s->pending;

    (void)id;
    s->pending = 0;
    trigger(p, channels);
}

static void chg_en(fwsim_periph *p, unsigned index, uint32_t written)
{
    if (written & 1)
        fwsim_reg_update(p, CHEN, 0, fwsim_reg_get(p, CHG + 4 * index));
}

static void chg_dis(fwsim_periph *p, unsigned index, uint32_t written)
{
    if (written & 1)
        fwsim_reg_update(p, CHEN, fwsim_reg_get(p, CHG + 4 * index), 0);
}

static void ppi_reset(fwsim_periph *p, fwsim_reset_kind kind)
{
    (void)kind;
    *(ppi *)fwsim_state(p) = (ppi){ 0 };
}

/* clang-format off */
static const fwsim_reg ppi_regs[] = {
    { "TASKS_CHG_EN",  0x000,  GROUPS, 8, .wo = 1, .on_write = chg_en },
    { "TASKS_CHG_DIS", 0x004,  GROUPS, 8, .wo = 1, .on_write = chg_dis },
    { "CHEN",          CHEN,   .rw = CHANNELS_MASK },
    { "CHENSET",       0x504,  .alias = FWSIM_ALIAS_SET,   .of = CHEN },
    { "CHENCLR",       0x508,  .alias = FWSIM_ALIAS_CLEAR, .of = CHEN },
    { "CH_EEP",        EEP,    PROGRAMMABLE, 8, .rw = ~0u },
    { "CH_TEP",        TEP,    PROGRAMMABLE, 8, .rw = ~0u },
    { "CHG",           CHG,    GROUPS, .rw = CHANNELS_MASK },
    FWSIM_REG_END
};
/* clang-format on */

static const char *const ppi_params[] = {
    "eep20", "tep20", "eep21", "tep21", "eep22", "tep22", "eep23", "tep23",
    "eep24", "tep24", "eep25", "tep25", "eep26", "tep26", "eep27", "tep27",
    "eep28", "tep28", "eep29", "tep29", "eep30", "tep30", "eep31", "tep31",
    NULL
};

const fwsim_periph_type nrf51_ppi = {
    .name = "nrf51_ppi",
    .summary = "connections of events to tasks, without the core",
    .source = "nRF51 RM v3.0, chapter 16",
    .size = NRF51_SIZE,
    .regs = ppi_regs,
    .state_size = sizeof(ppi),
    .params = ppi_params,
    .on_reset = ppi_reset,
    .on_event = ppi_event,
    .on_signal = ppi_signal,
};
