/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Traps of system instructions, of WFI and of WFE to a higher level: the
 * controls of HCR_EL2, MDCR_EL2, CPTR_EL2, CNTHCTL_EL2 and their kin at EL3
 * (DDI 0487 D1.12, D13.2). What EL0 may not do by SCTLR_EL1, CNTKCTL_EL1 and
 * PMUSERENR_EL0 the engine and armv8a_system.c know.
 */
#include "cpu/armv8a.h"

#define REG FWSIM__A64_SYSTEM

#define WFE_KEY REG(0, 3, 2, 0, 2)
#define WFI_KEY REG(0, 3, 2, 0, 3)

/** Registers whose bits trap. */
typedef enum control {
    HCR,     /* to EL2 */
    MDCR2,
    CPTR2,
    CNTHCTL,
    TO_EL3,
    SCR = TO_EL3,
    MDCR3,
    CPTR3,
    CONTROLS
} control;

enum {
    EXACT = 0xffff,
    ANY_OP2 = EXACT & ~7,
    ANY_CRM = EXACT & ~0x7f,
    ANY_OP1 = ANY_CRM & ~0x3800,
    NEVER = 63 /* no control has this bit */
};

typedef struct row {
    uint32_t reg, mask;
    uint8_t control;
    uint8_t read, write; /* bits of the control */
} row;

