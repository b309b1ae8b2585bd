/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Instructions that are looked at before they are executed, at every place of
 * a block: traps of division and of unaligned accesses, unprivileged accesses
 * of privileged code, CONTROL while there are no FP contexts.
 */
#include "cm.h"

#define MPU_CTRL REG(0xe000ed94)
#define MPU_RNR  REG(0xe000ed98)
#define MPU_RBAR REG(0xe000ed9c)
#define MPU_RASR REG(0xe000eda0) /* RLAR on Armv8-M */

static uint32_t area[16] __attribute__((aligned(64)));

struct {
    uint32_t at;
} labels;

static unsigned faults;

/* The instructions are all wide. */
static void fault(uint32_t *frame, uint32_t lr)
{
    (void)lr;
    faults++;
    line_dec("  exception", READ_SPECIAL("ipsr"));
    line("  cfsr", CFSR);
    if (CFSR & 0x80)
        line_dec("  address", MMFAR - (uint32_t)area);
    line("  at", frame[F_PC] - labels.at);
    CFSR = CFSR;
    frame[F_PC] += 4;
}

/* ------------------------------------------------------------------ */
/* Division                                                             */
/* ------------------------------------------------------------------ */

/* Two divisions in one block; the divisors are made in it. */
__attribute__((naked, noinline)) static uint32_t
    divide(uint32_t value __attribute__((unused)),
           uint32_t first __attribute__((unused)),
           uint32_t second __attribute__((unused)))
{
    __asm__ volatile("push {r4, lr}\n"
                     "ldr r3, =labels\n"
                     "ldr r4, =1f\n"
                     "str r4, [r3]\n"
                     "adds r1, #1\n"
                     "subs r1, #1\n"
                     "1: udiv.w r0, r0, r1\n"
                     "adds r0, #100\n"
                     "mov.w r3, r2\n"
                     "sdiv.w r0, r0, r3\n"
                     "adds r0, #1\n"
                     "pop {r4, pc}\n"
                     ".ltorg\n");
}

/* In an IT block: the first is not executed, the second is. */
__attribute__((naked, noinline)) static uint32_t
    divide_in_it(uint32_t value __attribute__((unused)),
                 uint32_t first __attribute__((unused)),
                 uint32_t second __attribute__((unused)))
{
    __asm__ volatile("push {r4, lr}\n"
                     "ldr r3, =labels\n"
                     "ldr r4, =1f\n"
                     "str r4, [r3]\n"
                     "cmp r0, r0\n"
                     "ittee ne\n"
                     "1: udivne.w r0, r0, r1\n"
                     "addne.w r0, r0, #100\n"
                     "sdiveq.w r0, r0, r2\n"
                     "addeq.w r0, r0, #1\n"
                     "pop {r4, pc}\n"
                     ".ltorg\n");
}

static void division(const char *title,
                     uint32_t (*f)(uint32_t, uint32_t, uint32_t))
{
    put(title);
    put("\n");
    line_dec("  10 / 2, / 3:", f(10, 2, 3));
    line_dec("  10 / 0, / 3:", f(10, 0, 3));
    line_dec("  10 / 2, / 0:", f(10, 2, 0));
    line_dec("  10 / 0, / 0:", f(10, 0, 0));
}

static uint32_t divide_often(uint32_t n)
{
    uint32_t sum = 0;

    for (uint32_t i = 1; i <= n; i++)
        sum += 1000000u / i + 7u % i;
    return sum;
}

static void divisions(void)
{
    for (unsigned trap = 0; trap < 2; trap++) {
        CCR = trap << 4;
        barrier();
        line_dec("trap", trap);
        division("divisions", divide);
        division("conditional divisions", divide_in_it);
        line_dec("a loop", divide_often(1000));
    }
    CCR = 0;
}

/* ------------------------------------------------------------------ */
/* Unaligned accesses                                                   */
/* ------------------------------------------------------------------ */

__attribute__((naked, noinline)) static uint32_t
    copy(uint32_t from __attribute__((unused)),
         uint32_t to __attribute__((unused)))
{
    __asm__ volatile("push {r4, lr}\n"
                     "ldr r3, =labels\n"
                     "ldr r4, =1f\n"
                     "str r4, [r3]\n"
                     "movs r2, #0\n"
                     "movs r3, #0\n"
                     "1: ldr.w r2, [r0]\n"
                     "adds r0, #2\n"
                     "ldrh.w r3, [r0]\n"
                     "str.w r2, [r1]\n"
                     "adds r1, #4\n"
                     "strb.w r3, [r1]\n"
                     "mov r0, r3\n"
                     "pop {r4, pc}\n"
                     ".ltorg\n");
}

