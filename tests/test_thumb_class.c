/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which core an instruction needs. Encodings are the system assembler's; what
 * needs what is in the v6-M ARM (DDI 0419E, A6.7), the v7-M ARM (DDI 0403E,
 * A7.7; A1.3 for DSP) and the v8-M ARM (DDI 0553B, C2.4).
 */
#include "support.h"

#include "image/thumb_class.h"

enum {
    V8_BASE = FWSIM__NEEDS_V8M_BASE,
    V7 = FWSIM__NEEDS_V7M,
    DSP = FWSIM__NEEDS_DSP,
    FP = FWSIM__NEEDS_FP,
    DOUBLE = FWSIM__NEEDS_DOUBLE,
    FPV5 = FWSIM__NEEDS_FPV5,
    V8 = FWSIM__NEEDS_V8M
};

/* clang-format off */
static const struct {
    const char *text;
    uint16_t first, second;
    unsigned needs;
} rows[] = {
    { "smlabb r0, r1, r2, r3", 0xfb11, 0x3002, V7 | DSP },
    { "smlald r0, r1, r2, r3", 0xfbc2, 0x01c3, V7 | DSP },
    { "smmul r0, r1, r2", 0xfb51, 0xf002, V7 | DSP },
    { "usad8 r0, r1, r2", 0xfb71, 0xf002, V7 | DSP },
    { "umaal r0, r1, r2, r3", 0xfbe2, 0x0163, V7 | DSP },
    { "qadd r0, r1, r2", 0xfa82, 0xf081, V7 | DSP },
    { "sel r0, r1, r2", 0xfaa1, 0xf082, V7 | DSP },
    { "uhsub16 r0, r1, r2", 0xfad1, 0xf062, V7 | DSP },
    { "sxtab r0, r1, r2", 0xfa41, 0xf082, V7 | DSP },
    { "uxtah r0, r1, r2", 0xfa11, 0xf082, V7 | DSP },
    { "sxtb16 r0, r1", 0xfa2f, 0xf081, V7 | DSP },
    { "pkhbt r0, r1, r2", 0xeac1, 0x0002, V7 | DSP },
    { "pkhtb r0, r1, r2, asr #3", 0xeac1, 0x00e2, V7 | DSP },
    { "ssat16 r0, #4, r1", 0xf321, 0x0003, V7 | DSP },
    { "usat16 r0, #4, r1", 0xf3a1, 0x0004, V7 | DSP },
    { "ssat r0, #4, r1", 0xf301, 0x0003, V7 },
    { "usat r0, #4, r1, lsl #2", 0xf381, 0x0084, V7 },
    { "sxth.w r0, r1", 0xfa0f, 0xf081, V7 },
    { "mul.w r0, r1, r2", 0xfb01, 0xf002, V7 },
    { "mla r0, r1, r2, r3", 0xfb01, 0x3002, V7 },
    { "mls r0, r1, r2, r3", 0xfb01, 0x3012, V7 },
    { "smull r0, r1, r2, r3", 0xfb82, 0x0103, V7 },
    { "umlal r0, r1, r2, r3", 0xfbe2, 0x0103, V7 },
    { "sdiv r0, r1, r2", 0xfb91, 0xf0f2, V8_BASE },
    { "udiv r0, r1, r2", 0xfbb1, 0xf0f2, V8_BASE },
    { "clz r0, r1", 0xfab1, 0xf081, V7 },
    { "rbit r0, r1", 0xfa91, 0xf0a1, V7 },
    { "movw r0, #1234", 0xf240, 0x40d2, V8_BASE },
    { "movt r0, #1234", 0xf2c0, 0x40d2, V8_BASE },
    { "mov.w r0, #1", 0xf04f, 0x0001, V7 },
    { "bfi r0, r1, #2, #3", 0xf361, 0x0084, V7 },
    { "ubfx r0, r1, #2, #3", 0xf3c1, 0x0082, V7 },
    { "ldrex r0, [r1]", 0xe851, 0x0f00, V8_BASE },
    { "strexh r0, r1, [r2]", 0xe8c2, 0x1f50, V8_BASE },
    { "clrex", 0xf3bf, 0x8f2f, V8_BASE },
    { "lda r0, [r1]", 0xe8d1, 0x0faf, V8 },
    { "stl r0, [r1]", 0xe8c1, 0x0faf, V8 },
    { "stlexb r0, r1, [r2]", 0xe8c2, 0x1fc0, V8 },
    { "tt r0, r1", 0xe841, 0xf000, V8 },
    { "sg", 0xe97f, 0xe97f, V8 },
    { "bxns r0", 0x4704, 0x0000, V8 },
    { "blxns r0", 0x4784, 0x0000, V8 },
    { "vseleq.f32 s0, s1, s2", 0xfe00, 0x0a81, FP | FPV5 },
    { "vmaxnm.f32 s0, s1, s2", 0xfe80, 0x0a81, FP | FPV5 },
    { "vadd.f32 s0, s1, s2", 0xee30, 0x0a81, FP },
    { "vldr s0, [r0]", 0xed90, 0x0a00, FP },
    { "vldr d0, [r0]", 0xed90, 0x0b00, FP },
    { "vpush {d8-d9}", 0xed2d, 0x8b04, FP },
    { "vpush {s16-s17}", 0xed2d, 0x8a02, FP },
    { "vmrs r0, fpscr", 0xeef1, 0x0a10, FP },
    { "vfma.f32 s0, s1, s2", 0xeea0, 0x0a81, FP },
    { "mrs r0, msp", 0xf3ef, 0x8008, 0 },
    { "msr msp, r0", 0xf380, 0x8808, 0 },
    { "dmb sy", 0xf3bf, 0x8f5f, 0 },
    { "isb sy", 0xf3bf, 0x8f6f, 0 },
    { "it eq", 0xbf08, 0x0000, V7 },
    { "pop {r0, pc}", 0xbd01, 0x0000, 0 },
    { "bx lr", 0x4770, 0x0000, 0 },
    { "blx r0", 0x4780, 0x0000, 0 },
    { "ldrd r0, r1, [r2]", 0xe9d2, 0x0100, V7 },
    { "wfi", 0xbf30, 0x0000, 0 },
    { "nop.w", 0xf3af, 0x8000, V7 },
    { "vadd.f64 d0, d1, d2", 0xee31, 0x0b02, FP | DOUBLE },
};
/* clang-format on */

