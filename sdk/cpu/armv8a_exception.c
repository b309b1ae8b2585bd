/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Exceptions: which level one belongs to, how it is entered, and what its
 * syndrome says (DDI 0487 D1.10 to D1.14, D13.2.37).
 */
#include "cpu/armv8a.h"

#include "cpu/a64.h"

enum { VECTOR_SIZE = 0x80, FROM_SP_ELX = 0x200, FROM_LOWER = 0x400 };

static uint64_t banked(fwsim__cpu *cpu, unsigned el, unsigned crn, unsigned crm,
                       unsigned op2)
{
    return armv8a_system_get(cpu, armv8a_banked(el, crn, crm, op2));
}

static void set_banked(fwsim__cpu *cpu, unsigned el, unsigned crn, unsigned crm,
                       unsigned op2, uint64_t value)
{
    fwsim__engine_system_set(cpu->engine, armv8a_banked(el, crn, crm, op2),
                             value);
}

void armv8a_take(fwsim__cpu *cpu, unsigned target, armv8a_kind kind,
                 uint64_t return_to)
{
    uint64_t pstate = armv8a_pstate(cpu);
    uint64_t vector = banked(cpu, target, 12, 0, 0) + kind * VECTOR_SIZE;

    if (armv8a_el(pstate) < target)
        vector += FROM_LOWER;
    else if (pstate & PSTATE_SP)
        vector += FROM_SP_ELX;
    set_banked(cpu, target, 4, 0, 0, pstate);
    set_banked(cpu, target, 4, 0, 1, return_to);
    armv8a_set_pstate(cpu, (pstate & PSTATE_NZCV) | PSTATE_DAIF |
                               (uint64_t)target << 2 | PSTATE_SP);
    armv8a_set_pc(cpu, vector);
    cpu->st->vector = vector;
    cpu->m->exception_taken = true;
    if (cpu->m->hooks[FWSIM__HOOK_EXCEPTION].count) {
        fwsim_exception e = { .number = kind, .entry = true, .pc = return_to };

        fwsim__hooks_exception(cpu->m, &e);
    }
}

/** D1.12.3: the level that a synchronous exception is taken to. */
static unsigned target_of(fwsim__cpu *cpu, unsigned ec)
{
    unsigned el = armv8a_el(armv8a_pstate(cpu));

    if (ec == EC_SMC)
        return 3;
    if (ec == EC_HVC)
        return el > 2 ? el : 2;
    if (el == 0 && (armv8a_hcr(cpu) & HCR_TGE))
        return 2;
    return el ? el : 1;
}

/** Is this one a mistake of the firmware that a person wants to see? */
static bool is_fault(unsigned ec)
{
    return ec != EC_SVC && ec != EC_HVC && ec != EC_SMC && ec != EC_FP &&
           ec != EC_WFX && ec != EC_SYSTEM;
}

static void note_fault(fwsim__cpu *cpu, unsigned target, uint32_t esr,
                       uint64_t pc)
{
    armv8a_state *st = cpu->st;

    st->fault = 1;
    st->fault_from = (uint8_t)armv8a_el(armv8a_pstate(cpu));
    st->fault_to = (uint8_t)target;
    st->fault_esr = esr;
    st->fault_pc = pc;
}

void armv8a_synchronous_to(fwsim__cpu *cpu, unsigned target, unsigned ec,
                           uint32_t iss, uint64_t return_to)
{
    uint32_t esr = (uint32_t)ec << 26 | ESR_IL | iss;

    /* The first instruction of the handler is not executed, without end. */
    if (return_to == cpu->st->vector &&
        armv8a_el(armv8a_pstate(cpu)) == target)
        cpu->st->lockup = 1;
    if (is_fault(ec) || cpu->st->lockup)
        note_fault(cpu, target, esr, return_to);
    set_banked(cpu, target, 5, 2, 0, esr);
    armv8a_take(cpu, target, ARMV8A_SYNCHRONOUS, return_to);
}

void armv8a_synchronous(fwsim__cpu *cpu, unsigned ec, uint32_t iss,
                        uint64_t return_to)
{
    armv8a_synchronous_to(cpu, target_of(cpu, ec), ec, iss, return_to);
}

/** The engine names the page of an access: the instruction says more. */
static uint64_t exact_address(fwsim__cpu *cpu, uint64_t addr)
{
    uint64_t page = ~(uint64_t)(fwsim__engine_page_size(cpu->engine) - 1);
    uint64_t x[32], first;
    uint32_t insn;

    armv8a_get_x(cpu, x);
    if (!armv8a_fetch(cpu, armv8a_pc(cpu), &insn) ||
        !fwsim__a64_address(insn, armv8a_pc(cpu), x, &first) ||
        ((first ^ addr) & page))
        return addr;
    return first;
}

