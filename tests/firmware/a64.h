/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the AArch64 guests share: output, exceptions, system registers. */
#ifndef A64_H
#define A64_H

#include <stdint.h>

typedef uint64_t u64;
typedef uint32_t u32;

#define READ(reg)                                                              \
    ({                                                                         \
        u64 v_;                                                                \
        __asm__ volatile("mrs %0, " #reg : "=r"(v_));                          \
        v_;                                                                    \
    })
#define WRITE(reg, value)                                                      \
    __asm__ volatile("msr " #reg ", %0\n isb" : : "r"((u64)(value)) : "memory")
#define REG32(addr) (*(volatile u32 *)(u64)(addr))

/** What a64_start.S saves of an interrupted program. */
typedef struct frame {
    u64 x[31];
    u64 elr, spsr, sp;
} frame;

void puts_(const char *s);
void put_hex(u64 value);
/** "name 0x1234\n" */
void show(const char *name, u64 value);
void stop(int code) __attribute__((noreturn));

unsigned el_now(void);
/** Syndrome, fault address, return address and status at the current level. */
u64 esr(void);
u64 far_(void);

/** @param vector 0 to 15, by their place in the table */
void on_exception(frame *f, unsigned vector);
/** Call a function at EL0 with a stack; it ends with SVC 0xff. */
void run_user(void (*fn)(void), void *stack);

extern char vectors[];

#endif
