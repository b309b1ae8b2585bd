/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * EFM32 Happy Gecko USB device controller (Synopsys OTG core, device only),
 * with no host on the other end of the cable.
 *
 * Source: EFM32HG Reference Manual, chapter 14 (USB), core registers.
 * Modelled: resets and FIFO flushes that end by themselves, NAK and enable
 * bits of the endpoints, interrupt status and masks, soft disconnect.
 * Not modelled: see core_gaps.
 */
#include "fwsim_periph.h"

enum { ENDPOINTS = 4, EP_STRIDE = 0x20 };

enum {
    GAHBCFG = 0x008,
    GUSBCFG = 0x00c,
    GRSTCTL = 0x010,
    GINTSTS = 0x014,
    GINTMSK = 0x018,
    GRXSTSR = 0x01c,
    GRXSTSP = 0x020,
    GRXFSIZ = 0x024,
    GNPTXFSIZ = 0x028,
    GDFIFOCFG = 0x05c,
    DIEPTXF1 = 0x104,
    DIEPTXF2 = 0x108,
    DIEPTXF3 = 0x10c,
    DCFG = 0x800,
    DCTL = 0x804,
    DSTS = 0x808,
    DIEPMSK = 0x810,
    DOEPMSK = 0x814,
    DAINT = 0x818,
    DAINTMSK = 0x81c,
    DIEPEMPMSK = 0x834,
    IN = 0x900,  /* registers of endpoint 0; the others follow at EP_STRIDE */
    OUT = 0xb00,
    EP_CTL = 0x00,
    EP_INT = 0x08,
    EP_TSIZ = 0x10,
    EP_DMAADDR = 0x14,
    EP_TXFSTS = 0x18,
    PCGCCTL = 0xe00
};

#define GAHBCFG_GLBLINTRMSK (1u << 0)

#define GRSTCTL_CSFTRST     (1u << 0)
#define GRSTCTL_SELFCLEAR   0x33u /* CSFTRST, PIUFSSFTRST, RXFFLSH, TXFFLSH */
#define GRSTCTL_TXFNUM      0x7c0u
#define GRSTCTL_AHBIDLE     (1u << 31)

#define GINTSTS_GINNAKEFF   (1u << 6)
#define GINTSTS_GOUTNAKEFF  (1u << 7)
#define GINTSTS_IEPINT      (1u << 18)
#define GINTSTS_OEPINT      (1u << 19)
#define GINTSTS_W1C         0x80f0fc08u
#define GINTMSK_ALL         0x80fcfcdau

#define DCTL_GNPINNAKSTS    (1u << 2)
#define DCTL_GOUTNAKSTS     (1u << 3)
#define DCTL_SGNPINNAK      (1u << 7)
#define DCTL_CGNPINNAK      (1u << 8)
#define DCTL_SGOUTNAK       (1u << 9)
#define DCTL_CGOUTNAK       (1u << 10)

#define CTL_DPID            (1u << 16)
#define CTL_NAKSTS          (1u << 17)
#define CTL_CNAK            (1u << 26)
#define CTL_SNAK            (1u << 27)
#define CTL_SETD0PID        (1u << 28)
#define CTL_SETD1PID        (1u << 29)
#define CTL_EPDIS           (1u << 30)
#define CTL_EPENA           (1u << 31)

#define INT_EPDISBLD        (1u << 1)
#define INT_TXFEMP          (1u << 7)

/* The manual gives "several clocks" for a reset or a flush to end. */
enum { SELFCLEAR_NS = 1000 };

static uint32_t ep_reg(uint32_t direction, unsigned ep, uint32_t offset)
{
    return direction + ep * EP_STRIDE + offset;
}

/* ------------------------------------------------------------------ */
/* Interrupts                                                           */
/* ------------------------------------------------------------------ */

