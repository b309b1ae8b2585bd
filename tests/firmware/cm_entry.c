/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Exception entry and return: frames, stacks, modes, flags. */
#include "cm.h"

static uint64_t process_stack[64];
static uint32_t seen_lr, seen_ipsr, seen_control, seen_frame[8], seen_at;
static uint32_t seen_msp;
uint32_t regs[8]; /* by name in assembler */

static void keep(uint32_t *frame, uint32_t lr)
{
    seen_lr = lr;
    seen_ipsr = READ_SPECIAL("ipsr");
    seen_control = READ_SPECIAL("control");
    seen_msp = READ_SPECIAL("msp");
    seen_at = (uint32_t)frame;
    for (unsigned i = 0; i < 8; i++)
        seen_frame[i] = frame[i];
}

static void show(const char *title)
{
    put(title);
    line(":", seen_lr);
    line("  ipsr", seen_ipsr);
    line("  control", seen_control & ~4u);
}

/* SVC with known values in the registers of the frame. */
__attribute__((naked, noinline)) static void svc_with_values(void)
{
    __asm__ volatile("push {r4, lr}\n"
                     "ldr r0, =0x12345678\n"
                     "mov r12, r0\n"
                     "ldr r0, =0xcafe0001\n"
                     "mov lr, r0\n"
                     "movs r0, #10\n"
                     "movs r1, #11\n"
                     "movs r2, #12\n"
                     "movs r3, #13\n"
                     "svc 7\n"
                     ".global after_svc\n"
                     ".thumb_func\n"
                     "after_svc:\n"
                     "ldr r4, =regs\n"
                     "stmia r4!, {r0, r1, r2, r3}\n"
                     "mov r0, r12\n"
                     "mov r1, lr\n"
                     "stmia r4!, {r0, r1}\n"
                     "pop {r4, pc}\n");
}

extern void after_svc(void);

static void frame_of_thread(void)
{
    svc_with_values();
    show("svc from thread");
    line("  r0", seen_frame[F_R0]);
    line("  r1", seen_frame[F_R1]);
    line("  r2", seen_frame[F_R2]);
    line("  r3", seen_frame[F_R3]);
    line("  r12", seen_frame[F_R12]);
    line("  lr", seen_frame[F_LR]);
    line_dec("  pc is behind the svc",
             seen_frame[F_PC] == ((uint32_t)after_svc & ~1u));
    line("  xpsr", seen_frame[F_XPSR] & 0x010001ff);
    line("  frame alignment", seen_at & 7);
    line_dec("  values are back", regs[0] == 10 && regs[1] == 11 &&
                                      regs[2] == 12 && regs[3] == 13 &&
                                      regs[4] == 0x12345678 &&
                                      regs[5] == 0xcafe0001);
}

/* The stack is 8-aligned here by the procedure call standard; once more with
 * a word on it. */
__attribute__((naked, noinline)) static uint32_t svc_on_odd_stack(void)
{
    __asm__ volatile("mov r0, sp\n"
                     "sub sp, #4\n"
                     "mov r3, sp\n"
                     "svc 1\n"
                     "mov r2, sp\n"
                     "subs r3, r3, r2\n"
                     "add sp, #4\n"
                     "adds r0, r3, #0\n"
                     "bx lr\n");
}

static void alignment(void)
{
    uint32_t moved = svc_on_odd_stack();

    line("odd stack: align bit", seen_frame[F_XPSR] & 0x200);
    line("  frame alignment", seen_at & 7);
    line_dec("  sp moved by", moved);
}

static void on_process_stack(void)
{
    uint32_t msp = READ_SPECIAL("msp");

    WRITE_SPECIAL("psp", (uint32_t)&process_stack[64]);
    WRITE_SPECIAL("control", 2);
    svc_with_values();
    WRITE_SPECIAL("control", 0);
    show("svc from process stack");
    line_dec("  frame on it", seen_at > (uint32_t)process_stack &&
                                  seen_at < (uint32_t)&process_stack[64]);
    line_dec("  msp near", msp - seen_msp < 64);
    line_dec("  psp is back", READ_SPECIAL("psp") ==
                                  (uint32_t)&process_stack[64]);
}

#if !V6M
static uint32_t raised_control;

static void raise_privilege(uint32_t *frame, uint32_t lr)
{
    keep(frame, lr);
    raised_control = READ_SPECIAL("control");
    WRITE_SPECIAL("control", raised_control & ~1u);
}

static void unprivileged(void)
{
    uint32_t primask, control, ipsr;

    on[SVCALL] = keep;
    WRITE_SPECIAL("control", 1);
    __asm__ volatile("svc 0");
    control = READ_SPECIAL("control");
    WRITE_SPECIAL("primask", 1);
    WRITE_SPECIAL("control", 0);
    primask = READ_SPECIAL("primask");
    ipsr = READ_SPECIAL("ipsr");
    on[SVCALL] = raise_privilege;
    __asm__ volatile("svc 0");
    show("svc from unprivileged code");
    line("  control behind it", control & 3);
    line("  primask", primask);
    line("  ipsr", ipsr);
    line("  control in the handler", raised_control & 3);
    line("  raised", READ_SPECIAL("control") & 3);
    WRITE_SPECIAL("primask", 1);
    line("  primask when privileged", READ_SPECIAL("primask"));
    WRITE_SPECIAL("primask", 0);
}
#endif

