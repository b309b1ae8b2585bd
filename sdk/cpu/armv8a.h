/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The A profile in AArch64 state: what the files armv8a*.c share.
 *
 * The engine executes instructions and keeps most system registers; exception
 * entry, translation of addresses, the generic timers and the interrupt
 * controller are here, in plain state.
 *
 * Sources: Arm ARM for A profile (DDI 0487), sections as there; Cortex-A53 TRM
 * (DDI 0500), Cortex-A72 TRM (100095).
 */
#ifndef FWSIM_ARMV8A_H
#define FWSIM_ARMV8A_H

#include "cpu/engine.h"
#include "cpu/gicv2.h"
#include "cpu/semihost.h"

#define PSTATE_SP   (1u << 0) /* SP_ELx is selected */
#define PSTATE_NRW  (1u << 4) /* AArch32 */
#define PSTATE_F    (1u << 6)
#define PSTATE_I    (1u << 7)
#define PSTATE_DAIF (15u << 6)
#define PSTATE_IL   (1u << 20)
#define PSTATE_NZCV (15u << 28)

/* D13.2.37: exception classes. */
enum {
    EC_UNKNOWN = 0x00,
    EC_WFX = 0x01,
    EC_FP = 0x07,
    EC_ILLEGAL = 0x0e,
    EC_SVC = 0x15,
    EC_HVC = 0x16,
    EC_SMC = 0x17,
    EC_SYSTEM = 0x18,
    EC_FETCH_LOWER = 0x20,
    EC_FETCH = 0x21,
    EC_PC_ALIGNMENT = 0x22,
    EC_DATA_LOWER = 0x24,
    EC_DATA = 0x25,
    EC_SP_ALIGNMENT = 0x26,
    EC_BRK = 0x3c
};

#define ESR_IL  (1u << 25)
#define ESR_WNR (1u << 6)

/* Fault status codes; translation, access flag and permission add the level. */
enum {
    FSC_ADDRESS_SIZE = 0x00,
    FSC_TRANSLATION = 0x04,
    FSC_ACCESS_FLAG = 0x08,
    FSC_PERMISSION = 0x0c,
    FSC_EXTERNAL = 0x10,
    FSC_EXTERNAL_WALK = 0x14,
    FSC_ALIGNMENT = 0x21
};

#define SCTLR_A   (1u << 1)
#define SCTLR_SA  (1u << 3)
#define SCTLR_SA0 (1u << 4)

#define SCTLR_NTWI (1u << 16)

#define SCR_NS   (1u << 0)
#define SCR_IRQ  (1u << 1)
#define SCR_FIQ  (1u << 2)
#define SCR_SMD  (1u << 7)
#define SCR_HCE  (1u << 8)
#define SCR_RW   (1u << 10)
#define SCR_TWI  (1u << 12)
#define CPTR_TFP (1u << 10)
#define HCR_VM   (1u << 0)
#define HCR_FMO  (1u << 3)
#define HCR_IMO  (1u << 4)
#define HCR_VF   (1u << 6)
#define HCR_VI   (1u << 7)
#define HCR_TWI  (1u << 13)
#define HCR_TSC  (1u << 19)
#define HCR_TGE  (1u << 27)
#define HCR_HCD  (1u << 29)
#define HCR_RW   (1u << 31)

/** What kind of exception: its place among the vectors (D1.10.2). */
typedef enum armv8a_kind {
    ARMV8A_SYNCHRONOUS,
    ARMV8A_IRQ,
    ARMV8A_FIQ,
    ARMV8A_SERROR
} armv8a_kind;

/** Generic timers (D11), in the order of their private interrupts. */
typedef enum armv8a_timer {
    ARMV8A_TIMER_HYP,      /* CNTHP, interrupt 26 */
    ARMV8A_TIMER_VIRTUAL,  /* CNTV, 27 */
    ARMV8A_TIMER_SECURE,   /* CNTPS, 29 */
    ARMV8A_TIMER_PHYSICAL, /* CNTP, 30 */
    ARMV8A_TIMERS
} armv8a_timer;

typedef enum armv8a_sleep {
    ARMV8A_AWAKE,
    ARMV8A_WFI,
    ARMV8A_WFE
} armv8a_sleep;

/** Rows of the table of system registers that the engine keeps. */
enum { ARMV8A_SYSTEM_MAX = 64 };

