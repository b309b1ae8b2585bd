/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which branches return from an exception, ICI state in a frame, and stack
 * limits at negative priorities.
 */
#include "cm.h"

uint32_t go_on;

static void fault(uint32_t *frame, uint32_t lr)
{
    line_dec("  exception", READ_SPECIAL("ipsr"));
    line("  lr", lr);
    line("  cfsr", CFSR);
    line("  pc", frame[F_PC]);
    CFSR = CFSR;
    frame[F_PC] = go_on;
    frame[F_XPSR] |= 1u << 24;
}

/* In the handler of SVC. */
#define BRANCH(name, instruction)                                              \
    static void name(uint32_t *frame, uint32_t lr)                             \
    {                                                                          \
        (void)frame;                                                           \
        __asm__ volatile("push {r4-r11}\n"                                     \
                         "ldr r1, =go_on\n"                                    \
                         "ldr r2, =1f\n"                                       \
                         "str r2, [r1]\n"                                      \
                         "mov r0, %0\n"                                        \
                         "b 2f\n"                                              \
                         "2: " instruction "\n"                                \
                         "1: pop {r4-r11}\n"                                   \
                         ".ltorg\n" ::"r"(lr)                                  \
                         : "r0", "r1", "r2", "lr", "memory");                  \
    }

BRANCH(move, "mov pc, r0\n nop")
BRANCH(call, "blx r0\n nop")
BRANCH(conditional, "cmp r0, r0\n it eq\n moveq pc, r0\n nop")

static void branch(const char *name, handler h)
{
    put(name);
    put("\n");
    on[SVCALL] = h;
    __asm__ volatile("svc 0" ::: "memory");
    put("  and back\n");
}

/* ICI: go on with r6 of an LDM (B1.5.10); the base is what it was. */
static void interrupted_load(uint32_t *frame, uint32_t lr)
{
    (void)lr;
    frame[F_XPSR] |= 6u << 12;
}

static void state_of(uint32_t *frame, uint32_t lr)
{
    (void)lr;
    line("  it", frame[F_XPSR] & 0x0600fc00);
}

static void loads(void)
{
    static const uint32_t from[4] = { 1, 2, 4, 8 };
    uint32_t sum;

    put("a load that goes on\n");
    on[SVCALL] = interrupted_load;
    __asm__ volatile("movs r6, #0\n"
                     "movs r7, #0\n"
                     "svc 0\n"
                     "ldmia.w %1, {r4, r5, r6, r7}\n"
                     "add %0, r6, r7\n"
                     : "=&r"(sum)
                     : "r"(from)
                     : "r4", "r5", "r6", "r7", "memory");
    line("  last two", sum);
    on[SVCALL] = state_of;
    __asm__ volatile("svc 0" ::: "memory");
}

#if V8M
static unsigned interrupts;

static void nmi(uint32_t *frame, uint32_t lr)
{
    (void)frame;
    (void)lr;
    interrupts++;
}

/* With FAULTMASK set, 64 bytes below the limit. */
static void below_the_limit(void)
{
    uint32_t other;

    on[NMI] = nmi;
    CCR |= 1u << 10; /* STKOFHFNMIGN */
    put("stack limit at a negative priority:");
    if (CCR & 1u << 10) {
        __asm__ volatile("mrs r1, msplim\n"
                         "mov r2, sp\n"
                         "add.w r2, r2, #64\n"
                         "bic r2, r2, #7\n"
                         "cpsid f\n"
                         "msr msplim, r2\n"
                         "push {r1, r2}\n"
                         "sub sp, #16\n"
                         "movw r2, #0xed04\n"
                         "movt r2, #0xe000\n"
                         "mov r3, #0x80000000\n"
                         "str r3, [r2]\n"
                         "dsb\n"
                         "isb\n"
                         "add sp, #16\n"
                         "pop {r1, r2}\n"
                         "mrs r3, msplim\n"
                         "msr msplim, r1\n"
                         "cpsie f\n"
                         "subs %0, r2, r3\n"
                         : "=r"(other)
                         :
                         : "r1", "r2", "r3", "memory");
        put(other ? " changed," : " kept,");
        put_dec(interrupts);
        put(" interrupts,");
    }
    line(" cfsr", CFSR);
}
#endif

void run(void)
{
    SHCSR = 7u << 16;
    on[MEMMANAGE] = fault;
    set_priority(SVCALL, 0x80);
    branch("mov", move);
    branch("blx", call);
    branch("mov in an it block", conditional);
    loads();
#if V8M
    below_the_limit();
#endif
    finish(0);
}
