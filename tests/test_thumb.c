/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The Thumb decoder: a case for each encoding, put together by hand from the
 * diagrams of the v7-M ARM (DDI 0403E, A7.7) and v8-M ARM (DDI 0553B, C2.4).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "cpu/thumb.h"

enum {
    SEV = FWSIM__THUMB_SEV,
    MASK = FWSIM__THUMB_MASK,
    FP = FWSIM__THUMB_FP,
    DIV = FWSIM__THUMB_DIV,
    MEM = FWSIM__THUMB_MEM,
    EXCL = FWSIM__THUMB_EXCLUSIVE,
    COPROC = FWSIM__THUMB_COPROC,
    UNPRIV = FWSIM__THUMB_UNPRIV,
    CONTROL = FWSIM__THUMB_CONTROL,
    OURS = FWSIM__THUMB_OURS,
    BEHIND = FWSIM__THUMB_BEHIND
};

enum { LD = 0, ST = 1 };
enum { ANY = 0, ALIGNED = 1 };
enum { NONE = -1 };

typedef struct access_case {
    const char *text;
    uint32_t code; /* first halfword in the high half when 32 bits long */
    unsigned flags, store, aligned, width, count, base;
    int index;
    unsigned shift;
    int offset;
} access_case;

/** Lay the instruction out in memory. @return its bytes */
static size_t put(uint32_t code, uint8_t bytes[4])
{
    size_t size = code > 0xffff ? 4 : 2;
    uint32_t first = size == 4 ? code >> 16 : code;

    bytes[0] = first & 0xff;
    bytes[1] = first >> 8 & 0xff;
    bytes[2] = code & 0xff;
    bytes[3] = code >> 8 & 0xff;
    return size;
}

static fwsim__thumb_insn decode(uint32_t code)
{
    fwsim__thumb_insn insn;
    uint8_t bytes[4];
    size_t size = put(code, bytes);

    fwsim__thumb_decode(bytes, size, &insn);
    assert_int_equal(insn.size, size);
    return insn;
}

static void check_accesses(const access_case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const access_case *c = &cases[i];
        fwsim__thumb_insn insn = decode(c->code);

        if (insn.flags != (c->flags | MEM) || insn.store != c->store ||
            insn.aligned != c->aligned || insn.width != c->width ||
            insn.count != c->count || insn.base != c->base ||
            insn.index != c->index || insn.shift != c->shift ||
            insn.offset != c->offset)
            fail_msg("%s: flags 0x%x store %d aligned %d width %d count %d "
                     "base %d index %d shift %d offset %d",
                     c->text, insn.flags, insn.store, insn.aligned, insn.width,
                     insn.count, insn.base, insn.index, insn.shift,
                     (int)insn.offset);
    }
}

#define CHECK(cases) check_accesses(cases, sizeof(cases) / sizeof(cases)[0])

/* clang-format off */
static void operands_of_16_bit_accesses_are_found(void **state)
{
    static const access_case cases[] = {
        { "ldr r2, [pc, #12]",     0x4a03, 0, LD, ANY, 4, 1, 15, NONE, 0, 12 },
        { "ldr r0, [pc, #1020]",   0x48ff, 0, LD, ANY, 4, 1, 15, NONE, 0, 1020 },
        { "str r1, [r2, r3]",      0x50d1, 0, ST, ANY, 4, 1, 2, 3, 0, 0 },
        { "strh r1, [r2, r3]",     0x52d1, 0, ST, ANY, 2, 1, 2, 3, 0, 0 },
        { "strb r1, [r2, r3]",     0x54d1, 0, ST, ANY, 1, 1, 2, 3, 0, 0 },
        { "ldrsb r1, [r2, r3]",    0x56d1, 0, LD, ANY, 1, 1, 2, 3, 0, 0 },
        { "ldr r1, [r2, r3]",      0x58d1, 0, LD, ANY, 4, 1, 2, 3, 0, 0 },
        { "ldrh r1, [r2, r3]",     0x5ad1, 0, LD, ANY, 2, 1, 2, 3, 0, 0 },
        { "ldrb r1, [r2, r3]",     0x5cd1, 0, LD, ANY, 1, 1, 2, 3, 0, 0 },
        { "ldrsh r1, [r2, r3]",    0x5ed1, 0, LD, ANY, 2, 1, 2, 3, 0, 0 },
        { "str r1, [r2, #12]",     0x60d1, 0, ST, ANY, 4, 1, 2, NONE, 0, 12 },
        { "ldr r1, [r2, #12]",     0x68d1, 0, LD, ANY, 4, 1, 2, NONE, 0, 12 },
        { "strb r1, [r2, #3]",     0x70d1, 0, ST, ANY, 1, 1, 2, NONE, 0, 3 },
        { "ldrb r1, [r2, #31]",    0x7fd1, 0, LD, ANY, 1, 1, 2, NONE, 0, 31 },
        { "strh r1, [r2, #6]",     0x80d1, 0, ST, ANY, 2, 1, 2, NONE, 0, 6 },
        { "ldrh r1, [r2, #6]",     0x88d1, 0, LD, ANY, 2, 1, 2, NONE, 0, 6 },
        { "str r1, [sp, #12]",     0x9103, 0, ST, ANY, 4, 1, 13, NONE, 0, 12 },
        { "ldr r1, [sp, #1020]",   0x99ff, 0, LD, ANY, 4, 1, 13, NONE, 0, 1020 },
        { "push {r4, r5, lr}",     0xb530, 0, ST, ALIGNED, 4, 3, 13, NONE, 0, -12 },
        { "pop {r4, r5, pc}",      0xbd30, 0, LD, ALIGNED, 4, 3, 13, NONE, 0, 0 },
        { "push {r0}",             0xb401, 0, ST, ALIGNED, 4, 1, 13, NONE, 0, -4 },
        { "stm r3!, {r0, r1, r2}", 0xc307, 0, ST, ALIGNED, 4, 3, 3, NONE, 0, 0 },
        { "ldm r3!, {r1, r2}",     0xcb06, 0, LD, ALIGNED, 4, 2, 3, NONE, 0, 0 },
        { "ldm r3, {r0-r7}",       0xcbff, 0, LD, ALIGNED, 4, 8, 3, NONE, 0, 0 },
    };

    (void)state;
    CHECK(cases);
}

