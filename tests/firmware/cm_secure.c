/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Armv8-M Security as code sees it that stays in Secure state: registers of
 * the SAU, what TT says, secure gateways and branches that change nothing.
 */
#include "cm.h"

#define SAU_CTRL REG(0xe000edd0)
#define SAU_TYPE REG(0xe000edd4)
#define SAU_RNR  REG(0xe000edd8)
#define SAU_RBAR REG(0xe000eddc)
#define SAU_RLAR REG(0xe000ede0)
#define SFSR     REG(0xe000ede4)
#define MPU_CTRL REG(0xe000ed94)
#define MPU_RNR  REG(0xe000ed98)
#define MPU_RBAR REG(0xe000ed9c)
#define MPU_RLAR REG(0xe000eda0)
#define NVIC_ITNS(n) REG(0xe000e380 + 4 * (n))

static uint32_t area[32] __attribute__((aligned(128)));

/* Bits 31:23 tell of an IDAU, which each chip has another of. */
#define TEST_TARGET(name, instruction)                                         \
    static void name(const char *title, void *at)                              \
    {                                                                          \
        uint32_t result;                                                       \
                                                                               \
        __asm__ volatile(instruction " %0, %1" : "=r"(result) : "r"(at));      \
        line(title, result & 0x007fffff);                                      \
    }

TEST_TARGET(test, "tt")
TEST_TARGET(test_user, "ttt")
TEST_TARGET(test_other, "tta")
TEST_TARGET(test_other_user, "ttat")

static void registers(void)
{
    line("sau_type", SAU_TYPE);
    line("sau_ctrl", SAU_CTRL);
    for (unsigned n = 0; n < 8; n++) {
        SAU_RNR = n;
        SAU_RBAR = 0xffffffff;
        SAU_RLAR = 0xfffffffe;
        line_dec("region", SAU_RNR);
        line("  rbar", SAU_RBAR);
        line("  rlar", SAU_RLAR);
        SAU_RBAR = SAU_RLAR = 0;
    }
    SAU_RNR = 0;
    line("sfsr", SFSR);
    NVIC_ITNS(0) = 6;
    line("itns", NVIC_ITNS(0));
    NVIC_ITNS(0) = 0;
}

static void all_of(void *at)
{
    test("  tt", at);
    test_user("  ttt", at);
}

/* The MPU alone; without an SAU all of it is Secure. */
static void targets(void)
{
    put("no mpu\n");
    all_of(area);
    MPU_RNR = 5;
    MPU_RBAR = (uint32_t)area | 3u << 1; /* read-only for all */
    MPU_RLAR = ((uint32_t)area + 32) | 1;
    MPU_CTRL = 5;
    barrier();
    put("in a region\n");
    all_of(area);
    put("behind it\n");
    all_of(area + 16);
    MPU_RNR = 6;
    MPU_RBAR = (uint32_t)area; /* for privileged code */
    MPU_RLAR = (uint32_t)area | 1;
    barrier();
    put("in two\n");
    all_of(area);
    MPU_RNR = 5;
    MPU_RLAR = 0;
    barrier();
    put("privileged\n");
    all_of(area);
    MPU_CTRL = 0;
    barrier();
    put("the other state\n");
    test_other("  tta", area);
    test_other_user("  ttat", area);
}

__attribute__((naked, noinline)) static uint32_t
    call(uint32_t target __attribute__((unused)))
{
    __asm__ volatile("push {r4, lr}\n"
                     "mov r4, r0\n"
                     "movs r0, #1\n"
                     "blxns r4\n"
                     "adds r0, #4\n"
                     "pop {r4, pc}\n");
}

/* SG is a NOP in Secure memory. */
__attribute__((naked, noinline)) static uint32_t gate(void)
{
    __asm__ volatile("sg\n adds r0, #2\n bxns lr");
}

static void fault(uint32_t *frame, uint32_t lr)
{
    (void)lr;
    line_dec("  transition: exception", READ_SPECIAL("ipsr"));
    line("  transition: sfsr", SFSR);
    line("  transition: hfsr", REG(0xe000ed2c));
    SFSR = SFSR;
    REG(0xe000ed2c) = REG(0xe000ed2c);
    frame[F_PC] = frame[F_LR] & ~1u;
}

/* A branch to what the SAU makes Non-secure, by something else than BXNS. */
static void transitions(void)
{
    area[0] = 0x47704770; /* BX LR */
    SAU_RBAR = (uint32_t)area;
    SAU_RLAR = ((uint32_t)area + 32) | 1;
    SAU_CTRL = 1;
    on[HARDFAULT] = on[7] = fault;
    barrier();
    put("a branch to non-secure code\n");
    ((void (*)(void))((uintptr_t)area | 1))();
    SHCSR = 1u << 19;
    ((void (*)(void))((uintptr_t)area | 1))();
    put("behind the region\n");
    area[16] = 0x47704770;
    barrier();
    ((void (*)(void))((uintptr_t)(area + 16) | 1))();
    test("non-secure tt", area);
    test("behind it", area + 16);
    SAU_RLAR = ((uint32_t)area + 32) | 3;
    barrier();
    test("callable", area);
    SAU_CTRL = 0;
    barrier();
    test("sau off", area);
}

void run(void)
{
    registers();
    targets();
    line("gate", call((uint32_t)gate));
    transitions();
}
