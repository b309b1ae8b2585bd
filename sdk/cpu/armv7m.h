/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The M profile: what the files armv7m*.c share.
 *
 * The engine executes instructions; everything the manuals call the exception
 * model, the system control space and sleep is here, in plain state.
 *
 * Sources: Armv6-M ARM (DDI 0419E), Armv7-M ARM (DDI 0403E.e), Armv8-M ARM
 * (DDI 0553B.y). Section numbers are of the Armv7-M ARM unless said otherwise.
 */
#ifndef FWSIM_ARMV7M_H
#define FWSIM_ARMV7M_H

#include "cpu/engine.h"
#include "cpu/semihost.h"
#include "cpu/thumb.h"

enum {
    EXC_RESET = 1,
    EXC_NMI = 2,
    EXC_HARDFAULT = 3,
    EXC_MEMMANAGE = 4,
    EXC_BUSFAULT = 5,
    EXC_USAGEFAULT = 6,
    EXC_SECUREFAULT = 7,
    EXC_SVCALL = 11,
    EXC_DEBUGMON = 12,
    EXC_PENDSV = 14,
    EXC_SYSTICK = 15,
    EXC_IRQ0 = 16,
    EXC_MAX = 512,
    EXC_WORDS = EXC_MAX / 32
};

/* B3.2.15 CFSR, B3.2.16 HFSR */
#define CFSR_IACCVIOL    (1u << 0)
#define CFSR_DACCVIOL    (1u << 1)
#define CFSR_MUNSTKERR   (1u << 3)
#define CFSR_MSTKERR     (1u << 4)
#define CFSR_MMARVALID   (1u << 7)
#define CFSR_IBUSERR     (1u << 8)
#define CFSR_PRECISERR   (1u << 9)
#define CFSR_IMPRECISERR (1u << 10)
#define CFSR_UNSTKERR    (1u << 11)
#define CFSR_STKERR      (1u << 12)
#define CFSR_BFARVALID   (1u << 15)
#define CFSR_UNDEFINSTR  (1u << 16)
#define CFSR_INVSTATE    (1u << 17)
#define CFSR_INVPC       (1u << 18)
#define CFSR_NOCP        (1u << 19)
#define CFSR_STKOF       (1u << 20) /* Armv8-M */
#define CFSR_UNALIGNED   (1u << 24)
#define CFSR_DIVBYZERO   (1u << 25)
#define HFSR_VECTTBL     (1u << 1)
#define HFSR_FORCED      (1u << 30)

#define CCR_NONBASETHRDENA (1u << 0)
#define CCR_USERSETMPEND   (1u << 1)
#define CCR_UNALIGN_TRP    (1u << 3)
#define CCR_DIV_0_TRP      (1u << 4)
#define CCR_BFHFNMIGN      (1u << 8)
#define CCR_STKALIGN       (1u << 9)
#define CCR_STKOFHFNMIGN   (1u << 10) /* Armv8-M */
#define CCR_DC             (1u << 16)
#define CCR_IC             (1u << 17)
#define CCR_BP             (1u << 18)

#define SCR_SLEEPONEXIT (1u << 1)
#define SCR_SLEEPDEEP   (1u << 2)
#define SCR_SEVONPEND   (1u << 4)

#define FPCCR_LSPACT (1u << 0)
#define FPCCR_USER   (1u << 1)
#define FPCCR_S      (1u << 2) /* Armv8-M: the context is Secure */
#define FPCCR_THREAD (1u << 3)
#define FPCCR_HFRDY  (1u << 4)
#define FPCCR_MMRDY  (1u << 5)
#define FPCCR_BFRDY  (1u << 6)
#define FPCCR_MONRDY (1u << 8)
#define FPCCR_UFRDY  (1u << 10) /* Armv8-M */
#define FPCCR_LSPENS (1u << 29) /* Armv8-M */
#define FPCCR_LSPEN  (1u << 30)
#define FPCCR_ASPEN  (1u << 31)

#define CONTROL_NPRIV (1u << 0)
#define CONTROL_SPSEL (1u << 1)
#define CONTROL_FPCA  (1u << 2)

