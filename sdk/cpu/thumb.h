/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What an M-profile Thumb instruction does, as far as the core has to know
 * before the engine executes it: its length, whether it needs attention, and
 * which memory it accesses.
 *
 * Source: Arm v7-M ARM (DDI 0403E) chapter A5, v8-M ARM (DDI 0553B) chapter C2.
 */
#ifndef FWSIM_THUMB_H
#define FWSIM_THUMB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** What a block contains; one bit each, the union over its instructions. Those
 * of FWSIM__THUMB_CARE need a look before the instruction is executed, see
 * armv7m_care.c; a scan says apart which cannot have it at the start of the
 * block: they are behind its first instruction, and for DIV and MEM, registers
 * that they use are written before them; for SP, its value is not known. */
enum {
    FWSIM__THUMB_DIV = 1 << 0,      /* SDIV, UDIV */
    FWSIM__THUMB_MEM = 1 << 1,      /* loads or stores */
    FWSIM__THUMB_UNPRIV = 1 << 2,   /* LDRT, STRT and their like */
    FWSIM__THUMB_CONTROL = 1 << 3,  /* MRS and MSR of CONTROL */
    FWSIM__THUMB_OURS = 1 << 4,     /* what the engine does not do as it is
                                     * in the manual, see fwsim__thumb_ours */
    FWSIM__THUMB_SP = 1 << 5, /* the SP may become no multiple of 4, see
                               * fwsim__thumb_sp */
    FWSIM__THUMB_CARE = (1 << 6) - 1,
    FWSIM__THUMB_BEHIND = 6, /* shift of the bits of CARE */
    FWSIM__THUMB_NO_CARE = ~((1 << 12) - 1),
    FWSIM__THUMB_SEV = 1 << 12,  /* sends an event */
    FWSIM__THUMB_MASK = 1 << 13, /* may change PRIMASK, BASEPRI, FAULTMASK or
                                  * CONTROL: CPS, MSR */
    FWSIM__THUMB_FP = 1 << 14,   /* coprocessors 10 and 11 */
    FWSIM__THUMB_EXCLUSIVE = 1 << 15, /* LDREX, STREX, CLREX: the monitor */
    FWSIM__THUMB_COPROC = 1 << 16, /* any other coprocessor; never MEM */
    FWSIM__THUMB_STACKS = 1 << 17, /* MSR of MSP or PSP */
    FWSIM__THUMB_STACK = 1 << 18,  /* of a block, not of an instruction: takes
                                    * room on the stack */
    FWSIM__THUMB_FRAME = 1 << 19   /* the same: with SP, r7 alone decides, the
                                    * frame pointer of most code */
};

/** See fwsim__thumb_sp; the bit of the PC, of which none is made. */
enum { FWSIM__THUMB_SP_UNKNOWN = 1 << 15 };

typedef enum fwsim__thumb_ours {
    FWSIM__THUMB_TARGET,    /* TT and its like */
    FWSIM__THUMB_NONSECURE, /* BXNS, BLXNS */
    FWSIM__THUMB_ISB,       /* in an IT block */
    FWSIM__THUMB_FIXED      /* VCVT of a fixed point number that is rounded */
} fwsim__thumb_ours;

typedef struct fwsim__thumb_insn {
    uint32_t flags; /* FWSIM__THUMB_x */
    uint8_t size;   /* bytes: 2 or 4 */
    uint8_t conditional; /* instructions of the block that an IT begins */
    /* The rest is about memory, and valid with FWSIM__THUMB_MEM. */
    bool store;
    bool aligned;     /* must be aligned whatever CCR.UNALIGN_TRP says: LDM,
                       * STM, PUSH, POP, LDRD, STRD, exclusives, VLDR, ... */
    uint8_t width;    /* bytes of one access: 1, 2 or 4 */
    uint8_t count;    /* consecutive accesses; registers of a list */
    uint8_t base;     /* register; 15: the PC, aligned unless with an index */
    int8_t index;     /* register added to the base, -1: none */
    uint8_t shift;    /* the index is shifted left by this */
    int32_t offset;   /* added to the base for the first address */
    uint8_t divisor;  /* register, with FWSIM__THUMB_DIV */
    fwsim__thumb_ours ours; /* with FWSIM__THUMB_OURS */
    uint8_t operand;  /* register of TARGET and NONSECURE */
    int8_t result;    /* register of TARGET, and of exclusive loads */
    bool alternate;   /* TTA, TTAT */
    bool unprivileged; /* TTT, TTAT */
} fwsim__thumb_insn;

/**
 * Decode the instruction at @a pc.
 * @param code   its bytes, little-endian
 * @param avail  bytes there are; with fewer than the instruction has, its
 *               size is reported and nothing else
 */
void fwsim__thumb_decode(const uint8_t *code, size_t avail,
                         fwsim__thumb_insn *insn);

/** First address an instruction accesses. @param regs r0-r14 before it */
uint32_t fwsim__thumb_address(const fwsim__thumb_insn *insn, uint32_t pc,
                              const uint32_t regs[15]);

/** Bits of the registers that an instruction of 2 or 4 bytes may write. */
uint32_t fwsim__thumb_writes(const uint8_t *code, size_t size);

/**
 * Does the SP stay a multiple of 4, as it was before? All of the code is taken
 * to be executed but for what an IT in it decides.
 * @return the registers that have to be multiples of 4 before the code, one
 *         bit each, and UNKNOWN where they do not tell
 */
uint32_t fwsim__thumb_sp(const uint8_t *code, size_t size);

/** ThumbExpandImm (DDI 0403E A5.3.2), without the carry. */
uint32_t fwsim__thumb_expand(uint32_t imm12);

/**
 * The number of instructions in a block, and what they contain.
 * @param flags  out: union of FWSIM__THUMB_x; those of CARE that cannot have
 *               a look at the start, shifted by BEHIND, too
 */
unsigned fwsim__thumb_scan(const uint8_t *code, size_t size, unsigned *flags);

/** Bytes by which PUSH and SUB of a constant lower the SP at the beginning of
 * a block: what a function does first. */
uint32_t fwsim__thumb_stack(const uint8_t *code, size_t size);

#endif
