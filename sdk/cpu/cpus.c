/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The catalogue of cores. */
#include "cpu/cpu.h"

#include <string.h>

extern const fwsim__cpu_ops armv7m_ops;
extern const fwsim__cpu_ops armv8a_ops;

static const char *const v6m_gaps[] = {
    "unprivileged thread mode: CONTROL.nPRIV is read as zero",
    "cycle counts: one instruction is one cycle",
    "bits 1:0 of stack pointers: cleared at reset, not when they are written",
    "MPU",
    "debug registers, breakpoint and watchpoint units: as on silicon, firmware "
    "cannot use them",
    NULL
};

static const char *const v7m_gaps[] = {
    "cycle counts: one instruction is one cycle",
    "bits 1:0 of stack pointers: cleared at reset, not when they are written",
    "MPU: memory attributes have no effect",
    "event counters and packets of the DWT, packets and timestamps of the ITM, "
    "FPB: registers read as zero, logged",
    "watchpoints do not see the cycle counter, exception frames, and values of "
    "devices",
    "bus faults of peripherals are imprecise",
    "unaligned LDM, STM, LDRD, STRD, VLDR and LDREX: no fault without "
    "CCR.UNALIGN_TRP",
    NULL
};

static const char *const v8m_gaps[] = {
    "Non-secure state: BXNS, BLXNS and interrupts to it are refused by name; no "
    "IDAU; registers of the other state read as zero, logged",
    "MSP_NS, PSP_NS and their kin: kept, but not in snapshots; FPCCR.TS and "
    "CLRONRET: read as zero",
    "cycle counts: one instruction is one cycle",
    "bits 1:0 of stack pointers: cleared at reset, not when they are written",
    "MPU: memory attributes have no effect",
    "event counters and packets of the DWT, packets and timestamps of the ITM, "
    "FPB: registers read as zero, logged",
    "watchpoints do not see the cycle counter, exception frames, and values of "
    "devices",
    "bus faults of peripherals are imprecise",
    "unaligned LDM, STM, LDRD, STRD, VLDR and LDREX: no fault without "
    "CCR.UNALIGN_TRP",
    NULL
};

static const char *const v8a_gaps[] = {
    "AArch32 state: a return to it is refused by name",
    "stage 2 of translation (HCR_EL2.VM): refused by name",
    "LDAR and STLR: a misaligned address faults with SCTLR_ELx.A only",
    "SErrors, also virtual ones; HSTR_EL2",
    "code hooks at a level whose WFI traps: undefined instructions are seen",
    "debug exceptions but for BRK, single step",
    "performance monitors: no event counters, no overflow interrupt, no filter",
    "GIC: the registers as seen without security extensions; no GICV and GICH",
    "the PC of an access to a device: the first instruction of the block that "
    "fits, or the block",
    "cycle counts: one instruction is one cycle; caches",
    "Unicorn 2.0: boards with these cores are refused",
    NULL
};

/* clang-format off */
const fwsim_cpu_info fwsim_cpus[] = {
    { "cortex-m0",     "Armv6-M",                     FWSIM_ARCH_ARM, v6m_gaps },
    { "cortex-m0plus", "Armv6-M with VTOR",           FWSIM_ARCH_ARM, v6m_gaps },
    { "cortex-m3",     "Armv7-M",                     FWSIM_ARCH_ARM, v7m_gaps },
    { "cortex-m4",     "Armv7E-M, DSP",               FWSIM_ARCH_ARM, v7m_gaps },
    { "cortex-m4f",    "Armv7E-M, DSP, FPv4-SP",      FWSIM_ARCH_ARM, v7m_gaps },
    { "cortex-m7",     "Armv7E-M, DSP, FPv5",         FWSIM_ARCH_ARM, v7m_gaps },
    { "cortex-m33",    "Armv8-M Mainline, DSP, FPv5", FWSIM_ARCH_ARM, v8m_gaps },
    { "cortex-a53",    "Armv8-A in AArch64 state, one core", FWSIM_ARCH_AARCH64, v8a_gaps },
    { "cortex-a72",    "Armv8-A in AArch64 state, one core", FWSIM_ARCH_AARCH64, v8a_gaps },
    { .name = NULL }
};
/* clang-format on */

const fwsim__cpu_ops *fwsim__cpu_find(const char *name,
                                      const fwsim_cpu_info **info)
{
    for (const fwsim_cpu_info *i = fwsim_cpus; i->name; i++)
        if (strcmp(i->name, name) == 0) {
            *info = i;
            return i->arch == FWSIM_ARCH_AARCH64 ? &armv8a_ops : &armv7m_ops;
        }
    return NULL;
}
