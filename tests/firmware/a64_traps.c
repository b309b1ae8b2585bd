/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Traps of EL1 to EL2 and EL3, HVC and SMC that are switched off, and virtual
 * interrupts. The highest level chooses what traps when it is called.
 */
#include "a64.h"

static unsigned began;
static char stacks[2][4096] __attribute__((aligned(16)));
static char line[4096] __attribute__((aligned(4096)));

enum { NONE, REGISTERS, CACHES, OTHERS, WAITS, CALLS, VIRTUAL };

/** What is trapped to EL2. */
static void trap_to_el2(unsigned what)
{
    u64 hcr = 1ul << 31;

    WRITE(cptr_el2, 0x33ff | (what == OTHERS ? 1u << 31 | 1u << 10 : 0));
    WRITE(mdcr_el2, what == OTHERS ? 0xe60 : 0);
    WRITE(cnthctl_el2, what == OTHERS ? 0 : 3);
    if (what == REGISTERS)
        hcr |= 1ul << 30 | 1 << 26 | 1 << 21 | 7 << 16;
    if (what == CACHES)
        hcr |= 1 << 28 | 15 << 22;
    if (what == WAITS)
        hcr |= 1 << 13;
    if (what == CALLS)
        hcr |= began == 2 ? 1 << 29 | 1 << 19 : 0;
    if (what == VIRTUAL)
        hcr |= 3 << 3 | 3 << 6;
    WRITE(hcr_el2, hcr);
}

/** What is trapped to EL3. */
static void trap_to_el3(unsigned what)
{
    WRITE(cptr_el3, what == OTHERS ? 1u << 31 | 1u << 10 : 0);
    WRITE(mdcr_el3, what == OTHERS ? 0x640 : 0);
    WRITE(scr_el3, 1 << 10 | 1 | (what == CALLS ? 1 << 7 : 1 << 8) |
                       (what == WAITS ? 1 << 12 : 0));
}

void on_exception(frame *f, unsigned vector)
{
    u64 syndrome = esr();
    unsigned ec = syndrome >> 26, immediate = syndrome & 0xffff;

    puts_("  at ");
    put_hex(el_now());
    puts_(" vector ");
    put_hex(vector);
    if (vector % 4) {
        puts_("\n");
        f->spsr |= vector % 4 == 1 ? 0x80 : 0x40;
        return;
    }
    show(" esr", syndrome);
    if ((ec == 0x16 || ec == 0x17) && immediate >= 0x100) {
        if (el_now() == 2)
            trap_to_el2(immediate - 0x100);
        else
            trap_to_el3(immediate - 0x100);
    } else if (ec != 0x16 && (ec != 0x17 || el_now() == 2)) {
        f->elr += 4;
    }
}

#define EACH(_)                                                                \
    _("mrs x0, sctlr_el1") _("msr contextidr_el1, xzr")                        \
    _("mrs x0, ttbr0_el1") _("mrs x0, mair_el1") _("msr far_el1, xzr")         \
    _("mrs x0, actlr_el1") _("mrs x0, id_aa64mmfr0_el1")                       \
    _("mrs x0, id_pfr0_el1") _("mrs x0, ctr_el0") _("mrs x0, clidr_el1")       \
    _("msr csselr_el1, xzr") _("mrs x0, revidr_el1") _("mrs x0, aidr_el1")     \
    _("dc cisw, xzr") _("dc civac, x20") _("dc cvac, x20") _("ic iallu")       \
    _("ic ivau, x20") _("dc cvau, x20") _("tlbi vmalle1") _("dc zva, x20")     \
    _("mrs x0, cpacr_el1") _("mrs x0, mdscr_el1") _("mrs x0, oslsr_el1")       \
    _("mrs x0, mdrar_el1") _("mrs x0, pmcr_el0") _("mrs x0, pmuserenr_el0")    \
    _("mrs x0, cntp_ctl_el0") _("mrs x0, cntpct_el0")                          \
    _("mrs x0, cntvct_el0") _("fmov d0, xzr") _("hvc #1")

#define TRY(code)                                                              \
    puts_(code "\n");                                                          \
    __asm__ volatile("mov x20, %0\n" code : : "r"(line) : "x0", "x20",         \
                     "memory");

#define CHOOSE(what)                                                           \
    show("traps", what);                                                       \
    __asm__ volatile("hvc %0" : : "i"(0x100 + (what)));                        \
    if (began == 3)                                                            \
        __asm__ volatile("smc %0" : : "i"(0x100 + (what)));

static __attribute__((noinline)) void try_all(void)
{
    EACH(TRY)
    if (began == 3) { /* QEMU would take it for a call of PSCI */
        TRY("smc #1")
    }
}

static void at_el1(void)
{
    WRITE(cpacr_el1, 3 << 20);
    if (began == 2) { /* at EL3 they trap to EL2 as well */
        CHOOSE(REGISTERS)
        try_all();
    }
    CHOOSE(CACHES)
    try_all();
    CHOOSE(OTHERS)
    try_all();
    CHOOSE(WAITS)
    __asm__ volatile("wfi");
    CHOOSE(VIRTUAL)
    show("isr", READ(isr_el1));
    __asm__ volatile("wfi\n msr daifclr, #3\n nop\n nop\n msr daifset, #3");
    CHOOSE(CALLS)
    try_all();
    TRY("smc #1")
    stop(0);
}

int main(void)
{
    began = el_now();
    WRITE(sctlr_el1, 0x30d00800);
    WRITE(sctlr_el2, 0x30c50830);
    WRITE(vbar_el1, vectors);
    WRITE(vbar_el2, vectors);
    WRITE(sp_el1, stacks[0] + 4096);
    if (began == 3) {
        WRITE(sp_el2, stacks[1] + 4096);
        trap_to_el3(NONE);
        WRITE(cptr_el2, 0x33ff);
        WRITE(hcr_el2, 1ul << 31);
        WRITE(elr_el3, at_el1);
        WRITE(spsr_el3, 0x3c5);
    } else {
        trap_to_el2(NONE);
        WRITE(elr_el2, at_el1);
        WRITE(spsr_el2, 0x3c5);
    }
    __asm__ volatile("eret");
    return 0;
}
