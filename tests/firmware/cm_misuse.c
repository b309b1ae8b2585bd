/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Firmware that misuses the core, beyond the faults of cm_fault.c: returns,
 * frames, stacks, vectors and jumps that cannot work, registers that cannot be
 * written, handlers without an end, code that changes under way.
 *
 * Each case is given up by its fault handler, which reports and goes back to
 * where the case was begun.
 */
#include "cm.h"

#define NOWHERE 0x9f000000u
#define EXECUTE_NEVER 0x40008000u

uint32_t saved_sp; /* by name in assembler */

/** Call a case. Its fault handler may come back here, too. */
__attribute__((naked, noinline, noclone)) static void
attempt(void (*function)(void) __attribute__((unused)))
{
    __asm__ volatile("push {r3-r7, lr}\n"
                     "mov r4, r8\n mov r5, r9\n mov r6, r10\n mov r7, r11\n"
                     "push {r4-r7}\n"
                     "ldr r1, =saved_sp\n"
                     "mov r2, sp\n"
                     "str r2, [r1]\n"
                     "blx r0\n"
                     ".global recover\n"
                     ".thumb_func\n"
                     "recover: ldr r1, =saved_sp\n"
                     "ldr r1, [r1]\n"
                     "mov sp, r1\n"
                     "pop {r4-r7}\n"
                     "mov r8, r4\n mov r9, r5\n mov r10, r6\n mov r11, r7\n"
                     "pop {r3-r7, pc}\n"
                     ".ltorg\n");
}

extern void recover(void);

/** Leave the handler for `recover`, with nothing else active. */
__attribute__((noreturn)) static void go_back(void)
{
    uint32_t *frame = (uint32_t *)saved_sp - 8;

#if !V6M
    static const uint8_t active_bit[] = {
        [MEMMANAGE] = 0, [BUSFAULT] = 1, [USAGEFAULT] = 3,
    };
    uint32_t ipsr = READ_SPECIAL("ipsr");

    CFSR = CFSR;
    HFSR = HFSR;
    SHCSR = 7u << 16 | (ipsr > HARDFAULT ? 1u << active_bit[ipsr] : 0);
    ICSR = 1u << 27 | 1u << 25;
#endif
    WRITE_SPECIAL("control", 0);
    for (unsigned i = 0; i < 8; i++)
        frame[i] = 0;
    frame[F_PC] = (uint32_t)recover & ~1u;
    frame[F_XPSR] = 1u << 24;
    __asm__ volatile("mov sp, %0\n"
                     "bx %1" ::"r"(frame), "r"(0xfffffff9)
                     : "memory");
    __builtin_unreachable();
}

static void report(uint32_t lr)
{
    put("  exception ");
    put_dec(READ_SPECIAL("ipsr"));
    line(", lr", lr);
#if !V6M
    line("  cfsr", CFSR);
    if (HFSR)
        line("  hfsr", HFSR);
    line("  shcsr", SHCSR & 0xfdff);
#endif
}

uint32_t target; /* of a jump, by name in assembler */

/** The frame is of what faulted. */
static void fault(uint32_t *frame, uint32_t lr)
{
    report(lr);
    line("  pc - target", frame[F_PC] - target);
    line("  xpsr", frame[F_XPSR] & 0x010001ff);
    go_back();
}

