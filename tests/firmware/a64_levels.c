/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From the highest exception level down to EL0, and back by each call; where
 * interrupts go. Linked for a board that begins at EL2 or at EL3.
 */
#include "a64.h"

#define GICD 0x08000000
#define GICC 0x08010000

static volatile unsigned began;
static volatile unsigned wanted; /* level that HVC 9 or SMC 9 goes down to */

static u64 go_down(frame *f)
{
    return (f->spsr & ~15ull) | wanted << 2 | 1;
}

void on_exception(frame *f, unsigned vector)
{
    puts_("vector ");
    put_hex(vector);
    puts_(" at ");
    put_hex(el_now());
    if (vector % 4 == 1) {
        u32 id = REG32(GICC + 0x0c);

        show(" irq", id);
        REG32(GICC + 0x10) = id;
        return;
    }
    show(" esr", esr());
    show("  spsr", f->spsr & 0x3ff);
    if ((esr() & 0xffff) == 9)
        f->spsr = go_down(f);
    if (esr() >> 26 == 0 || esr() >> 26 == 0x3c)
        f->elr += 4;
}

static char stacks[3][4096] __attribute__((aligned(16)));

static void sgi(unsigned id)
{
    REG32(GICD + 0xf00) = 1u << 16 | id;
    __asm__ volatile("nop\n nop" : : : "memory");
}

static void at_el1(void)
{
    show("level", el_now());
    __asm__ volatile("svc #1");
    __asm__ volatile("hvc #2");
    __asm__ volatile("brk #3");
    if (began == 3)
        return; /* the GIC of that board has security extensions in QEMU */
    puts_("interrupt for the level above, masked here\n");
    __asm__ volatile("msr daifset, #2");
    sgi(3);
    puts_("and for this one\n");
    __asm__ volatile("hvc #4");
}

int main(void)
{
    show("level", el_now());
    began = el_now();
    show("pfr0", READ(id_aa64pfr0_el1));
    REG32(GICD) = 1;
    REG32(GICC) = 1;
    REG32(GICC + 4) = 0xff;
    if (el_now() == 3) {
        WRITE(sctlr_el2, 0x30c50830);
        WRITE(vbar_el2, vectors);
        WRITE(sp_el2, stacks[2] + 4096);
        WRITE(scr_el3, 1 << 10 | 1 << 8 | 1);
        __asm__ volatile("smc #1");
        wanted = 2;
        __asm__ volatile("mov x9, sp\n smc #9\n mov sp, %0" : :
                         "r"(stacks[2] + 4096) : "x9", "memory");
        show("level", el_now());
        __asm__ volatile("smc #2");
    }
    WRITE(vbar_el1, vectors);
    WRITE(sctlr_el1, 0x30d00800);
    WRITE(hcr_el2, 1ul << 31 | 1 << 4);
    WRITE(cnthctl_el2, 3);
    WRITE(cntvoff_el2, 0);
    __asm__ volatile("brk #5");
    WRITE(sp_el1, stacks[1] + 4096);
    wanted = 1;
    __asm__ volatile("hvc #9");
    at_el1();
    stop(0);
}
