/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * EFM32 USB, the system part: voltage regulator, low energy mode, pins. The
 * controller itself is efm32_usb_core; both drive one interrupt line.
 *
 * Source: EFM32HG Reference Manual, chapter 14 (USB).
 * Modelled: registers and the interrupt.
 * Not modelled: see usb_gaps.
 */
#include "efm32_common.h"

enum {
    CTRL = 0x00,
    STATUS = 0x04,
    IF = 0x08,
    IFS = 0x0c,
    IFC = 0x10,
    IEN = 0x14,
    ROUTE = 0x18
};

#define IF_ALL 0x3u /* VREGOSH, VREGOSL */

static void update_irq(fwsim_periph *p)
{
    fwsim_irq_set(p, 0, fwsim_reg_get(p, IF) & fwsim_reg_get(p, IEN));
}

EFM32_INTERRUPT_WRITES(IF_ALL, update_irq)

static void usb_reset(fwsim_periph *p, fwsim_reset_kind kind)
{
    (void)kind;
    update_irq(p);
}

/* clang-format off */
static const fwsim_reg usb_regs[] = {
    { "CTRL",   CTRL,   .reset = 0x20, .rw = 0x03330eb2 },
    { "STATUS", STATUS, .reset = 0x0 },
    { "IF",     IF,     .reset = IF_ALL },
    { "IFS",    IFS,    .wo = IF_ALL, .on_write = ifs_written },
    { "IFC",    IFC,    .wo = IF_ALL, .on_write = ifc_written },
    { "IEN",    IEN,    .rw = IF_ALL, .on_write = ien_written },
    { "ROUTE",  ROUTE,  .rw = 0x5 },
    FWSIM_REG_END
};
/* clang-format on */

static const char *const usb_gaps[] = {
    "the voltage regulator: VBUS never appears, STATUS.VREGOS stays 0",
    "low energy mode",
    "ROUTE: the USB pins act as plain pins",
    NULL
};

const fwsim_periph_type efm32_usb = {
    .name = "efm32_usb",
    .summary = "EFM32 USB system part: registers only",
    .source = "EFM32HG Reference Manual, chapter 14",
    .gaps = usb_gaps,
    .size = 0x400,
    .regs = usb_regs,
    .irqs = 1,
    .on_reset = usb_reset,
};
