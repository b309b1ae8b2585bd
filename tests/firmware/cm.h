/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the Cortex-M guests (cm_*.c) have in common; cm_start.c implements it.
 * They run on fwsim's test boards (support/cm.h) and on QEMU alike.
 */
#ifndef CM_H
#define CM_H

#include <stdbool.h>
#include <stdint.h>

#define V6M (__ARM_ARCH_PROFILE == 'M' && __ARM_ARCH == 6)
#define V8M (__ARM_ARCH == 8)

#define REG(addr) (*(volatile uint32_t *)(addr))
#define REG8(addr) (*(volatile uint8_t *)(addr))

#define SYST_CSR REG(0xe000e010)
#define SYST_RVR REG(0xe000e014)
#define SYST_CVR REG(0xe000e018)
#define NVIC_ISER(n) REG(0xe000e100 + 4 * (n))
#define NVIC_ICER(n) REG(0xe000e180 + 4 * (n))
#define NVIC_ISPR(n) REG(0xe000e200 + 4 * (n))
#define NVIC_ICPR(n) REG(0xe000e280 + 4 * (n))
#define NVIC_IABR(n) REG(0xe000e300 + 4 * (n))
#define NVIC_IPR(n) REG(0xe000e400 + 4 * (n))
#define ICSR REG(0xe000ed04)
#define VTOR REG(0xe000ed08)
#define AIRCR REG(0xe000ed0c)
#define SCR REG(0xe000ed10)
#define CCR REG(0xe000ed14)
#define SHPR(n) REG(0xe000ed14 + 4 * (n)) /* 1 to 3 */
#define SHCSR REG(0xe000ed24)
#define CFSR REG(0xe000ed28)
#define HFSR REG(0xe000ed2c)
#define MMFAR REG(0xe000ed34)
#define BFAR REG(0xe000ed38)
#define CPACR REG(0xe000ed88)
#define STIR REG(0xe000ef00)
#define FPCCR REG(0xe000ef34)
#define FPCAR REG(0xe000ef38)
#define FPDSCR REG(0xe000ef3c)

/* The test device, in fwsim only; see support/cm.c. */
#define TESTDEV_AFTER(n) REG(0x40000000 + 4 * (n))
#define TESTDEV_LOWER REG(0x40000020)
#define TESTDEV_NOW REG(0x40000024)

/* Exceptions by number. */
enum {
    NMI = 2,
    HARDFAULT,
    MEMMANAGE,
    BUSFAULT,
    USAGEFAULT,
    SVCALL = 11,
    PENDSV = 14,
    SYSTICK,
    IRQ0
};

/** @param frame  the frame of what was interrupted
 *  @param lr     EXC_RETURN */
typedef void (*handler)(uint32_t *frame, uint32_t lr);

/** Handlers by exception number; all begin as one that reports and ends. */
extern handler on[IRQ0 + 32];

/** The frame: r0, r1, r2, r3, r12, lr, pc, xpsr. */
enum { F_R0, F_R1, F_R2, F_R3, F_R12, F_LR, F_PC, F_XPSR };

/** Output; a newline is not added. */
void put(const char *text);
void put_hex(uint32_t value);
void put_dec(uint32_t value);
/** "text value\n" */
void line(const char *text, uint32_t hex);
void line_dec(const char *text, uint32_t value);
__attribute__((noreturn)) void finish(int code);

/** A call of semihosting. */
uintptr_t semihosting(uintptr_t operation, const void *parameter);

static inline void barrier(void)
{
    __asm__ volatile("dsb\n isb" ::: "memory");
}

#define READ_SPECIAL(name)                                                     \
    ({                                                                         \
        uint32_t value_;                                                       \
        __asm__ volatile("mrs %0, " name : "=r"(value_)::"memory");            \
        value_;                                                                \
    })
#define WRITE_SPECIAL(name, value)                                             \
    __asm__ volatile("msr " name ", %0\n isb" ::"r"(value) : "memory")

/** Priority of an interrupt, or of a system exception (4 to 15). */
void set_priority(unsigned exception, unsigned value);

/** Each guest's. */
void run(void);

#endif
