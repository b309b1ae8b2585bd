/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * STM32 bxCAN, the CAN controller of the F0, F1, F2, F3, F4 and L4; one
 * instance with 14 filter banks, as CAN1 of an STM32F103 is.
 *
 * Source: ST RM0008, chapter 24.
 * Modelled: modes, three transmit mailboxes with their priorities and aborts,
 * bit rate, filters in all modes, both FIFOs with overrun, loop back and silent
 * mode, interrupts of the mailboxes and FIFOs. Not modelled: see bxcan_gaps.
 */
#include "fwsim_periph.h"

enum {
    MCR = 0x000, MSR = 0x004, TSR = 0x008, RF0R = 0x00c, RF1R = 0x010,
    IER = 0x014, ESR = 0x018, BTR = 0x01c,
    TIR = 0x180, TDTR = 0x184, TDLR = 0x188, TDHR = 0x18c, /* 3, 0x10 apart */
    RIR = 0x1b0, RDTR = 0x1b4, RDLR = 0x1b8, RDHR = 0x1bc, /* 2, 0x10 apart */
    FMR = 0x200, FM1R = 0x204, FS1R = 0x20c, FFA1R = 0x214, FA1R = 0x21c,
    FILTERS = 0x240 /* FiR1 and FiR2 */
};
enum { MAILBOXES = 3, FIFOS = 2, DEPTH = 3, BANKS = 14, APART = 0x10 };
enum { OUT_TX, OUT_RX0, OUT_RX1, OUT_SCE, OUTPUTS };

#define MCR_INRQ  (1u << 0)
#define MCR_SLEEP (1u << 1)
#define MCR_TXFP  (1u << 2)
#define MCR_RFLM  (1u << 3)
#define MCR_RESET (1u << 15)
#define MSR_INAK  (1u << 0)
#define MSR_SLAK  (1u << 1)

/* TSR: 8 bits a mailbox, then the numbers of the free ones. */
#define TSR_RQCP  (1u << 0)
#define TSR_TXOK  (1u << 1)
#define TSR_DONE  0xfu
#define TSR_ABRQ  (1u << 7)
#define TSR_CODE  (3u << 24)
#define TSR_TME   (1u << 26)

#define RFR_FMP   3u
#define RFR_FULL  (1u << 3)
#define RFR_FOVR  (1u << 4)
#define RFR_RFOM  (1u << 5)

#define IER_TMEIE (1u << 0)
/* FMPIE, FFIE, FOVIE of FIFO 0, then of FIFO 1. */
#define IER_FIFO(n) (1u + 3 * (n))

#define BTR_LBKM  (1u << 30)
#define BTR_SILM  (1u << 31)
#define TIR_TXRQ  (1u << 0)
#define IR_RTR    (1u << 1)
#define IR_IDE    (1u << 2)
#define FMR_FINIT (1u << 0)

/** A received frame as the registers show it. */
typedef struct received {
    uint32_t ir, dtr, dlr, dhr;
} received;

typedef struct bxcan {
    received fifo[FIFOS][DEPTH];
    uint8_t count[FIFOS];
    uint8_t sending;          /* mailbox + 1 that is on the bus */
    uint8_t order[MAILBOXES]; /* number of the request, for TXFP */
    uint8_t requests;
    uint8_t reserved;
} bxcan;

/* ------------------------------------------------------------------ */
/* Status                                                               */
/* ------------------------------------------------------------------ */

static void update_irq(fwsim_periph *p)
{
    uint32_t ier = fwsim_reg_get(p, IER), tsr = fwsim_reg_get(p, TSR);

    fwsim_irq_set(p, OUT_TX, (ier & IER_TMEIE) &&
                                 (tsr & (TSR_RQCP * 0x010101u)));
    for (unsigned n = 0; n < FIFOS; n++) {
        uint32_t rfr = fwsim_reg_get(p, RF0R + 4 * n);
        uint32_t enabled = ier >> IER_FIFO(n);

        fwsim_irq_set(p, OUT_RX0 + n, ((enabled & 1) && (rfr & RFR_FMP)) ||
                                          ((enabled & 2) && (rfr & RFR_FULL)) ||
                                          ((enabled & 4) && (rfr & RFR_FOVR)));
    }
}

