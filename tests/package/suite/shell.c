/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Firmware for the MPS2 boards: a prompt on UART0, one command, and a bug that
 * two keys in a row bring about.
 */
#include <stdint.h>

#define REG(addr) (*(volatile uint32_t *)(addr))
#define DATA REG(0x40004000)
#define STATE REG(0x40004004)
#define CTRL REG(0x40004008)
#define BAUDDIV REG(0x40004010)
enum { TX_FULL = 1, RX_FULL = 2 };

extern uint32_t __stack_top;

static void put(const char *text)
{
    for (; *text; text++) {
        while (STATE & TX_FULL)
            ;
        DATA = (uint8_t)*text;
    }
}

static char get(void)
{
    while (!(STATE & RX_FULL))
        ;
    return (char)DATA;
}

void reset_handler(void)
{
    unsigned count = 0;
    int armed = 0;

    BAUDDIV = 16;
    CTRL = 3;
    for (;;) {
        char key;

        put("> ");
        key = get();
        if (key == '!') {
            armed = 1;
        } else if (key == '?' && armed) {
            __asm__ volatile("udf #0");
        } else if (key == 'n') {
            char digit[] = { (char)('0' + ++count % 10), '\n', 0 };

            put(digit);
        } else {
            put("unknown\n");
        }
    }
}

__attribute__((section(".vectors"), used)) static void *const vectors[] = {
    &__stack_top, (void *)reset_handler
};
