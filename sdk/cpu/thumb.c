/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Decoding of Thumb instructions, as far as thumb.h promises: two tables of
 * encodings, and a function for each way to write down a memory operand.
 *
 * Sections are those of the v7-M ARM (DDI 0403E); C2 is of the v8-M ARM
 * (DDI 0553B). Encodings of the A profile are undefined here and match no row.
 */
#include "cpu/thumb.h"

enum {
    SEV = FWSIM__THUMB_SEV,
    MASK = FWSIM__THUMB_MASK,
    FP = FWSIM__THUMB_FP,
    DIV = FWSIM__THUMB_DIV,
    CTL = FWSIM__THUMB_CONTROL,
    OURS = FWSIM__THUMB_OURS,
    COPROC = FWSIM__THUMB_COPROC,
    STACKS = FWSIM__THUMB_STACKS,
    /* Of the tables only; these bits are of scans. */
    STORE = 1 << 20,
    ALIGNED = 1 << 21,
    TABLE_ONLY = STORE | ALIGNED,
    /* Combinations that occur. */
    LD = FWSIM__THUMB_MEM,
    ST = LD | STORE,
    LDT = LD | FWSIM__THUMB_UNPRIV,
    STT = ST | FWSIM__THUMB_UNPRIV,
    LDA = LD | ALIGNED,
    STA = ST | ALIGNED,
    EXCL = FWSIM__THUMB_EXCLUSIVE,
    LDX = LDA | EXCL,
    STX = STA | EXCL,
    VLD = LDA | FP,
    VST = STA | FP
};

enum { SIZED = 0 }; /* the width of the access is in bits 22:21 */

enum { SP = 13, PC = 15 };

/**
 * An encoding. The operand starts as one access of the row's width at
 * register 0; the row's function fills in the rest. A count of 0 says that
 * this is no instruction.
 */
typedef struct encoding {
    uint32_t mask, match;
    uint32_t attributes;
    uint8_t width;
    void (*operand)(uint32_t code, fwsim__thumb_insn *insn);
} encoding;

static unsigned field(uint32_t code, unsigned low, unsigned bits)
{
    return (code >> low) & ((1u << bits) - 1);
}

static uint8_t ones(uint32_t list)
{
    return (uint8_t)__builtin_popcount(list);
}

/* ------------------------------------------------------------------ */
/* Operands of 16-bit instructions                                      */
/* ------------------------------------------------------------------ */

static void pc_imm8(uint32_t code, fwsim__thumb_insn *insn)
{
    insn->base = PC;
    insn->offset = (int32_t)field(code, 0, 8) * 4;
}

static void sp_imm8(uint32_t code, fwsim__thumb_insn *insn)
{
    insn->base = SP;
    insn->offset = (int32_t)field(code, 0, 8) * 4;
}

static void low_index(uint32_t code, fwsim__thumb_insn *insn)
{
    insn->base = (uint8_t)field(code, 3, 3);
    insn->index = (int8_t)field(code, 6, 3);
}

static void low_imm5(uint32_t code, fwsim__thumb_insn *insn)
{
    insn->base = (uint8_t)field(code, 3, 3);
    insn->offset = (int32_t)field(code, 6, 5) * insn->width;
}

static void low_list(uint32_t code, fwsim__thumb_insn *insn)
{
    insn->base = (uint8_t)field(code, 8, 3);
    insn->count = ones(field(code, 0, 8));
}

/* Bit 8 of the list is LR. */
static void push(uint32_t code, fwsim__thumb_insn *insn)
{
    insn->base = SP;
    insn->count = ones(field(code, 0, 9));
    insn->offset = -4 * insn->count;
}

/* Bit 8 of the list is PC. */
static void pop(uint32_t code, fwsim__thumb_insn *insn)
{
    insn->base = SP;
    insn->count = ones(field(code, 0, 9));
}

/* ------------------------------------------------------------------ */
/* Operands of 32-bit instructions                                      */
/* ------------------------------------------------------------------ */

/** Bit 23 (U) of most encodings: the offset is added. */
static int32_t with_sign(uint32_t code, unsigned magnitude)
{
    return field(code, 23, 1) ? (int32_t)magnitude : -(int32_t)magnitude;
}

static void base_only(uint32_t code, fwsim__thumb_insn *insn)
{
    insn->base = (uint8_t)field(code, 16, 4);
}

