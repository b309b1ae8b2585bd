/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One concrete run of a look: what the files look*.c share.
 *
 *     look.c         which values to try, in which order, until when
 *     look_run.c     fetch, conditional execution, flow of control, loops
 *     look_decide.c  branches on bits of the value: other values to try
 *     look_memory.c  memory and devices as the run has changed them
 *     look_alu.c     the arithmetic and logic unit, flags
 *     look_insn16.c, look_insn32.c, look_insn_memory.c, look_control.c,
 *     look_dsp.c, look_fp.c
 *                    instructions
 *
 * Source: Arm v7-M ARM (DDI 0403E), chapters A5 to A7.
 */
#ifndef FWSIM_LOOK_RUN_H
#define FWSIM_LOOK_RUN_H

#include "infer/look.h"
#include "infer/look_bits.h"

enum {
    FWSIM__LOOK_WORDS = 512,   /* of RAM that runs write; a power of two */
    FWSIM__LOOK_KEPT = 31,     /* of these, words with bits of the value */
    FWSIM__LOOK_WRITES = 16,   /* device registers written */
    FWSIM__LOOK_QUEUE = 64,    /* values to try */
    FWSIM__LOOK_POLLS = 4,     /* places that read the register again */
    FWSIM__LOOK_LOOPS = 8,     /* last backward branches */
    FWSIM__LOOK_BLOCKS = 64,   /* branch targets, a power of two */
    FWSIM__LOOK_BASE_BLOCKS = 256,
    FWSIM__LOOK_DECIDED = 64   /* branches solved, a power of two */
};

/** Bits of NZCV. */
enum { FWSIM__V = 1, FWSIM__C = 2, FWSIM__Z = 4, FWSIM__N = 8 };

/** Conditions that the interpreter itself asks for. */
enum { FWSIM__EQ = 0, FWSIM__AL = 14 };

/** What made the flags, when bits of the value were in it. */
typedef enum fwsim__look_flags_kind {
    FWSIM__FLAGS_PLAIN,  /* none were */
    FWSIM__FLAGS_RESULT, /* N and Z are of the word `bits` */
    FWSIM__FLAGS_SUB,    /* bits - other */
    FWSIM__FLAGS_RSB,    /* other - bits */
    FWSIM__FLAGS_ADD,    /* bits + other */
    FWSIM__FLAGS_MIXED   /* bits.sources */
} fwsim__look_flags_kind;

typedef struct fwsim__look_flags {
    fwsim__look_flags_kind kind;
    uint32_t other;
    int carry; /* RESULT: C is this bit of the value (+ 32: inverted), or -1 */
    fwsim__bits bits;
} fwsim__look_flags;

/** A word of memory that a run has written. */
typedef struct fwsim__look_word {
    uint32_t addr, value;
    uint16_t run;  /* the run that wrote it */
    uint16_t kept; /* index + 1 in kept[] */
} fwsim__look_word;

/** How far a run has come, to tell a loop from progress. */
typedef struct fwsim__look_progress {
    uint32_t reads;   /* of other devices */
    uint32_t data;    /* accesses to data registers of the peripheral */
    uint32_t writes;  /* to other devices */
    uint32_t polls;   /* of the register */
    uint32_t here;    /* of these, where the look began */
    uint32_t tests;   /* of bits of the value */
    uint32_t loads;   /* from RAM */
    uint32_t stores;  /* to RAM outside the stack */
    uint32_t stored;  /* sum over the addresses of all stores */
    uint64_t memory;  /* sum over the words that differ from the start */
} fwsim__look_progress;

typedef struct fwsim__look_loop {
    uint64_t state; /* hash */
    fwsim__look_progress progress;
} fwsim__look_loop;

/** The register is read in one place again and again. */
typedef struct fwsim__look_poll {
    uint32_t pc, sp, lr;
    uint32_t regs[13], step[13]; /* and what a round has added */
    uint32_t stored;             /* by a round */
    unsigned rounds;             /* that did the same step */
    fwsim__look_progress progress;
} fwsim__look_poll;

typedef struct fwsim__look_write {
    uint32_t addr, value;
    unsigned width;
} fwsim__look_write;

