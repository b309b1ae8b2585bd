/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Encodings of T32, from Arm DDI 0403E.e chapter A7 (Armv7-M), DDI 0419E A6
 * (Armv6-M) and DDI 0553B.s C2 (Armv8-M).
 *
 * No form makes an UNPREDICTABLE instruction: registers 13 and 15 are fields of
 * no form (DDI 0403E.e A5.3.3, A6.1.1 to A6.1.3, and the pseudocode of each
 * instruction), and where more is excluded a function says what.
 */
#include "sequence.h"

/* A5.3.2, ThumbExpandImm: a byte that is repeated must not be 0. */
static uint32_t expandable(uint32_t word)
{
    bool repeated = (word & 0x04004000) == 0 && (word & 0x3000) != 0;

    return repeated && (word & 0xff) == 0 ? word | 1 : word;
}

/* A7.7.152, A7.7.213: ASR #0 would be SSAT16 and USAT16. */
static uint32_t not_asr_0(uint32_t word)
{
    return (word & 0x70c0) == 0 ? word | 0x40 : word;
}

static uint32_t lsb_of(uint32_t word)
{
    return (word >> 10 & 0x1c) | (word >> 6 & 3);
}

/* A7.7.126, A7.7.193: the field ends at bit 31 at the latest. */
static uint32_t inside_register(uint32_t word)
{
    return lsb_of(word) + (word & 31) > 31 ? word & ~0x1fu : word;
}

/* A7.7.13, A7.7.14: the upper bit is not below the lower one. */
static uint32_t msb_above_lsb(uint32_t word)
{
    return (word & 31) < lsb_of(word) ? word | 31 : word;
}

/* A7.7.112 to A7.7.114, A7.7.24: Rm stands in both halfwords. */
static uint32_t same_register(uint32_t word)
{
    return (word & ~0xf0000u) | (word & 15) << 16;
}

/* A7.7.28, encoding T2: not both registers are low. */
static uint32_t high_register(uint32_t word)
{
    return (word & 0x80) || (word & 0x40) ? word : (word & ~0x20u) | 0x40;
}

/* A5.3.16: 11 is no parallel addition. */
static uint32_t signed_or_halving(uint32_t word)
{
    return (word & 0x30) == 0x30 ? word & ~0x20u : word;
}

/* A7.7.229: no more fraction bits than bits. */
static uint32_t fraction(uint32_t word)
{
    return (word & 0x80) == 0 ? word & ~8u : word;
}

/* A7.7.244: the second single register is not above 31. */
static uint32_t not_s31(uint32_t word)
{
    return (word & 0x2f) == 0x2f ? word & ~1u : word;
}

