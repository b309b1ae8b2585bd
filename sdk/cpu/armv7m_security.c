/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Security of Armv8-M as far as a core needs that stays in Secure state: the
 * security attribution unit, what TT says, and where Secure code cannot be
 * (DDI 0553B, B8, B9 and D1.2.232 ff.).
 *
 * Not modelled: an IDAU, and Non-secure state: the ways into it are
 * refused by name.
 */
#include "cpu/armv7m_regs.h"

#define SAU_ENABLE (1u << 0)
#define SAU_ALLNS  (1u << 1)
#define RLAR_ENABLE (1u << 0)
#define RLAR_NSC    (1u << 1)

#define SFSR_INVTRAN (1u << 4)
#define SFSR_ALL     0xffu

#define PPB_FIRST 0xe0000000u
#define PPB_LAST  0xe00fffffu

#define TT_MRVALID (1u << 16)
#define TT_SRVALID (1u << 17)
#define TT_R       (1u << 18)
#define TT_RW      (1u << 19)
#define TT_NSR     (1u << 20)
#define TT_NSRW    (1u << 21)
#define TT_S       (1u << 22)

enum { SAU_GRAIN = 32 };

/* ------------------------------------------------------------------ */
/* Attribution (B9.3, SecurityCheck of E2.1)                            */
/* ------------------------------------------------------------------ */

/** The one region an address is in. @return -1: none, or several */
static int region_of(const armv7m_sau *sau, uint32_t addr)
{
    int found = -1;

    for (int n = 0; n < SAU_REGIONS; n++) {
        if (!(sau->limit[n] & RLAR_ENABLE) || addr < (sau->base[n] & ~31u) ||
            addr > (sau->limit[n] | 31u))
            continue;
        if (found >= 0)
            return -1;
        found = n;
    }
    return found;
}

bool armv7m_nonsecure(const fwsim__cpu *cpu, uint32_t addr)
{
    const armv7m_sau *sau = &cpu->st->sau;
    int n;

    if (!sau->ctrl || (addr >= PPB_FIRST && addr <= PPB_LAST))
        return false;
    if (!(sau->ctrl & SAU_ENABLE))
        return sau->ctrl & SAU_ALLNS;
    n = region_of(sau, addr);
    return n >= 0 && !(sau->limit[n] & RLAR_NSC);
}

armv7m_share armv7m_sau_share(const fwsim__cpu *cpu, uint32_t page,
                              uint32_t size)
{
    bool first = armv7m_nonsecure(cpu, page);

    if (!cpu->st->sau.ctrl)
        return ARMV7M_WHOLE;
    for (uint32_t at = SAU_GRAIN; at < size; at += SAU_GRAIN)
        if (armv7m_nonsecure(cpu, page + at) != first)
            return ARMV7M_PART;
    return first ? ARMV7M_NOTHING : ARMV7M_WHOLE;
}

void armv7m_invalid_transition(fwsim__cpu *cpu, uint32_t pc)
{
    cpu->st->sau.status |= SFSR_INVTRAN;
    armv7m_fault(cpu, EXC_SECUREFAULT, 0, pc);
}

/* ------------------------------------------------------------------ */
/* Instructions                                                         */
/* ------------------------------------------------------------------ */

/** BXNS and BLXNS to an odd address stay in Secure state (C2.4.26). TT is not
 * for the engine. */
bool armv7m_stays_secure(const fwsim__cpu *cpu, const fwsim__thumb_insn *insn)
{
    return insn->ours == FWSIM__THUMB_NONSECURE &&
           (fwsim__engine_get(cpu->engine, FWSIM__ARM_R0 + insn->operand) & 1);
}

/** There are no Non-secure MPU regions: TTA sees the default map. */
uint32_t armv7m_target(fwsim__cpu *cpu, uint32_t addr, bool privileged,
                       bool alternate)
{
    int mpu = alternate ? -1 : armv7m_mpu_region_at(cpu, addr);
    int sau = cpu->st->sau.ctrl & SAU_ENABLE
                  ? region_of(&cpu->st->sau, addr)
                  : -1;
    bool read = alternate || armv7m_mpu_allows(cpu, addr, FWSIM__READ,
                                               privileged);
    bool write = alternate || armv7m_mpu_allows(cpu, addr, FWSIM__WRITE,
                                                privileged);
    bool ns = armv7m_nonsecure(cpu, addr);
    uint32_t result = 0;

    if (mpu >= 0)
        result |= TT_MRVALID | (uint32_t)mpu;
    if (sau >= 0)
        result |= TT_SRVALID | (uint32_t)sau << 8;
    result |= (read ? TT_R : 0) | (write ? TT_RW : 0) | (ns ? 0 : TT_S);
    return result | (ns && read ? TT_NSR : 0) | (ns && write ? TT_NSRW : 0);
}

/* ------------------------------------------------------------------ */
/* Registers: CTRL, TYPE, RNR, RBAR, RLAR, SFSR, SFAR                   */
/* ------------------------------------------------------------------ */

enum { CTRL, TYPE, RNR, RBAR, RLAR, SFSR, SFAR };

uint32_t armv7m_sau_read(fwsim__cpu *cpu, unsigned index)
{
    const armv7m_sau *sau = &cpu->st->sau;
    const uint32_t values[] = {
        [CTRL] = sau->ctrl,
        [TYPE] = SAU_REGIONS,
        [RNR] = sau->number,
        [RBAR] = sau->base[sau->number],
        [RLAR] = sau->limit[sau->number],
        [SFSR] = sau->status,
        [SFAR] = sau->address,
    };

    return values[index];
}

void armv7m_sau_write(fwsim__cpu *cpu, unsigned index, uint32_t value,
                      uint32_t lanes)
{
    armv7m_sau *sau = &cpu->st->sau;

    value &= lanes;
    switch (index) {
    case CTRL:
        sau->ctrl = value & (SAU_ENABLE | SAU_ALLNS);
        break;
    case RNR:
        if ((value & 0xff) < SAU_REGIONS)
            sau->number = value & 0xff;
        break;
    case RBAR:
        sau->base[sau->number] = value & ~31u;
        break;
    case RLAR:
        sau->limit[sau->number] = value & ~28u;
        break;
    case SFSR:
        sau->status &= ~(value & SFSR_ALL);
        break;
    case SFAR:
        sau->address = value;
        break;
    default:
        break;
    }
    armv7m_protection_changed(cpu);
}
