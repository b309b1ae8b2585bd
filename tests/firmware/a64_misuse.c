/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Firmware that misuses the core, beyond a64_exceptions.c: returns that cannot
 * work, read-only registers, an interrupt without an end, code that changes.
 * Each case ends in the handler, which goes on behind it.
 */
#include "a64.h"

#define GICD 0x08000000
#define GICC 0x08010000

enum { STORM = 1000, EC_IRQ_VECTOR = 5 };

static volatile u64 go_on, target;
static volatile unsigned calls;

static void interrupt(void)
{
    u32 id = REG32(GICC + 0x0c);

    if (++calls < STORM)
        REG32(GICD + 0xf00) = 1u << 16 | 1; /* itself, by SGIR */
    REG32(GICC + 0x10) = id;
}

void on_exception(frame *f, unsigned vector)
{
    if (vector == EC_IRQ_VECTOR) {
        interrupt();
        return;
    }
    puts_("  vector ");
    put_hex(vector);
    show(" esr", esr());
    show("    spsr", f->spsr & 0x0fffffff);
    show("    elr - target", f->elr - target);
    f->elr = go_on;
    f->spsr = 0x3c5; /* EL1h, all masked */
}

/* The case goes on at its label 9. */
#define CASE(name, code, ...)                                                  \
    do {                                                                       \
        puts_(name "\n");                                                      \
        __asm__ volatile("adr x9, 9f\n str x9, %0\n" code "\n 9:"              \
                         : "=m"(go_on) : __VA_ARGS__                           \
                         : "x9", "x10", "x30", "memory", "cc");                \
    } while (0)

static void return_to(const char *name, u64 pc, u64 pstate)
{
    target = pc;
    puts_(name);
    CASE("", "msr elr_el1, %1\n msr spsr_el1, %2\n eret", "r"(pc),
         "r"(pstate));
}

static void returns(void)
{
    u64 here = (u64)returns;

    return_to("to the middle of an instruction", here + 2, 0x3c5);
    return_to("to nothing", 0x0b000000, 0x3c5);
    return_to("to levels that are not there: 2", here, 0x3c9);
    return_to("3", here, 0x3cd);
    return_to("to level 0 with a stack of its own", here, 0x3c1);
    return_to("to a reserved mode", here, 0x3c6);
}

static void read_only(void)
{
    target = 0;
    CASE("midr", "adr x10, 8f\n str x10, %1\n 8: msr s3_0_c0_c0_0, x10",
         "m"(target));
    CASE("id_aa64pfr0", "adr x10, 8f\n str x10, %1\n 8: msr s3_0_c0_c4_0, x10",
         "m"(target));
    CASE("currentel", "adr x10, 8f\n str x10, %1\n 8: msr s3_0_c4_c2_2, x10",
         "m"(target));
    CASE("cntvct", "adr x10, 8f\n str x10, %1\n 8: msr s3_3_c14_c0_2, x10",
         "m"(target));
    CASE("ctr", "adr x10, 8f\n str x10, %1\n 8: msr s3_3_c0_c0_1, x10",
         "m"(target));
}

static void gic(void)
{
    u32 type = REG32(GICD + 4);

    REG32(GICD + 4) = ~type;
    show("typer changed", REG32(GICD + 4) != type);
    REG32(GICC + 0x10) = 42; /* the end of what has not begun */
    show("running", REG32(GICC + 0x14));
    show("no interrupt", REG32(GICC + 0x0c));
}

static void storm(void)
{
    REG32(GICD + 0) = 1;
    REG32(GICC + 0) = 1;
    REG32(GICC + 4) = 0xff;
    REG32(GICD + 0xf00) = 1u << 16 | 1;
    __asm__ volatile("msr daifclr, #2\n nop\n nop");
    while (calls < STORM)
        ;
    __asm__ volatile("msr daifset, #2");
    show("interrupts that pend themselves", calls);
}

static void changed(void *code)
{
    __asm__ volatile("dc cvau, %0\n dsb ish\n ic ivau, %0\n dsb ish\n isb"
                     : : "r"(code) : "memory");
}

static void changing_code(void)
{
    static u32 code[2] __attribute__((aligned(64)));
    unsigned wrong = 0;

    code[1] = 0xd65f03c0; /* ret */
    for (u32 i = 0; i < 200; i++) {
        code[0] = 0xd2800000 | i << 5; /* mov x0, #i */
        changed(code);
        wrong += ((u64(*)(void))(u64)code)() != i;
    }
    show("wrong results of changed code", wrong);
}

int main(void)
{
    returns();
    read_only();
    gic();
    storm();
    changing_code();
    return 0;
}
