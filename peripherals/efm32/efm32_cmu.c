/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * EFM32 Happy Gecko clock management unit.
 *
 * Source: EFM32HG Reference Manual, chapter 11 (CMU); start-up times from the
 * data sheet, "Oscillators".
 * Modelled: oscillators with their start-up time, selection of the core's and
 * of the USB's clock, calibration counters, interrupts, LOCK.
 * Not modelled: see cmu_gaps.
 */
#include "efm32_common.h"

enum {
    CTRL = 0x00,
    HFCORECLKDIV = 0x04,
    HFPERCLKDIV = 0x08,
    HFRCOCTRL = 0x0c,
    LFRCOCTRL = 0x10,
    AUXHFRCOCTRL = 0x14,
    CALCTRL = 0x18,
    CALCNT = 0x1c,
    OSCENCMD = 0x20,
    CMD = 0x24,
    LFCLKSEL = 0x28,
    STATUS = 0x2c,
    IF = 0x30,
    IFS = 0x34,
    IFC = 0x38,
    IEN = 0x3c,
    HFCORECLKEN0 = 0x40,
    HFPERCLKEN0 = 0x44,
    SYNCBUSY = 0x50,
    FREEZE = 0x54,
    LFACLKEN0 = 0x58,
    LFBCLKEN0 = 0x60,
    LFCCLKEN0 = 0x64,
    LFAPRESC0 = 0x68,
    LFBPRESC0 = 0x70,
    PCNTCTRL = 0x78,
    ROUTE = 0x80,
    LOCK = 0x84,
    USBCRCTRL = 0xd0,
    USHFRCOCTRL = 0xd4,
    USHFRCOTUNE = 0xd8,
    USHFRCOCONF = 0xdc
};

#define CMD_CALSTART (1u << 3)
#define CMD_CALSTOP  (1u << 4)
#define CMD_ALL      0xffu

#define STATUS_CALBSY (1u << 14)

#define IF_CALRDY       (1u << 5)
#define IF_CALOF        (1u << 6)
#define IF_USBCHFOSCSEL (1u << 9)
#define IF_ALL          0x37fu

#define CALCTRL_CONT (1u << 6)
#define CALCNT_MASK  0xfffffu

enum { LOCK_KEY = 0x580e, USHFRCO_48MHZ = 1, USBC_USHFRCO = 4 };

/* Frequencies of the crystals that the reference manual names. */
enum { HFXO_HZ = 24000000, LF_HZ = 32768 };

enum { HFRCO, HFXO, AUXHFRCO, LFRCO, LFXO, USHFRCO, OSCILLATORS };
enum { EVENT_CAL = OSCILLATORS };

typedef struct cmu_state {
    uint64_t counted; /* of a running calibration: what the up counter reaches */
} cmu_state;

/**
 * An oscillator, by bit numbers. The command to disable it is next to the one
 * that enables it, "ready" in STATUS next to "enabled".
 */
typedef struct oscillator {
    const char *name;
    uint8_t enable;  /* OSCENCMD */
    uint8_t enabled; /* STATUS */
    uint8_t ready;   /* IF */
    uint32_t start_ns; /* 0: as CTRL says */
} oscillator;

/* clang-format off */
static const oscillator oscillators[OSCILLATORS] = {
    [HFRCO]    = { "HFRCO",     0,  0, 0, 600 },
    [HFXO]     = { "HFXO",      2,  2, 1, 0 },
    [AUXHFRCO] = { "AUXHFRCO",  4,  4, 4, 600 },
    [LFRCO]    = { "LFRCO",     6,  6, 2, 150000 },
    [LFXO]     = { "LFXO",      8,  8, 3, 0 },
    [USHFRCO]  = { "USHFRCO",  10, 21, 8, 1000 },
};

/* CMU_CMD, HFCLKSEL and USBCCLKSEL: the oscillator that a code
 * selects, and the bit of STATUS that shows it. */
typedef struct selection {
    uint8_t code, oscillator, status;
} selection;

static const selection hfclk_selections[] = {
    { 1, HFRCO,   10 },
    { 2, HFXO,    11 },
    { 3, LFRCO,   12 },
    { 4, LFXO,    13 },
    { 5, USHFRCO, 26 },
    { 0, 0, 0 }
};

