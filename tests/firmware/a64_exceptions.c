/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Synchronous exceptions, with what each level's registers say about them. */
#include "a64.h"

int main(void);

static volatile int quiet;
static volatile u64 skip; /* bytes to add to ELR, when set */
static char user_stack[4096] __attribute__((aligned(16)));

void on_exception(frame *f, unsigned vector)
{
    u64 syndrome = esr();
    unsigned ec = syndrome >> 26;

    if (!quiet) {
        puts_("vector ");
        put_hex(vector);
        show(" esr", syndrome);
        show("  spsr", f->spsr & 0x0fffffff); /* not the flags */
        if (ec == 0x22)
            show("  far - main", far_() - (u64)main);
        else if (ec >= 0x20 && ec <= 0x25)
            show("  far", far_());
    }
    if (ec == 0x15 && (syndrome & 0xffff) == 0xff) { /* the end of user code */
        f->spsr = f->spsr & ~15ull;
        f->spsr |= el_now() << 2 | 1;
        f->elr = f->x[19];
    } else if (ec == 0x07) {
        WRITE(cpacr_el1, 3 << 20);
    } else if (ec == 0x20 || ec == 0x21 || ec == 0x22) {
        f->elr = f->x[30];
    } else if (ec == 0x0e) {
        f->spsr &= ~(1ull << 20);
    } else if (ec != 0x15 && ec != 0x16 && ec != 0x17) {
        f->elr += 4;
    }
}

/** To EL0 and back: user code finds the way back in x19. */
static __attribute__((noinline)) void user(void (*fn)(void))
{
    WRITE(sp_el0, user_stack + sizeof user_stack);
    WRITE(elr_el1, fn);
    WRITE(spsr_el1, 0);
    __asm__ volatile("adr x19, 1f\n eret\n1:" : : : "x0", "x1", "x2", "x3",
                     "x4", "x5", "x6", "x7", "x8", "x9", "x10", "x11", "x12",
                     "x13", "x14", "x15", "x16", "x17", "x18", "x19", "x30",
                     "memory", "cc");
}

#define USER(name, code)                                                       \
    static void name(void)                              \
    {                                                                          \
        __asm__ volatile(code "\n svc #0xff" : : : "x0", "x3", "x5");                                 \
    }

USER(user_svc, "svc #7")
USER(user_load, "ldr x0, =0x0b000000\n ldr w0, [x0]")
USER(user_sctlr, "mrs x0, sctlr_el1")
USER(user_daif_reg, "mrs x3, daif")
USER(user_counter, "mrs x5, cntvct_el0")
USER(user_undefined, ".word 0")
USER(user_brk, "brk #1")
USER(user_fp, "fmov d0, xzr")

static __attribute__((noinline)) void jump(u64 to)
{
    __asm__ volatile("blr %0" : : "r"(to) : "x30", "memory");
}

static void exclusives(void)
{
    static u32 word = 1;
    u32 value, failed;

    quiet = 1;
    __asm__ volatile("ldxr %w0, [%2]\n stxr %w1, %w0, [%2]"
                     : "=&r"(value), "=&r"(failed) : "r"(&word) : "memory");
    show("stxr alone", failed);
    __asm__ volatile("ldxr %w0, [%2]\n svc #1\n stxr %w1, %w0, [%2]"
                     : "=&r"(value), "=&r"(failed) : "r"(&word) : "memory");
    show("stxr after an exception", failed);
    __asm__ volatile("ldxr %w0, [%2]\n clrex\n stxr %w1, %w0, [%2]"
                     : "=&r"(value), "=&r"(failed) : "r"(&word) : "memory");
    show("stxr after clrex", failed);
    quiet = 0;
}

static void stacks(void)
{
    u64 a, b;

    WRITE(sp_el0, 0x1234560);
    __asm__ volatile("mov x9, sp\n msr spsel, #0\n mov %0, sp\n svc #2\n"
                     "mov %1, sp\n msr spsel, #1\n mov x10, sp\n"
                     "sub x9, x9, x10\n add %1, %1, x9"
                     : "=&r"(a), "=&r"(b) : : "x9", "x10", "memory");
    show("sp_el0", a);
    show("sp_el0 after an exception", b);
}

int main(void)
{
    show("level", el_now());
    show("pfr0", READ(id_aa64pfr0_el1));
    show("midr", READ(midr_el1));
    show("mpidr", READ(mpidr_el1));
    show("daif", READ(daif));
    show("cntfrq", READ(cntfrq_el0));
    puts_("svc\n");
    __asm__ volatile("svc #0x123");
    puts_("brk\n");
    __asm__ volatile("brk #0x45");
    puts_("undefined\n");
    __asm__ volatile(".word 0");
    puts_("smc\n");
    __asm__ volatile("smc #4");
    puts_("register that is not there\n");
    __asm__ volatile("mrs x0, s3_3_c15_c1_1" : : : "x0");
    puts_("read and write of nothing\n");
    (void)REG32(0x0b000124);
    REG32(0x0b000128) = 1;
    puts_("jump to nothing, and to the middle of an instruction\n");
    jump(0x0b000000);
    jump((u64)main + 2);
    puts_("floating point that is off\n");
    __asm__ volatile("nop\n fmov d0, xzr\n fmov d1, xzr" : : : "v0", "v1");
    puts_("illegal return\n");
    __asm__ volatile("msr spsr_el1, %0\n adr x0, 1f\n msr elr_el1, x0\n eret\n"
                     "1: nop" : : "r"(0x3c9ul) : "x0", "memory");
    show("level", el_now());
    stacks();
    exclusives();
    puts_("user\n");
    user(user_svc);
    user(user_load);
    user(user_sctlr);
    user(user_daif_reg);
    user(user_counter);
    user(user_undefined);
    user(user_brk);
    WRITE(cpacr_el1, 1 << 20);
    user(user_fp);
    show("level", el_now());
    return 0;
}
