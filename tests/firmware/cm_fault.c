/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Faults: which exception, status, address and stacked PC each has. A case is
 * one instruction between the labels `fault_at` and `go_on`; the handler
 * reports and continues behind it.
 */
#include "cm.h"

/* Nothing is at this address on any of the boards. */
#define NOWHERE "0x9f000000"

struct {
    uint32_t fault_at, go_on;
} labels;

static unsigned reports;

static void report(uint32_t *frame, uint32_t lr)
{
    put("exception ");
    put_dec(READ_SPECIAL("ipsr"));
    line(", pc +", frame[F_PC] - labels.fault_at);
#if !V6M
    line("  cfsr", CFSR);
    if (HFSR)
        line("  hfsr", HFSR);
    if (CFSR & 1u << 15)
        line("  bfar", BFAR);
    if (CFSR & 1u << 7)
        line("  mmfar", MMFAR);
    CFSR = CFSR;
    HFSR = HFSR;
#endif
    if (lr & 1u << 2)
        put("  on the process stack\n");
    frame[F_PC] = labels.go_on;
    frame[F_XPSR] = (frame[F_XPSR] & ~0x0600fc00u) | 1u << 24;
    if (lr & 1u << 3)
        frame[F_XPSR] &= ~0x1ffu;
    reports++;
}

#define CASE(name, set_up, instruction)                                        \
    __attribute__((naked, noinline)) static void name(void)                    \
    {                                                                          \
        __asm__ volatile("push {r4-r7, lr}\n"                                  \
                         "ldr r0, =labels\n"                                   \
                         "ldr r1, =1f\n"                                       \
                         "str r1, [r0]\n"                                      \
                         "ldr r1, =2f\n"                                       \
                         "str r1, [r0, #4]\n" set_up "\n"                      \
                         "1: " instruction "\n"                                \
                         "2: pop {r4-r7, pc}\n"                                \
                         ".ltorg\n");                                          \
    }

CASE(udf, "nop", "udf #1")
CASE(load, "ldr r0, =" NOWHERE "\n movs r2, #1", "ldr r1, [r0, #4]")
CASE(load_byte, "ldr r0, =" NOWHERE "\n nop\n nop", "ldrb r1, [r0, #3]")
CASE(store, "ldr r0, =" NOWHERE "\n movs r1, #1\n nop", "str r1, [r0, #8]")
CASE(store_half, "ldr r0, =" NOWHERE "\n nop", "strh r1, [r0, #10]")
CASE(load_many, "ldr r0, =" NOWHERE "\n nop", "ldmia r0!, {r1, r2, r3}")
CASE(store_many, "ldr r0, =" NOWHERE "\n nop", "stmia r0!, {r1, r2, r3}")
#if V6M
CASE(odd_load_many, "ldr r0, =labels\n adds r0, #2", "ldmia r0!, {r1, r2}")
#endif
CASE(invstate, ".balign 4\n ldr r0, =1f\n nop", "bx r0")
CASE(svc_masked, "cpsid i", "svc 0")
CASE(load_odd, "ldr r0, =labels\n adds r0, #1", "ldr r1, [r0]")

/* The PC is that of the target, NOWHERE, and the go_on label is the same. */
__attribute__((naked, noinline)) static void jump(uint32_t target __attribute__((unused)))
{
    __asm__ volatile("push {r4, lr}\n"
                     "ldr r1, =labels\n"
                     "ldr r2, =2f\n"
                     "str r0, [r1]\n"
                     "str r2, [r1, #4]\n"
                     "adds r0, r0, #1\n"
                     "blx r0\n"
                     "2: pop {r4, pc}\n"
                     ".ltorg\n");
}

