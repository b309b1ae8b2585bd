/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is in a block, and the instructions that are held: those that the
 * engine would execute where the architecture asks for something first. The
 * run loop stops before such an instruction and decides (armv8a_held.c).
 *
 * A block is looked at once, when it is translated. Afterwards it costs a test
 * of its flags against those that are watched; what is switched off in the
 * system registers is not watched.
 */
#include "cpu/armv8a.h"

#include <string.h>

#include "cpu/a64.h"

/** What is in a block. */
enum {
    HAS_UNMASK = 1u << 0, /* MSR DAIFClr: an interrupt may get through */
    HAS_ERET = 1u << 1,
    HAS_WFE = 1u << 2,
    HAS_SEV = 1u << 3,
    HAS_FP = 1u << 4,
    IS_MISALIGNED = 1u << 5,
    HAS_SYSTEM = 1u << 6,   /* MRS, MSR, SYS, WFI and WFE: may trap */
    HAS_ACCESS = 1u << 7,   /* SCTLR.A may want its address aligned */
    HAS_ON_STACK = 1u << 8, /* an access whose base is the stack pointer */
    HAS_SP_CHANGE = 1u << 9,      /* may misalign the stack pointer, */
    HAS_CHANGED_STACK = 1u << 10, /* and an access on it comes after that */
    HAS_UNPRIVILEGED = 1u << 11,  /* LDTR, STTR */
    HAS_EXCLUSIVE = 1u << 12,     /* something that changes the monitor, */
    HAS_STORE_FIRST = 1u << 13    /* and the first of it is a store */
};

/** Flags of instructions that are held, when watched. */
enum {
    HOLDING = HAS_FP | HAS_SYSTEM | HAS_ACCESS | HAS_ON_STACK |
              HAS_CHANGED_STACK | HAS_UNPRIVILEGED | HAS_STORE_FIRST
};

#define INSN_ERET  0xd69f03e0u
#define INSN_WFI   0xd503207fu
#define INSN_WFE   0xd503205fu
#define INSN_SEV   0xd503209fu
#define INSN_SEVL  0xd50320bfu
#define INSN_CLREX 0xd503305fu /* CRm is not decoded */

static bool is_clrex(uint32_t insn)
{
    return (insn & 0xfffff0ffu) == INSN_CLREX;
}

static unsigned access_flags(uint32_t insn)
{
    unsigned flags = 0;

    if (!fwsim__a64_is_access(insn))
        return 0;
    if (fwsim__a64_is_exclusive(insn))
        flags |= HAS_EXCLUSIVE;
    else if (fwsim__a64_alignment(insn) > 1)
        flags |= HAS_ACCESS;
    if (fwsim__a64_is_on_stack(insn))
        flags |= HAS_ON_STACK;
    if (fwsim__a64_is_unprivileged(insn))
        flags |= HAS_UNPRIVILEGED;
    return flags;
}

static unsigned system_flags(uint32_t insn)
{
    switch (insn) {
    case INSN_ERET:
        return HAS_ERET;
    case INSN_WFI:
        return HAS_SYSTEM;
    case INSN_WFE:
        return HAS_WFE | HAS_SYSTEM;
    case INSN_SEV:
    case INSN_SEVL:
        return HAS_SEV;
    default:
        break;
    }
    if (is_clrex(insn))
        return HAS_EXCLUSIVE;
    if ((insn & 0xfffff0ffu) == 0xd50340ffu) /* MSR DAIFClr */
        return HAS_UNMASK;
    /* SYS, MSR and MRS; op0 0 are hints, barriers and fields of PSTATE. */
    return (insn & 0xffc00000u) == 0xd5000000u && (insn >> 19 & 3) ? HAS_SYSTEM
                                                                    : 0;
}

static unsigned flags_of(uint32_t insn)
{
    return (fwsim__a64_is_fp(insn) ? HAS_FP : 0) | access_flags(insn) |
           system_flags(insn) |
           (fwsim__a64_may_misalign_sp(insn) ? HAS_SP_CHANGE : 0);
}