static void operands_of_32_bit_single_accesses_are_found(void **state)
{
    static const access_case cases[] = {
        { "ldr r1, [r2, #4095]",      0xf8d21fff, 0, LD, ANY, 4, 1, 2, NONE, 0, 4095 },
        { "ldrh r1, [r2, #256]",      0xf8b21100, 0, LD, ANY, 2, 1, 2, NONE, 0, 256 },
        { "ldrb r1, [r2, #256]",      0xf8921100, 0, LD, ANY, 1, 1, 2, NONE, 0, 256 },
        { "ldrsh r1, [r2, #256]",     0xf9b21100, 0, LD, ANY, 2, 1, 2, NONE, 0, 256 },
        { "ldrsb r1, [r2, #256]",     0xf9921100, 0, LD, ANY, 1, 1, 2, NONE, 0, 256 },
        { "str r1, [r2, #256]",       0xf8c21100, 0, ST, ANY, 4, 1, 2, NONE, 0, 256 },
        { "strh r1, [r2, #256]",      0xf8a21100, 0, ST, ANY, 2, 1, 2, NONE, 0, 256 },
        { "strb r1, [r2, #256]",      0xf8821100, 0, ST, ANY, 1, 1, 2, NONE, 0, 256 },
        { "ldr r1, [r2, #-255]",      0xf8521cff, 0, LD, ANY, 4, 1, 2, NONE, 0, -255 },
        { "ldr r1, [r2, #-4]!",       0xf8521d04, 0, LD, ANY, 4, 1, 2, NONE, 0, -4 },
        { "ldr r1, [r2, #4]!",        0xf8521f04, 0, LD, ANY, 4, 1, 2, NONE, 0, 4 },
        { "ldr r1, [r2], #4",         0xf8521b04, 0, LD, ANY, 4, 1, 2, NONE, 0, 0 },
        { "ldr r1, [r2], #-4",        0xf8521904, 0, LD, ANY, 4, 1, 2, NONE, 0, 0 },
        { "ldrt r1, [r2, #4]",        0xf8521e04, UNPRIV, LD, ANY, 4, 1, 2, NONE, 0, 4 },
        { "ldr pc, [sp], #4",         0xf85dfb04, 0, LD, ANY, 4, 1, 13, NONE, 0, 0 },
        { "ldrsb r1, [r2, #-1]",      0xf9121c01, 0, LD, ANY, 1, 1, 2, NONE, 0, -1 },
        { "ldrsht r1, [r2, #2]",      0xf9321e02, UNPRIV, LD, ANY, 2, 1, 2, NONE, 0, 2 },
        { "str lr, [sp, #-4]!",       0xf84ded04, 0, ST, ANY, 4, 1, 13, NONE, 0, -4 },
        { "strb r1, [r2], #1",        0xf8021b01, 0, ST, ANY, 1, 1, 2, NONE, 0, 0 },
        { "strh r1, [r2, #-2]",       0xf8221c02, 0, ST, ANY, 2, 1, 2, NONE, 0, -2 },
        { "strbt r1, [r2, #1]",       0xf8021e01, UNPRIV, ST, ANY, 1, 1, 2, NONE, 0, 1 },
        { "ldr r1, [r2, r8, lsl #3]", 0xf8521038, 0, LD, ANY, 4, 1, 2, 8, 3, 0 },
        { "ldrh r1, [r2, r8]",        0xf8321008, 0, LD, ANY, 2, 1, 2, 8, 0, 0 },
        { "ldrsb r1, [r2, r8]",       0xf9121008, 0, LD, ANY, 1, 1, 2, 8, 0, 0 },
        { "str r1, [r2, r8, lsl #2]", 0xf8421028, 0, ST, ANY, 4, 1, 2, 8, 2, 0 },
        { "strb r1, [r2, r8]",        0xf8021008, 0, ST, ANY, 1, 1, 2, 8, 0, 0 },
        { "ldr r1, [pc, #8]",         0xf8df1008, 0, LD, ANY, 4, 1, 15, NONE, 0, 8 },
        { "ldr r1, [pc, #-8]",        0xf85f1008, 0, LD, ANY, 4, 1, 15, NONE, 0, -8 },
        { "ldrb r1, [pc, #-8]",       0xf81f1008, 0, LD, ANY, 1, 1, 15, NONE, 0, -8 },
        { "ldrsh r1, [pc, #8]",       0xf9bf1008, 0, LD, ANY, 2, 1, 15, NONE, 0, 8 },
    };

    (void)state;
    CHECK(cases);
}