static const selection usbc_selections[] = {
    { 2,            LFXO,    16 },
    { 3,            LFRCO,   17 },
    { USBC_USHFRCO, USHFRCO, 18 },
    { 0, 0, 0 }
};
/* clang-format on */

static bool status(const fwsim_periph *p, unsigned bit)
{
    return fwsim_reg_get(p, STATUS) >> bit & 1;
}

static void update_irq(fwsim_periph *p)
{
    fwsim_irq_set(p, 0, fwsim_reg_get(p, IF) & fwsim_reg_get(p, IEN));
}

static void flag(fwsim_periph *p, uint32_t bits)
{
    fwsim_reg_update(p, IF, 0, bits);
    update_irq(p);
}

static bool locked(fwsim_periph *p, const char *reg)
{
    if (!fwsim_reg_get(p, LOCK))
        return false;
    fwsim_guest_error(p, "%s written while LOCK is locked", reg);
    return true;
}

/* ------------------------------------------------------------------ */
/* Oscillators                                                          */
/* ------------------------------------------------------------------ */

/* Crystals: CMU_CTRL, the time-out counters HFXOTIMEOUT and LFXOTIMEOUT
 * say when the clock is let through. */
static uint64_t start_time_ns(const fwsim_periph *p, unsigned o)
{
    static const uint16_t hfxo_cycles[] = { 8, 256, 1024, 16384 };
    static const uint16_t lfxo_cycles[] = { 8, 1024, 16384, 32768 };
    uint32_t ctrl = fwsim_reg_get(p, CTRL);

    if (o == HFXO)
        return hfxo_cycles[ctrl >> 9 & 3] * FWSIM_S(1) / HFXO_HZ;
    if (o == LFXO)
        return lfxo_cycles[ctrl >> 18 & 3] * FWSIM_S(1) / LF_HZ;
    return oscillators[o].start_ns;
}

static bool selected(const fwsim_periph *p, unsigned o)
{
    for (const selection *s = hfclk_selections; s->code; s++)
        if (s->oscillator == o && status(p, s->status))
            return true;
    return false;
}

static void enable(fwsim_periph *p, unsigned o)
{
    if (status(p, oscillators[o].enabled))
        return;
    fwsim_reg_update(p, STATUS, 0, 1u << oscillators[o].enabled);
    fwsim_event_set(p, o, fwsim_ticks_from_ns(p, start_time_ns(p, o)));
}

static void disable(fwsim_periph *p, unsigned o)
{
    if (selected(p, o)) {
        fwsim_guest_error(p, "%s is switched off, but the core runs on it",
                          oscillators[o].name);
        return;
    }
    fwsim_event_cancel(p, o);
    fwsim_reg_update(p, STATUS, 3u << oscillators[o].enabled, 0);
}

static void oscencmd_written(fwsim_periph *p, unsigned index, uint32_t written)
{
    (void)index;
    if (locked(p, "OSCENCMD"))
        return;
    for (unsigned o = 0; o < OSCILLATORS; o++) {
        uint32_t command = written >> oscillators[o].enable;

        /* CMU_OSCENCMD: to enable wins over to disable. */
        if (command & 1)
            enable(p, o);
        else if (command & 2)
            disable(p, o);
    }
}

/* ------------------------------------------------------------------ */
/* Selection                                                            */
/* ------------------------------------------------------------------ */

/* @return true when the code has taken effect */
static bool apply_selection(fwsim_periph *p, const selection *table,
                            unsigned code)
{
    uint32_t all = 0;
    const selection *chosen = NULL;

    for (const selection *s = table; s->code; s++) {
        all |= 1u << s->status;
        if (s->code == code)
            chosen = s;
    }
    if (!chosen) {
        fwsim_guest_error(p, "CMD selects a clock by the unknown code %u",
                          code);
        return false;
    }
    if (!status(p, oscillators[chosen->oscillator].enabled)) {
        fwsim_guest_error(p, "CMD selects %s, which is not enabled",
                          oscillators[chosen->oscillator].name);
        return false;
    }
    fwsim_reg_update(p, STATUS, all, 1u << chosen->status);
    return true;
}

/* ------------------------------------------------------------------ */
/* Calibration                                                          */
/* ------------------------------------------------------------------ */

