/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is checked before an instruction is executed: exclusive accesses,
 * alignment with SCTLR_EL1.A, unprivileged accesses, and floating point by
 * CPACR_EL1.FPEN.
 */
#include "a64.h"

static volatile int quiet;
static u64 tables[2][512] __attribute__((aligned(4096)));
static char data[64] __attribute__((aligned(64)));

void on_exception(frame *f, unsigned vector)
{
    unsigned ec = esr() >> 26;

    if (!quiet) {
        puts_("  vector ");
        put_hex(vector);
        puts_(" esr ");
        put_hex(esr());
        if (ec == 0x24 || ec == 0x25) {
            puts_(" far - data ");
            put_hex(far_() - (u64)data);
        }
        puts_("\n");
    }
    if (ec == 0x07)
        WRITE(cpacr_el1, 3 << 20);
    else if (ec == 0x15 && (esr() & 0xffff) == 0xff) {
        f->spsr = (f->spsr & ~15ull) | 5;
        f->elr = f->x[19];
    } else if (ec != 0x15)
        f->elr += 4;
}

/* ------------------------------------------------------------------ */

#define EXCLUSIVE(name, code)                                                  \
    do {                                                                       \
        u64 failed_ = 9;                                                       \
        __asm__ volatile(code : "=&r"(word), "+&r"(failed_)                    \
                         : "r"(data), "r"(data + 16) : "x9", "x10", "memory"); \
        show(name, failed_ & 0xffffffff);                                      \
    } while (0)

static void exclusives(void)
{
    u64 word;

    quiet = 1;
    EXCLUSIVE("together", "ldxr %0, [%2]\n stxr %w1, %0, [%2]");
    EXCLUSIVE("no load", "stxr %w1, xzr, [%2]");
    EXCLUSIVE("second store",
              "ldxr %0, [%2]\n stxr %w1, %0, [%2]\n stxr %w1, %0, [%2]");
    EXCLUSIVE("branch between",
              "ldaxr %0, [%2]\n cbz xzr, 1f\n nop\n1: stlxr %w1, %0, [%2]");
    EXCLUSIVE("svc between", "ldxr %0, [%2]\n svc #0\n stxr %w1, %0, [%2]");
    EXCLUSIVE("clrex between", "ldxr %0, [%2]\n clrex\n stxr %w1, %0, [%2]");
    EXCLUSIVE("other address", "ldxr %0, [%2]\n b 1f\n1: stxr %w1, %0, [%3]");
    EXCLUSIVE("other value", "ldxr %0, [%2]\n b 1f\n1: mvn x9, %0\n"
                             "str x9, [%2]\n stxr %w1, %0, [%2]");
    EXCLUSIVE("computed address",
              "b 1f\n1: add x9, %2, #8\n ldxr %0, [x9]\n b 2f\n"
              "2: stxr %w1, %0, [x9]");
    EXCLUSIVE("last load", "ldxr %0, [%2]\n ldxr %0, [%3]\n b 1f\n"
                           "1: stxr %w1, %0, [%3]");
    EXCLUSIVE("byte", "ldxrb %w0, [%2]\n b 1f\n1: stxrb %w1, %w0, [%2]");
    EXCLUSIVE("half", "ldxrh %w0, [%2]\n b 1f\n1: stlxrh %w1, %w0, [%2]");
    EXCLUSIVE("pair", "ldxp %0, x10, [%2]\n b 1f\n"
                      "1: stxp %w1, x10, %0, [%2]");
    EXCLUSIVE("pair of words", "ldxp %w0, w10, [%2]\n b 1f\n"
                               "1: stxp %w1, w10, %w0, [%2]");
    quiet = 0;
    puts_("not aligned\n");
    __asm__ volatile("ldxr x9, [%0]" : : "r"(data + 4) : "x9");
    __asm__ volatile("ldxp x9, x10, [%0]" : : "r"(data + 8) : "x9", "x10");
}

/* ------------------------------------------------------------------ */

static __attribute__((noinline)) u64 mix(u64 sum, u64 value)
{
    return (sum ^ value) * 0x9e3779b97f4a7c15ull;
}

static void accesses(void)
{
    u64 to = (u64)data;

    __asm__ volatile(
        "ldr x9, [%0, #1]\n ldr x9, [%0, #8]\n str w9, [%0, #2]\n"
        "ldrh w9, [%0, #3]\n ldrb w9, [%0, #3]\n strb wzr, [%0, #5]\n"
        "ldp w9, w10, [%0, #4]\n ldur x9, [%0, #-4]\n ldrsw x9, [%0, #4]\n"
        "mov x11, #3\n str x9, [%0, x11]\n ldr x9, [%0, x11, lsl #3]\n"
        "add x11, %0, #1\n ldr x9, [x11], #8\n stp w9, w9, [x11, #4]\n"
        "prfm pldl1keep, [x11]\n str w9, [x11, #3]!\n ldrh w9, [x11, #-1]"
        : : "r"(to) : "x9", "x10", "x11", "memory");
    __asm__ volatile(".arch armv8-a+simd\n"
        "ldr q0, [%0, #16]\n ldur q0, [%0, #8]\n ldr d0, [%0, #8]\n"
        "ldur d0, [%0, #4]\n add x9, %0, #2\n ld1 {v0.8h}, [x9]\n"
        "ld1 {v0.4s}, [x9]\n st1 {v0.s}[1], [x9]\n ld1r {v0.2d}, [x9]\n"
        "ldp q0, q1, [%0, #16]\n add x9, %0, #8\n stp q0, q1, [x9]\n"
        ".arch armv8-a+crc+nosimd"
        : : "r"(to) : "x9", "memory");
}

