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

/** Debug units, by offset in the PPB (armv7m_debug.c). */
extern const armv7m_reg armv7m_debug_regs[];

#endif