#define XPSR_T         (1u << 24)
#define XPSR_IT        0x0600fc00u
#define XPSR_IT_MASK   0x06000c00u /* 0: no IT state, but perhaps ICI */
#define XPSR_ALIGN     (1u << 9)
#define XPSR_EXCEPTION 0x1ffu

/** What a core says of itself: registers that are read only. */
typedef struct armv7m_id {
    uint32_t features[16]; /* ID_PFR0 to ID_ISAR5, CLIDR, CTR */
    uint32_t fp[3];        /* MVFR0 to MVFR2, with an FPU */
    uint32_t caches[2];    /* CCSIDR: data, instructions; 0: there are none */
} armv7m_id;

/** What a core is. */
typedef struct armv7m_core {
    const char *name;
    fwsim__engine_model model;
    uint32_t cpuid;
    bool v6m;      /* Armv6-M: one fault, no masks but PRIMASK */
    bool v8m;
    bool vtor;     /* the vector table can be moved */
    bool dsp;
    bool fpu;
    bool bitband;
    bool dwt_lock; /* the DWT is locked until firmware opens it */
    uint8_t mpu_regions;
    uint32_t actlr;      /* writable bits of ACTLR; they have no effect */
    const armv7m_id *id; /* NULL: Armv6-M has CPUID only */
} armv7m_core;

typedef enum armv7m_sleep {
    ARMV7M_AWAKE,
    ARMV7M_WFI,
    ARMV7M_WFE
} armv7m_sleep;

/** SysTick (B3.3): its value is computed from the time that has passed. */
typedef struct armv7m_systick {
    uint64_t start;       /* core tick at which it had start_value */
    uint32_t start_value;
    uint32_t ctrl;        /* ENABLE, TICKINT, CLKSOURCE, COUNTFLAG */
    uint32_t reload;
    uint32_t reserved;
} armv7m_systick;

enum { MPU_REGIONS_MAX = 16 };

/** Memory protection unit: registers as firmware wrote them. */
typedef struct armv7m_mpu {
    uint32_t ctrl, number;
    uint32_t base[MPU_REGIONS_MAX];
    uint32_t attributes[MPU_REGIONS_MAX]; /* RASR; RLAR on Armv8-M */
    uint32_t memory_attributes[2];        /* MAIR0, MAIR1: Armv8-M */
} armv7m_mpu;

enum { ARMV7M_COMPARATORS = 4 };

enum { SAU_REGIONS = 8 };

/** Security attribution unit: registers as firmware wrote them. */
typedef struct armv7m_sau {
    uint32_t ctrl, number;
    uint32_t base[SAU_REGIONS], limit[SAU_REGIONS];
    uint32_t status, address; /* SFSR, SFAR */
} armv7m_sau;

/** Debug registers that firmware uses: DWT, ITM, DEMCR. */
typedef struct armv7m_debug {
    uint64_t cycles_from; /* core tick at which the counter had `cycles` */
    uint32_t cycles;
    uint32_t demcr, dfsr, dcrdr;
    uint32_t reset_seen; /* DHCSR.S_RESET_ST was read */
    struct {
        uint32_t value, mask, function; /* DWT_COMP, DWT_MASK, DWT_FUNCTION */
    } comparators[ARMV7M_COMPARATORS];
    uint32_t dwt_ctrl, dwt_open;
    uint32_t itm_enabled, itm_privilege, itm_ctrl, itm_open;
} armv7m_debug;

/** The local exclusive monitor (A3.4.1), as its last exclusive load has set it:
 * the engine compares address and value. */
typedef struct armv7m_exclusive {
    uint32_t addr, value;
    uint32_t size; /* bytes; 0: it is clear */
} armv7m_exclusive;

