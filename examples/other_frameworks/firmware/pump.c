/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A pump with a level from 0 to 9, for Arm's MPS2 boards: '+' and '-' on UART0
 * change it, and LED 0 is lit from 3 on.
 */
#include <stdint.h>

#define REG(address) (*(volatile uint32_t *)(address))

#define UART_DATA    REG(0x40004000)
#define UART_STATE   REG(0x40004004)
#define UART_CTRL    REG(0x40004008)
#define UART_BAUDDIV REG(0x40004010)
#define LEDS         REG(0x40028000)
enum { TX_FULL = 1, RX_FULL = 2 };

extern uint32_t __stack_top;

static void put(const char *text)
{
    for (; *text; text++) {
        while (UART_STATE & TX_FULL)
            ;
        UART_DATA = (uint8_t)*text;
    }
}

static char get(void)
{
    while (!(UART_STATE & RX_FULL))
        ;
    return (char)UART_DATA;
}

void reset_handler(void)
{
    char level = 0;

    UART_BAUDDIV = 217;
    UART_CTRL = 3;
    put("pump 1.0\n");
    for (;;) {
        char line[] = { 0, '\n', 0 };

        switch (get()) {
        case '+':
            level += level < 9;
            break;
        case '-':
            level -= level > 0;
            break;
        default:
            put("+ or -\n");
            continue;
        }
        LEDS = level >= 3;
        line[0] = (char)('0' + level);
        put("level ");
        put(line);
    }
}

__attribute__((section(".vectors"), used)) static void *const vectors[] = {
    &__stack_top, (void *)reset_handler
};
