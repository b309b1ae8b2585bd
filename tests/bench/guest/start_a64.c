/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Start-up and semihosting of the AArch64 guests, at EL1 with the MMU off.
 */
#include "guest.h"

enum { STACK = 16384 };

/* Arm DDI 0487, D13.2.30: floating point at EL1 and EL0. */
#define CPACR_FPEN "#(3 << 20)"

/* Arm IHI 0100, Semihosting for AArch32 and AArch64. */
enum { SYS_WRITE0 = 0x04, SYS_EXIT = 0x18 };
#define APPLICATION_EXIT 0x20026ul

uint8_t stack[STACK] __attribute__((aligned(16)));

__asm__(".section .text.start, \"ax\"\n"
        ".global _start\n"
        "_start:\n"
        "    mov x0, " CPACR_FPEN "\n"
        "    msr cpacr_el1, x0\n"
        "    isb\n"
        "    adrp x0, stack + 16384\n"
        "    add x0, x0, :lo12:stack + 16384\n"
        "    mov sp, x0\n"
        "    b begin\n"
        ".text\n");

static void semihost(int operation, const void *parameter)
{
    register long x0 __asm__("x0") = operation;
    register const void *x1 __asm__("x1") = parameter;

    __asm__ volatile("hlt 0xf000" : "+r"(x0) : "r"(x1) : "memory");
}

void print_hex(uint32_t value)
{
    char text[10];

    for (unsigned i = 0; i < 8; i++)
        text[i] = "0123456789abcdef"[value >> (28 - 4 * i) & 15];
    text[8] = '\n';
    text[9] = '\0';
    semihost(SYS_WRITE0, text);
}

void begin(void)
{
    const uint64_t end[2] = { APPLICATION_EXIT, 0 };

    bench();
    semihost(SYS_EXIT, end);
    for (;;)
        ;
}
