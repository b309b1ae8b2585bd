/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a core says of itself, and registers that are there to be stored; who
 * may use STIR.
 */
#include "cm.h"

static void features(void)
{
    static const char *const names[] = {
        "id_pfr0", "id_pfr1", "id_dfr0", "id_afr0", "id_mmfr0", "id_mmfr1",
        "id_mmfr2", "id_mmfr3", "id_isar0", "id_isar1", "id_isar2", "id_isar3",
        "id_isar4", "id_isar5", "clidr", "ctr"
    };

    line("cpuid", REG(0xe000ed00));
    for (unsigned i = 0; i < sizeof names / sizeof *names; i++)
        line(names[i], REG(0xe000ed40 + 4 * i));
    REG(0xe000ed84) = 0;
    barrier();
    line("ccsidr data", REG(0xe000ed80));
    REG(0xe000ed84) = 1;
    barrier();
    line("ccsidr code", REG(0xe000ed80));
    line("mvfr0", REG(0xe000ef40));
    line("mvfr1", REG(0xe000ef44));
    line("mvfr2", REG(0xe000ef48));
}

static void stored(void)
{
    REG(0xe000e008) = 0xffffffff;
    line("actlr", REG(0xe000e008));
    REG(0xe000e008) = 0;
    line("fpccr", FPCCR);
    FPDSCR = 0xffffffff;
    line("fpdscr", FPDSCR & 0x07c00000);
    FPDSCR = 0;
    FPCAR = 0xffffffff;
    line("fpcar", FPCAR);
    SHCSR = 0x000f0000;
    line("shcsr", SHCSR);
    SHCSR = 0;
    CCR = 0x00030000;
    line("ccr caches", CCR & 0x00030000);
    CCR = 0;
}

/* ------------------------------------------------------------------ */
/* STIR                                                                 */
/* ------------------------------------------------------------------ */

static unsigned taken;

static void irq(uint32_t *frame, uint32_t lr)
{
    (void)frame;
    (void)lr;
    taken = READ_SPECIAL("ipsr");
}

static void fault(uint32_t *frame, uint32_t lr)
{
    (void)lr;
    line("  fault", CFSR);
    line("  at", BFAR);
    CFSR = CFSR;
    frame[F_PC] += 2;
}

static void raise_privilege(uint32_t *frame, uint32_t lr)
{
    (void)frame;
    (void)lr;
    WRITE_SPECIAL("control", 0);
}

__attribute__((naked, noinline)) static void
    store(volatile uint32_t *at __attribute__((unused)),
          uint32_t value __attribute__((unused)))
{
    __asm__ volatile("str r1, [r0]\n nop\n dsb\n isb\n bx lr");
}

__attribute__((naked, noinline)) static void
    load(volatile uint32_t *at __attribute__((unused)),
         uint32_t value __attribute__((unused)))
{
    __asm__ volatile("ldr r1, [r0]\n nop\n bx lr");
}

static void as_user(const char *title,
                    void (*access)(volatile uint32_t *, uint32_t),
                    volatile uint32_t *at, uint32_t value)
{
    put(title);
    put(":\n");
    taken = 0;
    WRITE_SPECIAL("control", 1);
    access(at, value);
    __asm__ volatile("svc 0" ::: "memory");
    line_dec("  taken", taken);
}

static void software_interrupts(void)
{
    on[SVCALL] = raise_privilege;
    on[BUSFAULT] = fault;
    on[IRQ0 + 3] = on[IRQ0 + 4] = irq;
    SHCSR = 1u << 17;
    NVIC_ISER(0) = 0x18;
    STIR = 3;
    barrier();
    line_dec("stir", taken);
    as_user("stir of a user", store, &STIR, 4);
    CCR |= 2;
    as_user("stir allowed", store, &STIR, 4);
    as_user("cfsr is not", load, &CFSR, 0);
    as_user("nor is vtor", store, &VTOR, 0);
    CCR &= ~2u;
    as_user("not any more", store, &STIR, 4);
}

void run(void)
{
    features();
    stored();
    software_interrupts();
}
