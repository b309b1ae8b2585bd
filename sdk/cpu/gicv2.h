/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The Generic Interrupt Controller, version 2, of one core.
 *
 * Source: GIC architecture specification 2.0 (IHI 0048B.b).
 * Not modelled: security extensions (all registers as seen without them),
 * virtualization extensions, more than one core.
 */
#ifndef FWSIM_GICV2_H
#define FWSIM_GICV2_H

#include <stdbool.h>
#include <stdint.h>

enum {
    GICV2_SPI0 = 32, /* the first shared interrupt */
    GICV2_IDS = 512,
    GICV2_WORDS = GICV2_IDS / 32,
    GICV2_DISTRIBUTOR_SIZE = 0x1000,
    GICV2_CPU_SIZE = 0x2000
};

/** Plain state. */
typedef struct gicv2_state {
    uint32_t enabled[GICV2_WORDS];
    uint32_t pending[GICV2_WORDS]; /* latched: edges, and writes by software */
    uint32_t active[GICV2_WORDS];
    uint32_t level[GICV2_WORDS]; /* lines that are high */
    uint32_t group[GICV2_WORDS]; /* 1: group 1 */
    uint32_t edge[GICV2_WORDS];
    uint8_t priority[GICV2_IDS];
    uint32_t running[8];  /* a bit for each preemption level that is active */
    uint32_t control;     /* GICD_CTLR */
    uint32_t cpu_control; /* GICC_CTLR */
    uint32_t mask;        /* GICC_PMR */
    uint32_t point[2];    /* GICC_BPR, GICC_ABPR */
    uint32_t lines;       /* interrupts there are, a multiple of 32 */
} gicv2_state;

/** @param spis shared interrupts */
void gicv2_reset(gicv2_state *g, unsigned spis);
/** The level of an input. */
void gicv2_line(gicv2_state *g, unsigned id, bool level);
/** What the CPU interface asks the core for. */
bool gicv2_irq(const gicv2_state *g);
bool gicv2_fiq(const gicv2_state *g);
/** Accesses of the firmware, by offset. */
uint32_t gicv2_distributor_read(gicv2_state *g, unsigned offset,
                                unsigned width);
void gicv2_distributor_write(gicv2_state *g, unsigned offset, unsigned width,
                             uint32_t value);
uint32_t gicv2_cpu_read(gicv2_state *g, unsigned offset);
void gicv2_cpu_write(gicv2_state *g, unsigned offset, uint32_t value);

#endif