static void nested_svc(uint32_t *frame, uint32_t lr)
{
    (void)frame;
    __asm__ volatile("svc 3");
    line("pendsv returns with", lr);
}

static void nesting(void)
{
    on[SVCALL] = keep;
    on[PENDSV] = nested_svc;
    set_priority(PENDSV, 0xc0);
    ICSR = 1u << 28;
    barrier();
    show("svc from pendsv");
    line("  xpsr", seen_frame[F_XPSR] & 0x010001ff);
}

static void clobber_flags(uint32_t *frame, uint32_t lr)
{
    keep(frame, lr);
    __asm__ volatile("movs r0, #0\n adds r0, r0, #0" ::: "r0", "cc");
}

__attribute__((noinline)) static uint32_t flags_behind(uint32_t a, uint32_t b)
{
    uint32_t psr;

    __asm__ volatile("cmp %1, %2\n svc 0\n mrs %0, apsr"
                     : "=r"(psr)
                     : "l"(a), "l"(b)
                     : "cc", "memory");
    return psr & 0xf0000000;
}

static void flags(void)
{
    on[SVCALL] = clobber_flags;
    line("flags 1-2", flags_behind(1, 2));
    line("flags 2-2", flags_behind(2, 2));
    line("flags 80000000-1", flags_behind(0x80000000, 1));
}

#if !V6M
/* An SVC in each place of an IT block. */
#define IT_CASE(name, code)                                                    \
    do {                                                                       \
        uint32_t a_ = 0, b_ = 0, c_ = 0;                                       \
        __asm__ volatile("movs r3, #5\n cmp r3, #5\n" code                     \
                         : "+l"(a_), "+l"(b_), "+l"(c_)                        \
                         :                                                     \
                         : "r3", "cc", "memory");                              \
        put(name);                                                             \
        put(" ");                                                              \
        put_dec(a_);                                                           \
        put_dec(b_);                                                           \
        put_dec(c_);                                                           \
        line(" it", seen_frame[F_XPSR] & 0x0600fc00);                          \
    } while (0)

static void it_blocks(void)
{
    on[SVCALL] = clobber_flags;
    IT_CASE("svc first", "ittte eq\n svceq 0\n moveq %0, #1\n moveq %1, #1\n"
                         "movne %2, #1\n");
    IT_CASE("svc second", "ittet eq\n moveq %0, #1\n svceq 0\n movne %1, #1\n"
                          "moveq %2, #1\n");
    IT_CASE("svc third", "itete eq\n moveq %0, #1\n movne %1, #1\n svceq 0\n"
                         "movne %2, #1\n");
    IT_CASE("svc last", "itett eq\n moveq %0, #1\n movne %1, #1\n"
                        "moveq %2, #1\n svceq 0\n");
    seen_frame[F_XPSR] = 0;
    IT_CASE("svc skipped", "itttt ne\n svcne 0\n movne %0, #1\n movne %1, #1\n"
                           "movne %2, #1\n");
}

static void change_frame(uint32_t *frame, uint32_t lr)
{
    keep(frame, lr);
    frame[F_R0] = 99;
    frame[F_XPSR] |= 0xf0000000;
}

static void changed_frame(void)
{
    uint32_t value, psr;

    on[SVCALL] = change_frame;
    __asm__ volatile("movs r0, #1\n svc 0\n mov %0, r0\n mrs %1, apsr"
                     : "=r"(value), "=r"(psr)
                     :
                     : "r0", "cc", "memory");
    line_dec("r0 from the handler", value);
    line("apsr from the handler", psr & 0xf0000000);
}
#endif

#if __ARM_FEATURE_DSP
static void dsp_flags(void)
{
    uint32_t psr;

    __asm__ volatile("msr apsr_g, %1\n svc 0\n mrs %0, apsr"
                     : "=r"(psr)
                     : "r"(0x000a0000)
                     : "cc", "memory");
    line("flags GE", psr & 0x000f0000);
    line("  in the frame", seen_frame[F_XPSR] & 0x000f0000);
}
#endif

void run(void)
{
    on[SVCALL] = keep;
    line("reset: control", READ_SPECIAL("control"));
    line("  primask", READ_SPECIAL("primask"));
    line("  ipsr", READ_SPECIAL("ipsr"));
    frame_of_thread();
    alignment();
    on_process_stack();
    nesting();
    flags();
#if !V6M
    unprivileged();
    it_blocks();
    changed_frame();
#endif
#if __ARM_FEATURE_DSP
    on[SVCALL] = clobber_flags;
    dsp_flags();
#endif
}