/** The front of a FIFO is in its registers. */
static void show_fifo(fwsim_periph *p, unsigned n)
{
    const bxcan *s = fwsim_state(p);
    const received *front = &s->fifo[n][0];

    fwsim_reg_set(p, RIR + n * APART, front->ir);
    fwsim_reg_set(p, RDTR + n * APART, front->dtr);
    fwsim_reg_set(p, RDLR + n * APART, front->dlr);
    fwsim_reg_set(p, RDHR + n * APART, front->dhr);
    fwsim_reg_update(p, RF0R + 4 * n, RFR_FMP, s->count[n]);
    update_irq(p);
}

/** RM0008 24.9.2, CODE: the next mailbox that is free. */
static void show_code(fwsim_periph *p)
{
    uint32_t tsr = fwsim_reg_get(p, TSR), code = 0;

    while (code < MAILBOXES - 1 && !(tsr & TSR_TME << code))
        code++;
    fwsim_reg_update(p, TSR, TSR_CODE, code << 24);
    update_irq(p);
}

static bool on_bus(const fwsim_periph *p)
{
    return !(fwsim_reg_get(p, MSR) & (MSR_INAK | MSR_SLAK));
}

/** RM0008 24.7.7: bit time of BRP, TS1 and TS2. */
static uint32_t bit_ns(const fwsim_periph *p)
{
    uint32_t btr = fwsim_reg_get(p, BTR);
    uint64_t quanta = 3 + (btr >> 16 & 0xf) + (btr >> 20 & 7);

    return (uint32_t)(quanta * ((btr & 0x3ff) + 1) * 1000000000u /
                      fwsim_clock_hz(p));
}

/* ------------------------------------------------------------------ */
/* Reception                                                            */
/* ------------------------------------------------------------------ */

/** Identifier register of a frame, as in RIR and as 32-bit filters see it. */
static uint32_t ir_of(const fwsim_can_frame *f)
{
    return (f->extended ? f->id << 3 | IR_IDE : f->id << 21) |
           (f->remote ? IR_RTR : 0);
}

/** The same as 16-bit filters see it. RM0008, figure 230. */
static uint32_t short_of(uint32_t ir)
{
    return (ir >> 16 & 0xffe0) | (ir & IR_RTR ? 1u << 4 : 0) |
           (ir & IR_IDE ? 1u << 3 : 0) | (ir >> 18 & 7);
}

static bool long_bank(const fwsim_periph *p, unsigned bank)
{
    return fwsim_reg_get(p, FS1R) >> bank & 1;
}

static bool list_bank(const fwsim_periph *p, unsigned bank)
{
    return fwsim_reg_get(p, FM1R) >> bank & 1;
}

static unsigned filters_of(const fwsim_periph *p, unsigned bank)
{
    return (long_bank(p, bank) ? 1 : 2) * (list_bank(p, bank) ? 2 : 1);
}

/** Does filter @a i of a bank let a frame through? */
static bool passes(const fwsim_periph *p, unsigned bank, unsigned i, uint32_t ir)
{
    const uint32_t r[] = { fwsim_reg_get(p, FILTERS + 8 * bank),
                           fwsim_reg_get(p, FILTERS + 8 * bank + 4) };
    bool list = list_bank(p, bank);
    uint32_t id = short_of(ir);

    if (long_bank(p, bank))
        return list ? r[i] == ir : !((ir ^ r[0]) & r[1]);
    if (list)
        return (r[i / 2] >> 16 * (i % 2) & 0xffff) == id;
    return !((id ^ r[i]) & r[i] >> 16 & 0xffff);
}

/** Number of a filter in its FIFO: those of inactive banks count. */
static unsigned match_index(const fwsim_periph *p, unsigned bank, unsigned i)
{
    uint32_t fifos = fwsim_reg_get(p, FFA1R);

    for (unsigned b = 0; b < bank; b++)
        if ((fifos >> b & 1) == (fifos >> bank & 1))
            i += filters_of(p, b);
    return i;
}

/** RM0008 24.7.4, priorities: 32 bits before 16, lists before masks, then the
 * lower number. @return the FIFO, or -1 */
