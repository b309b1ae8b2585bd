/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The engine that executes instructions, without a word about Unicorn. An
 * architecture opens one and answers its questions: which page an address is
 * in, what a device says, what is in a block.
 *
 * Time: the engine keeps machine->now, ->block and ->deadline, see machine.h.
 * It comes back at the first block that begins at or after the deadline.
 */
#ifndef FWSIM_ENGINE_H
#define FWSIM_ENGINE_H

#include "machine/machine.h"

typedef struct fwsim__engine fwsim__engine;

typedef enum fwsim__engine_model {
    FWSIM__ENGINE_CORTEX_M0,
    FWSIM__ENGINE_CORTEX_M3,
    FWSIM__ENGINE_CORTEX_M4,
    FWSIM__ENGINE_CORTEX_M7,
    FWSIM__ENGINE_CORTEX_M33,
    FWSIM__ENGINE_CORTEX_A53,
    FWSIM__ENGINE_CORTEX_A72
} fwsim__engine_model;

/** Registers of a 32-bit Arm core. */
typedef enum fwsim__arm_reg {
    FWSIM__ARM_R0, /* to R12 */
    FWSIM__ARM_SP = 13,
    FWSIM__ARM_LR,
    FWSIM__ARM_PC,
    FWSIM__ARM_XPSR,
    FWSIM__ARM_IPSR,
    FWSIM__ARM_MSP,
    FWSIM__ARM_PSP,
    FWSIM__ARM_PRIMASK,
    FWSIM__ARM_BASEPRI,
    FWSIM__ARM_FAULTMASK,
    FWSIM__ARM_CONTROL,
    FWSIM__ARM_GE, /* APSR.GE in place, the other bits 0 */
    FWSIM__ARM_FPSCR,
    FWSIM__ARM_S0, /* to S31 */
    FWSIM__ARM_REGS = FWSIM__ARM_S0 + 32
} fwsim__arm_reg;

/** Registers of a 64-bit Arm core. */
typedef enum fwsim__a64_reg {
    FWSIM__A64_X0, /* to X30 */
    FWSIM__A64_SP = 31, /* the one PSTATE selects */
    FWSIM__A64_PC,
    FWSIM__A64_PSTATE, /* as SPSR shows it; see fwsim__engine_system_set */
    FWSIM__A64_FPCR,
    FWSIM__A64_FPSR,
    FWSIM__A64_SP_EL0, /* to SP_EL3: those PSTATE does not select */
    FWSIM__A64_REGS = FWSIM__A64_SP_EL0 + 4
} fwsim__a64_reg;

/** A system register of a 64-bit Arm core, as MRS and MSR encode it. */
#define FWSIM__A64_SYSTEM(op0, op1, crn, crm, op2)                             \
    ((uint32_t)(op0) << 14 | (op1) << 11 | (crn) << 7 | (crm) << 3 | (op2))

typedef enum fwsim__access_kind {
    FWSIM__READ,
    FWSIM__WRITE,
    FWSIM__FETCH
} fwsim__access_kind;

/** A page in the engine's physical space, and what may be done there. */
typedef struct fwsim__page {
    uint64_t addr;
    bool read, write, execute;
} fwsim__page;

/** The architecture, as the engine sees it. */
typedef struct fwsim__engine_client {
    /** Where is the page of @a addr? @return false: the access faults */
    bool (*translate)(void *user, uint64_t addr, fwsim__access_kind kind,
                      fwsim__page *page);
    /** An access to a device, by physical address. */
    void (*device)(void *user, uint64_t addr, unsigned width, bool write,
                   uint64_t *value);
    /** What is in a block.
     * @param stable  out: the bytes cannot change unnoticed; the engine of a
     *                64-bit core notices, and stable is always right
     * @return the number of its instructions */
    unsigned (*scan)(void *user, uint64_t pc, unsigned size, unsigned *flags,
                     bool *stable);
    /** The instruction of the current block that makes an access. Asked by an
     * engine that does not know the PC of a refused access. */
    uint64_t (*locate)(void *user, uint64_t addr, unsigned width, bool write);
    /** A block with watched flags is about to run. @return false to stop
     * before it */
    bool (*flagged)(void *user, uint64_t pc, unsigned size, unsigned flags);
    /** MRS, MSR or SYS of a 64-bit core.
     * @return false to leave it to the engine */
    bool (*system)(void *user, uint32_t reg, bool write, uint64_t *value);
} fwsim__engine_client;