static uint32_t band_hz(uint32_t ctrl)
{
    static const uint32_t bands[8] = { 1200000,  6600000,  11000000, 14000000,
                                       21000000, 21000000, 21000000, 21000000 };
    return bands[ctrl >> 8 & 7];
}

static uint32_t oscillator_hz(const fwsim_periph *p, unsigned o)
{
    switch (o) {
    case HFRCO:
        return band_hz(fwsim_reg_get(p, HFRCOCTRL));
    case AUXHFRCO:
        return band_hz(fwsim_reg_get(p, AUXHFRCOCTRL));
    case HFXO:
        return HFXO_HZ;
    case USHFRCO:
        return (fwsim_reg_get(p, USHFRCOCONF) & 7) == USHFRCO_48MHZ ? 48000000
                                                                    : 24000000;
    default:
        return LF_HZ;
    }
}

/* CMU_CALCTRL: the up counter counts until the down counter has come from
 * CALCNT to 0. DOWNSEL 0 is the core's clock. */
static void calibration_start(fwsim_periph *p)
{
    static const uint8_t sources[8] = { HFXO,     LFXO,    HFRCO, LFRCO,
                                        AUXHFRCO, USHFRCO, HFRCO, HFRCO };
    uint32_t ctrl = fwsim_reg_get(p, CALCTRL);
    uint32_t top = fwsim_reg_get(p, CALCNT) & CALCNT_MASK;
    unsigned down = ctrl >> 3 & 7;
    uint32_t down_hz = down ? oscillator_hz(p, sources[down - 1])
                            : fwsim_clock_hz(p);
    uint32_t up_hz = oscillator_hz(p, sources[ctrl & 7]);
    cmu_state *s = fwsim_state(p);

    if (ctrl & CALCTRL_CONT)
        fwsim_unimpl(p, "continuous calibration runs once only");
    s->counted = (top + 1) * (uint64_t)up_hz / down_hz;
    fwsim_reg_update(p, STATUS, 0, STATUS_CALBSY);
    fwsim_event_set(p, EVENT_CAL,
                    fwsim_ticks_from_ns(p, (top + 1) * FWSIM_S(1) / down_hz));
}

static void calibration_done(fwsim_periph *p)
{
    const cmu_state *s = fwsim_state(p);

    fwsim_reg_update(p, STATUS, STATUS_CALBSY, 0);
    fwsim_reg_set(p, CALCNT, s->counted & CALCNT_MASK);
    flag(p, IF_CALRDY | (s->counted > CALCNT_MASK ? IF_CALOF : 0));
}

static void cmu_event(fwsim_periph *p, unsigned id)
{
    if (id == EVENT_CAL) {
        calibration_done(p);
        return;
    }
    fwsim_reg_update(p, STATUS, 0, 2u << oscillators[id].enabled);
    flag(p, 1u << oscillators[id].ready);
}

static void cmd_written(fwsim_periph *p, unsigned index, uint32_t written)
{
    unsigned core = written & 7, usb = written >> 5 & 7;

    (void)index;
    if (locked(p, "CMD"))
        return;
    if (core)
        apply_selection(p, hfclk_selections, core);
    if (usb && apply_selection(p, usbc_selections, usb) && usb == USBC_USHFRCO)
        flag(p, IF_USBCHFOSCSEL);
    if (written & CMD_CALSTART)
        calibration_start(p);
    if (written & CMD_CALSTOP) {
        fwsim_event_cancel(p, EVENT_CAL);
        fwsim_reg_update(p, STATUS, STATUS_CALBSY, 0);
    }
}

/* ------------------------------------------------------------------ */
/* The rest                                                             */
/* ------------------------------------------------------------------ */

/* CMU_LOCK: reads 0 when unlocked, 1 when locked. */
static void lock_written(fwsim_periph *p, unsigned index, uint32_t written)
{
    (void)index;
    fwsim_reg_set(p, LOCK, (written & 0xffff) != LOCK_KEY);
}

EFM32_INTERRUPT_WRITES(IF_ALL, update_irq)

static void cmu_reset(fwsim_periph *p, fwsim_reset_kind kind)
{
    (void)kind;
    update_irq(p);
}