static int filter(const fwsim_periph *p, uint32_t ir, unsigned *match)
{
    uint32_t active = fwsim_reg_get(p, FA1R);

    for (unsigned kind = 0; kind < 4; kind++)
        for (unsigned b = 0; b < BANKS; b++) {
            if (!(active >> b & 1) || long_bank(p, b) != (kind < 2) ||
                list_bank(p, b) != (kind % 2 == 0))
                continue;
            for (unsigned i = 0; i < filters_of(p, b); i++)
                if (passes(p, b, i, ir)) {
                    *match = match_index(p, b, i);
                    return fwsim_reg_get(p, FFA1R) >> b & 1;
                }
        }
    return -1;
}

static uint32_t word(const uint8_t *bytes)
{
    return bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 |
           (uint32_t)bytes[3] << 24;
}

static void receive(fwsim_periph *p, const fwsim_can_frame *f)
{
    bxcan *s = fwsim_state(p);
    uint32_t ir = ir_of(f), rfr;
    unsigned match;
    int n = fwsim_reg_get(p, FMR) & FMR_FINIT ? -1 : filter(p, ir, &match);
    received r;

    if (n < 0)
        return;
    r = (received){ ir, f->dlc | match << 8, word(f->data), word(f->data + 4) };
    rfr = RF0R + 4 * (unsigned)n;
    if (s->count[n] == DEPTH) {
        /* RM0008 24.7.3: the last one is overwritten, unless locked. */
        fwsim_reg_update(p, rfr, 0, RFR_FOVR);
        if (!(fwsim_reg_get(p, MCR) & MCR_RFLM))
            s->fifo[n][DEPTH - 1] = r;
    } else {
        s->fifo[n][s->count[n]++] = r;
        if (s->count[n] == DEPTH)
            fwsim_reg_update(p, rfr, 0, RFR_FULL);
    }
    show_fifo(p, (unsigned)n);
}

static void bxcan_can(fwsim_periph *p, const fwsim_can_frame *frame)
{
    /* In loop back the controller does not hear the bus. */
    if (on_bus(p) && !(fwsim_reg_get(p, BTR) & BTR_LBKM))
        receive(p, frame);
}

static void rfr_written(fwsim_periph *p, unsigned index, uint32_t written)
{
    bxcan *s = fwsim_state(p);

    if ((written & RFR_RFOM) && s->count[index]) {
        s->count[index]--;
        for (unsigned i = 0; i < s->count[index]; i++)
            s->fifo[index][i] = s->fifo[index][i + 1];
        fwsim_reg_update(p, RF0R + 4 * index, RFR_FULL, 0);
    }
    show_fifo(p, index);
}

/* ------------------------------------------------------------------ */
/* Transmission                                                         */
/* ------------------------------------------------------------------ */

static fwsim_can_frame frame_of(const fwsim_periph *p, unsigned box)
{
    uint32_t ir = fwsim_reg_get(p, TIR + box * APART);
    uint32_t dlc = fwsim_reg_get(p, TDTR + box * APART) & 0xf;
    const uint32_t words[] = { fwsim_reg_get(p, TDLR + box * APART),
                               fwsim_reg_get(p, TDHR + box * APART) };
    fwsim_can_frame f = { .id = ir & IR_IDE ? ir >> 3 : ir >> 21,
                          .extended = ir & IR_IDE,
                          .remote = ir & IR_RTR,
                          .dlc = (uint8_t)(dlc > 8 ? 8 : dlc) };

    for (unsigned i = 0; i < f.dlc && !f.remote; i++)
        f.data[i] = (uint8_t)(words[i / 4] >> 8 * (i % 4));
    return f;
}

static bool requested(const fwsim_periph *p, unsigned box)
{
    return fwsim_reg_get(p, TIR + box * APART) & TIR_TXRQ;
}

/** What arbitration on the bus would compare: a standard frame wins over an
 * extended one with the same first bits, data over remote. */
static uint64_t priority(fwsim_periph *p, unsigned box)
{
    const bxcan *s = fwsim_state(p);
    uint32_t ir = fwsim_reg_get(p, TIR + box * APART);

    if (fwsim_reg_get(p, MCR) & MCR_TXFP)
        return s->order[box];
    return (uint64_t)(ir >> 21) << 32 | (ir & IR_IDE ? 1u << 31 : 0) |
           (ir & 0x1ffffe);
}

