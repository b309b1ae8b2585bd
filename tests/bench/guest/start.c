/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Start-up, vectors and semihosting of the guests, for a Cortex-M4 with FPU.
 */
#include "guest.h"

extern uint32_t __stack_top, __data_load, __data_start, __data_end;
extern uint32_t __bss_start, __bss_end;

/* Armv7-M ARM, B3.2.20: full access to CP10 and CP11. */
#define CPACR REG(0xe000ed88)
#define CPACR_FPU (0xfu << 20)

/* Arm IHI 0100, Semihosting for AArch32 and AArch64. */
enum { SYS_WRITE0 = 0x04, SYS_GET_CMDLINE = 0x15, SYS_EXIT = 0x18 };
enum { APPLICATION_EXIT = 0x20026, RUN_TIME_ERROR = 0x20023 };

static int semihost(int operation, const void *parameter)
{
    register int r0 __asm__("r0") = operation;
    register const void *r1 __asm__("r1") = parameter;

    __asm__ volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
    return r0;
}

void print(const char *text)
{
    semihost(SYS_WRITE0, text);
}

void print_hex(uint32_t value)
{
    char text[10];

    for (unsigned i = 0; i < 8; i++)
        text[i] = "0123456789abcdef"[value >> (28 - 4 * i) & 15];
    text[8] = '\n';
    text[9] = '\0';
    print(text);
}

unsigned argument(void)
{
    static char line[256];
    struct {
        char *buffer;
        int size;
    } block = { line, sizeof line };
    unsigned value = 0;

    if (semihost(SYS_GET_CMDLINE, &block))
        return 0;
    for (const char *c = line; *c; c++)
        value = *c >= '0' && *c <= '9' ? value * 10 + (unsigned)(*c - '0') : 0;
    return value;
}

void reset_handler(void)
{
    uint32_t *from = &__data_load;

    CPACR |= CPACR_FPU;
    __asm__ volatile("dsb\n isb" ::: "memory");
    for (uint32_t *to = &__data_start; to < &__data_end;)
        *to++ = *from++;
    for (uint32_t *to = &__bss_start; to < &__bss_end;)
        *to++ = 0;
    bench();
    semihost(SYS_EXIT, (const void *)APPLICATION_EXIT);
    for (;;)
        ;
}

static void unexpected(void)
{
    print("unexpected exception\n");
    semihost(SYS_EXIT, (const void *)RUN_TIME_ERROR);
}

void __attribute__((weak)) tick(void)
{
    unexpected();
}

__attribute__((section(".vectors"), used))
static const void *const vectors[16] = {
    [0] = &__stack_top,
    [1] = (const void *)reset_handler,
    [2] = (const void *)unexpected,
    [3] = (const void *)unexpected,
    [15] = (const void *)tick,
};