typedef struct fwsim__look_run {
    /* The hot part. */
    uint32_t regs[16]; /* regs[15]: the instruction's address + 4 */
    uint32_t pc, next; /* of this instruction, of the one after it */
    uint32_t tainted;  /* registers that have bits of the value */
    uint8_t nzcv, it;
    bool conditional;  /* in an IT block */
    bool over;
    uint32_t code_base, code_size;
    const uint8_t *code;
    uint32_t data_base, data_size;
    const uint8_t *data;
    bool data_writable;
    uint16_t number; /* of this run, from 1 */

    const fwsim__look_world *world;
    const fwsim__look_read *read;
    fwsim__look_result *out;
    fwsim__look_path *path;
    uint32_t value; /* what the read gives in this run */

    /* Special registers. */
    uint32_t primask, basepri, faultmask, control, psp;
    bool psp_known;
    uint32_t exception; /* IPSR */
    uint32_t apsr;      /* Q and GE, in place */

    /* Calls. */
    int depth, lowest;

    uint32_t way; /* hash of the decisions so far */

    /* Provenance. */
    fwsim__look_flags flags;
    int carry_from; /* of the last shift, see fwsim__look_flags.carry */
    uint32_t carry_pc; /* the instruction that did it */
    fwsim__bits scratch[3];
    fwsim__bits reg_bits[16];

    /* Memory and devices. */
    unsigned words, kept_count, write_count;
    bool own_written; /* the register itself */
    uint32_t own_value;
    fwsim__bits own_bits;
    fwsim__look_progress progress;
    fwsim__look_write writes[FWSIM__LOOK_WRITES];

    /* Floating point. */
    uint32_t s[32], s_known, fpscr;
    bool fpscr_known;

    /* Loops. */
    unsigned loop_count, poll_count;
    fwsim__look_loop loops[FWSIM__LOOK_LOOPS];
    fwsim__look_poll polls[FWSIM__LOOK_POLLS]; /* [0]: where it began */

    /* Kept from run to run. */
    struct {
        uint32_t pc;
        uint16_t run; /* that came here last */
        bool seen;
    } blocks[FWSIM__LOOK_BLOCKS];
    uint32_t base_blocks[FWSIM__LOOK_BASE_BLOCKS]; /* of the first run */
    struct {
        uint32_t question, way;
        uint16_t run;
        uint8_t answers; /* given or asked for: 1 no, 2 yes */
    } decided[FWSIM__LOOK_DECIDED];
    struct {
        uint32_t value;
        bool tried;
        bool combines; /* only answers that others give one by one */
    } queue[FWSIM__LOOK_QUEUE];
    unsigned queued;
    bool combines; /* what is suggested now */
    bool dropped; /* a value found no room in the queue */
    fwsim__look_word word[FWSIM__LOOK_WORDS];
    fwsim__bits kept[FWSIM__LOOK_KEPT];
} fwsim__look_run;

/* look.c -------------------------------------------------------------- */

/** Get ready for the first run. */
void fwsim__look_prepare(fwsim__look_run *r, const fwsim__look_world *world,
                         const fwsim__look_read *read,
                         fwsim__look_result *out);
/** Another value to try, unless it is known or changes fixed bits. */
void fwsim__look_suggest(fwsim__look_run *r, uint32_t value);

/* look_run.c ---------------------------------------------------------- */

/** Put the run to its start; @a path is where its results go. */
void fwsim__look_start(fwsim__look_run *r, uint32_t value,
                       fwsim__look_path *path);
/** Interpret the instruction at r->pc. @return false: the run has ended */
bool fwsim__look_step(fwsim__look_run *r);

/** Interpret up to its end, at most so many instructions. */
void fwsim__look_go(fwsim__look_run *r, unsigned limit);

void fwsim__look_end_run(fwsim__look_run *r, fwsim__look_end end);
/** An instruction that the interpreter lacks. */
void fwsim__look_gap(fwsim__look_run *r);

/** Go on at another address of this code. */
void fwsim__look_jump(fwsim__look_run *r, uint32_t target);
/** The instruction branches or not, by flags or bits that were decided. */
void fwsim__look_branch(fwsim__look_run *r, bool taken, uint32_t target);
/** BX, BLX and loads of the PC. */
void fwsim__look_interwork(fwsim__look_run *r, fwsim__operand target);
void fwsim__look_call(fwsim__look_run *r, fwsim__operand target);
/** The instruction goes back to a caller. */
void fwsim__look_return(fwsim__look_run *r, fwsim__operand target);
/** A branch backwards has been taken: does it lead anywhere? */
void fwsim__look_loop_closed(fwsim__look_run *r, uint32_t target);
/** The register is read another time. */
void fwsim__look_polled(fwsim__look_run *r);

static inline bool fwsim__look_passed(unsigned nzcv, unsigned cond)
{
    /* Bit NZCV of a row: the condition holds (A7.3). */
    static const uint16_t holds[16] = {
        0xf0f0, 0x0f0f, 0xcccc, 0x3333, 0xff00, 0x00ff, 0xaaaa, 0x5555,
        0x0c0c, 0xf3f3, 0xaa55, 0x55aa, 0x0a05, 0xf5fa, 0xffff, 0xffff
    };

    return holds[cond] >> nzcv & 1;
}

/* look_decide.c ------------------------------------------------------- */

/** A condition on flags with bits of the value is about to decide. */
void fwsim__look_decide(fwsim__look_run *r, unsigned cond);
/** Is a word with bits of the value zero? */
void fwsim__look_decide_zero(fwsim__look_run *r, const fwsim__bits *bits);
/** A word with bits of the value selects where to go, or what to load. */
void fwsim__look_enumerate(fwsim__look_run *r, const fwsim__bits *bits);

/* look_memory.c ------------------------------------------------------- */

/** The memory at an address, NULL: none. */
const fwsim__look_memory *fwsim__look_find(const fwsim__look_run *r,
                                           uint32_t addr);
