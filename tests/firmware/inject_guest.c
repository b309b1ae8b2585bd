/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Does what a byte on the serial line says, so that a fault of each kind has
 * something to hit. Each command answers with a line. For the nRF51822 of
 * bbc_microbit.
 *
 * Source: nRF51 Series Reference Manual 3.0, chapters 6 (NVMC), 18 (TIMER),
 * 28 (TWI) and 29 (UART).
 */
#include <stdint.h>

#define REG(addr) (*(volatile uint32_t *)(addr))

#define UART_STARTRX REG(0x40002000)
#define UART_STARTTX REG(0x40002008)
#define UART_RXDRDY REG(0x40002108)
#define UART_TXDRDY REG(0x4000211c)
#define UART_ENABLE REG(0x40002500)
#define UART_PSELTXD REG(0x4000250c)
#define UART_PSELRXD REG(0x40002514)
#define UART_RXD REG(0x40002518)
#define UART_TXD REG(0x4000251c)
#define UART_BAUDRATE REG(0x40002524)

#define TWI_STARTTX REG(0x40003008)
#define TWI_STOP REG(0x40003014)
#define TWI_STOPPED REG(0x40003104)
#define TWI_TXDSENT REG(0x4000311c)
#define TWI_ERROR REG(0x40003124)
#define TWI_ERRORSRC REG(0x400034c4)
#define TWI_ENABLE REG(0x40003500)
#define TWI_PSELSCL REG(0x40003508)
#define TWI_PSELSDA REG(0x4000350c)
#define TWI_TXD REG(0x4000351c)
#define TWI_FREQUENCY REG(0x40003524)
#define TWI_ADDRESS REG(0x40003588)

#define TIMER_START REG(0x40008000)
#define TIMER_STOP REG(0x40008004)
#define TIMER_CLEAR REG(0x4000800c)
#define TIMER_CAPTURE1 REG(0x40008044)
#define TIMER_COMPARE0 REG(0x40008140)
#define TIMER_INTENSET REG(0x40008304)
#define TIMER_BITMODE REG(0x40008508)
#define TIMER_PRESCALER REG(0x40008510)
#define TIMER_CC0 REG(0x40008540)
#define TIMER_CC1 REG(0x40008544)
#define TIMER_LINE 8

#define NVMC_READY REG(0x4001e400)
#define NVMC_CONFIG REG(0x4001e504)
#define NVMC_ERASEPAGE REG(0x4001e508)
#define DATA 0x0001f000u

#define NVIC_ISER REG(0xe000e100)

extern uint32_t __stack_top;

volatile uint32_t word = 0x11111111;
volatile uint32_t interrupts;

static void put(char c)
{
    UART_TXDRDY = 0;
    UART_TXD = (uint8_t)c;
    while (!UART_TXDRDY)
        ;
}

static void print(const char *text)
{
    while (*text)
        put(*text++);
}

static void print_hex(uint32_t value)
{
    for (int shift = 28; shift >= 0; shift -= 4)
        put("0123456789abcdef"[value >> shift & 15]);
    put('\n');
}

static char get(void)
{
    while (!UART_RXDRDY)
        ;
    UART_RXDRDY = 0;
    return (char)UART_RXD;
}

/** What skip and flips of registers hit: 1 + 2 + ... + 10. */
__attribute__((noinline)) uint32_t sum(uint32_t n)
{
    uint32_t total = 0;

    for (uint32_t i = 1; i <= n; i++)
        total += i;
    return total;
}

/** Two bytes to the accelerometer. */
static void write_i2c(void)
{
    TWI_ENABLE = 5;
    TWI_PSELSCL = 0;
    TWI_PSELSDA = 30;
    TWI_FREQUENCY = 0x01980000;
    TWI_ADDRESS = 0x1d;
    TWI_ERROR = 0;
    TWI_ERRORSRC = 7;
    TWI_TXDSENT = 0;
    TWI_STARTTX = 1;
    TWI_TXD = 0x2a;
    while (!TWI_TXDSENT && !TWI_ERROR)
        ;
    if (!TWI_ERROR) {
        TWI_TXDSENT = 0;
        TWI_TXD = 0x01;
        while (!TWI_TXDSENT && !TWI_ERROR)
            ;
    }
    print(TWI_ERROR ? "i2c error " : "i2c ok ");
    print_hex(TWI_ERRORSRC);
    TWI_STOPPED = 0;
    TWI_STOP = 1;
    while (!TWI_STOPPED)
        ;
    TWI_ENABLE = 0;
}