static void literal(uint32_t code, fwsim__thumb_insn *insn)
{
    insn->base = PC;
    insn->offset = with_sign(code, field(code, 0, 12));
}

static void imm12(uint32_t code, fwsim__thumb_insn *insn)
{
    base_only(code, insn);
    insn->offset = (int32_t)field(code, 0, 12);
}

/* Bits 10:8 are P, U, W; P and W both 0 is undefined (A5.3.7). */
static void imm8(uint32_t code, fwsim__thumb_insn *insn)
{
    int32_t offset = (int32_t)field(code, 0, 8);
    bool before = field(code, 10, 1), up = field(code, 9, 1);
    bool write_back = field(code, 8, 1);

    base_only(code, insn);
    if (!before && !write_back)
        insn->count = 0;
    else if (before)
        insn->offset = up ? offset : -offset;
}

static void indexed(uint32_t code, fwsim__thumb_insn *insn)
{
    base_only(code, insn);
    insn->index = (int8_t)field(code, 0, 4);
    insn->shift = (uint8_t)field(code, 4, 2);
}

static void list_up(uint32_t code, fwsim__thumb_insn *insn)
{
    base_only(code, insn);
    insn->count = ones(field(code, 0, 16));
}

static void list_down(uint32_t code, fwsim__thumb_insn *insn)
{
    list_up(code, insn);
    insn->offset = -4 * insn->count;
}

static void dual(uint32_t code, fwsim__thumb_insn *insn)
{
    bool before = field(code, 24, 1);

    base_only(code, insn);
    insn->count = 2;
    if (before)
        insn->offset = with_sign(code, field(code, 0, 8) * 4);
}

static void exclusive(uint32_t code, fwsim__thumb_insn *insn)
{
    base_only(code, insn);
    insn->offset = (int32_t)field(code, 0, 8) * 4;
}

static void table_branch(uint32_t code, fwsim__thumb_insn *insn)
{
    base_only(code, insn);
    insn->index = (int8_t)field(code, 0, 4);
    insn->shift = insn->width == 2;
}

/* Bit 8 says double precision: two words. */
static void vfp_one(uint32_t code, fwsim__thumb_insn *insn)
{
    base_only(code, insn);
    insn->count = field(code, 8, 1) ? 2 : 1;
    insn->offset = with_sign(code, field(code, 0, 8) * 4);
}

/* Double precision with an odd number of words is the old FLDMX, FSTMX,
 * which leaves the last one alone (A7.7, VLDM). */
static void vfp_list_up(uint32_t code, fwsim__thumb_insn *insn)
{
    unsigned words = field(code, 0, 8);

    base_only(code, insn);
    insn->count = (uint8_t)(field(code, 8, 1) ? words & ~1u : words);
}

static void vfp_list_down(uint32_t code, fwsim__thumb_insn *insn)
{
    vfp_list_up(code, insn);
    insn->offset = -4 * (int32_t)field(code, 0, 8);
}

/* ------------------------------------------------------------------ */
/* Encodings; the first row that matches counts                         */
/* ------------------------------------------------------------------ */

/* clang-format off */
static const encoding encodings16[] = {
    /* A5.2 */
    { 0xf800, 0x4800, LD,   4, pc_imm8 },   /* LDR literal */
    /* A5.2.4 */
    { 0xfe00, 0x5000, ST,   4, low_index }, /* STR */
    { 0xfe00, 0x5200, ST,   2, low_index }, /* STRH */
    { 0xfe00, 0x5400, ST,   1, low_index }, /* STRB */
    { 0xfe00, 0x5600, LD,   1, low_index }, /* LDRSB */
    { 0xfe00, 0x5800, LD,   4, low_index }, /* LDR */
    { 0xfe00, 0x5a00, LD,   2, low_index }, /* LDRH */
    { 0xfe00, 0x5c00, LD,   1, low_index }, /* LDRB */
    { 0xfe00, 0x5e00, LD,   2, low_index }, /* LDRSH */
    { 0xf800, 0x6000, ST,   4, low_imm5 },  /* STR */
    { 0xf800, 0x6800, LD,   4, low_imm5 },  /* LDR */
    { 0xf800, 0x7000, ST,   1, low_imm5 },  /* STRB */
    { 0xf800, 0x7800, LD,   1, low_imm5 },  /* LDRB */
    { 0xf800, 0x8000, ST,   2, low_imm5 },  /* STRH */
    { 0xf800, 0x8800, LD,   2, low_imm5 },  /* LDRH */
    { 0xf800, 0x9000, ST,   4, sp_imm8 },   /* STR */
    { 0xf800, 0x9800, LD,   4, sp_imm8 },   /* LDR */
    { 0xff87, 0x4704, OURS, 0, NULL },      /* BXNS: C2.4 */
    { 0xff87, 0x4784, OURS, 0, NULL },      /* BLXNS: C2.4 */
    /* A5.2.5, A5.2.6 */
    { 0xfe00, 0xb400, STA,  4, push },      /* PUSH */
    { 0xfe00, 0xbc00, LDA,  4, pop },       /* POP */
    { 0xffe0, 0xb660, MASK, 0, NULL },      /* CPS */
    { 0xffff, 0xbf40, SEV,  0, NULL },      /* SEV */
    /* A5.2 */
    { 0xf800, 0xc000, STA,  4, low_list },  /* STM */
    { 0xf800, 0xc800, LDA,  4, low_list },  /* LDM */
    { 0 }
};

