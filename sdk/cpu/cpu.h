/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the machine knows of a core. An architecture (armv7m.c) implements it
 * on top of an engine (engine.h); machine/ calls it and never learns which
 * architecture it is.
 */
#ifndef FWSIM_CPU_H
#define FWSIM_CPU_H

#include "fwsim.h"

typedef struct fwsim__cpu fwsim__cpu;

enum { FWSIM__CONTEXT_MAX = 8192 }; /* bytes */

/** Why fwsim__cpu_ops.run came back. */
typedef enum fwsim__cpu_result {
    FWSIM__CPU_RAN,     /* the deadline is reached or attention was asked for */
    FWSIM__CPU_ASLEEP,  /* WFI or WFE, and no wake-up condition holds */
    FWSIM__CPU_STOPPED, /* `stop` says why; the rest of it is filled in by
                         * the machine */
    FWSIM__CPU_FAILED   /* the engine failed; the error is in the machine */
} fwsim__cpu_result;

/** A core in the middle of an access, before the instruction that makes it. */
typedef struct fwsim__core_view {
    uint32_t regs[16]; /* r15: address of the instruction */
    uint32_t xpsr;     /* flags, IT state, exception number */
    bool masked;       /* PRIMASK or the like: interrupts do not come */
    bool v6m;
    uint64_t addr;     /* of the access, as the instruction makes it */
    uint8_t width;
} fwsim__core_view;

/** What inference asks of a core. Questions have no side effects. */
typedef struct fwsim__cpu_insight {
    /** Start of the block that runs; number of the exception being handled,
     * 0: none. Both cheap. */
    uint64_t (*block)(const fwsim__cpu *cpu);
    unsigned (*exception)(const fwsim__cpu *cpu);
    /** @return false: no access of the core is being served */
    bool (*view)(fwsim__cpu *cpu, fwsim__core_view *out);
    /** Is this an address that stands for one bit of another, as those of
     * bit-band regions do? */
    bool (*bit_alias)(const fwsim__cpu *cpu, uint64_t addr, uint64_t *byte,
                      unsigned *bit);
    /** A register of the core itself. @return false: the address is not of
     * the core */
    bool (*peek)(fwsim__cpu *cpu, uint64_t addr, unsigned width,
                 uint32_t *value);
    /** The first enabled interrupt line from @a line on; -1: none. */
    int (*enabled_line)(const fwsim__cpu *cpu, unsigned line);
    /** Would the core take this line at once, if it were raised? */
    bool (*takes_line)(fwsim__cpu *cpu, unsigned line);
    /** Address of the line's handler, bit 0 clear; 0: none. */
    uint64_t (*handler)(fwsim__cpu *cpu, unsigned line);
    /** Report blocks that begin in a range to the machine's substitute as if
     * they had not run. */
    void (*meet_code_again)(fwsim__cpu *cpu, uint64_t addr, uint64_t size);
} fwsim__cpu_insight;

typedef struct fwsim__cpu_ops {
    /** Bytes of plain state in the machine's arena. */
    size_t state_size;
    /**
     * Create the core: map the machine's memories and windows, add windows of
     * its own. @a state is state_size zeroed bytes in the arena.
     * @return 0, FWSIM_ENOMEM, FWSIM_ECPU or FWSIM_EBOARD
     */
    int (*create)(fwsim__cpu **out, fwsim_machine *m,
                  const fwsim_cpu_info *info, void *state);
    void (*destroy)(fwsim__cpu *cpu);
    /** A peripheral inside the core that talks to the outside; NULL: none.
     * Called before create. May be NULL. */
    const fwsim_slot *(*slot)(const fwsim_cpu_info *info);
    /** Reset; reads the vector table. */
    void (*reset)(fwsim__cpu *cpu, fwsim_reset_kind kind);
    /** Run until the machine's clock reaches its deadline. */
    fwsim__cpu_result (*run)(fwsim__cpu *cpu, fwsim_stop *stop);
    /** Execute one instruction or take one exception. */
    fwsim__cpu_result (*step)(fwsim__cpu *cpu, fwsim_stop *stop);
    /** Go on behind the instruction at the PC, as if it had no effect. Not
     * while the core runs; in a code hook. */
    void (*skip)(fwsim__cpu *cpu);
    /** Does the core show accesses to memory to who intercepts them? May be
     * NULL: no. */
    bool (*guards)(void);
    /** An interrupt line has a new level. */
    void (*irq)(fwsim__cpu *cpu, unsigned line, bool level);
    /** An event of the core's own in the machine's queue is due. */
    void (*event)(fwsim__cpu *cpu, unsigned id);
    /** Registers by name; 0, FWSIM_ENOENT. */
    int (*read)(fwsim__cpu *cpu, const char *reg, uint64_t *value);
    int (*write)(fwsim__cpu *cpu, const char *reg, uint64_t value);
    const char *const *registers;
    /** The instruction that makes the access in progress. Best known, legal
     * only while an access is being served; otherwise the next instruction. */
    uint64_t (*pc)(fwsim__cpu *cpu);
    /** Copy the registers of the engine into the state, or back. */
    void (*sync_out)(fwsim__cpu *cpu);
    void (*sync_in)(fwsim__cpu *cpu);
    /** Bytes of memory were changed from outside: drop translations. */
    void (*memory_changed)(fwsim__cpu *cpu, uint64_t addr, uint64_t size);
    /** Rights to write to memory have gone: ask for pages anew. */
    void (*pages_changed)(fwsim__cpu *cpu);
    /** The set of code hooks has changed. @return 0, FWSIM_ENOMEM */
    int (*code_hooks_changed)(fwsim__cpu *cpu);
    size_t (*backtrace)(fwsim__cpu *cpu, fwsim_frame *frames, size_t max);
    /** Lines about registers and fault status for fwsim_report. */
    void (*report)(fwsim__cpu *cpu, const fwsim_stop *stop,
                   void (*put)(const char *line, void *user), void *user);
    /**
     * What a function that the host calls leaves as it was: registers, active
     * exceptions, sleep, faults that the function has caused. Settings and
     * pending interrupts are not of it. @a context has FWSIM__CONTEXT_MAX
     * bytes, aligned as uint64_t.
     */
    void (*context_save)(fwsim__cpu *cpu, void *context);
    /** @param awake  it does not sleep, whatever was saved */
    void (*context_restore)(fwsim__cpu *cpu, const void *context, bool awake);
    void (*wake)(fwsim__cpu *cpu);
    bool (*asleep)(const fwsim__cpu *cpu);
    /** The code hooks of the next instruction have been called. */
    void (*pass_hooks)(fwsim__cpu *cpu);
    /** What a branch to the value of a link register does; on the M profile
     * this may be a return from an exception. Not while the core runs. */
    void (*return_to)(fwsim__cpu *cpu, uint64_t link);
    /** Does a link register with this value stand for such a return? */
    bool (*is_exception_return)(uint64_t link);
    /** An address where no code ever is. While fwsim_machine.run.calling is set, a
     * branch to it stops the run: FWSIM_STOP_RETURN. */
    uint64_t call_end;
    /** For inference; NULL: it does without look-ahead and interrupts. */
    const fwsim__cpu_insight *insight;
} fwsim__cpu_ops;

/** The core of a name, NULL when unknown. @a info: out */
const fwsim__cpu_ops *fwsim__cpu_find(const char *name,
                                      const fwsim_cpu_info **info);

#endif