/* clang-format off */
const form t32_forms[] = {
    /* 16 bits, A5.2. LSLS #0 is MOVS T2, not allowed in an IT block. */
    { "00000.....mmmddd", NO_IT },
    { "00001.....mmmddd" },                       /* LSRS */
    { "00010.....mmmddd" },                       /* ASRS */
    { "000110.mmmnnnddd" },                       /* ADDS, SUBS */
    { "000111....nnnddd" },
    { "00100ddd........" },                       /* MOVS */
    { "00101nnn........" },                       /* CMP */
    { "0011.ddd........" },                       /* ADDS, SUBS */
    { "0100000...mmmddd" },                       /* AND to ROR */
    { "0100001000mmmnnn" },                       /* TST */
    { "0100001001nnnddd" },                       /* RSBS */
    { "010000101.mmmnnn" },                       /* CMP, CMN */
    { "01000011..mmmddd" },                       /* ORR, MUL, BIC, MVN */
    { "01000100dmmmmddd" },                       /* ADD */
    { "01000101nmmmmnnn", .legal = high_register }, /* CMP */
    { "01000110dmmmmddd" },                       /* MOV */
    { "10100ddd........" },                       /* ADR */
    { "10101ddd........" },                       /* ADD, SP */
    { "10110010..mmmddd" },                       /* SXTH to UXTB */
    { "101110100.mmmddd" },                       /* REV, REV16 */
    { "1011101011mmmddd" },                       /* REVSH */
    { "1011111100000000" },                       /* NOP */

    /* Literals, which are code here */
    { "01001ttt0000...." },                       /* LDR */
    { "1111100.10.11111tttt000000......", V7M },  /* LDRB, LDRH, signed */
    { "1111100011011111tttt000000......", V7M },  /* LDR */

    /* Barriers, MRS and MSR of APSR */
    { "11110011101111111000111101001111" },       /* DSB */
    { "11110011101111111000111101011111" },       /* DMB */
    { "11110011101111111000111101101111" },       /* ISB */
    { "11110011111011111000dddd00000000" },       /* MRS */
    { "111100111000nnnn1000100000000000" },       /* MSR APSR_nzcvq */
    { "111100111000nnnn1000.10000000000", DSP },  /* and with APSR_g */

    /* Modified and plain immediates, A5.3.1 and A5.3.3 */
    { "11110.000...nnnn0...dddd........", V7M, expandable }, /* AND to ORN */
    { "11110.00100.nnnn0...dddd........", V7M, expandable }, /* EOR */
    { "11110.01000.nnnn0...dddd........", V7M, expandable }, /* ADD */
    { "11110.0101..nnnn0...dddd........", V7M, expandable }, /* ADC, SBC */
    { "11110.01101.nnnn0...dddd........", V7M, expandable }, /* SUB */
    { "11110.01110.nnnn0...dddd........", V7M, expandable }, /* RSB */
    { "11110.0001..11110...dddd........", V7M, expandable }, /* MOV, MVN */
    { "11110.00.001nnnn0...1111........", V7M, expandable }, /* TST, TEQ */
    { "11110.010001nnnn0...1111........", V7M, expandable }, /* CMN */
    { "11110.011011nnnn0...1111........", V7M, expandable }, /* CMP */
    { "11110.100000nnnn0...dddd........", V7M },  /* ADDW */
    { "11110.101010nnnn0...dddd........", V7M },  /* SUBW */
    { "11110.10000011110...dddd........", V7M },  /* ADR */
    { "11110.10101011110...dddd........", V7M },
    { "11110.100100....0...dddd........", V7M },  /* MOVW */
    { "11110.101100....0...dddd........", V7M },  /* MOVT */
    { "1111001100.0nnnn0...dddd..0.....", V7M, not_asr_0 }, /* SSAT */
    { "1111001110.0nnnn0...dddd..0.....", V7M, not_asr_0 }, /* USAT */
    { "111100110100nnnn0...dddd..0.....", V7M, inside_register }, /* SBFX */
    { "111100111100nnnn0...dddd..0.....", V7M, inside_register }, /* UBFX */
    { "111100110110nnnn0...dddd..0.....", V7M, msb_above_lsb },   /* BFI */
    { "11110011011011110...dddd..0.....", V7M, msb_above_lsb },   /* BFC */
    { "111100110010nnnn0000dddd0000....", DSP },  /* SSAT16 */
    { "111100111010nnnn0000dddd0000....", DSP },  /* USAT16 */

    /* Shifted registers, A5.3.11 */
    { "111010100...nnnn0...dddd....mmmm", V7M },  /* AND to ORN */
    { "11101010100.nnnn0...dddd....mmmm", V7M },  /* EOR */
    { "111010101100nnnn0...dddd..10mmmm", DSP },  /* PKHTB */
    { "111010101100nnnn0...dddd..00mmmm", DSP },  /* PKHBT */
    { "11101011000.nnnn0...dddd....mmmm", V7M },  /* ADD */
    { "1110101101..nnnn0...dddd....mmmm", V7M },  /* ADC, SBC */
    { "11101011101.nnnn0...dddd....mmmm", V7M },  /* SUB */
    { "11101011110.nnnn0...dddd....mmmm", V7M },  /* RSB */
    { "1110101001..11110...dddd....mmmm", V7M },  /* MOV, MVN */
    { "11101010.001nnnn0...1111....mmmm", V7M },  /* TST, TEQ */
    { "111010110001nnnn0...1111....mmmm", V7M },  /* CMN */
    { "111010111011nnnn0...1111....mmmm", V7M },  /* CMP */

    /* Registers, A5.3.12 to A5.3.15 */
    { "111110100...nnnn1111dddd0000mmmm", V7M },  /* LSL to ROR */
    { "11111010000.11111111dddd10..mmmm", V7M },  /* SXTH, UXTH */
    { "11111010010.11111111dddd10..mmmm", V7M },  /* SXTB, UXTB */
    { "11111010001.11111111dddd10..mmmm", DSP },  /* SXTB16, UXTB16 */
    { "11111010000.nnnn1111dddd10..mmmm", DSP },  /* SXTAH, UXTAH */
    { "11111010001.nnnn1111dddd10..mmmm", DSP },
    { "11111010010.nnnn1111dddd10..mmmm", DSP },
    { "111110101001....1111dddd10..mmmm", V7M, same_register }, /* REV.. */
    { "111110101011....1111dddd1000mmmm", V7M, same_register }, /* CLZ */
    { "111110101010nnnn1111dddd1000mmmm", DSP },  /* SEL */
    { "111110101000nnnn1111dddd10..mmmm", DSP },  /* QADD to QDSUB */
    { "11111010100.nnnn1111dddd0...mmmm", DSP, signed_or_halving },
    { "111110101010nnnn1111dddd0...mmmm", DSP, signed_or_halving },
    { "11111010110.nnnn1111dddd0...mmmm", DSP, signed_or_halving },
    { "111110101110nnnn1111dddd0...mmmm", DSP, signed_or_halving },

    /* Multiplications and divisions, A5.3.16 and A5.3.17 */
    { "111110110000nnnn1111dddd0000mmmm", V7M },  /* MUL */
    { "111110110000nnnnaaaadddd000.mmmm", V7M },  /* MLA, MLS */
    { "111110111000nnnnddddeeee0000mmmm", V7M },  /* SMULL */
    { "111110111010nnnnddddeeee0000mmmm", V7M },  /* UMULL */
    { "1111101111.0nnnnddddeeee0000mmmm", V7M },  /* SMLAL, UMLAL */
    { "1111101110.1nnnn1111dddd1111mmmm", V7M },  /* SDIV, UDIV */
    { "111110110001nnnn1111dddd00..mmmm", DSP },  /* SMULxy */
    { "111110110001nnnnaaaadddd00..mmmm", DSP },  /* SMLAxy */
    { "11111011001.nnnn1111dddd000.mmmm", DSP },  /* SMUAD, SMULWy */
    { "11111011001.nnnnaaaadddd000.mmmm", DSP },
    { "11111011010.nnnn1111dddd000.mmmm", DSP },  /* SMUSD, SMMUL */
    { "11111011010.nnnnaaaadddd000.mmmm", DSP },
    { "111110110110nnnnaaaadddd000.mmmm", DSP },  /* SMMLS */
    { "111110110111nnnn1111dddd0000mmmm", DSP },  /* USAD8 */
    { "111110110111nnnnaaaadddd0000mmmm", DSP },  /* USADA8 */
    { "111110111100nnnnddddeeee10..mmmm", DSP },  /* SMLALxy */
    { "11111011110.nnnnddddeeee110.mmmm", DSP },  /* SMLALD, SMLSLD */
    { "111110111110nnnnddddeeee0110mmmm", DSP },  /* UMAAL */
};