/* clang-format off */
static const row rows[] = {
    { WFI_KEY,                 EXACT,         HCR, 13, 13 }, /* TWI */
    { WFE_KEY,                 EXACT,         HCR, 14, 14 }, /* TWE */
    { REG(3, 0, 0, 0, 6),      EXACT,         HCR, 16, 16 }, /* TID1: REVIDR */
    { REG(3, 1, 0, 0, 7),      EXACT,         HCR, 16, 16 }, /* AIDR */
    { REG(3, 3, 0, 0, 1),      EXACT,         HCR, 17, 17 }, /* TID2: CTR */
    { REG(3, 1, 0, 0, 0),      EXACT & ~1,    HCR, 17, 17 }, /* CCSIDR, CLIDR */
    { REG(3, 2, 0, 0, 0),      EXACT,         HCR, 17, 17 }, /* CSSELR */
    { REG(3, 0, 0, 1, 0),      ANY_OP2,       HCR, 18, 18 }, /* TID3: ID_* */
    { REG(3, 0, 0, 2, 0),      ANY_OP2 & ~8,  HCR, 18, 18 },
    { REG(3, 0, 0, 4, 0),      ANY_OP2 & ~24, HCR, 18, 18 },
    { REG(1, 0, 11, 0, 0),     ANY_OP1,       HCR, 20, 20 }, /* TIDCP */
    { REG(1, 0, 15, 0, 0),     ANY_OP1,       HCR, 20, 20 },
    { REG(3, 0, 11, 0, 0),     ANY_OP1,       HCR, 20, 20 },
    { REG(3, 0, 15, 0, 0),     ANY_OP1,       HCR, 20, 20 },
    { REG(3, 0, 1, 0, 1),      EXACT,         HCR, 21, 21 }, /* TACR: ACTLR */
    { REG(1, 0, 7, 6, 2),      EXACT,         HCR, 22, 22 }, /* TSW: DC ISW, */
    { REG(1, 0, 7, 10, 2),     EXACT & ~32,   HCR, 22, 22 }, /* CSW, CISW */
    { REG(1, 0, 7, 6, 1),      EXACT,         HCR, 23, 23 }, /* TPC: DC IVAC, */
    { REG(1, 3, 7, 10, 1),     EXACT & ~32,   HCR, 23, 23 }, /* CVAC, CIVAC */
    { REG(1, 0, 7, 1, 0),      EXACT & ~32,   HCR, 24, 24 }, /* TPU: IC IALLU, */
    { REG(1, 3, 7, 5, 1),      EXACT,         HCR, 24, 24 }, /* IVAU, */
    { REG(1, 3, 7, 11, 1),     EXACT,         HCR, 24, 24 }, /* DC CVAU */
    { REG(1, 0, 8, 0, 0),      ANY_CRM,       HCR, 25, 25 }, /* TTLB: TLBI */
    { REG(3, 0, 1, 0, 0),      EXACT,         HCR, 30, 26 }, /* TRVM, TVM: SCTLR, */
    { REG(3, 0, 2, 0, 0),      EXACT & ~1,    HCR, 30, 26 }, /* TTBR0, TTBR1, */
    { REG(3, 0, 2, 0, 2),      EXACT,         HCR, 30, 26 }, /* TCR, */
    { REG(3, 0, 5, 1, 0),      EXACT & ~1,    HCR, 30, 26 }, /* AFSR0, AFSR1, */
    { REG(3, 0, 5, 2, 0),      EXACT,         HCR, 30, 26 }, /* ESR, */
    { REG(3, 0, 6, 0, 0),      EXACT,         HCR, 30, 26 }, /* FAR, */
    { REG(3, 0, 10, 2, 0),     EXACT & ~8,    HCR, 30, 26 }, /* MAIR, AMAIR, */
    { REG(3, 0, 13, 0, 1),     EXACT,         HCR, 30, 26 }, /* CONTEXTIDR */
    { REG(1, 3, 7, 4, 1),      EXACT,         HCR, 28, 28 }, /* TDZ: DC ZVA */
    { REG(3, 0, 1, 0, 2),      EXACT,         CPTR2, 31, 31 }, /* TCPAC: CPACR */
    { REG(3, 0, 1, 0, 2),      EXACT,         CPTR3, 31, 31 },
    { REG(3, 4, 1, 1, 2),      EXACT,         CPTR3, 31, 31 }, /* CPTR_EL2 */
    { REG(2, 0, 0, 0, 0),      ANY_CRM,       MDCR2, 9, 9 }, /* TDA */
    { REG(2, 0, 0, 0, 0),      ANY_CRM,       MDCR3, 9, 9 },
    { REG(2, 3, 0, 0, 0),      ANY_CRM,       MDCR2, 9, 9 },
    { REG(2, 3, 0, 0, 0),      ANY_CRM,       MDCR3, 9, 9 },
    { REG(2, 0, 1, 0, 4),      ANY_CRM | 7,   MDCR2, 10, 10 }, /* TDOSA */
    { REG(2, 0, 1, 0, 4),      ANY_CRM | 7,   MDCR3, 10, 10 },
    { REG(2, 0, 1, 0, 0),      EXACT,         MDCR2, 11, 11 }, /* TDRA: MDRAR */
    { REG(3, 3, 9, 12, 0),     EXACT,         MDCR2, 5, 5 }, /* TPMCR: PMCR */
    { REG(3, 3, 9, 12, 0),     ANY_OP2 & ~8,  MDCR2, 6, 6 }, /* TPM */
    { REG(3, 3, 9, 12, 0),     ANY_OP2 & ~8,  MDCR3, 6, 6 },
    { REG(3, 0, 9, 14, 0),     ANY_OP2,       MDCR2, 6, 6 },
    { REG(3, 0, 9, 14, 0),     ANY_OP2,       MDCR3, 6, 6 },
    { REG(3, 3, 9, 14, 0),     ANY_OP2,       MDCR2, 6, 6 },
    { REG(3, 3, 9, 14, 0),     ANY_OP2,       MDCR3, 6, 6 },
    { REG(3, 3, 14, 8, 0),     ANY_OP2 & ~56, MDCR2, 6, 6 },
    { REG(3, 3, 14, 8, 0),     ANY_OP2 & ~56, MDCR3, 6, 6 },
    { REG(3, 3, 14, 0, 1),     EXACT,         CNTHCTL, 0, NEVER }, /* CNTPCT */
    { REG(3, 3, 14, 2, 0),     ANY_OP2,       CNTHCTL, 1, 1 }, /* CNTP_* */
    { WFI_KEY,                 EXACT,         SCR, 12, 12 }, /* TWI */
    { WFE_KEY,                 EXACT,         SCR, 13, 13 }, /* TWE */
};
/* clang-format on */

#define SCTLR_NTWE (1u << 18)
#define SCTLR_UCI  (1u << 26)

#define MDCR_TDE    (1u << 8)
#define MDCR_TDX    (7u << 9) /* TDA, TDOSA, TDRA */