static void operands_of_lists_and_pairs_are_found(void **state)
{
    static const access_case cases[] = {
        { "ldmia r3!, {r0, r8}",   0xe8b30101, 0, LD, ALIGNED, 4, 2, 3, NONE, 0, 0 },
        { "ldmdb r3, {r0, r8}",    0xe9130101, 0, LD, ALIGNED, 4, 2, 3, NONE, 0, -8 },
        { "stmia r3, {r0, r8}",    0xe8830101, 0, ST, ALIGNED, 4, 2, 3, NONE, 0, 0 },
        { "push {r4-r8, lr}",      0xe92d41f0, 0, ST, ALIGNED, 4, 6, 13, NONE, 0, -24 },
        { "pop {r4-r8, pc}",       0xe8bd81f0, 0, LD, ALIGNED, 4, 6, 13, NONE, 0, 0 },
        { "ldrd r0, r1, [r2, #8]", 0xe9d20102, 0, LD, ALIGNED, 4, 2, 2, NONE, 0, 8 },
        { "ldrd r0, r1, [r2, #-8]!", 0xe9720102, 0, LD, ALIGNED, 4, 2, 2, NONE, 0, -8 },
        { "ldrd r0, r1, [r2], #8", 0xe8f20102, 0, LD, ALIGNED, 4, 2, 2, NONE, 0, 0 },
        { "ldrd r0, r1, [pc, #8]", 0xe9df0102, 0, LD, ALIGNED, 4, 2, 15, NONE, 0, 8 },
        { "strd r0, r1, [r2, #1020]", 0xe9c201ff, 0, ST, ALIGNED, 4, 2, 2, NONE, 0, 1020 },
        { "strd r0, r1, [r2], #-8", 0xe8620102, 0, ST, ALIGNED, 4, 2, 2, NONE, 0, 0 },
        { "tbb [pc, r3]",          0xe8dff003, 0, LD, ANY, 1, 1, 15, 3, 0, 0 },
        { "tbh [r2, r3, lsl #1]",  0xe8d2f013, 0, LD, ANY, 2, 1, 2, 3, 1, 0 },
    };

    (void)state;
    CHECK(cases);
}