/* A6.4 to A6.6: the top bit of a register stands apart, and is 0 for the 16
 * double registers there are. */
const form t32_fp_forms[] = {
    { "111011011.011111....10100000....", FP },   /* VLDR literal */
    { "1110110110011111....10110000....", FP },
    { "111011100v..........101zv.v0....", FP },   /* VMLA to VSUB */
    { "111011101v00........101zv0v0....", FP },   /* VDIV */
    { "111011101v01........101zv.v0....", FP },   /* VFNMS, VFNMA */
    { "111011101v10........101zv.v0....", FP },   /* VFMA, VFMS */
    { "111011101v11........101z0000....", FP },   /* VMOV immediate */
    { "111011101v11000.....101z.1v0....", FP },   /* VMOV, VABS; VNEG, VSQRT */
    { "111011101.11001.....1010.1.0....", FP },   /* VCVTB, VCVTT */
    { "111011101v110100....101z.1v0....", FP },   /* VCMP */
    { "111011101v110101....101z.1000000", FP },
    { "111011101v111000....101z.1.0....", FP },   /* VCVT from integer */
    { "111011101.11110.....101z.1v0....", FP },   /* VCVT to integer */
    { "111011101v111.1.....101z.1.0....", FP, fraction },
    { "111011100000mmmm....1010.0010000", FP },   /* VMOV to and from Sn */
    { "111011100001....dddd1010.0010000" , FP },
    { "111011000100nnnnaaaa101000.1....", FP, not_s31 },
    { "111011000101ddddeeee101000.1....", FP, not_s31 },
    { "111011000100nnnnaaaa10110001....", FP },   /* and Dn */
    { "111011000101ddddeeee10110001....", FP },
    { "1110111000.0....mmmm101100010000", FP },   /* a half of Dn */
    { "1110111000.1....dddd101100010000", FP },
    { "1110111011110001dddd101000010000", FP },   /* VMRS */
    { "11101110111100011111101000010000", FP },
    { "1110111010110111....101011.0....", FPDP }, /* VCVT of precision */
    { "111011101.110111....10111100....", FPDP },
    { "1110111010110010....1011.1.0....", FPDP }, /* VCVTB, VCVTT */
    { "111011101.110011....1011.100....", FPDP },

    /* FPv5; not in IT blocks */
    { "111111100v..........101zv0v0....", FPV5 | NO_IT }, /* VSEL */
    { "111111101v00........101zv.v0....", FPV5 | NO_IT }, /* VMAXNM */
    { "111111101v1110......101z01v0....", FPV5 | NO_IT }, /* VRINTA.. */
    { "111111101.1111......101z.1v0....", FPV5 | NO_IT }, /* VCVTA.. */
    { "111011101v110110....101z.1v0....", FPV5 },         /* VRINTR, Z */
    { "111011101v110111....101z01v0....", FPV5 },         /* VRINTX */
};

