/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Start-up, vector table and output of the Cortex-M guests. Every vector leads
 * to one routine that finds the frame and goes on in the handler of the table
 * `on`, with LR and the stack as the exception entry has left them.
 *
 * Source: Arm "Semihosting for AArch32 and AArch64", release 2.0.
 */
#include "cm.h"

enum {
    SYS_WRITE0 = 0x04,
    SYS_EXIT_EXTENDED = 0x20,
    ADP_STOPPED_APPLICATION_EXIT = 0x20026
};

extern uint32_t __stack_top, __data_load, __data_start, __data_end,
    __bss_start, __bss_end;

handler on[IRQ0 + 32];

uintptr_t semihosting(uintptr_t operation, const void *parameter)
{
    register uintptr_t r0 __asm__("r0") = operation;
    register const void *r1 __asm__("r1") = parameter;

    __asm__ volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
    return r0;
}

void put(const char *text)
{
    semihosting(SYS_WRITE0, text);
}

void put_hex(uint32_t value)
{
    char text[9];

    for (int i = 7; i >= 0; i--, value >>= 4)
        text[i] = "0123456789abcdef"[value & 15];
    text[8] = '\0';
    put(text);
}

void put_dec(uint32_t value)
{
    char text[11];
    int i = 10;

    text[i] = '\0';
    do
        text[--i] = (char)('0' + value % 10);
    while (value /= 10);
    put(text + i);
}

void line(const char *text, uint32_t hex)
{
    put(text);
    put(" ");
    put_hex(hex);
    put("\n");
}

void line_dec(const char *text, uint32_t value)
{
    put(text);
    put(" ");
    put_dec(value);
    put("\n");
}

void finish(int code)
{
    const uint32_t block[] = { ADP_STOPPED_APPLICATION_EXIT, (uint32_t)code };

    for (;;)
        semihosting(SYS_EXIT_EXTENDED, block);
}

void set_priority(unsigned exception, unsigned value)
{
    volatile uint32_t *word = exception < IRQ0 ? &SHPR(exception / 4)
                                               : &NVIC_IPR(exception / 4 - 4);
    unsigned shift = 8 * (exception % 4);

    *word = (*word & ~(0xffu << shift)) | value << shift;
}

static void unexpected(uint32_t *frame, uint32_t lr)
{
    put("unexpected exception ");
    put_dec(READ_SPECIAL("ipsr"));
    line(" at", frame[F_PC]);
    line("EXC_RETURN", lr);
    finish(1);
}

__attribute__((naked)) static void dispatch(void)
{
    __asm__ volatile("mrs r0, ipsr\n"
                     "ldr r2, =on\n"
                     "lsls r0, r0, #2\n"
                     "ldr r2, [r2, r0]\n"
                     "mov r1, lr\n"
                     "movs r0, #4\n"
                     "tst r0, r1\n"
                     "beq 1f\n"
                     "mrs r0, psp\n"
                     "bx r2\n"
                     "1: mrs r0, msp\n"
                     "bx r2\n");
}

void reset_handler(void)
{
    uint32_t *from = &__data_load;

    for (uint32_t *to = &__data_start; to < &__data_end;)
        *to++ = *from++;
    for (uint32_t *to = &__bss_start; to < &__bss_end;)
        *to++ = 0;
    for (unsigned i = 0; i < sizeof on / sizeof *on; i++)
        on[i] = unexpected;
    run();
    finish(0);
}

__attribute__((section(".vectors"), used)) static void *const vectors[] = {
    [0] = &__stack_top,
    [1] = (void *)reset_handler,
    [2 ... IRQ0 + 31] = (void *)dispatch,
};
