/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Stack limits of Armv8-M: MSPLIM and PSPLIM. */
#include "cm.h"

enum { STACK = 0x100, ROOM = 0x48 }; /* ROOM: for two frames and a bit */

static uint8_t stack[STACK] __attribute__((aligned(8)));

struct {
    uint32_t fault_at, go_on;
} labels;

static unsigned faults;

static void report(uint32_t *frame, uint32_t lr)
{
    put("exception ");
    put_dec(READ_SPECIAL("ipsr"));
    line(", pc +", frame[F_PC] - labels.fault_at);
    line("  lr", lr);
    line("  cfsr", CFSR);
    line("  psp stack +", READ_SPECIAL("psp") - (uint32_t)stack);
    CFSR = CFSR;
    frame[F_PC] = labels.go_on;
    frame[F_XPSR] = 1u << 24;
    faults++;
}

/* On the process stack: @a psp bytes above the limit. */
#define CASE(name, instruction)                                                \
    __attribute__((naked, noinline)) static void name(                         \
        uint32_t psp __attribute__((unused)))                                  \
    {                                                                          \
        __asm__ volatile("push {r4-r7, lr}\n"                                  \
                         "ldr r1, =labels\n"                                   \
                         "ldr r2, =1f\n"                                       \
                         "str r2, [r1]\n"                                      \
                         "ldr r2, =2f\n"                                       \
                         "str r2, [r1, #4]\n"                                  \
                         "ldr r1, =stack + 0x40\n"                             \
                         "msr psplim, r1\n"                                    \
                         "adds r0, r1\n"                                       \
                         "msr psp, r0\n"                                       \
                         "movs r1, #2\n"                                       \
                         "msr control, r1\n"                                   \
                         "isb\n"                                               \
                         "1: " instruction "\n"                                \
                         "2: movs r1, #0\n"                                    \
                         "msr control, r1\n"                                   \
                         "isb\n"                                               \
                         "msr psplim, r1\n"                                    \
                         "pop {r4-r7, pc}\n"                                   \
                         ".ltorg\n");                                          \
    }

CASE(push, "push {r0-r7}")
CASE(push_wide, "push.w {r0-r8}")
CASE(subtract, "sub sp, #0x48")
CASE(subtract_more, "sub sp, #0x4c")
CASE(move, "mov sp, r1")
CASE(store_below, "str r0, [sp, #-0x60]")
CASE(store_indexed, "str r0, [sp, #-0x60]!")
CASE(svc, "svc 0")

#define TRY(call)                                                              \
    do {                                                                       \
        put(#call ": ");                                                       \
        faults = 0;                                                            \
        call;                                                                  \
        if (!faults)                                                           \
            put("no fault\n");                                                 \
    } while (0)

static void called(uint32_t *frame, uint32_t lr)
{
    (void)frame;
    line("svc: lr", lr);
}

/* The frame did not fit: a good one for the SVC, which is still pending. */
static void no_room(uint32_t *frame, uint32_t lr)
{
    uint32_t *made = (uint32_t *)(stack + STACK - 32);

    (void)frame;
    line("no room: lr", lr);
    line("  cfsr", CFSR);
    line("  psp stack +", READ_SPECIAL("psp") - (uint32_t)stack);
    line("  below", *(uint32_t *)(stack + 0x3c));
    CFSR = CFSR;
    made[F_PC] = labels.go_on;
    made[F_XPSR] = 1u << 24;
    WRITE_SPECIAL("psp", made);
    faults++;
}

static void main_stack(void)
{
    uint32_t sp = READ_SPECIAL("msp");

    WRITE_SPECIAL("msplim", sp - 0x800);
    line("msplim", sp - 0x800 - READ_SPECIAL("msplim") - (sp & 7));
    WRITE_SPECIAL("msplim", 0);
}

void run(void)
{
    on[USAGEFAULT] = on[HARDFAULT] = report;
    on[SVCALL] = called;
    SHCSR = 7u << 16;
    set_priority(SVCALL, 0x80);
    line("msplim", READ_SPECIAL("msplim"));
    WRITE_SPECIAL("psplim", 0x38000107);
    line("psplim", READ_SPECIAL("psplim"));
    main_stack();
    TRY(push(0x48));
    TRY(push(0x20));
    TRY(push_wide(0x44));
    TRY(push_wide(0x20));
    TRY(subtract(ROOM));
    TRY(subtract_more(ROOM));
    TRY(move(ROOM));
    TRY(store_below(ROOM));
    TRY(store_indexed(ROOM));
    TRY(svc(0x20));
    on[USAGEFAULT] = no_room;
    TRY(svc(0x1c));
    TRY(svc(0x00));
}