/* Bits common to the sizes stand in each row: a table can be checked against
 * the manual line by line. Armv6-M has no unaligned accesses (A3.2.1 of
 * DDI 0419E), and neither have LDRD, LDM and VLDR (A3.2.1 of DDI 0403E.e). */
const access_form t32_accesses[] = {
    { "01100iiiiinnnsss", 4, 4, 4 },                 /* STR */
    { "01101iiiiinnnttt", 4, 4, 4 },                 /* LDR */
    { "01110iiiiinnnsss", 1, 1, 1 },                 /* STRB */
    { "01111iiiiinnnttt", 1, 1, 1 },                 /* LDRB */
    { "10000iiiiinnnsss", 2, 2, 2 },                 /* STRH */
    { "10001iiiiinnnttt", 2, 2, 2 },                 /* LDRH */
    { "10010sssiiiiiiii", 4, 4, 4 },                 /* STR, SP */
    { "10011tttiiiiiiii", 4, 4, 4 },                 /* LDR, SP */
    { "0101000mmmnnnsss", 4, 1, 4, INDEXED },        /* STR */
    { "0101001mmmnnnsss", 2, 1, 2, INDEXED },        /* STRH */
    { "0101010mmmnnnsss", 1, 1, 1, INDEXED },        /* STRB */
    { "0101011mmmnnnttt", 1, 1, 1, INDEXED },        /* LDRSB */
    { "0101100mmmnnnttt", 4, 1, 4, INDEXED },        /* LDR */
    { "01011.1mmmnnnttt", 2, 1, 2, INDEXED },        /* LDRH, LDRSH */
    { "0101110mmmnnnttt", 1, 1, 1, INDEXED },        /* LDRB */

    /* STR, LDR */
    { "111110001100nnnnssssiiiiiiiiiiii", 4, 1, 1, OFFSET,   V7M },
    { "111110000100nnnnssss1100iiiiiiii", 4, 1, 1, NEGATIVE, V7M },
    { "111110000100nnnnssss1110iiiiiiii", 4, 1, 1, OFFSET,   V7M },
    { "111110000100nnnnssss11u1iiiiiiii", 4, 1, 1, PRE,      V7M },
    { "111110000100nnnnssss10u1iiiiiiii", 4, 1, 1, POST,     V7M },
    { "111110000100nnnnssss00000000mmmm", 4, 1, 1, INDEXED,  V7M },
    { "111110000100nnnnssss00000010mmmm", 4, 4, 1, INDEXED,  V7M },
    { "111110001101nnnnttttiiiiiiiiiiii", 4, 1, 1, OFFSET,   V7M },
    { "111110000101nnnntttt1100iiiiiiii", 4, 1, 1, NEGATIVE, V7M },
    { "111110000101nnnntttt1110iiiiiiii", 4, 1, 1, OFFSET,   V7M },
    { "111110000101nnnntttt11u1iiiiiiii", 4, 1, 1, PRE,      V7M },
    { "111110000101nnnntttt10u1iiiiiiii", 4, 1, 1, POST,     V7M },
    { "111110000101nnnntttt00000001mmmm", 4, 2, 1, INDEXED,  V7M },
    { "111110000101nnnntttt00000011mmmm", 4, 8, 1, INDEXED,  V7M },

    /* STRH, LDRH, LDRSH */
    { "111110001010nnnnssssiiiiiiiiiiii", 2, 1, 1, OFFSET,   V7M },
    { "111110000010nnnnssss1100iiiiiiii", 2, 1, 1, NEGATIVE, V7M },
    { "111110000010nnnnssss1110iiiiiiii", 2, 1, 1, OFFSET,   V7M },
    { "111110000010nnnnssss11u1iiiiiiii", 2, 1, 1, PRE,      V7M },
    { "111110000010nnnnssss10u1iiiiiiii", 2, 1, 1, POST,     V7M },
    { "111110000010nnnnssss00000001mmmm", 2, 2, 1, INDEXED,  V7M },
    { "1111100.1011nnnnttttiiiiiiiiiiii", 2, 1, 1, OFFSET,   V7M },
    { "1111100.0011nnnntttt1100iiiiiiii", 2, 1, 1, NEGATIVE, V7M },
    { "1111100.0011nnnntttt1110iiiiiiii", 2, 1, 1, OFFSET,   V7M },
    { "1111100.0011nnnntttt11u1iiiiiiii", 2, 1, 1, PRE,      V7M },
    { "1111100.0011nnnntttt10u1iiiiiiii", 2, 1, 1, POST,     V7M },
    { "1111100.0011nnnntttt00000001mmmm", 2, 2, 1, INDEXED,  V7M },

    /* STRB, LDRB, LDRSB */
    { "111110001000nnnnssssiiiiiiiiiiii", 1, 1, 1, OFFSET,   V7M },
    { "111110000000nnnnssss1100iiiiiiii", 1, 1, 1, NEGATIVE, V7M },
    { "111110000000nnnnssss1110iiiiiiii", 1, 1, 1, OFFSET,   V7M },
    { "111110000000nnnnssss11u1iiiiiiii", 1, 1, 1, PRE,      V7M },
    { "111110000000nnnnssss10u1iiiiiiii", 1, 1, 1, POST,     V7M },
    { "111110000000nnnnssss00000011mmmm", 1, 8, 1, INDEXED,  V7M },
    { "1111100.1001nnnnttttiiiiiiiiiiii", 1, 1, 1, OFFSET,   V7M },
    { "1111100.0001nnnntttt1100iiiiiiii", 1, 1, 1, NEGATIVE, V7M },
    { "1111100.0001nnnntttt1110iiiiiiii", 1, 1, 1, OFFSET,   V7M },
    { "1111100.0001nnnntttt11u1iiiiiiii", 1, 1, 1, PRE,      V7M },
    { "1111100.0001nnnntttt10u1iiiiiiii", 1, 1, 1, POST,     V7M },
    { "1111100.0001nnnntttt00000000mmmm", 1, 1, 1, INDEXED,  V7M },

    /* STRD, LDRD */
    { "11101001u100nnnnssssffffiiiiiiii", 8, 4, 4, OFFSET,   V7M },
    { "11101001u110nnnnssssffffiiiiiiii", 8, 4, 4, PRE,      V7M },
    { "11101000u110nnnnssssffffiiiiiiii", 8, 4, 4, POST,     V7M },
    { "11101001u101nnnntttteeeeiiiiiiii", 8, 4, 4, OFFSET,   V7M },
    { "11101001u111nnnntttteeeeiiiiiiii", 8, 4, 4, PRE,      V7M },
    { "11101000u111nnnntttteeeeiiiiiiii", 8, 4, 4, POST,     V7M },

    /* VSTR, VLDR */
    { "11101101u.00nnnn....1010iiiiiiii", 4, 4, 4, OFFSET,   FP },
    { "11101101u.01nnnn....1010iiiiiiii", 4, 4, 4, OFFSET,   FP },
    { "11101101u000nnnn....1011iiiiiiii", 8, 4, 4, OFFSET,   FP },
    { "11101101u001nnnn....1011iiiiiiii", 8, 4, 4, OFFSET,   FP },

    /* STL, LDA: aligned, DDI 0553B.s B6.4 */
    { "111010001100nnnnssss111110101111", 4, 1, 4, OFFSET,   V8M },
    { "111010001100nnnnssss111110011111", 2, 1, 2, OFFSET,   V8M },
    { "111010001100nnnnssss111110001111", 1, 1, 1, OFFSET,   V8M },
    { "111010001101nnnntttt111110101111", 4, 1, 4, OFFSET,   V8M },
    { "111010001101nnnntttt111110011111", 2, 1, 2, OFFSET,   V8M },
    { "111010001101nnnntttt111110001111", 1, 1, 1, OFFSET,   V8M },
};
/* clang-format on */

const size_t t32_form_count = sizeof t32_forms / sizeof *t32_forms;
const size_t t32_fp_form_count = sizeof t32_fp_forms / sizeof *t32_fp_forms;
const size_t t32_access_count = sizeof t32_accesses / sizeof *t32_accesses;
