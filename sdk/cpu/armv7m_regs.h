/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Registers of the private peripheral bus as rows of a table. */
#ifndef FWSIM_ARMV7M_REGS_H
#define FWSIM_ARMV7M_REGS_H

#include <stddef.h>

#include "cpu/armv7m.h"

/** Cores that have a register. */
enum { ALL = 0, MAIN = 1, VTOR_ONLY = 2, FPU = 3, V8M = 4, CACHES = 5 };

/**
 * A word register of the PPB, or an array of them. What is stored in a field
 * of the state needs masks only; without a field it reads as zero and ignores
 * writes.
 */
typedef struct armv7m_reg {
    uint32_t offset;
    uint16_t words; /* 0 ends a table */
    uint8_t cores;
    uint32_t (*read)(fwsim__cpu *cpu, unsigned index);
    /** @param value  written bits; @param lanes  bytes of the access */
    void (*write)(fwsim__cpu *cpu, unsigned index, uint32_t value,
                  uint32_t lanes);
    size_t field; /* its place in armv7m_state; 0: not stored */
    uint32_t rw, w1c;
} armv7m_reg;

#define FIELD(member) .field = offsetof(armv7m_state, member)

static inline uint32_t armv7m_merge(uint32_t old, uint32_t value,
                                    uint32_t lanes)
{
    return (old & ~lanes) | (value & lanes);
}

static inline bool armv7m_has_caches(const armv7m_core *core)
{
    return core->id && core->id->caches[0];
}

/* The units of the PPB, by offset in it; a file each. */
extern const armv7m_reg armv7m_nvic_regs[];
extern const armv7m_reg armv7m_systick_regs[];
extern const armv7m_reg armv7m_scb_regs[];
extern const armv7m_reg armv7m_debug_regs[];

/* armv7m_nvic.c */
enum { ARMV7M_IRQ_WORDS = 15 };
/** 32 interrupts of a set, which is indexed by exception number: interrupt 0
 * is exception 16. */
uint32_t armv7m_irq_word(const uint32_t *set, unsigned index);
/** Priorities of four exceptions; those that have none do not change. */
uint32_t armv7m_priorities(const fwsim__cpu *cpu, unsigned first);
void armv7m_priorities_put(fwsim__cpu *cpu, unsigned first, uint32_t value,
                           uint32_t lanes);

#endif
