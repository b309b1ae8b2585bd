/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Priorities: order, preemption, grouping, masks, nesting, tail-chaining and
 * late arrival, with interrupts that the guest pends itself.
 */
#include "cm.h"

static unsigned depth;

static void enter(const char *what)
{
    put(depth == 0 ? " [" : " (");
    depth++;
    put(what);
}

static void leave(void)
{
    depth--;
    put(depth == 0 ? "]" : ")");
}

static void irq(uint32_t *frame, uint32_t lr)
{
    char name[2] = { (char)('0' + READ_SPECIAL("ipsr") - IRQ0), 0 };

    (void)frame;
    (void)lr;
    enter(name);
    leave();
}

/* Pends 1 and 3 while it runs. */
static void irq_pends(uint32_t *frame, uint32_t lr)
{
    (void)frame;
    (void)lr;
    enter("2");
    NVIC_ISPR(0) = 1u << 1 | 1u << 3;
    barrier();
    put(" end");
    leave();
}

static void named(uint32_t *frame, uint32_t lr)
{
    unsigned n = READ_SPECIAL("ipsr");

    (void)frame;
    (void)lr;
    enter(n == NMI ? "nmi" : n == SVCALL ? "svc" : n == PENDSV ? "pendsv"
                                                               : "systick");
    leave();
}

static void priorities(unsigned p0, unsigned p1, unsigned p2, unsigned p3)
{
    set_priority(IRQ0 + 0, p0);
    set_priority(IRQ0 + 1, p1);
    set_priority(IRQ0 + 2, p2);
    set_priority(IRQ0 + 3, p3);
}

static void pend(const char *title, uint32_t mask)
{
    put(title);
    put(":");
    NVIC_ISPR(0) = mask;
    barrier();
    put("\n");
}

/* All at once, so that the order is the choice of the NVIC. */
static void pend_masked(const char *title, uint32_t mask)
{
    put(title);
    put(":");
    __asm__ volatile("cpsid i");
    NVIC_ISPR(0) = mask;
    barrier();
    __asm__ volatile("cpsie i\n isb");
    put("\n");
}

static void order(void)
{
    priorities(0xc0, 0x80, 0x40, 0x00);
    pend_masked("by priority", 0xf);
    priorities(0x40, 0x40, 0x40, 0x40);
    pend_masked("by number", 0xf);
    priorities(0x80, 0x40, 0x80, 0x40);
    pend_masked("by both", 0xf);
}

static void preemption(void)
{
    on[IRQ0 + 2] = irq_pends;
    priorities(0, 0x40, 0x80, 0xc0);
    pend("1 preempts 2, 3 follows", 1u << 2);
    priorities(0, 0x80, 0x80, 0x40);
    pend("3 preempts 2, 1 follows", 1u << 2);
    priorities(0, 0xc0, 0x80, 0x80);
    pend("nobody preempts 2", 1u << 2);
    on[IRQ0 + 2] = irq;
}

static void system_exceptions(void)
{
    on[NMI] = on[SVCALL] = on[PENDSV] = on[SYSTICK] = named;
    set_priority(SVCALL, 0x40);
    set_priority(PENDSV, 0x80);
    set_priority(SYSTICK, 0x80);
    priorities(0x80, 0x40, 0xc0, 0xc0);
    put("with system exceptions:");
    __asm__ volatile("cpsid i");
    ICSR = 1u << 28 | 1u << 26;
    NVIC_ISPR(0) = 7;
    barrier();
    __asm__ volatile("cpsie i\n isb");
    put("\ncleared again:");
    __asm__ volatile("cpsid i");
    ICSR = 1u << 28 | 1u << 26;
    NVIC_ISPR(0) = 7;
    ICSR = 1u << 27;
    ICSR = 1u << 25;
    NVIC_ICPR(0) = 6;
    barrier();
    __asm__ volatile("cpsie i\n isb");
    put("\nnmi in spite of PRIMASK:");
    __asm__ volatile("cpsid i");
    ICSR = 1u << 31;
    barrier();
    __asm__ volatile("cpsie i\n isb");
    put("\nsvc:");
    __asm__ volatile("svc 0");
    put("\n");
}

static void enabling(void)
{
    priorities(0x40, 0x40, 0x40, 0x40);
    NVIC_ICER(0) = 1u << 1;
    line("enabled", NVIC_ISER(0));
    pend("1 is off", 1u << 1 | 1u << 2);
    line("pending", NVIC_ISPR(0));
    line("icsr", ICSR & 0x1ff000);
    put("on:");
    NVIC_ISER(0) = 1u << 1;
    barrier();
    put("\n");
    line("pending", NVIC_ISPR(0));
}

/* Armv6-M has no RETTOBASE, though QEMU shows it. */
static uint32_t icsr(void)
{
    return ICSR & ~(V6M ? 1u << 11 : 0);
}

static void show_state(uint32_t *frame, uint32_t lr)
{
    (void)frame;
    line("irq: lr", lr);
    line("  icsr", icsr() & ~0x00400000u);
#if !V6M
    line("  active", NVIC_IABR(0));
    line("  shcsr", SHCSR);
#endif
    if (READ_SPECIAL("ipsr") == IRQ0 + 2) {
        NVIC_ISPR(0) = 1u << 1;
        barrier();
        line("back in 2: icsr", icsr());
        /* Pends itself: comes once more when this is done. */
        on[IRQ0 + 2] = irq;
        NVIC_ISPR(0) = 1u << 2;
        barrier();
        line("itself pending: icsr", icsr());
    }
}