/** Load 1, 2 or 4 bytes. The bits are valid until the next load. */
fwsim__operand fwsim__look_load(fwsim__look_run *r, uint32_t addr,
                                unsigned width);
void fwsim__look_store(fwsim__look_run *r, uint32_t addr, unsigned width,
                       fwsim__operand o);

/* look_alu.c ---------------------------------------------------------- */

/** Operations, numbered as in data-processing instructions (A5.3.11). */
typedef enum fwsim__alu {
    FWSIM__AND = 0,
    FWSIM__BIC = 1,
    FWSIM__ORR = 2,
    FWSIM__ORN = 3,
    FWSIM__EOR = 4,
    FWSIM__ADD = 8,
    FWSIM__ADC = 10,
    FWSIM__SBC = 11,
    FWSIM__SUB = 13,
    FWSIM__RSB = 14
} fwsim__alu;

enum { FWSIM__NOWHERE = 16 }; /* as destination: only the flags count */

/** rd = a op b. @param carry C of a logic operation that sets flags */
void fwsim__look_alu(fwsim__look_run *r, fwsim__alu op, unsigned rd,
                     fwsim__operand a, fwsim__operand b, bool set,
                     unsigned carry);
/** @param carry  in: the C flag; out: the bit shifted out last
 *  @param n      0 to 255; 32 and more is legal for all types */
fwsim__operand fwsim__look_shift(fwsim__look_run *r, fwsim__operand a,
                                 fwsim__shift type, unsigned n,
                                 unsigned *carry);
/** The low bits of a word, n of them: 1 to 31. */
fwsim__operand fwsim__look_low(fwsim__look_run *r, fwsim__operand a,
                               unsigned n);
/** N and Z of a result; C as given. */
void fwsim__look_set_nzc(fwsim__look_run *r, fwsim__operand result,
                         unsigned carry);

/* Registers ----------------------------------------------------------- */

static inline fwsim__operand fwsim__look_get(const fwsim__look_run *r,
                                             unsigned n)
{
    return (fwsim__operand){ r->regs[n],
                             r->tainted >> n & 1 ? &r->reg_bits[n] : NULL };
}

static inline void fwsim__look_put(fwsim__look_run *r, unsigned n,
                                   uint32_t value)
{
    r->regs[n] = value;
    r->tainted &= ~(1u << n);
}

/** @a o.bits may be those of a register, or NULL, or without sources. */
static inline void fwsim__look_set(fwsim__look_run *r, unsigned n,
                                   fwsim__operand o)
{
    fwsim__look_put(r, n, o.value);
    if (o.bits && o.bits->sources) {
        if (o.bits != &r->reg_bits[n])
            r->reg_bits[n] = *o.bits;
        r->tainted |= 1u << n;
    }
}

/** A result of which only the sources are known. */
static inline void fwsim__look_set_mixed(fwsim__look_run *r, unsigned n,
                                         uint32_t value, uint32_t sources)
{
    fwsim__look_put(r, n, value);
    if (sources) {
        fwsim__bits_mixed(&r->reg_bits[n], sources);
        r->tainted |= 1u << n;
    }
}

static inline uint32_t fwsim__look_sources(fwsim__operand o)
{
    return o.bits ? o.bits->sources : 0;
}

static inline unsigned fwsim__look_c(const fwsim__look_run *r)
{
    return r->nzcv >> 1 & 1;
}

/** Without privilege, writes to special registers are ignored (B1.3.1). */
static inline bool fwsim__look_privileged(const fwsim__look_run *r)
{
    return r->exception || !(r->control & 1);
}

/* Instructions -------------------------------------------------------- */

void fwsim__look_insn16(fwsim__look_run *r, uint32_t insn);
/** @param insn  the first halfword in the high half */
void fwsim__look_insn32(fwsim__look_run *r, uint32_t insn);
/** Loads and stores: op1 1 (multiple, dual, exclusive, table branch). */
void fwsim__look_multiple(fwsim__look_run *r, uint32_t insn);
void fwsim__look_dual(fwsim__look_run *r, uint32_t insn);
/** Loads and stores of one word, halfword or byte. */
void fwsim__look_single(fwsim__look_run *r, uint32_t insn);
/** Branches, special registers, hints, barriers. */
void fwsim__look_control(fwsim__look_run *r, uint32_t insn);
/** Parallel sums, and multiplications with op other than 0. */
void fwsim__look_dsp_sum(fwsim__look_run *r, uint32_t insn);
void fwsim__look_dsp_multiply(fwsim__look_run *r, uint32_t insn);
/** Coprocessors 10 and 11. */
void fwsim__look_fp(fwsim__look_run *r, uint32_t insn);

/** Load or store the registers of a list upwards from an address; a loaded
 * PC returns. */
void fwsim__look_list(fwsim__look_run *r, uint32_t addr, uint32_t list,
                      bool load);
/** Load into a register; the PC branches. */
void fwsim__look_load_to(fwsim__look_run *r, unsigned rt, fwsim__operand addr,
                         unsigned width, bool is_signed);

#endif