static bool is_secure(fwsim__cpu *cpu)
{
    return cpu->highest_el == 3 && !(armv8a_system_get(cpu, SYS_SCR) & SCR_NS);
}

uint64_t armv8a_hcr(fwsim__cpu *cpu)
{
    return cpu->highest_el < 2 || is_secure(cpu)
               ? 0
               : armv8a_system_get(cpu, SYS_HCR) | cpu->st->hcr;
}

/** The controls as far as they trap from the current level. */
static void get_controls(fwsim__cpu *cpu, uint64_t now[CONTROLS])
{
    unsigned el = armv8a_el(armv8a_pstate(cpu));

    for (unsigned n = 0; n < CONTROLS; n++)
        now[n] = 0;
    if (el < 2 && cpu->highest_el >= 2 && !is_secure(cpu)) {
        now[HCR] = armv8a_hcr(cpu);
        now[MDCR2] = armv8a_system_get(cpu, SYS_MDCR_EL2);
        now[CPTR2] = armv8a_system_get(cpu, SYS_CPTR_EL2);
        /* Bits that enable; they trap when they are clear. */
        now[CNTHCTL] = ~armv8a_system_get(cpu, SYS_CNTHCTL) & 3;
        if ((now[MDCR2] & MDCR_TDE) || (now[HCR] & HCR_TGE))
            now[MDCR2] |= MDCR_TDX;
    }
    if (el < 3 && cpu->highest_el == 3) {
        now[SCR] = armv8a_system_get(cpu, SYS_SCR);
        now[MDCR3] = armv8a_system_get(cpu, SYS_MDCR_EL3);
        now[CPTR3] = armv8a_system_get(cpu, SYS_CPTR_EL3);
    }
}

bool armv8a_traps(fwsim__cpu *cpu)
{
    unsigned el = armv8a_el(armv8a_pstate(cpu));
    uint64_t now[CONTROLS];

    if (el == 0 && ~armv8a_sctlr(cpu) & (SCTLR_NTWI | SCTLR_NTWE))
        return true;
    get_controls(cpu, now);
    for (unsigned i = 0; i < sizeof rows / sizeof *rows; i++)
        if (now[rows[i].control] & (1ull << rows[i].read | 1ull << rows[i].write))
            return true;
    return false;
}

/** WFI and WFE trap only when they would wait (D1.16). */
static bool would_wait(fwsim__cpu *cpu, uint32_t key)
{
    return !armv8a_asserted(cpu) && (key == WFI_KEY || !cpu->st->event);
}

/** What EL0 may not do anyway does not get to higher levels. */
static bool undefined_for_user(fwsim__cpu *cpu, uint32_t key)
{
    unsigned op0 = key >> 14, op1 = key >> 11 & 7;

    return (op0 != 0 && op1 != 3) ||
           (op0 == 1 && !(armv8a_sctlr(cpu) & SCTLR_UCI));
}

unsigned armv8a_trap(fwsim__cpu *cpu, uint32_t insn)
{
    uint32_t key = insn >> 5 & 0xffff;
    bool read = insn >> 21 & 1;
    unsigned el = armv8a_el(armv8a_pstate(cpu)), target = 0;
    bool waits = key == WFI_KEY || key == WFE_KEY;
    uint64_t now[CONTROLS];

    if (waits && !would_wait(cpu, key))
        return 0;
    if (el == 0 && waits &&
        !(armv8a_sctlr(cpu) & (key == WFI_KEY ? SCTLR_NTWI : SCTLR_NTWE)))
        return armv8a_hcr(cpu) & HCR_TGE ? 2 : 1;
    if (el == 0 && undefined_for_user(cpu, key))
        return 0;
    get_controls(cpu, now);
    for (unsigned i = 0; i < sizeof rows / sizeof *rows; i++) {
        const row *r = &rows[i];
        unsigned to = r->control >= TO_EL3 ? 3 : 2;

        if ((key & r->mask) == r->reg &&
            (now[r->control] >> (read ? r->read : r->write) & 1) &&
            (!target || to < target))
            target = to;
    }
    return target;
}