static void operands_of_synchronising_accesses_are_found(void **state)
{
    static const access_case cases[] = {
        { "ldrex r1, [r2, #4]",      0xe8521f01, EXCL, LD, ALIGNED, 4, 1, 2, NONE, 0, 4 },
        { "ldrexb r1, [r2]",         0xe8d21f4f, EXCL, LD, ALIGNED, 1, 1, 2, NONE, 0, 0 },
        { "ldrexh r1, [r2]",         0xe8d21f5f, EXCL, LD, ALIGNED, 2, 1, 2, NONE, 0, 0 },
        { "strex r0, r1, [r2, #4]",  0xe8421001, EXCL, ST, ALIGNED, 4, 1, 2, NONE, 0, 4 },
        { "strexb r0, r1, [r2]",     0xe8c21f40, EXCL, ST, ALIGNED, 1, 1, 2, NONE, 0, 0 },
        { "strexh r0, r1, [r2]",     0xe8c21f50, EXCL, ST, ALIGNED, 2, 1, 2, NONE, 0, 0 },
        { "lda r1, [r2]",            0xe8d21faf, 0, LD, ALIGNED, 4, 1, 2, NONE, 0, 0 },
        { "ldab r1, [r2]",           0xe8d21f8f, 0, LD, ALIGNED, 1, 1, 2, NONE, 0, 0 },
        { "ldah r1, [r2]",           0xe8d21f9f, 0, LD, ALIGNED, 2, 1, 2, NONE, 0, 0 },
        { "stl r1, [r2]",            0xe8c21faf, 0, ST, ALIGNED, 4, 1, 2, NONE, 0, 0 },
        { "stlb r1, [r2]",           0xe8c21f8f, 0, ST, ALIGNED, 1, 1, 2, NONE, 0, 0 },
        { "stlh r1, [r2]",           0xe8c21f9f, 0, ST, ALIGNED, 2, 1, 2, NONE, 0, 0 },
        { "ldaex r1, [r2]",          0xe8d21fef, EXCL, LD, ALIGNED, 4, 1, 2, NONE, 0, 0 },
        { "ldaexb r1, [r2]",         0xe8d21fcf, EXCL, LD, ALIGNED, 1, 1, 2, NONE, 0, 0 },
        { "ldaexh r1, [r2]",         0xe8d21fdf, EXCL, LD, ALIGNED, 2, 1, 2, NONE, 0, 0 },
        { "stlex r0, r1, [r2]",      0xe8c21fe0, EXCL, ST, ALIGNED, 4, 1, 2, NONE, 0, 0 },
        { "stlexb r0, r1, [r2]",     0xe8c21fc0, EXCL, ST, ALIGNED, 1, 1, 2, NONE, 0, 0 },
        { "stlexh r0, r1, [r2]",     0xe8c21fd0, EXCL, ST, ALIGNED, 2, 1, 2, NONE, 0, 0 },
    };

    (void)state;
    CHECK(cases);
}

static void operands_of_floating_point_accesses_are_found(void **state)
{
    static const access_case cases[] = {
        { "vldr s0, [r2, #4]",     0xed920a01, FP, LD, ALIGNED, 4, 1, 2, NONE, 0, 4 },
        { "vldr d0, [r2, #-8]",    0xed120b02, FP, LD, ALIGNED, 4, 2, 2, NONE, 0, -8 },
        { "vldr s31, [pc, #16]",   0xeddffa04, FP, LD, ALIGNED, 4, 1, 15, NONE, 0, 16 },
        { "vstr s1, [r2]",         0xedc20a00, FP, ST, ALIGNED, 4, 1, 2, NONE, 0, 0 },
        { "vstr d0, [r2, #1020]",  0xed820bff, FP, ST, ALIGNED, 4, 2, 2, NONE, 0, 1020 },
        { "vldmia r2!, {s0-s2}",   0xecb20a03, FP, LD, ALIGNED, 4, 3, 2, NONE, 0, 0 },
        { "vldmia r2, {d0-d1}",    0xec920b04, FP, LD, ALIGNED, 4, 4, 2, NONE, 0, 0 },
        { "vldmdb r2!, {s0-s2}",   0xed320a03, FP, LD, ALIGNED, 4, 3, 2, NONE, 0, -12 },
        { "vstmia r2!, {d0-d1}",   0xeca20b04, FP, ST, ALIGNED, 4, 4, 2, NONE, 0, 0 },
        { "vpush {d8}",            0xed2d8b02, FP, ST, ALIGNED, 4, 2, 13, NONE, 0, -8 },
        { "vpop {s16-s31}",        0xecbd8a10, FP, LD, ALIGNED, 4, 16, 13, NONE, 0, 0 },
        { "fstmdbx r2!, {d0}",     0xed220b03, FP, ST, ALIGNED, 4, 2, 2, NONE, 0, -12 },
    };

    (void)state;
    CHECK(cases);
}