/** The local monitor (B2.9), as its last exclusive load has set it. */
typedef struct armv8a_exclusive {
    uint64_t addr;
    uint8_t value[16];
    uint64_t size; /* bytes; 0: it is clear */
} armv8a_exclusive;

/** Performance monitors, see armv8a_pmu.c. */
typedef struct armv8a_pmu_state {
    uint64_t cycles, since; /* the counter, as it was at a tick */
    uint32_t control, enabled, overflow, interrupts;
    uint32_t select, filter, user;
    uint32_t padding;
} armv8a_pmu_state;

/** Plain state, in the arena. */
typedef struct armv8a_state {
    /* Image of the engine's registers, see sync_out. */
    uint64_t regs[FWSIM__A64_REGS];
    uint64_t vectors[32][2];
    uint64_t system[ARMV8A_SYSTEM_MAX];

    uint64_t timer_value[ARMV8A_TIMERS]; /* CVAL */
    uint32_t timer_control[ARMV8A_TIMERS];
    uint64_t hcr; /* bits of HCR_EL2 that the engine does not have */
    uint64_t virtual_offset; /* CNTVOFF_EL2 */
    uint64_t frequency;      /* CNTFRQ_EL0: what firmware reads, no more */
    gicv2_state gic;
    armv8a_pmu_state pmu;
    armv8a_exclusive exclusive;
    uint64_t fault_pc, fault_address;
    uint64_t vector;    /* the last one entered, see armv8a_take */
    uint32_t fault_esr;
    uint8_t fault;      /* a fault is to be reported */
    uint8_t fault_from; /* its exception level */
    uint8_t fault_to;
    uint8_t sleep;      /* armv8a_sleep */
    uint8_t event;      /* the event register of WFE */
    uint8_t waiting;    /* a WFE is done with its block */
    uint8_t returned;   /* an ERET is done with its block */
    uint8_t lockup;
} armv8a_state;

struct fwsim__cpu {
    fwsim_machine *m;
    fwsim__engine *engine;
    armv8a_state *st;
    fwsim__semihost *semihost;
    uint64_t system_reset[ARMV8A_SYSTEM_MAX];
    unsigned highest_el;
    bool is_a72;
    unsigned fault_code; /* of the translation that was refused last */
    uint64_t *breaks;    /* scratch space for code hooks */
    uint64_t skip_break; /* code hook that was called, or ARMV8A_NO_BREAK */
    uint64_t stale_code; /* line an IC instruction names, or ARMV8A_NO_BREAK */
    bool stale_all;      /* an IC instruction names all code */
    bool maintains;      /* code is looked for at an address of data */
    uint64_t held;       /* instruction that armv8a_flagged stopped for */
    bool watch_stale;    /* what is watched has to be decided anew */
    bool is_virtual;     /* HCR_EL2 asks for a virtual interrupt */
    bool monitor_lost;   /* the engine does not know st->exclusive */
    bool as_user; /* data accesses have the rights of EL0 */
    bool aarch32; /* the next block returns to AArch32 */
    bool in_access; /* an access to a device is being served, */
    uint64_t access_addr; /* at this physical address */
};

#define ARMV8A_NO_BREAK UINT64_MAX

static inline unsigned armv8a_el(uint64_t pstate)
{
    return pstate >> 2 & 3;
}

/* armv8a.c */
extern const fwsim__cpu_ops armv8a_ops;
uint64_t armv8a_pc(fwsim__cpu *cpu);
uint64_t armv8a_pstate(fwsim__cpu *cpu);
void armv8a_set_pc(fwsim__cpu *cpu, uint64_t pc);
/** Change PSTATE and with it the stack pointer (D1.6.2). */
void armv8a_set_pstate(fwsim__cpu *cpu, uint64_t pstate);

/** X0 to X30 and the stack pointer. */
void armv8a_get_x(fwsim__cpu *cpu, uint64_t x[32]);
/** SCTLR of the level that translates for the current one. */
uint64_t armv8a_sctlr(fwsim__cpu *cpu);

/* armv8a_run.c */
fwsim__cpu_result armv8a_run(fwsim__cpu *cpu, fwsim_stop *stop);
fwsim__cpu_result armv8a_step(fwsim__cpu *cpu, fwsim_stop *stop);
int armv8a_set_breaks(fwsim__cpu *cpu, uint64_t extra);

/* armv8a_block.c */
unsigned armv8a_scan(void *user, uint64_t pc, unsigned size, unsigned *flags,
                     bool *stable);