unsigned armv8a_scan(void *user, uint64_t pc, unsigned size, unsigned *flags,
                     bool *stable)
{
    const uint8_t *code = armv8a_code(user, pc, size);

    *stable = true;
    *flags = pc & 3 ? IS_MISALIGNED : 0;
    for (unsigned at = 0; code && at + 4 <= size; at += 4) {
        unsigned more;
        uint32_t insn;

        memcpy(&insn, code + at, sizeof insn);
        more = flags_of(insn);
        if ((more & HAS_ON_STACK) && (*flags & HAS_SP_CHANGE))
            more |= HAS_CHANGED_STACK;
        if ((more & HAS_EXCLUSIVE) && !(*flags & HAS_EXCLUSIVE) &&
            !is_clrex(insn) && fwsim__a64_is_store(insn))
            more |= HAS_STORE_FIRST;
        *flags |= more;
    }
    return size / 4;
}

/* ------------------------------------------------------------------ */
/* Looking for an instruction that is held                              */
/* ------------------------------------------------------------------ */

/** What is known while a block is looked through. */
typedef struct walk {
    uint64_t x[32];     /* at the start of the block */
    uint64_t pc;
    uint32_t written;   /* registers that have changed since */
    unsigned watched;
    bool stored;        /* memory has changed since */
    bool sp_changed;
    bool monitor_known; /* something has set or cleared the monitor */
    uint32_t load;      /* the exclusive load that leaves it set; 0: none */
    uint64_t load_addr;
    uint64_t load_pc;   /* of one whose address is not known here, or 0 */
} walk;

static bool address_known(const walk *w, uint32_t insn, uint64_t *addr)
{
    return !(fwsim__a64_address_registers(insn) & w->written) &&
           fwsim__a64_address(insn, w->pc, w->x, addr);
}

/** SCTLR.A: held when the address is not known to be aligned. */
static bool holds_access(const walk *w, uint32_t insn)
{
    uint64_t addr;

    return !address_known(w, insn, &addr) ||
           addr % fwsim__a64_alignment(insn);
}

/** The monitor: what the block leaves behind has to be known before. */
static bool holds_exclusive(walk *w, uint32_t insn)
{
    bool known = w->monitor_known;

    w->monitor_known = true;
    if (is_clrex(insn) || fwsim__a64_is_store(insn)) {
        w->load = 0;
        w->load_pc = 0;
        return !is_clrex(insn) && !known && (w->watched & HAS_STORE_FIRST);
    }
    w->load = insn;
    if (!w->load_pc && (w->stored || !address_known(w, insn, &w->load_addr)))
        w->load_pc = w->pc;
    return false;
}

static bool holds(walk *w, uint32_t insn)
{
    unsigned flags = flags_of(insn), watched = flags & w->watched;

    if (watched & (HAS_FP | HAS_SYSTEM | HAS_ON_STACK | HAS_UNPRIVILEGED))
        return true;
    if ((flags & HAS_ON_STACK) && w->sp_changed &&
        (w->watched & HAS_CHANGED_STACK))
        return true;
    if ((watched & HAS_ACCESS) && holds_access(w, insn))
        return true;
    return (flags & HAS_EXCLUSIVE) && holds_exclusive(w, insn);
}

static void pass(walk *w, uint32_t insn)
{
    w->written |= fwsim__a64_written(insn);
    w->sp_changed |= fwsim__a64_may_misalign_sp(insn);
    w->stored |= fwsim__a64_is_access(insn) && fwsim__a64_is_store(insn);
}

/** Look through a block. @return false when nothing in it is held */
static bool find_held(fwsim__cpu *cpu, uint64_t pc, unsigned size, walk *w)
{
    const uint8_t *code = armv8a_code(cpu, pc, size);
    bool held = false;

    *w = (walk){ .watched = fwsim__engine_watched(cpu->engine) };
    armv8a_get_x(cpu, w->x);
    for (unsigned at = 0; code && !held && at + 4 <= size; at += 4) {
        uint32_t insn;

        memcpy(&insn, code + at, sizeof insn);
        w->pc = pc + at;
        held = holds(w, insn);
        if (!held)
            pass(w, insn);
    }
    cpu->held = w->load_pc ? w->load_pc : w->pc;
    return held || w->load_pc;
}

