/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Firmware of the example: a parser of frames that come over a serial line.
 *
 *     0x7e | length | type | magic (4 bytes, little-endian) | payload
 *
 * The length counts type, magic and payload. There is a bug behind the magic
 * value and the length check: can you see it?
 */
#include <stdint.h>
#include <string.h>

#define REG(addr) (*(volatile uint32_t *)(addr))
#define UART_DATA    REG(0x40004000) /* CMSDK UART 0 */
#define UART_STATE   REG(0x40004004)
#define UART_CTRL    REG(0x40004008)
#define UART_BAUDDIV REG(0x40004010)
enum { TX_FULL = 1, RX_FULL = 2, ENABLE_BOTH = 3 };

enum { START = 0x7e, HEADER = 5, NAME_MAX = 16 };
enum { SET_NAME = 1, GET_NAME, RESET_NAME };
#define MAGIC 0x31465746u /* "FWF1" */

extern uint32_t __stack_top, __bss_start, __bss_end;

typedef struct settings {
    char name[NAME_MAX];
    void (*changed)(void);
} settings;

static settings current;
static volatile unsigned changes;

static void count_change(void)
{
    changes++;
}

static uint32_t word_at(const uint8_t *p)
{
    return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 |
           (uint32_t)p[3] << 24;
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

/** @return 0, or what is wrong with the frame */
static int handle(uint8_t type, const uint8_t *payload, unsigned size)
{
    switch (type) {
    case SET_NAME:
        for (unsigned i = 0; i < size; i++)
            current.name[i] = (char)payload[i];
        current.changed();
        return 0;
    case GET_NAME:
        say(current.name);
        return 0;
    case RESET_NAME:
        memset(current.name, 0, sizeof current.name);
        return 0;
    default:
        return -4;
    }
}

/** Bytes of a line: as many frames as there are. @return frames handled */
int parse(const uint8_t *data, unsigned size)
{
    int frames = 0;

    while (size > 2 && data[0] == START) {
        unsigned length = data[1];

        if (length < HEADER || length + 2 > size ||
            word_at(data + 3) != MAGIC)
            break;
        if (handle(data[2], data + 2 + HEADER, length - HEADER) == 0)
            frames++;
        data += length + 2;
        size -= length + 2;
    }
    return frames;
}

void *memset(void *to, int value, size_t size)
{
    uint8_t *p = to;

    while (size--)
        *p++ = (uint8_t)value;
    return to;
}

static uint8_t get(void)
{
    while (!(UART_STATE & RX_FULL))
        ;
    return (uint8_t)UART_DATA;
}

void reset_handler(void)
{
    static uint8_t line[256];

    for (uint32_t *p = &__bss_start; p < &__bss_end; p++)
        *p = 0;
    current.changed = count_change;
    UART_BAUDDIV = 16;
    UART_CTRL = ENABLE_BOTH;
    say("ready\n");
    for (unsigned n = 0;; n = 0) {
        do
            line[n++] = get();
        while (n < 2 || n < line[1] + 2u);
        if (!parse(line, n))
            say("?\n");
    }
}

static void stop(void)
{
    for (;;)
        ;
}

__attribute__((section(".vectors"), used)) static const uintptr_t vectors[64] = {
    (uintptr_t)&__stack_top, (uintptr_t)reset_handler, (uintptr_t)stop,
    (uintptr_t)stop
};
