/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The floating-point extension: off, on, its frames, and lazy stacking.
 */
#include "cm.h"

enum { FRAME_FP = 8 }; /* s0 in the long frame, FPSCR behind s15 */

static uint32_t seen_lr, seen_s0, seen_s15, seen_fpscr, seen_fpccr, seen_align;
static bool use_fp;

static void put_s(uint32_t s0, uint32_t s15)
{
    __asm__ volatile("vmov s0, %0\n vmov s15, %1" ::"r"(s0), "r"(s15)
                     : "s0", "s15");
}

static uint32_t get_s0(void)
{
    uint32_t value;

    __asm__ volatile("vmov %0, s0" : "=r"(value));
    return value;
}

static uint32_t get_s15(void)
{
    uint32_t value;

    __asm__ volatile("vmov %0, s15" : "=r"(value));
    return value;
}

static uint32_t get_fpscr(void)
{
    uint32_t value;

    __asm__ volatile("vmrs %0, fpscr" : "=r"(value));
    return value;
}

static void put_fpscr(uint32_t value)
{
    __asm__ volatile("vmsr fpscr, %0" ::"r"(value));
}

static void handle(uint32_t *words, uint32_t lr)
{
    volatile uint32_t *frame = words;

    seen_lr = lr;
    seen_fpccr = FPCCR;
    seen_align = (uint32_t)frame & 7;
    frame[FRAME_FP] = 0xaaaaaaaa;
    if (use_fp) {
        put_s(0x11111111, 0x22222222);
        seen_fpscr = get_fpscr();
        put_fpscr(0x00400000);
    }
    seen_s0 = frame[FRAME_FP];
    seen_s15 = frame[FRAME_FP + 15];
}

/* SVC with values in s0, s15 and FPSCR; shows what becomes of them. */
static void svc_with_fp(const char *title, bool in_handler)
{
    uint32_t s0, s15, fpscr, control, behind;

    use_fp = in_handler;
    put_s(0x3f800000, 0x40000000);
    put_fpscr(0x03000000);
    control = READ_SPECIAL("control") & 7;
    __asm__ volatile("svc 0" ::: "memory");
    behind = READ_SPECIAL("control") & 7;
    s0 = get_s0();
    s15 = get_s15();
    fpscr = get_fpscr();
    put(title);
    line(":", seen_lr);
    line("  control before", control);
    line("  control behind", behind);
    line("  lspact in the handler", seen_fpccr & 1);
    line("  thread in the handler", seen_fpccr & 8);
    line("  lspact behind", FPCCR & 1);
    line("  alignment", seen_align);
    line("  frame s0", seen_s0);
    if (in_handler) {
        line("  frame s15", seen_s15);
        line("  fpscr in the handler", seen_fpscr);
    }
    line("  s0", s0);
    line("  s15", s15);
    line("  fpscr", fpscr);
}

static void note_lr(uint32_t *frame, uint32_t lr)
{
    (void)frame;
    seen_lr = lr;
}

static void clear_fpca(void)
{
    WRITE_SPECIAL("control", READ_SPECIAL("control") & ~4u);
}

static void without_fp(const char *title)
{
    on[SVCALL] = note_lr;
    clear_fpca();
    __asm__ volatile("svc 0" ::: "memory");
    on[SVCALL] = handle;
    put(title);
    line(":", seen_lr);
}

/* A handler of lower priority uses FP, and one of higher priority comes. */
static void inner(uint32_t *frame, uint32_t lr)
{
    (void)frame;
    line("inner: lr", lr);
    put_s(0x55555555, 0x66666666);
}

static void outer(uint32_t *frame, uint32_t lr)
{
    uint32_t s0;

    (void)frame;
    line("outer: lr", lr);
    line("  control", READ_SPECIAL("control") & 7);
    put_s(0x77777777, 0x88888888);
    line("  control", READ_SPECIAL("control") & 7);
    __asm__ volatile("svc 0" ::: "memory");
    s0 = get_s0();
    line("  s0", s0);
}

static void nested(void)
{
    uint32_t s0;

    set_priority(PENDSV, 0xc0);
    on[PENDSV] = outer;
    on[SVCALL] = inner;
    put_s(0x12121212, 0);
    ICSR = 1u << 28;
    barrier();
    s0 = get_s0();
    line("thread: s0", s0);
    line("  control", READ_SPECIAL("control") & 7);
    on[SVCALL] = handle;
}

/* The lazy frame of a handler that is preempted before it uses FP is of the
 * thread still. */
static void late_user(uint32_t *frame, uint32_t lr)
{
    (void)frame;
    line("late user: lr", lr);
    put_s(0x99999999, 0x99999999);
    line("  lspact", FPCCR & 1);
}

static void passive(uint32_t *frame, uint32_t lr)
{
    (void)frame;
    line("passive: lr", lr);
    line("  lspact", FPCCR & 1);
    __asm__ volatile("svc 0" ::: "memory");
    line("  lspact", FPCCR & 1);
}

static void nested_lazy(void)
{
    uint32_t s0, s15;

    on[PENDSV] = passive;
    on[SVCALL] = late_user;
    put_s(0x13131313, 0x14141414);
    ICSR = 1u << 28;
    barrier();
    s0 = get_s0();
    s15 = get_s15();
    line("thread: s0", s0);
    line("  s15", s15);
    on[SVCALL] = handle;
}

static uint32_t fault_status;

static void disabled(uint32_t *frame, uint32_t lr)
{
    (void)lr;
    fault_status = CFSR;
    CFSR = fault_status;
    line("off: cfsr", fault_status);
    CPACR = 0xfu << 20;
    barrier();
    line("  same instruction again", *(uint16_t *)frame[F_PC]);
}

static uint64_t process_stack[128];

static void on_process_stack(void)
{
    WRITE_SPECIAL("psp", &process_stack[128]);
    WRITE_SPECIAL("control", READ_SPECIAL("control") | 2);
    svc_with_fp("process stack", true);
    WRITE_SPECIAL("control", READ_SPECIAL("control") & ~2u);
}

void run(void)
{
    on[USAGEFAULT] = disabled;
    on[SVCALL] = handle;
    SHCSR = 1u << 18;
    line("cpacr", CPACR);
    line("fpccr", FPCCR & 0xc0000000);
    __asm__ volatile("vmov.f32 s1, #1.0");
    line("cpacr", CPACR);
    line("control", READ_SPECIAL("control") & 7);
    without_fp("no fp in use");
    FPDSCR = 0x02000000;
    svc_with_fp("lazy, not used", false);
    svc_with_fp("lazy, used", true);
    on_process_stack();
    nested();
    nested_lazy();
    FPCCR = 1u << 31;
    svc_with_fp("not lazy, not used", false);
    svc_with_fp("not lazy, used", true);
    FPCCR = 0;
    clear_fpca();
    put_s(1, 2);
    on[SVCALL] = note_lr;
    __asm__ volatile("svc 0" ::: "memory");
    line("without ASPEN: lr", seen_lr);
}