#define TRY(call)                                                              \
    do {                                                                       \
        put(#call ": ");                                                       \
        reports = 0;                                                           \
        call;                                                                  \
        if (!reports)                                                          \
            put("no fault\n");                                                 \
    } while (0)

static void in_common(void)
{
    TRY(udf());
    TRY(load());
    TRY(load_byte());
    TRY(store());
    TRY(store_half());
    TRY(load_many());
    TRY(store_many());
#if V6M
    TRY(odd_load_many());
#endif
    TRY(invstate());
    TRY(jump(0x9f000000));
    TRY(load_odd());
}

static void in_nmi(uint32_t *frame, uint32_t lr)
{
    (void)frame;
    line("nmi in the fault handler", lr);
    line("  vectactive", READ_SPECIAL("ipsr"));
}

static void report_with_nmi(uint32_t *frame, uint32_t lr)
{
    ICSR = 1u << 31;
    barrier();
    report(frame, lr);
}

#if !V6M
CASE(udf_wide, "nop", "udf.w #1")
CASE(load_dual, "ldr r0, =" NOWHERE "\n nop", "ldrd r2, r3, [r0, #16]")
CASE(store_dual, "ldr r0, =" NOWHERE "\n nop", "strd r2, r3, [r0, #-16]!")
CASE(load_indexed, "ldr r0, =" NOWHERE "\n movs r1, #4",
     "ldr r2, [r0, r1, lsl #2]")
CASE(load_in_it, "ldr r0, =" NOWHERE "\n cmp r0, r0\n ittt eq\n moveq r1, #1",
     "ldreq r2, [r0]\n moveq r1, #2")
CASE(skipped_in_it, "ldr r0, =" NOWHERE "\n cmp r0, r0\n it ne",
     "ldrne r2, [r0]")
CASE(store_odd, "sub sp, #4\n mov r0, sp\n adds r0, #1\n nop",
     "str r1, [r0]\n 2: add sp, #4")
CASE(load_half_odd, "ldr r0, =labels\n adds r0, #1\n nop", "ldrh r1, [r0]")
CASE(divide, "movs r0, #7\n movs r1, #0", "udiv r2, r0, r1")
CASE(divide_signed, "movs r0, #7\n movs r1, #0", "sdiv r2, r0, r1")
CASE(divide_well, "movs r0, #7\n movs r1, #2", "sdiv r2, r0, r1")
CASE(divide_skipped, "movs r0, #7\n movs r1, #0\n cmp r0, r0\n it ne",
     "sdivne r2, r0, r1")
CASE(coprocessor, "nop", ".inst.w 0xee000700")
CASE(svc_basepri, "movs r0, #0x20\n msr basepri, r0", "svc 0")

static void on_process_stack(void)
{
    static uint64_t stack[64];

    WRITE_SPECIAL("psp", (uint32_t)&stack[64]);
    WRITE_SPECIAL("control", 2);
    load();
    WRITE_SPECIAL("control", 0);
}

static void v7m_cases(void)
{
    TRY(udf_wide());
    TRY(load_dual());
    TRY(store_dual());
    TRY(load_indexed());
    TRY(load_in_it());
    TRY(skipped_in_it());
    TRY(load_half_odd());
    TRY(coprocessor());
    TRY(jump(0x40008000));
    TRY(jump(0xe0001000));
    TRY(divide());
    TRY(on_process_stack());
}

static void traps(void)
{
    CCR |= 1u << 3;
    TRY(load_odd());
    TRY(load_half_odd());
    TRY(store_odd());
    CCR &= ~(1u << 3);
    TRY(load_odd());
    CCR |= 1u << 4;
    TRY(divide());
    TRY(divide_signed());
    TRY(divide_well());
    TRY(divide_skipped());
    CCR &= ~(1u << 4);
    TRY(divide());
}

static void escalated(void)
{
    set_priority(SVCALL, 0x40);
    TRY(svc_basepri());
    set_priority(SVCALL, 0);
    WRITE_SPECIAL("basepri", 0);
}

static void fault_inside(uint32_t *frame, uint32_t lr)
{
    (void)frame;
    (void)lr;
    load();
}

static void plain_svc(void)
{
    __asm__ volatile("svc 0");
}

/* A bus fault in a handler: taken when its priority is higher. */
static void in_a_handler(void)
{
    on[SVCALL] = fault_inside;
    set_priority(SVCALL, 0x80);
    set_priority(BUSFAULT, 0x40);
    TRY(plain_svc());
    set_priority(BUSFAULT, 0x80);
    TRY(plain_svc());
    set_priority(SVCALL, 0);
    set_priority(BUSFAULT, 0);
}

/* Illegal returns (B1.5.8): the fault is tail-chained onto the frame, with the
 * EXC_RETURN that was refused, so its handler has to know a better one. */
uint32_t *frame_of_svc;

__attribute__((naked)) static void bad_return(uint32_t *frame, uint32_t lr)
{
    (void)frame;
    (void)lr;
    __asm__ volatile("ldr r1, =frame_of_svc\n"
                     "str r0, [r1]\n"
                     "mvn r0, #10\n" /* 0xfffffff5: a handler's on the PSP */
                     "bx r0\n"
                     ".ltorg\n");
}

__attribute__((used)) static void report_bad_return(uint32_t lr)
{
    line("lr", lr);
    report(frame_of_svc, 0);
}

__attribute__((naked)) static void good_return(uint32_t *frame, uint32_t lr)
{
    (void)frame;
    (void)lr;
    __asm__ volatile("push {r1, lr}\n"
                     "mov r0, r1\n"
                     "bl report_bad_return\n"
                     "pop {r1, r2}\n"
                     "mvn r0, #6\n" /* 0xfffffff9 */
                     "bx r0\n");
}

static void bad_frame(uint32_t *frame, uint32_t lr)
{
    (void)lr;
    frame[F_XPSR] |= PENDSV; /* of a handler, for thread mode */
}

static void to_arm_state(uint32_t *frame, uint32_t lr)
{
    (void)lr;
    frame[F_XPSR] &= ~(1u << 24);
}

CASE(svc, "nop", "svc 0")

static void illegal_returns(void)
{
    on[SVCALL] = bad_return;
    on[USAGEFAULT] = good_return;
    TRY(svc());
    on[USAGEFAULT] = report;
    on[SVCALL] = bad_frame;
    TRY(svc());
    on[SVCALL] = to_arm_state;
    TRY(svc());
}

/* A stack that is nowhere: the SVC is taken when the bus fault is done. */
static uint64_t good_stack[32];

static void bad_stack(uint32_t *frame, uint32_t lr)
{
    uint32_t *made = (uint32_t *)&good_stack[20];

    (void)frame;
    line("stacking: lr", lr);
    line("  cfsr", CFSR);
    line("  shcsr", SHCSR & 0xffff);
    CFSR = CFSR;
    made[F_PC] = labels.go_on;
    made[F_XPSR] = 1u << 24;
    WRITE_SPECIAL("psp", made);
}

static void svc_at_last(uint32_t *frame, uint32_t lr)
{
    (void)frame;
    line("svc: lr", lr);
}

__attribute__((naked, noinline)) static void svc_on_bad_stack(void)
{
    __asm__ volatile("push {r4, lr}\n"
                     "ldr r0, =labels\n"
                     "ldr r1, =2f\n"
                     "str r1, [r0, #4]\n"
                     "ldr r0, =" NOWHERE "\n"
                     "msr psp, r0\n"
                     "movs r0, #2\n"
                     "msr control, r0\n"
                     "isb\n"
                     "svc 0\n"
                     "2: movs r0, #0\n"
                     "msr control, r0\n"
                     "isb\n"
                     "pop {r4, pc}\n"
                     ".ltorg\n");
}

static void stacking(void)
{
    on[SVCALL] = svc_at_last;
    on[BUSFAULT] = bad_stack;
    set_priority(SVCALL, 0x80);
    svc_on_bad_stack();
    on[BUSFAULT] = report;
}

/* The private peripheral bus is for privileged code (B3.1). */
static void raise_privilege(uint32_t *frame, uint32_t lr)
{
    (void)frame;
    (void)lr;
    WRITE_SPECIAL("control", 0);
}

CASE(read_scb, "ldr r0, =0xe000ed00\n movs r1, #1\n msr control, r1\n isb",
     "ldr r1, [r0, #8]")
CASE(write_nvic, "ldr r0, =0xe000e100\n movs r1, #1\n msr control, r1\n isb",
     "str r1, [r0]")

static void unprivileged(void)
{
    on[SVCALL] = raise_privilege;
    TRY(read_scb());
    __asm__ volatile("svc 0");
    TRY(write_nvic());
    __asm__ volatile("svc 0");
    line("iser", NVIC_ISER(0));
}
#endif

void run(void)
{
    on[HARDFAULT] = on[MEMMANAGE] = on[BUSFAULT] = on[USAGEFAULT] = report;
    in_common();
    TRY(svc_masked());
    __asm__ volatile("cpsie i");
    on[NMI] = in_nmi;
    on[HARDFAULT] = report_with_nmi;
    TRY(udf());
    on[HARDFAULT] = report;
#if !V6M
    v7m_cases();
    SHCSR = 7u << 16;
    line("shcsr", SHCSR);
    in_common();
    v7m_cases();
    traps();
    escalated();
    in_a_handler();
    illegal_returns();
    stacking();
    unprivileged();
#endif
}
