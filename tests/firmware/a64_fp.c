/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Floating point and SIMD: results in each rounding mode, exception flags. */
#include "a64.h"

void on_exception(frame *f, unsigned vector)
{
    show("vector", vector);
    show(" esr", esr());
    f->elr += 4;
}

#define BINARY(insn)                                                           \
    static u64 do_##insn(u64 a, u64 b)                                         \
    {                                                                          \
        u64 r;                                                                 \
        __asm__ volatile("fmov d0, %1\n fmov d1, %2\n " #insn " d2, d0, d1\n"  \
                         "fmov %0, d2" : "=r"(r) : "r"(a), "r"(b));            \
        return r;                                                              \
    }
#define UNARY(name, code)                                                      \
    static u64 do_##name(u64 a, u64 b)                                         \
    {                                                                          \
        u64 r;                                                                 \
        (void)b;                                                               \
        __asm__ volatile("fmov d0, %1\n " code "\n" : "=r"(r) : "r"(a));       \
        return r;                                                              \
    }

BINARY(fadd)
BINARY(fmul)
BINARY(fdiv)
BINARY(fmaxnm)
UNARY(sqrt, "fsqrt d2, d0\n fmov %0, d2")
UNARY(single, "fcvt s2, d0\n fmov %w0, s2")
UNARY(half, "fcvt h2, d0\n umov %w0, v2.h[0]")
UNARY(integer, "fcvtzs %0, d0")
UNARY(unsigned32, "fcvtnu %w0, d0")
UNARY(integral, "frintx d2, d0\n fmov %0, d2")

static const struct {
    const char *name;
    u64 (*fn)(u64 a, u64 b);
} ops[] = {
    { "fadd", do_fadd },         { "fmul", do_fmul },
    { "fdiv", do_fdiv },         { "fmaxnm", do_fmaxnm },
    { "sqrt", do_sqrt },         { "single", do_single },
    { "half", do_half },         { "integer", do_integer },
    { "unsigned", do_unsigned32 }, { "integral", do_integral },
};

static const u64 operands[] = {
    0x3ff0000000000000, /* 1 */
    0x3fd5555555555555, /* 1/3 */
    0xc008000000000001, /* a little below -3 */
    0x7fefffffffffffff, /* the largest */
    0x0000000000000001, /* the smallest */
    0x7ff0000000000000, /* infinity */
    0x7ff0000000000001, /* a signalling NaN */
    0x8000000000000000, /* -0 */
};

enum { OPS = sizeof ops / sizeof *ops, VALUES = sizeof operands / 8 };

static void one_mode(u64 fpcr)
{
    show("fpcr", fpcr);
    WRITE(fpcr, fpcr);
    for (unsigned i = 0; i < OPS; i++) {
        u64 sum = 0, flags = 0;

        for (unsigned a = 0; a < VALUES; a++)
            for (unsigned b = 0; b < VALUES; b++) {
                WRITE(fpsr, 0);
                sum = sum * 31 + ops[i].fn(operands[a], operands[b]);
                flags = flags * 31 + READ(fpsr);
            }
        puts_(ops[i].name);
        puts_(" ");
        put_hex(sum);
        show(" flags", flags);
    }
}

static void vectors_of_integers(void)
{
    u64 low, high, saturated;

    WRITE(fpsr, 0);
    __asm__ volatile("fmov d0, %3\n mov v0.d[1], %4\n"
                     "add v1.16b, v0.16b, v0.16b\n"
                     "sqadd v2.8h, v0.8h, v0.8h\n"
                     "eor v1.16b, v1.16b, v2.16b\n"
                     "tbl v1.16b, {v1.16b, v2.16b}, v0.16b\n"
                     "umov %0, v1.d[0]\n umov %1, v1.d[1]\n"
                     "addv h3, v2.8h\n smov %2, v3.h[0]"
                     : "=&r"(low), "=&r"(high), "=&r"(saturated)
                     : "r"(0x7fff12348001ff05), "r"(0x0102030405060708));
    show("low", low);
    show("high", high);
    show("across", saturated);
    show("fpsr", READ(fpsr));
    __asm__ volatile("mov w9, #0x1234\n crc32b %w0, wzr, w9\n"
                     "dup v0.4s, w9\n ucvtf v0.4s, v0.4s\n"
                     "fmla v0.4s, v0.4s, v0.4s\n faddp v0.4s, v0.4s, v0.4s\n"
                     "umov %1, v0.d[0]"
                     : "=&r"(low), "=&r"(high) : : "x9");
    show("crc", low);
    show("fmla", high);
}

int main(void)
{
    WRITE(cpacr_el1, 3 << 20);
    for (u64 mode = 0; mode < 4; mode++)
        one_mode(mode << 22);
    puts_("flush to zero, default NaN\n");
    one_mode(3ul << 24);
    vectors_of_integers();
    return 0;
}