static const encoding encodings32[] = {
    /* A5.3.4 */
    { 0xffffffff, 0xf3af8004, SEV,  0, NULL },           /* SEV.W */
    { 0xfff0d0f0, 0xf3b08020, EXCL, 0, NULL },           /* CLREX */
    { 0xfff0d0f0, 0xf3b08060, OURS, 0, NULL },           /* ISB */
    { 0xffe0d0ff, 0xf3808014, MASK | CTL, 0, NULL },     /* MSR CONTROL */
    { 0xffe0d0fe, 0xf3808008, MASK | STACKS, 0, NULL },  /* MSR MSP, PSP */
    { 0xffe0d000, 0xf3808000, MASK, 0, NULL },           /* MSR */
    { 0xfffff0ff, 0xf3ef8014, CTL,  0, NULL },           /* MRS CONTROL */
    /* A5.3.5 */
    { 0xffd00000, 0xe8800000, STA, 4, list_up },         /* STM */
    { 0xffd00000, 0xe8900000, LDA, 4, list_up },         /* LDM, POP */
    { 0xffd00000, 0xe9000000, STA, 4, list_down },       /* STMDB, PUSH */
    { 0xffd00000, 0xe9100000, LDA, 4, list_down },       /* LDMDB */
    /* A5.3.6; SG and TT are C2.4 */
    { 0xffffffff, 0xe97fe97f, 0,   0, NULL },            /* SG */
    { 0xfff0f03f, 0xe840f000, OURS, 0, NULL },           /* TT, TTT, TTA */
    { 0xfff0f000, 0xe840f000, 0,   0, NULL },
    { 0xfff00000, 0xe8400000, STX, 4, exclusive },       /* STREX */
    { 0xfff00000, 0xe8500000, LDX, 4, exclusive },       /* LDREX */
    { 0xff700000, 0xe8600000, STA, 4, dual },            /* STRD post-index */
    { 0xff700000, 0xe8700000, LDA, 4, dual },            /* LDRD post-index */
    { 0xff500000, 0xe9400000, STA, 4, dual },            /* STRD */
    { 0xff500000, 0xe9500000, LDA, 4, dual },            /* LDRD */
    { 0xfff000f0, 0xe8c00040, STX, 1, base_only },       /* STREXB */
    { 0xfff000f0, 0xe8c00050, STX, 2, base_only },       /* STREXH */
    { 0xfff000f0, 0xe8d00000, LD,  1, table_branch },    /* TBB */
    { 0xfff000f0, 0xe8d00010, LD,  2, table_branch },    /* TBH */
    { 0xfff000f0, 0xe8d00040, LDX, 1, base_only },       /* LDREXB */
    { 0xfff000f0, 0xe8d00050, LDX, 2, base_only },       /* LDREXH */
    /* C2.4: load-acquire, store-release */
    { 0xfff000f0, 0xe8c00080, STA, 1, base_only },       /* STLB */
    { 0xfff000f0, 0xe8c00090, STA, 2, base_only },       /* STLH */
    { 0xfff000f0, 0xe8c000a0, STA, 4, base_only },       /* STL */
    { 0xfff000f0, 0xe8c000c0, STX, 1, base_only },       /* STLEXB */
    { 0xfff000f0, 0xe8c000d0, STX, 2, base_only },       /* STLEXH */
    { 0xfff000f0, 0xe8c000e0, STX, 4, base_only },       /* STLEX */
    { 0xfff000f0, 0xe8d00080, LDA, 1, base_only },       /* LDAB */
    { 0xfff000f0, 0xe8d00090, LDA, 2, base_only },       /* LDAH */
    { 0xfff000f0, 0xe8d000a0, LDA, 4, base_only },       /* LDA */
    { 0xfff000f0, 0xe8d000c0, LDX, 1, base_only },       /* LDAEXB */
    { 0xfff000f0, 0xe8d000d0, LDX, 2, base_only },       /* LDAEXH */
    { 0xfff000f0, 0xe8d000e0, LDX, 4, base_only },       /* LDAEX */
    /* A5.3.7 (word), A5.3.8 (halfword), A5.3.9 (byte) */
    { 0xfe50f000, 0xf810f000, 0,  0,     NULL },         /* PLD, PLI */
    { 0xfe5f0000, 0xf81f0000, LD, SIZED, literal },      /* LDR(S)B, LDR(S)H */
    { 0xff7f0000, 0xf85f0000, LD, SIZED, literal },      /* LDR */
    { 0xfed00000, 0xf8900000, LD, SIZED, imm12 },        /* LDR(S)B, LDR(S)H */
    { 0xfff00000, 0xf8d00000, LD, SIZED, imm12 },        /* LDR */
    { 0xfed00f00, 0xf8100e00, LDT, SIZED, imm8 },        /* LDR(S)BT, ...HT */
    { 0xfff00f00, 0xf8500e00, LDT, SIZED, imm8 },        /* LDRT */
    { 0xfed00800, 0xf8100800, LD, SIZED, imm8 },         /* LDR(S)B, LDR(S)H */
    { 0xfff00800, 0xf8500800, LD, SIZED, imm8 },         /* LDR, POP */
    { 0xfed00fc0, 0xf8100000, LD, SIZED, indexed },      /* LDR(S)B, LDR(S)H */
    { 0xfff00fc0, 0xf8500000, LD, SIZED, indexed },      /* LDR */
    /* A5.3.10; a store to the PC is undefined */
    { 0xff1f0000, 0xf80f0000, 0,  0,     NULL },
    { 0xffd00000, 0xf8800000, ST, SIZED, imm12 },        /* STRB, STRH */
    { 0xfff00000, 0xf8c00000, ST, SIZED, imm12 },        /* STR */
    { 0xffd00f00, 0xf8000e00, STT, SIZED, imm8 },        /* STRBT, STRHT */
    { 0xfff00f00, 0xf8400e00, STT, SIZED, imm8 },        /* STRT */
    { 0xffd00800, 0xf8000800, ST, SIZED, imm8 },         /* STRB, STRH */
    { 0xfff00800, 0xf8400800, ST, SIZED, imm8 },         /* STR, PUSH */
    { 0xffd00fc0, 0xf8000000, ST, SIZED, indexed },      /* STRB, STRH */
    { 0xfff00fc0, 0xf8400000, ST, SIZED, indexed },      /* STR */
    /* A5.3.17 */
    { 0xfff0f0f0, 0xfb90f0f0, DIV, 0, NULL },            /* SDIV */
    { 0xfff0f0f0, 0xfbb0f0f0, DIV, 0, NULL },            /* UDIV */
    /* A6.5: loads and stores of the floating-point extension */
    { 0xff300e00, 0xed000a00, VST, 4, vfp_one },         /* VSTR */
    { 0xff300e00, 0xed100a00, VLD, 4, vfp_one },         /* VLDR */
    { 0xff900e00, 0xec800a00, VST, 4, vfp_list_up },     /* VSTM */
    { 0xff900e00, 0xec900a00, VLD, 4, vfp_list_up },     /* VLDM, VPOP */
    { 0xffb00e00, 0xed200a00, VST, 4, vfp_list_down },   /* VSTMDB, VPUSH */
    { 0xffb00e00, 0xed300a00, VLD, 4, vfp_list_down },   /* VLDMDB */
    /* A5.3.18; bits 25:24 both 1 are undefined. No core here has another
     * coprocessor than the FPU, so LDC and STC access no memory. */
    { 0xef000000, 0xef000000, 0,      0, NULL },
    { 0xffbe0fd0, 0xeeba0ac0, FP | OURS, 0, NULL },      /* VCVT.F32.x32 */
    { 0xec000e00, 0xec000a00, FP,     0, NULL },
    { 0xec000000, 0xec000000, COPROC, 0, NULL },
    { 0 }
};
/* clang-format on */

