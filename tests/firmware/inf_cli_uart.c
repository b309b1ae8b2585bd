/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Guest of the `fwsim infer` tests, for a chip that does not exist: a clock
 * that has to become ready, a serial port that sends by polling and receives
 * by interrupt. It says "hello" to a register, waits for its interrupts, and
 * counts what they deliver. With LED it drives one more register at the end.
 */
#include <stdint.h>

#define REG(addr) (*(volatile uint32_t *)(addr))

enum {
    CLOCK_CR = 0x40021000,
    UART_SR = 0x40004400,
    UART_DR = 0x40004404,
    UART_CR = 0x4000440c,
    LED_OUT = 0x40010c0c,
    NVIC_ISER1 = 0xe000e104
};
enum { CLOCK_ON = 1u << 16, CLOCK_READY = 1u << 17 };
enum { RXNE = 1u << 5, TXE = 1u << 7 };
enum { UART_ON = 1u << 13, RXNE_IE = 1u << 5 };
enum { UART_LINE = 38, WANTED = 3 };

volatile uint32_t received;
volatile uint8_t letters[WANTED];

void reset_handler(void);
extern uint32_t __stack_top;

static void hang(void)
{
    for (;;)
        ;
}

void uart_handler(void)
{
    if (REG(UART_SR) & RXNE) {
        letters[received % WANTED] = (uint8_t)REG(UART_DR);
        received++;
    }
}

/* tests/test_fw_cli_infer.c looks for this name. */
__attribute__((noinline)) void reached_the_end(void)
{
#ifdef LED
    REG(LED_OUT) = 1;
#endif
    for (;;)
        __asm__ volatile("wfi");
}

static void put(char c)
{
    while (!(REG(UART_SR) & TXE))
        ;
    REG(UART_DR) = (uint8_t)c;
}

void reset_handler(void)
{
    REG(CLOCK_CR) |= CLOCK_ON;
    while (!(REG(CLOCK_CR) & CLOCK_READY))
        ;
    REG(UART_CR) = UART_ON | RXNE_IE;
    for (const char *s = "hello"; *s; s++)
        put(*s);
    REG(NVIC_ISER1) = 1u << (UART_LINE - 32);
    while (received < WANTED)
        ;
    reached_the_end();
    hang();
}

__attribute__((section(".vectors"), used)) static const void *const vectors[] = {
    [0] = &__stack_top,
    [1] = (const void *)reset_handler,
    [2 ... 15] = (const void *)hang,
    [16 ... 16 + UART_LINE - 1] = (const void *)hang,
    [16 + UART_LINE] = (const void *)uart_handler,
    [16 + UART_LINE + 1 ... 63] = (const void *)hang,
};
