/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A guest that does what a packet says, for each verdict of fuzzing. Packets
 * come over a UART (CMSDK) as a length and so many bytes, from a call of parse(),
 * or in a buffer that the main loop looks at.
 */
#include <stdint.h>

#define REG(addr) (*(volatile uint32_t *)(addr))
#define UART_DATA REG(0x40004000)
#define UART_STATE REG(0x40004004)
#define UART_CTRL REG(0x40004008)
#define UART_BAUDDIV REG(0x40004010)
enum { TX_FULL = 1, RX_FULL = 2, ENABLE_BOTH = 3 };

enum { PACKET_MAX = 64 };
#define MAGIC 0x4d595a21u

extern uint32_t __stack_top, __data_load, __data_start, __data_end,
    __bss_start, __bss_end;

uint8_t packet[PACKET_MAX];
volatile uint32_t packet_size;
volatile uint32_t packets;
static volatile uint32_t sink;

__attribute__((noinline)) void abort(void)
{
    for (;;)
        ;
}

__attribute__((noinline)) void complain(void)
{
    for (;;)
        ;
}

static __attribute__((noinline)) uint32_t recurse(uint32_t n)
{
    volatile uint32_t room[64];

    room[n % 64] = n;
    if (n == UINT32_MAX)
        return 0;
    return recurse(n + 1) + room[(n + 1) % 64];
}

__attribute__((noinline)) static uint32_t word_at(const uint8_t *p)
{
    return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 |
           (uint32_t)p[3] << 24;
}

int memcmp(const void *a, const void *b, unsigned long n)
{
    const uint8_t *x = a, *y = b;

    while (n && *x == *y)
        n--, x++, y++;
    return n ? *x - *y : 0;
}

__attribute__((noinline)) static void bug(void)
{
    sink = REG(0xa0000000); /* nothing is there */
}

__attribute__((noinline)) static void other_bug(void)
{
    sink = REG(0xa0000004);
}

static __attribute__((noinline)) void lock_up(void)
{
    /* A fault with all priorities masked, and a vector that is none. */
    REG(0xe000ed08) = 0x20000400;
    __asm__ volatile("cpsid f");
    sink = REG(0xa0000000);
}

static void run_code_in_ram(void)
{
    static uint16_t code[] = { 0x4770 }; /* bx lr */

    ((void (*)(void))((uintptr_t)code | 1))();
}

/** @return the number of bytes that were understood */
__attribute__((noinline)) uint32_t parse(const uint8_t *p, uint32_t n)
{
    if (!n)
        return 0;
    switch (p[0]) {
    case 'f':
        bug();
        break;
    case 'F':
        other_bug();
        break;
    case 'l':
        lock_up();
        break;
    case 's':
        sink = recurse(0);
        break;
    case 'w':
        REG(0x00000100) = 1;
        break;
    case 'W':
        REG(0x00030000) = 1;
        break;
    case 'x':
        run_code_in_ram();
        break;
    case 'a':
        abort();
        break;
    case 'c':
        complain();
        break;
    case 'b':
        __asm__ volatile("bkpt 1");
        break;
    case 't':
        for (;;)
            ;
    case 'm': /* a magic value, and a length that is right */
        if (n >= 8 && word_at(p + 1) == MAGIC && p[5] == n - 6 && n > 20)
            bug();
        break;
    case 'M':
        if (n >= 9 && memcmp(p + 1, "PASSWORD", 8) == 0)
            bug();
        break;
    default:
        break;
    }
    return n;
}

static uint8_t get(void)
{
    while (!(UART_STATE & RX_FULL))
        if (packet_size) {
            uint32_t n = packet_size;

            packet_size = 0;
            parse(packet, n);
        }
    return (uint8_t)UART_DATA;
}

static void put(char c)
{
    while (UART_STATE & TX_FULL)
        ;
    UART_DATA = (uint8_t)c;
}

static void say(const char *text)
{
    while (*text)
        put(*text++);
}

void reset_handler(void)
{
    for (uint32_t *to = &__data_start, *from = &__data_load; to < &__data_end;)
        *to++ = *from++;
    for (uint32_t *to = &__bss_start; to < &__bss_end;)
        *to++ = 0;
    UART_BAUDDIV = 16;
    UART_CTRL = ENABLE_BOTH;
    say("ready\n");
    for (;;) {
        static uint8_t line[PACKET_MAX];
        uint32_t n = get() % (PACKET_MAX + 1);

        for (uint32_t i = 0; i < n; i++)
            line[i] = get();
        parse(line, n);
        packets++;
        say("ok\n");
    }
}

static void fault_handler(void)
{
    for (;;)
        ;
}

__attribute__((section(".vectors"), used)) static const uintptr_t vectors[64] = {
    (uintptr_t)&__stack_top, (uintptr_t)reset_handler,
    (uintptr_t)fault_handler, (uintptr_t)fault_handler,
    (uintptr_t)fault_handler, (uintptr_t)fault_handler,
    (uintptr_t)fault_handler
};