/** Plain state, in the arena. */
typedef struct armv7m_state {
    uint32_t regs[FWSIM__ARM_REGS]; /* image of the engine's, see sync_out */
    uint32_t pending[EXC_WORDS];
    uint32_t active[EXC_WORDS];
    uint32_t enabled[EXC_WORDS];
    uint32_t level[EXC_WORDS]; /* lines that are high */
    uint32_t targets_ns[EXC_WORDS]; /* NVIC_ITNS: Armv8-M */
    uint8_t prio[EXC_MAX];
    armv7m_systick systick;
    armv7m_mpu mpu;
    armv7m_sau sau;
    armv7m_debug debug;
    uint32_t limits[2]; /* MSPLIM, PSPLIM; see armv7m_limits_read */
    uint32_t exception; /* IPSR */
    uint32_t vtor, prigroup, scr, ccr;
    uint32_t cfsr, hfsr, mmfar, bfar;
    uint32_t cpacr, fpccr, fpcar, fpdscr;
    uint32_t actlr, csselr;
    uint8_t sleep;     /* armv7m_sleep */
    uint8_t event;     /* the event register of WFE */
    uint8_t lockup;
    uint8_t fault;     /* exception number of a fault to be reported */
    uint8_t vectreset; /* AIRCR.VECTRESET was written */
    uint8_t reserved[3];
    armv7m_exclusive exclusive;
    uint32_t fault_pc;
    uint32_t chain_lr; /* the next entry finds a frame with this EXC_RETURN */
} armv7m_state;

struct fwsim__cpu {
    fwsim_machine *m;
    fwsim__engine *engine;
    const armv7m_core *core;
    armv7m_state *st;
    fwsim__semihost *semihost;
    uint8_t prio_mask;   /* implemented bits of a priority */
    unsigned exceptions; /* 16 + interrupt lines */
    uint8_t *scratch;    /* a page with instructions for what the engine gives
                          * no other access to */
    bool in_scratch;
    bool stacks_written; /* the block that runs ends with MSR of MSP or PSP */
    bool limits_stale; /* the engine may have others than the state */
    bool protects;     /* rights go with the mode: the MPU has been on, or
                        * unprivileged code was interrupted; the engine goes
                        * on with its pages in the handler */
    bool forget_pages; /* the engine has to ask for its pages again */
    bool refused_part; /* the last page was refused for some of its bytes */
    bool checked;      /* the instruction may touch such pages */
    bool watches;      /* a comparator of the DWT is on */
    bool hides_fpca;   /* the engine has another CONTROL.FPCA than firmware */
    uint32_t fpca;     /* the bit that firmware sees then */
    uint32_t rmode;    /* that of FPSCR while an instruction has another */
    bool steps;        /* the flagged block is executed by instructions */
    uint32_t block_end; /* of the flagged block */
    uint32_t look_at;   /* an instruction of it that needs a look, too; or
                         * ARMV7M_NO_BREAK */
    uint32_t load;      /* exclusive load of the block that runs, whose address
                         * and value are in registers behind it; or
                         * ARMV7M_NO_BREAK */
    /* The access being served, for the PC of its instruction. */
    struct {
        bool active;
        bool write;
        uint8_t width;
        uint32_t addr;
        bool served;    /* pc is the answer for this access */
        uint32_t block; /* of the last answer, and its tick */
        uint64_t tick;
        uint32_t pc;
        uint32_t next; /* where the search goes on in this block */
    } access;
    uint64_t *breaks; /* scratch space for code hooks */
    uint32_t skip_break; /* code hook that has been called, or UINT32_MAX */
    uint32_t *ppb_seen;  /* one bit a word of the PPB: the gap was logged */
};

/** The core has written to memory: somebody may intercept it. */
void armv7m_stored(fwsim__cpu *cpu, uint32_t addr, uint32_t size);

/* armv7m_memory.c */
enum { ARMV7M_PPB_SIZE = 0x100000 };
/** Where the scratch page is: vendor space, never a board's memory. */
#define ARMV7M_SCRATCH 0xefff0000u
/** Pieces of code there, each with a WFI at its end. */
enum {
    SCRATCH_CLREX = 0,
    SCRATCH_READ_LIMITS = 8,
    SCRATCH_WRITE_LIMITS = 20,
    SCRATCH_LDREX = 32,
    SCRATCH_LDREXH = 40,
    SCRATCH_LDREXB = 48
};
int armv7m_map(fwsim__cpu *cpu);
bool armv7m_translate(void *user, uint64_t addr, fwsim__access_kind kind,
                      fwsim__page *page);
void armv7m_device(void *user, uint64_t addr, unsigned width, bool write,
                   uint64_t *value);
