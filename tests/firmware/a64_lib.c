/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Output of the AArch64 guests, and what is the same at each level. */
#include "a64.h"

#define UART_DR 0x09000000
#define UART_FR 0x09000018
#define UART_CR 0x09000030
#define TXFF    (1u << 5)
#define UARTEN  (1u << 0)
#define TXE     (1u << 8)
#define RXE     (1u << 9)

static void put(char c)
{
    REG32(UART_CR) = UARTEN | TXE | RXE;
    while (REG32(UART_FR) & TXFF)
        ;
    REG32(UART_DR) = (u32)c;
}

void puts_(const char *s)
{
    while (*s)
        put(*s++);
}

void put_hex(u64 value)
{
    int shift = 60;

    while (shift && !(value >> shift))
        shift -= 4;
    puts_("0x");
    for (; shift >= 0; shift -= 4)
        put("0123456789abcdef"[value >> shift & 15]);
}

void show(const char *name, u64 value)
{
    puts_(name);
    put(' ');
    put_hex(value);
    put('\n');
}

unsigned el_now(void)
{
    return READ(CurrentEL) >> 2 & 3;
}

u64 esr(void)
{
    switch (el_now()) {
    case 3:
        return READ(esr_el3);
    case 2:
        return READ(esr_el2);
    default:
        return READ(esr_el1);
    }
}

u64 far_(void)
{
    switch (el_now()) {
    case 3:
        return READ(far_el3);
    case 2:
        return READ(far_el2);
    default:
        return READ(far_el1);
    }
}

/* Behind a call, GCC wants these even when it is told to be freestanding. */
void *memset(void *to, int c, unsigned long n)
{
    char *p = to;

    while (n--)
        *p++ = (char)c;
    return to;
}
