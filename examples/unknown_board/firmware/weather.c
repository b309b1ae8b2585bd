/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Firmware of a weather station, for a chip that exists nowhere: a clock that
 * must lock, a UART, an ADC that needs time, and a timer that interrupts. Its
 * program knows nothing of fwsim, and fwsim knows nothing of the chip.
 */
#include <stdbool.h>
#include <stdint.h>

#define REG(address) (*(volatile uint32_t *)(address))

#define CLOCK_CTRL   REG(0x40010000)
#define CLOCK_STATUS REG(0x40010004)
#define UART_CTRL    REG(0x40024000)
#define UART_STATUS  REG(0x40024004)
#define UART_DATA    REG(0x40024008)
#define UART_BAUD    REG(0x4002400c)
#define ADC_CTRL     REG(0x40030000)
#define ADC_STATUS   REG(0x40030004)
#define ADC_RESULT   REG(0x40030008)
#define TIMER_CTRL   REG(0x40038000)
#define TIMER_FLAGS  REG(0x40038004)
#define TIMER_PERIOD REG(0x40038008)
#define NVIC_ISER0   REG(0xe000e100)

enum {
    CLOCK_ON = 1 << 0,
    CLOCK_LOCKED = 1 << 4,
    UART_ON = 1 << 0,
    UART_TX_READY = 1 << 7,
    ADC_ON = 1 << 0,
    ADC_START = 1 << 1,
    ADC_DONE = 1 << 2,
    TIMER_ON = 1 << 0,
    TIMER_TICK = 1 << 0,
    TIMER_LINE = 5,
    PATIENCE = 10000
};

static volatile unsigned ticks;
static uint16_t samples[8];

void timer_handler(void);
void reset_handler(void);

void timer_handler(void)
{
    if (TIMER_FLAGS & TIMER_TICK) {
        TIMER_FLAGS = TIMER_TICK;
        ticks++;
    }
}

static void uart_put(char c)
{
    while (!(UART_STATUS & UART_TX_READY))
        continue;
    UART_DATA = (uint32_t)c;
}

static void print(const char *text)
{
    while (*text)
        uart_put(*text++);
}

static void print_number(unsigned n)
{
    char digits[10];
    unsigned i = 0;

    do
        digits[i++] = (char)('0' + n % 10);
    while (n /= 10);
    while (i)
        uart_put(digits[--i]);
}

static bool clock_start(void)
{
    CLOCK_CTRL |= CLOCK_ON;
    for (unsigned i = 0; i < PATIENCE; i++) {
        if (CLOCK_STATUS & CLOCK_LOCKED)
            return true;
    }
    return false;
}

static bool adc_read(uint16_t *sample)
{
    ADC_CTRL |= ADC_START;
    for (unsigned i = 0; i < PATIENCE; i++) {
        if (ADC_STATUS & ADC_DONE) {
            *sample = ADC_RESULT & 0xfff;
            return true;
        }
    }
    return false;
}

static void stop(const char *why)
{
    print(why);
    for (;;)
        continue;
}

int main(void);

int main(void)
{
    if (!clock_start())
        stop("no clock\n");
    UART_BAUD = 48000000 / 115200;
    UART_CTRL |= UART_ON;
    ADC_CTRL |= ADC_ON;
    TIMER_PERIOD = 48000;
    TIMER_CTRL |= TIMER_ON;
    NVIC_ISER0 = 1u << TIMER_LINE;
    print("weather station\n");
    for (unsigned i = 0;; i++) {
        unsigned until = ticks + 1;

        while (ticks < until)
            continue;
        if (!adc_read(&samples[i % 8]))
            stop("no ADC\n");
        print("temperature ");
        print_number(samples[i % 8]);
        print("\n");
    }
}

/* ------------------------------------------------------------------ */
/* Start-up                                                             */
/* ------------------------------------------------------------------ */

extern uint32_t __bss_start, __bss_end, __stack_top; /* the linker script's */

void reset_handler(void)
{
    for (uint32_t *to = &__bss_start; to < &__bss_end;)
        *to++ = 0;
    main();
}

static void halt(void)
{
    for (;;)
        continue;
}

__attribute__((section(".vectors"), used)) static const void *const vectors[] = {
    &__stack_top, reset_handler, halt, halt, halt, halt, halt, 0, 0, 0, 0, halt,
    halt, 0, halt, halt, [16 + TIMER_LINE] = timer_handler,
};
