/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Encodings of A64 as of Armv8.0, from Arm DDI 0487 C4.1, with CRC32, without
 * system registers: integer instructions, loads and stores. Reserved encodings
 * and CONSTRAINED UNPREDICTABLE ones (K1.1) are excluded: bases are not loaded,
 * nor stored where they are written back; the registers of a pair differ.
 * LDTR and STTR are left out: the page belongs to EL1, so they would fault.
 */
#include "sequence.h"

/* DecodeBitMasks(): not all ones, nor an element of one bit. */
static uint32_t bit_mask(uint32_t word)
{
    bool x = word >> 31;
    uint32_t n = x ? word >> 22 & 1 : 0, imms = word >> 10 & 63;
    uint32_t size = n << 6 | (~imms & 63), levels;

    if (size >= 2) {
        levels = (1u << (31 - __builtin_clz(size))) - 1;
        if ((imms & levels) != levels)
            return (word & ~(1u << 22)) | n << 22;
    }
    return (word & ~(1u << 22 | 63u << 10)) | 7u << 10; /* 8 ones of 32 */
}

/* clang-format off */
const form a64_forms[] = {
    /* Immediates, C4.1.2 */
    { "0..10000...................ddddd" },           /* ADR */
    { "1..10000...................ddddd" },           /* ADRP */
    { "..0100010.............pppppqqqqq" },           /* ADD, SUB */
    { "..1100010.............pppppddddd" },           /* ADDS, SUBS */
    { "..0100100.............nnnnnqqqqq", .legal = bit_mask }, /* AND, EOR */
    { ".01100100.............nnnnnqqqqq", .legal = bit_mask }, /* ORR */
    { ".11100100.............nnnnnddddd", .legal = bit_mask }, /* ANDS */
    { "0001001010.................ddddd" },           /* MOVN */
    { "01.1001010.................ddddd" },           /* MOVZ, MOVK */
    { "100100101..................ddddd" },
    { "11.100101..................ddddd" },
    { "00.10011000.....0.....nnnnnddddd" },           /* SBFM, BFM */
    { "01010011000.....0.....nnnnnddddd" },           /* UBFM */
    { "10.1001101............nnnnnddddd" },
    { "1101001101............nnnnnddddd" },
    { "00010011100mmmmm0.....nnnnnddddd" },           /* EXTR */
    { "10010011110mmmmm......nnnnnddddd" },

    /* Registers, C4.1.5 */
    { "0..01010...mmmmm0.....nnnnnddddd" },           /* AND to BICS */
    { "1..01010...mmmmm......nnnnnddddd" },
    { "0..010110.0mmmmm0.....nnnnnddddd" },           /* ADD to SUBS */
    { "0..01011100mmmmm0.....nnnnnddddd" },
    { "1..010110.0mmmmm......nnnnnddddd" },
    { "1..01011100mmmmm......nnnnnddddd" },
    { "..001011001mmmmm...0..pppppqqqqq" },           /* extended */
    { "..001011001mmmmm...100pppppqqqqq" },
    { "..101011001mmmmm...0..pppppddddd" },
    { "..101011001mmmmm...100pppppddddd" },
    { "...11010000mmmmm000000nnnnnddddd" },           /* ADC to SBCS */
    { "..111010010mmmmm....00nnnnn0...." },           /* CCMN, CCMP */
    { "..111010010.........10nnnnn0...." },
    { "..011010100mmmmm....0.nnnnnddddd" },           /* CSEL to CSNEG */
    { ".0011010110mmmmm00001.nnnnnddddd" },           /* UDIV, SDIV */
    { ".0011010110mmmmm0010..nnnnnddddd" },           /* LSLV to RORV */
    { "00011010110mmmmm010.0.nnnnnddddd" },           /* CRC32B, CRC32H.. */
    { "00011010110mmmmm010.10nnnnnddddd" },
    { "10011010110mmmmm010.11nnnnnddddd" },
    { ".10110101100000000000.nnnnnddddd" },           /* RBIT, REV16 */
    { ".101101011000000000010nnnnnddddd" },           /* REV, REV32 */
    { "1101101011000000000011nnnnnddddd" },           /* REV */
    { ".10110101100000000010.nnnnnddddd" },           /* CLZ, CLS */
    { ".0011011000mmmmm.aaaaannnnnddddd" },           /* MADD, MSUB */
    { "10011011.01mmmmm.aaaaannnnnddddd" },           /* SMADDL.. */
    { "10011011.10mmmmm011111nnnnnddddd" },           /* SMULH, UMULH */

    /* NZCV, FPCR and FPSR; hints and barriers, C4.1.3 */
    { "110101010011101101000010000ddddd" },
    { "110101010001101101000010000nnnnn" },
    { "110101010011101101000100000ddddd" },
    { "110101010011101101000100001ddddd" },
    { "11010101000000110010000000011111" },           /* NOP */
    { "11010101000000110011....10111111" },           /* DMB */
    { "11010101000000110011111111011111" },           /* ISB */
    { "000110000000000000000......ddddd" },           /* LDR literal */
    { "010110000000000000000......ddddd" },
    { "100110000000000000000......ddddd" },           /* LDRSW */
};