void timer_handler(void)
{
    TIMER_COMPARE0 = 0;
    interrupts++;
}

/** Three interrupts 100 us apart, and the time until all were taken. */
static void count_interrupts(void)
{
    interrupts = 0;
    TIMER_STOP = 1;
    TIMER_CLEAR = 1;
    TIMER_BITMODE = 3;
    TIMER_PRESCALER = 4; /* 1 MHz */
    TIMER_INTENSET = 1u << 16;
    NVIC_ISER = 1u << TIMER_LINE;
    TIMER_START = 1;
    for (uint32_t i = 1; i <= 3; i++) {
        TIMER_CC0 = 100 * i;
        do {
            TIMER_CAPTURE1 = 1;
        } while (TIMER_CC1 < 100 * i + 50);
    }
    TIMER_STOP = 1;
    print("interrupts ");
    print_hex(interrupts);
}

/** How many loops are a thousand ticks of the timer? */
static void measure_clock(void)
{
    uint32_t loops = 0;

    TIMER_STOP = 1;
    TIMER_CLEAR = 1;
    TIMER_BITMODE = 3;
    TIMER_PRESCALER = 4;
    TIMER_START = 1;
    do {
        loops++;
        TIMER_CAPTURE1 = 1;
    } while (TIMER_CC1 < 1000);
    TIMER_STOP = 1;
    print("loops ");
    print_hex(loops);
}

static void write_flash(void)
{
    NVMC_CONFIG = 2;
    NVMC_ERASEPAGE = DATA;
    while (!NVMC_READY)
        ;
    NVMC_CONFIG = 1;
    for (uint32_t i = 0; i < 4; i++) {
        REG(DATA + 4 * i) = 0x01010101 * i;
        while (!NVMC_READY)
            ;
    }
    NVMC_CONFIG = 0;
    print("flash written\n");
}

static void obey(char c)
{
    switch (c) {
    case 'w': /* RAM that is written, then read */
        word = 0x22222222;
        print("word ");
        print_hex(word);
        break;
    case 'r':
        print("word ");
        print_hex(word);
        break;
    case 's':
        print("sum ");
        print_hex(sum(10));
        break;
    case 'i':
        write_i2c();
        break;
    case 't':
        count_interrupts();
        break;
    case 'm':
        measure_clock();
        break;
    case 'f':
        write_flash();
        break;
    case 'd':
        print("data ");
        print_hex(REG(DATA + 4));
        break;
    default:
        print("heard ");
        put(c);
        put('\n');
    }
}

extern uint32_t __data_start, __data_end, __data_load, __bss_start, __bss_end;

void reset_handler(void)
{
    uint32_t *from = &__data_load;

    for (uint32_t *to = &__data_start; to < &__data_end;)
        *to++ = *from++;
    for (uint32_t *to = &__bss_start; to < &__bss_end;)
        *to++ = 0;
    UART_PSELTXD = 24;
    UART_PSELRXD = 25;
    UART_BAUDRATE = 0x01d7e000; /* 115200 */
    UART_ENABLE = 4;
    UART_STARTTX = 1;
    UART_STARTRX = 1;
    print("ready\n");
    for (;;)
        obey(get());
}

static void fault_handler(void)
{
    print("fault\n");
    for (;;)
        ;
}

__attribute__((section(".vectors"), used)) static void *const vectors[48] = {
    [0] = &__stack_top, [1] = (void *)reset_handler,
    [2] = (void *)fault_handler, [3] = (void *)fault_handler,
    [16 + TIMER_LINE] = (void *)timer_handler
};