static uint32_t daint(const fwsim_periph *p)
{
    uint32_t empty = fwsim_reg_get(p, DIEPEMPMSK), bits = 0;

    for (unsigned ep = 0; ep < ENDPOINTS; ep++) {
        uint32_t in_mask = fwsim_reg_get(p, DIEPMSK) |
                           (empty >> ep & 1 ? INT_TXFEMP : 0);

        if (fwsim_reg_get(p, ep_reg(IN, ep, EP_INT)) & in_mask)
            bits |= 1u << ep;
        if (fwsim_reg_get(p, ep_reg(OUT, ep, EP_INT)) &
            fwsim_reg_get(p, DOEPMSK))
            bits |= 0x10000u << ep;
    }
    return bits;
}

static uint32_t gintsts(const fwsim_periph *p)
{
    uint32_t endpoints = daint(p) & fwsim_reg_get(p, DAINTMSK);

    return fwsim_reg_get(p, GINTSTS) |
           (endpoints & 0xffff ? GINTSTS_IEPINT : 0) |
           (endpoints >> 16 ? GINTSTS_OEPINT : 0);
}

static uint32_t daint_read(fwsim_periph *p, unsigned index, uint32_t stored)
{
    (void)index;
    (void)stored;
    return daint(p);
}

static uint32_t gintsts_read(fwsim_periph *p, unsigned index, uint32_t stored)
{
    (void)index;
    (void)stored;
    return gintsts(p);
}

static void update_irq(fwsim_periph *p)
{
    fwsim_irq_set(p, 0, (fwsim_reg_get(p, GAHBCFG) & GAHBCFG_GLBLINTRMSK) &&
                            (gintsts(p) & fwsim_reg_get(p, GINTMSK)));
}

static void irq_written(fwsim_periph *p, unsigned index, uint32_t written)
{
    (void)index;
    (void)written;
    update_irq(p);
}

/* ------------------------------------------------------------------ */
/* Control                                                              */
/* ------------------------------------------------------------------ */

static void grstctl_written(fwsim_periph *p, unsigned index, uint32_t written)
{
    (void)index;
    if (!(written & GRSTCTL_SELFCLEAR))
        return;
    fwsim_reg_update(p, GRSTCTL, 0, written & GRSTCTL_SELFCLEAR);
    fwsim_event_set(p, 0, fwsim_ticks_from_ns(p, SELFCLEAR_NS));
}

static void set_global_nak(fwsim_periph *p, uint32_t status, uint32_t flag)
{
    fwsim_reg_update(p, DCTL, 0, status);
    fwsim_reg_update(p, GINTSTS, 0, flag);
}

static void clear_global_nak(fwsim_periph *p, uint32_t status, uint32_t flag)
{
    fwsim_reg_update(p, DCTL, status, 0);
    fwsim_reg_update(p, GINTSTS, flag, 0);
}

static void dctl_written(fwsim_periph *p, unsigned index, uint32_t written)
{
    (void)index;
    if (written & DCTL_SGNPINNAK)
        set_global_nak(p, DCTL_GNPINNAKSTS, GINTSTS_GINNAKEFF);
    if (written & DCTL_CGNPINNAK)
        clear_global_nak(p, DCTL_GNPINNAKSTS, GINTSTS_GINNAKEFF);
    if (written & DCTL_SGOUTNAK)
        set_global_nak(p, DCTL_GOUTNAKSTS, GINTSTS_GOUTNAKEFF);
    if (written & DCTL_CGOUTNAK)
        clear_global_nak(p, DCTL_GOUTNAKSTS, GINTSTS_GOUTNAKEFF);
    update_irq(p);
}

