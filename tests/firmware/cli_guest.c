/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Does what a byte on the serial line says: each way a run can end, for the
 * tests of the command line program. For the nRF51822 of bbc_microbit.
 *
 * Source: nRF51 Series Reference Manual 3.0, chapter 29 (UART); Arm
 * "Semihosting for AArch32 and AArch64", release 2.0.
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
#define AIRCR REG(0xe000ed0c)
/* Peripheral ID 27 is one that the nRF51822 does not have. */
#define NOBODY REG(0x4001b000)
#define NO_MEMORY REG(0x60000000)

enum {
    SYS_WRITE0 = 0x04,
    SYS_EXIT = 0x18,
    SYS_EXIT_EXTENDED = 0x20,
    ADP_STOPPED_APPLICATION_EXIT = 0x20026
};

extern uint32_t __stack_top;

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

static char get(void)
{
    while (!UART_RXDRDY)
        ;
    UART_RXDRDY = 0;
    return (char)UART_RXD;
}

static void semihosting(uint32_t operation, uintptr_t parameter)
{
    register uint32_t r0 __asm__("r0") = operation;
    register uintptr_t r1 __asm__("r1") = parameter;

    __asm__ volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
}

static void exit_with(uint32_t code)
{
    const uint32_t block[] = { ADP_STOPPED_APPLICATION_EXIT, code };

    semihosting(SYS_EXIT_EXTENDED, (uintptr_t)block);
}

__attribute__((noinline)) static void crash(void)
{
    NO_MEMORY;
}

static void obey(char c)
{
    switch (c) {
    case 'b':
        __asm__ volatile("bkpt 1");
        break;
    case 'c':
        crash();
        break;
    case 'h':
        semihosting(SYS_WRITE0, (uintptr_t)"by semihosting\n");
        break;
    case 'n':
        print("not UTF-8: \x80\xff\n");
        break;
    case 'r':
        AIRCR = 0x05fa0004;
        break;
    case 'u':
        NOBODY;
        print("nobody\n");
        break;
    case 'x':
        semihosting(SYS_EXIT, ADP_STOPPED_APPLICATION_EXIT);
        break;
    case 'y':
        exit_with(3);
        break;
    case 'z':
        __asm__ volatile("cpsid i\n wfi");
        break;
    default:
        print("heard ");
        put(c);
        put('\n');
    }
}

void reset_handler(void)
{
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
    print("handled\n");
    for (;;)
        ;
}

__attribute__((section(".vectors"), used)) static void *const vectors[16] = {
    [0] = &__stack_top, [1] = (void *)reset_handler,
    [2] = (void *)fault_handler, [3] = (void *)fault_handler
};