#define TRY(call)                                                              \
    do {                                                                       \
        put(#call "\n");                                                       \
        attempt(call);                                                         \
    } while (0)

/* ------------------------------------------------------------------ */
/* Jumps                                                                */
/* ------------------------------------------------------------------ */

/** The address `target` is in r0. */
#define JUMP(name, code)                                                       \
    __attribute__((naked, noinline)) static void name(void)                    \
    {                                                                          \
        __asm__ volatile("push {r4, lr}\n"                                     \
                         "ldr r0, =target\n"                                   \
                         "ldr r0, [r0]\n" code "\n"                            \
                         "pop {r4, pc}\n.ltorg\n");                            \
    }

JUMP(bx_even, "bx r0")
JUMP(blx_even, "blx r0")
JUMP(pop_even, "push {r0}\n pop {pc}")
JUMP(bx_odd, "adds r0, #1\n bx r0")
JUMP(mov_pc_even, "mov lr, r0\n ldr r0, 1f\n nop\n mov pc, r0\n udf #1\n"
                  ".balign 4\n 1: .word 2f\n"
                  "2: nop")
#if !V6M
JUMP(pop_odd, "adds r0, #1\n push {r0}\n pop {pc}")
JUMP(ldr_even, "push {r0}\n ldr pc, [sp]")
JUMP(ldm_even, "push {r0}\n mov r1, sp\n ldm r1, {pc}")
#endif

static void jumps(void)
{
    static const uint32_t data = 0xde00de00; /* UDF #0, if it is code */

    target = (uint32_t)recover & ~1u;
    TRY(bx_even);
    TRY(blx_even);
    TRY(pop_even);
    TRY(mov_pc_even);
#if !V6M
    TRY(ldr_even);
    TRY(ldm_even);
    /* In thread mode EXC_RETURN is an address as any other. */
    target = 0xfffffff8;
    TRY(bx_odd);
    target = 0xfffffffc;
    TRY(pop_odd);
#endif
    target = (uint32_t)&data;
    TRY(bx_odd);
    target = NOWHERE;
    TRY(bx_odd);
}

/* ------------------------------------------------------------------ */
/* Returns and frames                                                   */
/* ------------------------------------------------------------------ */

static void pendsv(void)
{
    ICSR = 1u << 28;
    barrier();
}

#if !V6M
static void svc(void)
{
    __asm__ volatile("svc 0" ::: "memory");
}

uint32_t exc_return; /* by name in assembler */

__attribute__((naked)) static void return_with(uint32_t *frame, uint32_t lr)
{
    (void)frame;
    (void)lr;
    __asm__ volatile("ldr r0, =exc_return\n"
                     "ldr r0, [r0]\n"
                     "bx r0\n"
                     ".ltorg\n");
}

/** The frame is nobody's. */
static void refused(uint32_t *frame, uint32_t lr)
{
    (void)frame;
    report(lr);
    go_back();
}

static void svc_inside(uint32_t *frame, uint32_t lr)
{
    (void)frame;
    (void)lr;
    svc();
    put("  back in the handler\n");
}

static void returns(void)
{
    /* Armv8-M has meanings for bits 0 and 1. */
    static const uint8_t low[] = {
        0x1, 0x5,
#if !V8M
        0x0, 0x2, 0x3, 0x4, 0x6, 0x7, 0x8, 0xa, 0xb, 0xc, 0xe, 0xf,
#endif
    };

    on[SVCALL] = return_with;
    on[USAGEFAULT] = refused;
    for (unsigned i = 0; i < sizeof low; i++) {
        exc_return = 0xfffffff0 | low[i];
        line("return with", exc_return);
        attempt(svc);
    }
    on[PENDSV] = svc_inside;
    set_priority(PENDSV, 0x80);
    exc_return = 0xfffffff9;
    put("to thread mode, from a nested handler\n");
    attempt(pendsv);
    on[USAGEFAULT] = fault;
}

static uint32_t new_pc, new_psr_bits;

static void change_frame(uint32_t *frame, uint32_t lr)
{
    (void)lr;
    if (new_pc)
        frame[F_PC] = new_pc;
    frame[F_XPSR] = (frame[F_XPSR] & ~0x1ffu) | new_psr_bits;
}

__attribute__((naked, noinline)) static void svc_then_count(void)
{
    __asm__ volatile("push {r4, lr}\n"
                     "movs r0, #0\n"
                     "cmp r0, r0\n"
                     "svc 0\n"
                     "adds r0, #1\n"
                     "adds r0, #2\n"
                     "adds r0, #4\n"
                     "adds r0, #8\n"
                     "bl counted\n"
                     "pop {r4, pc}\n");
}

__attribute__((used)) static void counted(uint32_t sum)
{
    line_dec("  executed", sum);
}

static void frames(void)
{
    on[SVCALL] = change_frame;
    on[PENDSV] = svc_inside;
    on[USAGEFAULT] = refused;
    put("thread mode's exception number for a handler\n");
    new_psr_bits = 0;
    attempt(pendsv);
    on[USAGEFAULT] = fault;

    put("a PC where nothing is\n");
    target = new_pc = NOWHERE;
    attempt(svc);
    put("a PC in memory that is not executed\n");
    target = new_pc = EXECUTE_NEVER;
    attempt(svc);
    put("a PC that looks like EXC_RETURN\n");
    target = new_pc = 0xfffffff8;
    attempt(svc);
    new_pc = 0;

    put("IT state that no IT instruction made\n");
    new_psr_bits = 0;
    attempt(svc_then_count);
    new_psr_bits = 0x1c00 | 1u << 25; /* NE, for three instructions */
    attempt(svc_then_count);
    new_psr_bits = 0;
}

/* ------------------------------------------------------------------ */
/* Stacks                                                               */
/* ------------------------------------------------------------------ */

static void move_stack(uint32_t *frame, uint32_t lr)
{
    (void)frame;
    (void)lr;
    WRITE_SPECIAL("psp", NOWHERE);
}

static uint32_t psp;

__attribute__((noinline)) static void svc_on_process_stack(void)
{
    WRITE_SPECIAL("psp", psp);
    WRITE_SPECIAL("control", 2);
    __asm__ volatile("svc 0" ::: "memory");
    WRITE_SPECIAL("control", 0);
}

static void nothing(uint32_t *frame, uint32_t lr)
{
    (void)frame;
    (void)lr;
}

static void stacks(void)
{
    static uint64_t stack[32];

    on[BUSFAULT] = on[MEMMANAGE] = refused;
    on[SVCALL] = move_stack;
    put("the frame is gone at the return\n");
    psp = (uint32_t)&stack[32];
    attempt(svc_on_process_stack);
    on[SVCALL] = nothing;
    put("the frame has no place\n");
    psp = NOWHERE + 0x20;
    attempt(svc_on_process_stack);
    put("and its fault is less urgent than the call\n");
    set_priority(BUSFAULT, 0x80);
    on[HARDFAULT] = refused;
    attempt(svc_on_process_stack);
    set_priority(BUSFAULT, 0);
    on[HARDFAULT] = on[BUSFAULT] = on[MEMMANAGE] = fault;
}

/* ------------------------------------------------------------------ */
/* Vectors                                                              */
/* ------------------------------------------------------------------ */

static uint32_t table[IRQ0 + 32] __attribute__((aligned(512)));

static void with_vector(const char *title, uint32_t vector)
{
    put(title);
    put("\n");
    table[PENDSV] = vector;
    target = vector & ~1u;
    barrier();
    attempt(pendsv);
}

static void vectors(void)
{
    const uint32_t *old = (const uint32_t *)VTOR;

    for (unsigned i = 0; i < IRQ0 + 32; i++)
        table[i] = old[i];
    VTOR = (uint32_t)table;
    set_priority(PENDSV, 0x80);
    with_vector("a vector to an even address", old[PENDSV] & ~1u);
    with_vector("a vector to nothing", NOWHERE | 1);
    with_vector("a vector to memory that is not executed", EXECUTE_NEVER | 1);
    with_vector("a vector that looks like EXC_RETURN", 0xffffffff);
    put("and as urgent as its fault\n");
    set_priority(PENDSV, 0);
    with_vector("a vector to an even address", old[PENDSV] & ~1u);
    with_vector("a vector to nothing", NOWHERE | 1);
    VTOR = (uint32_t)old;
}
#endif

/* ------------------------------------------------------------------ */
/* Registers                                                            */
/* ------------------------------------------------------------------ */

static void read_only(void)
{
    static const uint32_t registers[] = {
        0xe000e01c, /* SYST_CALIB */
        0xe000ed00, /* CPUID */
#if !V6M
        0xe000e004, /* ICTR */
        0xe000e300, /* NVIC_IABR0 */
        0xe000ed40, 0xe000ed44, 0xe000ed48, 0xe000ed50, 0xe000ed60, 0xe000ed74,
        0xe000ef40, 0xe000ef44,
#endif
    };
    unsigned changed = 0;

    for (unsigned i = 0; i < sizeof registers / sizeof *registers; i++) {
        uint32_t before = REG(registers[i]);

        REG(registers[i]) = ~before;
        barrier();
        changed += REG(registers[i]) != before;
    }
    line_dec("read-only registers that changed", changed);
    ICSR = 0x1ff;
    line("vectactive", ICSR & 0x1ff);
}

static void priorities(void)
{
    uint32_t before = NVIC_IPR(7);

    NVIC_IPR(7) = 0xffffffff;
    line("bits of an interrupt's priority", NVIC_IPR(7));
    NVIC_IPR(7) = before;
    before = SHPR(2);
    SHPR(2) = 0xffffffff;
    line("bits of shpr2", SHPR(2));
    SHPR(2) = before;
#if !V6M
    WRITE_SPECIAL("basepri", 0xffffff00);
    line("basepri of bits that are not there", READ_SPECIAL("basepri"));
    WRITE_SPECIAL("basepri", 0);
    WRITE_SPECIAL("primask", 0xfffffffe);
    line("primask of them", READ_SPECIAL("primask"));
#endif
}

/* ------------------------------------------------------------------ */
/* Storms                                                               */
/* ------------------------------------------------------------------ */

enum { STORM = 1000 };

static volatile unsigned calls, thread;

static void pendsv_again(uint32_t *frame, uint32_t lr)
{
    (void)frame;
    (void)lr;
    if (++calls < STORM)
        ICSR = 1u << 28;
}

static void nmi_again(uint32_t *frame, uint32_t lr)
{
    (void)frame;
    (void)lr;
    if (++calls < STORM)
        ICSR = 1u << 31;
}

static void tick_again(uint32_t *frame, uint32_t lr)
{
    (void)frame;
    (void)lr;
    if (++calls >= STORM)
        SYST_CSR = 0;
}

static void storms(void)
{
    on[PENDSV] = pendsv_again;
    calls = 0;
    pendsv();
    line_dec("pendsv that pends itself", calls);
    on[NMI] = nmi_again;
    calls = 0;
    ICSR = 1u << 31;
    barrier();
    line_dec("nmi that pends itself", calls);
    on[SYSTICK] = tick_again;
    calls = 0;
    SYST_RVR = 1;
    SYST_CVR = 0;
    SYST_CSR = 7;
    while (calls < STORM)
        thread++;
    line_dec("systick without a pause", calls >= STORM);
}

/* ------------------------------------------------------------------ */
/* Code that changes                                                    */
/* ------------------------------------------------------------------ */

/* movs r0, #n; bx lr */
static volatile uint16_t function[2] __attribute__((aligned(4)));

static void overwrite(uint32_t *frame, uint32_t lr)
{
    (void)frame;
    (void)lr;
    function[0]++;
}

/* A loop in RAM that a handler changes: adds r0, #1; the call of the handler;
 * subs r1, #1; bne; bx lr. */
static uint16_t loop[] __attribute__((aligned(4))) = {
    0x3001, 0xdf00, 0x3901, 0xd1fb, 0x4770,
};

static void change_loop(uint32_t *frame, uint32_t lr)
{
    (void)frame;
    (void)lr;
    loop[0] = 0x3001 + (loop[0] & 0xf) % 9;
    barrier();
}

static void changing_code(void)
{
    unsigned wrong = 0;

    function[0] = 0x2000;
    function[1] = 0x4770;
    barrier();
    on[PENDSV] = overwrite;
    for (unsigned i = 1; i <= 200; i++) {
        pendsv();
        wrong += ((uint32_t(*)(void))((uint32_t)function | 1))() != i;
    }
    line_dec("wrong results of code that a handler changed", wrong);
    on[SVCALL] = change_loop;
    line_dec("a loop that a handler changed",
             ((uint32_t(*)(uint32_t, uint32_t))((uint32_t)loop | 1))(0, 20));
}

void run(void)
{
    on[HARDFAULT] = on[MEMMANAGE] = on[BUSFAULT] = on[USAGEFAULT] = fault;
#if V6M
    jumps();
#else
    SHCSR = 7u << 16;
    jumps();
    returns();
    frames();
    stacks();
    vectors();
#endif
    read_only();
    priorities();
    storms();
    changing_code();
}