/** Words that the core itself reads: vectors. */
bool armv7m_mem_read(fwsim__cpu *cpu, uint32_t addr, uint32_t *word);
/** What becomes of an access that the core makes for an exception frame. */
typedef enum armv7m_result {
    ARMV7M_OK,
    ARMV7M_NOTHING_THERE, /* a bus fault */
    ARMV7M_PROTECTED,     /* the MPU refuses */
    ARMV7M_OVERFLOW       /* a stack limit is passed: Armv8-M */
} armv7m_result;
armv7m_result armv7m_pop(fwsim__cpu *cpu, uint32_t addr, bool privileged,
                         uint32_t *word);
armv7m_result armv7m_push(fwsim__cpu *cpu, uint32_t addr, bool privileged,
                          uint32_t word);
/** Rights have changed: ask for every page again, at the next block. */
void armv7m_protection_changed(fwsim__cpu *cpu);

/** The MPU and the rules of the PPB together. */
bool armv7m_allows(fwsim__cpu *cpu, uint32_t addr, fwsim__access_kind kind,
                   bool privileged);

/* armv7m_mpu.c */
bool armv7m_mpu_on(fwsim__cpu *cpu);
/** Also without an MPU: the default map says where code cannot be. */
bool armv7m_mpu_allows(fwsim__cpu *cpu, uint32_t addr, fwsim__access_kind kind,
                       bool privileged);
/** How many bytes of a page an access is allowed to. */
typedef enum armv7m_share {
    ARMV7M_NOTHING,
    ARMV7M_PART,
    ARMV7M_WHOLE
} armv7m_share;
/** The region that decides about an address, or -1. */
int armv7m_mpu_region_at(fwsim__cpu *cpu, uint32_t addr);
armv7m_share armv7m_mpu_share(fwsim__cpu *cpu, uint32_t page, uint32_t size,
                              fwsim__access_kind kind, bool privileged);
/* Registers, for the table of the SCS. */
uint32_t armv7m_mpu_type(fwsim__cpu *cpu, unsigned index);
void armv7m_mpu_set_ctrl(fwsim__cpu *cpu, unsigned index, uint32_t value,
                         uint32_t lanes);
void armv7m_mpu_set_number(fwsim__cpu *cpu, unsigned index, uint32_t value,
                           uint32_t lanes);
uint32_t armv7m_mpu_region(fwsim__cpu *cpu, unsigned index);
void armv7m_mpu_set_region(fwsim__cpu *cpu, unsigned index, uint32_t value,
                           uint32_t lanes);

/* armv7m_cores.c */
const armv7m_core *armv7m_core_find(const char *name);

/* armv7m.c */
extern const fwsim__cpu_ops armv7m_ops;
uint32_t armv7m_get(fwsim__cpu *cpu, fwsim__arm_reg reg);
void armv7m_set(fwsim__cpu *cpu, fwsim__arm_reg reg, uint32_t value);
/** Unprivileged thread mode, in which the engine shows the masks as zero. */
bool armv7m_unprivileged(const fwsim__cpu *cpu);
/** Reset of the core alone (AIRCR.VECTRESET). */
void armv7m_reset_core(fwsim__cpu *cpu);
/** The engine takes XPSR.T from bit 0 of a PC that is written. */
void armv7m_set_pc(fwsim__cpu *cpu, uint32_t pc, bool thumb);
/** Put the engine into a handler (@a exception > 0) or into thread mode. */
void armv7m_set_mode(fwsim__cpu *cpu, unsigned exception, bool spsel);

/* armv7m_run.c */
#define ARMV7M_NO_BREAK UINT32_MAX
uint32_t armv7m_pc(fwsim__cpu *cpu);
fwsim__cpu_result armv7m_run(fwsim__cpu *cpu, fwsim_stop *stop);
fwsim__cpu_result armv7m_step(fwsim__cpu *cpu, fwsim_stop *stop);

/* armv7m_scratch.c */
/** Set or clear the engine's monitor, and that of the state. */
void armv7m_clear_exclusive(fwsim__cpu *cpu);
void armv7m_restore_exclusive(fwsim__cpu *cpu);
/** Stack limits of Armv8-M: from the engine into the state, and back. */
void armv7m_limits_read(fwsim__cpu *cpu);
void armv7m_limits_write(fwsim__cpu *cpu);

