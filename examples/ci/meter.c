/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Firmware of a pulse counter on an MPS2 board, commanded over UART0:
 *
 *     p   a pulse
 *     v   the value
 *     n   the name
 *     i   a new name follows: "MTR1", the number of its bytes, the bytes
 */
#include <stdint.h>

#define REG(addr) (*(volatile uint32_t *)(addr))
#define DATA REG(0x40004000)
#define STATE REG(0x40004004)
#define CTRL REG(0x40004008)
#define BAUDDIV REG(0x40004010)
enum { TX_FULL = 1, RX_FULL = 2 };

static void put_char(char c)
{
    while (STATE & TX_FULL)
        ;
    DATA = (uint8_t)c;
}

static void put(const char *text)
{
    while (*text)
        put_char(*text++);
}

static uint8_t get(void)
{
    while (!(STATE & RX_FULL))
        ;
    return (uint8_t)DATA;
}

static void put_number(unsigned n)
{
    if (n >= 10)
        put_number(n / 10);
    put_char((char)('0' + n % 10));
}

static struct {
    char name[16];
    void (*changed)(void); /* called when the name is another one */
} settings;

static void tell_change(void)
{
    put("renamed\n");
}

#ifdef WITH_IMPORT
#define MAGIC 0x3152544du /* "MTR1" */

static uint32_t get_word(void)
{
    uint32_t word = 0;

    for (unsigned i = 0; i < 4; i++)
        word |= (uint32_t)get() << (8 * i);
    return word;
}

static void import_name(void)
{
    unsigned size;

    if (get_word() != MAGIC) {
        put("no name\n");
        return;
    }
    size = get();
    /* The bug: it has to be less than sizeof(settings.name). */
    if (size > sizeof(settings)) {
        put("too long\n");
        return;
    }
    for (unsigned i = 0; i < size; i++)
        settings.name[i] = (char)get();
    settings.name[size] = 0;
    settings.changed();
}
#endif

void reset_handler(void)
{
    unsigned pulses = 0;

    BAUDDIV = 16;
    CTRL = 3;
    settings.name[0] = '-';
    settings.name[1] = 0;
    settings.changed = tell_change;
    put("meter ready\n");
    for (;;) {
        switch (get()) {
        case 'p':
            pulses++;
            break;
        case 'v':
            put_number(pulses);
            put_char('\n');
            break;
        case 'n':
            put(settings.name);
            put_char('\n');
            break;
#ifdef WITH_IMPORT
        case 'i':
            import_name();
            break;
#endif
        default:
            put("?\n");
        }
    }
}

extern uint32_t __stack_top;

__attribute__((section(".vectors"), used)) static void *const vectors[] = {
    &__stack_top, (void *)reset_handler
};