static void ctl_written(fwsim_periph *p, uint32_t direction, unsigned ep,
                        uint32_t written)
{
    uint32_t ctl = ep_reg(direction, ep, EP_CTL);

    if (written & CTL_CNAK)
        fwsim_reg_update(p, ctl, CTL_NAKSTS, 0);
    if (written & CTL_SNAK)
        fwsim_reg_update(p, ctl, 0, CTL_NAKSTS);
    if (ep > 0 && (written & CTL_SETD0PID))
        fwsim_reg_update(p, ctl, CTL_DPID, 0);
    if (ep > 0 && (written & CTL_SETD1PID))
        fwsim_reg_update(p, ctl, 0, CTL_DPID);
    if (written & CTL_EPENA)
        fwsim_reg_update(p, ctl, 0, CTL_EPENA);
    /* OUT endpoint 0 cannot be disabled. */
    if ((written & CTL_EPDIS) && (direction == IN || ep > 0) &&
        (fwsim_reg_get(p, ctl) & CTL_EPENA)) {
        fwsim_reg_update(p, ctl, CTL_EPENA, 0);
        fwsim_reg_update(p, ep_reg(direction, ep, EP_INT), 0, INT_EPDISBLD);
    }
    update_irq(p);
}

static void diep0ctl_written(fwsim_periph *p, unsigned index, uint32_t written)
{
    ctl_written(p, IN, index, written);
}

static void diepctl_written(fwsim_periph *p, unsigned index, uint32_t written)
{
    ctl_written(p, IN, index + 1, written);
}

static void doep0ctl_written(fwsim_periph *p, unsigned index, uint32_t written)
{
    ctl_written(p, OUT, index, written);
}

static void doepctl_written(fwsim_periph *p, unsigned index, uint32_t written)
{
    ctl_written(p, OUT, index + 1, written);
}

static void core_reset(fwsim_periph *p, fwsim_reset_kind kind)
{
    (void)kind;
    update_irq(p);
}

/* clang-format off */
#define OF_ENDPOINTS .count = ENDPOINTS, .stride = EP_STRIDE
#define OF_OTHERS    .count = ENDPOINTS - 1, .stride = EP_STRIDE

static const fwsim_reg core_regs[] = {
    { "GAHBCFG",      GAHBCFG,   .rw = 0x00e000bf, .on_write = irq_written },
    { "GUSBCFG",      GUSBCFG,   .reset = 0x1440, .rw = 0x90403c27 },
    { "GRSTCTL",      GRSTCTL,   .reset = GRSTCTL_AHBIDLE, .rw = GRSTCTL_TXFNUM, .wo = GRSTCTL_SELFCLEAR, .on_write = grstctl_written },
    { "GINTSTS",      GINTSTS,   .w1c = GINTSTS_W1C, .on_read = gintsts_read, .on_write = irq_written },
    { "GINTMSK",      GINTMSK,   .rw = GINTMSK_ALL, .on_write = irq_written },
    { "GRXSTSR",      GRXSTSR,   .reset = 0x0 },
    { "GRXSTSP",      GRXSTSP,   .reset = 0x0 },
    { "GRXFSIZ",      GRXFSIZ,   .reset = 0x200, .rw = 0x3ff },
    { "GNPTXFSIZ",    GNPTXFSIZ, .reset = 0x02000200, .rw = 0xffff03ff },
    { "GDFIFOCFG",    GDFIFOCFG, .reset = 0x05f80600, .rw = 0xffffffff },
    { "DIEPTXF1",     DIEPTXF1,  .reset = 0x02000400, .rw = 0x03ff07ff },
    { "DIEPTXF2",     DIEPTXF2,  .reset = 0x02000600, .rw = 0x03ff07ff },
    { "DIEPTXF3",     DIEPTXF3,  .reset = 0x02000800, .rw = 0x03ff0fff },
    { "DCFG",         DCFG,      .reset = 0x08000000, .rw = 0xfc009fff },
    { "DCTL",         DCTL,      .reset = 0x2, .rw = 0x18873, .wo = 0x780, .on_write = dctl_written },
    { "DSTS",         DSTS,      .reset = 0x2 },
    { "DIEPMSK",      DIEPMSK,   .rw = 0x215f, .on_write = irq_written },
    { "DOEPMSK",      DOEPMSK,   .rw = 0x317f, .on_write = irq_written },
    { "DAINT",        DAINT,     .on_read = daint_read },
    { "DAINTMSK",     DAINTMSK,  .rw = 0x000f000f, .on_write = irq_written },
    { "DIEPEMPMSK",   DIEPEMPMSK, .rw = 0xffff, .on_write = irq_written },
    { "DIEP0CTL",     IN + EP_CTL,  .reset = 0x8000, .rw = 0x03e00003, .wo = 0xcc000000, .on_write = diep0ctl_written },
    { "DIEP_CTL",     IN + EP_STRIDE + EP_CTL, OF_OTHERS, .rw = 0x03ec87ff, .wo = 0xfc000000, .on_write = diepctl_written },
    { "DIEP_INT",     IN + EP_INT,  OF_ENDPOINTS, .reset = INT_TXFEMP, .w1c = 0x385f, .on_write = irq_written },
    { "DIEP0TSIZ",    IN + EP_TSIZ, .rw = 0x0018007f },
    { "DIEP_TSIZ",    IN + EP_STRIDE + EP_TSIZ, OF_OTHERS, .rw = 0x7fffffff },
    { "DIEP_DMAADDR", IN + EP_DMAADDR, OF_ENDPOINTS, .rw = 0xffffffff },
    { "DIEP_TXFSTS",  IN + EP_TXFSTS,  OF_ENDPOINTS, .reset = 0x200 },
    { "DOEP0CTL",     OUT + EP_CTL, .reset = 0x8000, .rw = 0x00300000, .wo = 0x8c000000, .on_write = doep0ctl_written },
    { "DOEP_CTL",     OUT + EP_STRIDE + EP_CTL, OF_OTHERS, .rw = 0x003c87ff, .wo = 0xfc000000, .on_write = doepctl_written },
    { "DOEP_INT",     OUT + EP_INT, OF_ENDPOINTS, .w1c = 0xb87f, .on_write = irq_written },
    { "DOEP0TSIZ",    OUT + EP_TSIZ, .rw = 0x6008007f },
    { "DOEP_TSIZ",    OUT + EP_STRIDE + EP_TSIZ, OF_OTHERS, .rw = 0x1fffffff },
    { "DOEP_DMAADDR", OUT + EP_DMAADDR, OF_ENDPOINTS, .rw = 0xffffffff },
    { "PCGCCTL",      PCGCCTL,   .rw = 0xf },
    FWSIM_REG_END
};
/* clang-format on */