static void state(void)
{
    priorities(0, 0x40, 0x80, 0xc0);
    on[IRQ0 + 1] = on[IRQ0 + 2] = show_state;
    pend("nested", 1u << 2);
    on[IRQ0 + 1] = irq;
}

#if !V6M
static void grouping(void)
{
    on[IRQ0 + 2] = irq_pends;
    priorities(0, 0x40, 0x60, 0xc0);
    AIRCR = 0x05fa0000 | 4 << 8;
    line("aircr", AIRCR & 0xffff0700);
    pend("group of three bits: 1 preempts 2", 1u << 2);
    AIRCR = 0x05fa0000 | 5 << 8;
    pend("group of two bits: it does not", 1u << 2);
    AIRCR = 0x05fa0000 | 7 << 8;
    pend("no groups: it does not", 1u << 2);
    pend_masked("no groups, still in order", 0xf);
    AIRCR = 0x12340000;
    line("aircr", AIRCR & 0xffff0700);
    AIRCR = 0x05fa0000;
    on[IRQ0 + 2] = irq;
}

/* Groups that are changed while a handler runs. */
static void regroup(uint32_t *frame, uint32_t lr)
{
    (void)frame;
    (void)lr;
    enter("2");
    AIRCR = 0x05fa0000 | 6 << 8;
    NVIC_ISPR(0) = 1u << 1;
    barrier();
    put(" not yet");
    AIRCR = 0x05fa0000;
    barrier();
    put(" end");
    leave();
}

/* Priority of a pending, and of an active, exception. */
static void reprioritize(uint32_t *frame, uint32_t lr)
{
    (void)frame;
    (void)lr;
    enter("2");
    NVIC_ISPR(0) = 1u << 1;
    barrier();
    put(" not yet");
    set_priority(IRQ0 + 1, 0x40);
    barrier();
    put(" again");
    set_priority(IRQ0 + 1, 0xc0);
    NVIC_ISPR(0) = 1u << 1;
    barrier();
    set_priority(IRQ0 + 2, 0xe0);
    barrier();
    put(" end");
    leave();
}

static void changes(void)
{
    on[IRQ0 + 2] = regroup;
    priorities(0, 0x40, 0x60, 0xc0);
    pend("regrouped in the handler", 1u << 2);
    on[IRQ0 + 2] = reprioritize;
    priorities(0, 0xc0, 0x80, 0xc0);
    pend("reprioritized in the handler", 1u << 2);
    on[IRQ0 + 2] = irq;
}

static void masks(void)
{
    priorities(0x20, 0x40, 0x80, 0xc0);
    put("basepri 80:");
    WRITE_SPECIAL("basepri", 0x80);
    NVIC_ISPR(0) = 0xf;
    barrier();
    put(" | 0:");
    WRITE_SPECIAL("basepri", 0);
    put("\n");
    WRITE_SPECIAL("basepri", 0x80);
    WRITE_SPECIAL("basepri_max", 0xc0);
    line("basepri_max does not lower", READ_SPECIAL("basepri"));
    WRITE_SPECIAL("basepri_max", 0x40);
    line("basepri_max raises", READ_SPECIAL("basepri"));
    WRITE_SPECIAL("basepri_max", 0);
    line("basepri_max is not switched off", READ_SPECIAL("basepri"));
    WRITE_SPECIAL("basepri", 0);
    put("faultmask:");
    __asm__ volatile("cpsid f");
    NVIC_ISPR(0) = 0xf;
    ICSR = 1u << 31;
    barrier();
    put(" |");
    line(" ", READ_SPECIAL("faultmask"));
    put("off:");
    __asm__ volatile("cpsie f\n isb");
    put("\n");
}

/* A return clears FAULTMASK, but not that from an NMI (B1.5.8). */
static void set_faultmask(uint32_t *frame, uint32_t lr)
{
    (void)frame;
    (void)lr;
    __asm__ volatile("cpsid f");
    line("in the handler", READ_SPECIAL("faultmask"));
}

static void faultmask_at_return(void)
{
    on[IRQ0 + 2] = set_faultmask;
    pend("faultmask", 1u << 2);
    line("behind it", READ_SPECIAL("faultmask"));
    on[IRQ0 + 2] = irq;
}

static void stir(void)
{
    put("stir:");
    STIR = 3;
    barrier();
    put("\n");
}
#endif

/* The frame of the first is used by the second: no return in between. */
static uint32_t first_frame, second_frame;

static void note_first(uint32_t *frame, uint32_t lr)
{
    (void)lr;
    first_frame = (uint32_t)frame;
    enter("1");
    leave();
}

static void note_second(uint32_t *frame, uint32_t lr)
{
    second_frame = (uint32_t)frame;
    enter("2");
    leave();
    line(" lr", lr);
}

static void tail_chaining(void)
{
    on[IRQ0 + 1] = note_first;
    on[IRQ0 + 2] = note_second;
    priorities(0x40, 0x40, 0x80, 0xc0);
    pend_masked("tail-chained", 6);
    line_dec("same frame", first_frame == second_frame);
    on[IRQ0 + 1] = on[IRQ0 + 2] = irq;
}

void run(void)
{
    for (unsigned i = 0; i < 4; i++)
        on[IRQ0 + i] = irq;
    NVIC_ISER(0) = 0xf;
    order();
    preemption();
    system_exceptions();
    enabling();
    state();
    tail_chaining();
#if !V6M
    grouping();
    changes();
    masks();
    faultmask_at_return();
    stir();
#endif
}
