/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Performance monitors (DDI 0487 D7, registers D13.4): the cycle counter, which
 * is virtual time. There are no event counters: PMCR_EL0.N is 0, and PMEVCNTR<n>
 * and PMEVTYPER<n> are undefined, as D7.7 permits. The engine has the counters
 * from the host's clock, so none of their registers is left to it.
 *
 * Not modelled: the overflow interrupt, the filter of PMCCFILTR_EL0 (stored),
 * and the divider PMCR_EL0.D (reads as 0).
 */
#include "cpu/armv8a.h"

#define PMCR_E  (1u << 0)
#define PMCR_C  (1u << 2)
#define PMCR_LC (1u << 6)
#define PMCR_ARM (0x41u << 24)

#define CYCLES (1u << 31) /* the cycle counter among the counters */

#define USER_EN (1u << 0)
#define USER_SW (1u << 1)
#define USER_CR (1u << 2)
#define USER_ER (1u << 3)

#define FILTER_BITS 0xfe000000u
#define SELECT_CYCLES 31

#define OP(op1, crm, op2) FWSIM__A64_SYSTEM(3, op1, 9, crm, op2)

enum {
    PMCR = OP(3, 12, 0),
    PMCNTENSET = OP(3, 12, 1),
    PMCNTENCLR = OP(3, 12, 2),
    PMOVSCLR = OP(3, 12, 3),
    PMSWINC = OP(3, 12, 4),
    PMSELR = OP(3, 12, 5),
    PMCEID0 = OP(3, 12, 6),
    PMCEID1 = OP(3, 12, 7),
    PMCCNTR = OP(3, 13, 0),
    PMXEVTYPER = OP(3, 13, 1),
    PMXEVCNTR = OP(3, 13, 2),
    PMUSERENR = OP(3, 14, 0),
    PMOVSSET = OP(3, 14, 3),
    PMINTENSET = OP(0, 14, 1),
    PMINTENCLR = OP(0, 14, 2),
    PMCCFILTR = FWSIM__A64_SYSTEM(3, 3, 14, 15, 7)
};

/** Event 0x11, CPU_CYCLES, is the only one (D7.10.2). */
#define EVENTS (1u << 0x11)

bool armv8a_is_pmu(uint32_t reg)
{
    switch (reg) {
    case PMCR: case PMCNTENSET: case PMCNTENCLR: case PMOVSCLR: case PMSWINC:
    case PMSELR: case PMCEID0: case PMCEID1: case PMCCNTR: case PMXEVTYPER:
    case PMXEVCNTR: case PMUSERENR: case PMOVSSET: case PMINTENSET:
    case PMINTENCLR: case PMCCFILTR:
        return true;
    default:
        return false;
    }
}

/** What EL0 may do by PMUSERENR_EL0 (D13.4.16). */
static bool open_to_user(const armv8a_pmu_state *p, uint32_t reg, bool write)
{
    if (reg == PMUSERENR)
        return !write;
    if (reg == PMINTENSET || reg == PMINTENCLR)
        return false;
    return (p->user & USER_EN) ||
           (reg == PMSWINC && (p->user & USER_SW)) ||
           (reg == PMCCNTR && !write && (p->user & USER_CR)) ||
           (reg == PMSELR && (p->user & USER_ER)) ||
           (reg == PMXEVCNTR && !write && (p->user & USER_ER));
}

/** Bring the counter up to now; it overflows at 32 bits unless PMCR_EL0.LC. */
static void count(armv8a_pmu_state *p, uint64_t now)
{
    uint64_t before = p->cycles;

    if ((p->control & PMCR_E) && (p->enabled & CYCLES))
        p->cycles += now - p->since;
    p->since = now;
    if (!(p->control & PMCR_LC) && before >> 32 != p->cycles >> 32)
        p->overflow |= CYCLES;
}

static uint64_t read_register(const fwsim__cpu *cpu, uint32_t reg)
{
    const armv8a_pmu_state *p = &cpu->st->pmu;

    switch (reg) {
    case PMCR: /* IDCODE: 3 is a Cortex-A53, 2 a Cortex-A72 */
        return PMCR_ARM | (cpu->is_a72 ? 2u : 3u) << 16 | p->control;
    case PMCNTENSET:
    case PMCNTENCLR:
        return p->enabled;
    case PMOVSSET:
    case PMOVSCLR:
        return p->overflow;
    case PMINTENSET:
    case PMINTENCLR:
        return p->interrupts;
    case PMSELR:
        return p->select;
    case PMCEID0:
        return EVENTS;
    case PMCCNTR:
        return p->cycles;
    case PMUSERENR:
        return p->user;
    case PMXEVTYPER:
        return p->select == SELECT_CYCLES ? p->filter : 0;
    case PMCCFILTR:
        return p->filter;
    default:
        return 0;
    }
}

static void write_register(armv8a_pmu_state *p, uint32_t reg, uint64_t value)
{
    uint32_t bit = (uint32_t)value & CYCLES;

    switch (reg) {
    case PMCR:
        p->control = value & (PMCR_E | PMCR_LC);
        if (value & PMCR_C)
            p->cycles = 0;
        break;
    case PMCNTENSET:
        p->enabled |= bit;
        break;
    case PMCNTENCLR:
        p->enabled &= ~bit;
        break;
    case PMOVSSET:
        p->overflow |= bit;
        break;
    case PMOVSCLR:
        p->overflow &= ~bit;
        break;
    case PMINTENSET:
        p->interrupts |= bit;
        break;
    case PMINTENCLR:
        p->interrupts &= ~bit;
        break;
    case PMSELR:
        p->select = value & 31;
        break;
    case PMCCNTR:
        p->cycles = value;
        break;
    case PMUSERENR:
        p->user = value & (USER_EN | USER_SW | USER_CR | USER_ER);
        break;
    case PMXEVTYPER:
        if (p->select == SELECT_CYCLES)
            p->filter = (uint32_t)value & FILTER_BITS;
        break;
    case PMCCFILTR:
        p->filter = (uint32_t)value & FILTER_BITS;
        break;
    default:
        break;
    }
}

bool armv8a_pmu(fwsim__cpu *cpu, uint32_t reg, bool write, uint64_t *value)
{
    armv8a_pmu_state *p = &cpu->st->pmu;
    bool read_only = reg == PMCEID0 || reg == PMCEID1;

    if (write ? read_only : reg == PMSWINC)
        return false;
    if (armv8a_el(armv8a_pstate(cpu)) == 0 && !open_to_user(p, reg, write))
        return false;
    count(p, cpu->m->now);
    if (write)
        write_register(p, reg, *value);
    else
        *value = read_register(cpu, reg);
    return true;
}