static const encoding *find(const encoding *table, uint32_t code)
{
    const encoding *e = table;

    while (e->mask && (code & e->mask) != e->match)
        e++;
    return e;
}

static void decode_operand(const encoding *e, uint32_t code,
                           fwsim__thumb_insn *insn)
{
    insn->store = e->attributes & STORE;
    insn->aligned = e->attributes & ALIGNED;
    insn->width = e->width != SIZED ? e->width : 1 << field(code, 21, 2);
    insn->count = 1;
    e->operand(code, insn);
    if (insn->count == 0)
        insn->flags &= ~(uint32_t)(FWSIM__THUMB_MEM | FWSIM__THUMB_UNPRIV);
}

/** Bit 6 of TT is T, bit 7 is A. */
static void decode_ours(uint32_t code, fwsim__thumb_insn *insn)
{
    if (insn->flags & FP) {
        insn->ours = FWSIM__THUMB_FIXED;
    } else if (insn->size == 2) {
        insn->ours = FWSIM__THUMB_NONSECURE;
        insn->operand = (uint8_t)field(code, 3, 4);
    } else if (code >> 28 == 0xf) {
        insn->ours = FWSIM__THUMB_ISB;
    } else {
        insn->ours = FWSIM__THUMB_TARGET;
        insn->operand = (uint8_t)field(code, 16, 4);
        insn->result = (int8_t)field(code, 8, 4);
        insn->unprivileged = field(code, 6, 1);
        insn->alternate = field(code, 7, 1);
    }
}