void armv8a_abort(fwsim__cpu *cpu, uint64_t addr, fwsim__access_kind kind)
{
    unsigned ec = kind == FWSIM__FETCH ? EC_FETCH : EC_DATA;
    unsigned target = target_of(cpu, ec);
    bool lower = armv8a_el(armv8a_pstate(cpu)) < target;
    uint32_t iss = cpu->fault_code |
                   (kind == FWSIM__WRITE ? ESR_WNR : 0);

    addr = kind == FWSIM__FETCH ? armv8a_pc(cpu) : exact_address(cpu, addr);
    cpu->st->fault_address = addr;
    set_banked(cpu, target, 6, 0, 0, addr);
    armv8a_synchronous_to(cpu, target, lower ? ec - 1 : ec, iss, armv8a_pc(cpu));
}

void armv8a_misaligned(fwsim__cpu *cpu, uint64_t addr, bool write)
{
    unsigned target = target_of(cpu, EC_DATA);
    bool lower = armv8a_el(armv8a_pstate(cpu)) < target;

    cpu->st->fault_address = addr;
    set_banked(cpu, target, 6, 0, 0, addr);
    armv8a_synchronous_to(cpu, target, lower ? EC_DATA_LOWER : EC_DATA,
                          FSC_ALIGNMENT | (write ? ESR_WNR : 0),
                          armv8a_pc(cpu));
}

/** D1.13.2: routing and masking. */
static bool takes(fwsim__cpu *cpu, bool asserted, uint32_t scr_bit,
                  uint32_t hcr_bit, uint32_t mask, unsigned *target)
{
    uint64_t pstate = armv8a_pstate(cpu);
    uint64_t hcr = armv8a_hcr(cpu);
    unsigned el = armv8a_el(pstate);

    if (!asserted)
        return false;
    *target = 1;
    if (hcr & (hcr_bit | HCR_TGE))
        *target = 2;
    if (armv8a_system_get(cpu, SYS_SCR) & scr_bit)
        *target = 3;
    if (el > *target)
        return false;
    return (el < *target && *target > 1) || !(pstate & mask);
}

/** D1.13.3: HCR_EL2.VI and .VF ask EL1 and EL0 for a virtual interrupt. */
static bool is_virtual(fwsim__cpu *cpu, uint32_t request, uint32_t routed)
{
    uint64_t hcr = armv8a_hcr(cpu);

    return (hcr & request) && (hcr & routed) && !(hcr & HCR_TGE);
}

static bool takes_virtual(fwsim__cpu *cpu, uint32_t request, uint32_t routed,
                          uint32_t mask, unsigned *target)
{
    uint64_t pstate = armv8a_pstate(cpu);

    *target = 1;
    return is_virtual(cpu, request, routed) && armv8a_el(pstate) < 2 &&
           !(pstate & mask);
}

bool armv8a_interrupt(fwsim__cpu *cpu, armv8a_kind *kind, unsigned *target)
{
    const gicv2_state *gic = &cpu->st->gic;

    /* D1.13.4: the order is the implementation's. */
    *kind = ARMV8A_FIQ;
    if (takes(cpu, gicv2_fiq(gic), SCR_FIQ, HCR_FMO, PSTATE_F, target))
        return true;
    *kind = ARMV8A_IRQ;
    if (takes(cpu, gicv2_irq(gic), SCR_IRQ, HCR_IMO, PSTATE_I, target) ||
        takes_virtual(cpu, HCR_VI, HCR_IMO, PSTATE_I, target))
        return true;
    *kind = ARMV8A_FIQ;
    return takes_virtual(cpu, HCR_VF, HCR_FMO, PSTATE_F, target);
}

bool armv8a_asserted(const fwsim__cpu *cpu)
{
    return gicv2_irq(&cpu->st->gic) || gicv2_fiq(&cpu->st->gic) ||
           cpu->is_virtual;
}

/** D13.2.65: below EL2, what is routed there shows as the virtual one. */
static bool is_pending(fwsim__cpu *cpu, bool physical, uint32_t request,
                       uint32_t routed)
{
    bool below = armv8a_el(armv8a_pstate(cpu)) < 2;

    return below && (armv8a_hcr(cpu) & routed)
               ? is_virtual(cpu, request, routed)
               : physical;
}

uint64_t armv8a_pending(fwsim__cpu *cpu)
{
    const gicv2_state *gic = &cpu->st->gic;
    bool irq = is_pending(cpu, gicv2_irq(gic), HCR_VI, HCR_IMO);
    bool fiq = is_pending(cpu, gicv2_fiq(gic), HCR_VF, HCR_FMO);

    return (irq ? PSTATE_I : 0) | (fiq ? PSTATE_F : 0);
}