/* CSFTRST: everything but the clock gates, the interface and the speed. */
static void soft_reset(fwsim_periph *p)
{
    uint32_t fsintf = fwsim_reg_get(p, GUSBCFG) & 1u << 5;
    uint32_t devspd = fwsim_reg_get(p, DCFG) & 3;

    for (const fwsim_reg *reg = core_regs; reg->name; reg++)
        for (unsigned i = 0; i < (reg->count ? reg->count : 1u); i++)
            if (reg->offset != PCGCCTL)
                fwsim_reg_set(p, reg->offset + i * reg->stride, reg->reset);
    fwsim_reg_update(p, GUSBCFG, 0, fsintf);
    fwsim_reg_update(p, DCFG, 0, devspd);
}

static void core_event(fwsim_periph *p, unsigned id)
{
    (void)id;
    if (fwsim_reg_get(p, GRSTCTL) & GRSTCTL_CSFTRST)
        soft_reset(p);
    fwsim_reg_update(p, GRSTCTL, GRSTCTL_SELFCLEAR, 0);
    update_irq(p);
}

static const char *const core_gaps[] = {
    "the bus: there is no host, so no reset, enumeration, suspend or transfer",
    "FIFOs and their windows, DMA",
    "clock gating by PCGCCTL",
    NULL
};

const fwsim_periph_type efm32_usb_core = {
    .name = "efm32_usb_core",
    .summary = "EFM32HG USB device controller without a host",
    .source = "EFM32HG Reference Manual, chapter 14",
    .gaps = core_gaps,
    .size = 0x1000,
    .regs = core_regs,
    .irqs = 1,
    .on_reset = core_reset,
    .on_event = core_event,
};
