/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the guests of inference (inf_*.c) have in common; inf_start.c has it.
 *
 * Each is firmware for a chip that does not exist, with registers laid out as
 * some vendor would. Nothing models them. `main` brings the device up, calls
 * `done`, and goes on with what the device is for; what must not happen ends in
 * `failed`, as an error handler does.
 */
#ifndef INF_H
#define INF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define REG(addr) (*(volatile uint32_t *)(uintptr_t)(addr))
#define REG16(addr) (*(volatile uint16_t *)(uintptr_t)(addr))
#define REG8(addr) (*(volatile uint8_t *)(uintptr_t)(addr))
#define BIT(n) (1u << (n))

int main(void);

/** The device works. Returns. */
void done(void);
__attribute__((noreturn)) void failed(void);
void check(bool ok);

/** Counts interrupts of SysTick, once it is started. */
extern volatile uint32_t ticks;
void ticks_start(void);
bool timed_out(uint32_t since, uint32_t after);

void irq_enable(unsigned line);

static inline void sleep(void)
{
    __asm__ volatile("wfi" ::: "memory");
}

/* Handlers; those a guest does not have are one endless loop. */
void irq0(void);
void irq1(void);
void irq2(void);
void irq3(void);
void irq4(void);
void irq5(void);
void irq6(void);
void irq7(void);
void pendsv(void);

#endif