bool armv8a_virtual(fwsim__cpu *cpu)
{
    return is_virtual(cpu, HCR_VI, HCR_IMO) || is_virtual(cpu, HCR_VF, HCR_FMO);
}

/* ------------------------------------------------------------------ */
/* Instructions that are not executed                                   */
/* ------------------------------------------------------------------ */


/** Syndrome of a trapped MSR, MRS or system instruction (D13.2.37). */
uint32_t armv8a_system_syndrome(uint32_t insn)
{
    uint32_t op0 = insn >> 19 & 3, op1 = insn >> 16 & 7, crn = insn >> 12 & 15;
    uint32_t crm = insn >> 8 & 15, op2 = insn >> 5 & 7, rt = insn & 31;

    return op0 << 20 | op2 << 17 | op1 << 14 | crn << 10 | rt << 5 | crm << 1 |
           (insn >> 21 & 1);
}

/** What EL0 may use only when a higher level lets it: DAIF, timers, performance
 * monitors, and the cache operations of SCTLR.UCI and .DZE. */
static bool is_granted(uint32_t insn)
{
    unsigned op0 = insn >> 19 & 3, op1 = insn >> 16 & 7, crn = insn >> 12 & 15;
    unsigned crm = insn >> 8 & 15, op2 = insn >> 5 & 7;

    if (op0 == 0) /* MSR DAIFSet, DAIFClr */
        return op1 == 3 && crn == 4;
    if (op1 != 3)
        return false;
    return (op0 == 1 && crn == 7) ||
           (op0 == 3 && ((crn == 4 && crm == 2) || crn == 14 ||
                         (crn == 9 && (crm != 14 || op2)) ||
                         (crn == 0 && crm == 0)));
}

/** MRS and MSR of a register that the engine lacks. @return false: undefined */
static bool access_here(fwsim__cpu *cpu, uint32_t insn)
{
    uint32_t reg = FWSIM__A64_SYSTEM(insn >> 19 & 3, insn >> 16 & 7,
                                     insn >> 12 & 15, insn >> 8 & 15,
                                     insn >> 5 & 7);
    bool write = !(insn >> 21 & 1);
    unsigned rt = insn & 31;
    uint64_t value = 0;

    if (write && rt != 31)
        value = fwsim__engine_get64(cpu->engine, FWSIM__A64_X0 + rt);
    if (!armv8a_system(cpu, reg, write, &value))
        return false;
    if (!write && rt != 31)
        fwsim__engine_set64(cpu->engine, FWSIM__A64_X0 + rt, value);
    armv8a_set_pc(cpu, armv8a_pc(cpu) + 4);
    cpu->m->now++;
    return true;
}

void armv8a_undefined(fwsim__cpu *cpu, uint32_t insn)
{
    uint64_t pc = armv8a_pc(cpu);
    unsigned el = armv8a_el(armv8a_pstate(cpu));

    if ((insn & 0xffc00000u) == 0xd5000000u) {
        if ((insn >> 20 & 1) && access_here(cpu, insn))
            return;
        if (el == 0 && is_granted(insn)) {
            armv8a_synchronous(cpu, EC_SYSTEM, armv8a_system_syndrome(insn), pc);
            return;
        }
    }
    armv8a_synchronous(cpu, EC_UNKNOWN, 0, pc);
}

/* ------------------------------------------------------------------ */
/* Floating point that is switched off                                  */
/* ------------------------------------------------------------------ */

unsigned armv8a_fp_trap(fwsim__cpu *cpu)
{
    unsigned el = armv8a_el(armv8a_pstate(cpu));
    unsigned fpen = armv8a_system_get(cpu, SYS_CPACR) >> 20 & 3;

    if (el <= 1 && (fpen == 0 || fpen == 2 || (fpen == 1 && el == 0)))
        return target_of(cpu, EC_FP);
    if (el <= 2 && cpu->highest_el >= 2 &&
        (armv8a_system_get(cpu, SYS_CPTR_EL2) & CPTR_TFP))
        return 2;
    if (cpu->highest_el == 3 &&
        (armv8a_system_get(cpu, SYS_CPTR_EL3) & CPTR_TFP))
        return 3;
    return 0;
}

void armv8a_fp_disabled(fwsim__cpu *cpu)
{
    /* COND is 0b1110 in AArch64, and valid. */
    armv8a_synchronous_to(cpu, armv8a_fp_trap(cpu), EC_FP, 1u << 24 | 14u << 20,
                   armv8a_pc(cpu));
}

void armv8a_pc_misaligned(fwsim__cpu *cpu)
{
    uint64_t pc = armv8a_pc(cpu);

    cpu->st->fault_address = pc;
    set_banked(cpu, target_of(cpu, EC_PC_ALIGNMENT), 6, 0, 0, pc);
    armv8a_synchronous(cpu, EC_PC_ALIGNMENT, 0, pc);
}