/* armv7m_exit.c */
/** From here on a PC is EXC_RETURN, and nothing is executed. */
#define ARMV7M_EXC_RETURNS 0xf0000000u
bool armv7m_is_thumb(fwsim__cpu *cpu);
fwsim__cpu_result armv7m_stop_with(fwsim_stop *stop, fwsim_stop_reason reason,
                                   uint32_t pc);
fwsim__cpu_result armv7m_unsupported(fwsim_stop *stop, const char *text,
                                     uint32_t pc);
void armv7m_fetch_fault(fwsim__cpu *cpu, uint32_t pc);
void armv7m_data_fault(fwsim__cpu *cpu, uint32_t pc, uint32_t addr,
                       fwsim__access_kind kind, bool privileged);
/** Go on behind an instruction that had no effect. */
void armv7m_skip_instruction(fwsim__cpu *cpu, uint32_t pc);
/** The engine has come back. */
fwsim__cpu_result armv7m_handle(fwsim__cpu *cpu, const fwsim__exit *exit,
                                fwsim_stop *stop);

/* armv7m_single.c */
/** Tell the engine the addresses of the code hooks, and an extra one. */
int armv7m_set_breaks(fwsim__cpu *cpu, uint64_t extra);
/** Execute the instruction at the PC, and DebugMonitor behind it. */
fwsim__cpu_result armv7m_execute_monitored(fwsim__cpu *cpu, fwsim_stop *stop);
/** The page was refused for some of its bytes: the instruction at the PC may
 * have those it wants; execute it. */
bool armv7m_may_have_part(fwsim__cpu *cpu);
fwsim__cpu_result armv7m_execute_checked(fwsim__cpu *cpu, fwsim_stop *stop);
/** Execute the instruction at the PC, below its stack limit. */
fwsim__cpu_result armv7m_execute_unlimited(fwsim__cpu *cpu, fwsim_stop *stop);
fwsim__cpu_result armv7m_at_break(fwsim__cpu *cpu, fwsim_stop *stop);
fwsim__cpu_result armv7m_at_flagged(fwsim__cpu *cpu, fwsim_stop *stop);

/* armv7m_care.c */
unsigned armv7m_scan(void *user, uint64_t pc, unsigned size, unsigned *flags,
                     bool *stable);
bool armv7m_flagged(void *user, uint64_t pc, unsigned size, unsigned flags);
/** Tell the engine which instructions need a look in the current state. */
void armv7m_update_watch(fwsim__cpu *cpu);
/** FPCCR.ASPEN may have changed: between runs of the engine. */
void armv7m_hide_fpca(fwsim__cpu *cpu);
void armv7m_decode(fwsim__cpu *cpu, uint32_t pc, fwsim__thumb_insn *insn);
/** Instructions that are left of the IT block the core is in (A7.3.3). */
unsigned armv7m_conditional(fwsim__cpu *cpu);
/** Whether an instruction of an IT block is executed (A7.3). */
bool armv7m_condition_holds(fwsim__cpu *cpu);
bool armv7m_needs_look(const fwsim__cpu *cpu, const fwsim__thumb_insn *insn);
/** Executed by itself, with armv7m_before_insn and armv7m_after_insn. */
bool armv7m_is_alone(const fwsim__cpu *cpu, const fwsim__thumb_insn *insn);
/** The look: may the engine execute the instruction at @a pc, the next one? */
bool armv7m_passes(fwsim__cpu *cpu, const fwsim__thumb_insn *insn, uint32_t pc);
/** Check what the engine does not: traps of CCR, and the FPU being off.
 * @return CFSR bits of the UsageFault, or 0 */
uint32_t armv7m_trap_of(fwsim__cpu *cpu, const fwsim__thumb_insn *insn,
                        uint32_t pc);
/** What comes with an instruction that is executed by itself. */
void armv7m_before_insn(fwsim__cpu *cpu, const fwsim__thumb_insn *insn);
void armv7m_after_insn(fwsim__cpu *cpu, const fwsim__thumb_insn *insn);
/** MSP and PSP were written: bits 1:0 are RES0 (B1.4.1). */
void armv7m_align_stacks(fwsim__cpu *cpu);