static void what_needs_attention_is_flagged(void **state)
{
    static const struct {
        const char *text;
        uint32_t code;
        unsigned flags;
    } cases[] = {
        { "nop",                      0xbf00,     0 },
        { "wfe",                      0xbf20,     0 },
        { "wfi",                      0xbf30,     0 },
        { "sev",                      0xbf40,     SEV },
        { "it eq",                    0xbf08,     0 },
        { "bkpt 0xab",                0xbeab,     0 },
        { "svc 0",                    0xdf00,     0 },
        { "udf 0",                    0xde00,     0 },
        { "cpsie i",                  0xb662,     MASK },
        { "cpsid f",                  0xb671,     MASK },
        { "cbz r1",                   0xb101,     0 },
        { "b.n",                      0xe7fe,     0 },
        { "bl",                       0xf000f800, 0 },
        { "sev.w",                    0xf3af8004, SEV },
        { "wfi.w",                    0xf3af8003, 0 },
        { "nop.w",                    0xf3af8000, 0 },
        { "dmb sy",                   0xf3bf8f5f, 0 },
        { "clrex",                    0xf3bf8f2f, EXCL },
        { "msr primask, r1",          0xf3818810, MASK },
        { "msr control, r1",          0xf3818814, MASK | CONTROL },
        { "mrs r1, primask",          0xf3ef8110, 0 },
        { "bne.w",                    0xf47fbffe, 0 },
        { "mul r1, r2, r3",           0xfb02f103, 0 },
        { "sdiv r1, r2, r3",          0xfb92f1f3, DIV },
        { "udiv r1, r2, r3",          0xfbb2f1f3, DIV },
        { "smull r1, r2, r3, r4",     0xfb831204, 0 },
        { "pld [r2, #4]",             0xf892f004, 0 },
        { "pld [r2, #-4]",            0xf812fc04, 0 },
        { "pld [pc, #4]",             0xf89ff004, 0 },
        { "pld [r2, r3]",             0xf812f003, 0 },
        { "pli [r2, #4]",             0xf992f004, 0 },
        { "mrs r1, control",          0xf3ef8114, CONTROL },
        { "tt r1, r2",                0xe842f100, OURS },
        { "ttat r1, r2",              0xe842f1c0, OURS },
        { "isb",                      0xf3bf8f6f, OURS },
        { "vcvt.f32.s32 s0, s0, #1",  0xeeba0aef, FP | OURS },
        { "vcvt.f32.s16 s0, s0, #1",  0xeeba0a67, FP },
        { "vcvt.s32.f32 s0, s0, #1",  0xeebe0aef, FP },
        { "vcvt.f64.u32 d0, d0, #1",  0xeebb0bef, FP },
        { "bxns r1",                  0x470c,     OURS },
        { "blxns lr",                 0x47f4,     OURS },
        { "sg",                       0xe97fe97f, 0 },
        { "vadd.f32 s0, s1, s2",      0xee300a81, FP },
        { "vadd.f64 d0, d1, d2",      0xee310b02, FP },
        { "vsel (FPv5)",              0xfe000a00, FP },
        { "vmov r0, s0",              0xee100a10, FP },
        { "vmov r0, r1, d0",          0xec510b10, FP },
        { "vmrs r0, fpscr",           0xeef10a10, FP },
        { "vmsr fpscr, r0",           0xeee10a10, FP },
        { "vlldm r2",                 0xec320a00, FP },
        { "vlstm r2",                 0xec220a00, FP },
        { "mcr p15, 0, r1, c0, c0",   0xee001f10, COPROC },
        { "mrrc p0, 0, r1, r2, c0",   0xec521000, COPROC },
        { "ldc p5, c0, [r2]",         0xed920500, COPROC },
        { "cdp2 p7",                  0xfe000700, COPROC },
        { "store to [pc] (undefined)", 0xf8cf1000, 0 },
        { "ldr P=0 W=0 (undefined)",  0xf8521a04, 0 },
        { "Advanced SIMD (A profile)", 0xef000840, 0 },
        { "vld1 (A profile)",         0xf920070f, 0 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        if (decode(cases[i].code).flags != cases[i].flags)
            fail_msg("%s: flags 0x%x", cases[i].text,
                     decode(cases[i].code).flags);
}
/* clang-format on */

static void the_divisor_is_the_second_operand(void **state)
{
    (void)state;
    assert_int_equal(decode(0xfb92f1f3).divisor, 3);  /* sdiv r1, r2, r3 */
    assert_int_equal(decode(0xfbb2f1fc).divisor, 12); /* udiv r1, r2, ip */
}

/* A5.1: 0b11101, 0b11110 and 0b11111 begin an instruction of 32 bits. */
static void length_follows_the_top_five_bits(void **state)
{
    (void)state;
    for (uint32_t first = 0; first < 0x10000; first++) {
        uint8_t bytes[4] = { first & 0xff, first >> 8 & 0xff, 0, 0 };
        uint32_t top = first >> 11;
        fwsim__thumb_insn insn;

        fwsim__thumb_decode(bytes, sizeof bytes, &insn);
        assert_int_equal(insn.size, top == 29 || top >= 30 ? 4 : 2);
    }
}

static void a_cut_instruction_has_only_a_length(void **state)
{
    const uint8_t ldr_w[] = { 0xd2, 0xf8, 0xff, 0x1f };
    fwsim__thumb_insn insn;

    (void)state;
    for (size_t avail = 2; avail < 4; avail++) {
        fwsim__thumb_decode(ldr_w, avail, &insn);
        assert_int_equal(insn.size, 4);
        assert_int_equal(insn.flags, 0);
    }
    fwsim__thumb_decode(ldr_w, 0, &insn);
    assert_int_equal(insn.flags, 0);
}

static uint32_t address(uint32_t code, uint32_t pc)
{
    static const uint32_t regs[15] = {
        [2] = 0x20000010, [3] = 5, [8] = 0xfffffff0, [13] = 0x20001000
    };
    fwsim__thumb_insn insn = decode(code);

    return fwsim__thumb_address(&insn, pc, regs);
}

static void addresses_add_base_index_and_offset(void **state)
{
    (void)state;
    assert_int_equal(address(0x68d1, 0), 0x2000001c);     /* [r2, #12] */
    assert_int_equal(address(0x58d1, 0), 0x20000015);     /* [r2, r3] */
    assert_int_equal(address(0xf8521cff, 0), 0x1fffff11); /* [r2, #-255] */
    assert_int_equal(address(0xf8521b04, 0), 0x20000010); /* [r2], #4 */
    assert_int_equal(address(0xb530, 0), 0x20000ff4);     /* push 3 */
    assert_int_equal(address(0xbd30, 0), 0x20001000);     /* pop 3 */
    assert_int_equal(address(0xe8d2f013, 0), 0x2000001a); /* tbh [r2, r3] */
}

static void addresses_wrap_at_4_gib(void **state)
{
    (void)state;
    assert_int_equal(address(0xf8521008, 0), 0x20000000); /* [r2, r8] */
    assert_int_equal(address(0xf8521038, 0), 0x1fffff90); /* lsl #3 */
}

/* A7.7: LDR (literal) has Align(PC, 4), TBB takes the PC as it is. */
static void literals_align_the_pc_and_table_branches_do_not(void **state)
{
    (void)state;
    assert_int_equal(address(0x4a03, 0x100), 0x110);
    assert_int_equal(address(0x4a03, 0x102), 0x110);
    assert_int_equal(address(0xf85f1008, 0x102), 0xfc);
    assert_int_equal(address(0xed9f0a01, 0x102), 0x108);
    assert_int_equal(address(0xe8dff003, 0x102), 0x10b);
    assert_int_equal(address(0xe8dff013, 0x102), 0x110);
}

static void a_scan_counts_instructions_and_joins_flags(void **state)
{
    static const uint8_t block[] = {
        0x40, 0xbf,             /* sev */
        0x92, 0xfb, 0xf3, 0xf1, /* sdiv r1, r2, r3 */
        0xd1, 0x68,             /* ldr r1, [r2, #12] */
        0x70, 0x47,             /* bx lr */
    };
    unsigned flags;

    (void)state;
    assert_int_equal(fwsim__thumb_scan(block, sizeof block, &flags), 4);
    assert_int_equal(flags, SEV | DIV | MEM);
    assert_int_equal(fwsim__thumb_scan(block, 0, &flags), 0);
    assert_int_equal(flags, 0);
}

static void a_scan_tells_what_a_block_makes_for_itself(void **state)
{
    static const uint8_t divisor[] = {
        0x01, 0x33,             /* adds r3, #1 */
        0xd1, 0x68,             /* ldr r1, [r2, #12] */
        0x92, 0xfb, 0xf3, 0xf1, /* sdiv r1, r2, r3 */
    };
    static const uint8_t address[] = {
        0x11, 0x68,             /* ldr r1, [r2] */
        0x0a, 0x60,             /* str r2, [r1] */
        0x92, 0xfb, 0xf3, 0xf1, /* sdiv r1, r2, r3 */
    };
    static const uint8_t other[] = {
        0xc0, 0x46,             /* mov r8, r8 */
        0xef, 0xf3, 0x14, 0x81, /* mrs r1, control */
    };
    unsigned flags;

    (void)state;
    fwsim__thumb_scan(divisor, sizeof divisor, &flags);
    assert_int_equal(flags, DIV | MEM | DIV << BEHIND);
    fwsim__thumb_scan(divisor + 2, sizeof divisor - 2, &flags);
    assert_int_equal(flags, DIV | MEM);
    fwsim__thumb_scan(address, sizeof address, &flags);
    assert_int_equal(flags, DIV | MEM | MEM << BEHIND);
    fwsim__thumb_scan(other, sizeof other, &flags);
    assert_int_equal(flags, CONTROL | CONTROL << BEHIND);
}

static void registers_that_are_written_are_found(void **state)
{
    static const struct {
        const char *text;
        uint32_t code, writes;
    } cases[] = {
        { "lsls r1, r2, #3",      0x00d1,     1u << 1 },
        { "adds r1, r2, r3",      0x18d1,     1u << 1 },
        { "movs r5, #1",          0x2501,     1u << 5 },
        { "cmp r5, #1",           0x2d01,     0 },
        { "subs r5, #1",          0x3d01,     1u << 5 },
        { "ands r1, r2",          0x4011,     1u << 1 },
        { "tst r1, r2",           0x4211,     0 },
        { "cmp r1, r2",           0x4291,     0 },
        { "mov r9, r2",           0x4691,     1u << 9 },
        { "cmp r9, r2",           0x4591,     0 },
        { "ldr r4, [pc, #4]",     0x4c01,     1u << 4 },
        { "str r1, [r2, r3]",     0x50d1,     0 },
        { "ldrsb r1, [r2, r3]",   0x56d1,     1u << 1 },
        { "ldr r1, [r2, r3]",     0x58d1,     1u << 1 },
        { "str r1, [r2, #4]",     0x6051,     0 },
        { "ldr r1, [r2, #4]",     0x6851,     1u << 1 },
        { "ldrh r1, [r2, #4]",    0x8891,     1u << 1 },
        { "ldr r3, [sp, #4]",     0x9b01,     1u << 3 },
        { "add r3, sp, #4",       0xab01,     1u << 3 },
        { "sub sp, #8",           0xb082,     1u << 13 },
        { "uxtb r1, r2",          0xb2d1,     1u << 1 },
        { "pop {r1, r4}",         0xbc12,     1u << 13 | 1u << 1 | 1u << 4 },
        { "stmia r2!, {r1}",      0xc202,     1u << 2 },
        { "ldmia r2!, {r1, r4}",  0xca12,     1u << 2 | 1u << 1 | 1u << 4 },
        { "add.w r9, r2, r3",     0xeb020903, 1u << 9 },
        { "movw r9, #1",          0xf2400901, 1u << 9 | 1u << 14 },
        { "ldr r9, [r10], #4",    0xf85a9b04, 1u << 9 | 1u << 10 },
        { "str r9, [r10], #4",    0xf84a9b04, 1u << 10 },
        { "smull r1, r2, r3, r4", 0xfb831204, 1u << 1 | 1u << 2 },
        { "ldrd r1, r2, [r3]",    0xe9d31200, 1u << 1 | 1u << 2 },
        { "strd r1, r2, [r3]",    0xe9c31200, 0 },
        { "ldrd r1, r2, [r3], #8", 0xe8f31202, 1u << 1 | 1u << 2 | 1u << 3 },
        { "strd r1, r2, [r3, #8]!", 0xe9e31202, 1u << 3 },
        { "ldmdb r3!, {r1, r2}",  0xe9330006, 1u << 1 | 1u << 2 | 1u << 3 },
        { "ldmia.w r3, {r1, r2}", 0xe8930006, 1u << 1 | 1u << 2 },
        { "stmdb sp!, {r4, r5}",  0xe92d0030, 1u << 13 },
        { "stmia.w r3, {r1, r2}", 0xe8830006, 0 },
        { "vpush {d8}",           0xed2d8b02, 1u << 13 },
        { "vldr s0, [r3]",        0xed930a00, 0 },
        { "vmov r1, s0",          0xee101a10, 1u << 1 },
        { "vmov r1, r2, d0",      0xec521b10, 1u << 1 | 1u << 2 },
        { "vadd.f32 s0, s1, s2",  0xee300a81, 0 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint8_t bytes[4];
        size_t size = put(cases[i].code, bytes);

        if (fwsim__thumb_writes(bytes, size) != cases[i].writes)
            fail_msg("%s: 0x%x", cases[i].text,
                     (unsigned)fwsim__thumb_writes(bytes, size));
    }
}

enum { UNKNOWN = FWSIM__THUMB_SP_UNKNOWN, FRAME = FWSIM__THUMB_FRAME };

static void a_stack_pointer_that_may_lose_its_alignment_is_found(void **state)
{
    static const struct {
        const char *text;
        uint32_t code[4], need;
    } cases[] = {
        { "mov sp, r3", { 0x469d }, 1u << 3 },
        { "add sp, r3", { 0x449d }, 1u << 3 },
        { "mov r3, sp", { 0x466b }, 0 },
        { "sub sp, #4", { 0xb081 }, 0 },
        { "add.w sp, sp, #8", { 0xf10d0d08 }, 0 },
        { "addw sp, sp, #9", { 0xf20d0d09 }, UNKNOWN },
        { "sub.w sp, sp, r3, lsl #2", { 0xebad0d83 }, 0 },
        { "sub.w sp, sp, r3, lsl #1", { 0xebad0d43 }, 1u << 3 },
        { "mov.w sp, r9", { 0xea4f0d09 }, 1u << 9 },
        { "ldr.w sp, [r0]", { 0xf8d0d000 }, UNKNOWN },
        { "ldr.w sp, [pc, #-4]", { 0xf85fd004 }, UNKNOWN },
        { "ldr r0, [sp], #4", { 0xf85d0b04 }, 0 },
        { "ldr r0, [sp], #3", { 0xf85d0b03 }, UNKNOWN },
        { "strb.w r0, [sp, #-1]!", { 0xf80d0d01 }, UNKNOWN },
        { "ldr.w r0, [sp, #3]", { 0xf8dd0003 }, 0 },
        { "push, pop", { 0xb510, 0xe92d4030, 0xbc10, 0xe8bd8030 }, 0 },
        { "bl", { 0xf7fffdfe }, 0 },
        { "adds r7, #8; mov sp, r7", { 0x3708, 0x46bd }, 1u << 7 },
        { "adds r7, #2; mov sp, r7", { 0x3702, 0x46bd },
          UNKNOWN | 1u << 7 },
        { "add r7, sp, #8; mov sp, r7", { 0xaf02, 0x46bd }, 0 },
        { "ldr r3, [r2]; mov sp, r3", { 0x6813, 0x469d }, UNKNOWN },
        { "movs r3, #8; add sp, r3", { 0x2308, 0x449d }, 0 },
        { "movs r3, #9; add sp, r3", { 0x2309, 0x449d }, UNKNOWN },
        { "bic r3, r3, #7; sub.w sp, sp, r3", { 0xf0230307, 0xebad0d03 },
          0 },
        { "bic r3, r3, #4; sub.w sp, sp, r3", { 0xf0230304, 0xebad0d03 },
          1u << 3 },
        { "lsrs r3, #3; lsls r3, #3; add sp, r3", { 0x08db, 0x00db, 0x449d },
          0 },
        { "movw r3, #4; movt r3, #0x2001; mov sp, r3",
          { 0xf2400304, 0xf2c20301, 0x469d }, 0 },
        { "it eq; moveq r3, #8; mov sp, r3", { 0xbf08, 0x2308, 0x469d },
          1u << 3 },
        { "subs r2, r7, r3; mov sp, r2", { 0x1afa, 0x4695 },
          1u << 7 | 1u << 3 },
        { "strd r1, r2, [r7]; mov sp, r7", { 0xe9c71200, 0x46bd },
          1u << 7 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint8_t bytes[16];
        size_t size = 0;
        unsigned flags;
        unsigned all = FWSIM__THUMB_SP | FWSIM__THUMB_SP << BEHIND | FRAME;
        unsigned want = !cases[i].need            ? 0
                        : cases[i].need & UNKNOWN ? all & ~(unsigned)FRAME
                        : cases[i].need == 1 << 7 ? FWSIM__THUMB_SP | FRAME
                                                  : FWSIM__THUMB_SP;

        for (size_t n = 0; n < 4 && cases[i].code[n]; n++)
            size += put(cases[i].code[n], bytes + size);
        fwsim__thumb_scan(bytes, size, &flags);
        if (fwsim__thumb_sp(bytes, size) != cases[i].need ||
            (flags & all) != want)
            fail_msg("%s: 0x%x, flags 0x%x", cases[i].text,
                     (unsigned)fwsim__thumb_sp(bytes, size), flags);
    }
}

/* The buffer is exactly as long as it says: ASan sees a byte too many. */
static void arbitrary_code_is_never_read_past_its_end(void **state)
{
    uint32_t random = 1;

    (void)state;
    for (unsigned round = 0; round < 100000; round++) {
        size_t size = round % 9;
        uint8_t *code = malloc(size ? size : 1);
        uint32_t regs[15] = { 0 };
        fwsim__thumb_insn insn;
        unsigned flags;

        assert_non_null(code);
        for (size_t i = 0; i < size; i++) {
            random = random * 1664525 + 1013904223;
            code[i] = (uint8_t)(random >> 24);
        }
        fwsim__thumb_decode(code, size, &insn);
        if (insn.flags & MEM) {
            assert_in_range(insn.count, 1, 255);
            fwsim__thumb_address(&insn, random, regs);
        }
        assert_true(fwsim__thumb_scan(code, size, &flags) <= (size + 1) / 2);
        free(code);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(operands_of_16_bit_accesses_are_found),
        cmocka_unit_test(operands_of_32_bit_single_accesses_are_found),
        cmocka_unit_test(operands_of_lists_and_pairs_are_found),
        cmocka_unit_test(operands_of_synchronising_accesses_are_found),
        cmocka_unit_test(operands_of_floating_point_accesses_are_found),
        cmocka_unit_test(what_needs_attention_is_flagged),
        cmocka_unit_test(the_divisor_is_the_second_operand),
        cmocka_unit_test(length_follows_the_top_five_bits),
        cmocka_unit_test(a_cut_instruction_has_only_a_length),
        cmocka_unit_test(addresses_add_base_index_and_offset),
        cmocka_unit_test(addresses_wrap_at_4_gib),
        cmocka_unit_test(literals_align_the_pc_and_table_branches_do_not),
        cmocka_unit_test(a_scan_counts_instructions_and_joins_flags),
        cmocka_unit_test(a_scan_tells_what_a_block_makes_for_itself),
        cmocka_unit_test(registers_that_are_written_are_found),
        cmocka_unit_test(a_stack_pointer_that_may_lose_its_alignment_is_found),
        cmocka_unit_test(arbitrary_code_is_never_read_past_its_end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