typedef enum fwsim__exit_kind {
    FWSIM__EXIT_DEADLINE,  /* deadline reached, at the start of a block */
    FWSIM__EXIT_FLAGGED,   /* `flagged` said so, at the start of a block */
    FWSIM__EXIT_BREAK,     /* at an address of fwsim__engine_breaks_set */
    FWSIM__EXIT_HALT,      /* the instruction before the PC waits (WFI) */
    FWSIM__EXIT_INTERRUPT, /* a software exception, `number` */
    FWSIM__EXIT_FAULT,     /* translate refused `addr`; PC is the instruction */
    FWSIM__EXIT_INVALID,   /* not an instruction */
    FWSIM__EXIT_FAILED     /* the engine itself failed; the machine has why */
} fwsim__exit_kind;

typedef struct fwsim__exit {
    fwsim__exit_kind kind;
    unsigned number;         /* INTERRUPT */
    uint64_t addr;           /* FAULT */
    fwsim__access_kind access; /* FAULT */
} fwsim__exit;

/** Open an engine. 0, FWSIM_ENOMEM, FWSIM_ECPU */
int fwsim__engine_open(fwsim__engine **out, fwsim_machine *m,
                       fwsim__engine_model model,
                       const fwsim__engine_client *client, void *user);
void fwsim__engine_close(fwsim__engine *e);

/** Size of the pages that translate speaks of, in bytes. */
unsigned fwsim__engine_page_size(const fwsim__engine *e);

/** Does it ask for the rights of each page again after pages_changed? */
bool fwsim__engine_has_page_rights(void);

/** Put host memory, or a device, into the physical space. Whole pages. */
int fwsim__engine_map_memory(fwsim__engine *e, uint64_t addr, uint64_t size,
                             void *bytes);
int fwsim__engine_map_device(fwsim__engine *e, uint64_t addr, uint64_t size);

/** Flags that `flagged` wants to hear of. */
void fwsim__engine_watch(fwsim__engine *e, unsigned flags);
unsigned fwsim__engine_watched(const fwsim__engine *e);

/** Run from an address. */
fwsim__exit fwsim__engine_run(fwsim__engine *e, uint64_t pc);

/** Address of the block that runs or ran last. */
uint64_t fwsim__engine_block(const fwsim__engine *e);

/** Addresses before whose instruction the engine comes back. A run that
 * begins at one of them comes back at once. */
int fwsim__engine_breaks_set(fwsim__engine *e, const uint64_t *addr, size_t n);

/** Bytes of RAM were written to by others than the engine: they are dirty, and
 * may be code. */
void fwsim__engine_written(fwsim__engine *e, uint64_t addr, uint64_t size);

/** Ask the client to scan the blocks that begin in a range again. */
void fwsim__engine_forget_blocks(fwsim__engine *e, uint64_t addr,
                                 uint64_t size);

/** Drop translations of a range; of everything that translate has said. */
void fwsim__engine_code_changed(fwsim__engine *e, uint64_t addr, uint64_t size);
void fwsim__engine_pages_changed(fwsim__engine *e);

/** Drop all translations. Takes milliseconds; not while the engine runs. */
void fwsim__engine_all_code_changed(fwsim__engine *e);

uint32_t fwsim__engine_get(fwsim__engine *e, fwsim__arm_reg reg);
void fwsim__engine_set(fwsim__engine *e, fwsim__arm_reg reg, uint32_t value);
/** Several at once, cheaper. */
void fwsim__engine_get_many(fwsim__engine *e, const fwsim__arm_reg *regs,
                            uint32_t *values, size_t n);
void fwsim__engine_set_many(fwsim__engine *e, const fwsim__arm_reg *regs,
                            const uint32_t *values, size_t n);

/* 64-bit cores. */
uint64_t fwsim__engine_get64(fwsim__engine *e, fwsim__a64_reg reg);
void fwsim__engine_set64(fwsim__engine *e, fwsim__a64_reg reg, uint64_t value);
/** Several at once, cheaper. */
void fwsim__engine_get64_many(fwsim__engine *e, const fwsim__a64_reg *regs,
                              uint64_t *values, size_t n);
/** V0 to V31, the low half first. */
void fwsim__engine_get_vector(fwsim__engine *e, unsigned n, uint64_t value[2]);
void fwsim__engine_set_vector(fwsim__engine *e, unsigned n,
                              const uint64_t value[2]);
/** A system register the engine keeps; one it lacks reads as 0. A write makes
 * a PSTATE that was set before take effect. */
uint64_t fwsim__engine_system_get(fwsim__engine *e, uint32_t reg);
void fwsim__engine_system_set(fwsim__engine *e, uint32_t reg, uint64_t value);

#endif