/* STATUS and IF after reset: HFRCO runs, is ready and drives the core. */
/* clang-format off */
static const fwsim_reg cmu_regs[] = {
    { "CTRL",         CTRL,         .reset = 0x000c262c, .rw = 0x07feeeef, .unimpl = 0x0001c000 },
    { "HFCORECLKDIV", HFCORECLKDIV, .rw = 0x10f, .unimpl = 0xf },
    { "HFPERCLKDIV",  HFPERCLKDIV,  .reset = 0x100, .rw = 0x10f, .unimpl = 0xf },
    { "HFRCOCTRL",    HFRCOCTRL,    .reset = 0x380, .rw = 0x1f7ff },
    { "LFRCOCTRL",    LFRCOCTRL,    .reset = 0x40, .rw = 0x7f },
    { "AUXHFRCOCTRL", AUXHFRCOCTRL, .reset = 0x80, .rw = 0x7ff },
    { "CALCTRL",      CALCTRL,      .rw = 0x7f },
    { "CALCNT",       CALCNT,       .rw = CALCNT_MASK },
    { "OSCENCMD",     OSCENCMD,     .wo = 0xfff, .on_write = oscencmd_written },
    { "CMD",          CMD,          .wo = CMD_ALL, .on_write = cmd_written },
    { "LFCLKSEL",     LFCLKSEL,     .reset = 0x15, .rw = 0x11003f, .unimpl = 0x110000 },
    { "STATUS",       STATUS,       .reset = 0x403 },
    { "IF",           IF,           .reset = 0x1 },
    { "IFS",          IFS,          .wo = IF_ALL, .on_write = ifs_written },
    { "IFC",          IFC,          .wo = IF_ALL, .on_write = ifc_written },
    { "IEN",          IEN,          .rw = IF_ALL, .on_write = ien_written },
    { "HFCORECLKEN0", HFCORECLKEN0, .rw = 0x1f },
    { "HFPERCLKEN0",  HFPERCLKEN0,  .rw = 0xfff },
    { "SYNCBUSY",     SYNCBUSY,     .reset = 0x0 },
    { "FREEZE",       FREEZE,       .rw = 0x1, .unimpl = 0x1 },
    { "LFACLKEN0",    LFACLKEN0,    .rw = 0x1 },
    { "LFBCLKEN0",    LFBCLKEN0,    .rw = 0x1 },
    { "LFCCLKEN0",    LFCCLKEN0,    .rw = 0x1 },
    { "LFAPRESC0",    LFAPRESC0,    .rw = 0xf, .unimpl = 0xf },
    { "LFBPRESC0",    LFBPRESC0,    .rw = 0x3, .unimpl = 0x3 },
    { "PCNTCTRL",     PCNTCTRL,     .rw = 0x3, .unimpl = 0x3 },
    { "ROUTE",        ROUTE,        .rw = 0x1f, .unimpl = 0x3 },
    { "LOCK",         LOCK,         .rw = 0xffff, .on_write = lock_written },
    { "USBCRCTRL",    USBCRCTRL,    .rw = 0x3 },
    { "USHFRCOCTRL",  USHFRCOCTRL,  .reset = 0xff040, .rw = 0xff37f, .unimpl = 0x200 },
    { "USHFRCOTUNE",  USHFRCOTUNE,  .reset = 0x20, .rw = 0x3f },
    { "USHFRCOCONF",  USHFRCOCONF,  .reset = 0x1, .rw = 0x17 },
    FWSIM_REG_END
};
/* clang-format on */

static const char *const cmu_gaps[] = {
    "the core and the peripherals keep the clocks of the board's table, whatever "
    "oscillator, band, tuning or divider is set",
    "clock gates: a peripheral answers without its clock",
    "SYNCBUSY is always 0: low-frequency registers take effect at once",
    "LOCK protects OSCENCMD and CMD only",
    "clock outputs, continuous calibration, USHFRCO suspend and clock recovery",
    NULL
};

const fwsim_periph_type efm32_cmu = {
    .name = "efm32_cmu",
    .summary = "EFM32HG clock management unit",
    .source = "EFM32HG Reference Manual, chapter 11",
    .gaps = cmu_gaps,
    .size = 0x400,
    .regs = cmu_regs,
    .state_size = sizeof(cmu_state),
    .irqs = 1,
    .on_reset = cmu_reset,
    .on_event = cmu_event,
};