/* armv7m_exclusive.c */
/** A block that changes the monitor is about to run.
 * @return false: what it leaves behind is not known, before cpu->look_at */
bool armv7m_note_exclusive(fwsim__cpu *cpu, uint32_t pc);
/** Run the engine, and see what a block with an exclusive load has left. */
fwsim__exit armv7m_run_engine(fwsim__cpu *cpu, uint32_t pc);

/* armv7m_security.c */
bool armv7m_stays_secure(const fwsim__cpu *cpu, const fwsim__thumb_insn *insn);
/** The SAU makes it Non-secure: Secure code cannot be there. */
bool armv7m_nonsecure(const fwsim__cpu *cpu, uint32_t addr);
armv7m_share armv7m_sau_share(const fwsim__cpu *cpu, uint32_t page,
                              uint32_t size);
/** A branch from Secure to Non-secure code that is none of BXNS, BLXNS. */
void armv7m_invalid_transition(fwsim__cpu *cpu, uint32_t pc);
/** The result of TT for an address. */
uint32_t armv7m_target(fwsim__cpu *cpu, uint32_t addr, bool privileged,
                       bool alternate);
/* Registers, for the table of the SCS. */
void armv7m_sau_write(fwsim__cpu *cpu, unsigned index, uint32_t value,
                      uint32_t lanes);
uint32_t armv7m_sau_read(fwsim__cpu *cpu, unsigned index);

/* armv7m_exception.c */
static inline bool armv7m_bit(const uint32_t *set, unsigned n)
{
    return (set[n / 32] >> (n % 32)) & 1;
}

static inline void armv7m_bit_put(uint32_t *set, unsigned n, bool value)
{
    set[n / 32] = (set[n / 32] & ~(1u << (n % 32))) |
                  ((uint32_t)value << (n % 32));
}

void armv7m_pend(fwsim__cpu *cpu, unsigned exception);
/** The pending exception that would be taken now, or 0.
 * @param ignore_primask  as the wake-up condition of WFI does */
unsigned armv7m_next(fwsim__cpu *cpu, bool ignore_primask);
/** The pending and enabled exception of highest priority, or 0. */
unsigned armv7m_highest_pending(const fwsim__cpu *cpu);
/** Would this exception be taken at once, if it were pending and enabled? */
bool armv7m_would_take(fwsim__cpu *cpu, unsigned exception);
void armv7m_enter(fwsim__cpu *cpu, unsigned exception);
/** The PC has an EXC_RETURN value. */
void armv7m_return(fwsim__cpu *cpu, uint32_t exc_return);
/** A synchronous fault at @a pc; status bits of CFSR. */
void armv7m_fault(fwsim__cpu *cpu, unsigned exception, uint32_t cfsr,
                  uint32_t pc);
void armv7m_hardfault(fwsim__cpu *cpu, uint32_t hfsr, uint32_t pc);
int armv7m_execution_priority(fwsim__cpu *cpu);
/** Stack limits do not hold: CCR.STKOFHFNMIGN (DDI 0553B, B3.21). */
bool armv7m_limits_ignored(fwsim__cpu *cpu);
/** Would this exception be taken at once? */
bool armv7m_preempts(fwsim__cpu *cpu, unsigned exception);
/** Save the FP state that an exception entry has left to do (B1.5.7). */
void armv7m_lazy_save(fwsim__cpu *cpu);

/* armv7m_ppb.c */
bool armv7m_ppb_access(void *user, uint64_t addr, unsigned width, bool write,
                       uint32_t *value);

/* armv7m_scb.c, armv7m_systick.c */
void armv7m_scb_reset(fwsim__cpu *cpu);
void armv7m_systick_reset(fwsim__cpu *cpu);
void armv7m_systick_event(fwsim__cpu *cpu);

/* DFSR, DEMCR (C1.6) */
#define DFSR_HALTED   (1u << 0)
#define DFSR_BKPT     (1u << 1)
#define DFSR_DWTTRAP  (1u << 2)
#define DEMCR_MONEN   (1u << 16)
#define DEMCR_MONPEND (1u << 17)
#define DEMCR_MONSTEP (1u << 18)
#define DEMCR_TRCENA  (1u << 24)

