/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which registers a Thumb instruction may write: never one too few. What is
 * rare is said to write them all.
 *
 * Sections are those of the v7-M ARM (DDI 0403E).
 */
#include "cpu/thumb.h"

#define NONE 0u
#define ALL  0xffffu
#define SP   (1u << 13)
#define LR   (1u << 14)

/** The register whose number is in four bits, or in three. */
static uint32_t reg4(uint32_t code, unsigned low)
{
    return 1u << (code >> low & 15);
}

static uint32_t reg3(uint32_t code, unsigned low)
{
    return 1u << (code >> low & 7);
}

/** A5.2.2, A5.2.3: TST, CMP and CMN write nothing. */
static uint32_t data_processing16(uint32_t code)
{
    unsigned op = code >> 6 & 15;

    if (!(code & 0x400))
        return op == 8 || op == 10 || op == 11 ? NONE : reg3(code, 0);
    switch (code >> 8 & 3) {
    case 1: /* CMP */
        return NONE;
    case 3: /* BX, BLX */
        return LR;
    default: /* ADD, MOV */
        return 1u << ((code & 7) | (code >> 4 & 8));
    }
}

/** A5.2.5: bits 11:8 */
static uint32_t miscellaneous16(uint32_t code)
{
    switch (code >> 8 & 15) {
    case 0x2: /* SXTH and its like */
    case 0xa: /* REV and its like */
        return reg3(code, 0);
    case 0x0: /* ADD, SUB of SP */
    case 0x4:
    case 0x5: /* PUSH */
        return SP;
    case 0xc:
    case 0xd: /* POP */
        return SP | (code & 0xff);
    default: /* CBZ, CPS, BKPT, IT, hints */
        return NONE;
    }
}

static uint32_t writes16(uint32_t code)
{
    switch (code >> 11) {
    case 0x04: /* MOV, */
    case 0x06: /* ADD, */
    case 0x07: /* SUB of 8 bits */
    case 0x09: /* LDR literal */
    case 0x13: /* LDR of SP */
    case 0x14: /* ADR */
    case 0x15: /* ADD of SP */
    case 0x18: /* STM */
        return reg3(code, 8);
    case 0x08:
        return data_processing16(code);
    case 0x0a: /* STR, STRH, STRB, LDRSB of a register */
        return (code >> 9 & 3) == 3 ? reg3(code, 0) : NONE;
    case 0x05: /* CMP */
    case 0x0c:
    case 0x0e:
    case 0x10:
    case 0x12: /* stores */
    case 0x1a:
    case 0x1b:
    case 0x1c: /* branches */
        return NONE;
    case 0x16:
    case 0x17:
        return miscellaneous16(code);
    case 0x19: /* LDM */
        return reg3(code, 8) | (code & 0xff);
    default: /* shifts, ADD, SUB, loads */
        return reg3(code, 0);
    }
}

/** A5.3.5, A5.3.6: bit 22 says that it is no list, bit 24 or 21 that it is LDRD
 * or STRD, and bit 21 that the base is written back. The others have their
 * result, or the status of STREX, in one of three places. */
static uint32_t multiple32(uint32_t code)
{
    uint32_t base = code & 1u << 21 ? reg4(code, 16) : NONE;
    uint32_t two = reg4(code, 12) | reg4(code, 8);

    if ((code & 1u << 22) && !(code & (1u << 24 | 1u << 21)))
        return two | reg4(code, 0);
    if (!(code & 1u << 20))
        return base;
    return base | (code & 1u << 22 ? two : code & 0xffff);
}

/** A5.3.18: MCRR and its like have two registers, the others of 0xec and 0xed
 * a base. */
static uint32_t coprocessor(uint32_t code)
{
    if (code >> 24 == 0xee)
        return code & 0x10 ? reg4(code, 12) : NONE;
    if ((code & 0xffe00000) == 0xec400000)
        return reg4(code, 16) | reg4(code, 12);
    return code & 1u << 21 ? reg4(code, 16) : NONE;
}

static uint32_t writes32(uint32_t code)
{
    switch (code >> 24) {
    case 0xe8:
    case 0xe9:
        return multiple32(code);
    case 0xec:
    case 0xed:
    case 0xee:
        return coprocessor(code);
    case 0xea:
    case 0xeb: /* A5.3.11 */
    case 0xfa: /* A5.3.12 */
        return reg4(code, 8);
    case 0xf0:
    case 0xf1:
    case 0xf2:
    case 0xf3: /* A5.3.1, A5.3.3: branches write LR */
    case 0xf4:
    case 0xf5:
    case 0xf6:
    case 0xf7:
        return reg4(code, 8) | LR;
    case 0xf8:
    case 0xf9: /* A5.3.7 to A5.3.10: the base may be written back */
        return reg4(code, 16) | (code & 1u << 20 ? reg4(code, 12) : NONE);
    case 0xfb: /* A5.3.16, A5.3.17 */
        return reg4(code, 8) | reg4(code, 12);
    default:
        return ALL;
    }
}

uint32_t fwsim__thumb_writes(const uint8_t *code, size_t size)
{
    uint32_t bits = code[0] | (uint32_t)code[1] << 8;

    if (size == 2)
        return writes16(bits);
    return writes32(bits << 16 | code[2] | (uint32_t)code[3] << 8);
}