static void alignment(void)
{
    u64 sum = 0;

    for (unsigned i = 0; i < sizeof data; i++)
        data[i] = (char)i;
    puts_("SCTLR.A clear\n");
    WRITE(cpacr_el1, 3 << 20);
    accesses();
    puts_("SCTLR.A set\n");
    WRITE(sctlr_el1, READ(sctlr_el1) | 2);
    accesses();
    __asm__ volatile("ldar w9, [%0]\n stlrh w9, [%0]\n stlrb w9, [%0]"
                     : : "r"(data + 1) : "x9", "memory");
    WRITE(sctlr_el1, READ(sctlr_el1) & ~2ull);
    for (unsigned i = 0; i < sizeof data; i++)
        sum = mix(sum, (u64)data[i]);
    show("data", sum);
}

/* ------------------------------------------------------------------ */

#define BLOCK(attributes) (0x40000000 | 1 << 10 | 3 << 8 | 1 | (attributes))

/** RAM for EL1 at 0x40000000, and for EL0 at 0x80000000 (read only) and
 * 0xc0000000 (read and write). */
static void map(void)
{
    tables[0][0] = 1 << 10 | 1; /* devices */
    tables[0][1] = BLOCK(4);
    tables[0][2] = BLOCK(4 | 3 << 6);
    tables[0][3] = BLOCK(4 | 1 << 6);
    WRITE(mair_el1, 0xff00);
    WRITE(tcr_el1, 25 | 1 << 23 | 2ull << 32);
    WRITE(ttbr0_el1, tables[0]);
    __asm__ volatile("dsb sy\n tlbi vmalle1\n dsb sy\n isb");
    WRITE(sctlr_el1, READ(sctlr_el1) | 1);
}

static void unprivileged(void)
{
    u64 to = (u64)data, value;

    map();
    puts_("LDTR and STTR: privileged, read only, read and write\n");
    for (u64 at = to; at < to + 0xc0000000; at += 0x40000000) {
        __asm__ volatile("mov %0, #0x11\n ldtr %0, [%1]"
                         : "=&r"(value) : "r"(at));
        show("ldtr", value);
        __asm__ volatile("sttrb wzr, [%0, #2]" : : "r"(at) : "memory");
        __asm__ volatile("ldr %0, [%1]" : "=r"(value) : "r"(at));
        show("ldr", value);
    }
    puts_("the rights of EL0 do not stay, nor those of EL1\n");
    __asm__ volatile("str xzr, [%0]\n ldtr x9, [%0]\n str xzr, [%0]\n"
                     "sttr x9, [%0]" : : "r"(to) : "x9", "memory");
    WRITE(sctlr_el1, READ(sctlr_el1) & ~1ull);
}

/* ------------------------------------------------------------------ */

/** To EL0 and back: user code finds the way back in x19. */
static __attribute__((noinline)) void user(void (*fn)(void))
{
    static char stack[1024] __attribute__((aligned(16)));

    WRITE(sp_el0, stack + sizeof stack);
    WRITE(elr_el1, fn);
    WRITE(spsr_el1, 0);
    __asm__ volatile("adr x19, 1f\n eret\n1:" : : : "x0", "x1", "x2", "x3",
                     "x4", "x5", "x6", "x7", "x8", "x9", "x10", "x11", "x12",
                     "x13", "x14", "x15", "x16", "x17", "x18", "x19", "x30",
                     "memory", "cc");
}

static void user_fp(void)
{
    __asm__ volatile("nop\n fmov x9, d0\n nop\n fmov d1, d2\n svc #0xff"
                     : : : "x9");
}

static void fp_traps(void)
{
    for (u64 fpen = 0; fpen < 4; fpen++) {
        show("fpen", fpen);
        WRITE(cpacr_el1, fpen << 20);
        __asm__ volatile("nop\n fmov x9, d0\n nop\n fmov d1, d2\n"
                         "str q0, [%0]\n mrs x9, fpcr" : : "r"(data)
                         : "x9", "memory");
        WRITE(cpacr_el1, fpen << 20);
        user(user_fp);
    }
}

int main(void)
{
    exclusives();
    alignment();
    fp_traps();
    unprivileged();
    return 0;
}