static void each_instruction_needs_what_the_manual_says(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        fwsim__thumb_class c =
            fwsim__thumb_classify(0, rows[i].first, rows[i].second);
        if (c.needs != rows[i].needs)
            fail_msg("%s: 0x%x, not 0x%x", rows[i].text, c.needs,
                     rows[i].needs);
        assert_int_equal(c.size, rows[i].first >= 0xe800 ? 4 : 2);
    }
}

typedef struct flow {
    const char *text;
    uint16_t first, second;
    bool ends, jumps;
    uint32_t target; /* of an instruction at 0x1000 */
} flow;

static void branches_are_followed(void **state)
{
    static const flow flows[] = {
        { "b .", 0xe7fe, 0, true, true, 0x1000 },
        { "b.w .+4", 0xf000, 0xb800, true, true, 0x1004 },
        { "beq .+4", 0xd000, 0, false, true, 0x1004 },
        { "beq.w .-4", 0xf43f, 0xaffc, false, true, 0xffc },
        { "bl .+8", 0xf000, 0xf802, false, true, 0x1008 },
        { "bl .-2", 0xf7ff, 0xfffd, false, true, 0xffe },
        { "cbz r0, .+6", 0xb108, 0, false, true, 0x1006 },
        { "cbnz r0, .+130", 0xbbf8, 0, false, true, 0x1082 },
        { "svc 0", 0xdf00, 0, false, false, 0 },
        { "udf 0", 0xde00, 0, true, false, 0 },
        { "bx lr", 0x4770, 0, true, false, 0 },
        { "blx r3", 0x4798, 0, false, false, 0 },
        { "pop {r4, pc}", 0xbd10, 0, true, false, 0 },
        { "mov pc, r3", 0x469f, 0, true, false, 0 },
        { "ldmia.w sp!, {r4, r8, pc}", 0xe8bd, 0x8110, true, false, 0 },
        { "ldr.w pc, [r0]", 0xf8d0, 0xf000, true, false, 0 },
        { "tbb [pc, r0]", 0xe8df, 0xf000, true, false, 0 },
    };
    (void)state;

    for (size_t i = 0; i < sizeof flows / sizeof *flows; i++) {
        fwsim__thumb_class c =
            fwsim__thumb_classify(0x1000, flows[i].first, flows[i].second);
        if (c.ends != flows[i].ends || c.jumps != flows[i].jumps ||
            c.target != flows[i].target)
            fail_msg("%s: ends %d, jumps %d to 0x%x", flows[i].text, c.ends,
                     c.jumps, (unsigned)c.target);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_instruction_needs_what_the_manual_says),
        cmocka_unit_test(branches_are_followed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