bool armv8a_flagged(void *user, uint64_t pc, unsigned size, unsigned flags);
/** Is an instruction held? Its address is in cpu->held then. */
bool armv8a_holds(fwsim__cpu *cpu, uint64_t pc, unsigned size);
/** Decide anew what is watched. */
void armv8a_update_watch(fwsim__cpu *cpu);
/** @return what was watched before, for fwsim__engine_watch */
unsigned armv8a_hold_nothing(fwsim__cpu *cpu);

/* armv8a_held.c */
/** The held instruction at the PC.
 * @return false when the engine should execute it after all */
bool armv8a_held(fwsim__cpu *cpu, uint32_t insn);
/** It accesses memory with the rights of EL0. */
bool armv8a_is_as_user(fwsim__cpu *cpu, uint32_t insn);
unsigned armv8a_exclusive_size(uint32_t insn);

/* armv8a_trap.c */
/** Does the current level have traps to a higher one? */
bool armv8a_traps(fwsim__cpu *cpu);
/** The level that a system instruction traps to; 0: none. */
unsigned armv8a_trap(fwsim__cpu *cpu, uint32_t insn);
/** HCR_EL2 as far as it has an effect: none in secure state. */
uint64_t armv8a_hcr(fwsim__cpu *cpu);

/* armv8a_exception.c */
void armv8a_take(fwsim__cpu *cpu, unsigned target, armv8a_kind kind,
                 uint64_t return_to);
/** A synchronous exception to the level it belongs to. */
void armv8a_synchronous(fwsim__cpu *cpu, unsigned ec, uint32_t iss,
                        uint64_t return_to);
/** An abort of the access at the PC that translate refused. */
void armv8a_abort(fwsim__cpu *cpu, uint64_t addr, fwsim__access_kind kind);
/** The same with a target. */
void armv8a_synchronous_to(fwsim__cpu *cpu, unsigned target, unsigned ec,
                           uint32_t iss, uint64_t return_to);
/** A data access at the PC is not aligned. */
void armv8a_misaligned(fwsim__cpu *cpu, uint64_t addr, bool write);
/** Something that wakes the core is asserted. */
bool armv8a_asserted(const fwsim__cpu *cpu);
/** HCR_EL2 asks for a virtual interrupt. */
bool armv8a_virtual(fwsim__cpu *cpu);
/** ISR_EL1 at the current level. */
uint64_t armv8a_pending(fwsim__cpu *cpu);
/** Syndrome of a trapped MSR, MRS or system instruction. */
uint32_t armv8a_system_syndrome(uint32_t insn);
/** The interrupt that would be taken now. @return false when there is none */
bool armv8a_interrupt(fwsim__cpu *cpu, armv8a_kind *kind, unsigned *target);
/** The engine took the instruction at the PC for undefined. */
void armv8a_undefined(fwsim__cpu *cpu, uint32_t insn);
/** The level that FP and SIMD instructions trap to; 0: they are executed. */
unsigned armv8a_fp_trap(fwsim__cpu *cpu);
void armv8a_fp_disabled(fwsim__cpu *cpu);
void armv8a_pc_misaligned(fwsim__cpu *cpu);

/* armv8a_mmu.c */
int armv8a_map(fwsim__cpu *cpu);
bool armv8a_translate(void *user, uint64_t addr, fwsim__access_kind kind,
                      fwsim__page *page);
void armv8a_device(void *user, uint64_t addr, unsigned width, bool write,
                   uint64_t *value);
/** The instruction at a virtual address. @return false when it is no memory */
bool armv8a_fetch(fwsim__cpu *cpu, uint64_t pc, uint32_t *insn);
/** Bytes of code at a virtual address. @return NULL when it is no memory */
const uint8_t *armv8a_code(fwsim__cpu *cpu, uint64_t pc, unsigned size);

/** Bytes of memory at a virtual address, for an access of the current level.
 * @return NULL when it is refused, or no memory */
uint8_t *armv8a_memory(fwsim__cpu *cpu, uint64_t addr, fwsim__access_kind kind,
                       unsigned size);