static void unaligned(void)
{
    uint32_t at = (uint32_t)area;

    for (unsigned i = 0; i < 16; i++)
        area[i] = 0x04030201u + 0x11111111u * i;
    for (unsigned trap = 0; trap < 2; trap++) {
        CCR = trap << 3;
        barrier();
        line_dec("unaligned trap", trap);
        line("  aligned", copy(at, at + 16));
        line("  from 1", copy(at + 1, at + 16));
        line("  from 2, to 1", copy(at + 2, at + 17));
        line("  word", area[4] ^ area[5]);
    }
    CCR = 0;
}

/* ------------------------------------------------------------------ */
/* Unprivileged accesses                                                */
/* ------------------------------------------------------------------ */

#define ACCESS(name, instruction)                                              \
    __attribute__((naked, noinline)) static void name(                         \
        volatile uint32_t *at __attribute__((unused)))                         \
    {                                                                          \
        __asm__ volatile("push {r4, lr}\n"                                     \
                         "ldr r1, =labels\n"                                   \
                         "ldr r2, =1f\n"                                       \
                         "str r2, [r1]\n"                                      \
                         "1: " instruction "\n"                                \
                         "nop\n"                                               \
                         "pop {r4, pc}\n"                                      \
                         ".ltorg\n");                                          \
    }

ACCESS(load, "ldr.w r3, [r0]")
ACCESS(load_user, "ldrt r3, [r0]")
ACCESS(load_byte_user, "ldrsbt r3, [r0, #4]")
ACCESS(store_user, "strt r2, [r0]")
ACCESS(store_half_user, "strht r2, [r0, #2]")

static void try(const char *title, void (*access)(volatile uint32_t *),
                volatile uint32_t *at)
{
    faults = 0;
    put(title);
    put("\n");
    access(at);
    if (!faults)
        put("  no fault\n");
}

/* AP as PMSAv7 has it: 1 privileged, 2 users may read, 3 all. */
static void region(unsigned n, uint32_t first, uint32_t size, unsigned ap)
{
#if V8M
    static const uint8_t ap8[] = { 0, 0, 3, 1 };

    MPU_RNR = n;
    MPU_RBAR = first | (uint32_t)ap8[ap] << 1;
    MPU_RASR = (first + size - 32) | 1;
#else
    MPU_RBAR = first | 1u << 4 | n;
    MPU_RASR = ap << 24 | (31 - (uint32_t)__builtin_clz(size) - 1) << 1 | 1;
#endif
}

static void accesses(void)
{
    try("privileged", load, area);
    try("ldrt", load_user, area);
    try("ldrsbt", load_byte_user, area);
    try("strt", store_user, area);
    try("strht", store_half_user, area);
}

static void unprivileged(void)
{
    put("no mpu\n");
    accesses();
    region(0, (uint32_t)area, 64, 1);
    MPU_CTRL = 5;
    barrier();
    put("privileged only\n");
    accesses();
    region(0, (uint32_t)area, 64, 3);
    barrier();
    put("for all\n");
    accesses();
#if !V8M
    region(0, (uint32_t)area, 64, 2);
    barrier();
    put("users may read\n");
    accesses();
#endif
    MPU_CTRL = 0;
    barrier();
    on[BUSFAULT] = fault;
    put("the system\n");
    faults = 0;
    load(&VTOR);
    line_dec("  faults", faults);
    load_user(&VTOR);
    line_dec("  faults", faults);
}

/* ------------------------------------------------------------------ */
/* CONTROL                                                              */
/* ------------------------------------------------------------------ */

#ifdef __ARM_FP
static uint32_t seen;

static void note(uint32_t *frame, uint32_t lr)
{
    (void)frame;
    seen = lr;
}

static void use_fp(void)
{
    __asm__ volatile("vmov s0, r0\n vadd.f32 s0, s0, s0" ::: "s0");
}

static void show(const char *title)
{
    put(title);
    put("\n");
    line("  control", READ_SPECIAL("control") & 7);
    __asm__ volatile("svc 0" ::: "memory");
    line("  lr", seen);
    line("  control", READ_SPECIAL("control") & 7);
}

static void fp_contexts(void)
{
    on[SVCALL] = note;
    CPACR = 0xfu << 20;
    barrier();
    FPCCR = 0;
    WRITE_SPECIAL("control", 0);
    __asm__ volatile("vmsr fpscr, %0" ::"r"(0x01c00000));
    show("without contexts");
    use_fp();
    show("after use");
    WRITE_SPECIAL("control", 4);
    show("fpca set");
    WRITE_SPECIAL("control", 0);
    use_fp();
    show("fpca clear");
    FPCCR = 1u << 31;
    barrier();
    show("with contexts");
    use_fp();
    show("after use");
    WRITE_SPECIAL("control", 0);
}
#endif

void run(void)
{
    SHCSR = 7u << 16;
    on[USAGEFAULT] = on[MEMMANAGE] = fault;
    divisions();
    unaligned();
    unprivileged();
#ifdef __ARM_FP
    fp_contexts();
#endif
}