/** Put the next mailbox on the bus. */
static void transmit_next(fwsim_periph *p)
{
    bxcan *s = fwsim_state(p);
    fwsim_can_frame f;
    int best = -1;

    if (s->sending || !on_bus(p))
        return;
    for (unsigned box = 0; box < MAILBOXES; box++)
        if (requested(p, box) &&
            (best < 0 || priority(p, box) < priority(p, (unsigned)best)))
            best = (int)box;
    if (best < 0)
        return;
    s->sending = (uint8_t)(best + 1);
    f = frame_of(p, (unsigned)best);
    fwsim_event_set(p, 0,
                    fwsim_ticks_from_ns(p, (uint64_t)bit_ns(p) *
                                               fwsim_can_frame_bits(&f)));
}

/** A mailbox is empty again. */
static void complete(fwsim_periph *p, unsigned box, bool sent)
{
    fwsim_reg_update(p, TIR + box * APART, TIR_TXRQ, 0);
    fwsim_reg_update(p, TSR, (TSR_DONE | TSR_ABRQ) << 8 * box,
                     (TSR_RQCP | (sent ? TSR_TXOK : 0)) << 8 * box |
                         TSR_TME << box);
    show_code(p);
}

static void bxcan_event(fwsim_periph *p, unsigned id)
{
    bxcan *s = fwsim_state(p);
    unsigned box = s->sending - 1u;
    uint32_t btr = fwsim_reg_get(p, BTR);
    fwsim_can_frame f = frame_of(p, box);

    (void)id;
    s->sending = 0;
    complete(p, box, true);
    if (!(btr & BTR_SILM))
        fwsim_can_tx(p, &f);
    if (btr & BTR_LBKM)
        receive(p, &f);
    transmit_next(p);
}

static void tir_written(fwsim_periph *p, unsigned index, uint32_t written)
{
    bxcan *s = fwsim_state(p);

    if (!(written & TIR_TXRQ))
        return;
    s->order[index] = s->requests++;
    /* A new request clears what the last one has left. */
    fwsim_reg_update(p, TSR, TSR_DONE << 8 * index | TSR_TME << index, 0);
    show_code(p);
    transmit_next(p);
}

static void tsr_written(fwsim_periph *p, unsigned index, uint32_t written)
{
    const bxcan *s = fwsim_state(p);

    (void)index;
    for (unsigned box = 0; box < MAILBOXES; box++) {
        uint32_t bits = written >> 8 * box;

        /* RM0008 24.9.2: clearing RQCP clears the others. */
        if (bits & TSR_RQCP)
            fwsim_reg_update(p, TSR, TSR_DONE << 8 * box, 0);
        else
            fwsim_reg_update(p, TSR, (bits & TSR_DONE) << 8 * box, 0);
        if ((bits & TSR_ABRQ) && requested(p, box) && s->sending != box + 1)
            complete(p, box, false);
    }
    update_irq(p);
}

/* ------------------------------------------------------------------ */
/* Modes                                                                */
/* ------------------------------------------------------------------ */

static void bxcan_reset(fwsim_periph *p, fwsim_reset_kind kind)
{
    (void)kind;
    *(bxcan *)fwsim_state(p) = (bxcan){ .sending = 0 };
    fwsim_can_set_bit_time(p, 0);
    update_irq(p);
}

/** Software reset: RM0008 24.9.2, RESET. */
static void software_reset(fwsim_periph *p)
{
    for (const fwsim_reg *r = fwsim_periph_slot(p)->type->regs; r->name; r++)
        for (unsigned i = 0; i < (r->count ? r->count : 1u); i++)
            fwsim_reg_set(p, r->offset + i * (r->stride ? r->stride : 4),
                          r->reset);
    fwsim_event_cancel(p, 0);
    bxcan_reset(p, FWSIM_RESET_SYSTEM);
}