/* armv8a_system.c */
/** System registers that the engine keeps and snapshots need, by name. */
typedef struct armv8a_register {
    const char *name;
    uint32_t reg;
} armv8a_register;
extern const armv8a_register armv8a_system_registers[];
uint64_t armv8a_system_get(fwsim__cpu *cpu, uint32_t reg);
bool armv8a_system(void *user, uint32_t reg, bool write, uint64_t *value);
void armv8a_system_reset(fwsim__cpu *cpu);
void armv8a_timer_event(fwsim__cpu *cpu, unsigned timer);
/** A register of a family, one for each exception level: SCTLR and so on. */
static inline uint32_t armv8a_banked(unsigned el, unsigned crn, unsigned crm,
                                     unsigned op2)
{
    return FWSIM__A64_SYSTEM(3, el == 3 ? 6u : el == 2 ? 4u : 0u, crn, crm,
                             op2);
}

/* armv8a_pmu.c */
bool armv8a_is_pmu(uint32_t reg);
/** @return false: not here, or not at this level */
bool armv8a_pmu(fwsim__cpu *cpu, uint32_t reg, bool write, uint64_t *value);

/* armv8a_report.c */
extern const char *const armv8a_registers[];
int armv8a_read_register(fwsim__cpu *cpu, const char *name, uint64_t *value);
int armv8a_write_register(fwsim__cpu *cpu, const char *name, uint64_t value);
void armv8a_report(fwsim__cpu *cpu, const fwsim_stop *stop,
                   void (*put)(const char *line, void *user), void *user);
size_t armv8a_backtrace(fwsim__cpu *cpu, fwsim_frame *frames, size_t max);

#define SYS_MIDR     FWSIM__A64_SYSTEM(3, 0, 0, 0, 0)
#define SYS_MPIDR    FWSIM__A64_SYSTEM(3, 0, 0, 0, 5)
#define SYS_PFR0     FWSIM__A64_SYSTEM(3, 0, 0, 4, 0)
#define SYS_MMFR0    FWSIM__A64_SYSTEM(3, 0, 0, 7, 0)
#define SYS_CPACR    FWSIM__A64_SYSTEM(3, 0, 1, 0, 2)
#define SYS_SCTLR    FWSIM__A64_SYSTEM(3, 0, 1, 0, 0)
#define SYS_ANY_LEVEL (0xffffu & ~(7u << 11)) /* mask: op1 is the level */
#define SYS_MDCR_EL2 FWSIM__A64_SYSTEM(3, 4, 1, 1, 1)
#define SYS_MDCR_EL3 FWSIM__A64_SYSTEM(3, 6, 1, 3, 1)
#define SYS_CNTHCTL  FWSIM__A64_SYSTEM(3, 4, 14, 1, 0)
#define SYS_HCR      FWSIM__A64_SYSTEM(3, 4, 1, 1, 0)
#define SYS_CPTR_EL2 FWSIM__A64_SYSTEM(3, 4, 1, 1, 2)
#define SYS_SCR      FWSIM__A64_SYSTEM(3, 6, 1, 1, 0)
#define SYS_CPTR_EL3 FWSIM__A64_SYSTEM(3, 6, 1, 1, 2)
#define SYS_ISR      FWSIM__A64_SYSTEM(3, 0, 12, 1, 0)
#define SYS_DAIF     FWSIM__A64_SYSTEM(3, 3, 4, 2, 1)
#define SYS_CNTKCTL  FWSIM__A64_SYSTEM(3, 0, 14, 1, 0)
#define SYS_IC_IALLU   FWSIM__A64_SYSTEM(1, 0, 7, 5, 0)
#define SYS_IC_IALLUIS FWSIM__A64_SYSTEM(1, 0, 7, 1, 0)
#define SYS_IC_IVAU  FWSIM__A64_SYSTEM(1, 3, 7, 5, 1)

/* armv8a_context.c */
void armv8a_context_save(fwsim__cpu *cpu, void *context);
void armv8a_context_restore(fwsim__cpu *cpu, const void *context, bool awake);
void armv8a_wake(fwsim__cpu *cpu);
bool armv8a_asleep(const fwsim__cpu *cpu);
void armv8a_pass_hooks(fwsim__cpu *cpu);
void armv8a_return_to(fwsim__cpu *cpu, uint64_t link);
bool armv8a_is_exception_return(uint64_t link);
/** A function that the host has called returns. */
bool armv8a_at_call_end(fwsim__cpu *cpu);

/** Where functions that the host calls return to: the end of the lower half of
 * the address space. */
#define ARMV8A_CALL_END 0x0000fffffffffff0u

#endif