/* armv7m_debug.c */
/** Pend DebugMonitor for a debug event (C1.4), when firmware wants it and its
 * priority allows. @return false: it is ignored, and not in DFSR */
bool armv7m_debug_event(fwsim__cpu *cpu, uint32_t dfsr);
/** DebugMonitor follows the next instruction. */
bool armv7m_monitor_steps(fwsim__cpu *cpu);
/** The ITM as a serial line, on cores that have one. */
const fwsim_slot *armv7m_debug_slot(const fwsim_cpu_info *info);

/* armv7m_watch.c */
/** What an instruction touches: itself, and bytes of memory. */
typedef struct armv7m_touch {
    uint32_t pc;
    uint32_t addr, bytes; /* bytes: 0 without an access */
    uint8_t width;        /* of one access */
    bool store;
} armv7m_touch;
/** A comparator looks at bytes of these. */
bool armv7m_watched(const fwsim__cpu *cpu, uint32_t first, uint32_t size,
                    fwsim__access_kind kind);
/** Compare after an instruction has been executed. */
void armv7m_watch(fwsim__cpu *cpu, const armv7m_touch *touch);
/** What is watched may have changed. */
void armv7m_watches_changed(fwsim__cpu *cpu);
/* Registers, for the table of the debug units. */
uint32_t armv7m_comparator(fwsim__cpu *cpu, unsigned index);
void armv7m_set_comparator(fwsim__cpu *cpu, unsigned index, uint32_t value,
                           uint32_t lanes);

/* armv7m_report.c */
extern const char *const armv7m_registers[];
int armv7m_read_register(fwsim__cpu *cpu, const char *name, uint64_t *value);
int armv7m_write_register(fwsim__cpu *cpu, const char *name, uint64_t value);
void armv7m_report(fwsim__cpu *cpu, const fwsim_stop *stop,
                   void (*put)(const char *line, void *user), void *user);
size_t armv7m_backtrace(fwsim__cpu *cpu, fwsim_frame *frames, size_t max);
void armv7m_stop_fault(fwsim__cpu *cpu, fwsim_stop *stop);

/* armv7m_insight.c */
extern const fwsim__cpu_insight armv7m_insight;

/* armv7m_access.c */
/** The instruction of the current block that makes the current access. */
uint32_t armv7m_access_pc(fwsim__cpu *cpu);
/** The first address of the instruction at @a pc that was refused: that is
 * not allowed, or in the page of @a refused, which is all that the
 * engine knows. */
uint32_t armv7m_refused_address(fwsim__cpu *cpu, uint32_t pc, uint32_t refused);
/** The first access of the instruction at @a pc that is not allowed.
 * @return false when there is none */
bool armv7m_forbidden(fwsim__cpu *cpu, uint32_t pc, bool privileged,
                      uint32_t *forbidden);
/** What the instruction at @a pc will touch when it is executed. */
void armv7m_touched(fwsim__cpu *cpu, uint32_t pc, armv7m_touch *touch);
/** The fetch and every access of the instruction at @a pc are allowed. */
bool armv7m_instruction_allowed(fwsim__cpu *cpu, uint32_t pc);
uint64_t armv7m_locate(void *user, uint64_t addr, unsigned width, bool write);

/* armv7m_context.c */
void armv7m_context_save(fwsim__cpu *cpu, void *context);
void armv7m_context_restore(fwsim__cpu *cpu, const void *context, bool awake);
void armv7m_wake(fwsim__cpu *cpu);
bool armv7m_asleep(const fwsim__cpu *cpu);
void armv7m_pass_hooks(fwsim__cpu *cpu);
void armv7m_return_to(fwsim__cpu *cpu, uint64_t link);
bool armv7m_is_exception_return(uint64_t link);
/** A function that the host has called returns. */
bool armv7m_at_call_end(fwsim__cpu *cpu);

/** Where functions that the host calls return to: never executable (B3.1). */
#define ARMV7M_CALL_END 0xeffffff0u

#endif