/** Instructions of the block that IT begins (A7.7, IT): its mask ends in a 1. */
static uint8_t if_then(uint32_t code)
{
    bool it = (code & 0xffffff00u) == 0xbf00 && (code & 0xf);

    return it ? (uint8_t)(4 - __builtin_ctz(code & 0xf)) : 0;
}

/** A5.1: halfwords that begin with these five bits are the first of two. */
static bool is_wide(unsigned first)
{
    return first >= 0xe800;
}

void fwsim__thumb_decode(const uint8_t *code, size_t avail,
                         fwsim__thumb_insn *insn)
{
    const encoding *e;
    uint32_t bits;

    *insn = (fwsim__thumb_insn){ .size = 2, .index = -1 };
    if (avail < 2)
        return;
    bits = code[0] | (uint32_t)code[1] << 8;
    if (is_wide(bits)) {
        insn->size = 4;
        if (avail < 4)
            return;
        bits = bits << 16 | code[2] | (uint32_t)code[3] << 8;
    }
    e = find(insn->size == 4 ? encodings32 : encodings16, bits);
    insn->flags = e->attributes & ~(uint32_t)TABLE_ONLY;
    if (fwsim__thumb_sp(code, insn->size))
        insn->flags |= FWSIM__THUMB_SP;
    insn->conditional = if_then(bits);
    if (insn->flags & FWSIM__THUMB_MEM)
        decode_operand(e, bits, insn);
    if (insn->flags & FWSIM__THUMB_DIV)
        insn->divisor = (uint8_t)field(bits, 0, 4);
    if (insn->flags & FWSIM__THUMB_OURS)
        decode_ours(bits, insn);
    if (insn->flags & FWSIM__THUMB_EXCLUSIVE)
        insn->result = (int8_t)field(bits, 12, 4);
}

uint32_t fwsim__thumb_address(const fwsim__thumb_insn *insn, uint32_t pc,
                              const uint32_t regs[15])
{
    uint32_t address = (uint32_t)insn->offset;

    /* A5.1.2: the PC reads as that of the instruction plus 4. */
    if (insn->base != PC)
        address += regs[insn->base];
    else if (insn->index < 0)
        address += (pc + 4) & ~3u;
    else
        address += pc + 4;
    if (insn->index >= 0)
        address += (insn->index == PC ? pc + 4 : regs[insn->index])
                   << insn->shift;
    return address;
}

/** Flags of an instruction that cannot have a look at the start of its block.
 * @param written  registers that are written before it */