/* C4.1.4. Vectors may be anywhere, pairs differ as those of X do. */
const access_form a64_accesses[] = {
    { "0011100100iiiiiiiiiiiinnnnnsssss",  1,  1,  1, OFFSET }, /* STRB */
    { "0011100101iiiiiiiiiiiinnnnnttttt",  1,  1,  1, OFFSET }, /* LDRB */
    { "001110011.iiiiiiiiiiiinnnnnttttt",  1,  1,  1, OFFSET }, /* LDRSB */
    { "0111100100iiiiiiiiiiiinnnnnsssss",  2,  2,  1, OFFSET }, /* STRH */
    { "0111100101iiiiiiiiiiiinnnnnttttt",  2,  2,  1, OFFSET }, /* LDRH */
    { "011110011.iiiiiiiiiiiinnnnnttttt",  2,  2,  1, OFFSET }, /* LDRSH */
    { "1011100100iiiiiiiiiiiinnnnnsssss",  4,  4,  1, OFFSET }, /* STR W */
    { "1011100101iiiiiiiiiiiinnnnnttttt",  4,  4,  1, OFFSET }, /* LDR W */
    { "1011100110iiiiiiiiiiiinnnnnttttt",  4,  4,  1, OFFSET }, /* LDRSW */
    { "1111100100iiiiiiiiiiiinnnnnsssss",  8,  8,  1, OFFSET }, /* STR X */
    { "1111100101iiiiiiiiiiiinnnnnttttt",  8,  8,  1, OFFSET }, /* LDR X */
    { "1111100110iiiiiiiiiiiinnnnn.....",  8,  8,  1, OFFSET }, /* PRFM */
    { "001111010.iiiiiiiiiiiinnnnn.....",  1,  1,  1, OFFSET }, /* B */
    { "011111010.iiiiiiiiiiiinnnnn.....",  2,  2,  1, OFFSET }, /* H */
    { "101111010.iiiiiiiiiiiinnnnn.....",  4,  4,  1, OFFSET }, /* S */
    { "111111010.iiiiiiiiiiiinnnnn.....",  8,  8,  1, OFFSET }, /* D */
    { "001111011.iiiiiiiiiiiinnnnn.....", 16, 16,  1, OFFSET }, /* Q */

    { "00111000000iiiiiiiii00nnnnnsssss",  1,  1,  1, OFFSET }, /* unscaled */
    { "00111000010iiiiiiiii00nnnnnttttt",  1,  1,  1, OFFSET },
    { "011110001.0iiiiiiiii00nnnnnttttt",  2,  1,  1, OFFSET },
    { "10111000100iiiiiiiii00nnnnnttttt",  4,  1,  1, OFFSET },
    { "11111000000iiiiiiiii00nnnnnsssss",  8,  1,  1, OFFSET },
    { "11111000010iiiiiiiii00nnnnnttttt",  8,  1,  1, OFFSET },
    { "001111001.0iiiiiiiii00nnnnn.....", 16,  1,  1, OFFSET },

    { "00111000000iiiiiiiii01nnnnnsssss",  1,  1,  1, POST },
    { "00111000010iiiiiiiii01nnnnnttttt",  1,  1,  1, POST },
    { "01111000000iiiiiiiii01nnnnnsssss",  2,  1,  1, POST },
    { "01111000010iiiiiiiii01nnnnnttttt",  2,  1,  1, POST },
    { "10111000000iiiiiiiii01nnnnnsssss",  4,  1,  1, POST },
    { "10111000100iiiiiiiii01nnnnnttttt",  4,  1,  1, POST },
    { "11111000000iiiiiiiii01nnnnnsssss",  8,  1,  1, POST },
    { "11111000010iiiiiiiii01nnnnnttttt",  8,  1,  1, POST },
    { "001111001.0iiiiiiiii01nnnnn.....", 16,  1,  1, POST },
    { "111111000.0iiiiiiiii01nnnnn.....",  8,  1,  1, POST },

    { "001110001.0iiiiiiiii11nnnnnttttt",  1,  1,  1, PRE },
    { "01111000000iiiiiiiii11nnnnnsssss",  2,  1,  1, PRE },
    { "011110001.0iiiiiiiii11nnnnnttttt",  2,  1,  1, PRE },
    { "10111000000iiiiiiiii11nnnnnsssss",  4,  1,  1, PRE },
    { "10111000010iiiiiiiii11nnnnnttttt",  4,  1,  1, PRE },
    { "11111000000iiiiiiiii11nnnnnsssss",  8,  1,  1, PRE },
    { "11111000010iiiiiiiii11nnnnnttttt",  8,  1,  1, PRE },
    { "001111001.0iiiiiiiii11nnnnn.....", 16,  1,  1, PRE },
    { "101111000.0iiiiiiiii11nnnnn.....",  4,  1,  1, PRE },

    { "00111000001mmmmm.1.010nnnnnsssss",  1,  1,  1, INDEXED },
    { "00111000011mmmmm.1.110nnnnnttttt",  1,  1,  1, INDEXED },
    { "01111000001mmmmm.1.110nnnnnsssss",  2,  2,  1, INDEXED },
    { "011110001.1mmmmm.1.010nnnnnttttt",  2,  1,  1, INDEXED },
    { "10111000001mmmmm.1.010nnnnnsssss",  4,  1,  1, INDEXED },
    { "10111000101mmmmm.1.110nnnnnttttt",  4,  4,  1, INDEXED },
    { "11111000001mmmmm.1.110nnnnnsssss",  8,  8,  1, INDEXED },
    { "11111000011mmmmm.1.110nnnnnttttt",  8,  8,  1, INDEXED },
    { "001111001.1mmmmm.1.110nnnnn.....", 16, 16,  1, INDEXED },
    { "101111000.1mmmmm.1.010nnnnn.....",  4,  1,  1, INDEXED },

    { "0010100100iiiiiiifffffnnnnnsssss",  8,  4,  1, OFFSET }, /* STP W */
    { "0010100011iiiiiiitttttnnnnneeeee",  8,  4,  1, POST },   /* LDP W */
    { "0110100101iiiiiiitttttnnnnneeeee",  8,  4,  1, OFFSET }, /* LDPSW */
    { "0110100111iiiiiiitttttnnnnneeeee",  8,  4,  1, PRE },
    { "1010100000iiiiiiifffffnnnnnsssss", 16,  8,  1, OFFSET }, /* STNP X */
    { "1010100001iiiiiiitttttnnnnneeeee", 16,  8,  1, OFFSET }, /* LDNP X */
    { "1010100010iiiiiiifffffnnnnnsssss", 16,  8,  1, POST },   /* STP X */
    { "1010100011iiiiiiitttttnnnnneeeee", 16,  8,  1, POST },   /* LDP X */
    { "1010100100iiiiiiifffffnnnnnsssss", 16,  8,  1, OFFSET },
    { "1010100101iiiiiiitttttnnnnneeeee", 16,  8,  1, OFFSET },
    { "1010100110iiiiiiifffffnnnnnsssss", 16,  8,  1, PRE },
    { "1010100111iiiiiiitttttnnnnneeeee", 16,  8,  1, PRE },
    { "001011010.iiiiiiitttttnnnnneeeee",  8,  4,  1, OFFSET }, /* S */
    { "011011001.iiiiiiitttttnnnnneeeee", 16,  8,  1, POST },   /* D */
    { "101011000.iiiiiiitttttnnnnneeeee", 32, 16,  1, OFFSET }, /* Q */
    { "101011011.iiiiiiitttttnnnnneeeee", 32, 16,  1, PRE },

    { "0000100010011111111111nnnnnsssss",  1,  1,  1, OFFSET }, /* STLR */
    { "0100100010011111111111nnnnnsssss",  2,  1,  2, OFFSET },
    { "1000100010011111111111nnnnnsssss",  4,  1,  4, OFFSET },
    { "1100100010011111111111nnnnnsssss",  8,  1,  8, OFFSET },
    { "0000100011011111111111nnnnnttttt",  1,  1,  1, OFFSET }, /* LDAR */
    { "0100100011011111111111nnnnnttttt",  2,  1,  2, OFFSET },
    { "1000100011011111111111nnnnnttttt",  4,  1,  4, OFFSET },
    { "1100100011011111111111nnnnnttttt",  8,  1,  8, OFFSET },

    /* Structures: LD1, ST1 of 1 to 4; LD2 to LD4; lanes; LD1R.. */
    { "0.0011000.0000000111..nnnnn.....", 16,  1,  1, OFFSET },
    { "0.0011000.0000001010..nnnnn.....", 32,  1,  1, OFFSET },
    { "0.0011000.0000000110..nnnnn.....", 48,  1,  1, OFFSET },
    { "0.0011000.0000000010..nnnnn.....", 64,  1,  1, OFFSET },
    { "010011000.0000001000..nnnnn.....", 32,  1,  1, OFFSET },
    { "000011000.00000010000.nnnnn.....", 16,  1,  1, OFFSET },
    { "010011000.0000000100..nnnnn.....", 48,  1,  1, OFFSET },
    { "000011000.000000010010nnnnn.....", 24,  1,  1, OFFSET },
    { "010011000.0000000000..nnnnn.....", 64,  1,  1, OFFSET },
    { "000011000.00000000000.nnnnn.....", 32,  1,  1, OFFSET },
    { "010011001.0111110111..nnnnn.....", 16,  1,  1, POST },
    { "010011001.0111111010..nnnnn.....", 32,  1,  1, POST },
    { "010011001.0111110010..nnnnn.....", 64,  1,  1, POST },
    { "010011001.0111111000..nnnnn.....", 32,  1,  1, POST },
    { "010011001.0111110100..nnnnn.....", 48,  1,  1, POST },
    { "010011001.0111110000..nnnnn.....", 64,  1,  1, POST },
    { "0.0011010..0000000....nnnnn.....",  4,  1,  1, OFFSET }, /* B */
    { "0.0011010..0000001...0nnnnn.....",  8,  1,  1, OFFSET }, /* H */
    { "0.0011010..0000010..00nnnnn.....", 16,  1,  1, OFFSET }, /* S */
    { "0.0011010..0000010.001nnnnn.....", 32,  1,  1, OFFSET }, /* D */
    { "0.00110101.0000011.0..nnnnn.....", 32,  1,  1, OFFSET }, /* LD1R */
};
/* clang-format on */

const size_t a64_form_count = sizeof a64_forms / sizeof *a64_forms;
const size_t a64_access_count = sizeof a64_accesses / sizeof *a64_accesses;