static void mcr_written(fwsim_periph *p, unsigned index, uint32_t written)
{
    uint32_t mcr = fwsim_reg_get(p, MCR);

    (void)index;
    if (written & MCR_RESET) {
        software_reset(p);
        return;
    }
    /* RM0008 24.4: initialisation comes before sleep. */
    fwsim_reg_update(p, MSR, MSR_INAK | MSR_SLAK,
                     mcr & MCR_INRQ    ? MSR_INAK
                     : mcr & MCR_SLEEP ? MSR_SLAK
                                       : 0);
    fwsim_can_set_bit_time(p, on_bus(p) ? bit_ns(p) : 0);
    transmit_next(p);
}

static void btr_written(fwsim_periph *p, unsigned index, uint32_t written)
{
    (void)index, (void)written;
    if (!(fwsim_reg_get(p, MSR) & MSR_INAK))
        fwsim_guest_error(p, "BTR is written outside of initialisation");
}

static void ier_written(fwsim_periph *p, unsigned index, uint32_t written)
{
    (void)index, (void)written;
    update_irq(p);
}

/* clang-format off */
static const fwsim_reg bxcan_regs[] = {
    { "MCR",  MCR,  .reset = 0x00010002, .rw = 0x000100ff, .wo = MCR_RESET, .unimpl = 0x000000e0, .on_write = mcr_written },
    { "MSR",  MSR,  .reset = 0x00000c02, .w1c = 0x1c },
    { "TSR",  TSR,  .reset = 0x1c000000, .wo = 0x008f8f8f, .on_write = tsr_written },
    { "RFR",  RF0R, .count = FIFOS, .w1c = RFR_FULL | RFR_FOVR, .wo = RFR_RFOM, .on_write = rfr_written },
    { "IER",  IER,  .rw = 0x00038f7f, .unimpl = 0x00038f00, .on_write = ier_written },
    { "ESR",  ESR,  .rw = 0x70 },
    { "BTR",  BTR,  .reset = 0x01230000, .rw = 0xc37f03ff, .on_write = btr_written },
    { "TIR",  TIR,  .count = MAILBOXES, .stride = APART, .rw = 0xffffffff, .on_write = tir_written },
    { "TDTR", TDTR, .count = MAILBOXES, .stride = APART, .rw = 0x010f, .unimpl = 0x0100 },
    { "TDLR", TDLR, .count = MAILBOXES, .stride = APART, .rw = 0xffffffff },
    { "TDHR", TDHR, .count = MAILBOXES, .stride = APART, .rw = 0xffffffff },
    { "RIR",  RIR,  .count = FIFOS, .stride = APART },
    { "RDTR", RDTR, .count = FIFOS, .stride = APART },
    { "RDLR", RDLR, .count = FIFOS, .stride = APART },
    { "RDHR", RDHR, .count = FIFOS, .stride = APART },
    { "FMR",  FMR,  .reset = 0x2a1c0e01, .rw = FMR_FINIT },
    { "FM1R", FM1R, .rw = 0x3fff },
    { "FS1R", FS1R, .rw = 0x3fff },
    { "FFA1R", FFA1R, .rw = 0x3fff },
    { "FA1R", FA1R, .rw = 0x3fff },
    { "FR",   FILTERS, .count = 2 * BANKS, .rw = 0xffffffff },
    FWSIM_REG_END
};
/* clang-format on */

static const char *const bxcan_gaps[] = {
    "errors on the bus, error counters and bus-off; every frame is acknowledged",
    "arbitration with other nodes: frames of the two sides do not disturb each "
    "other",
    "interrupts of errors, wake-up and sleep; automatic wake-up",
    "time stamps and time-triggered mode; LOW bits of TSR",
    "stuff bits in the time of a frame; a change of mode takes no time",
    "a second instance that shares the filters",
    NULL
};

const fwsim_periph_type stm32_bxcan = {
    .name = "stm32_bxcan",
    .summary = "CAN controller",
    .source = "ST RM0008, chapter 24",
    .gaps = bxcan_gaps,
    .size = 0x400,
    .regs = bxcan_regs,
    .state_size = sizeof(bxcan),
    .irqs = OUTPUTS,
    .on_reset = bxcan_reset,
    .on_event = bxcan_event,
    .on_can = bxcan_can,
};