static unsigned behind(const fwsim__thumb_insn *insn, uint32_t written)
{
    unsigned flags = insn->flags & FWSIM__THUMB_CARE & ~FWSIM__THUMB_SP;
    uint32_t used = 0;

    /* What decides about these is known at the start. */
    if ((flags & OURS) && insn->ours >= FWSIM__THUMB_ISB)
        flags &= ~(unsigned)OURS;
    if (flags & DIV)
        used |= 1u << insn->divisor;
    if ((flags & LD) && insn->base != PC)
        used |= 1u << insn->base;
    if ((flags & LD) && insn->index >= 0)
        used |= 1u << insn->index;
    return used & written ? flags : flags & ~(unsigned)(DIV | LD);
}

uint32_t fwsim__thumb_expand(uint32_t imm12)
{
    uint32_t low = imm12 & 0xff, turn = imm12 >> 7;

    if (imm12 >> 10)
        return (0x80 | (imm12 & 0x7f)) >> (turn & 31) |
               (0x80 | (imm12 & 0x7f)) << (-turn & 31);
    switch (imm12 >> 8) {
    case 0:
        return low;
    case 1:
        return low << 16 | low;
    case 2:
        return low << 24 | low << 8;
    default:
        return low * 0x01010101u;
    }
}

/** Bytes by which an instruction lowers the SP. PUSH: A7.7.101; VPUSH: A7.7.252;
 * SUB (SP minus immediate): A7.7.176. */
static uint32_t lowers_sp(uint32_t bits, unsigned size)
{
    uint32_t imm12 = bits & 0xff;

    if (size == 2 && (bits & 0xfe00) == 0xb400)
        return 4 * (uint32_t)__builtin_popcount(bits & 0x1ff);
    if (size == 2 && (bits & 0xff80) == 0xb080)
        return 4 * (bits & 0x7f);
    if (size == 2)
        return 0;
    if ((bits & 0xffff0000) == 0xe92d0000)
        return 4 * (uint32_t)__builtin_popcount(bits & 0xffff);
    if ((bits & 0xffff0fff) == 0xf84d0d04) /* PUSH of one */
        return 4;
    if ((bits & 0xffbf0e00) == 0xed2d0a00)
        return 4 * (bits & 0xff);
    imm12 |= bits >> 4 & 0x700;
    imm12 |= bits >> 15 & 0x800;
    if ((bits & 0xfbef8f00) == 0xf1ad0d00)
        return fwsim__thumb_expand(imm12);
    return (bits & 0xfbff8f00) == 0xf2ad0d00 ? imm12 : 0;
}

uint32_t fwsim__thumb_stack(const uint8_t *code, size_t size)
{
    enum { PROLOGUE = 16 }; /* bytes in which it is found */
    uint32_t taken = 0;

    for (size_t at = 0; at + 2 <= size && at < PROLOGUE;) {
        uint32_t bits = code[at] | (uint32_t)code[at + 1] << 8;
        unsigned n = is_wide(bits) ? 4 : 2;

        if (n == 4 && at + 4 > size)
            break;
        if (n == 4)
            bits = bits << 16 | code[at + 2] | (uint32_t)code[at + 3] << 8;
        taken += lowers_sp(bits, n);
        at += n;
    }
    return taken;
}

/** Of a block: what instructions make for one another tells more than they. */
static unsigned sp_flags(const uint8_t *code, size_t size)
{
    uint32_t need = fwsim__thumb_sp(code, size);

    if (!need)
        return 0;
    if (need & FWSIM__THUMB_SP_UNKNOWN)
        return FWSIM__THUMB_SP | FWSIM__THUMB_SP << FWSIM__THUMB_BEHIND;
    return FWSIM__THUMB_SP | (need == 1u << 7 ? FWSIM__THUMB_FRAME : 0);
}

unsigned fwsim__thumb_scan(const uint8_t *code, size_t size, unsigned *flags)
{
    unsigned count = 0;
    uint32_t written = 0;

    *flags = 0;
    for (size_t at = 0; at < size; count++) {
        fwsim__thumb_insn insn;

        fwsim__thumb_decode(code + at, size - at, &insn);
        *flags |= insn.flags;
        if (at)
            *flags |= behind(&insn, written) << FWSIM__THUMB_BEHIND;
        if (at + insn.size <= size)
            written |= fwsim__thumb_writes(code + at, insn.size);
        at += insn.size;
    }
    if (fwsim__thumb_stack(code, size))
        *flags |= FWSIM__THUMB_STACK;
    if (*flags & FWSIM__THUMB_SP)
        *flags = (*flags & ~(unsigned)FWSIM__THUMB_SP) | sp_flags(code, size);
    return count;
}