bool armv8a_holds(fwsim__cpu *cpu, uint64_t pc, unsigned size)
{
    walk w;

    return find_held(cpu, pc, size, &w);
}

/** A block that changes the monitor is about to run. */
static void note_exclusive(fwsim__cpu *cpu, const walk *w)
{
    armv8a_exclusive *x = &cpu->st->exclusive;
    const uint8_t *bytes;

    memset(x, 0, sizeof *x);
    cpu->monitor_lost = false;
    if (!w->load)
        return;
    x->size = armv8a_exclusive_size(w->load);
    x->addr = w->load_addr;
    bytes = armv8a_memory(cpu, x->addr, FWSIM__READ, x->size);
    if (bytes)
        memcpy(x->value, bytes, x->size);
}

/* ------------------------------------------------------------------ */
/* Blocks that are about to run                                         */
/* ------------------------------------------------------------------ */

/** @return false when the return is to AArch32 */
static bool about_to_return(fwsim__cpu *cpu)
{
    unsigned el = armv8a_el(armv8a_pstate(cpu));

    cpu->aarch32 = el && (armv8a_system_get(cpu, armv8a_banked(el, 4, 0, 0)) &
                          PSTATE_NRW);
    cpu->st->returned = !cpu->aarch32;
    return !cpu->aarch32;
}

bool armv8a_flagged(void *user, uint64_t pc, unsigned size, unsigned flags)
{
    fwsim__cpu *cpu = user;
    armv8a_state *st = cpu->st;
    walk w;

    flags &= fwsim__engine_watched(cpu->engine);
    if (flags & IS_MISALIGNED)
        return false;
    if ((flags & (HOLDING | HAS_EXCLUSIVE))) {
        if (find_held(cpu, pc, size, &w))
            return false;
        if (flags & HAS_EXCLUSIVE)
            note_exclusive(cpu, &w);
    }
    if ((flags & HAS_ERET) && !about_to_return(cpu))
        return false;
    if (flags & HAS_SEV)
        st->event = 1;
    if (flags & HAS_WFE)
        st->waiting = 1;
    if (flags & HAS_SP_CHANGE)
        cpu->watch_stale = true;
    /* The engine comes back when this block is done. */
    if (st->returned || st->waiting || cpu->watch_stale || armv8a_asserted(cpu))
        fwsim__attention(cpu->m);
    return true;
}

/* ------------------------------------------------------------------ */
/* What is watched                                                      */
/* ------------------------------------------------------------------ */

void armv8a_update_watch(fwsim__cpu *cpu)
{
    uint64_t sctlr = armv8a_sctlr(cpu);
    unsigned el = armv8a_el(armv8a_pstate(cpu));
    unsigned watch = HAS_UNMASK | HAS_ERET | HAS_WFE | HAS_SEV |
                     IS_MISALIGNED | HAS_EXCLUSIVE;

    cpu->watch_stale = false;
    cpu->is_virtual = armv8a_virtual(cpu);
    if (armv8a_fp_trap(cpu))
        watch |= HAS_FP;
    if (armv8a_traps(cpu))
        watch |= HAS_SYSTEM;
    if (sctlr & SCTLR_A)
        watch |= HAS_ACCESS;
    if (sctlr & (el ? SCTLR_SA : SCTLR_SA0)) {
        watch |= HAS_SP_CHANGE | HAS_CHANGED_STACK;
        if (fwsim__engine_get64(cpu->engine, FWSIM__A64_SP) & 15)
            watch |= HAS_ON_STACK;
    }
    if (el == 1)
        watch |= HAS_UNPRIVILEGED;
    if (cpu->monitor_lost)
        watch |= HAS_STORE_FIRST;
    fwsim__engine_watch(cpu->engine, watch);
}

unsigned armv8a_hold_nothing(fwsim__cpu *cpu)
{
    unsigned watched = fwsim__engine_watched(cpu->engine);

    fwsim__engine_watch(cpu->engine, watched & ~(unsigned)HOLDING);
    return watched;
}
